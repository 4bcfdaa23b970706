/* SPDX-License-Identifier: Apache-2.0 */
/* A unit's history for an audit: what it is, who decided what and why, how it ended, and the journal's rows of it. */
#include "daemon/view.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/snapshot.h"
#include "daemon/store/records.h"

#include <stdlib.h>

static json_t *journal_json(const struct catalog *catalog, const struct journal_row *row)
{
    struct message message = message_of(MESSAGE_NONE);
    char time[INSTANT_SIZE];
    message_decode(row->message, &message);
    clock_format_instant(time, row->at);
    return json_pack("{s:I, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:s}", "journal",
                     (json_int_t)row->journal, "time", time, "clock_unsure", row->clock_unsure, "lane", row->lane,
                     "operator", row->operator_id, "lead", row->lead, "device", row->device, "code", row->code, "aim",
                     row->aim, "action", row->action, "signal", row->signal, "undoes", (json_int_t)row->undoes,
                     "message", message_json(catalog, &message, false), "hash", row->hash);
}

static json_t *text_or_null(const char *text)
{
    return text[0] != '\0' ? json_string(text) : json_null();
}

/* Who graded it, and by which policy it was decided; the rules that counted are the unit's trace. */
static json_t *decision_json(const struct unit *unit)
{
    char at[INSTANT_SIZE] = "";
    if (unit->graded_at > 0)
        clock_format_instant(at, unit->graded_at);
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "inspector", text_or_null(unit->inspector),
                     "graded_at", text_or_null(at), "by", text_or_null(unit->decided_by), "policy",
                     text_or_null(unit->policy), "policy_version", (json_int_t)unit->policy_version, "reject_code",
                     text_or_null(unit->reject_code), "reason_declared", text_or_null(unit->reason_declared),
                     "reason_found", text_or_null(unit->reason_found), "problem", text_or_null(unit->problem));
}

static json_t *answers_json(const struct inspection *inspection)
{
    struct given_answer answers[QUESTIONS_MAX];
    size_t count = inspection->unit_id != 0 ? inspection_list(inspection, answers) : 0;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "q", answers[i].question, "a", answers[i].answer,
                                              "implied", answers[i].implied));
    return list;
}

static json_t *batch_json(const struct batch *batch)
{
    if (batch->batch_id == 0)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o}", "code", batch->code, "state",
                     name_of(&batch_state_names, (int)batch->state), "legal_reason",
                     name_of(&legal_reason_names, (int)batch->reason), "weight_g", (json_int_t)batch->weight_g,
                     "sealed_by", text_or_null(batch->sealed_by), "second", text_or_null(batch->second), "witness",
                     text_or_null(batch->witness), "certificate", text_or_null(batch->certificate));
}

#define HISTORY_PHOTOS 256

/* Those of the unit, and of the parcel that it came in; also what was taken off again. */
static json_t *photos_json(const struct photo *photos, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        char time[INSTANT_SIZE], type[16];
        clock_format_instant(time, photos[i].at);
        TEXT_FORMAT(type, "image/%s", name_of(&photo_type_names, (int)photos[i].type));
        json_array_append_new(
            list, json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "journal", (json_int_t)photos[i].journal, "time",
                            time, "sha256", photos[i].sha256, "of", photos[i].unit_id != 0 ? "unit" : "parcel", "type",
                            type, "size", (json_int_t)photos[i].size, "operator", text_or_null(photos[i].operator_id),
                            "removed", photos[i].removed != 0 ? json_integer(photos[i].removed) : json_null()));
    }
    return list;
}

struct audit {
    struct unit_facts unit;
    struct parcel_facts parcel;
    struct trace trace;
    struct batch batch;
    struct photo photos[HISTORY_PHOTOS];
    size_t photo_count;
};

static bool read_audit(struct store *store, int64_t unit_id, struct audit *audit, struct error *err)
{
    return records_unit(store, unit_id, &audit->unit, err) && records_trace(store, unit_id, &audit->trace, err) &&
           records_parcel(store, audit->unit.unit.parcel_id, &audit->parcel, err) &&
           records_batch(store, audit->unit.unit.batch_id, "", &audit->batch, err) &&
           records_photos_of(store, unit_id, audit->unit.unit.parcel_id, audit->photos, HISTORY_PHOTOS,
                             &audit->photo_count, err);
}

static json_t *audit_json(const struct catalog *catalog, const struct audit *audit, const struct journal_row *rows,
                          size_t count)
{
    json_t *journal = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(journal, journal_json(catalog, &rows[i]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "unit", unit_json(catalog, &audit->unit, &audit->trace),
                     "parcel", text_or_null(audit->parcel.parcel.code), "decision", decision_json(&audit->unit.unit),
                     "answers", answers_json(&audit->unit.inspection), "batch", batch_json(&audit->batch), "photos",
                     photos_json(audit->photos, audit->photo_count), "journal", journal);
}

json_t *view_history(const struct command_options *options, const char *lpn_or_serial, size_t max, struct error *err)
{
    int64_t unit_id;
    size_t count;
    if (!records_find_unit(options->store, lpn_or_serial, &unit_id, err))
        return NULL;
    if (unit_id == 0) {
        error_set(err, ERROR_NOT_FOUND, "no unit has the LPN or serial %s", lpn_or_serial);
        return NULL;
    }
    struct audit *audit = memory_new(1, sizeof *audit);
    struct journal_row *rows = memory_new(max, sizeof *rows);
    json_t *body = NULL;
    if (read_audit(options->store, unit_id, audit, err) &&
        journal_rows(options->store, unit_id, NULL, rows, max, &count, err))
        body = audit_json(options->catalog, audit, rows, count);
    parcel_facts_done(&audit->parcel);
    free(rows);
    free(audit);
    return body;
}
