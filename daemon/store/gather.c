/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering facts: what is in hand, and what the scanned code is in the tables. Decisions see scan 1 in scan 2. */
#include "base/text.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

#define LPNS_A_SCAN 2 /* at most */
#define LEASE_MS (15 * 60 * 1000)

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
    int64_t pieces = 1;
    code_key(key, c->gtin[0] != '\0' ? c->gtin : c->value);
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
            store, err, "SELECT sku, qty FROM product_code WHERE key = ?1 UNION ALL SELECT sku, 1 FROM product WHERE sku = ?2 LIMIT 1",
            "tt", key, c->value);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        if (row)
            TEXT_COPY(sku, sql_text(q, 0));
        pieces = row ? sqlite3_column_int64(q, 1) : 1;
    }
    if (sku[0] != '\0' && !records_find_product(store, sku, &scanned->product, err))
        return false;
    scanned->product.code_qty = pieces;
    return true;
}

static bool find_candidate(struct store *store, const struct candidate *c, struct scanned *scanned, struct error *err)
{
    if (c->class == CANDIDATE_COMMAND || c->class == CANDIDATE_REFUSED)
        return true;
    if (c->class == CANDIDATE_BADGE)
        return records_badge(store, c->value, &scanned->badge, err);
    if (c->class == CANDIDATE_LPN) {
        int64_t unit_id;
        scanned->generation = c->generation;
        return records_find_unit(store, c->value, &unit_id, err) &&
               sql_int64(store, err, 0, &scanned->roll_unit_id, "SELECT unit_id FROM roll_label WHERE lpn = ?", "t",
                         c->value) &&
               records_unit(store, unit_id, &scanned->unit, err) &&
               load_scanned_parcel(store, scanned->unit.unit.parcel_id, scanned, err);
    }
    if (c->class == CANDIDATE_CONTAINER)
        return records_container(store, 0, c->value, &scanned->container, err) &&
               records_place(store, c->value, &scanned->place, err) &&
               records_batch(store, 0, c->value, &scanned->batch, err);
    if (c->class == CANDIDATE_LOCATION)
        return records_place(store, c->value, &scanned->place, err);
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
    if (scanned->load.load_id == 0 && (c->class == CANDIDATE_SSCC || c->class == CANDIDATE_TEXT) &&
        !records_load(store, 0, c->value, &scanned->load, err))
        return false;
    return scanned->product.sku[0] != '\0' || find_product(store, c, scanned, err);
}

/* The RMA that the ERP named for a code, where its own list of codes does not have it. */
static bool find_named(struct store *store, const struct gather *gather, struct scanned *scanned, struct error *err)
{
    char key[VALUE_SIZE];
    scanned->erp = gather->erp;
    if (gather->found == NULL || scanned->rma_count > 0)
        return true;
    code_key(key, gather->found);
    if (!find_rma(store, key, scanned, err))
        return false;
    TEXT_COPY(scanned->rma_code, scanned->code);
    return true;
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
    return find_named(store, gather, scanned, err);
}

/* What the question that this scan may answer is about: an RMA stands in for a scanned one (OK and NEXT). */
static bool find_asked(struct store *store, struct facts *facts, struct error *err)
{
    const struct session *session = &facts->session;
    enum pending asked = facts->lead.id[0] != '\0' ? session->kept : session->pending;
    bool card = facts->scanned.count > 0 && facts->scanned.candidates[0].class == CANDIDATE_COMMAND;
    bool command = card || facts->photo != NULL; /* of what a card would be about */
    char key[VALUE_SIZE];
    switch (pending_about(asked)) {
    case ABOUT_RMA:
        code_key(key, session->pending_code);
        return !command || find_rma(store, key, &facts->scanned, err);
    case ABOUT_PARCEL:
        return records_parcel(store, session->pending_id, &facts->asked_parcel, err);
    case ABOUT_UNIT:
        return records_unit(store, session->pending_id, &facts->asked_unit, err) &&
               records_parcel(store, facts->asked_unit.unit.parcel_id, &facts->asked_parcel, err);
    case ABOUT_CONTAINER:
        return records_container(store, session->pending_id, "", &facts->asked_container, err) &&
               (asked != PENDING_RECEIVER || records_contents(store, facts->asked_container.code, 0, &facts->contents,
                                                              &facts->content_count, err));
    case ABOUT_BATCH:
        return records_batch(store, session->pending_id, "", &facts->asked_batch, err) &&
               records_contents(store, "", session->pending_id, &facts->contents, &facts->content_count, err);
    case ABOUT_NOTHING:
    default:
        return !command || records_parcel(store, session->arrived_id, &facts->asked_parcel, err);
    }
}

/* The unit in hand: its parcel where that is not in hand, and the event that told it, for a correction. */
static bool find_hand_unit(struct store *store, struct facts *facts, struct error *err)
{
    const struct unit *unit = &facts->hand_unit.unit;
    return unit->unit_id == 0 ||
           ((unit->parcel_id == facts->session.parcel_id ||
             records_parcel(store, unit->parcel_id, &facts->unit_parcel, err)) &&
            (unit->state > UNIT_INSPECTING ||
             sql_int64(store, err, 0, &facts->identified_event,
                       "SELECT max(sequence) FROM event JOIN journal USING (journal) WHERE unit_id = ? AND unit_id > 0 AND"
                       " type = 'unit.identified'",
                       "i", unit->unit_id)));
}

/* The unit of the parcel in hand that the scanned item may be again: not labelled yet, and in no lane's hand. */
static bool find_waiting(struct store *store, const struct gather *gather, struct facts *facts, struct error *err)
{
    const struct scanned *scanned = &facts->scanned;
    int64_t unit_id = 0;
    for (size_t i = 0; i < scanned->count && unit_id == 0 && facts->hand_parcel.parcel.parcel_id != 0; i++) {
        const struct candidate *c = &scanned->candidates[i];
        if (c->class != CANDIDATE_TEXT && c->gtin[0] == '\0')
            continue;
        const char *sku = scanned->product.sku[0] != '\0' ? scanned->product.sku : c->value;
        if (!sql_int64(store, err, 0, &unit_id,
                       "SELECT unit_id FROM unit WHERE parcel_id = ?1 AND unit_id <> ?2 AND sku = ?3 AND (?4 = '' OR serial"
                       " = ?4) AND state IN ('identified', 'inspecting', 'graded', 'decided') AND NOT EXISTS (SELECT 1"
                       " FROM session WHERE session.unit_id = unit.unit_id AND lane <> ?5 AND last_tick BETWEEN ?6 AND ?7)"
                       " ORDER BY unit_id LIMIT 1",
                       "iitttii", facts->hand_parcel.parcel.parcel_id, facts->hand_unit.unit.unit_id, sku, c->serial,
                       gather->lane, gather->when.tick - LEASE_MS, gather->when.tick))
            return false;
    }
    return records_unit(store, unit_id, &facts->waiting_unit, err);
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

/* The batch that is being filled; what a scanned container holds, or all of the batch where it may be sealed now. */
static bool find_batch(struct store *store, struct facts *facts, struct error *err)
{
    if (facts->session.batch_id == 0)
        return true;
    const char *code = facts->scanned.container.code;
    bool seals = facts->session.pending == PENDING_SEAL_BADGE;
    return records_batch(store, facts->session.batch_id, "", &facts->hand_batch, err) &&
           (facts->contents != NULL || (!seals && code[0] == '\0') ||
            records_contents(store, seals ? "" : code, seals ? facts->session.batch_id : 0, &facts->contents,
                             &facts->content_count, err));
}

/* The lane's tote, the unit that a scanned container or location takes, the places where a scanned label may go. */
static bool find_places(struct store *store, struct facts *facts, struct error *err)
{
    const struct scanned *scanned = &facts->scanned;
    bool place = scanned->count > 0 && (scanned->candidates[0].class == CANDIDATE_CONTAINER ||
                                        scanned->candidates[0].class == CANDIDATE_LOCATION);
    bool label = scanned->count > 0 && scanned->candidates[0].class == CANDIDATE_LPN;
    return records_container(store, facts->session.container_id, "", &facts->hand_container, err) &&
           (!label || (records_place(store, facts->session.location, &facts->sticky_place, err) &&
                       records_place(store, facts->rules->location, &facts->lane_place, err))) &&
           records_load(store, facts->session.load_id, "", &facts->hand_load, err) &&
           (!place || (records_unit(store, facts->session.last_unit_id, &facts->last_unit, err) &&
                       (facts->last_unit.unit.parcel_id == facts->session.parcel_id ||
                        facts->unit_parcel.parcel.parcel_id != 0 ||
                        records_parcel(store, facts->last_unit.unit.parcel_id, &facts->unit_parcel, err))));
}

static bool find_last_job(struct store *store, struct facts *facts, struct error *err)
{
    struct job_row row = {0};
    const struct session *lane = &facts->session;
    if (!jobs_last(store, lane->last_unit_id, lane->last_parcel_id, &row, err) ||
        (row.job.kind == LABEL_CARRIER && !text_equal(row.lane, lane->lane) && /* another printer's, of another dpi */
         !jobs_newest(store, lane->last_unit_id, 0, &row, err)))
        return false;
    facts->last_job = row.job;
    TEXT_COPY(facts->last_job_code, row.code);
    return true;
}

/* The one RMA of other parcels here that the item scanned out of the parcel in hand fits. */
static bool find_other_rma(struct store *store, struct facts *facts, struct error *err)
{
    const struct parcel *parcel = &facts->hand_parcel.parcel;
    char name[KEY_SIZE];
    if (parcel->state != PARCEL_OPEN || facts->scanned.product.sku[0] == '\0')
        return true;
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
            store, err,
            "SELECT l.rma, count(DISTINCT l.rma) FROM parcel p JOIN parcel_rma USING (parcel_id)"
            " JOIN rma_line l ON l.rma = parcel_rma.rma WHERE p.state IN ('arrived','open') AND l.sku = ?1"
            " AND l.rma NOT IN (SELECT rma FROM parcel_rma WHERE parcel_id = ?2)",
            "ti", facts->scanned.product.sku, parcel->parcel_id);
        bool row;
        if (q == NULL || !sql_step(store, q, &row, err))
            return false;
        if (!row || sqlite3_column_int(q, 1) != 1)
            return true;
        TEXT_COPY(name, sql_text(q, 0));
    }
    return directory_get_rma(store, name, &facts->scanned.other, err);
}

/* The numbers above are those of pre-printed rolls: a station that has used all of its own says so, and stops. */
static bool has_numbers(const struct facts *facts, struct error *err)
{
    return facts->next_lpn < LPN_ROLL_FIRST - LPNS_A_SCAN ||
           error_set(err, ERROR_INVALID, "this station has used all its label numbers: give it another station number");
}

bool records_next_ids(struct store *store, struct facts *facts, struct error *err)
{
    return sql_int64(store, err, 0, &facts->next_unit_id, "SELECT max(unit_id) FROM unit", "") &&
           sql_int64(store, err, 0, &facts->next_parcel_id, "SELECT max(parcel_id) FROM parcel", "") &&
           sql_int64(store, err, 0, &facts->next_container_id, "SELECT max(container_id) FROM container", "") &&
           sql_int64(store, err, 0, &facts->next_batch_id, "SELECT max(batch_id) FROM batch", "") &&
           sql_int64(store, err, 0, &facts->next_load_id, "SELECT max(load_id) FROM load", "") &&
           sql_int64(store, err, 0, &facts->next_lpn, "SELECT value FROM meta WHERE name = 'lpn'", "") &&
           sql_int64(store, err, 0, &facts->next_parcel_code, "SELECT value FROM meta WHERE name = 'parcel_code'", "") &&
           records_next_sequence(store, &facts->next_sequence, err) &&
           (facts->next_unit_id++, facts->next_parcel_id++, facts->next_container_id++, facts->next_batch_id++,
             facts->next_load_id++, facts->next_lpn++, facts->next_parcel_code++, true);
}

#define AWAIT "AWAIT"

/* The tote of goods that wait for their RMA, for a label of one of them; the first makes it. */
static bool find_await(struct store *store, struct facts *facts, struct error *err)
{
    const struct parcel *parcel = &facts->scanned.parcel.parcel;
    if (facts->scanned.unit.unit.unit_id == 0 || parcel->parcel_id == 0 || parcel->verified)
        return true;
    struct container *await = &facts->await;
    if (!records_container(store, 0, AWAIT, await, err))
        return false;
    if (await->container_id == 0) {
        await->container_id = facts->next_container_id;
        TEXT_COPY(await->code, AWAIT);
        TEXT_COPY(await->location, facts->rules->location);
    }
    return true;
}

/* Whoever signs out is told what was done, with the journal's anchor. */
static bool find_shift(struct store *store, const struct gather *gather, struct facts *facts, struct error *err)
{
    bool leaves = gather->count > 0 && (gather->candidates[0].verb == VERB_LOGOUT ||
                                        (gather->candidates[0].verb == VERB_OK && facts->session.pending == PENDING_LOGOUT));
    return !leaves || (records_shift(store, facts->session.lane, &facts->shift, err) &&
                       journal_last_hash(store, facts->last_hash, err));
}

bool records_gather(struct store *store, const struct gather *gather, struct facts *ret_facts, struct error *err)
{
    struct facts *facts = ret_facts;
    *facts = (struct facts){.when = gather->when, .rules = gather->rules, .photo = gather->photo};
    TEXT_COPY(facts->run, gather->run);
    TEXT_COPY(facts->device, gather->device);
    TEXT_COPY(facts->read, gather->read != NULL ? gather->read : gather->code);
    bool undo = gather->count > 0 && gather->candidates[0].verb == VERB_UNDO;
    return records_session(store, gather->lane, gather->rules, &facts->session, err) &&
           records_operator(store, facts->session.operator_id, &facts->operator, err) &&
           (gather->lead == NULL || records_operator(store, gather->lead, &facts->lead, err)) &&
           records_parcel(store, facts->session.parcel_id, &facts->hand_parcel, err) &&
           records_unit(store, facts->session.unit_id, &facts->hand_unit, err) &&
           records_trace(store, facts->session.unit_id, &facts->hand_trace, err) &&
           find_hand_unit(store, facts, err) && find_codes(store, gather, facts, err) && find_asked(store, facts, err) &&
           find_holder(store, gather, &facts->scanned.parcel, err) && find_serial(store, facts, err) &&
           find_waiting(store, gather, facts, err) && find_other_rma(store, facts, err) &&
           find_last_job(store, facts, err) && find_places(store, facts, err) && find_batch(store, facts, err) &&
           records_inspection(store, facts, err) && records_next_ids(store, facts, err) && has_numbers(facts, err) &&
           find_await(store, facts, err) && (!undo || records_undo(store, facts, err)) &&
           find_shift(store, gather, facts, err) && records_photos(store, facts, err);
}
