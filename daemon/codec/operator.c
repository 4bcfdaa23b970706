/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the operator format. */
#include "daemon/codec/operator.h"

#include "base/text.h"

static const struct field operator_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(operator_record, operator.id)},
    {.name = "badge", .kind = FIELD_TEXT, FIELD_AT(operator_record, badge)},
    {.name = "name", .kind = FIELD_TEXT, .required = true, .cut = true, FIELD_AT(operator_record, operator.name)},
    {.name = "roles", .kind = FIELD_WORDS, .required = true, FIELD_AT(operator_record, operator.roles),
     .names = &role_names},
    {.name = "lang", .kind = FIELD_TEXT, FIELD_AT(operator_record, operator.lang), .min = 2, .text = "en",
     .accept = FIELD_LOWER},
    {.name = "training", .kind = FIELD_BOOL, FIELD_AT(operator_record, operator.training)},
    {.name = "version", .kind = FIELD_INTEGER, FIELD_AT(operator_record, version), .max = INT64_MAX},
};
static const struct fields operator_fields = FIELDS(operator_table);

bool operator_decode(const json_t *json, struct operator_record *ret_record, struct decode_notes *notes,
                     struct error *err)
{
    struct operator_record record = {0};
    struct decoding decoding = {.notes = notes};
    if (!fields_decode(&operator_fields, json, &record, &decoding, err))
        return false;
    if (record.operator.roles == 0)
        return error_set(err, ERROR_INVALID, "roles: needs one at least");
    if (record.badge[0] == '\0')
        TEXT_COPY(record.badge, record.operator.id);
    *ret_record = record;
    return true;
}

json_t *operator_encode(const struct operator_record *record)
{
    return fields_encode(&operator_fields, record);
}
