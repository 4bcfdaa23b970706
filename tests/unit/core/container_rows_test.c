/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

/* A labelled unit on a lane that has no place of its own: it waits for one. */
static void label_one(struct scene *s)
{
    scene_begin(s);
    s->rules.location[0] = '\0';
    scene_decide(s);
    scene_label(s, 1);
    CU_ASSERT_EQUAL_FATAL(s->unit.state, UNIT_LABELLED);
}

static void open_tote(struct scene *s)
{
    CHECK_ROW(scene_command(s, VERB_TOTE), "tote");
    CHECK_ANSWER(scene_container(s, "T1"), SIGNAL_OK, MESSAGE_CONTAINER_TAKEN);
    CU_ASSERT_EQUAL_FATAL(s->after.container_id, 5);
}

static void a_tote_takes_what_is_labelled_with_no_scan_more(void)
{
    struct scene s;
    scene_begin(&s);
    open_tote(&s);
    scene_decide(&s);
    const struct outcome *out = scene_label(&s, 1);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_CONFIRMED);
    CU_ASSERT_STRING_EQUAL(scene_told(out),
                           "unit.label_confirmed stock.delta container.unit_added outcome.recommended");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    CU_ASSERT_STRING_EQUAL(s.unit.container, "T1");
    CU_ASSERT_EQUAL(s.tote.disposition, DISPOSITION_RESELL);
}

static void a_container_takes_the_unit_that_waits(void)
{
    struct scene s;
    label_one(&s);
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_ATTENTION, MESSAGE_CONTAINER_UNKNOWN);
    open_tote(&s);
    const struct outcome *out = scene_container(&s, "T1");
    CHECK_ROW(out, "into a container");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.putaway stock.delta container.unit_added");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    CU_ASSERT_STRING_EQUAL(s.unit.container, "T1");
}

static void one_disposition_and_one_owner_a_container(void)
{
    struct scene s;
    label_one(&s);
    s.tote = (struct container){.container_id = 5, .code = "T1", .disposition = DISPOSITION_RECYCLE, .owner = "main",
                                .units = 3};
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_ATTENTION, MESSAGE_CONTAINER_OTHER);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.tote = (struct container){.container_id = 5, .code = "T1", .disposition = DISPOSITION_RESELL, .owner = "other",
                                .units = 3};
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_ATTENTION, MESSAGE_CONTAINER_OTHER);
    s.tote.state = CONTAINER_CLOSED;
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_ATTENTION, MESSAGE_CONTAINER_CLOSED);
}

static void a_location_takes_the_unit_that_waits_and_the_next_ones(void)
{
    struct scene s;
    label_one(&s);
    const struct outcome *out = scene_of_class(&s, CANDIDATE_LOCATION, "B-07");
    CHECK_ROW(out, "to a location");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.putaway stock.delta");
    CU_ASSERT_STRING_EQUAL(out->events[0].unit.location, "B-07");
    CU_ASSERT_STRING_EQUAL(out->events[1].stock.from.location, ""); /* labelled, it had no place yet */
    CU_ASSERT_STRING_EQUAL(out->events[1].stock.to.location, "B-07");
    CU_ASSERT_STRING_EQUAL(s.unit.location, "B-07");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    CHECK_ROW(scene_of_class(&s, CANDIDATE_LOCATION, "C-01"), "location");
    CU_ASSERT_STRING_EQUAL(s.after.location, "C-01");
}

static void a_closed_container_is_handed_over_with_all_that_is_in_it(void)
{
    struct scene s;
    label_one(&s);
    open_tote(&s);
    scene_container(&s, "T1");
    CHECK_ROW(scene_command(&s, VERB_TRUCK), "hand over");
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_ATTENTION, MESSAGE_CONTAINER_CLOSE_FIRST);
    CHECK_ROW(scene_container(&s, "T1"), "container");
    const struct outcome *out = scene_command(&s, VERB_CLOSE);
    CHECK_ROW(out, "close this container");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "container.closed");
    CU_ASSERT_EQUAL(s.after.container_id, 0);
    scene_container(&s, "T1");
    CHECK_ROW(scene_command(&s, VERB_TRUCK), "hand over what");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_CONTAINER_RECEIVER);
    out = scene_text(&s, "Carrier 7");
    CHECK_ROW(out, "handed over");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_CONTAINER_HANDED_OVER);
    CU_ASSERT_STRING_EQUAL(out->container.receiver, "Carrier 7");
    CU_ASSERT_EQUAL_FATAL(outcome_event_count(out), 2);
    struct event stock;
    outcome_event_at(out, 1, &stock);
    CU_ASSERT_EQUAL(stock.type, EVENT_STOCK_DELTA);
    CU_ASSERT_STRING_EQUAL(stock.stock.from.container, "T1");
    CU_ASSERT_EQUAL(stock.stock.to.status, STOCK_NONE);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_RELEASED);
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_INFO, MESSAGE_CONTAINER_GONE);
}

static void the_receiver_may_be_a_place_or_nobody(void)
{
    for (int named = 0; named < 2; named++) {
        struct scene s;
        label_one(&s);
        open_tote(&s);
        scene_container(&s, "T1");
        s.tote.state = CONTAINER_CLOSED;
        scene_command(&s, VERB_TRUCK);
        CHECK_ROW(scene_container(&s, "T1"), "hand over this");
        const struct outcome *out =
            named ? scene_of_class(&s, CANDIDATE_LOCATION, "DOOR-3") : scene_command(&s, VERB_OK);
        CHECK_ROW(out, named ? "handed over at a place" : "handed over, receiver not said");
        CU_ASSERT_STRING_EQUAL(out->container.receiver, named ? "DOOR-3" : "");
    }
}

/* What the ERP says of a code holds for the first unit already, in a tote and at a location by the same rule. */
static void a_place_of_the_erp_takes_what_it_is_for(void)
{
    static const struct {
        struct place place;
        bool takes;
    } cases[] = {
        {{.kind = PLACE_CONTAINER}, true},
        {{.disposition = DISPOSITION_RESELL}, true},
        {{.disposition = DISPOSITION_RESELL, .owner = "main"}, true},
        {{.disposition = DISPOSITION_RECYCLE}, false},
        {{.owner = "other"}, false},
        {{.disposition = DISPOSITION_RESELL, .owner = "other"}, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        struct scene s;
        label_one(&s);
        bool is_tote = i % 2 == 0;
        s.tote = (struct container){.container_id = 5, .code = "T1", .place = cases[i / 2].place};
        if (is_tote)
            scene_container(&s, "T1");
        else
            (s.found.place = cases[i / 2].place, s.found.place.kind = PLACE_LOCATION,
             scene_of_class(&s, CANDIDATE_LOCATION, "B-02"));
        CHECK_ROW(&s.out, is_tote ? "into a container" : "to a location");
        if (cases[i / 2].takes) {
            CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
            continue;
        }
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_CONTAINER_OTHER);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
        CU_ASSERT_STRING_EQUAL(s.after.location, ""); /* nor do the next ones go there */
        CU_ASSERT_EQUAL(s.after.container_id, 0);
    }
}

static void a_shelf_is_no_tote_and_a_tote_no_shelf(void)
{
    struct scene s;
    label_one(&s);
    s.found.place.kind = PLACE_CONTAINER;
    CHECK_ROW(scene_of_class(&s, CANDIDATE_LOCATION, "T-9"), "no location but a container");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PLACE_NO_LOCATION);
    for (enum place_kind kind = PLACE_LOCATION; kind <= PLACE_LANE; kind += PLACE_LANE - PLACE_LOCATION) {
        scene_command(&s, VERB_TOTE);
        s.found.place.kind = kind;
        CHECK_ROW(scene_container(&s, "R-01"), "no container but a location");
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PLACE_NO_CONTAINER);
        CU_ASSERT_EQUAL(s.out.container.container_id, 0);
    }
    s.tote = (struct container){.container_id = 5, .code = "R-01"}; /* it was opened before the ERP said so */
    s.found.place.kind = PLACE_LOCATION;
    CHECK_ROW(scene_container(&s, "R-01"), "no container but a location");
    s.facts.session.last_unit_id = 0;
    s.found.place.kind = PLACE_LOCATION;
    CHECK_ROW(scene_container(&s, "R-01"), "container"); /* so that it can be closed */
}

static void an_empty_tote_is_not_closed(void)
{
    struct scene s;
    scene_begin(&s);
    open_tote(&s);
    CHECK_ROW(scene_command(&s, VERB_CLOSE), "close the tote");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_CONTAINER_EMPTY);
}

static void every_row_was_reached(void)
{
    struct scene s;
    scene_begin(&s);
    scene_command(&s, VERB_TOTE);
    CHECK_ROW(scene_container(&s, "T1"), "this tote");
    CHECK_ROW(scene_container(&s, "T2"), "unknown container");
    scene_check_reached(container_rows, container_row_count);
}

SUITE("core/container_rows", {"a tote takes what is labelled", a_tote_takes_what_is_labelled_with_no_scan_more},
      {"a container takes the unit that waits", a_container_takes_the_unit_that_waits},
      {"one disposition and one owner", one_disposition_and_one_owner_a_container},
      {"a location takes the unit that waits", a_location_takes_the_unit_that_waits_and_the_next_ones},
      {"a closed container is handed over", a_closed_container_is_handed_over_with_all_that_is_in_it},
      {"the receiver may be a place or nobody", the_receiver_may_be_a_place_or_nobody},
      {"a place of the ERP takes what it is for", a_place_of_the_erp_takes_what_it_is_for},
      {"a shelf is no tote, and a tote no shelf", a_shelf_is_no_tote_and_a_tote_no_shelf},
      {"an empty tote is not closed", an_empty_tote_is_not_closed}, {"every row was reached", every_row_was_reached})
