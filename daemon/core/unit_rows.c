/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the unit: graded, decided; each chains on until a scan is needed (10-domain §5.3). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"
#include "daemon/core/turn.h"

static void keep_unit(struct turn *turn)
{
    turn->out->unit = turn->unit;
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

void unit_print_label(struct turn *turn)
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
        unit_print_label(turn);
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

void unit_ask_choice(struct turn *turn)
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
        unit_ask_choice(turn);
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

const struct row unit_rows[] = {
    {"grade without serial", BENCH, TRIGGER_COMMAND, VERB_GRADE_A, VERB_GRADE_E, BIT(HAND_INSPECTING),
     .guard = serial_missing, .apply = ask_serial},
    {"grade", BENCH, TRIGGER_COMMAND, VERB_GRADE_A, VERB_GRADE_E, BIT(HAND_INSPECTING), .apply = grade},
    {"disposition that needs a lead", BENCH, TRIGGER_COMMAND, VERB_RESELL, VERB_FORWARD, BIT(HAND_GRADED),
     .guard = needs_lead, .apply = ask_lead},
    {"disposition", BENCH, TRIGGER_COMMAND, VERB_RESELL, VERB_FORWARD, BIT(HAND_GRADED), .guard = is_allowed,
     .apply = choose},
};
const size_t unit_row_count = COUNT_OF(unit_rows);
