/* SPDX-License-Identifier: Apache-2.0 */
/* Writing an outcome: journal row first, then what it changed with the rows as they were before, events and print job.
 */
#include "base/text.h"
#include "daemon/store/journal.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

static bool write_parcel(struct store *store, const struct parcel *parcel, int64_t journal, struct error *err)
{
    if (parcel->parcel_id == 0)
        return true;
    return table_keep(store, &parcel_table, journal, parcel->parcel_id, err) &&
           table_put(store, &parcel_table, NULL, parcel, err) &&
           (parcel->rma[0] == '\0' ||
            sql_run(store, err, "INSERT OR IGNORE INTO parcel_rma(parcel_id, rma, journal) VALUES(?,?,?)", "iti",
                    parcel->parcel_id, parcel->rma, journal));
}

/* The explanation of the unit's decision; a unit whose decision was undone has none. */
static bool write_trace(struct store *store, const struct unit *unit, const struct trace *trace, struct error *err)
{
    if (trace->count == 0)
        return unit->verdict != VERDICT_NONE ||
               sql_run(store, err, "DELETE FROM unit_trace WHERE unit_id = ?", "i", unit->unit_id);
    struct buffer text = BUFFER_EMPTY;
    for (int i = 0; i < trace->count; i++) {
        message_encode(&trace->steps[i], &text);
        buffer_append_byte(&text, '\n');
    }
    bool ok = sql_run(store, err, "INSERT OR REPLACE INTO unit_trace(unit_id, trace) VALUES(?,?)", "it", unit->unit_id,
                      buffer_text(&text));
    buffer_done(&text);
    return ok;
}

static bool write_unit(struct store *store, const struct outcome *outcome, int64_t journal, struct error *err)
{
    const struct unit *unit = &outcome->unit;
    if (unit->unit_id == 0)
        return true;
    return table_keep(store, &unit_table, journal, unit->unit_id, err) &&
           table_put(store, &unit_table, NULL, unit, err) && write_trace(store, unit, &outcome->trace, err);
}

static bool write_bulk(struct store *store, const struct outcome *outcome, int64_t journal, struct error *err)
{
    for (size_t i = 0; i < outcome->bulk.count; i++) {
        struct unit unit;
        outcome_bulk_unit(outcome, i, &unit);
        if (!table_keep(store, &unit_table, journal, unit.unit_id, err) ||
            !table_put(store, &unit_table, NULL, &unit, err))
            return false;
    }
    return (outcome->container.container_id == 0 ||
            table_put(store, &container_table, NULL, &outcome->container, err)) &&
           (outcome->batch.batch_id == 0 || table_put(store, &batch_table, NULL, &outcome->batch, err));
}

/* A load that is opened for the first time was expected before, whether somebody had announced it or not. */
static bool write_load(struct store *store, const struct load *load, int64_t journal, struct error *err)
{
    return load->load_id == 0 || (sql_run(store, err,
                                          "INSERT OR IGNORE INTO load(load_id, code, sscc, carrier, state, announced, "
                                          "expected, opened_at, closed_at)"
                                          " VALUES(?, ?, ?, '', 'expected', 0, 0, 0, 0)",
                                          "itt", load->load_id, load->code, load->sscc) &&
                                  table_keep(store, &load_table, journal, load->load_id, err) &&
                                  table_put(store, &load_table, NULL, load, err));
}

static bool write_inspection(struct store *store, const struct inspection *inspection, int64_t journal,
                             struct error *err)
{
    return inspection->unit_id == 0 || (table_keep(store, &inspection_table, journal, inspection->unit_id, err) &&
                                        table_put(store, &inspection_table, NULL, inspection, err));
}

/* The newest recommendation of a unit says which fees it bears. */
static bool write_fees(struct store *store, const struct outcome *outcome, struct error *err)
{
    const struct unit *unit = &outcome->unit;
    if (!outcome->bears_fees)
        return true;
    if (!sql_run(store, err, "DELETE FROM rma_fee WHERE rma = ? AND unit_id = ?", "ti", unit->rma, unit->unit_id))
        return false;
    for (int i = 0; i < outcome->fee_count; i++)
        if (!sql_run(store, err, "INSERT OR REPLACE INTO rma_fee(rma, unit_id, fee, line, amount) VALUES(?,?,?,?,?)",
                     "titti", unit->rma, unit->unit_id, outcome->fees[i].id, unit->line, outcome->fees[i].amount))
            return false;
    return true;
}

static bool write_aliases(struct store *store, const struct outcome *outcome, int64_t journal, struct error *err)
{
    for (size_t i = 0; i < outcome->alias_count; i++) {
        const struct alias *alias = &outcome->aliases[i];
        char key[VALUE_SIZE];
        code_key(key, alias->value);
        if (!sql_run(store, err,
                     "INSERT OR REPLACE INTO parcel_alias(key, parcel_id, kind, value, journal) VALUES(?,?,?,?,?)",
                     "titti", key, alias->parcel_id, name_of(&ref_kind_names, (int)alias->kind), alias->value, journal))
            return false;
    }
    return true;
}

static bool write_events(struct store *store, size_t count, const struct encoded *encoded, int64_t journal,
                         struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!sql_run(store, err,
                     "INSERT INTO event(sequence, type, subject, journal, body)"
                     " VALUES(coalesce(nullif(?, 0), (SELECT coalesce(max(sequence), 0) + 1 FROM event)), ?, ?, ?, ?)",
                     "ittit", encoded->sequence > 0 ? encoded->sequence + (int64_t)i : 0, encoded->events[i].type,
                     encoded->events[i].subject, journal, encoded->events[i].body))
            return false;
    return true;
}

static bool write_jobs(struct store *store, const struct outcome *outcome, const struct encoded *encoded,
                       const char *lane, int64_t journal, struct error *err)
{
    for (size_t i = 0; i < outcome->job_count; i++)
        if (outcome->jobs[i].job_id != 0 &&
            !sql_run(store, err, "UPDATE print_job SET state = ?, reason = '', changed_at = ? WHERE job_id = ?", "tii",
                     name_of(&job_state_names, (int)outcome->jobs[i].state), encoded->at, outcome->jobs[i].job_id))
            return false;
    const struct print_job *job = &outcome->print;
    return job->copy == 0 ||
           sql_run(store, err,
                   "INSERT INTO print_job(kind, unit_id, parcel_id, generation, copy, state, lane, printer, code,"
                   " template_hash, zpl, created_at, changed_at, journal, counter, identity)"
                   " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                   "tiiiitttttbiiiit", name_of(&label_kind_names, (int)job->kind), job->unit_id, job->parcel_id,
                   (int64_t)job->generation, (int64_t)job->copy,
                   name_of(&job_state_names, encoded->is_sending ? JOB_SENDING : JOB_QUEUED), lane, encoded->printer,
                   encoded->label_code, encoded->template_hash, encoded->zpl, encoded->zpl_length, encoded->at,
                   encoded->at, journal, encoded->is_sending ? encoded->counter : -1,
                   encoded->is_sending ? encoded->identity : "");
}

static bool write_progress(struct store *store, const struct outcome *outcome, struct error *err)
{
    static const char receipt[] = "INSERT INTO rma_progress(rma, receipt_recommended) VALUES(?, 1)"
                                  " ON CONFLICT(rma) DO UPDATE SET receipt_recommended = 1";
    static const char completed[] = "INSERT INTO rma_progress(rma, completed) VALUES(?, 1)"
                                    " ON CONFLICT(rma) DO UPDATE SET completed = 1";
    static const char reopened[] = "UPDATE rma_progress SET completed = 0 WHERE rma = ?";
    return (outcome->receipt_rma[0] == '\0' || sql_run(store, err, receipt, "t", outcome->receipt_rma)) &&
           (outcome->completed_rma[0] == '\0' || sql_run(store, err, completed, "t", outcome->completed_rma)) &&
           (outcome->reopened_rma[0] == '\0' || sql_run(store, err, reopened, "t", outcome->reopened_rma));
}

static bool write_roll_label(struct store *store, const struct outcome *outcome, struct error *err)
{
    return !outcome->takes_roll_lpn ||
           sql_run(store, err, "INSERT OR IGNORE INTO roll_label(lpn, unit_id) VALUES(?, ?)", "ti", outcome->unit.lpn,
                   outcome->unit.unit_id);
}

static bool write_counters(struct store *store, const struct outcome *outcome, const char *lpn, const char *parcel_code,
                           struct error *err)
{
    static const char sql[] = "INSERT INTO meta(name, value) VALUES(?1, ?2)"
                              " ON CONFLICT(name) DO UPDATE SET value = value + ?2";
    return (outcome->lpns_used == 0 || sql_run(store, err, sql, "ti", lpn, outcome->lpns_used)) &&
           (outcome->parcel_codes_used == 0 ||
            sql_run(store, err, sql, "ti", parcel_code, outcome->parcel_codes_used));
}

/* What was said of a line, and what an undone step had said or linked. */
static bool write_mark(struct store *store, const struct outcome *outcome, int64_t journal, struct error *err)
{
    const struct line_mark *mark = &outcome->mark;
    int64_t undoes = outcome->undoes;
    return (mark->rma[0] == '\0' ||
            sql_run(store, err,
                    "INSERT OR REPLACE INTO line_mark(rma, line, parcel_id, fate, qty, journal) VALUES(?,?,?,?,?,?)",
                    "ttitii", mark->rma, mark->line, mark->parcel_id, name_of(&line_fate_names, (int)mark->fate),
                    mark->qty, journal)) &&
           (undoes == 0 || sql_run(store, err, "DELETE FROM line_mark WHERE parcel_id = ? AND journal = ?", "ii",
                                   outcome->parcel.parcel_id, undoes)) &&
           (!outcome->unlinks ||
            (sql_run(store, err, "DELETE FROM parcel_rma WHERE parcel_id = ? AND journal = ?", "ii",
                     outcome->parcel.parcel_id, undoes) &&
             sql_run(store, err, "DELETE FROM parcel_alias WHERE parcel_id = ? AND journal = ?", "ii",
                     outcome->parcel.parcel_id, undoes)));
}

/* A photo is taken by this step, or taken off with the step that is undone. */
static bool write_photo(struct store *store, const struct outcome *outcome, const struct session *session, int64_t at,
                        int64_t journal, struct error *err)
{
    struct photo photo = outcome->photo;
    photo.journal = journal;
    photo.at = at;
    TEXT_COPY(photo.operator_id, session->operator_id);
    return (photo.sha256[0] == '\0' || table_put(store, &photo_table, NULL, &photo, err)) &&
           (outcome->undoes == 0 || sql_run(store, err, "UPDATE photo SET removed = ? WHERE journal = ?", "ii", journal,
                                            outcome->undoes));
}

static bool write_exception(struct store *store, const struct outcome *outcome, const struct session *session,
                            int64_t at, int64_t journal, struct error *err)
{
    static const char open[] =
        "INSERT INTO exception(type, parcel_id, unit_id, lane, opened_at, journal) VALUES(?,?,?,?,?,?)";
    static const char resolve[] = "UPDATE exception SET resolved_at = ?, resolved_by = ?, how = ?"
                                  " WHERE resolved_at IS NULL AND type = ? AND parcel_id = ?";
    static const char settle[] = "UPDATE exception SET resolved_at = ?, resolved_by = ?, how = ?"
                                 " WHERE resolved_at IS NULL AND unit_id = ? AND unit_id > 0";
    static const char undone[] = "UPDATE exception SET resolved_at = ?, resolved_by = ?, how = 'undone'"
                                 " WHERE resolved_at IS NULL AND journal = ?";
    const char *by = outcome->lead[0] != '\0' ? outcome->lead : session->operator_id;
    return (!outcome->resolves_unit || sql_run(store, err, settle, "itti", at, by,
                                               name_of(&action_names, (int)outcome->action), outcome->unit.unit_id)) &&
           (outcome->exception[0] == '\0' ||
            sql_run(store, err, open, "tiitii", outcome->exception, outcome->parcel.parcel_id, outcome->unit.unit_id,
                    session->lane, at, journal)) &&
           (outcome->resolves[0] == '\0' ||
            sql_run(store, err, resolve, "ittti", at, by, name_of(&action_names, (int)outcome->action),
                    outcome->resolves, outcome->parcel.parcel_id)) &&
           (outcome->undoes == 0 || sql_run(store, err, undone, "iti", at, by, outcome->undoes));
}

bool records_write(struct store *store, const struct outcome *outcome, struct session *session,
                   const struct encoded *encoded, struct error *err)
{
    int64_t journal;
    if (!journal_append(store, outcome, session, encoded, &journal, err))
        return false;
    session->last_journal = journal;
    return write_parcel(store, &outcome->parcel, journal, err) && write_unit(store, outcome, journal, err) &&
           write_bulk(store, outcome, journal, err) && write_load(store, &outcome->load, journal, err) &&
           write_inspection(store, &outcome->inspection, journal, err) && write_fees(store, outcome, err) &&
           write_aliases(store, outcome, journal, err) && write_mark(store, outcome, journal, err) &&
           write_events(store, outcome_event_count(outcome), encoded, journal, err) &&
           write_jobs(store, outcome, encoded, session->lane, journal, err) && write_progress(store, outcome, err) &&
           write_counters(store, outcome, "lpn", "parcel_code", err) && write_roll_label(store, outcome, err) &&
           write_exception(store, outcome, session, encoded->at, journal, err) &&
           write_photo(store, outcome, session, encoded->at, journal, err) &&
           (session->lane[0] == '\0' || table_put(store, &session_table, NULL, session, err));
}

bool records_write_traces(struct store *store, const struct outcome *outcome, const struct session *session,
                          size_t event_count, const struct encoded *encoded, struct error *err)
{
    struct session who = {0};
    int64_t journal;
    TEXT_COPY(who.lane, session->lane);
    TEXT_COPY(who.operator_id, session->operator_id);
    return journal_append(store, outcome, &who, encoded, &journal, err) &&
           write_events(store, event_count, encoded, journal, err) &&
           write_jobs(store, outcome, encoded, who.lane, journal, err) &&
           write_counters(store, outcome, "training_lpn", "training_parcel", err);
}
