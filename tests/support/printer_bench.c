/* SPDX-License-Identifier: Apache-2.0 */
/* A loop with a printer driver and a fake printer in it. */
#include "tests/support/printer_bench.h"

#include "base/clock.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GUARD_MS 5000

int64_t bench_elapsed(const struct bench *bench)
{
    return clock_read().tick - bench->tick;
}

/* --- steps --- */

static void on_step(void *context)
{
    struct bench *bench = context;
    if (bench->steps == NULL) /* the test runs the loop itself */
        return;
    while (bench->step < bench->step_count) {
        const struct bench_step *step = &bench->steps[bench->step];
        if (step->when != NULL && !step->when(bench))
            return;
        bench->step++;
        if (step->then != NULL)
            step->then(bench);
    }
    loop_stop(bench->loop);
}

static void on_guard(void *context)
{
    struct bench *bench = context;
    bench->timed_out = true;
    fprintf(stderr, "waited too long for step %zu\n", bench->step);
    loop_stop(bench->loop);
}

/* --- the printer's events --- */

static void on_up(void *context)
{
    struct bench *bench = context;
    bench->ups++;
    loop_post(bench->step_work);
}

static void on_down(void *context, const char *reason)
{
    struct bench *bench = context;
    bench->downs++;
    TEXT_COPY(bench->reason, reason);
    loop_post(bench->step_work);
}

static void on_sent(void *context)
{
    struct bench *bench = context;
    bench->sents++;
    loop_post(bench->step_work);
}

static void on_status(void *context, const struct printer_status *status)
{
    struct bench *bench = context;
    bench->statuses++;
    bench->last = *status;
    loop_post(bench->step_work);
}

/* --- the fake printer --- */

static void on_label(void *context, const char *zpl, size_t length)
{
    struct bench *bench = context;
    bench->labels++;
    buffer_clear(&bench->last_label);
    buffer_append(&bench->last_label, zpl, length);
    loop_post(bench->step_work);
}

void bench_hang_up(struct bench *bench)
{
    bench->connection_io = loop_remove(bench->connection_io);
    if (bench->connection >= 0)
        close(bench->connection);
    bench->connection = -1;
    fake_printer_hang_up(&bench->fake);
}

void bench_release(struct bench *bench)
{
    if (bench->held.length != 0)
        CU_ASSERT_EQUAL(send(bench->connection, bench->held.data, bench->held.length, MSG_NOSIGNAL),
                        (ssize_t)bench->held.length);
    buffer_clear(&bench->held);
}

static void on_connection(void *context, int fd, uint32_t events)
{
    (void)events;
    struct bench *bench = context;
    char bytes[65536];
    ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    bool goes_on = n > 0 && fake_printer_receive(&bench->fake, bytes, (size_t)n, &bench->held);
    buffer_clear(&bench->last_read);
    buffer_append(&bench->last_read, bytes, n > 0 ? (size_t)n : 0);
    bench->reads++;
    if (!bench->slow)
        bench_release(bench);
    if (!goes_on)
        bench_hang_up(bench);
    loop_post(bench->step_work);
}

static void on_listener(void *context, int fd, uint32_t events)
{
    (void)events;
    struct bench *bench = context;
    bench_hang_up(bench);
    bench->connection = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (!bench->deaf)
        bench->connection_io =
            loop_add_io(bench->loop, "fake printer", LOOP_NORMAL, bench->connection, EPOLLIN, on_connection, bench);
}

void bench_listen(struct bench *bench)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(bench->port)};
    socklen_t size = sizeof address;
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bench->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool fine = setsockopt(bench->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                bind(bench->listener, (struct sockaddr *)&address, size) == 0 && listen(bench->listener, 4) == 0 &&
                getsockname(bench->listener, (struct sockaddr *)&address, &size) == 0;
    CU_ASSERT_TRUE_FATAL(fine);
    bench->port = ntohs(address.sin_port);
    bench->listener_io =
        loop_add_io(bench->loop, "fake listener", LOOP_NORMAL, bench->listener, EPOLLIN, on_listener, bench);
}

void bench_stop_listening(struct bench *bench)
{
    bench->listener_io = loop_remove(bench->listener_io);
    if (bench->listener >= 0)
        close(bench->listener);
    bench->listener = -1;
}

/* --- steps that many tests take --- */

bool bench_is_up(struct bench *bench)
{
    return bench->ups == 1;
}

bool bench_is_up_again(struct bench *bench)
{
    return bench->ups == 2;
}

bool bench_is_down(struct bench *bench)
{
    return bench->downs == 1;
}

bool bench_told_once(struct bench *bench)
{
    return bench->statuses == 1;
}

bool bench_told_twice(struct bench *bench)
{
    return bench->statuses == 2;
}

bool bench_told_thrice(struct bench *bench)
{
    return bench->statuses == 3;
}

bool bench_is_answered(struct bench *bench)
{
    if (bench->statuses > bench->asked && !bench->last.answered) {
        bench->asked = bench->statuses;
        bench_ask(bench);
    }
    return bench->last.answered;
}

static const char label[] = "^XA^FO10,10^A0N,20^FDone^FS^XZ\n";

void bench_send_label(struct bench *bench)
{
    struct error err = {0};
    CU_ASSERT_TRUE(printer_send(bench->printer, label, sizeof label - 1, &err));
}

void bench_ask(struct bench *bench)
{
    struct error err = {0};
    bench->tick = clock_read().tick;
    CU_ASSERT_TRUE(printer_query(bench->printer, &err));
}

/* --- life --- */

void bench_init(struct bench *bench)
{
    struct error err;
    *bench = (struct bench){.listener = -1, .connection = -1};
    bench->loop = loop_new(&err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->loop);
    fake_printer_init(&bench->fake, on_label, bench);
    bench->step_work = loop_add_work(bench->loop, "steps", LOOP_NORMAL, on_step, bench);
    bench->guard = loop_add_timer(bench->loop, "guard", LOOP_NORMAL, on_guard, bench);
    bench_listen(bench);
}

void bench_open(struct bench *bench, const char *uri)
{
    char fake[64];
    struct error err = {0};
    const struct printer_events events = {on_up, on_down, on_sent, on_status, bench};
    snprintf(fake, sizeof fake, "tcp://127.0.0.1:%u", bench->port);
    bench->printer = printer_open(bench->loop, NULL, "test", uri != NULL ? uri : fake, &events, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->printer);
}

void bench_run(struct bench *bench, const struct bench_step *steps, size_t count)
{
    struct error err;
    bench->steps = steps;
    bench->step_count = count;
    loop_set_timer(bench->guard, clock_read().tick + GUARD_MS);
    loop_post(bench->step_work);
    CU_ASSERT_TRUE(loop_run(bench->loop, &err));
    CU_ASSERT_FALSE(bench->timed_out);
}

void bench_done(struct bench *bench)
{
    printer_close(bench->printer);
    bench_hang_up(bench);
    bench_stop_listening(bench);
    loop_remove(bench->step_work);
    loop_remove(bench->guard);
    loop_free(bench->loop);
    fake_printer_done(&bench->fake);
    buffer_done(&bench->last_label);
    buffer_done(&bench->last_read);
    buffer_done(&bench->held);
}
