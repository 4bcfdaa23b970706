/* SPDX-License-Identifier: Apache-2.0 */
/* A scanner that is a recording: lines of the capture format, from a FIFO as they come or from a file in slices. */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/scanner_driver.h"
#include "protocol/hid/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLICE_BYTES 4096
#define LAYOUT_SIZE 16

struct replay {
    struct scanner scanner; /* first: what others hold is a pointer to it */
    int fd;
    bool attached, waiting, at_end, ended;
    struct loop_source *work, *input, *resume;
    int64_t resume_tick;
    struct capture_reader reader;
    struct capture_line line;
    bool stale; /* a header line came: the next report needs a new decoder */
    char layout[LAYOUT_SIZE]; /* "" = the one of the options */
    size_t descriptor_length;
    uint8_t descriptor[CAPTURE_BYTES_MAX];
};

static void warn(const struct replay *replay, const char *message)
{
    log_write(LOG_WARNING, "scanner %s: %s", replay->scanner.name, message);
}

static void play_kind(struct replay *replay)
{
    bool is_pos = text_equal((const char *)replay->line.bytes, "pos");
    replay->scanner.options.kind = is_pos ? DECODER_POS : DECODER_KEYBOARD;
    replay->scanner.options.vendor = 0;
    replay->layout[0] = '\0';
    replay->descriptor_length = 0;
    replay->stale = true;
}

static void play_vendor(struct replay *replay)
{
    replay->scanner.options.vendor = (uint16_t)(replay->line.bytes[0] << 8 | replay->line.bytes[1]);
    replay->stale = true;
}

static void play_layout(struct replay *replay)
{
    if (!TEXT_COPY(replay->layout, (const char *)replay->line.bytes))
        warn(replay, "layout name cut");
    replay->stale = true;
}

static void play_descriptor(struct replay *replay)
{
    memcpy(replay->descriptor, replay->line.bytes, replay->line.length);
    replay->descriptor_length = replay->line.length;
    replay->stale = true;
}

static void start_decoder(struct replay *replay)
{
    struct error err = {0};
    struct scanner *scanner = &replay->scanner;
    replay->stale = false;
    scanner_settle(scanner, INT64_MAX); /* the recording before it has ended */
    scanner->options.layout = replay->layout[0] != '\0' ? replay->layout : scanner->layout;
    if (!scanner_start_decoder(scanner, replay->descriptor, replay->descriptor_length, &err)) {
        error_prefix(&err, "line %u", replay->line.number);
        warn(replay, err.message);
    }
}

static void play_report(struct replay *replay)
{
    if (replay->stale)
        start_decoder(replay);
    scanner_report(&replay->scanner, replay->line.bytes, replay->line.length);
}

static void play_wait(struct replay *replay)
{
    replay->waiting = true;
    replay->resume_tick = clock_read().tick + replay->line.wait_ms;
    loop_set_timer(replay->resume, replay->resume_tick);
}

/* What a recording expects is for tests to check. */
static void (*const players[CAPTURE_KEY_COUNT])(struct replay *replay) = {
    [CAPTURE_VENDOR] = play_vendor,         [CAPTURE_KIND] = play_kind,     [CAPTURE_LAYOUT] = play_layout,
    [CAPTURE_DESCRIPTOR] = play_descriptor, [CAPTURE_REPORT] = play_report, [CAPTURE_WAIT] = play_wait,
};

/* Plays all whole lines there are, up to a wait. */
static void play_lines(struct replay *replay)
{
    struct error err = {0};
    enum capture_result result = CAPTURE_LINE;
    while (!replay->waiting && (result = capture_next(&replay->reader, &replay->line, &err)) != CAPTURE_MORE) {
        if (result == CAPTURE_BROKEN)
            warn(replay, err.message);
        else if (players[replay->line.key] != NULL)
            players[replay->line.key](replay);
    }
}

static void end(struct replay *replay, const char *detail)
{
    scanner_settle(&replay->scanner, INT64_MAX);
    replay->ended = true;
    replay->input = loop_remove(replay->input);
    scanner_tell(&replay->scanner, SCANNER_DETACHED, detail);
}

/* True if there is something new to play: bytes, or the end of the file. */
static bool read_slice(struct replay *replay)
{
    char bytes[SLICE_BYTES];
    ssize_t length = read(replay->fd, bytes, sizeof bytes);
    if (length > 0) {
        capture_feed(&replay->reader, bytes, (size_t)length);
        return true;
    }
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (length < 0) {
        end(replay, strerror(errno));
        return false;
    }
    capture_feed(&replay->reader, "\n", 1); /* the last line may have no end */
    replay->at_end = true;
    return true;
}

static void run(struct replay *replay)
{
    if (replay->ended)
        return;
    play_lines(replay);
    if (replay->input != NULL)
        loop_set_io(replay->input, replay->waiting ? 0 : EPOLLIN);
    if (replay->waiting)
        return;
    if (replay->at_end)
        end(replay, "end of the recording");
    else if (read_slice(replay))
        loop_post(replay->work);
}

static void on_work(void *context)
{
    struct replay *replay = context;
    if (!replay->attached) {
        replay->attached = true;
        scanner_tell(&replay->scanner, SCANNER_ATTACHED, "recording");
    }
    run(replay);
}

static void on_input(void *context, int fd, uint32_t events)
{
    (void)fd, (void)events;
    on_work(context);
}

/* The scanner was silent for as long as the recording says, however late this runs: a scan may end of that. */
static void on_resume(void *context)
{
    struct replay *replay = context;
    replay->waiting = false;
    scanner_settle(&replay->scanner, replay->resume_tick);
    run(replay);
}

static void close_replay(struct scanner *scanner)
{
    struct replay *replay = (struct replay *)scanner;
    loop_remove(replay->work);
    loop_remove(replay->input);
    loop_remove(replay->resume);
    capture_done(&replay->reader);
    if (replay->fd >= 0)
        close(replay->fd);
}

static void describe_replay(const struct scanner *scanner, struct scanner_status *status)
{
    const struct replay *replay = (const struct replay *)scanner;
    status->mode = scanner_modes[SCANNER_RECORDING];
    status->state = replay->ended ? "ENDED" : "RUN";
}

static const struct scanner_driver driver = {.close = close_replay, .describe = describe_replay};

/* A FIFO is opened for writing too, so that it never comes to its end when a writer leaves. */
static bool open_path(const char *path, int *ret_fd, bool *ret_is_fifo, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_system(err, "recording %s", path);
    if (!S_ISFIFO(status.st_mode) && !S_ISREG(status.st_mode))
        return error_set(err, ERROR_INVALID, "recording %s: neither a file nor a FIFO", path);
    bool is_fifo = S_ISFIFO(status.st_mode);
    int fd = open(path, (is_fifo ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return error_system(err, "recording %s", path);
    *ret_fd = fd;
    *ret_is_fifo = is_fifo;
    return true;
}

struct scanner *scanner_replay_new(struct loop *loop, const struct scanner_options *options,
                                   const struct scanner_events *events, struct error *err)
{
    int fd = -1;
    bool is_fifo = false;
    if (!open_path(options->replay, &fd, &is_fifo, err))
        return NULL;
    struct replay *replay = memory_new(1, sizeof *replay);
    replay->fd = fd;
    replay->stale = true;
    scanner_init(&replay->scanner, loop, options, events, &driver);
    replay->work = loop_add_work(loop, "replay scanner", LOOP_INPUT, on_work, replay);
    replay->resume = loop_add_timer(loop, "replay scanner wait", LOOP_INPUT, on_resume, replay);
    if (is_fifo)
        replay->input = loop_add_io(loop, "replay scanner", LOOP_INPUT, fd, EPOLLIN, on_input, replay);
    loop_post(replay->work);
    return &replay->scanner;
}
