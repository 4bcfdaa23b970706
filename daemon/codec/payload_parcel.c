/* SPDX-License-Identifier: Apache-2.0 */
/* What the events of parcels, their lines, and containers add to the common data (15-data §3). */
#include "base/text.h"
#include "daemon/codec/epcis.h"
#include "daemon/codec/payload.h"
#include "daemon/codec/put.h"

#define PHOTO_URI_SIZE 320

static void add_parcel_received(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put(data, "codes", json_pack("[s]", event->parcel.scanned));
    put_text(data, "matched_by", event->parcel.matched_by);
    put_text(data, "load", event->load != NULL ? event->load->code : "");
    put_number(data, "priority", event->parcel.priority);
    put_text(data, "lane_shown", context->lane);
    put_number(data, "expected_lines", event->rma != NULL ? (int64_t)event->rma->line_count : 0);
    put(data, "late_days", json_null());
}

static const struct load *load_of(const struct event *event)
{
    static const struct load none = {0};
    return event->load != NULL ? event->load : &none;
}

/* What is not known is null, not nought. */
static void put_known(json_t *data, const char *key, bool known, int64_t number)
{
    put(data, key, known ? json_integer(number) : json_null());
}

static void add_load_opened(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    const struct load *load = load_of(event);
    put_text(data, "document", load->announced ? load->code : "");
    put_text(data, "sscc", load->sscc);
    put_text(data, "carrier", load->carrier);
    put_known(data, "expected", load->expected > 0, load->expected);
}

static void add_load_closed(json_t *data, const struct event_context *context, const struct event *event)
{
    const struct load *load = load_of(event);
    int64_t left = load->expected - load->arrived;
    add_load_opened(data, context, event);
    put_number(data, "arrived", load->arrived);
    put_known(data, "short", load->expected > 0, left > 0 ? left : 0);
    put_known(data, "over", load->expected > 0, left < 0 ? -left : 0);
}

static void add_parcel_unknown(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put(data, "codes", json_pack("[s]", event->parcel.scanned));
    put_word(data, "hold_kind", &hold_kind_names, (int)event->parcel.hold, -1);
}

static void add_held(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_word(data, "hold_kind", &hold_kind_names, (int)event->parcel.hold, -1);
}

/* ---- photos: the hash, and a URI made of it; the picture stays at the station ---- */

static json_t *photo_object(const struct event_context *context, const struct photo *photo)
{
    char uri[PHOTO_URI_SIZE], type[16];
    TEXT_FORMAT(uri, "%s/photo/%s", context->uri != NULL ? context->uri : EPCIS_URI_DEFAULT, photo->sha256);
    TEXT_FORMAT(type, "image/%s", name_of(&photo_type_names, (int)photo->type));
    json_t *object = json_object();
    put_text(object, "sha256", photo->sha256);
    put_text(object, "uri", uri);
    put_text(object, "type", type);
    put_number(object, "size", photo->size);
    return object;
}

json_t *payload_photos(const struct event_context *context, const struct event *event)
{
    json_t *list = json_array();
    for (size_t i = 0; i < event->photo_count; i++) {
        const struct photo *photo = &event->photos[i];
        bool of_parcel = photo->unit_id == 0 && photo->parcel_id == event->parcel.parcel_id;
        if (event->has_unit ? photo->unit_id == event->unit.unit_id : of_parcel)
            json_array_append_new(list, photo_object(context, photo));
    }
    return list;
}

static void add_photographed(json_t *data, const struct event_context *context, const struct event *event)
{
    put(data, "photo", event->photo != NULL ? photo_object(context, event->photo) : json_null());
}

static void add_parcel_damage(json_t *data, const struct event_context *context, const struct event *event)
{
    put_text(data, "where", event->text);
    put_text(data, "reason", event->reason);
    put(data, "photos", payload_photos(context, event));
    put(data, "weight_g", json_null());
    put_text(data, "carrier", event->parcel.carrier);
    put(data, "claim_by", json_null());
}

static void add_line(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    const struct rma_line *line = &event->line;
    put_text(data, "line", line->line);
    put_text(data, "reason", event->text);
    put_number(data, "expected", line->qty);
    put_number(data, "received", line->received + line->received_elsewhere);
    put_number(data, "accepted", line->accepted);
    put_number(data, "rejected", line->rejected);
    put_number(data, "missing", line->missing);
}

static void add_parcel_closed(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put(data, "complete", json_boolean(event->received == 0));
    json_t *lines = json_array();
    for (size_t i = 0; event->rma != NULL && i < event->rma->line_count; i++) {
        const struct rma_line *line = &event->rma->lines[i];
        bool mine = text_equal(event->change.line, line->line);
        int64_t received = line->received + (mine ? event->change.received : 0);
        int64_t lost = line->missing + (mine ? event->change.missing : 0);
        int64_t left = line->qty - received - line->received_elsewhere - lost;
        json_array_append_new(lines, json_pack("{s:s, s:s, s:I, s:I, s:I}", "rma", event->rma->rma, "line", line->line,
                                               "received", (json_int_t)received, "short",
                                               (json_int_t)(left > 0 ? left : 0), "over",
                                               (json_int_t)(left < 0 ? -left : 0)));
    }
    put(data, "lines", lines);
}

static void add_container(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    bool one = event->has_unit;
    put_text(data, "container", one ? event->unit.container : event->container.code);
    put_word(data, "disposition", &disposition_names,
             (int)(one ? event->unit.disposition : event->container.disposition), DISPOSITION_NONE);
    json_t *units = json_array();
    if (one)
        json_array_append_new(units, json_string(event->unit.lpn));
    for (size_t i = 0; i < event->content_count; i++)
        json_array_append_new(units, json_string(event->contents[i].lpn));
    put(data, "units", units);
    put(data, "weight_g", one ? json_null() : json_integer(event->container.weight_g));
    put_text(data, "receiver", event->container.receiver);
    put(data, "document", json_null());
}

static void add_putaway(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "location", event->unit.location);
    put_text(data, "container", event->unit.container);
}

static void add_batch(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    const struct batch *batch = &event->batch;
    put_text(data, "batch", batch->code);
    put_number(data, "weight_g", batch->weight_g);
    json_t *badges = json_array();
    const char *const both[] = {batch->sealed_by, batch->second};
    for (size_t i = 0; i < 2; i++)
        if (both[i][0] != '\0')
            json_array_append_new(badges, json_string(both[i]));
    put(data, "badges", badges);
    put_text(data, "witness", batch->witness);
    put_word(data, "legal_reason", &legal_reason_names, (int)batch->reason, LEGAL_NONE);
    put(data, "derogation", json_boolean(batch->reason == LEGAL_DEROGATION));
    put_word(data, "waste_route", &waste_route_names, (int)batch->route, ROUTE_NONE);
    put_text(data, "certificate", batch->certificate);
}

static void add_verified(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "found", event->text);
}

/* Unaltered: as it was exported, as far as its grade says. */
static void add_customs(json_t *data, const struct event_context *context, const struct event *event)
{
    static const struct rma none = {.export_date = DATE_NONE};
    const struct rma *rma = event->rma != NULL ? event->rma : &none;
    char date[DATE_SIZE] = "";
    if (rma->export_date != DATE_NONE)
        clock_format_date(date, rma->export_date);
    json_t *customs = json_object();
    put_text(customs, "export_mrn", rma->export_mrn);
    put_text(customs, "export_date", date);
    put(customs, "duties_refundable", json_boolean(rma->duties_refundable));
    put(customs, "hold", json_boolean(rma->customs_hold));
    put(data, "customs", customs);
    put_text(data, "hs_code", event->line.hs_code);
    put_text(data, "origin", event->line.origin);
    put_text(data, "serial", event->unit.serial);
    put(data, "unaltered", json_boolean(event->unit.grade == GRADE_A || event->unit.grade == GRADE_B));
    put(data, "weight_g", event->weight_g > 0 ? json_integer(event->weight_g) : json_null());
    put(data, "photos", payload_photos(context, event));
}

payload_adder *const payload_parcel_adders[EVENT_TYPE_COUNT] = {
    [EVENT_LOAD_OPENED] = add_load_opened,
    [EVENT_LOAD_CLOSED] = add_load_closed,
    [EVENT_CUSTOMS_EVIDENCE] = add_customs,
    [EVENT_UNIT_PHOTOGRAPHED] = add_photographed,
    [EVENT_PARCEL_PHOTOGRAPHED] = add_photographed,
    [EVENT_UNIT_DESTROYED] = add_batch,
    [EVENT_DESTRUCTION_SEALED] = add_batch,
    [EVENT_DESTRUCTION_CLOSED] = add_batch,
    [EVENT_PARCEL_VERIFIED] = add_verified,
    [EVENT_PARCEL_RECEIVED] = add_parcel_received,
    [EVENT_PARCEL_UNKNOWN] = add_parcel_unknown,
    [EVENT_PARCEL_CLOSED] = add_parcel_closed,
    [EVENT_PARCEL_HELD] = add_held,
    [EVENT_PARCEL_DAMAGED] = add_parcel_damage,
    [EVENT_PARCEL_REFUSED] = add_parcel_damage,
    [EVENT_PARCEL_EMPTY] = add_parcel_damage,
    [EVENT_LINE_SHORT] = add_line,
    [EVENT_LINE_MISSING] = add_line,
    [EVENT_CONTAINER_UNIT_ADDED] = add_container,
    [EVENT_CONTAINER_UNIT_REMOVED] = add_container,
    [EVENT_CONTAINER_CLOSED] = add_container,
    [EVENT_CONTAINER_HANDED_OVER] = add_container,
    [EVENT_UNIT_PUTAWAY] = add_putaway,
};
