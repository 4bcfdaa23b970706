/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/policy.h"

#include "daemon/codec/json.h"
#include "tests/support/suite.h"

#include <string.h>

static bool decode(const char *text, struct policy *ret_policy, struct decode_notes *notes, struct error *err)
{
    json_t *json = json_read(text, strlen(text), 1, err);
    bool good = json != NULL && policy_decode(json, ret_policy, notes, err);
    json_decref(json);
    return good;
}

static void the_default_policy_is_read(void)
{
    struct policy policy;
    struct decode_notes notes = {0};
    struct error err = {0};
    json_error_t fault;
    json_t *json = json_load_file(SOURCE_DIR "/data/policies/default.json", JSON_REJECT_DUPLICATES, &fault);
    CU_ASSERT_TRUE_FATAL(policy_decode(json, &policy, &notes, &err));
    CU_ASSERT_EQUAL(notes.ignored_count, 0);
    CU_ASSERT_STRING_EQUAL(policy.id, "default");
    CU_ASSERT_EQUAL(policy.version, 1);
    CU_ASSERT_EQUAL(policy.window_days, 30);
    CU_ASSERT_FALSE(policy.from_purchase);
    CU_ASSERT_EQUAL(policy.grades[GRADE_U].count, 0);
    CU_ASSERT_EQUAL(policy.grades[GRADE_A].count, 1);
    CU_ASSERT_EQUAL(policy.grades[GRADE_A].items[0], DISPOSITION_RESELL);
    CU_ASSERT_EQUAL(policy.grades[GRADE_E].count, 2);
    CU_ASSERT_EQUAL(policy.grades[GRADE_E].items[0], DISPOSITION_RECYCLE);
    CU_ASSERT_EQUAL(policy.grades[GRADE_E].items[1], DISPOSITION_DESTROY);
    CU_ASSERT_EQUAL(policy.on_reject.items[0], DISPOSITION_RETURN_TO_CUSTOMER);
    json_t *encoded = policy_encode(&policy);
    CU_ASSERT_TRUE(json_equal(encoded, json));
    json_decref(encoded);
    json_decref(json);
}

static void what_is_not_applied_is_told(void)
{
    struct policy policy;
    struct decode_notes notes = {0};
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(decode("{\"id\":\"p\",\"version\":2,\"window_days\":null,\"reference\":\"purchase\","
                                "\"grades\":{\"F\":[]},\"forbid\":[\"destroy\"],\"approval_limit\":5000}",
                                &policy, &notes, &err));
    CU_ASSERT_EQUAL(policy.window_days, -1);
    CU_ASSERT_TRUE(policy.from_purchase);
    CU_ASSERT_EQUAL(policy.forbid, 1U << DISPOSITION_DESTROY);
    CU_ASSERT_EQUAL_FATAL(notes.ignored_count, 2);
    CU_ASSERT_STRING_EQUAL(notes.ignored[0], "approval_limit");
    CU_ASSERT_STRING_EQUAL(notes.ignored[1], "grades.F");
    json_t *encoded = policy_encode(&policy); /* without any grade, and still a policy */
    CU_ASSERT_TRUE(policy_decode(encoded, &policy, NULL, &err));
    json_decref(encoded);
}

static void faults_are_refused(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"{\"version\":1,\"grades\":{}}", "id: missing"},
        {"{\"id\":\"p\",\"grades\":{}}", "version: missing"},
        {"{\"id\":\"p\",\"version\":1}", "grades: missing"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{\"A\":[\"sell\"]}}", "grades.A: must be one of resell,"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{\"A\":[\"missing\"]}}", "grades.A: must be one of resell,"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{\"A\":[\"resell\",\"resell\"]}}", "grades.A: has resell twice"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{},\"forbid\":[\"none\"]}", "forbid: must be one of resell,"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{},\"window_days\":-1}", "window_days: must be from 0 to 36500"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct policy policy;
        struct error err = {0};
        CU_ASSERT_FALSE(decode(table[i].text, &policy, NULL, &err));
        if (strstr(err.message, table[i].message) == NULL)
            printf("\n    \"%s\" lacks \"%s\"\n", err.message, table[i].message);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
}

SUITE("codec/policy", {"the default policy is read", the_default_policy_is_read},
      {"what is not applied is told", what_is_not_applied_is_told}, {"faults are refused", faults_are_refused})
