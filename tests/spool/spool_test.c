/* SPDX-License-Identifier: Apache-2.0 */
/* What the spool does with whole jobs: in what order, how soon, where to, and what it says. */
#include "base/text.h"
#include "daemon/text/catalog.h"
#include "protocol/printer/status.h"
#include "tests/spool/bench.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static struct bench bench;
static struct fake_printer *fake;

static void begin(void)
{
    bench_init(&bench);
    fake = &bench.printers[0].fake;
}

static int64_t job(const char *code)
{
    char zpl[200];
    TEXT_FORMAT(zpl, "^XA^FX %s^FS^FO10,10^A0N,20^FDone^FS^XZ\n", code);
    return bench_job(&bench, code, zpl, strlen(zpl));
}

static void expect(int64_t number, enum job_state state, const char *printer, const char *reason)
{
    struct job_row row = bench_row(&bench, number);
    if (row.job.state != state || !text_equal(row.reason, reason) || !text_equal(row.printer, printer))
        printf("\n    job %lld is %s (%s) on %s\n", (long long)number, name_of(&job_state_names, (int)row.job.state),
               row.reason, row.printer);
    CU_ASSERT_EQUAL(row.job.state, state);
    CU_ASSERT_STRING_EQUAL(row.reason, reason);
    CU_ASSERT_STRING_EQUAL(row.printer, printer);
}

/* Virtual ms until a label with this code is out; INT64_MAX = not within a minute. */
static int64_t time_to_come_out(const char *code)
{
    int64_t start = virtual_tick();
    while (bench_count(&bench, code) == 0)
        if (!virtual_step(bench.loop, start + 60000))
            return INT64_MAX;
    return virtual_tick() - start;
}

static void a_label_goes_out_at_once(void)
{
    begin();
    bench_start(&bench);
    bench_run(&bench, 1000);
    int64_t number = job("A");
    CU_ASSERT_EQUAL(time_to_come_out("A"), 0);
    bench_run(&bench, 1);
    expect(number, JOB_PRINTED, "one", "");
    bench_done(&bench);
}

/* Once 300 ms where the question is asked for the first time, then not at all; over a new connection, too. */
static void a_printer_that_never_answers_delays_once(void)
{
    begin();
    fake_printer_set(fake, FAKE_SILENT, true);
    bench_start(&bench);
    int64_t first = job("A");
    int64_t took = time_to_come_out("A");
    CU_ASSERT_TRUE(took >= 290 && took <= 300);
    job("B");
    CU_ASSERT_EQUAL(time_to_come_out("B"), 0);
    bench_run(&bench, 100000);
    job("C");
    CU_ASSERT_EQUAL(time_to_come_out("C"), 0);
    bench_hang_up(&bench.printers[0]);
    bench_run(&bench, 20000);
    int64_t last = job("D");
    CU_ASSERT_EQUAL(time_to_come_out("D"), 0);
    bench_run(&bench, 100);
    expect(first, JOB_SENT, "one", "");
    expect(last, JOB_SENT, "one", "");
    bench_done(&bench);
}

static void many_labels_keep_their_order(void)
{
    begin();
    bench_start(&bench);
    bench_run(&bench, 1000);
    for (char code[] = "A"; code[0] <= 'Z'; code[0]++)
        job(code);
    bench_run(&bench, 10);
    CU_ASSERT_EQUAL(bench.printers[0].code_count, 26);
    for (size_t i = 0; i < 26; i++)
        CU_ASSERT_EQUAL(bench.printers[0].codes[i][0], 'A' + (char)i);
    for (int64_t i = 1; i <= 26; i++)
        expect(i, JOB_PRINTED, "one", "");
    CU_ASSERT_EQUAL(fake->stray, 0);
    bench_done(&bench);
}

static void another_print_head_gets_nothing(void)
{
    begin();
    fake_printer_set(fake, FAKE_300_DPI, true);
    bench_start(&bench);
    int64_t number = job("A");
    bench_run(&bench, 4000);
    expect(number, JOB_QUEUED, "one", "wrong_resolution");
    CU_ASSERT_EQUAL(bench_count(&bench, "A"), 0);
    bench_done(&bench);
}

static void a_spare_takes_what_was_never_sent(void)
{
    begin();
    bench_start(&bench);
    bench_run(&bench, 1000);
    fake_printer_set(fake, FAKE_PAPER_OUT, true);
    int64_t sent = job("A"); /* leaves before anybody knows: it is the printer's now */
    bench_run(&bench, 500);
    int64_t queued = job("B");
    bench_run(&bench, 500);
    expect(sent, JOB_NEEDS_ATTENTION, "one", "paper_out");
    expect(queued, JOB_QUEUED, "one", "paper_out");
    bench_run(&bench, 10000);
    expect(sent, JOB_NEEDS_ATTENTION, "one", "paper_out");
    expect(queued, JOB_PRINTED, "two", "spare");
    fake_printer_set(fake, FAKE_PAPER_OUT, false);
    bench_run(&bench, 1000);
    expect(sent, JOB_PRINTED, "one", "");
    CU_ASSERT_EQUAL(bench_count(&bench, "A"), 1);
    CU_ASSERT_EQUAL(bench_count(&bench, "B"), 1);
    CU_ASSERT_EQUAL(bench.printers[1].code_count, 1);
    bench_done(&bench);
}

static void a_spare_stands_in_for_one_that_is_off(void)
{
    begin();
    bench_power(&bench.printers[0], false);
    bench_start(&bench);
    int64_t number = job("A");
    bench_run(&bench, 3000);
    expect(number, JOB_QUEUED, "one", "down");
    bench_run(&bench, 5000);
    expect(number, JOB_PRINTED, "two", "spare");
    bench_done(&bench);
}

static void an_old_label_is_void_and_never_late(void)
{
    begin();
    bench.max_age_ms = 60000;
    bench_power(&bench.printers[0], false);
    bench_power(&bench.printers[1], false);
    bench_start(&bench);
    int64_t number = job("A");
    bench_run(&bench, 59000);
    expect(number, JOB_QUEUED, "one", "down");
    bench_run(&bench, 3000);
    expect(number, JOB_VOIDED, "one", "too_old");
    bench_power(&bench.printers[0], true);
    bench_run(&bench, 60000);
    CU_ASSERT_EQUAL(bench_count(&bench, "A"), 0);
    bench_power(&bench.printers[1], true);
    bench_done(&bench);
}

/* While the daemon was away, too. */
static void an_old_label_of_an_earlier_run_is_void(void)
{
    begin();
    bench.max_age_ms = 60000;
    int64_t number = job("A");
    bench_run(&bench, 61000);
    bench_start(&bench);
    bench_run(&bench, 5000);
    expect(number, JOB_VOIDED, "one", "too_old");
    CU_ASSERT_EQUAL(bench_count(&bench, "A"), 0);
    bench_done(&bench);
}

static void a_reserved_printer_takes_one(void)
{
    int64_t counter = -2;
    const char *identity = NULL;
    begin();
    bench_start(&bench);
    CU_ASSERT_FALSE(printing_reserve(bench.printing, "one", &counter, &identity)); /* not asked yet */
    bench_run(&bench, 1000);
    CU_ASSERT_FALSE(printing_reserve(bench.printing, "nobody", &counter, &identity));
    CU_ASSERT_TRUE_FATAL(printing_reserve(bench.printing, "one", &counter, &identity));
    CU_ASSERT_EQUAL(counter, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(identity, "FAKE-203dpi"));
    CU_ASSERT_FALSE(printing_reserve(bench.printing, "one", &counter, &identity)); /* one outstanding job */
    printing_wake(bench.printing);                                                 /* the decision was rolled back */
    CU_ASSERT_TRUE(printing_reserve(bench.printing, "one", &counter, &identity));
    printing_wake(bench.printing);
    job("A");
    CU_ASSERT_FALSE(printing_reserve(bench.printing, "one", &counter, &identity));
    bench_run(&bench, 100);
    CU_ASSERT_TRUE(printing_reserve(bench.printing, "one", &counter, &identity));
    CU_ASSERT_EQUAL(counter, 1);
    bench_done(&bench);
}

/* Stored as sending by its decision; the wake behind that commit sends it, and no other one does. */
static void a_job_stored_as_sending_is_sent_once(void)
{
    for (int reserved = 0; reserved < 2; reserved++) {
        int64_t counter;
        const char *identity;
        struct error err = {0};
        begin();
        bench_start(&bench);
        bench_run(&bench, 1000);
        CU_ASSERT_TRUE_FATAL(printing_reserve(bench.printing, "one", &counter, &identity));
        struct job_row row = {.counter = counter};
        TEXT_COPY(row.identity, identity);
        struct printing *printing = bench.printing;
        bench.printing = NULL; /* so that the new row wakes nobody */
        row.job.job_id = job("A");
        bench.printing = printing;
        CU_ASSERT_TRUE_FATAL(jobs_set_state(bench.store, &row, JOB_SENDING, "", 0, &err));
        if (reserved == 0) { /* the daemon dies between the commit and the first byte */
            bench_kill(&bench);
            bench_start(&bench);
        }
        printing_wake(bench.printing);
        bench_run(&bench, reserved == 1 ? 1 : 10000);
        expect(row.job.job_id, JOB_PRINTED, "one", "");
        CU_ASSERT_EQUAL(bench_count(&bench, "A"), 1);
        bench_done(&bench);
    }
}

/* The bus told a fault before a job was there: nothing is sent into it, and every screen hears. */
static void a_fault_is_seen_while_nothing_waits(void)
{
    struct printing_status status[2];
    begin();
    bench_start(&bench);
    bench_run(&bench, 1000);
    fake_printer_set(fake, FAKE_HEAD_OPEN, true);
    int changes = bench.changes;
    bench_run(&bench, 6000);
    CU_ASSERT_EQUAL(printing_status(bench.printing, status, 2), 2);
    CU_ASSERT_STRING_EQUAL(status[0].reason, "head_open");
    CU_ASSERT_STRING_EQUAL(status[0].state, "attention");
    CU_ASSERT_STRING_EQUAL(status[0].model, "FAKE-203dpi");
    CU_ASSERT_TRUE(bench.changes > changes);
    int64_t number = job("A");
    bench_run(&bench, 100);
    expect(number, JOB_QUEUED, "one", "head_open");
    fake_printer_set(fake, FAKE_HEAD_OPEN, false);
    bench_run(&bench, 400);
    expect(number, JOB_PRINTED, "one", "");
    bench_done(&bench);
}

static void every_fault_has_its_words(void)
{
    struct error err = {0};
    struct catalog *catalog = catalog_load(SOURCE_DIR "/data/texts", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    for (int i = 0; i < PRINTER_CONDITION_COUNT; i++) {
        char key[64];
        TEXT_FORMAT(key, "why.%s", printer_condition_key((enum printer_condition)i));
        for (int language = 0; language < LANGUAGE_COUNT; language++)
            CU_ASSERT_STRING_NOT_EQUAL(catalog_word(catalog, (enum language)language, key), key);
    }
    catalog_free(catalog);
}

static void a_spare_must_fit(void)
{
    struct error err = {0};
    begin();
    bench_start(&bench);
    struct printing_printer printer = {.name = "fine", .uri = "tcp://127.0.0.1:9", .dpi = 300};
    CU_ASSERT_TRUE(printing_add(bench.printing, &printer, &err));
    CU_ASSERT_FALSE(printing_add_spare(bench.printing, "bench", "one", "fine", &err));
    CU_ASSERT_FALSE(printing_add_spare(bench.printing, "bench", "one", "one", &err));
    CU_ASSERT_FALSE(printing_add_spare(bench.printing, "bench", "one", "nobody", &err));
    bench_done(&bench);
}

SUITE("spool/spool", {"a label goes out at once", a_label_goes_out_at_once},
      {"a printer that never answers delays once", a_printer_that_never_answers_delays_once},
      {"many labels keep their order", many_labels_keep_their_order},
      {"another print head gets nothing", another_print_head_gets_nothing},
      {"a spare takes what was never sent", a_spare_takes_what_was_never_sent},
      {"a spare stands in for one that is off", a_spare_stands_in_for_one_that_is_off},
      {"an old label is void and never late", an_old_label_is_void_and_never_late},
      {"an old label of an earlier run is void", an_old_label_of_an_earlier_run_is_void},
      {"a reserved printer takes one", a_reserved_printer_takes_one},
      {"a job stored as sending is sent once", a_job_stored_as_sending_is_sent_once},
      {"a fault is seen while nothing waits", a_fault_is_seen_while_nothing_waits},
      {"every fault has its words", every_fault_has_its_words}, {"a spare must fit", a_spare_must_fit})
