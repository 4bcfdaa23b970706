/* SPDX-License-Identifier: Apache-2.0 */
/* What one printer's spool writes about its jobs, each time with the clock of that moment. */
#include "daemon/printing_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/printer_notice.h"

#include <stdlib.h>

#define FAIL_OVER_MS 5000 /* a fault that lasts this long is not just a roll being changed */

void spool_changed(struct spool *spool)
{
    spool->printing->changed(spool->printing->context);
}

static void complain(const struct spool *spool, const struct error *err)
{
    log_write(LOG_ERR, "printer %s: %s", spool->name, err->message);
}

/* Says why queued jobs wait, on the jobs too; "" = they do not. */
void spool_set_reason(struct spool *spool, const char *reason)
{
    struct error err = {0};
    if (!text_equal(spool->reason, reason)) {
        log_write(reason[0] != '\0' ? LOG_WARNING : LOG_NOTICE, "printer %s: %s", spool->name,
                  reason[0] != '\0' ? reason : "ready");
        spool->faulty_since = clock_read().tick;
        TEXT_COPY(spool->reason, reason);
        printer_notices_changed(spool->printing->notices);
        spool_changed(spool);
    }
    if (!jobs_mark_queued(spool->printing->store, spool->name, reason, clock_read().now, &err))
        complain(spool, &err);
}

/* A job that went to a spare keeps saying so. */
const char *spool_note(const struct job_row *job)
{
    return text_equal(job->reason, "spare") ? "spare" : "";
}

/* A failing disk leaves the row as it was: the next poll tries again. */
bool spool_set_state(struct spool *spool, enum job_state state, const char *reason)
{
    struct error err = {0};
    if (!jobs_set_state(spool->printing->store, &spool->job, state, reason, clock_read().now, &err)) {
        complain(spool, &err);
        return false;
    }
    spool->job.job.state = state;
    TEXT_COPY(spool->job.reason, reason);
    spool_changed(spool);
    return true;
}

bool spool_is_too_old(const struct spool *spool)
{
    return spool->max_age_ms > 0 && clock_read().now - spool->job.created_at > spool->max_age_ms;
}

/* Takes the oldest open job into the open transaction, and makes it "sending" if it may leave now. */
static bool take_job(struct spool *spool, bool *ret_send, struct error *err)
{
    struct store *store = spool->printing->store;
    *ret_send = false;
    if (!jobs_next(store, spool->name, &spool->job, err))
        return false;
    struct job_row *job = &spool->job;
    if (job->job.state != JOB_QUEUED || job->job.job_id == 0 || !spool->is_ready || spool_is_too_old(spool))
        return true;
    job->counter = spool->counter;
    TEXT_COPY(job->identity, spool->identity);
    *ret_send = jobs_put_state(store, job, JOB_SENDING, spool_note(job), clock_read().now, err);
    return *ret_send;
}

/* Ends the outstanding job, if there is one, and takes the next: one commit for both. */
bool spool_advance(struct spool *spool, enum job_state ended, const char *reason, bool *ret_send)
{
    struct store *store = spool->printing->store;
    struct job_row before = spool->job;
    struct error err = {0};
    bool ok = store_begin(store, &err);
    if (ok && before.job.job_id != 0)
        ok = jobs_put_state(store, &before, ended, reason, clock_read().now, &err);
    spool->job = (struct job_row){0};
    ok = ok && take_job(spool, ret_send, &err) && store_commit(store, &err);
    if (ok) {
        free(before.zpl);
        return true;
    }
    store_rollback(store);
    complain(spool, &err);
    free(spool->job.zpl);
    spool->job = before;
    return false;
}

void spool_void_old(struct spool *spool)
{
    struct error err = {0};
    int64_t now = clock_read().now, count = 0;
    if (spool->max_age_ms == 0)
        return;
    if (!jobs_void_old(spool->printing->store, spool->name, now - spool->max_age_ms, now, &count, &err))
        complain(spool, &err);
    if (count == 0)
        return;
    log_write(LOG_WARNING, "printer %s: %lld label(s) waited too long and are void", spool->name, (long long)count);
    spool_changed(spool);
}

/* For what is queued behind a fault. */
void spool_tend(struct spool *spool)
{
    spool_void_old(spool);
    if (clock_read().tick - spool->faulty_since >= FAIL_OVER_MS)
        printing_fail_over(spool->printing, spool);
}
