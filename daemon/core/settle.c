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

int64_t parcel_missing(const struct turn *turn)
{
    const struct parcel_facts *parcel = facts_of(turn);
    int64_t missing = 0;
    for (size_t i = 0; i < parcel->rma_count; i++) {
        for (size_t k = 0; k < parcel->rmas[i].line_count; k++) {
            const struct rma_line *line = &parcel->rmas[i].lines[k];
            int64_t left = line->qty - line->received - line->received_elsewhere - line->missing;
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
    const struct line_mark *mark = &turn->out->mark;
    if (mark->fate == LINE_MISSING && event->rma != NULL && text_equal(mark->rma, event->rma->rma)) {
        TEXT_COPY(event->line.line, mark->line);
        event->line.missing = mark->qty; /* this very scan says that they are lost, not short */
    }
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
        TEXT_FORMAT(event->outcome.supersedes, "%s/outcome/%lld", unit->lpn, (long long)unit->outcomes);
    TEXT_FORMAT(event->outcome.key, "%s/outcome/%lld", unit->lpn, (long long)++unit->outcomes);
    event->unit = *unit;
    bear_fees(turn, &outcome);
}

bool settle_completes(const struct turn *turn, const struct rma *rma)
{
    if (rma == NULL || rma->completed)
        return false;
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct rma_line *line = &rma->lines[i];
        bool mine = text_equal(line->line, turn->unit.line) && turn->unit.verdict != VERDICT_MANUAL;
        if (line->accepted + line->rejected + line->missing + line->received_elsewhere + mine < line->qty)
            return false;
    }
    return true;
}
