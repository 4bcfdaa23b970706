/* SPDX-License-Identifier: Apache-2.0 */
/* Photos as rows: those that a decision or its events may name, those that an audit asks for, and whose file that is. */
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <stdlib.h>

#define NOBODY INT64_C(-1) /* 0 in the table means photos of parcels, which are many */
#define SUBJECTS 4 /* units, and as many parcels, that facts may be about */

static bool take_photos(struct store *store, sqlite3_stmt *q, struct photo *ret_photos, size_t max, size_t *ret_count,
                        struct error *err)
{
    bool row = q != NULL;
    *ret_count = 0;
    while (row && *ret_count < max) {
        if (!sql_step(store, q, &row, err) ||
            (row && !table_read(&photo_table, q, 0, &ret_photos[*ret_count], err)))
            return false;
        *ret_count += row;
    }
    return q != NULL;
}

/* What facts may be about; an effect is decided with the asked ones alone. */
static bool find_subjects(const struct facts *facts, int64_t units[SUBJECTS], int64_t parcels[SUBJECTS])
{
    const struct unit *const known_units[SUBJECTS] = {&facts->hand_unit.unit, &facts->asked_unit.unit,
                                                      &facts->scanned.unit.unit, &facts->waiting_unit.unit};
    const struct parcel *const known_parcels[SUBJECTS] = {&facts->hand_parcel.parcel, &facts->asked_parcel.parcel,
                                                          &facts->scanned.parcel.parcel, &facts->unit_parcel.parcel};
    bool any = false;
    for (size_t i = 0; i < SUBJECTS; i++) {
        units[i] = known_units[i]->unit_id != 0 ? known_units[i]->unit_id : NOBODY;
        parcels[i] = known_parcels[i]->parcel_id != 0 ? known_parcels[i]->parcel_id : NOBODY;
        any = any || units[i] != NOBODY || parcels[i] != NOBODY;
    }
    return any;
}

bool records_photos(struct store *store, struct facts *facts, struct error *err)
{
    static char sql[400];
    const size_t max = 2 * SUBJECTS * PHOTOS_MAX;
    int64_t units[SUBJECTS], parcels[SUBJECTS];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql,
                    "SELECT %s FROM photo WHERE removed = 0 AND (unit_id IN (?, ?, ?, ?) OR"
                    " (unit_id = 0 AND parcel_id IN (?, ?, ?, ?))) ORDER BY journal LIMIT ?",
                    table_columns(&photo_table));
    if (!find_subjects(facts, units, parcels))
        return true;
    CLEANUP(sql_done)
    sqlite3_stmt *q = sql_query(store, err, sql, "iiiiiiiii", units[0], units[1], units[2], units[3], parcels[0],
                                parcels[1], parcels[2], parcels[3], (int64_t)max);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    if (!row)
        return true;
    facts->photos = memory_new(max, sizeof *facts->photos);
    sqlite3_reset(q);
    return take_photos(store, q, facts->photos, max, &facts->photo_count, err);
}

bool records_photos_of(struct store *store, int64_t unit_id, int64_t parcel_id, struct photo *ret_photos, size_t max,
                       size_t *ret_count, struct error *err)
{
    static char sql[300];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql,
                    "SELECT %s FROM photo WHERE (unit_id = ?1 AND ?1 > 0) OR (unit_id = 0 AND parcel_id = ?2 AND ?2 > 0)"
                    " ORDER BY journal LIMIT ?3",
                    table_columns(&photo_table));
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "iii", unit_id, parcel_id, (int64_t)max);
    return take_photos(store, q, ret_photos, max, ret_count, err);
}

bool records_photo(struct store *store, const char *sha256, struct photo *ret_photo, struct error *err)
{
    static char sql[200];
    bool found;
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM photo WHERE sha256 = ? LIMIT 1", table_columns(&photo_table));
    *ret_photo = (struct photo){0};
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", sha256);
    return table_read_one(store, q, &photo_table, ret_photo, &found, err);
}
