/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering facts: what is in hand, and what the scanned code is in the tables. Decisions see scan 1 in scan 2. */
#include "base/text.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

#define LEASE_MS (15 * 60 * 1000)

/* Reads the first row of a query into a struct; *ret_found says whether there was one. */
static bool read_one(struct store *store, sqlite3_stmt *q, const struct table *table, void *ret_row, bool *ret_found,
                     struct error *err)
{
    *ret_found = false;
    return q != NULL && sql_step(store, q, ret_found, err) && (!*ret_found || table_read(table, q, 0, ret_row, err));
}

bool records_session(struct store *store, const char *lane, const struct lane_rules *rules, struct session *ret_session,
                     struct error *err)
{
    static char sql[500];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM session WHERE lane = ?", table_columns(&session_table));
    struct session session = {0};
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", lane);
    if (!read_one(store, q, &session_table, &session, &found, err))
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
    static char sql[300];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM product WHERE sku = ?", table_columns(&product_table));
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", sku);
    return read_one(store, q, &product_table, ret_product, &found, err);
}

static bool newest_job(struct store *store, int64_t unit_id, int64_t parcel_id, struct print_job *ret_job, char *ret_code,
                       struct error *err)
{
    struct job_row row = {0};
    if (!jobs_newest(store, unit_id, parcel_id, &row, err))
        return false;
    *ret_job = row.job;
    if (ret_code != NULL)
        text_copy(ret_code, VALUE_SIZE, row.code);
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
    if (!read_one(store, q, &unit_table, &ret_unit->unit, &found, err))
        return false;
    return !found || (records_find_product(store, ret_unit->unit.sku, &ret_unit->product, err) &&
                      newest_job(store, unit_id, 0, &ret_unit->job, NULL, err));
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
        if (!read_one(store, q, &parcel_table, &ret_parcel->parcel, &found, err))
            return false;
    }
    return !found || (sql_int64(store, err, 0, &ret_parcel->parcel.open_units,
                                "SELECT count(*) FROM unit WHERE parcel_id = ? AND state IN"
                                " ('identified','inspecting','graded','decided')",
                                "i", parcel_id) &&
                      linked_rmas(store, ret_parcel, err));
}

/* Who else has the parcel in hand: another lane's row that scanned within the last 15 minutes. */
static bool find_holder(struct store *store, const struct gather *gather, struct parcel_facts *parcel, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT lane, coalesce((SELECT name FROM operator WHERE id = operator_id), operator_id) FROM session"
        " WHERE parcel_id = ? AND lane <> ? AND last_tick BETWEEN ? AND ?",
        "itii", parcel->parcel.parcel_id, gather->lane, gather->when.tick - LEASE_MS, gather->when.tick);
    bool row = false;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    if (row) {
        TEXT_COPY(parcel->holder_lane, sql_text(q, 0));
        TEXT_COPY(parcel->holder, sql_text(q, 1));
    }
    return true;
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

/* A badge holds its own number, or the operator's id. */
static bool find_badge(struct store *store, const char *badge, struct operator *ret_operator, struct error *err)
{
    return read_operator(store, OPERATOR "badge = ?1 OR id = ?1 ORDER BY badge = ?1 DESC LIMIT 1", badge, ret_operator, err);
}

bool records_find_unit(struct store *store, const char *lpn_or_serial, int64_t *ret_unit_id, struct error *err)
{
    return sql_int64(store, err, 0, ret_unit_id,
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

/* ---- the scanned code in the tables ---- */

static bool parcel_by_alias(struct store *store, const char *key, int64_t *ret_id, struct error *err)
{
    return sql_int64(store, err, 0, ret_id,
                     "SELECT parcel_id FROM parcel_alias WHERE key = ? ORDER BY parcel_id DESC LIMIT 1", "t", key);
}

/* A number of the RMA itself means its oldest box that is not finished; a box with a code of its own is found by that. */
static bool oldest_waiting(struct store *store, const char *rma, int64_t *ret_id, struct error *err)
{
    return sql_int64(store, err, 0, ret_id,
                     "SELECT parcel_id FROM parcel_rma JOIN parcel USING (parcel_id) WHERE parcel_rma.rma = ?"
                     " ORDER BY state IN ('arrived', 'open') DESC, parcel_id LIMIT 1",
                     "t", rma);
}

static bool load_scanned_parcel(struct store *store, int64_t parcel_id, struct scanned *scanned, struct error *err)
{
    parcel_facts_done(&scanned->parcel);
    return records_parcel(store, parcel_id, &scanned->parcel, err);
}

static bool find_rma(struct store *store, const char *key, struct scanned *scanned, struct error *err)
{
    char name[KEY_SIZE];
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
            store, err, "SELECT rma, kind, value, carrier, count(DISTINCT rma) FROM rma_ref WHERE key = ?", "t", key);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        int kind = REF_OTHER;
        scanned->rma_count = row ? sqlite3_column_int(q, 4) : 0;
        if (scanned->rma_count != 1) /* with several, a person says which: nothing is loaded that could be a guess */
            return true;
        TEXT_COPY(name, sql_text(q, 0));
        name_find(&ref_kind_names, sql_text(q, 1), &kind);
        scanned->rma_by = (enum ref_kind)kind;
        TEXT_COPY(scanned->rma_code, sql_text(q, 2));
        TEXT_COPY(scanned->rma_carrier, sql_text(q, 3));
    }
    int64_t parcels, parcel_id;
    if (!directory_get_rma(store, name, &scanned->rma, err) ||
        !sql_int64(store, err, 0, &parcels, "SELECT count(*) FROM parcel_rma WHERE rma = ?", "t", name))
        return false;
    scanned->rma_parcels = (int)parcels;
    bool own = scanned->rma_by == REF_RMA || scanned->rma_by == REF_ORDER;
    scanned->parcel_by_rma = own && scanned->parcel_by_alias;
    if (parcels == 0 || (scanned->parcel_by_alias && !own))
        return true;
    return oldest_waiting(store, name, &parcel_id, err) && load_scanned_parcel(store, parcel_id, scanned, err);
}

static bool find_product(struct store *store, const struct candidate *c, struct scanned *scanned, struct error *err)
{
    char key[VALUE_SIZE], sku[KEY_SIZE] = "";
    code_key(key, c->gtin[0] != '\0' ? c->gtin : c->value);
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
            store, err, "SELECT sku FROM product_code WHERE key = ?1 UNION SELECT sku FROM product WHERE sku = ?2 LIMIT 1",
            "tt", key, c->value);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        if (row)
            TEXT_COPY(sku, sql_text(q, 0));
    }
    return sku[0] == '\0' || records_find_product(store, sku, &scanned->product, err);
}

static bool find_candidate(struct store *store, const struct candidate *c, struct scanned *scanned, struct error *err)
{
    if (c->class == CANDIDATE_COMMAND || c->class == CANDIDATE_REFUSED)
        return true;
    if (c->class == CANDIDATE_BADGE)
        return find_badge(store, c->value, &scanned->badge, err);
    if (c->class == CANDIDATE_LPN) {
        int64_t unit_id;
        scanned->generation = c->generation;
        return records_find_unit(store, c->value, &unit_id, err) &&
               records_unit(store, unit_id, &scanned->unit, err) &&
               load_scanned_parcel(store, scanned->unit.unit.parcel_id, scanned, err);
    }
    char key[VALUE_SIZE];
    int64_t parcel_id = 0;
    code_key(key, c->class == CANDIDATE_GS1 && c->sscc[0] != '\0' ? c->sscc : c->value);
    if (c->class == CANDIDATE_PARCEL &&
        !sql_int64(store, err, 0, &parcel_id, "SELECT parcel_id FROM parcel WHERE code = ?", "t", c->value))
        return false;
    if (scanned->parcel.parcel.parcel_id == 0 && parcel_id == 0 && !parcel_by_alias(store, key, &parcel_id, err))
        return false;
    if (parcel_id != 0) {
        scanned->parcel_by_alias = true;
        if (!load_scanned_parcel(store, parcel_id, scanned, err))
            return false;
    }
    if (scanned->rma_count == 0 && !find_rma(store, key, scanned, err))
        return false;
    return scanned->product.sku[0] != '\0' || find_product(store, c, scanned, err);
}

static bool find_codes(struct store *store, const struct gather *gather, struct facts *facts, struct error *err)
{
    struct scanned *scanned = &facts->scanned;
    scanned->candidates = gather->candidates;
    scanned->count = gather->count;
    scanned->total = gather->total;
    scanned->too_long = gather->too_long;
    TEXT_COPY(scanned->code, gather->code);
    for (size_t i = 0; i < gather->count; i++)
        if (!find_candidate(store, &gather->candidates[i], scanned, err))
            return false;
    return true;
}

/* OK and NEXT after a question: the facts are those of the RMA that was asked about. */
static bool find_asked(struct store *store, struct facts *facts, struct error *err)
{
    const struct session *session = &facts->session;
    if (session->pending == PENDING_NONE || facts->scanned.count == 0 ||
        facts->scanned.candidates[0].class != CANDIDATE_COMMAND)
        return true;
    char key[VALUE_SIZE];
    code_key(key, session->pending_code);
    return find_rma(store, key, &facts->scanned, err);
}

/* A unit with this serial is here already: of the same product, or of the parcel's RMAs if the serial is all there is. */
static bool find_serial(struct store *store, struct facts *facts, struct error *err)
{
    int64_t seen = 0;
    const struct parcel *parcel = &facts->hand_parcel.parcel;
    const char *sku = facts->scanned.product.sku[0] != '\0' ? facts->scanned.product.sku : facts->hand_unit.unit.sku;
    for (size_t i = 0; i < facts->scanned.count && seen == 0; i++) {
        const struct candidate *c = &facts->scanned.candidates[i];
        const char *serial = c->serial[0] != '\0' ? c->serial : c->class == CANDIDATE_TEXT ? c->value : "";
        if (serial[0] != '\0' &&
            !sql_int64(store, err, 0, &seen,
                       "SELECT unit_id FROM unit WHERE serial = ?1 AND state <> 'void' AND unit_id <> ?2 AND (sku = ?3 OR"
                       " (?3 = '' AND rma IN (SELECT rma FROM parcel_rma WHERE parcel_id = ?4)))",
                       "titi", serial, facts->hand_unit.unit.unit_id, sku, parcel->parcel_id))
            return false;
    }
    facts->scanned.serial_seen = seen != 0;
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

static bool find_next_ids(struct store *store, struct facts *facts, struct error *err)
{
    return sql_int64(store, err, 0, &facts->next_unit_id, "SELECT max(unit_id) FROM unit", "") &&
           sql_int64(store, err, 0, &facts->next_parcel_id, "SELECT max(parcel_id) FROM parcel", "") &&
           sql_int64(store, err, 0, &facts->next_lpn, "SELECT value FROM meta WHERE name = 'lpn'", "") &&
           sql_int64(store, err, 0, &facts->next_parcel_code, "SELECT value FROM meta WHERE name = 'parcel_code'", "") &&
           records_next_sequence(store, &facts->next_sequence, err) &&
           (facts->next_unit_id++, facts->next_parcel_id++, facts->next_lpn++, facts->next_parcel_code++, true);
}

bool records_gather(struct store *store, const struct gather *gather, struct facts *ret_facts, struct error *err)
{
    struct facts *facts = ret_facts;
    *facts = (struct facts){.when = gather->when, .rules = gather->rules};
    TEXT_COPY(facts->run, gather->run);
    TEXT_COPY(facts->device, gather->device);
    bool undo = gather->count > 0 && gather->candidates[0].verb == VERB_UNDO;
    return records_session(store, gather->lane, gather->rules, &facts->session, err) &&
           records_operator(store, facts->session.operator_id, &facts->operator, err) &&
           records_parcel(store, facts->session.parcel_id, &facts->hand_parcel, err) &&
           records_unit(store, facts->session.unit_id, &facts->hand_unit, err) &&
           records_trace(store, facts->session.unit_id, &facts->hand_trace, err) &&
           find_codes(store, gather, facts, err) && find_asked(store, facts, err) &&
           find_holder(store, gather, &facts->scanned.parcel, err) && find_serial(store, facts, err) &&
           newest_job(store, facts->session.last_unit_id, facts->session.last_parcel_id, &facts->last_job,
                      facts->last_job_code, err) &&
           find_next_ids(store, facts, err) && (!undo || records_undo(store, facts, err));
}
