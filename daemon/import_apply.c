/* SPDX-License-Identifier: Apache-2.0 */
/* The second pass of an import: RMA by RMA from the pieces of the file to the store. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"
#include "daemon/import_work.h"

#include <stdio.h>

static void on_csv_problem(void *context, int64_t line, const char *reason)
{
    struct import *import = context;
    import_problem(import, line, import->rma, reason);
}

/* The rows of import->rma become an RMA; *ret_good says whether they do. */
static bool make_from_csv(struct import *import, size_t count, struct rma *ret_rma, bool *ret_good, struct error *err)
{
    if (import->gather.columns == NULL)
        csv_rma_init(&import->gather, &import->columns, on_csv_problem, import);
    for (size_t i = 0; i < count; i++) {
        const struct staging_row *row = &import->rows[i];
        struct error fault;
        if (row->length == 0) {
            csv_rma_spoil(&import->gather);
            continue;
        }
        if (!import_read_piece(import, row->offset, row->length, err))
            return false;
        if (csv_read(import->piece.data, import->piece.length, true, import->delimiter, &import->record, &fault) !=
            CSV_RECORD)
            return error_set(err, ERROR_IO, "the scratch file has changed");
        csv_rma_add(&import->gather, &import->record, row->line);
    }
    *ret_good = csv_rma_finish(&import->gather, ret_rma);
    return true;
}

static bool make_from_json(struct import *import, size_t count, struct rma *ret_rma, bool *ret_good,
                           struct error *err)
{
    const struct staging_row *row = &import->rows[0];
    struct error fault;
    *ret_good = false;
    for (size_t i = 1; i < count; i++) {
        char reason[80];
        snprintf(reason, sizeof reason, "rma: is also in line %lld", (long long)row->line);
        import_problem(import, import->rows[i].line, import->rma, reason);
    }
    if (count > 1)
        return true;
    if (!import_read_piece(import, row->offset, row->length, err))
        return false;
    CLEANUP(json_free_at) json_t *json = json_read(import->piece.data, import->piece.length, (long)row->line, &fault);
    *ret_good = json != NULL && rma_decode(json, ret_rma, &import->notes, &fault);
    if (!*ret_good)
        import_problem(import, row->line, import->rma, fault.message);
    return true;
}

/* What the list of problems says of each result; NULL = nothing. */
static const char *const result_reasons[PUT_RESULT_COUNT] = {
    [PUT_CONFLICT] = "rma: is stored with the same version and other content",
    [PUT_PROTECTED] = "rma: came from the ERP with a version; a file changes it only with the replace option",
};

/* A file has no versions (15-data §1). */
static bool put(struct import *import, struct rma *rma, struct error *err)
{
    enum put_result result;
    rma->version = 0;
    buffer_clear(&import->canonical);
    rma_canonical(rma, &import->canonical);
    if (!directory_put_rma(import->store, rma, buffer_text(&import->canonical), import->replace, &result, err))
        return error_prefix(err, "RMA %s", rma->rma);
    import->results[result]++;
    if (result_reasons[result] != NULL)
        import_problem(import, import->rows[0].line, import->rma, result_reasons[result]);
    return true;
}

bool import_apply_step(struct import *import, bool *ret_done, struct error *err)
{
    static bool (*const make[IMPORT_FORMAT_COUNT])(struct import *, size_t, struct rma *, bool *, struct error *) = {
        [IMPORT_CSV] = make_from_csv,
        [IMPORT_JSON] = make_from_json,
    };
    bool found, good;
    size_t count;
    char next[KEY_SIZE];
    struct rma rma;
    if (!staging_next_rma(import->staging, import->rma, next, &found, err))
        return false;
    if (!found) {
        *ret_done = true;
        return true;
    }
    TEXT_COPY(import->rma, next);
    if (!staging_rows(import->staging, import->rma, import->rows, COUNT_OF(import->rows), &count, err) ||
        !make[import->format](import, count, &rma, &good, err))
        return false;
    if (!good) {
        import->refused++;
        return true;
    }
    bool ok = put(import, &rma, err);
    rma_done(&rma);
    return ok;
}
