/* SPDX-License-Identifier: Apache-2.0 */
/* What an import has found in its file: where the rows of each RMA are, and which rows are bad. A private database that
   may vanish at any time. */
#ifndef DAEMON_STAGING_H
#define DAEMON_STAGING_H

#include "daemon/import.h"

struct staging;

struct staging_row {
    int64_t line;
    int64_t offset, length; /* in the file; length 0 = the row is bad, and told already */
};

/* Deletes what an earlier import left in directory and starts an empty database there. */
struct staging *staging_open(const char *directory, struct error *err) MUST_CHECK;
/* Deletes the database. NULL is fine; returns NULL. */
struct staging *staging_close(struct staging *staging);
/* Deletes what a process that was killed left in directory. */
void staging_clean(const char *directory);

/* Writes between begin and end go to the file together. There is no way back: after a failure, close. */
bool staging_begin(struct staging *staging, struct error *err) MUST_CHECK;
bool staging_end(struct staging *staging, struct error *err) MUST_CHECK;
bool staging_add_row(struct staging *staging, const char *rma, const struct staging_row *row,
                     struct error *err) MUST_CHECK;
bool staging_add_problem(struct staging *staging, const struct import_problem *problem, struct error *err) MUST_CHECK;

/* The first RMA behind `after` in byte order; *ret_found says whether there is one. ret_rma has KEY_SIZE bytes. */
bool staging_next_rma(struct staging *staging, const char *after, char *ret_rma, bool *ret_found,
                      struct error *err) MUST_CHECK;
/* Up to max rows of an RMA in the order of the file. */
bool staging_rows(struct staging *staging, const char *rma, struct staging_row *ret_rows, size_t max,
                  size_t *ret_count, struct error *err) MUST_CHECK;
bool staging_problems(struct staging *staging, int64_t after, struct import_problem *ret_problems, size_t max,
                      size_t *ret_count, struct error *err) MUST_CHECK;

#endif
