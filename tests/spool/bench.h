/* SPDX-License-Identifier: Apache-2.0 */
/* A spool on a real database, its printer driver on a real socket, and a fake printer behind it, all on a virtual
 * clock. */
#ifndef TESTS_SPOOL_BENCH_H
#define TESTS_SPOOL_BENCH_H

#include "daemon/printing.h"
#include "daemon/store/records.h"
#include "tests/spool/virtual_loop.h"
#include "tests/support/fake_printer.h"

/* A printer on loopback that serves one connection at a time. */
struct bench_printer {
    struct bench *bench;
    struct fake_printer fake;
    int listener, connection;
    uint16_t port;
    struct loop_source *listener_io, *connection_io, *slow_timer;
    size_t bite; /* bytes a read takes; a small one is a slow reader: another bite every 10 ms */
    bool is_off; /* no power: it does not listen */
    char name[32];
    char codes[64][32]; /* of the labels that came out */
    size_t code_count;
};

struct bench {
    char directory[64];
    struct loop *loop;
    struct store *store;
    struct printing *printing;
    struct bench_printer printers[2];
    bool counter_safe;
    int64_t max_age_ms;
    int64_t last_job;
    int changes; /* how often screens were told to draw again */
};

/* A bench with printers "one" and, as its stand-in for lane "bench", "two". Its directory is in memory. */
void bench_init(struct bench *bench);
void bench_done(struct bench *bench);
/* The daemon begins, or begins again behind a kill -9: nothing but the database is left of the one before. */
void bench_start(struct bench *bench);
void bench_kill(struct bench *bench);
/* A new queued job, as a decision stores it; its number. Its label carries code. */
int64_t bench_job(struct bench *bench, const char *code, const void *zpl, size_t length);
/* Runs for so many ms of the virtual clock. */
void bench_run(struct bench *bench, int64_t ms);
/* Runs until the job has come to rest, at most so many ms; its row, without the label. */
struct job_row bench_settle(struct bench *bench, int64_t job, int64_t ms);
struct job_row bench_row(struct bench *bench, int64_t job);
/* How often a label with this code came out, of all printers. */
int bench_count(const struct bench *bench, const char *code);
void bench_power(struct bench_printer *printer, bool on);
void bench_hang_up(struct bench_printer *printer);

#endif
