/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the checklist format. */
#include "daemon/codec/checklist.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/folder.h"
#include "daemon/core/policy.h"

#include <stdlib.h>
#include <string.h>

#define ID_CHARACTERS FIELD_LOWER FIELD_DIGITS "_"

static const struct field option_text_table[] = {
    {.name = "en", .kind = FIELD_TEXT, .required = true, FIELD_AT(question_option, text_en)},
    {.name = "fr", .kind = FIELD_TEXT, .required = true, FIELD_AT(question_option, text_fr)},
};
static const struct fields option_text_fields = FIELDS(option_text_table);

static const struct field option_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .accept = ID_CHARACTERS, FIELD_AT(question_option, id)},
    {.name = "text",
     .kind = FIELD_OBJECT,
     .required = true,
     FIELD_WHOLE(question_option),
     .fields = &option_text_fields},
    {.name = "reason", .kind = FIELD_TEXT, FIELD_AT(question_option, reason)},
};
static const struct fields option_fields = FIELDS(option_table);

static const struct field text_table[] = {
    {.name = "en", .kind = FIELD_TEXT, .required = true, FIELD_AT(question, text_en)},
    {.name = "fr", .kind = FIELD_TEXT, .required = true, FIELD_AT(question, text_fr)},
};
static const struct fields text_fields = FIELDS(text_table);

#define IMPLIED(word, grade) {.name = (word), .kind = FIELD_TEXT, FIELD_AT(question, implied[grade])}
static const struct field implied_table[] = {
    IMPLIED("A", GRADE_A), IMPLIED("B", GRADE_B), IMPLIED("C", GRADE_C), IMPLIED("D", GRADE_D), IMPLIED("E", GRADE_E),
};
_Static_assert(GRADE_COUNT == 6, "an answer for each grade but U");
static const struct fields implied_fields = FIELDS(implied_table);

static const struct field condition_table[] = {
    {.name = "question", .kind = FIELD_TEXT, .required = true, FIELD_AT(question, if_question)},
    {.name = "answer", .kind = FIELD_TEXT, .required = true, FIELD_AT(question, if_answer)},
};
static const struct fields condition_fields = FIELDS(condition_table);

static const struct field reason_table[] = {
    {.name = "yes", .kind = FIELD_TEXT, FIELD_AT(question, reason_yes)},
    {.name = "no", .kind = FIELD_TEXT, FIELD_AT(question, reason_no)},
};
static const struct fields reason_fields = FIELDS(reason_table);

static const struct field question_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .accept = ID_CHARACTERS, FIELD_AT(question, id)},
    {.name = "text", .kind = FIELD_OBJECT, .required = true, FIELD_WHOLE(question), .fields = &text_fields},
    {.name = "type", .kind = FIELD_WORD, FIELD_AT(question, type), .names = &question_type_names},
    {.name = "role", .kind = FIELD_WORD, FIELD_AT(question, role), .names = &question_role_names},
    {.name = "ask", .kind = FIELD_WORD, FIELD_AT(question, ask), .names = &ask_names},
    {.name = "implied_by", .kind = FIELD_OBJECT, FIELD_WHOLE(question), .fields = &implied_fields},
    {.name = "only_if", .kind = FIELD_OBJECT, FIELD_WHOLE(question), .fields = &condition_fields},
    {.name = "reason_if", .kind = FIELD_OBJECT, FIELD_WHOLE(question), .fields = &reason_fields},
    {.name = "options", .kind = FIELD_ITEMS, FIELD_AT(question, options), .item = sizeof(struct question_option),
     .also = offsetof(struct question, option_count), .fields = &option_fields, .max = OPTIONS_MAX},
};
static const struct fields question_fields = FIELDS(question_table);

static const struct field checklist_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(checklist, id)},
    {.name = "version", .kind = FIELD_INTEGER, .required = true, FIELD_AT(checklist, version), .max = INT64_MAX},
    {.name = "categories", .kind = FIELD_STRINGS, FIELD_AT(checklist, categories), .item = KEY_SIZE, .max = 100},
    {.name = "scans", .kind = FIELD_INTEGER, .required = true, FIELD_AT(checklist, scans), .min = 1, .max = 100},
    {.name = "questions", .kind = FIELD_ITEMS, FIELD_AT(checklist, questions), .item = sizeof(struct question),
     .also = offsetof(struct checklist, question_count), .fields = &question_fields, .max = QUESTIONS_MAX},
};
static const struct fields checklist_fields = FIELDS(checklist_table);

/* ---- what fits the format and could not be asked ---- */

static bool is_answer(const struct question *question, const char *answer)
{
    if (question->type == QUESTION_YES_NO)
        return text_equal(answer, "yes") || text_equal(answer, "no");
    if (question->type == QUESTION_NUMBER)
        return text_is_digits(answer) && strlen(answer) <= DIGITS_MAX;
    for (size_t i = 0; i < question->option_count; i++)
        if (text_equal(question->options[i].id, answer))
            return true;
    return false;
}

static const char *condition_fault(const struct checklist *checklist, size_t index)
{
    const struct question *question = &checklist->questions[index];
    const struct question *other = checklist_question(checklist, question->if_question);
    if (question->if_question[0] == '\0')
        return NULL;
    if (other == NULL || other >= question)
        return "only_if: names no question before it";
    return is_answer(other, question->if_answer) ? NULL : "only_if: is no answer to that question";
}

static const char *question_fault(const struct checklist *checklist, size_t index)
{
    const struct question *question = &checklist->questions[index];
    if (checklist_question(checklist, question->id) != question)
        return "id: is there twice";
    if ((question->type == QUESTION_OPTION) != (question->option_count > 0))
        return "options: belong to a question of type option, and to no other";
    bool reasons = question->reason_yes[0] != '\0' || question->reason_no[0] != '\0';
    if (reasons && question->type != QUESTION_YES_NO)
        return "reason_if: belongs to yes and no";
    bool yes_no = question->role >= QUESTION_SEALED && question->role <= QUESTION_COMPLETE;
    if (yes_no && question->type != QUESTION_YES_NO)
        return "role: belongs to yes and no";
    if (question->role != QUESTION_PLAIN && checklist_role(checklist, question->role) != question)
        return "role: is there twice";
    for (int grade = GRADE_A; grade < GRADE_COUNT; grade++)
        if (question->implied[grade][0] != '\0' && !is_answer(question, question->implied[grade]))
            return "implied_by: is no answer to this question";
    return condition_fault(checklist, index);
}

static bool is_sound(const struct checklist *checklist, struct error *err)
{
    for (size_t i = 0; i < checklist->question_count; i++) {
        const char *fault = question_fault(checklist, i);
        if (fault != NULL)
            return error_set(err, ERROR_INVALID, "questions[%zu] (%s): %s", i, checklist->questions[i].id, fault);
    }
    int scans = checklist_scans(checklist, GRADE_A);
    return scans == checklist->scans ||
           error_set(err, ERROR_INVALID, "scans: a unit of grade A takes %d, not %d", scans, checklist->scans);
}

bool checklist_decode(const json_t *json, struct checklist *ret_checklist, struct decode_notes *notes,
                      struct error *err)
{
    struct checklist checklist = {0};
    struct decoding decoding = {.notes = notes};
    if (!fields_decode(&checklist_fields, json, &checklist, &decoding, err) || !is_sound(&checklist, err)) {
        checklist_done(&checklist);
        return false;
    }
    *ret_checklist = checklist;
    return true;
}

json_t *checklist_encode(const struct checklist *checklist)
{
    return fields_encode(&checklist_fields, checklist);
}

/* ---- the folder ---- */

static bool share_category(const struct checklist *a, const struct checklist *b)
{
    char category[KEY_SIZE];
    for (const char *p = a->categories; p != NULL && *p != '\0';) {
        size_t length = strcspn(p, "\n");
        if (text_copy_bytes(category, sizeof category, p, length) && list_has(b->categories, category))
            return true;
        p += length + (p[length] == '\n');
    }
    return false;
}

static bool is_new(const struct checklist_set *set, const struct checklist *checklist, struct error *err)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal(set->checklists[i].id, checklist->id) || share_category(checklist, &set->checklists[i]))
            return error_set(err, ERROR_INVALID, "the checklist %s has the same id or category",
                             set->checklists[i].id);
    return true;
}

static bool add_file(void *context, const char *path, struct error *err)
{
    struct checklist_set *set = context;
    struct checklist checklist = {0};
    struct decode_notes notes = {0};
    json_t *json = folder_read(path, err);
    if (json == NULL)
        return false;
    bool ok = checklist_decode(json, &checklist, &notes, err) && folder_all_known(&notes, err) &&
              is_new(set, &checklist, err);
    json_decref(json);
    if (!ok) {
        checklist_done(&checklist);
        return error_prefix(err, "%s", path);
    }
    set->checklists = memory_resize(set->checklists, set->count + 1, sizeof *set->checklists);
    set->checklists[set->count++] = checklist;
    return true;
}

bool checklist_set_load(const char *directory, struct checklist_set *ret_set, struct error *err)
{
    struct checklist_set set = {0};
    if (!folder_each(directory, add_file, &set, err)) {
        checklist_set_done(&set);
        return false;
    }
    *ret_set = set;
    return true;
}
