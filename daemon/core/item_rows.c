/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the item: what comes out of a parcel becomes a unit, on its line or blind; then its serial (10-domain §5.3).
 */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

#include <string.h>

static bool fits_open_line(const struct turn *turn)
{
    return turn->item_line != NULL && !turn->item_full;
}

static bool fits_full_line(const struct turn *turn)
{
    return turn->item_line != NULL;
}

void fill_from_line(struct unit *unit, const struct rma *rma, const struct rma_line *line)
{
    unit->title = line->title;
    TEXT_COPY(unit->rma, rma->rma);
    TEXT_COPY(unit->line, line->line);
    TEXT_COPY(unit->owner, rma->owner);
    TEXT_COPY(unit->sku, line->sku);
    TEXT_COPY(unit->gtin, line->gtin);
    TEXT_COPY(unit->reason_declared, line->reason);
    TEXT_COPY(unit->reason_found, line->reason);
}

/* A new unit in the lane's hand, with its LPN; on the line that the item fits, or blind. */
static void begin_unit(struct turn *turn)
{
    static const struct candidate no_item = {0};
    const struct candidate *item = turn->item != NULL ? turn->item : &no_item;
    const struct product *product = &turn->facts->scanned.product;
    struct unit *unit = &turn->unit;
    *unit = (struct unit){.unit_id = turn->facts->next_unit_id, .state = UNIT_IDENTIFIED,
                          .qty = turn_pieces(turn)};
    unit->parcel_id = turn->parcel.parcel_id;
    unit->identified_at = turn->facts->when.now;
    if (turn->item_line != NULL)
        fill_from_line(unit, turn->item_rma, turn->item_line);
    else
        TEXT_COPY(unit->owner, product->owner);
    if (unit->sku[0] == '\0')
        TEXT_COPY(unit->sku, product->sku);
    if (unit->gtin[0] == '\0')
        TEXT_COPY(unit->gtin, product->gtin[0] != '\0' ? product->gtin : item->gtin);
    TEXT_COPY(unit->lot, item->lot);
    TEXT_COPY(unit->expiry, item->expiry);
    turn->session->unit_id = unit->unit_id;
    turn->parcel.open_units++;
    turn_new_lpn(turn);
}

/* ---- serials ---- */

static const char *serial_of(const struct turn *turn)
{
    const struct candidate *item = turn->item;
    if (item == NULL)
        return "";
    if (item->serial[0] != '\0' || turn->item_line == NULL)
        return item->serial;
    bool is_sku = text_equal(item->value, turn->item_line->sku) || turn->facts->scanned.product.sku[0] != '\0';
    return item->class == CANDIDATE_TEXT && !is_sku ? item->value : "";
}

/* Says honestly what is known of a serial: shipped, list not known (stored, unchecked), not shipped, already here. */
static const char *serial_result(const struct turn *turn, const char *serial)
{
    const struct rma_line *line = turn_line(turn);
    if (turn->facts->scanned.serial_seen)
        return "already_returned";
    if (line == NULL || !line->serials_known)
        return "not_known";
    return line_has_serial(line, serial) ? "ok" : "not_shipped";
}

static enum message_key check_serial(struct turn *turn, const char *serial)
{
    const char *result = serial_result(turn, serial);
    bool mismatch = text_equal(result, "not_shipped") || text_equal(result, "already_returned");
    TEXT_COPY(turn->unit.serial, serial);
    if (mismatch && turn->unit.problem[0] == '\0') /* what is one too many stays that */
        TEXT_COPY(turn->unit.problem, "serial_mismatch");
    struct event *event = unit_event(turn, mismatch ? EVENT_UNIT_SERIAL_MISMATCH : EVENT_UNIT_SERIAL_CHECKED);
    TEXT_COPY(event->text, result);
    if (!mismatch)
        return MESSAGE_UNIT_SERIAL_OK;
    return turn->facts->scanned.serial_seen ? MESSAGE_UNIT_ALREADY_RETURNED : MESSAGE_UNIT_SERIAL_MISMATCH;
}

static void take_serial(struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    const char *serial = scanned->candidates[scanned->count - 1].value;
    for (size_t i = 0; i < scanned->count; i++)
        if (scanned->candidates[i].serial[0] != '\0')
            serial = scanned->candidates[i].serial;
    char copy[sizeof turn->unit.serial];
    if (!TEXT_COPY(copy, serial)) {
        refuse(turn, message_number(message_number(message_of(MESSAGE_TOO_LONG), 0, (int64_t)strlen(serial)), 1,
                                    (int64_t)sizeof copy - 1));
        return;
    }
    turn->unit.state = UNIT_INSPECTING;
    enum message_key checked = check_serial(turn, copy);
    answer(turn, ACTION_SERIAL, checked == MESSAGE_UNIT_SERIAL_OK ? SIGNAL_OK : SIGNAL_ATTENTION,
           message_text(message_of(checked), 0, copy));
    turn->out->unit = turn->unit;
}

/* ---- what was expected ---- */

struct event *tell_identified(struct turn *turn, int64_t received, int64_t expected)
{
    struct event *event = unit_event(turn, EVENT_UNIT_IDENTIFIED);
    event->received = received;
    event->expected = expected;
    return event;
}

void identify(struct turn *turn)
{
    const struct rma_line *line = turn->item_line;
    const char *serial = serial_of(turn);
    begin_unit(turn);
    struct event *event = tell_identified(turn, line_others(line, NULL) + turn->unit.qty, line->qty);
    TEXT_COPY(event->text, turn->facts->scanned.code);
    struct message message = message_text(message_of(MESSAGE_UNIT_IDENTIFIED), 0, turn->unit.sku);
    message = message_number(message_number(message, 1, event->received), 2, event->expected);
    answer(turn, ACTION_IDENTIFY, SIGNAL_OK, message);
    if (serial[0] != '\0') {
        enum message_key checked = check_serial(turn, serial);
        if (checked != MESSAGE_UNIT_SERIAL_OK)
            answer(turn, ACTION_IDENTIFY, SIGNAL_ATTENTION, message_text(message_of(checked), 0, serial));
    }
    turn->out->unit = turn->unit;
    inspect_like(turn);
}

/* ---- what was not: the same scan again takes it, for a person to decide ---- */

static void ask_again(struct turn *turn, enum pending pending, struct message message)
{
    turn->session->pending = pending;
    turn->session->pending_tick = turn->facts->when.tick;
    TEXT_COPY(turn->session->pending_code, turn->facts->scanned.code);
    answer(turn, ACTION_ASK, SIGNAL_ATTENTION, message);
}

bool same_again(const struct turn *turn)
{
    return text_equal(turn->facts->session.pending_code, turn->facts->scanned.code);
}

/* ---- an item that was scanned before and waits for its label ---- */

/* It is that one again: by its serial, or because its lines have no piece left that could be another. */
static bool is_waiting(const struct turn *turn)
{
    const struct unit *waiting = &turn->facts->waiting_unit.unit;
    if (waiting->unit_id == 0)
        return false;
    bool by_serial = waiting->serial[0] != '\0' && serial_of(turn)[0] != '\0';
    return by_serial ? text_equal(waiting->serial, serial_of(turn)) : !fits_open_line(turn);
}

static void take_up(struct turn *turn)
{
    turn->unit = turn->facts->waiting_unit.unit;
    turn->session->unit_id = turn->unit.unit_id;
    struct message message = message_text(message_of(MESSAGE_UNIT_WAITS), 0, turn->unit.sku);
    answer(turn, ACTION_ASK, SIGNAL_INFO, message_text(message, 1, turn->unit.lpn));
}

/* The lane may put labels off. */
static bool may_wait(const struct turn *turn)
{
    return fits_open_line(turn) && turn->item_rivals <= 1 &&
           turn->parcel.open_units < turn->facts->rules->pending_labels;
}

static bool fits_several(const struct turn *turn)
{
    return turn->item_rivals > 1;
}

/* Never a silent guess: the slip or the RMA says whose it is. */
static void ask_whose(struct turn *turn)
{
    struct message message = message_text(message_of(MESSAGE_UNIT_WHOSE), 0, turn->item_line->sku);
    refuse(turn, message_number(message, 1, turn->item_rivals));
}

/* Of a parcel whose RMA nobody could ask for: its line is pending. */
static bool is_unverified(const struct turn *turn)
{
    return !turn->parcel.verified && turn->item_line == NULL;
}

static void identify_pending(struct turn *turn)
{
    const char *serial = serial_of(turn);
    begin_unit(turn);
    TEXT_COPY(unit_event(turn, EVENT_UNIT_IDENTIFIED)->text, turn->facts->scanned.code);
    answer(turn, ACTION_IDENTIFY, SIGNAL_OK, message_text(message_of(MESSAGE_UNIT_PENDING), 0, turn->unit.sku));
    if (serial[0] != '\0')
        check_serial(turn, serial);
    turn->out->unit = turn->unit;
    inspect_like(turn);
}

static bool full_again(const struct turn *turn)
{
    return fits_full_line(turn) && same_again(turn);
}

static bool foreign_again(const struct turn *turn)
{
    return turn->item_line == NULL && same_again(turn);
}

/* Takes the item as a problem of this kind: the policy leaves it to a person, so it goes to quarantine. */
void take_problem(struct turn *turn, const char *problem, enum event_type type, enum message_key key)
{
    const char *serial = serial_of(turn);
    begin_unit(turn);
    TEXT_COPY(turn->unit.problem, problem);
    TEXT_COPY(turn->unit.serial, serial);
    struct event *event = unit_event(turn, type);
    TEXT_COPY(event->text, problem);
    if (turn->item_line != NULL) {
        event->expected = turn->item_line->qty;
        event->received = line_others(turn->item_line, NULL) + turn->unit.qty;
    }
    open_exception(turn, problem, true);
    answer(turn, ACTION_IDENTIFY, SIGNAL_ATTENTION, message_text(message_of(key), 0, turn->unit.sku));
    turn->out->unit = turn->unit;
}

static void take_overage(struct turn *turn)
{
    take_problem(turn, "over_quantity", EVENT_UNIT_OVERAGE, MESSAGE_UNIT_OVERAGE);
}

static void take_foreign(struct turn *turn)
{
    take_problem(turn, "wrong_item", EVENT_UNIT_UNEXPECTED, MESSAGE_UNIT_UNEXPECTED);
}

static void line_full(struct turn *turn)
{
    struct message message = message_text(message_of(MESSAGE_UNIT_LINE_FULL), 0, turn->item_line->sku);
    ask_again(turn, PENDING_OVERAGE, message_number(message, 1, turn->item_line->qty));
}

static void not_expected(struct turn *turn)
{
    const struct product *product = &turn->facts->scanned.product;
    ask_again(turn, PENDING_UNEXPECTED, message_text(message_of(MESSAGE_UNIT_NOT_EXPECTED), 0, product->sku));
}

static void parcel_first(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_PARCEL_FIRST));
}

#define IN_PARCEL .hands = BIT(HAND_PARCEL)
#define DECIDED .hands = BIT(HAND_DECIDED)

const struct row item_rows[] = {
    {"item that waits for its label", BENCH, TRIGGER_ITEM, .hands = BIT(HAND_PARCEL) | BIT(HAND_DECIDED),
     .guard = is_waiting, .apply = take_up},
    {"item of several RMAs", BENCH, TRIGGER_ITEM, IN_PARCEL, .guard = fits_several, .apply = ask_whose},
    {"item on an open line", BENCH, TRIGGER_ITEM, IN_PARCEL, .guard = fits_open_line, .apply = identify},
    {"one too many, scanned again", BENCH, TRIGGER_ITEM, IN_PARCEL, .asked = PENDING_OVERAGE, .guard = full_again,
     .apply = take_overage},
    {"item on a full line", BENCH, TRIGGER_ITEM, IN_PARCEL, .guard = fits_full_line, .apply = line_full},
    {"item of an unverified parcel", BENCH, TRIGGER_ITEM, IN_PARCEL, .guard = is_unverified, .apply = identify_pending},
    {"wrong item, scanned again", BENCH, TRIGGER_ITEM, IN_PARCEL, .asked = PENDING_UNEXPECTED, .guard = foreign_again,
     .apply = take_foreign},
    {"item on no line", BENCH, TRIGGER_ITEM, IN_PARCEL, .apply = not_expected},
    {"serial", BENCH, TRIGGER_SERIAL, .hands = BIT(HAND_INSPECTING), .apply = take_serial},
    {"item while a label waits", BENCH, TRIGGER_ITEM, DECIDED, .guard = may_wait, .apply = identify},
    {"item while one is in hand", BENCH, TRIGGER_ITEM, .hands = WITH_UNIT, .apply = finish_unit_first},
    {"item before its parcel", BENCH, TRIGGER_ITEM, .hands = BIT(HAND_NOTHING), .apply = parcel_first},
};
const size_t item_row_count = COUNT_OF(item_rows);
