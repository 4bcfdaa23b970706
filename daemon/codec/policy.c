/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the policy format. */
#include "daemon/codec/policy.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/folder.h"

#define MONEY_MAX INT64_C(1000000000000)

static const char *const flag_words[] = {"personalised", "final_sale"};
_Static_assert(FLAG_PERSONALISED == 1 << 0 && FLAG_FINAL_SALE == 1 << 1, "flags follow the order of their words");
static const struct names flag_names = {flag_words, COUNT_OF(flag_words)};

/* A list of the dispositions that goods can get. */
#define DISPOSITIONS(word, member)                                                                                     \
    {                                                                                                                  \
        .name = (word), .kind = FIELD_DISPOSITIONS, FIELD_AT(policy, member), .names = &disposition_names,             \
        .min = DISPOSITION_RESELL, .max = DISPOSITION_FORWARD                                                          \
    }

static const struct field grade_table[] = {
    DISPOSITIONS("A", grades[GRADE_A]), DISPOSITIONS("B", grades[GRADE_B]), DISPOSITIONS("C", grades[GRADE_C]),
    DISPOSITIONS("D", grades[GRADE_D]), DISPOSITIONS("E", grades[GRADE_E]),
};
_Static_assert(GRADE_COUNT == 6, "a list for each grade but U");
static const struct fields grade_fields = FIELDS(grade_table);

static const struct field scope_table[] = {
    {.name = "owner", .kind = FIELD_TEXT, FIELD_AT(policy, scope.owner)},
    {.name = "category", .kind = FIELD_TEXT, FIELD_AT(policy, scope.category)},
    {.name = "product", .kind = FIELD_TEXT, FIELD_AT(policy, scope.product)},
    {.name = "country", .kind = FIELD_TEXT, FIELD_AT(policy, scope.country), .accept = FIELD_UPPER, .min = 2},
    {.name = "channel", .kind = FIELD_WORD, FIELD_AT(policy, scope.channel), .names = &scope_channel_names},
    {.name = "class", .kind = FIELD_WORD, FIELD_AT(policy, scope.class), .names = &scope_class_names},
};
static const struct fields scope_fields = FIELDS(scope_table);

static const struct field extension_table[] = {
    {.name = "from", .kind = FIELD_DATE, .required = true, FIELD_AT(policy_extension, from)},
    {.name = "to", .kind = FIELD_DATE, .required = true, FIELD_AT(policy_extension, to)},
    {.name = "until", .kind = FIELD_DATE, .required = true, FIELD_AT(policy_extension, until)},
};
static const struct fields extension_fields = FIELDS(extension_table);

#define STRINGS(word, type, member)                                                                                    \
    {                                                                                                                  \
        .name = (word), .kind = FIELD_STRINGS, FIELD_AT(type, member), .item = KEY_SIZE, .max = 1000                   \
    }

static const struct field exclusion_table[] = {
    {.name = "flags", .kind = FIELD_WORDS, FIELD_AT(policy, excluded_flags), .names = &flag_names},
    STRINGS("categories", policy, excluded_categories),
    STRINGS("products", policy, excluded_products),
};
static const struct fields exclusion_fields = FIELDS(exclusion_table);

static const struct field condition_table[] = {
    {.name = "question", .kind = FIELD_TEXT, .required = true, FIELD_AT(policy_condition, question)},
    {.name = "answer", .kind = FIELD_TEXT, .required = true, FIELD_AT(policy_condition, answer)},
};
static const struct fields condition_fields = FIELDS(condition_table);

static const struct field fee_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(policy_fee, id)},
    {.name = "per", .kind = FIELD_WORD, .required = true, FIELD_AT(policy_fee, per), .names = &fee_per_names},
    {.name = "amount", .kind = FIELD_INTEGER, FIELD_AT(policy_fee, amount), .max = MONEY_MAX},
    {.name = "percent", .kind = FIELD_INTEGER, FIELD_AT(policy_fee, percent), .max = 100},
    {.name = "grades", .kind = FIELD_WORDS, FIELD_AT(policy_fee, grades), .names = &grade_names, .min = GRADE_A,
     .max = GRADE_E},
    STRINGS("reasons", policy_fee, reasons),
    {.name = "free_if", .kind = FIELD_WORDS, FIELD_AT(policy_fee, free_if), .names = &fee_free_names},
};
static const struct fields fee_fields = FIELDS(fee_table);

#define LIMIT(word, disposition)                                                                                       \
    {                                                                                                                  \
        .name = (word), .kind = FIELD_INTEGER, FIELD_AT(policy, value_limits[disposition]), .max = MONEY_MAX,          \
        .number = -1, .null_default = true                                                                             \
    }

static const struct field limit_table[] = {
    LIMIT("resell", DISPOSITION_RESELL),
    LIMIT("resell_b", DISPOSITION_RESELL_B),
    LIMIT("refurbish", DISPOSITION_REFURBISH),
    LIMIT("parts", DISPOSITION_PARTS),
    LIMIT("recycle", DISPOSITION_RECYCLE),
    LIMIT("destroy", DISPOSITION_DESTROY),
    LIMIT("donate", DISPOSITION_DONATE),
    LIMIT("liquidate", DISPOSITION_LIQUIDATE),
    LIMIT("quarantine", DISPOSITION_QUARANTINE),
    LIMIT("return_to_vendor", DISPOSITION_RETURN_TO_VENDOR),
    LIMIT("return_to_customer", DISPOSITION_RETURN_TO_CUSTOMER),
    LIMIT("forward", DISPOSITION_FORWARD),
};
_Static_assert(COUNT_OF(limit_table) == DISPOSITION_MISSING - DISPOSITION_RESELL, "a limit for each disposition");
static const struct fields limit_fields = FIELDS(limit_table);

static const struct field policy_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(policy, id)},
    {.name = "version", .kind = FIELD_INTEGER, .required = true, FIELD_AT(policy, version), .max = INT64_MAX},
    {.name = "valid_from", .kind = FIELD_DATE, FIELD_AT(policy, valid_from)},
    {.name = "valid_to", .kind = FIELD_DATE, FIELD_AT(policy, valid_to)},
    {.name = "scope", .kind = FIELD_OBJECT, FIELD_WHOLE(policy), .fields = &scope_fields},
    {.name = "window_days", .kind = FIELD_INTEGER, FIELD_AT(policy, window_days), .max = 36500, .number = -1,
     .null_default = true},
    {.name = "reference", .kind = FIELD_WORD, FIELD_AT(policy, reference), .names = &reference_names},
    {.name = "tested", .kind = FIELD_WORD, FIELD_AT(policy, tested), .names = &tested_names},
    {.name = "extensions", .kind = FIELD_ITEMS, FIELD_AT(policy, extensions), .item = sizeof(struct policy_extension),
     .also = offsetof(struct policy, extension_count), .fields = &extension_fields, .max = 50},
    {.name = "exclusions", .kind = FIELD_OBJECT, FIELD_WHOLE(policy), .fields = &exclusion_fields},
    {.name = "conditions", .kind = FIELD_ITEMS, FIELD_AT(policy, conditions), .item = sizeof(struct policy_condition),
     .also = offsetof(struct policy, condition_count), .fields = &condition_fields, .max = QUESTIONS_MAX},
    {.name = "fees", .kind = FIELD_ITEMS, FIELD_AT(policy, fees), .item = sizeof(struct policy_fee),
     .also = offsetof(struct policy, fee_count), .fields = &fee_fields, .max = 50},
    {.name = "outcomes", .kind = FIELD_WORDS, FIELD_AT(policy, outcomes), .names = &method_names,
     .max = METHOD_REPAIR},
    {.name = "grades", .kind = FIELD_OBJECT, .required = true, FIELD_WHOLE(policy), .fields = &grade_fields},
    DISPOSITIONS("on_reject", on_reject),
    {.name = "forbid", .kind = FIELD_WORDS, FIELD_AT(policy, forbid), .names = &disposition_names,
     .min = DISPOSITION_RESELL, .max = DISPOSITION_FORWARD},
    {.name = "value_limits", .kind = FIELD_OBJECT, FIELD_WHOLE(policy), .fields = &limit_fields},
    {.name = "approval_limit", .kind = FIELD_INTEGER, FIELD_AT(policy, approval_limit), .max = MONEY_MAX, .number = -1,
     .null_default = true},
    {.name = "duties_refundable", .kind = FIELD_BOOL, FIELD_AT(policy, duties_refundable)},
    {.name = "espr_exempt", .kind = FIELD_BOOL, FIELD_AT(policy, espr_exempt)},
    {.name = "unit_label", .kind = FIELD_WORD, FIELD_AT(policy, unit_label), .names = &unit_label_names},
};
static const struct fields policy_fields = FIELDS(policy_table);

/* What fits the format and makes no sense. */
static bool is_sound(const struct policy *policy, struct error *err)
{
    for (size_t i = 0; i < policy->extension_count; i++) {
        const struct policy_extension *e = &policy->extensions[i];
        if (e->to < e->from || e->until < e->to)
            return error_set(err, ERROR_INVALID, "extensions[%zu]: from, to and until must follow each other", i);
    }
    for (size_t i = 0; i < policy->fee_count; i++)
        for (size_t k = 0; k < i; k++)
            if (text_equal(policy->fees[i].id, policy->fees[k].id))
                return error_set(err, ERROR_INVALID, "fees[%zu]: there is a fee %s already", i, policy->fees[i].id);
    return policy->valid_from == DATE_NONE || policy->valid_to == DATE_NONE || policy->valid_from <= policy->valid_to ||
           error_set(err, ERROR_INVALID, "valid_to: is before valid_from");
}

bool policy_decode(const json_t *json, struct policy *ret_policy, struct decode_notes *notes, struct error *err)
{
    struct policy policy = {0};
    struct decoding decoding = {.notes = notes};
    if (!fields_decode(&policy_fields, json, &policy, &decoding, err) || !is_sound(&policy, err)) {
        policy_done(&policy);
        return false;
    }
    *ret_policy = policy;
    return true;
}

json_t *policy_encode(const struct policy *policy)
{
    return fields_encode(&policy_fields, policy);
}

bool policy_load(const char *path, struct policy *ret_policy, struct error *err)
{
    struct decode_notes notes = {0};
    json_t *json = folder_read(path, err);
    if (json == NULL)
        return false;
    bool ok = policy_decode(json, ret_policy, &notes, err);
    json_decref(json);
    if (ok && !folder_all_known(&notes, err)) {
        policy_done(ret_policy);
        ok = false;
    }
    return ok || error_prefix(err, "%s", path);
}

static bool add_file(void *context, const char *path, struct error *err)
{
    struct policy_set *set = context;
    struct policy policy;
    if (!policy_load(path, &policy, err))
        return false;
    for (size_t i = 0; i < set->count; i++) {
        if (text_equal(set->policies[i].id, policy.id) && set->policies[i].version == policy.version) {
            error_set(err, ERROR_INVALID, "%s: there is a policy %s of version %lld already", path, policy.id,
                      (long long)policy.version);
            policy_done(&policy);
            return false;
        }
    }
    set->policies = memory_resize(set->policies, set->count + 1, sizeof *set->policies);
    set->policies[set->count++] = policy;
    return true;
}

bool policy_set_load(const char *directory, struct policy_set *ret_set, struct error *err)
{
    struct policy_set set = {0};
    if (!folder_each(directory, add_file, &set, err)) {
        policy_set_done(&set);
        return false;
    }
    *ret_set = set;
    return true;
}

void policy_set_put(struct policy_set *set, const struct policy *policy)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (text_equal(set->policies[i].id, policy->id))
            policy_done(&set->policies[i]);
        else
            set->policies[kept++] = set->policies[i];
    }
    set->policies = memory_resize(set->policies, kept + 1, sizeof *set->policies);
    set->policies[kept] = *policy;
    set->count = kept + 1;
}
