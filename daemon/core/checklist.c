/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as lines of text, and the walk over the questions. */
#include "daemon/core/checklist.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const answer_words[] = {"yes", "no"};
const struct names answer_names = {answer_words, COUNT_OF(answer_words)};

static const char *const ask_words[ASK_COUNT] = {[ASK_IF_NOT_IMPLIED] = "if_not_implied", [ASK_ALWAYS] = "always"};
const struct names ask_names = {ask_words, ASK_COUNT};

static const char *const type_words[QUESTION_TYPE_COUNT] = {
    [QUESTION_YES_NO] = "yes_no", [QUESTION_OPTION] = "option", [QUESTION_NUMBER] = "number"};
const struct names question_type_names = {type_words, QUESTION_TYPE_COUNT};

static const char *const role_words[QUESTION_ROLE_COUNT] = {
    [QUESTION_PLAIN] = "plain",       [QUESTION_SEALED] = "sealed",   [QUESTION_UNOPENED] = "unopened",
    [QUESTION_CONTENT] = "content",   [QUESTION_COMPLETE] = "complete", [QUESTION_MISSING] = "missing",
    [QUESTION_REASON] = "reason",
};
const struct names question_role_names = {role_words, QUESTION_ROLE_COUNT};

/* ---- checklists ---- */

static bool is_for(const struct checklist *checklist, const char *category)
{
    size_t length = strlen(category);
    for (const char *p = checklist->categories; length > 0 && p != NULL && *p != '\0';) {
        size_t n = strcspn(p, "\n");
        if (n == length && memcmp(p, category, n) == 0)
            return true;
        p += n + (p[n] == '\n');
    }
    return false;
}

static const struct checklist *by_id(const struct checklist_set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal(set->checklists[i].id, id))
            return &set->checklists[i];
    return NULL;
}

const struct checklist *checklist_select(const struct checklist_set *set, const struct product *product)
{
    if (set == NULL)
        return NULL;
    const struct checklist *named = product->checklist[0] != '\0' ? by_id(set, product->checklist) : NULL;
    if (named != NULL)
        return named;
    for (size_t i = 0; i < set->count; i++)
        if (is_for(&set->checklists[i], product->category))
            return &set->checklists[i];
    return by_id(set, "default");
}

const struct question *checklist_question(const struct checklist *checklist, const char *id)
{
    for (size_t i = 0; checklist != NULL && i < checklist->question_count; i++)
        if (text_equal(checklist->questions[i].id, id))
            return &checklist->questions[i];
    return NULL;
}

const struct question *checklist_role(const struct checklist *checklist, enum question_role role)
{
    for (size_t i = 0; checklist != NULL && i < checklist->question_count; i++)
        if (checklist->questions[i].role == role)
            return &checklist->questions[i];
    return NULL;
}

void checklist_done(struct checklist *checklist)
{
    for (size_t i = 0; i < checklist->question_count; i++)
        free(checklist->questions[i].options);
    free(checklist->questions);
    free(checklist->categories);
    *checklist = (struct checklist){0};
}

void checklist_set_done(struct checklist_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        checklist_done(&set->checklists[i]);
    free(set->checklists);
    *set = (struct checklist_set){0};
}

/* ---- answers ---- */

/* Reads the line at p and steps behind it; false at the end. */
static bool next_line(const char **p, struct given_answer *ret_answer)
{
    size_t length = strcspn(*p, "\n"), name = strcspn(*p, "=~\n");
    if (length == 0 || name == length)
        return false;
    ret_answer->implied = (*p)[name] == '~';
    text_copy_bytes(ret_answer->question, sizeof ret_answer->question, *p, name);
    text_copy_bytes(ret_answer->answer, sizeof ret_answer->answer, *p + name + 1, length - name - 1);
    *p += length + ((*p)[length] == '\n');
    return true;
}

size_t inspection_list(const struct inspection *inspection, struct given_answer ret_answers[QUESTIONS_MAX])
{
    size_t count = 0;
    for (const char *p = inspection->answers; count < QUESTIONS_MAX && next_line(&p, &ret_answers[count]);)
        count++;
    return count;
}

static void write_list(struct inspection *inspection, const struct given_answer *answers, size_t count)
{
    size_t used = 0;
    inspection->answers[0] = '\0';
    for (size_t i = 0; i < count && i < QUESTIONS_MAX; i++) {
        text_format(inspection->answers + used, sizeof inspection->answers - used, "%s%c%s\n", answers[i].question,
                    answers[i].implied ? '~' : '=', answers[i].answer);
        used += strlen(inspection->answers + used);
    }
}

const char *inspection_answer(const struct inspection *inspection, const char *question,
                              struct given_answer *ret_answer)
{
    const char *p = inspection->answers;
    while (next_line(&p, ret_answer))
        if (text_equal(ret_answer->question, question))
            return ret_answer->answer;
    *ret_answer = (struct given_answer){0};
    return ret_answer->answer;
}

const char *inspection_role(const struct inspection *inspection, const struct checklist *checklist,
                            enum question_role role, struct given_answer *ret_answer)
{
    const struct question *question = checklist_role(checklist, role);
    return inspection_answer(inspection, question != NULL ? question->id : "", ret_answer);
}

void inspection_put(struct inspection *inspection, const char *question, const char *answer, bool implied)
{
    struct given_answer answers[QUESTIONS_MAX + 1];
    size_t count = inspection_list(inspection, answers), at = 0;
    while (at < count && !text_equal(answers[at].question, question))
        at++;
    TEXT_COPY(answers[at].question, question);
    TEXT_COPY(answers[at].answer, answer);
    answers[at].implied = implied;
    write_list(inspection, answers, at == count ? count + 1 : count);
}

/* ---- the walk ---- */

static bool is_wanted(const struct question *question, const struct inspection *inspection)
{
    struct given_answer answer;
    if (inspection_answer(inspection, question->id, &answer)[0] != '\0')
        return false;
    return question->if_question[0] == '\0' ||
           text_equal(inspection_answer(inspection, question->if_question, &answer), question->if_answer);
}

static bool is_sealed(const struct checklist *checklist, const struct inspection *inspection)
{
    struct given_answer answer;
    return text_equal(inspection_role(inspection, checklist, QUESTION_SEALED, &answer), "yes");
}

void inspection_grade(struct inspection *inspection, const struct checklist *checklist, enum grade grade)
{
    struct given_answer answers[QUESTIONS_MAX];
    size_t count = inspection_list(inspection, answers), kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!answers[i].implied)
            answers[kept++] = answers[i];
    write_list(inspection, answers, kept);
    if (checklist == NULL)
        return;
    TEXT_COPY(inspection->checklist, checklist->id);
    inspection->checklist_version = checklist->version;
    for (size_t i = 0; i < checklist->question_count; i++) {
        const struct question *question = &checklist->questions[i];
        bool sealed = is_sealed(checklist, inspection);
        const char *implied = question->implied[sealed ? GRADE_A : grade];
        if ((question->ask == ASK_IF_NOT_IMPLIED || sealed) && implied[0] != '\0' && is_wanted(question, inspection))
            inspection_put(inspection, question->id, implied, true);
    }
}

const struct question *checklist_next(const struct checklist *checklist, const struct inspection *inspection,
                                      enum grade grade)
{
    if (checklist == NULL || grade == GRADE_U || is_sealed(checklist, inspection))
        return NULL;
    for (size_t i = 0; i < checklist->question_count; i++)
        if (is_wanted(&checklist->questions[i], inspection))
            return &checklist->questions[i];
    return NULL;
}

static const char *reason_of(const struct question *question, const char *answer)
{
    if (question->type == QUESTION_YES_NO)
        return text_equal(answer, "yes") ? question->reason_yes : text_equal(answer, "no") ? question->reason_no : "";
    for (size_t i = 0; i < question->option_count; i++)
        if (text_equal(question->options[i].id, answer))
            return question->options[i].reason;
    return "";
}

const char *checklist_reason(const struct checklist *checklist, const struct inspection *inspection)
{
    const char *found = "";
    for (size_t i = 0; checklist != NULL && i < checklist->question_count; i++) {
        struct given_answer answer;
        const struct question *question = &checklist->questions[i];
        const char *reason = reason_of(question, inspection_answer(inspection, question->id, &answer));
        if (reason[0] != '\0')
            found = reason;
    }
    return found;
}

static const char *assumed(const struct question *question)
{
    if (question->type == QUESTION_YES_NO)
        return question->role == QUESTION_SEALED ? "no" : "yes";
    return question->type == QUESTION_NUMBER ? "1" : question->option_count > 0 ? question->options[0].id : "-";
}

int inspection_assume(struct inspection *inspection, const struct checklist *checklist, enum grade grade)
{
    const struct question *question;
    int scans = 0;
    inspection_grade(inspection, checklist, grade);
    while ((question = checklist_next(checklist, inspection, grade)) != NULL) {
        scans += question->type == QUESTION_NUMBER ? 2 : 1;
        inspection_put(inspection, question->id, assumed(question), false);
        inspection_grade(inspection, checklist, grade);
    }
    return scans;
}

int checklist_scans(const struct checklist *checklist, enum grade grade)
{
    struct inspection inspection = {0};
    return 4 + inspection_assume(&inspection, checklist, grade); /* parcel, item, grade, label */
}
