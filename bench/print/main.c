/* SPDX-License-Identifier: Apache-2.0 */
/* Our half of the printing benchmark (print.py runs it beside CUPS and lprint).
   bench_print sink: a sink; its port and the times of labels as int64_t on stdout.
   bench_print label FILE: writes the LPN label.
   bench_print run DIRECTORY: from before the label is rendered and durably committed to its last byte at a sink. */
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bench/print/sink.h"
#include "daemon/printing.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"
#include "protocol/label/label.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SINGLE 500
#define SUSTAINED 2000

static struct label_set *set;
static struct loop *loop;
static struct store *store;
static struct printing *printing;
static int sink_output;
static pid_t sink_process;
static uint16_t sink_port;

static void fail(const char *what, const struct error *err)
{
    fprintf(stderr, "%s: %s\n", what, err != NULL ? err->message : "failed");
    exit(1);
}

static int64_t read_sink(void)
{
    int64_t value;
    if (read(sink_output, &value, sizeof value) != (ssize_t)sizeof value)
        fail("sink", NULL);
    return value;
}

static void start_sink(void)
{
    int ends[2];
    if (pipe(ends) != 0)
        fail("pipe", NULL);
    sink_process = fork();
    if (sink_process == 0) {
        close(ends[0]);
        sink_serve(ends[1], 0);
    }
    close(ends[1]);
    sink_output = ends[0];
    sink_port = (uint16_t)read_sink();
}

static void stop_sink(void)
{
    kill(sink_process, SIGKILL);
    close(sink_output);
}

/* The shipped LPN label, Code 128 and Data Matrix as libzint bitmaps, each with a code of its own. */
static void render(int number, struct buffer *zpl)
{
    char code[24];
    TEXT_FORMAT(code, "LP%013d", number);
    const struct label_field fields[] = {{"code", code},
                                         {"disposition", "RESELL"},
                                         {"icon", "A"},
                                         {"shape", "disc"},
                                         {"rma", "RMA-2026-00017"},
                                         {"sku", "SHOE-42"},
                                         {"name", "Running shoes"},
                                         {"grade", "A"},
                                         {"date", "2026-11-25T10:00:00.000Z"},
                                         {"station", "bench"}};
    const struct label_options options = {203, "en"};
    struct error err = {0};
    if (!label_render(set, "unit", &options, fields, COUNT_OF(fields), zpl, &err))
        fail("label", &err);
}

/* ---- figures ---- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *name, int64_t *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    printf("%-58s median %8.3f ms  p99 %8.3f ms  (%zu labels)\n", name, (double)times[count / 2] / 1e6,
           (double)times[count * 99 / 100] / 1e6, count);
    fflush(stdout);
}

/* ---- the bare socket ---- */

static int connect_sink(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(sink_port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect", NULL);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void run_bare(bool kept_open)
{
    static int64_t times[SINGLE];
    struct buffer zpl = BUFFER_EMPTY;
    render(1, &zpl);
    start_sink();
    int fd = kept_open ? connect_sink() : -1;
    for (size_t i = 0; i < SINGLE; i++) {
        int64_t start = sink_now();
        fd = kept_open ? fd : connect_sink();
        if (write(fd, zpl.data, zpl.length) != (ssize_t)zpl.length)
            fail("write", NULL);
        if (!kept_open)
            close(fd);
        times[i] = read_sink() - start;
    }
    if (kept_open)
        close(fd);
    stop_sink();
    buffer_done(&zpl);
    print_times(kept_open ? "bare socket, kept open" : "bare socket, connect, write, close", times, SINGLE);
}

/* ---- the spool ---- */

static bool is_idle(void)
{
    struct printing_status status;
    printing_status(printing, &status, 1);
    return text_equal(status.state, "ready") && status.open_jobs == 0;
}

static void start_spool(const char *directory, loop_fn *changed)
{
    struct error err = {0};
    char uri[64];
    store = store_open(directory, &err);
    loop = loop_new(&err);
    if (store == NULL || loop == NULL)
        fail(directory, &err);
    if (!store_make_room(store, &err))
        fail(directory, &err);
    start_sink();
    TEXT_FORMAT(uri, "tcp://127.0.0.1:%u", sink_port);
    struct printing_printer printer = {.name = "sink", .uri = uri, .dpi = 203, .counter_safe = true};
    printing = printing_new(loop, NULL, store, changed, NULL);
    if (!printing_add(printing, &printer, &err))
        fail("spool", &err);
}

static void stop_spool(void)
{
    printing = printing_free(printing);
    loop_free(loop);
    store = store_close(store);
    stop_sink();
}

/* The job as a decision's transaction stores it: as sending if the printer is idle and its counter known. */
static void insert_job(int number, const struct buffer *zpl)
{
    struct error err = {0};
    int64_t counter = -1;
    const char *identity = "";
    bool is_sending = printing_reserve(printing, "sink", &counter, &identity);
    if (!sql_run(store, &err,
                 "INSERT INTO print_job(kind, unit_id, parcel_id, generation, copy, state, lane, printer, code,"
                 " template_hash, zpl, created_at, changed_at, journal, counter, identity)"
                 " VALUES('unit', ?, 0, 1, 1, ?, 'bench', 'sink', 'code', '', ?, 0, 0, 0, ?, ?)",
                 "itbit", (int64_t)number, is_sending ? "sending" : "queued", zpl->data, zpl->length, counter,
                 identity))
        fail("insert", &err);
}

static void begin(void)
{
    struct error err = {0};
    if (!store_begin(store, &err))
        fail("begin", &err);
}

static void commit(void)
{
    struct error err = {0};
    if (!store_commit(store, &err))
        fail("commit", &err);
    printing_wake(printing);
}

static void run_until_printed(void)
{
    struct error err = {0};
    if (!loop_run(loop, &err))
        fail("loop", &err);
}

/* ---- one at a time ---- */

static struct {
    int64_t starts[SINGLE];
    size_t count;
    struct loop_source *next; /* work: behind everything that the last label still does */
} single;

static void on_next(void *context)
{
    (void)context;
    if (!is_idle())
        return;
    if (single.count == SINGLE) {
        loop_stop(loop);
        return;
    }
    struct buffer zpl = BUFFER_EMPTY;
    single.starts[single.count] = sink_now();
    render((int)single.count, &zpl);
    begin();
    insert_job((int)single.count++, &zpl);
    commit();
    buffer_done(&zpl);
}

static void on_single_changed(void *context)
{
    (void)context;
    if (single.next != NULL)
        loop_post(single.next);
}

static void run_single(const char *directory, const char *name)
{
    static int64_t times[SINGLE];
    single.count = 0;
    start_spool(directory, on_single_changed);
    single.next = loop_add_work(loop, "next label", LOOP_BACKGROUND, on_next, NULL);
    run_until_printed();
    for (size_t i = 0; i < SINGLE; i++)
        times[i] = read_sink() - single.starts[i];
    single.next = loop_remove(single.next);
    stop_spool();
    print_times(name, times, SINGLE);
}

/* ---- a backlog: one commit a label ---- */

static void on_sustained_changed(void *context)
{
    (void)context;
    if (is_idle())
        loop_stop(loop);
}

static void run_sustained(const char *directory, const char *name)
{
    struct buffer zpl = BUFFER_EMPTY;
    start_spool(directory, on_sustained_changed);
    begin();
    for (int i = 0; i < SUSTAINED; i++) {
        buffer_clear(&zpl);
        render(i, &zpl);
        insert_job(SINGLE + i, &zpl);
    }
    commit();
    buffer_done(&zpl);
    int64_t start = sink_now();
    run_until_printed();
    double seconds = (double)(sink_now() - start) / 1e9;
    stop_spool();
    printf("%-58s %8.0f labels/s, each with its counter's evidence (%d labels in %.2f s)\n", name, SUSTAINED / seconds,
           SUSTAINED, seconds);
    fflush(stdout);
}

static int write_label(const char *path)
{
    struct buffer zpl = BUFFER_EMPTY;
    FILE *file = fopen(path, "w");
    render(1, &zpl);
    bool ok = file != NULL && fwrite(zpl.data, 1, zpl.length, file) == zpl.length && fclose(file) == 0;
    buffer_done(&zpl);
    return ok ? 0 : 1;
}

static int remove_all(const char *directory)
{
    static const char *const files[] = {"returnsd.db", "returnsd.db-wal", "returnsd.db-shm", "lock"};
    char path[128];
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        TEXT_FORMAT(path, "%s/%s", directory, files[i]);
        unlink(path);
    }
    return rmdir(directory) == 0 ? 0 : 1;
}

static int run(const char *directory)
{
    char memory[] = "/dev/shm/returnsd-bench-XXXXXX";
    run_bare(false);
    run_bare(true);
    if (mkdtemp(memory) == NULL)
        fail(memory, NULL);
    run_single(directory, "returnsd: render, commit (disk), send");
    run_single(memory, "returnsd: render, commit (/dev/shm: no disk), send");
    run_sustained(directory, "returnsd, sustained (disk)");
    run_sustained(memory, "returnsd, sustained (/dev/shm)");
    return remove_all(memory);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_ERR);
    if (argc == 2 && text_equal(argv[1], "sink"))
        sink_serve(STDOUT_FILENO, 0);
    set = label_set_load("data/labels", &err);
    if (set == NULL)
        fail("labels", &err);
    if (argc == 3 && text_equal(argv[1], "label"))
        return write_label(argv[2]);
    if (argc == 3 && text_equal(argv[1], "run"))
        return run(argv[2]);
    fprintf(stderr, "usage: bench_print sink | label FILE | run DIRECTORY\n");
    return 2;
}
