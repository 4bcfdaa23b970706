/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/import_house.h"

static void the_samples_are_stored_and_then_the_same(void)
{
    struct bench bench;
    bench_open(&bench);
    import_sample(&bench, IMPORT_JSON, "rmas.json");
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    CU_ASSERT_STRING_EQUAL(bench.progress.name, "test\\x0A.csv");
    CU_ASSERT_EQUAL(bench.progress.rows, 10);
    CU_ASSERT_EQUAL(bench.progress.stored, 10);
    expect_problems(&bench, "");
    import_sample(&bench, IMPORT_CSV, "rmas.csv");
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    CU_ASSERT_EQUAL(bench.progress.rows, 7);
    CU_ASSERT_EQUAL(bench.progress.stored, 4);
    CU_ASSERT_EQUAL(find(&bench.store, "RMA-2026-00021")->lines, 3);
    CU_ASSERT_EQUAL(bench.store.committed, 14);
    expect_problems(&bench, "");
    import_sample(&bench, IMPORT_JSON, "rmas.json");
    CU_ASSERT_EQUAL(bench.progress.same, 10);
    CU_ASSERT_EQUAL(bench.store.committed, 14);
    bench_close(&bench);
}

static void every_bad_row_is_told_and_the_others_stored(void)
{
    struct bench bench;
    bench_open(&bench);
    import_sample(&bench, IMPORT_CSV, "rmas-broken.csv");
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    CU_ASSERT_EQUAL(bench.progress.rows, 28);
    CU_ASSERT_EQUAL(bench.progress.stored, 2);
    CU_ASSERT_EQUAL(bench.progress.problems, 24);
    CU_ASSERT_PTR_NOT_NULL(find(&bench.store, "RMA-2026-00041"));
    CU_ASSERT_PTR_NOT_NULL(find(&bench.store, "RMA-2026-00066"));
    expect_problems(&bench,
                    "3  rma: missing\n"
                    "27 RMA-2026-00064 has text behind a closing quote\n"
                    "28 RMA-2026-00065 has a quote that is not closed\n"
                    "4 RMA 2026 00043 rma: must not have spaces\n"
                    "5 RMA-2026-00044 line: missing\n"
                    "6 RMA-2026-00045 sku: missing, and no gtin either\n"
                    "7 RMA-2026-00046 qty: must be > 0\n"
                    "8 RMA-2026-00047 qty: must be a whole number\n"
                    "9 RMA-2026-00048 unit_price: must be a whole number\n"
                    "10 RMA-2026-00049 currency: may only have ABCDEFGHIJKLMNOPQRSTUVWXYZ\n"
                    "11 RMA-2026-00050 gtin: 9.52E+12: a spreadsheet changed this GTIN; make the column text\n"
                    "12 RMA-2026-00051 gtin: 9520001057: has lost its leading zeros or digits: a GTIN has 8, 12, 13"
                    " or 14\n"
                    "13 RMA-2026-00052 gtin: 9520000001057: has a wrong check digit\n"
                    "14 RMA-2026-00053 delivery_date: must be a date, YYYY-MM-DD\n"
                    "15 RMA-2026-00054 delivery_date: must be a date, YYYY-MM-DD\n"
                    "16 RMA-2026-00055 requested_at: must be a time with its zone, 2026-11-21T10:00:00+01:00\n"
                    "17 RMA-2026-00056 already_refunded: must be true or false\n"
                    "18 RMA-2026-00057 outcome: must be one of refund, exchange, store_credit, repair, none\n"
                    "20 RMA-2026-00058 line: another line has the same name\n"
                    "22 RMA-2026-00059 owner: differs from line 21 of the same RMA\n"
                    "23 RMA-2026-00060 has 15 cells, the header has 14\n"
                    "24 RMA-2026-00061 has 7 cells, the header has 14\n"
                    "25 RMA-2026-00062 note: is longer than 80 bytes\n"
                    "26 RMA-2026-00063 note: has control characters or is not UTF-8\n");
    bench_close(&bench);
}

static void a_bad_row_costs_its_whole_rma_only(void)
{
    struct bench bench;
    bench_open(&bench);
    import_text(&bench, IMPORT_CSV,
                "\xEF\xBB\xBFsku;rma;line;qty;note;colour\r\n"
                "S;R1;1;1;;\r\n"
                "S;R2;1;1;\"two\r\nlines\";\r\n"
                ";;;;;\r\n"
                "\r\n"
                "S;\"R3\";1;1;\"x\"y;\r\n"
                "S;R3;2;1;;\r\n"
                "S;R4;1;1;;\r\n"
                "S;R1;2;1;;\r\n");
    CU_ASSERT_EQUAL(bench.progress.rows, 6);
    CU_ASSERT_EQUAL(bench.progress.stored, 2);
    CU_ASSERT_EQUAL(bench.progress.refused, 2);
    CU_ASSERT_EQUAL(find(&bench.store, "R1")->lines, 2);
    CU_ASSERT_PTR_NOT_NULL(find(&bench.store, "R4"));
    expect_problems(&bench, "7 R3 has text behind a closing quote\n"
                            "3 R2 note: has control characters or is not UTF-8\n"
                            "1  ignored: colour\n");
    bench_close(&bench);
}

static void json_objects_are_told_by_their_line(void)
{
    struct bench bench;
    bench_open(&bench);
    import_text(&bench, IMPORT_JSON,
                "[{\"rma\":\"R1\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}],\"colour\":1},\n"
                "{\"rma\":\"R2\",\"lines\":[]},\n"
                "{\"lines\":[]},\n"
                "{\"rma\":\"R3\",\n \"lines\":nothing},\n"
                "{\"rma\":\"R4\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}]},\n"
                "{\"rma\":\"R4\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}]},\n"
                "{\"rma\":\"R5\",\"version\":7,\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}]}]\n");
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    CU_ASSERT_EQUAL(bench.progress.rows, 7);
    CU_ASSERT_EQUAL(bench.progress.stored, 2);
    CU_ASSERT_EQUAL(bench.progress.refused, 2);
    expect_problems(&bench, "3  rma: missing\n"
                            "4  line 5, column 16: invalid token near 'nothing'\n"
                            "2 R2 lines: must have 1 to 1000 entries, not 0\n"
                            "7 R4 rma: is also in line 6\n"
                            "1  ignored: colour\n");
    bench_close(&bench);
}

static void an_object_that_is_too_long_is_told(void)
{
    struct bench bench;
    struct buffer text = BUFFER_EMPTY;
    bench_open(&bench);
    bench.chunk = 65536;
    buffer_append_text(&text, "{\"rma\":\"R1\",\"note\":\"");
    for (int i = 0; i < 1 << 20; i++)
        buffer_append_byte(&text, 'x');
    buffer_append_text(&text, "\"}\n{\"rma\":\"R2\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}]}\n");
    import(&bench, IMPORT_JSON, text.data, text.length);
    CU_ASSERT_EQUAL(bench.progress.stored, 1);
    expect_problems(&bench, "1  the object is longer than 1 MiB\n");
    buffer_done(&text);
    bench_close(&bench);
}

static void files_that_are_no_import_fail_with_a_reason(void)
{
    static const struct {
        enum import_format format;
        const char *text, *reason;
    } table[] = {
        {IMPORT_CSV, "", "the file is empty"},
        {IMPORT_CSV, "\xEF\xBB\xBF", "the file is empty"},
        {IMPORT_CSV, "RMA-1,1,S,1\n", "line 1: no column \"rma\": the first line must name the columns"},
        {IMPORT_CSV, "\"rma,line\n", "line 1: has a quote that is not closed"},
        {IMPORT_JSON, "", "the file is empty"},
        {IMPORT_JSON, " \n", "the file ends where an object or a list of objects is expected"},
        {IMPORT_JSON, "rma,line\n", "line 1: an object or a list of objects expected here"},
        {IMPORT_JSON, "[{\"rma\":\"R1\",\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}]},\n{\"rma\":",
         "the file ends inside the object that begins in line 2"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench bench;
        bench_open(&bench);
        import_text(&bench, table[i].format, table[i].text);
        CU_ASSERT_EQUAL(bench.progress.state, IMPORT_FAILED);
        CU_ASSERT_PTR_NOT_NULL(strstr(bench.progress.reason, table[i].reason));
        CU_ASSERT_EQUAL(bench.store.committed, 0);
        bench_close(&bench);
    }
}

static void a_line_without_end_fails_the_import(void)
{
    struct bench bench;
    struct buffer text = BUFFER_EMPTY;
    bench_open(&bench);
    buffer_append_text(&text, "rma,line,sku,qty\nR1,1,S,1\n");
    for (int i = 0; i < 200000; i++)
        buffer_append_byte(&text, 'x');
    import(&bench, IMPORT_CSV, text.data, text.length);
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_FAILED);
    CU_ASSERT_STRING_EQUAL(bench.progress.reason, "line 3: is longer than 64 KiB; a quote may not be closed");
    CU_ASSERT_EQUAL(bench.store.committed, 0);
    buffer_done(&text);
    bench_close(&bench);
}

static void nothing_to_import_is_no_failure(void)
{
    struct bench bench;
    bench_open(&bench);
    import_text(&bench, IMPORT_JSON, "[]");
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    import_text(&bench, IMPORT_CSV, "rma,line,sku,qty");
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    CU_ASSERT_EQUAL(bench.progress.rmas, 0);
    bench_close(&bench);
}


SUITE("station/import", {"the samples are stored and then the same", the_samples_are_stored_and_then_the_same},
      {"every bad row is told and the others stored", every_bad_row_is_told_and_the_others_stored},
      {"a bad row costs its whole RMA only", a_bad_row_costs_its_whole_rma_only},
      {"JSON objects are told by their line", json_objects_are_told_by_their_line},
      {"an object that is too long is told", an_object_that_is_too_long_is_told},
      {"files that are no import fail with a reason", files_that_are_no_import_fail_with_a_reason},
      {"a line without end fails the import", a_line_without_end_fails_the_import},
      {"nothing to import is no failure", nothing_to_import_is_no_failure})
