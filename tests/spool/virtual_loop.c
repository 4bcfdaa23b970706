/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/spool/virtual_loop.h"

#include "base/clock.h"
#include "base/memory.h"

#include <poll.h>
#include <stdlib.h>

#define UTC_AT_BOOT INT64_C(1795600800000)
#define SOURCES_MAX 64

enum kind { KIND_IO, KIND_TIMER, KIND_WORK };

struct loop_source {
    struct loop *loop;
    struct loop_source *next;
    enum kind kind;
    enum loop_priority priority;
    int fd;
    uint32_t events;
    int64_t tick; /* of a timer; INT64_MAX = off */
    bool is_posted;
    loop_io_fn *io;
    loop_fn *plain;
    void *context;
};

struct loop {
    struct loop_source *sources;
    bool stopped;
};

static int64_t now = 1000000;

struct moment __wrap_clock_read(void);
struct moment __wrap_clock_read(void)
{
    return (struct moment){.now = UTC_AT_BOOT + now, .tick = now};
}

int64_t virtual_tick(void)
{
    return now;
}

/* ---- what is ready ---- */

static bool run_work(struct loop *loop)
{
    struct loop_source *first = NULL;
    for (struct loop_source *source = loop->sources; source != NULL; source = source->next)
        if (source->is_posted && (first == NULL || source->priority < first->priority))
            first = source;
    if (first == NULL)
        return false;
    first->is_posted = false;
    first->plain(first->context);
    return true;
}

static bool run_io(struct loop *loop)
{
    struct pollfd fds[SOURCES_MAX];
    struct loop_source *sources[SOURCES_MAX];
    nfds_t count = 0;
    for (struct loop_source *source = loop->sources; source != NULL && count < SOURCES_MAX; source = source->next)
        if (source->kind == KIND_IO) {
            sources[count] = source;
            fds[count++] = (struct pollfd){.fd = source->fd, .events = (short)source->events};
        }
    if (poll(fds, count, 0) <= 0)
        return false;
    nfds_t i = 0;
    while (fds[i].revents == 0)
        i++;
    sources[i]->io(sources[i]->context, fds[i].fd, (uint32_t)fds[i].revents);
    return true;
}

static bool run_timer(struct loop *loop, int64_t until)
{
    struct loop_source *first = NULL;
    for (struct loop_source *source = loop->sources; source != NULL; source = source->next)
        if (source->kind == KIND_TIMER && source->tick != INT64_MAX && (first == NULL || source->tick < first->tick))
            first = source;
    if (first == NULL || first->tick > until) {
        now = until > now ? until : now;
        return false;
    }
    now = first->tick > now ? first->tick : now;
    first->tick = INT64_MAX;
    first->plain(first->context);
    return true;
}

bool virtual_step(struct loop *loop, int64_t until)
{
    return run_work(loop) || run_io(loop) || run_timer(loop, until);
}

/* ---- the face of base/loop.h ---- */

struct loop *loop_new(struct error *err)
{
    (void)err;
    return memory_new(1, sizeof(struct loop));
}

struct loop *loop_free(struct loop *loop)
{
    free(loop);
    return NULL;
}

bool loop_run(struct loop *loop, struct error *err)
{
    (void)err;
    while (!loop->stopped && virtual_step(loop, INT64_MAX))
        ;
    return true;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
}

void loop_on_reload(struct loop *loop, loop_fn *fn, void *context)
{
    (void)loop, (void)fn, (void)context;
}

static struct loop_source *add(struct loop *loop, struct loop_source fields)
{
    struct loop_source *source = memory_new(1, sizeof *source);
    *source = fields;
    source->loop = loop;
    source->tick = INT64_MAX;
    source->next = loop->sources;
    loop->sources = source;
    return source;
}

struct loop_source *loop_add_io(struct loop *loop, const char *name, enum loop_priority priority, int fd,
                                uint32_t events, loop_io_fn *fn, void *context)
{
    (void)name;
    return add(loop,
               (struct loop_source){
                   .kind = KIND_IO, .priority = priority, .fd = fd, .events = events, .io = fn, .context = context});
}

void loop_set_io(struct loop_source *source, uint32_t events)
{
    source->events = events;
}

struct loop_source *loop_add_timer(struct loop *loop, const char *name, enum loop_priority priority, loop_fn *fn,
                                   void *context)
{
    (void)name;
    return add(loop, (struct loop_source){.kind = KIND_TIMER, .priority = priority, .plain = fn, .context = context});
}

void loop_set_timer(struct loop_source *source, int64_t tick)
{
    source->tick = tick;
}

struct loop_source *loop_add_work(struct loop *loop, const char *name, enum loop_priority priority, loop_fn *fn,
                                  void *context)
{
    (void)name;
    return add(loop, (struct loop_source){.kind = KIND_WORK, .priority = priority, .plain = fn, .context = context});
}

void loop_post(struct loop_source *source)
{
    source->is_posted = true;
}

struct loop_source *loop_add_before_poll(struct loop *loop, const char *name, loop_fn *fn, void *context)
{
    (void)loop, (void)name, (void)fn, (void)context;
    abort(); /* nothing under test uses one */
}

struct loop_source *loop_remove(struct loop_source *source)
{
    if (source == NULL)
        return NULL;
    struct loop_source **at = &source->loop->sources;
    while (*at != source)
        at = &(*at)->next;
    *at = source->next;
    free(source);
    return NULL;
}
