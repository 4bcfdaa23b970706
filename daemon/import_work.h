/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the import: its state, and the two passes over the file. Private to the files of the import. */
#ifndef DAEMON_IMPORT_WORK_H
#define DAEMON_IMPORT_WORK_H

#include "base/buffer.h"
#include "daemon/codec/csv_rma.h"
#include "daemon/codec/json_scan.h"
#include "daemon/import.h"
#include "daemon/staging.h"
#include "daemon/store/directory.h"

struct import {
    struct importer *importer;
    struct import_progress *progress;
    enum import_format format;
    bool replace;
    int fd; /* the scratch file, which has no name any more */
    struct store *store;
    struct staging *staging;
    struct decode_notes notes;
    /* first pass */
    struct buffer window; /* bytes of the file from window_offset on; the first used of them are done with */
    size_t used;
    int64_t window_offset;
    bool at_end; /* the window ends with the file */
    int64_t line;
    struct json_scan scan;
    char delimiter; /* '\0' before the header */
    struct csv_columns columns;
    struct csv_record record;
    /* second pass */
    struct csv_rma gather;
    char rma[KEY_SIZE]; /* at hand, then the last one tried */
    struct staging_row rows[RMA_LINES_MAX + 1];
    struct buffer piece, canonical;
    int64_t results[PUT_RESULT_COUNT]; /* of this slice */
    int64_t refused;
    struct error lost; /* code set: a problem could not be noted */
};

/* One step of a pass: a record, an object, an RMA. *ret_done is set at the end of the pass. A failure ends the
   import. */
bool import_check_step(struct import *import, bool *ret_done, struct error *err) MUST_CHECK;
bool import_apply_step(struct import *import, bool *ret_done, struct error *err) MUST_CHECK;
/* Notes a problem; reason may be any bytes. A failure to do so is kept in import->lost. */
void import_problem(struct import *import, int64_t line, const char *rma, const char *reason);
/* Reads a piece of the file into import->piece. */
bool import_read_piece(struct import *import, int64_t offset, int64_t length, struct error *err) MUST_CHECK;

#endif
