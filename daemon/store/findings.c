/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a unit beside its row: answers, open exceptions; and what LIKE and windows need. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

static bool read_answers(struct store *store, int64_t unit_id, struct inspection *inspection, struct error *err)
{
    static char sql[200];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM inspection WHERE unit_id = ?", table_columns(&inspection_table));
    bool row;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "i", unit_id);
    return q != NULL && sql_step(store, q, &row, err) &&
           (!row || table_read(&inspection_table, q, 0, inspection, err));
}

bool records_findings(struct store *store, int64_t unit_id, struct unit_facts *ret_unit, struct error *err)
{
    int64_t open;
    if (!read_answers(store, unit_id, &ret_unit->inspection, err) ||
        !sql_int64(store, err, 0, &open,
                   "SELECT 1 FROM exception WHERE unit_id = ? AND unit_id > 0 AND resolved_at IS NULL LIMIT 1", "i",
                   unit_id))
        return false;
    ret_unit->open_exception = open != 0;
    return true;
}

/* The unit that LIKE repeats is read where this scan may repeat it. */
static bool find_like(struct store *store, struct facts *facts, struct error *err)
{
    const struct scanned *scanned = &facts->scanned;
    bool card = scanned->count > 0 && scanned->candidates[0].verb == VERB_LIKE;
    return (!card && !facts->session.same_again) ||
           records_unit(store, facts->session.graded_unit_id, &facts->like_unit, err);
}

bool records_inspection(struct store *store, struct facts *facts, struct error *err)
{
    int64_t at;
    return find_like(store, facts, err) && records_time(store, facts->when.now, &at, &facts->clock_unsure, err);
}

bool records_next_decided(struct store *store, int64_t since, int64_t after_id, int64_t *ret_unit_id, struct error *err)
{
    return sql_int64(store, err, 0, ret_unit_id,
                     "SELECT unit_id FROM unit WHERE unit_id > ? AND graded_at >= ? AND verdict <> 'none'"
                     " AND state <> 'void' ORDER BY unit_id LIMIT 1",
                     "ii", after_id, since);
}
