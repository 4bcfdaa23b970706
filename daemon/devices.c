/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the API of scanners. A recording comes and goes in the capture format (protocol/hid/capture.h). */
#include "daemon/devices.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/view.h"
#include "daemon/web/request.h"
#include "daemon/web/stream.h"
#include "protocol/hid/player.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SCANS_MAX 256 /* of one recording that is played */
#define QUIET_MS 50   /* longer pauses between reports are recorded */
#define DEVICE_NAME_SIZE 64
#define PLAYED_DEVICE "replay"

/* A client that records a device. */
struct recorder {
    struct recorder *next;
    struct devices *devices;
    struct web_stream *stream;
    char device[DEVICE_NAME_SIZE];
    int64_t tick; /* of the last report */
};

struct devices {
    struct scanning *scanning;
    struct station *station;
    const struct catalog *catalog;
    struct recorder *recorders;
};

/* ---- who is there ---- */

static void set(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, text[0] != '\0' ? json_string(text) : json_null());
}

static json_t *last_json(const struct scanning_device *device)
{
    char at[INSTANT_SIZE];
    if (device->last_at == 0)
        return json_null();
    clock_format_instant(at, device->last_at);
    json_t *last = json_pack("{s:s, s:s}", "at", at, "code", device->last);
    set(last, "aim", device->aim);
    return last;
}

static void list_device(void *context, const struct scanning_device *device)
{
    const struct scanner_status *status = device->status;
    char ids[10] = "";
    if (status->vendor != 0)
        TEXT_FORMAT(ids, "%04x:%04x", status->vendor, status->product);
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:o}", "device", status->device, "lane",
                               device->lane, "mode", status->mode, "state", status->state, "beeps", status->can_beep,
                               "scans", (json_int_t)device->scans, "refused", (json_int_t)status->refused, "dropped",
                               (json_int_t)status->dropped, "last", last_json(device));
    const struct {
        const char *name, *text;
    } texts[] = {{"port", status->port},      {"usb", ids},
                 {"model", status->model},    {"layout", status->layout},
                 {"advice", status->advice},  {"quiet", status->quiet},
                 {"misread", device->misread}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        set(object, texts[i].name, texts[i].text);
    json_array_append_new(context, object);
}

static void get_scanners(struct web_request *request, void *context)
{
    const struct devices *devices = context;
    json_t *list = json_array();
    scanning_list(devices->scanning, list_device, list);
    web_reply_json(request, 200, json_pack("{s:o}", "scanners", list));
}

/* ---- recording ---- */

static void recorder_closed(struct web_stream *stream, void *context)
{
    (void)stream;
    struct recorder *recorder = context;
    struct recorder **at = &recorder->devices->recorders;
    while (*at != recorder)
        at = &(*at)->next;
    *at = recorder->next;
    free(recorder);
}

/* Without its last line end, which server-sent events have anyway. */
static void send_lines(struct recorder *recorder, struct buffer *lines)
{
    if (lines->length > 0)
        lines->data[lines->length - 1] = '\0';
    web_stream_send(recorder->stream, "lines", WEB_ID_NONE, buffer_text(lines));
    buffer_done(lines);
}

static void append_pause(struct recorder *recorder, struct buffer *lines)
{
    int64_t tick = clock_read().tick, pause = recorder->tick != 0 ? tick - recorder->tick : 0;
    recorder->tick = tick;
    if (pause > QUIET_MS)
        buffer_append_format(lines, "wait: %d\n", pause < CAPTURE_WAIT_MAX ? (int)pause : CAPTURE_WAIT_MAX);
}

static void on_report(void *context, const char *device, const uint8_t *report, size_t length)
{
    struct devices *devices = context;
    for (struct recorder *recorder = devices->recorders; recorder != NULL; recorder = recorder->next) {
        struct buffer lines = BUFFER_EMPTY;
        if (!text_equal(recorder->device, device) || length == 0)
            continue;
        append_pause(recorder, &lines);
        capture_append_bytes(&lines, CAPTURE_REPORT, report, length);
        send_lines(recorder, &lines);
    }
}

static void on_scan(void *context, const char *device, const struct scan *scan)
{
    struct devices *devices = context;
    for (struct recorder *recorder = devices->recorders; recorder != NULL; recorder = recorder->next) {
        struct buffer lines = BUFFER_EMPTY;
        if (!text_equal(recorder->device, device))
            continue;
        append_pause(recorder, &lines);
        capture_append_scan(&lines, scan->bytes, scan->length, scan->aim);
        send_lines(recorder, &lines);
    }
}

static void get_reports(struct web_request *request, void *context)
{
    static const struct web_stream_calls calls = {.closed = recorder_closed};
    struct devices *devices = context;
    const char *device = web_request_parameter(request, "scanner");
    struct buffer head = BUFFER_EMPTY;
    if (!scanning_head(devices->scanning, device, &head)) {
        web_reply_error(request, 404, "not_found", "no such scanner, or it is not read at the moment");
        return;
    }
    struct recorder *recorder = memory_new(1, sizeof *recorder);
    *recorder = (struct recorder){.next = devices->recorders, .devices = devices};
    TEXT_COPY(recorder->device, device);
    devices->recorders = recorder;
    recorder->stream = web_stream_open(request, &calls, recorder);
    send_lines(recorder, &head);
}

/* ---- playing back ---- */

struct played {
    struct devices *devices;
    struct web_request *request;
    const char *lane;
    struct error err;
    size_t submitted, answered;
    json_t *scans;
};

static void finish(struct played *played)
{
    json_t *body = json_pack("{s:O, s:s?}", "scans", played->scans, "error",
                             played->err.code != ERROR_NONE ? played->err.message : NULL);
    web_reply_json(played->request, 200, body);
    json_decref(played->scans);
    free(played);
}

/* Answers come in the order of the scans, and never before play_scan has returned. */
static void scan_answered(void *context, const struct station_answer *answer)
{
    struct played *played = context;
    json_t *scan = json_array_get(played->scans, played->answered++);
    json_t *said = view_answer(played->devices->catalog, answer);
    json_object_update(scan, said);
    json_decref(said);
    if (played->answered == played->submitted)
        finish(played);
}

static void play_scan(void *context, const struct scan *scan)
{
    struct played *played = context;
    char code[VALUE_SIZE];
    struct station_scan given = {.lane = played->lane,
                                 .device = PLAYED_DEVICE,
                                 .bytes = scan->bytes,
                                 .length = scan->length,
                                 .total = scan->total,
                                 .aim = scan->aim};
    if (played->err.code != ERROR_NONE)
        return;
    if (played->submitted == SCANS_MAX)
        error_set(&played->err, ERROR_TOO_BIG, "more than %d scans", SCANS_MAX);
    else if (station_submit(played->devices->station, &given, scan_answered, played, &played->err))
        played->submitted++;
    if (played->err.code != ERROR_NONE)
        return;
    text_escape(code, sizeof code, scan->bytes, scan->length);
    json_array_append_new(played->scans, json_pack("{s:s, s:s}", "code", code, "aim", scan->aim));
}

static void play_cancelled(struct web_request *request, void *context)
{
    (void)request;
    struct played *played = context;
    station_forget(played->devices->station, played);
    json_decref(played->scans);
    free(played);
}

static void play(struct played *played, const char *text, size_t length)
{
    CLEANUP(memory_free_at) struct player *player = memory_new(1, sizeof *player);
    struct error err = {0};
    *player = (struct player){.fn = play_scan, .context = played};
    if (!player_play_text(player, text, length, &err) && played->err.code == ERROR_NONE)
        played->err = err;
    player_done(player);
}

static void post_recording(struct web_request *request, void *context)
{
    struct devices *devices = context;
    const char *name = web_request_parameter(request, "lane");
    const struct station_lane *lane = station_find_lane(devices->station, name);
    struct error err = {0};
    if (lane == NULL) {
        web_reply_error(request, 404, "not_found", "no such lane");
        return;
    }
    json_t *body = web_request_json(request, &err);
    const json_t *recording = json_object_get(body, "recording");
    if (!json_is_string(recording)) {
        json_decref(body);
        web_reply_error(request, 400, "invalid", "expected {\"recording\": \"…\"}");
        return;
    }
    struct played *played = memory_new(1, sizeof *played);
    *played = (struct played){.devices = devices, .request = request, .lane = lane->name, .scans = json_array()};
    play(played, json_string_value(recording), json_string_length(recording));
    json_decref(body);
    if (played->submitted == 0)
        finish(played);
    else
        web_request_defer(request, play_cancelled, played);
}

static const struct web_route routes[] = {
    {"GET", "/api/v1/scanners", get_scanners, NULL},
    {"GET", "/api/v1/scanners/{scanner}/reports", get_reports, NULL},
    {"POST", "/api/v1/lanes/{lane}/recordings", post_recording, NULL},
};

struct devices *devices_new(struct web_server *server, struct scanning *scanning, struct station *station,
                            const struct catalog *catalog)
{
    struct devices *devices = memory_new(1, sizeof *devices);
    struct scanning_tap tap = {.report = on_report, .scan = on_scan, .context = devices};
    *devices = (struct devices){.scanning = scanning, .station = station, .catalog = catalog};
    scanning_set_tap(scanning, &tap);
    web_server_add_routes(server, routes, COUNT_OF(routes), devices);
    return devices;
}

struct devices *devices_free(struct devices *devices)
{
    free(devices);
    return NULL;
}
