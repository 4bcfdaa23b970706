/* SPDX-License-Identifier: Apache-2.0 */
/* One small state machine a printer. Before the first byte of a label, "sending" is durable with c0, the printer's own
   label counter, and its identity; what becomes of it then, only evidence_judge says. */
#include "daemon/printing_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "protocol/printer/evidence.h"

#include <stdlib.h>

#define POLL_MS 200 /* while a job is outstanding or waits */
#define IDLE_POLL_MS 5000
#define NAMELESS_MAX 5 /* answers without the model, before it is another printer */
#define TEND_MS 1000   /* while the printer is down: ages and spares */

static void drop_job(struct spool *spool)
{
    free(spool->job.zpl);
    spool->job = (struct job_row){0};
    spool->here = spool->sent = false;
    spool->quiet_since = 0;
}

static void wake_in(struct spool *spool, int64_t ms)
{
    loop_set_timer(spool->timer, clock_read().tick + ms);
}

static void ask(struct spool *spool, enum phase phase)
{
    spool->phase = phase;
    if (!printer_query(spool->printer, NULL))
        wake_in(spool, POLL_MS);
}

/* ---- sending ---- */

/* The row says "sending", durably. Label and question leave in one write. */
static void transmit(struct spool *spool)
{
    struct error err = {0};
    spool->is_ready = false;
    spool->sent = false;
    spool->quiet_since = 0;
    spool->here = printer_send(spool->printer, spool->job.zpl, spool->job.zpl_length, &err);
    if (!spool->here)
        log_write(LOG_NOTICE, "printer %s: %s", spool->name, err.message);
    ask(spool, PHASE_AFTER);
}

/* What to do about the job that was taken: what an earlier run or connection had begun is never just sent again. */
static void go_on(struct spool *spool, bool is_sending, bool was_reserved)
{
    enum job_state state = spool->job.job.state;
    if (spool->job.job.job_id == 0) {
        wake_in(spool, IDLE_POLL_MS);
    } else if (is_sending || (was_reserved && state == JOB_SENDING)) {
        transmit(spool);
        spool_changed(spool);
    } else if (state != JOB_QUEUED) {
        ask(spool, PHASE_AFTER);
    } else {
        bool is_old = spool_is_too_old(spool);
        drop_job(spool); /* queued, but it must not or cannot leave now; it may be voided meanwhile: read again later */
        if (is_old)
            spool_void_old(spool);
        ask(spool, PHASE_ASKED);
    }
}

static void next_job(struct spool *spool)
{
    bool is_sending, was_reserved = spool->is_reserved;
    spool->is_reserved = false;
    spool->phase = PHASE_IDLE;
    if (spool_advance(spool, JOB_QUEUED, "", &is_sending))
        go_on(spool, is_sending, was_reserved);
    else
        wake_in(spool, POLL_MS);
}

static void finish(struct spool *spool, enum job_state state, const char *reason)
{
    bool is_sending;
    char code[VALUE_SIZE];
    TEXT_COPY(code, spool->job.code);
    if (!spool_advance(spool, state, reason, &is_sending)) {
        wake_in(spool, POLL_MS);
        return;
    }
    if (state == JOB_UNKNOWN)
        log_write(LOG_WARNING, "printer %s: nobody knows whether label %s came out: %s", spool->name, code, reason);
    spool->here = spool->sent = false;
    spool->phase = PHASE_IDLE;
    spool_changed(spool);
    go_on(spool, is_sending, false);
}

/* ---- what the printer says ---- */

static bool fits_head(const struct spool *spool, const struct printer_status *status)
{
    return status->dots_per_mm == 0 || status->dots_per_mm == (spool->dpi * 10 + 127) / 254;
}

/* Why nothing may be sent, or NULL. A printer that never answers gets its labels all the same. */
static const char *fault_before(const struct spool *spool, const struct printer_status *status)
{
    if (!fits_head(spool, status))
        return "wrong_resolution";
    return status->mute ? NULL : printer_status_fault(status);
}

static void status_before(struct spool *spool, const struct printer_status *status)
{
    const char *fault = fault_before(spool, status);
    TEXT_COPY(spool->model, status->model);
    TEXT_FORMAT(spool->identity, "%s %s", printer_identity(spool->printer), status->model);
    spool->phase = PHASE_IDLE;
    spool->is_ready = fault == NULL && (status->mute || printer_status_clean(status));
    spool->counter = status->counter;
    if (fault != NULL) {
        spool_set_reason(spool, fault);
        spool_tend(spool);
        wake_in(spool, POLL_MS);
        return;
    }
    if (spool->reason[0] != '\0')
        spool_set_reason(spool, "");
    bool is_uncounted = status->answered && status->counter < 0 && !spool->is_probed;
    spool->is_probed = true;
    if (is_uncounted)
        ask(spool, PHASE_ASKED);
    else if (spool->is_ready)
        next_job(spool);
    else
        wake_in(spool, POLL_MS);
}

static void note_quiet(struct spool *spool, const struct printer_status *status)
{
    if (!printer_status_clean(status) || status->counter != spool->job.counter)
        spool->quiet_since = 0;
    else if (spool->quiet_since == 0)
        spool->quiet_since = clock_read().tick;
}

static void need_attention(struct spool *spool, const char *reason)
{
    if (spool->job.job.state != JOB_NEEDS_ATTENTION || !text_equal(spool->job.reason, reason))
        spool_set_state(spool, JOB_NEEDS_ATTENTION, reason);
    spool_set_reason(spool, reason);
    spool_tend(spool);
    wake_in(spool, POLL_MS);
}

/* A printer that was silent when the daemon came up tells its model a little later than the rest. */
static bool tells_its_model_later(struct spool *spool, const struct printer_status *status)
{
    TEXT_FORMAT(spool->identity, "%s %s", printer_identity(spool->printer), status->model);
    if (status->model[0] != '\0' || text_equal(spool->job.identity, spool->identity))
        spool->nameless = 0;
    else
        spool->nameless++;
    return spool->nameless > 0 && spool->nameless <= NAMELESS_MAX;
}

static void status_after(struct spool *spool, const struct printer_status *status)
{
    if (status->answered && tells_its_model_later(spool, status)) {
        wake_in(spool, POLL_MS);
        return;
    }
    note_quiet(spool, status);
    bool is_same = !status->answered || text_equal(spool->job.identity, spool->identity);
    struct evidence evidence = {.counter_before = spool->job.counter,
                                .same_printer = is_same,
                                .here = spool->here,
                                .sent = spool->sent,
                                .counter_safe = spool->counter_safe,
                                .quiet_ms = spool->quiet_since == 0 ? 0 : clock_read().tick - spool->quiet_since};
    const char *reason;
    enum evidence_says says = evidence_judge(&evidence, status, &reason);
    if (says == EVIDENCE_FAULT) {
        need_attention(spool, reason);
        return;
    }
    if (spool->reason[0] != '\0')
        spool_set_reason(spool, "");
    if (says == EVIDENCE_WAIT) {
        wake_in(spool, POLL_MS);
        return;
    }
    static const enum job_state states[EVIDENCE_COUNT] = {[EVIDENCE_PRINTED] = JOB_PRINTED,
                                                          [EVIDENCE_SENT] = JOB_SENT,
                                                          [EVIDENCE_UNPRINTED] = JOB_QUEUED,
                                                          [EVIDENCE_UNKNOWN] = JOB_UNKNOWN};
    spool->is_ready = fits_head(spool, status) && (status->mute || printer_status_clean(status));
    spool->counter = status->counter;
    finish(spool, states[says], says == EVIDENCE_UNKNOWN ? reason : spool_note(&spool->job));
}

/* ---- events ---- */

static void on_status(void *context, const struct printer_status *status)
{
    struct spool *spool = context;
    if (spool->phase == PHASE_ASKED)
        status_before(spool, status);
    else if (spool->phase == PHASE_AFTER)
        status_after(spool, status);
}

static void on_up(void *context)
{
    struct spool *spool = context;
    log_write(LOG_INFO, "printer %s: connected", spool->name);
    spool->is_ready = spool->is_probed = false;
    ask(spool, PHASE_ASKED);
}

static void on_down(void *context, const char *reason)
{
    struct spool *spool = context;
    log_write(LOG_WARNING, "printer %s: %s", spool->name, reason);
    if (spool->job.job.job_id != 0)
        spool_set_state(spool, JOB_NEEDS_ATTENTION, "down");
    drop_job(spool);
    spool->phase = PHASE_DOWN;
    spool->is_ready = spool->is_reserved = false;
    spool_set_reason(spool, "down");
    wake_in(spool, TEND_MS);
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
    if (spool->phase != PHASE_DOWN) {
        ask(spool, spool->phase == PHASE_AFTER ? PHASE_AFTER : PHASE_ASKED);
        return;
    }
    spool_tend(spool);
    wake_in(spool, TEND_MS);
}

void spool_wake(struct spool *spool)
{
    if (spool->phase == PHASE_IDLE && spool->is_ready)
        next_job(spool);
    else if (spool->reason[0] != '\0')
        spool_set_reason(spool, spool->reason); /* on jobs that came meanwhile */
}

struct spool *spool_new(struct printing *printing, const struct printing_printer *printer, struct error *err)
{
    struct spool *spool = memory_new(1, sizeof *spool);
    *spool = (struct spool){.printing = printing,
                            .dpi = printer->dpi,
                            .max_age_ms = printer->max_age_ms,
                            .counter_safe = printer->counter_safe,
                            .counter = -1};
    TEXT_COPY(spool->name, printer->name);
    TEXT_COPY(spool->reason, "down");
    spool->faulty_since = clock_read().tick;
    spool->timer = loop_add_timer(printing->loop, "printer", LOOP_NORMAL, on_timer, spool);
    struct printer_events events = {
        .up = on_up, .down = on_down, .sent = on_sent, .status = on_status, .context = spool};
    spool->printer = printer_open(printing->loop, printing->usb, printer->name, printer->uri, &events, err);
    if (spool->printer == NULL) {
        spool_free(spool);
        return NULL;
    }
    wake_in(spool, TEND_MS);
    return spool;
}

void spool_free(struct spool *spool)
{
    spool->printer = printer_close(spool->printer);
    loop_remove(spool->timer);
    drop_job(spool);
    free(spool);
}
