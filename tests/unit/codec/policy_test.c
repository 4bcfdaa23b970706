/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/policy.h"

#include "daemon/codec/json.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    CU_ASSERT_EQUAL(policy.reference, REFERENCE_DELIVERY);
    CU_ASSERT_EQUAL(policy.excluded_flags, FLAG_FINAL_SALE | FLAG_PERSONALISED);
    CU_ASSERT_EQUAL(policy.approval_limit, -1);
    CU_ASSERT_EQUAL(policy.value_limits[DISPOSITION_DESTROY], -1);
    CU_ASSERT_EQUAL(policy.grades[GRADE_U].count, 0);
    CU_ASSERT_EQUAL(policy.grades[GRADE_A].count, 1);
    CU_ASSERT_EQUAL(policy.grades[GRADE_A].items[0], DISPOSITION_RESELL);
    CU_ASSERT_EQUAL(policy.grades[GRADE_E].count, 2);
    CU_ASSERT_EQUAL(policy.grades[GRADE_E].items[0], DISPOSITION_RECYCLE);
    CU_ASSERT_EQUAL(policy.grades[GRADE_E].items[1], DISPOSITION_DESTROY);
    CU_ASSERT_EQUAL(policy.on_reject.items[0], DISPOSITION_RETURN_TO_CUSTOMER);
    policy_done(&policy);
    json_decref(json);
}

static void what_is_not_applied_is_told(void)
{
    struct policy policy;
    struct decode_notes notes = {0};
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(decode("{\"id\":\"p\",\"version\":2,\"window_days\":null,\"reference\":\"purchase\","
                                "\"grades\":{\"F\":[]},\"forbid\":[\"destroy\"],\"aproval_limit\":5000}",
                                &policy, &notes, &err));
    CU_ASSERT_EQUAL(policy.window_days, -1);
    CU_ASSERT_EQUAL(policy.reference, REFERENCE_PURCHASE);
    CU_ASSERT_EQUAL(policy.forbid, 1U << DISPOSITION_DESTROY);
    CU_ASSERT_EQUAL_FATAL(notes.ignored_count, 2);
    CU_ASSERT_STRING_EQUAL(notes.ignored[0], "aproval_limit");
    CU_ASSERT_STRING_EQUAL(notes.ignored[1], "grades.F");
    json_t *encoded = policy_encode(&policy); /* without any grade, and still a policy */
    CU_ASSERT_TRUE(policy_decode(encoded, &policy, NULL, &err));
    json_decref(encoded);
}

static const char whole[] =
    "{\"id\":\"p\",\"version\":7,\"valid_from\":\"2026-01-01\",\"valid_to\":\"2026-12-31\",\"scope\":{\"owner\":"
    "\"acme\","
    "\"category\":\"books\",\"product\":\"B-1\",\"country\":\"DE\",\"channel\":\"store\",\"class\":\"warranty\"},"
    "\"window_days\":14,\"reference\":\"purchase\",\"tested\":\"receipt\",\"extensions\":[{\"from\":\"2026-11-01\","
    "\"to\":\"2026-12-24\",\"until\":\"2027-01-31\"}],\"exclusions\":{\"flags\":[\"personalised\"],\"categories\":["
    "\"food\"],"
    "\"products\":[\"A\",\"B\"]},\"conditions\":[{\"question\":\"tag\",\"answer\":\"yes\"}],\"fees\":[{\"id\":\"f\","
    "\"per\":"
    "\"line\",\"amount\":100,\"percent\":5,\"grades\":[\"B\",\"C\"],\"reasons\":[\"changed_mind\"],\"free_if\":["
    "\"defect\","
    "\"merchant_pays\"]}],\"outcomes\":[\"refund\",\"repair\"],\"grades\":{\"A\":[\"resell\"],\"B\":[],\"C\":[],\"D\":["
    "],"
    "\"E\":[]},\"on_reject\":[\"quarantine\"],\"forbid\":[\"destroy\"],\"value_limits\":{\"resell\":null,\"resell_b\":"
    "null,"
    "\"refurbish\":null,\"parts\":null,\"recycle\":0,\"destroy\":20000,\"donate\":null,\"liquidate\":null,"
    "\"quarantine\":null,\"return_to_vendor\":null,\"return_to_customer\":null,\"forward\":null},"
    "\"approval_limit\":5000,\"duties_refundable\":true,\"espr_exempt\":true,\"unit_label\":\"none\"}";

static void every_field_survives(void)
{
    struct policy policy;
    struct decode_notes notes = {0};
    struct error err = {0};
    json_t *given = json_loads(whole, 0, NULL);
    CU_ASSERT_TRUE_FATAL(decode(whole, &policy, &notes, &err));
    CU_ASSERT_EQUAL(notes.ignored_count, 0);
    json_t *encoded = policy_encode(&policy);
    CU_ASSERT_TRUE(json_equal(encoded, given));
    CU_ASSERT_EQUAL(policy.scope.channel, CHANNEL_STORE + 1);
    CU_ASSERT_EQUAL(policy.scope.class, REASON_WARRANTY + 1);
    CU_ASSERT_EQUAL(policy.fees[0].grades, 1U << GRADE_B | 1U << GRADE_C);
    CU_ASSERT_EQUAL(policy.value_limits[DISPOSITION_RECYCLE], 0);
    CU_ASSERT_EQUAL(policy.value_limits[DISPOSITION_DONATE], -1);
    policy_done(&policy);
    json_decref(encoded);
    json_decref(given);
}

/* The shipped folder loads as a whole: nothing in it is unknown, and each policy leaves something to do. */
static void the_shipped_policies_are_sound(void)
{
    struct policy_set set;
    struct error err = {0};
    bool loaded = policy_set_load(SOURCE_DIR "/data/policies", &set, &err);
    if (!loaded)
        printf("\n    %s\n", err.message);
    CU_ASSERT_TRUE_FATAL(loaded);
    CU_ASSERT_TRUE(set.count >= 4);
    for (size_t i = 0; i < set.count; i++)
        for (int grade = GRADE_A; grade < GRADE_COUNT; grade++)
            CU_ASSERT_TRUE(set.policies[i].grades[grade].count > 0);
    policy_set_done(&set);
}

static void a_file_with_a_fault_is_named(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {{"{\n\"id\": }", "/b.json:2:"},
                 {"{\"id\":\"p\",\"version\":1,\"grades\":{},\"gardes\":{}}", "/b.json: gardes: there is no such name"},
                 {"{\"id\":\"a\",\"version\":1,\"grades\":{}}", "there is a policy a of version 1 already"}};
    char directory[] = "/tmp/policies-XXXXXX", path[80];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct policy_set set;
        struct error err = {0};
        const char *texts[2] = {"{\"id\":\"a\",\"version\":1,\"grades\":{}}", table[i].text};
        for (int k = 0; k < 2; k++) {
            snprintf(path, sizeof path, "%s/%c.json", directory, 'a' + k);
            FILE *file = fopen(path, "we");
            CU_ASSERT_PTR_NOT_NULL_FATAL(file);
            fputs(texts[k], file);
            fclose(file);
        }
        CU_ASSERT_FALSE(policy_set_load(directory, &set, &err));
        if (strstr(err.message, table[i].message) == NULL)
            printf("\n    \"%s\" lacks \"%s\"\n", err.message, table[i].message);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%s/%c.json", directory, 'a' + k);
        unlink(path);
    }
    rmdir(directory);
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
        {"{\"id\":\"p\",\"version\":1,\"grades\":{},\"valid_from\":\"2026-02-01\",\"valid_to\":\"2026-01-31\"}",
         "valid_to: is before valid_from"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{},\"extensions\":[{\"from\":\"2026-02-01\",\"to\":\"2026-01-31\","
         "\"until\":\"2026-03-01\"}]}",
         "extensions[0]: from, to and until"},
        {"{\"id\":\"p\",\"version\":1,\"grades\":{},\"fees\":[{\"id\":\"f\",\"per\":\"unit\"},{\"id\":\"f\","
         "\"per\":\"rma\"}]}",
         "fees[1]: there is a fee f already"},
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
      {"what is not applied is told", what_is_not_applied_is_told},
      {"every field survives", every_field_survives},
      {"the shipped policies are sound", the_shipped_policies_are_sound},
      {"a file with a fault is named", a_file_with_a_fault_is_named}, {"faults are refused", faults_are_refused})
