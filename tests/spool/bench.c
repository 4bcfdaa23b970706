/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/spool/bench.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/store/sql.h"
#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOW_MS 10

/* ---- the printer ---- */

/* The code is what stands behind "^FX " in a label. */
static void on_label(void *context, const char *zpl, size_t length)
{
    struct bench_printer *printer = context;
    const char *code = strstr(zpl, "^FX ");
    (void)length;
    if (printer->code_count == sizeof printer->codes / sizeof printer->codes[0])
        abort();
    (void)sscanf(code != NULL ? code + 4 : "?", "%31[^^]", printer->codes[printer->code_count++]);
}

void bench_hang_up(struct bench_printer *printer)
{
    printer->connection_io = loop_remove(printer->connection_io);
    loop_set_timer(printer->slow_timer, INT64_MAX);
    if (printer->connection >= 0)
        close(printer->connection);
    printer->connection = -1;
    fake_printer_hang_up(&printer->fake);
}

static void on_readable(void *context, int fd, uint32_t events)
{
    (void)events;
    struct bench_printer *printer = context;
    char bytes[65536];
    struct buffer answers = BUFFER_EMPTY;
    ssize_t n = recv(fd, bytes, printer->bite, MSG_DONTWAIT);
    bool goes_on = n > 0 && fake_printer_receive(&printer->fake, bytes, (size_t)n, &answers);
    if (answers.length > 0)
        (void)send(fd, answers.data, answers.length, MSG_NOSIGNAL);
    buffer_done(&answers);
    if (!goes_on) {
        bench_hang_up(printer);
    } else if (printer->bite < sizeof bytes) {
        loop_set_io(printer->connection_io, 0);
        loop_set_timer(printer->slow_timer, virtual_tick() + SLOW_MS);
    }
}

static void on_bite(void *context)
{
    struct bench_printer *printer = context;
    loop_set_io(printer->connection_io, EPOLLIN);
}

static void on_listener(void *context, int fd, uint32_t events)
{
    (void)events;
    struct bench_printer *printer = context;
    if (printer->connection >= 0) /* the last one is read to its end first */
        on_readable(printer, printer->connection, EPOLLIN);
    bench_hang_up(printer);
    printer->connection = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    printer->connection_io = loop_add_io(printer->bench->loop, "fake printer", LOOP_NORMAL, printer->connection,
                                         EPOLLIN, on_readable, printer);
}

static void listen_again(struct bench_printer *printer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(printer->port)};
    socklen_t size = sizeof address;
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    printer->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool fine = setsockopt(printer->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                bind(printer->listener, (struct sockaddr *)&address, size) == 0 && listen(printer->listener, 4) == 0 &&
                getsockname(printer->listener, (struct sockaddr *)&address, &size) == 0;
    CU_ASSERT_TRUE_FATAL(fine);
    printer->port = ntohs(address.sin_port);
    printer->listener_io = loop_add_io(printer->bench->loop, "fake listener", LOOP_NORMAL, printer->listener, EPOLLIN,
                                       on_listener, printer);
}

void bench_power(struct bench_printer *printer, bool on)
{
    printer->is_off = !on;
    if (on) {
        listen_again(printer);
        return;
    }
    printer->listener_io = loop_remove(printer->listener_io);
    close(printer->listener);
    bench_hang_up(printer);
    fake_printer_power_cycle(&printer->fake);
}

static void printer_init(struct bench *bench, struct bench_printer *printer, const char *name)
{
    *printer = (struct bench_printer){.bench = bench, .connection = -1, .bite = 65536};
    TEXT_COPY(printer->name, name);
    fake_printer_init(&printer->fake, on_label, printer);
    printer->slow_timer = loop_add_timer(bench->loop, "slow reader", LOOP_NORMAL, on_bite, printer);
    listen_again(printer);
}

static void printer_done(struct bench_printer *printer)
{
    if (!printer->is_off)
        bench_power(printer, false);
    loop_remove(printer->slow_timer);
    fake_printer_done(&printer->fake);
}

/* ---- the daemon's half ---- */

static void on_change(void *context)
{
    struct bench *bench = context;
    bench->changes++;
}

void bench_start(struct bench *bench)
{
    struct error err = {0};
    bench->printing = printing_new(bench->loop, NULL, bench->store, on_change, bench);
    for (size_t i = 0; i < 2; i++) {
        char uri[64];
        TEXT_FORMAT(uri, "tcp://127.0.0.1:%u", bench->printers[i].port);
        struct printing_printer printer = {.name = bench->printers[i].name,
                                           .uri = uri,
                                           .dpi = 203,
                                           .counter_safe = bench->counter_safe,
                                           .max_age_ms = bench->max_age_ms};
        CU_ASSERT_TRUE_FATAL(printing_add(bench->printing, &printer, &err));
    }
    CU_ASSERT_TRUE_FATAL(printing_add_spare(bench->printing, "bench", "one", "two", &err));
}

void bench_kill(struct bench *bench)
{
    bench->printing = printing_free(bench->printing); /* which writes nothing, as a kill */
}

void bench_init(struct bench *bench)
{
    struct error err = {0};
    log_set_level(LOG_CRIT);
    *bench = (struct bench){.counter_safe = true};
    TEXT_COPY(bench->directory, access("/dev/shm", W_OK) == 0 ? "/dev/shm/returnsd-XXXXXX" : "/tmp/returnsd-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(bench->directory));
    bench->loop = loop_new(&err);
    bench->store = store_open(bench->directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->store);
    printer_init(bench, &bench->printers[0], "one");
    printer_init(bench, &bench->printers[1], "two");
}

void bench_done(struct bench *bench)
{
    static const char *const files[] = {"returnsd.db", "returnsd.db-wal", "returnsd.db-shm", "lock"};
    bench_kill(bench);
    printer_done(&bench->printers[0]);
    printer_done(&bench->printers[1]);
    bench->store = store_close(bench->store);
    loop_free(bench->loop);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        TEXT_FORMAT(path, "%s/%s", bench->directory, files[i]);
        unlink(path);
    }
    CU_ASSERT_EQUAL(rmdir(bench->directory), 0);
}

int64_t bench_job(struct bench *bench, const char *code, const void *zpl, size_t length)
{
    struct error err = {0};
    bool ok = store_begin(bench->store, &err) &&
              sql_run(bench->store, &err,
                      "INSERT INTO print_job(kind, unit_id, parcel_id, generation, copy, state, lane, printer, code,"
                      " template_hash, zpl, created_at, changed_at, journal)"
                      " VALUES('unit', ?, 0, 1, 1, 'queued', 'bench', 'one', ?, '', ?, ?, 0, 0)",
                      "itbi", ++bench->last_job, code, zpl, length, clock_read().now) &&
              store_commit(bench->store, &err);
    CU_ASSERT_TRUE_FATAL(ok);
    if (bench->printing != NULL)
        printing_wake(bench->printing);
    return bench->last_job;
}

void bench_run(struct bench *bench, int64_t ms)
{
    int64_t until = virtual_tick() + ms;
    while (virtual_step(bench->loop, until))
        ;
}

struct job_row bench_row(struct bench *bench, int64_t job)
{
    struct error err = {0};
    struct job_row row;
    CU_ASSERT_TRUE_FATAL(jobs_newest(bench->store, job, 0, &row, &err)); /* a unit of its own for each job */
    return row;
}

struct job_row bench_settle(struct bench *bench, int64_t job, int64_t ms)
{
    int64_t until = virtual_tick() + ms;
    int seen = -1;
    for (;;) {
        if (bench->changes != seen) {
            seen = bench->changes;
            struct job_row row = bench_row(bench, job);
            if (row.job.state != JOB_QUEUED && row.job.state != JOB_SENDING && row.job.state != JOB_NEEDS_ATTENTION)
                return row;
        }
        if (!virtual_step(bench->loop, until))
            return bench_row(bench, job);
    }
}

int bench_count(const struct bench *bench, const char *code)
{
    int count = 0;
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < bench->printers[i].code_count; k++)
            count += text_equal(bench->printers[i].codes[k], code);
    return count;
}
