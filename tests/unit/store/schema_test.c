/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#include <sodium.h>
#include <sys/stat.h>

#define DATABASE "returnsd.db"

static void begin(char directory[64])
{
    text_copy(directory, 64, "/tmp/returnsd-schema-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    CU_ASSERT_TRUE_FATAL(sodium_init() >= 0);
}

static const char *path_of(const char *directory, const char *file)
{
    static char path[128];
    TEXT_FORMAT(path, "%s/%s", directory, file);
    return path;
}

static void end(const char *directory)
{
    static const char *const files[] = {DATABASE, DATABASE "-wal", DATABASE "-shm", DATABASE "-journal", "lock"};
    for (size_t i = 0; i < COUNT_OF(files); i++)
        unlink(path_of(directory, files[i]));
    CU_ASSERT_EQUAL(rmdir(directory), 0);
}

static void hash_file(const char *directory, unsigned char ret_hash[32])
{
    static unsigned char bytes[1 << 20];
    FILE *file = fopen(path_of(directory, DATABASE), "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    crypto_hash_sha256(ret_hash, bytes, length);
}

/* Runs a script on the database with a connection of its own. */
static void run(const char *directory, const char *script)
{
    sqlite3 *db;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(path_of(directory, DATABASE), &db), SQLITE_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_exec(db, script, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* The store is refused with this code, and the file is byte for byte what it was. */
static void refused(const char *directory, enum error_code code)
{
    unsigned char before[32], after[32];
    struct error err = {0};
    hash_file(directory, before);
    CU_ASSERT_PTR_NULL(store_open(directory, &err));
    CU_ASSERT_EQUAL(err.code, code);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, DATABASE));
    hash_file(directory, after);
    CU_ASSERT_EQUAL(memcmp(before, after, sizeof before), 0);
    struct stat wal; /* and nothing is left beside it to be written into it later */
    CU_ASSERT_TRUE(stat(path_of(directory, DATABASE "-wal"), &wal) != 0 || wal.st_size == 0);
}

static void fresh(const char *directory)
{
    struct error err = {0};
    struct store *store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    store_close(store);
}

static void a_fresh_database_has_a_stream_of_its_own(void)
{
    char directory[64], stream[33];
    struct error err = {0};
    begin(directory);
    struct store *store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    int64_t version = 0, full = 0;
    TEXT_COPY(stream, store_stream(store));
    CU_ASSERT_EQUAL(strlen(stream), 32);
    CU_ASSERT_TRUE(sql_int64(store, &err, 0, &version, "PRAGMA user_version", ""));
    CU_ASSERT_TRUE(version > 0);
    CU_ASSERT_TRUE(sql_int64(store, &err, 0, &full, "PRAGMA synchronous", ""));
    CU_ASSERT_EQUAL(full, 2);
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, &err, "PRAGMA journal_mode", "");
    bool row;
    CU_ASSERT_TRUE(sql_step(store, q, &row, &err) && row);
    CU_ASSERT_STRING_EQUAL(sql_text(q, 0), "wal");
    sql_done(&q);
    store_close(store);
    store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT_STRING_EQUAL(store_stream(store), stream);
    CU_ASSERT_STRING_EQUAL(store_directory(store), directory);
    store_close(store);
    q = NULL;
    end(directory);
}

static void what_is_committed_is_there_again(void)
{
    char directory[64];
    struct error err = {0};
    begin(directory);
    struct store *store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    int64_t value = 0;
    CU_ASSERT_TRUE(store_begin(store, &err) && outbox_set_cursor(store, "erp", 5, 1, &err) &&
                   store_commit(store, &err));
    CU_ASSERT_TRUE(store_begin(store, &err) && outbox_set_cursor(store, "erp", 6, 1, &err));
    CU_ASSERT_TRUE(store_in_transaction(store));
    store_rollback(store);
    CU_ASSERT_FALSE(store_in_transaction(store));
    CU_ASSERT_TRUE(store_begin(store, &err) && store_savepoint(store, &err) &&
                   outbox_set_cursor(store, "b", 7, 1, &err));
    store_undo_savepoint(store);
    CU_ASSERT_TRUE(store_savepoint(store, &err) && outbox_set_cursor(store, "c", 8, 1, &err) &&
                   store_release(store, &err));
    CU_ASSERT_TRUE(store_commit(store, &err));
    store_close(store);
    store = store_open(directory, &err);
    CU_ASSERT_TRUE(outbox_cursor(store, "erp", &value, &err));
    CU_ASSERT_EQUAL(value, 5);
    CU_ASSERT_TRUE(outbox_cursor(store, "b", &value, &err));
    CU_ASSERT_EQUAL(value, 0);
    CU_ASSERT_TRUE(outbox_cursor(store, "c", &value, &err));
    CU_ASSERT_EQUAL(value, 8);
    store_close(store);
    end(directory);
}

static void run_file(const char *directory, const char *path)
{
    static char script[1 << 16];
    FILE *file = fopen(path, "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t length = fread(script, 1, sizeof script - 1, file);
    CU_ASSERT_TRUE_FATAL(length < sizeof script - 1);
    script[length] = '\0';
    fclose(file);
    run(directory, script);
}

/* Every table with its columns, sorted, in one text. */
static void columns_of(const char *directory, char *ret_columns, size_t size)
{
    static const char sql[] = "SELECT group_concat(line, char(10)) FROM (SELECT m.name || ' ' || c.name AS line FROM"
                              " sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY line)";
    struct error err = {0};
    bool row = false;
    struct store *store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    sqlite3_stmt *q = sql_query(store, &err, sql, "");
    CU_ASSERT_TRUE_FATAL(q != NULL && sql_step(store, q, &row, &err) && row);
    CU_ASSERT_TRUE_FATAL(text_copy(ret_columns, size, sql_text(q, 0)));
    sql_done(&q);
    store_close(store);
}

static void an_old_database_becomes_like_a_fresh_one_and_keeps_its_goods(void)
{
    static char fresh_columns[20000], old_columns[20000];
    char directory[64];
    struct error err = {0};
    begin(directory);
    columns_of(directory, fresh_columns, sizeof fresh_columns);
    end(directory);
    begin(directory);
    run_file(directory, SOURCE_DIR "/tests/unit/store/schema_1.sql");
    run(directory,
        "INSERT INTO inbound VALUES('label.zpl', 'lpn/LP0000000001', 3, x'0a0b', '{\"zpl\":\"^XA^XZ\"}', 'erp', 1),"
        " ('place.upsert', 'R-01', 1, x'0c', '{\"kind\":\"lane\",\"disposition\":\"resell\",\"owner\":null}',"
        " 'erp', 1)");
    columns_of(directory, old_columns, sizeof old_columns);
    CU_ASSERT_STRING_EQUAL(old_columns, fresh_columns);
    struct store *store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    struct unit_facts unit = {0};
    CU_ASSERT_TRUE(records_unit(store, 1, &unit, &err));
    CU_ASSERT_EQUAL(unit.unit.state, UNIT_DONE);
    CU_ASSERT_STRING_EQUAL(unit.unit.key_lpn, unit.unit.lpn); /* its effects are numbered under that */
    CU_ASSERT_STRING_EQUAL(unit.carrier.hash, "0a0b"); /* the ERP's label for it is known, too */
    struct place place = {0};
    CU_ASSERT_TRUE(records_place(store, "R-01", &place, &err));
    CU_ASSERT_TRUE(place.kind == PLACE_LANE && place.disposition == DISPOSITION_RESELL && place.owner[0] == '\0');
    int64_t counting = 0;
    CU_ASSERT_TRUE(sql_int64(store, &err, 0, &counting, "SELECT count(*) FROM session WHERE counting <> 'not'", ""));
    CU_ASSERT_EQUAL(counting, 0);
    store_close(store);
    end(directory);
}

/* The upgrade is one transaction: somebody's table in the way of a step, and nothing at all has changed. */
static void a_step_that_fails_leaves_the_file_as_it_was(void)
{
    char directory[64];
    begin(directory);
    run(directory, "CREATE TABLE exception(a); INSERT INTO exception VALUES(1)");
    refused(directory, ERROR_SYSTEM);
    end(directory);
}

static void a_newer_database_is_refused_unchanged(void)
{
    for (int wal = 0; wal < 2; wal++) {
        char directory[64];
        begin(directory);
        fresh(directory);
        run(directory, wal ? "PRAGMA user_version = 99" : "PRAGMA journal_mode = DELETE; PRAGMA user_version = 99");
        refused(directory, ERROR_NEWER);
        end(directory);
    }
}

static void write_at(const char *directory, long offset, const char *bytes, size_t length)
{
    FILE *file = fopen(path_of(directory, DATABASE), offset < 0 ? "we" : "r+e");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fseek(file, offset < 0 ? 0 : offset, SEEK_SET);
    fwrite(bytes, 1, length, file);
    fclose(file);
}

static void a_damaged_database_is_refused_unchanged(void)
{
    static const char garbage[8192] = "this was a database once, or so they say";
    for (int how = 0; how < 3; how++) {
        char directory[64];
        begin(directory);
        fresh(directory);
        if (how == 0)
            write_at(directory, -1, garbage, sizeof garbage);
        else if (how == 1)
            write_at(directory, 100, garbage, 3000); /* the schema's own page */
        else
            CU_ASSERT_EQUAL(truncate(path_of(directory, DATABASE), 4096), 0);
        refused(directory, ERROR_CORRUPT);
        end(directory);
    }
}

static void a_database_without_a_stream_is_refused(void)
{
    char directory[64];
    begin(directory);
    fresh(directory);
    run(directory, "DELETE FROM meta");
    struct error err = {0};
    CU_ASSERT_PTR_NULL(store_open(directory, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_CORRUPT);
    end(directory);
}

static void a_second_daemon_is_kept_out(void)
{
    char directory[64];
    struct error err = {0};
    begin(directory);
    struct store *store = store_open(directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT_PTR_NULL(store_open(directory, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    store_close(store);
    fresh(directory);
    CU_ASSERT_PTR_NULL(store_open("/nonexistent/directory", &err));
    CU_ASSERT_EQUAL(err.code, ERROR_SYSTEM);
    end(directory);
}

SUITE("store/schema",
      {"an old database becomes like a fresh one and keeps its goods",
       an_old_database_becomes_like_a_fresh_one_and_keeps_its_goods},
      {"a fresh database has a stream of its own", a_fresh_database_has_a_stream_of_its_own},
      {"what is committed is there again", what_is_committed_is_there_again},
      {"a step that fails leaves the file as it was", a_step_that_fails_leaves_the_file_as_it_was},
      {"a newer database is refused unchanged", a_newer_database_is_refused_unchanged},
      {"a damaged database is refused unchanged", a_damaged_database_is_refused_unchanged},
      {"a database without a stream is refused", a_database_without_a_stream_is_refused},
      {"a second daemon is kept out", a_second_daemon_is_kept_out})
