/* SPDX-License-Identifier: Apache-2.0 */
/* What users of returns stations complain about where USB is part of it, one test a complaint, by their words. */
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct mock_model *model;

static struct mock_count count(struct bench *bench, size_t place)
{
    return mock_count(bench->devices[place]);
}

static void plug(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", model, FAULT_NONE);
}

static void plug_unlisted_keyboard(struct bench *bench)
{
    bench_plug(bench, 1, "1-2", &model_unlisted_keyboard, FAULT_NONE);
}

static void unplug(struct bench *bench)
{
    bench_unplug(bench, 0);
}

static void scan(struct bench *bench)
{
    bench_scan_pos(bench->devices[0], 0, "code");
}

static void type(struct bench *bench)
{
    bench_type(bench->devices[0], 0, "abc\n");
}

/* The kernel's driver is off its interface while it is read: no key goes anywhere else. */
static void check_taken(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).claimed[0], 1);
    CU_ASSERT_EQUAL(count(bench, 0).bound_again[0], 0);
}

static void keystrokes_in_the_active_window(void)
{
    struct bench *bench = bench_new();
    model = &model_keyboard;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {type, "s@1-1=abc ", NULL}, {check_taken, NULL, NULL});
    bench_free(bench);
}

static void check_keyboard_is_free(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 1).opened, 0);
    CU_ASSERT_EQUAL(count(bench, 1).claimed[0], 0);
}

static void the_operators_keyboard_grabbed(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_unlisted_keyboard, NULL, NULL}, {plug, "s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL},
              {check_keyboard_is_free, NULL, NULL});
    bench_free(bench);
}

static void scan_second_interface(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).claimed[0], 0);
    bench_scan_pos(bench->devices[0], 1, "right");
}

static void two_interfaces_and_the_wrong_one_opened(void)
{
    static const struct mock_model *const models[] = {&model_composite, &model_honeywell};
    for (size_t i = 0; i < 2; i++) {
        struct bench *bench = bench_new();
        model = models[i];
        bench_scanner(bench, "s", NULL);
        BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {scan_second_interface, "s@1-1=right ", NULL});
        bench_free(bench);
    }
}

static void halt(struct bench *bench)
{
    mock_stall(bench->devices[0], 0);
}

static void a_cordless_scanner_sleeps_and_the_reader_dies(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {halt, "s@1-1- s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL},
              {unplug, "s@1-1- ", NULL}, {plug, "s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL});
    bench_free(bench);
}

/* A beep before an answer would be ours: only scanner_beep sends one, and the daemon calls it after the commit. */
static void check_silence(struct bench *bench)
{
    CU_ASSERT_EQUAL(count(bench, 0).outputs, 0);
}

static void a_beep_that_says_read_when_nothing_was_stored(void)
{
    struct bench *bench = bench_new();
    model = &model_beeper;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug, "s@1-1+ ", NULL}, {scan, "s@1-1=code ", NULL}, {scan, "s@1-1=code ", NULL},
              {check_silence, NULL, NULL});
    bench_free(bench);
}

/* ---- replug: comes back each time, and a device that fails says so once ---- */

static FILE *log_file;
static int saved_stderr;

static void next_round(struct bench *bench)
{
    if (++bench->round < 20)
        bench_again(bench, 0);
}

static void replug_never_recovers(void)
{
    struct bench *bench = bench_new();
    model = &model_pos;
    bench_scanner(bench, "s", "1-1");
    BENCH_RUN(bench, {plug, "s+ ", NULL}, {scan, "s=code ", NULL}, {unplug, "s- ", NULL}, {next_round, NULL, NULL});
    CU_ASSERT_EQUAL(bench->round, 20);
    bench_free(bench);
}

static void plug_broken(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_keyboard, FAULT_BUSY);
}

static bool has_been_tried_often(struct bench *bench)
{
    return count(bench, 0).opened == 3;
}

static size_t count_lines(void)
{
    char line[400];
    size_t lines = 0;
    rewind(log_file);
    while (fgets(line, sizeof line, log_file) != NULL)
        lines += strstr(line, "<7>") != line; /* debug lines are not logged by the daemon */
    return lines;
}

static void replug_spams_the_log(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "s", "1-1");
    log_file = tmpfile();
    CU_ASSERT_PTR_NOT_NULL_FATAL(log_file);
    saved_stderr = dup(STDERR_FILENO);
    dup2(fileno(log_file), STDERR_FILENO);
    BENCH_RUN(bench, {plug_broken, NULL, has_been_tried_often});
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    CU_ASSERT_TRUE(count_lines() <= 8); /* one for each state of the first try, none for the next ones */
    fclose(log_file);
    bench_free(bench);
}

static void plug_twins(struct bench *bench)
{
    bench_plug(bench, 0, "1-1", &model_pos, FAULT_NONE);
    bench_plug(bench, 1, "1-2", &model_pos, FAULT_NONE);
}

static bool are_both_there(struct bench *bench)
{
    return strstr(bench->story, "left+") != NULL && strstr(bench->story, "right+") != NULL;
}

static void scan_right(struct bench *bench)
{
    bench_scan_pos(bench->devices[1], 0, "mine");
}

static void identical_scanners_cannot_be_told_apart(void)
{
    struct bench *bench = bench_new();
    bench_scanner(bench, "left", "1-1");
    bench_scanner(bench, "right", "1-2");
    BENCH_RUN(bench, {plug_twins, NULL, are_both_there}, {scan_right, "right=mine ", NULL}, {scan, "left=code ", NULL});
    bench_free(bench);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"keystrokes in the active window", keystrokes_in_the_active_window},
        {"scanner mistaken for a keyboard, or the operator's keyboard grabbed", the_operators_keyboard_grabbed},
        {"two interfaces with one VID:PID, the wrong one opened", two_interfaces_and_the_wrong_one_opened},
        {"cordless scanner sleeps and the reader dies", a_cordless_scanner_sleeps_and_the_reader_dies},
        {"beep that says read when nothing was stored", a_beep_that_says_read_when_nothing_was_stored},
        {"replug never recovers", replug_never_recovers},
        {"replug spams the log", replug_spams_the_log},
        {"several identical scanners cannot be told apart", identical_scanners_cannot_be_told_apart},
    };
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/complaints", tests, sizeof tests / sizeof tests[0]);
}
