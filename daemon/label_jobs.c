/* SPDX-License-Identifier: Apache-2.0 */
/* "Did label X come out?" is for a person at the printer: a scan of the label says yes by itself, an answer here both. */
#include "daemon/label_jobs.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/web/request.h"

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

void label_jobs_add_routes(struct web_server *server, struct command_options *options)
{
    static const struct web_route routes[] = {
        {"GET", "/api/v1/labels", get_labels, NULL},
        {"POST", "/api/v1/labels/{label}", post_label, NULL},
    };
    web_server_add_routes(server, routes, COUNT_OF(routes), options);
}
