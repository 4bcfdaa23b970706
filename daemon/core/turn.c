/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of the table do their work with: answers, events, the unit's RMA, stock. */
#include "daemon/core/turn.h"

#include "base/text.h"

void answer(struct turn *turn, enum action action, enum signal signal, struct message message)
{
    turn->out->action = action;
    turn->out->signal = signal;
    turn->out->message = message;
}

void refuse(struct turn *turn, struct message message)
{
    answer(turn, ACTION_REJECT, SIGNAL_ATTENTION, message);
}

void stop(struct turn *turn, struct message message)
{
    answer(turn, ACTION_REJECT, SIGNAL_STOP, message);
}

static void fill_event(struct turn *turn, struct event *event, const char *rma)
{
    event->parcel = turn->parcel;
    event->has_parcel = turn->parcel.parcel_id != 0;
    event->rma = turn_rma(turn, rma);
}

struct event *unit_event(struct turn *turn, enum event_type type)
{
    struct event *event = outcome_event(turn->out, type);
    fill_event(turn, event, turn->unit.rma);
    event->unit = turn->unit;
    event->has_unit = true;
    return event;
}

struct event *parcel_event(struct turn *turn, enum event_type type)
{
    struct event *event = outcome_event(turn->out, type);
    fill_event(turn, event, turn->parcel.rma);
    return event;
}

const struct rma *turn_rma(const struct turn *turn, const char *rma)
{
    const struct parcel_facts *hand = &turn->facts->hand_parcel;
    const struct parcel_facts *scanned = &turn->facts->scanned.parcel;
    for (size_t i = 0; i < hand->rma_count; i++)
        if (text_equal(hand->rmas[i].rma, rma))
            return &hand->rmas[i];
    for (size_t i = 0; i < scanned->rma_count; i++)
        if (text_equal(scanned->rmas[i].rma, rma))
            return &scanned->rmas[i];
    return rma[0] != '\0' && text_equal(turn->facts->scanned.rma.rma, rma) ? &turn->facts->scanned.rma : NULL;
}

const struct rma_line *turn_line(const struct turn *turn)
{
    const struct rma *rma = turn_rma(turn, turn->unit.rma);
    return rma != NULL ? rma_find_line(rma, turn->unit.line) : NULL;
}

void stock_move(struct turn *turn, const struct stock_place *to, bool reverses)
{
    struct unit *unit = &turn->unit;
    struct event *event = unit_event(turn, EVENT_STOCK_DELTA);
    event->stock.from.status = unit->status;
    TEXT_COPY(event->stock.from.location, unit->location);
    TEXT_COPY(event->stock.from.container, unit->container);
    event->stock.to = *to;
    event->stock.cause = turn->facts->next_sequence; /* the first event of the scan */
    if (reverses)
        TEXT_FORMAT(event->stock.reverses, "%s/%lld", unit->lpn, (long long)unit->stock_moves);
    TEXT_FORMAT(event->stock.key, "%s/%lld", unit->lpn, (long long)++unit->stock_moves);
    unit->status = to->status;
    TEXT_COPY(unit->location, to->location);
    TEXT_COPY(unit->container, to->container);
    event->unit = *unit;
}

void turn_new_lpn(struct turn *turn)
{
    const struct facts *facts = turn->facts;
    int64_t sequence = facts->next_lpn + turn->out->lpns_used;
    TEXT_FORMAT(turn->unit.lpn, "LP%03d%07lld", facts->rules->station_number, (long long)sequence);
    turn->unit.generation = 0;
    turn->out->lpns_used++;
    struct event *event = unit_event(turn, EVENT_LPN_ASSIGNED);
    TEXT_COPY(event->text, turn->unit.lpn);
}
