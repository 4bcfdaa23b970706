/* SPDX-License-Identifier: Apache-2.0 */
/* Statements, binding and rows. No SQL text is ever built from values, only from the column tables. */
#include "daemon/store/sql.h"

#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static enum error_code code_of(int result)
{
    switch (result & 0xFF) {
    case SQLITE_FULL:
        return ERROR_FULL;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return ERROR_IO;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERROR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERROR_CORRUPT;
    case SQLITE_CONSTRAINT:
        return ERROR_CONFLICT;
    default:
        return ERROR_SYSTEM;
    }
}

bool sql_fail(struct store *store, struct error *err, const char *context)
{
    int result = sqlite3_extended_errcode(store->db);
    return error_set(err, code_of(result), "%s: %s", context, sqlite3_errmsg(store->db));
}

static sqlite3_stmt *prepared(struct store *store, const char *sql, struct error *err)
{
    for (size_t i = 0; i < store->statement_count; i++)
        if (store->statements[i].sql == sql)
            return store->statements[i].statement;
    assert(store->statement_count < STATEMENTS_MAX);
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        sql_fail(store, err, sql);
        return NULL;
    }
    store->statements[store->statement_count].sql = sql;
    store->statements[store->statement_count++].statement = statement;
    return statement;
}

static void bind(sqlite3_stmt *statement, const char *types, va_list args)
{
    for (int i = 1; *types != '\0'; types++, i++) {
        if (*types == 'i') {
            sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
        } else if (*types == 't') {
            sqlite3_bind_text(statement, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        } else {
            const void *bytes = va_arg(args, const void *);
            size_t length = va_arg(args, size_t);
            sqlite3_bind_blob64(statement, i, bytes != NULL ? bytes : "", length, SQLITE_TRANSIENT);
        }
    }
}

static sqlite3_stmt *bound(struct store *store, struct error *err, const char *sql, const char *types, va_list args)
{
    sqlite3_stmt *statement = prepared(store, sql, err);
    if (statement != NULL)
        bind(statement, types, args);
    return statement;
}

sqlite3_stmt *sql_query(struct store *store, struct error *err, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = bound(store, err, sql, types, args);
    va_end(args);
    return statement;
}

void sql_done(sqlite3_stmt **statement)
{
    if (*statement != NULL)
        sqlite3_reset(*statement);
}

bool sql_step(struct store *store, sqlite3_stmt *statement, bool *ret_row, struct error *err)
{
    int result = sqlite3_step(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return sql_fail(store, err, "database");
    *ret_row = result == SQLITE_ROW;
    return true;
}

bool sql_run(struct store *store, struct error *err, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    CLEANUP(sql_done) sqlite3_stmt *statement = bound(store, err, sql, types, args);
    va_end(args);
    bool row;
    return statement != NULL && sql_step(store, statement, &row, err);
}

bool sql_int64(struct store *store, struct error *err, int64_t missing, int64_t *ret_value, const char *sql,
               const char *types, ...)
{
    va_list args;
    va_start(args, types);
    CLEANUP(sql_done) sqlite3_stmt *statement = bound(store, err, sql, types, args);
    va_end(args);
    bool row = false;
    if (statement == NULL || !sql_step(store, statement, &row, err))
        return false;
    *ret_value = row && sqlite3_column_type(statement, 0) != SQLITE_NULL ? sqlite3_column_int64(statement, 0) : missing;
    return true;
}

bool sql_script(struct store *store, const char *script, struct error *err)
{
    return sqlite3_exec(store->db, script, NULL, NULL, NULL) == SQLITE_OK || sql_fail(store, err, "database");
}

const char *sql_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text != NULL ? (const char *)text : "";
}

/* ---- structs as rows ---- */

#define GENERATED_MAX 16
static struct {
    const struct table *table;
    char *columns, *put, *keep;
} generated[GENERATED_MAX];

static size_t generate(const struct table *table)
{
    size_t i = 0;
    while (i < GENERATED_MAX && generated[i].table != NULL && generated[i].table != table)
        i++;
    assert(i < GENERATED_MAX);
    if (generated[i].table == table)
        return i;
    struct buffer columns = BUFFER_EMPTY, put = BUFFER_EMPTY, keep = BUFFER_EMPTY;
    for (int k = 0; k < table->count; k++)
        buffer_append_format(&columns, "%s%s", k > 0 ? ", " : "", table->columns[k].name);
    const char *owner = table->owner != NULL ? table->owner : "", *comma = table->owner != NULL ? ", " : "";
    buffer_append_format(&put, "INSERT INTO %s(%s%s%s) VALUES(?", table->name, owner, comma, columns.data);
    for (int k = table->owner != NULL ? 0 : 1; k < table->count; k++)
        buffer_append_text(&put, ",?");
    buffer_append_format(&put, ") ON CONFLICT(%s%s%s) DO UPDATE SET ", owner, comma, table->columns[0].name);
    for (int k = 1; k < table->count; k++)
        buffer_append_format(&put, "%s%s = excluded.%s", k > 1 ? ", " : "", table->columns[k].name,
                             table->columns[k].name);
    buffer_append_format(&keep, "INSERT INTO %s_before(journal, %s) SELECT ?, %s FROM %s WHERE %s = ?", table->name,
                         columns.data, columns.data, table->name, table->columns[0].name);
    generated[i].columns = columns.data;
    generated[i].put = put.data;
    generated[i].keep = keep.data;
    generated[i].table = table;
    return i;
}

const char *table_columns(const struct table *table)
{
    return generated[generate(table)].columns;
}

static void bind_column(sqlite3_stmt *statement, int index, const struct column *column, const void *row)
{
    const char *field = (const char *)row + column->offset;
    int number = 0;
    int64_t wide = 0;
    switch (column->kind) {
    case COLUMN_TEXT:
        sqlite3_bind_text(statement, index, field, -1, SQLITE_TRANSIENT);
        return;
    case COLUMN_OWNED: {
        const char *text;
        memcpy(&text, field, sizeof text);
        sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT); /* NULL binds NULL */
        return;
    }
    case COLUMN_WORD:
        memcpy(&number, field, sizeof number);
        sqlite3_bind_text(statement, index, name_of(column->names, number), -1, SQLITE_STATIC);
        return;
    case COLUMN_BOOL:
        sqlite3_bind_int(statement, index, *(const bool *)field);
        return;
    case COLUMN_INT:
        memcpy(&number, field, sizeof number);
        sqlite3_bind_int(statement, index, number);
        return;
    case COLUMN_DATE:
        memcpy(&number, field, sizeof number);
        number == DATE_NONE ? sqlite3_bind_null(statement, index) : sqlite3_bind_int(statement, index, number);
        return;
    case COLUMN_INSTANT:
    case COLUMN_INT64:
    default:
        memcpy(&wide, field, sizeof wide);
        column->kind == COLUMN_INSTANT && wide == INSTANT_NONE ? sqlite3_bind_null(statement, index)
                                                               : sqlite3_bind_int64(statement, index, wide);
    }
}

bool table_put(struct store *store, const struct table *table, const char *owner, const void *row, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *statement = prepared(store, generated[generate(table)].put, err);
    if (statement == NULL)
        return false;
    int first = 1;
    if (table->owner != NULL)
        sqlite3_bind_text(statement, first++, owner, -1, SQLITE_TRANSIENT);
    for (int i = 0; i < table->count; i++)
        bind_column(statement, first + i, &table->columns[i], row);
    bool ignored;
    return sql_step(store, statement, &ignored, err);
}

bool table_keep(struct store *store, const struct table *table, int64_t journal, int64_t key, struct error *err)
{
    return sql_run(store, err, generated[generate(table)].keep, "ii", journal, key);
}

static bool read_column(const struct column *column, sqlite3_stmt *statement, int index, void *row)
{
    char *field = (char *)row + column->offset;
    bool null = sqlite3_column_type(statement, index) == SQLITE_NULL;
    int64_t wide = sqlite3_column_int64(statement, index);
    int number = (int)wide;
    switch (column->kind) {
    case COLUMN_TEXT:
        return text_copy(field, column->size, sql_text(statement, index));
    case COLUMN_OWNED: {
        char *text = null ? NULL : memory_text(sql_text(statement, index));
        memcpy(field, &text, sizeof text);
        return true;
    }
    case COLUMN_WORD:
        if (!name_find(column->names, sql_text(statement, index), &number))
            return false;
        memcpy(field, &number, sizeof number);
        return true;
    case COLUMN_BOOL:
        *(bool *)field = wide != 0;
        return true;
    case COLUMN_DATE:
        number = null ? DATE_NONE : number;
        memcpy(field, &number, sizeof number);
        return true;
    case COLUMN_INT:
        memcpy(field, &number, sizeof number);
        return true;
    case COLUMN_INSTANT:
    case COLUMN_INT64:
    default:
        wide = column->kind == COLUMN_INSTANT && null ? INSTANT_NONE : wide;
        memcpy(field, &wide, sizeof wide);
        return true;
    }
}

bool table_read(const struct table *table, sqlite3_stmt *statement, int first, void *ret_row, struct error *err)
{
    for (int i = 0; i < table->count; i++)
        if (!read_column(&table->columns[i], statement, first + i, ret_row))
            return error_set(err, ERROR_CORRUPT, "%s.%s holds '%s'", table->name, table->columns[i].name,
                             sql_text(statement, first + i));
    return true;
}

void code_key(char target[VALUE_SIZE], const char *code)
{
    size_t used = 0;
    bool digits = true;
    for (; *code != '\0' && used < VALUE_SIZE - 1; code++) {
        if (*code == ' ')
            continue;
        digits = digits && isdigit((unsigned char)*code);
        target[used++] = (char)toupper((unsigned char)*code);
    }
    target[used] = '\0';
    if (digits && (used == 8 || used == 12 || used == 13)) {
        memmove(target + 14 - used, target, used + 1);
        memset(target, '0', 14 - used);
    }
}
