/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of what comes by PUT. */
#include "daemon/codec/inbound.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

#define VERSION(type) {.name = "version", .kind = FIELD_INTEGER, FIELD_AT(type, version), .max = INT64_MAX}
#define KEY(type, member) {.name = #member, .kind = FIELD_TEXT, .no_spaces = true, FIELD_AT(type, member)}
#define NEEDED(type, member)                                                                                           \
    {.name = #member, .kind = FIELD_TEXT, .required = true, .no_spaces = true, .min = 1, FIELD_AT(type, member)}
#define NOTE(type) {.name = "reason", .kind = FIELD_TEXT, .cut = true, FIELD_AT(type, reason)}
#define DISPOSITION(type, member)                                                                                      \
    {.name = "disposition", .kind = FIELD_WORD, FIELD_AT(type, member), .names = &disposition_names,                   \
     .null_default = true, .min = DISPOSITION_RESELL, .max = DISPOSITION_FORWARD}

static const struct field rma_table[] = {
    NEEDED(inbound_rma, rma),
    VERSION(inbound_rma),
    NOTE(inbound_rma),
    {.name = "hold", .kind = FIELD_WORD, FIELD_AT(inbound_rma, hold), .names = &hold_kind_names, .null_default = true,
     .min = HOLD_UNKNOWN, .max = HOLD_OTHER},
};

static const struct field decision_table[] = {
    KEY(inbound_decision, unit),
    KEY(inbound_decision, parcel),
    KEY(inbound_decision, rma),
    VERSION(inbound_decision),
    {.name = "verdict", .kind = FIELD_WORD, FIELD_AT(inbound_decision, verdict), .names = &verdict_names,
     .null_default = true, .min = VERDICT_ACCEPTED, .max = VERDICT_MANUAL},
    DISPOSITION(inbound_decision, disposition),
    KEY(inbound_decision, outcome),
    NOTE(inbound_decision),
};

static const struct field conflict_table[] = {
    KEY(inbound_conflict, lpn),     KEY(inbound_conflict, rma), KEY(inbound_conflict, line),
    VERSION(inbound_conflict), NOTE(inbound_conflict),
};

static const struct field zpl_table[] = {
    NEEDED(inbound_zpl, unit),
    {.name = "dpi", .kind = FIELD_INTEGER, FIELD_AT(inbound_zpl, dpi), .max = 600},
    VERSION(inbound_zpl),
};

static const struct field load_table[] = {
    NEEDED(inbound_load, id),
    KEY(inbound_load, sscc),
    {.name = "carrier", .kind = FIELD_TEXT, FIELD_AT(inbound_load, carrier)},
    {.name = "expected", .kind = FIELD_INTEGER, FIELD_AT(inbound_load, expected), .max = 1000000},
    VERSION(inbound_load),
};

static const struct field place_table[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .no_spaces = true, .min = 1,
     FIELD_AT(inbound_place, place.code)},
    {.name = "kind", .kind = FIELD_WORD, .required = true, FIELD_AT(inbound_place, place.kind),
     .names = &place_kind_names, .min = PLACE_LOCATION, .max = PLACE_LANE},
    {.name = "owner", .kind = FIELD_TEXT, .no_spaces = true, FIELD_AT(inbound_place, place.owner)},
    DISPOSITION(inbound_place, place.disposition),
    VERSION(inbound_place),
};

static const struct field floor_table[] = {
    {.name = "lpn", .kind = FIELD_INTEGER, .required = true, FIELD_AT(inbound_floor, lpn), .max = LPN_ROLL_FIRST - 1},
};

static bool decode(const struct field *table, size_t count, const json_t *json, void *record, struct error *err)
{
    const struct fields fields = {table, count};
    struct decoding decoding = {0};
    return fields_decode(&fields, json, record, &decoding, err);
}

#define DECODE(table, target) decode((table), sizeof(table) / sizeof((table)[0]), json, (target), err)

bool inbound_rma_decode(const json_t *json, struct inbound_rma *ret_rma, struct error *err)
{
    *ret_rma = (struct inbound_rma){0};
    return DECODE(rma_table, ret_rma);
}

bool inbound_decision_decode(const json_t *json, struct inbound_decision *ret_decision, struct error *err)
{
    *ret_decision = (struct inbound_decision){0};
    return DECODE(decision_table, ret_decision) &&
           ((ret_decision->unit[0] == '\0') != (ret_decision->parcel[0] == '\0') ||
            error_set(err, ERROR_INVALID, "either unit or parcel"));
}

bool inbound_conflict_decode(const json_t *json, struct inbound_conflict *ret_conflict, struct error *err)
{
    *ret_conflict = (struct inbound_conflict){0};
    return DECODE(conflict_table, ret_conflict) &&
           ((ret_conflict->lpn[0] == '\0') != (ret_conflict->rma[0] == '\0') ||
            error_set(err, ERROR_INVALID, "either lpn or rma"));
}

bool inbound_zpl_decode(const json_t *json, struct inbound_zpl *ret_zpl, struct error *err)
{
    const json_t *zpl = json_object_get(json, "zpl");
    *ret_zpl = (struct inbound_zpl){.zpl = json_string_value(zpl)};
    return DECODE(zpl_table, ret_zpl) &&
           (json_is_string(zpl) || error_set(err, ERROR_INVALID, "zpl: must be a text")) &&
           (json_string_length(zpl) <= INBOUND_ZPL_MAX ||
            error_set(err, ERROR_INVALID, "zpl: at most %d bytes", INBOUND_ZPL_MAX));
}

bool inbound_load_decode(const json_t *json, struct inbound_load *ret_load, struct error *err)
{
    *ret_load = (struct inbound_load){0};
    return DECODE(load_table, ret_load);
}

bool inbound_place_decode(const json_t *json, struct inbound_place *ret_place, struct error *err)
{
    *ret_place = (struct inbound_place){0};
    return DECODE(place_table, ret_place);
}

bool inbound_floor_decode(const json_t *json, struct inbound_floor *ret_floor, struct error *err)
{
    *ret_floor = (struct inbound_floor){0};
    return DECODE(floor_table, ret_floor);
}

static const struct known {
    const char *kind;
    const struct field *table;
    size_t count;
    const char *more; /* a member that no table has */
} known_members[] = {
    {"rma.cancel", rma_table, COUNT_OF(rma_table), NULL},
    {"rma.release", rma_table, COUNT_OF(rma_table), NULL},
    {"decision", decision_table, COUNT_OF(decision_table), NULL},
    {"conflict", conflict_table, COUNT_OF(conflict_table), NULL},
    {"label.zpl", zpl_table, COUNT_OF(zpl_table), "zpl"},
    {"load.upsert", load_table, COUNT_OF(load_table), NULL},
    {"place.upsert", place_table, COUNT_OF(place_table), NULL},
};

static void keep_member(json_t *kept, const json_t *json, const char *name)
{
    json_t *value = json_object_get(json, name);
    if (value != NULL)
        json_object_set_new(kept, name, json_deep_copy(value));
}

json_t *inbound_known(const char *kind, const json_t *json)
{
    for (size_t i = 0; i < COUNT_OF(known_members); i++) {
        const struct known *known = &known_members[i];
        if (!text_equal(known->kind, kind))
            continue;
        json_t *kept = json_object();
        for (size_t k = 0; k < known->count; k++)
            keep_member(kept, json, known->table[k].name);
        if (known->more != NULL)
            keep_member(kept, json, known->more);
        return kept;
    }
    return json_deep_copy(json);
}
