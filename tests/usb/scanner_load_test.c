/* SPDX-License-Identifier: Apache-2.0 */
/* A whole dock at once: 32 HID POS scanners, each with 20 scans a second, for $SECONDS (2; scripts/bench usb: 20).
   Every fourth scan comes in two reports. None is lost, doubled, torn or out of order. */
#include "base/clock.h"
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCANNERS 32
#define PERIOD_MS 50
#define FILL "0123456789012345678901234567890123456789012345678901234567890123456789"

static struct load {
    struct loop_source *timer;
    int64_t due;
    unsigned wanted;           /* scans of each */
    unsigned sent;             /* by each */
    unsigned seen[SCANNERS];
    unsigned wrong, total;
    int64_t began, ended;
} load;

static void text_of(char text[120], unsigned scanner, unsigned number)
{
    snprintf(text, 120, "S%02u-%06u%s", scanner, number, number % 4 == 3 ? "-" FILL : "");
}

static bool is_all_there(struct bench *bench)
{
    (void)bench;
    return load.total + load.wrong >= SCANNERS * load.wanted;
}

/* The next one of its scanner, and nothing else. */
static void on_scan(void *context, const struct scan *scan)
{
    (void)context;
    char text[120];
    unsigned scanner = 0;
    bool is_ours = sscanf((const char *)scan->bytes, "S%2u-", &scanner) == 1 && scanner < SCANNERS;
    if (is_ours)
        text_of(text, scanner, load.seen[scanner]);
    if (!is_ours || strcmp(text, (const char *)scan->bytes) != 0) {
        load.wrong++;
        printf("\n  %s\n", (const char *)scan->bytes);
        return;
    }
    load.seen[scanner]++;
    load.total++;
    load.ended = clock_read().tick;
}

static void send_parts(struct mock_device *device, const char *text)
{
    for (size_t length = strlen(text), at = 0; at < length; at += 56) {
        uint8_t report[64] = {0x02, (uint8_t)(length - at < 56 ? length - at : 56), ']', 'C', '0'};
        memcpy(report + 5, text + at, report[1]);
        report[63] = at + 56 < length;
        mock_send(device, 0, report, sizeof report);
    }
}

/* One scan of each scanner; late on a busy machine, then the next comes as soon as it may: never two at once. */
static void on_period(void *context)
{
    struct bench *bench = context;
    char text[120];
    if (load.sent == load.wanted)
        return;
    for (unsigned i = 0; i < SCANNERS; i++) {
        text_of(text, i, load.sent);
        send_parts(bench->devices[i], text);
    }
    load.sent++;
    int64_t tick = clock_read().tick;
    load.due = load.due + PERIOD_MS > tick ? load.due + PERIOD_MS : tick + 1;
    loop_set_timer(load.timer, load.due);
}

static void plug_all(struct bench *bench)
{
    for (size_t i = 0; i < SCANNERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "1-1.%zu", i + 1);
        bench_plug(bench, i, name, &model_pos, FAULT_NONE);
    }
}

static bool are_all_read(struct bench *bench)
{
    for (size_t i = 0; i < SCANNERS; i++)
        if (mock_count(bench->devices[i]).in_flight != 4)
            return false;
    return true;
}

static void begin(struct bench *bench)
{
    load.began = load.due = clock_read().tick;
    load.timer = loop_add_timer(bench->loop, "load", LOOP_NORMAL, on_period, bench);
    loop_set_timer(load.timer, load.due);
    loop_set_timer(bench->guard, load.due + 15000 + (int64_t)load.wanted * PERIOD_MS * 20);
}

static void thirty_two_scanners_lose_and_double_nothing(void)
{
    struct bench *bench = bench_new();
    const char *seconds = getenv("SECONDS");
    load.wanted = (seconds != NULL ? (unsigned)atoi(seconds) : 2) * 1000 / PERIOD_MS;
    CU_ASSERT_FATAL(load.wanted > 0);
    bench->on_scan = on_scan;
    bench_scanner(bench, "s", NULL);
    BENCH_RUN(bench, {plug_all, NULL, are_all_read}, {begin, NULL, is_all_there}, {NULL, NULL, NULL});
    CU_ASSERT_EQUAL(load.wrong, 0);
    for (size_t i = 0; i < SCANNERS; i++) {
        CU_ASSERT_EQUAL(load.seen[i], load.wanted);
        CU_ASSERT_EQUAL(mock_count(bench->devices[i]).reports_lost, 0);
    }
    int64_t took = load.ended - load.began;
    printf("\n  %d scanners, %u scans in %lld.%03lld s: %u wrong\n", SCANNERS, load.total, (long long)took / 1000,
           (long long)took % 1000, load.wrong);
    load.timer = loop_remove(load.timer);
    bench_free(bench);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"32 scanners lose and double nothing", thirty_two_scanners_lose_and_double_nothing}};
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/scanner_load", tests, sizeof tests / sizeof tests[0]);
}
