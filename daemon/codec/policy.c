/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the policy format. */
#include "daemon/codec/policy.h"

enum reference { REFERENCE_DELIVERY, REFERENCE_PURCHASE, REFERENCE_COUNT };
static const char *const reference_words[REFERENCE_COUNT] = {
    [REFERENCE_DELIVERY] = "delivery",
    [REFERENCE_PURCHASE] = "purchase",
};
static const struct names reference_names = {reference_words, REFERENCE_COUNT};

/* The policy, and its fields that the struct holds in another shape. */
struct record {
    struct policy policy;
    enum reference reference;
};

/* A list of the dispositions that goods can get. */
#define DISPOSITIONS(word, member)                                                                                     \
    {                                                                                                                  \
        .name = (word), .kind = FIELD_DISPOSITIONS, FIELD_AT(record, policy.member), .names = &disposition_names,      \
        .min = DISPOSITION_RESELL, .max = DISPOSITION_FORWARD                                                          \
    }

static const struct field grade_table[] = {
    DISPOSITIONS("A", grades[GRADE_A]), DISPOSITIONS("B", grades[GRADE_B]), DISPOSITIONS("C", grades[GRADE_C]),
    DISPOSITIONS("D", grades[GRADE_D]), DISPOSITIONS("E", grades[GRADE_E]),
};
_Static_assert(GRADE_COUNT == 6, "a list for each grade but U");
static const struct fields grade_fields = FIELDS(grade_table);

static const struct field policy_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(record, policy.id)},
    {.name = "version", .kind = FIELD_INTEGER, .required = true, FIELD_AT(record, policy.version), .max = INT64_MAX},
    {.name = "window_days", .kind = FIELD_INTEGER, FIELD_AT(record, policy.window_days), .max = 36500, .number = -1,
     .null_default = true},
    {.name = "reference", .kind = FIELD_WORD, FIELD_AT(record, reference), .names = &reference_names},
    {.name = "grades", .kind = FIELD_OBJECT, .required = true, FIELD_WHOLE(record), .fields = &grade_fields},
    DISPOSITIONS("on_reject", on_reject),
    {.name = "forbid", .kind = FIELD_WORDS, FIELD_AT(record, policy.forbid), .names = &disposition_names,
     .min = DISPOSITION_RESELL, .max = DISPOSITION_FORWARD},
};
static const struct fields policy_fields = FIELDS(policy_table);

bool policy_decode(const json_t *json, struct policy *ret_policy, struct decode_notes *notes, struct error *err)
{
    struct record record = {0};
    struct decoding decoding = {.notes = notes};
    if (!fields_decode(&policy_fields, json, &record, &decoding, err))
        return false;
    record.policy.from_purchase = record.reference == REFERENCE_PURCHASE;
    *ret_policy = record.policy;
    return true;
}

json_t *policy_encode(const struct policy *policy)
{
    struct record record = {
        .policy = *policy,
        .reference = policy->from_purchase ? REFERENCE_PURCHASE : REFERENCE_DELIVERY,
    };
    return fields_encode(&policy_fields, &record);
}

bool policy_load(const char *path, struct policy *ret_policy, struct error *err)
{
    json_error_t where;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL)
        return error_set(err, ERROR_INVALID, "%s:%d: %s", path, where.line, where.text);
    bool ok = policy_decode(json, ret_policy, NULL, err) || error_prefix(err, "%s", path);
    json_decref(json);
    return ok;
}
