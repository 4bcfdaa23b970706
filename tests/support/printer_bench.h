/* SPDX-License-Identifier: Apache-2.0 */
/* A loop, one printer driver under test and a fake printer on loopback in the same loop, run as a table of steps. */
#ifndef TESTS_SUPPORT_PRINTER_BENCH_H
#define TESTS_SUPPORT_PRINTER_BENCH_H

#include "base/loop.h"
#include "drivers/printer.h"
#include "tests/support/fake_printer.h"

#include <stdbool.h>
#include <stdint.h>

struct bench;

/* A step's action runs once its condition holds (NULL: at once); then the next step. The last one ends the loop. */
struct bench_step {
    bool (*when)(struct bench *bench);
    void (*then)(struct bench *bench);
};

struct bench {
    struct loop *loop;
    struct printer *printer;
    struct fake_printer fake;
    int listener, connection; /* -1: none */
    bool slow;                /* … keeps its answers back, in held */
    bool deaf;                /* the fake printer does not read */
    uint16_t port;
    struct loop_source *listener_io, *connection_io, *step_work, *guard;
    const struct bench_step *steps;
    size_t step_count, step;
    int ups, downs, sents, statuses, labels, reads;
    int asked; /* for steps that ask again: statuses told when they did */
    bool timed_out;
    struct printer_status last;
    char reason[200];
    struct buffer last_label;
    struct buffer last_read;
    struct buffer held;
    int64_t tick; /* for steps that measure */
};

/* Starts loop and fake printer; the printer is opened by a step or before bench_run with bench_open. */
void bench_init(struct bench *bench);
void bench_listen(struct bench *bench);
void bench_stop_listening(struct bench *bench);
/* Ends the fake printer's side of the connection. */
void bench_hang_up(struct bench *bench);
/* Sends the answers that were kept back. */
void bench_release(struct bench *bench);
/* Opens the printer at uri; NULL = the fake printer. */
void bench_open(struct bench *bench, const char *uri);
/* Runs the steps; fails the test after 5 s. */
void bench_run(struct bench *bench, const struct bench_step *steps, size_t count);
#define BENCH_RUN(bench, ...)                                                                                          \
    do {                                                                                                               \
        static const struct bench_step steps_[] = {__VA_ARGS__};                                                       \
        bench_run((bench), steps_, sizeof steps_ / sizeof steps_[0]);                                                  \
    } while (0)
void bench_done(struct bench *bench);
/* Conditions: the printer came up, came up again, went down; so many status events were told. */
bool bench_is_up(struct bench *bench);
bool bench_is_up_again(struct bench *bench);
bool bench_is_down(struct bench *bench);
bool bench_told_once(struct bench *bench);
bool bench_told_twice(struct bench *bench);
bool bench_told_thrice(struct bench *bench);
/* While silence is told at once, an answer may still be under way: asks until it is there. */
bool bench_is_answered(struct bench *bench);
/* Actions: a small label; a question, from which bench_elapsed counts. */
void bench_send_label(struct bench *bench);
void bench_ask(struct bench *bench);
/* Milliseconds since bench->tick. */
int64_t bench_elapsed(const struct bench *bench);

#endif
