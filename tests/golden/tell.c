/* SPDX-License-Identifier: Apache-2.0 */
/* The long payloads of a trace: what the screen says in both languages, the events in short, the labels. */
#include "tests/golden/shift.h"

#include <ctype.h>

/* ---- messages ---- */

void tell_message(struct shift *shift, const struct message *message, struct buffer *payload)
{
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        struct buffer text = BUFFER_EMPTY;
        catalog_message(shift->catalog, (enum language)language, message, &text);
        if (strchr(buffer_text(&text), '{') != NULL || buffer_text(&text)[0] == '\0')
            shift_fail(shift, "%s has no text in %s: %s", message_key_name(message->key), language_names[language],
                       buffer_text(&text));
        buffer_append_format(payload, "  | %s  %s\n", language_names[language], buffer_text(&text));
        buffer_done(&text);
    }
}

/* ---- events ---- */

/* The members that a story needs of each event; the dots go into objects. All events have their subject. */
static const struct {
    const char *event, *members;
} members[] = {
    {"operator.signed_in", "operator roles"},
    {"operator.signed_out", "operator reason"},
    {"shift.report", "counts"},
    {"scan.rejected", "raw reason"},
    {"scan.duplicate", "raw"},
    {"parcel.received", "rma.number matched_by load late_days verified"},
    {"parcel.unknown", "codes hold_kind"},
    {"parcel.held", "hold_kind"},
    {"parcel.damaged", "photos"},
    {"parcel.refused", "photos"},
    {"parcel.empty", "photos"},
    {"parcel.photographed", "photo"},
    {"unit.photographed", "photo"},
    {"parcel.linked", "rmas"},
    {"parcel.verified", "rmas"},
    {"unit.matched", "line rma.number counters"},
    {"parcel.closed", "complete lines"},
    {"unit.identified", "line unit.sku unit.serial unit.lot unit.expiry counters"},
    {"unit.unexpected", "expected found exception"},
    {"unit.overage", "expected found exception"},
    {"unit.serial_checked", "serial result"},
    {"unit.serial_mismatch", "serial result"},
    {"unit.inspected", "grade answers reason_declared reason_found photos"},
    {"unit.regraded", "prev_grade grade photos"},
    {"unit.disposition_decided", "disposition verdict by policy.id allowed"},
    {"unit.disposition_overridden", "disposition prev by reason"},
    {"unit.label_confirmed", "lpn generation copy preprinted"},
    {"unit.putaway", "lpn"},
    {"stock.delta", "key reverses from to valued"},
    {"container.unit_added", "container disposition owner"},
    {"container.unit_removed", "container disposition owner"},
    {"container.closed", "container disposition owner weight_g"},
    {"container.handed_over", "container receiver"},
    {"load.opened", "document sscc expected"},
    {"load.closed", "document expected arrived short over"},
    {"outcome.recommended", "key supersedes scope basis method percent amount fees manual reject_code exchange_for"},
    {"customs.evidence", "customs hs_code origin serial photos"},
    {"exception.opened", "type"},
    {"exception.resolved", "type by how"},
    {"line.short", "expected received missing"},
    {"line.missing", "expected received missing"},
    {"rma.completed", "expected received accepted rejected missing"},
    {"destruction.batch_sealed", "batch weight_g badges legal_reason derogation waste_route"},
    {"destruction.batch_closed", "batch certificate witness"},
    {"unit.destroyed", "batch"},
    {"unit.repaired", "result"},
};

static const json_t *member_of(const json_t *data, const char *path)
{
    char part[64];
    for (const char *at = path; data != NULL && *at != '\0';) {
        size_t length = strcspn(at, ".");
        text_copy_bytes(part, sizeof part, at, length);
        data = json_object_get(data, part);
        at += length + (at[length] == '.');
    }
    return data;
}

/* A place of the stock as "A-01 sellable" or "tote RESELL-1 sellable". */
static void add_place(const json_t *place, struct buffer *payload)
{
    const char *location = json_string_value(json_object_get(place, "location"));
    const char *container = json_string_value(json_object_get(place, "container"));
    buffer_append_format(payload, "%s%s%s%s %s", container != NULL ? "tote " : "", container != NULL ? container : "",
                         container != NULL && location != NULL ? " at " : "",
                         location != NULL    ? location
                         : container != NULL ? ""
                                             : "nowhere",
                         ledger_text(place, "status"));
}

/* Photos by the first digits of their hashes. */
static bool add_photos(const json_t *value, struct buffer *payload)
{
    const json_t *photo = json_is_array(value) ? json_array_get(value, 0) : value;
    size_t count = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < count && json_object_get(photo, "sha256") != NULL; photo = json_array_get(value, ++i))
        buffer_append_format(payload, "%s%.8s", i > 0 ? "," : "", ledger_text(photo, "sha256"));
    return payload->data[payload->length - 1] != '=';
}

/* " name=value", without what is absent, an empty list, or a plain "no". */
static void add_member(const json_t *data, const char *path, struct buffer *payload)
{
    const json_t *value = member_of(data, path);
    bool absent = value == NULL || json_is_null(value) || json_is_false(value) ||
                  (json_is_array(value) && json_array_size(value) == 0);
    if (absent)
        return;
    buffer_append_format(payload, " %s=", path);
    if (json_object_get(value, "status") != NULL) {
        add_place(value, payload);
        return;
    }
    if (add_photos(value, payload))
        return;
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
    bool plain = json_is_string(value) && strchr(text, ' ') == NULL;
    buffer_append_format(payload, "%.*s", (int)strlen(text) - 2 * plain, text + plain);
    free(text);
}

/* Why it was decided so, in both languages. */
static void add_trace(const json_t *data, struct buffer *payload)
{
    const json_t *step;
    size_t i;
    json_array_foreach(json_object_get(data, "trace"), i, step)
        buffer_append_format(payload, "  |   because %s / %s\n", ledger_text(step, "en"), ledger_text(step, "fr"));
}

/* Serial numbers of this database's stream are left out: "<stream>/12" is "12". */
static void add_event(const struct event_row *row, struct buffer *payload)
{
    char name[80];
    const char *type = row->type + strlen("io.returnsd.");
    text_copy_bytes(name, sizeof name, type, strlen(type) - strlen(".v1"));
    json_t *event = json_loads(row->body, 0, NULL);
    const json_t *data = json_object_get(event, "data");
    const char *corrects = strrchr(ledger_text(data, "corrects"), '/');
    buffer_append_format(payload, "  | %lld %s %s", (long long)row->sequence, name, ledger_text(event, "subject"));
    if (text_equal(ledger_text(event, "kind"), "test"))
        buffer_append_text(payload, " kind=test");
    if (corrects != NULL)
        buffer_append_format(payload, " corrects=%s reason=%s", corrects + 1, ledger_text(data, "reason"));
    for (size_t i = 0; corrects == NULL && i < COUNT_OF(members); i++) {
        char list[200], *rest = list;
        if (!text_equal(members[i].event, name) || !TEXT_COPY(list, members[i].members))
            continue;
        for (char *path; (path = strsep(&rest, " ")) != NULL;)
            add_member(data, path, payload);
    }
    buffer_append_text(payload, "\n");
    add_trace(data, payload);
    json_decref(event);
}

static void tell_events(struct shift *shift, struct buffer *payload)
{
    struct event_row rows[32];
    size_t count;
    int64_t upto;
    do {
        HOUSE_MUST(&shift->house,
                   outbox_read(shift->house.store, shift->told, NULL, rows, 32, &count, &upto, &shift->house.err));
        for (size_t i = 0; i < count; i++) {
            shift->told = rows[i].sequence;
            add_event(&rows[i], payload);
            free(rows[i].body);
        }
    } while (count == 32);
}

/* ---- labels ---- */

/* The texts drawn by ^FD…^FS, in the order of the label. */
static void add_texts(const char *zpl, struct buffer *payload)
{
    const char *separator = ": ";
    for (const char *at = zpl; (at = strstr(at, "^FD")) != NULL;) {
        const char *end = strstr(at, "^FS");
        if (end == NULL)
            return;
        buffer_append_format(payload, "%s%.*s", separator, (int)(end - at - 3), at + 3);
        separator = " | ";
        at = end;
    }
}

static void tell_labels(struct shift *shift, struct buffer *payload)
{
    struct house *house = &shift->house;
    CLEANUP(sql_done)
    sqlite3_stmt *q =
        sql_query(house->store, &house->err,
                  "SELECT job_id, kind, copy, zpl FROM print_job WHERE job_id > ? ORDER BY 1", "i", shift->printed);
    bool row = q != NULL;
    while (row && sql_step(house->store, q, &row, &house->err) && row) {
        struct buffer zpl = BUFFER_EMPTY;
        shift->printed = sqlite3_column_int64(q, 0);
        buffer_append(&zpl, sqlite3_column_blob(q, 3), (size_t)sqlite3_column_bytes(q, 3));
        buffer_append_format(payload, "  | label %s copy %d", sql_text(q, 1), sqlite3_column_int(q, 2));
        add_texts(buffer_text(&zpl), payload);
        buffer_append_text(payload, "\n");
        buffer_done(&zpl);
    }
    HOUSE_MUST(house, q != NULL && !row);
}

void tell_news(struct shift *shift, struct buffer *payload)
{
    tell_events(shift, payload);
    tell_labels(shift, payload);
}

/* ---- the ERP's side ---- */

int64_t tell_erp(struct shift *shift)
{
    struct event_row rows[32];
    size_t count;
    int64_t upto, before = shift->erp.sequence;
    do {
        HOUSE_MUST(&shift->house, outbox_read(shift->house.store, shift->erp.sequence, NULL, rows, 32, &count, &upto,
                                              &shift->house.err));
        for (size_t i = 0; i < count; i++) {
            ledger_learn(&shift->erp, &rows[i]);
            free(rows[i].body);
        }
    } while (count == 32 && !shift->erp.broken);
    return shift->erp.sequence - before;
}
