/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the local API. Reads go straight to the store; scans go through the station, answered after commit. */
#include "daemon/command.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/rma.h"
#include "daemon/codec/snapshot.h"
#include "daemon/intake.h"
#include "daemon/metrics.h"
#include "daemon/store/records.h"
#include "daemon/view.h"
#include "daemon/web/request.h"
#include "daemon/web/stream.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 1000
#define HISTORY_MAX 500
#define PROBLEMS_MAX 1000
#define EVENT_ROOM 65536 /* bytes kept free in a stream before another event is sent */

enum live_kind { LIVE_LANE, LIVE_EVENTS };

struct live {
    struct command *command;
    struct live *next;
    struct web_stream *stream;
    enum live_kind kind;
    const struct station_lane *lane;
    char *last;     /* the snapshot sent last */
    int64_t cursor; /* the event sent last */
};

struct command {
    struct command_options options;
    struct live *live;
};

static void reply(struct web_request *request, json_t *body, const struct error *err)
{
    if (body != NULL)
        web_reply_json(request, 200, body);
    else
        web_reply_fault(request, err);
}

/* ---- live streams ---- */

static void live_closed(struct web_stream *stream, void *context)
{
    (void)stream;
    struct live *live = context;
    struct live **link = &live->command->live;
    while (*link != live)
        link = &(*link)->next;
    *link = live->next;
    free(live->last);
    free(live);
}

static void fill_lane(struct web_stream *stream, struct live *live)
{
    struct error err = {0};
    int64_t sequence;
    json_t *snapshot = view_lane(live->command->options.store, live->command->options.station, live->lane, &sequence, &err);
    if (snapshot == NULL) {
        web_stream_close(stream);
        return;
    }
    char *text = json_dumps(snapshot, JSON_COMPACT);
    json_decref(snapshot);
    if (text == NULL || (live->last != NULL && text_equal(text, live->last))) {
        free(text);
        return;
    }
    web_stream_send(stream, "lane", sequence, text);
    free(live->last);
    live->last = text;
}

static void fill_events(struct web_stream *stream, struct live *live)
{
    struct event_row rows[16];
    size_t count;
    int64_t upto;
    if (web_stream_room(stream) < EVENT_ROOM ||
        !outbox_read(live->command->options.store, live->cursor, NULL, rows, COUNT_OF(rows), &count, &upto, NULL))
        return;
    for (size_t i = 0; i < count; free(rows[i++].body))
        web_stream_send(stream, "event", rows[i].sequence, rows[i].body);
    live->cursor = upto;
}

static void live_fill(struct web_stream *stream, void *context)
{
    struct live *live = context;
    if (live->kind == LIVE_LANE)
        fill_lane(stream, live);
    else
        fill_events(stream, live);
}

static struct live *open_live(struct web_request *request, struct command *command, struct live fields)
{
    static const struct web_stream_calls calls = {.fill = live_fill, .closed = live_closed};
    struct live *live = memory_new(1, sizeof *live);
    *live = fields;
    live->command = command;
    live->next = command->live;
    command->live = live;
    live->stream = web_stream_open(request, &calls, live);
    return live;
}

void command_wake(struct command *command)
{
    for (struct live *live = command->live; live != NULL; live = live->next)
        web_stream_wake(live->stream);
}

/* ---- status and lanes ---- */

static void get_status(struct web_request *request, void *context)
{
    struct command *command = context;
    struct error err = {0};
    reply(request, view_status(&command->options, &err), &err);
}

static const struct station_lane *lane_of(struct web_request *request, struct command *command)
{
    const char *name = web_request_parameter(request, "lane");
    const struct station_lane *lane = station_find_lane(command->options.station, name);
    if (lane == NULL)
        web_reply_error(request, 404, "not_found", "no such lane");
    return lane;
}

static void get_lane(struct web_request *request, void *context)
{
    struct command *command = context;
    const struct station_lane *lane = lane_of(request, command);
    struct error err = {0};
    int64_t sequence;
    if (lane != NULL)
        reply(request, view_lane(command->options.store, command->options.station, lane, &sequence, &err), &err);
}

static void get_lane_live(struct web_request *request, void *context)
{
    const struct station_lane *lane = lane_of(request, context);
    if (lane != NULL)
        open_live(request, context, (struct live){.kind = LIVE_LANE, .lane = lane});
}

/* A scan whose client waits for the answer. */
struct asked {
    struct command *command;
    struct web_request *request;
};

static void scan_answered(void *context, const struct station_answer *answer)
{
    struct asked *asked = context;
    web_reply_json(asked->request, 200, view_answer(asked->command->options.catalog, answer));
    free(asked);
}

static void scan_cancelled(struct web_request *request, void *context)
{
    (void)request;
    struct asked *asked = context;
    station_forget(asked->command->options.station, asked);
    free(asked);
}

static void post_scan(struct web_request *request, void *context)
{
    struct command *command = context;
    const struct station_lane *lane = lane_of(request, command);
    struct error err = {0};
    if (lane == NULL)
        return;
    json_t *body = web_request_json(request, &err);
    const char *code = json_string_value(json_object_get(body, "code"));
    const char *aim = json_string_value(json_object_get(body, "aim"));
    if (code == NULL || (aim != NULL && strlen(aim) > 3)) {
        json_decref(body);
        web_reply_error(request, 400, "invalid", "expected {\"code\": \"…\", \"aim\": \"]C1\"}");
        return;
    }
    struct station_scan scan = {.lane = lane->name, .device = "api", .bytes = code, .length = strlen(code),
                                .total = strlen(code), .aim = aim != NULL ? aim : ""};
    struct asked *asked = memory_new(1, sizeof *asked);
    *asked = (struct asked){command, request};
    bool queued = station_submit(command->options.station, &scan, scan_answered, asked, &err);
    json_decref(body);
    if (queued) {
        web_request_defer(request, scan_cancelled, asked);
        return;
    }
    free(asked);
    web_reply_fault(request, &err);
}

/* ---- RMAs, units, events ---- */

static void get_rma(struct web_request *request, void *context)
{
    struct command *command = context;
    struct error err = {0};
    reply(request, view_rma(command->options.store, web_request_parameter(request, "rma"), &err), &err);
}

static void get_history(struct web_request *request, void *context)
{
    struct command *command = context;
    struct error err = {0};
    reply(request, view_history(&command->options, web_request_parameter(request, "unit"), HISTORY_MAX, &err), &err);
}

static void get_events(struct web_request *request, void *context)
{
    struct command *command = context;
    struct error err = {0};
    int64_t after, limit;
    if (!web_request_query_number(request, "after", 0, &after) || !web_request_query_number(request, "limit", 100, &limit)) {
        web_reply_error(request, 400, "invalid", "after and limit are whole numbers");
        return;
    }
    size_t max = limit < EVENTS_MAX ? (size_t)limit : EVENTS_MAX;
    reply(request, view_events(command->options.store, after, max, &err), &err);
}

static void get_events_live(struct web_request *request, void *context)
{
    struct command *command = context;
    int64_t first, last, after;
    const char *resume = web_request_header(request, "Last-Event-ID");
    struct error err = {0};
    if (!outbox_range(command->options.store, &first, &last, &err)) {
        web_reply_fault(request, &err);
        return;
    }
    if (!web_request_query_number(request, "after", last, &after) || (resume != NULL && !text_to_int64(resume, &after))) {
        web_reply_error(request, 400, "invalid", "after and Last-Event-ID are event sequences");
        return;
    }
    struct live *live = open_live(request, command, (struct live){.kind = LIVE_EVENTS, .cursor = after});
    web_stream_send(live->stream, NULL, after, NULL); /* cut off before its first event, a client still knows where */
}

/* ---- products and operators ---- */

static void put_list(struct web_request *request, struct command *command, enum intake_kind kind)
{
    struct error err = {0};
    size_t length;
    const char *body = web_request_body(request, &length);
    json_error_t where;
    json_t *list = json_loadb(body, length, JSON_REJECT_DUPLICATES, &where), *result = NULL;
    if (list == NULL)
        error_set(&err, ERROR_INVALID, "line %d: %s", where.line, where.text);
    else if (!intake_put(command->options.store, kind, list, &result, &err))
        result = NULL;
    json_decref(list);
    reply(request, result, &err);
}

static void post_products(struct web_request *request, void *context)
{
    put_list(request, context, INTAKE_PRODUCTS);
}

static void post_operators(struct web_request *request, void *context)
{
    put_list(request, context, INTAKE_OPERATORS);
}

/* ---- imports ---- */

static void *import_opens(struct web_request *request, void *context)
{
    struct command *command = context;
    struct error err = {0};
    const char *format = web_request_query(request, "format"), *name = web_request_query(request, "name");
    const char *replace = web_request_query(request, "replace");
    int found;
    if (format == NULL || !name_find(&import_format_names, format, &found)) {
        web_reply_error(request, 400, "invalid", "format is csv or json");
        return NULL;
    }
    struct import *import = import_begin(command->options.importer, name != NULL ? name : "", (enum import_format)found,
                                         replace != NULL && text_equal(replace, "1"), &err);
    if (import == NULL)
        web_reply_fault(request, &err);
    return import;
}

static bool import_takes(void *upload, const void *bytes, size_t length, struct error *err)
{
    return import_write(upload, bytes, length, err);
}

static void import_ends(void *upload)
{
    import_abort(upload);
}

static void post_import(struct web_request *request, void *context)
{
    (void)context;
    struct import *import = web_request_upload(request);
    struct error err = {0};
    if (import == NULL) {
        web_reply_error(request, 400, "invalid", "an import has a body");
        return;
    }
    int64_t number = import_number(import);
    if (import_finish(import, &err))
        web_reply_json(request, 202, json_pack("{s:I}", "import", (json_int_t)number));
    else
        web_reply_fault(request, &err);
}

static bool import_number_of(struct web_request *request, int64_t *ret_number)
{
    if (text_to_int64(web_request_parameter(request, "import"), ret_number))
        return true;
    web_reply_error(request, 404, "not_found", "no such import");
    return false;
}

static void get_import(struct web_request *request, void *context)
{
    struct command *command = context;
    struct import_progress progress;
    int64_t number;
    if (!import_number_of(request, &number))
        return;
    if (importer_progress(command->options.importer, number, &progress))
        web_reply_json(request, 200, view_import(&progress));
    else
        web_reply_error(request, 404, "not_found", "no such import");
}

static void get_problems(struct web_request *request, void *context)
{
    struct command *command = context;
    struct error err = {0};
    int64_t number, after;
    if (!import_number_of(request, &number))
        return;
    if (!web_request_query_number(request, "after", 0, &after)) {
        web_reply_error(request, 400, "invalid", "after is a whole number");
        return;
    }
    struct import_problem *problems = memory_new(PROBLEMS_MAX, sizeof *problems);
    size_t count;
    bool ok = importer_problems(command->options.importer, number, after, problems, PROBLEMS_MAX, &count, &err);
    reply(request, ok ? view_problems(problems, count, after) : NULL, &err);
    free(problems);
}

static const struct web_upload import_upload = {
    .limit = (size_t)IMPORT_BYTES_MAX, .begin = import_opens, .chunk = import_takes, .abort = import_ends};

static const struct web_route routes[] = {
    {"GET", "/api/v1/status", get_status, NULL},
    {"GET", "/api/v1/lanes/{lane}", get_lane, NULL},
    {"GET", "/api/v1/lanes/{lane}/live", get_lane_live, NULL},
    {"POST", "/api/v1/lanes/{lane}/scans", post_scan, NULL},
    {"GET", "/api/v1/rmas/{rma}", get_rma, NULL},
    {"GET", "/api/v1/units/{unit}/history", get_history, NULL},
    {"GET", "/api/v1/events", get_events, NULL},
    {"GET", "/api/v1/events/live", get_events_live, NULL},
    {"POST", "/api/v1/products", post_products, NULL},
    {"POST", "/api/v1/operators", post_operators, NULL},
    {"POST", "/api/v1/imports", post_import, &import_upload},
    {"GET", "/api/v1/imports/{import}", get_import, NULL},
    {"GET", "/api/v1/imports/{import}/problems", get_problems, NULL},
};

struct command *command_new(struct web_server *server, const struct command_options *options)
{
    struct command *command = memory_new(1, sizeof *command);
    *command = (struct command){.options = *options};
    web_server_add_routes(server, routes, COUNT_OF(routes), command);
    metrics_add_route(server, &command->options);
    return command;
}

struct command *command_free(struct command *command)
{
    free(command);
    return NULL;
}
