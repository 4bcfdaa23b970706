/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#define SHIRT "9520000001025"

static void begin(struct house *house)
{
    house_open(house);
    house_product(house, "SHIRT", SHIRT, TRACK_NONE);
    house_rma(house, 1, "SHIRT", 1);
}

static void a_scan_is_stored_whole(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM journal"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel_rma WHERE parcel_id = 1 AND rma = 'RMA-1'"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel_alias WHERE key = 'CP1' AND kind = 'tracking'"),
                    1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT value FROM meta WHERE name = 'parcel_code'"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM event WHERE journal = 1"), 2);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT last_journal FROM session WHERE lane = 'bench-2'"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel_before"), 0);
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT value FROM meta WHERE name = 'lpn'"), 1);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM unit_before WHERE journal = 3 AND state = 'identified'"),
                    1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM unit_trace WHERE unit_id = 1"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM print_job WHERE journal = 3 AND length(zpl) = 6"), 1);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel_before WHERE journal = 4 AND state = 'open'"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM print_job WHERE state = 'confirmed'"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT completed FROM rma_progress WHERE rma = 'RMA-1'"), 1);
    house_close(&house);
}

/* The four scans of 10-domain §8, over the real tables. */
static void four_scans_make_a_unit_done(void)
{
    static const char *const told[] = {"parcel.received",    "parcel.opened",   "lpn.assigned",
                                       "unit.identified",    "unit.inspected",  "unit.disposition_decided",
                                       "unit.label_confirmed", "stock.delta",   "outcome.recommended",
                                       "parcel.closed",      "rma.completed"};
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    HOUSE_ANSWER(house_scan_label(&house, HOUSE_BENCH_2, 1), SIGNAL_OK, MESSAGE_UNIT_CONFIRMED_CLOSED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM journal"), 4);
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_DONE);
    CU_ASSERT_EQUAL(house_unit(&house, 1).status, STOCK_SELLABLE);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_CLOSED);
    struct event_row rows[20];
    size_t count = 0;
    int64_t upto;
    CU_ASSERT_TRUE(outbox_read(house.store, 0, NULL, rows, 20, &count, &upto, &house.err));
    CU_ASSERT_EQUAL(count, COUNT_OF(told));
    for (size_t i = 0; i < count; i++) {
        char type[80];
        TEXT_FORMAT(type, "io.returnsd.%s.v1", told[i < COUNT_OF(told) ? i : 0]);
        CU_ASSERT_STRING_EQUAL(rows[i].type, type);
        free(rows[i].body);
    }
    house_close(&house);
}

static void n_items_are_one_and_three_n_scans(void)
{
    struct house house;
    house_open(&house);
    house_product(&house, "SHIRT", SHIRT, TRACK_NONE);
    house_rma(&house, 1, "SHIRT", 5);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    for (int64_t unit = 1; unit <= 5; unit++) {
        CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_OPEN);
        house_scan(&house, HOUSE_BENCH_2, SHIRT);
        house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
        house_scan_label(&house, HOUSE_BENCH_2, unit);
    }
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM journal"), 1 + 3 * 5);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM unit WHERE state = 'done'"), 5);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_CLOSED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM event WHERE type = 'rma.completed'"), 1);
    house_close(&house);
}

static void an_unknown_parcel_is_held_with_label_and_exception(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_DOCK, "WEB-404");
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_HELD);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).hold, HOLD_UNKNOWN);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM exception WHERE type = 'unknown_parcel' AND parcel_id = 1"
                                        " AND resolved_at IS NULL"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM print_job WHERE kind = 'hold' AND parcel_id = 1"), 1);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "web-404"), SIGNAL_ATTENTION, MESSAGE_PARCEL_HELD);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel"), 1);
    house_close(&house);
}

static void a_bounce_stores_nothing(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house.pace_ms = 999;
    CU_ASSERT_TRUE(house_scan(&house, HOUSE_BENCH_2, "CP1")->silent);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM journal"), 1);
    CU_ASSERT_FALSE(house_scan(&house, HOUSE_BENCH, "CP1")->silent); /* another lane's scan is another scan */
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM journal"), 2);
    house_close(&house);
}

static void after_a_restart_the_same_scan_is_already_stored(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_DOCK, "RMA-1");
    house_restart(&house);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "RMA-1"), SIGNAL_ATTENTION, MESSAGE_PARCEL_RECEIVED);
    CU_ASSERT_TRUE(house.session.repeated);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM event"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel"), 1);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "RMA-1"), SIGNAL_ATTENTION, MESSAGE_PARCEL_SECOND_BOX);
    house_restart(&house);
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_NEXT), SIGNAL_ATTENTION, MESSAGE_NOT_HERE);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel"), 1);
    house_close(&house);
}

static void what_the_station_itself_records_belongs_to_no_lane(void)
{
    struct house house;
    struct outcome *outcome = memory_new(1, sizeof *outcome);
    struct session session = {0};
    const struct encoded_event event = {"station.started", "station", "{}"};
    struct encoded encoded = {.at = HOUSE_NOW, .device = "", .aim = "", .code = "", .events = &event};
    begin(&house);
    outcome->action = ACTION_START;
    outcome_event(outcome, EVENT_STATION_STARTED);
    HOUSE_MUST(&house, records_write(house.store, outcome, &session, &encoded, &house.err));
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM session"), 0);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM journal WHERE lane = '' AND action = 'start'"), 1);
    free(outcome);
    house_close(&house);
}

static void a_second_unit_with_the_same_lpn_is_never_stored(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    struct unit unit = house_unit(&house, 1);
    unit.unit_id = 2;
    CU_ASSERT_FALSE(table_put(house.store, &unit_table, NULL, &unit, &house.err));
    CU_ASSERT_EQUAL(house.err.code, ERROR_CONFLICT);
    house_close(&house);
}

SUITE("store/commit", {"a scan is stored whole", a_scan_is_stored_whole},
      {"four scans make a unit done", four_scans_make_a_unit_done},
      {"n items are 1 + 3n scans", n_items_are_one_and_three_n_scans},
      {"an unknown parcel is held with label and exception", an_unknown_parcel_is_held_with_label_and_exception},
      {"a bounce stores nothing", a_bounce_stores_nothing},
      {"after a restart the same scan is already stored", after_a_restart_the_same_scan_is_already_stored},
      {"what the station itself records belongs to no lane", what_the_station_itself_records_belongs_to_no_lane},
      {"a second unit with the same LPN is never stored", a_second_unit_with_the_same_lpn_is_never_stored})
