/* SPDX-License-Identifier: Apache-2.0 */
/* Inspections by scan alone: the shirt is asked about by a checklist with every type of question. */
#include "tests/support/scene.h"

static struct question_option reasons[] = {
    {.id = "said", .text_en = "As said"},
    {.id = "broken", .text_en = "Broken", .reason = "defective"},
};
static struct question questions[] = {
    {.id = "tag", .text_en = "Tag?", .text_fr = "Étiquette ?", .implied = {[GRADE_A] = "yes"}},
    {.id = "right", .text_en = "Right one?", .role = QUESTION_CONTENT,
     .implied = {[GRADE_A] = "yes", [GRADE_B] = "yes", [GRADE_E] = "yes"}},
    {.id = "worn", .text_en = "Worn, in days?", .type = QUESTION_NUMBER, .if_question = "tag", .if_answer = "no"},
    {.id = "why", .text_en = "Why?", .type = QUESTION_OPTION, .role = QUESTION_REASON, .options = reasons,
     .option_count = 2, .implied = {[GRADE_A] = "said", [GRADE_B] = "said"}},
};
static struct checklist checklist = {.id = "default", .version = 3, .questions = questions,
                                     .question_count = COUNT_OF(questions)};

static void begin(struct scene *s, const char *sku)
{
    scene_begin(s);
    s->checklists = (struct checklist_set){&checklist, 1};
    scene_identify(s, sku);
}

static const char *answer_to(const struct scene *s, const char *question)
{
    static struct given_answer answer;
    return inspection_answer(&s->inspection, question, &answer);
}

#define CHECK_ASKED(s, wanted)                                                                                         \
    do {                                                                                                               \
        CU_ASSERT_EQUAL((s)->out.next.key, MESSAGE_NEXT_QUESTION);                                                     \
        CU_ASSERT_STRING_EQUAL((s)->out.next.args[0].text, wanted);                                                    \
    } while (0)

static void grade_a_asks_nothing(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_GRADE);
    const struct outcome *out = scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.inspected unit.disposition_decided");
    CU_ASSERT_STRING_EQUAL(s.inspection.answers, "tag~yes\nright~yes\nwhy~said\n");
    CU_ASSERT_EQUAL(s.inspection.unit_id, s.unit.unit_id);
    CU_ASSERT_EQUAL(s.inspection.checklist_version, 3);
    CU_ASSERT_PTR_EQUAL(out->events[0].inspection, &out->inspection);
    CU_ASSERT_PTR_EQUAL(out->events[0].checklist, &checklist);
}

static void what_the_grade_leaves_open_is_asked(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    const struct outcome *out = scene_command(&s, VERB_GRADE_B);
    CHECK_ANSWER(out, SIGNAL_INFO, MESSAGE_NEXT_QUESTION);
    CHECK_ASKED(&s, "Tag?");
    CU_ASSERT_STRING_EQUAL(out->next.args[1].text, "Étiquette ?");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_INSPECTING);
    CU_ASSERT_EQUAL(out->event_count, 0);
    CHECK_ROW(scene_command(&s, VERB_OK), "yes");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_STRING_EQUAL(answer_to(&s, "tag"), "yes");
    CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "unit.inspected unit.disposition_decided");
}

static void a_number_is_typed_by_cards(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_B);
    CHECK_ROW(scene_command(&s, VERB_NON), "no");
    CHECK_ASKED(&s, "Worn, in days?"); /* the next question follows the answer */
    CHECK_ROW(scene_command(&s, VERB_OK), "no answer to the question"); /* without a digit */
    CHECK_ROW(scene_command(&s, VERB_NON), "no to the question");
    CHECK_ROW(scene_command(&s, VERB_DIGIT_1), "digit");
    CHECK_ANSWER(&s.out, SIGNAL_OK, MESSAGE_UNIT_DIGITS);
    scene_command(&s, VERB_DIGIT_9);
    CHECK_ROW(scene_command(&s, VERB_UNDO), "last digit away");
    CU_ASSERT_EQUAL(s.out.undoes, 0);
    scene_command(&s, VERB_DIGIT_2);
    CU_ASSERT_STRING_EQUAL(s.out.message.args[0].text, "12"); /* the running value is shown */
    CHECK_ROW(scene_command(&s, VERB_OK), "number");
    CU_ASSERT_STRING_EQUAL(answer_to(&s, "worn"), "12");
    CU_ASSERT_STRING_EQUAL(s.inspection.digits, "");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    begin(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_B);
    scene_command(&s, VERB_NON);
    for (int i = 0; i < DIGITS_MAX; i++)
        scene_command(&s, VERB_DIGIT_7);
    CHECK_ANSWER(scene_command(&s, VERB_DIGIT_7), SIGNAL_ATTENTION, MESSAGE_UNIT_DIGITS);
    CU_ASSERT_STRING_EQUAL(s.inspection.digits, "777777777");
    CHECK_ROW(scene_command(&s, VERB_OPTION_1), "no such option");
}

static void an_option_says_the_reason_found(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_E);
    CHECK_ASKED(&s, "Tag?");
    CHECK_ROW(scene_command(&s, VERB_DIGIT_1), "no number is asked");
    scene_command(&s, VERB_OK);
    CHECK_ASKED(&s, "Why?");
    CHECK_ANSWER(scene_command(&s, VERB_OPTION_3), SIGNAL_ATTENTION, MESSAGE_NEXT_QUESTION);
    CHECK_ROW(scene_command(&s, VERB_OPTION_2), "option");
    CU_ASSERT_STRING_EQUAL(s.unit.reason_declared, "changed_mind");
    CU_ASSERT_STRING_EQUAL(s.unit.reason_found, "defective");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_GRADED);
}

static void the_reason_found_is_what_was_declared_unless_it_cannot_be(void)
{
    static const struct {
        const char *sku;
        enum verb grade;
        enum verb card; /* before the grade, VERB_NONE = none */
        const char *found;
    } table[] = {
        {"SHIRT", VERB_GRADE_A, VERB_NONE, "changed_mind"},
        {"SHIRT", VERB_GRADE_A, VERB_OPTION_2, "defective"}, /* a reason card */
        {"SHIRT", VERB_GRADE_E, VERB_OPTION_1, "unknown"},   /* nobody changes their mind about broken goods */
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct scene s;
        begin(&s, table[i].sku);
        if (table[i].card != VERB_NONE)
            CHECK_ROW(scene_command(&s, table[i].card), "reason card");
        CU_ASSERT_TRUE(table[i].card == VERB_NONE || s.out.next.key == MESSAGE_NEXT_GRADE);
        scene_command(&s, table[i].grade);
        if (table[i].grade != VERB_GRADE_A)
            scene_command(&s, VERB_OK);
        CU_ASSERT_STRING_EQUAL(s.unit.reason_found, table[i].found);
        CU_ASSERT_TRUE(s.unit.state >= UNIT_GRADED);
    }
}

static void the_wrong_article_goes_to_quarantine(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_C);
    scene_command(&s, VERB_OK);
    CHECK_ASKED(&s, "Right one?");
    scene_command(&s, VERB_NON);
    scene_command(&s, VERB_OPTION_1);
    CU_ASSERT_EQUAL(s.unit.verdict, VERDICT_MANUAL);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_QUARANTINE);
}

static void another_grade_takes_the_open_question_away(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_B);
    CHECK_ASKED(&s, "Tag?");
    scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(s.unit.grade, GRADE_A);
}

/* The second shirt: another unit of the same line, in the same parcel. */
static void next_shirt(struct scene *s)
{
    scene_label(s, s->unit.generation);
    CU_ASSERT_EQUAL_FATAL(s->unit.state, UNIT_DONE);
    s->lines[0].received = 1;
    s->unit = (struct unit){0};
    s->inspection = (struct inspection){0};
    scene_item(s, "SHIRT");
}

static void like_repeats_grade_and_answers(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    CHECK_ROW(scene_command(&s, VERB_LIKE), "like what");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_LIKE_NOTHING);
    scene_command(&s, VERB_GRADE_B);
    scene_command(&s, VERB_OK);
    next_shirt(&s);
    CU_ASSERT_EQUAL_FATAL(s.unit.state, UNIT_IDENTIFIED);
    CHECK_ROW(scene_command(&s, VERB_LIKE), "like the one before");
    CU_ASSERT_EQUAL(s.unit.grade, GRADE_B);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_STRING_EQUAL(answer_to(&s, "tag"), "yes");
    CU_ASSERT_TRUE(s.facts.session.same_again);
    s.lines[0].qty = 3;
    next_shirt(&s); /* under LIKE the item's scan is all it takes */
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(s.unit.grade, GRADE_B);
    CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "lpn.assigned unit.identified unit.inspected unit.disposition_decided");
    CU_ASSERT_EQUAL(s.out.action, ACTION_IDENTIFY);
    scene_command(&s, VERB_HELP); /* any other card ends it */
    CU_ASSERT_FALSE(s.facts.session.same_again);
}

static void like_ends_with_another_article(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_A);
    scene_label(&s, s.unit.generation);
    CHECK_ROW(scene_command(&s, VERB_LIKE), "like the one before, from now on");
    CHECK_ANSWER(&s.out, SIGNAL_OK, MESSAGE_LIKE_ON);
    s.unit = (struct unit){0};
    scene_item(&s, "PHONE");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_IDENTIFIED);
    CU_ASSERT_FALSE(s.facts.session.same_again);
}

static void every_row_was_reached(void)
{
    scene_check_reached(inspect_rows, inspect_row_count);
}

SUITE("core/inspect_rows", {"grade A asks nothing", grade_a_asks_nothing},
      {"what the grade leaves open is asked", what_the_grade_leaves_open_is_asked},
      {"a number is typed by cards", a_number_is_typed_by_cards},
      {"an option says the reason found", an_option_says_the_reason_found},
      {"the reason found is what was declared unless it cannot be",
       the_reason_found_is_what_was_declared_unless_it_cannot_be},
      {"the wrong article goes to quarantine", the_wrong_article_goes_to_quarantine},
      {"another grade takes the open question away", another_grade_takes_the_open_question_away},
      {"LIKE repeats grade and answers", like_repeats_grade_and_answers},
      {"LIKE ends with another article", like_ends_with_another_article},
      {"every row was reached", every_row_was_reached})
