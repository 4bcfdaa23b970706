/* SPDX-License-Identifier: Apache-2.0 */
/* The plain kinds of field: one set of functions and one row each. */
#include "daemon/codec/kind.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/gtin.h"
#include "daemon/codec/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool has_control(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    for (; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7F || (p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0))
            return true;
    return false;
}

/* The fault of a text of at most size - 1 bytes, or NULL. */
static const char *text_fault(const json_t *json, size_t size)
{
    const char *text = json_string_value(json);
    size_t length = json_string_length(json);
    if (text == NULL)
        return "must be a string";
    if (length >= size)
        return "is too long";
    if (strlen(text) != length || !text_is_utf8(text, length) || has_control(text))
        return "has control characters or is not UTF-8";
    if (length > 0 && (text[0] == ' ' || text[length - 1] == ' '))
        return "has a space at an end";
    return NULL;
}

static bool check_text(const json_t *json, size_t size, const struct decoding *decoding, struct error *err)
{
    const char *fault = text_fault(json, size);
    if (fault == NULL)
        return true;
    if (json_is_string(json) && json_string_length(json) >= size)
        return decoding_refuse(decoding, err, "is longer than %zu bytes", size - 1);
    return decoding_refuse(decoding, err, "%s", fault);
}

static void default_zero(const struct field *field, void *member)
{
    memset(member, 0, field->size);
}

static void default_text(const struct field *field, void *member)
{
    text_copy(member, field->size, field->text != NULL ? field->text : "");
}

static bool decode_text(const struct field *field, const json_t *json, void *base, void *member,
                        struct decoding *decoding, struct error *err)
{
    (void)base;
    if (!check_text(json, field->cut ? JSON_TEXT_MAX : field->size, decoding, err))
        return false;
    const char *text = json_string_value(json);
    size_t length = strlen(text);
    if (length < (size_t)field->min || (field->required && length == 0))
        return decoding_refuse(decoding, err, length == 0 ? "is empty" : "is too short");
    if (field->no_spaces && strchr(text, ' ') != NULL)
        return decoding_refuse(decoding, err, "must not have spaces");
    if (field->accept != NULL && text[strspn(text, field->accept)] != '\0')
        return decoding_refuse(decoding, err, "may only have %s", field->accept);
    if (length > 0)
        text_copy(member, field->size, text);
    return true;
}

static json_t *encode_text(const struct field *field, const void *base, const void *member)
{
    (void)base;
    const char *text = member;
    return text[0] == '\0' && !field->required ? json_null() : json_string(text);
}

static bool decode_gtin(const struct field *field, const json_t *json, void *base, void *member,
                        struct decoding *decoding, struct error *err)
{
    (void)base;
    if (!check_text(json, NAME_SIZE, decoding, err))
        return false;
    const char *fault = gtin_fault(json_string_value(json));
    if (fault != NULL)
        return decoding_refuse(decoding, err, "%s: %s", json_string_value(json), fault);
    char gtin[GTIN_SIZE];
    gtin_widen(json_string_value(json), gtin);
    text_copy(member, field->size, gtin);
    return true;
}

static void set_number(const struct field *field, void *member, int64_t number)
{
    int32_t narrow = (int32_t)number;
    _Static_assert(sizeof(int) == sizeof narrow && sizeof(enum method) == sizeof narrow, "stored by size");
    if (field->size == sizeof number)
        memcpy(member, &number, sizeof number);
    else
        memcpy(member, &narrow, sizeof narrow);
}

static int64_t get_number(const struct field *field, const void *member)
{
    int64_t number;
    int32_t narrow;
    if (field->size == sizeof number)
        memcpy(&number, member, sizeof number);
    else
        memcpy(&narrow, member, sizeof narrow);
    return field->size == sizeof number ? number : narrow;
}

static void default_number(const struct field *field, void *member)
{
    set_number(field, member, field->number);
}

static bool decode_integer(const struct field *field, const json_t *json, void *base, void *member,
                           struct decoding *decoding, struct error *err)
{
    (void)base;
    json_int_t value = json_integer_value(json);
    if (!json_is_integer(json))
        return decoding_refuse(decoding, err, "must be a whole number");
    if (value < field->min && field->min == 1)
        return decoding_refuse(decoding, err, "must be > 0");
    if (value < field->min || value > field->max)
        return decoding_refuse(decoding, err, "must be from %lld to %lld", (long long)field->min,
                               (long long)field->max);
    set_number(field, member, value);
    return true;
}

static json_t *encode_integer(const struct field *field, const void *base, const void *member)
{
    (void)base;
    int64_t number = get_number(field, member);
    return field->null_default && number == field->number ? json_null() : json_integer(number);
}

static bool decode_bool(const struct field *field, const json_t *json, void *base, void *member,
                        struct decoding *decoding, struct error *err)
{
    (void)field, (void)base;
    if (!json_is_boolean(json))
        return decoding_refuse(decoding, err, "must be true or false");
    *(bool *)member = json_is_true(json);
    return true;
}

static json_t *encode_bool(const struct field *field, const void *base, const void *member)
{
    (void)field, (void)base;
    return json_boolean(*(const bool *)member);
}

static void default_date(const struct field *field, void *member)
{
    (void)field;
    *(int32_t *)member = DATE_NONE;
}

static bool decode_date(const struct field *field, const json_t *json, void *base, void *member,
                        struct decoding *decoding, struct error *err)
{
    (void)field, (void)base;
    const char *text = json_string_value(json);
    int32_t day;
    if (text == NULL || json_string_length(json) != strlen(text) || !clock_parse_date(text, &day))
        return decoding_refuse(decoding, err, "must be a date, YYYY-MM-DD");
    *(int32_t *)member = day;
    return true;
}

static json_t *encode_date(const struct field *field, const void *base, const void *member)
{
    (void)field, (void)base;
    char text[DATE_SIZE];
    int32_t day = *(const int32_t *)member;
    if (day == DATE_NONE)
        return json_null();
    clock_format_date(text, day);
    return json_string(text);
}

static void default_instant(const struct field *field, void *member)
{
    (void)field;
    *(int64_t *)member = INSTANT_NONE;
}

static bool decode_instant(const struct field *field, const json_t *json, void *base, void *member,
                           struct decoding *decoding, struct error *err)
{
    (void)field, (void)base;
    const char *text = json_string_value(json);
    int64_t utc_ms;
    if (text == NULL || json_string_length(json) != strlen(text) || !clock_parse_instant(text, &utc_ms))
        return decoding_refuse(decoding, err, "must be a time with its zone, 2026-11-21T10:00:00+01:00");
    *(int64_t *)member = utc_ms;
    return true;
}

static json_t *encode_instant(const struct field *field, const void *base, const void *member)
{
    (void)field, (void)base;
    char text[INSTANT_SIZE];
    int64_t utc_ms = *(const int64_t *)member;
    if (utc_ms == INSTANT_NONE)
        return json_null();
    clock_format_instant(text, utc_ms);
    return json_string(text);
}

static int last_word(const struct field *field)
{
    return field->min == 0 && field->max == 0 ? field->names->count - 1 : (int)field->max;
}

static bool find_word(const struct field *field, const json_t *json, const struct decoding *decoding, int *ret_value,
                      struct error *err)
{
    const char *word = json_string_value(json);
    int value;
    if (word != NULL && name_find(field->names, word, &value) && value >= field->min && value <= last_word(field)) {
        *ret_value = value;
        return true;
    }
    struct buffer words = BUFFER_EMPTY;
    for (int i = (int)field->min; i <= last_word(field); i++)
        buffer_append_format(&words, "%s%s", i > field->min ? ", " : "", name_of(field->names, i));
    decoding_refuse(decoding, err, "must be one of %s", buffer_text(&words));
    buffer_done(&words);
    return false;
}

static bool decode_word(const struct field *field, const json_t *json, void *base, void *member,
                        struct decoding *decoding, struct error *err)
{
    (void)base;
    int value;
    if (!find_word(field, json, decoding, &value, err))
        return false;
    set_number(field, member, value);
    return true;
}

static json_t *encode_word(const struct field *field, const void *base, const void *member)
{
    (void)base;
    return json_string(name_of(field->names, (int)get_number(field, member)));
}

/* Calls find_word for each entry; values has room for one of each word. */
static bool decode_word_list(const struct field *field, const json_t *json, const struct decoding *decoding,
                             int *values, int *ret_count, struct error *err)
{
    unsigned seen = 0;
    int count = 0;
    if (!json_is_array(json))
        return decoding_refuse(decoding, err, "must be a list");
    for (size_t i = 0; i < json_array_size(json); i++) {
        int value;
        if (!find_word(field, json_array_get(json, i), decoding, &value, err))
            return false;
        if ((seen & 1U << value) != 0)
            return decoding_refuse(decoding, err, "has %s twice", name_of(field->names, value));
        seen |= 1U << value;
        values[count++] = value;
    }
    *ret_count = count;
    return true;
}

static bool decode_words(const struct field *field, const json_t *json, void *base, void *member,
                         struct decoding *decoding, struct error *err)
{
    (void)base;
    int values[sizeof(unsigned) * CHAR_BIT];
    int count;
    unsigned bits = 0;
    if (!decode_word_list(field, json, decoding, values, &count, err))
        return false;
    for (int i = 0; i < count; i++)
        bits |= 1U << values[i];
    *(unsigned *)member = bits;
    return true;
}

static json_t *encode_words(const struct field *field, const void *base, const void *member)
{
    (void)base;
    json_t *list = json_array();
    for (int i = (int)field->min; i <= last_word(field); i++)
        if ((*(const unsigned *)member & 1U << i) != 0)
            json_array_append_new(list, json_string(name_of(field->names, i)));
    return list;
}

static bool decode_dispositions(const struct field *field, const json_t *json, void *base, void *member,
                                struct decoding *decoding, struct error *err)
{
    (void)base;
    struct disposition_list *list = member;
    int values[DISPOSITION_COUNT];
    int count;
    if (!decode_word_list(field, json, decoding, values, &count, err))
        return false;
    for (int i = 0; i < count; i++)
        list->items[i] = (enum disposition)values[i];
    list->count = count;
    return true;
}

static json_t *encode_dispositions(const struct field *field, const void *base, const void *member)
{
    (void)base;
    const struct disposition_list *dispositions = member;
    json_t *list = json_array();
    for (int i = 0; i < dispositions->count; i++)
        json_array_append_new(list, json_string(name_of(field->names, (int)dispositions->items[i])));
    return list;
}

static bool decode_strings(const struct field *field, const json_t *json, void *base, void *member,
                           struct decoding *decoding, struct error *err)
{
    struct buffer joined = BUFFER_EMPTY;
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count > (size_t)field->max)
        return decoding_refuse(decoding, err, "must be a list of at most %lld", (long long)field->max);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(json, i);
        bool good = check_text(item, field->item, decoding, err);
        if (!good || json_string_length(item) == 0) {
            buffer_done(&joined);
            return good ? decoding_refuse(decoding, err, "has an empty entry") : false;
        }
        buffer_append_format(&joined, "%s%s", i > 0 ? "\n" : "", json_string_value(item));
    }
    memcpy(member, &joined.data, sizeof joined.data);
    if (field->also != 0)
        *((bool *)base + field->also) = true;
    return true;
}

static json_t *encode_strings(const struct field *field, const void *base, const void *member)
{
    const char *text;
    memcpy(&text, member, sizeof text);
    bool given = text != NULL || (field->also != 0 && *((const bool *)base + field->also));
    if (!given)
        return json_null();
    json_t *list = json_array();
    for (const char *end; text != NULL; text = *end == '\0' ? NULL : end + 1) {
        end = text + strcspn(text, "\n");
        json_array_append_new(list, json_stringn(text, (size_t)(end - text)));
    }
    return list;
}

static const struct kind kinds[FIELD_KIND_COUNT] = {
    [FIELD_TEXT] = {default_text, decode_text, encode_text},
    [FIELD_GTIN] = {default_text, decode_gtin, encode_text},
    [FIELD_INTEGER] = {default_number, decode_integer, encode_integer},
    [FIELD_BOOL] = {default_zero, decode_bool, encode_bool},
    [FIELD_DATE] = {default_date, decode_date, encode_date},
    [FIELD_INSTANT] = {default_instant, decode_instant, encode_instant},
    [FIELD_WORD] = {default_number, decode_word, encode_word},
    [FIELD_WORDS] = {default_zero, decode_words, encode_words},
    [FIELD_DISPOSITIONS] = {default_zero, decode_dispositions, encode_dispositions},
    [FIELD_STRINGS] = {default_zero, decode_strings, encode_strings},
};

const struct kind *kind_plain(enum field_kind kind)
{
    return &kinds[kind];
}
