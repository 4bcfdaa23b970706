/* SPDX-License-Identifier: Apache-2.0 */
/* The import service: receives one file at a time and works on it in slices at the lowest priority of the loop. */
#include "daemon/import.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/import_work.h"
#include "daemon/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SLICE_US 3500 /* of work; the commit comes on top, and both together should stay under 5 ms */
#define SLICE_STEPS 256
#define FILE_NAME "import.data"

static const char *const format_words[] = {[IMPORT_CSV] = "csv", [IMPORT_JSON] = "json"};
static const char *const state_words[] = {
    [IMPORT_RECEIVING] = "receiving", [IMPORT_CHECKING] = "checking", [IMPORT_APPLYING] = "applying",
    [IMPORT_DONE] = "done",           [IMPORT_FAILED] = "failed",
};
_Static_assert(COUNT_OF(format_words) == IMPORT_FORMAT_COUNT, "a word for each format");
_Static_assert(COUNT_OF(state_words) == IMPORT_STATE_COUNT, "a word for each state");
const struct names import_format_names = {format_words, IMPORT_FORMAT_COUNT};
const struct names import_state_names = {state_words, IMPORT_STATE_COUNT};

struct importer {
    struct store *store;
    char *directory;
    struct loop_source *work;
    struct import *import;   /* the one that runs, or NULL */
    struct staging *staging; /* of the latest import: it has the problems */
    int64_t latest;
    struct import_progress progress[IMPORT_KEPT]; /* of import n: n modulo IMPORT_KEPT */
};

void import_problem(struct import *import, int64_t line, const char *rma, const char *reason)
{
    struct import_problem problem = {.number = ++import->progress->problems, .line = line};
    text_escape(problem.rma, sizeof problem.rma, rma, strlen(rma));
    text_escape(problem.reason, sizeof problem.reason, reason, strlen(reason));
    struct error err;
    if (problem.number <= IMPORT_PROBLEMS_MAX && !staging_add_problem(import->staging, &problem, &err))
        import->lost = err;
}

bool import_read_piece(struct import *import, int64_t offset, int64_t length, struct error *err)
{
    char chunk[4096];
    buffer_clear(&import->piece);
    while ((int64_t)import->piece.length < length) {
        int64_t left = length - (int64_t)import->piece.length;
        size_t want = left < (int64_t)sizeof chunk ? (size_t)left : sizeof chunk;
        ssize_t n = pread(import->fd, chunk, want, offset + (int64_t)import->piece.length);
        if (n <= 0)
            return n < 0 ? error_system(err, "cannot read the scratch file")
                         : error_set(err, ERROR_IO, "the scratch file is shorter than it was");
        buffer_append(&import->piece, chunk, (size_t)n);
    }
    return true;
}

static void free_import(struct import *import)
{
    if (import->gather.columns != NULL) {
        struct rma rma;
        csv_rma_spoil(&import->gather);
        if (csv_rma_finish(&import->gather, &rma))
            rma_done(&rma);
    }
    buffer_done(&import->window);
    buffer_done(&import->piece);
    buffer_done(&import->canonical);
    if (import->fd >= 0)
        close(import->fd);
    free(import);
}

static void end(struct import *import, enum import_state state)
{
    struct importer *importer = import->importer;
    struct import_progress *progress = import->progress;
    progress->state = state;
    log_write(state == IMPORT_DONE ? LOG_NOTICE : LOG_ERR,
              "import %lld (%s) %s: %lld rows, %lld RMAs, %lld stored, %lld refused, %lld problems%s%s",
              (long long)progress->number, progress->name, name_of(&import_state_names, (int)state),
              (long long)progress->rows, (long long)progress->rmas, (long long)progress->stored,
              (long long)progress->refused, (long long)progress->problems, progress->reason[0] != '\0' ? ": " : "",
              progress->reason);
    importer->import = NULL;
    free_import(import);
}

static void fail(struct import *import, const struct error *err)
{
    TEXT_COPY(import->progress->reason, err->message);
    end(import, IMPORT_FAILED);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

typedef bool step_fn(struct import *import, bool *ret_done, struct error *err);

/* Steps of one slice, within the bounds of a slice. */
static bool run_steps(struct import *import, step_fn *step, bool *ret_done, struct error *err)
{
    int64_t stop = now_us() + SLICE_US;
    for (int i = 0; i < SLICE_STEPS && !*ret_done && now_us() < stop; i++)
        if (!step(import, ret_done, err))
            return false;
    if (import->lost.code == ERROR_NONE)
        return true;
    *err = import->lost;
    return false;
}

/* "Reported once" (15-data §1): the fields of the file that nothing here reads. */
static void report_ignored(struct import *import)
{
    struct buffer text = BUFFER_EMPTY;
    for (int i = 0; i < import->notes.ignored_count; i++)
        buffer_append_format(&text, "%s%s", i > 0 ? ", " : "ignored: ", import->notes.ignored[i]);
    if (text.length > 0)
        import_problem(import, 1, "", buffer_text(&text));
    buffer_done(&text);
}

static bool check_slice(struct import *import, bool *ret_done, struct error *err)
{
    bool checked = false;
    if (!staging_begin(import->staging, err) || !run_steps(import, import_check_step, &checked, err) ||
        !staging_end(import->staging, err))
        return false;
    if (checked)
        import->progress->state = IMPORT_APPLYING;
    *ret_done = false;
    return true;
}

/* What the committed slice did. */
static void count_slice(struct import *import)
{
    struct import_progress *progress = import->progress;
    int64_t *const counters[PUT_RESULT_COUNT] = {
        [PUT_STORED] = &progress->stored,     [PUT_SAME] = &progress->same,           [PUT_OLDER] = &progress->older,
        [PUT_CONFLICT] = &progress->conflict, [PUT_PROTECTED] = &progress->protected,
    };
    for (size_t i = 0; i < PUT_RESULT_COUNT; i++) {
        *counters[i] += import->results[i];
        progress->rmas += import->results[i];
        import->results[i] = 0;
    }
    progress->rmas += import->refused;
    progress->refused += import->refused;
    import->refused = 0;
}

static bool apply_slice(struct import *import, bool *ret_done, struct error *err)
{
    bool done = false;
    if (!store_begin(import->store, err))
        return false;
    bool ok = staging_begin(import->staging, err) && run_steps(import, import_apply_step, &done, err);
    if (ok && done)
        report_ignored(import);
    if (!ok || !staging_end(import->staging, err)) {
        store_rollback(import->store);
        return false;
    }
    if (!store_commit(import->store, err)) {
        store_rollback(import->store);
        return false;
    }
    count_slice(import);
    *ret_done = done;
    return true;
}

static void on_work(void *context)
{
    struct importer *importer = context;
    struct import *import = importer->import;
    struct error err;
    bool done;
    if (import == NULL || import->progress->state == IMPORT_RECEIVING)
        return;
    bool checking = import->progress->state == IMPORT_CHECKING;
    if (!(checking ? check_slice(import, &done, &err) : apply_slice(import, &done, &err)))
        fail(import, &err);
    else if (done)
        end(import, IMPORT_DONE);
    else
        loop_post(importer->work);
}

static char *data_path(const struct importer *importer)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/" FILE_NAME, importer->directory);
    return path.data;
}

/* A file without a name: it is gone when the descriptor is closed, whatever happens to the process. */
static int open_scratch(const struct importer *importer, struct error *err)
{
    CLEANUP(memory_free_at) char *path = data_path(importer);
    unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        error_system(err, "cannot make %s", path);
    unlink(path);
    return fd;
}

struct importer *importer_new(struct loop *loop, struct store *store, const char *directory, struct error *err)
{
    struct importer *importer = memory_new(1, sizeof *importer);
    importer->store = store;
    importer->directory = memory_text(directory);
    if (mkdir(directory, 0750) != 0 && errno != EEXIST) {
        error_system(err, "cannot make %s", directory);
        return importer_free(importer);
    }
    CLEANUP(memory_free_at) char *path = data_path(importer);
    unlink(path);
    staging_clean(directory);
    importer->work = loop_add_work(loop, "import", LOOP_BACKGROUND, on_work, importer);
    return importer;
}

struct importer *importer_free(struct importer *importer)
{
    if (importer == NULL)
        return NULL;
    import_abort(importer->import);
    staging_close(importer->staging);
    loop_remove(importer->work);
    free(importer->directory);
    free(importer);
    return NULL;
}

static struct import_progress *start_progress(struct importer *importer, const char *name)
{
    int64_t number = ++importer->latest;
    struct import_progress *progress = &importer->progress[number % IMPORT_KEPT];
    *progress = (struct import_progress){.number = number, .state = IMPORT_RECEIVING};
    text_escape(progress->name, sizeof progress->name, name, strlen(name));
    return progress;
}

struct import *import_begin(struct importer *importer, const char *name, enum import_format format, bool replace,
                            struct error *err)
{
    if (importer->import != NULL) {
        error_set(err, ERROR_BUSY, "import %lld is still running", (long long)importer->latest);
        return NULL;
    }
    int fd = open_scratch(importer, err);
    if (fd < 0)
        return NULL;
    importer->staging = staging_close(importer->staging);
    struct staging *staging = staging_open(importer->directory, err);
    if (staging == NULL) {
        close(fd);
        return NULL;
    }
    struct import *import = memory_new(1, sizeof *import);
    import->importer = importer;
    import->format = format;
    import->replace = replace;
    import->fd = fd;
    import->store = importer->store;
    import->staging = importer->staging = staging;
    import->progress = start_progress(importer, name);
    importer->import = import;
    return import;
}

int64_t import_number(const struct import *import)
{
    return import->progress->number;
}

static bool write_all(int fd, const char *bytes, size_t length, struct error *err)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT))
            return error_set(err, ERROR_FULL, "no room for the file: %s", strerror(errno));
        if (n < 0)
            return error_system(err, "cannot write the scratch file");
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

bool import_write(struct import *import, const void *bytes, size_t length, struct error *err)
{
    struct error fault;
    bool fits = (int64_t)length <= IMPORT_BYTES_MAX - import->progress->bytes ||
                error_set(&fault, ERROR_TOO_BIG, "the file is longer than 4 GiB");
    if (fits && write_all(import->fd, bytes, length, &fault)) {
        import->progress->bytes += (int64_t)length;
        return true;
    }
    fail(import, &fault);
    if (err != NULL)
        *err = fault;
    return false;
}

bool import_finish(struct import *import, struct error *err)
{
    struct error fault;
    if (import->progress->bytes == 0) {
        error_set(&fault, ERROR_INVALID, "the file is empty");
        fail(import, &fault);
        if (err != NULL)
            *err = fault;
        return false;
    }
    import->progress->state = IMPORT_CHECKING;
    loop_post(import->importer->work);
    return true;
}

void import_abort(struct import *import)
{
    struct error fault;
    if (import == NULL)
        return;
    error_set(&fault, ERROR_IO, "ended before it was complete");
    fail(import, &fault);
}

bool importer_progress(const struct importer *importer, int64_t number, struct import_progress *ret_progress)
{
    if (number < 1 || importer->progress[number % IMPORT_KEPT].number != number)
        return false;
    *ret_progress = importer->progress[number % IMPORT_KEPT];
    return true;
}

int64_t importer_latest(const struct importer *importer)
{
    return importer->latest;
}

bool importer_problems(struct importer *importer, int64_t number, int64_t after, struct import_problem *ret_problems,
                       size_t max, size_t *ret_count, struct error *err)
{
    if (number != importer->latest || importer->staging == NULL) {
        *ret_count = 0;
        return true;
    }
    return staging_problems(importer->staging, after, ret_problems, max, ret_count, err);
}
