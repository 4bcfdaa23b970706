/* SPDX-License-Identifier: Apache-2.0 */
/* The staging database: nothing in it has to survive, so it has no journal and is never synced. */
#include "daemon/staging.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_NAME "import.db"

enum statement {
    STATEMENT_BEGIN, STATEMENT_END, STATEMENT_ADD_ROW, STATEMENT_ADD_PROBLEM, STATEMENT_NEXT, STATEMENT_ROWS,
    STATEMENT_PROBLEMS, STATEMENT_COUNT,
};

static const char *const sql[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN",
    [STATEMENT_END] = "COMMIT",
    [STATEMENT_ADD_ROW] = "INSERT INTO piece(rma, line, start, length) VALUES(?, ?, ?, ?)",
    [STATEMENT_ADD_PROBLEM] = "INSERT INTO problem(number, line, rma, reason) VALUES(?, ?, ?, ?)",
    [STATEMENT_NEXT] = "SELECT rma FROM piece WHERE rma > ? ORDER BY rma LIMIT 1",
    [STATEMENT_ROWS] = "SELECT line, start, length FROM piece WHERE rma = ? ORDER BY start LIMIT ?",
    [STATEMENT_PROBLEMS] = "SELECT number, line, rma, reason FROM problem WHERE number > ? ORDER BY number LIMIT ?",
};

static const char schema[] = "PRAGMA journal_mode=OFF;"
                             "PRAGMA synchronous=OFF;"
                             "PRAGMA locking_mode=EXCLUSIVE;"
                             "PRAGMA cache_size=-8000;"
                             "CREATE TABLE piece(rma TEXT, start INTEGER, line INTEGER, length INTEGER,"
                             " PRIMARY KEY(rma, start)) WITHOUT ROWID;"
                             "CREATE TABLE problem(number INTEGER PRIMARY KEY, line INTEGER, rma TEXT, reason TEXT);";

struct staging {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

static bool fail(const struct staging *staging, struct error *err)
{
    int code = staging->db != NULL ? sqlite3_errcode(staging->db) : SQLITE_NOMEM;
    return error_set(err, code == SQLITE_FULL ? ERROR_FULL : ERROR_IO, "%s: %s", staging->path,
                     staging->db != NULL ? sqlite3_errmsg(staging->db) : "cannot open");
}

static char *make_path(const char *directory)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/" FILE_NAME, directory);
    return path.data;
}

void staging_clean(const char *directory)
{
    CLEANUP(memory_free_at) char *path = make_path(directory);
    unlink(path);
}

static bool open_database(struct staging *staging, struct error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(staging->path, &staging->db, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(staging->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return fail(staging, err);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(staging->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &staging->statements[i], NULL) !=
            SQLITE_OK)
            return fail(staging, err);
    return true;
}

struct staging *staging_open(const char *directory, struct error *err)
{
    staging_clean(directory);
    struct staging *staging = memory_new(1, sizeof *staging);
    staging->path = make_path(directory);
    return open_database(staging, err) ? staging : staging_close(staging);
}

struct staging *staging_close(struct staging *staging)
{
    if (staging == NULL)
        return NULL;
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(staging->statements[i]);
    sqlite3_close(staging->db);
    unlink(staging->path);
    free(staging->path);
    free(staging);
    return NULL;
}

/* Runs a statement without rows, and leaves it ready for the next use. */
static bool run(struct staging *staging, enum statement which, struct error *err)
{
    sqlite3_stmt *statement = staging->statements[which];
    bool ok = sqlite3_step(statement) == SQLITE_DONE || fail(staging, err);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return ok;
}

/* The last step of a query: gave no row, or failed. */
static bool end_query(struct staging *staging, sqlite3_stmt *statement, int result, struct error *err)
{
    bool ok = result == SQLITE_DONE || result == SQLITE_ROW || fail(staging, err);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return ok;
}

bool staging_begin(struct staging *staging, struct error *err)
{
    return run(staging, STATEMENT_BEGIN, err);
}

bool staging_end(struct staging *staging, struct error *err)
{
    return run(staging, STATEMENT_END, err);
}

bool staging_add_row(struct staging *staging, const char *rma, const struct staging_row *row, struct error *err)
{
    sqlite3_stmt *statement = staging->statements[STATEMENT_ADD_ROW];
    sqlite3_bind_text(statement, 1, rma, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, row->line);
    sqlite3_bind_int64(statement, 3, row->offset);
    sqlite3_bind_int64(statement, 4, row->length);
    return run(staging, STATEMENT_ADD_ROW, err);
}

bool staging_add_problem(struct staging *staging, const struct import_problem *problem, struct error *err)
{
    sqlite3_stmt *statement = staging->statements[STATEMENT_ADD_PROBLEM];
    sqlite3_bind_int64(statement, 1, problem->number);
    sqlite3_bind_int64(statement, 2, problem->line);
    sqlite3_bind_text(statement, 3, problem->rma, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, problem->reason, -1, SQLITE_STATIC);
    return run(staging, STATEMENT_ADD_PROBLEM, err);
}

bool staging_next_rma(struct staging *staging, const char *after, char *ret_rma, bool *ret_found, struct error *err)
{
    sqlite3_stmt *statement = staging->statements[STATEMENT_NEXT];
    sqlite3_bind_text(statement, 1, after, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        text_copy(ret_rma, KEY_SIZE, (const char *)sqlite3_column_text(statement, 0));
    *ret_found = result == SQLITE_ROW;
    return end_query(staging, statement, result, err);
}

bool staging_rows(struct staging *staging, const char *rma, struct staging_row *ret_rows, size_t max,
                  size_t *ret_count, struct error *err)
{
    sqlite3_stmt *statement = staging->statements[STATEMENT_ROWS];
    sqlite3_bind_text(statement, 1, rma, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (int64_t)max);
    size_t count = 0;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW && count < max)
        ret_rows[count++] = (struct staging_row){
            .line = sqlite3_column_int64(statement, 0),
            .offset = sqlite3_column_int64(statement, 1),
            .length = sqlite3_column_int64(statement, 2),
        };
    *ret_count = count;
    return end_query(staging, statement, result, err);
}

bool staging_problems(struct staging *staging, int64_t after, struct import_problem *ret_problems, size_t max,
                      size_t *ret_count, struct error *err)
{
    sqlite3_stmt *statement = staging->statements[STATEMENT_PROBLEMS];
    sqlite3_bind_int64(statement, 1, after);
    sqlite3_bind_int64(statement, 2, (int64_t)max);
    size_t count = 0;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW && count < max) {
        struct import_problem *problem = &ret_problems[count++];
        problem->number = sqlite3_column_int64(statement, 0);
        problem->line = sqlite3_column_int64(statement, 1);
        TEXT_COPY(problem->rma, (const char *)sqlite3_column_text(statement, 2));
        TEXT_COPY(problem->reason, (const char *)sqlite3_column_text(statement, 3));
    }
    *ret_count = count;
    return end_query(staging, statement, result, err);
}
