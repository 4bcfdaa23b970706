/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core/checklist.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

/* Sealed? Unlocked (always)? Complete (A: yes)? What is missing, only if not complete. Why, implied by A and B. */
static struct question_option parts[] = {{.id = "cable"}, {.id = "box"}};
static struct question_option reasons[] = {{.id = "said"}, {.id = "broken", .reason = "defective"}};
static struct question questions[] = {
    {.id = "sealed", .role = QUESTION_SEALED, .implied = {[GRADE_B] = "no", [GRADE_C] = "no"}},
    {.id = "unlocked", .ask = ASK_ALWAYS, .implied = {[GRADE_A] = "yes"}},
    {.id = "complete", .role = QUESTION_COMPLETE, .implied = {[GRADE_A] = "yes"}, .reason_no = "missing_parts"},
    {.id = "missing", .type = QUESTION_OPTION, .role = QUESTION_MISSING, .if_question = "complete", .if_answer = "no",
     .options = parts, .option_count = 2},
    {.id = "why", .type = QUESTION_OPTION, .role = QUESTION_REASON, .options = reasons, .option_count = 2,
     .implied = {[GRADE_A] = "said", [GRADE_B] = "said"}},
};
static char categories[] = "phones\ntablets";
static struct checklist checklist = {.id = "electronics", .version = 4, .categories = categories,
                                     .questions = questions, .question_count = COUNT_OF(questions)};

static const char *next(const struct inspection *inspection, enum grade grade)
{
    const struct question *question = checklist_next(&checklist, inspection, grade);
    return question != NULL ? question->id : "(none)";
}

static void give(struct inspection *inspection, enum grade grade, const char *question, const char *answer)
{
    inspection_put(inspection, question, answer, false);
    inspection_grade(inspection, &checklist, grade);
}

static void the_grade_answers_what_it_implies(void)
{
    struct inspection inspection = {.unit_id = 1};
    struct given_answer answer;
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_U), "(none)"); /* nothing is asked before the grade */
    inspection_grade(&inspection, &checklist, GRADE_B);
    CU_ASSERT_STRING_EQUAL(inspection.checklist, "electronics");
    CU_ASSERT_EQUAL(inspection.checklist_version, 4);
    CU_ASSERT_STRING_EQUAL(inspection.answers, "sealed~no\nwhy~said\n");
    CU_ASSERT_STRING_EQUAL(inspection_answer(&inspection, "why", &answer), "said");
    CU_ASSERT_TRUE(answer.implied);
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_B), "unlocked");
    give(&inspection, GRADE_B, "unlocked", "yes");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_B), "complete");
    give(&inspection, GRADE_B, "complete", "no");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_B), "missing"); /* the next question follows the answer */
    give(&inspection, GRADE_B, "missing", "cable");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_B), "(none)");
    CU_ASSERT_STRING_EQUAL(checklist_reason(&checklist, &inspection), "missing_parts");
    CU_ASSERT_STRING_EQUAL(inspection_role(&inspection, &checklist, QUESTION_MISSING, &answer), "cable");
    CU_ASSERT_FALSE(answer.implied);
}

static void what_always_has_to_be_asked_is_asked(void)
{
    struct inspection inspection = {.unit_id = 1};
    inspection_grade(&inspection, &checklist, GRADE_A);
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_A), "sealed");
    give(&inspection, GRADE_A, "sealed", "no");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_A), "unlocked"); /* though A would imply it */
    give(&inspection, GRADE_A, "unlocked", "yes");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_A), "(none)");
    CU_ASSERT_STRING_EQUAL(checklist_reason(&checklist, &inspection), "");
}

static void factory_sealed_skips_all(void)
{
    struct inspection inspection = {.unit_id = 1};
    struct given_answer answer;
    give(&inspection, GRADE_C, "sealed", "yes");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_C), "(none)");
    CU_ASSERT_STRING_EQUAL(inspection_answer(&inspection, "unlocked", &answer), "yes");
    CU_ASSERT_TRUE(answer.implied);
}

static void another_grade_implies_anew_and_keeps_what_was_said(void)
{
    struct inspection inspection = {.unit_id = 1};
    inspection_grade(&inspection, &checklist, GRADE_B);
    give(&inspection, GRADE_B, "unlocked", "no");
    inspection_grade(&inspection, &checklist, GRADE_C);
    CU_ASSERT_STRING_EQUAL(inspection.answers, "unlocked=no\nsealed~no\n");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_C), "complete");
    give(&inspection, GRADE_C, "complete", "yes");
    CU_ASSERT_STRING_EQUAL(next(&inspection, GRADE_C), "why");
    give(&inspection, GRADE_C, "why", "broken");
    CU_ASSERT_STRING_EQUAL(checklist_reason(&checklist, &inspection), "defective");
    give(&inspection, GRADE_C, "why", "said"); /* said again: in place of the first */
    CU_ASSERT_STRING_EQUAL(checklist_reason(&checklist, &inspection), "");
}

static void the_scans_are_counted(void)
{
    CU_ASSERT_EQUAL(checklist_scans(&checklist, GRADE_A), 6); /* + sealed, unlocked */
    CU_ASSERT_EQUAL(checklist_scans(&checklist, GRADE_B), 6); /* + unlocked, complete */
    CU_ASSERT_EQUAL(checklist_scans(&checklist, GRADE_D), 8); /* + sealed, unlocked, complete, why */
    struct question number = {.id = "percent", .type = QUESTION_NUMBER};
    struct checklist one = {.questions = &number, .question_count = 1};
    CU_ASSERT_EQUAL(checklist_scans(&one, GRADE_A), 6); /* a digit and OK */
}

static void the_product_says_which_checklist(void)
{
    static struct checklist list[3] = {{.id = "default"}, {.id = "special"}, {.id = "electronics"}};
    list[2].categories = categories;
    struct checklist_set set = {list, 3};
    static const struct {
        const char *checklist, *category, *found;
    } table[] = {{"", "phones", "electronics"}, {"", "tablets", "electronics"}, {"", "tablet", "default"},
                 {"", "", "default"},           {"special", "phones", "special"}, {"gone", "phones", "electronics"}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct product product = {0};
        TEXT_COPY(product.checklist, table[i].checklist);
        TEXT_COPY(product.category, table[i].category);
        CU_ASSERT_STRING_EQUAL(checklist_select(&set, &product)->id, table[i].found);
    }
    set.checklists++, set.count -= 2;
    CU_ASSERT_PTR_NULL(checklist_select(&set, &(struct product){.sku = "S"}));
    CU_ASSERT_PTR_NULL(checklist_select(NULL, &(struct product){.sku = "S"}));
}

/* As many and as long answers as a checklist may have fit; what the store hands back may be anything. */
static void answers_are_bounded(void)
{
    struct inspection inspection = {.unit_id = 1};
    struct given_answer answers[QUESTIONS_MAX];
    char id[ANSWER_SIZE];
    for (int i = 0; i < QUESTIONS_MAX + 3; i++) {
        TEXT_FORMAT(id, "%024d", i);
        inspection_put(&inspection, id, id, false);
    }
    CU_ASSERT_EQUAL(inspection_list(&inspection, answers), QUESTIONS_MAX);
    CU_ASSERT_STRING_EQUAL(answers[QUESTIONS_MAX - 1].answer, "000000000000000000000015");
    static const char *const broken[] = {"\n", "=", "a", "a=", "~~~", "a=b\n\nc=d", "=x\n", "a=b=c~d"};
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        TEXT_COPY(inspection.answers, broken[i]);
        CU_ASSERT_TRUE(inspection_list(&inspection, answers) <= 2);
    }
    uint64_t random = suite_seed();
    for (int i = 0; i < 2000; i++) {
        for (size_t k = 0; k < sizeof inspection.answers - 1; k++)
            inspection.answers[k] = "=~\nab"[suite_random(&random) % 5];
        inspection.answers[sizeof inspection.answers - 1] = '\0';
        CU_ASSERT_TRUE(inspection_list(&inspection, answers) <= QUESTIONS_MAX);
        inspection_put(&inspection, "a", "b", true);
    }
}

SUITE("core/checklist", {"the grade answers what it implies", the_grade_answers_what_it_implies},
      {"what always has to be asked is asked", what_always_has_to_be_asked_is_asked},
      {"factory-sealed skips all", factory_sealed_skips_all},
      {"another grade implies anew and keeps what was said", another_grade_implies_anew_and_keeps_what_was_said},
      {"the scans are counted", the_scans_are_counted},
      {"the product says which checklist", the_product_says_which_checklist},
      {"answers are bounded", answers_are_bounded})
