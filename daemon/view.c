/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering what screens and tools ask for. Nothing here writes. */
#include "daemon/view.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/rma.h"
#include "daemon/codec/snapshot.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"

#include <stdlib.h>

#define ACTIONS 10
#define ROWS_MAX 64

json_t *view_answer(const struct catalog *catalog, const struct station_answer *answer)
{
    json_t *body = json_object();
    json_object_set_new(body, "signal", json_string(name_of(&signal_names, (int)answer->signal)));
    json_object_set_new(body, "message", message_json(catalog, &answer->message, answer->repeated));
    json_object_set_new(body, "next", message_json(catalog, &answer->next, false));
    json_object_set_new(body, "stored", json_boolean(answer->stored));
    json_object_set_new(body, "repeated", json_boolean(answer->repeated));
    json_object_set_new(body, "bounced", json_boolean(answer->bounced));
    return body;
}

/* ---- a lane ---- */

struct lane_rows {
    struct session session;
    struct operator person;
    struct load load;
    struct parcel_facts parcel;
    struct product *products;
    struct unit_facts unit;
    struct trace trace;
    struct job_row job;
    struct lane_action actions[ACTIONS];
    size_t action_count;
};

static bool load_products(struct store *store, struct lane_rows *rows, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->parcel.rma_count; i++)
        count += rows->parcel.rmas[i].line_count;
    rows->products = memory_new(count, sizeof *rows->products);
    size_t next = 0;
    for (size_t i = 0; i < rows->parcel.rma_count; i++)
        for (size_t k = 0; k < rows->parcel.rmas[i].line_count; k++)
            if (!records_find_product(store, rows->parcel.rmas[i].lines[k].sku, &rows->products[next++], err))
                return false;
    return true;
}

static bool load_actions(struct store *store, const char *lane, struct lane_rows *rows, struct error *err)
{
    struct journal_row journal[ACTIONS];
    if (!journal_rows(store, 0, lane, journal, ACTIONS, &rows->action_count, err))
        return false;
    for (size_t i = 0; i < rows->action_count; i++) {
        rows->actions[i] = (struct lane_action){.journal = journal[i].journal, .at = journal[i].at};
        TEXT_COPY(rows->actions[i].signal, journal[i].signal);
        TEXT_COPY(rows->actions[i].message, journal[i].message);
    }
    return true;
}

static bool load_lane(struct store *store, const struct station_lane *lane, struct lane_rows *rows, struct error *err)
{
    return records_session(store, lane->name, &lane->rules, &rows->session, err) &&
           records_operator(store, rows->session.operator_id, &rows->person, err) &&
           records_load(store, rows->session.load_id, "", &rows->load, err) &&
           records_parcel(store, rows->session.parcel_id, &rows->parcel, err) && load_products(store, rows, err) &&
           records_unit(store, rows->session.unit_id, &rows->unit, err) &&
           records_trace(store, rows->session.unit_id, &rows->trace, err) &&
           jobs_last(store, rows->session.last_unit_id, rows->session.last_parcel_id, &rows->job, err) &&
           load_actions(store, lane->name, rows, err);
}

json_t *view_lane(struct store *store, const struct station *station, const struct station_lane *lane,
                  int64_t *ret_sequence, struct error *err)
{
    struct lane_rows *rows = memory_new(1, sizeof *rows);
    int64_t first, last;
    json_t *snapshot = NULL;
    struct store *shown = station_shown(station, lane);
    if (load_lane(shown, lane, rows, err) && outbox_range(store, &first, &last, err)) {
        struct lane_view view = {.session = &rows->session,
                                 .rules = &lane->rules,
                                 .person = &rows->person,
                                 .load = &rows->load,
                                 .parcel = &rows->parcel,
                                 .products = rows->products,
                                 .unit = &rows->unit,
                                 .trace = &rows->trace,
                                 .job = &rows->job.job,
                                 .job_code = rows->job.code,
                                 .job_printer = rows->job.printer,
                                 .job_reason = rows->job.reason,
                                 .actions = rows->actions,
                                 .action_count = rows->action_count,
                                 .training = shown != store,
                                 .not_stored = station_not_stored(station, lane->name),
                                 .asking = station_asking(station, lane->name),
                                 .sequence = last};
        snapshot = snapshot_json(station_settings(station)->catalog, &view);
        *ret_sequence = last;
    }
    parcel_facts_done(&rows->parcel);
    free(rows->products);
    free(rows);
    return snapshot;
}

/* ---- status ---- */

static json_t *lanes_json(const struct command_options *options, struct error *err)
{
    const struct station_options *settings = station_settings(options->station);
    json_t *lanes = json_array();
    for (size_t i = 0; i < settings->lane_count; i++) {
        int64_t sequence;
        json_t *snapshot = view_lane(options->store, options->station, &settings->lanes[i], &sequence, err);
        if (snapshot == NULL) {
            json_decref(lanes);
            return NULL;
        }
        static const char *const brief[] = {"lane", "mode", "operator", "signal", "message", "next"};
        json_t *lane = json_object();
        for (size_t k = 0; k < COUNT_OF(brief); k++)
            json_object_set(lane, brief[k], json_object_get(snapshot, brief[k]));
        json_decref(snapshot);
        json_array_append_new(lanes, lane);
    }
    return lanes;
}

static json_t *printers_json(const struct command_options *options)
{
    struct printing_status rows[ROWS_MAX];
    size_t count = printing_status(options->printing, rows, COUNT_OF(rows));
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:o, s:I}", "name", rows[i].name, "model",
                                               rows[i].model, "state", rows[i].state, "reason", rows[i].reason, "why",
                                               why_json(options->catalog, rows[i].name, rows[i].reason), "queued",
                                               (json_int_t)rows[i].open_jobs));
    return array;
}

static json_t *consumer_json(const struct feed_consumer *consumer, int64_t last)
{
    const struct feed_puts *puts = &consumer->puts;
    return json_pack("{s:s, s:I, s:I, s:b, s:I, s:I, s:I, s:I, s:i, s:I}", "name", consumer->name, "cursor",
                     (json_int_t)consumer->cursor, "lag", (json_int_t)feed_lag(consumer, last), "connected",
                     consumer->connected, "put_stored", (json_int_t)puts->stored, "put_same", (json_int_t)puts->same,
                     "put_older", (json_int_t)puts->older, "put_refused", (json_int_t)puts->refused, "put_waiting",
                     consumer->unanswered, "put_per_second", (json_int_t)puts->per_second);
}

/* Those the feed knows; without a feed those that have a cursor. */
static json_t *consumers_json(const struct command_options *options, int64_t last, struct error *err)
{
    struct consumer_row rows[ROWS_MAX];
    struct feed_consumer consumers[ROWS_MAX] = {0};
    size_t row_count, count = feed_status(options->feed, consumers, COUNT_OF(consumers));
    if (!outbox_consumers(options->store, rows, COUNT_OF(rows), &row_count, err))
        return NULL;
    for (; options->feed == NULL && count < row_count; count++) {
        TEXT_COPY(consumers[count].name, rows[count].name);
        consumers[count].cursor = rows[count].cursor;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, consumer_json(&consumers[i], last));
    return array;
}

static json_t *imports_json(const struct command_options *options)
{
    struct import_progress progress;
    json_t *array = json_array();
    int64_t latest = importer_latest(options->importer);
    if (latest > 0 && importer_progress(options->importer, latest, &progress))
        json_array_append_new(array, view_import(&progress));
    return array;
}

json_t *view_status(const struct command_options *options, struct error *err)
{
    int64_t first, last, rmas;
    if (!outbox_range(options->store, &first, &last, err) || !directory_count_rmas(options->store, &rmas, err))
        return NULL;
    json_t *lanes = lanes_json(options, err), *consumers = consumers_json(options, last, err);
    if (lanes == NULL || consumers == NULL) {
        json_decref(lanes);
        json_decref(consumers);
        return NULL;
    }
    struct retention_status retention = retention_status(options->retention);
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:o, s:o, s:o, s:o}", "version", options->version,
                     "site", options->site, "station", station_settings(options->station)->station, "stream",
                     store_stream(options->store), "first", (json_int_t)first, "last", (json_int_t)last, "rmas",
                     (json_int_t)rmas, "disk_free_mb", (json_int_t)(retention.free_bytes >> 20), "disk_low",
                     retention.disk_low, "lanes", lanes, "printers", printers_json(options), "consumers", consumers,
                     "imports", imports_json(options));
}

/* ---- RMAs, events ---- */

json_t *view_rma(struct store *store, const char *name, struct error *err)
{
    struct rma rma;
    if (!directory_get_rma(store, name, &rma, err))
        return NULL;
    json_t *body = rma_encode(&rma), *progress = json_array();
    for (size_t i = 0; i < rma.line_count; i++) {
        const struct rma_line *line = &rma.lines[i];
        json_array_append_new(progress,
                              json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "line", line->line, "expected",
                                        (json_int_t)line->qty, "received", (json_int_t)line->received, "accepted",
                                        (json_int_t)line->accepted, "rejected", (json_int_t)line->rejected, "missing",
                                        (json_int_t)line->missing));
    }
    json_object_set_new(body, "progress", progress);
    json_object_set_new(body, "completed", json_boolean(rma.completed));
    rma_done(&rma);
    return body;
}

json_t *view_events(struct store *store, int64_t after, size_t max, struct error *err)
{
    struct event_row *rows = memory_new(max, sizeof *rows);
    size_t count;
    int64_t upto;
    json_t *body = NULL;
    if (outbox_read(store, after, NULL, rows, max, &count, &upto, err)) {
        json_t *events = json_array();
        for (size_t i = 0; i < count; i++) {
            json_array_append_new(events, json_loads(rows[i].body, 0, NULL));
            free(rows[i].body);
        }
        body = json_pack("{s:o, s:I}", "events", events, "last", (json_int_t)upto);
    }
    free(rows);
    return body;
}

/* ---- imports ---- */

json_t *view_import(const struct import_progress *p)
{
    return json_pack("{s:I, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "import",
                     (json_int_t)p->number, "name", p->name, "state", name_of(&import_state_names, (int)p->state),
                     "bytes", (json_int_t)p->bytes, "rows", (json_int_t)p->rows, "rmas", (json_int_t)p->rmas, "stored",
                     (json_int_t)p->stored, "same", (json_int_t)p->same, "older", (json_int_t)p->older, "conflict",
                     (json_int_t)p->conflict, "protected", (json_int_t)p->protected, "refused", (json_int_t)p->refused,
                     "problems", (json_int_t)p->problems, "reason", p->reason);
}

json_t *view_problems(const struct import_problem *problems, size_t count, int64_t after)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(array, json_pack("{s:I, s:I, s:s, s:s}", "number", (json_int_t)problems[i].number, "line",
                                               (json_int_t)problems[i].line, "rma", problems[i].rma, "reason",
                                               problems[i].reason));
        after = problems[i].number;
    }
    return json_pack("{s:o, s:I}", "problems", array, "last", (json_int_t)after);
}
