/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of every event, and the part of the payload that all have. */
#include "daemon/codec/event.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/epcis.h"
#include "daemon/codec/payload.h"
#include "daemon/codec/put.h"

void event_full_name(const struct event *event, char ret_name[EVENT_NAME_SIZE])
{
    text_format(ret_name, EVENT_NAME_SIZE, "%s%s", event_name(event->type), event->corrects != 0 ? ".corrected" : "");
}

void event_subject(const struct event *event, char ret_subject[EVENT_SUBJECT_SIZE])
{
    bool of_rma = event->type == EVENT_RMA_COMPLETED || event->outcome.whole_rma;
    if (of_rma && event->rma != NULL)
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "rma/%s", event->rma->rma);
    else if (event->load != NULL && !event->has_parcel)
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "load/%s", event->load->code);
    else if (event->has_unit)
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "lpn/%s", event->unit.lpn);
    else if (event->has_parcel)
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "parcel/%s", event->parcel.code);
    else if (event->batch.batch_id != 0)
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "batch/%s", event->batch.code);
    else if (event->container.container_id != 0)
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "container/%s", event->container.code);
    else
        text_format(ret_subject, EVENT_SUBJECT_SIZE, "station");
}

/* ---- what every event has ---- */

static json_t *rma_object(const struct rma *rma)
{
    if (rma == NULL || rma->rma[0] == '\0')
        return json_null();
    json_t *object = json_object();
    put_text(object, "number", rma->rma);
    put_number(object, "version", rma->version);
    put_text(object, "order", rma_ref_value(rma, REF_ORDER));
    put_word(object, "outcome", &method_names, (int)rma->outcome, -1);
    put_word(object, "refund_timing", &refund_timing_names, (int)rma->refund_timing, -1);
    put(object, "already_refunded", json_boolean(rma->already_refunded));
    put_text(object, "customer_ref", rma->customer_ref);
    put_text(object, "lang", rma->lang);
    return object;
}

static json_t *parcel_object(const struct event *event)
{
    if (!event->has_parcel)
        return json_null();
    const char *tracking = text_equal(event->parcel.matched_by, "tracking") ? event->parcel.scanned : "";
    if (tracking[0] == '\0' && event->rma != NULL)
        tracking = rma_ref_value(event->rma, REF_TRACKING);
    json_t *object = json_object();
    put_text(object, "id", event->parcel.code);
    put_text(object, "carrier", event->parcel.carrier);
    put_text(object, "tracking", tracking);
    return object;
}

static json_t *unit_object(const struct event *event)
{
    if (!event->has_unit)
        return json_null();
    const struct unit *unit = &event->unit;
    json_t *object = json_object();
    put_text(object, "lpn", unit->lpn);
    put_text(object, "sku", unit->sku);
    put_text(object, "gtin", unit->gtin);
    put_text(object, "serial", unit->serial);
    put_text(object, "lot", unit->lot);
    put_text(object, "expiry", unit->expiry);
    put_number(object, "qty", unit->qty);
    put_word(object, "title", &title_names, (int)unit->title, -1);
    return object;
}

/* The step a customer mail can be written from, without calling back. */
static const char *notify_step(const struct event *event)
{
    static const char *const steps[EVENT_TYPE_COUNT] = {
        [EVENT_PARCEL_RECEIVED] = "received",
        [EVENT_PARCEL_LINKED] = "received", /* only now it is known whose it is */
        [EVENT_PARCEL_VERIFIED] = "received",
        [EVENT_PARCEL_UNKNOWN] = "held",
        [EVENT_PARCEL_HELD] = "held",
        [EVENT_UNIT_INSPECTED] = "inspected",
        [EVENT_OUTCOME_RECOMMENDED] = "refund_recommended",
    };
    if (event->corrects != 0)
        return NULL;
    if (event->type == EVENT_UNIT_DISPOSITION_DECIDED && event->unit.verdict == VERDICT_ACCEPTED)
        return "accepted";
    if (event->type == EVENT_UNIT_DISPOSITION_DECIDED && event->unit.verdict == VERDICT_REJECTED)
        return "rejected";
    if (event->type == EVENT_OUTCOME_RECOMMENDED && event->outcome.method == METHOD_NONE)
        return NULL;
    if (event->type == EVENT_UNIT_MATCHED && event->unit.graded_at > 0)
        return "inspected";
    if (event->type == EVENT_STOCK_DELTA && event->stock.to.status == STOCK_NONE && event->stock.reverses[0] == '\0' &&
        event->unit.disposition == DISPOSITION_RETURN_TO_CUSTOMER)
        return "returned_to_you";
    return steps[event->type];
}

static json_t *notify_object(const struct event *event)
{
    const char *step = notify_step(event);
    if (step == NULL)
        return json_null();
    json_t *object = json_object();
    put_text(object, "step", step);
    put_text(object, "code", event->unit.reject_code);
    return object;
}

static json_t *common(const struct event_context *context, const struct event *event)
{
    json_t *data = json_object();
    put_text(data, "site", context->site);
    put_text(data, "station", context->station);
    put_text(data, "lane", context->lane);
    put_text(data, "operator", context->person->id);
    put_text(data, "device", context->device);
    put_text(data, "kind", context->training ? "test" : "");
    put_text(data, "owner", event->has_unit ? event->unit.owner : event->rma != NULL ? event->rma->owner
                                                                                    : event->container.owner);
    put(data, "verified", event->has_parcel ? json_boolean(event->parcel.verified) : json_null());
    put(data, "rma", rma_object(event->rma));
    json_t *rmas = json_array();
    if (event->rma != NULL && event->rma->rma[0] != '\0')
        json_array_append_new(rmas, json_string(event->rma->rma));
    put(data, "rmas", rmas);
    put(data, "parcel", parcel_object(event));
    put_text(data, "line", event->has_unit ? event->unit.line : "");
    put(data, "unit", unit_object(event));
    put(data, "notify", notify_object(event));
    return data;
}

static json_t *payload(const struct event_context *context, const struct event *event, int64_t sequence)
{
    json_t *data = common(context, event);
    put(data, "epcis", epcis_document(context, event, sequence));
    if (event->corrects != 0) {
        char corrects[80];
        TEXT_FORMAT(corrects, "%s/%lld", context->stream, (long long)event->corrects);
        put_text(data, "corrects", corrects);
        put_text(data, "reason", event->reason);
        put(data, "replacement", json_null());
    } else {
        payload_add(data, context, event);
    }
    return data;
}

char *event_encode(const struct event_context *context, const struct event *event, int64_t sequence)
{
    char id[80], source[200], type[100], name[EVENT_NAME_SIZE], subject[EVENT_SUBJECT_SIZE], time[INSTANT_SIZE],
        number[24], correlation[80];
    event_full_name(event, name);
    event_subject(event, subject);
    clock_format_instant(time, context->at);
    TEXT_FORMAT(id, "%s/%lld", context->stream, (long long)sequence);
    TEXT_FORMAT(source, "/returnsd/%s/%s", context->site, context->station);
    TEXT_FORMAT(type, "io.returnsd.%s.v1", name);
    TEXT_FORMAT(number, "%lld", (long long)sequence);
    TEXT_FORMAT(correlation, "%s/%lld", context->stream, (long long)context->correlation);
    const char *partition = event->rma != NULL && event->rma->rma[0] != '\0' ? event->rma->rma
                            : event->has_unit && event->unit.rma[0] != '\0'  ? event->unit.rma
                            : event->has_parcel                              ? event->parcel.code
                                                                             : context->station;
    json_t *envelope = json_object();
    put_text(envelope, "specversion", "1.0");
    put_text(envelope, "id", id);
    put_text(envelope, "source", source);
    put_text(envelope, "type", type);
    put_text(envelope, "subject", subject);
    put_text(envelope, "time", time);
    put_text(envelope, "datacontenttype", "application/json");
    put_text(envelope, "stream", context->stream);
    put_text(envelope, "sequence", number);
    put_text(envelope, "partitionkey", partition);
    put_text(envelope, "recordedtime", time);
    put_text(envelope, "correlationid", correlation);
    if (context->training)
        put_text(envelope, "kind", "test");
    put(envelope, "data", payload(context, event, sequence));
    char *text = json_dumps(envelope, JSON_COMPACT);
    json_decref(envelope);
    return text != NULL ? text : memory_text("{}");
}
