/* SPDX-License-Identifier: Apache-2.0 */
/* The register of PUTs: the version rule, cancellation and content in any order, the LPN floor, whose goods. */
#include "daemon/store/inbound.h"

#include "tests/support/house.h"

static enum put_result put(struct house *house, const char *kind, const char *key, int64_t version, const char *body)
{
    struct inbound_row row = {.kind = kind, .key = key, .version = version, .body = body, .keep = true,
                              .consumer = "erp", .now = 1};
    enum put_result result = PUT_RESULT_COUNT;
    HOUSE_MUST(house, inbound_put(house->store, &row, &result, &house->err));
    return result;
}

static void the_version_decides(void)
{
    struct house house;
    house_open(&house);
    HOUSE_MUST(&house, store_begin(house.store, &house.err));
    CU_ASSERT_EQUAL(put(&house, "decision", "lpn/A", 2, "x"), PUT_STORED);
    CU_ASSERT_EQUAL(put(&house, "decision", "lpn/A", 2, "x"), PUT_SAME);
    CU_ASSERT_EQUAL(put(&house, "decision", "lpn/A", 2, "y"), PUT_CONFLICT);
    CU_ASSERT_EQUAL(put(&house, "decision", "lpn/A", 1, "y"), PUT_OLDER);
    CU_ASSERT_EQUAL(put(&house, "decision", "lpn/B", 1, "y"), PUT_STORED);
    CU_ASSERT_EQUAL(put(&house, "conflict", "lpn/A", 1, "y"), PUT_STORED);
    CU_ASSERT_EQUAL(put(&house, "decision", "lpn/A", 3, "z"), PUT_STORED);
    CU_ASSERT_EQUAL(put(&house, "load", "L", 0, "x"), PUT_STORED);
    CU_ASSERT_EQUAL(put(&house, "load", "L", 0, "y"), PUT_STORED);
    char *body;
    int64_t version;
    HOUSE_MUST(&house, inbound_get(house.store, "decision", "lpn/A", &body, &version, &house.err));
    CU_ASSERT_STRING_EQUAL(body, "z");
    CU_ASSERT_EQUAL(version, 3);
    free(body);
    HOUSE_MUST(&house, inbound_get(house.store, "decision", "lpn/C", &body, &version, &house.err));
    CU_ASSERT_PTR_NULL(body);
    house_close(&house);
}

static enum rma_state state_of(struct house *house, const char *number)
{
    struct rma rma = {0};
    HOUSE_MUST(house, directory_get_rma(house->store, number, &rma, &house->err));
    enum rma_state state = rma.state;
    rma_done(&rma);
    return state;
}

static void a_cancellation_counts_for_what_is_older(void)
{
    struct house house;
    house_open(&house);
    struct rma rma = house_rma_of("RMA-1", NULL, 0);
    rma.version = 3;
    house_put(&house, &rma, "content", false);
    HOUSE_MUST(&house, store_begin(house.store, &house.err));
    put(&house, "rma.cancel", "RMA-1", 3, "{}");
    HOUSE_MUST(&house, inbound_cancel_rma(house.store, "RMA-1", &house.err));
    CU_ASSERT_EQUAL(state_of(&house, "RMA-1"), RMA_AUTHORISED);
    put(&house, "rma.cancel", "RMA-1", 4, "{}");
    HOUSE_MUST(&house, inbound_cancel_rma(house.store, "RMA-1", &house.err));
    CU_ASSERT_EQUAL(state_of(&house, "RMA-1"), RMA_CANCELLED);
    HOUSE_MUST(&house, inbound_cancel_rma(house.store, "RMA-2", &house.err)); /* unknown: nothing happens */
    house_close(&house);
}

static int64_t lpn(struct house *house)
{
    int64_t value;
    HOUSE_MUST(house, sql_int64(house->store, &house->err, 0, &value, "SELECT value FROM meta WHERE name = 'lpn'", ""));
    return value;
}

static void the_lpn_floor_only_rises(void)
{
    struct house house;
    house_open(&house);
    HOUSE_MUST(&house, inbound_raise_lpn(house.store, 41, &house.err));
    CU_ASSERT_EQUAL(lpn(&house), 41);
    HOUSE_MUST(&house, inbound_raise_lpn(house.store, 7, &house.err));
    CU_ASSERT_EQUAL(lpn(&house), 41);
    house_close(&house);
}

static void the_owner_is_found(void)
{
    struct house house;
    char owner[KEY_SIZE];
    house_open(&house);
    struct rma rma = house_rma_of("RMA-1", NULL, 0);
    TEXT_COPY(rma.owner, "acme");
    house_put(&house, &rma, "content", false);
    HOUSE_MUST(&house, sql_script(house.store,
                                  "INSERT INTO unit(unit_id, lpn, owner) VALUES(1, 'LP1', 'other');"
                                  "INSERT INTO parcel(parcel_id, code, rma) VALUES(1, 'PX1', 'RMA-1')",
                                  &house.err));
    HOUSE_MUST(&house, inbound_owner(house.store, "RMA-1", "", "", owner, &house.err));
    CU_ASSERT_STRING_EQUAL(owner, "acme");
    HOUSE_MUST(&house, inbound_owner(house.store, "", "LP1", "", owner, &house.err));
    CU_ASSERT_STRING_EQUAL(owner, "other");
    HOUSE_MUST(&house, inbound_owner(house.store, "", "", "PX1", owner, &house.err));
    CU_ASSERT_STRING_EQUAL(owner, "acme");
    HOUSE_MUST(&house, inbound_owner(house.store, "nothing", "nothing", "nothing", owner, &house.err));
    CU_ASSERT_STRING_EQUAL(owner, "");
    house_close(&house);
}

SUITE("store/inbound", {"the version decides", the_version_decides},
      {"a cancellation counts for what is older", a_cancellation_counts_for_what_is_older},
      {"the LPN floor only rises", the_lpn_floor_only_rises}, {"the owner is found", the_owner_is_found})
