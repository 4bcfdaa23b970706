/* SPDX-License-Identifier: Apache-2.0 */
/* The replay scanner in a real loop: files, FIFOs, silence, waits and broken lines. A guard timer ends what hangs. */
#include "drivers/scanner.h"

#include "base/clock.h"
#include "base/log.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GUARD_MS 5000
#define A_DOWN "report: 00 00 04 00 00 00 00 00\n"
#define B_DOWN "report: 00 00 05 00 00 00 00 00\n"
#define ENTER "report: 00 00 28 00 00 00 00 00\n"
#define UP "report: 00 00 00 00 00 00 00 00\n"

/* A scanner on a path in a folder of its own; story collects what it told, as "state" and "<text>@ms since start". */
struct bench {
    char folder[64], path[80];
    struct loop *loop;
    struct loop_source *guard;
    struct scanner *scanner;
    int fifo;
    int64_t started, last_scan;
    size_t scans, stop_after;
    bool timed_out;
    char story[512];
};

static void add(struct bench *bench, const char *text)
{
    size_t used = strlen(bench->story);
    snprintf(bench->story + used, sizeof bench->story - used, "%s ", text);
}

static void on_scan(void *context, const char *device, const struct scan *scan, bool was_buffered)
{
    (void)was_buffered;
    struct bench *bench = context;
    CU_ASSERT_STRING_EQUAL(device, "bench 1");
    add(bench, (const char *)scan->bytes);
    bench->last_scan = clock_read().tick;
    if (++bench->scans == bench->stop_after)
        loop_stop(bench->loop);
}

static void on_state(void *context, const char *device, const char *state, const char *detail)
{
    struct bench *bench = context;
    CU_ASSERT_STRING_EQUAL(device, "bench 1");
    CU_ASSERT_PTR_NOT_NULL(detail);
    add(bench, state);
    if (strcmp(state, "detached") == 0)
        loop_stop(bench->loop);
}

static void on_guard(void *context)
{
    struct bench *bench = context;
    bench->timed_out = true;
    loop_stop(bench->loop);
}

static struct bench *bench_new(size_t stop_after)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct error err = {0};
    strcpy(bench->folder, "/tmp/returnsd-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(bench->folder));
    snprintf(bench->path, sizeof bench->path, "%s/recording", bench->folder);
    bench->stop_after = stop_after;
    bench->fifo = -1;
    bench->loop = loop_new(&err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->loop);
    bench->guard = loop_add_timer(bench->loop, "guard", LOOP_NORMAL, on_guard, bench);
    return bench;
}

static void start(struct bench *bench, const struct decoder_options *decoder)
{
    struct error err = {0};
    struct scanner_options options = {.name = "bench 1", .replay = bench->path, .decoder = *decoder};
    struct scanner_events events = {.scan = on_scan, .state = on_state, .context = bench};
    bench->scanner = scanner_replay_new(bench->loop, &options, &events, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->scanner);
    CU_ASSERT_STRING_EQUAL(bench->story, ""); /* no event from inside */
}

static void run(struct bench *bench)
{
    struct error err = {0};
    bench->started = clock_read().tick;
    loop_set_timer(bench->guard, bench->started + GUARD_MS);
    CU_ASSERT_TRUE(loop_run(bench->loop, &err));
    CU_ASSERT_FALSE(bench->timed_out);
}

static void bench_free(struct bench *bench)
{
    scanner_free(bench->scanner);
    loop_remove(bench->guard);
    loop_free(bench->loop);
    if (bench->fifo >= 0)
        close(bench->fifo);
    unlink(bench->path);
    rmdir(bench->folder);
    free(bench);
}

static void write_file(const struct bench *bench, const char *text)
{
    FILE *file = fopen(bench->path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static void make_fifo(struct bench *bench)
{
    CU_ASSERT_EQUAL_FATAL(mkfifo(bench->path, 0600), 0);
    bench->fifo = open(bench->path, O_RDWR | O_CLOEXEC);
    CU_ASSERT_FATAL(bench->fifo >= 0);
}

static void put(const struct bench *bench, const char *text)
{
    CU_ASSERT_EQUAL(write(bench->fifo, text, strlen(text)), (ssize_t)strlen(text));
}

static void play_file(const char *text, const struct decoder_options *decoder, const char *story)
{
    struct bench *bench = bench_new(0);
    write_file(bench, text);
    start(bench, decoder);
    run(bench);
    CU_ASSERT_STRING_EQUAL(bench->story, story);
    bench_free(bench);
}

static void a_file_is_played_to_its_end(void)
{
    static const struct decoder_options us = {0}, fr = {.layout = "fr"};
    play_file("", &us, "attached detached ");
    play_file("kind: keyboard\n" A_DOWN B_DOWN ENTER UP A_DOWN UP, &us, "attached ab a detached ");
    play_file("kind: keyboard\n" A_DOWN "report: 00 00 05", &us, "attached ab detached "); /* no line end */
    play_file(A_DOWN ENTER, &fr, "attached q detached ");
    play_file("kind: keyboard\nlayout: us\n" A_DOWN ENTER "kind: keyboard\n" A_DOWN, &fr, "attached a q detached ");
}

static void broken_lines_are_skipped(void)
{
    static const struct decoder_options us = {0};
    play_file("nonsense\nkind: keyboard\nreport: zz\n" A_DOWN "report:\nwait: x\n" ENTER, &us, "attached a detached ");
    play_file("kind: pos\n" A_DOWN ENTER "kind: keyboard\n" A_DOWN, &us, "attached a detached ");
    play_file("layout: xx\n" A_DOWN A_DOWN "layout: us\n" A_DOWN, &us, "attached a detached ");
}

static void a_wait_is_silence(void)
{
    struct bench *bench = bench_new(0);
    write_file(bench, A_DOWN UP "wait: 60\n" B_DOWN UP "wait: 150\n" A_DOWN UP);
    start(bench, &(struct decoder_options){0});
    run(bench);
    CU_ASSERT_STRING_EQUAL(bench->story, "attached ab a detached ");
    CU_ASSERT_TRUE(bench->last_scan - bench->started >= 60 + 150);
    bench_free(bench);
}

static void large_files_come_in_slices(void)
{
    struct bench *bench = bench_new(0);
    FILE *file = fopen(bench->path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int i = 0; i < 3000; i++)
        fputs("# padding that is as long as a usual report\n" A_DOWN UP B_DOWN ENTER UP, file);
    fclose(file);
    start(bench, &(struct decoder_options){0});
    run(bench);
    CU_ASSERT_EQUAL(bench->scans, 3000);
    bench_free(bench);
}

/* A second writer, some time after the first has gone. */
static void on_second_writer(void *context)
{
    struct bench *bench = context;
    bench->fifo = open(bench->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    CU_ASSERT_FATAL(bench->fifo >= 0);
    put(bench, A_DOWN B_DOWN ENTER);
}

static void a_fifo_is_read_for_ever(void)
{
    struct bench *bench = bench_new(3);
    make_fifo(bench);
    put(bench, "kind: keyboard\n" A_DOWN ENTER UP "# half a l");
    start(bench, &(struct decoder_options){0});
    put(bench, "ine\n" B_DOWN ENTER UP);
    close(bench->fifo);
    struct loop_source *second = loop_add_timer(bench->loop, "second writer", LOOP_NORMAL, on_second_writer, bench);
    loop_set_timer(second, clock_read().tick + 20);
    run(bench);
    CU_ASSERT_STRING_EQUAL(bench->story, "attached a b ab ");
    loop_remove(second);
    bench_free(bench);
}

static void silence_ends_a_scan_from_a_fifo(void)
{
    struct bench *bench = bench_new(2);
    make_fifo(bench);
    put(bench, A_DOWN UP "wait: 20\n" B_DOWN UP "wait: 120\n" A_DOWN UP B_DOWN);
    start(bench, &(struct decoder_options){0});
    run(bench);
    CU_ASSERT_STRING_EQUAL(bench->story, "attached ab ab ");
    CU_ASSERT_TRUE(bench->last_scan - bench->started >= 20 + 120 + 100);
    bench_free(bench);
}

static void freed_in_the_middle_it_leaves_nothing(void)
{
    struct bench *bench = bench_new(1);
    make_fifo(bench);
    put(bench, A_DOWN ENTER B_DOWN "wait: 50\n" B_DOWN ENTER);
    start(bench, &(struct decoder_options){.prefix = "x", .suffix_text = "y", .gs_text = "~"});
    run(bench);
    bench->scanner = scanner_free(bench->scanner);
    CU_ASSERT_STRING_EQUAL(bench->story, "attached a ");
    CU_ASSERT_PTR_NULL(scanner_free(NULL));
    bench_free(bench);
}

static void what_cannot_be_opened_is_an_error(void)
{
    struct bench *bench = bench_new(0);
    struct error err = {0};
    struct scanner_options options = {.name = "bench 1", .replay = bench->path};
    struct scanner_events events = {.scan = on_scan, .state = on_state, .context = bench};
    CU_ASSERT_PTR_NULL(scanner_replay_new(bench->loop, &options, &events, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_SYSTEM);
    options.replay = bench->folder;
    CU_ASSERT_PTR_NULL(scanner_replay_new(bench->loop, &options, &events, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    bench_free(bench);
}

SUITE("drivers/scanner_replay", {"a file is played to its end", a_file_is_played_to_its_end},
      {"broken lines are skipped", broken_lines_are_skipped}, {"a wait is silence", a_wait_is_silence},
      {"large files come in slices", large_files_come_in_slices}, {"a FIFO is read for ever", a_fifo_is_read_for_ever},
      {"silence ends a scan from a FIFO", silence_ends_a_scan_from_a_fifo},
      {"freed in the middle it leaves nothing", freed_in_the_middle_it_leaves_nothing},
      {"what cannot be opened is an error", what_cannot_be_opened_is_an_error})
