/* SPDX-License-Identifier: Apache-2.0 */
/* A register of what came by PUT. Content and cancellation of an RMA are two registers, so that deliveries in any order
   end in the same state. */
#include "daemon/store/inbound.h"

#include "base/text.h"
#include "daemon/store/effects.h"
#include "daemon/store/sql.h"

#include <sodium.h>
#include <string.h>

#define HASH_SIZE 16

static bool read_row(struct store *store, const struct inbound_row *row, const unsigned char hash[HASH_SIZE],
                     int64_t *ret_version, bool *ret_same, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT version, hash = ? FROM inbound WHERE kind = ? AND key = ?", "btt", hash,
                  (size_t)HASH_SIZE, row->kind, row->key);
    bool found;
    if (q == NULL || !sql_step(store, q, &found, err))
        return false;
    *ret_version = found ? sqlite3_column_int64(q, 0) : -1;
    *ret_same = found && sqlite3_column_int(q, 1) != 0;
    return true;
}

bool inbound_put(struct store *store, const struct inbound_row *row, enum put_result *ret_result, struct error *err)
{
    unsigned char hash[HASH_SIZE];
    int64_t stored;
    bool same;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)row->body, strlen(row->body), NULL, 0);
    if (!read_row(store, row, hash, &stored, &same, err))
        return false;
    *ret_result = row->version > stored      ? PUT_STORED
                  : row->version < stored    ? PUT_OLDER
                  : same                     ? PUT_SAME
                  : row->version == 0        ? PUT_STORED /* without versions the last one counts */
                                             : PUT_CONFLICT;
    return *ret_result != PUT_STORED ||
           sql_run(store, err,
                   "INSERT OR REPLACE INTO inbound(kind, key, version, hash, body, consumer, at) VALUES(?,?,?,?,?,?,?)",
                   "ttibtti", row->kind, row->key, row->version, hash, (size_t)HASH_SIZE, row->keep ? row->body : "",
                   row->consumer, row->now);
}

bool inbound_get(struct store *store, const char *kind, const char *key, char **ret_body, int64_t *ret_version,
                 struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err, "SELECT body, version FROM inbound WHERE kind = ? AND key = ? AND body <> ''", "tt", kind, key);
    bool found;
    if (q == NULL || !sql_step(store, q, &found, err))
        return false;
    *ret_body = found ? memory_text(sql_text(q, 0)) : NULL;
    *ret_version = found ? sqlite3_column_int64(q, 1) : 0;
    return true;
}

bool inbound_cancel_rma(struct store *store, const char *rma, struct error *err)
{
    return sql_run(store, err,
                   "UPDATE rma SET state = 'cancelled' WHERE rma = ?1 AND version <"
                   " (SELECT version FROM inbound WHERE kind = 'rma.cancel' AND key = ?1)",
                   "t", rma) &&
           (sqlite3_changes(store->db) == 0 || effects_of_rma(store, rma, true, err));
}

bool inbound_raise_lpn(struct store *store, int64_t number, struct error *err)
{
    return sql_run(store, err,
                   "INSERT INTO meta(name, value) VALUES('lpn', ?1)"
                   " ON CONFLICT(name) DO UPDATE SET value = max(value, ?1)",
                   "i", number);
}

bool inbound_note_told(struct store *store, struct error *err)
{
    return sql_run(store, err, "INSERT OR IGNORE INTO meta(name, value) VALUES('told', 1)", "");
}

bool inbound_was_told(struct store *store, bool *ret_told, struct error *err)
{
    int64_t told;
    if (!sql_int64(store, err, 0, &told, "SELECT value FROM meta WHERE name = 'told'", ""))
        return false;
    *ret_told = told != 0;
    return true;
}

bool inbound_owner(struct store *store, const char *rma, const char *unit, const char *parcel,
                   char ret_owner[KEY_SIZE], struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT owner FROM rma WHERE rma = ? UNION ALL SELECT owner FROM unit WHERE lpn = ? UNION ALL"
        " SELECT rma.owner FROM parcel JOIN rma ON rma.rma = parcel.rma WHERE parcel.code = ?",
        "ttt", rma, unit, parcel);
    bool found;
    if (q == NULL || !sql_step(store, q, &found, err))
        return false;
    text_copy(ret_owner, KEY_SIZE, found ? sql_text(q, 0) : "");
    return true;
}
