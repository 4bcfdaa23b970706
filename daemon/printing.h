/* SPDX-License-Identifier: Apache-2.0 */
/* The spool: works off print job rows, one outstanding job a printer. "Printed" needs evidence; nothing is sent twice on
   a guess. */
#ifndef DAEMON_PRINTING_H
#define DAEMON_PRINTING_H

#include "base/error.h"
#include "base/loop.h"
#include "daemon/core/model.h"
#include "daemon/store/store.h"

struct printing;

/* What one printer is doing, for status and snapshots. */
struct printing_status {
    char name[KEY_SIZE];
    char state[17];        /* "ready", "busy", "attention" or "down" */
    char reason[KEY_SIZE]; /* "" or why: "paper_out", "connection refused", … */
    int64_t open_jobs;
};

/* changed is called after a job or a printer changed its state, so that screens can be drawn again. */
struct printing *printing_new(struct loop *loop, struct store *store, loop_fn *changed, void *context);
struct printing *printing_free(struct printing *printing);
/* Adds a printer and begins to connect; jobs that an earlier run left open are reconciled first. */
bool printing_add(struct printing *printing, const char *name, const char *uri, struct error *err) MUST_CHECK;
/* New job rows may be there: call after each commit. */
void printing_wake(struct printing *printing);
/* Fills at most max rows; the number filled. */
size_t printing_status(struct printing *printing, struct printing_status *ret_status, size_t max);

#endif
