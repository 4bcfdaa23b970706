/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the inspection: the grade, the questions it leaves open, reason cards, numbers, LIKE (10-domain §2, §7). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"
#include "daemon/core/turn.h"
#include "daemon/core/workflow.h"

#include <string.h>

/* ---- what is asked ---- */

static const struct checklist *checklist_of(const struct turn *turn)
{
    return checklist_select(turn->facts->rules->checklists, turn_product(turn));
}

const struct question *workflow_question(const struct lane_rules *rules, const struct unit_facts *unit)
{
    if (unit->unit.unit_id == 0 || unit->unit.state > UNIT_INSPECTING)
        return NULL;
    return checklist_next(checklist_select(rules->checklists, &unit->product), &unit->inspection, unit->unit.grade);
}

static const struct question *asked(const struct turn *turn)
{
    bool open = turn->asked == PENDING_NONE && turn->hand == HAND_INSPECTING;
    return open ? workflow_question(turn->facts->rules, turn_unit_facts(turn)) : NULL;
}

static bool asks(const struct turn *turn, enum question_type type)
{
    const struct question *question = asked(turn);
    return question != NULL && question->type == type;
}

/* ---- the end of an inspection ---- */

static struct message question_message(const struct question *question)
{
    return message_local(message_of(MESSAGE_NEXT_QUESTION), 0, question->text_en, question->text_fr);
}

/* What the answers say was found, a reason card among them; else as declared, but nobody changes their mind about goods
   that come back damaged. */
static void find_reason(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    const char *found = checklist_reason(checklist_of(turn), turn_inspection(turn));
    if (found[0] != '\0')
        TEXT_COPY(unit->reason_found, found);
    else if (unit->grade >= GRADE_C && reason_class(unit->reason_declared) == REASON_REGRET)
        TEXT_COPY(unit->reason_found, "unknown");
    else
        TEXT_COPY(unit->reason_found, unit->reason_declared);
}

/* Goods that were exported: what proves that they came back, and as what (15-data §3). */
static void tell_customs(struct turn *turn)
{
    const struct rma *rma = turn_rma(turn, turn->unit.rma);
    const struct rma_line *line = turn_line(turn);
    if (rma == NULL || line == NULL ||
        (rma->export_mrn[0] == '\0' && rma->export_date == DATE_NONE && !rma->duties_refundable && !rma->customs_hold))
        return;
    struct event *event = unit_event(turn, EVENT_CUSTOMS_EVIDENCE);
    event->line = *line;
    event->weight_g = turn_product(turn)->weight_g * turn->unit.qty;
}

/* Asks the next question, or ends the inspection and lets the policy decide. */
static void go_on(struct turn *turn, enum action action)
{
    struct unit *unit = &turn->unit;
    const struct checklist *checklist = checklist_of(turn);
    const struct question *question = checklist_next(checklist, turn_inspection(turn), unit->grade);
    unit->state = UNIT_INSPECTING;
    find_reason(turn);
    turn->out->action = action;
    if (unit->grade == GRADE_U || question != NULL) {
        answer(turn, action, SIGNAL_INFO,
               question != NULL ? question_message(question) : message_of(MESSAGE_NEXT_GRADE));
    } else {
        unit->state = UNIT_GRADED;
        struct event *event = unit_event(turn, EVENT_UNIT_INSPECTED);
        event->inspection = turn_inspection(turn);
        event->checklist = checklist;
        turn->session->graded_unit_id = unit->unit_id;
        tell_customs(turn);
        unit_apply_policy(turn);
    }
    turn->out->unit = *unit;
}

/* The answers of the unit in hand, to be changed. */
static struct inspection *change(struct turn *turn)
{
    struct inspection *inspection = &turn->out->inspection;
    *inspection = *turn_inspection(turn);
    if (inspection->unit_id != turn->unit.unit_id)
        *inspection = (struct inspection){.unit_id = turn->unit.unit_id};
    return inspection;
}

static void set_grade(struct turn *turn, enum grade grade)
{
    turn->unit.grade = grade;
    turn->unit.graded_at = turn->facts->when.now;
    TEXT_COPY(turn->unit.inspector, turn->session->operator_id);
}

static void imply(struct turn *turn, enum grade grade)
{
    struct inspection *inspection = change(turn);
    inspection->digits[0] = '\0';
    inspection_grade(inspection, checklist_of(turn), grade);
    set_grade(turn, grade);
}

void inspect_grade(struct turn *turn, enum grade grade)
{
    imply(turn, grade);
    go_on(turn, ACTION_GRADE);
}

void inspect_regrade(struct turn *turn, enum grade grade)
{
    imply(turn, grade);
    find_reason(turn);
}

static void give(struct turn *turn, const struct question *question, const char *text)
{
    struct inspection *inspection = change(turn);
    inspection_put(inspection, question->id, text, false);
    inspection->digits[0] = '\0';
    inspection_grade(inspection, checklist_of(turn), turn->unit.grade);
    go_on(turn, ACTION_ANSWER);
}

/* ---- yes and no ---- */

static bool asks_yes_no(const struct turn *turn)
{
    return asks(turn, QUESTION_YES_NO);
}

static void say_yes(struct turn *turn)
{
    give(turn, asked(turn), "yes");
}

static void say_no(struct turn *turn)
{
    give(turn, asked(turn), "no");
}

/* ---- options, and the reason as one of them ---- */

static const struct question_option *option_of(const struct turn *turn, const struct question *question)
{
    size_t index = (size_t)(turn->verb - VERB_OPTION_1);
    return question != NULL && question->type == QUESTION_OPTION && index < question->option_count
               ? &question->options[index]
               : NULL;
}

static bool has_option(const struct turn *turn)
{
    return option_of(turn, asked(turn)) != NULL;
}

static void choose_option(struct turn *turn)
{
    const struct question *question = asked(turn);
    give(turn, question, option_of(turn, question)->id);
}

/* With no question open a card means the reason; with another one open it would be a guess. */
static bool is_reason_card(const struct turn *turn)
{
    return asked(turn) == NULL && option_of(turn, checklist_role(checklist_of(turn), QUESTION_REASON)) != NULL;
}

static void choose_reason(struct turn *turn)
{
    const struct question *question = checklist_role(checklist_of(turn), QUESTION_REASON);
    give(turn, question, option_of(turn, question)->id);
}

static bool is_asked(const struct turn *turn)
{
    return asked(turn) != NULL;
}

static void ask_again(struct turn *turn)
{
    refuse(turn, question_message(asked(turn)));
}

/* ---- numbers ---- */

static bool asks_number(const struct turn *turn)
{
    return asks(turn, QUESTION_NUMBER);
}

static bool has_digits(const struct turn *turn)
{
    return asks_number(turn) && turn->facts->hand_unit.inspection.digits[0] != '\0';
}

static void show_digits(struct turn *turn, const struct inspection *inspection)
{
    answer(turn, ACTION_DIGIT, SIGNAL_OK, message_text(message_of(MESSAGE_UNIT_DIGITS), 0, inspection->digits));
}

static void add_digit(struct turn *turn)
{
    struct inspection *inspection = change(turn);
    size_t length = strlen(inspection->digits);
    if (length == DIGITS_MAX) {
        turn->out->inspection = (struct inspection){0};
        refuse(turn, message_text(message_of(MESSAGE_UNIT_DIGITS), 0, turn->facts->hand_unit.inspection.digits));
        return;
    }
    inspection->digits[length] = (char)('0' + (int)(turn->verb - VERB_DIGIT_0));
    inspection->digits[length + 1] = '\0';
    show_digits(turn, inspection);
}

static void delete_digit(struct turn *turn)
{
    struct inspection *inspection = change(turn);
    inspection->digits[strlen(inspection->digits) - 1] = '\0';
    show_digits(turn, inspection);
}

static void say_number(struct turn *turn)
{
    char digits[DIGITS_MAX + 1];
    TEXT_COPY(digits, turn->facts->hand_unit.inspection.digits);
    give(turn, asked(turn), digits);
}

/* ---- LIKE ---- */

static const struct unit *like(const struct turn *turn)
{
    return &turn->facts->like_unit.unit;
}

static bool has_like(const struct turn *turn)
{
    return turn->session->graded_unit_id != 0 && like(turn)->unit_id == turn->session->graded_unit_id &&
           like(turn)->grade != GRADE_U;
}

/* The unit in hand can be graded as the one before: the same article, its serial read where it has one. */
static bool is_like(const struct turn *turn)
{
    bool serial = turn_product(turn)->track != TRACK_SERIAL || turn->unit.serial[0] != '\0';
    return has_like(turn) && serial && turn->unit.sku[0] != '\0' && text_equal(turn->unit.sku, like(turn)->sku) &&
           turn->unit.state <= UNIT_INSPECTING && turn->unit.problem[0] == '\0';
}

static void grade_like(struct turn *turn, enum action action)
{
    struct inspection *inspection = change(turn);
    struct given_answer answers[QUESTIONS_MAX];
    size_t count = inspection_list(&turn->facts->like_unit.inspection, answers);
    for (size_t i = 0; i < count; i++)
        inspection_put(inspection, answers[i].question, answers[i].answer, true);
    TEXT_COPY(inspection->checklist, turn->facts->like_unit.inspection.checklist);
    inspection->checklist_version = turn->facts->like_unit.inspection.checklist_version;
    set_grade(turn, like(turn)->grade);
    go_on(turn, action);
    turn->session->same_again = true;
}

void inspect_like(struct turn *turn)
{
    if (turn->session->same_again && is_like(turn))
        grade_like(turn, ACTION_IDENTIFY);
    else
        turn->session->same_again = false;
}

static void like_in_hand(struct turn *turn)
{
    grade_like(turn, ACTION_GRADE);
}

static void like_from_now(struct turn *turn)
{
    turn->session->same_again = true;
    struct message message = message_text(message_of(MESSAGE_LIKE_ON), 0, like(turn)->sku);
    answer(turn, ACTION_LIKE, SIGNAL_OK,
           message_word(message, 1, "grade", name_of(&grade_names, (int)like(turn)->grade)));
}

static void like_nothing(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_LIKE_NOTHING));
}

#define INSPECTING .hands = BIT(HAND_INSPECTING)

/* Before the rows of the lane: while digits are shown, UNDO takes the last one away. */
const struct row inspect_rows[] = {
    {"yes", BENCH, TRIGGER_COMMAND, VERB_OK, VERB_OK, INSPECTING, .guard = asks_yes_no, .apply = say_yes},
    {"no", BENCH, TRIGGER_COMMAND, VERB_NON, VERB_NON, INSPECTING, .guard = asks_yes_no, .apply = say_no},
    {"option", BENCH, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_9, INSPECTING, .guard = has_option,
     .apply = choose_option},
    {"reason card", BENCH, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_9, INSPECTING, .guard = is_reason_card,
     .apply = choose_reason},
    {"digit", BENCH, TRIGGER_COMMAND, VERB_DIGIT_0, VERB_DIGIT_9, INSPECTING, .guard = asks_number, .apply = add_digit},
    {"last digit away", BENCH, TRIGGER_COMMAND, VERB_UNDO, VERB_UNDO, INSPECTING, .guard = has_digits,
     .apply = delete_digit},
    {"number", BENCH, TRIGGER_COMMAND, VERB_OK, VERB_OK, INSPECTING, .guard = has_digits, .apply = say_number},
    {"no answer to the question", BENCH, TRIGGER_COMMAND, VERB_OK, VERB_OK, INSPECTING, .guard = is_asked,
     .apply = ask_again},
    {"no to the question", BENCH, TRIGGER_COMMAND, VERB_NON, VERB_NON, INSPECTING, .guard = is_asked,
     .apply = ask_again},
    {"no such option", BENCH, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_9, INSPECTING, .guard = is_asked,
     .apply = ask_again},
    {"no number is asked", BENCH, TRIGGER_COMMAND, VERB_DIGIT_0, VERB_DIGIT_9, INSPECTING, .guard = is_asked,
     .apply = ask_again},
    {"like the one before", BENCH, TRIGGER_COMMAND, VERB_LIKE, VERB_LIKE, INSPECTING, .guard = is_like,
     .apply = like_in_hand},
    {"like the one before, from now on", BENCH, TRIGGER_COMMAND, VERB_LIKE, VERB_LIKE, BIT(HAND_PARCEL),
     .guard = has_like, .apply = like_from_now},
    {"like what", BENCH, TRIGGER_COMMAND, VERB_LIKE, VERB_LIKE, BIT(HAND_PARCEL) | BIT(HAND_INSPECTING),
     .apply = like_nothing},
};
const size_t inspect_row_count = COUNT_OF(inspect_rows);
