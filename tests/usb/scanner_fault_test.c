/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong with a scanner on USB, and that it comes back: replug, refusals, wrong reports, vanishing, leaks. */
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 100

static void plug_pos(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_unlisted_pos, FAULT_NONE);
}

static void unplug(struct bench *bench)
{
    bench_unplug(bench, 0);
}

static void scan(struct bench *bench)
{
    bench_scan_pos(bench->devices[0], 0, "whole");
}

/* ---- replug ---- */

static size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

/* A whole scan and half of the next are under way when the cable comes out; in odd rounds the bus is the first to
   tell. No turn of the loop lies between. */
static void scan_and_unplug(struct bench *bench)
{
    bench_scan_pos(bench->devices[0], 0, "whole");
    bench_half_scan_pos(bench->devices[0], 0);
    if (bench->round % 2 == 0)
        mock_unplug(bench->devices[0]);
    else
        mock_unplug_told_first(bench->devices[0]);
    bench->devices[0] = NULL;
}

static void next_round(struct bench *bench)
{
    if (++bench->round < ROUNDS)
        bench_again(bench, 0);
}

static void replugged_in_mid_scan_it_loses_no_whole_scan(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_pos, "s+ ", NULL}, {scan_and_unplug, "s=whole s- ", NULL}, {next_round, NULL, NULL},
              {plug_pos, "s+ ", NULL}, {scan, "s=whole ", NULL});
    CU_ASSERT_EQUAL(bench->round, ROUNDS);
    bench_free(bench);
}

static void a_life_leaves_no_descriptor_behind(void)
{
    size_t before = count_descriptors();
    for (int i = 0; i < 3; i++) {
        struct bench *bench = bench_new();
        bench_scanner(bench, "s", "1-1");
        BENCH_RUN(bench, {plug_pos, "s+ ", NULL}, {scan_and_unplug, "s=whole s- ", NULL}, {plug_pos, "s+ ", NULL});
        bench_free(bench);
        if (i == 0)
            before = count_descriptors(); /* what umockdev keeps for itself is there now */
    }
    CU_ASSERT_EQUAL(count_descriptors(), before);
}

/* ---- refusals ---- */

static const struct mock_model *model;
static enum mock_fault fault;

static void plug_faulty(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", model, fault);
}

static void type(struct bench *bench)
{
    CU_ASSERT_EQUAL(mock_count(bench->devices[0]).requests, 3);
    bench_type(bench->devices[0], 0, "ab\n");
}

static void what_it_refuses_in_init_does_not_matter(void)
{
    struct bench *bench = bench_new();
    model = &model_keyboard;
    fault = FAULT_STALL_ALL;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_faulty, "s@1-1+ ", NULL}, {type, "s@1-1=ab ", NULL});
    bench_free(bench);
}

static void a_refused_descriptor_is_the_kernels(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_STALL_DESCRIPTOR;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_faulty, "s@1-1+ ", NULL}, {scan, "s@1-1=whole ", NULL});
    bench_free(bench);
}

static void a_device_that_never_answers_is_read_all_the_same(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_SILENT;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_faulty, "s@1-1+ ", NULL}, {scan, "s@1-1=whole ", NULL});
    bench_free(bench);
}

static void a_busy_interface_is_tried_again(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_BUSY_ONCE;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_faulty, "s@1-1+ ", NULL}, {scan, "s@1-1=whole ", NULL});
    CU_ASSERT_EQUAL(mock_count(bench->devices[0]).opened, 2);
    bench_free(bench);
}

/* While the driver takes its transfers back, one of them has a scan in it. */
static void stall(struct bench *bench)
{
    static const uint8_t last[64] = {0x02, 0x04, ']', 'E', '0', 'l', 'a', 's', 't'};
    mock_prepare(bench->devices[0], 0, last, sizeof last);
    mock_stall(bench->devices[0], 0);
}

static void a_halted_endpoint_is_opened_again(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_LAST_WORD;
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_faulty, "s+ ", NULL}, {stall, "s=last s- s+ ", NULL}, {scan, "s=whole ", NULL});
    bench_free(bench);
}

/* One key, and no turn of the loop behind it. Silence would end the scan long before the device is opened again. */
static void type_and_stall(struct bench *bench)
{
    bench_type(bench->devices[0], 0, "h");
    mock_stall(bench->devices[0], 0);
}

static void type_line(struct bench *bench)
{
    bench_type(bench->devices[0], 0, "ab\n");
}

static bool is_listening(struct bench *bench)
{
    return mock_count(bench->devices[0]).in_flight == 4;
}

static void half_a_scan_is_never_told(void)
{
    struct bench *bench = bench_new();
    model = &model_keyboard;
    fault = FAULT_NONE;
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_faulty, NULL, is_listening}, {type_and_stall, "s- s+ ", NULL},
              {type_line, "s=ab ", NULL});
    bench_free(bench);
}

/* ---- reports ---- */

static void send_odd_reports(struct bench *bench)
{
    static const uint8_t bytes[100] = {0x02, 0x04, ']', 'E', '0', 'o', 'd', 'd', 'x'};
    mock_send(bench->devices[0], 0, bytes, 0);
    mock_send(bench->devices[0], 0, bytes, 1);
    mock_send(bench->devices[0], 0, bytes, sizeof bytes); /* more than announced: lost */
    for (size_t i = 0; i < 5; i++) /* more than are under way at a time */
        mock_send(bench->devices[0], 0, bytes, sizeof bytes);
    mock_send(bench->devices[0], 0, bytes, 9); /* short, but all of it */
}

static void short_and_oversize_reports_do_no_harm(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_pos, "s+ ", NULL}, {send_odd_reports, "s=oddx ", NULL}, {scan, "s=whole ", NULL});
    CU_ASSERT_EQUAL(mock_count(bench->devices[0]).in_flight, 4);
    bench_free(bench);
}

/* ---- vanishing ---- */

static bool has_vanished(struct bench *bench)
{
    return mock_count(bench->devices[0]).is_gone;
}

/* It is gone in that state, and the bus says so only later; then another one comes to the same port. */
static void vanish_in(enum mock_fault where)
{
    struct bench *bench = bench_new();
    model = &model_keyboard;
    fault = where;
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_faulty, NULL, has_vanished}, {unplug, NULL, NULL}, {plug_pos, "s+ ", NULL},
              {scan, "s=whole ", NULL}, {unplug, "s- ", NULL});
    bench_free(bench);
}

static void a_device_may_vanish_in_any_state(void)
{
    for (int where = FAULT_VANISH_OPEN; where <= FAULT_VANISH_LISTEN; where++)
        vanish_in((enum mock_fault)where);
}

static void a_device_may_leave_before_it_is_looked_at(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_pos, NULL, NULL}, {unplug, NULL, NULL}, {plug_pos, "s+ ", NULL}, {scan, "s=whole ", NULL});
    bench_free(bench);
}

static void let_go(struct bench *bench)
{
    bench->scanners[0] = scanner_free(bench->scanners[0]);
    bench->usb = usb_free(bench->usb);
    CU_ASSERT_TRUE(mock_count(bench->devices[0]).is_gone);
    CU_ASSERT_EQUAL(mock_count(bench->devices[0]).in_flight, 0);
}

static void a_device_may_vanish_while_it_is_let_go(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_VANISH_CANCEL;
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_faulty, "s+ ", NULL}, {let_go, NULL, NULL});
    bench_free(bench);
}

static void halt(struct bench *bench)
{
    mock_stall(bench->devices[0], 0);
}

/* In DRAIN: it is let go because an endpoint was halted, and is gone when the first transfer is taken back. */
static void a_device_may_vanish_while_it_drains(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    fault = FAULT_VANISH_CANCEL;
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_faulty, "s+ ", NULL}, {halt, "s- ", NULL}, {unplug, NULL, NULL}, {plug_pos, "s+ ", NULL},
              {scan, "s=whole ", NULL});
    bench_free(bench);
}

static bool is_asked_what_it_is(struct bench *bench)
{
    return mock_count(bench->devices[0]).claimed[0] == 1;
}

static bool is_set_up(struct bench *bench)
{
    return mock_count(bench->devices[0]).requests == 1;
}

static bool is_read(struct bench *bench)
{
    return mock_count(bench->devices[0]).in_flight == 4;
}

static void free_scanner(struct bench *bench)
{
    bench->scanners[0] = scanner_free(bench->scanners[0]);
    bench->story[0] = '\0';
}

static bool is_closed(struct bench *bench)
{
    struct mock_count count = mock_count(bench->devices[0]);
    return count.in_flight == 0 && count.released[0] == 1 && count.bound_again[0] == 1;
}

/* With transfers under way it is freed; they come back to nobody, and the kernel has its interface again. */
static void a_scanner_may_be_freed_in_any_state(void)
{
    static const struct {
        enum mock_fault fault;
        bool (*until)(struct bench *bench);
    } states[] = {{FAULT_SILENT, is_asked_what_it_is}, {FAULT_SILENT, is_set_up}, {FAULT_NONE, is_read}};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct bench *bench = bench_new();
        model = &model_pos;
        fault = states[i].fault;
        bench_scanner(bench, "s", "1-1");
        struct bench_step steps[] = {{plug_faulty, NULL, states[i].until}, {free_scanner, NULL, is_closed}};
        bench_run(bench, steps, 2);
        CU_ASSERT_STRING_EQUAL(bench->story, "");
        bench_free(bench);
    }
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"replugged in mid-scan it loses no whole scan", replugged_in_mid_scan_it_loses_no_whole_scan},
        {"a life leaves no descriptor behind", a_life_leaves_no_descriptor_behind},
        {"what it refuses in INIT does not matter", what_it_refuses_in_init_does_not_matter},
        {"a refused descriptor is the kernel's", a_refused_descriptor_is_the_kernels},
        {"a device that never answers is read all the same", a_device_that_never_answers_is_read_all_the_same},
        {"a busy interface is tried again", a_busy_interface_is_tried_again},
        {"half a scan is never told", half_a_scan_is_never_told},
        {"a halted endpoint is opened again", a_halted_endpoint_is_opened_again},
        {"short and oversize reports do no harm", short_and_oversize_reports_do_no_harm},
        {"a device may vanish in any state", a_device_may_vanish_in_any_state},
        {"a device may leave before it is looked at", a_device_may_leave_before_it_is_looked_at},
        {"a device may vanish while it is let go", a_device_may_vanish_while_it_is_let_go},
        {"a device may vanish while it drains", a_device_may_vanish_while_it_drains},
        {"a scanner may be freed in any state", a_scanner_may_be_freed_in_any_state},
    };
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/scanner_fault", tests, sizeof tests / sizeof tests[0]);
}
