/* SPDX-License-Identifier: Apache-2.0 */
#include "drivers/printer.h"
#include "tests/support/printer_bench.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64], uri[96];

static void make_directory(void)
{
    snprintf(directory, sizeof directory, "/tmp/printer_file_test.XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    snprintf(uri, sizeof uri, "file:%s", directory);
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void write_file(const char *name)
{
    FILE *file = fopen(path_of(name), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fclose(file);
}

static bool content_is(const char *name, const char *expected)
{
    char content[64] = "";
    FILE *file = fopen(path_of(name), "r");
    if (file == NULL)
        return false;
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    fclose(file);
    return strcmp(content, expected) == 0;
}

static void remove_all(const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CU_ASSERT_EQUAL(unlink(path_of(names[i])), 0);
    CU_ASSERT_EQUAL(rmdir(directory), 0); /* nothing else is left there */
}

static bool is_up(struct bench *b)
{
    return b->ups == 1;
}

static bool is_down(struct bench *b)
{
    return b->downs == 1;
}

static bool is_sent(struct bench *b)
{
    return b->sents == 1;
}

static bool is_sent_twice(struct bench *b)
{
    return b->sents == 2;
}

static bool is_told(struct bench *b)
{
    return b->statuses == 1;
}

static void send_one(struct bench *b)
{
    struct error err = {0};
    CU_ASSERT_TRUE(printer_send(b->printer, "^XA^FDone^FS^XZ", 15, &err));
    CU_ASSERT_FALSE(printer_send(b->printer, "^XA^XZ", 6, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
}

static void send_two(struct bench *b)
{
    struct error err = {0};
    CU_ASSERT_TRUE(printer_send(b->printer, "^XA^FDtwo^FS^XZ", 15, &err));
}

static void ask(struct bench *b)
{
    struct error err = {0};
    CU_ASSERT_TRUE(printer_query(b->printer, &err));
    CU_ASSERT_FALSE(printer_query(b->printer, &err));
}

static void send_and_ask(struct bench *b)
{
    send_one(b);
    ask(b);
}

static void each_label_is_one_file(void)
{
    static const char *const names[] = {"000001.zpl", "000002.zpl"};
    struct bench b;
    make_directory();
    bench_init(&b);
    bench_open(&b, uri);
    CU_ASSERT_STRING_EQUAL(printer_identity(b.printer), uri);
    BENCH_RUN(&b, {is_up, send_one}, {is_sent, send_two}, {is_sent_twice, ask}, {is_told, NULL});
    CU_ASSERT_TRUE(content_is("000001.zpl", "^XA^FDone^FS^XZ"));
    CU_ASSERT_TRUE(content_is("000002.zpl", "^XA^FDtwo^FS^XZ"));
    CU_ASSERT_TRUE(printer_status_clean(&b.last));
    CU_ASSERT_EQUAL(b.last.counter, 2);
    bench_done(&b);
    remove_all(names, 2);
}

static void numbers_go_on_behind_the_highest(void)
{
    static const char *const names[] = {"000007.zpl", "000008.zpl", "000099.txt", "x000500.zpl", "1000000x.zpl"};
    struct bench b;
    make_directory();
    write_file("000007.zpl");
    write_file("000099.txt");
    write_file("x000500.zpl");
    write_file("1000000x.zpl");
    bench_init(&b);
    bench_open(&b, uri);
    BENCH_RUN(&b, {is_up, send_and_ask}, {is_told, NULL});
    CU_ASSERT_EQUAL(b.sents, 1);
    CU_ASSERT_EQUAL(b.last.counter, 8);
    CU_ASSERT_TRUE(content_is("000008.zpl", "^XA^FDone^FS^XZ"));
    CU_ASSERT_TRUE(content_is("000007.zpl", ""));
    bench_done(&b);
    remove_all(names, 5);
}

static void make_parent(struct bench *b)
{
    (void)b;
    CU_ASSERT_EQUAL(mkdir(path_of("a"), 0700), 0);
}

static void a_missing_parent_is_told_and_tried_again(void)
{
    struct bench b;
    make_directory();
    strcat(uri, "/a/b");
    bench_init(&b);
    bench_open(&b, uri);
    BENCH_RUN(&b, {is_down, make_parent}, {is_up, send_one}, {is_sent, NULL});
    CU_ASSERT_PTR_NOT_NULL(strstr(b.reason, "No such file"));
    CU_ASSERT_TRUE(content_is("a/b/000001.zpl", "^XA^FDone^FS^XZ"));
    bench_done(&b);
    CU_ASSERT_EQUAL(unlink(path_of("a/b/000001.zpl")), 0);
    CU_ASSERT_EQUAL(rmdir(path_of("a/b")), 0);
    CU_ASSERT_EQUAL(rmdir(path_of("a")), 0);
    remove_all(NULL, 0);
}

/* The temporary name is taken by a directory: the write fails, even for root. */
static void block_writes(struct bench *b)
{
    CU_ASSERT_EQUAL(mkdir(path_of(".label.tmp"), 0700), 0);
    send_one(b);
}

static void a_failed_write_is_down_and_no_label(void)
{
    struct bench b;
    make_directory();
    bench_init(&b);
    bench_open(&b, uri);
    BENCH_RUN(&b, {is_up, block_writes}, {is_down, NULL});
    CU_ASSERT_EQUAL(b.sents, 0);
    bench_done(&b);
    CU_ASSERT_EQUAL(rmdir(path_of(".label.tmp")), 0);
    remove_all(NULL, 0);
}

static void a_directory_is_needed(void)
{
    struct bench b;
    struct error err = {0};
    bench_init(&b);
    const struct printer_events events = {0};
    CU_ASSERT_PTR_NULL(printer_open(b.loop, NULL, "test", "file:", &events, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    bench_done(&b);
}

SUITE("drivers/printer_file", {"each label is one file", each_label_is_one_file},
      {"numbers go on behind the highest", numbers_go_on_behind_the_highest},
      {"a missing parent is told and tried again", a_missing_parent_is_told_and_tried_again},
      {"a failed write is down and no label", a_failed_write_is_down_and_no_label},
      {"a directory is needed", a_directory_is_needed})
