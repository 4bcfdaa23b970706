/* SPDX-License-Identifier: Apache-2.0 */
/* Loads: what the ERP announced, and how many parcels came with one. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

static bool count_arrived(struct store *store, struct load *load, struct error *err)
{
    return sql_int64(store, err, 0, &load->arrived,
                     "SELECT count(*) FROM parcel WHERE load_id = ? AND load_id > 0", "i",
                     load->load_id);
}

bool records_load(struct store *store, int64_t id, const char *code, struct load *ret_load, struct error *err)
{
    static char sql[400];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM load WHERE load_id = ?1 OR (code = ?2 COLLATE NOCASE AND ?2 <> '') OR"
                         " (sscc = ?2 AND sscc <> '') ORDER BY state = 'closed', load_id DESC LIMIT 1",
                    table_columns(&load_table));
    if (id == 0 && code[0] == '\0')
        return true;
    bool found;
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "it", id, code);
        if (!table_read_one(store, q, &load_table, ret_load, &found, err))
            return false;
    }
    return !found || count_arrived(store, ret_load, err);
}

/* An SSCC as the scanner's reading of one: 18 digits, without the identifier in front. */
static const char *plain_sscc(const char *sscc)
{
    return strlen(sscc) == 20 && strncmp(sscc, "00", 2) == 0 ? sscc + 2 : sscc;
}

bool records_announce_load(struct store *store, const struct load *announced, struct error *err)
{
    static const char update[] = "UPDATE load SET announced = 1, sscc = ?2, carrier = ?3, expected = ?4"
                                 " WHERE code = ?1 COLLATE NOCASE";
    /* It came before it was announced: the dock opened it by its SSCC, and that stays its code here. */
    static const char adopt[] = "UPDATE load SET announced = 1, carrier = ?2, expected = ?3"
                                " WHERE code = ?1 AND sscc = ?1 AND ?1 <> '' AND state <> 'closed'";
    static const char insert[] =
        "INSERT INTO load(code, sscc, carrier, state, announced, expected, opened_at, closed_at)"
        " VALUES(?, ?, ?, 'expected', 1, ?, 0, 0)";
    const char *sscc = plain_sscc(announced->sscc);
    return sql_run(store, err, update, "ttti", announced->code, sscc, announced->carrier, announced->expected) &&
           (sqlite3_changes(store->db) > 0 ||
            (sql_run(store, err, adopt, "tti", sscc, announced->carrier, announced->expected) &&
             (sqlite3_changes(store->db) > 0 ||
              sql_run(store, err, insert, "ttti", announced->code, sscc, announced->carrier, announced->expected))));
}
