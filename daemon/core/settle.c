/* SPDX-License-Identifier: Apache-2.0 */
/* What a confirmed label settles: the outcome to recommend, the parcel, the RMA. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/recommend.h"
#include "daemon/core/turn.h"

#include <string.h>

/* What is known of the parcel worked on: the one in hand, or that of the unit whose label was scanned. */
static const struct parcel_facts *facts_of(const struct turn *turn)
{
    const struct parcel_facts *hand = &turn->facts->hand_parcel;
    return turn->parcel.parcel_id == hand->parcel.parcel_id ? hand : &turn->facts->scanned.parcel;
}

struct line_change turn_change(const struct turn *turn, const struct rma *rma)
{
    const struct unit *unit = &turn->unit;
    const struct line_mark *mark = &turn->out->mark;
    struct line_change change = {0};
    if (rma != NULL && unit->unit_id != 0 && text_equal(unit->rma, rma->rma)) {
        bool settled = unit->state == UNIT_LABELLED || unit->state == UNIT_DONE;
        TEXT_COPY(change.line, unit->line);
        change.received = unit->unit_id == turn->facts->next_unit_id ? unit->qty : 0;
        change.accepted = settled && unit->verdict == VERDICT_ACCEPTED ? unit->qty : 0;
        change.rejected = settled && unit->verdict == VERDICT_REJECTED ? unit->qty : 0;
    } else if (rma != NULL && mark->fate == LINE_MISSING && text_equal(mark->rma, rma->rma)) {
        TEXT_COPY(change.line, mark->line); /* this very scan says that they are lost, not short */
        change.missing = mark->qty;
    }
    return change;
}

int64_t parcel_missing(const struct turn *turn)
{
    const struct parcel_facts *parcel = facts_of(turn);
    int64_t missing = 0;
    for (size_t i = 0; i < parcel->rma_count; i++) {
        struct line_change change = turn_change(turn, &parcel->rmas[i]);
        for (size_t k = 0; k < parcel->rmas[i].line_count; k++) {
            const struct rma_line *line = &parcel->rmas[i].lines[k];
            int64_t left = line->qty - line->received - line->received_elsewhere - line->missing;
            left -= text_equal(change.line, line->line) ? change.received : 0;
            missing += left > 0 ? left : 0;
        }
    }
    return missing;
}

bool parcel_settled(const struct turn *turn)
{
    return facts_of(turn)->rma_count > 0 && turn->parcel.open_units <= 1 && parcel_missing(turn) == 0;
}

void parcel_close(struct turn *turn)
{
    turn->parcel.state = PARCEL_CLOSED;
    turn->parcel.closed_at = turn->facts->when.now;
    struct event *event = parcel_event(turn, EVENT_PARCEL_CLOSED);
    event->received = parcel_missing(turn);
    event->change = turn_change(turn, event->rma);
    turn->out->parcel = turn->parcel;
}

/* A refund at receipt stands; the unit says something of its own only where too much was paid. */
static bool says_nothing(const struct rma *rma, const struct recommendation *outcome)
{
    return rma->receipt_recommended && !outcome->manual && outcome->adjust == 0;
}

static void bear_fees(struct turn *turn, const struct recommendation *outcome)
{
    turn->out->bears_fees = true;
    turn->out->fee_count = outcome->fee_count;
    memcpy(turn->out->fees, outcome->fees, sizeof turn->out->fees);
}

void settle_outcome(struct turn *turn, const struct rma *rma, const struct rma_line *line)
{
    struct unit *unit = &turn->unit;
    struct recommendation outcome;
    if (rma == NULL || line == NULL)
        return;
    struct policy_case c = turn_case(turn);
    recommend_unit(&c, &outcome, &turn->out->outcome_trace);
    if (says_nothing(rma, &outcome))
        return;
    struct event *event = unit_event(turn, EVENT_OUTCOME_RECOMMENDED);
    event->outcome = outcome;
    event->trace = &turn->out->outcome_trace;
    if (unit->outcomes > 0)
        TEXT_FORMAT(event->outcome.supersedes, "%s/outcome/%lld", unit->key_lpn, (long long)unit->outcomes);
    TEXT_FORMAT(event->outcome.key, "%s/outcome/%lld", unit->key_lpn, (long long)++unit->outcomes);
    event->unit = *unit;
    bear_fees(turn, &outcome);
}

bool settle_completes(const struct turn *turn, const struct rma *rma)
{
    if (rma == NULL || rma->completed)
        return false;
    struct line_change change = turn_change(turn, rma);
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct rma_line *line = &rma->lines[i];
        int64_t now = text_equal(change.line, line->line) ? change.accepted + change.rejected + change.missing : 0;
        if (line->accepted + line->rejected + line->missing + line->received_elsewhere + now < line->qty)
            return false;
    }
    return true;
}

void complete_rma(struct turn *turn, const struct rma *rma)
{
    struct event *event = turn->unit.unit_id != 0 ? unit_event(turn, EVENT_RMA_COMPLETED)
                                                  : parcel_event(turn, EVENT_RMA_COMPLETED);
    event->rma = rma;
    event->change = turn_change(turn, rma);
    TEXT_COPY(turn->out->completed_rma, rma->rma);
}

/* ---- the unit, once its label is confirmed or where it needs none ---- */

bool settle_unit(struct turn *turn, const struct container *container, const char *location)
{
    struct unit *unit = &turn->unit;
    const struct rma *rma = turn_rma(turn, unit->rma);
    turn->session->unit_id = 0;
    turn->session->last_unit_id = unit->unit_id;
    turn->session->last_parcel_id = 0;
    put_unit(turn, container, location);
    settle_outcome(turn, rma, turn_line(turn));
    bool closed = turn->parcel.state == PARCEL_OPEN && parcel_settled(turn);
    if (closed)
        parcel_close(turn);
    if (settle_completes(turn, rma))
        complete_rma(turn, rma);
    return closed;
}

struct message settled_message(const struct turn *turn, enum message_key key)
{
    const struct unit *unit = &turn->unit;
    const char *place = unit->container[0] != '\0' ? unit->container : unit->location;
    struct message message =
        message_word(message_of(key), 0, "disposition", name_of(&disposition_names, (int)unit->disposition));
    return place[0] != '\0' ? message_text(message, 1, place) : message_word(message, 1, "place", "next");
}

void tell_settled(struct turn *turn, enum action action, bool closed)
{
    enum message_key key = turn->unit.state == UNIT_LABELLED ? MESSAGE_UNIT_LABELLED
                           : closed                          ? MESSAGE_UNIT_CONFIRMED_CLOSED
                                                             : MESSAGE_UNIT_CONFIRMED;
    answer(turn, action, SIGNAL_OK, message_text(settled_message(turn, key), 2, closed ? turn->unit.rma : ""));
}
