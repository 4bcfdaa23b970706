/* SPDX-License-Identifier: Apache-2.0 */
/* Steps in the loop: after each turn the story is compared with what the step waits for. */
#include "tests/usb/bench.h"

#include "base/clock.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUARD_MS 15000

static void add(struct bench *bench, const char *device, const char *mark, const char *text)
{
    size_t used = strlen(bench->story);
    snprintf(bench->story + used, sizeof bench->story - used, "%s%s%s ", device, mark, text);
}

static void on_scan(void *context, const char *device, const struct scan *scan, bool was_buffered)
{
    struct bench *bench = context;
    bench->buffered += was_buffered;
    if (bench->on_scan != NULL)
        bench->on_scan(bench, scan);
    else
        add(bench, device, "=", (const char *)scan->bytes);
}

static void on_state(void *context, const char *device, const char *state, const char *detail)
{
    CU_ASSERT_NOT_EQUAL(detail[0], '\0');
    add(context, device, strcmp(state, "attached") == 0 ? "+" : "-", "");
}

static void on_guard(void *context)
{
    struct bench *bench = context;
    printf("step %zu, round %zu: \"%s\" instead of \"%s\"\n", bench->step, bench->round, bench->story,
           bench->step < bench->step_count && bench->steps[bench->step].story != NULL ? bench->steps[bench->step].story
                                                                                      : "a condition");
    bench->timed_out = true;
    loop_stop(bench->loop);
}

static bool is_done(struct bench *bench, const struct bench_step *step)
{
    if (step->story != NULL)
        return strcmp(bench->story, step->story) == 0;
    return step->until == NULL || step->until(bench);
}

static void on_turn(void *context)
{
    struct bench *bench = context;
    while (bench->step < bench->step_count) {
        const struct bench_step *step = &bench->steps[bench->step];
        if (!bench->has_acted) {
            bench->has_acted = true;
            if (step->act != NULL)
                step->act(bench);
            if (step != &bench->steps[bench->step])
                continue; /* bench_again */
        }
        if (!is_done(bench, step))
            return;
        bench->story[0] = '\0';
        bench->step++;
        bench->has_acted = false;
    }
    loop_stop(bench->loop);
}

/* A condition that no event tells of is looked at again soon. */
static void on_check(void *context)
{
    struct bench *bench = context;
    loop_set_timer(bench->check, clock_read().tick + 5);
    on_turn(bench);
}

static void load_profiles(struct bench *bench)
{
    struct error err = {0};
    char path[] = "/tmp/returnsd-test-XXXXXX";
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_FATAL(dprintf(fd, "honey 0c2e:* keyboard - - Any of them\n advice Scan HID POS.\n"
                                   "serial 0c2e:0007 serial - - Wrong mode\n advice Scan the card.\n") > 0);
    close(fd);
    CU_ASSERT_TRUE_FATAL(scanner_profiles_load(path, &bench->profiles, &err));
    unlink(path);
}

struct bench *bench_new(void)
{
    struct error err = {0};
    struct bench *bench = calloc(1, sizeof *bench);
    bench->bus = mock_bus_new();
    bench->loop = loop_new(&err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->loop);
    bench->usb = usb_new(bench->loop, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->usb);
    bench->guard = loop_add_timer(bench->loop, "guard", LOOP_NORMAL, on_guard, bench);
    bench->check = loop_add_timer(bench->loop, "check", LOOP_BACKGROUND, on_check, bench);
    load_profiles(bench);
    return bench;
}

void bench_scanner(struct bench *bench, const char *name, const char *port)
{
    struct scanner_options options = {.name = name, .port = port};
    struct scanner_events events = {.scan = on_scan, .state = on_state, .context = bench};
    size_t place = bench->scanners[0] != NULL;
    bench->scanners[place] = scanner_usb_new(bench->usb, bench->loop, &options, &bench->profiles, &events);
}

void bench_run(struct bench *bench, const struct bench_step *steps, size_t count)
{
    struct error err = {0};
    bench->steps = steps;
    bench->step_count = count;
    loop_set_timer(bench->guard, clock_read().tick + GUARD_MS);
    loop_set_timer(bench->check, clock_read().tick);
    CU_ASSERT_TRUE(loop_run(bench->loop, &err));
    CU_ASSERT_FALSE(bench->timed_out);
}

struct bench *bench_free(struct bench *bench)
{
    scanner_free(bench->scanners[0]);
    scanner_free(bench->scanners[1]);
    usb_free(bench->usb);
    for (size_t i = 0; i < BENCH_DEVICES_MAX; i++)
        if (bench->devices[i] != NULL)
            mock_unplug(bench->devices[i]);
    mock_bus_free(bench->bus);
    scanner_profiles_done(&bench->profiles);
    loop_remove(bench->guard);
    loop_remove(bench->check);
    loop_free(bench->loop);
    free(bench);
    return NULL;
}

void bench_plug(struct bench *bench, size_t place, const char *name, const struct mock_model *model,
                enum mock_fault fault)
{
    bench->devices[place] = mock_plug(bench->bus, name, model, fault);
}

void bench_unplug(struct bench *bench, size_t place)
{
    mock_unplug(bench->devices[place]);
    bench->devices[place] = NULL;
}

void bench_again(struct bench *bench, size_t step)
{
    bench->step = step;
    bench->has_acted = false;
}
