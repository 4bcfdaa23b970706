/* SPDX-License-Identifier: Apache-2.0 */
/* What was done since somebody last looked: counts for shift.report, from the journal and the units as they are now. */
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#define OF_LANE " journal > ?2 AND (lane = ?1 OR ?1 = '')"
#define STANDS " AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.undoes = j.journal AND u.undoes > 0)"
#define LONG_AGO (-DAY_MS)

static bool count_scans(struct store *store, const char *lane, int64_t since, struct shift_counts *counts,
                        struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT min(at), count(*), total(action = 'reject'), total(signal = 'stop'), total(action = 'undo'),"
        " total(action = 'override') FROM journal WHERE lane <> '' AND action NOT IN ('training', 'photo') AND" OF_LANE,
        "ti", lane, since);
    int64_t *const columns[] = {&counts->since, &counts->scans, &counts->refused, &counts->stops, &counts->undone,
                                &counts->overrides};
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    for (int i = 0; i < (int)COUNT_OF(columns); i++)
        *columns[i] = sqlite3_column_int64(q, i);
    return true;
}

static bool add_word(sqlite3_stmt *q, int column, const struct names *names, int64_t *counts, int64_t pieces)
{
    int value;
    if (!name_find(names, sql_text(q, column), &value))
        return false;
    counts[value] += pieces;
    return true;
}

static bool count_units(struct store *store, const char *lane, int64_t since, struct shift_counts *counts,
                        struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT grade, verdict, disposition, total(qty) FROM unit WHERE unit_id IN (SELECT unit_id FROM journal j WHERE"
        " action = 'confirm' AND" OF_LANE STANDS ") GROUP BY 1, 2, 3",
        "ti", lane, since);
    bool row = q != NULL;
    while (row) {
        if (!sql_step(store, q, &row, err))
            return false;
        int64_t pieces = row ? sqlite3_column_int64(q, 3) : 0;
        if (row && !(add_word(q, 0, &grade_names, counts->grades, pieces) &&
                     add_word(q, 1, &verdict_names, counts->verdicts, pieces) &&
                     add_word(q, 2, &disposition_names, counts->dispositions, pieces)))
            return error_set(err, ERROR_CORRUPT, "a unit has an unknown word");
        counts->units += pieces;
    }
    return q != NULL;
}

bool records_shift(struct store *store, const char *lane, struct shift_counts *ret_counts, struct error *err)
{
    int64_t since;
    *ret_counts = (struct shift_counts){0};
    return sql_int64(store, err, 0, &since,
                     "SELECT max(journal) FROM journal WHERE lane = ?1 AND action = iif(?1 = '', 'stop', 'sign_out')",
                     "t", lane) &&
           count_scans(store, lane, since, ret_counts, err) && count_units(store, lane, since, ret_counts, err) &&
           sql_int64(
               store, err, 0, &ret_counts->parcels,
               "SELECT count(*) FROM journal j WHERE action IN ('receive', 'receive_open', 'hold') AND" OF_LANE STANDS,
               "ti", lane, since) &&
           sql_int64(store, err, 0, &ret_counts->exceptions, "SELECT count(*) FROM exception WHERE" OF_LANE, "ti", lane,
                     since) &&
           sql_int64(store, err, 0, &ret_counts->labels, "SELECT count(*) FROM print_job WHERE" OF_LANE, "ti", lane,
                     since) &&
           sql_int64(store, err, 0, &ret_counts->label_failures,
                     "SELECT count(*) FROM print_job WHERE state IN ('needs_attention', 'unknown') AND" OF_LANE, "ti",
                     lane, since);
}

bool records_boot(struct store *store, const char *boot, struct error *err)
{
    int64_t same;
    if (boot[0] == '\0')
        return true;
    return sql_int64(store, err, 0, &same, "SELECT value = ? FROM meta WHERE name = 'boot'", "t", boot) &&
           (same != 0 ||
            (sql_run(store, err, "UPDATE session SET last_tick = ?", "i", (int64_t)LONG_AGO) &&
             sql_run(store, err, "INSERT OR REPLACE INTO meta(name, value) VALUES('boot', ?)", "t", boot)));
}
