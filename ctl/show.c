/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that came over the API reaches the terminal except through show_append. */
#include "ctl/show.h"

#include "base/memory.h"
#include "base/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define MARKS_MAX 3 /* combining marks on one character */

/* Invisible characters that change how others are shown: zero width, direction, tags. */
static const struct {
    wchar_t first, last;
} invisible[] = {
    {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x115F, 0x1160}, {0x180E, 0x180E}, {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF},
};

static bool is_invisible(wchar_t c)
{
    for (size_t i = 0; i < COUNT_OF(invisible); i++)
        if (c >= invisible[i].first && c <= invisible[i].last)
            return true;
    return false;
}

struct piece {
    char text[MB_LEN_MAX + 12];
    size_t length; /* bytes of the source it stands for */
    int width;
};

static void escape_byte(struct piece *piece, unsigned value)
{
    piece->width = snprintf(piece->text, sizeof piece->text, "\\x%02X", value);
}

static void escape_character(struct piece *piece, unsigned value)
{
    piece->width = snprintf(piece->text, sizeof piece->text, "\\u%04X", value);
}

/* The first character of text (not empty) as it will be shown. */
static struct piece next_piece(const char *text)
{
    struct piece piece = {.length = 1};
    mbstate_t state = {0};
    wchar_t c;
    size_t length = mbrtowc(&c, text, strlen(text), &state);
    if (length == 0 || length > MB_LEN_MAX) {
        escape_byte(&piece, (unsigned char)text[0]);
        return piece;
    }
    piece.length = length;
    piece.width = wcwidth(c);
    if (c < 0x100 && piece.width < 0)
        escape_byte(&piece, (unsigned)c);
    else if (piece.width < 0 || is_invisible(c))
        escape_character(&piece, (unsigned)c);
    else
        snprintf(piece.text, sizeof piece.text, "%.*s", (int)length, text);
    return piece;
}

int show_append(struct buffer *out, const char *text, int columns)
{
    int used = 0, marks = 0;
    size_t fits = out->length; /* where "…" can still follow */
    while (*text != '\0') {
        struct piece piece = next_piece(text);
        text += piece.length;
        marks = piece.width == 0 ? marks + 1 : 0;
        if (marks > MARKS_MAX || (piece.width == 0 && used == 0))
            continue;
        if (used + piece.width > columns) {
            out->length = fits;
            if (columns > 0)
                buffer_append_text(out, "…");
            return columns > 0 ? columns : 0;
        }
        buffer_append_text(out, piece.text);
        used += piece.width;
        if (used < columns)
            fits = out->length;
    }
    return used;
}

char *show_text(const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    show_append(&out, text, INT_MAX);
    return out.data != NULL ? out.data : memory_text("");
}

int show_width(const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    int width = show_append(&out, text, INT_MAX);
    buffer_done(&out);
    return width;
}

const char *show_string(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

const char *show_say(const json_t *value, const char *lang)
{
    const char *const names[] = {lang, "en", "key"};
    if (json_is_string(value))
        return json_string_value(value);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (show_string(value, names[i])[0] != '\0')
            return show_string(value, names[i]);
    return "";
}

static void show_list(struct buffer *out, json_t *list, const char *lang)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (i > 0)
            buffer_append_text(out, json_is_object(item) ? "; " : ", ");
        show_value(out, item, lang);
    }
}

void show_value(struct buffer *out, json_t *value, const char *lang)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        show_append(out, json_string_value(value), INT_MAX);
        break;
    case JSON_INTEGER:
        buffer_append_format(out, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        buffer_append_format(out, "%g", json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        buffer_append_text(out, show_word(json_is_true(value) ? "yes" : "no", lang));
        break;
    case JSON_NULL:
        buffer_append_text(out, "-");
        break;
    case JSON_ARRAY:
        show_list(out, value, lang);
        break;
    case JSON_OBJECT:
        if (json_object_get(value, "en") != NULL)
            show_append(out, show_say(value, lang), INT_MAX);
        else
            show_pairs(out, value, NULL, lang);
        break;
    }
}

static bool is_skipped(const char *const *skip, const char *name)
{
    for (; skip != NULL && *skip != NULL; skip++)
        if (text_equal(*skip, name))
            return true;
    return false;
}

void show_pairs(struct buffer *out, json_t *object, const char *const *skip, const char *lang)
{
    const char *separator = "";
    void *i = json_object_iter(object);
    for (; i != NULL; i = json_object_iter_next(object, i)) {
        const char *name = json_object_iter_key(i);
        json_t *value = json_object_iter_value(i);
        if (json_is_null(value) || is_skipped(skip, name))
            continue;
        buffer_append_text(out, separator);
        show_append(out, name, INT_MAX);
        buffer_append_byte(out, '=');
        show_value(out, value, lang);
        separator = "  ";
    }
}

void show_line(struct buffer *line)
{
    puts(buffer_text(line));
    buffer_clear(line);
}

/* A list under its name, one item a line; anything else on the name's own line. */
static void show_member(const char *name, json_t *value, const char *lang)
{
    struct buffer line = BUFFER_EMPTY;
    show_append(&line, name, 40);
    buffer_append_text(&line, ":");
    if (!json_is_array(value)) {
        buffer_append_format(&line, "%*s", (int)(line.length < 14 ? 14 - line.length : 1), "");
        show_value(&line, value, lang);
        show_line(&line);
        buffer_done(&line);
        return;
    }
    buffer_append_text(&line, json_array_size(value) == 0 ? "       -" : "");
    show_line(&line);
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        buffer_append_text(&line, "  ");
        show_value(&line, item, lang);
        show_line(&line);
    }
    buffer_done(&line);
}

void show_members(json_t *object, const char *lang)
{
    for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i))
        if (!json_is_null(json_object_iter_value(i)))
            show_member(json_object_iter_key(i), json_object_iter_value(i), lang);
}
