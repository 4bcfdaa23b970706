/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/checklist.h"

#include "daemon/codec/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static bool decode(const char *text, struct checklist *ret_checklist, struct error *err)
{
    json_t *json = json_read(text, strlen(text), 1, err);
    bool good = json != NULL && checklist_decode(json, ret_checklist, NULL, err);
    json_decref(json);
    return good;
}

#define TEXT(word) "\"text\":{\"en\":\"" word "\",\"fr\":\"" word "\"}"
#define LIST(scans, questions) "{\"id\":\"c\",\"version\":1,\"scans\":" scans ",\"questions\":[" questions "]}"

static void every_field_survives(void)
{
    static const char whole[] =
        "{\"id\":\"c\",\"version\":2,\"categories\":[\"a\",\"b\"],\"scans\":6,\"questions\":["
        "{\"id\":\"q1\"," TEXT(
            "One?") ",\"type\":\"yes_no\",\"role\":\"complete\",\"ask\":\"always\",\"implied_by\":"
                    "{\"A\":\"yes\",\"B\":null,\"C\":\"no\",\"D\":null,\"E\":null},\"only_if\":null,\"reason_if\":"
                    "{\"yes\":null,\"no\":\"missing_parts\"},\"options\":[]},"
                    "{\"id\":\"q2\"," TEXT("Two?") ",\"type\":\"option\",\"role\":\"reason\",\"ask\":\"if_not_"
                                                   "implied\",\"implied_by\":null,"
                                                   "\"only_if\":{\"question\":\"q1\",\"answer\":\"yes\"},\"reason_if\":"
                                                   "null,\"options\":[{\"id\":\"o\"," TEXT(
                                                       "O") ",\"reason\":\"defective\"}]}]}";
    struct checklist checklist;
    struct error err = {0};
    json_t *given = json_loads(whole, 0, NULL);
    bool good = decode(whole, &checklist, &err);
    if (!good)
        printf("\n    %s\n", err.message);
    CU_ASSERT_TRUE_FATAL(good);
    json_t *encoded = checklist_encode(&checklist);
    CU_ASSERT_TRUE(json_equal(encoded, given));
    CU_ASSERT_EQUAL(checklist.questions[0].ask, ASK_ALWAYS);
    CU_ASSERT_STRING_EQUAL(checklist.questions[0].implied[GRADE_C], "no");
    CU_ASSERT_STRING_EQUAL(checklist.questions[1].options[0].reason, "defective");
    json_decref(encoded);
    json_decref(given);
    checklist_done(&checklist);
}

static void what_could_not_be_asked_is_refused(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {LIST("4", "{\"id\":\"q\"," TEXT("Q?") "}"), "scans: a unit of grade A takes 5, not 4"},
        {LIST("5", "{\"id\":\"q\"," TEXT("Q?") "},{\"id\":\"q\"," TEXT("Q?") "}"),
         "questions[1] (q): id: is there twice"},
        {LIST("5", "{\"id\":\"q\"," TEXT("Q?") ",\"type\":\"option\"}"), "(q): options:"},
        {LIST("5", "{\"id\":\"q\"," TEXT("Q?") ",\"options\":[{\"id\":\"o\"," TEXT("O") "}]}"), "(q): options:"},
        {LIST("5", "{\"id\":\"q\"," TEXT("Q?") ",\"implied_by\":{\"B\":\"perhaps\"}}"), "(q): implied_by:"},
        {LIST("6", "{\"id\":\"q\"," TEXT("Q?") ",\"type\":\"number\",\"role\":\"sealed\"}"), "(q): role:"},
        {LIST("5", "{\"id\":\"q\"," TEXT("Q?") ",\"only_if\":{\"question\":\"q\",\"answer\":\"yes\"}}"),
         "(q): only_if:"},
        {LIST("5", "{\"id\":\"p\"," TEXT("P?") "},{\"id\":\"q\"," TEXT(
                       "Q?") ",\"only_if\":{\"question\":\"p\",\"answer\":\"1\"}}"),
         "(q): only_if: is no answer"},
        {LIST("5", "{\"id\":\"Q 1\"," TEXT("Q?") "}"), "questions[0].id: may only have"},
        {LIST("5", "{\"id\":\"q\",\"text\":{\"en\":\"Q?\"}}"), "questions[0].text.fr: missing"},
        {LIST("5", "{\"id\":\"q\"," TEXT("0123456789012345678901234567890123456789012345678901234567890") "}"),
         "questions[0].text.en: is longer than 60 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct checklist checklist;
        struct error err = {0};
        CU_ASSERT_FALSE(decode(table[i].text, &checklist, &err));
        if (strstr(err.message, table[i].message) == NULL)
            printf("\n    \"%s\" lacks \"%s\"\n", err.message, table[i].message);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
}

/* The budgets that the shipped categories state; what is loaded states its own and is refused if it is another. */
static void the_shipped_checklists_keep_their_budgets(void)
{
    static const struct {
        const char *category;
        int grade_a, grade_d;
    } table[] = {{"home", 4, 4},       {"footwear", 5, 5}, {"apparel", 4, 4},    {"electronics", 6, 7},
                 {"personal_care", 5, 5}, {"luggage", 4, 5},  {"consumables", 4, 6}};
    struct checklist_set set;
    struct error err = {0};
    bool loaded = checklist_set_load(SOURCE_DIR "/data/checklists", &set, &err);
    if (!loaded)
        printf("\n    %s\n", err.message);
    CU_ASSERT_TRUE_FATAL(loaded);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct product product = {0};
        TEXT_COPY(product.category, table[i].category);
        const struct checklist *checklist = checklist_select(&set, &product);
        CU_ASSERT_PTR_NOT_NULL_FATAL(checklist);
        if (checklist_scans(checklist, GRADE_D) != table[i].grade_d)
            printf("\n    %s: %d\n", table[i].category, checklist_scans(checklist, GRADE_D));
        CU_ASSERT_EQUAL(checklist->scans, table[i].grade_a);
        CU_ASSERT_EQUAL(checklist_scans(checklist, GRADE_A), table[i].grade_a);
        CU_ASSERT_EQUAL(checklist_scans(checklist, GRADE_D), table[i].grade_d);
    }
    const struct checklist *shoes = checklist_select(&set, &(struct product){.category = "footwear"});
    CU_ASSERT_EQUAL(shoes->questions[0].ask, ASK_ALWAYS);
    CU_ASSERT_EQUAL(shoes->questions[0].role, QUESTION_CONTENT);
    checklist_set_done(&set);
}

SUITE("codec/checklist", {"every field survives", every_field_survives},
      {"what could not be asked is refused", what_could_not_be_asked_is_refused},
      {"the shipped checklists keep their budgets", the_shipped_checklists_keep_their_budgets})
