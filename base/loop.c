/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop on sd-event. Handlers return nothing here: sd-event silently disables one that returns an error. */
#include "base/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#define SLOW_HANDLER_MS 5

struct loop {
    sd_event *event;
    loop_fn *reload;
    void *reload_context;
};

struct loop_source {
    sd_event_source *source;
    const char *name;
    union {
        loop_io_fn *io;
        loop_fn *plain;
    } fn;
    void *context;
};

static const int64_t priorities[LOOP_PRIORITY_COUNT] = {
    [LOOP_INPUT] = SD_EVENT_PRIORITY_IMPORTANT,
    [LOOP_COMMIT] = SD_EVENT_PRIORITY_IMPORTANT + 10,
    [LOOP_NORMAL] = SD_EVENT_PRIORITY_NORMAL,
    [LOOP_BACKGROUND] = SD_EVENT_PRIORITY_IDLE,
};

static void note_slow(const char *name, int64_t started)
{
    int64_t took = clock_read().tick - started;
    if (took > SLOW_HANDLER_MS)
        log_write(LOG_DEBUG, "slow handler %s: %lld ms", name, (long long)took);
}

static void call_plain(struct loop_source *source)
{
    const char *name = source->name; /* the handler may remove its own source */
    int64_t started = clock_read().tick;
    source->fn.plain(source->context);
    note_slow(name, started);
}

static int on_io(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
    (void)s;
    struct loop_source *source = userdata;
    const char *name = source->name;
    int64_t started = clock_read().tick;
    source->fn.io(source->context, fd, events);
    note_slow(name, started);
    return 0;
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
    (void)s, (void)usec;
    call_plain(userdata);
    return 0;
}

static int on_plain(sd_event_source *s, void *userdata)
{
    (void)s;
    call_plain(userdata);
    return 0;
}

/* A source must have a handler to exist; only its prepare callback does the work. */
static int on_nothing(sd_event_source *s, void *userdata)
{
    (void)s, (void)userdata;
    return 0;
}

static int on_before_poll(sd_event_source *s, void *userdata)
{
    (void)s;
    struct loop_source *source = userdata;
    source->fn.plain(source->context);
    return 0;
}

static int on_hangup(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
    (void)s, (void)si;
    struct loop *loop = userdata;
    if (loop->reload != NULL)
        loop->reload(loop->reload_context);
    return 0;
}

static int on_stop(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
    (void)s, (void)si;
    loop_stop(userdata);
    return 0;
}

struct loop *loop_new(struct error *err)
{
    struct loop *loop = memory_new(1, sizeof *loop);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    int r = sd_event_new(&loop->event);
    if (r >= 0)
        r = sd_event_add_signal(loop->event, NULL, SIGINT, on_stop, loop);
    if (r >= 0)
        r = sd_event_add_signal(loop->event, NULL, SIGTERM, on_stop, loop);
    if (r >= 0)
        r = sd_event_add_signal(loop->event, NULL, SIGHUP, on_hangup, loop);
    if (r >= 0)
        r = sd_event_set_watchdog(loop->event, 1);
    if (r < 0) {
        error_set(err, ERROR_SYSTEM, "cannot make the event loop: %s", strerror(-r));
        return loop_free(loop);
    }
    return loop;
}

struct loop *loop_free(struct loop *loop)
{
    if (loop != NULL)
        sd_event_unref(loop->event);
    free(loop);
    return NULL;
}

bool loop_run(struct loop *loop, struct error *err)
{
    int r = sd_event_loop(loop->event);
    return r >= 0 || error_set(err, ERROR_SYSTEM, "event loop: %s", strerror(-r));
}

bool loop_turn(struct loop *loop, struct error *err)
{
    int r;
    do
        r = sd_event_run(loop->event, 0);
    while (r > 0);
    return r >= 0 || error_set(err, ERROR_SYSTEM, "event loop: %s", strerror(-r));
}

bool loop_wait(struct loop *loop, int64_t ms, struct error *err)
{
    int r = sd_event_run(loop->event, (uint64_t)ms * 1000);
    return r >= 0 ? loop_turn(loop, err) : error_set(err, ERROR_SYSTEM, "event loop: %s", strerror(-r));
}

void loop_stop(struct loop *loop)
{
    sd_event_exit(loop->event, 0);
}

void loop_on_reload(struct loop *loop, loop_fn *fn, void *context)
{
    loop->reload = fn;
    loop->reload_context = context;
}

/* Adding a source fails only on a bug or for want of memory or descriptors: nothing a caller could mend. */
static struct loop_source *adopt(struct loop_source *source, int r, const char *name, enum loop_priority priority)
{
    if (r >= 0)
        r = sd_event_source_set_priority(source->source, priorities[priority]);
    if (r < 0) {
        log_write(LOG_CRIT, "event loop: cannot add %s: %s", name, strerror(-r));
        abort();
    }
    source->name = name;
    sd_event_source_set_description(source->source, name);
    return source;
}

struct loop_source *loop_add_io(struct loop *loop, const char *name, enum loop_priority priority, int fd,
                                uint32_t events, loop_io_fn *fn, void *context)
{
    struct loop_source *source = memory_new(1, sizeof *source);
    source->fn.io = fn;
    source->context = context;
    return adopt(source, sd_event_add_io(loop->event, &source->source, fd, events, on_io, source), name, priority);
}

void loop_set_io(struct loop_source *source, uint32_t events)
{
    sd_event_source_set_io_events(source->source, events);
}

static struct loop_source *new_plain(loop_fn *fn, void *context)
{
    struct loop_source *source = memory_new(1, sizeof *source);
    source->fn.plain = fn;
    source->context = context;
    return source;
}

struct loop_source *loop_add_timer(struct loop *loop, const char *name, enum loop_priority priority, loop_fn *fn,
                                   void *context)
{
    struct loop_source *source = new_plain(fn, context);
    int r = sd_event_add_time(loop->event, &source->source, CLOCK_BOOTTIME, UINT64_MAX, 1000, on_timer, source);
    if (r >= 0)
        r = sd_event_source_set_enabled(source->source, SD_EVENT_OFF);
    return adopt(source, r, name, priority);
}

void loop_set_timer(struct loop_source *source, int64_t tick)
{
    if (tick == INT64_MAX) {
        sd_event_source_set_enabled(source->source, SD_EVENT_OFF);
        return;
    }
    sd_event_source_set_time(source->source, (uint64_t)(tick > 0 ? tick : 0) * 1000);
    sd_event_source_set_enabled(source->source, SD_EVENT_ONESHOT);
}

struct loop_source *loop_add_work(struct loop *loop, const char *name, enum loop_priority priority, loop_fn *fn,
                                  void *context)
{
    struct loop_source *source = new_plain(fn, context);
    int r = sd_event_add_defer(loop->event, &source->source, on_plain, source);
    if (r >= 0)
        r = sd_event_source_set_enabled(source->source, SD_EVENT_OFF);
    return adopt(source, r, name, priority);
}

void loop_post(struct loop_source *source)
{
    sd_event_source_set_enabled(source->source, SD_EVENT_ONESHOT);
}

struct loop_source *loop_add_before_poll(struct loop *loop, const char *name, loop_fn *fn, void *context)
{
    struct loop_source *source = new_plain(fn, context);
    int r = sd_event_add_post(loop->event, &source->source, on_nothing, source);
    if (r >= 0)
        r = sd_event_source_set_prepare(source->source, on_before_poll);
    return adopt(source, r, name, LOOP_NORMAL);
}

struct loop_source *loop_remove(struct loop_source *source)
{
    if (source == NULL)
        return NULL;
    sd_event_source_disable_unref(source->source);
    free(source);
    return NULL;
}
