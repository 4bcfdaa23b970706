/* SPDX-License-Identifier: Apache-2.0 */
/* Labels at a person's word. "Did label X come out?" is for a person at the printer: a scan of the label says yes by
 * itself, an answer here both. */
#include "daemon/label_jobs.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/station.h"
#include "daemon/store/records.h"
#include "daemon/web/request.h"
#include "protocol/label/label.h"

#include <stdlib.h>

#define ROWS_MAX 100

static json_t *row_json(const struct job_row *row)
{
    char at[INSTANT_SIZE];
    clock_format_instant(at, row->created_at);
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "label", (json_int_t)row->job.job_id, "code", row->code,
                     "printer", row->printer, "lane", row->lane, "state",
                     name_of(&job_state_names, (int)row->job.state), "reason", row->reason, "at", at);
}

static void get_labels(struct web_request *request, void *context)
{
    const struct command_options *options = context;
    CLEANUP(memory_free_at) struct job_row *rows = memory_new(ROWS_MAX, sizeof *rows);
    struct error err = {0};
    size_t count;
    if (!jobs_in_doubt(options->store, rows, ROWS_MAX, &count, &err)) {
        web_reply_error(request, 500, "fault", err.message);
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, row_json(&rows[i]));
    web_reply_json(request, 200, json_pack("{s:o}", "labels", list));
}

static void answer(struct web_request *request, const struct command_options *options, int64_t label, bool came_out)
{
    struct error err = {0};
    enum job_state state;
    bool found;
    if (!jobs_answer(options->store, label, came_out, clock_read().now, &state, &found, &err)) {
        web_reply_error(request, 500, "fault", err.message);
    } else if (!found) {
        web_reply_error(request, 404, "not_found", "no such label whose printing is in doubt");
    } else {
        web_reply_json(request, 200, json_pack("{s:I, s:s}", "label", (json_int_t)label, "state",
                                               name_of(&job_state_names, (int)state)));
        printing_wake(options->printing);
    }
}

static void post_label(struct web_request *request, void *context)
{
    struct error err = {0};
    int64_t label;
    json_t *body = web_request_json(request, &err);
    const json_t *came_out = json_object_get(body, "came_out");
    bool is_good = json_is_boolean(came_out), is_true = json_is_true(came_out);
    json_decref(body);
    if (!is_good || !text_to_int64(web_request_parameter(request, "label"), &label))
        web_reply_error(request, 400, "invalid", "expected a label's number and {\"came_out\": true or false}");
    else
        answer(request, context, label, is_true);
}

/* ---- cards: what no unit or parcel asked for ---- */

#define FIELDS_MAX 32

/* The texts of a JSON object of strings; they live as long as it does. */
static bool read_fields(json_t *object, struct label_field fields[FIELDS_MAX], size_t *ret_count)
{
    const char *name;
    json_t *value;
    *ret_count = 0;
    json_object_foreach(object, name, value) {
        if (*ret_count == FIELDS_MAX || !json_is_string(value))
            return false;
        fields[(*ret_count)++] = (struct label_field){name, json_string_value(value)};
    }
    return object == NULL || json_is_object(object);
}

/* Renders and queues a card; false with why: ERROR_INVALID, NOT_FOUND and TOO_BIG are the asker's. */
static bool queue_card(const struct command_options *options, const struct station_lane *lane, const json_t *body,
                       int64_t *ret_label, struct error *err)
{
    const char *name = json_string_value(json_object_get(body, "template"));
    const char *lang = json_string_value(json_object_get(body, "lang"));
    const struct label_set *set = station_settings(options->station)->labels;
    struct label_options look = {.dpi = lane->rules.dpi, .lang = lang != NULL ? lang : "en"};
    struct label_field fields[FIELDS_MAX];
    struct buffer zpl = BUFFER_EMPTY;
    struct job_row job = {.created_at = clock_read().now};
    size_t count;
    if (name == NULL || !read_fields(json_object_get(body, "fields"), fields, &count))
        return error_set(err, ERROR_INVALID, "wanted are \"template\" and \"fields\", an object of at most %d strings",
                         FIELDS_MAX);
    TEXT_COPY(job.lane, lane->name);
    TEXT_COPY(job.printer, lane->printer);
    TEXT_COPY(job.code, name);
    bool ok = label_render(set, name, &look, fields, count, &zpl, err);
    job.zpl = zpl.data;
    job.zpl_length = zpl.length;
    ok = ok && jobs_add_card(options->store, &job, label_template_hash(set, name), ret_label, err);
    buffer_done(&zpl);
    return ok;
}

static void post_card(struct web_request *request, void *context)
{
    const struct command_options *options = context;
    const struct station_lane *lane = station_find_lane(options->station, web_request_parameter(request, "lane"));
    struct error err = {0};
    int64_t label;
    json_t *body = lane != NULL ? web_request_json(request, &err) : NULL;
    if (lane == NULL) {
        web_reply_error(request, 404, "not_found", "no such lane");
    } else if (body != NULL && queue_card(options, lane, body, &label, &err)) {
        web_reply_json(request, 202, json_pack("{s:I, s:s}", "label", (json_int_t)label, "printer", lane->printer));
        printing_wake(options->printing);
    } else {
        bool fault = err.code == ERROR_IO || err.code == ERROR_SYSTEM || err.code == ERROR_CORRUPT;
        web_reply_error(request, fault ? 500 : 400, fault ? "fault" : "invalid", err.message);
    }
    json_decref(body);
}

void label_jobs_add_routes(struct web_server *server, struct command_options *options)
{
    static const struct web_route routes[] = {
        {"GET", "/api/v1/labels", get_labels, NULL},
        {"POST", "/api/v1/labels/{label}", post_label, NULL},
        {"POST", "/api/v1/lanes/{lane}/labels", post_card, NULL},
    };
    web_server_add_routes(server, routes, COUNT_OF(routes), options);
}
