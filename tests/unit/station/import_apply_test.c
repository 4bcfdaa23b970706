/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/import_house.h"

#define MANY 1000
#define ROWS 3

/* MANY RMAs of ROWS lines each, all rows in a random order. */
static void append_many(struct buffer *text)
{
    uint64_t random = suite_seed();
    int *order = memory_new(MANY * ROWS, sizeof *order);
    for (int i = 0; i < MANY * ROWS; i++)
        order[i] = i;
    for (int i = MANY * ROWS - 1; i > 0; i--) {
        int other = (int)(suite_random(&random) % (unsigned)(i + 1));
        int kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    buffer_append_text(text, "rma,line,sku,qty,order\n");
    for (int i = 0; i < MANY * ROWS; i++)
        buffer_append_format(text, "R%d,%d,S%d,1,O%d\n", order[i] / ROWS, order[i] % ROWS, order[i], order[i] / ROWS);
    free(order);
}

static void rows_come_in_any_order_and_slices_are_small(void)
{
    struct bench bench;
    struct buffer text = BUFFER_EMPTY;
    bench_open(&bench);
    bench.chunk = 4099;
    append_many(&text);
    import(&bench, IMPORT_CSV, text.data, text.length);
    CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
    CU_ASSERT_EQUAL(bench.progress.rows, MANY * ROWS);
    CU_ASSERT_EQUAL(bench.progress.stored, MANY);
    CU_ASSERT_EQUAL(bench.store.committed, MANY);
    for (size_t i = 0; i < bench.store.count; i++)
        CU_ASSERT_EQUAL(bench.store.entries[i].lines, ROWS);
    CU_ASSERT_TRUE(bench.store.most <= 256);
    CU_ASSERT_TRUE(bench.turns >= bench.store.begun); /* other work ran between any two slices */
    buffer_done(&text);
    bench_close(&bench);
}

static void a_store_that_fails_leaves_no_half_slice(void)
{
    static const struct {
        size_t begin, put, commit;
        enum error_code code;
    } table[] = {{1, 0, 0, ERROR_BUSY}, {3, 0, 0, ERROR_BUSY}, {0, 300, 0, ERROR_IO}, {0, 0, 2, ERROR_FULL}};
    struct buffer text = BUFFER_EMPTY;
    append_many(&text);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench bench;
        bench_open(&bench);
        bench.store.fail_begin = table[i].begin;
        bench.store.fail_put = table[i].put;
        bench.store.fail_commit = table[i].commit;
        bench.store.code = table[i].code;
        import(&bench, IMPORT_CSV, text.data, text.length);
        CU_ASSERT_EQUAL(bench.progress.state, IMPORT_FAILED);
        CU_ASSERT_PTR_NOT_NULL(strstr(bench.progress.reason, "the fake store fails"));
        CU_ASSERT_EQUAL(bench.progress.stored, (int64_t)bench.store.committed);
        CU_ASSERT_EQUAL(bench.store.count, bench.store.committed);
        CU_ASSERT_TRUE(bench.store.committed < MANY);
        size_t before = bench.store.committed;
        import(&bench, IMPORT_CSV, text.data, text.length); /* the same file again ends what was begun */
        CU_ASSERT_EQUAL(bench.progress.state, IMPORT_DONE);
        CU_ASSERT_EQUAL(bench.progress.same, (int64_t)before);
        CU_ASSERT_EQUAL(bench.store.committed, MANY);
        bench_close(&bench);
    }
    buffer_done(&text);
}

static void what_the_erp_gave_is_protected(void)
{
    static const char text[] = "rma,line,sku,qty\nR1,1,S,1\nERP1,1,S,1\n";
    struct bench bench;
    bench_open(&bench);
    bench.store.protected = PUT_PROTECTED;
    import_text(&bench, IMPORT_CSV, text);
    CU_ASSERT_EQUAL(bench.progress.protected, 1);
    CU_ASSERT_EQUAL(bench.progress.stored, 1);
    expect_problems(&bench, "3 ERP1 rma: came from the ERP with a version; a file changes it only with the replace"
                            " option\n");
    bench.store.protected = PUT_CONFLICT;
    import_text(&bench, IMPORT_CSV, text);
    CU_ASSERT_EQUAL(bench.progress.conflict, 1);
    CU_ASSERT_EQUAL(bench.progress.problems, 1);
    bench.store.protected = PUT_OLDER;
    import_text(&bench, IMPORT_CSV, text);
    CU_ASSERT_EQUAL(bench.progress.older, 1);
    CU_ASSERT_EQUAL(bench.progress.problems, 0);
    bench.replace = true;
    import_text(&bench, IMPORT_CSV, text);
    CU_ASSERT_EQUAL(bench.progress.stored, 1);
    CU_ASSERT_EQUAL(bench.progress.same, 1);
    bench_close(&bench);
}

static size_t count_files(const char *directory)
{
    size_t count = 0;
    DIR *dir = opendir(directory);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

static void leave_file(const char *directory, const char *name)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    fputs("left over", file);
    fclose(file);
}

static void one_at_a_time_and_nothing_is_left_behind(void)
{
    struct bench bench;
    struct error err = {0};
    struct import_progress progress;
    bench_open(&bench);
    leave_file(bench.directory, "import.db");
    leave_file(bench.directory, "import.data");
    struct loop *loop = loop_new(&err);
    struct importer *importer = importer_new(loop, &bench.store, bench.directory, &err);
    CU_ASSERT_EQUAL(count_files(bench.directory), 0);
    CU_ASSERT_EQUAL(importer_latest(importer), 0);
    CU_ASSERT_FALSE(importer_progress(importer, 0, &progress));
    struct import *first = import_begin(importer, "a", IMPORT_CSV, false, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_EQUAL(import_number(first), 1);
    CU_ASSERT_PTR_NULL(import_begin(importer, "b", IMPORT_CSV, false, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    CU_ASSERT_TRUE(import_write(first, "rma", 3, &err));
    import_abort(first);
    CU_ASSERT_TRUE(importer_progress(importer, 1, &progress));
    CU_ASSERT_EQUAL(progress.state, IMPORT_FAILED);
    CU_ASSERT_EQUAL(progress.bytes, 3);
    for (int64_t i = 2; i <= IMPORT_KEPT + 1; i++) {
        struct import *import = import_begin(importer, "c", IMPORT_CSV, false, &err);
        CU_ASSERT_EQUAL(import_number(import), i);
        if (i <= IMPORT_KEPT)
            import_abort(import);
    }
    CU_ASSERT_FALSE(importer_progress(importer, 1, &progress)); /* forgotten by now */
    CU_ASSERT_TRUE(importer_progress(importer, 2, &progress));
    CU_ASSERT_TRUE(importer_progress(importer, IMPORT_KEPT + 1, &progress));
    CU_ASSERT_EQUAL(progress.state, IMPORT_RECEIVING);
    importer_free(importer);
    loop_free(loop);
    CU_ASSERT_EQUAL(count_files(bench.directory), 0);
    bench_close(&bench);
}

static void random_bytes_do_no_harm(void)
{
    uint64_t random = suite_seed();
    static const char *const pieces[] = {"rma,line,sku,qty\n", "R1,1,S,1\n", "\"", ",", "\n", "R2,", "{", "}", "[", "]",
                                         "\"rma\":\"R1\"", "\xFF", "\r\n", "1", "S", ";", "{\"rma\":\"R1\"}"};
    for (int round = 0; round < 100; round++) {
        struct bench bench;
        struct buffer text = BUFFER_EMPTY;
        bench_open(&bench);
        if (round % 2 == 0)
            buffer_append_text(&text, pieces[0]);
        for (uint64_t i = suite_random(&random) % 60; i > 0; i--)
            buffer_append_text(&text, pieces[suite_random(&random) % COUNT_OF(pieces)]);
        import(&bench, round % 2 == 0 ? IMPORT_CSV : IMPORT_JSON, buffer_text(&text), text.length);
        buffer_done(&text);
        bench_close(&bench);
    }
}

SUITE("station/import_apply",
      {"rows come in any order and slices are small", rows_come_in_any_order_and_slices_are_small},
      {"a store that fails leaves no half slice", a_store_that_fails_leaves_no_half_slice},
      {"what the ERP gave is protected", what_the_erp_gave_is_protected},
      {"one at a time and nothing is left behind", one_at_a_time_and_nothing_is_left_behind},
      {"random bytes do no harm", random_bytes_do_no_harm})
