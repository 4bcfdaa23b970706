/* SPDX-License-Identifier: Apache-2.0 */
/* What UNDO would take back: the lane's last step that still stands, the rows as they were before it, its events. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <string.h>

#define STANDS " undoable AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.undoes = j.journal AND u.undoes > 0)"

static bool find_step(struct store *store, const char *lane, struct undo_facts *undo, int64_t *ret_parcel,
                      int64_t *ret_unit, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT journal, action, operator_id, parcel_id, unit_id FROM journal j WHERE lane = ? AND" STANDS
        " ORDER BY journal DESC LIMIT 1",
        "t", lane);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    if (!row)
        return true;
    int action;
    if (!name_find(&action_names, sql_text(q, 1), &action))
        return error_set(err, ERROR_CORRUPT, "journal row %lld has the unknown action %s",
                         (long long)sqlite3_column_int64(q, 0), sql_text(q, 1));
    undo->journal = sqlite3_column_int64(q, 0);
    undo->action = (enum action)action;
    TEXT_COPY(undo->operator_id, sql_text(q, 2));
    *ret_parcel = sqlite3_column_int64(q, 3);
    *ret_unit = sqlite3_column_int64(q, 4);
    return true;
}

/* The lane's own later steps are undone before this one, so what stands later was done elsewhere. What the ERP did to
   one unit stands in the way of that unit's steps alone. */
static bool find_later(struct store *store, struct undo_facts *undo, int64_t parcel, int64_t unit, struct error *err)
{
    int64_t later_parcel, later_unit;
    if (!sql_int64(
            store, err, 0, &later_parcel,
            "SELECT 1 FROM journal j WHERE parcel_id = ? AND parcel_id > 0 AND journal > ? AND NOT (action = 'erp' AND"
            " unit_id > 0) AND" STANDS " LIMIT 1",
            "ii", parcel, undo->journal) ||
        !sql_int64(store, err, 0, &later_unit,
                   "SELECT 1 FROM journal j WHERE unit_id = ? AND unit_id > 0 AND journal > ? AND" STANDS " LIMIT 1",
                   "ii", unit, undo->journal))
        return false;
    undo->later = later_parcel != 0 || later_unit != 0;
    return true;
}

static bool read_before(struct store *store, const struct table *table, const char *sql, int64_t journal, int64_t key,
                        void *ret_row, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "ii", journal, key);
    bool row;
    return q != NULL && sql_step(store, q, &row, err) && (!row || table_read(table, q, 0, ret_row, err));
}

static bool find_answers(struct store *store, struct undo_facts *undo, int64_t unit, struct error *err)
{
    static char sql[200];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM inspection_before WHERE journal = ? AND unit_id = ?",
                    table_columns(&inspection_table));
    return read_before(store, &inspection_table, sql, undo->journal, unit, &undo->inspection_before, err);
}

static bool find_unit(struct store *store, struct undo_facts *undo, int64_t unit, struct error *err)
{
    static char sql[700];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM unit_before WHERE journal = ? AND unit_id = ?", table_columns(&unit_table));
    struct unit_facts now = {0};
    if (unit == 0 || !records_unit(store, unit, &now, err))
        return unit == 0;
    undo->unit_now = now.unit;
    undo->job = now.job;
    undo->carrier = now.carrier;
    if (!records_container(store, 0, now.unit.container, &undo->container, err) ||
        !records_batch(store, now.unit.batch_id, "", &undo->batch, err) ||
        !find_answers(store, undo, unit, err))
        return false;
    return read_before(store, &unit_table, sql, undo->journal, unit, &undo->unit_before, err);
}

static bool is_receipt(enum action action)
{
    return action == ACTION_RECEIVE || action == ACTION_RECEIVE_OPEN;
}

/* Only a parcel that the step itself wrote is restored: it has a row before, or it was made by a step that receives. */
static bool find_parcel(struct store *store, struct undo_facts *undo, int64_t parcel, struct parcel_facts *ret_now,
                        struct error *err)
{
    static char sql[400];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM parcel_before WHERE journal = ? AND parcel_id = ?",
                    table_columns(&parcel_table));
    parcel_facts_done(ret_now);
    if (!records_parcel(store, parcel, ret_now, err) ||
        !read_before(store, &parcel_table, sql, undo->journal, parcel, &undo->parcel_before, err))
        return false;
    if (undo->parcel_before.parcel_id != 0 || is_receipt(undo->action))
        undo->parcel_now = ret_now->parcel;
    struct job_row job = {0};
    if (!is_receipt(undo->action) && undo->action != ACTION_BLOCK)
        return true;
    if (!jobs_newest(store, 0, parcel, &job, err))
        return false;
    undo->job = job.job;
    return true;
}

static void take_event(sqlite3_stmt *q, struct undo_facts *undo)
{
    const char *subject = sql_text(q, 2);
    if (!event_find(sql_text(q, 1), &undo->events[undo->event_count].type))
        return;
    undo->events[undo->event_count].sequence = sqlite3_column_int64(q, 0);
    if (strncmp(subject, "rma/", 4) == 0)
        TEXT_COPY(undo->events[undo->event_count].rma, subject + 4);
    undo->event_count++;
}

static bool find_events(struct store *store, struct undo_facts *undo, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q =
        sql_query(store, err, "SELECT sequence, type, subject FROM event WHERE journal = ? ORDER BY sequence LIMIT 16",
                  "i", undo->journal);
    bool row = q != NULL;
    while (row) {
        if (!sql_step(store, q, &row, err))
            return false;
        if (row)
            take_event(q, undo);
    }
    return q != NULL;
}

/* True if the load was opened or closed again by a step that stands. */
static bool load_changed_since(struct store *store, int64_t load_id, int64_t journal, bool *ret_changed,
                               struct error *err)
{
    int64_t found;
    if (!sql_int64(store, err, 0, &found,
                   "SELECT 1 FROM load_before b JOIN journal j USING (journal) WHERE b.load_id = ? AND j.journal > ? "
                   "AND" STANDS " LIMIT 1",
                   "ii", load_id, journal))
        return false;
    *ret_changed = found != 0;
    return true;
}

/* A parcel that was counted with a closed load stays received. */
static bool find_load(struct store *store, struct undo_facts *undo, struct error *err)
{
    static char sql[200];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM load_before WHERE journal = ? AND load_id = ?", table_columns(&load_table));
    bool step = undo->action == ACTION_LOAD_OPEN || undo->action == ACTION_LOAD_CLOSE;
    int64_t id = is_receipt(undo->action) ? undo->parcel_now.load_id : 0;
    if (step && !sql_int64(store, err, 0, &id, "SELECT load_id FROM load_before WHERE journal = ?", "i", undo->journal))
        return false;
    if (!records_load(store, id, "", &undo->load_now, err))
        return false;
    if (!step) {
        undo->load_later = undo->load_now.state == LOAD_CLOSED;
        return true;
    }
    return read_before(store, &load_table, sql, undo->journal, id, &undo->load_before, err) &&
           load_changed_since(store, id, undo->journal, &undo->load_later, err);
}

static bool find_exception(struct store *store, struct undo_facts *undo, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err, "SELECT type FROM exception WHERE journal = ? AND resolved_at IS NULL", "i", undo->journal);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    TEXT_COPY(undo->exception, row ? sql_text(q, 0) : "");
    return true;
}

/* A HOLD label that just came out is not taken back, and the step before it not by mistake: only if asked again. */
static bool was_hold(struct store *store, int64_t journal, bool *ret_held, struct error *err)
{
    int64_t held;
    if (!sql_int64(store, err, 0, &held, "SELECT action = 'hold' FROM journal WHERE journal = ?", "i", journal))
        return false;
    *ret_held = held != 0;
    return true;
}

bool records_undo(struct store *store, struct facts *facts, struct error *err)
{
    struct undo_facts *undo = &facts->undo;
    int64_t parcel = 0, unit = 0;
    bool held;
    if (!was_hold(store, facts->session.last_journal, &held, err) ||
        (!held && !find_step(store, facts->session.lane, undo, &parcel, &unit, err)))
        return false;
    return undo->journal == 0 || (find_later(store, undo, parcel, unit, err) && find_unit(store, undo, unit, err) &&
                                  find_parcel(store, undo, parcel, &facts->scanned.parcel, err) &&
                                  find_load(store, undo, err) && find_exception(store, undo, err) &&
                                  find_events(store, undo, err));
}
