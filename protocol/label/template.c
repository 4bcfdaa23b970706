/* SPDX-License-Identifier: Apache-2.0 */
/* A template file: the ";;" header declares name, media, fields and words; the body is ZPL (template_body.c). */
#include "protocol/label/template.h"

#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEDIA_UM_MAX 1000000
#define HEADER_LINE_MAX 300

size_t template_find_field(const struct label_template *template, const char *name)
{
    for (size_t i = 0; i < template->field_count; i++)
        if (text_equal(template->fields[i].name, name))
            return i;
    return SIZE_MAX;
}

size_t template_find_word(const struct label_template *template, const char *name)
{
    for (size_t i = 0; i < template->word_count; i++)
        if (text_equal(template->words[i].name, name))
            return i;
    return SIZE_MAX;
}

bool template_fail(const struct template_reader *reader, const char *at, const char *format, ...)
{
    char message[ERROR_MESSAGE_MAX];
    int line = 1;
    for (const char *p = reader->source; p < at; p++)
        line += *p == '\n' ? 1 : 0;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return error_set(reader->err, ERROR_INVALID, "%s:%d: %s", reader->template->path, line, message);
}

bool template_parse_mm(const char *text, int64_t *ret_um)
{
    char digits[16];
    size_t whole = strspn(text, "0123456789");
    const char *fraction = text[whole] == '.' ? text + whole + 1 : text + whole;
    size_t places = strspn(fraction, "0123456789");
    int64_t um = 0;
    if (whole == 0 || whole > 4 || places > 3 || fraction[places] != '\0' || (text[whole] == '.' && places == 0))
        return false;
    snprintf(digits, sizeof digits, "%.*s%.*s%.*s", (int)whole, text, (int)places, fraction, (int)(3 - places), "000");
    if (!text_to_int64(digits, &um) || um > MEDIA_UM_MAX)
        return false;
    *ret_um = um;
    return true;
}

/* --- header lines: ";; word arguments" --- */

static bool is_name(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length < TEMPLATE_NAME_SIZE && text[0] >= 'a' && text[0] <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

static bool read_name(struct template_reader *reader, const char *at, const char *text)
{
    if (!text_equal(text, reader->template->name))
        return template_fail(reader, at, "the label is named \"%s\", its file %s.zpl.in", text, reader->template->name);
    return true;
}

static bool read_media(struct template_reader *reader, const char *at, const char *text)
{
    char width[16] = "", height[16] = "";
    struct label_template *template = reader->template;
    if (sscanf(text, "%15[0-9.]x%15[0-9.]", width, height) != 2 || !template_parse_mm(width, &template->width_um) ||
        !template_parse_mm(height, &template->height_um) || template->width_um == 0 || template->height_um == 0)
        return template_fail(reader, at, "media is WIDTHxHEIGHT in mm, for instance 100x50");
    return true;
}

static bool read_field(struct template_reader *reader, const char *at, const char *text)
{
    static const char *const types[FIELD_TYPE_COUNT] = {"text", "date", "code"};
    struct label_template *template = reader->template;
    char name[TEMPLATE_NAME_SIZE] = "", type[8] = "", max[8] = "";
    int used = 0;
    int64_t characters = 0;
    struct template_field field = {.type = FIELD_TYPE_COUNT};
    if (sscanf(text, "%31s %7s %7s %n", name, type, max, &used) != 3 || !is_name(name) ||
        !text_to_int64(max, &characters) || characters < 1 || characters > 1000 || text[used] == '\0')
        return template_fail(reader, at, "field is NAME text|date|code MAXIMUM SAMPLE");
    for (int i = 0; i < FIELD_TYPE_COUNT; i++)
        field.type = text_equal(type, types[i]) ? (enum field_type)i : field.type;
    if (field.type == FIELD_TYPE_COUNT)
        return template_fail(reader, at, "there is no field type \"%s\"", type);
    if (template_find_field(template, name) != SIZE_MAX || template->field_count == TEMPLATE_FIELDS_MAX)
        return template_fail(reader, at, "field %s is declared twice, or there are too many", name);
    TEXT_COPY(field.name, name);
    field.max_characters = (size_t)characters;
    field.sample = memory_text(text + used);
    template->fields[template->field_count++] = field;
    return true;
}

static bool read_word(struct template_reader *reader, const char *at, const char *text)
{
    struct label_template *template = reader->template;
    struct template_word word = {0};
    if (sscanf(text, "%31s %79[^|]| %79[^\n]", word.name, word.text[LANG_EN], word.text[LANG_FR]) != 3 ||
        !is_name(word.name))
        return template_fail(reader, at, "word is NAME ENGLISH | FRENCH");
    if (template_find_word(template, word.name) != SIZE_MAX || template->word_count == TEMPLATE_WORDS_MAX)
        return template_fail(reader, at, "word %s is declared twice, or there are too many", word.name);
    for (size_t end = strlen(word.text[LANG_EN]); end > 0 && word.text[LANG_EN][end - 1] == ' '; end--)
        word.text[LANG_EN][end - 1] = '\0';
    template->words[template->word_count++] = word;
    return true;
}

static const struct {
    const char *word;
    bool (*read)(struct template_reader *reader, const char *at, const char *text);
} header_lines[] = {{"name", read_name}, {"media", read_media}, {"field", read_field}, {"word", read_word}};

static bool read_header_line(struct template_reader *reader, const char *at, const char *text)
{
    char word[16] = "";
    int used = 0;
    if (text[strspn(text, " ")] == '\0' || text[strspn(text, " ")] == '#')
        return true;
    (void)sscanf(text, " %15s %n", word, &used);
    for (size_t i = 0; i < COUNT_OF(header_lines); i++)
        if (text_equal(word, header_lines[i].word))
            return header_lines[i].read(reader, at, text + used);
    return template_fail(reader, at, "a header line begins with name, media, field, word or #, not with \"%s\"", word);
}

bool template_read_header(struct template_reader *reader)
{
    const char *p = reader->source;
    while (reader->end - p >= 2 && p[0] == ';' && p[1] == ';') {
        char line[HEADER_LINE_MAX];
        const char *newline = memchr(p, '\n', (size_t)(reader->end - p));
        const char *end = newline != NULL ? newline : reader->end;
        if (!text_copy_bytes(line, sizeof line, p + 2, (size_t)(end - p) - 2))
            return template_fail(reader, p, "this line is too long");
        line[strcspn(line, "\r")] = '\0';
        if (!read_header_line(reader, p, line))
            return false;
        p = newline != NULL ? newline + 1 : reader->end;
    }
    reader->body = p;
    if (reader->template->width_um == 0)
        return template_fail(reader, p, "the header has no \";; media\" line");
    return true;
}

/* --- the whole file --- */

static void hash_into(char *target, size_t size, const char *bytes, size_t length)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325); /* FNV-1a, 64 bits */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001B3);
    snprintf(target, size, "%016" PRIx64, hash);
}

struct node *template_add_node(struct template_reader *reader, enum node_kind kind, const char *at)
{
    struct label_template *template = reader->template;
    if (template->node_count == template->node_capacity) {
        template->node_capacity = template->node_capacity * 2 + 64;
        template->nodes = memory_resize(template->nodes, template->node_capacity, sizeof *template->nodes);
    }
    struct node *node = &template->nodes[template->node_count++];
    *node = (struct node){.kind = kind, .line = 1};
    for (const char *p = reader->source; p < at; p++)
        node->line += *p == '\n' ? 1 : 0;
    return node;
}

struct label_template *template_free(struct label_template *template)
{
    if (template == NULL)
        return NULL;
    for (size_t i = 0; i < template->field_count; i++)
        free(template->fields[i].sample);
    free(template->nodes);
    free(template->path);
    buffer_done(&template->text);
    free(template);
    return NULL;
}

struct label_template *template_parse(const char *path, const char *name, const char *source, size_t length,
                                      struct error *err)
{
    struct label_template *template = memory_new(1, sizeof *template);
    struct template_reader reader = {.template = template, .source = source, .end = source + length, .err = err};
    template->path = memory_text(path);
    hash_into(template->hash, sizeof template->hash, source, length);
    bool fine = is_name(name) || template_fail(&reader, source, "\"%s\" is no name for a label", name);
    TEXT_COPY(template->name, name);
    if (fine && memchr(source, '\0', length) == NULL && text_is_utf8(source, length))
        fine = template_read_header(&reader) && template_read_body(&reader);
    else if (fine)
        fine = template_fail(&reader, source, "the file is not UTF-8 text");
    return fine ? template : template_free(template);
}
