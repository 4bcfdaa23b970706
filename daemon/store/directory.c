/* SPDX-License-Identifier: Apache-2.0 */
/* The directory: RMAs by version with their references and lines, products with their codes, operators. */
#include "daemon/store/directory.h"

#include "base/text.h"
#include "daemon/store/effects.h"
#include "daemon/store/sql.h"

#include <sodium.h>
#include <string.h>

#define HASH_SIZE 16

static bool read_version(struct store *store, const char *rma, int64_t *ret_version, struct error *err)
{
    return sql_int64(store, err, -1, ret_version, "SELECT version FROM rma WHERE rma = ?", "t", rma);
}

static bool same_content(struct store *store, const char *rma, const unsigned char *hash, bool *ret_same,
                         struct error *err)
{
    int64_t count;
    if (!sql_int64(store, err, 0, &count, "SELECT 1 FROM rma_content WHERE rma = ? AND hash = ?", "tb", rma, hash,
                   (size_t)HASH_SIZE))
        return false;
    *ret_same = count == 1;
    return true;
}

/* What the version rule of 15-data §1 says: store, or why not. */
static enum put_result judge(int64_t stored, int64_t given, bool same, bool replace)
{
    if (stored < 0)
        return PUT_STORED;
    if (given == 0 && stored > 0)
        return replace ? PUT_STORED : PUT_PROTECTED;
    if (given < stored)
        return PUT_OLDER;
    if (given > stored)
        return PUT_STORED;
    if (same)
        return PUT_SAME;
    return given == 0 ? PUT_STORED : PUT_CONFLICT; /* version 0 is a file: the newest file counts */
}

static bool put_ref(struct store *store, const char *rma, enum ref_kind kind, const char *value, const char *carrier,
                    struct error *err)
{
    char key[VALUE_SIZE];
    code_key(key, value);
    return sql_run(store, err, "INSERT OR REPLACE INTO rma_ref(key, rma, kind, value, carrier) VALUES(?,?,?,?,?)",
                   "ttttt", key, rma, name_of(&ref_kind_names, (int)kind), value, carrier);
}

static bool put_refs(struct store *store, const struct rma *rma, struct error *err)
{
    if (!put_ref(store, rma->rma, REF_RMA, rma->rma, "", err))
        return false;
    for (size_t i = 0; i < rma->ref_count; i++)
        if (!put_ref(store, rma->rma, rma->refs[i].kind, rma->refs[i].value, rma->refs[i].carrier, err))
            return false;
    return true;
}

static bool put_lines(struct store *store, const struct rma *rma, struct error *err)
{
    for (size_t i = 0; i < rma->line_count; i++) {
        if (!table_put(store, &line_table, rma->rma, &rma->lines[i], err) ||
            !sql_run(store, err, "UPDATE rma_line SET position = ? WHERE rma = ? AND line = ?", "itt", (int64_t)i,
                     rma->rma, rma->lines[i].line))
            return false;
    }
    return true;
}

/* Lines that the new version does not have go; those that units were received on are withdrawn. */
static bool clear_rma(struct store *store, const char *rma, struct error *err)
{
    return sql_run(store, err, "DELETE FROM rma_ref WHERE rma = ?", "t", rma) &&
           sql_run(store, err,
                   "DELETE FROM rma_line WHERE rma = ?1 AND NOT EXISTS"
                   " (SELECT 1 FROM unit WHERE unit.rma = ?1 AND unit.line = rma_line.line AND unit.state <> 'void')",
                   "t", rma) &&
           sql_run(store, err, "UPDATE rma_line SET withdrawn = 1 WHERE rma = ?", "t", rma);
}

static bool write_rma(struct store *store, const struct rma *rma, const unsigned char *hash, bool fresh,
                      struct error *err)
{
    int64_t held = 0;
    return (fresh || sql_int64(store, err, 0, &held, "SELECT customs_hold FROM rma WHERE rma = ?", "t", rma->rma)) &&
           (fresh || clear_rma(store, rma->rma, err)) && table_put(store, &rma_table, NULL, rma, err) &&
           put_refs(store, rma, err) && put_lines(store, rma, err) &&
           sql_run(store, err, "INSERT OR REPLACE INTO rma_content(rma, hash) VALUES(?,?)", "tb", rma->rma, hash,
                   (size_t)HASH_SIZE) &&
           effects_of_rma(store, rma->rma, held != 0, err);
}

bool directory_put_rma(struct store *store, const struct rma *rma, const char *content, bool replace,
                       enum put_result *ret_result, struct error *err)
{
    unsigned char hash[HASH_SIZE];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)content, strlen(content), NULL, 0);
    int64_t stored;
    bool same = false;
    if (!read_version(store, rma->rma, &stored, err) ||
        (stored == rma->version && !same_content(store, rma->rma, hash, &same, err)))
        return false;
    enum put_result result = judge(stored, rma->version, same, replace);
    if (result == PUT_STORED && !write_rma(store, rma, hash, stored < 0, err))
        return error_prefix(err, "RMA %s", rma->rma);
    *ret_result = result;
    return true;
}

/* Gives each row of a query to take; frees the query. */
static bool take_rows(struct store *store, sqlite3_stmt *query, struct rma *rma,
                      bool (*take)(sqlite3_stmt *q, struct rma *rma, struct error *err), struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = query;
    bool row = q != NULL;
    while (row)
        if (!sql_step(store, q, &row, err) || (row && !take(q, rma, err)))
            return false;
    return q != NULL;
}

static bool take_ref(sqlite3_stmt *q, struct rma *rma, struct error *err)
{
    (void)err;
    int kind;
    if (!name_find(&ref_kind_names, sql_text(q, 0), &kind))
        return true;
    rma->refs = memory_resize(rma->refs, rma->ref_count + 1, sizeof *rma->refs);
    struct rma_ref *ref = &rma->refs[rma->ref_count++];
    *ref = (struct rma_ref){.kind = (enum ref_kind)kind};
    TEXT_COPY(ref->value, sql_text(q, 1));
    TEXT_COPY(ref->carrier, sql_text(q, 2));
    return true;
}

static bool take_line(sqlite3_stmt *q, struct rma *rma, struct error *err)
{
    rma->lines = memory_resize(rma->lines, rma->line_count + 1, sizeof *rma->lines);
    struct rma_line *line = &rma->lines[rma->line_count++];
    *line = (struct rma_line){0};
    return table_read(&line_table, q, 0, line, err);
}

static bool take_fee(sqlite3_stmt *q, struct rma *rma, struct error *err)
{
    (void)err;
    rma->fees = memory_resize(rma->fees, rma->fee_count + 1, sizeof *rma->fees);
    struct rma_fee *fee = &rma->fees[rma->fee_count++];
    *fee = (struct rma_fee){.unit_id = sqlite3_column_int64(q, 2)};
    TEXT_COPY(fee->fee, sql_text(q, 0));
    TEXT_COPY(fee->line, sql_text(q, 1));
    return true;
}

/* Counters of each line, from the units themselves. */
static bool count_line(struct store *store, const char *rma, struct rma_line *line, struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        sql_query(store, err,
                  "SELECT total(qty), total(qty * (verdict = 'accepted' AND state IN "
                  "('labelled','done','released','destroyed'))),"
                  " total(qty * (verdict = 'rejected' AND state IN ('labelled','done','released','destroyed')))"
                  " FROM unit WHERE rma = ? AND line = ? AND state <> 'void'",
                  "tt", rma, line->line);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    line->received = sqlite3_column_int64(q, 0);
    line->accepted = sqlite3_column_int64(q, 1);
    line->rejected = sqlite3_column_int64(q, 2);
    if (line->withdrawn)
        line->qty = line->received;
    return sql_int64(store, err, 0, &line->missing,
                     "SELECT sum(qty) FROM line_mark WHERE rma = ? AND line = ? AND fate = 'missing'", "tt", rma,
                     line->line);
}

/* What hangs on the RMA's head: references, lines with their counters, fees. */
static bool get_lists(struct store *store, struct rma *rma, struct error *err)
{
    static const char refs[] =
        "SELECT kind, value, carrier FROM rma_ref WHERE rma = ? AND kind <> 'rma' ORDER BY kind, key";
    static const char fees[] = "SELECT fee, line, unit_id FROM rma_fee WHERE rma = ?";
    static char lines[700];
    if (lines[0] == '\0')
        TEXT_FORMAT(lines, "SELECT %s FROM rma_line WHERE rma = ? ORDER BY position", table_columns(&line_table));
    if (!take_rows(store, sql_query(store, err, refs, "t", rma->rma), rma, take_ref, err) ||
        !take_rows(store, sql_query(store, err, lines, "t", rma->rma), rma, take_line, err) ||
        !take_rows(store, sql_query(store, err, fees, "t", rma->rma), rma, take_fee, err))
        return false;
    for (size_t i = 0; i < rma->line_count; i++)
        if (!count_line(store, rma->rma, &rma->lines[i], err))
            return false;
    return true;
}

static bool get_head(struct store *store, const char *key, struct rma *rma, struct error *err)
{
    static char sql[1200];
    if (sql[0] == '\0')
        TEXT_FORMAT(sql,
                    "SELECT coalesce(receipt_recommended, 0), coalesce(completed, 0), EXISTS(SELECT 1 FROM rma_line l"
                    " JOIN product p ON p.sku = l.sku OR p.sku IN (SELECT sku FROM product_code WHERE key = "
                    "substr('00000000000000' || l.gtin, -14)) WHERE l.rma = head.rma AND p.flags & %d), %s"
                    " FROM (SELECT * FROM rma WHERE rma = ?) head LEFT JOIN rma_progress USING (rma)",
                    PRODUCT_HAZMAT, table_columns(&rma_table));
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, sql, "t", key);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    if (!row)
        return error_set(err, ERROR_NOT_FOUND, "no RMA %s", key);
    rma->receipt_recommended = sqlite3_column_int(q, 0) != 0;
    rma->completed = sqlite3_column_int(q, 1) != 0;
    rma->hazmat = sqlite3_column_int(q, 2) != 0;
    return table_read(&rma_table, q, 3, rma, err);
}

bool directory_get_rma(struct store *store, const char *rma, struct rma *ret_rma, struct error *err)
{
    struct rma found = {0};
    if (!get_head(store, rma, &found, err) || !get_lists(store, &found, err)) {
        rma_done(&found);
        return false;
    }
    *ret_rma = found;
    return true;
}

/* Dangerous goods, and were not when this was asked last. */
static bool is_new_hazmat(struct store *store, const struct product *product, bool *ret_new, struct error *err)
{
    int64_t same;
    if (!sql_int64(store, err, 0, &same, "SELECT count(*) FROM product WHERE sku = ? AND flags & ?", "ti", product->sku,
                   (int64_t)PRODUCT_HAZMAT))
        return false;
    *ret_new = (product->flags & PRODUCT_HAZMAT) != 0 && same == 0;
    return true;
}

/* The product is recalled, and was not, or not like that. */
static bool is_new_recall(struct store *store, const struct product *product, bool *ret_new, struct error *err)
{
    int64_t same;
    if (!sql_int64(
            store, err, 0, &same,
            "SELECT count(*) FROM product WHERE sku = ? AND recall = ? AND recall_lots = ? AND recall_from = ? AND"
            " recall_to = ?",
            "ttttt", product->sku, product->recall, product->recall_lots, product->recall_from, product->recall_to))
        return false;
    *ret_new = product->recall[0] != '\0' && same == 0;
    return true;
}

static bool put_codes(struct store *store, const char *sku, const struct product_code *codes, size_t count,
                      struct error *err)
{
    if (!sql_run(store, err, "DELETE FROM product_code WHERE sku = ?", "t", sku))
        return false;
    for (size_t i = 0; i < count; i++) {
        char key[VALUE_SIZE];
        code_key(key, codes[i].code);
        if (!sql_run(store, err, "INSERT OR REPLACE INTO product_code(key, sku, qty) VALUES(?,?,?)", "tti", key, sku,
                     codes[i].qty))
            return false;
    }
    return true;
}

bool directory_put_product(struct store *store, const struct product *product, const struct product_code *codes,
                           size_t code_count, enum put_result *ret_result, struct error *err)
{
    int64_t stored;
    if (!sql_int64(store, err, -1, &stored, "SELECT version FROM product WHERE sku = ?", "t", product->sku))
        return false;
    enum put_result result = stored > product->version ? PUT_OLDER : PUT_STORED;
    if (result == PUT_STORED) {
        bool recalled, hazmat;
        if (!is_new_recall(store, product, &recalled, err) || !is_new_hazmat(store, product, &hazmat, err) ||
            !table_put(store, &product_table, NULL, product, err) ||
            !put_codes(store, product->sku, codes, code_count, err) ||
            (recalled && !effects_of_recall(store, product->sku, err)) ||
            (hazmat && !effects_of_hazmat(store, product->sku, err)))
            return false;
    }
    *ret_result = result;
    return true;
}

bool directory_put_operator(struct store *store, const struct operator *person, const char *badge, int64_t version,
                            enum put_result *ret_result, struct error *err)
{
    int64_t stored, taken;
    if (!sql_int64(store, err, -1, &stored, "SELECT version FROM operator WHERE id = ?", "t", person->id) ||
        !sql_int64(store, err, 0, &taken, "SELECT 1 FROM operator WHERE badge = ? AND id <> ?", "tt", badge,
                   person->id))
        return false;
    enum put_result result = stored > version ? PUT_OLDER : taken ? PUT_CONFLICT : PUT_STORED;
    if (result == PUT_STORED &&
        !sql_run(store, err, "INSERT OR REPLACE INTO operator(id, badge, name, roles, lang, training, version)"
                 " VALUES(?,?,?,?,?,?,?)",
                 "tttitii", person->id, badge, person->name, (int64_t)person->roles, person->lang,
                 (int64_t)person->training, version))
        return false;
    *ret_result = result;
    return true;
}

bool directory_count_rmas(struct store *store, int64_t *ret_count, struct error *err)
{
    return sql_int64(store, err, 0, ret_count, "SELECT count(*) FROM rma", "");
}
