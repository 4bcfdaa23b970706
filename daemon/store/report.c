/* SPDX-License-Identifier: Apache-2.0 */
/* Reports: each is one statement over the journal and the units as they are now. None is by person. */
#include "daemon/store/report.h"

#include "base/text.h"
#include "daemon/store/sql.h"

/* A step that stands, in the time asked for; lessons and what the station does by itself are no work. */
#define STANDS "NOT EXISTS (SELECT 1 FROM journal u WHERE u.undoes = x.journal AND u.undoes > 0)"
#define IN_TIME "x.at >= ?1 AND x.at < ?2 AND x.lane <> '' AND x.action NOT IN ('training', 'photo')"

/* What a row of the journal, x, is counted under. A shift of a lane ends when somebody signs out there. */
#define BY_DAY "strftime('%Y-%m-%d', x.at / 1000, 'unixepoch')"
#define BY_SHIFT                                                                                                       \
    "x.lane || ' ' || coalesce((SELECT strftime('%Y-%m-%dT%H:%MZ', s.at / 1000, 'unixepoch') FROM journal s WHERE"     \
    " s.lane = x.lane AND s.action = 'sign_out' AND s.journal >= x.journal ORDER BY s.journal LIMIT 1), 'open')"
#define BY_OWNER "unit.owner"
#define BY_PRODUCT "unit.sku"

#define NO_KEY "''"

/* A statement in its pieces; KEY stands for what its rows are counted under. */
#define KEY NULL

/* Units whose label was scanned back: once each, when that was last. took: from receipt to its final place. */
#define UNITS_DONE                                                                                                     \
    "WITH confirmed AS (SELECT unit_id, max(journal) AS journal, at, lane FROM journal x WHERE action = 'confirm'"     \
    " AND " IN_TIME " AND " STANDS " GROUP BY unit_id), done AS (SELECT ",                                             \
        KEY,                                                                                                           \
        " AS key, x.at - parcel.received_at AS took, unit.*, unit.qty * product.weight_g / 1000.0 AS kg,"              \
        " EXISTS (SELECT 1 FROM journal o WHERE o.unit_id = unit.unit_id AND o.unit_id > 0 AND o.action = 'override'"  \
        " AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.undoes = o.journal AND u.undoes > 0)) AS overridden"         \
        " FROM confirmed x JOIN unit USING (unit_id) LEFT JOIN parcel USING (parcel_id) LEFT JOIN product USING (sku))"

#define OF(column, word) " sum(qty * (" column " = '" word "')) AS " word ","
#define UNITS_COUNTED                                                                                                  \
    ", ranked AS (SELECT *, row_number() OVER (PARTITION BY key ORDER BY took) AS n,"                                  \
    " count(*) OVER (PARTITION BY key) AS c FROM done),"                                                               \
    " units AS (SELECT key, sum(qty) AS units, count(DISTINCT parcel_id) AS of_parcels,"                               \
    " round(max(CASE WHEN n = (c + 1) / 2 THEN took END) / 60000.0, 1) AS median_minutes,"                             \
    " round(max(CASE WHEN n = (c * 9 + 9) / 10 THEN took END) / 60000.0, 1) AS p90_minutes,"                           \
    OF("grade", "A") OF("grade", "B") OF("grade", "C") OF("grade", "D") OF("grade", "E")                               \
    OF("verdict", "accepted") OF("verdict", "rejected") OF("verdict", "manual")                                        \
    OF("disposition", "resell") OF("disposition", "resell_b") OF("disposition", "refurbish")                           \
    OF("disposition", "parts") OF("disposition", "recycle") OF("disposition", "destroy") OF("disposition", "donate")   \
    OF("disposition", "liquidate") OF("disposition", "quarantine") OF("disposition", "return_to_vendor")               \
    OF("disposition", "return_to_customer") OF("disposition", "forward")                                               \
    " sum(overridden) AS overridden, round(total(kg * (state = 'destroyed')), 3) AS destroyed_kg,"                     \
    " round(total(kg * (state = 'released' AND disposition = 'recycle')), 3) AS recycled_kg FROM ranked GROUP BY key)"
#define COLUMNS                                                                                                        \
    "median_minutes, p90_minutes, A, B, C, D, E, accepted, rejected, manual, resell, resell_b, refurbish, parts,"      \
    " recycle, destroy, donate, liquidate, quarantine, return_to_vendor, return_to_customer, forward, overridden,"     \
    " destroyed_kg, recycled_kg"

static const char *const work[] = {
    UNITS_DONE, UNITS_COUNTED,
    ", scans AS (SELECT ", KEY,
    " AS key, count(*) AS scans, max(max(at) - min(at), 1) / 3600000.0 AS hours, sum(action IN ('receive',"
    " 'receive_open', 'hold') AND " STANDS ") AS parcels FROM journal x WHERE " IN_TIME " GROUP BY 1),"
    " trouble AS (SELECT ", KEY,
    " AS key, count(*) AS exceptions FROM exception JOIN journal x USING (journal) WHERE " IN_TIME
    " GROUP BY 1), labels AS (SELECT ", KEY,
    " AS key, count(*) AS failures FROM print_job JOIN journal x USING (journal) WHERE print_job.state IN"
    " ('needs_attention', 'unknown') AND " IN_TIME " GROUP BY 1)"
    " SELECT key, parcels, coalesce(units, 0) AS units, scans, round(units / hours, 1) AS units_per_hour,"
    " round(1.0 * scans / units, 1) AS scans_per_unit, coalesce(exceptions, 0) AS exceptions,"
    " coalesce(failures, 0) AS label_failures, " COLUMNS
    " FROM scans LEFT JOIN units USING (key) LEFT JOIN trouble USING (key) LEFT JOIN labels USING (key)"
    " ORDER BY key", "",
};
static const char *const goods[] = {
    UNITS_DONE, UNITS_COUNTED,
    " SELECT key, of_parcels AS parcels, units, " COLUMNS " FROM units ORDER BY key", "",
};
static const char *const reasons[] = {
    UNITS_DONE,
    " SELECT reason_declared AS declared, reason_found AS found, sum(qty) AS units FROM done GROUP BY 1, 2"
    " ORDER BY 3 DESC, 1, 2", "",
};
static const char *const rejections[] = {
    UNITS_DONE,
    " SELECT reject_code AS rule, policy, sum(qty) AS units FROM done WHERE verdict = 'rejected' GROUP BY 1, 2"
    " ORDER BY 3 DESC, 1, 2", "",
};
/* The weight of a sealed batch is that of the scale; its units share it by what their products weigh, else alike. */
static const char *const disclosure[] = {
    "WITH gone AS (SELECT unit.*, coalesce(product.category, '') AS category,"
    " unit.qty * coalesce(product.weight_g, 0) AS w, (SELECT x.at FROM journal x WHERE x.journal ="
    " (SELECT max(journal) FROM unit_before b WHERE b.unit_id = unit.unit_id)) AS at"
    " FROM unit LEFT JOIN product USING (sku)"
    " WHERE unit.state = 'destroyed' OR (unit.state = 'released' AND unit.disposition = 'recycle')),"
    " shared AS (SELECT gone.*, batch.reason, batch.route, batch.weight_g AS weighed,"
    " sum(w) OVER (PARTITION BY gone.batch_id) AS all_w,"
    " sum(qty) OVER (PARTITION BY gone.batch_id) AS all_qty FROM gone LEFT JOIN batch"
    " ON batch.batch_id = gone.batch_id AND gone.batch_id > 0 AND gone.state = 'destroyed')"
    " SELECT strftime('%Y', at / 1000, 'unixepoch') AS year, owner, category,"
    " CASE state WHEN 'destroyed' THEN 'destroyed' ELSE 'recycled' END AS outcome,"
    " coalesce(reason, 'none') AS legal_reason, CASE reason WHEN 'derogation' THEN 'yes' ELSE 'no' END AS derogation,"
    " CASE WHEN state <> 'destroyed' THEN 'recycling' WHEN coalesce(route, 'none') = 'none' THEN 'not_stated' ELSE "
    "route END"
    " AS waste_route, sum(qty) AS units,"
    " round(sum(CASE WHEN coalesce(weighed, 0) = 0 THEN w WHEN all_w > 0 THEN 1.0 * weighed * w / all_w"
    " ELSE 1.0 * weighed * qty / all_qty END) / 1000.0, 3) AS kg FROM shared WHERE at >= ?1 AND at < ?2"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5",
    "",
};

/* As it is now, whatever the time asked for: everybody whom events are kept for, those too that never came. Of old
   streams what they have not acknowledged counts, too. */
static const char *const outbox[] = {
    "WITH RECURSIVE split(name, rest) AS (SELECT '', trim(coalesce((SELECT value FROM meta WHERE name = 'required'),"
    " '')) || ' ' UNION ALL SELECT substr(rest, 1, instr(rest, ' ') - 1), ltrim(substr(rest, instr(rest, ' ') + 1))"
    " FROM split WHERE rest <> ''), named AS (SELECT name FROM split WHERE name <> ''),"
    " old AS (SELECT name, sum(last - cursor) AS events, min((SELECT strftime('%s', json_extract(body, '$.time')) * 1000"
    " FROM old_event e WHERE e.ordinal = old_stream.ordinal AND sequence > cursor ORDER BY sequence LIMIT 1)) AS at"
    " FROM old_stream JOIN old_cursor USING (ordinal) WHERE cursor < last GROUP BY name),"
    " who AS (SELECT name, coalesce(cursor, 0) AS cursor, seen_at FROM"
    " (SELECT name FROM consumer UNION SELECT name FROM named) LEFT JOIN consumer USING (name)),"
    " lag AS (SELECT who.*, coalesce(old.events, 0) + (SELECT count(*) FROM event WHERE sequence > cursor) AS events,"
    " coalesce(old.at, (SELECT at FROM event JOIN journal USING (journal) WHERE sequence > cursor ORDER BY sequence"
    " LIMIT 1)) AS at FROM who LEFT JOIN old USING (name))"
    " SELECT name AS consumer, CASE WHEN name IN named OR NOT EXISTS (SELECT 1 FROM named) THEN 'yes' ELSE 'no' END AS"
    " required, cursor, (SELECT coalesce(max(sequence), 0) FROM event) AS last, events AS unacknowledged,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS oldest,"
    " (strftime('%s', 'now') - at / 1000) / 60 AS oldest_minutes,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', seen_at / 1000, 'unixepoch') AS seen FROM lag WHERE ?1 <= ?2 ORDER BY name",
    "",
};

static const struct report {
    const char *name, *key;
    const char *const *pieces;
} reports[] = {
    {"day", BY_DAY, work},           {"shift", BY_SHIFT, work},         {"owner", BY_OWNER, goods},
    {"product", BY_PRODUCT, goods},  {"reasons", NO_KEY, reasons},      {"rejections", NO_KEY, rejections},
    {"disclosure", NO_KEY, disclosure}, {"outbox", NO_KEY, outbox},
};

/* The statement of a report, made once; NULL = there is no such report. */
static const char *find(const char *name)
{
    static char *made[COUNT_OF(reports)];
    size_t i = 0;
    while (i < COUNT_OF(reports) && !text_equal(reports[i].name, name))
        i++;
    if (i == COUNT_OF(reports) || made[i] != NULL)
        return i < COUNT_OF(reports) ? made[i] : NULL;
    struct buffer sql = BUFFER_EMPTY;
    for (const char *const *piece = reports[i].pieces; *piece == KEY || **piece != '\0'; piece++)
        buffer_append_text(&sql, *piece == KEY ? reports[i].key : *piece);
    made[i] = memory_text(buffer_text(&sql));
    buffer_done(&sql);
    return made[i];
}

static void take_row(sqlite3_stmt *q, struct report_row *row)
{
    row->count = 0;
    for (int i = 0; i < sqlite3_column_count(q) && row->count < REPORT_COLUMNS_MAX; i++) {
        int type = sqlite3_column_type(q, i);
        row->names[row->count] = sqlite3_column_name(q, i);
        row->numeric[row->count] = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
        row->values[row->count++] = sql_text(q, i);
    }
}

bool report_run(struct store *store, const char *name, int64_t from, int64_t until, report_fn *fn, void *context,
                struct error *err)
{
    const char *sql = find(name);
    if (sql == NULL)
        return error_set(err, ERROR_INVALID,
                         "no report %s: day, shift, owner, product, reasons, rejections, disclosure, outbox", name);
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "ii", from, until);
    bool row = q != NULL;
    while (row) {
        struct report_row found;
        if (!sql_step(store, q, &row, err))
            return false;
        if (!row)
            break;
        take_row(q, &found);
        fn(context, &found);
    }
    return q != NULL;
}
