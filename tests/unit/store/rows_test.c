/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

/* A value for a column that is not the zero of its kind, and not that of its neighbours. */
static void fill(const struct column *column, int seed, void *row)
{
    char *field = (char *)row + column->offset;
    int number = seed + 1;
    int64_t wide = INT64_C(5000000000) + seed;
    switch (column->kind) {
    case COLUMN_TEXT:
        text_format(field, column->size, "é%d", seed);
        return;
    case COLUMN_WORD:
        number = column->names->count - 1 - seed % (column->names->count - 1);
        memcpy(field, &number, sizeof number);
        return;
    case COLUMN_BOOL:
        *(bool *)field = true;
        return;
    case COLUMN_DATE:
    case COLUMN_INT:
        memcpy(field, &number, sizeof number);
        return;
    case COLUMN_INSTANT:
    case COLUMN_INT64:
        memcpy(field, &wide, sizeof wide);
        return;
    case COLUMN_OWNED:
    default:
        return;
    }
}

/* Puts the row, reads it back by its first column, and compares column by column. */
static void round_trip(struct house *house, const struct table *table, void *row, void *back)
{
    char sql[1000];
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, table_put(house->store, table, NULL, row, &house->err));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
    TEXT_FORMAT(sql, "SELECT %s FROM %s", table_columns(table), table->name);
    sqlite3_stmt *q;
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(house->store->db, sql, -1, &q, NULL), SQLITE_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_step(q), SQLITE_ROW);
    HOUSE_MUST(house, table_read(table, q, 0, back, &house->err));
    for (int i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        bool same = column->kind == COLUMN_TEXT
                        ? strcmp((char *)back + column->offset, (char *)row + column->offset) == 0
                        : memcmp((char *)back + column->offset, (char *)row + column->offset, column->size) == 0;
        if (!same)
            printf("\n    %s.%s\n", table->name, column->name);
        CU_ASSERT_TRUE(same);
    }
    sqlite3_finalize(q);
}

static void every_column_comes_back(void)
{
    static const struct table *const tables[] = {&parcel_table, &unit_table, &session_table, &product_table};
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (int filled = 0; filled < 2; filled++) {
            struct house house;
            union {
                struct parcel parcel;
                struct unit unit;
                struct session session;
                struct product product;
            } row = {0}, back;
            memset(&back, 0x55, sizeof back);
            house_open(&house);
            for (int i = 0; filled && i < tables[t]->count; i++)
                fill(&tables[t]->columns[i], i, &row);
            round_trip(&house, tables[t], &row, &back);
            house_close(&house);
        }
    }
}

/* As house_count, for a text that is made at run time (kept statements are found by address). */
static int64_t number_of(struct house *house, const char *sql)
{
    sqlite3_stmt *q;
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(house->store->db, sql, -1, &q, NULL), SQLITE_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_step(q), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return value;
}

/* What the tables of columns leave out would be lost without a word. */
static void every_column_of_the_database_is_mapped(void)
{
    static const struct {
        const struct table *table;
        int others;  /* columns that are no field of the struct: the owner, the position of a line */
        bool before; /* there is a table of the rows as they were */
    } tables[] = {{&rma_table, 0, false},    {&line_table, 2, false}, {&product_table, 0, false},
                  {&parcel_table, 0, true},  {&unit_table, 0, true},  {&session_table, 0, false}};
    struct house house;
    house_open(&house);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        char sql[100];
        int64_t count = tables[i].table->count;
        TEXT_FORMAT(sql, "SELECT count(*) FROM pragma_table_info('%s')", tables[i].table->name);
        CU_ASSERT_EQUAL(number_of(&house, sql), count + tables[i].others);
        TEXT_FORMAT(sql, "SELECT count(*) FROM pragma_table_info('%s_before')", tables[i].table->name);
        CU_ASSERT_EQUAL(number_of(&house, sql), tables[i].before ? count + 1 : 0);
    }
    house_close(&house);
}

static void dates_and_instants_may_be_absent(void)
{
    struct house house;
    house_open(&house);
    struct rma rma = house_rma_of("RMA-1", NULL, 0), stored = {0};
    rma.requested_at = INSTANT_NONE;
    rma.delivery_date = DATE_NONE;
    house_put(&house, &rma, "x", false);
    HOUSE_MUST(&house, directory_get_rma(house.store, "RMA-1", &stored, &house.err));
    CU_ASSERT_EQUAL(stored.requested_at, INSTANT_NONE);
    CU_ASSERT_EQUAL(stored.delivery_date, DATE_NONE);
    CU_ASSERT_EQUAL(
        house_count(&house, "SELECT count(*) FROM rma WHERE requested_at IS NULL AND delivery_date IS NULL"), 1);
    rma_done(&stored);
    house_close(&house);
}

static void a_word_or_text_that_does_not_fit_is_corrupt(void)
{
    static const char *const damage[] = {"UPDATE parcel SET state = 'lost in space'", "UPDATE parcel SET hold = NULL",
                                         "UPDATE parcel SET code = 'PX04200000011234567890'"};
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        struct house house;
        struct parcel_facts facts = {0};
        struct parcel parcel = {.parcel_id = 1, .code = "PX0420000001", .received_at = INSTANT_NONE};
        house_open(&house);
        HOUSE_MUST(&house, table_put(house.store, &parcel_table, NULL, &parcel, &house.err));
        HOUSE_MUST(&house, sql_script(house.store, damage[i], &house.err));
        CU_ASSERT_FALSE(records_parcel(house.store, 1, &facts, &house.err));
        CU_ASSERT_EQUAL(house.err.code, ERROR_CORRUPT);
        CU_ASSERT_PTR_NOT_NULL(strstr(house.err.message, "parcel."));
        parcel_facts_done(&facts);
        house_close(&house);
    }
}

static void codes_compare_without_case_spaces_and_leading_zeros(void)
{
    static const struct {
        const char *code, *key;
    } table[] = {{"cp 1 fr", "CP1FR"},
                 {"9520000001025", "09520000001025"},
                 {"09520000001025", "09520000001025"},
                 {"95200002", "00000095200002"},
                 {"123456789012", "00123456789012"},
                 {"1234567", "1234567"},
                 {"", ""}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        char key[VALUE_SIZE];
        code_key(key, table[i].code);
        CU_ASSERT_STRING_EQUAL(key, table[i].key);
    }
    char longest[2 * VALUE_SIZE], key[VALUE_SIZE];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    code_key(key, longest);
    CU_ASSERT_EQUAL(strlen(key), VALUE_SIZE - 1);
}

SUITE("store/rows", {"every column comes back", every_column_comes_back},
      {"every column of the database is mapped", every_column_of_the_database_is_mapped},
      {"dates and instants may be absent", dates_and_instants_may_be_absent},
      {"a word or text that does not fit is corrupt", a_word_or_text_that_does_not_fit_is_corrupt},
      {"codes compare without case, spaces and leading zeros", codes_compare_without_case_spaces_and_leading_zeros})
