/* SPDX-License-Identifier: Apache-2.0 */
/* The spool: works off print job rows, one outstanding job a printer. "Printed" needs evidence (printer/evidence.h);
   nothing is sent twice on a guess. */
#ifndef DAEMON_PRINTING_H
#define DAEMON_PRINTING_H

#include "base/error.h"
#include "base/loop.h"
#include "daemon/core/model.h"
#include "daemon/store/store.h"

struct printing;
struct config;
struct usb;
struct station;

/* What one printer is doing, for status and snapshots. */
struct printing_status {
    char name[KEY_SIZE];
    char model[KEY_SIZE];  /* as it says, "" = it does not */
    char state[17];        /* "ready", "busy", "attention" or "down" */
    char reason[KEY_SIZE]; /* "" or why, a key such as "paper_out" */
    int64_t open_jobs;
};

struct printing_printer {
    const char *name, *uri;
    int dpi;            /* labels are made for this head; a printer that says it has another one gets none */
    bool counter_safe;  /* its counter survives a loss of power with the label that it counted */
    int64_t max_age_ms; /* a job that waited longer is voided, never printed late; 0 = no limit */
};

/* changed is called after a job or a printer changed its state, so that screens can be drawn again.
   usb may be NULL where no printer is on USB. */
struct printing *printing_new(struct loop *loop, struct usb *usb, struct store *store, loop_fn *changed, void *context);
struct printing *printing_free(struct printing *printing);
/* Adds a printer and begins to connect; jobs that an earlier run left open are reconciled first. */
bool printing_add(struct printing *printing, const struct printing_printer *printer, struct error *err) MUST_CHECK;
/* Where printer `from` cannot print, the lane's queued jobs go to `to`. Both were added, with the same dpi. */
bool printing_add_spare(struct printing *printing, const char *lane, const char *from, const char *to,
                        struct error *err) MUST_CHECK;
/* Every printer and spare of the configuration. */
bool printing_add_all(struct printing *printing, const struct config *config, struct error *err) MUST_CHECK;
/* From now on the station tells by events of printers that fail and that can print again (printer_notice.h). */
void printing_tell(struct printing *printing, struct station *station);
/* For a decision's own transaction: true if the printer would send a label at once. Then the job may be stored as
   `sending` with this counter and identity, and the next printing_wake sends it without another commit. */
bool printing_reserve(struct printing *printing, const char *printer, int64_t *ret_counter, const char **ret_identity);
/* New job rows may be there: call after each commit, and after one that failed. */
void printing_wake(struct printing *printing);
/* Fills at most max rows; the number filled. */
size_t printing_status(struct printing *printing, struct printing_status *ret_status, size_t max);

#endif
