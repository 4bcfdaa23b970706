/* SPDX-License-Identifier: Apache-2.0 */
/* The engine that walks field tables. */
#include "daemon/codec/field.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/kind.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool decoding_refuse(const struct decoding *decoding, struct error *err, const char *format, ...)
{
    char message[ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const char *colon = decoding->path[0] != '\0' ? ": " : "";
    return error_set(err, ERROR_INVALID, "%s%s%.300s", decoding->path, colon, message);
}

size_t decoding_enter(struct decoding *decoding, const char *name)
{
    size_t length = strlen(decoding->path);
    snprintf(decoding->path + length, sizeof decoding->path - length, "%s%s", length > 0 ? "." : "", name);
    return length;
}

size_t decoding_enter_item(struct decoding *decoding, size_t index)
{
    size_t length = strlen(decoding->path);
    snprintf(decoding->path + length, sizeof decoding->path - length, "[%zu]", index);
    return length;
}

void decoding_leave(struct decoding *decoding, size_t length)
{
    decoding->path[length] = '\0';
}

static void *member_of(const struct field *field, void *base)
{
    return (char *)base + field->offset;
}

static const void *const_member_of(const struct field *field, const void *base)
{
    return (const char *)base + field->offset;
}

static void set_defaults(const struct fields *fields, void *base)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->fields[i];
        if (field->kind == FIELD_OBJECT)
            set_defaults(field->fields, base);
        else if (field->kind != FIELD_ITEMS)
            kind_plain(field->kind)->set_default(field, member_of(field, base));
    }
}

/* "lines[].colour": the path without its numbers, so that a name is told once and not once for each line. */
static void ignored_name(const struct decoding *decoding, const char *name, char target[NOTES_NAME_SIZE])
{
    size_t used = 0;
    for (const char *p = decoding->path; *p != '\0' && used < NOTES_NAME_SIZE / 2; p++)
        if (*p < '0' || *p > '9')
            target[used++] = *p;
    if (used > 0)
        target[used++] = '.';
    text_copy(target + used, NOTES_NAME_SIZE - used, name);
}

void decode_notes_ignore(struct decode_notes *notes, const char *name)
{
    if (notes == NULL)
        return;
    char shown[NOTES_NAME_SIZE];
    text_escape(shown, sizeof shown, name, strlen(name));
    for (int i = 0; i < notes->ignored_count; i++)
        if (text_equal(notes->ignored[i], shown))
            return;
    if (notes->ignored_count == NOTES_IGNORED_MAX)
        notes->ignored_more = true;
    else
        TEXT_COPY(notes->ignored[notes->ignored_count++], shown);
}

static bool is_known(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (text_equal(fields->fields[i].name, name))
            return true;
    return false;
}

static void note_ignored_names(const struct fields *fields, const json_t *json, struct decoding *decoding)
{
    if (decoding->notes == NULL)
        return;
    for (void *i = json_object_iter((json_t *)(uintptr_t)json); i != NULL;
         i = json_object_iter_next((json_t *)(uintptr_t)json, i))
        if (!is_known(fields, json_object_iter_key(i))) {
            char full[NOTES_NAME_SIZE];
            ignored_name(decoding, json_object_iter_key(i), full);
            decode_notes_ignore(decoding->notes, full);
        }
}

static bool decode_items(const struct field *field, const json_t *json, void *base, struct decoding *decoding,
                         struct error *err)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json))
        return decoding_refuse(decoding, err, "must be a list");
    if (count < (size_t)field->min || count > (size_t)field->max)
        return decoding_refuse(decoding, err, "must have %lld to %lld entries, not %zu", (long long)field->min,
                               (long long)field->max, count);
    char *items = count > 0 ? memory_new(count, field->item) : NULL;
    memcpy(member_of(field, base), &items, sizeof items);
    memcpy((char *)base + field->also, &count, sizeof count);
    for (size_t i = 0; i < count; i++) {
        size_t outer = decoding_enter_item(decoding, i);
        if (!fields_decode(field->fields, json_array_get(json, i), items + i * field->item, decoding, err)) {
            if (decoding->notes != NULL)
                decoding->notes->item = (int64_t)i;
            return false;
        }
        decoding_leave(decoding, outer);
    }
    return true;
}

static bool decode_field(const struct field *field, const json_t *json, void *base, struct decoding *decoding,
                         struct error *err)
{
    if (field->kind == FIELD_OBJECT)
        return fields_decode(field->fields, json, base, decoding, err);
    if (field->kind == FIELD_ITEMS)
        return decode_items(field, json, base, decoding, err);
    return kind_plain(field->kind)->decode(field, json, base, member_of(field, base), decoding, err);
}

bool fields_decode(const struct fields *fields, const json_t *json, void *base, struct decoding *decoding,
                   struct error *err)
{
    if (!json_is_object(json))
        return decoding_refuse(decoding, err, "must be an object");
    set_defaults(fields, base);
    note_ignored_names(fields, json, decoding);
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->fields[i];
        const json_t *value = json_object_get(json, field->name);
        bool absent = value == NULL || json_is_null(value);
        if (absent && !field->required)
            continue;
        size_t outer = decoding_enter(decoding, field->name);
        if (absent)
            return decoding_refuse(decoding, err, "missing");
        if (!decode_field(field, value, base, decoding, err))
            return false;
        decoding_leave(decoding, outer);
    }
    return true;
}

static json_t *encode_fields(const struct fields *fields, const void *base, bool with_nulls);

static json_t *encode_items(const struct field *field, const void *base, bool with_nulls)
{
    const char *items;
    size_t count;
    memcpy(&items, const_member_of(field, base), sizeof items);
    memcpy(&count, (const char *)base + field->also, sizeof count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, encode_fields(field->fields, items + i * field->item, with_nulls));
    return list;
}

/* An object of nothing but defaults was not given: null. field->size is that of the whole struct. */
static json_t *encode_object(const struct field *field, const void *base, bool with_nulls)
{
    CLEANUP(memory_free_at) void *fresh = memory_new(1, field->size);
    set_defaults(field->fields, fresh);
    json_t *defaults = encode_fields(field->fields, fresh, with_nulls);
    json_t *object = encode_fields(field->fields, base, with_nulls);
    if (!field->required && json_equal(object, defaults)) {
        json_decref(object);
        object = json_null();
    }
    json_decref(defaults);
    return object;
}

static json_t *encode_field(const struct field *field, const void *base, bool with_nulls)
{
    if (field->kind == FIELD_ITEMS)
        return encode_items(field, base, with_nulls);
    if (field->kind == FIELD_OBJECT)
        return encode_object(field, base, with_nulls);
    return kind_plain(field->kind)->encode(field, base, const_member_of(field, base));
}

static json_t *encode_fields(const struct fields *fields, const void *base, bool with_nulls)
{
    json_t *object = json_object();
    for (size_t i = 0; i < fields->count; i++) {
        json_t *value = encode_field(&fields->fields[i], base, with_nulls);
        if (with_nulls || !json_is_null(value))
            json_object_set_new_nocheck(object, fields->fields[i].name, value);
    }
    return object;
}

json_t *fields_encode(const struct fields *fields, const void *base)
{
    return encode_fields(fields, base, true);
}

json_t *fields_encode_given(const struct fields *fields, const void *base)
{
    return encode_fields(fields, base, false);
}

const struct field *fields_find(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcasecmp(fields->fields[i].name, name) == 0)
            return &fields->fields[i];
    return NULL;
}
