/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop: a thin face of sd-event in which a handler cannot switch itself off by a return value. */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include "base/error.h"

#include <stdint.h>
#include <sys/epoll.h>

struct loop;
struct loop_source;

/* Order in which ready handlers run in one turn of the loop. */
enum loop_priority {
    LOOP_INPUT,      /* scanners: collect scans */
    LOOP_COMMIT,     /* decide and commit what was collected */
    LOOP_NORMAL,     /* printers, feed, web */
    LOOP_BACKGROUND, /* imports, pruning: slices of at most 5 ms */
    LOOP_PRIORITY_COUNT,
};

typedef void loop_io_fn(void *context, int fd, uint32_t events);
typedef void loop_fn(void *context);

struct loop *loop_new(struct error *err) MUST_CHECK;
struct loop *loop_free(struct loop *loop);
/* Runs until loop_stop or SIGINT/SIGTERM; SIGHUP calls the function given to loop_on_reload. Tells systemd's watchdog.
 */
bool loop_run(struct loop *loop, struct error *err) MUST_CHECK;
void loop_stop(struct loop *loop);
/* Runs what is ready now and what that posts, without waiting: for tests that take a loop step by step. */
bool loop_turn(struct loop *loop, struct error *err) MUST_CHECK;
/* The same, but waits at most so many ms for something to be ready. */
bool loop_wait(struct loop *loop, int64_t ms, struct error *err) MUST_CHECK;
void loop_on_reload(struct loop *loop, loop_fn *fn, void *context);

/* Calls fn while fd has one of events (EPOLLIN | EPOLLOUT). The caller keeps the fd. name is for the log. */
struct loop_source *loop_add_io(struct loop *loop, const char *name, enum loop_priority priority, int fd,
                                uint32_t events, loop_io_fn *fn, void *context);
void loop_set_io(struct loop_source *source, uint32_t events);
/* A timer, off until armed with loop_set_timer. */
struct loop_source *loop_add_timer(struct loop *loop, const char *name, enum loop_priority priority, loop_fn *fn,
                                   void *context);
/* Fires once at the CLOCK_BOOTTIME millisecond tick; INT64_MAX switches it off. */
void loop_set_timer(struct loop_source *source, int64_t tick);
/* Work to do later in this turn, off until loop_post; fn runs once per post. */
struct loop_source *loop_add_work(struct loop *loop, const char *name, enum loop_priority priority, loop_fn *fn,
                                  void *context);
void loop_post(struct loop_source *source);
/* Called before the loop sleeps, each turn (for libraries whose fd is edge-triggered). */
struct loop_source *loop_add_before_poll(struct loop *loop, const char *name, loop_fn *fn, void *context);
/* Removes the source; accepts NULL, returns NULL. Safe inside its own handler. */
struct loop_source *loop_remove(struct loop_source *source);

#endif
