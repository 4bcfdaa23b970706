/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner driver on the real libusb, against devices that umockdev shows it: what is taken, and what is not. */
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <string.h>

static struct mock_count count(struct bench *bench, size_t place)
{
    return mock_count(bench->devices[place]);
}

static void plug_pos(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_unlisted_pos, FAULT_NONE);
}

static void scan_first(struct bench *bench)
{
    bench_scan_pos(bench->devices[0], 0, "9521234543213");
}

static void unplug_first(struct bench *bench)
{
    bench_unplug(bench, 0);
}

/* ---- a scan arrives, the interface goes back to the kernel ---- */

static void check_transfers(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).in_flight, 4);
    CU_ASSERT_EQUAL(count(bench, 0).interrupt_length, 64);
    bench->scanners[0] = scanner_free(bench->scanners[0]);
    bench->usb = usb_free(bench->usb);
    CU_ASSERT_EQUAL(count(bench, 0).in_flight, 0);
    CU_ASSERT_EQUAL(count(bench, 0).released[0], 1);
    CU_ASSERT_EQUAL(count(bench, 0).bound_again[0], 1);
}

static void a_scan_arrives(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_pos, "s@1-1+ ", NULL}, {scan_first, "s@1-1=9521234543213 ", NULL},
              {check_transfers, NULL, NULL});
    bench_free(bench);
}

static void one_that_is_there_already_is_taken(void)
{
    struct bench *bench = bench_new();
    plug_pos(bench);
    scan_first(bench); /* what it buffered meanwhile counts */
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {NULL, "s@1-1+ s@1-1=9521234543213 ", NULL});
    bench_free(bench);
}

/* ---- identity ---- */

static void plug_two(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_pos, FAULT_NONE);
    bench_plug(bench, 1, "1-2.4", &model_pos, FAULT_NONE);
}

static bool are_two_running(struct bench *bench)
{
    return strstr(bench->story, "left+") != NULL && strstr(bench->story, "right+") != NULL;
}

static void scan_second(struct bench *bench)
{
    bench_scan_pos(bench->devices[1], 0, "second");
}

static void two_identical_scanners_are_told_apart_by_port(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "left", "1-1");
    bench_scanner(bench, "right", "1-2.4");
    BENCH_RUN(bench, {plug_two, NULL, are_two_running}, {scan_second, "right=second ", NULL},
              {scan_first, "left=9521234543213 ", NULL}, {unplug_first, "left- ", NULL},
              {plug_pos, "left+ ", NULL}, {scan_first, "left=9521234543213 ", NULL});
    bench_free(bench);
}

static void plug_second_elsewhere(struct bench *bench)
{
    bench_plug(bench, 1, "1-3", &model_pos, FAULT_NONE);
}

static void a_port_comes_before_any(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "any", NULL);
    bench_scanner(bench, "desk", "1-1");
    BENCH_RUN(bench, {plug_pos, "desk+ ", NULL}, {plug_second_elsewhere, "any@1-3+ ", NULL},
              {scan_first, "desk=9521234543213 ", NULL}, {scan_second, "any@1-3=second ", NULL});
    bench_free(bench);
}

/* ---- which interface ---- */

static void plug_composite(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_composite, FAULT_NONE);
}

static void plug_honeywell(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_honeywell, FAULT_NONE);
}

static void plug_unread(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_unread, FAULT_NONE);
}

static void scan_on_second_interface(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).claimed[1], 1);
    bench_scan_pos(bench->devices[0], 1, "pos");
}

static void check_first_interface_untouched(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).claimed[0], 0);
}

static void check_first_interface_given_back(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).claimed[0], count(bench, 0).released[0]);
}

static void pos_wins_on_a_composite(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_composite, "s@1-1+ ", NULL}, {scan_on_second_interface, "s@1-1=pos ", NULL},
              {check_first_interface_untouched, NULL, NULL});
    bench_free(bench);
}

static void a_makers_own_interface_is_left_alone(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_honeywell, "s@1-1+ ", NULL}, {scan_on_second_interface, "s@1-1=pos ", NULL},
              {check_first_interface_untouched, NULL, NULL});
    bench_free(bench);
}

static void a_listed_device_is_asked_what_it_is(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_unread, "s@1-1+ ", NULL}, {scan_on_second_interface, "s@1-1=pos ", NULL},
              {check_first_interface_given_back, NULL, NULL});
    bench_free(bench);
}

/* ---- keyboards ---- */

static void plug_keyboards_and_scanner(struct bench *bench)
{
    bench_plug(bench, 1, "1-2", &model_unlisted_keyboard, FAULT_NONE);
    bench_plug(bench, 2, "1-3", &model_other_mode, FAULT_NONE);
    bench_plug(bench, 0, "1-1", &model_unlisted_pos, FAULT_NONE);
}

static void check_keyboards_untouched(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).opened, 1);
    CU_ASSERT_EQUAL(count(bench, 1).opened, 0);
    CU_ASSERT_EQUAL(count(bench, 2).opened, 0);
}

static void an_unlisted_keyboard_is_never_touched(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    bench_scanner(bench, "t", "1-9");
    BENCH_RUN(bench, {plug_keyboards_and_scanner, "s@1-1+ ", NULL}, {scan_first, "s@1-1=9521234543213 ", NULL},
              {check_keyboards_untouched, NULL, NULL});
    bench_free(bench);
}

static void plug_keyboard(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_keyboard, FAULT_NONE);
}

static void plug_unlisted_keyboard(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_unlisted_keyboard, FAULT_NONE);
}

static void type_first(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).requests, 3); /* idle, protocol, lights */
    CU_ASSERT_EQUAL(count(bench, 0).interrupt_length, 8);
    bench_type(bench->devices[0], 0, "abc123\nxy\n");
}

static void a_listed_keyboard_is_a_scanner(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_keyboard, "s@1-1+ ", NULL}, {type_first, "s@1-1=abc123 s@1-1=xy ", NULL});
    bench_free(bench);
}

static void a_configured_port_makes_a_keyboard_a_scanner(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug_unlisted_keyboard, "s+ ", NULL}, {type_first, "s=abc123 s=xy ", NULL});
    bench_free(bench);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a scan arrives", a_scan_arrives},
        {"one that is there already is taken", one_that_is_there_already_is_taken},
        {"two identical scanners are told apart by port", two_identical_scanners_are_told_apart_by_port},
        {"a port comes before any", a_port_comes_before_any},
        {"POS wins on a composite", pos_wins_on_a_composite},
        {"a maker's own interface is left alone", a_makers_own_interface_is_left_alone},
        {"a listed device is asked what it is", a_listed_device_is_asked_what_it_is},
        {"an unlisted keyboard is never touched", an_unlisted_keyboard_is_never_touched},
        {"a listed keyboard is a scanner", a_listed_keyboard_is_a_scanner},
        {"a configured port makes a keyboard a scanner", a_configured_port_makes_a_keyboard_a_scanner},
    };
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/scanner_usb", tests, sizeof tests / sizeof tests[0]);
}
