/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of actions and events, and adding an event to an outcome. */
#include "daemon/core/outcome.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const action_words[] = {
    [ACTION_NONE] = "none",           [ACTION_REJECT] = "reject",       [ACTION_REPEAT] = "repeat",
    [ACTION_RELEASE] = "release",     [ACTION_SIGN_IN] = "sign_in",     [ACTION_SIGN_OUT] = "sign_out",
    [ACTION_MODE] = "mode",           [ACTION_RECEIVE] = "receive",     [ACTION_RECEIVE_OPEN] = "receive_open",
    [ACTION_HOLD] = "hold",           [ACTION_DUPLICATE] = "duplicate", [ACTION_ALIAS] = "alias",
    [ACTION_OPEN] = "open",           [ACTION_DROP] = "drop",           [ACTION_CLOSE] = "close",
    [ACTION_IDENTIFY] = "identify",   [ACTION_SERIAL] = "serial",       [ACTION_GRADE] = "grade",
    [ACTION_DECIDE] = "decide",       [ACTION_CONFIRM] = "confirm",     [ACTION_REPRINT] = "reprint",
    [ACTION_UNDO] = "undo",           [ACTION_ASK] = "ask",             [ACTION_START] = "start",
    [ACTION_STOP] = "stop",           [ACTION_IMPORT] = "import",
    [ACTION_OVERRIDE] = "override",   [ACTION_REGRADE] = "regrade",     [ACTION_VOID] = "void",
    [ACTION_CORRECT] = "correct",     [ACTION_REPAIR] = "repair",       [ACTION_PUT_AWAY] = "put_away",
    [ACTION_TOTE] = "tote",           [ACTION_CLOSE_TOTE] = "close_tote", [ACTION_HAND_OVER] = "hand_over",
    [ACTION_PLACE] = "place",         [ACTION_DAMAGE] = "damage",       [ACTION_BLOCK] = "block",
    [ACTION_REFUSE] = "refuse",       [ACTION_RELEASE_HOLD] = "release_hold", [ACTION_LINK] = "link",
    [ACTION_EMPTY] = "empty",         [ACTION_LINE] = "line",           [ACTION_REOPEN] = "reopen",
    [ACTION_BATCH] = "batch",         [ACTION_BATCH_ADD] = "batch_add", [ACTION_SEAL] = "seal",
    [ACTION_DESTROY] = "destroy",
    [ACTION_ANSWER] = "answer",
    [ACTION_DIGIT] = "digit",         [ACTION_LIKE] = "like", [ACTION_COUNT_PIECES] = "count",
    [ACTION_ERP] = "erp",             [ACTION_RELABEL] = "relabel",     [ACTION_DEVICE] = "device",
    [ACTION_LOAD_OPEN] = "load_open", [ACTION_LOAD_CLOSE] = "load_close",
    [ACTION_PHOTO] = "photo",         [ACTION_CARRIER] = "carrier",
    [ACTION_TRAINING] = "training",
};
_Static_assert(COUNT_OF(action_words) == ACTION_COUNT, "every action has a word");
const struct names action_names = {action_words, ACTION_COUNT};

static const struct {
    const char *name;
    bool correctable;
} event_info[EVENT_TYPE_COUNT] = {
    [EVENT_STATION_STARTED] = {"station.started", false},
    [EVENT_STATION_STOPPED] = {"station.stopped", false},
    [EVENT_OPERATOR_SIGNED_IN] = {"operator.signed_in", false},
    [EVENT_OPERATOR_SIGNED_OUT] = {"operator.signed_out", false},
    [EVENT_SCAN_REJECTED] = {"scan.rejected", false},
    [EVENT_SCAN_DUPLICATE] = {"scan.duplicate", false},
    [EVENT_PARCEL_RECEIVED] = {"parcel.received", true},
    [EVENT_PARCEL_UNKNOWN] = {"parcel.unknown", false},
    [EVENT_PARCEL_OPENED] = {"parcel.opened", false},
    [EVENT_PARCEL_CLOSED] = {"parcel.closed", true},
    [EVENT_PARCEL_HELD] = {"parcel.held", false},
    [EVENT_PARCEL_LINKED] = {"parcel.linked", true},
    [EVENT_PARCEL_DAMAGED] = {"parcel.damaged", true},
    [EVENT_PARCEL_REFUSED] = {"parcel.refused", true},
    [EVENT_PARCEL_EMPTY] = {"parcel.empty", false},
    [EVENT_PARCEL_REOPENED] = {"parcel.reopened", false},
    [EVENT_LINE_SHORT] = {"line.short", true},
    [EVENT_LINE_MISSING] = {"line.missing", true},
    [EVENT_EXCEPTION_RESOLVED] = {"exception.resolved", false},
    [EVENT_LPN_ASSIGNED] = {"lpn.assigned", false},
    [EVENT_UNIT_IDENTIFIED] = {"unit.identified", true},
    [EVENT_UNIT_UNEXPECTED] = {"unit.unexpected", true},
    [EVENT_UNIT_OVERAGE] = {"unit.overage", false},
    [EVENT_UNIT_SERIAL_CHECKED] = {"unit.serial_checked", false},
    [EVENT_UNIT_SERIAL_MISMATCH] = {"unit.serial_mismatch", false},
    [EVENT_UNIT_INSPECTED] = {"unit.inspected", true},
    [EVENT_UNIT_DISPOSITION_DECIDED] = {"unit.disposition_decided", true},
    [EVENT_UNIT_DISPOSITION_OVERRIDDEN] = {"unit.disposition_overridden", true},
    [EVENT_UNIT_REGRADED] = {"unit.regraded", false},
    [EVENT_UNIT_REPAIRED] = {"unit.repaired", true},
    [EVENT_CONTAINER_UNIT_ADDED] = {"container.unit_added", true},
    [EVENT_CONTAINER_UNIT_REMOVED] = {"container.unit_removed", false},
    [EVENT_CONTAINER_CLOSED] = {"container.closed", false},
    [EVENT_CONTAINER_HANDED_OVER] = {"container.handed_over", false},
    [EVENT_UNIT_DESTROYED] = {"unit.destroyed", false},
    [EVENT_DESTRUCTION_SEALED] = {"destruction.batch_sealed", false},
    [EVENT_DESTRUCTION_CLOSED] = {"destruction.batch_closed", false},
    [EVENT_UNIT_PUTAWAY] = {"unit.putaway", true},
    [EVENT_UNIT_UNIDENTIFIED] = {"unit.unidentified", false},
    [EVENT_UNIT_LABEL_CONFIRMED] = {"unit.label_confirmed", true},
    [EVENT_STOCK_DELTA] = {"stock.delta", false},
    [EVENT_OUTCOME_RECOMMENDED] = {"outcome.recommended", false},
    [EVENT_RMA_COMPLETED] = {"rma.completed", true},
    [EVENT_EXCEPTION_OPENED] = {"exception.opened", false},
    [EVENT_SCANNER_ATTACHED] = {"scanner.attached", false},
    [EVENT_SCANNER_DETACHED] = {"scanner.detached", false},
    [EVENT_SCANNER_MISREAD] = {"scanner.misread", false},
    [EVENT_PRINTER_FAULT] = {"printer.fault", false},
    [EVENT_PRINTER_OK] = {"printer.ok", false},
    [EVENT_CUSTOMS_EVIDENCE] = {"customs.evidence", false},
    [EVENT_STATION_RESTORED] = {"station.restored", false},
    [EVENT_PARCEL_VERIFIED] = {"parcel.verified", false},
    [EVENT_UNIT_MATCHED] = {"unit.matched", false},
    [EVENT_SHIFT_REPORT] = {"shift.report", false},
    [EVENT_LOAD_OPENED] = {"load.opened", true},
    [EVENT_LOAD_CLOSED] = {"load.closed", true},
    [EVENT_UNIT_PHOTOGRAPHED] = {"unit.photographed", true},
    [EVENT_PARCEL_PHOTOGRAPHED] = {"parcel.photographed", true},
};

static const char *const pending_words[] = {[PENDING_NONE] = "none",
                                            [PENDING_SECOND_BOX] = "second_box",
                                            [PENDING_ALIAS] = "alias",
                                            [PENDING_LEAD] = "lead",
                                            [PENDING_BADGE] = "badge",
                                            [PENDING_UNIT] = "unit",
                                            [PENDING_OTHER] = "other",
                                            [PENDING_TOTE] = "tote",
                                            [PENDING_CONTAINER] = "container",
                                            [PENDING_TRUCK] = "truck",
                                            [PENDING_RECEIVER] = "receiver",
                                            [PENDING_HELD] = "held",
                                            [PENDING_HOLD] = "hold",
                                            [PENDING_RELEASE] = "release",
                                            [PENDING_LINK] = "link",
                                            [PENDING_LINE] = "line",
                                            [PENDING_REOPEN] = "reopen",
                                            [PENDING_LINK_ITEM] = "link_item",
                                            [PENDING_SEAL_REASON] = "seal_reason",
                                            [PENDING_SEAL_ROUTE] = "seal_route",
                                            [PENDING_SEAL_WEIGHT] = "seal_weight",
                                            [PENDING_SEAL_BADGE] = "seal_badge",
                                            [PENDING_DESTROYED] = "destroyed",
                                            [PENDING_OVERAGE] = "overage",
                                            [PENDING_UNEXPECTED] = "unexpected",
                                            [PENDING_LOGOUT] = "logout",
                                            [PENDING_INFO] = "info"};
_Static_assert(COUNT_OF(pending_words) == PENDING_COUNT, "pending_words");
const struct names pending_names = {pending_words, PENDING_COUNT};

static const char *const counting_words[] = {
    [COUNTING_NOT] = "not", [COUNTING_SCANS] = "scans", [COUNTING_DIGITS] = "digits"};
_Static_assert(COUNT_OF(counting_words) == COUNTING_COUNT, "counting_words");
const struct names counting_names = {counting_words, COUNTING_COUNT};

static const char *const line_fate_words[] = {
    [LINE_SHORT] = "short", [LINE_MISSING] = "missing", [LINE_AWAITED] = "awaited"};
_Static_assert(COUNT_OF(line_fate_words) == LINE_FATE_COUNT, "line_fate_words");
const struct names line_fate_names = {line_fate_words, LINE_FATE_COUNT};

enum about pending_about(enum pending pending)
{
    static const enum about table[PENDING_COUNT] = {
        [PENDING_SECOND_BOX] = ABOUT_RMA,     [PENDING_ALIAS] = ABOUT_RMA,       [PENDING_UNIT] = ABOUT_UNIT,
        [PENDING_HELD] = ABOUT_PARCEL,        [PENDING_HOLD] = ABOUT_PARCEL,     [PENDING_RELEASE] = ABOUT_PARCEL,
        [PENDING_LINK] = ABOUT_PARCEL,        [PENDING_DESTROYED] = ABOUT_BATCH, [PENDING_CONTAINER] = ABOUT_CONTAINER,
        [PENDING_RECEIVER] = ABOUT_CONTAINER,
    };
    return table[pending];
}

bool action_undoable(enum action action)
{
    static const bool undoable[ACTION_COUNT] = {
        [ACTION_RECEIVE] = true, [ACTION_RECEIVE_OPEN] = true, [ACTION_OPEN] = true,   [ACTION_CLOSE] = true,
        [ACTION_IDENTIFY] = true, [ACTION_SERIAL] = true,      [ACTION_GRADE] = true, [ACTION_DECIDE] = true,
        [ACTION_CONFIRM] = true, [ACTION_OVERRIDE] = true,     [ACTION_REGRADE] = true, [ACTION_REPAIR] = true,
        [ACTION_PUT_AWAY] = true, [ACTION_DAMAGE] = true,      [ACTION_REFUSE] = true,  [ACTION_LINK] = true,
        [ACTION_LINE] = true,    [ACTION_ANSWER] = true,       [ACTION_BATCH_ADD] = true,
        [ACTION_BLOCK] = true,   [ACTION_EMPTY] = true,        [ACTION_VOID] = true,    [ACTION_CORRECT] = true,
        [ACTION_COUNT_PIECES] = true,
        [ACTION_ERP] = true, /* on no lane: so it is never undone, and nothing before it either */
        [ACTION_LOAD_OPEN] = true, [ACTION_LOAD_CLOSE] = true,   [ACTION_PHOTO] = true,
    };
    return undoable[action];
}

const char *event_name(enum event_type type)
{
    return event_info[type].name;
}

bool event_find(const char *name, enum event_type *ret_type)
{
    for (int i = 0; i < EVENT_TYPE_COUNT; i++) {
        if (strcmp(event_info[i].name, name) == 0) {
            *ret_type = (enum event_type)i;
            return true;
        }
    }
    return false;
}

bool event_correctable(enum event_type type)
{
    return event_info[type].correctable;
}

void outcome_begin(struct outcome *ret_outcome)
{
    memset(ret_outcome, 0, offsetof(struct outcome, events));
}

struct event *outcome_event(struct outcome *outcome, enum event_type type)
{
    assert(outcome->event_count < OUTCOME_EVENTS_MAX);
    struct event *event = &outcome->events[outcome->event_count++];
    *event = (struct event){.type = type};
    return event;
}

/* ---- many units alike ---- */

/* What each unit of a bulk tells, in this order. */
static const struct {
    size_t count;
    enum event_type events[2];
} bulk_events[BULK_KIND_COUNT] = {
    [BULK_NONE] = {0},
    [BULK_BATCH] = {0},
    [BULK_LEAVE] = {1, {EVENT_STOCK_DELTA}},
    [BULK_DESTROY] = {2, {EVENT_UNIT_DESTROYED, EVENT_STOCK_DELTA}},
};

size_t outcome_event_count(const struct outcome *outcome)
{
    return outcome->event_count + outcome->bulk.count * bulk_events[outcome->bulk.kind].count;
}

void outcome_bulk_unit(const struct outcome *outcome, size_t index, struct unit *ret_unit)
{
    const struct bulk *bulk = &outcome->bulk;
    *ret_unit = bulk->units[index];
    if (bulk->kind == BULK_BATCH) {
        ret_unit->batch_id = bulk->batch_id;
        return;
    }
    ret_unit->state = bulk->to;
    ret_unit->status = STOCK_NONE;
    ret_unit->stock_moves++;
}

void outcome_event_at(const struct outcome *outcome, size_t index, struct event *ret_event)
{
    if (index < outcome->event_count) {
        *ret_event = outcome->events[index];
        return;
    }
    const struct bulk *bulk = &outcome->bulk;
    size_t each = bulk_events[bulk->kind].count, place = index - outcome->event_count;
    const struct unit *before = &bulk->units[place / each];
    *ret_event = (struct event){.type = bulk_events[bulk->kind].events[place % each], .has_unit = true};
    outcome_bulk_unit(outcome, place / each, &ret_event->unit);
    ret_event->batch = outcome->batch;
    ret_event->stock.from.status = before->status;
    TEXT_COPY(ret_event->stock.from.location, before->location);
    TEXT_COPY(ret_event->stock.from.container, before->container);
    ret_event->stock.cause = bulk->cause;
    TEXT_FORMAT(ret_event->stock.key, "%s/%lld", before->key_lpn, (long long)ret_event->unit.stock_moves);
}

void parcel_facts_done(struct parcel_facts *facts)
{
    for (size_t i = 0; i < facts->rma_count; i++)
        rma_done(&facts->rmas[i]);
    free(facts->rmas);
    *facts = (struct parcel_facts){0};
}

void facts_done(struct facts *facts)
{
    parcel_facts_done(&facts->hand_parcel);
    parcel_facts_done(&facts->unit_parcel);
    parcel_facts_done(&facts->asked_parcel);
    parcel_facts_done(&facts->scanned.parcel);
    rma_done(&facts->scanned.rma);
    rma_done(&facts->scanned.other);
    free(facts->contents);
    free(facts->photos);
}
