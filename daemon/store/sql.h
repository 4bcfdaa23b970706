/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the store: prepared statements kept by their text, typed binding, and tables that map structs to columns. */
#ifndef DAEMON_STORE_SQL_H
#define DAEMON_STORE_SQL_H

#include "base/buffer.h"
#include "base/memory.h"
#include "daemon/core/model.h"
#include "daemon/store/store.h"

#include <sqlite3.h>

#define STATEMENTS_MAX 320

struct store {
    sqlite3 *db;
    char *directory;
    char stream[33];
    int lock_fd;
    int64_t commits;
    struct store_commit_times commit_times;
    struct {
        const char *sql; /* compared by address: every statement is one literal or one generated text */
        sqlite3_stmt *statement;
    } statements[STATEMENTS_MAX];
    size_t statement_count;
};

/* Sets err from the database's last error, with context, and returns false. */
bool sql_fail(struct store *store, struct error *err, const char *context);
/* The kept statement of this text, bound from the arguments; NULL on failure. types: 'i' int64_t, 't' const char *,
   'b' const void * and size_t. Give it back with sql_done (or CLEANUP(sql_done)). */
sqlite3_stmt *sql_query(struct store *store, struct error *err, const char *sql, const char *types, ...);
void sql_done(sqlite3_stmt **statement);
/* One step: *ret_row says whether there is a row. */
bool sql_step(struct store *store, sqlite3_stmt *statement, bool *ret_row, struct error *err) MUST_CHECK;
/* Runs a statement that gives no rows. */
bool sql_run(struct store *store, struct error *err, const char *sql, const char *types, ...) MUST_CHECK;
/* The first column of the first row, or missing if there is none. */
bool sql_int64(struct store *store, struct error *err, int64_t missing, int64_t *ret_value, const char *sql,
               const char *types, ...) MUST_CHECK;
bool sql_script(struct store *store, const char *script, struct error *err) MUST_CHECK;
/* Column as text, "" for NULL. */
const char *sql_text(sqlite3_stmt *statement, int column);

enum column_kind {
    COLUMN_TEXT,    /* char[size] */
    COLUMN_OWNED,   /* char *, NULL = NULL */
    COLUMN_INT64,
    COLUMN_INT,     /* int, or unsigned flags */
    COLUMN_BOOL,
    COLUMN_WORD,    /* an enum, stored as its word */
    COLUMN_DATE,    /* int32_t, DATE_NONE = NULL */
    COLUMN_INSTANT, /* int64_t, INSTANT_NONE = NULL */
};

struct column {
    const char *name;
    enum column_kind kind;
    size_t offset, size;
    const struct names *names;
};

struct table {
    const char *name;
    const struct column *columns;
    int count;
    const char *owner; /* a key column in front that the struct does not hold ("rma" of a line), or NULL */
};

extern const struct table rma_table, line_table, product_table, parcel_table, unit_table, container_table, batch_table,
    session_table, inspection_table, effect_table, load_table, photo_table, place_table;

/* "a, b, c" for SELECT; kept for the life of the program. */
const char *table_columns(const struct table *table);
/* Inserts the row, or updates the one with the same key (owner and first column). owner: value of the table's owner
 * column, else NULL. */
bool table_put(struct store *store, const struct table *table, const char *owner, const void *row, struct error *err)
    MUST_CHECK;
/* Copies the stored row with this key (first column) to <table>_before under a journal row; no row copies nothing. */
bool table_keep(struct store *store, const struct table *table, int64_t journal, int64_t key, struct error *err)
    MUST_CHECK;
/* Reads the columns from `first` on into the struct. A word the program does not know is ERROR_CORRUPT. */
bool table_read(const struct table *table, sqlite3_stmt *statement, int first, void *ret_row, struct error *err)
    MUST_CHECK;

/* Appends a path to a file: URI, with the characters escaped that would end it there. */
void sql_append_path(struct buffer *uri, const char *path);

struct event_row;
/* outbox_read on a statement that gives sequence, type and body of the events after a sequence. */
bool outbox_take(struct store *store, sqlite3_stmt *q, int64_t after, const char *const *type_prefixes,
                 struct event_row *ret_rows, size_t max, size_t *ret_count, int64_t *ret_upto, struct error *err)
    MUST_CHECK;

/* Reads the first row of a query into a struct; *ret_found says whether there was one. False on a NULL query. */
bool table_read_one(struct store *store, sqlite3_stmt *statement, const struct table *table, void *ret_row,
                    bool *ret_found, struct error *err) MUST_CHECK;

/* The form in which codes are compared: upper case, without spaces; a GTIN as 14 digits. */
void code_key(char target[VALUE_SIZE], const char *code);

#endif
