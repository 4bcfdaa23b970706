/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the product format. */
#include "daemon/codec/product.h"

#include "base/text.h"
#include "daemon/codec/gtin.h"

#include <stdlib.h>
#include <string.h>

#define FLAG_COUNT 2
static const char *const flag_words[FLAG_COUNT] = {"hygiene", "hazmat"};
_Static_assert(PRODUCT_HYGIENE == 1 << 0 && PRODUCT_HAZMAT == 1 << 1, "flags follow the order of their words");
static const struct names flag_names = {flag_words, FLAG_COUNT};

static const struct field code_table[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, FIELD_AT(product_code, code)},
    {.name = "qty", .kind = FIELD_INTEGER, FIELD_AT(product_code, qty), .min = 1, .max = 1000000, .number = 1},
};
static const struct fields code_fields = FIELDS(code_table);

static const struct field name_table[] = {
    {.name = "en", .kind = FIELD_TEXT, .cut = true, FIELD_AT(product_record, product.name_en)},
    {.name = "fr", .kind = FIELD_TEXT, .cut = true, FIELD_AT(product_record, product.name_fr)},
};
static const struct fields name_fields = FIELDS(name_table);

static const struct field recall_table[] = {
    {.name = "id", .kind = FIELD_TEXT, .required = true, FIELD_AT(product_record, product.recall)},
    {.name = "lots", .kind = FIELD_STRINGS, FIELD_AT(product_record, recall_lots), .item = 33, .max = 20},
    {.name = "serial_from", .kind = FIELD_TEXT, FIELD_AT(product_record, product.recall_from)},
    {.name = "serial_to", .kind = FIELD_TEXT, FIELD_AT(product_record, product.recall_to)},
    {.name = "text", .kind = FIELD_TEXT, .cut = true, FIELD_AT(product_record, product.recall_text)},
};
static const struct fields recall_fields = FIELDS(recall_table);

static const struct field product_table[] = {
    {.name = "sku", .kind = FIELD_TEXT, .required = true, FIELD_AT(product_record, product.sku)},
    {.name = "codes", .kind = FIELD_ITEMS, FIELD_AT(product_record, codes), .item = sizeof(struct product_code),
     .also = offsetof(struct product_record, code_count), .fields = &code_fields, .max = PRODUCT_CODES_MAX},
    {.name = "name", .kind = FIELD_OBJECT, .required = true, FIELD_WHOLE(product_record), .fields = &name_fields},
    {.name = "category", .kind = FIELD_TEXT, FIELD_AT(product_record, product.category)},
    {.name = "owner", .kind = FIELD_TEXT, FIELD_AT(product_record, product.owner), .text = "main"},
    {.name = "track", .kind = FIELD_WORD, FIELD_AT(product_record, product.track), .names = &track_names},
    {.name = "flags", .kind = FIELD_WORDS, FIELD_AT(product_record, product.flags), .names = &flag_names},
    {.name = "hazmat_class", .kind = FIELD_TEXT, FIELD_AT(product_record, product.hazmat_class)},
    {.name = "checklist", .kind = FIELD_TEXT, FIELD_AT(product_record, product.checklist)},
    {.name = "recall", .kind = FIELD_OBJECT, FIELD_WHOLE(product_record), .fields = &recall_fields},
    {.name = "expiry_tracked", .kind = FIELD_BOOL, FIELD_AT(product_record, product.expiry_tracked)},
    {.name = "weight_g", .kind = FIELD_INTEGER, FIELD_AT(product_record, product.weight_g),
     .max = INT64_C(1000000000), .null_default = true},
    {.name = "version", .kind = FIELD_INTEGER, FIELD_AT(product_record, product.version), .max = INT64_MAX},
};
static const struct fields product_fields = FIELDS(product_table);

static bool complete(struct product_record *record, struct error *err)
{
    struct product *product = &record->product;
    if (product->name_en[0] == '\0' && product->name_fr[0] == '\0')
        return error_set(err, ERROR_INVALID, "name: needs en or fr");
    if (product->name_en[0] == '\0')
        TEXT_COPY(product->name_en, product->name_fr);
    if (product->name_fr[0] == '\0')
        TEXT_COPY(product->name_fr, product->name_en);
    product->code_qty = 1;
    if (record->recall_lots != NULL && !TEXT_COPY(product->recall_lots, record->recall_lots))
        return error_set(err, ERROR_INVALID, "recall.lots: take more than %d bytes", RECALL_LOTS_SIZE - 1);
    for (size_t i = record->code_count; i-- > 0;)
        if (gtin_fault(record->codes[i].code) == NULL)
            gtin_widen(record->codes[i].code, product->gtin);
    return true;
}

bool product_decode(const json_t *json, struct product_record *ret_record, struct decode_notes *notes,
                    struct error *err)
{
    struct product_record record = {0};
    struct decoding decoding = {.notes = notes};
    if (!fields_decode(&product_fields, json, &record, &decoding, err) || !complete(&record, err)) {
        product_record_done(&record);
        return false;
    }
    *ret_record = record;
    return true;
}

json_t *product_encode(const struct product_record *record)
{
    return fields_encode(&product_fields, record);
}

void product_record_done(struct product_record *record)
{
    free(record->codes);
    free(record->recall_lots);
    *record = (struct product_record){0};
}
