/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "drivers/printer.h"
#include "tests/support/printer_bench.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static const char label[] = "^XA^XZ";

static bool is_out(struct bench *b)
{
    return b->labels == 1 && b->sents == 1;
}

/* --- actions --- */
static void send_and_ask(struct bench *b)
{
    bench_send_label(b);
    bench_ask(b);
}
static void break_connection(struct bench *b)
{
    bench_hang_up(b);
}

/* --- tests --- */

static void a_label_arrives_once_and_is_told_sent(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_send_label}, {is_out, bench_ask}, {bench_told_once, NULL});
    CU_ASSERT_EQUAL(b.labels, 1);
    CU_ASSERT_EQUAL(b.sents, 1);
    CU_ASSERT_EQUAL(b.downs, 0);
    CU_ASSERT_EQUAL(b.fake.stray, 0);
    CU_ASSERT_STRING_EQUAL(buffer_text(&b.last_label), "^XA^FO10,10^A0N,20^FDone^FS^XZ");
    CU_ASSERT_TRUE(printer_status_clean(&b.last));
    CU_ASSERT_EQUAL(b.last.counter, 1);
    CU_ASSERT_TRUE(bench_elapsed(&b) < 290);
    bench_done(&b);
}

static void the_question_leaves_with_the_label(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, send_and_ask}, {bench_told_once, NULL});
    CU_ASSERT_EQUAL(b.reads, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b.last_read), "^XZ\n~HI\r\n~HS"));
    CU_ASSERT_EQUAL(b.sents, 1);
    CU_ASSERT_EQUAL(b.last.counter, 1);
    bench_done(&b);
}

static void the_model_is_asked_once_a_connection(void)
{
    struct bench b;
    bench_init(&b);
    fake_printer_set(&b.fake, FAKE_300_DPI, true);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, send_and_ask}, {bench_told_twice, NULL});
    CU_ASSERT_EQUAL(b.last.dots_per_mm, 12);
    CU_ASSERT_STRING_EQUAL(b.last.model, "FAKE-300dpi");
    CU_ASSERT_PTR_NULL(strstr(buffer_text(&b.last_read), "~HI"));
    bench_done(&b);
}

static void a_fault_is_told(void)
{
    struct bench b;
    bench_init(&b);
    fake_printer_set(&b.fake, FAKE_PAPER_OUT, true);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, send_and_ask}, {bench_told_once, NULL});
    CU_ASSERT_STRING_EQUAL(printer_status_fault(&b.last), "paper_out");
    CU_ASSERT_EQUAL(b.last.formats_waiting, 1);
    CU_ASSERT_EQUAL(b.labels, 0);
    bench_done(&b);
}
static void it_connects_again(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, break_connection}, {bench_is_down, NULL}, {bench_is_up_again, send_and_ask},
              {bench_told_once, NULL});
    CU_ASSERT_EQUAL(b.labels, 1);
    CU_ASSERT_EQUAL(b.last.counter, 1);
    CU_ASSERT_STRING_EQUAL(b.reason, "the printer closed the connection");
    bench_done(&b);
}

static void ask_and_break(struct bench *b)
{
    bench_ask(b);
    bench_hang_up(b);
}

static void a_question_dies_with_its_connection(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, ask_and_break}, {bench_is_up_again, bench_ask}, {bench_told_once, NULL});
    CU_ASSERT_EQUAL(b.statuses, 1);
    CU_ASSERT_TRUE(b.last.answered);
    bench_done(&b);
}

static void refuse_everything(struct bench *b)
{
    struct error err = {0};
    CU_ASSERT_FALSE(printer_send(b->printer, label, 3, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    CU_ASSERT_FALSE(printer_query(b->printer, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    b->tick = clock_read().tick;
    bench_listen(b);
}

static void a_refused_connection_is_told_and_tried_again(void)
{
    struct bench b;
    bench_init(&b);
    bench_stop_listening(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_down, refuse_everything}, {bench_is_up, NULL});
    CU_ASSERT_STRING_EQUAL(b.reason, "Connection refused");
    CU_ASSERT_TRUE(bench_elapsed(&b) >= 200);
    bench_done(&b);
}

static void cut_in_the_label(struct bench *b)
{
    struct buffer answer = BUFFER_EMPTY;
    fake_printer_command(&b->fake, "reset-at 12", &answer);
    buffer_done(&answer);
    bench_send_label(b);
}

static void half_a_label_is_no_label(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, cut_in_the_label}, {bench_is_down, NULL}, {bench_is_up_again, bench_ask},
              {bench_told_once, NULL});
    CU_ASSERT_EQUAL(b.labels, 0);
    CU_ASSERT_EQUAL(b.last.counter, 0);
    CU_ASSERT_TRUE(printer_status_clean(&b.last));
    bench_done(&b);
}

static void send_more_than_fits(struct bench *b)
{
    struct error err = {0};
    struct buffer big = BUFFER_EMPTY;
    while (big.length < 16U << 20)
        buffer_append_text(&big, "^XA^FO1,1^FDsixty-four characters, more or less, to fill sockets^FS");
    CU_ASSERT_TRUE(printer_send(b->printer, big.data, big.length, &err));
    buffer_done(&big);
    CU_ASSERT_FALSE(printer_send(b->printer, label, 3, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    bench_ask(b);
    CU_ASSERT_FALSE(printer_query(b->printer, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
}

static void expect_nothing_sent_and_break(struct bench *b)
{
    CU_ASSERT_FALSE(b->last.answered);
    CU_ASSERT_EQUAL(b->sents, 0);
    CU_ASSERT_EQUAL(b->downs, 0);
    b->deaf = false;
    bench_hang_up(b);
}

static bool was_read(struct bench *b)
{
    return b->reads > 0;
}

static void a_printer_that_takes_nothing_blocks_nothing(void)
{
    struct bench b;
    bench_init(&b);
    b.deaf = true;
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, send_more_than_fits}, {bench_told_once, expect_nothing_sent_and_break},
              {bench_is_up_again, bench_ask}, {was_read, NULL}, {bench_is_answered, NULL});
    CU_ASSERT_EQUAL(b.fake.stray, 0);
    bench_done(&b);
}

static bool send_next(struct bench *b)
{
    if (b->sents == b->labels && b->labels < 100 && b->step == 1)
        bench_send_label(b);
    return b->labels == 100 && b->sents == 100;
}

static void a_hundred_labels_arrive_once_each(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, NULL}, {send_next, bench_ask}, {bench_told_once, NULL});
    CU_ASSERT_EQUAL(b.last.counter, 100);
    CU_ASSERT_EQUAL(b.fake.stray, 0);
    bench_done(&b);
}

static void close_printer(struct bench *b)
{
    b->printer = printer_close(b->printer);
}

static void send_ask_close(struct bench *b)
{
    send_and_ask(b);
    close_printer(b);
}

static void closing_is_safe_with_all_outstanding(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, send_ask_close});
    CU_ASSERT_EQUAL(b.sents + b.statuses, 0);
    CU_ASSERT_PTR_NULL(b.printer);
    bench_done(&b);
}

static struct bench *closing;
static int closed_in;

static void close_in_event(void *context)
{
    (void)context;
    closing->printer = printer_close(closing->printer);
    closed_in++;
    loop_stop(closing->loop);
}

static void up_event(void *context)
{
    (void)context;
    send_and_ask(closing);
}

static void down_event(void *context, const char *reason)
{
    (void)reason;
    close_in_event(context);
}

static void status_event(void *context, const struct printer_status *status)
{
    (void)status;
    close_in_event(context);
}

static void no_event(void *context)
{
    (void)context;
}

static void the_owner_may_close_in_any_event(void)
{
    static const struct printer_events rows[] = {
        {close_in_event, down_event, no_event, status_event, NULL},
        {up_event, down_event, close_in_event, status_event, NULL},
        {up_event, down_event, no_event, status_event, NULL},
        {no_event, down_event, no_event, status_event, NULL}, /* down: nobody listens */
    };
    closed_in = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b;
        char uri[64];
        struct error err = {0};
        bench_init(&b);
        closing = &b;
        snprintf(uri, sizeof uri, "tcp://localhost:%u", b.port);
        if (i == 3)
            bench_stop_listening(&b);
        b.printer = printer_open(b.loop, NULL, "test", uri, &rows[i], &err);
        CU_ASSERT_TRUE(loop_run(b.loop, &err));
        bench_done(&b);
        CU_ASSERT_EQUAL(closed_in, (int)i + 1);
    }
}

static void addresses_are_numbers(void)
{
    static const char *const bad[] = {"usb:1",
                                      "usb://",
                                      "usb:///serial",
                                      "tcp://",
                                      "tcp://:9100",
                                      "tcp://a.example:9100",
                                      "tcp://1.2.3.4:",
                                      "tcp://1.2.3.4:0",
                                      "tcp://[::1",
                                      "tcp://[::1]9100",
                                      "tcp://1.2.3.4:x",
                                      "tcp://1.2.3.4:65536",
                                      "x"};
    static const struct {
        const char *uri, *identity;
    } good[] = {{"tcp://localhost", "tcp://127.0.0.1:9100"},
                {"tcp://[::1]:6101", "tcp://[::1]:6101"},
                {"tcp://127.0.0.1:9101", "tcp://127.0.0.1:9101"}};
    const struct printer_events events = {no_event, down_event, no_event, status_event, NULL};
    struct error err = {0};
    struct loop *loop = loop_new(&err);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = (struct error){0};
        CU_ASSERT_PTR_NULL(printer_open(loop, NULL, "front", bad[i], &events, &err));
        CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "front"));
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct printer *printer = printer_open(loop, NULL, "front", good[i].uri, &events, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(printer);
        CU_ASSERT_STRING_EQUAL(printer_identity(printer), good[i].identity);
        printer_close(printer);
    }
    loop_free(loop);
}

SUITE("drivers/printer_tcp", {"a label arrives once and is told sent", a_label_arrives_once_and_is_told_sent},
      {"the question leaves with the label", the_question_leaves_with_the_label},
      {"the model is asked once a connection", the_model_is_asked_once_a_connection},
      {"a fault is told", a_fault_is_told}, {"it connects again", it_connects_again},
      {"a question dies with its connection", a_question_dies_with_its_connection},
      {"a refused connection is told and tried again", a_refused_connection_is_told_and_tried_again},
      {"half a label is no label", half_a_label_is_no_label},
      {"a printer that takes nothing blocks nothing", a_printer_that_takes_nothing_blocks_nothing},
      {"a hundred labels arrive once each", a_hundred_labels_arrive_once_each},
      {"closing is safe with all outstanding", closing_is_safe_with_all_outstanding},
      {"the owner may close in any event", the_owner_may_close_in_any_event},
      {"addresses are numbers", addresses_are_numbers})
