/* SPDX-License-Identifier: Apache-2.0 */
/* The copy that trainees work on. It has the station's schema, but lies in memory and holds no directory: RMAs,
   products and people are read out of the station's own file, which is attached for reading only. So every statement of
   the store works on it as it is, and none can touch the station. */
#include "base/text.h"
#include "daemon/store/journal.h"
#include "daemon/store/records.h"
#include "daemon/store/schema.h"
#include "daemon/store/sql.h"

#include <stdlib.h>
#include <string.h>

/* What is not found in the copy is looked for in the attached file. */
static const char leave_the_directory[] =
    "DROP TABLE rma; DROP TABLE rma_content; DROP TABLE rma_ref; DROP TABLE rma_line; DROP TABLE product;"
    "DROP TABLE product_code; DROP TABLE operator; DROP TABLE inbound; DROP TABLE rule_version;"
    "DROP TABLE carrier_label; DROP TABLE place;"
    "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;";

/* Its labels are never those of goods, and never those of an earlier lesson: numbers go on where the last run stopped,
   and parcels and batches, which have no name of their own, begin where a station never gets to. */
#define PARCELS_FROM 9000000
static bool go_on_counting(struct store *copy, struct error *err)
{
    static const char sql[] = "INSERT INTO meta(name, value) SELECT 'lpn', coalesce(max(value), 0) FROM station.meta "
                              "WHERE name = 'training_lpn'"
                              " UNION ALL SELECT 'parcel_code', ?1 + coalesce(max(value), 0) FROM station.meta WHERE "
                              "name = 'training_parcel'";
    return sql_run(copy, err, sql, "i", (int64_t)PARCELS_FROM);
}

static bool attach(struct store *copy, struct error *err)
{
    struct buffer uri = BUFFER_EMPTY;
    buffer_append_text(&uri, "file:");
    sql_append_path(&uri, copy->directory);
    buffer_append_text(&uri, "/returnsd.db?mode=ro");
    bool ok = sql_run(copy, err, "ATTACH DATABASE ? AS station", "t", buffer_text(&uri));
    buffer_done(&uri);
    return ok;
}

struct store *store_open_training(const struct store *station, struct error *err)
{
    struct store *copy = memory_new(1, sizeof *copy);
    copy->directory = memory_text(station->directory);
    copy->lock_fd = -1;
    TEXT_COPY(copy->stream, station->stream);
    int result =
        sqlite3_open_v2(":memory:", &copy->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    if ((result == SQLITE_OK || sql_fail(copy, err, "cannot open")) && journal_register(copy, err) &&
        schema_upgrade(copy, err) &&
        sql_script(copy, leave_the_directory, err) && attach(copy, err) && go_on_counting(copy, err))
        return copy;
    return store_close(copy);
}

bool records_trainee(struct store *store, const char *lane, char ret_operator[KEY_SIZE], bool *ret_asked,
                     struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT operator_id, stopped OR pending = 'logout' FROM session JOIN operator ON operator.id = operator_id"
        " WHERE lane = ? AND training",
        "t", lane);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    text_copy(ret_operator, KEY_SIZE, row ? sql_text(q, 0) : "");
    *ret_asked = row && sqlite3_column_int(q, 1) != 0;
    return true;
}

bool records_write_session(struct store *store, const struct session *session, struct error *err)
{
    (void)table_columns(&session_table);
    return table_put(store, &session_table, NULL, session, err);
}

/* The label comes out of a real printer, whose job is the station's: in the copy it counts as printed. */
bool records_write_lesson(struct store *copy, const struct outcome *outcome, struct session *session,
                          const struct encoded *encoded, struct error *err)
{
    return records_write(copy, outcome, session, encoded, err) &&
           (outcome->print.copy == 0 ||
            sql_run(copy, err, "UPDATE print_job SET state = 'printed' WHERE state IN ('queued', 'sending')", ""));
}
