/* SPDX-License-Identifier: Apache-2.0 */
/* A printer that is a directory (tests, demo): each label becomes a file that is whole and on disk, or not there. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/printer_driver.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".zpl"
#define TEMPORARY ".label.tmp"

struct file_printer {
    struct printer face; /* first: a struct printer * is a struct file_printer * */
    char *path;
    int directory;               /* -1 while down */
    int64_t written;             /* highest number in the directory: the counter */
    struct loop_source *attempt; /* timer: next try to open the directory */
    struct loop_source *writer;  /* work: the label */
    struct loop_source *answer;  /* work: the status */
    struct buffer label;
    unsigned attempts;
    bool sending, asking;
};

static struct file_printer *file_of(struct printer *printer)
{
    return (struct file_printer *)printer;
}

/* Last in its handler: the owner may close the printer in the event. */
static void lose(struct file_printer *file)
{
    char reason[ERROR_MESSAGE_MAX];
    snprintf(reason, sizeof reason, "%s: %s", file->path, strerror(errno));
    if (file->directory >= 0)
        close(file->directory);
    file->directory = -1;
    file->sending = file->asking = false;
    loop_set_timer(file->attempt, clock_read().tick + printer_backoff_ms(file->attempts++));
    printer_tell_down(&file->face, reason);
}

/* --- the directory --- */

/* The number of a label's file name, or 0. */
static int64_t number_of(const char *name)
{
    char digits[24];
    size_t length = strlen(name), suffix = strlen(SUFFIX);
    int64_t number = 0;
    if (length <= suffix || !text_equal(name + length - suffix, SUFFIX))
        return 0;
    if (!text_copy_bytes(digits, sizeof digits, name, length - suffix) || !text_is_digits(digits))
        return 0;
    return text_to_int64(digits, &number) ? number : 0;
}

static bool find_highest(int directory, int64_t *ret_highest)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* closedir closes it */
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    if (list == NULL) {
        if (copy >= 0)
            close(copy);
        return false;
    }
    int64_t highest = 0;
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list))
        highest = number_of(entry->d_name) > highest ? number_of(entry->d_name) : highest;
    closedir(list);
    *ret_highest = highest;
    return true;
}

static bool open_directory(struct file_printer *file)
{
    if (mkdir(file->path, 0750) != 0 && errno != EEXIST)
        return false;
    file->directory = open(file->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int64_t highest = 0;
    if (file->directory < 0 || !find_highest(file->directory, &highest))
        return false;
    file->written = highest > file->written ? highest : file->written;
    return true;
}

static void on_attempt(void *context)
{
    struct file_printer *file = context;
    if (open_directory(file))
        printer_tell_up(&file->face);
    else
        lose(file);
}

/* --- a label --- */

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

static bool write_temporary(const struct file_printer *file)
{
    int fd = openat(file->directory, TEMPORARY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    bool written = write_all(fd, file->label.data, file->label.length) && fsync(fd) == 0;
    int saved = errno;
    bool closed = close(fd) == 0;
    if (!written)
        errno = saved;
    return written && closed;
}

static bool write_label(struct file_printer *file)
{
    char name[32];
    snprintf(name, sizeof name, "%06" PRId64 SUFFIX, file->written + 1);
    if (!write_temporary(file) || renameat(file->directory, TEMPORARY, file->directory, name) != 0)
        return false;
    file->written++;
    return fsync(file->directory) == 0;
}

static void on_write(void *context)
{
    struct file_printer *file = context;
    if (!file->sending)
        return;
    if (!write_label(file)) {
        lose(file);
        return;
    }
    file->attempts = 0;
    file->sending = false;
    printer_tell_sent(&file->face);
}

static void on_answer(void *context)
{
    struct file_printer *file = context;
    if (!file->asking)
        return;
    if (file->sending) { /* the label comes first */
        loop_post(file->answer);
        return;
    }
    struct printer_status status = {.answered = true, .counter = file->written};
    file->asking = false;
    printer_tell_status(&file->face, &status);
}

/* --- the driver --- */

static struct printer *open_file(const char *place, struct error *err)
{
    if (place[0] == '\0') {
        error_set(err, ERROR_INVALID, "\"file:\" needs a directory");
        return NULL;
    }
    struct file_printer *file = memory_new(1, sizeof *file);
    file->path = memory_text(place);
    file->directory = -1;
    snprintf(file->face.identity, sizeof file->face.identity, "file:%s", place);
    return &file->face;
}

static void start_file(struct printer *printer)
{
    struct file_printer *file = file_of(printer);
    file->attempt = loop_add_timer(printer->loop, "printer open", LOOP_NORMAL, on_attempt, file);
    file->writer = loop_add_work(printer->loop, "printer write", LOOP_NORMAL, on_write, file);
    file->answer = loop_add_work(printer->loop, "printer answer", LOOP_NORMAL, on_answer, file);
    loop_set_timer(file->attempt, clock_read().tick);
}

static void close_file(struct printer *printer)
{
    struct file_printer *file = file_of(printer);
    loop_remove(file->attempt);
    loop_remove(file->writer);
    loop_remove(file->answer);
    if (file->directory >= 0)
        close(file->directory);
    buffer_done(&file->label);
    free(file->path);
    free(file);
}

static bool send_file(struct printer *printer, const void *bytes, size_t length, struct error *err)
{
    struct file_printer *file = file_of(printer);
    if (file->directory < 0)
        return error_set(err, ERROR_BUSY, "the directory is not there");
    if (file->sending)
        return error_set(err, ERROR_BUSY, "a label is being written");
    if (length == 0)
        return error_set(err, ERROR_INVALID, "an empty label");
    buffer_clear(&file->label);
    buffer_append(&file->label, bytes, length);
    file->sending = true;
    loop_post(file->writer);
    return true;
}

static bool query_file(struct printer *printer, struct error *err)
{
    struct file_printer *file = file_of(printer);
    if (file->directory < 0)
        return error_set(err, ERROR_BUSY, "the directory is not there");
    if (file->asking)
        return error_set(err, ERROR_BUSY, "asked already");
    file->asking = true;
    loop_post(file->answer);
    return true;
}

const struct printer_driver printer_file = {
    .scheme = "file:",
    .open = open_file,
    .start = start_file,
    .close = close_file,
    .send = send_file,
    .query = query_file,
};
