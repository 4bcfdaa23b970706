/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a unit's label: scanned back, off a roll, decided anew, and of one that is labelled already (10-domain §5.3).
 */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

#include <stdlib.h>
#include <string.h>

/* ---- the label scanned back ---- */

static const struct unit *scanned_unit(const struct turn *turn)
{
    return &turn->facts->scanned.unit.unit;
}

static bool is_other_unit(const struct turn *turn)
{
    return turn->unit.unit_id != 0 && turn->facts->scanned.unit.unit.unit_id != turn->unit.unit_id;
}

static void label_of_other(struct turn *turn)
{
    struct message message = message_text(message_of(MESSAGE_LABEL_OF_OTHER), 0, scanned_unit(turn)->lpn);
    stop(turn, message_text(message, 1, turn->unit.lpn));
}

/* No label of it counts: the ERP's word has taken it out of stock (erp_effects.c). */
static bool is_decided_anew(const struct turn *turn)
{
    const struct unit *unit = scanned_unit(turn);
    return unit->generation == 0 && (unit->state == UNIT_GRADED || unit->state == UNIT_DECIDED);
}

static void relabel(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    *unit = *scanned_unit(turn);
    turn->parcel = turn->facts->scanned.parcel.parcel;
    turn->session->unit_id = unit->unit_id;
    turn->out->action = ACTION_RELABEL;
    bool two = turn_unit_facts(turn)->carrier.job.state == JOB_RECALLED;
    if (unit->state == UNIT_GRADED) {
        unit_ask_choice(turn);
        if (two)
            answer(turn, ACTION_RELABEL, SIGNAL_ATTENTION, message_text(message_of(MESSAGE_CARRIER_OFF), 0, unit->lpn));
        return;
    }
    unit_print_label(turn);
    enum message_key key = two ? MESSAGE_UNIT_RELABEL_BOTH : MESSAGE_UNIT_RELABEL;
    struct message message = message_text(message_of(key), 0, unit->lpn);
    answer(turn, ACTION_RELABEL, SIGNAL_STOP,
           message_word(message, 1, "disposition", name_of(&disposition_names, (int)unit->disposition)));
    turn->out->unit = turn->unit;
}

static bool is_old_label(const struct turn *turn)
{
    return turn->facts->scanned.generation != turn->facts->scanned.unit.unit.generation;
}

static void old_label(struct turn *turn)
{
    stop(turn, message_text(message_of(MESSAGE_LABEL_OLD), 0, scanned_unit(turn)->lpn));
}

static bool waits_for_label(const struct turn *turn)
{
    return turn->facts->scanned.unit.unit.state == UNIT_DECIDED;
}

static bool not_printed(const struct turn *turn)
{
    enum job_state state = turn->facts->scanned.unit.job.state;
    return waits_for_label(turn) && (state == JOB_QUEUED || state == JOB_VOIDED);
}

static void label_not_printed(struct turn *turn)
{
    stop(turn, message_text(message_of(MESSAGE_LABEL_NOT_PRINTED), 0, scanned_unit(turn)->lpn));
}

/* Goods that wait for their RMA to be verified are kept together. */
static bool is_pending(const struct turn *turn)
{
    return turn->parcel.parcel_id != 0 && !turn->parcel.verified && turn->unit.line[0] == '\0';
}

/* Where it goes without a tote: what was scanned last, else the lane's place, where these take it. */
static const char *location_of(const struct turn *turn)
{
    const struct facts *facts = turn->facts;
    if (turn->session->location[0] != '\0' && place_takes(turn, &facts->sticky_place))
        return turn->session->location;
    return place_takes(turn, &facts->lane_place) ? facts->rules->location : "";
}

/* Where the unit leaves to somebody: what becomes of the carrier's label. */
static void tell_labelled(struct turn *turn, bool closed)
{
    if (carrier_is_due(turn))
        carrier_print(turn, ACTION_CONFIRM, settled_message(turn, MESSAGE_UNIT_CARRIER));
    else if (carrier_is_awaited(turn))
        answer(turn, ACTION_CONFIRM, SIGNAL_OK, settled_message(turn, MESSAGE_UNIT_CARRIER_AWAITED));
    else
        tell_settled(turn, ACTION_CONFIRM, closed);
}

/* The label of the unit in turn->unit is on it. */
static void label_is_on(struct turn *turn, bool preprinted)
{
    unit_event(turn, EVENT_UNIT_LABEL_CONFIRMED)->preprinted = preprinted;
    const struct container *tote = is_pending(turn) ? &turn->facts->await : &turn->facts->hand_container;
    bool closed = settle_unit(turn, container_fits(turn, tote) ? tote : NULL, location_of(turn));
    tell_labelled(turn, closed);
    turn->out->unit = turn->unit;
}

static void confirm(struct turn *turn)
{
    turn->unit = turn->facts->scanned.unit.unit;
    turn->parcel = turn->facts->scanned.parcel.parcel;
    turn->out->jobs[turn->out->job_count++] =
        (struct job_change){.job_id = turn->facts->scanned.unit.job.job_id, .state = JOB_CONFIRMED};
    label_is_on(turn, false);
}

/* ---- a label off a pre-printed roll: the unit takes its LPN ---- */

/* The numbers of rolls are above those that a station counts up to. */
static bool is_of_a_roll(const struct turn *turn)
{
    char station[8];
    const struct candidate *label = &turn->facts->scanned.candidates[0];
    TEXT_FORMAT(station, "LP%03d", turn->facts->rules->station_number);
    return label->generation == 1 && strncmp(label->value, station, strlen(station)) == 0 &&
           strtoll(label->value + strlen(station), NULL, 10) >= LPN_ROLL_FIRST;
}

/* It hung on another item once, which was undone: an LPN is never reused. */
static bool was_used(const struct turn *turn)
{
    int64_t unit_id = turn->facts->scanned.roll_unit_id;
    return is_of_a_roll(turn) && unit_id != 0 && unit_id != turn->unit.unit_id;
}

static void used_label(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_LABEL_USED), 0, turn->facts->scanned.candidates[0].value));
}

static void take_roll_label(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    char printed[LPN_SIZE];
    TEXT_COPY(printed, unit->lpn);
    bool came_out = retire_label(turn, &turn->facts->hand_unit.job);
    TEXT_COPY(unit->lpn, turn->facts->scanned.candidates[0].value);
    unit->generation = unit->generations = turn->facts->scanned.candidates[0].generation;
    struct event *event = unit_event(turn, EVENT_LPN_ASSIGNED);
    TEXT_COPY(event->text, unit->lpn);
    event->preprinted = true;
    turn->out->takes_roll_lpn = true;
    label_is_on(turn, true);
    if (came_out)
        answer(turn, ACTION_CONFIRM, SIGNAL_ATTENTION, message_text(message_of(MESSAGE_LABEL_SWAPPED), 0, printed));
}

/* ---- the label of a unit that is labelled already ---- */

static bool wants_carrier(const struct turn *turn)
{
    struct turn there = *turn;
    there.unit = *scanned_unit(turn);
    return (there.unit.state == UNIT_LABELLED || there.unit.state == UNIT_DONE) && carrier_is_due(&there);
}

static void print_carrier(struct turn *turn)
{
    turn->unit = *scanned_unit(turn);
    carrier_print(turn, ACTION_CARRIER, message_text(message_of(MESSAGE_CARRIER_PRINTED), 0, turn->unit.lpn));
    if (turn->out->print.copy != 0)
        turn->out->unit = turn->unit; /* as it is: for its history */
}

static enum message_key where_key(const struct turn *turn)
{
    struct turn there = *turn;
    there.unit = *scanned_unit(turn);
    bool here = there.unit.state >= UNIT_DONE;
    return here && there.unit.disposition == DISPOSITION_REFURBISH ? MESSAGE_UNIT_WORKSHOP
           : carrier_is_awaited(&there)                            ? MESSAGE_CARRIER_AWAITED
                                                                   : MESSAGE_UNIT_WHERE;
}

static void where(struct turn *turn)
{
    const struct unit *unit = scanned_unit(turn);
    if (unit->state == UNIT_DESTROYED || (unit->state == UNIT_RELEASED && unit->disposition != DISPOSITION_REFURBISH)) {
        answer(turn, ACTION_ASK, SIGNAL_INFO, message_text(message_of(MESSAGE_UNIT_GONE), 0, unit->lpn));
        return;
    }
    struct message message = message_text(message_of(where_key(turn)), 0, unit->lpn);
    message = message_word(message, 1, "disposition", name_of(&disposition_names, (int)unit->disposition));
    ask(turn, PENDING_UNIT, unit->unit_id, message_text(message, 2, unit->location));
    turn->out->signal = SIGNAL_INFO;
}

static void label_unknown(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_LABEL_UNKNOWN), 0, turn->facts->scanned.code));
}

const struct row label_rows[] = {
    {"label of another unit", EITHER, TRIGGER_LPN, .hands = WITH_UNIT, .guard = is_other_unit, .apply = label_of_other},
    {"decided anew by the ERP", BENCH, TRIGGER_LPN, .hands = BIT(HAND_DECIDED) | NO_UNIT, .guard = is_decided_anew,
     .apply = relabel},
    {"old label", EITHER, TRIGGER_LPN, .hands = ANY_HAND, .guard = is_old_label, .apply = old_label},
    {"label not printed yet", EITHER, TRIGGER_LPN, .hands = ANY_HAND, .guard = not_printed, .apply = label_not_printed},
    {"label scanned back", BENCH, TRIGGER_LPN, .hands = BIT(HAND_DECIDED) | NO_UNIT, .guard = waits_for_label,
     .apply = confirm},
    {"carrier's label", EITHER, TRIGGER_LPN, .hands = NO_UNIT, .guard = wants_carrier, .apply = print_carrier},
    {"where does it go", EITHER, TRIGGER_LPN, .hands = ANY_HAND, .apply = where},
    {"label off a roll, used before", BENCH, TRIGGER_LPN_UNKNOWN, .hands = BIT(HAND_DECIDED), .guard = was_used,
     .apply = used_label},
    {"label off a roll", BENCH, TRIGGER_LPN_UNKNOWN, .hands = BIT(HAND_DECIDED), .guard = is_of_a_roll,
     .apply = take_roll_label},
    {"label of no unit", EITHER, TRIGGER_LPN_UNKNOWN, .hands = ANY_HAND, .apply = label_unknown},
};
const size_t label_row_count = COUNT_OF(label_rows);
