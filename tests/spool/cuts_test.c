/* SPDX-License-Identifier: Apache-2.0 */
/* Exactly once, or visibly not: a shipped label is cut at each of its bytes, and at those of the question behind it, by
   each thing that happens to printers and daemons. Of the unit's label, which is longer, every 16th byte from a seeded
   one on is taken; $STRIDE=1 takes them all. */
#include "base/text.h"
#include "protocol/label/label.h"
#include "tests/spool/bench.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPAIR_MS 2000
#define HORIZON_MS 30000
#define CODE_BYTES 16     /* of the comment that tells it from others */
#define QUESTION_BYTES 64 /* behind the label */
#define BITE_ALL 65536
#define ALWAYS_MAX 3
#define NONE FAKE_FAULT_COUNT

#define SAMPLE_STRIDE 16 /* of the bytes of the largest label */

enum cut { CUT_RESET, CUT_POWER, CUT_FAULT, CUT_KILL, CUT_SLOW };

/* `always` holds from the start; at the byte the cut comes; two seconds later faults end and the power is back. */
struct story {
    const char *name;
    enum cut cut;
    enum fake_fault fault;
    enum fake_fault always[ALWAYS_MAX];
    bool counter_unsafe;
    bool for_good; /* the fault does not end */
};

#define NOTHING                                                                                                        \
    {                                                                                                                  \
        NONE, NONE, NONE                                                                                               \
    }

static const struct story stories[] = {
    {"connection reset", CUT_RESET, NONE, NOTHING, false, false},
    {"connection reset, half a label kept", CUT_RESET, NONE, {FAKE_KEEP_PARTIAL, NONE, NONE}, false, false},
    {"connection reset, no paper", CUT_RESET, NONE, {FAKE_PAPER_OUT, NONE, NONE}, false, false},
    {"connection reset, paused", CUT_RESET, NONE, {FAKE_PAUSED, NONE, NONE}, false, false},
    {"connection reset, counter by ^HH", CUT_RESET, NONE, {FAKE_NO_SGD, NONE, NONE}, false, false},
    {"connection reset, no counter", CUT_RESET, NONE, {FAKE_NO_COUNTER, NONE, NONE}, false, false},
    {"connection reset, clone", CUT_RESET, NONE, {FAKE_CLONE, NONE, NONE}, false, false},
    {"connection reset, never answers", CUT_RESET, NONE, {FAKE_SILENT, NONE, NONE}, false, false},
    {"power cycle, buffer lost", CUT_POWER, NONE, NOTHING, false, false},
    {"power cycle, buffer kept", CUT_POWER, NONE, {FAKE_KEEP_WAITING, NONE, NONE}, false, false},
    {"power cycle, buffer kept, no paper", CUT_POWER, NONE, {FAKE_KEEP_WAITING, FAKE_PAPER_OUT, NONE}, false, false},
    {"power cycle, counter forgets", CUT_POWER, NONE, {FAKE_VOLATILE, NONE, NONE}, true, false},
    {"daemon killed", CUT_KILL, NONE, NOTHING, false, false},
    {"daemon killed, no paper", CUT_KILL, NONE, {FAKE_PAPER_OUT, NONE, NONE}, false, false},
    {"daemon killed, no paper, silent with it", CUT_KILL, NONE, {FAKE_PAPER_OUT, FAKE_MUM, NONE}, false, false},
    {"daemon killed, no counter", CUT_KILL, NONE, {FAKE_NO_COUNTER, NONE, NONE}, false, false},
    {"slow reader", CUT_SLOW, NONE, NOTHING, false, false},
    {"no paper", CUT_FAULT, FAKE_PAPER_OUT, NOTHING, false, false},
    {"no paper, silent with it", CUT_FAULT, FAKE_PAPER_OUT, {FAKE_MUM, NONE, NONE}, false, false},
    {"no paper within the label", CUT_FAULT, FAKE_INTERRUPT, NOTHING, false, false},
    {"head open", CUT_FAULT, FAKE_HEAD_OPEN, NOTHING, false, false},
    {"no ribbon", CUT_FAULT, FAKE_RIBBON_OUT, NOTHING, false, false},
    {"paused", CUT_FAULT, FAKE_PAUSED, NOTHING, false, false},
    {"buffer full", CUT_FAULT, FAKE_BUFFER_FULL, NOTHING, false, false},
    {"partial format", CUT_FAULT, FAKE_PARTIAL, NOTHING, false, false},
    {"falls silent", CUT_FAULT, FAKE_SILENT, NOTHING, false, false},
    {"falls silent for good", CUT_FAULT, FAKE_SILENT, NOTHING, false, true},
    {"swallows", CUT_FAULT, FAKE_SWALLOW, NOTHING, false, true},
};

struct tally {
    int points, states[JOB_STATE_COUNT], wrong, doubled, lost;
};

/* ---- a label ---- */

static struct buffer shipped; /* as it is sent, its sample filled in */

static void load_shipped(const char *name)
{
    struct error err = {0};
    struct label_set *set = label_set_load(SOURCE_DIR "/data/labels", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    struct label_options options = {.dpi = 203, .lang = "en"};
    buffer_clear(&shipped);
    CU_ASSERT_TRUE_FATAL(label_render_sample(set, name, &options, &shipped, &err));
    label_set_free(set);
}

/* The same with a code that tells it from all others, in a comment. */
static struct buffer label_with(const char *code)
{
    struct buffer label = BUFFER_EMPTY;
    buffer_append_format(&label, "^XA^FX %s^FS", code);
    buffer_append(&label, shipped.data + 3, shipped.length - 3);
    return label;
}

/* ---- a point ---- */

static void set_always(struct bench_printer *printer, const struct story *story, bool on)
{
    for (size_t i = 0; i < ALWAYS_MAX; i++)
        if (story->always[i] != NONE)
            fake_printer_set(&printer->fake, story->always[i], on);
}

static bool holds_labels(enum fake_fault fault)
{
    return fault <= FAKE_BUFFER_FULL;
}

/* The daemon is killed once the printer has read so many bytes; what it had written before arrives all the same. */
static void run_to_the_kill(struct bench *bench, int64_t received)
{
    struct bench_printer *printer = &bench->printers[0];
    int64_t until = virtual_tick() + REPAIR_MS;
    while (printer->fake.received < received && virtual_step(bench->loop, until))
        ;
    bench_kill(bench);
    printer->bite = BITE_ALL;
    bench_start(bench);
}

static void aim(struct bench_printer *printer, const struct story *story, int64_t byte)
{
    struct fake_printer *fake = &printer->fake;
    int64_t at = fake->received + byte;
    if (story->cut == CUT_FAULT) {
        fake->fault_at = at;
        fake->fault = story->fault;
    } else if (story->cut == CUT_KILL || story->cut == CUT_SLOW) {
        printer->bite = (size_t)byte;
    } else {
        fake->reset_at = at;
        fake->lose_power = story->cut == CUT_POWER;
    }
}

static void repair(struct bench *bench, const struct story *story)
{
    struct bench_printer *printer = &bench->printers[0];
    for (size_t i = 0; i < ALWAYS_MAX; i++)
        if (story->always[i] != NONE && holds_labels(story->always[i]))
            fake_printer_set(&printer->fake, story->always[i], false);
    printer->fake.fault_at = printer->fake.reset_at = -1;
    printer->bite = BITE_ALL;
    if (story->cut == CUT_FAULT && !story->for_good)
        fake_printer_set(&printer->fake, story->fault, false);
    fake_printer_set(&printer->fake, FAKE_PAPER_OUT, false);
}

static bool is_visible(enum job_state state)
{
    return state == JOB_UNKNOWN || state == JOB_NEEDS_ATTENTION || state == JOB_VOIDED || state == JOB_RECALLED;
}

/* What the worker believes is what happened: once, or he was told why nobody knows. */
static void judge(const struct story *story, int64_t byte, const struct job_row *row, int came_out, struct tally *tally)
{
    bool is_told = is_visible(row->job.state) && row->reason[0] != '\0';
    bool is_once = came_out == 1 && (row->job.state == JOB_PRINTED || row->job.state == JOB_SENT);
    tally->points++;
    tally->states[row->job.state]++;
    tally->doubled += came_out > 1;
    tally->lost += came_out == 0 && !is_told;
    if (came_out <= 1 && (is_once || is_told))
        return;
    if (tally->wrong++ == 0)
        printf("\n    %s, byte %lld: job is %s (%s), %d label(s) came out\n", story->name, (long long)byte,
               name_of(&job_state_names, (int)row->job.state), row->reason, came_out);
}

static void start_point(struct bench *bench, const struct story *story)
{
    struct bench_printer *printer = &bench->printers[0];
    printer->fake.faults = 0;
    fake_printer_power_cycle(&printer->fake);
    printer->code_count = 0;
    set_always(printer, story, true);
    for (size_t i = 0; i < ALWAYS_MAX; i++) /* the label shall leave: no paper comes with it */
        if (story->always[i] != NONE && holds_labels(story->always[i]))
            fake_printer_set(&printer->fake, story->always[i], false);
    bench_start(bench);
    bench_run(bench, 1000);
    set_always(printer, story, true);
}

static void run_point(struct bench *bench, const struct story *story, int64_t byte, struct tally *tally)
{
    char code[32];
    snprintf(code, sizeof code, "LABEL-%lld", (long long)bench->last_job + 1);
    start_point(bench, story);
    struct buffer label = label_with(code);
    int64_t received = bench->printers[0].fake.received + byte;
    aim(&bench->printers[0], story, byte);
    int64_t job = bench_job(bench, code, label.data, label.length);
    if (story->cut == CUT_KILL)
        run_to_the_kill(bench, received);
    bench_run(bench, REPAIR_MS);
    repair(bench, story);
    struct job_row row = bench_settle(bench, job, HORIZON_MS);
    bench_run(bench, 1000); /* what comes late comes now */
    row = bench_row(bench, job);
    judge(story, byte, &row, bench_count(bench, code), tally);
    buffer_done(&label);
    bench_kill(bench);
}

static struct tally run_story(const struct story *story, int64_t first, int64_t step)
{
    struct bench bench;
    struct tally tally = {0};
    bench_init(&bench);
    bench.counter_safe = !story->counter_unsafe;
    int64_t last = (int64_t)shipped.length + CODE_BYTES + QUESTION_BYTES;
    for (int64_t byte = first; byte <= last; byte += step)
        run_point(&bench, story, byte, &tally);
    bench_done(&bench);
    return tally;
}

static void print_tally(const char *name, const struct tally *tally)
{
    printf("\n    %-42s %5d points:", name, tally->points);
    for (int state = 0; state < JOB_STATE_COUNT; state++)
        if (tally->states[state] > 0)
            printf(" %d %s", tally->states[state], name_of(&job_state_names, state));
    if (tally->doubled > 0)
        printf(", %d DOUBLED", tally->doubled);
    fflush(stdout);
}

static void run_stories(const char *label, int64_t first, int64_t step)
{
    struct tally all = {0};
    load_shipped(label);
    printf("\n    label \"%s\", %zu bytes, every %lld from %lld on:", label, shipped.length, (long long)step,
           (long long)first);
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct tally tally = run_story(&stories[i], first, step);
        print_tally(stories[i].name, &tally);
        all.points += tally.points;
        all.doubled += tally.doubled;
        all.lost += tally.lost;
        all.wrong += tally.wrong;
    }
    printf("\n    %d points, %d doubled, %d lost without a word\n", all.points, all.doubled, all.lost);
    CU_ASSERT_TRUE(all.points > 0);
    CU_ASSERT_EQUAL(all.wrong, 0);
    buffer_done(&shipped);
}

static void at_each_byte_of_a_label(void)
{
    run_stories("scanner", 1, 1);
}

static void at_many_bytes_of_the_unit_label(void)
{
    uint64_t state = suite_seed();
    int64_t stride = SAMPLE_STRIDE;
    const char *value = getenv("STRIDE");
    if (value != NULL)
        CU_ASSERT_TRUE_FATAL(text_to_int64(value, &stride) && stride > 0);
    run_stories("unit", 1 + (int64_t)(suite_random(&state) % (uint64_t)stride), stride);
}

/* The controls: where the rule of evidence does not hold, labels come out twice, and that is seen. */
static void a_broken_rule_is_caught(void)
{
    static const struct story lies[] = {
        {"control: a counter that stands still", CUT_RESET, NONE, {FAKE_FROZEN, NONE, NONE}, false, false},
        {"control: a counter that forgets, trusted", CUT_POWER, NONE, {FAKE_VOLATILE, NONE, NONE}, false, false},
    };
    load_shipped("scanner");
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct tally tally = run_story(&lies[i], 1, 8);
        print_tally(lies[i].name, &tally);
        CU_ASSERT_TRUE(tally.doubled > 0);
        CU_ASSERT_TRUE(tally.wrong > 0);
    }
    buffer_done(&shipped);
}

SUITE("spool/cuts", {"at each byte of a label", at_each_byte_of_a_label},
      {"at many bytes of the unit's label", at_many_bytes_of_the_unit_label},
      {"a broken rule is caught", a_broken_rule_is_caught})
