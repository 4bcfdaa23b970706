/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/operator.h"

#include "daemon/codec/json.h"
#include "tests/support/suite.h"

#include <string.h>

static bool decode(const char *text, struct operator_record *ret_record, struct error *err)
{
    json_t *json = json_read(text, strlen(text), 1, err);
    bool good = json != NULL && operator_decode(json, ret_record, NULL, err);
    json_decref(json);
    return good;
}

static void fields_and_defaults_are_read(void)
{
    struct operator_record record;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(decode("{\"id\":\"D1\",\"name\":\"Dock 1\",\"roles\":[\"lead\",\"dock\"]}", &record, &err));
    CU_ASSERT_STRING_EQUAL(record.badge, "D1");
    CU_ASSERT_STRING_EQUAL(record.operator.lang, "en");
    CU_ASSERT_EQUAL(record.operator.roles, 1U << ROLE_DOCK | 1U << ROLE_LEAD);
    CU_ASSERT_FALSE(record.operator.training);
}

static void faults_are_refused(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"{\"name\":\"x\",\"roles\":[\"dock\"]}", "id: missing"},
        {"{\"id\":\"D 1\",\"name\":\"x\",\"roles\":[\"dock\"]}", "id: must not have spaces"},
        {"{\"id\":\"D1\",\"roles\":[\"dock\"]}", "name: missing"},
        {"{\"id\":\"D1\",\"name\":\"x\"}", "roles: missing"},
        {"{\"id\":\"D1\",\"name\":\"x\",\"roles\":[]}", "roles: needs one"},
        {"{\"id\":\"D1\",\"name\":\"x\",\"roles\":[\"boss\"]}", "roles: must be one of dock, inspector, lead"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct operator_record record;
        struct error err = {0};
        CU_ASSERT_FALSE(decode(table[i].text, &record, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
}

static void the_samples_survive_a_round_trip(void)
{
    json_error_t fault;
    json_t *list = json_load_file(SOURCE_DIR "/data/samples/operators.json", JSON_REJECT_DUPLICATES, &fault);
    CU_ASSERT_EQUAL_FATAL(json_array_size(list), 5);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct operator_record record, again;
        struct decode_notes notes = {0};
        struct error err = {0};
        CU_ASSERT_TRUE_FATAL(operator_decode(json_array_get(list, i), &record, &notes, &err));
        CU_ASSERT_EQUAL(notes.ignored_count, 0);
        json_t *encoded = operator_encode(&record);
        CU_ASSERT_TRUE_FATAL(operator_decode(encoded, &again, NULL, &err));
        json_t *twice = operator_encode(&again);
        CU_ASSERT_TRUE(json_equal(encoded, twice));
        CU_ASSERT_TRUE(json_equal(json_object_get(encoded, "roles"),
                                  json_object_get(json_array_get(list, i), "roles")));
        json_decref(encoded);
        json_decref(twice);
    }
    json_decref(list);
}

SUITE("codec/operator", {"fields and defaults are read", fields_and_defaults_are_read},
      {"faults are refused", faults_are_refused},
      {"the samples survive a round trip", the_samples_survive_a_round_trip})
