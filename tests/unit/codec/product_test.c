/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/product.h"

#include "daemon/codec/json.h"
#include "tests/support/suite.h"

#include <string.h>

static bool decode(const char *text, struct product_record *ret_record, struct decode_notes *notes, struct error *err)
{
    json_t *json = json_read(text, strlen(text), 1, err);
    bool good = json != NULL && product_decode(json, ret_record, notes, err);
    json_decref(json);
    return good;
}

static void every_field_is_read(void)
{
    struct product_record record;
    struct decode_notes notes = {0};
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(
        decode("{\"sku\":\"S\",\"codes\":[{\"code\":\"INT-7\"},{\"code\":\"9520000001018\",\"qty\":1},"
               "{\"code\":\"19520000001015\",\"qty\":6}],\"name\":{\"fr\":\"Été\"},\"category\":\"c\","
               "\"track\":\"serial\",\"flags\":[\"hazmat\"],\"weight_g\":5,\"version\":3,"
               "\"hazmat_class\":\"9\",\"checklist\":\"c9\",\"expiry_tracked\":true,"
               "\"recall\":{\"id\":\"R\",\"lots\":[\"L1\",\"L2\"],\"serial_from\":\"A1\",\"serial_to\":\"A9\","
               "\"text\":\"It burns\"},\"colour\":\"red\"}",
               &record, &notes, &err));
    CU_ASSERT_STRING_EQUAL(record.product.sku, "S");
    CU_ASSERT_STRING_EQUAL(record.product.gtin, "09520000001018");
    CU_ASSERT_STRING_EQUAL(record.product.name_en, "Été");
    CU_ASSERT_STRING_EQUAL(record.product.name_fr, "Été");
    CU_ASSERT_STRING_EQUAL(record.product.owner, "main");
    CU_ASSERT_EQUAL(record.product.track, TRACK_SERIAL);
    CU_ASSERT_EQUAL(record.product.flags, PRODUCT_HAZMAT);
    CU_ASSERT_EQUAL(record.product.version, 3);
    CU_ASSERT_EQUAL(record.product.code_qty, 1);
    CU_ASSERT_EQUAL_FATAL(record.code_count, 3);
    CU_ASSERT_STRING_EQUAL(record.codes[0].code, "INT-7");
    CU_ASSERT_EQUAL(record.codes[0].qty, 1);
    CU_ASSERT_EQUAL(record.codes[2].qty, 6);
    CU_ASSERT_EQUAL(notes.ignored_count, 1);
    CU_ASSERT_STRING_EQUAL(notes.ignored[0], "colour");
    CU_ASSERT_STRING_EQUAL(record.product.hazmat_class, "9");
    CU_ASSERT_STRING_EQUAL(record.product.checklist, "c9");
    CU_ASSERT_TRUE(record.product.expiry_tracked);
    CU_ASSERT_STRING_EQUAL(record.product.recall, "R");
    CU_ASSERT_STRING_EQUAL(record.product.recall_lots, "L1\nL2");
    CU_ASSERT_STRING_EQUAL(record.product.recall_from, "A1");
    CU_ASSERT_STRING_EQUAL(record.product.recall_to, "A9");
    CU_ASSERT_STRING_EQUAL(record.product.recall_text, "It burns");
    product_record_done(&record);
}

static void long_names_are_cut_between_letters(void)
{
    struct product_record record;
    struct error err = {0};
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "{\"sku\":\"S\",\"name\":{\"en\":\"x");
    for (int i = 0; i < 100; i++)
        buffer_append_text(&text, "é");
    buffer_append_text(&text, "\"}}");
    CU_ASSERT_TRUE_FATAL(decode(buffer_text(&text), &record, NULL, &err));
    CU_ASSERT_EQUAL(strlen(record.product.name_en), 79);
    product_record_done(&record);
    buffer_done(&text);
}

static void faults_are_refused(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"{\"name\":{\"en\":\"x\"}}", "sku: missing"},
        {"{\"sku\":\"S\"}", "name: missing"},
        {"{\"sku\":\"S\",\"name\":{}}", "name: needs en or fr"},
        {"{\"sku\":\"S\",\"name\":\"x\"}", "name: must be an object"},
        {"{\"sku\":\"S\",\"name\":{\"en\":\"x\"},\"codes\":[{\"qty\":1}]}", "codes[0].code: missing"},
        {"{\"sku\":\"S\",\"name\":{\"en\":\"x\"},\"codes\":[{\"code\":\"c\",\"qty\":0}]}", "codes[0].qty: must be > 0"},
        {"{\"sku\":\"S\",\"name\":{\"en\":\"x\"},\"track\":\"colour\"}", "track: must be one of none, lot, serial"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct product_record record;
        struct error err = {0};
        CU_ASSERT_FALSE(decode(table[i].text, &record, NULL, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
}

static void the_samples_survive_a_round_trip(void)
{
    json_error_t fault;
    json_t *list = json_load_file(SOURCE_DIR "/data/samples/products.json", JSON_REJECT_DUPLICATES, &fault);
    CU_ASSERT_EQUAL_FATAL(json_array_size(list), 12);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct product_record record;
        struct decode_notes notes = {0};
        struct error err = {0};
        CU_ASSERT_TRUE_FATAL(product_decode(json_array_get(list, i), &record, &notes, &err));
        CU_ASSERT_EQUAL(notes.ignored_count, 0);
        CU_ASSERT_EQUAL(strlen(record.product.gtin), 14);
        json_t *encoded = product_encode(&record);
        static const char *const absent[] = {"hazmat_class", "checklist", "recall", "expiry_tracked"};
        for (size_t k = 0; k < sizeof absent / sizeof absent[0]; k++)
            if (json_object_get(json_array_get(list, i), absent[k]) == NULL)
                json_object_del(encoded, absent[k]);
        CU_ASSERT_TRUE(json_equal(encoded, json_array_get(list, i)));
        json_decref(encoded);
        product_record_done(&record);
    }
    json_decref(list);
}

SUITE("codec/product", {"every field is read", every_field_is_read},
      {"long names are cut between letters", long_names_are_cut_between_letters},
      {"faults are refused", faults_are_refused},
      {"the samples survive a round trip", the_samples_survive_a_round_trip})
