/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: rules for every scan, then the first row of the table that fits. */
#include "daemon/core/workflow.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BOUNCE_MS 1000
#define BOUNCE_COUNTING_MS 300
#define QUESTION_MS 30000

/* ---- the table ---- */

const struct table_part table_parts[] = {
    {count_rows, &count_row_count},     {inspect_rows, &inspect_row_count}, {batch_rows, &batch_row_count},
    {lane_rows, &lane_row_count},       {load_rows, &load_row_count},       {container_rows, &container_row_count},
    {correct_rows, &correct_row_count}, {hold_rows, &hold_row_count},       {close_rows, &close_row_count},
    {item_rows, &item_row_count},       {unit_rows, &unit_row_count},       {label_rows, &label_row_count},
    {parcel_rows, &parcel_row_count},   {photo_rows, &photo_row_count},     {last_rows, &last_row_count},
};
const size_t table_part_count = COUNT_OF(table_parts);

static bool fits(const struct row *row, const struct turn *turn)
{
    if ((row->modes & BIT(turn->mode)) == 0 || (row->hands & BIT(turn->hand)) == 0 ||
        (turn->offers & BIT(row->trigger)) == 0)
        return false;
    if (row->trigger == TRIGGER_COMMAND && (turn->verb < row->first || turn->verb > row->last))
        return false;
    if (row->asked != PENDING_NONE && row->asked != turn->asked)
        return false;
    return row->guard == NULL || row->guard(turn);
}

static bool apply_first(struct turn *turn, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fits(&rows[i], turn)) {
            if (turn->out->row == NULL) /* of rows that chain, the first says why */
                turn->out->row = rows[i].name;
            rows[i].apply(turn);
            return true;
        }
    }
    return false;
}

void run_table(struct turn *turn)
{
    bool done = false;
    for (size_t i = 0; i < table_part_count && !done; i++)
        done = apply_first(turn, table_parts[i].rows, *table_parts[i].count);
    assert(done); /* each trigger has a row that takes it in any state, at last "unknown code" */
    (void)done;
}

/* ---- rules for every scan (10-domain §5.1) ---- */

static enum hand hand_of(const struct parcel *parcel, const struct unit *unit)
{
    static const enum hand by_state[UNIT_STATE_COUNT] = {
        [UNIT_IDENTIFIED] = HAND_INSPECTING, [UNIT_INSPECTING] = HAND_INSPECTING, [UNIT_GRADED] = HAND_GRADED,
        [UNIT_DECIDED] = HAND_DECIDED,       [UNIT_LABELLED] = HAND_PARCEL,       [UNIT_DONE] = HAND_PARCEL,
        [UNIT_RELEASED] = HAND_PARCEL,       [UNIT_DESTROYED] = HAND_PARCEL,      [UNIT_VOID] = HAND_PARCEL,
    };
    bool open = parcel->parcel_id != 0 && parcel->state == PARCEL_OPEN;
    enum hand hand = unit->unit_id != 0 ? by_state[unit->state] : HAND_PARCEL;
    return hand == HAND_PARCEL && !open ? HAND_NOTHING : hand;
}

/* The lane's last scan was this code; a long one counts by its visible part. */
static bool is_last_code(const struct facts *facts)
{
    return text_equal(facts->session.last_code, facts->read);
}

static bool is_bounce(const struct facts *facts, enum verb verb)
{
    const struct session *last = &facts->session;
    bool counting =
        last->counting != COUNTING_NOT || verb == VERB_OK || (verb >= VERB_QUANTITY_2 && verb <= VERB_DIGIT_9);
    int64_t age = facts->when.tick - last->last_tick;
    return text_equal(last->run, facts->run) && is_last_code(facts) && text_equal(last->last_device, facts->device) &&
           age >= 0 && age < (counting ? BOUNCE_COUNTING_MS : BOUNCE_MS);
}

/* The worker heard nothing because the daemon died: the answer of the stored scan is given again, nothing is done
 * twice. */
static bool is_repeat(const struct facts *facts)
{
    const struct session *last = &facts->session;
    return !text_equal(last->run, facts->run) && last->last_journal != 0 && is_last_code(facts);
}

static struct message last_answer(const struct facts *facts)
{
    struct message message = message_of(MESSAGE_NONE);
    message_decode(facts->session.last_message, &message);
    return message;
}

/* A latched stop lets only OK and UNDO through; HELP says so, every other scan hears the stop again; true if this scan
   is answered by that. */
static bool held_by_stop(struct turn *turn)
{
    if (!turn->facts->session.stopped)
        return false;
    if (turn->verb == VERB_OK || turn->verb == VERB_UNDO) {
        answer(turn, ACTION_RELEASE, SIGNAL_OK, message_of(MESSAGE_RELEASED));
        return true;
    }
    if (turn->verb == VERB_HELP)
        answer(turn, ACTION_ASK, SIGNAL_INFO, message_of(MESSAGE_NEXT_OK));
    else
        answer(turn, ACTION_REPEAT, SIGNAL_STOP, last_answer(turn->facts));
    return true;
}

static bool signed_out(struct turn *turn)
{
    unsigned free = BIT(TRIGGER_BADGE) | BIT(TRIGGER_BADGE_UNKNOWN);
    if (!turn->facts->rules->badge_needed || turn->session->operator_id[0] != '\0' || (turn->offers & free) != 0)
        return false;
    refuse(turn, message_of(MESSAGE_SIGN_IN_FIRST));
    return true;
}

static struct turn turn_begin(const struct facts *facts, struct session *session, struct outcome *out)
{
    struct turn turn = {.facts = facts, .session = session, .out = out};
    turn.mode = session->mode == LANE_DOCK ? LANE_DOCK : LANE_BENCH;
    turn.parcel = facts->hand_parcel.parcel;
    turn.unit = facts->hand_unit.unit;
    turn.hand = hand_of(&turn.parcel, &turn.unit);
    if (facts->scanned.count > 0 && facts->scanned.candidates[0].class == CANDIDATE_COMMAND)
        turn.verb = facts->scanned.candidates[0].verb;
    bool fresh = text_equal(session->run, facts->run) && facts->when.tick - session->pending_tick <= QUESTION_MS;
    turn.asked = !fresh ? PENDING_NONE : facts->lead.id[0] != '\0' ? session->kept : session->pending;
    TEXT_COPY(out->lead, facts->lead.id);
    session->pending = PENDING_NONE;
    turn.asked_id = session->pending_id;
    session->repeated = false;
    session->arrived_id = 0;
    session->same_again = session->same_again && (turn.verb == VERB_NONE || turn.verb == VERB_LIKE);
    return turn;
}

/* What comes next, with what the lane has in hand after this scan. */
static struct message next_of(const struct turn *turn)
{
    const struct facts *facts = turn->facts;
    const struct session *session = turn->session;
    static const struct parcel no_parcel = {0};
    static const struct unit no_unit = {0};
    const struct parcel *parcel = session->parcel_id == turn->parcel.parcel_id ? &turn->parcel
                                  : session->parcel_id == facts->hand_parcel.parcel.parcel_id
                                      ? &facts->hand_parcel.parcel
                                      : &no_parcel;
    struct unit_facts unit = {.unit = session->unit_id == turn->unit.unit_id ? turn->unit : no_unit,
                              .product = *turn_product(turn), .inspection = *turn_inspection(turn)};
    return workflow_next(session, facts->rules, parcel, &unit);
}

/* A stop that HELP was asked about stays as it was, with what it says. */
static void keep_answer(struct turn *turn)
{
    struct session *session = turn->session;
    session->last_signal = turn->out->signal;
    struct buffer message = BUFFER_EMPTY;
    message_encode(&turn->out->message, &message);
    TEXT_COPY(session->last_message, buffer_text(&message));
    buffer_done(&message);
    session->stopped = turn->out->signal == SIGNAL_STOP;
}

static void turn_end(struct turn *turn)
{
    const struct facts *facts = turn->facts;
    struct session *session = turn->session;
    TEXT_COPY(session->run, facts->run);
    TEXT_COPY(session->last_device, facts->device);
    TEXT_COPY(session->last_code, facts->read);
    session->last_tick = facts->when.tick;
    if (!facts->session.stopped || turn->verb != VERB_HELP)
        keep_answer(turn);
    if (session->unit_id != facts->session.unit_id)
        session->counting = COUNTING_NOT; /* the pieces of another unit */
    turn->out->next = next_of(turn);
}

void workflow_scan(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome)
{
    outcome_begin(ret_outcome);
    *ret_session = facts->session;
    struct turn turn = turn_begin(facts, ret_session, ret_outcome);
    if (is_repeat(facts)) {
        enum signal signal = facts->session.stopped ? SIGNAL_STOP : SIGNAL_ATTENTION;
        answer(&turn, ACTION_REPEAT, signal, last_answer(facts));
        turn_end(&turn);
        ret_session->repeated = true;
        return;
    }
    if (is_bounce(facts, turn.verb)) {
        ret_outcome->silent = true;
        ret_outcome->signal = facts->session.last_signal;
        ret_outcome->message = last_answer(facts);
        *ret_session = facts->session;
        ret_outcome->next = next_of(&turn);
        return;
    }
    if (!held_by_stop(&turn)) {
        turn.offers = turn_offers(&turn);
        if (!signed_out(&turn))
            run_table(&turn);
    }
    turn_end(&turn);
}

void workflow_photo(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome)
{
    outcome_begin(ret_outcome);
    *ret_session = facts->session;
    struct turn turn = turn_begin(facts, ret_session, ret_outcome);
    keep_question(&turn);
    if (!held_by_stop(&turn) && !signed_out(&turn))
        photo_take(&turn);
    turn_end(&turn);
}

struct message workflow_next(const struct session *session, const struct lane_rules *rules, const struct parcel *parcel,
                             const struct unit_facts *facts)
{
    static const enum message_key by_hand[HAND_COUNT] = {
        [HAND_NOTHING] = MESSAGE_NEXT_PARCEL, [HAND_PARCEL] = MESSAGE_NEXT_ITEM, [HAND_INSPECTING] = MESSAGE_NEXT_GRADE,
        [HAND_GRADED] = MESSAGE_NEXT_DISPOSITION, [HAND_DECIDED] = MESSAGE_NEXT_LABEL,
    };
    static const enum message_key by_question[PENDING_COUNT] = {
        [PENDING_SECOND_BOX] = MESSAGE_NEXT_ANSWER,
        [PENDING_ALIAS] = MESSAGE_NEXT_ANSWER,
        [PENDING_LEAD] = MESSAGE_NEXT_LEAD,
        [PENDING_BADGE] = MESSAGE_NEXT_LEAD_BADGE,
        [PENDING_UNIT] = MESSAGE_NEXT_PARCEL,
        [PENDING_OTHER] = MESSAGE_NEXT_OTHER,
        [PENDING_TOTE] = MESSAGE_NEXT_CONTAINER,
        [PENDING_CONTAINER] = MESSAGE_NEXT_PARCEL,
        [PENDING_TRUCK] = MESSAGE_NEXT_CONTAINER,
        [PENDING_RECEIVER] = MESSAGE_NEXT_RECEIVER,
        [PENDING_HELD] = MESSAGE_NEXT_LINK,
        [PENDING_HOLD] = MESSAGE_NEXT_OPTION,
        [PENDING_RELEASE] = MESSAGE_NEXT_OPTION,
        [PENDING_LINK] = MESSAGE_NEXT_RMA,
        [PENDING_LINE] = MESSAGE_NEXT_LINE,
        [PENDING_REOPEN] = MESSAGE_NEXT_PARCEL,
        [PENDING_LINK_ITEM] = MESSAGE_NEXT_AGAIN,
        [PENDING_SEAL_REASON] = MESSAGE_NEXT_OPTION,
        [PENDING_SEAL_ROUTE] = MESSAGE_NEXT_OPTION,
        [PENDING_SEAL_WEIGHT] = MESSAGE_NEXT_WEIGHT,
        [PENDING_SEAL_BADGE] = MESSAGE_NEXT_SECOND_BADGE,
        [PENDING_DESTROYED] = MESSAGE_NEXT_PROOF,
        [PENDING_OVERAGE] = MESSAGE_NEXT_AGAIN,
        [PENDING_UNEXPECTED] = MESSAGE_NEXT_AGAIN,
        [PENDING_LOGOUT] = MESSAGE_NEXT_LEAVE,
    };
    if (session->stopped)
        return message_of(MESSAGE_NEXT_OK);
    if (rules->badge_needed && session->operator_id[0] == '\0')
        return message_of(MESSAGE_NEXT_BADGE);
    if (session->pending != PENDING_NONE && session->pending != PENDING_INFO)
        return message_of(by_question[session->pending]);
    const struct unit *unit = &facts->unit;
    enum hand hand = hand_of(parcel, unit);
    if (session->mode == LANE_DOCK && hand <= HAND_PARCEL)
        return message_of(MESSAGE_NEXT_PARCEL);
    if (hand == HAND_INSPECTING && facts->product.track == TRACK_SERIAL && unit->serial[0] == '\0' &&
        !text_equal(unit->problem, PROBLEM_ILLEGIBLE))
        return message_of(MESSAGE_NEXT_SERIAL);
    if (hand == HAND_INSPECTING && session->counting != COUNTING_NOT)
        return message_of(MESSAGE_NEXT_COUNT);
    const struct question *question = workflow_question(rules, facts);
    if (question != NULL)
        return message_local(message_of(MESSAGE_NEXT_QUESTION), 0, question->text_en, question->text_fr);
    return message_of(by_hand[hand]);
}

void workflow_refuse(const struct facts *facts, struct message message, struct session *ret_session,
                     struct outcome *ret_outcome)
{
    outcome_begin(ret_outcome);
    *ret_session = facts->session;
    struct turn turn = turn_begin(facts, ret_session, ret_outcome);
    refuse(&turn, message);
    turn_end(&turn);
}
