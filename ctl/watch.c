/* SPDX-License-Identifier: Apache-2.0 */
/* watch: the worker's screen in a terminal, live, with a bell pattern for each signal. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/live.h"
#include "ctl/screen.h"
#include "ctl/show.h"
#include "ctl/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define WAIT_MS 60000

static const struct {
    const char *signal;
    int rings, gap_ms;
} bells[] = {{"ok", 1, 0}, {"attention", 2, 350}, {"stop", 5, 180}};

struct watch {
    struct ctl *ctl;
    struct live *live;
    json_t *snapshot;
    unsigned heard; /* live_count when the last snapshot came: the first of a connection is not news */
    int rings_left, gap_ms;
    int64_t ring_tick;
    enum screen_link link;
    bool dirty, ended;
};

static const char *lang_of(const struct ctl *ctl, const json_t *snapshot)
{
    const char *lang = show_string(json_object_get(snapshot, "operator"), "lang");
    bool known = text_equal(lang, "en") || text_equal(lang, "fr");
    return ctl->lang == NULL && known ? lang : ctl_lang(ctl);
}

static int64_t last_action(const json_t *snapshot)
{
    return json_integer_value(json_object_get(json_array_get(json_object_get(snapshot, "actions"), 0), "journal"));
}

static bool is_news(const struct watch *watch, const json_t *snapshot)
{
    const json_t *before = watch->snapshot;
    if (before == NULL || watch->heard != live_count(watch->live))
        return false;
    return last_action(before) != last_action(snapshot) ||
           !text_equal(show_string(before, "signal"), show_string(snapshot, "signal")) ||
           json_equal(json_object_get(before, "message"), json_object_get(snapshot, "message")) == 0;
}

static void start_bell(struct watch *watch, const char *signal)
{
    watch->rings_left = 0;
    for (size_t i = 0; i < COUNT_OF(bells); i++)
        if (text_equal(bells[i].signal, signal)) {
            watch->rings_left = bells[i].rings;
            watch->gap_ms = bells[i].gap_ms;
            watch->ring_tick = clock_read().tick;
        }
}

/* Rings if it is time; returns the milliseconds until it is again. */
static int ring(struct watch *watch)
{
    int64_t tick = clock_read().tick;
    if (watch->rings_left > 0 && tick >= watch->ring_tick) {
        terminal_bell();
        watch->rings_left--;
        watch->ring_tick = tick + watch->gap_ms;
    }
    return watch->rings_left > 0 ? (int)(watch->ring_tick - tick) : WAIT_MS;
}

static void take_snapshot(void *context, const char *event, const char *id, const char *data)
{
    (void)id;
    struct watch *watch = context;
    json_t *snapshot = json_loads(data, 0, NULL);
    if (!text_equal(event, "lane") || !json_is_object(snapshot)) {
        json_decref(snapshot);
        return;
    }
    if (is_news(watch, snapshot))
        start_bell(watch, show_string(snapshot, "signal"));
    json_decref(watch->snapshot);
    watch->snapshot = snapshot;
    watch->heard = live_count(watch->live);
    watch->dirty = true;
}

static void draw(struct watch *watch)
{
    struct screen screen;
    struct screen_view view = {.snapshot = watch->snapshot,
                               .lang = lang_of(watch->ctl, watch->snapshot),
                               .colour = getenv("NO_COLOR") == NULL,
                               .link = watch->link};
    terminal_size(&view.columns, &view.rows);
    screen_compose(&view, &screen);
    terminal_draw(&screen);
    screen_done(&screen);
    watch->dirty = false;
}

/* Connected but without a snapshot yet is still "connecting". */
static enum screen_link link_of(const struct watch *watch)
{
    bool open = live_state(watch->live) == LIVE_OPEN && watch->heard == live_count(watch->live);
    return open ? SCREEN_LIVE : watch->snapshot != NULL ? SCREEN_LOST : SCREEN_CONNECTING;
}

static void take_signal(struct watch *watch, int fd)
{
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    if (info.ssi_signo == SIGWINCH) {
        terminal_forget();
        watch->dirty = true;
    } else {
        watch->ended = true;
    }
}

static void take_key(struct watch *watch)
{
    char key;
    ssize_t length = read(STDIN_FILENO, &key, 1);
    if (length <= 0 || key == 'q' || key == 4)
        watch->ended = true;
}

static int open_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGWINCH);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void turn(struct watch *watch, int signals)
{
    struct curl_waitfd extra[] = {{.fd = signals, .events = CURL_WAIT_POLLIN},
                                  {.fd = STDIN_FILENO, .events = CURL_WAIT_POLLIN}};
    int wait_ms = ring(watch);
    unsigned count = isatty(STDIN_FILENO) ? 2 : 1;
    live_wait(watch->live, extra, count, watch->dirty ? 0 : wait_ms);
    if (extra[0].revents != 0)
        take_signal(watch, signals);
    if (extra[1].revents != 0)
        take_key(watch);
    enum screen_link link = link_of(watch);
    if (link != watch->link)
        watch->dirty = true;
    watch->link = link;
    if (watch->dirty)
        draw(watch);
}

static enum ctl_exit watch_live(struct ctl *ctl, const char *lane)
{
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/lanes/{}/live", lane);
    struct watch watch = {.ctl = ctl, .link = SCREEN_CONNECTING, .dirty = true};
    enum ctl_exit end = CTL_OK;
    if (!terminal_open()) {
        ctl_complain("watch needs a terminal; --once prints the screen once");
        return CTL_USAGE;
    }
    int signals = open_signals();
    watch.live = live_new(ctl->socket, path, take_snapshot, &watch);
    while (!watch.ended && live_state(watch.live) != LIVE_REFUSED)
        turn(&watch, signals);
    terminal_close();
    if (live_state(watch.live) == LIVE_REFUSED)
        end = live_judge(watch.live, ctl->json);
    live_free(watch.live);
    json_decref(watch.snapshot);
    close(signals);
    return end;
}

static int columns_of_environment(void)
{
    const char *text = getenv("COLUMNS");
    int64_t columns = 80;
    if (text != NULL && text_to_int64(text, &columns) && columns >= SCREEN_COLUMNS_MIN && columns <= 1000)
        return (int)columns;
    return 80;
}

static void print_screen(const struct ctl *ctl, json_t *snapshot)
{
    struct screen screen;
    struct screen_view view = {
        .snapshot = snapshot, .lang = lang_of(ctl, snapshot), .columns = columns_of_environment()};
    int rows;
    if (isatty(STDOUT_FILENO)) {
        terminal_size(&view.columns, &rows);
        view.colour = getenv("NO_COLOR") == NULL;
    }
    screen_compose(&view, &screen);
    for (size_t i = 0; i < screen.count; i++)
        puts(screen.lines[i]);
    screen_done(&screen);
}

static enum ctl_exit watch_once(struct ctl *ctl, const char *lane)
{
    json_t *snapshot = NULL;
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/lanes/{}", lane);
    enum ctl_exit end = client_get(ctl->client, path, &snapshot);
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(snapshot);
    else
        print_screen(ctl, snapshot);
    json_decref(snapshot);
    return CTL_OK;
}

enum ctl_exit ctl_watch(struct ctl *ctl)
{
    enum ctl_exit end = CTL_OK;
    CLEANUP(memory_free_at) char *lane = ctl_find_lane(ctl, &end);
    if (lane == NULL)
        return end;
    return ctl->once ? watch_once(ctl, lane) : watch_live(ctl, lane);
}
