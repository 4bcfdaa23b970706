/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP gives leaves effects on what is here, each once; and they are decided in their order. */
#include "daemon/store/effects.h"

#include "tests/support/house.h"

static struct house house;

static void open_house(void)
{
    house_open(&house);
    house_product(&house, "SHIRT", "9520000001025", TRACK_NONE);
    house_rma(&house, 1, "SHIRT", 2);
    house_scan(&house, HOUSE_BENCH, "CP1");
    house_scan(&house, HOUSE_BENCH, "9520000001025");
}

static int64_t waiting(const char *kind)
{
    int64_t count = -1;
    HOUSE_MUST(&house,
               sql_int64(house.store, &house.err, 0, &count, "SELECT count(*) FROM effect WHERE kind = ?", "t", kind));
    return count;
}

static void put_version(int64_t version, size_t lines, enum rma_state state, bool held)
{
    struct rma_line line = {.line = "9", .sku = "LAMP", .qty = 1};
    struct rma rma = house_rma_of("RMA-1", &line, lines);
    char content[KEY_SIZE];
    rma.version = version;
    rma.state = state;
    rma.customs_hold = held;
    TEXT_FORMAT(content, "version %lld", (long long)version);
    CU_ASSERT_EQUAL(house_put(&house, &rma, content, false), PUT_STORED);
}

static void a_line_with_units_is_withdrawn_once(void)
{
    open_house();
    put_version(2, 1, RMA_AUTHORISED, false);
    CU_ASSERT_EQUAL(waiting("withdrawn"), 1);
    house_effects(&house);
    CU_ASSERT_EQUAL(waiting("withdrawn"), 0);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM exception WHERE type = 'rma_changed'"), 1);
    put_version(3, 1, RMA_AUTHORISED, false);
    house_effects(&house);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM exception WHERE type = 'rma_changed'"), 1);
    house_close(&house);
}

static void a_flag_counts_when_it_is_raised(void)
{
    open_house();
    put_version(2, 1, RMA_AUTHORISED, true);
    CU_ASSERT_EQUAL(waiting("flag"), 1);
    put_version(3, 1, RMA_AUTHORISED, true);
    CU_ASSERT_EQUAL(waiting("flag"), 1);
    house_close(&house);
}

static void dangerous_goods_are_held_once_they_are_known_as_such(void)
{
    open_house();
    for (int version = 2; version < 5; version++) {
        struct product product = {.sku = "SHIRT",
                                  .gtin = "9520000001025",
                                  .owner = "main",
                                  .version = version,
                                  .name_en = "Shirt",
                                  .flags = version > 2 ? PRODUCT_HAZMAT : 0};
        struct product_code code = {.code = "9520000001025", .qty = 1};
        enum put_result result;
        HOUSE_MUST(&house, directory_put_product(house.store, &product, &code, 1, &result, &house.err));
        CU_ASSERT_EQUAL(waiting("flag"), version > 2);
    }
    house.lanes[HOUSE_DOCK].rules.hold_hazmat = true;
    house_effects(&house);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).hold, HOLD_HAZMAT);
    house_rma(&house, 2, "SHIRT", 1);
    house_scan(&house, HOUSE_DOCK, "CP2");
    CU_ASSERT_EQUAL(house_parcel(&house, 2).hold, HOLD_HAZMAT);
    house_close(&house);
}

static void a_decision_waits_until_its_unit_is_graded(void)
{
    struct effect decision = {.kind = EFFECT_DECISION, .disposition = DISPOSITION_QUARANTINE};
    struct effect next;
    open_house();
    HOUSE_MUST(&house, store_begin(house.store, &house.err));
    HOUSE_MUST(&house, effects_add(house.store, &decision, house_unit(&house, 1).lpn, "", &house.err));
    HOUSE_MUST(&house, effects_add(house.store, &decision, "LP0429999999", "", &house.err)); /* nobody is that */
    HOUSE_MUST(&house, store_commit(house.store, &house.err));
    CU_ASSERT_EQUAL(waiting("decision"), 1);
    HOUSE_MUST(&house, effects_next(house.store, &next, &house.err));
    CU_ASSERT_EQUAL(next.effect_id, 0);
    house_card(&house, HOUSE_BENCH, VERB_GRADE_A);
    HOUSE_MUST(&house, effects_next(house.store, &next, &house.err));
    CU_ASSERT_EQUAL(next.unit_id, 1);
    CU_ASSERT_EQUAL(next.disposition, DISPOSITION_QUARANTINE);
    HOUSE_MUST(&house, effects_set_failed(house.store, next.effect_id, true, &house.err));
    HOUSE_MUST(&house, effects_next(house.store, &next, &house.err));
    CU_ASSERT_EQUAL(next.effect_id, 0); /* it holds up nobody */
    HOUSE_MUST(&house, effects_set_failed(house.store, 0, false, &house.err));
    house_effects(&house);
    CU_ASSERT_EQUAL(house_unit(&house, 1).disposition, DISPOSITION_QUARANTINE);
    CU_ASSERT_STRING_EQUAL(house_unit(&house, 1).decided_by, "erp");
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM effect"), 0);
    house_close(&house);
}

static void what_came_unverified_is_found_by_its_code(void)
{
    int64_t parcel;
    size_t count;
    struct alias codes[4];
    char code[LPN_SIZE];
    open_house();
    house.erp = ERP_UNREACHABLE;
    house_scan(&house, HOUSE_DOCK, "WEB-77");
    HOUSE_MUST(&house, effects_next_unverified(house.store, 0, &parcel, code, codes, 4, &count, &house.err));
    CU_ASSERT_EQUAL(parcel, 2);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(codes[0].kind, REF_ORDER);
    CU_ASSERT_STRING_EQUAL(codes[0].value, "WEB-77");
    house_rma(&house, 77, "SHIRT", 1);
    CU_ASSERT_EQUAL(waiting("found"), 1);
    house_effects(&house);
    CU_ASSERT_TRUE(house_parcel(&house, 2).verified);
    CU_ASSERT_STRING_EQUAL(house_parcel(&house, 2).rma, "RMA-77");
    HOUSE_MUST(&house, effects_next_unverified(house.store, 0, &parcel, code, codes, 4, &count, &house.err));
    CU_ASSERT_EQUAL(parcel, 0);
    house_close(&house);
}

SUITE("store/effects",
      {"dangerous goods are held once they are known as such", dangerous_goods_are_held_once_they_are_known_as_such},
      {"a line with units is withdrawn once", a_line_with_units_is_withdrawn_once},
      {"a flag counts when it is raised", a_flag_counts_when_it_is_raised},
      {"a decision waits until its unit is graded", a_decision_waits_until_its_unit_is_graded},
      {"what came unverified is found by its code", what_came_unverified_is_found_by_its_code})
