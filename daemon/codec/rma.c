/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the RMA format, and the checks that span several fields. */
#include "daemon/codec/rma.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"

#include <stdlib.h>
#include <string.h>

#define MONEY_MAX INT64_C(1000000000000)
#define QTY_MAX 1000000
#define FLAG_COUNT 2
#define SERIAL_SIZE sizeof(((struct unit *)0)->serial)

static const char *const flag_words[FLAG_COUNT] = {"personalised", "final_sale"};
_Static_assert(FLAG_PERSONALISED == 1 << 0 && FLAG_FINAL_SALE == 1 << 1, "flags follow the order of their words");
static const struct names flag_names = {flag_words, FLAG_COUNT};

static const struct field ref_table[] = {
    {.name = "kind", .kind = FIELD_WORD, .required = true, FIELD_AT(rma_ref, kind), .names = &ref_kind_names,
     .min = REF_ORDER, .max = REF_OTHER},
    {.name = "value", .kind = FIELD_TEXT, .required = true, FIELD_AT(rma_ref, value)},
    {.name = "carrier", .kind = FIELD_TEXT, FIELD_AT(rma_ref, carrier)},
};
_Static_assert(REF_OTHER - REF_ORDER == 5, "the kinds a file may name lie between order and other");
static const struct fields ref_fields = FIELDS(ref_table);

static const struct field exchange_table[] = {
    {.name = "sku", .kind = FIELD_TEXT, .required = true, FIELD_AT(rma_line, exchange_sku)},
    {.name = "qty", .kind = FIELD_INTEGER, .required = true, FIELD_AT(rma_line, exchange_qty), .min = 1,
     .max = QTY_MAX},
};
static const struct fields exchange_fields = FIELDS(exchange_table);

static const struct field line_table[] = {
    {.name = "line", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(rma_line, line)},
    {.name = "sku", .kind = FIELD_TEXT, FIELD_AT(rma_line, sku)},
    {.name = "gtin", .kind = FIELD_GTIN, FIELD_AT(rma_line, gtin)},
    {.name = "qty", .kind = FIELD_INTEGER, .required = true, FIELD_AT(rma_line, qty), .min = 1, .max = QTY_MAX},
    {.name = "uom", .kind = FIELD_TEXT, FIELD_AT(rma_line, uom), .text = "pcs"},
    {.name = "unit_price", .kind = FIELD_INTEGER, FIELD_AT(rma_line, unit_price), .max = MONEY_MAX},
    {.name = "currency", .kind = FIELD_TEXT, FIELD_AT(rma_line, currency), .min = 3, .accept = FIELD_UPPER},
    {.name = "serials", .kind = FIELD_STRINGS, FIELD_AT(rma_line, serials), .item = SERIAL_SIZE,
     .max = RMA_SERIALS_MAX, .also = offsetof(struct rma_line, serials_known)},
    {.name = "lots", .kind = FIELD_STRINGS, FIELD_AT(rma_line, lots), .item = SERIAL_SIZE, .max = RMA_SERIALS_MAX},
    {.name = "reason", .kind = FIELD_TEXT, FIELD_AT(rma_line, reason)},
    {.name = "exchange_for", .kind = FIELD_OBJECT, FIELD_WHOLE(rma_line), .fields = &exchange_fields},
    {.name = "kit_parent", .kind = FIELD_TEXT, .no_spaces = true, FIELD_AT(rma_line, kit_parent)},
    {.name = "title", .kind = FIELD_WORD, FIELD_AT(rma_line, title), .names = &title_names, .number = TITLE_OURS},
    {.name = "flags", .kind = FIELD_WORDS, FIELD_AT(rma_line, flags), .names = &flag_names},
    {.name = "hs_code", .kind = FIELD_TEXT, FIELD_AT(rma_line, hs_code), .min = 4, .accept = FIELD_DIGITS "."},
    {.name = "origin", .kind = FIELD_TEXT, FIELD_AT(rma_line, origin), .min = 2, .accept = FIELD_UPPER},
    {.name = "received_elsewhere", .kind = FIELD_INTEGER, FIELD_AT(rma_line, received_elsewhere), .max = QTY_MAX},
};
const struct fields rma_line_fields = FIELDS(line_table);

static const struct field customs_table[] = {
    {.name = "export_mrn", .kind = FIELD_TEXT, FIELD_AT(rma, export_mrn)},
    {.name = "export_date", .kind = FIELD_DATE, FIELD_AT(rma, export_date)},
    {.name = "duties_refundable", .kind = FIELD_BOOL, FIELD_AT(rma, duties_refundable)},
    {.name = "hold", .kind = FIELD_BOOL, FIELD_AT(rma, customs_hold)},
};
static const struct fields customs_fields = FIELDS(customs_table);

static const struct field rma_table[] = {
    {.name = "rma", .kind = FIELD_TEXT, .required = true, .no_spaces = true, FIELD_AT(rma, rma)},
    {.name = "version", .kind = FIELD_INTEGER, FIELD_AT(rma, version), .max = INT64_MAX},
    {.name = "owner", .kind = FIELD_TEXT, FIELD_AT(rma, owner), .text = "main"},
    {.name = "channel", .kind = FIELD_WORD, FIELD_AT(rma, channel), .names = &channel_names, .number = CHANNEL_ONLINE},
    {.name = "state", .kind = FIELD_WORD, FIELD_AT(rma, state), .names = &rma_state_names, .number = RMA_AUTHORISED},
    {.name = "expect", .kind = FIELD_WORD, FIELD_AT(rma, expect), .names = &expect_names, .number = EXPECT_EXACT},
    {.name = "refs", .kind = FIELD_ITEMS, FIELD_AT(rma, refs), .item = sizeof(struct rma_ref),
     .also = offsetof(struct rma, ref_count), .fields = &ref_fields, .max = RMA_REFS_MAX},
    {.name = "customer_ref", .kind = FIELD_TEXT, FIELD_AT(rma, customer_ref)},
    {.name = "country", .kind = FIELD_TEXT, FIELD_AT(rma, country), .min = 2, .accept = FIELD_UPPER},
    {.name = "lang", .kind = FIELD_TEXT, FIELD_AT(rma, lang), .min = 2, .accept = FIELD_LOWER},
    {.name = "policy", .kind = FIELD_TEXT, .no_spaces = true, FIELD_AT(rma, policy)},
    {.name = "requested_at", .kind = FIELD_INSTANT, FIELD_AT(rma, requested_at)},
    {.name = "authorised_at", .kind = FIELD_INSTANT, FIELD_AT(rma, authorised_at)},
    {.name = "expires_on", .kind = FIELD_DATE, FIELD_AT(rma, expires_on)},
    {.name = "purchase_date", .kind = FIELD_DATE, FIELD_AT(rma, purchase_date)},
    {.name = "delivery_date", .kind = FIELD_DATE, FIELD_AT(rma, delivery_date)},
    {.name = "outcome", .kind = FIELD_WORD, FIELD_AT(rma, outcome), .names = &method_names, .number = METHOD_REFUND},
    {.name = "refund_timing", .kind = FIELD_WORD, FIELD_AT(rma, refund_timing), .names = &refund_timing_names,
     .number = TIMING_ON_INSPECTION},
    {.name = "already_refunded", .kind = FIELD_BOOL, FIELD_AT(rma, already_refunded)},
    {.name = "return_paid_by", .kind = FIELD_WORD, FIELD_AT(rma, return_paid_by), .names = &payer_names,
     .number = PAYER_MERCHANT},
    {.name = "priority", .kind = FIELD_INTEGER, FIELD_AT(rma, priority), .max = 9},
    {.name = "parcels_expected", .kind = FIELD_INTEGER, FIELD_AT(rma, parcels_expected), .max = QTY_MAX,
     .null_default = true},
    {.name = "weight_g", .kind = FIELD_INTEGER, FIELD_AT(rma, weight_g), .max = INT64_C(1000000000),
     .null_default = true},
    {.name = "note", .kind = FIELD_TEXT, FIELD_AT(rma, note)},
    {.name = "customs", .kind = FIELD_OBJECT, FIELD_WHOLE(rma), .fields = &customs_fields},
    {.name = "lines", .kind = FIELD_ITEMS, .required = true, FIELD_AT(rma, lines), .item = sizeof(struct rma_line),
     .also = offsetof(struct rma, line_count), .fields = &rma_line_fields, .min = 1, .max = RMA_LINES_MAX},
};
const struct fields rma_fields = FIELDS(rma_table);

static int compare_lines(const void *a, const void *b)
{
    return strcmp((*(const struct rma_line *const *)a)->line, (*(const struct rma_line *const *)b)->line);
}

/* The lines in the order of their names, for canonical text and for finding the same name twice. */
static const struct rma_line **sorted_lines(const struct rma *rma)
{
    const struct rma_line **sorted = memory_new(rma->line_count + 1, sizeof *sorted);
    for (size_t i = 0; i < rma->line_count; i++)
        sorted[i] = &rma->lines[i];
    qsort(sorted, rma->line_count, sizeof *sorted, compare_lines);
    return sorted;
}

static bool refuse_line(const struct rma *rma, const struct rma_line *line, const char *message,
                        struct decode_notes *notes, struct error *err)
{
    size_t index = (size_t)(line - rma->lines);
    if (notes != NULL)
        notes->item = (int64_t)index;
    return error_set(err, ERROR_INVALID, "lines[%zu].%s", index, message);
}

static bool check_lines(const struct rma *rma, struct decode_notes *notes, struct error *err)
{
    for (size_t i = 0; i < rma->line_count; i++)
        if (rma->lines[i].sku[0] == '\0' && rma->lines[i].gtin[0] == '\0')
            return refuse_line(rma, &rma->lines[i], "sku: missing, and no gtin either", notes, err);
    CLEANUP(memory_free_at) const struct rma_line **sorted = sorted_lines(rma);
    for (size_t i = 1; i < rma->line_count; i++) {
        if (compare_lines(&sorted[i - 1], &sorted[i]) != 0)
            continue;
        const struct rma_line *later = sorted[i] > sorted[i - 1] ? sorted[i] : sorted[i - 1];
        return refuse_line(rma, later, "line: another line has the same name", notes, err);
    }
    return true;
}

bool rma_decode(const json_t *json, struct rma *ret_rma, struct decode_notes *notes, struct error *err)
{
    struct rma rma = {0};
    struct decoding decoding = {.notes = notes};
    if (notes != NULL)
        notes->item = -1;
    if (!fields_decode(&rma_fields, json, &rma, &decoding, err) || !check_lines(&rma, notes, err)) {
        rma_done(&rma);
        return false;
    }
    *ret_rma = rma;
    return true;
}

json_t *rma_encode(const struct rma *rma)
{
    return fields_encode(&rma_fields, rma);
}

static int compare_refs(const void *a, const void *b)
{
    const struct rma_ref *left = *(const struct rma_ref *const *)a, *right = *(const struct rma_ref *const *)b;
    int order = (int)left->kind - (int)right->kind;
    if (order == 0)
        order = strcmp(left->value, right->value);
    return order != 0 ? order : strcmp(left->carrier, right->carrier);
}

static json_t *encode_sorted_refs(const struct rma *rma)
{
    CLEANUP(memory_free_at) const struct rma_ref **sorted = memory_new(rma->ref_count + 1, sizeof *sorted);
    for (size_t i = 0; i < rma->ref_count; i++)
        sorted[i] = &rma->refs[i];
    qsort(sorted, rma->ref_count, sizeof *sorted, compare_refs);
    json_t *list = json_array();
    for (size_t i = 0; i < rma->ref_count; i++)
        json_array_append_new(list, fields_encode_given(&ref_fields, sorted[i]));
    return list;
}

void rma_canonical(const struct rma *rma, struct buffer *buffer)
{
    CLEANUP(memory_free_at) const struct rma_line **sorted = sorted_lines(rma);
    json_t *lines = json_array();
    for (size_t i = 0; i < rma->line_count; i++)
        json_array_append_new(lines, fields_encode_given(&rma_line_fields, sorted[i]));
    struct rma head = *rma; /* a view without its lists: they follow in their order */
    head.line_count = head.ref_count = 0;
    json_t *json = fields_encode_given(&rma_fields, &head);
    json_object_set_new(json, "lines", lines);
    json_object_set_new(json, "refs", encode_sorted_refs(rma));
    json_write(json, buffer);
    json_decref(json);
}
