/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by printing.c (all printers), printing_spool.c (one of them) and printing_jobs.c (what it writes). */
#ifndef DAEMON_PRINTING_PRIVATE_H
#define DAEMON_PRINTING_PRIVATE_H

#include "daemon/printing.h"
#include "daemon/store/records.h"
#include "drivers/printer.h"

#define PRINTERS_MAX 32
#define SPARES_MAX 64

enum phase {
    PHASE_DOWN,  /* not connected */
    PHASE_ASKED, /* asked what it is and how it is, before anything is sent */
    PHASE_IDLE,  /* can take a label, if last_clean */
    PHASE_AFTER, /* bytes are out, or may be: waiting for evidence */
};

struct spool {
    struct printing *printing;
    char name[KEY_SIZE], model[KEY_SIZE];
    char identity[VALUE_SIZE]; /* where it is and, if it says so, what it is */
    int dpi;
    bool counter_safe;
    int64_t max_age_ms;
    struct printer *printer;
    struct loop_source *timer;
    enum phase phase;
    bool is_ready;       /* its last status was clean, and nothing was sent since: counter is c0 of the next label */
    int64_t counter;     /* -1 = it does not tell */
    bool is_probed;      /* asked twice on this connection: a counter that is not told by then is not told at all */
    int nameless;        /* answers in a row without the model that it had when the job was sent */
    bool is_reserved;    /* a decision's transaction may have stored a job as sending */
    bool here;           /* the job was sent by this very connection */
    bool sent;           /* … and all of it was accepted */
    int64_t quiet_since; /* tick from which on it was clean with the counter as it was; 0 = it is not */
    struct job_row job;  /* outstanding; job_id 0 = none */
    char reason[KEY_SIZE];
    int64_t faulty_since; /* tick */
};

/* The lane's jobs of printer from go to printer to, where from cannot print. */
struct spare {
    char lane[KEY_SIZE];
    struct spool *from, *to;
};

struct printing {
    struct loop *loop;
    struct usb *usb;
    struct store *store;
    loop_fn *changed;
    void *context;
    struct spool *spools[PRINTERS_MAX];
    size_t count;
    struct spare spares[SPARES_MAX];
    size_t spare_count;
    struct printer_notices *notices; /* NULL: nobody is told */
};

struct spool *spool_new(struct printing *printing, const struct printing_printer *printer,
                        struct error *err) MUST_CHECK;
void spool_free(struct spool *spool);
/* New rows may be there. */
void spool_wake(struct spool *spool);
/* ---- what it writes (printing_jobs.c) ---- */

/* Screens are drawn again. */
void spool_changed(struct spool *spool);
/* Says why queued jobs wait, on the jobs too; "" = they do not. */
void spool_set_reason(struct spool *spool, const char *reason);
/* The state of the outstanding job. A failing disk leaves the row as it was: the next poll tries again. */
bool spool_set_state(struct spool *spool, enum job_state state, const char *reason);
/* A job that went to a spare keeps saying so. */
const char *spool_note(const struct job_row *job);
bool spool_is_too_old(const struct spool *spool);
/* Ends the outstanding job, if there is one, and takes the next, which is "sending" if it may leave now (ret_send): one
   commit for both. */
bool spool_advance(struct spool *spool, enum job_state ended, const char *reason, bool *ret_send) MUST_CHECK;
void spool_void_old(struct spool *spool);
/* For what is queued behind a fault: voids what is too old, and gives the rest to a spare in time. */
void spool_tend(struct spool *spool);

/* Gives queued jobs of a printer that cannot print to those that stand in for it. */
void printing_fail_over(struct printing *printing, const struct spool *from);

#endif
