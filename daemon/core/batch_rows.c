/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of destruction: a batch is filled, sealed by two badges with reason, waste route and weight, and proved
 * destroyed (§5.4). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT_DIGITS_MAX 8

static const struct batch *at_hand(const struct turn *turn)
{
    return &turn->facts->hand_batch;
}

/* "{0} code: {1} units, {2} g" */
static struct message about(enum message_key key, const struct batch *batch)
{
    struct message message = message_text(message_of(key), 0, batch->code);
    return message_number(message_number(message, 1, batch->units), 2, batch->weight_g);
}

static void tell(struct turn *turn, enum event_type type, const struct batch *batch)
{
    struct event *event = outcome_event(turn->out, type);
    event->batch = *batch;
    event->contents = turn->facts->contents;
    event->content_count = turn->facts->content_count;
}

/* ---- filling ---- */

static bool fills(const struct turn *turn)
{
    return at_hand(turn)->batch_id != 0 && at_hand(turn)->state == BATCH_OPEN;
}

static void begin(struct turn *turn)
{
    struct batch *batch = &turn->out->batch;
    if (fills(turn)) {
        answer(turn, ACTION_ASK, SIGNAL_INFO, about(MESSAGE_BATCH_OPEN, at_hand(turn)));
        return;
    }
    *batch = (struct batch){.batch_id = turn->facts->next_batch_id};
    TEXT_FORMAT(batch->code, "DB%03d%07lld", turn->facts->rules->station_number, (long long)batch->batch_id);
    turn->session->batch_id = batch->batch_id;
    answer(turn, ACTION_BATCH, SIGNAL_OK, about(MESSAGE_BATCH_OPEN, batch));
}

static bool may_be_destroyed(const struct unit *unit)
{
    return unit->disposition == DISPOSITION_DESTROY && (unit->state == UNIT_DONE || unit->state == UNIT_LABELLED) &&
           unit->batch_id == 0;
}

static void refuse_unit(struct turn *turn, const struct unit *unit)
{
    enum message_key key = unit->batch_id != 0 ? MESSAGE_BATCH_ALREADY : MESSAGE_BATCH_NOT_FOR;
    refuse(turn, message_text(message_of(key), 0, unit->lpn));
}

static bool is_finished_unit(const struct turn *turn)
{
    return fills(turn) && turn->facts->scanned.unit.unit.state > UNIT_DECIDED &&
           turn->facts->scanned.generation == turn->facts->scanned.unit.unit.generation;
}

static void add_unit(struct turn *turn)
{
    turn->unit = turn->facts->scanned.unit.unit;
    if (!may_be_destroyed(&turn->unit)) {
        refuse_unit(turn, &turn->unit);
        return;
    }
    turn->unit.batch_id = at_hand(turn)->batch_id;
    turn->out->unit = turn->unit;
    struct message message = message_text(message_of(MESSAGE_BATCH_ADDED), 0, turn->unit.lpn);
    message = message_number(message_text(message, 1, at_hand(turn)->code), 2, at_hand(turn)->units + 1);
    answer(turn, ACTION_BATCH_ADD, SIGNAL_OK, message);
}

static bool is_container_of_units(const struct turn *turn)
{
    return fills(turn) && turn->facts->content_count > 0;
}

static void add_container(struct turn *turn)
{
    const struct facts *facts = turn->facts;
    for (size_t i = 0; i < facts->content_count; i++) {
        if (!may_be_destroyed(&facts->contents[i])) {
            refuse_unit(turn, &facts->contents[i]);
            return;
        }
    }
    turn->out->bulk = (struct bulk){.kind = BULK_BATCH, .units = facts->contents, .count = facts->content_count,
                                    .batch_id = at_hand(turn)->batch_id};
    struct message message = message_text(message_of(MESSAGE_BATCH_ADDED), 0, facts->scanned.container.code);
    message = message_text(message, 1, at_hand(turn)->code);
    answer(turn, ACTION_BATCH, SIGNAL_OK,
           message_number(message, 2, at_hand(turn)->units + (int64_t)facts->content_count));
}

/* ---- sealing: reason, waste route, weight, second badge ---- */

static void ask_reason(struct turn *turn)
{
    if (at_hand(turn)->units == 0)
        refuse(turn, about(MESSAGE_BATCH_EMPTY, at_hand(turn)));
    else
        ask(turn, PENDING_SEAL_REASON, 0, about(MESSAGE_BATCH_REASON, at_hand(turn)));
}

static void take_reason(struct turn *turn)
{
    turn->out->batch = *at_hand(turn);
    turn->out->batch.reason = (enum legal_reason)(LEGAL_UNSAFE + (int)(turn->verb - VERB_OPTION_1));
    ask(turn, PENDING_SEAL_ROUTE, 0, about(MESSAGE_BATCH_ROUTE, at_hand(turn)));
}

static void take_route(struct turn *turn)
{
    turn->out->batch = *at_hand(turn);
    turn->out->batch.route = (enum waste_route)(ROUTE_RECYCLING + (int)(turn->verb - VERB_OPTION_1));
    turn->session->pending_value[0] = '\0';
    ask(turn, PENDING_SEAL_WEIGHT, 0, about(MESSAGE_BATCH_WEIGHT, at_hand(turn)));
}

static void take_digit(struct turn *turn)
{
    char *digits = turn->session->pending_value;
    size_t length = strlen(digits);
    if (length < WEIGHT_DIGITS_MAX) {
        digits[length] = (char)('0' + (int)(turn->verb - VERB_DIGIT_0));
        digits[length + 1] = '\0';
    }
    ask(turn, PENDING_SEAL_WEIGHT, 0, message_text(message_of(MESSAGE_BATCH_DIGITS), 0, digits));
    turn->out->signal = SIGNAL_INFO;
}

static void take_weight(struct turn *turn)
{
    int64_t weight = 0;
    turn->out->batch = *at_hand(turn);
    if (text_to_int64(turn->session->pending_value, &weight) && weight > 0)
        turn->out->batch.weight_g = weight;
    ask(turn, PENDING_SEAL_BADGE, 0, about(MESSAGE_BATCH_BADGE, &turn->out->batch));
}

static void seal(struct turn *turn)
{
    const struct operator *first = &turn->facts->operator, *second = &turn->facts->scanned.badge;
    bool two = first->id[0] != '\0' && !text_equal(first->id, second->id);
    if (!two || ((first->roles | second->roles) & BIT(ROLE_LEAD)) == 0) {
        ask(turn, PENDING_SEAL_BADGE, 0, about(MESSAGE_BATCH_TWO_BADGES, at_hand(turn)));
        return;
    }
    struct batch *batch = &turn->out->batch;
    *batch = *at_hand(turn);
    batch->state = BATCH_SEALED;
    TEXT_COPY(batch->sealed_by, first->id);
    TEXT_COPY(batch->second, second->id);
    turn->session->batch_id = 0;
    tell(turn, EVENT_DESTRUCTION_SEALED, batch);
    turn->out->print = (struct print_job){.kind = LABEL_DESTRUCTION, .copy = 1};
    answer(turn, ACTION_SEAL, SIGNAL_OK, about(MESSAGE_BATCH_SEALED, batch));
}

/* ---- destroyed: a certificate, or a witness on site ---- */

static bool is_batch(const struct turn *turn)
{
    return turn->facts->scanned.batch.batch_id != 0;
}

static void show_batch(struct turn *turn)
{
    const struct batch *batch = &turn->facts->scanned.batch;
    static const enum message_key keys[BATCH_STATE_COUNT] = {[BATCH_OPEN] = MESSAGE_BATCH_OPEN,
                                                             [BATCH_SEALED] = MESSAGE_BATCH_PROOF,
                                                             [BATCH_DESTROYED] = MESSAGE_BATCH_DESTROYED};
    if (batch->state == BATCH_SEALED) {
        ask(turn, PENDING_DESTROYED, batch->batch_id, about(keys[batch->state], batch));
        return;
    }
    if (batch->state == BATCH_OPEN)
        turn->session->batch_id = batch->batch_id;
    answer(turn, ACTION_ASK, SIGNAL_INFO, about(keys[batch->state], batch));
}

static void destroyed(struct turn *turn, const char *witness, const char *certificate)
{
    const struct facts *facts = turn->facts;
    struct batch *batch = &turn->out->batch;
    *batch = facts->asked_batch;
    batch->state = BATCH_DESTROYED;
    TEXT_COPY(batch->witness, witness);
    TEXT_COPY(batch->certificate, certificate);
    tell(turn, EVENT_DESTRUCTION_CLOSED, batch);
    turn->out->bulk = (struct bulk){.kind = BULK_DESTROY, .units = facts->contents, .count = facts->content_count,
                                    .to = UNIT_DESTROYED, .cause = facts->next_sequence};
    answer(turn, ACTION_DESTROY, SIGNAL_OK, about(MESSAGE_BATCH_DESTROYED, batch));
}

static void witnessed(struct turn *turn)
{
    destroyed(turn, turn->facts->scanned.badge.id, "");
}

static void certified(struct turn *turn)
{
    destroyed(turn, "", turn->facts->scanned.code);
}

#define NOTHING .hands = BIT(HAND_NOTHING)

const struct row batch_rows[] = {
    {"batch: reason", BENCH, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_9, ANY_HAND, PENDING_SEAL_REASON,
     .guard = fills, .apply = take_reason},
    {"batch: waste route", BENCH, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_3, ANY_HAND, PENDING_SEAL_ROUTE,
     .guard = fills, .apply = take_route},
    {"batch: digit of the weight", BENCH, TRIGGER_COMMAND, VERB_DIGIT_0, VERB_DIGIT_9, ANY_HAND, PENDING_SEAL_WEIGHT,
     .guard = fills, .apply = take_digit},
    {"batch: weight", BENCH, COMMAND(OK), ANY_HAND, PENDING_SEAL_WEIGHT, .guard = fills, .apply = take_weight},
    {"batch: second badge", BENCH, TRIGGER_BADGE, .hands = ANY_HAND, .asked = PENDING_SEAL_BADGE, .guard = fills,
     .apply = seal},
    {"batch: witness", BENCH, TRIGGER_BADGE, .hands = ANY_HAND, .asked = PENDING_DESTROYED, .apply = witnessed},
    {"batch: certificate", BENCH, TRIGGER_UNKNOWN, .hands = ANY_HAND, .asked = PENDING_DESTROYED, .apply = certified},
    {"batch", BENCH, COMMAND(DESTROY), NOTHING, .apply = begin},
    {"batch: unit", BENCH, TRIGGER_LPN, NOTHING, .guard = is_finished_unit, .apply = add_unit},
    {"batch: container", BENCH, TRIGGER_CONTAINER, NOTHING, .guard = is_container_of_units, .apply = add_container},
    {"batch: close", BENCH, COMMAND(CLOSE), NOTHING, .guard = fills, .apply = ask_reason},
    {"batch scanned", BENCH, TRIGGER_CONTAINER, .hands = NO_UNIT, .guard = is_batch, .apply = show_batch},
};
const size_t batch_row_count = COUNT_OF(batch_rows);
