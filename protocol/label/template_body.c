/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a template: command by command against the allow-list and the order a label needs, into nodes. */
#include "base/memory.h"
#include "base/text.h"
#include "protocol/label/command.h"
#include "protocol/label/template.h"

#include <stdio.h>
#include <string.h>

#define MACRO_MAX 200

typedef bool rule_fn(struct template_reader *reader, const struct zpl_command *command);

/* The command's data is expected; blanks and an {{#if}} or {{/if}} may stand behind it. */
static bool data_is(const struct zpl_command *command, const char *expected)
{
    size_t length = strlen(expected);
    const char *p = command->data + length, *end = command->data + command->length;
    if (command->length < length || strncmp(command->data, expected, length) != 0)
        return false;
    while (p < end && (unsigned char)*p <= ' ')
        p++;
    return p == end || (end - p > 2 && (strncmp(p, "{{#", 3) == 0 || strncmp(p, "{{/", 3) == 0));
}

static bool has_seen(const struct template_reader *reader, enum zpl_name name)
{
    return (reader->seen & 1UL << name) != 0;
}

/* --- rules of single commands --- */

static bool begin_label(struct template_reader *reader, const struct zpl_command *command)
{
    return !has_seen(reader, ZPL_XA) || template_fail(reader, command->at, "a second ^XA: one template is one label");
}

static bool end_label(struct template_reader *reader, const struct zpl_command *command)
{
    static const struct {
        enum zpl_name name;
        const char *text;
    } needed[] = {{ZPL_CI, "^CI28"}, {ZPL_PW, "^PW"}, {ZPL_LL, "^LL"}, {ZPL_LH, "^LH0,0"}};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (!has_seen(reader, needed[i].name))
            return template_fail(reader, command->at, "%s is missing", needed[i].text);
    if (reader->field_open)
        return template_fail(reader, command->at, "the last field has no ^FS");
    if (reader->if_node != 0)
        return template_fail(reader, command->at, "an {{#if}} has no {{/if}}");
    return true;
}

static bool check_encoding(struct template_reader *reader, const struct zpl_command *command)
{
    return data_is(command, "28") || template_fail(reader, command->at, "^CI is 28 (UTF-8)");
}

static bool check_home(struct template_reader *reader, const struct zpl_command *command)
{
    return data_is(command, "0,0") || template_fail(reader, command->at, "^LH is 0,0");
}

static bool check_quantity(struct template_reader *reader, const struct zpl_command *command)
{
    return data_is(command, "1") || template_fail(reader, command->at, "^PQ is 1: each label is counted");
}

static bool begin_field(struct template_reader *reader, const struct zpl_command *command)
{
    if (reader->field_open)
        return template_fail(reader, command->at, "the field in front of %s has no ^FS", command->text);
    reader->field_open = true;
    reader->from_origin = command->name == ZPL_FO;
    reader->has_fh = reader->in_block = false;
    return true;
}

static bool in_field(struct template_reader *reader, const struct zpl_command *command)
{
    return reader->field_open || template_fail(reader, command->at, "%s stands in no field (^FO …^FS)", command->text);
}

static bool end_field(struct template_reader *reader, const struct zpl_command *command)
{
    bool fine = in_field(reader, command);
    reader->field_open = false;
    return fine;
}

static bool check_hexadecimal(struct template_reader *reader, const struct zpl_command *command)
{
    reader->has_fh = true;
    return in_field(reader, command) &&
           (data_is(command, "") || data_is(command, "_") || template_fail(reader, command->at, "^FH is ^FH_"));
}

static bool begin_block(struct template_reader *reader, const struct zpl_command *command)
{
    reader->in_block = true;
    return in_field(reader, command);
}

static rule_fn *const rules[ZPL_OTHER] = {
    [ZPL_XA] = begin_label,       [ZPL_XZ] = end_label,   [ZPL_CI] = check_encoding, [ZPL_LH] = check_home,
    [ZPL_PQ] = check_quantity,    [ZPL_FO] = begin_field, [ZPL_FT] = begin_field,    [ZPL_FS] = end_field,
    [ZPL_FH] = check_hexadecimal, [ZPL_FB] = begin_block, [ZPL_A] = in_field,        [ZPL_FD] = in_field,
    [ZPL_FR] = in_field,          [ZPL_GB] = in_field,    [ZPL_GC] = in_field,       [ZPL_GD] = in_field,
    [ZPL_GF] = in_field,
};

static bool check(struct template_reader *reader, const struct zpl_command *command)
{
    if (command->name == ZPL_OTHER)
        return template_fail(reader, command->at, "%s is refused: %s", command->text, zpl_refusal(command));
    if (!has_seen(reader, ZPL_XA) && command->name != ZPL_XA)
        return template_fail(reader, command->at, "%s stands in front of ^XA", command->text);
    if (has_seen(reader, ZPL_XZ))
        return template_fail(reader, command->at, "%s stands behind ^XZ", command->text);
    if (rules[command->name] != NULL && !rules[command->name](reader, command))
        return false;
    reader->seen |= 1UL << command->name;
    return true;
}

/* --- text and macros --- */

static void add_text(struct template_reader *reader, const char *at, const char *bytes, size_t length)
{
    struct label_template *template = reader->template;
    struct node *last = template->node_count != 0 ? &template->nodes[template->node_count - 1] : NULL;
    if (last == NULL || last->kind != NODE_TEXT) {
        last = template_add_node(reader, NODE_TEXT, at);
        last->start = template->text.length;
    }
    buffer_append(&template->text, bytes, length);
    last->length += length;
}

/* Line ends are for people; blanks count in field data only. A "_" that was plain text stays so behind our ^FH_. */
static void add_character(struct template_reader *reader, const char *at)
{
    unsigned char c = (unsigned char)*at;
    if (c < ' ' || c == 0x7F || (c == ' ' && !reader->in_data) || reader->in_comment)
        return;
    if (c == '_' && reader->in_data && !reader->has_fh)
        add_text(reader, at, "_5F", 3);
    else
        add_text(reader, at, at, 1);
}

static const char *add_macro(struct template_reader *reader, const char *at, const char *end)
{
    char content[MACRO_MAX];
    const char *close = memmem(at, (size_t)(end - at), "}}", 2);
    if (close == NULL)
        template_fail(reader, at, "a {{ without its }}");
    else if (!text_copy_bytes(content, sizeof content, at + 2, (size_t)(close - at) - 2))
        template_fail(reader, at, "a macro of more than %d bytes", MACRO_MAX);
    else if (template_read_macro(reader, at, content))
        return close + 2;
    return NULL;
}

static bool add_data(struct template_reader *reader, const char *data, size_t length)
{
    const char *end = data + length;
    for (const char *p = data; p < end;) {
        bool macro = end - p >= 2 && p[0] == '{' && p[1] == '{';
        if (!macro)
            add_character(reader, p);
        p = macro ? add_macro(reader, p, end) : p + 1;
        if (p == NULL)
            return false;
    }
    return true;
}

static bool add_command(struct template_reader *reader, const struct zpl_command *command)
{
    reader->in_data = command->name == ZPL_FD;
    reader->in_comment = command->name == ZPL_FX;
    if (reader->in_comment) /* the printer need not have it; an {{#if}} behind it counts */
        return add_data(reader, command->data, command->length);
    if (reader->in_data && !reader->has_fh)
        add_text(reader, command->at, "^FH_", 4);
    add_text(reader, command->at, command->text, strlen(command->text));
    return add_data(reader, command->data, command->length);
}

static bool is_blank(const char *start, const char *end)
{
    while (start < end && (unsigned char)*start <= ' ')
        start++;
    return start == end;
}

bool template_read_body(struct template_reader *reader)
{
    const char *cursor = reader->body;
    struct zpl_command command = {.at = reader->end, .data = reader->body};
    bool first = true;
    while (zpl_next(&cursor, reader->end, &command)) {
        if (first && !is_blank(reader->body, command.at))
            return template_fail(reader, reader->body, "text in front of ^XA");
        first = false;
        if (!check(reader, &command) || !add_command(reader, &command))
            return false;
    }
    if (!has_seen(reader, ZPL_XZ))
        return template_fail(reader, reader->end, "the label does not end: ^XA … ^XZ");
    return is_blank(command.data, reader->end) || template_fail(reader, command.data, "text behind ^XZ");
}
