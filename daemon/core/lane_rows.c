/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the lane itself: people, modes, questions, UNDO, REPRINT, and the refusals that every state shares. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"
#include "daemon/core/workflow.h"

static struct event *tell_out(struct turn *turn)
{
    struct event *event = outcome_event(turn->out, EVENT_OPERATOR_SIGNED_OUT);
    TEXT_COPY(event->text, turn->session->operator_id);
    event->roles = turn->facts->operator.roles;
    return event;
}

/* On an occupied lane the badge takes over what is in hand. */
static void badge_in(struct turn *turn)
{
    const struct operator *person = &turn->facts->scanned.badge;
    if (turn->session->operator_id[0] != '\0' && !text_equal(turn->session->operator_id, person->id))
        TEXT_COPY(tell_out(turn)->reason, "taken_over");
    TEXT_COPY(turn->session->operator_id, person->id);
    struct event *event = outcome_event(turn->out, EVENT_OPERATOR_SIGNED_IN);
    TEXT_COPY(event->text, person->id);
    event->roles = person->roles;
    answer(turn, ACTION_SIGN_IN, SIGNAL_OK, message_text(message_of(MESSAGE_SIGNED_IN), 0, person->name));
}

/* ---- SUPER: a lead allows what was refused, and nothing else ---- */

static void ask_lead(struct turn *turn)
{
    turn->session->pending = PENDING_BADGE;
    turn->session->pending_tick = turn->facts->when.tick;
    answer(turn, ACTION_ASK, SIGNAL_ATTENTION, message_of(MESSAGE_LEAD_NEEDED));
}

static bool is_lead(const struct turn *turn)
{
    return (turn->facts->scanned.badge.roles & BIT(ROLE_LEAD)) != 0;
}

static void lead_allows(struct turn *turn)
{
    turn->out->apply_kept = true;
}

static void not_a_lead(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_NOT_A_LEAD), 0, turn->facts->scanned.badge.name));
}

static void badge_unknown(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_BADGE_UNKNOWN));
}

static bool somebody_is_here(const struct turn *turn)
{
    return turn->session->operator_id[0] != '\0';
}

/* The lane's hold on its parcel ends; a unit in hand stays for whoever comes next. */
static void badge_out(struct turn *turn)
{
    tell_out(turn);
    struct event *report = outcome_event(turn->out, EVENT_SHIFT_REPORT);
    report->shift = &turn->facts->shift;
    TEXT_COPY(report->last_hash, turn->facts->last_hash);
    turn->session->operator_id[0] = '\0';
    turn->session->load_id = 0;
    if (turn->hand <= HAND_PARCEL)
        turn->session->parcel_id = 0;
    answer(turn, ACTION_SIGN_OUT, SIGNAL_OK, message_of(MESSAGE_SIGNED_OUT));
}

static void ask_out(struct turn *turn)
{
    ask(turn, PENDING_LOGOUT, 0, message_text(message_of(MESSAGE_OUT_UNLABELLED), 0, turn->unit.sku));
}

static void change_mode(struct turn *turn)
{
    if (turn->facts->rules->mode != LANE_COMBINED) {
        refuse(turn, message_of(MESSAGE_MODE_FIXED));
        return;
    }
    bool dock = turn->verb == VERB_DOCK;
    turn->session->mode = dock ? LANE_DOCK : LANE_BENCH;
    answer(turn, ACTION_MODE, SIGNAL_OK, message_of(dock ? MESSAGE_MODE_DOCK : MESSAGE_MODE_BENCH));
}

static void cancel_question(struct turn *turn)
{
    answer(turn, ACTION_RELEASE, SIGNAL_OK, message_of(MESSAGE_CANCELLED));
}

static bool was_asked(const struct turn *turn)
{
    return turn->asked != PENDING_NONE && turn->asked != PENDING_INFO;
}

static void tell_next(struct turn *turn)
{
    struct message next =
        workflow_next(turn->session, turn->facts->rules, &turn->parcel, &turn->facts->hand_unit);
    answer(turn, ACTION_ASK, SIGNAL_INFO, next);
}

/* INFO again: why, rule by rule. next: the rule of the unit's trace that the next INFO tells. */
static void offer_more(struct turn *turn, int64_t next, struct message message)
{
    ask(turn, PENDING_INFO, next, message);
    turn->out->signal = SIGNAL_INFO;
}

static void tell_unit(struct turn *turn)
{
    const struct unit *unit = &turn->unit;
    if (unit->disposition == DISPOSITION_NONE) {
        struct message message = message_text(message_text(message_of(MESSAGE_INFO_UNIT), 0, unit->sku), 1, unit->lpn);
        message = message_word(message, 2, "unit_state", name_of(&unit_state_names, (int)unit->state));
        answer(turn, ACTION_ASK, SIGNAL_INFO, message);
        return;
    }
    struct message message = message_text(message_of(MESSAGE_INFO_DECIDED), 0, unit->sku);
    message = message_word(message, 1, "disposition", name_of(&disposition_names, (int)unit->disposition));
    offer_more(turn, 0, message_number(message, 2, turn->facts->hand_trace.count));
}

/* What is in hand: the unit, else the parcel, else the load. */
static void tell_hand(struct turn *turn)
{
    const struct load *load = &turn->facts->hand_load;
    struct message message = message_of(MESSAGE_INFO_NOTHING);
    if ((BIT(turn->hand) & WITH_UNIT) != 0) {
        tell_unit(turn);
        return;
    }
    if (turn->hand == HAND_PARCEL)
        message = message_number(message_number(message_text(message_of(MESSAGE_INFO_PARCEL), 0, turn->parcel.code), 1,
                                                turn->parcel.units), 2, parcel_missing(turn));
    else if (load->state == LOAD_OPEN)
        message = message_number(message_text(message_of(MESSAGE_LOAD_SO_FAR), 0, load->code), 1, load->arrived);
    answer(turn, ACTION_ASK, SIGNAL_INFO, message);
}

static bool has_more(const struct turn *turn)
{
    return turn->unit.unit_id != 0 && turn->asked_id < turn->facts->hand_trace.count;
}

static void tell_why(struct turn *turn)
{
    offer_more(turn, turn->asked_id + 1, turn->facts->hand_trace.steps[turn->asked_id]);
}

/* A label of a unit is printed again only while its decision stands; a parcel's label always. */
static bool can_reprint(const struct turn *turn)
{
    const struct print_job *job = &turn->facts->last_job;
    return job->job_id != 0 && job->state != JOB_RECALLED && (job->state != JOB_VOIDED || job->aged);
}

static void reprint(struct turn *turn)
{
    struct print_job *copy = &turn->out->print;
    *copy = turn->facts->last_job;
    copy->job_id = 0;
    copy->copy++;
    copy->state = JOB_QUEUED;
    copy->aged = false;
    struct message message = message_text(message_of(MESSAGE_LABEL_REPRINTED), 0, turn->facts->last_job_code);
    answer(turn, ACTION_REPRINT, SIGNAL_OK, message_number(message, 1, copy->copy));
}

static void nothing_to_reprint(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_LABEL_NONE));
}

static void nothing_to_do(struct turn *turn)
{
    answer(turn, ACTION_ASK, SIGNAL_INFO, message_of(MESSAGE_NOTHING_TO_DO));
}

const struct row lane_rows[] = {
    {"supervisor", EITHER, TRIGGER_COMMAND, VERB_SUPER, VERB_SUPER, ANY_HAND, PENDING_LEAD, .apply = ask_lead},
    {"lead allows it", EITHER, TRIGGER_BADGE, .hands = ANY_HAND, .asked = PENDING_BADGE, .guard = is_lead,
     .apply = lead_allows},
    {"not a lead", EITHER, TRIGGER_BADGE, .hands = ANY_HAND, .asked = PENDING_BADGE, .apply = not_a_lead},
    {"badge in", EITHER, TRIGGER_BADGE, .hands = ANY_HAND, .apply = badge_in},
    {"badge unknown", EITHER, TRIGGER_BADGE_UNKNOWN, .hands = ANY_HAND, .apply = badge_unknown},
    {"sign out all the same", EITHER, COMMAND(OK), WITH_UNIT, PENDING_LOGOUT, .guard = somebody_is_here,
     .apply = badge_out},
    {"sign out with a unit in hand", EITHER, COMMAND(LOGOUT), WITH_UNIT, .guard = somebody_is_here, .apply = ask_out},
    {"sign out", EITHER, TRIGGER_COMMAND, VERB_LOGOUT, VERB_LOGOUT, ANY_HAND, .guard = somebody_is_here,
     .apply = badge_out},
    {"dock or bench", EITHER, TRIGGER_COMMAND, VERB_DOCK, VERB_BENCH, ANY_HAND, .apply = change_mode},
    {"cancel a question", EITHER, TRIGGER_COMMAND, VERB_UNDO, VERB_UNDO, ANY_HAND, .guard = was_asked,
     .apply = cancel_question},
    {"undo", EITHER, TRIGGER_COMMAND, VERB_UNDO, VERB_UNDO, ANY_HAND, .apply = undo_apply},
    {"reprint", EITHER, TRIGGER_COMMAND, VERB_REPRINT, VERB_REPRINT, ANY_HAND, .guard = can_reprint, .apply = reprint},
    {"nothing to reprint", EITHER, TRIGGER_COMMAND, VERB_REPRINT, VERB_REPRINT, ANY_HAND, .apply = nothing_to_reprint},
    {"why it is so", EITHER, COMMAND(INFO), WITH_UNIT, PENDING_INFO, .guard = has_more, .apply = tell_why},
    {"what is in hand", EITHER, COMMAND(INFO), ANY_HAND, .apply = tell_hand},
    {"help", EITHER, COMMAND(HELP), ANY_HAND, .apply = tell_next},
};
const size_t lane_row_count = COUNT_OF(lane_rows);

/* ---- what no other row took ---- */

static void refuse_code(struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    const char *why = scanned->count > 0 ? scanned->candidates[0].detail : "unreadable";
    struct message message = message_text(message_of(MESSAGE_REFUSED_CODE), 0, scanned->code);
    if (scanned->too_long || text_equal(why, "too_long"))
        message = message_number(message_number(message_of(MESSAGE_TOO_LONG), 0, (int64_t)scanned->total), 1,
                                 VALUE_SIZE - 1);
    else if (text_equal(why, "unreadable"))
        message = message_of(MESSAGE_UNREADABLE);
    else if (text_equal(why, "check_digit"))
        message = message_text(message_of(MESSAGE_CHECK_DIGIT), 0, scanned->code);
    else
        message = message_text(message, 1, why);
    struct event *event = outcome_event(turn->out, EVENT_SCAN_REJECTED);
    TEXT_COPY(event->text, scanned->code);
    TEXT_COPY(event->reason, why);
    refuse(turn, message);
}

static void refuse_unknown(struct turn *turn)
{
    struct event *event = outcome_event(turn->out, EVENT_SCAN_REJECTED);
    TEXT_COPY(event->text, turn->facts->scanned.code);
    TEXT_COPY(event->reason, "unknown");
    refuse(turn, message_text(message_of(MESSAGE_UNKNOWN_CODE), 0, turn->facts->scanned.code));
}

static void refuse_command(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_NOT_HERE));
}

const struct row last_rows[] = {
    {"nothing asked", EITHER, TRIGGER_COMMAND, VERB_OK, VERB_OK, ANY_HAND, .apply = nothing_to_do},
    {"not in this state", EITHER, TRIGGER_COMMAND, VERB_NONE, VERB_COUNT, ANY_HAND, .apply = refuse_command},
    {"refused code", EITHER, TRIGGER_REFUSED, .hands = ANY_HAND, .apply = refuse_code},
    {"unknown code", EITHER, TRIGGER_UNKNOWN, .hands = ANY_HAND, .apply = refuse_unknown},
};
const size_t last_row_count = COUNT_OF(last_rows);
