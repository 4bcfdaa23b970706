/* SPDX-License-Identifier: Apache-2.0 */
/* UNDO: the lane's last step is taken back by a new journal row. History is never rewritten; counters only go up. */
#include "base/text.h"
#include "daemon/core/turn.h"

static struct stock_place place_of(const struct unit *unit)
{
    struct stock_place place = {.status = unit->status};
    TEXT_COPY(place.location, unit->location);
    TEXT_COPY(place.container, unit->container);
    return place;
}

/* The unit as it was, but for what only ever grows: label generations, outcomes. A unit made by the step is void. */
static struct unit restored_unit(const struct undo_facts *undo)
{
    struct unit unit = undo->unit_before;
    if (unit.unit_id == 0) {
        unit = undo->unit_now;
        unit.state = UNIT_VOID;
        unit.status = STOCK_NONE;
        unit.location[0] = unit.container[0] = '\0';
    }
    if (text_equal(unit.lpn, undo->unit_now.lpn))
        unit.generations = undo->unit_now.generations;
    unit.outcomes = undo->unit_now.outcomes;
    return unit;
}

static struct parcel restored_parcel(const struct undo_facts *undo)
{
    struct parcel parcel = undo->parcel_before;
    if (parcel.parcel_id == 0) {
        parcel = undo->parcel_now;
        parcel.state = PARCEL_EXPECTED;
        parcel.load_id = 0;
    }
    parcel.open_units = undo->parcel_now.open_units;
    return parcel;
}

static bool is_of_parcel(enum event_type type)
{
    return (type >= EVENT_PARCEL_RECEIVED && type <= EVENT_PARCEL_REOPENED) || type == EVENT_LINE_SHORT ||
           type == EVENT_LINE_MISSING;
}

/* The event to correct: a unit that was told anew after a correction is corrected by what was told last. */
static int64_t told_by(const struct turn *turn, size_t i)
{
    const struct facts *facts = turn->facts;
    bool anew = facts->undo.events[i].type == EVENT_UNIT_IDENTIFIED && facts->identified_event != 0 &&
                facts->hand_unit.unit.unit_id == facts->undo.unit_now.unit_id;
    return anew ? facts->identified_event : facts->undo.events[i].sequence;
}

static bool is_of_load(enum event_type type)
{
    return type == EVENT_LOAD_OPENED || type == EVENT_LOAD_CLOSED;
}

/* The event that corrects one of this type, about what the step was about. */
static struct event *correction(struct turn *turn, const struct undo_facts *undo, enum event_type type)
{
    if (is_of_load(type)) {
        struct event *event = outcome_event(turn->out, type);
        event->load = &turn->out->load;
        return event;
    }
    bool of_parcel = undo->unit_now.unit_id == 0 || is_of_parcel(type);
    return of_parcel ? parcel_event(turn, type) : unit_event(turn, type);
}

static void reopen_rma(struct turn *turn, struct event *event, const char *number)
{
    const struct rma *rma = turn_rma(turn, number);
    if (rma != NULL)
        event->rma = rma;
    TEXT_COPY(turn->out->reopened_rma, number);
}

static void correct_events(struct turn *turn, const struct undo_facts *undo)
{
    for (size_t i = 0; i < undo->event_count; i++) {
        if (!event_correctable(undo->events[i].type))
            continue;
        struct event *event = correction(turn, undo, undo->events[i].type);
        event->corrects = told_by(turn, i);
        TEXT_COPY(event->reason, "did_not_occur");
        if (undo->events[i].type == EVENT_RMA_COMPLETED)
            reopen_rma(turn, event, undo->events[i].rma);
    }
}

/* The label: a scan-back undone makes it "printed" again; a decision undone makes it worthless. */
static enum job_state job_after(const struct undo_facts *undo, const struct unit *restored)
{
    if (undo->job.job_id == 0 || undo->unit_now.state < UNIT_DECIDED)
        return undo->job.state;
    bool same_label = restored->generation == undo->unit_now.generation;
    if (same_label && restored->state == UNIT_DECIDED)
        return undo->job.state == JOB_CONFIRMED ? JOB_PRINTED : undo->job.state;
    if (same_label && restored->state == UNIT_LABELLED) /* it was put away, and is not: the label stays on it */
        return undo->job.state;
    return undo->job.state == JOB_QUEUED || undo->job.state == JOB_VOIDED ? JOB_VOIDED : JOB_RECALLED;
}

/* The first label was called back when the second was made: the decision that stands again gets a third. */
static void print_again(struct turn *turn, const struct undo_facts *undo, struct unit *unit)
{
    if (unit->generations >= 9) { /* its numbers are used up: another LPN, as for any tenth label */
        turn->unit = *unit;
        turn_new_lpn(turn);
        *unit = turn->unit;
    }
    unit->generation = ++unit->generations;
    turn->out->print =
        (struct print_job){.kind = undo->job.kind, .unit_id = unit->unit_id, .generation = unit->generation, .copy = 1};
}

/* Steps that answer questions take their answers with them; the first of them leaves none. */
static void restore_answers(struct turn *turn, const struct undo_facts *undo)
{
    if (undo->inspection_before.unit_id == 0 && undo->action != ACTION_GRADE && undo->action != ACTION_ANSWER)
        return;
    turn->out->inspection = undo->inspection_before;
    turn->out->inspection.unit_id = undo->unit_now.unit_id;
}

/* The line that a unit comes back to when it is there after all (VOID), what it seemed (OTHER) or as many as before
   (a count); NULL = none. */
static const struct rma_line *line_again(const struct turn *turn, const struct undo_facts *undo)
{
    if (undo->action != ACTION_VOID && undo->action != ACTION_CORRECT && undo->action != ACTION_COUNT_PIECES)
        return NULL;
    const struct rma *rma = turn_rma(turn, undo->unit_before.rma);
    return rma != NULL ? rma_find_line(rma, undo->unit_before.line) : NULL;
}

/* True if the carrier's label must come off: it goes with the confirmation it was printed after. */
static bool undo_unit(struct turn *turn, const struct undo_facts *undo)
{
    struct unit before = restored_unit(undo);
    turn->unit = undo->unit_now;
    correct_events(turn, undo);
    struct stock_place to = place_of(&before), from = place_of(&undo->unit_now);
    if (to.status != from.status || !text_equal(to.location, from.location) ||
        !text_equal(to.container, from.container))
        stock_move(turn, &to, true);
    before.stock_moves = turn->unit.stock_moves;
    enum job_state after = job_after(undo, &before);
    if (undo->job.job_id != 0 && (after != undo->job.state || undo->job.aged))
        turn->out->jobs[turn->out->job_count++] = (struct job_change){.job_id = undo->job.job_id, .state = after};
    bool comes_off = before.state <= UNIT_DECIDED && carrier_retire(turn, &undo->carrier);
    if (before.state == UNIT_DECIDED && before.generation != undo->unit_now.generation)
        print_again(turn, undo, &before);
    restore_answers(turn, undo);
    turn->unit = before;
    turn->out->unit = before;
    const struct rma_line *line = line_again(turn, undo);
    if (line != NULL && before.problem[0] == '\0')
        tell_identified(turn, line_others(line, &undo->unit_now) + before.qty, line->qty);
    bool in_hand = before.state <= UNIT_DECIDED;
    turn->session->unit_id = in_hand ? before.unit_id : 0;
    if (in_hand || undo->unit_before.unit_id == 0)
        turn->session->parcel_id = before.parcel_id;
    return comes_off;
}

static void undo_parcel(struct turn *turn, const struct undo_facts *undo)
{
    struct session *session = turn->session;
    turn->parcel = restored_parcel(undo);
    turn->out->parcel = turn->parcel;
    turn->out->unlinks = undo->action == ACTION_LINK;
    if (undo->action == ACTION_EMPTY)
        parcel_event(turn, EVENT_PARCEL_REOPENED);
    if (undo->unit_now.unit_id == 0)
        retire_label(turn, &undo->job); /* that the step had printed for the parcel */
    if (turn->parcel.state == PARCEL_OPEN && undo->parcel_now.state != PARCEL_OPEN)
        session->parcel_id = turn->parcel.parcel_id;
    else if (undo->unit_now.unit_id == 0 && session->parcel_id == turn->parcel.parcel_id)
        session->parcel_id = 0;
}

/* A photo is taken off, and nothing else is other than it was. Its file stays. */
static void undo_photo(struct turn *turn, const struct undo_facts *undo)
{
    turn->unit = undo->unit_now;
    correct_events(turn, undo);
    turn->out->unit = undo->unit_now;
    turn->out->parcel = undo->parcel_now;
}

/* A load is as it was before, but for what the ERP told of it meanwhile; parcels that came with it still did. */
static void undo_load(struct turn *turn, const struct undo_facts *undo)
{
    struct load *load = &turn->out->load;
    *load = undo->load_now;
    load->state = undo->load_before.state;
    load->opened_at = undo->load_before.opened_at;
    load->closed_at = undo->load_before.closed_at;
    turn->session->load_id = load->state == LOAD_OPEN ? load->load_id : 0;
}

static bool is_load_step(enum action action)
{
    return action == ACTION_LOAD_OPEN || action == ACTION_LOAD_CLOSE;
}

/* Why the step cannot be taken back by anybody; MESSAGE_NONE = it can. */
static struct message impossible(const struct turn *turn, const struct undo_facts *undo)
{
    const struct rma_line *line = line_again(turn, undo);
    bool full = line != NULL && line_others(line, &undo->unit_now) + undo->unit_before.qty > line->qty; /* meanwhile */
    if (undo->journal == 0)
        return message_of(MESSAGE_UNDO_NOTHING);
    if (undo->unit_now.state == UNIT_RELEASED || undo->unit_now.state == UNIT_DESTROYED)
        return message_text(message_of(MESSAGE_UNIT_GONE), 0, undo->unit_now.lpn);
    if (undo->action == ACTION_BATCH_ADD && undo->batch.state != BATCH_OPEN)
        return message_text(message_of(MESSAGE_UNDO_SEALED), 0, undo->batch.code);
    return message_of(undo->later || undo->load_later || full ? MESSAGE_UNDO_LATER : MESSAGE_NONE);
}

/* Why only a lead may take it back; MESSAGE_NONE = this operator may. */
static struct message reserved(const struct turn *turn, const struct undo_facts *undo)
{
    if (!text_equal(undo->operator_id, turn->session->operator_id))
        return message_of(MESSAGE_UNDO_NOT_YOURS);
    bool closed = undo->container.container_id != 0 && undo->container.state != CONTAINER_OPEN;
    return closed ? message_text(message_of(MESSAGE_UNDO_CONTAINER), 0, undo->container.code)
                  : message_of(MESSAGE_NONE);
}

static bool may_undo(struct turn *turn, const struct undo_facts *undo)
{
    struct message never = impossible(turn, undo), lead = reserved(turn, undo);
    if (never.key != MESSAGE_NONE)
        refuse(turn, never);
    else if (lead.key != MESSAGE_NONE && !turn_has_lead(turn))
        refuse_without_lead(turn, lead);
    else
        return true;
    return false;
}

/* The exception that the step had opened is none. */
static void tell_resolved(struct turn *turn, const struct undo_facts *undo)
{
    struct event *event = undo->unit_now.unit_id != 0 ? unit_event(turn, EVENT_EXCEPTION_RESOLVED)
                                                      : parcel_event(turn, EVENT_EXCEPTION_RESOLVED);
    TEXT_COPY(event->text, undo->exception);
    TEXT_COPY(event->reason, "undone");
}

/* Taken back; and which label is to be thrown away now. */
static void tell_undone(struct turn *turn, const struct undo_facts *undo, bool carrier_off)
{
    const struct job_change *job = &turn->out->jobs[0];
    bool recalled =
        turn->out->job_count > 0 && job->job_id == undo->job.job_id && job->state == JOB_RECALLED;
    const char *code = undo->unit_now.unit_id != 0 ? undo->unit_now.lpn : undo->parcel_now.code;
    struct message done =
        message_word(message_of(MESSAGE_UNDO_DONE), 0, "action", name_of(&action_names, (int)undo->action));
    if (recalled)
        done = message_text(message_of(MESSAGE_UNDO_THROW_LABEL), 0, code);
    else if (carrier_off)
        done = message_text(message_of(MESSAGE_CARRIER_OFF), 0, code);
    answer(turn, ACTION_UNDO, recalled || carrier_off ? SIGNAL_ATTENTION : SIGNAL_OK, done);
}

/* True if the carrier's label must come off. */
static bool undo_step(struct turn *turn, const struct undo_facts *undo)
{
    bool carrier_off = false;
    if (is_load_step(undo->action))
        undo_load(turn, undo);
    if (undo->unit_now.unit_id != 0)
        carrier_off = undo_unit(turn, undo);
    else
        correct_events(turn, undo);
    if (undo->parcel_now.parcel_id != 0)
        undo_parcel(turn, undo);
    return carrier_off;
}

void undo_apply(struct turn *turn)
{
    const struct undo_facts *undo = &turn->facts->undo;
    bool carrier_off = false;
    if (!may_undo(turn, undo))
        return;
    turn->parcel = turn->facts->scanned.parcel.parcel;
    if (undo->action == ACTION_PHOTO)
        undo_photo(turn, undo);
    else
        carrier_off = undo_step(turn, undo);
    turn->out->undoes = undo->journal;
    if (undo->exception[0] != '\0')
        tell_resolved(turn, undo);
    tell_undone(turn, undo, carrier_off);
}
