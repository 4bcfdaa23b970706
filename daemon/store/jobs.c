/* SPDX-License-Identifier: Apache-2.0 */
/* Print jobs: rows that the spool works off, one outstanding job a printer. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

#define COLUMNS                                                                                                        \
    "job_id, kind, unit_id, parcel_id, generation, copy, state, lane, printer, code, reason, identity, counter,"       \
    " created_at, template_hash, zpl"

static bool read_job(struct store *store, sqlite3_stmt *q, bool with_zpl, struct job_row *ret_job, struct error *err)
{
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    *ret_job = (struct job_row){0};
    if (!row)
        return true;
    int kind, state;
    if (!name_find(&label_kind_names, sql_text(q, 1), &kind) || !name_find(&job_state_names, sql_text(q, 6), &state))
        return error_set(err, ERROR_CORRUPT, "print job %lld has an unknown kind or state",
                         (long long)sqlite3_column_int64(q, 0));
    ret_job->job = (struct print_job){.job_id = sqlite3_column_int64(q, 0),
                                      .kind = (enum label_kind)kind,
                                      .unit_id = sqlite3_column_int64(q, 2),
                                      .parcel_id = sqlite3_column_int64(q, 3),
                                      .generation = sqlite3_column_int(q, 4),
                                      .copy = sqlite3_column_int(q, 5),
                                      .state = (enum job_state)state,
                                      .aged = text_equal(sql_text(q, 10), "too_old")};
    TEXT_COPY(ret_job->lane, sql_text(q, 7));
    TEXT_COPY(ret_job->printer, sql_text(q, 8));
    TEXT_COPY(ret_job->code, sql_text(q, 9));
    TEXT_COPY(ret_job->reason, sql_text(q, 10));
    TEXT_COPY(ret_job->identity, sql_text(q, 11));
    ret_job->counter = sqlite3_column_int64(q, 12);
    ret_job->created_at = sqlite3_column_int64(q, 13);
    TEXT_COPY(ret_job->template_hash, sql_text(q, 14));
    if (with_zpl) {
        ret_job->zpl_length = (size_t)sqlite3_column_bytes(q, 15);
        ret_job->zpl = memory_new(ret_job->zpl_length + 1, 1);
        if (ret_job->zpl_length > 0)
            memcpy(ret_job->zpl, sqlite3_column_blob(q, 15), ret_job->zpl_length);
    }
    return true;
}

bool jobs_next(struct store *store, const char *printer, struct job_row *ret_job, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT " COLUMNS " FROM print_job WHERE printer = ? AND state IN ('queued','sending','needs_attention')"
        " ORDER BY job_id LIMIT 1",
        "t", printer);
    return read_job(store, q, true, ret_job, err);
}

bool jobs_newest(struct store *store, int64_t unit_id, int64_t parcel_id, struct job_row *ret_job, struct error *err)
{
    *ret_job = (struct job_row){0};
    if (unit_id == 0 && parcel_id == 0)
        return true;
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        unit_id != 0
            ? sql_query(store, err,
                        "SELECT " COLUMNS " FROM print_job WHERE unit_id = ? AND kind <> 'carrier'"
                        " ORDER BY job_id DESC LIMIT 1",
                        "i", unit_id)
            : sql_query(store, err,
                        "SELECT " COLUMNS " FROM print_job WHERE parcel_id = ? ORDER BY job_id DESC LIMIT 1", "i",
                        parcel_id);
    return read_job(store, q, false, ret_job, err);
}

bool jobs_newest_carrier(struct store *store, int64_t unit_id, struct job_row *ret_job, struct error *err)
{
    *ret_job = (struct job_row){0};
    if (unit_id == 0)
        return true;
    CLEANUP(sql_done)
    sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT " COLUMNS " FROM print_job WHERE unit_id = ? AND kind = 'carrier' ORDER BY job_id DESC LIMIT 1", "i",
        unit_id);
    return read_job(store, q, false, ret_job, err);
}

bool jobs_last(struct store *store, int64_t unit_id, int64_t parcel_id, struct job_row *ret_job, struct error *err)
{
    struct job_row carrier;
    if (!jobs_newest(store, unit_id, parcel_id, ret_job, err) ||
        !jobs_newest_carrier(store, unit_id, &carrier, err))
        return false;
    bool counts = carrier.job.state != JOB_RECALLED && (carrier.job.state != JOB_VOIDED || carrier.job.aged);
    if (carrier.job.job_id > ret_job->job.job_id && counts)
        *ret_job = carrier;
    return true;
}

bool jobs_put_state(struct store *store, const struct job_row *job, enum job_state state, const char *reason,
                    int64_t now, struct error *err)
{
    return sql_run(
        store, err,
        "UPDATE print_job SET state = ?, reason = ?, counter = ?, identity = ?, changed_at = ? WHERE job_id = ?"
        " AND state NOT IN ('confirmed','voided','recalled')",
        "ttitii", name_of(&job_state_names, (int)state), reason, job->counter, job->identity, now, job->job.job_id);
}

/* What no row needs is no transaction on the disk. */
static bool run_alone(struct store *store, bool ok, struct error *err)
{
    ok = ok && store_commit(store, err);
    if (!ok)
        store_rollback(store);
    return ok;
}

bool jobs_set_state(struct store *store, const struct job_row *job, enum job_state state, const char *reason,
                    int64_t now, struct error *err)
{
    return store_begin(store, err) && run_alone(store, jobs_put_state(store, job, state, reason, now, err), err);
}

bool jobs_mark_queued(struct store *store, const char *printer, const char *reason, int64_t now, struct error *err)
{
    return store_begin(store, err) &&
           run_alone(store,
                     sql_run(store, err,
                             "UPDATE print_job SET reason = ?1, changed_at = ?2"
                             " WHERE printer = ?3 AND state = 'queued' AND reason <> ?1",
                             "tit", reason, now, printer),
                     err);
}

bool jobs_void_old(struct store *store, const char *printer, int64_t created_before, int64_t now, int64_t *ret_count,
                   struct error *err)
{
    bool ok = store_begin(store, err) &&
              run_alone(store,
                        sql_run(store, err,
                                "UPDATE print_job SET state = 'voided', reason = 'too_old', changed_at = ?"
                                " WHERE printer = ? AND state = 'queued' AND created_at < ?",
                                "iti", now, printer, created_before),
                        err);
    *ret_count = ok ? sqlite3_changes(store->db) : 0;
    return ok;
}

bool jobs_move(struct store *store, const char *lane, const char *from, const char *to, int64_t now, int64_t *ret_count,
               struct error *err)
{
    bool ok = store_begin(store, err) &&
              run_alone(store,
                        sql_run(store, err,
                                "UPDATE print_job SET printer = ?, reason = 'spare', changed_at = ?"
                                " WHERE printer = ? AND lane = ? AND state = 'queued'",
                                "titt", to, now, from, lane),
                        err);
    *ret_count = ok ? sqlite3_changes(store->db) : 0;
    return ok;
}

bool jobs_in_doubt(struct store *store, struct job_row *ret_rows, size_t max, size_t *ret_count, struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        sql_query(store, err,
                  "SELECT " COLUMNS " FROM print_job WHERE state IN ('unknown','sent') ORDER BY job_id LIMIT ?", "i",
                  (int64_t)max);
    for (*ret_count = 0; *ret_count < max; ++*ret_count) {
        if (!read_job(store, q, false, &ret_rows[*ret_count], err))
            return false;
        if (ret_rows[*ret_count].job.job_id == 0)
            break;
    }
    return true;
}

bool jobs_answer(struct store *store, int64_t job_id, bool came_out, int64_t now, enum job_state *ret_state,
                 bool *ret_found, struct error *err)
{
    int64_t newer = 0;
    bool ok = store_begin(store, err) &&
              sql_int64(store, err, 0, &newer,
                        "SELECT count(*) FROM print_job old JOIN print_job new ON new.unit_id = old.unit_id"
                        " AND new.parcel_id = old.parcel_id AND new.job_id > old.job_id WHERE old.job_id = ?"
                        " AND (new.kind = 'carrier') = (old.kind = 'carrier') AND old.kind <> 'card'",
                        "i", job_id);
    enum job_state state = came_out ? JOB_PRINTED : newer > 0 ? JOB_VOIDED : JOB_QUEUED;
    ok = ok && sql_run(store, err,
                       "UPDATE print_job SET state = ?, reason = '', counter = -1, identity = '', changed_at = ?"
                       " WHERE job_id = ? AND state IN ('unknown','sent')",
                       "tii", name_of(&job_state_names, (int)state), now, job_id);
    *ret_found = ok && sqlite3_changes(store->db) > 0;
    *ret_state = state;
    return run_alone(store, ok, err);
}

bool jobs_add_card(struct store *store, const struct job_row *job, const char *template_hash, int64_t *ret_job_id,
                   struct error *err)
{
    bool ok =
        store_begin(store, err) &&
        run_alone(
            store,
            sql_run(store, err,
                    "INSERT INTO print_job(kind, unit_id, parcel_id, generation, copy, state, lane, printer, code,"
                    " template_hash, zpl, created_at, changed_at, journal, counter, identity)"
                    " VALUES('card', 0, 0, 0, 1, 'queued', ?, ?, ?, ?, ?, ?6, ?6, 0, -1, '')",
                    "ttttbi", job->lane, job->printer, job->code, template_hash, job->zpl, job->zpl_length,
                    job->created_at),
            err);
    *ret_job_id = ok ? sqlite3_last_insert_rowid(store->db) : 0;
    return ok;
}

bool jobs_count_open(struct store *store, const char *printer, int64_t *ret_count, struct error *err)
{
    return sql_int64(
        store, err, 0, ret_count,
        "SELECT count(*) FROM print_job WHERE printer = ? AND state IN ('queued','sending','needs_attention')", "t",
        printer);
}
