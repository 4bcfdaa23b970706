/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of the table do their work with: answers, events, the unit's RMA, stock. */
#include "daemon/core/turn.h"

#include "base/memory.h"
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

void ask(struct turn *turn, enum pending pending, int64_t id, struct message message)
{
    struct session *session = turn->session;
    session->pending = pending;
    session->pending_id = id;
    session->pending_tick = turn->facts->when.tick;
    TEXT_COPY(session->pending_code, turn->facts->scanned.code);
    answer(turn, ACTION_ASK, SIGNAL_ATTENTION, message);
}

void refuse_without_lead(struct turn *turn, struct message message)
{
    struct session *session = turn->session;
    session->pending = PENDING_LEAD;
    session->pending_tick = turn->facts->when.tick;
    session->kept = turn->asked;
    TEXT_COPY(session->pending_code, turn->facts->scanned.code);
    refuse(turn, message);
}

bool turn_has_lead(const struct turn *turn)
{
    return turn->facts->lead.id[0] != '\0' || (turn->facts->operator.roles & BIT(ROLE_LEAD)) != 0;
}

void stop(struct turn *turn, struct message message)
{
    answer(turn, ACTION_REJECT, SIGNAL_STOP, message);
}

const struct parcel_facts *turn_parcel(const struct turn *turn, int64_t parcel_id)
{
    static const struct parcel_facts none = {0};
    const struct facts *facts = turn->facts;
    const struct parcel_facts *const known[] = {&facts->hand_parcel, &facts->unit_parcel, &facts->scanned.parcel,
                                                &facts->asked_parcel};
    for (size_t i = 0; parcel_id != 0 && i < COUNT_OF(known); i++)
        if (known[i]->parcel.parcel_id == parcel_id)
            return known[i];
    return &none;
}

/* The parcel as this scan leaves it. */
static void fill_event(struct turn *turn, struct event *event, int64_t parcel_id, const char *rma)
{
    event->parcel = parcel_id == turn->parcel.parcel_id ? turn->parcel : turn_parcel(turn, parcel_id)->parcel;
    event->has_parcel = event->parcel.parcel_id != 0;
    event->rma = turn_rma(turn, rma);
    event->photos = turn->facts->photos;
    event->photo_count = turn->facts->photo_count;
}

struct event *unit_event(struct turn *turn, enum event_type type)
{
    struct event *event = outcome_event(turn->out, type);
    fill_event(turn, event, turn->unit.parcel_id, turn->unit.rma);
    event->unit = turn->unit;
    event->has_unit = true;
    return event;
}

struct event *parcel_event(struct turn *turn, enum event_type type)
{
    struct event *event = outcome_event(turn->out, type);
    fill_event(turn, event, turn->parcel.parcel_id, turn->parcel.rma);
    return event;
}

const struct rma *turn_rma(const struct turn *turn, const char *rma)
{
    const struct facts *facts = turn->facts;
    const struct parcel_facts *const known[] = {&facts->hand_parcel, &facts->unit_parcel, &facts->scanned.parcel,
                                                &facts->asked_parcel};
    for (size_t k = 0; k < COUNT_OF(known); k++)
        for (size_t i = 0; i < known[k]->rma_count; i++)
            if (text_equal(known[k]->rmas[i].rma, rma))
                return &known[k]->rmas[i];
    const struct rma *const scanned[] = {&facts->scanned.rma, &facts->scanned.other};
    for (size_t i = 0; i < COUNT_OF(scanned); i++)
        if (rma[0] != '\0' && text_equal(scanned[i]->rma, rma))
            return scanned[i];
    return NULL;
}

void open_exception(struct turn *turn, const char *type, bool of_unit)
{
    TEXT_COPY(turn->out->exception, type);
    struct event *event =
        of_unit ? unit_event(turn, EVENT_EXCEPTION_OPENED) : parcel_event(turn, EVENT_EXCEPTION_OPENED);
    TEXT_COPY(event->text, type);
}

void resolve_exception(struct turn *turn, const char *type, const char *how)
{
    TEXT_COPY(turn->out->resolves, type);
    struct event *event = parcel_event(turn, EVENT_EXCEPTION_RESOLVED);
    TEXT_COPY(event->text, type);
    TEXT_COPY(event->reason, how);
}

const struct rma_line *turn_line(const struct turn *turn)
{
    const struct rma *rma = turn_rma(turn, turn->unit.rma);
    return rma != NULL ? rma_find_line(rma, turn->unit.line) : NULL;
}

const struct unit_facts *turn_unit_facts(const struct turn *turn)
{
    static const struct unit_facts nothing = {0};
    const struct facts *facts = turn->facts;
    const struct unit_facts *const known[] = {&facts->hand_unit, &facts->asked_unit, &facts->scanned.unit,
                                              &facts->waiting_unit};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (turn->unit.unit_id != 0 && known[i]->unit.unit_id == turn->unit.unit_id)
            return known[i];
    return &nothing;
}

const struct product *turn_product(const struct turn *turn)
{
    const struct unit_facts *known = turn_unit_facts(turn);
    return known->unit.unit_id != 0 ? &known->product : &turn->facts->scanned.product;
}

const struct inspection *turn_inspection(const struct turn *turn)
{
    bool changed = turn->out->inspection.unit_id != 0 && turn->out->inspection.unit_id == turn->unit.unit_id;
    return changed ? &turn->out->inspection : &turn_unit_facts(turn)->inspection;
}

struct policy_case turn_case(const struct turn *turn)
{
    const struct facts *facts = turn->facts;
    const struct product *product = turn_product(turn);
    return (struct policy_case){
        .policies = facts->rules->policies,
        .rma = turn_rma(turn, turn->unit.rma),
        .line = turn_line(turn),
        .unit = &turn->unit,
        .product = product,
        .checklist = checklist_select(facts->rules->checklists, product),
        .inspection = turn_inspection(turn),
        .told = facts->effect.kind == EFFECT_DECISION ? facts->effect.verdict : VERDICT_NONE,
        .unverified = turn->parcel.parcel_id != 0 && !turn->parcel.verified,
        .open_exception = turn_unit_facts(turn)->open_exception && !turn->out->resolves_unit,
        .clock_unsure = facts->clock_unsure,
        .received_at = turn->parcel.received_at,
        .now = facts->when.now,
    };
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
        TEXT_FORMAT(event->stock.reverses, "%s/%lld", unit->key_lpn, (long long)unit->stock_moves);
    TEXT_FORMAT(event->stock.key, "%s/%lld", unit->key_lpn, (long long)++unit->stock_moves);
    unit->status = to->status;
    TEXT_COPY(unit->location, to->location);
    TEXT_COPY(unit->container, to->container);
    event->unit = *unit;
}

void turn_new_lpn(struct turn *turn)
{
    const struct facts *facts = turn->facts;
    int64_t sequence = facts->next_lpn + turn->out->lpns_used;
    TEXT_FORMAT(turn->unit.lpn, "%s%03d%07lld", facts->rules->training ? "LPT" : "LP", facts->rules->station_number,
                (long long)sequence);
    if (turn->unit.key_lpn[0] == '\0')
        TEXT_COPY(turn->unit.key_lpn, turn->unit.lpn);
    turn->unit.generation = turn->unit.generations = 0;
    turn->out->lpns_used++;
    struct event *event = unit_event(turn, EVENT_LPN_ASSIGNED);
    TEXT_COPY(event->text, turn->unit.lpn);
}

int64_t turn_pieces(const struct turn *turn)
{
    const struct product *product = &turn->facts->scanned.product;
    return product->track == TRACK_NONE && product->code_qty > 1 ? product->code_qty : 1;
}

int64_t line_others(const struct rma_line *line, const struct unit *unit)
{
    bool counted = unit != NULL && unit->unit_id != 0 && unit->state != UNIT_VOID && text_equal(unit->line, line->line);
    return line->received + line->received_elsewhere - (counted ? unit->qty : 0);
}

bool retire_label(struct turn *turn, const struct print_job *job)
{
    if (job->job_id == 0)
        return false;
    bool printed = job->state != JOB_QUEUED && job->state != JOB_VOIDED;
    turn->out->jobs[turn->out->job_count++] =
        (struct job_change){.job_id = job->job_id, .state = printed ? JOB_RECALLED : JOB_VOIDED};
    return printed;
}
