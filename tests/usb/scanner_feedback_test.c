/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanner is told, and what people are told of it: beeps, kept scans, devices with their modes. */
#include "base/clock.h"
#include "base/text.h"
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <stdio.h>
#include <string.h>

static const struct mock_model *model;
static enum mock_fault fault;
static int64_t mark; /* a tick to wait for */

static struct mock_count count(struct bench *bench, size_t place)
{
    return mock_count(bench->devices[place]);
}

static void plug(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", model, fault);
}

static void plug_second(struct bench *bench)
{
    bench_plug(bench, 1, "1-2", model, fault);
}

static void scan(struct bench *bench)
{
    bench_scan_pos(bench->devices[0], 0, "code");
}

/* ---- beeps ---- */

static void beep_good(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).outputs, 0); /* a scan alone is no reason to beep */
    CU_ASSERT_TRUE(scanner_beep(bench->scanners[0], "s@1-1", FEEDBACK_GOOD));
}

static void beep_error(struct bench *bench)
{
    CU_ASSERT_EQUAL(memcmp(count(bench, 0).output, "\x04\x04", 2), 0);
    CU_ASSERT_TRUE(scanner_beep(bench->scanners[0], "s@1-1", FEEDBACK_ERROR));
}

static bool has_beeped(struct bench *bench)
{
    return count(bench, 0).outputs == 1;
}

static bool has_beeped_twice(struct bench *bench)
{
    return count(bench, 0).outputs == 2;
}

static void the_device_that_scanned_beeps_and_no_other(void)
{
    struct bench *bench = bench_new();
    model = &model_beeper;
    fault = FAULT_NONE;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {plug_second, "s@1-2+ ", NULL}, {scan, "s@1-1=code ", NULL},
              {beep_good, NULL, has_beeped}, {scan, "s@1-1=code ", NULL}, {beep_error, NULL, has_beeped_twice});
    CU_ASSERT_EQUAL(memcmp(count(bench, 0).output, "\x04\x02", 2), 0);
    CU_ASSERT_EQUAL(count(bench, 1).outputs, 0);
    CU_ASSERT_FALSE(scanner_beep(bench->scanners[0], "s@1-3", FEEDBACK_GOOD));
    bench_free(bench);
}

static void beep_three_times(struct bench *bench)
{
    for (int i = 0; i < 3; i++)
        scanner_beep(bench->scanners[0], "s@1-1", FEEDBACK_GOOD);
    mark = clock_read().tick + SCANNER_FEEDBACK_MS;
}

static bool is_time(struct bench *bench)
{
    (void)bench;
    return clock_read().tick > mark;
}

/* It is never answered, and given up; the next scan's beep goes out again. */
static bool beeps_again(struct bench *bench)
{
    bench_scan_pos(bench->devices[0], 0, "again");
    scanner_beep(bench->scanners[0], "s@1-1", FEEDBACK_ERROR);
    return count(bench, 0).outputs == 2;
}

static void one_beep_is_under_way_and_none_is_tried_again(void)
{
    struct bench *bench = bench_new();
    model = &model_beeper;
    fault = FAULT_DEAF;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL}, {beep_three_times, NULL, has_beeped},
              {NULL, NULL, is_time}, {NULL, NULL, beeps_again});
    CU_ASSERT_EQUAL(memcmp(count(bench, 0).output, "\x04\x02", 2), 0);
    CU_ASSERT_EQUAL(count(bench, 0).in_flight, 4); /* it is read all the same */
    bench_free(bench);
}

static void wait_past_the_beep(struct bench *bench)
{
    (void)bench;
    mark = clock_read().tick + SCANNER_FEEDBACK_MS + 1;
}

static void beep_late(struct bench *bench)
{
    CU_ASSERT_TRUE(scanner_beep(bench->scanners[0], "s@1-1", FEEDBACK_GOOD));
}

static void an_answer_that_comes_late_is_not_beeped(void)
{
    struct bench *bench = bench_new();
    model = &model_beeper;
    fault = FAULT_NONE;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL}, {wait_past_the_beep, NULL, is_time},
              {beep_late, NULL, NULL}, {scan, "s@1-1=code ", NULL});
    CU_ASSERT_EQUAL(count(bench, 0).outputs, 0);
    bench_free(bench);
}

static void a_device_that_names_no_beeps_is_sent_nothing(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_NONE;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL}, {beep_late, NULL, NULL},
              {scan, "s@1-1=code ", NULL});
    CU_ASSERT_EQUAL(count(bench, 0).outputs, 0);
    bench_free(bench);
}

/* ---- what it kept ---- */

static void wait_until_it_is_no_more_early(struct bench *bench)
{
    CU_ASSERT_EQUAL(bench->buffered, 1);
    mark = clock_read().tick + 200;
}

static void what_comes_at_once_may_have_been_kept(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_NONE;
    plug(bench);
    scan(bench);
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {NULL, "s+ s=code ", NULL}, {wait_until_it_is_no_more_early, NULL, is_time},
              {scan, "s=code ", NULL});
    CU_ASSERT_EQUAL(bench->buffered, 1);
    bench_free(bench);
}

/* ---- who is there ---- */

static char listed[2000];

static void list_one(void *context, const struct scanner_status *status)
{
    (void)context;
    size_t used = strlen(listed);
    snprintf(listed + used, sizeof listed - used, "%s %s %s %04x:%04x [%s] [%s]%s\n", status->device, status->mode,
             status->state, status->vendor, status->product, status->layout, status->advice,
             status->can_beep ? " beeps" : "");
}

static bool is_listed(struct bench *bench, const char *wanted)
{
    listed[0] = '\0';
    scanner_list(bench->scanners[0], list_one, NULL);
    return strstr(listed, wanted) != NULL;
}

static void plug_all(struct bench *bench)
{
    static const struct mock_model *const models[] = {
        &model_beeper, &model_keyboard, &model_other_mode, &model_serial, &model_ibm, &model_unlisted_keyboard};
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        char name[8];
        snprintf(name, sizeof name, "1-%zu", i + 1);
        bench_plug(bench, i, name, models[i], FAULT_NONE);
    }
}

static bool are_all_told(struct bench *bench)
{
    return is_listed(bench, "s@1-1 hid_pos RUN 0c2e:0b82 [] [] beeps\n") &&
           is_listed(bench, "s@1-2 keyboard RUN 0c2e:0200 [us] []\n") &&
           is_listed(bench, "s@1-3 serial LEFT_ALONE 0c2e:0007 [] [Scan the card.]\n") &&
           is_listed(bench, "s@1-4 serial LEFT_ALONE 0c2e:0b84 [] [Scan HID POS.]\n") &&
           is_listed(bench, "s@1-5 ibm LEFT_ALONE 0c2e:0b88 [] [Scan HID POS.]\n") &&
           is_listed(bench, "s@1-6 keyboard LEFT_ALONE 046d:c31c [] [A keyboard that is not listed is left alone.");
}

static void every_mode_is_named_with_what_to_do(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_all, NULL, are_all_told});
    if (bench->timed_out)
        puts(listed);
    for (size_t i = 2; i < 6; i++)
        CU_ASSERT_EQUAL(count(bench, i).claimed[0], 0);
    bench_free(bench);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"the device that scanned beeps and no other", the_device_that_scanned_beeps_and_no_other},
        {"one beep is under way and none is tried again", one_beep_is_under_way_and_none_is_tried_again},
        {"an answer that comes late is not beeped", an_answer_that_comes_late_is_not_beeped},
        {"a device that names no beeps is sent nothing", a_device_that_names_no_beeps_is_sent_nothing},
        {"what comes at once may have been kept", what_comes_at_once_may_have_been_kept},
        {"every mode is named with what to do", every_mode_is_named_with_what_to_do},
    };
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/scanner_feedback", tests, sizeof tests / sizeof tests[0]);
}
