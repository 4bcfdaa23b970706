/* SPDX-License-Identifier: Apache-2.0 */
/* One row for each type of event that something physical stands behind. Words: GS1 Core Business Vocabulary 2.0. */
#include "daemon/codec/epcis.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"

#include <string.h>

#define URI_SIZE 320

enum what {
    WHAT_NOTHING,
    WHAT_PARCEL,
    WHAT_UNIT,
    WHAT_CONTAINER,          /* and what leaves in it */
    WHAT_UNIT_FROM_PARCEL,   /* an aggregation: parent and child */
    WHAT_UNIT_WITH_CONTAINER,
    WHAT_COUNT
};

/* Step and disposition of an event. */
struct words {
    const char *step, *disposition, *persistent; /* NULL = none */
};

struct row {
    enum what what;
    const char *action;
    struct words words;
    const struct words *(*choose)(const struct event *event); /* instead of words */
};

/* ---- words that depend on the goods ---- */

static const struct words *of_grade(const struct event *event)
{
    static const struct words table[GRADE_COUNT] = {
        [GRADE_A] = {"inspecting", "conformant", NULL},     [GRADE_B] = {"inspecting", "conformant", NULL},
        [GRADE_C] = {"inspecting", "damaged", NULL},        [GRADE_D] = {"inspecting", "non_conformant", NULL},
        [GRADE_E] = {"inspecting", "non_conformant", NULL}, [GRADE_U] = {"inspecting", "non_conformant", NULL},
    };
    return &table[event->unit.grade];
}

static bool has_rule(const struct event *event, enum message_key key)
{
    for (int i = 0; event->trace != NULL && i < event->trace->count; i++)
        if (event->trace->steps[i].key == key)
            return true;
    return false;
}

static const struct words *of_decision(const struct event *event)
{
    static const struct words table[DISPOSITION_COUNT] = {
        [DISPOSITION_NONE] = {"holding", "non_sellable_other", NULL},
        [DISPOSITION_RESELL] = {"storing", "sellable_not_accessible", NULL},
        [DISPOSITION_RESELL_B] = {"storing", "sellable_not_accessible", NULL},
        [DISPOSITION_REFURBISH] = {"holding", "unavailable", NULL},
        [DISPOSITION_PARTS] = {"holding", "non_sellable_other", NULL},
        [DISPOSITION_RECYCLE] = {"holding", "disposed", NULL},
        [DISPOSITION_DESTROY] = {"holding", "disposed", NULL},
        [DISPOSITION_DONATE] = {"holding", "non_sellable_other", NULL},
        [DISPOSITION_LIQUIDATE] = {"holding", "non_sellable_other", NULL},
        [DISPOSITION_QUARANTINE] = {"holding", "non_sellable_other", NULL},
        [DISPOSITION_RETURN_TO_VENDOR] = {"staging_outbound", "returned", NULL},
        [DISPOSITION_RETURN_TO_CUSTOMER] = {"staging_outbound", "returned", NULL},
        [DISPOSITION_FORWARD] = {"staging_outbound", "returned", NULL},
        [DISPOSITION_MISSING] = {"inspecting", NULL, "mismatch_quantity"},
    };
    static const struct words recalled = {"holding", "recalled", NULL}, expired = {"holding", "expired", NULL},
                              damaged = {"holding", "damaged", NULL};
    if (event->unit.disposition != DISPOSITION_QUARANTINE)
        return &table[event->unit.disposition];
    return has_rule(event, MESSAGE_RULE_RECALL)    ? &recalled
           : has_rule(event, MESSAGE_RULE_EXPIRED) ? &expired
           : event->unit.grade == GRADE_C          ? &damaged
                                                   : &table[DISPOSITION_QUARANTINE];
}

/* The last that is known here of what is in the container. */
static const struct words *of_handing_over(const struct event *event)
{
    static const struct words gone = {"shipping", "in_transit", NULL}, recycled = {"shipping", "disposed", NULL},
                              back = {"shipping", "returned", NULL};
    return event->container.disposition == DISPOSITION_RECYCLE              ? &recycled
           : event->container.disposition == DISPOSITION_RETURN_TO_CUSTOMER ? &back
                                                                            : &gone;
}

static const struct words *of_completeness(const struct event *event)
{
    static const struct words complete = {"inspecting", NULL, "completeness_verified"},
                              incomplete = {"inspecting", NULL, "mismatch_quantity"};
    return event->received == 0 ? &complete : &incomplete;
}

/* ---- the table ---- */

static const struct row rows[EVENT_TYPE_COUNT] = {
    [EVENT_PARCEL_RECEIVED] = {WHAT_PARCEL, "OBSERVE", {"receiving", "returned", NULL}, NULL},
    [EVENT_PARCEL_UNKNOWN] = {WHAT_PARCEL, "OBSERVE", {"holding", "returned", NULL}, NULL},
    [EVENT_PARCEL_DAMAGED] = {WHAT_PARCEL, "OBSERVE", {"receiving", "damaged", NULL}, NULL},
    [EVENT_PARCEL_REFUSED] = {WHAT_PARCEL, "OBSERVE", {"shipping", "returned", NULL}, NULL},
    [EVENT_PARCEL_CLOSED] = {WHAT_PARCEL, "OBSERVE", {0}, of_completeness},
    [EVENT_LPN_ASSIGNED] = {WHAT_UNIT, "ADD", {"commissioning", "active", NULL}, NULL},
    [EVENT_UNIT_IDENTIFIED] = {WHAT_UNIT_FROM_PARCEL, "DELETE", {"unpacking", NULL, NULL}, NULL},
    [EVENT_UNIT_UNEXPECTED] = {WHAT_UNIT, "OBSERVE", {"inspecting", NULL, "mismatch_class"}, NULL},
    [EVENT_UNIT_OVERAGE] = {WHAT_UNIT, "OBSERVE", {"inspecting", NULL, "mismatch_quantity"}, NULL},
    [EVENT_UNIT_SERIAL_MISMATCH] = {WHAT_UNIT, "OBSERVE", {"inspecting", NULL, "mismatch_instance"}, NULL},
    [EVENT_UNIT_INSPECTED] = {WHAT_UNIT, "OBSERVE", {0}, of_grade},
    [EVENT_UNIT_REGRADED] = {WHAT_UNIT, "OBSERVE", {0}, of_grade},
    [EVENT_UNIT_DISPOSITION_DECIDED] = {WHAT_UNIT, "OBSERVE", {0}, of_decision},
    [EVENT_UNIT_DISPOSITION_OVERRIDDEN] = {WHAT_UNIT, "OBSERVE", {0}, of_decision},
    [EVENT_UNIT_REPAIRED] = {WHAT_UNIT, "OBSERVE", {"repairing", "conformant", NULL}, NULL},
    [EVENT_UNIT_PUTAWAY] = {WHAT_UNIT, "OBSERVE", {"storing", NULL, NULL}, NULL},
    [EVENT_UNIT_DESTROYED] = {WHAT_UNIT, "DELETE", {"destroying", "destroyed", NULL}, NULL},
    [EVENT_CONTAINER_UNIT_ADDED] = {WHAT_UNIT_WITH_CONTAINER, "ADD", {"packing", NULL, NULL}, NULL},
    [EVENT_CONTAINER_UNIT_REMOVED] = {WHAT_UNIT_WITH_CONTAINER, "DELETE", {"unpacking", NULL, NULL}, NULL},
    [EVENT_CONTAINER_CLOSED] = {WHAT_CONTAINER, "OBSERVE", {"staging_outbound", "container_closed", NULL}, NULL},
    [EVENT_CONTAINER_HANDED_OVER] = {WHAT_CONTAINER, "OBSERVE", {0}, of_handing_over},
};

/* ---- building ---- */

/* A version 8 UUID (RFC 9562) of the event's stream and sequence: an undo finds it again by calculation. */
static json_t *event_id(const char *stream, int64_t sequence)
{
    char text[64];
    TEXT_FORMAT(text, "urn:uuid:%.8s-%.4s-8%.3s-8%.3s-%012llx", stream, stream + 8, stream + 12, stream + 15,
                (unsigned long long)sequence & 0xFFFFFFFFFFFFULL);
    return json_string(text);
}

/* What a URI does not take is escaped. */
static void append_escaped(struct buffer *text, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *value != '\0'; value++)
        if (strchr(plain, *value) != NULL)
            buffer_append_byte(text, (uint8_t)*value);
        else
            buffer_append_format(text, "%%%02X", (unsigned char)*value);
}

static json_t *json_of(struct buffer *text)
{
    json_t *json = json_string(buffer_text(text));
    buffer_done(text);
    return json;
}

/* <base>/<kind>/<value> */
static json_t *uri(const struct event_context *context, const char *kind, const char *value)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_format(&text, "%s/%s/", context->uri != NULL ? context->uri : EPCIS_URI_DEFAULT, kind);
    append_escaped(&text, value);
    return json_of(&text);
}

static json_t *list_of(json_t *one)
{
    json_t *list = json_array();
    json_array_append_new(list, one);
    return list;
}

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* A container's contents follow it where it leaves: each unit has its last event. */
static void put_contents(json_t *list, const struct event_context *context, const struct event *event)
{
    for (size_t i = 0; event->type == EVENT_CONTAINER_HANDED_OVER && i < event->content_count; i++)
        json_array_append_new(list, uri(context, "lpn", event->contents[i].lpn));
}

/* False if the event lacks what its row is about. */
static bool put_subject(json_t *body, const struct event_context *context, const struct event *event, enum what what)
{
    const struct unit *unit = &event->unit;
    const char *container = event->has_unit ? unit->container : event->container.code;
    static const char *const kinds[WHAT_COUNT] = {
        [WHAT_PARCEL] = "parcel", [WHAT_UNIT] = "lpn", [WHAT_CONTAINER] = "container"};
    const char *const values[WHAT_COUNT] = {[WHAT_PARCEL] = event->has_parcel ? event->parcel.code : NULL,
                                            [WHAT_UNIT] = event->has_unit ? unit->lpn : NULL,
                                            [WHAT_CONTAINER] = container};
    bool aggregation = what == WHAT_UNIT_FROM_PARCEL || what == WHAT_UNIT_WITH_CONTAINER;
    enum what parent = what == WHAT_UNIT_FROM_PARCEL ? WHAT_PARCEL : WHAT_CONTAINER;
    enum what child = aggregation ? WHAT_UNIT : what;
    if (is_empty(values[child]) || (aggregation && is_empty(values[parent])))
        return false;
    json_object_set_new(body, "type", json_string(aggregation ? "AggregationEvent" : "ObjectEvent"));
    json_t *list = list_of(uri(context, kinds[child], values[child]));
    if (!aggregation)
        put_contents(list, context, event);
    json_object_set_new(body, aggregation ? "childEPCs" : "epcList", list);
    if (aggregation)
        json_object_set_new(body, "parentID", uri(context, kinds[parent], values[parent]));
    return true;
}

static void put_words(json_t *body, const struct words *words)
{
    json_object_set_new(body, "bizStep", json_string(words->step));
    if (words->disposition != NULL)
        json_object_set_new(body, "disposition", json_string(words->disposition));
    if (words->persistent != NULL)
        json_object_set_new(body, "persistentDisposition", json_pack("{s:[s]}", "set", words->persistent));
}

/* The article itself, where it is known: as a GS1 Digital Link, with its serial number if there is one. */
static void put_item(json_t *body, const struct event *event)
{
    struct buffer link = BUFFER_EMPTY;
    if (!event->has_unit || event->unit.gtin[0] == '\0')
        return;
    buffer_append_format(&link, "https://id.gs1.org/01/%s", event->unit.gtin);
    if (event->unit.serial[0] != '\0') {
        buffer_append_text(&link, "/21/");
        append_escaped(&link, event->unit.serial);
        json_object_set_new(body, "returnsd:serial", json_string(event->unit.serial));
    }
    json_object_set_new(body, "returnsd:item", json_of(&link));
}

static json_t *document(const struct event_context *context, const char *time, json_t *event)
{
    char prefix[URI_SIZE];
    TEXT_FORMAT(prefix, "%s/ns/", context->uri != NULL ? context->uri : EPCIS_URI_DEFAULT);
    return json_pack("{s:[s, {s:s}], s:s, s:s, s:s, s:{s:[o]}}", "@context",
                     "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "returnsd", prefix, "type",
                     "EPCISDocument", "schemaVersion", "2.0", "creationDate", time, "epcisBody", "eventList", event);
}

/* The same event again, declared wrong: EPCIS has no other way to take one back. */
static json_t *declare_error(const struct event_context *context, const struct event *event, const char *time)
{
    if (context->original == NULL)
        return json_null();
    CLEANUP(json_free_at) json_t *original = json_read(context->original, strlen(context->original), 1, NULL);
    json_t *found = json_object_get(json_object_get(original, "data"), "epcis");
    if (!json_is_object(found))
        return json_null();
    json_t *copy = json_deep_copy(found);
    json_t *body = json_array_get(json_object_get(json_object_get(copy, "epcisBody"), "eventList"), 0);
    const char *reason = text_equal(event->reason, "incorrect_data") ? event->reason : "did_not_occur";
    json_object_set_new(copy, "creationDate", json_string(time));
    json_object_set_new(body, "errorDeclaration",
                        json_pack("{s:s, s:s}", "declarationTime", time, "reason", reason));
    return copy;
}

json_t *epcis_document(const struct event_context *context, const struct event *event, int64_t sequence)
{
    const struct row *row = &rows[event->type];
    char time[INSTANT_SIZE];
    clock_format_instant(time, context->at);
    if (row->what == WHAT_NOTHING)
        return json_null();
    if (event->corrects != 0)
        return declare_error(context, event, time);
    json_t *body = json_object();
    if (!put_subject(body, context, event, row->what)) {
        json_decref(body);
        return json_null();
    }
    json_object_set_new(body, "eventID", event_id(context->stream, sequence));
    json_object_set_new(body, "eventTime", json_string(time));
    json_object_set_new(body, "eventTimeZoneOffset", json_string("+00:00"));
    json_object_set_new(body, "action", json_string(row->action));
    put_words(body, row->choose != NULL ? row->choose(event) : &row->words);
    json_object_set_new(body, "readPoint", json_pack("{s:o}", "id", uri(context, "station", context->station)));
    json_object_set_new(body, "bizLocation", json_pack("{s:o}", "id", uri(context, "site", context->site)));
    if (event->rma != NULL && event->rma->rma[0] != '\0')
        json_object_set_new(
            body, "bizTransactionList",
            json_pack("[{s:s, s:o}]", "type", "rma", "bizTransaction", uri(context, "rma", event->rma->rma)));
    put_item(body, event);
    return document(context, time, body);
}
