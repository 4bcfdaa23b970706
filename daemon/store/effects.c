/* SPDX-License-Identifier: Apache-2.0 */
/* The table of effects: what fills it, and the facts for deciding one. */
#include "daemon/store/effects.h"

#include "base/buffer.h"
#include "base/text.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

/* ---- writing ---- */

#define HERE " state NOT IN ('void','released','destroyed')"

static bool add(struct store *store, const struct effect *effect, const char *sql, const char *key, const char *other,
                struct error *err)
{
    return sql_run(store, err, sql, "ttttttttt", name_of(&effect_kind_names, (int)effect->kind), effect->rma,
                   name_of(&verdict_names, (int)effect->verdict), name_of(&disposition_names, (int)effect->disposition),
                   name_of(&hold_kind_names, (int)effect->hold), effect->outcome, effect->reason, key, other);
}

/* Parameters 1 to 7 are the effect's own fields. */
#define INSERT "INSERT INTO effect(kind, rma, verdict, disposition, hold, outcome, reason, unit_id, parcel_id)" \
               " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, "

bool effects_add(struct store *store, const struct effect *effect, const char *lpn, const char *parcel,
                 struct error *err)
{
    char key[VALUE_SIZE];
    if (lpn[0] != '\0')
        return add(store, effect, INSERT "unit_id, parcel_id FROM unit WHERE lpn = ?8 AND ?9 = ''", lpn, "", err);
    code_key(key, parcel);
    return add(store, effect,
               INSERT "0, parcel_id FROM parcel WHERE code = ?9 OR parcel_id = (SELECT max(parcel_id) FROM parcel_alias"
                      " WHERE key = ?8)",
               key, parcel, err);
}

bool effects_add_line(struct store *store, const struct effect *effect, const char *line, struct error *err)
{
    int64_t units;
    if (!sql_int64(store, err, 0, &units,
                   "SELECT count(*) FROM unit WHERE rma = ?1 AND (line = ?2 OR ?2 = '') AND state <> 'void'", "tt",
                   effect->rma, line))
        return false;
    return units > 0
               ? add(store, effect,
                     INSERT "unit_id, parcel_id FROM unit WHERE rma = ?2 AND (line = ?8 OR ?8 = '') AND"
                            " state <> 'void' AND ?9 = ''",
                     line, "", err)
               : add(store, effect, INSERT "0, parcel_id FROM parcel_rma WHERE rma = ?2 AND ?8 = ?9", "", "", err);
}

bool effects_release(struct store *store, const char *rma, enum hold_kind hold, struct error *err)
{
    struct effect effect = {.kind = EFFECT_RELEASE, .hold = hold};
    TEXT_COPY(effect.rma, rma);
    return add(store, &effect,
               INSERT "0, parcel_id FROM parcel_rma JOIN parcel USING (parcel_id) WHERE parcel_rma.rma = ?2 AND"
                      " state = 'held' AND ?8 = ?9",
               "", "", err);
}

/* What a version of an RMA means for what is here, each for the parcels or units that it concerns. */
static const char *const rma_effects[] = {
    "INSERT INTO effect(kind, parcel_id, rma) SELECT DISTINCT 'found', p.parcel_id, r.rma FROM rma_ref r"
    " JOIN parcel_alias a ON a.key = r.key JOIN parcel p ON p.parcel_id = a.parcel_id"
    " WHERE r.rma = ?1 AND p.verified = 0",
    "INSERT INTO effect(kind, unit_id, parcel_id, rma) SELECT 'withdrawn', u.unit_id, u.parcel_id, u.rma FROM rma_line "
    "l"
    " JOIN unit u ON u.rma = l.rma AND u.line = l.line WHERE l.rma = ?1 AND l.withdrawn AND u." HERE
    " AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.unit_id = u.unit_id AND e.type = 'rma_changed')",
    "INSERT INTO effect(kind, parcel_id, rma) SELECT 'lost', p.parcel_id, rma.rma FROM rma JOIN parcel_rma USING (rma)"
    " JOIN parcel p USING (parcel_id) WHERE rma.rma = ?1 AND rma.state IN ('expired','cancelled') AND"
    " p.state = 'expected'",
    "INSERT INTO effect(kind, rma) SELECT 'completed', rma FROM rma WHERE rma = ?1 AND state = 'completed' AND NOT "
    "EXISTS"
    " (SELECT 1 FROM rma_progress g WHERE g.rma = rma.rma AND g.completed)",
};

bool effects_of_rma(struct store *store, const char *rma, bool was_held, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(rma_effects); i++)
        if (!sql_run(store, err, rma_effects[i], "t", rma))
            return false;
    return was_held || sql_run(store, err,
                               "INSERT INTO effect(kind, hold, parcel_id, rma) SELECT 'flag', 'customs', p.parcel_id,"
                               " rma.rma FROM rma JOIN parcel_rma USING (rma) JOIN parcel p USING (parcel_id)"
                               " WHERE rma.rma = ? AND"
                               " rma.customs_hold AND p.state IN ('arrived','open')",
                               "t", rma);
}

bool effects_of_recall(struct store *store, const char *sku, struct error *err)
{
    return sql_run(
        store, err,
        "INSERT INTO effect(kind, unit_id, parcel_id, rma) SELECT 'recall', unit_id, parcel_id, rma FROM unit"
        " WHERE sku = ? AND" HERE,
        "t", sku);
}

bool effects_of_hazmat(struct store *store, const char *sku, struct error *err)
{
    return sql_run(store, err,
                   "INSERT INTO effect(kind, hold, parcel_id, rma) SELECT DISTINCT 'flag', 'hazmat', p.parcel_id, r.rma"
                   " FROM parcel p JOIN parcel_rma r USING (parcel_id) JOIN rma_line l ON l.rma = r.rma"
                   " WHERE p.state IN ('arrived','open') AND (l.sku = ?1 OR substr('00000000000000' || l.gtin, -14) IN"
                   " (SELECT key FROM product_code WHERE sku = ?1))",
                   "t", sku);
}

bool effects_of_day(struct store *store, int32_t today, struct error *err)
{
    return sql_run(
        store, err,
        "INSERT INTO effect(kind, parcel_id, rma) SELECT 'lost', p.parcel_id, rma.rma FROM parcel p"
        " JOIN parcel_rma USING (parcel_id) JOIN rma ON rma.rma = parcel_rma.rma WHERE p.state = 'expected' AND"
        " rma.expires_on < ? AND NOT EXISTS (SELECT 1 FROM effect e WHERE e.parcel_id = p.parcel_id)",
        "i", (int64_t)today);
}

/* ---- deciding ---- */

bool effects_next(struct store *store, struct effect *ret_effect, struct error *err)
{
    static char sql[600];
    if (sql[0] == '\0')
        TEXT_FORMAT(
            sql,
            "SELECT %s FROM effect e WHERE failed = 0 AND NOT (kind = 'decision' AND EXISTS (SELECT 1 FROM unit"
            " WHERE unit.unit_id = e.unit_id AND state IN ('identified','inspecting'))) ORDER BY effect_id LIMIT 1",
            table_columns(&effect_table));
    *ret_effect = (struct effect){0};
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "");
    return table_read_one(store, q, &effect_table, ret_effect, &found, err);
}

static bool read_exceptions(struct store *store, int64_t unit_id, struct facts *facts, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT DISTINCT type FROM exception WHERE unit_id = ? AND unit_id > 0 AND"
                              " resolved_at IS NULL LIMIT 4", "i", unit_id);
    bool row = q != NULL;
    while (row) {
        if (!sql_step(store, q, &row, err))
            return false;
        if (row)
            TEXT_COPY(facts->exceptions[facts->exception_count++], sql_text(q, 0));
    }
    return q != NULL;
}

static bool read_rma(struct store *store, const char *rma, struct rma *ret_rma, struct error *err)
{
    int64_t known;
    if (!sql_int64(store, err, 0, &known, "SELECT count(*) FROM rma WHERE rma = ?", "t", rma))
        return false;
    return known == 0 || directory_get_rma(store, rma, ret_rma, err);
}

bool effects_gather(struct store *store, const struct effect *effect, const struct lane_rules *rules,
                    struct moment when, struct facts *ret_facts, struct error *err)
{
    struct facts *facts = ret_facts;
    *facts = (struct facts){.when = when, .rules = rules, .effect = *effect};
    if (!records_unit(store, effect->unit_id, &facts->asked_unit, err))
        return false;
    const struct unit *unit = &facts->asked_unit.unit;
    int64_t parcel = unit->unit_id != 0 ? unit->parcel_id : effect->parcel_id;
    return records_parcel(store, parcel, &facts->asked_parcel, err) &&
           read_rma(store, effect->rma, &facts->scanned.rma, err) &&
           read_exceptions(store, unit->unit_id, facts, err) &&
           records_batch(store, unit->batch_id, "", &facts->effect_batch, err) && records_next_ids(store, facts, err) &&
           records_inspection(store, facts, err) && records_photos(store, facts, err);
}

bool effects_done(struct store *store, const struct effect *effect, const struct outcome *outcome, struct error *err)
{
    return sql_run(store, err, "DELETE FROM effect WHERE effect_id = ?", "i", effect->effect_id) &&
           (outcome->spreads == EFFECT_NONE ||
            sql_run(store, err,
                    "INSERT INTO effect(kind, unit_id, parcel_id, rma) SELECT ?, unit_id, parcel_id, ? FROM unit"
                    " WHERE parcel_id = ? ORDER BY unit_id",
                    "tti", name_of(&effect_kind_names, (int)outcome->spreads), outcome->parcel.rma,
                    outcome->parcel.parcel_id));
}

bool effects_set_failed(struct store *store, int64_t effect_id, bool failed, struct error *err)
{
    return sql_run(store, err, "UPDATE effect SET failed = ?1 WHERE effect_id = ?2 OR (?2 = 0 AND failed <> ?1)", "ii",
                   (int64_t)failed, effect_id);
}

bool effects_lane(struct store *store, const struct effect *effect, char ret_lane[KEY_SIZE], struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT lane FROM journal WHERE parcel_id = ? AND parcel_id > 0 AND lane <> '' ORDER BY journal DESC LIMIT 1",
        "i", effect->parcel_id);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    text_copy(ret_lane, KEY_SIZE, row ? sql_text(q, 0) : "");
    return true;
}

bool effects_language(struct store *store, const char *lane, char ret_language[3], struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q = sql_query(store, err,
                                "SELECT lang FROM session JOIN operator ON operator.id = session.operator_id"
                                " WHERE session.lane = ?",
                                "t", lane);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    text_copy(ret_language, 3, row ? sql_text(q, 0) : "");
    return true;
}

bool effects_tell(struct store *store, const struct effect *effect, const struct message *message,
                  char ret_lane[KEY_SIZE], char ret_device[KEY_SIZE], struct error *err)
{
    static const char has_it[] =
        "SELECT lane, last_device FROM session WHERE NOT stopped AND ((unit_id = ?1 AND ?1 > 0) OR"
        " (parcel_id = ?2 AND ?2 > 0)) ORDER BY unit_id = ?1 DESC LIMIT 1";
    static const char tell[] = "UPDATE session SET last_message = ?3, last_signal = 'attention' WHERE NOT stopped AND"
                               " ((unit_id = ?1 AND ?1 > 0) OR (parcel_id = ?2 AND ?2 > 0))";
    ret_lane[0] = ret_device[0] = '\0';
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, has_it, "ii", effect->unit_id, effect->parcel_id);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        if (!row)
            return true;
        text_copy(ret_lane, KEY_SIZE, sql_text(q, 0));
        text_copy(ret_device, KEY_SIZE, sql_text(q, 1));
    }
    struct buffer text = BUFFER_EMPTY;
    message_encode(message, &text);
    bool ok = sql_run(store, err, tell, "iit", effect->unit_id, effect->parcel_id, buffer_text(&text));
    buffer_done(&text);
    return ok;
}

/* ---- who is still to be asked for ---- */

static bool read_codes(struct store *store, int64_t parcel_id, struct alias *ret_codes, size_t max, size_t *ret_count,
                       struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        sql_query(store, err, "SELECT kind, value FROM parcel_alias WHERE parcel_id = ? ORDER BY journal LIMIT ?", "ii",
                  parcel_id, (int64_t)max);
    bool row = q != NULL;
    while (row) {
        int kind = REF_OTHER;
        if (!sql_step(store, q, &row, err))
            return false;
        if (!row)
            break;
        name_find(&ref_kind_names, sql_text(q, 0), &kind);
        struct alias *code = &ret_codes[(*ret_count)++];
        *code = (struct alias){.parcel_id = parcel_id, .kind = (enum ref_kind)kind};
        TEXT_COPY(code->value, sql_text(q, 1));
    }
    return q != NULL;
}

bool effects_next_unverified(struct store *store, int64_t after_id, int64_t *ret_parcel_id, char ret_code[LPN_SIZE],
                             struct alias *ret_codes, size_t max, size_t *ret_count, struct error *err)
{
    *ret_count = 0;
    {
        CLEANUP(sql_done)
        sqlite3_stmt *q = sql_query(store, err,
                                    "SELECT parcel_id, code FROM parcel WHERE verified = 0 AND parcel_id > ? AND state "
                                    "<> 'expected' AND NOT EXISTS"
                                    " (SELECT 1 FROM effect WHERE effect.parcel_id = parcel.parcel_id AND unit_id = 0) "
                                    "ORDER BY parcel_id LIMIT 1",
                                    "i", after_id);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        *ret_parcel_id = row ? sqlite3_column_int64(q, 0) : 0;
        text_copy(ret_code, LPN_SIZE, row ? sql_text(q, 1) : "");
    }
    return *ret_parcel_id == 0 || read_codes(store, *ret_parcel_id, ret_codes, max, ret_count, err);
}
