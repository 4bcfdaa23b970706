/* SPDX-License-Identifier: Apache-2.0 */
/* What all scanners have in common, with a driver that is nothing but this file. */
#include "drivers/scanner_driver.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define KEY_A 0x14 /* types a under fr, q under us */
#define KEY_ENTER 0x28

struct bench {
    struct loop *loop;
    struct scanner *scanner;
    unsigned reports, beeps;
    char scans[400];
    bool buffered;
};

static struct bench bench;

static void on_scan(void *context, const char *device, const struct scan *scan, bool was_buffered)
{
    (void)context;
    size_t used = strlen(bench.scans);
    CU_ASSERT_STRING_EQUAL(device, "s");
    snprintf(bench.scans + used, sizeof bench.scans - used, "%s|", (const char *)scan->bytes);
    bench.buffered = was_buffered;
}

static void on_report(void *context, const char *device, const uint8_t *report, size_t length)
{
    (void)context, (void)device, (void)report;
    CU_ASSERT_EQUAL(length, 8);
    bench.reports++;
}

static void on_state(void *context, const char *device, const char *state, const char *detail)
{
    (void)context, (void)device, (void)state, (void)detail;
}

static void close_none(struct scanner *scanner)
{
    (void)scanner;
}

static void describe_none(const struct scanner *scanner, struct scanner_status *status)
{
    (void)scanner;
    status->state = "RUN";
}

static void count_beep(struct scanner *scanner, const uint8_t *report, size_t length)
{
    (void)scanner, (void)report;
    CU_ASSERT_EQUAL(length, 1);
    bench.beeps++;
}

static const struct scanner_driver driver = {.close = close_none, .describe = describe_none, .beep = count_beep};

static void open_bench(const uint8_t *descriptor, size_t length)
{
    struct error err = {0};
    struct scanner_options options = {.name = "s"};
    struct scanner_events events = {.scan = on_scan, .state = on_state, .report = on_report};
    bench = (struct bench){.loop = loop_new(&err), .scanner = memory_new(1, sizeof *bench.scanner)};
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench.loop);
    scanner_init(bench.scanner, bench.loop, &options, &events, &driver);
    CU_ASSERT_TRUE_FATAL(scanner_start_decoder(bench.scanner, descriptor, length, &err));
}

static void close_bench(void)
{
    scanner_free(bench.scanner);
    loop_free(bench.loop);
}

static void press(uint8_t usage)
{
    scanner_report(bench.scanner, (const uint8_t[8]){0, 0, usage}, 8);
    scanner_report(bench.scanner, (const uint8_t[8]){0}, 8);
}

static void settle(void)
{
    scanner_settle(bench.scanner, INT64_MAX);
}

/* A hundred and more in a second is no hand; those above the rate are counted and beeped at, the rest is taken. */
static void scans_beyond_the_rate_are_refused(void)
{
    open_bench(NULL, 0);
    bench.scanner->rate_max = 3;
    for (int i = 0; i < 5; i++) {
        press(KEY_A);
        press(KEY_ENTER);
    }
    CU_ASSERT_STRING_EQUAL(bench.scans, "q|q|q|");
    CU_ASSERT_EQUAL(bench.scanner->refused, 2);
    CU_ASSERT_EQUAL(bench.reports, 20);
    bench.scanner->rate_start -= 1000; /* a second later */
    press(KEY_A);
    press(KEY_ENTER);
    CU_ASSERT_STRING_EQUAL(bench.scans, "q|q|q|q|");
    close_bench();
}

static void a_layout_counts_from_the_next_scan_on(void)
{
    open_bench(NULL, 0);
    press(KEY_A);
    CU_ASSERT_TRUE(scanner_set_layout(bench.scanner, "s", "fr"));
    CU_ASSERT_FALSE(scanner_set_layout(bench.scanner, "t", "fr"));
    press(KEY_A);
    settle();
    press(KEY_A);
    settle();
    CU_ASSERT_STRING_EQUAL(bench.scans, "qq|a|");
    CU_ASSERT_TRUE(scanner_set_layout(bench.scanner, "s", "none")); /* what cannot be had changes nothing */
    press(KEY_A);
    settle();
    CU_ASSERT_STRING_EQUAL(bench.scans, "qq|a|a|");
    close_bench();
}

static void early_scans_may_have_been_kept(void)
{
    open_bench(NULL, 0);
    bench.scanner->early_until = INT64_MAX;
    press(KEY_A);
    settle();
    CU_ASSERT_TRUE(bench.buffered);
    bench.scanner->early_until = 0;
    press(KEY_A);
    settle();
    CU_ASSERT_FALSE(bench.buffered);
    close_bench();
}

static void the_head_of_a_recording_reads_back(void)
{
    static const uint8_t keys[] = {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65,
                                   0x15, 0x00, 0x25, 0x65, 0x75, 0x08, 0x95, 0x02, 0x81, 0x00, 0xC0};
    struct buffer head = BUFFER_EMPTY;
    open_bench(keys, sizeof keys);
    CU_ASSERT_TRUE(scanner_head(bench.scanner, "s", &head));
    CU_ASSERT_STRING_EQUAL(buffer_text(&head),
                           "kind: keyboard\nlayout: us\ndescriptor: 05 01 09 06 A1 01 05 07 19 00 29 65 15 00 25 65 75 "
                           "08 95 02 81 00 C0\n");
    CU_ASSERT_FALSE(scanner_head(bench.scanner, "t", &head));
    scanner_drop_decoder(bench.scanner);
    CU_ASSERT_FALSE(scanner_head(bench.scanner, "s", &head));
    buffer_done(&head);
    close_bench();
}

static struct scanner_status listed;

static void list_one(void *context, const struct scanner_status *status)
{
    ++*(int *)context;
    listed = *status;
}

static void a_keyboard_is_listed_and_cannot_beep(void)
{
    int count = 0;
    open_bench(NULL, 0);
    press(KEY_A);
    settle();
    scanner_list(bench.scanner, list_one, &count);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_STRING_EQUAL(listed.mode, "keyboard");
    CU_ASSERT_STRING_EQUAL(listed.layout, "us");
    CU_ASSERT_FALSE(listed.can_beep);
    CU_ASSERT_TRUE(scanner_beep(bench.scanner, "s", FEEDBACK_GOOD));
    CU_ASSERT_EQUAL(bench.beeps, 0);
    close_bench();
}

SUITE("drivers/scanner", {"scans beyond the rate are refused", scans_beyond_the_rate_are_refused},
      {"a layout counts from the next scan on", a_layout_counts_from_the_next_scan_on},
      {"early scans may have been kept", early_scans_may_have_been_kept},
      {"the head of a recording reads back", the_head_of_a_recording_reads_back},
      {"a keyboard is listed and cannot beep", a_keyboard_is_listed_and_cannot_beep})
