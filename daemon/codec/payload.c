/* SPDX-License-Identifier: Apache-2.0 */
/* One function for each type of event, and the table that finds it. */
#include "daemon/codec/payload.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/put.h"
#include "daemon/core/policy.h"

static json_t *trace_array(const struct event_context *context, const struct trace *trace)
{
    json_t *array = json_array();
    for (int i = 0; trace != NULL && i < trace->count; i++) {
        json_t *step = json_object();
        put_text(step, "rule", message_key_name(trace->steps[i].key));
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            struct buffer text = BUFFER_EMPTY;
            catalog_message(context->catalog, (enum language)language, &trace->steps[i], &text);
            put_text(step, language_names[language], buffer_text(&text));
            buffer_done(&text);
        }
        json_array_append_new(array, step);
    }
    return array;
}

static json_t *counters(const struct event *event)
{
    return json_pack("{s:I, s:I}", "expected", (json_int_t)event->expected, "received", (json_int_t)event->received);
}

static void add_identified(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "scanned", event->text);
    put(data, "blind", json_boolean(event->unit.rma[0] == '\0'));
    put(data, "counters", counters(event));
}

static void add_unexpected(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    if (event->expected_sku[0] != '\0')
        put_text(data, "expected", event->expected_sku);
    else
        put(data, "expected", event->expected > 0 ? json_integer(event->expected) : json_null());
    put_text(data, "found", event->unit.sku);
    put_text(data, "exception", event->text);
}

static void add_serial(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "serial", event->unit.serial);
    put_text(data, "result", event->text);
}

/* Whether it is complete, and which part is missing, are answers, too: those with that role. */
static void add_answers(json_t *data, const struct event *event)
{
    static const struct inspection nothing = {0};
    const struct inspection *inspection = event->inspection != NULL ? event->inspection : &nothing;
    struct given_answer answers[QUESTIONS_MAX], found;
    size_t count = inspection_list(inspection, answers);
    json_t *list = json_array(), *missing = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "q", answers[i].question, "a", answers[i].answer,
                                              "implied", answers[i].implied));
    put(data, "checklist", inspection->checklist[0] == '\0'
                               ? json_null()
                               : json_pack("{s:s, s:I}", "id", inspection->checklist, "version",
                                           (json_int_t)inspection->checklist_version));
    put(data, "answers", list);
    const char *complete = inspection_role(inspection, event->checklist, QUESTION_COMPLETE, &found);
    put(data, "complete", complete[0] == '\0' ? json_null() : json_boolean(text_equal(complete, "yes")));
    const char *part = inspection_role(inspection, event->checklist, QUESTION_MISSING, &found);
    if (part[0] != '\0')
        json_array_append_new(missing, json_string(part));
    put(data, "missing_parts", missing);
}

static void add_inspected(json_t *data, const struct event_context *context, const struct event *event)
{
    put_word(data, "grade", &grade_names, (int)event->unit.grade, -1);
    put_word(data, "prev_grade", &grade_names, (int)event->prev_grade, GRADE_U);
    add_answers(data, event);
    put_text(data, "reason_declared", event->unit.reason_declared);
    put_text(data, "reason_found", event->unit.reason_found);
    put(data, "photos", payload_photos(context, event));
    put_number(data, "seconds", (context->at - event->unit.identified_at) / 1000);
}

static void add_decided(json_t *data, const struct event_context *context, const struct event *event)
{
    put_word(data, "disposition", &disposition_names, (int)event->unit.disposition, DISPOSITION_NONE);
    put_word(data, "prev", &disposition_names, (int)event->prev, DISPOSITION_NONE);
    put_word(data, "verdict", &verdict_names, (int)event->unit.verdict, VERDICT_NONE);
    put(data, "trace", trace_array(context, event->trace));
    put(data, "policy",
        json_pack("{s:s, s:I}", "id", event->unit.policy, "version", (json_int_t)event->unit.policy_version));
    json_t *allowed = json_array();
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        if ((event->unit.allowed & (1u << i)) != 0)
            json_array_append_new(allowed, json_string(name_of(&disposition_names, i)));
    put(data, "allowed", allowed);
    put_text(data, "by", event->unit.decided_by);
    put(data, "reason", json_null());
}

static void add_repaired(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "result", event->text);
}

static void add_confirmed(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "lpn", event->unit.lpn);
    put_number(data, "generation", event->unit.generation);
    put_text(data, "template", "unit");
    put_number(data, "copy", 1);
    put(data, "preprinted", json_boolean(event->preprinted));
}

static json_t *place_object(const struct stock_place *place)
{
    if (place->status == STOCK_NONE)
        return json_null();
    json_t *object = json_object();
    put_text(object, "location", place->location);
    put_word(object, "status", &stock_status_names, (int)place->status, STOCK_NONE);
    put_text(object, "container", place->container);
    return object;
}

static void add_stock(json_t *data, const struct event_context *context, const struct event *event)
{
    put_text(data, "key", event->stock.key);
    put_text(data, "reverses", event->stock.reverses);
    put_number(data, "qty", event->unit.qty);
    put_text(data, "uom", "pcs");
    put(data, "from", place_object(&event->stock.from));
    put(data, "to", place_object(&event->stock.to));
    put(data, "valued", json_boolean(event->unit.title != TITLE_CUSTOMER));
    char cause[80];
    TEXT_FORMAT(cause, "%s/%lld", context->stream, (long long)event->stock.cause);
    put_text(data, "cause", cause);
}

static json_t *fees_array(const struct recommendation *outcome)
{
    json_t *array = json_array();
    for (int i = 0; i < outcome->fee_count; i++) {
        const struct outcome_fee *fee = &outcome->fees[i];
        json_array_append_new(array, json_pack("{s:s, s:s, s:I, s:I}", "id", fee->id, "per",
                                               name_of(&fee_per_names, fee->per), "amount", (json_int_t)fee->amount,
                                               "percent", (json_int_t)fee->percent));
    }
    return array;
}

static void add_outcome(json_t *data, const struct event_context *context, const struct event *event)
{
    const char *currency = event->outcome.currency;
    put_text(data, "key", event->outcome.key);
    put_text(data, "supersedes", event->outcome.supersedes);
    put_text(data, "scope", event->outcome.whole_rma ? "rma" : "unit");
    put_text(data, "basis", event->outcome.whole_rma ? "on_receipt" : "on_inspection");
    put_word(data, "method", &method_names, (int)event->outcome.method, -1);
    put_number(data, "percent", event->outcome.percent);
    json_t *base = json_object();
    put_number(base, "amount", event->outcome.base);
    put_text(base, "currency", currency);
    put(data, "base", base);
    put(data, "fees", fees_array(&event->outcome));
    put_number(data, "amount", event->outcome.amount);
    char day[DATE_SIZE] = "";
    if (event->outcome.refund_due_by != DATE_NONE)
        clock_format_date(day, event->outcome.refund_due_by);
    put_text(data, "refund_due_by", day);
    put(data, "adjust",
        event->outcome.adjust == 0
            ? json_null()
            : json_pack("{s:I, s:s}", "amount", (json_int_t)event->outcome.adjust, "currency", currency));
    put(data, "exchange_for", event->outcome.exchange_sku[0] == '\0'
                                  ? json_null()
                                  : json_pack("{s:s, s:I}", "sku", event->outcome.exchange_sku, "qty",
                                              (json_int_t)event->outcome.exchange_qty));
    put(data, "manual", json_boolean(event->outcome.manual));
    put_text(data, "reject_code", event->unit.reject_code);
    put(data, "trace", trace_array(context, event->trace));
}

static void add_text(json_t *data, const char *key, const struct event *event)
{
    put_text(data, key, event->text);
}

static void add_rejected(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    add_text(data, "raw", event);
    put_text(data, "reason", event->reason);
}

static void add_raw(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    add_text(data, "raw", event);
}

static void add_lpn(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "lpn", event->unit.lpn);
    put(data, "preprinted", json_boolean(event->preprinted));
}

static void add_operator(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    json_t *roles = json_array();
    for (int i = 0; i < ROLE_COUNT; i++)
        if ((event->roles & (1u << i)) != 0)
            json_array_append_new(roles, json_string(name_of(&role_names, i)));
    add_text(data, "operator", event);
    put(data, "roles", roles);
    put_text(data, "reason", event->reason);
}

/* An exception is named by what it is about and its type. */
static void put_exception(json_t *data, const struct event *event)
{
    char name[VALUE_SIZE];
    TEXT_FORMAT(name, "%s/%s", event->has_unit ? event->unit.lpn : event->parcel.code, event->text);
    put_text(data, "exception", name);
}

static void add_resolved(json_t *data, const struct event_context *context, const struct event *event)
{
    put_exception(data, event);
    put_text(data, "type", event->text);
    put_text(data, "by", context->person->id);
    put_text(data, "how", event->reason);
    put(data, "decision", json_null());
}

static void add_exception(json_t *data, const struct event_context *context, const struct event *event)
{
    put_exception(data, event);
    put_text(data, "type", event->text);
    put_text(data, "severity", "normal");
    put_text(data, "place", context->lane);
}

static void add_started(json_t *data, const struct event_context *context, const struct event *event)
{
    put_text(data, "reason", event->reason);
    put_text(data, "version", event->text);
    put_text(data, "stream", context->stream);
    put_text(data, "last_hash", event->last_hash);
}

static json_t *counts_of(const struct names *names, const int64_t *counts)
{
    json_t *object = json_object();
    for (int i = 0; i < names->count; i++)
        if (counts[i] > 0)
            put_number(object, names->names[i], counts[i]);
    return object;
}

static json_t *shift_object(const struct shift_counts *shift)
{
    char since[INSTANT_SIZE] = "";
    if (shift->since > 0)
        clock_format_instant(since, shift->since);
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {{"scans", shift->scans},     {"refused", shift->refused},     {"stops", shift->stops},
                  {"undone", shift->undone},   {"overrides", shift->overrides}, {"parcels", shift->parcels},
                  {"units", shift->units},     {"exceptions", shift->exceptions}, {"labels", shift->labels},
                  {"label_failures", shift->label_failures}};
    json_t *object = json_object();
    put_text(object, "since", since);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        put_number(object, counts[i].name, counts[i].count);
    put(object, "grades", counts_of(&grade_names, shift->grades));
    put(object, "verdicts", counts_of(&verdict_names, shift->verdicts));
    put(object, "dispositions", counts_of(&disposition_names, shift->dispositions));
    return object;
}

static void add_shift(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put(data, "counts", event->shift != NULL ? shift_object(event->shift) : json_null());
    put_text(data, "last_hash", event->last_hash);
}

static void add_restored(json_t *data, const struct event_context *context, const struct event *event)
{
    put_text(data, "stream", context->stream);
    put_text(data, "previous", event->text);
    put_number(data, "last", event->received);
}

static void add_completed(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    int64_t sums[5] = {0};
    for (size_t i = 0; event->rma != NULL && i < event->rma->line_count; i++) {
        const struct rma_line *line = &event->rma->lines[i];
        static const struct line_change nothing = {0};
        const struct line_change *now = text_equal(line->line, event->change.line) ? &event->change : &nothing;
        sums[0] += line->qty;
        sums[1] += line->received + now->received;
        sums[2] += line->accepted + now->accepted;
        sums[3] += line->rejected + now->rejected;
        sums[4] += line->missing + now->missing;
    }
    static const char *const names[] = {"expected", "received", "accepted", "rejected", "missing"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        put_number(data, names[i], sums[i]);
}

static void add_scanner(json_t *data, const struct event_context *context, const struct event *event)
{
    (void)context;
    put_text(data, "lane", event->lane);
    put_text(data, "mode", event->reason);
    put_text(data, "reason", event->text);
}

static void add_printer(json_t *data, const struct event_context *context, const struct event *event)
{
    put_text(data, "printer", context->device);
    put_text(data, "fault", event->text);
    put_number(data, "jobs", event->received);
}

static payload_adder *const adders[EVENT_TYPE_COUNT] = {
    [EVENT_STATION_STARTED] = add_started,
    [EVENT_STATION_STOPPED] = add_started,
    [EVENT_OPERATOR_SIGNED_IN] = add_operator,
    [EVENT_OPERATOR_SIGNED_OUT] = add_operator,
    [EVENT_SCAN_REJECTED] = add_rejected,
    [EVENT_SCAN_DUPLICATE] = add_raw,
    [EVENT_EXCEPTION_RESOLVED] = add_resolved,
    [EVENT_LPN_ASSIGNED] = add_lpn,
    [EVENT_UNIT_IDENTIFIED] = add_identified,
    [EVENT_UNIT_MATCHED] = add_identified,
    [EVENT_UNIT_UNEXPECTED] = add_unexpected,
    [EVENT_UNIT_OVERAGE] = add_unexpected,
    [EVENT_UNIT_SERIAL_CHECKED] = add_serial,
    [EVENT_UNIT_SERIAL_MISMATCH] = add_serial,
    [EVENT_UNIT_INSPECTED] = add_inspected,
    [EVENT_UNIT_DISPOSITION_DECIDED] = add_decided,
    [EVENT_UNIT_DISPOSITION_OVERRIDDEN] = add_decided,
    [EVENT_UNIT_REGRADED] = add_inspected,
    [EVENT_UNIT_REPAIRED] = add_repaired,
    [EVENT_UNIT_UNIDENTIFIED] = add_unexpected,
    [EVENT_UNIT_LABEL_CONFIRMED] = add_confirmed,
    [EVENT_STOCK_DELTA] = add_stock,
    [EVENT_OUTCOME_RECOMMENDED] = add_outcome,
    [EVENT_RMA_COMPLETED] = add_completed,
    [EVENT_EXCEPTION_OPENED] = add_exception,
    [EVENT_SCANNER_ATTACHED] = add_scanner,
    [EVENT_SCANNER_DETACHED] = add_scanner,
    [EVENT_SCANNER_MISREAD] = add_scanner,
    [EVENT_PRINTER_FAULT] = add_printer,
    [EVENT_PRINTER_OK] = add_printer,
    [EVENT_STATION_RESTORED] = add_restored,
    [EVENT_SHIFT_REPORT] = add_shift,
};

void payload_add(json_t *data, const struct event_context *context, const struct event *event)
{
    payload_adder *adder = adders[event->type] != NULL ? adders[event->type] : payload_parcel_adders[event->type];
    if (adder != NULL)
        adder(data, context, event);
}
