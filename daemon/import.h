/* SPDX-License-Identifier: Apache-2.0 */
/* Imports of RMA files: received into a scratch file, checked, then applied in slices between which scans run. */
#ifndef DAEMON_IMPORT_H
#define DAEMON_IMPORT_H

#include "base/loop.h"
#include "daemon/core/model.h"

#include <stddef.h>

struct store;
struct importer;
struct import;

#define IMPORT_BYTES_MAX (INT64_C(4) << 30)
#define IMPORT_PROBLEMS_MAX 100000 /* kept of one import; more are only counted */
#define IMPORT_KEPT 8              /* imports whose progress is remembered */

enum import_format { IMPORT_CSV, IMPORT_JSON, IMPORT_FORMAT_COUNT };
enum import_state {
    IMPORT_RECEIVING,
    IMPORT_CHECKING, /* the whole file is read once; nothing is stored yet */
    IMPORT_APPLYING, /* RMA by RMA, each whole or not at all */
    IMPORT_DONE,
    IMPORT_FAILED,   /* reason says why; what was stored before stays, and the same file may be sent again */
    IMPORT_STATE_COUNT,
};
extern const struct names import_format_names, import_state_names;

struct import_progress {
    int64_t number;
    char name[NAME_SIZE]; /* of the file, printable */
    enum import_state state;
    int64_t bytes;
    int64_t rows;                                     /* CSV rows or JSON objects */
    int64_t rmas;                                     /* RMAs tried: the sum of the six below */
    int64_t stored, same, older, conflict, protected; /* as enum put_result */
    int64_t refused;                                  /* RMAs with a bad row, and so not stored */
    int64_t problems;                                 /* rows and RMAs told in the list of problems */
    char reason[ERROR_MESSAGE_MAX];                   /* IMPORT_FAILED */
};

struct import_problem {
    int64_t number; /* from 1 */
    int64_t line;   /* of the file */
    char rma[KEY_SIZE]; /* "" if it cannot be told */
    char reason[160];
};

/* directory holds the scratch files; it is made if missing, and what an earlier process left there is deleted. */
struct importer *importer_new(struct loop *loop, struct store *store, const char *directory,
                              struct error *err) MUST_CHECK;
/* Ends an import that runs. NULL is fine; returns NULL. */
struct importer *importer_free(struct importer *importer);

/* Starts receiving a file. One import at a time: ERROR_BUSY. replace: the file may change RMAs that the ERP gave.
   The import belongs to the importer; the pointer is good until import_finish, import_abort or a failed
   import_write. */
struct import *import_begin(struct importer *importer, const char *name, enum import_format format, bool replace,
                            struct error *err) MUST_CHECK;
/* The number to ask progress and problems by. */
int64_t import_number(const struct import *import);
/* Takes the next bytes of the file. On failure (too big, disk full) the import has failed. */
bool import_write(struct import *import, const void *bytes, size_t length, struct error *err) MUST_CHECK;
/* The file is complete: checking starts when the loop has nothing better to do. Fails at once for an empty file. */
bool import_finish(struct import *import, struct error *err) MUST_CHECK;
/* The sender went away: the import has failed. NULL is fine. */
void import_abort(struct import *import);

/* False if the number is not known (any more). */
bool importer_progress(const struct importer *importer, int64_t number, struct import_progress *ret_progress);
/* The number of the latest import, 0 = none yet. */
int64_t importer_latest(const struct importer *importer);
/* Up to max problems of the latest import with numbers over `after`, in order. Other imports have none. */
bool importer_problems(struct importer *importer, int64_t number, int64_t after, struct import_problem *ret_problems,
                       size_t max, size_t *ret_count, struct error *err) MUST_CHECK;

#endif
