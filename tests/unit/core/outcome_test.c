/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core/outcome.h"

#include "base/memory.h"
#include "daemon/core/facts.h"
#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

static void every_event_has_a_name_that_leads_back(void)
{
    for (int i = 0; i < EVENT_TYPE_COUNT; i++) {
        enum event_type type;
        CU_ASSERT_PTR_NOT_NULL_FATAL(event_name((enum event_type)i));
        CU_ASSERT_TRUE(event_find(event_name((enum event_type)i), &type));
        CU_ASSERT_EQUAL(type, (enum event_type)i);
    }
    enum event_type type = EVENT_TYPE_COUNT;
    CU_ASSERT_FALSE(event_find("unit.identified.corrected", &type));
    CU_ASSERT_EQUAL(type, EVENT_TYPE_COUNT);
}

/* 15-data §2, of the events that this version tells; and a load opened or closed, or a photo taken, by mistake. */
static void the_correctable_events_are_those_of_the_contract(void)
{
    static const char *const correctable[] = {"parcel.received",
                                              "parcel.closed",
                                              "unit.identified",
                                              "unit.unexpected",
                                              "unit.inspected",
                                              "unit.disposition_decided",
                                              "unit.disposition_overridden",
                                              "unit.repaired",
                                              "container.unit_added",
                                              "unit.putaway",
                                              "parcel.linked",
                                              "parcel.damaged",
                                              "parcel.refused",
                                              "line.short",
                                              "line.missing",
                                              "unit.label_confirmed",
                                              "rma.completed",
                                              "load.opened",
                                              "load.closed",
                                              "unit.photographed",
                                              "parcel.photographed"};
    size_t count = 0;
    for (int i = 0; i < EVENT_TYPE_COUNT; i++)
        count += event_correctable((enum event_type)i);
    CU_ASSERT_EQUAL(count, COUNT_OF(correctable));
    for (size_t i = 0; i < COUNT_OF(correctable); i++) {
        enum event_type type;
        CU_ASSERT_TRUE_FATAL(event_find(correctable[i], &type));
        CU_ASSERT_TRUE(event_correctable(type));
    }
}

static void only_steps_that_write_can_be_undone(void)
{
    static const enum action undoable[] = {ACTION_RECEIVE, ACTION_RECEIVE_OPEN, ACTION_OPEN,
                                           ACTION_CLOSE,   ACTION_IDENTIFY,     ACTION_SERIAL,
                                           ACTION_GRADE,   ACTION_DECIDE,       ACTION_CONFIRM,
                                           ACTION_OVERRIDE, ACTION_REGRADE,     ACTION_REPAIR,
                                           ACTION_PUT_AWAY, ACTION_DAMAGE,      ACTION_REFUSE,
                                           ACTION_LINK,    ACTION_LINE,         ACTION_ANSWER,
                                           ACTION_BATCH_ADD, ACTION_BLOCK,      ACTION_EMPTY,
                                           ACTION_VOID,    ACTION_CORRECT,      ACTION_COUNT_PIECES,
                                           ACTION_ERP, ACTION_LOAD_OPEN, ACTION_LOAD_CLOSE,
                                           ACTION_PHOTO};
    size_t count = 0;
    for (int i = 0; i < ACTION_COUNT; i++)
        count += action_undoable((enum action)i);
    CU_ASSERT_EQUAL(count, COUNT_OF(undoable));
    for (size_t i = 0; i < COUNT_OF(undoable); i++)
        CU_ASSERT_TRUE(action_undoable(undoable[i]));
}

static void an_event_starts_empty(void)
{
    struct outcome *outcome = memory_new(1, sizeof *outcome);
    memset(outcome->events, 0x55, sizeof outcome->events);
    for (int i = 0; i < OUTCOME_EVENTS_MAX; i++) {
        struct event *event = outcome_event(outcome, EVENT_STOCK_DELTA);
        CU_ASSERT_EQUAL(event->type, EVENT_STOCK_DELTA);
        CU_ASSERT_EQUAL(event->corrects, 0);
        CU_ASSERT_STRING_EQUAL(event->text, "");
        CU_ASSERT_PTR_NULL(event->rma);
    }
    CU_ASSERT_EQUAL(outcome->event_count, OUTCOME_EVENTS_MAX);
    free(outcome);
}

SUITE("core/outcome", {"every event has a name that leads back", every_event_has_a_name_that_leads_back},
      {"the correctable events are those of the contract", the_correctable_events_are_those_of_the_contract},
      {"only steps that write can be undone", only_steps_that_write_can_be_undone},
      {"an event starts empty", an_event_starts_empty})
