/* SPDX-License-Identifier: Apache-2.0 */
#include "drivers/printer.h"
#include "tests/support/printer_bench.h"
#include "tests/support/suite.h"

#include <string.h>

static void expect_silence_after_the_limit(struct bench *b)
{
    CU_ASSERT_FALSE(b->last.answered);
    CU_ASSERT_EQUAL(b->last.counter, -1);
    CU_ASSERT_TRUE(bench_elapsed(b) >= 290);
    bench_ask(b);
}

static void expect_silence_at_once(struct bench *b)
{
    CU_ASSERT_FALSE(b->last.answered);
    CU_ASSERT_TRUE(bench_elapsed(b) < 290);
}

static void speak_again(struct bench *b)
{
    expect_silence_at_once(b);
    fake_printer_set(&b->fake, FAKE_SILENT, false);
    b->reads = 0;
    bench_ask(b);
}

static bool has_answered_a_silent_question(struct bench *b)
{
    return b->statuses == 3 && b->reads > 0;
}

static void a_silent_printer_costs_300_ms_once(void)
{
    struct bench b;
    bench_init(&b);
    fake_printer_set(&b.fake, FAKE_SILENT, true);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, expect_silence_after_the_limit},
              {bench_told_twice, speak_again}, {has_answered_a_silent_question, NULL}, {bench_is_answered, NULL});
    CU_ASSERT_TRUE(printer_status_clean(&b.last));
    CU_ASSERT_EQUAL(b.downs, 0);
    bench_done(&b);
}

static void fall_silent(struct bench *b)
{
    CU_ASSERT_TRUE(b->last.answered);
    fake_printer_set(&b->fake, FAKE_SILENT, true);
    bench_ask(b);
}

static void a_printer_that_answered_is_waited_for(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, fall_silent},
              {bench_told_twice, expect_silence_after_the_limit}, {bench_told_thrice, NULL});
    CU_ASSERT_FALSE(b.last.answered);
    CU_ASSERT_TRUE(bench_elapsed(&b) >= 290);
    bench_done(&b);
}

static void ask_slow(struct bench *b)
{
    CU_ASSERT_TRUE(b->last.answered);
    b->slow = true;
    bench_ask(b);
}

/* The answer to the last question comes now, in front of that to the next one. */
static void release_and_ask(struct bench *b)
{
    CU_ASSERT_FALSE(b->last.answered);
    CU_ASSERT_TRUE(b->held.length > 0);
    b->fake.counter = 5;
    b->slow = false;
    bench_ask(b);
    bench_release(b);
}

static void a_late_answer_is_not_taken_for_the_next(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, ask_slow}, {bench_told_twice, release_and_ask},
              {bench_told_thrice, NULL});
    CU_ASSERT_TRUE(b.last.answered);
    CU_ASSERT_EQUAL(b.last.counter, 5);
    bench_done(&b);
}

static void ask_uncounted(struct bench *b)
{
    CU_ASSERT_TRUE(b->last.answered);
    CU_ASSERT_EQUAL(b->last.counter, -1);
    CU_ASSERT_TRUE(bench_elapsed(b) >= 290);
    bench_ask(b);
}

/* The other way to ask, ^HH, is tried before the counter is given up. */
static void ask_without_sgd(struct bench *b)
{
    ask_uncounted(b);
    CU_ASSERT_PTR_NULL(strstr(buffer_text(&b->last_read), "^HH"));
}

static void ask_for_the_third_time(struct bench *b)
{
    ask_uncounted(b);
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&b->last_read), "^HH"));
}

static void count_again(struct bench *b)
{
    CU_ASSERT_TRUE(b->last.answered);
    CU_ASSERT_EQUAL(b->last.counter, -1);
    CU_ASSERT_TRUE(bench_elapsed(b) < 290);
    fake_printer_set(&b->fake, FAKE_NO_COUNTER, false);
    bench_ask(b);
}

static bool told_four_times(struct bench *b)
{
    return b->statuses == 4;
}

static void a_missing_counter_costs_300_ms_for_each_way_to_ask(void)
{
    struct bench b;
    bench_init(&b);
    fake_printer_set(&b.fake, FAKE_NO_COUNTER, true);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, ask_without_sgd},
              {bench_told_twice, ask_for_the_third_time}, {bench_told_thrice, count_again}, {told_four_times, NULL});
    CU_ASSERT_EQUAL(b.last.counter, 0);
    bench_done(&b);
}

static void expect_the_counter_of_hh(struct bench *b)
{
    CU_ASSERT_EQUAL(b->last.counter, 41);
    CU_ASSERT_TRUE(bench_elapsed(b) < 290);
    bench_ask(b);
}

static void a_printer_without_sgd_is_asked_by_hh(void)
{
    struct bench b;
    bench_init(&b);
    fake_printer_set(&b.fake, FAKE_NO_SGD, true);
    b.fake.counter = 41;
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, ask_without_sgd},
              {bench_told_twice, expect_the_counter_of_hh}, {bench_told_thrice, NULL});
    CU_ASSERT_EQUAL(b.last.counter, 41);
    CU_ASSERT_EQUAL(b.labels, 0);
    bench_done(&b);
}

/* Knows ~HS and nothing else: what it does not answer at once is not waited for again. */
static void a_clone_is_asked_what_it_knows(void)
{
    struct bench b;
    bench_init(&b);
    fake_printer_set(&b.fake, FAKE_CLONE, true);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, ask_uncounted}, {bench_told_twice, ask_uncounted},
              {bench_told_thrice, NULL});
    CU_ASSERT_TRUE(b.last.answered);
    CU_ASSERT_TRUE(bench_elapsed(&b) < 290);
    CU_ASSERT_PTR_NULL(strstr(buffer_text(&b.last_read), "~HQES"));
    bench_done(&b);
}

static void lose_counter(struct bench *b)
{
    CU_ASSERT_EQUAL(b->last.counter, 0);
    fake_printer_set(&b->fake, FAKE_NO_COUNTER, true);
    bench_ask(b);
}

static void a_counter_that_was_there_is_not_given_up(void)
{
    struct bench b;
    bench_init(&b);
    bench_open(&b, NULL);
    BENCH_RUN(&b, {bench_is_up, bench_ask}, {bench_told_once, lose_counter}, {bench_told_twice, NULL});
    CU_ASSERT_FALSE(b.last.answered);
    bench_done(&b);
}

SUITE("drivers/printer_tcp_query", {"a silent printer costs 300 ms once", a_silent_printer_costs_300_ms_once},
      {"a printer that answered is waited for", a_printer_that_answered_is_waited_for},
      {"a late answer is not taken for the next", a_late_answer_is_not_taken_for_the_next},
      {"a missing counter costs 300 ms for each way to ask", a_missing_counter_costs_300_ms_for_each_way_to_ask},
      {"a printer without SGD is asked by ^HH", a_printer_without_sgd_is_asked_by_hh},
      {"a clone is asked what it knows", a_clone_is_asked_what_it_knows},
      {"a counter that was there is not given up", a_counter_that_was_there_is_not_given_up})
