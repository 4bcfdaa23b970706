/* SPDX-License-Identifier: Apache-2.0 */
/* The first pass of an import: finds the rows of each RMA and notes where they are. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"
#include "daemon/import_work.h"

#include <string.h>
#include <unistd.h>

#define CHUNK 65536

/* Lets go of the used bytes and reads more of the file behind the rest. */
static bool fill_window(struct import *import, struct error *err)
{
    char chunk[CHUNK];
    buffer_consume(&import->window, import->used);
    import->window_offset += (int64_t)import->used;
    import->used = 0;
    ssize_t n = pread(import->fd, chunk, sizeof chunk, import->window_offset + (int64_t)import->window.length);
    if (n < 0)
        return error_system(err, "cannot read the scratch file");
    if (n == 0)
        return error_set(err, ERROR_IO, "the scratch file is shorter than it was");
    buffer_append(&import->window, chunk, (size_t)n);
    import->at_end = import->window_offset + (int64_t)import->window.length >= import->progress->bytes;
    return true;
}

/* The file offset of the first byte that is not done with. */
static int64_t position(const struct import *import)
{
    return import->window_offset + (int64_t)import->used;
}

static const char *window(const struct import *import)
{
    return buffer_text(&import->window) + import->used;
}

static size_t window_length(const struct import *import)
{
    return import->window.length - import->used;
}

static bool stage(struct import *import, const char *rma, int64_t line, int64_t offset, int64_t length,
                  struct error *err)
{
    struct staging_row row = {.line = line, .offset = offset, .length = length};
    return staging_add_row(import->staging, rma, &row, err);
}

/* CSV */

static bool take_header(struct import *import, enum csv_result result, struct error *err)
{
    if (result == CSV_BAD || !csv_columns_read(&import->record, &import->columns, &import->notes, err))
        return error_prefix(err, "line 1");
    return true;
}

static bool take_row(struct import *import, struct error *err)
{
    const struct csv_record *record = &import->record;
    if (csv_is_blank(record))
        return true;
    import->progress->rows++;
    const char *rma = record->count > import->columns.rma ? record->fields[import->columns.rma] : "";
    char key[KEY_SIZE];
    bool whole = TEXT_COPY(key, rma);
    if (!whole || key[0] == '\0') {
        import_problem(import, import->line, key, whole ? "rma: missing" : "rma: is longer than 40 bytes");
        return true;
    }
    return stage(import, key, import->line, position(import), (int64_t)record->size, err);
}

/* A record that cannot be read: its RMA, as far as that can be told, is refused. */
static bool take_bad_row(struct import *import, struct error *err)
{
    char rma[KEY_SIZE];
    if (import->record.lines == 0 && !import->at_end)
        return error_prefix(err, "line %lld", (long long)import->line);
    import->progress->rows++;
    csv_guess(window(import), import->record.size, import->delimiter, import->columns.rma, rma, sizeof rma);
    import_problem(import, import->line, rma, err->message);
    return rma[0] == '\0' || stage(import, rma, import->line, position(import), 0, err);
}

static bool take_record(struct import *import, enum csv_result result, struct error *err)
{
    bool ok;
    if (import->columns.count == 0)
        ok = take_header(import, result, err);
    else
        ok = result == CSV_BAD ? take_bad_row(import, err) : take_row(import, err);
    import->used += import->record.size;
    import->line += import->record.lines;
    return ok;
}

static bool check_csv(struct import *import, bool *ret_done, struct error *err)
{
    if (import->delimiter == '\0') {
        if (!fill_window(import, err))
            return false;
        import->line = 1;
        import->used = csv_mark(window(import), window_length(import));
        import->delimiter = csv_delimiter(window(import), window_length(import));
    }
    enum csv_result result =
        csv_read(window(import), window_length(import), import->at_end, import->delimiter, &import->record, err);
    if (result == CSV_MORE)
        return fill_window(import, err);
    if (result != CSV_END)
        return take_record(import, result, err);
    *ret_done = true;
    return import->columns.count > 0 || error_set(err, ERROR_INVALID, "the file is empty");
}

/* JSON */

/* The RMA number of an object; what is wrong with it otherwise. */
static bool read_key(struct import *import, char key[KEY_SIZE], struct error *err)
{
    CLEANUP(json_free_at) json_t *json =
        json_read(import->piece.data, import->piece.length, (long)import->scan.line, err);
    if (json == NULL)
        return false;
    const char *rma = json_string_value(json_object_get(json, "rma"));
    if (rma != NULL && rma[0] != '\0' && text_copy(key, KEY_SIZE, rma))
        return true;
    struct rma decoded; /* without a number it cannot be decoded: this is for the words */
    if (rma_decode(json, &decoded, NULL, err))
        rma_done(&decoded);
    return false;
}

static bool take_object(struct import *import, struct error *err)
{
    const struct json_scan *scan = &import->scan;
    char key[KEY_SIZE];
    struct error fault;
    import->progress->rows++;
    if (scan->length > (int64_t)JSON_TEXT_MAX) {
        import_problem(import, scan->line, "", "the object is longer than 1 MiB");
        return true;
    }
    if (!import_read_piece(import, scan->start, scan->length, err))
        return false;
    if (read_key(import, key, &fault))
        return stage(import, key, scan->line, scan->start, scan->length, err);
    import_problem(import, scan->line, "", fault.message);
    return true;
}

static bool check_json(struct import *import, bool *ret_done, struct error *err)
{
    size_t used = 0;
    enum json_scan_result result = json_scan(&import->scan, window(import), window_length(import), &used, err);
    import->used += used;
    if (result == JSON_SCAN_BAD)
        return false;
    if (result == JSON_SCAN_OBJECT)
        return take_object(import, err);
    if (!import->at_end)
        return fill_window(import, err);
    *ret_done = true;
    return json_scan_end(&import->scan, err);
}

bool import_check_step(struct import *import, bool *ret_done, struct error *err)
{
    static bool (*const steps[IMPORT_FORMAT_COUNT])(struct import *, bool *, struct error *) = {
        [IMPORT_CSV] = check_csv,
        [IMPORT_JSON] = check_json,
    };
    return steps[import->format](import, ret_done, err);
}
