/* SPDX-License-Identifier: Apache-2.0 */
/* The journal: append-only, hash-chained, and what UNDO reads from it. */
#include "daemon/store/journal.h"

#include "base/text.h"
#include "daemon/store/sql.h"

#include <sodium.h>
#include <string.h>

#define HASH_SIZE crypto_hash_sha256_BYTES

/* Every column is hashed with its length in front, so that no two rows can spell the same bytes. */
static void hash_bytes(crypto_hash_sha256_state *state, const void *bytes, size_t length)
{
    unsigned char size[8];
    for (int i = 0; i < 8; i++)
        size[i] = (unsigned char)((uint64_t)length >> (8 * i));
    crypto_hash_sha256_update(state, size, sizeof size);
    crypto_hash_sha256_update(state, bytes, length);
}

/* The columns that are hashed, in this order; previous comes first. */
#define HASHED                                                                                                         \
    "previous, journal, at, clock_unsure, lane, operator_id, device, code, aim, action, signal, message, parcel_id,"   \
    " unit_id, undoable, undoes, lead"
#define HASHED_COUNT 17
#define PARAMETERS "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17"

/* journal_hash(HASHED): of one row as SQLite spells its columns (numbers as text). */
static void hash_row(sqlite3_context *context, int count, sqlite3_value **columns)
{
    unsigned char hash[HASH_SIZE];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (int i = 0; i < count; i++) {
        const void *bytes = sqlite3_value_blob(columns[i]);
        size_t length = (size_t)sqlite3_value_bytes(columns[i]);
        hash_bytes(&state, bytes != NULL ? bytes : "", length);
    }
    crypto_hash_sha256_final(&state, hash);
    sqlite3_result_blob(context, hash, sizeof hash, SQLITE_TRANSIENT);
}

bool journal_register(struct store *store, struct error *err)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    return sqlite3_create_function(store->db, "journal_hash", HASHED_COUNT, flags, NULL, hash_row, NULL, NULL) ==
               SQLITE_OK ||
           sql_fail(store, err, "journal");
}

/* ret_hash, ret_length: none before the first row. */
static bool read_last(struct store *store, int64_t *ret_journal, unsigned char ret_hash[HASH_SIZE], size_t *ret_length,
                      struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q = sql_query(store, err, "SELECT journal, hash FROM journal ORDER BY journal DESC LIMIT 1", "");
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    *ret_journal = row ? sqlite3_column_int64(q, 0) : 0;
    *ret_length = row ? (size_t)sqlite3_column_bytes(q, 1) : 0;
    if (*ret_length > HASH_SIZE)
        return error_set(err, ERROR_CORRUPT, "journal row %lld has no hash", (long long)*ret_journal);
    if (*ret_length > 0)
        memcpy(ret_hash, sqlite3_column_blob(q, 1), *ret_length);
    return true;
}

bool journal_append(struct store *store, const struct outcome *outcome, const struct session *session,
                    const struct encoded *encoded, int64_t *ret_journal, struct error *err)
{
    static const char sql[] =
        "INSERT INTO journal(" HASHED ", hash) VALUES(" PARAMETERS ", journal_hash(" PARAMETERS "))";
    int64_t journal;
    unsigned char previous[HASH_SIZE] = {0};
    size_t length;
    if (!read_last(store, &journal, previous, &length, err))
        return false;
    journal++;
    int64_t parcel = outcome->parcel.parcel_id != 0 ? outcome->parcel.parcel_id
                     : outcome->unit.unit_id != 0   ? outcome->unit.parcel_id
                                                    : session->parcel_id;
    struct buffer message = BUFFER_EMPTY;
    message_encode(&outcome->message, &message);
    bool ok = sql_run(store, err, sql, "biiitttbttttiiiit", previous, length, journal, encoded->at,
                      (int64_t)encoded->clock_unsure, session->lane, session->operator_id, encoded->device,
                      encoded->code, encoded->code_length, encoded->aim,
                      name_of(&action_names, (int)outcome->action), name_of(&signal_names, (int)outcome->signal),
                      buffer_text(&message), parcel, outcome->unit.unit_id,
                      (int64_t)action_undoable(outcome->action), outcome->undoes, outcome->lead);
    buffer_done(&message);
    *ret_journal = journal;
    return ok;
}

bool records_time(struct store *store, int64_t now, int64_t *ret_at, bool *ret_unsure, struct error *err)
{
    int64_t last;
    if (!sql_int64(store, err, 0, &last, "SELECT at FROM journal ORDER BY journal DESC LIMIT 1", ""))
        return false;
    *ret_unsure = now < last;
    *ret_at = now < last ? last + 1 : now;
    return true;
}

bool journal_last_hash(struct store *store, char ret_hash[65], struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT hash FROM journal ORDER BY journal DESC LIMIT 1", "");
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    ret_hash[0] = '\0';
    if (row && sqlite3_column_bytes(q, 0) == (int)HASH_SIZE)
        sodium_bin2hex(ret_hash, 65, sqlite3_column_blob(q, 0), HASH_SIZE);
    return true;
}

static bool is_hash(sqlite3_stmt *row, int column, const void *hash)
{
    return sqlite3_column_bytes(row, column) == (int)HASH_SIZE &&
           memcmp(sqlite3_column_blob(row, column), hash, HASH_SIZE) == 0;
}

/* row: journal, previous, hash, and what the hash must be. */
static bool check_row(sqlite3_stmt *row, unsigned char previous[HASH_SIZE], bool first, struct error *err)
{
    int64_t journal = sqlite3_column_int64(row, 0);
    bool chained = first ? sqlite3_column_bytes(row, 1) == 0 : is_hash(row, 1, previous);
    memcpy(previous, sqlite3_column_blob(row, 3), HASH_SIZE);
    bool whole = is_hash(row, 2, previous);
    if (!whole)
        return error_set(err, ERROR_CORRUPT, "journal row %lld was changed", (long long)journal);
    return chained ||
           error_set(err, ERROR_CORRUPT, "journal row %lld does not follow the row before it", (long long)journal);
}

bool journal_verify(struct store *store, int64_t *ret_rows, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT journal, previous, hash, journal_hash(" HASHED ") FROM journal ORDER BY journal", "");
    unsigned char previous[HASH_SIZE] = {0};
    bool row = q != NULL;
    *ret_rows = 0;
    while (row) {
        if (!sql_step(store, q, &row, err) || (row && !check_row(q, previous, *ret_rows == 0, err)))
            return false;
        *ret_rows += row;
    }
    return q != NULL;
}

static void read_row(sqlite3_stmt *q, struct journal_row *row)
{
    *row = (struct journal_row){
        .journal = sqlite3_column_int64(q, 0),
        .at = sqlite3_column_int64(q, 1),
        .clock_unsure = sqlite3_column_int(q, 2) != 0,
        .parcel_id = sqlite3_column_int64(q, 11),
        .unit_id = sqlite3_column_int64(q, 12),
        .undoes = sqlite3_column_int64(q, 13),
    };
    TEXT_COPY(row->lane, sql_text(q, 3));
    TEXT_COPY(row->operator_id, sql_text(q, 4));
    TEXT_COPY(row->device, sql_text(q, 5));
    const void *code = sqlite3_column_blob(q, 6);
    text_escape(row->code, sizeof row->code, code != NULL ? code : "", (size_t)sqlite3_column_bytes(q, 6));
    TEXT_COPY(row->aim, sql_text(q, 7));
    TEXT_COPY(row->action, sql_text(q, 8));
    TEXT_COPY(row->signal, sql_text(q, 9));
    TEXT_COPY(row->message, sql_text(q, 10));
    TEXT_COPY(row->lead, sql_text(q, 15));
    if (sqlite3_column_bytes(q, 14) == (int)HASH_SIZE)
        sodium_bin2hex(row->hash, sizeof row->hash, sqlite3_column_blob(q, 14), HASH_SIZE);
}

#define ROW_COLUMNS                                                                                                    \
    "journal, at, clock_unsure, lane, operator_id, device, code, aim, action, signal, message, parcel_id, unit_id,"    \
    " undoes, hash, lead"

bool journal_rows(struct store *store, int64_t unit_id, const char *lane, struct journal_row *ret_rows, size_t max,
                  size_t *ret_count, struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        lane != NULL
            ? sql_query(store, err, "SELECT " ROW_COLUMNS " FROM journal WHERE lane = ? ORDER BY journal DESC LIMIT ?",
                        "ti", lane, (int64_t)max)
            : sql_query(store, err,
                        "SELECT " ROW_COLUMNS
                        " FROM journal WHERE unit_id = ? AND unit_id > 0 ORDER BY journal LIMIT ?",
                        "ii", unit_id, (int64_t)max);
    bool row = q != NULL;
    *ret_count = 0;
    while (row) {
        if (!sql_step(store, q, &row, err))
            return false;
        if (row)
            read_row(q, &ret_rows[(*ret_count)++]);
    }
    return q != NULL;
}
