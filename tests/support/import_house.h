/* SPDX-License-Identifier: Apache-2.0 */
/* The import service over a small store made here, which can be told to fail. For one program each: it defines the
 * store. */
#ifndef TESTS_SUPPORT_IMPORT_HOUSE_H
#define TESTS_SUPPORT_IMPORT_HOUSE_H

#include "daemon/import.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/directory.h"
#include "daemon/store/store.h"
#include "tests/support/suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The fake store: what was put, and what of it was committed. */
struct store {
    struct entry {
        char rma[KEY_SIZE];
        char *content;
        size_t lines;
    } *entries;
    size_t count, committed, capacity;
    size_t begun, most; /* transactions, most RMAs in one */
    bool open;
    size_t fail_begin, fail_put, fail_commit; /* at which one, 0 = never */
    enum error_code code;
    enum put_result protected; /* the result for an RMA whose number begins with "ERP", unless replaced */
};

static inline bool should_fail(const struct store *store, size_t *countdown, struct error *err)
{
    if (*countdown == 0 || --*countdown > 0)
        return false;
    error_set(err, store->code, "the fake store fails");
    return true;
}

bool store_begin(struct store *store, struct error *err)
{
    CU_ASSERT_FALSE(store->open);
    if (should_fail(store, &store->fail_begin, err))
        return false;
    store->open = true;
    store->begun++;
    return true;
}

bool store_commit(struct store *store, struct error *err)
{
    CU_ASSERT_TRUE(store->open);
    if (should_fail(store, &store->fail_commit, err))
        return false;
    if (store->count - store->committed > store->most)
        store->most = store->count - store->committed;
    store->committed = store->count;
    store->open = false;
    return true;
}

void store_rollback(struct store *store)
{
    while (store->count > store->committed)
        free(store->entries[--store->count].content);
    store->open = false;
}

static inline struct entry *find(const struct store *store, const char *rma)
{
    for (size_t i = 0; i < store->count; i++)
        if (text_equal(store->entries[i].rma, rma))
            return &store->entries[i];
    return NULL;
}

bool directory_put_rma(struct store *store, const struct rma *rma, const char *content, bool replace,
                       enum put_result *ret_result, struct error *err)
{
    CU_ASSERT_TRUE(store->open);
    CU_ASSERT_EQUAL(rma->version, 0);
    if (should_fail(store, &store->fail_put, err))
        return false;
    const struct entry *known = find(store, rma->rma);
    *ret_result = PUT_SAME;
    if (strncmp(rma->rma, "ERP", 3) == 0 && !replace)
        *ret_result = store->protected;
    else if (known == NULL || !text_equal(known->content, content))
        *ret_result = PUT_STORED;
    if (*ret_result != PUT_STORED)
        return true;
    if (store->count == store->capacity) {
        store->capacity = store->capacity * 2 + 64;
        store->entries = memory_resize(store->entries, store->capacity, sizeof *store->entries);
    }
    struct entry *entry = &store->entries[store->count++];
    *entry = (struct entry){.content = memory_text(content), .lines = rma->line_count};
    TEXT_COPY(entry->rma, rma->rma);
    return true;
}

/* One import from its first byte to its end, in a loop of its own. */
struct bench {
    struct store store;
    char directory[40];
    struct loop *loop;
    struct importer *importer;
    struct loop_source *watch;
    struct import_progress progress;
    struct buffer problems;
    size_t turns, gaps; /* runs of the watcher, and how often it saw an open transaction */
    bool replace;
    size_t chunk;
};

static inline void bench_open(struct bench *bench)
{
    *bench = (struct bench){.chunk = 1000};
    TEXT_COPY(bench->directory, "/tmp/import_test_XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(bench->directory));
}

static inline void bench_close(struct bench *bench)
{
    bench->store.committed = 0;
    store_rollback(&bench->store);
    free(bench->store.entries);
    buffer_done(&bench->problems);
    rmdir(bench->directory);
}

static inline void watch(void *context)
{
    struct bench *bench = context;
    bench->turns++;
    bench->gaps += bench->store.open;
    CU_ASSERT_TRUE_FATAL(importer_progress(bench->importer, 1, &bench->progress));
    if (bench->progress.state == IMPORT_DONE || bench->progress.state == IMPORT_FAILED)
        loop_stop(bench->loop);
    else
        loop_post(bench->watch);
}

static inline void list_problems(struct bench *bench)
{
    struct import_problem problems[7];
    struct error err;
    size_t count;
    buffer_clear(&bench->problems);
    for (int64_t after = 0;; after += (int64_t)count) {
        CU_ASSERT_TRUE_FATAL(importer_problems(bench->importer, 1, after, problems, 7, &count, &err));
        if (count == 0)
            return;
        for (size_t i = 0; i < count; i++) {
            CU_ASSERT_EQUAL(problems[i].number, after + (int64_t)i + 1);
            buffer_append_format(&bench->problems, "%lld %s %s\n", (long long)problems[i].line, problems[i].rma,
                                 problems[i].reason);
        }
    }
}

/* Imports bytes; the progress and the problems are in bench. */
static inline void import(struct bench *bench, enum import_format format, const char *bytes, size_t length)
{
    struct error err = {0};
    bench->loop = loop_new(&err);
    bench->importer = importer_new(bench->loop, &bench->store, bench->directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bench->importer);
    struct import *import = import_begin(bench->importer, "test\n.csv", format, bench->replace, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(import);
    for (size_t at = 0; at < length; at += bench->chunk)
        CU_ASSERT_TRUE(import_write(import, bytes + at, length - at < bench->chunk ? length - at : bench->chunk, &err));
    bench->watch = loop_add_work(bench->loop, "watch", LOOP_BACKGROUND, watch, bench);
    if (import_finish(import, &err)) {
        loop_post(bench->watch);
        CU_ASSERT_TRUE(loop_run(bench->loop, &err));
    }
    CU_ASSERT_TRUE(importer_progress(bench->importer, 1, &bench->progress));
    list_problems(bench);
    loop_remove(bench->watch);
    bench->importer = importer_free(bench->importer);
    bench->loop = loop_free(bench->loop);
    const struct import_progress *p = &bench->progress;
    CU_ASSERT_FALSE(bench->store.open);
    CU_ASSERT_EQUAL(p->rmas, p->stored + p->same + p->older + p->conflict + p->protected + p->refused);
    CU_ASSERT_EQUAL(bench->gaps, 0);
}

static inline void import_text(struct bench *bench, enum import_format format, const char *text)
{
    import(bench, format, text, strlen(text));
}

static inline void import_sample(struct bench *bench, enum import_format format, const char *name)
{
    char path[400];
    struct buffer text = BUFFER_EMPTY;
    snprintf(path, sizeof path, SOURCE_DIR "/data/samples/%s", name);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int c; (c = getc(file)) != EOF;)
        buffer_append_byte(&text, (uint8_t)c);
    fclose(file);
    import(bench, format, text.data, text.length);
    buffer_done(&text);
}

static inline void expect_problems(struct bench *bench, const char *problems)
{
    if (!text_equal(buffer_text(&bench->problems), problems))
        printf("\n%s", buffer_text(&bench->problems));
    CU_ASSERT_STRING_EQUAL(buffer_text(&bench->problems), problems);
}

#endif
