/* SPDX-License-Identifier: Apache-2.0 */
/* Labels that the ERP sent for goods that leave: kept by the unit's LPN, whether the unit is here yet or not. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <sodium.h>
#include <string.h>

/* A label that came for the LPN that the unit had first counts for it still. */
#define OF_UNIT " FROM carrier_label WHERE lpn IN (?1, ?2) ORDER BY lpn = ?1 DESC LIMIT 1"

bool carriers_put(struct store *store, const char *lpn, const char *zpl, int64_t dpi, struct error *err)
{
    unsigned char hash[32];
    char hex[65];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)zpl, strlen(zpl), NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return sql_run(store, err, "INSERT OR REPLACE INTO carrier_label(lpn, zpl, dpi, hash) VALUES(?,?,?,?)", "ttit", lpn,
                   zpl, dpi, hex);
}

bool carriers_find(struct store *store, const struct unit *unit, struct carrier_label *ret_carrier, struct error *err)
{
    struct job_row newest;
    if (unit->generations == 0) /* no label of its own yet, so none that is printed after it */
        return true;
    {
        CLEANUP(sql_done)
        sqlite3_stmt *q = sql_query(store, err, "SELECT hash, dpi" OF_UNIT, "tt", unit->lpn, unit->key_lpn);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        TEXT_COPY(ret_carrier->hash, row ? sql_text(q, 0) : "");
        ret_carrier->dpi = row ? sqlite3_column_int(q, 1) : 0;
    }
    if (!jobs_newest_carrier(store, unit->unit_id, &newest, err))
        return false;
    ret_carrier->job = newest.job;
    TEXT_COPY(ret_carrier->printed, newest.template_hash);
    return true;
}

#define GONE                                                                                                           \
    " u.state IN ('released','destroyed','void') AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.unit_id = u.unit_id"   \
    " AND j.unit_id > 0 AND j.at >= ?1)"

bool carriers_prune(struct store *store, int64_t since, int64_t max, int64_t *ret_pruned, struct error *err)
{
    static const char labels[] =
        "DELETE FROM carrier_label WHERE lpn IN (SELECT c.lpn FROM carrier_label c JOIN unit u ON u.lpn = c.lpn WHERE" GONE
        " UNION SELECT c.lpn FROM carrier_label c JOIN unit u ON u.key_lpn = c.lpn AND u.key_lpn <> u.lpn WHERE" GONE
        " LIMIT ?2)";
    static const char jobs[] =
        "UPDATE print_job SET zpl = x'' WHERE job_id IN (SELECT p.job_id FROM print_job p JOIN unit u USING (unit_id)"
        " WHERE p.kind = 'carrier' AND length(p.zpl) > 0 AND p.state NOT IN ('queued','sending') AND" GONE " LIMIT ?2)";
    *ret_pruned = 0;
    if (!sql_run(store, err, labels, "ii", since, max))
        return false;
    *ret_pruned += sqlite3_changes(store->db);
    if (!sql_run(store, err, jobs, "ii", since, max))
        return false;
    *ret_pruned += sqlite3_changes(store->db);
    return true;
}

bool carriers_bytes(struct store *store, const struct unit *unit, bool again, struct buffer *ret_zpl, char ret_hash[65],
                    struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q = again ? sql_query(store, err,
                                        "SELECT zpl, template_hash FROM print_job WHERE unit_id = ? AND kind ="
                                        " 'carrier' ORDER BY job_id DESC LIMIT 1",
                                        "i", unit->unit_id)
                            : sql_query(store, err, "SELECT zpl, hash" OF_UNIT, "tt", unit->lpn, unit->key_lpn);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    if (!row || sqlite3_column_bytes(q, 0) == 0)
        return error_set(err, ERROR_NOT_FOUND, "no carrier's label of unit %s", unit->lpn);
    buffer_append(ret_zpl, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
    text_copy(ret_hash, 65, sql_text(q, 1));
    return true;
}
