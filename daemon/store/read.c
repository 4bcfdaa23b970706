/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one record by its key: a lane's session, a unit, a parcel with its RMAs, an operator. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

bool table_read_one(struct store *store, sqlite3_stmt *q, const struct table *table, void *ret_row, bool *ret_found,
                     struct error *err)
{
    *ret_found = false;
    return q != NULL && sql_step(store, q, ret_found, err) && (!*ret_found || table_read(table, q, 0, ret_row, err));
}

bool records_session(struct store *store, const char *lane, const struct lane_rules *rules, struct session *ret_session,
                     struct error *err)
{
    static char sql[600];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM session WHERE lane = ?", table_columns(&session_table));
    struct session session = {0};
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", lane);
    if (!table_read_one(store, q, &session_table, &session, &found, err))
        return false;
    if (!found)
        TEXT_COPY(session.lane, lane);
    if (!found || (rules->mode != LANE_COMBINED && session.mode != rules->mode))
        session.mode = rules->mode == LANE_DOCK ? LANE_DOCK : LANE_BENCH;
    *ret_session = session;
    return true;
}

bool records_find_product(struct store *store, const char *sku, struct product *ret_product, struct error *err)
{
    static char sql[500];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM product WHERE sku = ?", table_columns(&product_table));
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", sku);
    return table_read_one(store, q, &product_table, ret_product, &found, err);
}

static bool newest_job(struct store *store, int64_t unit_id, struct print_job *ret_job, struct error *err)
{
    struct job_row row = {0};
    if (!jobs_newest(store, unit_id, 0, &row, err))
        return false;
    *ret_job = row.job;
    return true;
}

bool records_unit(struct store *store, int64_t unit_id, struct unit_facts *ret_unit, struct error *err)
{
    static char sql[700];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM unit WHERE unit_id = ?", table_columns(&unit_table));
    if (unit_id == 0)
        return true;
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "i", unit_id);
    if (!table_read_one(store, q, &unit_table, &ret_unit->unit, &found, err))
        return false;
    return !found || (records_find_product(store, ret_unit->unit.sku, &ret_unit->product, err) &&
                      newest_job(store, unit_id, &ret_unit->job, err) &&
                      carriers_find(store, &ret_unit->unit, &ret_unit->carrier, err) &&
                      records_findings(store, unit_id, ret_unit, err));
}

static bool linked_rmas(struct store *store, struct parcel_facts *facts, struct error *err)
{
    char names[16][KEY_SIZE];
    size_t count = 0;
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
            store, err, "SELECT rma FROM parcel_rma WHERE parcel_id = ? ORDER BY rma LIMIT 16", "i",
            facts->parcel.parcel_id);
        bool row = q != NULL;
        while (row && sql_step(store, q, &row, err) && row)
            TEXT_COPY(names[count++], sql_text(q, 0));
        if (q == NULL || row)
            return false;
    }
    facts->rmas = memory_new(count, sizeof *facts->rmas);
    for (size_t i = 0; i < count; i++) {
        if (!directory_get_rma(store, names[i], &facts->rmas[facts->rma_count], err))
            return false;
        facts->rma_count++;
    }
    return true;
}

/* Lines of which somebody said, for this parcel, what became of the missing pieces. */
static bool excused_lines(struct store *store, struct parcel_facts *facts, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT rma, line FROM line_mark WHERE parcel_id = ?", "i", facts->parcel.parcel_id);
    bool row = q != NULL;
    while (row) {
        if (!sql_step(store, q, &row, err))
            return false;
        for (size_t i = 0; row && i < facts->rma_count; i++) {
            struct rma_line *line = rma_find_line(&facts->rmas[i], sql_text(q, 1));
            if (line != NULL && text_equal(facts->rmas[i].rma, sql_text(q, 0)))
                line->excused = true;
        }
    }
    return q != NULL;
}

bool records_parcel(struct store *store, int64_t parcel_id, struct parcel_facts *ret_parcel, struct error *err)
{
    static char sql[400];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM parcel WHERE parcel_id = ?", table_columns(&parcel_table));
    if (parcel_id == 0)
        return true;
    bool found;
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "i", parcel_id);
        if (!table_read_one(store, q, &parcel_table, &ret_parcel->parcel, &found, err))
            return false;
    }
    return !found || (sql_int64(store, err, 0, &ret_parcel->parcel.units,
                                "SELECT count(*) FROM unit WHERE parcel_id = ? AND state <> 'void'", "i", parcel_id) &&
                      sql_int64(store, err, 0, &ret_parcel->parcel.open_units,
                                "SELECT count(*) FROM unit WHERE parcel_id = ? AND state IN"
                                " ('identified','inspecting','graded','decided')",
                                "i", parcel_id) &&
                      linked_rmas(store, ret_parcel, err) && excused_lines(store, ret_parcel, err));
}

static bool read_operator(struct store *store, const char *sql, const char *key, struct operator *ret_operator,
                          struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", key);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    if (row) {
        TEXT_COPY(ret_operator->id, sql_text(q, 0));
        TEXT_COPY(ret_operator->name, sql_text(q, 1));
        ret_operator->roles = (unsigned)sqlite3_column_int(q, 2);
        TEXT_COPY(ret_operator->lang, sql_text(q, 3));
        ret_operator->training = sqlite3_column_int(q, 4) != 0;
    }
    return true;
}

#define OPERATOR "SELECT id, name, roles, lang, training FROM operator WHERE "

bool records_operator(struct store *store, const char *id, struct operator *ret_operator, struct error *err)
{
    return read_operator(store, OPERATOR "id = ?1", id, ret_operator, err);
}

bool records_badge(struct store *store, const char *badge, struct operator *ret_operator, struct error *err)
{
    return read_operator(store, OPERATOR "badge = ?1 OR id = ?1 ORDER BY badge = ?1 DESC LIMIT 1", badge, ret_operator,
                         err);
}

bool records_find_unit(struct store *store, const char *lpn_or_serial, int64_t *ret_unit_id, struct error *err)
{
    return sql_int64(
        store, err, 0, ret_unit_id,
        "SELECT unit_id FROM (SELECT unit_id, 1 AS rank FROM unit WHERE lpn = ?1 UNION ALL"
        " SELECT unit_id, 2 FROM unit WHERE serial = ?1 AND serial <> '') ORDER BY rank, unit_id DESC LIMIT 1",
        "t", lpn_or_serial);
}

bool records_trace(struct store *store, int64_t unit_id, struct trace *ret_trace, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT trace FROM unit_trace WHERE unit_id = ?", "i", unit_id);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    *ret_trace = (struct trace){0};
    for (const char *line = row ? sql_text(q, 0) : ""; *line != '\0' && ret_trace->count < TRACE_MAX;) {
        size_t length = strcspn(line, "\n");
        char step[512];
        if (text_copy_bytes(step, sizeof step, line, length) &&
            message_decode(step, &ret_trace->steps[ret_trace->count]))
            ret_trace->count++;
        line += length + (line[length] == '\n');
    }
    return true;
}
