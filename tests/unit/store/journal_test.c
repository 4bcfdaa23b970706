/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#define SHIRT "9520000001025"

/* Some rows of every kind: a parcel, a unit with its label, an UNDO, garbage with every byte. */
static void write_some(struct house *house)
{
    unsigned char bytes[40];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7 + 128);
    house_open(house);
    house_product(house, "SHIRT", SHIRT, TRACK_NONE);
    house_rma(house, 1, "SHIRT", 2);
    house_scan(house, HOUSE_DOCK, "CP1");
    house_scan(house, HOUSE_BENCH_2, "CP1");
    house_scan(house, HOUSE_BENCH_2, SHIRT);
    house_card(house, HOUSE_BENCH_2, VERB_GRADE_A);
    house_scan_label(house, HOUSE_BENCH_2, 1);
    house_card(house, HOUSE_BENCH_2, VERB_UNDO);
    house_bytes(house, HOUSE_BENCH, bytes, sizeof bytes);
}

#define ROWS 7

static void the_chain_verifies(void)
{
    struct house house;
    int64_t rows = -1;
    char hash[65] = "x";
    house_open(&house);
    CU_ASSERT_TRUE(journal_verify(house.store, &rows, &house.err));
    CU_ASSERT_EQUAL(rows, 0);
    CU_ASSERT_TRUE(journal_last_hash(house.store, hash, &house.err));
    CU_ASSERT_STRING_EQUAL(hash, "");
    house_close(&house);
    write_some(&house);
    CU_ASSERT_TRUE(journal_verify(house.store, &rows, &house.err));
    CU_ASSERT_EQUAL(rows, ROWS);
    CU_ASSERT_TRUE(journal_last_hash(house.store, hash, &house.err));
    CU_ASSERT_EQUAL(strlen(hash), 64);
    house_close(&house);
}

/* Changes the database as somebody would, and wants this row to be named. */
static void found(struct house *house, const char *sql, int64_t row)
{
    struct error err = {0};
    int64_t rows;
    char wanted[40];
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, sql_script(house->store, sql, &house->err));
    bool good = journal_verify(house->store, &rows, &err);
    if (good)
        printf("\n    not found: %s\n", sql);
    CU_ASSERT_FALSE(good);
    CU_ASSERT_EQUAL(err.code, ERROR_CORRUPT);
    TEXT_FORMAT(wanted, "row %lld ", (long long)row);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, wanted));
    store_rollback(house->store);
    CU_ASSERT_TRUE(journal_verify(house->store, &rows, &err));
}

static void any_change_of_any_column_of_any_row_is_found(void)
{
    static const char *const columns[] = {"at",       "clock_unsure", "lane",     "operator_id", "device",    "code",
                                          "aim",      "action",       "signal",   "message",     "parcel_id", "unit_id",
                                          "undoable", "undoes",       "lead", "previous", "hash"};
    struct house house;
    write_some(&house);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM pragma_table_info('journal')"), COUNT_OF(columns) + 1);
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        for (int row = 1; row <= ROWS; row++) {
            char sql[200];
            TEXT_FORMAT(sql, "UPDATE journal SET %s = %s || '1' WHERE journal = %d", columns[i], columns[i], row);
            found(&house, sql, row);
        }
    }
    found(&house, "UPDATE journal SET journal = 99 WHERE journal = 7", 99);
    found(&house, "UPDATE journal SET lane = '', operator_id = lane WHERE journal = 3", 3);
    house_close(&house);
}

static void a_deleted_or_inserted_row_is_found(void)
{
    struct house house;
    write_some(&house);
    found(&house, "DELETE FROM journal WHERE journal = 1", 2);
    found(&house, "DELETE FROM journal WHERE journal = 4", 5);
    found(&house, "DELETE FROM journal WHERE journal BETWEEN 2 AND 4", 5);
    found(&house,
          "INSERT INTO journal SELECT 8, at, clock_unsure, lane, operator_id, device, code, aim, action, signal,"
          " message, parcel_id, unit_id, undoable, undoes, lead, previous, hash FROM journal WHERE journal = 7",
          8);
    house_close(&house);
}

/* What the chain cannot see, its last hash outside can: the newest rows cut off. */
static void a_cut_end_is_told_by_the_anchor(void)
{
    struct house house;
    char before[65], after[65];
    int64_t rows;
    write_some(&house);
    CU_ASSERT_TRUE(journal_last_hash(house.store, before, &house.err));
    HOUSE_MUST(&house, sql_script(house.store, "DELETE FROM journal WHERE journal = 7", &house.err));
    CU_ASSERT_TRUE(journal_verify(house.store, &rows, &house.err));
    CU_ASSERT_TRUE(journal_last_hash(house.store, after, &house.err));
    CU_ASSERT_STRING_NOT_EQUAL(before, after);
    house_close(&house);
}

static void rows_are_read_by_unit_and_by_lane(void)
{
    struct house house;
    struct journal_row rows[20];
    size_t count = 0;
    write_some(&house);
    CU_ASSERT_TRUE(journal_rows(house.store, 1, NULL, rows, 20, &count, &house.err));
    CU_ASSERT_EQUAL_FATAL(count, 4);
    CU_ASSERT_STRING_EQUAL(rows[0].action, "identify");
    CU_ASSERT_STRING_EQUAL(rows[0].lane, "bench-2");
    CU_ASSERT_STRING_EQUAL(rows[0].code, SHIRT);
    CU_ASSERT_EQUAL(rows[0].parcel_id, 1);
    CU_ASSERT_STRING_EQUAL(rows[3].action, "undo");
    CU_ASSERT_EQUAL(rows[3].undoes, rows[2].journal);
    CU_ASSERT_EQUAL(strlen(rows[3].hash), 64);
    CU_ASSERT_TRUE(journal_rows(house.store, 0, "bench-2", rows, 2, &count, &house.err));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_STRING_EQUAL(rows[0].action, "undo"); /* newest first */
    CU_ASSERT_STRING_EQUAL(rows[1].action, "confirm");
    CU_ASSERT_TRUE(journal_rows(house.store, 0, "bench-1", rows, 20, &count, &house.err));
    CU_ASSERT_EQUAL_FATAL(count, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(rows[0].code, "\\x80")); /* the raw bytes are there, shown escaped */
    CU_ASSERT_EQUAL(house_count(&house, "SELECT length(code) FROM journal WHERE journal = 7"), 40);
    CU_ASSERT_TRUE(journal_rows(house.store, 0, NULL, rows, 20, &count, &house.err));
    CU_ASSERT_EQUAL(count, 0);
    house_close(&house);
}

static void time_never_runs_backwards(void)
{
    struct house house;
    int64_t at = 0;
    bool unsure = true;
    house_open(&house);
    CU_ASSERT_TRUE(records_time(house.store, 500, &at, &unsure, &house.err));
    CU_ASSERT_TRUE(at == 500 && !unsure);
    house_card(&house, HOUSE_DOCK, VERB_HELP);
    int64_t last = house.when.now;
    CU_ASSERT_TRUE(records_time(house.store, last, &at, &unsure, &house.err));
    CU_ASSERT_TRUE(at == last && !unsure);
    CU_ASSERT_TRUE(records_time(house.store, last - 3600000, &at, &unsure, &house.err));
    CU_ASSERT_TRUE(at == last + 1 && unsure);
    house.when.now -= 3600000;
    house_card(&house, HOUSE_DOCK, VERB_INFO);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT clock_unsure FROM journal WHERE journal = 2"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT max(at) - min(at) FROM journal"), 1);
    house_close(&house);
}

SUITE("store/journal", {"the chain verifies", the_chain_verifies},
      {"any change of any column of any row is found", any_change_of_any_column_of_any_row_is_found},
      {"a deleted or inserted row is found", a_deleted_or_inserted_row_is_found},
      {"a cut end is told by the anchor", a_cut_end_is_told_by_the_anchor},
      {"rows are read by unit and by lane", rows_are_read_by_unit_and_by_lane},
      {"time never runs backwards", time_never_runs_backwards})
