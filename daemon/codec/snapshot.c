/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots for screens: every text in both languages, every absent thing null. */
#include "daemon/codec/snapshot.h"

#include "base/text.h"
#include "daemon/codec/put.h"
#include "daemon/codec/question.h"
#include "daemon/core/workflow.h"
#include "protocol/barcode/control.h"

json_t *message_json(const struct catalog *catalog, const struct message *message, bool repeated)
{
    json_t *object = json_object();
    put(object, "key", json_string(message_key_name(message->key)));
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        struct buffer text = BUFFER_EMPTY;
        const struct message already = message_of(MESSAGE_ALREADY_STORED);
        if (repeated) {
            catalog_message(catalog, (enum language)i, &already, &text);
            buffer_append_text(&text, " ");
        }
        catalog_message(catalog, (enum language)i, message, &text);
        put(object, language_names[i], json_string(buffer_text(&text)));
        buffer_done(&text);
    }
    return object;
}

static json_t *name_json(const struct product *product)
{
    json_t *name = json_object();
    put_text(name, "en", product->name_en);
    put_text(name, "fr", product->name_fr);
    return name;
}

static json_t *operator_json(const struct operator *person)
{
    if (person->id[0] == '\0')
        return json_null();
    return json_pack("{s:s, s:s, s:s}", "id", person->id, "name", person->name, "lang", person->lang);
}

static json_t *line_json(const struct rma *rma, const struct rma_line *line, const struct product *product)
{
    json_t *object = json_object();
    put(object, "rma", json_string(rma->rma));
    put(object, "line", json_string(line->line));
    put_text(object, "sku", line->sku[0] != '\0' ? line->sku : line->gtin);
    put(object, "name", name_json(product));
    put(object, "qty", json_integer(line->qty));
    put(object, "received", json_integer(line->received));
    return object;
}

static json_t *parcel_json(const struct lane_view *view)
{
    const struct parcel *parcel = &view->parcel->parcel;
    if (parcel->parcel_id == 0)
        return json_null();
    json_t *object = json_object(), *lines = json_array();
    size_t next = 0;
    for (size_t i = 0; i < view->parcel->rma_count; i++)
        for (size_t k = 0; k < view->parcel->rmas[i].line_count; k++)
            json_array_append_new(lines, line_json(&view->parcel->rmas[i], &view->parcel->rmas[i].lines[k],
                                                   &view->products[next++]));
    put(object, "code", json_string(parcel->code));
    put(object, "state", json_string(name_of(&parcel_state_names, (int)parcel->state)));
    put_text(object, "rma", parcel->rma);
    put_text(object, "scanned", parcel->scanned);
    put(object, "lines", lines);
    return object;
}

static json_t *load_json(const struct load *load)
{
    if (load == NULL || load->state != LOAD_OPEN)
        return json_null();
    return json_pack("{s:s, s:I, s:o}", "code", load->code, "arrived", (json_int_t)load->arrived, "expected",
                     load->expected > 0 ? json_integer(load->expected) : json_null());
}

/* The card that chooses each disposition. */
static enum verb verb_of(enum disposition disposition)
{
    static const enum verb verbs[DISPOSITION_COUNT] = {
        [DISPOSITION_RESELL] = VERB_RESELL,
        [DISPOSITION_RESELL_B] = VERB_RESELL_B,
        [DISPOSITION_REFURBISH] = VERB_REFURBISH,
        [DISPOSITION_PARTS] = VERB_PARTS,
        [DISPOSITION_RECYCLE] = VERB_RECYCLE,
        [DISPOSITION_DESTROY] = VERB_DESTROY,
        [DISPOSITION_DONATE] = VERB_DONATE,
        [DISPOSITION_LIQUIDATE] = VERB_LIQUIDATE,
        [DISPOSITION_QUARANTINE] = VERB_QUARANTINE,
        [DISPOSITION_RETURN_TO_VENDOR] = VERB_RETURN_TO_VENDOR,
        [DISPOSITION_RETURN_TO_CUSTOMER] = VERB_RETURN_TO_CUSTOMER,
        [DISPOSITION_FORWARD] = VERB_FORWARD,
    };
    return verbs[disposition];
}

static json_t *allowed_json(unsigned allowed)
{
    json_t *array = json_array();
    for (int i = 0; i < DISPOSITION_COUNT; i++) {
        char card[CONTROL_SIZE] = "";
        if ((allowed & (1u << i)) == 0)
            continue;
        control_encode(verb_of((enum disposition)i), card);
        json_array_append_new(array,
                              json_pack("{s:s, s:s}", "disposition", name_of(&disposition_names, i), "card", card));
    }
    return array;
}

static json_t *trace_json(const struct catalog *catalog, const struct trace *trace)
{
    json_t *array = json_array();
    for (int i = 0; i < trace->count; i++) {
        json_t *step = message_json(catalog, &trace->steps[i], false);
        put(step, "rule", json_string(message_key_name(trace->steps[i].key)));
        json_object_del(step, "key");
        json_array_append_new(array, step);
    }
    return array;
}

json_t *unit_json(const struct catalog *catalog, const struct unit_facts *facts, const struct trace *trace)
{
    const struct unit *unit = &facts->unit;
    if (unit->unit_id == 0)
        return json_null();
    json_t *object = json_object();
    put(object, "lpn", json_string(unit->lpn));
    put(object, "state", json_string(name_of(&unit_state_names, (int)unit->state)));
    put_text(object, "rma", unit->rma);
    put_text(object, "line", unit->line);
    put_text(object, "sku", unit->sku);
    put_text(object, "serial", unit->serial);
    put(object, "name", name_json(&facts->product));
    put(object, "grade", unit->grade == GRADE_U ? json_null() : json_string(name_of(&grade_names, (int)unit->grade)));
    put(object, "verdict",
        unit->verdict == VERDICT_NONE ? json_null() : json_string(name_of(&verdict_names, (int)unit->verdict)));
    put(object, "disposition",
        unit->disposition == DISPOSITION_NONE ? json_null()
                                              : json_string(name_of(&disposition_names, (int)unit->disposition)));
    put_text(object, "location", unit->location);
    put(object, "allowed", allowed_json(unit->allowed));
    put(object, "trace", trace_json(catalog, trace));
    return object;
}

json_t *why_json(const struct catalog *catalog, const char *printer, const char *reason)
{
    char key[KEY_SIZE + 8];
    if (reason[0] == '\0')
        return json_null();
    TEXT_FORMAT(key, "why.%s", reason);
    json_t *object = json_pack("{s:s}", "key", reason);
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        struct buffer text = BUFFER_EMPTY;
        buffer_append_format(&text, "%s: %s", printer, catalog_word(catalog, (enum language)language, key));
        put(object, language_names[language], json_string(buffer_text(&text)));
        buffer_done(&text);
    }
    return object;
}

static json_t *label_json(const struct catalog *catalog, const struct lane_view *view)
{
    if (view->job->job_id == 0)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:o}", "kind", name_of(&label_kind_names, (int)view->job->kind),
                     "code", view->job_code, "state", name_of(&job_state_names, (int)view->job->state), "copy",
                     view->job->copy, "printer", view->job_printer, "reason", view->job_reason, "why",
                     why_json(catalog, view->job_printer, view->job_reason));
}

static json_t *actions_json(const struct catalog *catalog, const struct lane_view *view)
{
    json_t *array = json_array();
    for (size_t i = 0; i < view->action_count; i++) {
        struct message message = message_of(MESSAGE_NONE);
        char time[INSTANT_SIZE];
        message_decode(view->actions[i].message, &message);
        clock_format_instant(time, view->actions[i].at);
        json_t *action = message_json(catalog, &message, false);
        put(action, "journal", json_integer(view->actions[i].journal));
        put(action, "time", json_string(time));
        put(action, "signal", json_string(view->actions[i].signal));
        json_array_append_new(array, action);
    }
    return array;
}

json_t *snapshot_json(const struct catalog *catalog, const struct lane_view *view)
{
    const struct session *session = view->session;
    struct message message = message_of(MESSAGE_NONE);
    message_decode(session->last_message, &message);
    if (view->not_stored)
        message = message_of(MESSAGE_NOT_STORED);
    else if (view->asking != NULL)
        message = message_text(message_of(MESSAGE_ASKING_ERP), 0, view->asking);
    struct message next =
        view->not_stored ? message
                         : workflow_next(session, view->rules, &view->parcel->parcel, view->unit);
    enum signal signal = view->not_stored ? SIGNAL_STOP : session->last_signal;
    json_t *object = json_object();
    put(object, "lane", json_string(session->lane));
    put(object, "mode", json_string(name_of(&lane_mode_names, (int)session->mode)));
    put(object, "training", json_boolean(view->training));
    put(object, "sequence", json_integer(view->sequence));
    put(object, "operator", operator_json(view->person));
    put(object, "signal", json_string(name_of(&signal_names, (int)signal)));
    put(object, "message", message_json(catalog, &message, session->repeated && !view->not_stored));
    put(object, "next", message_json(catalog, &next, false));
    put(object, "load", load_json(view->load));
    put(object, "parcel", parcel_json(view));
    put(object, "question", question_json(catalog, view->rules, view->unit));
    put(object, "unit", unit_json(catalog, view->unit, view->trace));
    put(object, "label", label_json(catalog, view));
    put(object, "actions", actions_json(catalog, view));
    return object;
}
