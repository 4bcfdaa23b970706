/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox read by cursor, the consumers' cursors, and the print jobs. No statement stays open between calls. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <stdlib.h>
#include <string.h>

static bool wanted(const char *const *prefixes, const char *type)
{
    if (prefixes == NULL || prefixes[0] == NULL)
        return true;
    for (; *prefixes != NULL; prefixes++)
        if (strncmp(type, *prefixes, strlen(*prefixes)) == 0)
            return true;
    return false;
}

void outbox_drop(struct event_row *rows, size_t count)
{
    while (count > 0)
        free(rows[--count].body);
}

bool outbox_take(struct store *store, sqlite3_stmt *q, int64_t after, const char *const *type_prefixes,
                 struct event_row *ret_rows, size_t max, size_t *ret_count, int64_t *ret_upto, struct error *err)
{
    size_t count = 0;
    int64_t upto = after;
    bool row = q != NULL;
    while (row && count < max) {
        if (!sql_step(store, q, &row, err)) {
            outbox_drop(ret_rows, count);
            return false;
        }
        if (!row)
            break;
        upto = sqlite3_column_int64(q, 0);
        char type[80];
        TEXT_FORMAT(type, "io.returnsd.%s.v1", sql_text(q, 1));
        if (!wanted(type_prefixes, type))
            continue;
        ret_rows[count].sequence = upto;
        TEXT_COPY(ret_rows[count].type, type);
        ret_rows[count++].body = memory_text(sql_text(q, 2));
    }
    *ret_count = count;
    *ret_upto = upto;
    return q != NULL;
}

bool outbox_read(struct store *store, int64_t after, const char *const *type_prefixes, struct event_row *ret_rows,
                 size_t max, size_t *ret_count, int64_t *ret_upto, struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        sql_query(store, err, "SELECT sequence, type, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT 1024",
                  "i", after);
    return outbox_take(store, q, after, type_prefixes, ret_rows, max, ret_count, ret_upto, err);
}

bool outbox_range(struct store *store, int64_t *ret_first, int64_t *ret_last, struct error *err)
{
    return sql_int64(store, err, 1, ret_first, "SELECT min(sequence) FROM event", "") &&
           sql_int64(store, err, 0, ret_last, "SELECT max(sequence) FROM event", "");
}

bool outbox_cursor(struct store *store, const char *consumer, int64_t *ret_cursor, struct error *err)
{
    return sql_int64(store, err, 0, ret_cursor, "SELECT cursor FROM consumer WHERE name = ?", "t", consumer);
}

bool outbox_set_cursor(struct store *store, const char *consumer, int64_t cursor, int64_t now, struct error *err)
{
    return sql_run(store, err,
                   "INSERT INTO consumer(name, cursor, seen_at) VALUES(?1, ?2, ?3)"
                   " ON CONFLICT(name) DO UPDATE SET cursor = ?2, seen_at = ?3",
                   "tii", consumer, cursor, now);
}

bool outbox_consumers(struct store *store, struct consumer_row *ret_rows, size_t max, size_t *ret_count,
                      struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT name, cursor, seen_at FROM consumer ORDER BY name LIMIT ?", "i", (int64_t)max);
    bool row = q != NULL;
    *ret_count = 0;
    while (row) {
        if (!sql_step(store, q, &row, err))
            return false;
        if (!row)
            break;
        struct consumer_row *consumer = &ret_rows[(*ret_count)++];
        TEXT_COPY(consumer->name, sql_text(q, 0));
        consumer->cursor = sqlite3_column_int64(q, 1);
        consumer->seen_at = sqlite3_column_int64(q, 2);
    }
    return q != NULL;
}

bool outbox_set_required(struct store *store, const char *required, struct error *err)
{
    return sql_run(store, err,
                   "INSERT INTO meta(name, value) VALUES('required', ?1) ON CONFLICT(name) DO UPDATE SET value = ?1"
                   " WHERE value <> ?1",
                   "t", required);
}

bool outbox_prune(struct store *store, int64_t floor, int64_t before, int64_t max, int64_t *ret_pruned,
                  struct error *err)
{
    int64_t upto;
    if (!sql_int64(store, err, 0, &upto,
                   "SELECT max(sequence) FROM (SELECT sequence FROM event LEFT JOIN journal USING(journal)"
                   " WHERE sequence <= ?1 AND sequence < (SELECT max(sequence) FROM event) AND coalesce(at, 0) < ?2"
                   " ORDER BY sequence LIMIT ?3)",
                   "iii", floor, before, max) ||
        !sql_run(store, err, "DELETE FROM event WHERE sequence <= ?", "i", upto))
        return false;
    *ret_pruned = sqlite3_changes(store->db);
    return true;
}

bool records_next_sequence(struct store *store, int64_t *ret_sequence, struct error *err)
{
    int64_t last;
    if (!sql_int64(store, err, 0, &last, "SELECT max(sequence) FROM event", ""))
        return false;
    *ret_sequence = last + 1;
    return true;
}
