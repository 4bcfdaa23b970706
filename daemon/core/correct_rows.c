/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that correct a unit: another disposition, another grade, another item than it seemed, a repair (10-domain §5.3).
 */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

static struct message with_disposition(enum message_key key, enum disposition disposition)
{
    return message_word(message_of(key), 0, "disposition", name_of(&disposition_names, (int)disposition));
}

/* ---- another disposition ---- */

static bool is_allowed(const struct turn *turn)
{
    return (turn->unit.allowed & BIT(disposition_of(turn->verb))) != 0;
}

static bool is_banned(const struct turn *turn)
{
    struct policy_case c = turn_case(turn);
    return (policy_bans(&c) & BIT(disposition_of(turn->verb))) != 0;
}

static void trace_choice(struct turn *turn, enum message_key key)
{
    struct trace *trace = &turn->out->trace;
    *trace = turn->facts->hand_trace;
    if (trace->count > 0 && (trace->steps[trace->count - 1].key == MESSAGE_RULE_CHOSEN ||
                             trace->steps[trace->count - 1].key == MESSAGE_RULE_LEAD))
        trace->count--; /* the last choice counts */
    if (trace->count < TRACE_MAX)
        trace->steps[trace->count++] = with_disposition(key, disposition_of(turn->verb));
}

/* What the policy does not propose a lead may choose, unless it is banned. */
static bool may_choose(struct turn *turn)
{
    enum disposition disposition = disposition_of(turn->verb);
    if (is_banned(turn)) {
        refuse(turn, with_disposition(MESSAGE_UNIT_BANNED, disposition));
        return false;
    }
    bool needs_lead = !is_allowed(turn) || (turn->unit.needs_lead & BIT(disposition)) != 0;
    if (needs_lead && !turn_has_lead(turn)) {
        enum message_key why = is_allowed(turn) ? MESSAGE_UNIT_NEEDS_LEAD : MESSAGE_UNIT_NOT_ALLOWED;
        refuse_without_lead(turn, with_disposition(why, disposition));
        return false;
    }
    return true;
}

static void choose_as_lead(struct turn *turn)
{
    if (!may_choose(turn))
        return;
    turn->out->action = ACTION_DECIDE;
    trace_choice(turn, MESSAGE_RULE_LEAD);
    unit_decide(turn, disposition_of(turn->verb), "lead", EVENT_UNIT_DISPOSITION_DECIDED);
    turn->out->unit = turn->unit;
}

static bool not_allowed(const struct turn *turn)
{
    return !is_allowed(turn);
}

static void override(struct turn *turn)
{
    enum disposition disposition = disposition_of(turn->verb);
    if (turn->unit.disposition == disposition) {
        answer(turn, ACTION_ASK, SIGNAL_INFO, with_disposition(MESSAGE_UNIT_ALREADY, disposition));
        return;
    }
    if (!may_choose(turn))
        return;
    turn->out->action = ACTION_OVERRIDE;
    trace_choice(turn, is_allowed(turn) ? MESSAGE_RULE_CHOSEN : MESSAGE_RULE_LEAD);
    bool throw_away = retire_label(turn, &turn->facts->hand_unit.job);
    carrier_retire(turn, &turn->facts->hand_unit.carrier);
    unit_decide(turn, disposition, is_allowed(turn) ? "operator" : "lead", EVENT_UNIT_DISPOSITION_OVERRIDDEN);
    if (throw_away)
        answer(turn, ACTION_OVERRIDE, SIGNAL_ATTENTION,
               message_text(with_disposition(MESSAGE_UNIT_OVERRIDDEN, disposition), 1, turn->unit.lpn));
    turn->out->unit = turn->unit;
}

/* ---- another grade, later: its label and the new grade ---- */

static bool is_own_today(const struct turn *turn)
{
    const struct unit *unit = &turn->facts->asked_unit.unit;
    return text_equal(unit->inspector, turn->session->operator_id) &&
           clock_day(unit->graded_at) == clock_day(turn->facts->when.now);
}

static bool can_regrade(const struct turn *turn)
{
    enum unit_state state = turn->facts->asked_unit.unit.state;
    return state == UNIT_LABELLED || state == UNIT_DONE;
}

void leave_stock(struct turn *turn)
{
    if (turn->unit.container[0] != '\0')
        unit_event(turn, EVENT_CONTAINER_UNIT_REMOVED);
    if (turn->unit.status != STOCK_NONE)
        stock_move(turn, &(struct stock_place){.status = STOCK_NONE}, true);
}

static void regrade(struct turn *turn)
{
    turn->unit = turn->facts->asked_unit.unit;
    if (!is_own_today(turn) && !turn_has_lead(turn)) {
        refuse_without_lead(turn, message_text(message_of(MESSAGE_UNIT_REGRADE_LEAD), 0, turn->unit.lpn));
        return;
    }
    enum grade before = turn->unit.grade;
    turn->out->action = ACTION_REGRADE;
    inspect_regrade(turn, (enum grade)(GRADE_A + (int)(turn->verb - VERB_GRADE_A)));
    turn->unit.state = UNIT_GRADED;
    struct event *event = unit_event(turn, EVENT_UNIT_REGRADED);
    event->prev_grade = before;
    event->inspection = turn_inspection(turn);
    event->checklist = turn_case(turn).checklist;
    leave_stock(turn);
    turn->session->unit_id = turn->unit.unit_id;
    bool came_out = carrier_retire(turn, &turn->facts->asked_unit.carrier);
    unit_apply_policy(turn);
    if (came_out)
        answer(turn, turn->out->action, SIGNAL_ATTENTION,
               message_text(message_of(MESSAGE_CARRIER_OFF), 0, turn->unit.lpn));
    turn->out->unit = turn->unit;
}

/* ---- back from the workshop: its label and the result ---- */

static bool can_be_repaired(const struct turn *turn)
{
    const struct unit *unit = &turn->facts->asked_unit.unit;
    return unit->disposition == DISPOSITION_REFURBISH && (unit->state == UNIT_DONE || unit->state == UNIT_RELEASED);
}

static void repaired(struct turn *turn)
{
    bool good = turn->verb == VERB_OPTION_1;
    turn->unit = turn->facts->asked_unit.unit;
    struct event *event = unit_event(turn, EVENT_UNIT_REPAIRED);
    TEXT_COPY(event->text, good ? "repaired" : "not_repairable");
    if (turn->unit.container[0] != '\0')
        unit_event(turn, EVENT_CONTAINER_UNIT_REMOVED);
    struct stock_place here = {.status = STOCK_REFURB};
    TEXT_COPY(here.location, turn->facts->rules->location);
    if (turn->unit.status != STOCK_REFURB || turn->unit.container[0] != '\0')
        stock_move(turn, &here, false);
    turn->unit.state = UNIT_INSPECTING;
    turn->unit.grade = GRADE_U;
    turn->session->unit_id = turn->unit.unit_id;
    answer(turn, ACTION_REPAIR, SIGNAL_OK,
           message_text(message_of(good ? MESSAGE_UNIT_REPAIRED : MESSAGE_UNIT_NOT_REPAIRABLE), 0, turn->unit.lpn));
    turn->out->unit = turn->unit;
}

/* ---- not what it seemed ---- */

void correct_identified(struct turn *turn, const char *reason)
{
    if (turn->facts->identified_event == 0)
        return;
    struct event *event = unit_event(turn, EVENT_UNIT_IDENTIFIED);
    event->corrects = turn->facts->identified_event;
    TEXT_COPY(event->reason, reason);
}

static bool only_identified(const struct turn *turn)
{
    return turn->unit.state == UNIT_IDENTIFIED;
}

static void not_there(struct turn *turn)
{
    correct_identified(turn, "did_not_occur");
    turn->unit.state = UNIT_VOID;
    turn->session->unit_id = 0;
    answer(turn, ACTION_VOID, SIGNAL_OK, message_text(message_of(MESSAGE_UNIT_VOIDED), 0, turn->unit.sku));
    turn->out->unit = turn->unit;
}

static void ask_what_is_there(struct turn *turn)
{
    ask(turn, PENDING_OTHER, 0, message_text(message_of(MESSAGE_UNIT_WHAT_IS_THERE), 0, turn->unit.sku));
}

static void become_wrong_item(struct turn *turn, const struct product *product, const char *gtin, const char *serial)
{
    struct unit *unit = &turn->unit;
    char expected[KEY_SIZE];
    TEXT_COPY(expected, unit->sku);
    correct_identified(turn, "incorrect_data");
    unit->rma[0] = unit->line[0] = unit->reason_declared[0] = unit->reason_found[0] = '\0';
    TEXT_COPY(unit->sku, product->sku);
    TEXT_COPY(unit->gtin, gtin);
    TEXT_COPY(unit->serial, serial);
    TEXT_COPY(unit->problem, product->sku[0] != '\0' ? "wrong_item" : "unidentified");
    struct event *event = unit_event(turn, EVENT_UNIT_UNEXPECTED);
    TEXT_COPY(event->text, unit->problem);
    TEXT_COPY(event->expected_sku, expected);
    open_exception(turn, unit->problem, true);
    struct message message = message_text(message_of(MESSAGE_UNIT_NOT_AS_EXPECTED), 0, expected);
    answer(turn, ACTION_CORRECT, SIGNAL_ATTENTION,
           message_text(message, 1, product->sku[0] != '\0' ? product->sku : "?"));
    turn->out->unit = *unit;
}

static void other_item(struct turn *turn)
{
    const struct product *product = &turn->facts->scanned.product;
    become_wrong_item(turn, product, product->gtin[0] != '\0' ? product->gtin : turn->item->gtin, turn->item->serial);
}

static void other_unknown(struct turn *turn)
{
    static const struct product nobody_knows = {0};
    become_wrong_item(turn, &nobody_knows, "", "");
}

static void unidentified(struct turn *turn)
{
    take_problem(turn, "unidentified", EVENT_UNIT_UNIDENTIFIED, MESSAGE_UNIT_UNIDENTIFIED);
}

/* ---- a serial that nobody can read is never invented ---- */

static bool serial_is_needed(const struct turn *turn)
{
    return turn->facts->hand_unit.product.track == TRACK_SERIAL && turn->unit.serial[0] == '\0';
}

static void illegible(struct turn *turn)
{
    turn->unit.state = UNIT_INSPECTING;
    TEXT_COPY(turn->unit.problem, PROBLEM_ILLEGIBLE);
    TEXT_COPY(unit_event(turn, EVENT_UNIT_SERIAL_MISMATCH)->text, "illegible");
    answer(turn, ACTION_SERIAL, SIGNAL_ATTENTION, message_of(MESSAGE_UNIT_SERIAL_ILLEGIBLE));
    turn->out->unit = turn->unit;
}

#define INSPECTING .hands = BIT(HAND_INSPECTING)

const struct row correct_rows[] = {
    {"disposition not allowed", BENCH, TRIGGER_COMMAND, VERB_RESELL, VERB_FORWARD, BIT(HAND_GRADED),
     .guard = not_allowed, .apply = choose_as_lead},
    {"another disposition", BENCH, TRIGGER_COMMAND, VERB_RESELL, VERB_FORWARD, BIT(HAND_DECIDED), .apply = override},
    {"another grade", BENCH, TRIGGER_COMMAND, VERB_GRADE_A, VERB_GRADE_E, NO_UNIT, PENDING_UNIT, .guard = can_regrade,
     .apply = regrade},
    {"back from the workshop", BENCH, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_2, NO_UNIT, PENDING_UNIT,
     .guard = can_be_repaired, .apply = repaired},
    {"not there after all", BENCH, TRIGGER_COMMAND, VERB_VOID, VERB_VOID, INSPECTING, .guard = only_identified,
     .apply = not_there},
    {"another item than that", BENCH, TRIGGER_COMMAND, VERB_OTHER, VERB_OTHER, INSPECTING, .guard = only_identified,
     .apply = ask_what_is_there},
    {"what is there", BENCH, TRIGGER_ITEM, INSPECTING, .asked = PENDING_OTHER, .apply = other_item},
    {"nobody knows what is there", BENCH, TRIGGER_COMMAND, VERB_NOTIN, VERB_NOTIN, INSPECTING, PENDING_OTHER,
     .apply = other_unknown},
    {"unknown item", BENCH, TRIGGER_COMMAND, VERB_NOTIN, VERB_NOTIN, BIT(HAND_PARCEL), .apply = unidentified},
    {"illegible serial", BENCH, TRIGGER_COMMAND, VERB_UNSEEN, VERB_UNSEEN, INSPECTING, .guard = serial_is_needed,
     .apply = illegible},
};
const size_t correct_row_count = COUNT_OF(correct_rows);
