/* SPDX-License-Identifier: Apache-2.0 */
/* One small state machine a printer. Evidence is the printer's own label counter: c0 is durable before the first byte. */
#include "daemon/printing.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "drivers/printer.h"

#include <stdlib.h>
#include <string.h>

#define POLL_MS 200
#define SETTLE_POLLS 2       /* "clean, and the counter did not move" must be seen this often before a resend */
#define SWALLOWED_POLLS 25   /* 5 s clean without the label: nobody knows where it went */
#define PRINTERS_MAX 32

enum phase {
    PHASE_DOWN,   /* not connected */
    PHASE_IDLE,
    PHASE_BEFORE, /* asked for c0 before sending */
    PHASE_AFTER,  /* bytes are out (or may be): waiting for evidence */
};

struct spool {
    struct printing *printing;
    char name[KEY_SIZE];
    struct printer *printer;
    struct loop_source *timer;
    enum phase phase;
    bool fresh;          /* sent by this very connection: a counter that stays means "in work", not "lost" */
    bool sent;           /* and all of it was accepted */
    struct job_row job;  /* outstanding or about to be sent; job_id 0 = none */
    int polls;           /* since the evidence last changed */
    char reason[KEY_SIZE];
};

struct printing {
    struct loop *loop;
    struct store *store;
    loop_fn *changed;
    void *context;
    struct spool *spools[PRINTERS_MAX];
    size_t count;
};

static void drop_job(struct spool *spool)
{
    free(spool->job.zpl);
    spool->job = (struct job_row){0};
}

static void tell(struct spool *spool, const char *reason)
{
    TEXT_COPY(spool->reason, reason);
    spool->printing->changed(spool->printing->context);
}

/* Writes the job's new state. A failing disk leaves it as it was: the next poll tries again. */
static bool set_state(struct spool *spool, enum job_state state, const char *reason)
{
    struct error err = {0};
    struct job_row *job = &spool->job;
    if (!jobs_set_state(spool->printing->store, job->job.job_id, state, reason, job->counter, job->identity,
                        clock_read().now, &err)) {
        log_write(LOG_ERR, "printer %s: job %lld: %s", spool->name, (long long)job->job.job_id, err.message);
        return false;
    }
    job->job.state = state;
    tell(spool, reason);
    return true;
}

static void poll_later(struct spool *spool)
{
    loop_set_timer(spool->timer, clock_read().tick + POLL_MS);
}

static void ask(struct spool *spool, enum phase phase)
{
    spool->phase = phase;
    if (!printer_query(spool->printer, NULL))
        poll_later(spool);
}

static void next_job(struct spool *spool);

static void finish(struct spool *spool, enum job_state state, const char *reason)
{
    if (!set_state(spool, state, reason)) {
        poll_later(spool);
        return;
    }
    if (state == JOB_UNKNOWN)
        log_write(LOG_WARNING, "printer %s: nobody knows whether label %s came out: %s", spool->name, spool->job.code,
                  reason);
    drop_job(spool);
    spool->phase = PHASE_IDLE;
    next_job(spool);
}

/* Takes the oldest unfinished job. One that an earlier run or connection had begun is never just sent again. */
static void next_job(struct spool *spool)
{
    struct error err = {0};
    if (spool->phase != PHASE_IDLE)
        return;
    drop_job(spool);
    if (!jobs_next(spool->printing->store, spool->name, &spool->job, &err)) {
        log_write(LOG_ERR, "printer %s: %s", spool->name, err.message);
        poll_later(spool);
        return;
    }
    if (spool->job.job.job_id == 0) {
        loop_set_timer(spool->timer, INT64_MAX);
        return;
    }
    spool->polls = 0;
    spool->fresh = false;
    ask(spool, spool->job.job.state == JOB_QUEUED ? PHASE_BEFORE : PHASE_AFTER);
}

/* Makes "sending, with c0 and identity" durable, then sends label and status query in one write. */
static void send(struct spool *spool, int64_t counter)
{
    struct error err = {0};
    spool->job.counter = counter;
    TEXT_COPY(spool->job.identity, printer_identity(spool->printer));
    if (!set_state(spool, JOB_SENDING, "")) {
        spool->phase = PHASE_IDLE;
        poll_later(spool);
        return;
    }
    spool->sent = false;
    if (!printer_send(spool->printer, spool->job.zpl, spool->job.zpl_length, &err)) {
        log_write(LOG_NOTICE, "printer %s: %s", spool->name, err.message);
        poll_later(spool);
        spool->phase = PHASE_AFTER;
        return;
    }
    spool->fresh = true;
    spool->polls = 0;
    ask(spool, PHASE_AFTER);
}

static void status_before(struct spool *spool, const struct printer_status *status)
{
    const char *fault = status->answered ? printer_status_fault(status) : NULL;
    if (fault == NULL) {
        send(spool, status->counter);
        return;
    }
    if (!text_equal(spool->reason, fault))
        set_state(spool, JOB_QUEUED, fault);
    spool->phase = PHASE_IDLE; /* the job may be voided meanwhile: read it again at the next poll */
    poll_later(spool);
}

/* The rule of evidence for a job whose bytes are out or may be out. */
static void status_after(struct spool *spool, const struct printer_status *status)
{
    int64_t c0 = spool->job.counter;
    bool same = text_equal(spool->job.identity, printer_identity(spool->printer));
    const char *fault = status->answered ? printer_status_fault(status) : "silent";
    if (c0 < 0 || status->counter < 0 || !same) {
        bool in_work = !spool->sent || (status->answered && !printer_status_clean(status));
        if (!spool->fresh)
            finish(spool, JOB_UNKNOWN, same ? "no_counter" : "other_printer");
        else if (in_work)
            poll_later(spool);
        else
            finish(spool, JOB_SENT, "");
        return;
    }
    if (status->counter == c0 + 1 && printer_status_clean(status)) {
        finish(spool, JOB_PRINTED, "");
    } else if (status->counter != c0 && status->counter != c0 + 1) {
        finish(spool, JOB_UNKNOWN, "counter_moved");
    } else if (fault != NULL) {
        if (spool->job.job.state != JOB_NEEDS_ATTENTION || !text_equal(spool->reason, fault))
            set_state(spool, JOB_NEEDS_ATTENTION, fault);
        spool->polls = 0;
        poll_later(spool);
    } else if (!printer_status_clean(status)) {
        spool->polls = 0;
        poll_later(spool);
    } else if (!spool->fresh && ++spool->polls >= SETTLE_POLLS) {
        send(spool, c0);
    } else if (spool->fresh && ++spool->polls >= SWALLOWED_POLLS) {
        finish(spool, JOB_UNKNOWN, "swallowed");
    } else {
        poll_later(spool);
    }
}

static void on_status(void *context, const struct printer_status *status)
{
    struct spool *spool = context;
    if (spool->phase == PHASE_BEFORE)
        status_before(spool, status);
    else if (spool->phase == PHASE_AFTER)
        status_after(spool, status);
}

static void on_up(void *context)
{
    struct spool *spool = context;
    log_write(LOG_INFO, "printer %s: connected", spool->name);
    spool->phase = PHASE_IDLE;
    tell(spool, "");
    next_job(spool);
}

static void on_down(void *context, const char *reason)
{
    struct spool *spool = context;
    log_write(LOG_WARNING, "printer %s: %s", spool->name, reason);
    spool->phase = PHASE_DOWN;
    loop_set_timer(spool->timer, INT64_MAX);
    drop_job(spool);
    tell(spool, reason);
}

/* Accepted bytes are not a printed label: that only the counter or the scan-back says. */
static void on_sent(void *context)
{
    struct spool *spool = context;
    spool->sent = true;
}

static void on_timer(void *context)
{
    struct spool *spool = context;
    if (spool->phase == PHASE_IDLE)
        next_job(spool);
    else if (spool->phase != PHASE_DOWN)
        ask(spool, spool->phase);
}

struct printing *printing_new(struct loop *loop, struct store *store, loop_fn *changed, void *context)
{
    struct printing *printing = memory_new(1, sizeof *printing);
    *printing = (struct printing){.loop = loop, .store = store, .changed = changed, .context = context};
    return printing;
}

static void spool_free(struct spool *spool)
{
    spool->printer = printer_close(spool->printer);
    loop_remove(spool->timer);
    drop_job(spool);
    free(spool);
}

struct printing *printing_free(struct printing *printing)
{
    if (printing == NULL)
        return NULL;
    for (size_t i = 0; i < printing->count; i++)
        spool_free(printing->spools[i]);
    free(printing);
    return NULL;
}

bool printing_add(struct printing *printing, const char *name, const char *uri, struct error *err)
{
    if (printing->count == PRINTERS_MAX)
        return error_set(err, ERROR_TOO_BIG, "printer %s: at most %d printers", name, PRINTERS_MAX);
    struct spool *spool = memory_new(1, sizeof *spool);
    spool->printing = printing;
    TEXT_COPY(spool->name, name);
    spool->timer = loop_add_timer(printing->loop, "printer", LOOP_NORMAL, on_timer, spool);
    struct printer_events events = {
        .up = on_up, .down = on_down, .sent = on_sent, .status = on_status, .context = spool};
    spool->printer = printer_open(printing->loop, name, uri, &events, err);
    if (spool->printer == NULL) {
        spool_free(spool);
        return false;
    }
    printing->spools[printing->count++] = spool;
    return true;
}

void printing_wake(struct printing *printing)
{
    for (size_t i = 0; i < printing->count; i++)
        if (printing->spools[i]->phase == PHASE_IDLE)
            next_job(printing->spools[i]);
}

size_t printing_status(struct printing *printing, struct printing_status *ret_status, size_t max)
{
    size_t count = printing->count < max ? printing->count : max;
    for (size_t i = 0; i < count; i++) {
        const struct spool *spool = printing->spools[i];
        struct printing_status *status = &ret_status[i];
        *status = (struct printing_status){0};
        TEXT_COPY(status->name, spool->name);
        TEXT_COPY(status->reason, spool->reason);
        TEXT_COPY(status->state, spool->phase == PHASE_DOWN      ? "down"
                                 : spool->reason[0] != '\0'      ? "attention"
                                 : spool->job.job.job_id != 0    ? "busy"
                                                                 : "ready");
        if (!jobs_count_open(printing->store, spool->name, &status->open_jobs, NULL))
            status->open_jobs = -1;
    }
    return count;
}
