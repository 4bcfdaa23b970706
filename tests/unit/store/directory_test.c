/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

static struct rma_line line(const char *name, const char *sku, int64_t qty)
{
    struct rma_line made = {.qty = qty, .currency = "EUR", .uom = "pcs"};
    TEXT_COPY(made.line, name);
    TEXT_COPY(made.sku, sku);
    return made;
}

static struct rma get(struct house *house, const char *number)
{
    struct rma rma = {0};
    HOUSE_MUST(house, directory_get_rma(house->store, number, &rma, &house->err));
    return rma;
}

/* The table of 15-data §1: what is stored, what is given, and what comes of it. */
static void the_version_decides(void)
{
    static const struct {
        int64_t stored, given;
        bool same, replace;
        enum put_result result;
    } table[] = {
        {-1, 0, false, false, PUT_STORED},    {-1, 3, false, false, PUT_STORED},   {3, 4, false, false, PUT_STORED},
        {3, 2, false, false, PUT_OLDER},      {3, 3, true, false, PUT_SAME},       {3, 3, false, false, PUT_CONFLICT},
        {3, 3, false, true, PUT_CONFLICT},    {3, 2, false, true, PUT_OLDER},      {3, 0, false, false, PUT_PROTECTED},
        {3, 0, false, true, PUT_STORED},      {0, 0, true, false, PUT_SAME},       {0, 0, false, false, PUT_STORED},
        {0, 1, false, false, PUT_STORED},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct house house;
        house_open(&house);
        struct rma_line lines[] = {line("1", "SHIRT", 1)};
        struct rma rma = house_rma_of("RMA-1", lines, 1);
        rma.version = table[i].stored;
        if (table[i].stored >= 0)
            house_put(&house, &rma, "content", false);
        rma.version = table[i].given;
        rma.priority = 7;
        CU_ASSERT_EQUAL(house_put(&house, &rma, table[i].same ? "content" : "other", table[i].replace),
                        table[i].result);
        struct rma stored = get(&house, "RMA-1");
        bool kept = table[i].result != PUT_STORED;
        CU_ASSERT_EQUAL(stored.priority, kept ? 0 : 7);
        CU_ASSERT_EQUAL(stored.version, kept ? table[i].stored : table[i].given);
        rma_done(&stored);
        house_close(&house);
    }
}

/* Names the columns in which two structs differ; padding is nobody's. */
static void compare(const struct table *table, const void *a, const void *b, struct buffer *differences)
{
    for (int i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        bool owned = column->kind == COLUMN_OWNED;
        if (!owned && memcmp((const char *)a + column->offset, (const char *)b + column->offset, column->size) != 0)
            buffer_append_format(differences, " %s.%s", table->name, column->name);
    }
}

/* An RMA in which no field has its default. */
static struct rma full_rma(void)
{
    static char serials[] = "S-1\nS-2", lots[] = "L-1";
    static struct rma_line lines[] = {{.line = "A-10",
                                       .sku = "SHIRT",
                                       .gtin = "09520000001025",
                                       .qty = 2,
                                       .uom = "pcs",
                                       .unit_price = 1990,
                                       .currency = "EUR",
                                       .serials_known = true,
                                       .serials = serials,
                                       .lots = lots,
                                       .reason = "fit_small",
                                       .exchange_sku = "SHIRT-L",
                                       .exchange_qty = 1,
                                       .kit_parent = "KIT",
                                       .title = TITLE_MERCHANT,
                                       .flags = FLAG_FINAL_SALE,
                                       .hs_code = "6109.10",
                                       .origin = "PT",
                                       .received_elsewhere = 1},
                                      {.line = "2", .qty = 1}};
    static struct rma_ref refs[] = {{REF_ORDER, "WEB-1", ""}, {REF_TRACKING, "cp 1", "laposte"}};
    return (struct rma){.rma = "RMA-1", .version = 7, .owner = "maison", .channel = CHANNEL_MARKETPLACE,
                        .state = RMA_EXPIRED, .expect = EXPECT_UP_TO, .customer_ref = "C-1", .country = "FR",
                        .lang = "fr", .policy = "gold", .requested_at = 11, .authorised_at = -12, .expires_on = 13,
                        .purchase_date = -14, .delivery_date = 0, .outcome = METHOD_STORE_CREDIT,
                        .refund_timing = TIMING_ON_RECEIPT, .already_refunded = true, .return_paid_by = PAYER_CUSTOMER,
                        .priority = 9, .parcels_expected = 3, .weight_g = 450, .note = "note é", .export_mrn = "26FR1",
                        .export_date = 16, .duties_refundable = true, .customs_hold = true, .refs = refs,
                        .ref_count = 2, .lines = lines, .line_count = 2};
}

static void every_field_comes_back(void)
{
    struct house house;
    house_open(&house);
    struct rma rma = full_rma();
    CU_ASSERT_EQUAL(house_put(&house, &rma, "x", false), PUT_STORED);
    struct rma stored = get(&house, "RMA-1");
    struct buffer differences = BUFFER_EMPTY;
    CU_ASSERT_EQUAL_FATAL(stored.line_count, 2);
    CU_ASSERT_EQUAL_FATAL(stored.ref_count, 2);
    compare(&rma_table, &stored, &rma, &differences);
    for (int i = 0; i < 2; i++) {
        compare(&line_table, &stored.lines[i], &rma.lines[i], &differences);
        CU_ASSERT_EQUAL(memcmp(&stored.refs[i], &rma.refs[i], sizeof rma.refs[i]), 0);
    }
    CU_ASSERT_STRING_EQUAL(buffer_text(&differences), "");
    CU_ASSERT_STRING_EQUAL(stored.lines[0].serials, "S-1\nS-2");
    CU_ASSERT_STRING_EQUAL(stored.lines[0].lots, "L-1");
    CU_ASSERT_PTR_NULL(stored.lines[1].serials);
    buffer_done(&differences);
    rma_done(&stored);
    house_close(&house);
}

static void a_new_version_replaces_references_and_lines(void)
{
    struct house house;
    house_open(&house);
    house_product(&house, "SHIRT", "9520000001025", TRACK_NONE);
    struct rma_line lines[] = {line("1", "SHIRT", 2), line("2", "LAMP", 1)};
    struct rma_ref old = {REF_TRACKING, "CP1", "x"}, new = {REF_TRACKING, "CP2", "x"};
    struct rma rma = house_rma_of("RMA-1", lines, 2);
    rma.refs = &old;
    rma.ref_count = 1;
    house_put(&house, &rma, "1", false);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, "9520000001025");
    struct rma_line later[] = {line("3", "MUG", 1)};
    rma = house_rma_of("RMA-1", later, 1);
    rma.refs = &new;
    rma.ref_count = 1;
    rma.version = 2;
    CU_ASSERT_EQUAL(house_put(&house, &rma, "2", false), PUT_STORED);
    struct rma stored = get(&house, "RMA-1");
    CU_ASSERT_EQUAL(stored.line_count, 2);
    CU_ASSERT_PTR_NOT_NULL(rma_find_line(&stored, "3"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(rma_find_line(&stored, "1")); /* it has a unit: it stays */
    CU_ASSERT_EQUAL(rma_find_line(&stored, "1")->received, 1);
    CU_ASSERT_PTR_NULL(rma_find_line(&stored, "2"));
    CU_ASSERT_STRING_EQUAL(rma_ref_value(&stored, REF_TRACKING), "CP2");
    rma_done(&stored);
    house_close(&house);
}

static void counters_are_those_of_the_units(void)
{
    struct house house;
    house_open(&house);
    house_product(&house, "SHIRT", "9520000001025", TRACK_NONE);
    house_rma(&house, 1, "SHIRT", 3);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, "9520000001025");
    struct rma rma = get(&house, "RMA-1");
    CU_ASSERT_EQUAL(rma.lines[0].received, 1);
    CU_ASSERT_EQUAL(rma.lines[0].accepted, 0);
    rma_done(&rma);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    rma = get(&house, "RMA-1");
    CU_ASSERT_EQUAL(rma.lines[0].accepted, 1);
    rma_done(&rma);
    for (int i = 0; i < 3; i++)
        house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    rma = get(&house, "RMA-1");
    CU_ASSERT_EQUAL(rma.lines[0].received, 0); /* a void unit counts nowhere */
    rma_done(&rma);
    house_close(&house);
}

static void an_rma_that_is_not_there_is_not_found(void)
{
    struct house house;
    house_open(&house);
    struct rma rma = {.version = 99};
    int64_t count = -1;
    CU_ASSERT_FALSE(directory_get_rma(house.store, "RMA-404", &rma, &house.err));
    CU_ASSERT_EQUAL(house.err.code, ERROR_NOT_FOUND);
    CU_ASSERT_EQUAL(rma.version, 99);
    CU_ASSERT_TRUE(directory_count_rmas(house.store, &count, &house.err));
    CU_ASSERT_EQUAL(count, 0);
    house_rma(&house, 1, "SHIRT", 1);
    CU_ASSERT_TRUE(directory_count_rmas(house.store, &count, &house.err));
    CU_ASSERT_EQUAL(count, 1);
    house_close(&house);
}

static void a_products_codes_are_those_of_its_newest_version(void)
{
    struct house house;
    house_open(&house);
    struct product product = {.sku = "SHIRT", .gtin = "9520000001025", .track = TRACK_LOT, .flags = PRODUCT_HYGIENE,
                              .name_en = "Shirt", .name_fr = "T-shirt é", .category = "apparel", .owner = "main",
                              .weight_g = 160, .version = 2};
    struct product_code codes[] = {{"9520000001025", 1}, {"abc 1", 1}};
    enum put_result result;
    CU_ASSERT_TRUE(store_begin(house.store, &house.err));
    CU_ASSERT_TRUE(directory_put_product(house.store, &product, codes, 2, &result, &house.err));
    CU_ASSERT_EQUAL(result, PUT_STORED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM product_code"), 2);
    CU_ASSERT_TRUE(directory_put_product(house.store, &product, codes, 1, &result, &house.err));
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM product_code"), 1);
    product.version = 1;
    CU_ASSERT_TRUE(directory_put_product(house.store, &product, codes, 2, &result, &house.err));
    CU_ASSERT_EQUAL(result, PUT_OLDER);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM product_code"), 1);
    CU_ASSERT_TRUE(store_commit(house.store, &house.err));
    struct product found = {0};
    CU_ASSERT_TRUE(records_find_product(house.store, "SHIRT", &found, &house.err));
    product.version = 2;
    CU_ASSERT_EQUAL(memcmp(&found, &product, sizeof found), 0);
    house_close(&house);
}

static enum put_result put_operator(struct house *house, const char *id, const char *badge, int64_t version)
{
    struct operator person = {.roles = 1U << ROLE_DOCK, .lang = "fr"};
    enum put_result result = PUT_RESULT_COUNT;
    TEXT_COPY(person.id, id);
    TEXT_FORMAT(person.name, "Name of %s", id);
    HOUSE_MUST(house, directory_put_operator(house->store, &person, badge, version, &result, &house->err));
    return result;
}

static void a_badge_is_one_persons(void)
{
    struct house house;
    house_open(&house);
    CU_ASSERT_EQUAL(put_operator(&house, "LEFT", "1001", 1), PUT_STORED);
    CU_ASSERT_EQUAL(put_operator(&house, "RIGHT", "1001", 1), PUT_CONFLICT);
    struct operator found = {0};
    CU_ASSERT_TRUE(records_operator(house.store, "LEFT", &found, &house.err));
    CU_ASSERT_STRING_EQUAL(found.name, "Name of LEFT");
    CU_ASSERT_EQUAL(found.roles, 1U << ROLE_DOCK);
    CU_ASSERT_STRING_EQUAL(found.lang, "fr");
    CU_ASSERT_EQUAL(put_operator(&house, "LEFT", "1002", 0), PUT_OLDER);
    CU_ASSERT_EQUAL(put_operator(&house, "LEFT", "1002", 2), PUT_STORED);
    CU_ASSERT_EQUAL(put_operator(&house, "RIGHT", "1001", 1), PUT_STORED);
    struct operator none = {0};
    CU_ASSERT_TRUE(records_operator(house.store, "", &none, &house.err));
    CU_ASSERT_STRING_EQUAL(none.id, "");
    CU_ASSERT_TRUE(records_operator(house.store, "1001", &none, &house.err)); /* a badge is no id */
    CU_ASSERT_STRING_EQUAL(none.id, "");
    house_close(&house);
}

SUITE("store/directory", {"the version decides", the_version_decides},
      {"every field comes back", every_field_comes_back},
      {"a new version replaces references and lines", a_new_version_replaces_references_and_lines},
      {"counters are those of the units", counters_are_those_of_the_units},
      {"an RMA that is not there is not found", an_rma_that_is_not_there_is_not_found},
      {"a product's codes are those of its newest version", a_products_codes_are_those_of_its_newest_version},
      {"a badge is one person's", a_badge_is_one_persons})
