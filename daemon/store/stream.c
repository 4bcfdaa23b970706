/* SPDX-License-Identifier: Apache-2.0 */
/* Old streams keep their numbers in tables of their own, so that the current one stays a plain sequence. */
#include "daemon/store/stream.h"

#include "base/text.h"
#include "daemon/store/sql.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- a new stream ---- */

static bool keep_old_stream(struct store *store, struct error *err)
{
    return sql_run(
               store, err,
               "INSERT INTO old_stream(ordinal, stream, last) SELECT coalesce((SELECT max(ordinal) FROM old_stream),"
               " 0) + 1, ?, coalesce((SELECT max(sequence) FROM event), 0)",
               "t", store->stream) &&
           sql_script(store,
                      "INSERT INTO old_cursor(ordinal, name, cursor)"
                      " SELECT (SELECT max(ordinal) FROM old_stream), name, cursor FROM consumer;"
                      "INSERT INTO old_event(ordinal, sequence, type, body)"
                      " SELECT (SELECT max(ordinal) FROM old_stream), sequence, type, body FROM event"
                      " WHERE sequence > (SELECT min(cursor) FROM consumer);"
                      "DELETE FROM event;"
                      "UPDATE consumer SET cursor = 0;",
                      err);
}

static bool move_counter(struct store *store, const char *name, struct error *err)
{
    return sql_run(store, err,
                   "INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = value + ?2",
                   "ti", name, (int64_t)STREAM_GAP);
}

static bool renew(struct store *store, const char *stream, struct error *err)
{
    return keep_old_stream(store, err) && move_counter(store, "lpn", err) && move_counter(store, "parcel_code", err) &&
           sql_run(store, err, "UPDATE meta SET value = ? WHERE name = 'stream'", "t", stream) &&
           sql_run(store, err, "INSERT OR REPLACE INTO meta(name, value) VALUES('restored', 1)", "");
}

bool stream_renew(struct store *store, struct error *err)
{
    unsigned char random[16];
    char stream[sizeof store->stream];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(stream, sizeof stream, random, sizeof random);
    if (!store_begin(store, err))
        return false;
    if (!renew(store, stream, err) || !store_commit(store, err)) {
        store_rollback(store);
        return error_prefix(err, "new stream");
    }
    TEXT_COPY(store->stream, stream);
    return true;
}

bool stream_restored(struct store *store, struct stream_renewal *ret_renewal, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT stream, last FROM old_stream WHERE EXISTS (SELECT 1 FROM meta WHERE name = 'restored')"
        " ORDER BY ordinal DESC LIMIT 1",
        "");
    *ret_renewal = (struct stream_renewal){0};
    if (q == NULL || !sql_step(store, q, &ret_renewal->pending, err))
        return false;
    if (ret_renewal->pending) {
        TEXT_COPY(ret_renewal->previous, sql_text(q, 0));
        ret_renewal->last = sqlite3_column_int64(q, 1);
    }
    return true;
}

bool stream_told(struct store *store, struct error *err)
{
    return sql_run(store, err, "DELETE FROM meta WHERE name = 'restored'", "");
}

/* ---- what is left of old streams ---- */

bool stream_rest(struct store *store, const char *consumer, struct stream_rest *ret_rest, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT ordinal, stream, last, cursor, (SELECT coalesce(min(sequence), last + 1) FROM old_event"
        " WHERE old_event.ordinal = old_stream.ordinal) FROM old_stream JOIN old_cursor USING(ordinal)"
        " WHERE name = ? AND cursor < last ORDER BY ordinal LIMIT 1",
        "t", consumer);
    bool found;
    *ret_rest = (struct stream_rest){0};
    if (q == NULL || !sql_step(store, q, &found, err))
        return false;
    if (found) {
        ret_rest->ordinal = sqlite3_column_int64(q, 0);
        TEXT_COPY(ret_rest->stream, sql_text(q, 1));
        ret_rest->last = sqlite3_column_int64(q, 2);
        ret_rest->cursor = sqlite3_column_int64(q, 3);
        ret_rest->first = sqlite3_column_int64(q, 4);
    }
    return true;
}

bool stream_read(struct store *store, int64_t ordinal, int64_t after, const char *const *type_prefixes,
                 struct event_row *ret_rows, size_t max, size_t *ret_count, int64_t *ret_upto, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err,
                                                  "SELECT sequence, type, body FROM old_event WHERE ordinal = ?"
                                                  " AND sequence > ? ORDER BY sequence LIMIT 1024",
                                                  "ii", ordinal, after);
    return outbox_take(store, q, after, type_prefixes, ret_rows, max, ret_count, ret_upto, err);
}

bool stream_cursor(struct store *store, int64_t ordinal, const char *consumer, int64_t *ret_cursor, struct error *err)
{
    return sql_int64(store, err, 0, ret_cursor, "SELECT cursor FROM old_cursor WHERE ordinal = ? AND name = ?", "it",
                     ordinal, consumer);
}

bool stream_set_cursor(struct store *store, int64_t ordinal, const char *consumer, int64_t cursor, struct error *err)
{
    return sql_run(store, err, "UPDATE old_cursor SET cursor = ? WHERE ordinal = ? AND name = ?", "iit", cursor,
                   ordinal, consumer);
}

bool stream_prune(struct store *store, const char *required, int64_t max, int64_t *ret_pruned, struct error *err)
{
    if (!sql_run(store, err,
                 "DELETE FROM old_event WHERE (ordinal, sequence) IN (SELECT rest.ordinal, sequence FROM"
                 " (SELECT ordinal, coalesce((SELECT min(cursor) FROM old_cursor WHERE old_cursor.ordinal = "
                 "old_stream.ordinal"
                 " AND (trim(?1) = '' OR instr(' ' || ?1 || ' ', ' ' || name || ' ') > 0)), last) AS floor FROM "
                 "old_stream) rest"
                 " CROSS JOIN old_event ON old_event.ordinal = rest.ordinal AND sequence <= floor LIMIT ?2)",
                 "ti", required, max))
        return false;
    *ret_pruned = sqlite3_changes(store->db);
    return true;
}
