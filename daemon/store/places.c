/* SPDX-License-Identifier: Apache-2.0 */
/* Reading containers and destruction batches, and the units in them; places that the ERP knows. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#include <stdlib.h>

static bool count_contents(struct store *store, struct container *container, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT total(unit.qty), total(unit.qty * product.weight_g) FROM unit LEFT JOIN product USING (sku)"
        " WHERE container = ? AND container <> '' AND status <> 'none'",
        "t", container->code);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    container->units = sqlite3_column_int64(q, 0);
    container->weight_g = sqlite3_column_int64(q, 1);
    return true;
}

bool records_place(struct store *store, const char *code, struct place *ret_place, struct error *err)
{
    static char sql[200];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM place WHERE code = ?", table_columns(&place_table));
    if (code[0] == '\0')
        return true;
    bool found;
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", code);
    return table_read_one(store, q, &place_table, ret_place, &found, err);
}

bool records_put_place(struct store *store, const struct place *place, struct error *err)
{
    return table_put(store, &place_table, NULL, place, err);
}

bool records_container(struct store *store, int64_t id, const char *code, struct container *ret_container,
                       struct error *err)
{
    static char sql[300];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM container WHERE container_id = ?1 OR (code = ?2 AND code <> '')",
                    table_columns(&container_table));
    if (id == 0 && code[0] == '\0')
        return true;
    bool found;
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "it", id, code);
        if (!table_read_one(store, q, &container_table, ret_container, &found, err))
            return false;
    }
    return !found || (count_contents(store, ret_container, err) &&
                      records_place(store, ret_container->code, &ret_container->place, err));
}

bool records_contents(struct store *store, const char *code, int64_t batch_id, struct unit **ret_units,
                      size_t *ret_count, struct error *err)
{
    static char sql[900];
    if (sql[0] == '\0')
        TEXT_FORMAT(
            sql,
            "SELECT %s FROM unit WHERE ((container = ?1 AND container <> '') OR (batch_id = ?2 AND batch_id > 0))"
            " AND status <> 'none' ORDER BY unit_id",
            table_columns(&unit_table));
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "ti", code, batch_id);
    struct unit *units = NULL;
    size_t count = 0;
    bool row = q != NULL, ok = row;
    while (ok && row && (ok = sql_step(store, q, &row, err)) && row) {
        units = memory_resize(units, count + 1, sizeof *units);
        units[count] = (struct unit){0};
        ok = table_read(&unit_table, q, 0, &units[count], err);
        count += ok;
    }
    if (!ok) {
        free(units);
        return false;
    }
    *ret_units = units;
    *ret_count = count;
    return true;
}

/* The products' weight, as long as nobody has weighed the batch. */
static bool count_batch(struct store *store, struct batch *batch, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(
        store, err,
        "SELECT total(unit.qty), total(unit.qty * product.weight_g) FROM unit LEFT JOIN product USING (sku)"
        " WHERE batch_id = ? AND batch_id > 0",
        "i", batch->batch_id);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    batch->units = sqlite3_column_int64(q, 0);
    if (batch->weight_g == 0)
        batch->weight_g = sqlite3_column_int64(q, 1);
    return true;
}

bool records_batch(struct store *store, int64_t id, const char *code, struct batch *ret_batch, struct error *err)
{
    static char sql[300];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql, "SELECT %s FROM batch WHERE batch_id = ?1 OR (code = ?2 AND code <> '')",
                    table_columns(&batch_table));
    if (id == 0 && code[0] == '\0')
        return true;
    bool found;
    {
        CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "it", id, code);
        if (!table_read_one(store, q, &batch_table, ret_batch, &found, err))
            return false;
    }
    return !found || count_batch(store, ret_batch, err);
}
