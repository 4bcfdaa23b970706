/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding and storing products and operators, row by row inside one transaction. */
#include "daemon/intake.h"

#include "daemon/codec/operator.h"
#include "daemon/codec/product.h"
#include "daemon/store/directory.h"
#include "daemon/store/store.h"

/* A row that is wrong is told in reason; false only for a fault of the store. */
typedef bool put_fn(struct store *store, const json_t *row, enum put_result *ret_result, struct error *reason,
                    struct error *err);

static bool put_product(struct store *store, const json_t *row, enum put_result *ret_result, struct error *reason,
                        struct error *err)
{
    struct product_record record = {0};
    bool ok = true;
    if (product_decode(row, &record, NULL, reason))
        ok = directory_put_product(store, &record.product, record.codes, record.code_count, ret_result, err);
    product_record_done(&record);
    return ok;
}

static bool put_operator(struct store *store, const json_t *row, enum put_result *ret_result, struct error *reason,
                         struct error *err)
{
    struct operator_record record = {0};
    if (!operator_decode(row, &record, NULL, reason))
        return true;
    if (!directory_put_operator(store, &record.operator, record.badge, record.version, ret_result, err))
        return false;
    if (*ret_result == PUT_CONFLICT)
        error_set(reason, ERROR_CONFLICT, "badge: is somebody else's");
    return true;
}

static put_fn *const puts_by_kind[INTAKE_KIND_COUNT] = {
    [INTAKE_PRODUCTS] = put_product, [INTAKE_OPERATORS] = put_operator};

static bool put_all(struct store *store, put_fn *put, const json_t *list, json_t *result, struct error *err)
{
    json_int_t counts[PUT_RESULT_COUNT] = {0};
    json_t *problems = json_array(), *row;
    size_t i;
    json_object_set_new(result, "problems", problems);
    json_array_foreach(list, i, row)
    {
        struct error reason = {0};
        enum put_result put_result = PUT_STORED;
        if (!put(store, row, &put_result, &reason, err))
            return false;
        if (reason.code != ERROR_NONE)
            json_array_append_new(problems,
                                  json_pack("{s:I, s:s}", "number", (json_int_t)i + 1, "reason", reason.message));
        else
            counts[put_result]++;
    }
    json_object_set_new(result, "stored", json_integer(counts[PUT_STORED]));
    json_object_set_new(result, "older", json_integer(counts[PUT_OLDER]));
    return true;
}

bool intake_put(struct store *store, enum intake_kind kind, const json_t *list, json_t **ret_result, struct error *err)
{
    if (!json_is_array(list))
        return error_set(err, ERROR_INVALID, "expected a list");
    json_t *result = json_object();
    if (!store_begin(store, err) || !put_all(store, puts_by_kind[kind], list, result, err) ||
        !store_commit(store, err)) {
        store_rollback(store);
        json_decref(result);
        return false;
    }
    *ret_result = result;
    return true;
}
