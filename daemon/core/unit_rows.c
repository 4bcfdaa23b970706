/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the unit: graded, decided, labelled; each chains on until a scan is needed (10-domain §5.3). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"
#include "daemon/core/turn.h"

#include <stdlib.h>
#include <string.h>

static void keep_unit(struct turn *turn)
{
    turn->out->unit = turn->unit;
}

/* ---- what a decided unit settles, once its label is confirmed or where it needs none ---- */

/* True if this closed its parcel. */
static bool settle_unit(struct turn *turn, const struct container *container, const char *location)
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

static void tell_settled(struct turn *turn, enum action action, bool closed)
{
    const struct unit *unit = &turn->unit;
    const char *place = unit->container[0] != '\0' ? unit->container : unit->location;
    enum message_key key = place[0] == '\0' ? MESSAGE_UNIT_LABELLED
                           : closed         ? MESSAGE_UNIT_CONFIRMED_CLOSED
                                            : MESSAGE_UNIT_CONFIRMED;
    struct message message =
        message_word(message_of(key), 0, "disposition", name_of(&disposition_names, (int)unit->disposition));
    answer(turn, action, SIGNAL_OK, message_text(message_text(message, 1, place), 2, closed ? unit->rma : ""));
}

/* ---- grade, policy, decision ---- */

static enum unit_label label_wanted(const struct turn *turn)
{
    const struct unit *unit = &turn->unit;
    const struct policy *policy = policy_find(turn->facts->rules->policies, unit->policy, unit->policy_version);
    return policy != NULL ? policy->unit_label : UNIT_LABEL_LPN;
}

/* Pieces without numbers of their own go into the lane's tote as they are, where the policy wants no label. */
static bool goes_unlabelled(const struct turn *turn)
{
    return label_wanted(turn) == UNIT_LABEL_NONE && turn_product(turn)->track == TRACK_NONE &&
           turn->unit.generations == 0 && container_fits(turn, &turn->facts->hand_container);
}

static void go_unlabelled(struct turn *turn)
{
    struct event *event = unit_event(turn, EVENT_UNIT_PUTAWAY);
    bool closed = settle_unit(turn, &turn->facts->hand_container, "");
    TEXT_COPY(event->unit.location, turn->unit.location);
    TEXT_COPY(event->unit.container, turn->unit.container);
    tell_settled(turn, turn->out->action, closed);
}

static void print_label(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    if (unit->generations >= 9)
        turn_new_lpn(turn);
    unit->generation = ++unit->generations;
    bool small = label_wanted(turn) == UNIT_LABEL_RESTOCK && disposition_stock(unit->disposition) == STOCK_SELLABLE;
    turn->out->print = (struct print_job){.kind = small ? LABEL_RESTOCK : LABEL_UNIT, .unit_id = unit->unit_id,
                                          .generation = unit->generation, .copy = 1};
    turn->session->last_unit_id = unit->unit_id;
    turn->session->last_parcel_id = 0;
    struct message message = message_of(MESSAGE_UNIT_DECIDED);
    message = message_word(message, 0, "disposition", name_of(&disposition_names, (int)unit->disposition));
    answer(turn, turn->out->action, SIGNAL_OK, message_text(message, 1, unit->lpn));
}

void unit_decide(struct turn *turn, enum disposition disposition, const char *by, enum event_type type)
{
    struct unit *unit = &turn->unit;
    enum disposition prev = unit->disposition;
    unit->disposition = disposition;
    unit->state = UNIT_DECIDED;
    TEXT_COPY(unit->decided_by, by);
    bool unlabelled = goes_unlabelled(turn);
    if (!unlabelled)
        print_label(turn);
    struct event *event = unit_event(turn, type);
    event->trace = &turn->out->trace;
    event->prev = prev;
    if (unlabelled)
        go_unlabelled(turn);
}

enum disposition unit_judge(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    struct policy_case c = turn_case(turn);
    struct policy_result result;
    policy_decide(&c, &result);
    unit->verdict = result.verdict;
    TEXT_COPY(unit->reject_code, result.reject_code);
    TEXT_COPY(unit->policy, result.policy != NULL ? result.policy->id : "");
    unit->policy_version = result.policy != NULL ? result.policy->version : 0;
    unit->needs_lead = result.needs_lead;
    unit->allowed = 0;
    for (int i = 0; i < result.allowed.count; i++)
        unit->allowed |= BIT(result.allowed.items[i]);
    turn->out->trace = result.trace;
    return result.allowed.count == 1 && result.needs_lead == 0 ? result.allowed.items[0] : DISPOSITION_NONE;
}

static void ask_choice(struct turn *turn)
{
    answer(turn, turn->out->action, SIGNAL_ATTENTION,
           message_word(message_of(MESSAGE_UNIT_CHOOSE), 0, "grade", name_of(&grade_names, (int)turn->unit.grade)));
}

void unit_apply_policy(struct turn *turn)
{
    enum disposition only = unit_judge(turn);
    if (only != DISPOSITION_NONE)
        unit_decide(turn, only, "policy", EVENT_UNIT_DISPOSITION_DECIDED);
    else
        ask_choice(turn);
}

static bool serial_missing(const struct turn *turn)
{
    return turn->facts->hand_unit.product.track == TRACK_SERIAL && turn->unit.serial[0] == '\0' &&
           !text_equal(turn->unit.problem, PROBLEM_ILLEGIBLE);
}

static void ask_serial(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_UNIT_SERIAL_NEEDED));
}

static void grade(struct turn *turn)
{
    inspect_grade(turn, (enum grade)(GRADE_A + (int)(turn->verb - VERB_GRADE_A)));
}

enum disposition disposition_of(enum verb verb)
{
    static const enum disposition by_verb[] = {
        [VERB_RESELL - VERB_RESELL] = DISPOSITION_RESELL,
        [VERB_RESELL_B - VERB_RESELL] = DISPOSITION_RESELL_B,
        [VERB_REFURBISH - VERB_RESELL] = DISPOSITION_REFURBISH,
        [VERB_PARTS - VERB_RESELL] = DISPOSITION_PARTS,
        [VERB_LIQUIDATE - VERB_RESELL] = DISPOSITION_LIQUIDATE,
        [VERB_DONATE - VERB_RESELL] = DISPOSITION_DONATE,
        [VERB_RECYCLE - VERB_RESELL] = DISPOSITION_RECYCLE,
        [VERB_DESTROY - VERB_RESELL] = DISPOSITION_DESTROY,
        [VERB_QUARANTINE - VERB_RESELL] = DISPOSITION_QUARANTINE,
        [VERB_RETURN_TO_VENDOR - VERB_RESELL] = DISPOSITION_RETURN_TO_VENDOR,
        [VERB_RETURN_TO_CUSTOMER - VERB_RESELL] = DISPOSITION_RETURN_TO_CUSTOMER,
        [VERB_FORWARD - VERB_RESELL] = DISPOSITION_FORWARD,
    };
    return by_verb[verb - VERB_RESELL];
}

static bool is_allowed(const struct turn *turn)
{
    return (turn->unit.allowed & BIT(disposition_of(turn->verb))) != 0;
}

static void choose(struct turn *turn)
{
    enum disposition disposition = disposition_of(turn->verb);
    turn->out->action = ACTION_DECIDE;
    struct trace *trace = &turn->out->trace;
    *trace = turn->facts->hand_trace;
    if (trace->count > 0 && trace->steps[trace->count - 1].key == MESSAGE_RULE_CHOSEN)
        trace->count--; /* of a choice that was undone */
    if (trace->count < TRACE_MAX)
        trace->steps[trace->count++] = message_word(message_of(MESSAGE_RULE_CHOSEN), 0, "disposition",
                                                    name_of(&disposition_names, (int)disposition));
    bool as_lead = (turn->unit.needs_lead & BIT(disposition)) != 0;
    unit_decide(turn, disposition, as_lead ? "lead" : "operator", EVENT_UNIT_DISPOSITION_DECIDED);
    keep_unit(turn);
}

/* Above a limit of value or law a lead chooses. */
static bool needs_lead(const struct turn *turn)
{
    return is_allowed(turn) && (turn->unit.needs_lead & BIT(disposition_of(turn->verb))) != 0 && !turn_has_lead(turn);
}

static void ask_lead(struct turn *turn)
{
    refuse_without_lead(turn, message_word(message_of(MESSAGE_UNIT_NEEDS_LEAD), 0, "disposition",
                                           name_of(&disposition_names, (int)disposition_of(turn->verb))));
}

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
    if (unit->state == UNIT_GRADED) {
        ask_choice(turn);
        return;
    }
    print_label(turn);
    struct message message = message_text(message_of(MESSAGE_UNIT_RELABEL), 0, unit->lpn);
    answer(turn, ACTION_RELABEL, SIGNAL_STOP,
           message_word(message, 1, "disposition", name_of(&disposition_names, (int)unit->disposition)));
    keep_unit(turn);
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

/* The label of the unit in turn->unit is on it. */
static void label_is_on(struct turn *turn, bool preprinted)
{
    unit_event(turn, EVENT_UNIT_LABEL_CONFIRMED)->preprinted = preprinted;
    const struct container *tote = is_pending(turn) ? &turn->facts->await : &turn->facts->hand_container;
    const char *location = turn->session->location[0] != '\0' ? turn->session->location : turn->facts->rules->location;
    bool closed = settle_unit(turn, container_fits(turn, tote) ? tote : NULL, location);
    tell_settled(turn, ACTION_CONFIRM, closed);
    keep_unit(turn);
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

/* The numbers of rolls are above those that a station counts up to (docs/labels.md). */
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

static void where(struct turn *turn)
{
    const struct unit *unit = scanned_unit(turn);
    if (unit->state == UNIT_DESTROYED || (unit->state == UNIT_RELEASED && unit->disposition != DISPOSITION_REFURBISH)) {
        answer(turn, ACTION_ASK, SIGNAL_INFO, message_text(message_of(MESSAGE_UNIT_GONE), 0, unit->lpn));
        return;
    }
    bool workshop = unit->disposition == DISPOSITION_REFURBISH && unit->state >= UNIT_DONE;
    struct message message =
        message_text(message_of(workshop ? MESSAGE_UNIT_WORKSHOP : MESSAGE_UNIT_WHERE), 0, unit->lpn);
    message = message_word(message, 1, "disposition", name_of(&disposition_names, (int)unit->disposition));
    ask(turn, PENDING_UNIT, unit->unit_id, message_text(message, 2, unit->location));
    turn->out->signal = SIGNAL_INFO;
}

static void label_unknown(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_LABEL_UNKNOWN), 0, turn->facts->scanned.code));
}

const struct row unit_rows[] = {
    {"grade without serial", BENCH, TRIGGER_COMMAND, VERB_GRADE_A, VERB_GRADE_E, BIT(HAND_INSPECTING),
     .guard = serial_missing, .apply = ask_serial},
    {"grade", BENCH, TRIGGER_COMMAND, VERB_GRADE_A, VERB_GRADE_E, BIT(HAND_INSPECTING), .apply = grade},
    {"disposition that needs a lead", BENCH, TRIGGER_COMMAND, VERB_RESELL, VERB_FORWARD, BIT(HAND_GRADED),
     .guard = needs_lead, .apply = ask_lead},
    {"disposition", BENCH, TRIGGER_COMMAND, VERB_RESELL, VERB_FORWARD, BIT(HAND_GRADED), .guard = is_allowed,
     .apply = choose},
    {"label of another unit", EITHER, TRIGGER_LPN, .hands = WITH_UNIT, .guard = is_other_unit, .apply = label_of_other},
    {"decided anew by the ERP", BENCH, TRIGGER_LPN, .hands = BIT(HAND_DECIDED) | NO_UNIT, .guard = is_decided_anew,
     .apply = relabel},
    {"old label", EITHER, TRIGGER_LPN, .hands = ANY_HAND, .guard = is_old_label, .apply = old_label},
    {"label not printed yet", EITHER, TRIGGER_LPN, .hands = ANY_HAND, .guard = not_printed, .apply = label_not_printed},
    {"label scanned back", BENCH, TRIGGER_LPN, .hands = BIT(HAND_DECIDED) | NO_UNIT, .guard = waits_for_label,
     .apply = confirm},
    {"where does it go", EITHER, TRIGGER_LPN, .hands = ANY_HAND, .apply = where},
    {"label off a roll, used before", BENCH, TRIGGER_LPN_UNKNOWN, .hands = BIT(HAND_DECIDED), .guard = was_used,
     .apply = used_label},
    {"label off a roll", BENCH, TRIGGER_LPN_UNKNOWN, .hands = BIT(HAND_DECIDED), .guard = is_of_a_roll,
     .apply = take_roll_label},
    {"label of no unit", EITHER, TRIGGER_LPN_UNKNOWN, .hands = ANY_HAND, .apply = label_unknown},
};
const size_t unit_row_count = COUNT_OF(unit_rows);
