/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/rma.h"

#include "base/text.h"
#include "daemon/codec/json.h"
#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

#define LINE "{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}"
#define RMA(more) "{\"rma\":\"R1\"," more "\"lines\":[" LINE "]}"
#define RMA_LINE(more) "{\"rma\":\"R1\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1" more "}]}"

/* Decodes a text; the message of a failure goes to err. */
static bool decode(const char *text, struct rma *ret_rma, struct decode_notes *notes, struct error *err)
{
    json_t *json = json_read(text, strlen(text), 1, err);
    bool good = json != NULL && rma_decode(json, ret_rma, notes, err);
    json_decref(json);
    return good;
}

static void expect_refused(const char *text, const char *message)
{
    struct rma rma = {.version = 77};
    struct error err = {0};
    bool good = decode(text, &rma, NULL, &err);
    CU_ASSERT_FALSE(good);
    CU_ASSERT_EQUAL(rma.version, 77);
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    if (strstr(err.message, message) == NULL)
        printf("\n    %s\n    gave \"%s\"\n    not  \"%s\"\n", text, err.message, message);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, message));
    if (good)
        rma_done(&rma);
}

static void absent_fields_have_their_defaults(void)
{
    struct rma rma;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(decode(RMA("\"note\":null,"), &rma, NULL, &err));
    CU_ASSERT_STRING_EQUAL(rma.rma, "R1");
    CU_ASSERT_EQUAL(rma.version, 0);
    CU_ASSERT_STRING_EQUAL(rma.owner, "main");
    CU_ASSERT_EQUAL(rma.channel, CHANNEL_ONLINE);
    CU_ASSERT_EQUAL(rma.state, RMA_AUTHORISED);
    CU_ASSERT_EQUAL(rma.expect, EXPECT_EXACT);
    CU_ASSERT_EQUAL(rma.outcome, METHOD_REFUND);
    CU_ASSERT_EQUAL(rma.refund_timing, TIMING_ON_INSPECTION);
    CU_ASSERT_EQUAL(rma.requested_at, INSTANT_NONE);
    CU_ASSERT_EQUAL(rma.delivery_date, DATE_NONE);
    CU_ASSERT_EQUAL(rma.export_date, DATE_NONE);
    CU_ASSERT_EQUAL(rma.ref_count, 0);
    CU_ASSERT_EQUAL_FATAL(rma.line_count, 1);
    CU_ASSERT_STRING_EQUAL(rma.lines[0].uom, "pcs");
    CU_ASSERT_EQUAL(rma.lines[0].title, TITLE_OURS);
    CU_ASSERT_FALSE(rma.lines[0].serials_known);
    CU_ASSERT_PTR_NULL(rma.lines[0].serials);
    CU_ASSERT_EQUAL(rma.lines[0].exchange_qty, 0);
    rma_done(&rma);
}

static void every_field_is_read(void)
{
    struct rma rma;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(decode(
        "{\"rma\":\"R1\",\"version\":9223372036854775807,\"owner\":\"o\",\"channel\":\"b2b\",\"state\":\"expired\","
        "\"expect\":\"up_to\",\"refs\":[{\"kind\":\"tracking\",\"value\":\"1Z\",\"carrier\":\"ups\"},{\"kind\":"
        "\"other\",\"value\":\"x\"}],\"customer_ref\":\"c\",\"country\":\"FR\",\"lang\":\"fr\",\"policy\":\"p\","
        "\"requested_at\":\"2026-11-21T11:00:00+01:00\",\"authorised_at\":\"2026-11-21T10:00:00.5Z\",\"expires_on\":"
        "\"2026-12-31\",\"purchase_date\":\"1970-01-02\",\"delivery_date\":\"1970-01-03\",\"outcome\":\"repair\","
        "\"refund_timing\":\"immediate\",\"already_refunded\":true,\"return_paid_by\":\"customer\",\"priority\":9,"
        "\"parcels_expected\":3,\"weight_g\":1200,\"note\":\"été\",\"customs\":{\"export_mrn\":\"m\",\"export_date\":"
        "\"1970-01-04\",\"duties_refundable\":true,\"hold\":true},\"lines\":[{\"line\":\"L\",\"sku\":\"s\",\"gtin\":"
        "\"9520000001018\",\"qty\":2,\"uom\":\"kg\",\"unit_price\":1990,\"currency\":\"EUR\",\"serials\":[\"a\",\"b\"],"
        "\"lots\":[\"l\"],\"reason\":\"r\",\"exchange_for\":{\"sku\":\"e\",\"qty\":3},\"kit_parent\":\"k\",\"title\":"
        "\"customer\",\"flags\":[\"final_sale\"],\"hs_code\":\"8507.60\",\"origin\":\"CN\",\"received_elsewhere\":1}]}",
        &rma, NULL, &err));
    CU_ASSERT_EQUAL(rma.version, INT64_MAX);
    CU_ASSERT_EQUAL(rma.channel, CHANNEL_B2B);
    CU_ASSERT_EQUAL(rma.state, RMA_EXPIRED);
    CU_ASSERT_EQUAL(rma.expect, EXPECT_UP_TO);
    CU_ASSERT_STRING_EQUAL(rma_ref_value(&rma, REF_TRACKING), "1Z");
    CU_ASSERT_STRING_EQUAL(rma.refs[0].carrier, "ups");
    CU_ASSERT_EQUAL(rma.refs[1].kind, REF_OTHER);
    CU_ASSERT_STRING_EQUAL(rma.policy, "p");
    CU_ASSERT_EQUAL(rma.authorised_at - rma.requested_at, 500);
    CU_ASSERT_EQUAL(rma.purchase_date, 1);
    CU_ASSERT_EQUAL(rma.delivery_date, 2);
    CU_ASSERT_EQUAL(rma.outcome, METHOD_REPAIR);
    CU_ASSERT_EQUAL(rma.refund_timing, TIMING_IMMEDIATE);
    CU_ASSERT_TRUE(rma.already_refunded && rma.duties_refundable && rma.customs_hold);
    CU_ASSERT_EQUAL(rma.return_paid_by, PAYER_CUSTOMER);
    CU_ASSERT_EQUAL(rma.priority, 9);
    CU_ASSERT_EQUAL(rma.parcels_expected, 3);
    CU_ASSERT_EQUAL(rma.weight_g, 1200);
    CU_ASSERT_STRING_EQUAL(rma.note, "été");
    CU_ASSERT_EQUAL(rma.export_date, 3);
    const struct rma_line *line = rma_find_line(&rma, "L");
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    CU_ASSERT_STRING_EQUAL(line->gtin, "09520000001018");
    CU_ASSERT_EQUAL(line->qty, 2);
    CU_ASSERT_EQUAL(line->unit_price, 1990);
    CU_ASSERT_TRUE(line->serials_known);
    CU_ASSERT_STRING_EQUAL(line->serials, "a\nb");
    CU_ASSERT_STRING_EQUAL(line->lots, "l");
    CU_ASSERT_STRING_EQUAL(line->exchange_sku, "e");
    CU_ASSERT_EQUAL(line->exchange_qty, 3);
    CU_ASSERT_EQUAL(line->title, TITLE_CUSTOMER);
    CU_ASSERT_EQUAL(line->flags, FLAG_FINAL_SALE);
    CU_ASSERT_EQUAL(line->received_elsewhere, 1);
    rma_done(&rma);
}

static void each_fault_is_refused_with_its_path(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"[]", "must be an object"},
        {"{\"lines\":[" LINE "]}", "rma: missing"},
        {"{\"rma\":null,\"lines\":[" LINE "]}", "rma: missing"},
        {"{\"rma\":\"\",\"lines\":[" LINE "]}", "rma: is empty"},
        {"{\"rma\":\"R 1\",\"lines\":[" LINE "]}", "rma: must not have spaces"},
        {"{\"rma\":12,\"lines\":[" LINE "]}", "rma: must be a string"},
        {"{\"rma\":\"R2345678901234567890123456789012345678901\",\"lines\":[" LINE "]}",
         "rma: is longer than 40 bytes"},
        {"{\"rma\":\"R1\"}", "lines: missing"},
        {"{\"rma\":\"R1\",\"lines\":[]}", "lines: must have 1 to 1000 entries, not 0"},
        {"{\"rma\":\"R1\",\"lines\":{}}", "lines: must be a list"},
        {"{\"rma\":\"R1\",\"lines\":[7]}", "lines[0]: must be an object"},
        {"{\"rma\":\"R1\",\"lines\":[" LINE "," LINE "]}", "lines[1].line: another line has the same name"},
        {"{\"rma\":\"R1\",\"lines\":[" LINE ",{\"line\":\"2\",\"qty\":1}]}", "lines[1].sku: missing"},
        {"{\"rma\":\"R1\",\"lines\":[" LINE ",{\"line\":\"2\",\"sku\":\"S\"}]}", "lines[1].qty: missing"},
        {"{\"rma\":\"R1\",\"lines\":[" LINE ",{\"line\":\"2\",\"sku\":\"S\",\"qty\":0}]}",
         "lines[1].qty: must be > 0"},
        {RMA("\"version\":-1,"), "version: must be from 0 to 9223372036854775807"},
        {RMA("\"version\":1.0,"), "version: must be a whole number"},
        {RMA("\"version\":\"1\","), "version: must be a whole number"},
        {RMA("\"version\":9223372036854775808,"), "line 1, column"},
        {RMA("\"priority\":10,"), "priority: must be from 0 to 9"},
        {RMA("\"channel\":\"shop\","), "channel: must be one of online, store, marketplace, b2b"},
        {RMA("\"channel\":1,"), "channel: must be one of"},
        {RMA("\"already_refunded\":\"yes\","), "already_refunded: must be true or false"},
        {RMA("\"country\":\"F\","), "country: is too short"},
        {RMA("\"country\":\"fr\","), "country: may only have ABC"},
        {RMA("\"lang\":\"fr-FR\","), "lang: is longer than 2 bytes"},
        {RMA("\"expires_on\":\"2026-02-30\","), "expires_on: must be a date, YYYY-MM-DD"},
        {RMA("\"requested_at\":\"2026-11-21T10:00:00\","), "requested_at: must be a time with its zone"},
        {RMA("\"note\":\"a\\tb\","), "note: has control characters"},
        {RMA("\"note\":\"a\\u0085b\","), "note: has control characters"},
        {RMA("\"note\":\"a\\u001fb\","), "note: has control characters"},
        {RMA("\"note\":\"a\x7F\","), "note: has control characters"},
        {RMA("\"note\":\" a\","), "note: has a space at an end"},
        {RMA("\"note\":\"a \","), "note: has a space at an end"},
        {RMA("\"refs\":[{\"kind\":\"rma\",\"value\":\"x\"}],"), "refs[0].kind: must be one of order, delivery,"},
        {RMA("\"refs\":[{\"kind\":\"label\",\"value\":\"x\"}],"), "refs[0].kind: must be one of order, delivery,"},
        {RMA("\"refs\":[{\"kind\":\"order\",\"value\":\"\"}],"), "refs[0].value: is empty"},
        {RMA("\"refs\":[{\"kind\":\"order\"}],"), "refs[0].value: missing"},
        {RMA("\"customs\":[],"), "customs: must be an object"},
        {RMA("\"customs\":{\"export_date\":7},"), "customs.export_date: must be a date"},
        {RMA_LINE(",\"gtin\":\"9520000001019\""), "lines[0].gtin: 9520000001019: has a wrong check digit"},
        {RMA_LINE(",\"gtin\":\"9.52E+12\""), "lines[0].gtin: 9.52E+12: a spreadsheet changed this GTIN"},
        {RMA_LINE(",\"gtin\":9520000001018"), "lines[0].gtin: must be a string"},
        {RMA_LINE(",\"unit_price\":19.90"), "lines[0].unit_price: must be a whole number"},
        {RMA_LINE(",\"currency\":\"EURO\""), "lines[0].currency: is longer than 3 bytes"},
        {RMA_LINE(",\"serials\":\"a\""), "lines[0].serials: must be a list"},
        {RMA_LINE(",\"serials\":[\"a\",\"\"]"), "lines[0].serials: has an empty entry"},
        {RMA_LINE(",\"serials\":[\"a\\nb\"]"), "lines[0].serials: has control characters"},
        {RMA_LINE(",\"serials\":[\"123456789012345678901234567890123\"]"), "lines[0].serials: is longer than 32"},
        {RMA_LINE(",\"flags\":[\"final_sale\",\"final_sale\"]"), "lines[0].flags: has final_sale twice"},
        {RMA_LINE(",\"flags\":[\"fragile\"]"), "lines[0].flags: must be one of personalised, final_sale"},
        {RMA_LINE(",\"exchange_for\":{\"sku\":\"S\"}"), "lines[0].exchange_for.qty: missing"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        expect_refused(table[i].text, table[i].message);
}

static void lists_are_bounded(void)
{
    struct rma rma;
    struct error err = {0};
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "{\"rma\":\"R1\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1,\"serials\":[\"x\"");
    for (int i = 1; i < RMA_SERIALS_MAX; i++)
        buffer_append_text(&text, ",\"x\"");
    size_t full = text.length;
    buffer_append_text(&text, "]}]}");
    CU_ASSERT_TRUE_FATAL(decode(buffer_text(&text), &rma, NULL, &err));
    CU_ASSERT_EQUAL(strlen(rma.lines[0].serials), 2 * RMA_SERIALS_MAX - 1);
    rma_done(&rma);
    text.length = full;
    buffer_append_text(&text, ",\"x\"]}]}");
    expect_refused(buffer_text(&text), "lines[0].serials: must be a list of at most 20000");
    buffer_done(&text);
}

static void the_line_at_fault_is_told(void)
{
    struct rma rma;
    struct error err;
    struct decode_notes notes = {0};
    CU_ASSERT_FALSE(decode("{\"rma\":\"R1\",\"lines\":[" LINE ",{\"line\":\"2\"}]}", &rma, &notes, &err));
    CU_ASSERT_EQUAL(notes.item, 1);
    CU_ASSERT_FALSE(decode("{\"rma\":\"R1\",\"lines\":[" LINE "," LINE "]}", &rma, &notes, &err));
    CU_ASSERT_EQUAL(notes.item, 1);
    CU_ASSERT_FALSE(decode("{\"rma\":\"R1\"}", &rma, &notes, &err));
    CU_ASSERT_EQUAL(notes.item, -1);
}

static void names_without_meaning_are_told_once(void)
{
    struct decode_notes notes = {0};
    struct error err;
    struct rma rma;
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_TRUE_FATAL(decode("{\"rma\":\"R1\",\"colour\":{\"deep\":1},\"lines\":[{\"line\":\"1\",\"sku\":\"S\","
                                    "\"qty\":1,\"size\":1},{\"line\":\"2\",\"sku\":\"S\",\"qty\":1,\"size\":2}]}",
                                    &rma, &notes, &err));
        rma_done(&rma);
    }
    CU_ASSERT_EQUAL_FATAL(notes.ignored_count, 2);
    CU_ASSERT_STRING_EQUAL(notes.ignored[0], "colour");
    CU_ASSERT_STRING_EQUAL(notes.ignored[1], "lines[].size");
    CU_ASSERT_FALSE(notes.ignored_more);
}

static void too_many_names_are_bounded(void)
{
    struct decode_notes notes = {0};
    struct error err;
    struct rma rma;
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "{\"rma\":\"R1\",\"lines\":[" LINE "]");
    for (int i = 0; i < 1000; i++)
        buffer_append_format(&text, ",\"\\u0007%0200d\":1", i);
    buffer_append_text(&text, "}");
    CU_ASSERT_TRUE_FATAL(decode(buffer_text(&text), &rma, &notes, &err));
    CU_ASSERT_EQUAL(notes.ignored_count, 1); /* all look alike once cut */
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.ignored[0], "\\x07000"));
    rma_done(&rma);
    buffer_done(&text);
}

static void serials_not_known_differ_from_none(void)
{
    struct rma rma;
    struct error err;
    CU_ASSERT_TRUE_FATAL(decode(RMA_LINE(",\"serials\":[]"), &rma, NULL, &err));
    CU_ASSERT_TRUE(rma.lines[0].serials_known);
    CU_ASSERT_PTR_NULL(rma.lines[0].serials);
    json_t *json = rma_encode(&rma);
    const json_t *line = json_array_get(json_object_get(json, "lines"), 0);
    CU_ASSERT_TRUE(json_is_array(json_object_get(line, "serials")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(line, "lots")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(line, "exchange_for")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(json, "customs")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(json, "weight_g")));
    json_decref(json);
    rma_done(&rma);
}

static void canonical_text_does_not_depend_on_order(void)
{
    static const char *const texts[] = {
        "{\"rma\":\"R1\",\"refs\":[{\"kind\":\"order\",\"value\":\"a\"},{\"kind\":\"tracking\",\"value\":\"b\"}],"
        "\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1},{\"line\":\"2\",\"sku\":\"T\",\"qty\":1}]}",
        "{\"lines\":[{\"qty\":1,\"uom\":\"pcs\",\"line\":\"2\",\"sku\":\"T\"},"
        "{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}],"
        "\"refs\":[{\"kind\":\"tracking\",\"value\":\"b\"},{\"kind\":\"order\",\"value\":\"a\"}],\"rma\":\"R1\"}",
        "{\"lines\":[{\"qty\":1,\"line\":\"2\",\"sku\":\"T\"},{\"line\":\"1\",\"sku\":\"S\",\"qty\":2}],"
        "\"refs\":[{\"kind\":\"tracking\",\"value\":\"b\"},{\"kind\":\"order\",\"value\":\"a\"}],\"rma\":\"R1\"}",
    };
    struct buffer canonical[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        struct rma rma;
        struct error err;
        CU_ASSERT_TRUE_FATAL(decode(texts[i], &rma, NULL, &err));
        rma.completed = i == 1; /* the station's own knowledge does not count */
        rma.lines[0].received = (int64_t)i;
        rma_canonical(&rma, &canonical[i]);
        rma_done(&rma);
    }
    CU_ASSERT_STRING_EQUAL(buffer_text(&canonical[0]), buffer_text(&canonical[1]));
    CU_ASSERT_STRING_NOT_EQUAL(buffer_text(&canonical[0]), buffer_text(&canonical[2]));
    for (size_t i = 0; i < 3; i++)
        buffer_done(&canonical[i]);
}

/* decode → encode → decode gives the same canonical text, and encode the same JSON. */
static void expect_round_trip(const json_t *json, bool is_sample)
{
    struct rma first, second;
    struct error err = {0};
    struct decode_notes notes = {0};
    struct buffer a = BUFFER_EMPTY, b = BUFFER_EMPTY;
    if (!rma_decode(json, &first, &notes, &err))
        printf("\n    %s\n", err.message);
    CU_ASSERT_EQUAL_FATAL(err.code, ERROR_NONE);
    CU_ASSERT_TRUE(!is_sample || notes.ignored_count == 0);
    json_t *encoded = rma_encode(&first);
    CU_ASSERT_TRUE_FATAL(rma_decode(encoded, &second, NULL, &err));
    json_t *again = rma_encode(&second);
    CU_ASSERT_TRUE(json_equal(encoded, again));
    rma_canonical(&first, &a);
    rma_canonical(&second, &b);
    CU_ASSERT_STRING_EQUAL(buffer_text(&a), buffer_text(&b));
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, name, value) /* what was given is in what is written */
        if (is_sample && json_is_string(value) && strstr(name, "_at") == NULL)
            CU_ASSERT_TRUE(json_equal(value, json_object_get(encoded, name)));
    buffer_done(&a);
    buffer_done(&b);
    json_decref(encoded);
    json_decref(again);
    rma_done(&first);
    rma_done(&second);
}

static void the_samples_survive_a_round_trip(void)
{
    json_error_t fault;
    json_t *list = json_load_file(SOURCE_DIR "/data/samples/rmas.json", JSON_REJECT_DUPLICATES, &fault);
    CU_ASSERT_EQUAL_FATAL(json_array_size(list), 10);
    for (size_t i = 0; i < json_array_size(list); i++)
        expect_round_trip(json_array_get(list, i), true);
    json_decref(list);
}

/* One random edit: a byte changed, a run doubled or a run cut out. */
static void mutate(struct buffer *text, uint64_t *random)
{
    size_t at = suite_random(random) % text->length;
    size_t run = 1 + suite_random(random) % 8;
    if (at + run > text->length)
        run = text->length - at;
    char copy[8];
    memcpy(copy, text->data + at, run);
    switch (suite_random(random) % 3) {
    case 0:
        text->data[at] = (char)suite_random(random);
        break;
    case 1:
        buffer_append(text, copy, run);
        memmove(text->data + at + run, text->data + at, text->length - run - at);
        break;
    default:
        memmove(text->data + at, text->data + at + run, text->length - at - run + 1);
        text->length -= run;
        break;
    }
}

static void mutated_samples_are_refused_or_survive(void)
{
    uint64_t random = suite_seed();
    json_error_t fault;
    json_t *list = json_load_file(SOURCE_DIR "/data/samples/rmas.json", 0, &fault);
    int decoded = 0, refused = 0;
    for (size_t i = 0; i < 10000; i++) {
        struct buffer text = BUFFER_EMPTY;
        struct error err = {0};
        struct rma rma;
        json_write(json_array_get(list, i % 10), &text);
        for (size_t edits = 1 + suite_random(&random) % 3; edits > 0; edits--)
            mutate(&text, &random);
        json_t *json = json_read(text.data, text.length, 1, &err);
        if (json != NULL && rma_decode(json, &rma, NULL, &err)) {
            rma_done(&rma);
            expect_round_trip(json, false);
            decoded++;
        } else {
            CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
            CU_ASSERT_TRUE(text_is_utf8(err.message, strlen(err.message)));
            refused++;
        }
        json_decref(json);
        buffer_done(&text);
    }
    json_decref(list);
    printf("%d decoded, %d refused ", decoded, refused);
    CU_ASSERT_TRUE(decoded > 0 && refused > 0);
}

SUITE("codec/rma", {"absent fields have their defaults", absent_fields_have_their_defaults},
      {"every field is read", every_field_is_read},
      {"each fault is refused with its path", each_fault_is_refused_with_its_path},
      {"lists are bounded", lists_are_bounded}, {"the line at fault is told", the_line_at_fault_is_told},
      {"names without meaning are told once", names_without_meaning_are_told_once},
      {"too many names are bounded", too_many_names_are_bounded},
      {"serials not known differ from none", serials_not_known_differ_from_none},
      {"canonical text does not depend on order", canonical_text_does_not_depend_on_order},
      {"the samples survive a round trip", the_samples_survive_a_round_trip},
      {"mutated samples are refused or survive", mutated_samples_are_refused_or_survive})
