/* SPDX-License-Identifier: Apache-2.0 */
/* CSV columns to JSON names, and rows to RMAs. */
#include "daemon/codec/csv_rma.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CARRIER "carrier"

/* A field of a table that one cell can hold. */
static const struct field *find_plain(const struct fields *fields, const char *name)
{
    const struct field *field = fields_find(fields, name);
    return field != NULL && field->kind != FIELD_OBJECT && field->kind != FIELD_ITEMS ? field : NULL;
}

/* "customs.hold": the field hold of the object customs. */
static bool find_inner(const struct fields *fields, const char *name, struct csv_column *column)
{
    char outer[KEY_SIZE];
    const char *dot = strchr(name, '.');
    if (dot == NULL || !text_copy_bytes(outer, sizeof outer, name, (size_t)(dot - name)))
        return false;
    const struct field *object = fields_find(fields, outer);
    if (object == NULL || object->kind != FIELD_OBJECT)
        return false;
    column->field = find_plain(object->fields, dot + 1);
    column->parent = object->name;
    return column->field != NULL;
}

static bool find_field(const struct fields *fields, const char *name, struct csv_column *column)
{
    struct csv_column found = {.field = find_plain(fields, name)};
    if (found.field == NULL && !find_inner(fields, name, &found))
        return false;
    found.name = found.field->name;
    *column = found;
    return true;
}

static bool find_reference(const char *name, struct csv_column *column)
{
    for (int kind = REF_ORDER; kind <= REF_OTHER; kind++)
        if (strcasecmp(name_of(&ref_kind_names, kind), name) == 0)
            column->name = name_of(&ref_kind_names, kind);
    if (strcasecmp(name, CARRIER) == 0)
        column->name = CARRIER;
    return column->name != NULL;
}

static struct csv_column find_column(const char *name, struct decode_notes *notes)
{
    struct csv_column column = {0};
    if (find_field(&rma_fields, name, &column) || find_reference(name, &column))
        return column;
    if (find_field(&rma_line_fields, name, &column))
        column.of_line = true;
    else if (name[0] != '\0')
        decode_notes_ignore(notes, name);
    return column;
}

static int column_index(const struct csv_columns *columns, const char *name)
{
    for (int i = 0; i < columns->count; i++)
        if (columns->columns[i].name != NULL && columns->columns[i].parent == NULL &&
            text_equal(columns->columns[i].name, name))
            return i;
    return -1;
}

static bool check_columns(const struct csv_columns *columns, const struct csv_record *header, struct error *err)
{
    static const char *const needed[] = {"rma", "line", "qty"};
    char found[120];
    text_escape(found, sizeof found, header->fields[0], strlen(header->fields[0]));
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (column_index(columns, needed[i]) < 0)
            return error_set(err, ERROR_INVALID,
                             "no column \"%s\": the first line must name the columns, and begins with \"%s\"",
                             needed[i], found);
    if (column_index(columns, "sku") < 0 && column_index(columns, "gtin") < 0)
        return error_set(err, ERROR_INVALID, "no column \"sku\" and none \"gtin\": one is needed");
    for (int i = 0; i < columns->count; i++)
        for (int j = 0; j < i; j++)
            if (columns->columns[i].name != NULL && columns->columns[j].name == columns->columns[i].name &&
                columns->columns[j].parent == columns->columns[i].parent)
                return error_set(err, ERROR_INVALID, "column \"%s\" is there twice", columns->columns[i].name);
    return true;
}

bool csv_columns_read(const struct csv_record *header, struct csv_columns *ret_columns, struct decode_notes *notes,
                      struct error *err)
{
    struct csv_columns columns = {.count = header->count};
    if (header->count == 0)
        return error_set(err, ERROR_INVALID, "the first line is empty: it must name the columns");
    for (int i = 0; i < header->count; i++) {
        char name[KEY_SIZE];
        const char *start = header->fields[i] + strspn(header->fields[i], " ");
        text_copy(name, sizeof name, start);
        for (size_t length = strlen(name); length > 0 && name[length - 1] == ' '; length--)
            name[length - 1] = '\0';
        columns.columns[i] = find_column(name, notes);
    }
    if (!check_columns(&columns, header, err))
        return false;
    columns.rma = column_index(&columns, "rma");
    *ret_columns = columns;
    return true;
}

static void problem(struct csv_rma *gather, int64_t line, const char *reason)
{
    gather->bad = true;
    gather->problem(gather->context, line, reason);
}

void csv_rma_init(struct csv_rma *gather, const struct csv_columns *columns, csv_problem_fn *on_problem, void *context)
{
    *gather = (struct csv_rma){.columns = columns, .problem = on_problem, .context = context};
}

void csv_rma_spoil(struct csv_rma *gather)
{
    gather->bad = true;
}

/* Frees what was gathered; the next RMA may begin. */
static void reset(struct csv_rma *gather)
{
    json_decref(gather->json);
    gather->json = gather->lines = NULL;
    for (int i = 0; i < gather->columns->count; i++) {
        free(gather->cells[i]);
        gather->cells[i] = NULL;
    }
    gather->count = 0;
    gather->bad = false;
}

/* A cell into the object of its row or RMA; an empty cell is as good as none. False if it is not UTF-8. */
static bool set_cell(json_t *object, const struct csv_column *column, const char *cell)
{
    json_t *value = field_from_cell(column->field, cell);
    if (value == NULL)
        return false;
    if (json_is_null(value))
        return true;
    if (column->parent != NULL) {
        if (json_object_get(object, column->parent) == NULL)
            json_object_set_new(object, column->parent, json_object());
        object = json_object_get(object, column->parent);
    }
    json_object_set_new(object, column->name, value);
    return true;
}

static bool add_references(json_t *refs, const char *kind, const char *cell, const char *carrier)
{
    static const struct field list = {.kind = FIELD_STRINGS};
    CLEANUP(json_free_at) json_t *values = field_from_cell(&list, cell);
    if (values == NULL)
        return false;
    for (size_t i = 0; i < json_array_size(values); i++) {
        json_t *ref = json_pack("{s:s, s:O}", "kind", kind, "value", json_array_get(values, i));
        if (carrier[0] != '\0' && text_equal(kind, name_of(&ref_kind_names, REF_TRACKING)))
            json_object_set_new(ref, CARRIER, json_string(carrier));
        json_array_append_new(refs, ref);
    }
    return true;
}

static bool is_of_rma(const struct csv_column *column)
{
    return column->name != NULL && !column->of_line;
}

/* The cells of the RMA's columns in its first row make the RMA but for its lines. */
static const char *start_rma(struct csv_rma *gather, const struct csv_record *row, int64_t line)
{
    const struct csv_columns *columns = gather->columns;
    int carrier = column_index(columns, CARRIER);
    const char *wrong = NULL;
    json_t *refs = json_array();
    gather->json = json_object();
    gather->first_line = line;
    for (int i = 0; i < columns->count; i++) {
        const struct csv_column *column = &columns->columns[i];
        if (!is_of_rma(column))
            continue;
        gather->cells[i] = memory_text(row->fields[i]);
        bool good = true;
        if (column->field != NULL)
            good = set_cell(gather->json, column, row->fields[i]);
        else if (i != carrier)
            good = add_references(refs, column->name, row->fields[i], carrier >= 0 ? row->fields[carrier] : "");
        if (!good)
            wrong = column->name;
    }
    json_object_set_new(gather->json, "refs", refs);
    gather->lines = json_array();
    json_object_set_new(gather->json, "lines", gather->lines);
    return wrong;
}

/* The column of the RMA that a later row gives another value, or NULL. */
static const char *differing(const struct csv_rma *gather, const struct csv_record *row)
{
    for (int i = 0; i < gather->columns->count; i++)
        if (gather->cells[i] != NULL && !text_equal(gather->cells[i], row->fields[i]))
            return gather->columns->columns[i].name;
    return NULL;
}

/* The row's cells as a line; the name of the first that is not UTF-8, or NULL. */
static const char *add_line(struct csv_rma *gather, const struct csv_record *row, int64_t line)
{
    const char *wrong = NULL;
    json_t *object = json_object();
    for (int i = 0; i < gather->columns->count; i++) {
        const struct csv_column *column = &gather->columns->columns[i];
        if (column->name != NULL && column->of_line && !set_cell(object, column, row->fields[i]))
            wrong = column->name;
    }
    if (wrong == NULL) {
        gather->numbers[gather->count++] = line;
        json_array_append(gather->lines, object);
    }
    json_decref(object);
    return wrong;
}

/* Takes a row in; false with its reason if it is bad. */
static bool add_row(struct csv_rma *gather, const struct csv_record *row, int64_t line, struct error *err)
{
    if (row->count != gather->columns->count)
        return error_set(err, ERROR_INVALID, "has %d cells, the header has %d", row->count, gather->columns->count);
    if (gather->count == RMA_LINES_MAX)
        return error_set(err, ERROR_INVALID, "is one row too many for an RMA");
    const char *differs = gather->json != NULL ? differing(gather, row) : NULL;
    if (differs != NULL)
        return error_set(err, ERROR_INVALID, "%s: differs from line %lld of the same RMA", differs,
                         (long long)gather->first_line);
    const char *wrong = gather->json == NULL ? start_rma(gather, row, line) : NULL;
    const char *wrong_in_line = add_line(gather, row, line);
    if (wrong == NULL)
        wrong = wrong_in_line;
    return wrong == NULL ||
           error_set(err, ERROR_INVALID, "%s: is not UTF-8 (save the file as CSV UTF-8)", wrong);
}

void csv_rma_add(struct csv_rma *gather, const struct csv_record *row, int64_t line)
{
    struct error err;
    if (!add_row(gather, row, line, &err))
        problem(gather, line, err.message);
}

/* Tells a failed decoding at its row and takes the row out; false if the fault is not in a row alone. */
static bool blame_row(struct csv_rma *gather, int64_t item, const char *message)
{
    const char *behind_path = strchr(message, '.');
    if (item < 0) {
        problem(gather, gather->first_line, message);
        return false;
    }
    problem(gather, gather->numbers[item], behind_path != NULL ? behind_path + 1 : message);
    json_array_remove(gather->lines, (size_t)item);
    gather->count--;
    memmove(&gather->numbers[item], &gather->numbers[item + 1],
            (gather->count - (size_t)item) * sizeof gather->numbers[0]);
    return gather->count > 0;
}

bool csv_rma_finish(struct csv_rma *gather, struct rma *ret_rma)
{
    struct rma rma;
    struct error err;
    struct decode_notes notes = {0};
    bool decoded = false;
    while (gather->count > 0) {
        decoded = rma_decode(gather->json, &rma, &notes, &err);
        if (decoded || !blame_row(gather, notes.item, err.message))
            break;
    }
    bool good = decoded && !gather->bad;
    if (good)
        *ret_rma = rma;
    else if (decoded)
        rma_done(&rma);
    reset(gather);
    return good;
}
