/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between {{ and }}: a field or word with filters, a length, a symbol, a fitted font, or an {{#if}}. */
#include "base/memory.h"
#include "base/text.h"
#include "protocol/label/template.h"

#include <stdio.h>
#include <string.h>

#define ARGUMENTS_MAX 6
#define LINES_MAX 9

struct macro {
    struct template_reader *reader;
    const char *at;                       /* place in the source, for messages */
    const char *arguments[ARGUMENTS_MAX]; /* the first is the macro's own word */
    size_t count;
};

/* --- values: "name|upper|cut:12" --- */

static bool read_filter(const struct macro *macro, const char *filter, struct template_value *value)
{
    int64_t cut = 0;
    if (text_equal(filter, "upper"))
        value->upper = true;
    else if (text_equal(filter, "date"))
        value->date = true;
    else if (text_equal(filter, "lines"))
        value->lines = true;
    else if (strncmp(filter, "cut:", 4) == 0 && text_to_int64(filter + 4, &cut) && cut > 0 && cut <= 1000)
        value->cut = (size_t)cut;
    else
        return template_fail(macro->reader, macro->at, "there is no filter \"%s\"", filter);
    return true;
}

static bool read_value(const struct macro *macro, const char *text, struct template_value *ret_value)
{
    char copy[TEMPLATE_PATTERN_SIZE];
    struct template_value value = {.is_word = strncmp(text, "t:", 2) == 0};
    if (!TEXT_COPY(copy, value.is_word ? text + 2 : text))
        return template_fail(macro->reader, macro->at, "\"%s\" is too long", text);
    char *rest = copy;
    const char *name = strsep(&rest, "|");
    const struct label_template *template = macro->reader->template;
    value.index = value.is_word ? template_find_word(template, name) : template_find_field(template, name);
    if (value.index == SIZE_MAX)
        return template_fail(macro->reader, macro->at, "%s \"%s\" is not declared in the header",
                             value.is_word ? "word" : "field", name);
    for (const char *filter = strsep(&rest, "|"); filter != NULL; filter = strsep(&rest, "|"))
        if (!read_filter(macro, filter, &value))
            return false;
    *ret_value = value;
    return true;
}

static bool add_value(const struct macro *macro)
{
    struct template_reader *reader = macro->reader;
    struct template_value value;
    if (!reader->in_data)
        return template_fail(reader, macro->at, "{{%s}} may only stand in field data (^FD …^FS)", macro->arguments[0]);
    if (macro->count != 1)
        return template_fail(reader, macro->at, "there is no macro \"%s\"", macro->arguments[0]);
    if (!read_value(macro, macro->arguments[0], &value))
        return false;
    if (value.lines && !reader->in_block)
        return template_fail(reader, macro->at, "|lines needs a ^FB block");
    struct node *node = template_add_node(reader, NODE_VALUE, macro->at);
    node->value = value;
    node->in_block = reader->in_block;
    return true;
}

/* --- lengths --- */

static bool add_mm(const struct macro *macro)
{
    int64_t um = 0;
    if (macro->reader->in_data || macro->reader->in_comment)
        return template_fail(macro->reader, macro->at, "a length may not stand in field data or a comment");
    if (!template_parse_mm(macro->arguments[0] + 3, &um))
        return template_fail(macro->reader, macro->at, "\"%s\" is no length in mm", macro->arguments[0]);
    template_add_node(macro->reader, NODE_MM, macro->at)->x_um = um;
    return true;
}

/* --- symbols and fitted fonts: "name value key=value…" --- */

/* One "key=value"; keys names those the macro knows: any of "x least h w lines ec". */
static bool read_argument(const struct macro *macro, const char *argument, const char *keys, struct node *node)
{
    struct {
        const char *key;
        int64_t *um;
    } lengths[] = {{"x", &node->x_um}, {"h", &node->h_um}, {"w", &node->w_um}, {"least", &node->least_um}};
    char key[8] = "", value[8] = "";
    int64_t number = 0;
    bool known = sscanf(argument, "%7[a-z]=%7[0-9.LMQH]", key, value) == 2 && strstr(keys, key) != NULL;
    for (size_t i = 0; known && i < COUNT_OF(lengths); i++)
        if (text_equal(key, lengths[i].key))
            return template_parse_mm(value, lengths[i].um) ||
                   template_fail(macro->reader, macro->at, "\"%s\" is no length in mm", argument);
    if (known && text_equal(key, "ec") && strlen(value) == 1 && strchr("LMQH", value[0]) != NULL)
        node->ec_level = value[0];
    else if (known && text_equal(key, "lines") && text_to_int64(value, &number) && number >= 1 && number <= LINES_MAX)
        node->lines = (int)number;
    else
        return template_fail(macro->reader, macro->at, "\"%s\" is not understood here", argument);
    return true;
}

static bool read_arguments(const struct macro *macro, const char *keys, struct node *node)
{
    for (size_t i = 2; i < macro->count; i++)
        if (!read_argument(macro, macro->arguments[i], keys, node))
            return false;
    return true;
}

/* Symbols and fonts stand where the next command of a field may stand. */
static bool check_place(const struct macro *macro)
{
    const struct template_reader *reader = macro->reader;
    if (!reader->field_open || !reader->from_origin || reader->in_data)
        return template_fail(reader, macro->at, "{{%s …}} stands behind ^FO", macro->arguments[0]);
    return macro->count >= 2 || template_fail(reader, macro->at, "{{%s}} needs a field", macro->arguments[0]);
}

/* Each {field} of a payload must be declared as a code: those are whole, ASCII and never empty. */
static bool check_pattern(const struct macro *macro, const char *pattern)
{
    const struct label_template *template = macro->reader->template;
    for (const char *open = strchr(pattern, '{'); open != NULL; open = strchr(open + 1, '{')) {
        char name[TEMPLATE_NAME_SIZE] = "";
        char end = '\0';
        if (sscanf(open, "{%31[a-z0-9_]%c", name, &end) != 2 || end != '}')
            return template_fail(macro->reader, macro->at, "\"%s\" has a { that does not close", pattern);
        size_t index = template_find_field(template, name);
        if (index == SIZE_MAX)
            return template_fail(macro->reader, macro->at, "field \"%s\" is not declared in the header", name);
        if (template->fields[index].type != FIELD_CODE)
            return template_fail(macro->reader, macro->at, "field \"%s\" goes into a symbol: its type is code", name);
    }
    return true;
}

static bool add_symbol(const struct macro *macro, enum symbol_kind kind)
{
    bool is_2d = symbol_is_2d(kind);
    if (!check_place(macro))
        return false;
    struct node *node = template_add_node(macro->reader, NODE_SYMBOL, macro->at);
    const char *payload = macro->arguments[1];
    size_t length = strlen(payload);
    bool quoted = length >= 2 && payload[0] == '"' && payload[length - 1] == '"';
    int used = quoted ? snprintf(node->pattern, sizeof node->pattern, "%.*s", (int)length - 2, payload + 1)
                      : snprintf(node->pattern, sizeof node->pattern, "{%s}", payload);
    if (used < 0 || (size_t)used >= sizeof node->pattern)
        return template_fail(macro->reader, macro->at, "the payload of a symbol is too long");
    node->symbol = kind;
    if (!check_pattern(macro, node->pattern) || !read_arguments(macro, is_2d ? "x w least ec" : "x w least h", node))
        return false;
    if (node->x_um == 0 || (!is_2d && node->h_um == 0))
        return template_fail(macro->reader, macro->at,
                             is_2d ? "{{%s …}} needs x=" : "{{%s …}} needs x= and h=", macro->arguments[0]);
    return true;
}

static bool add_fit(const struct macro *macro)
{
    if (!check_place(macro))
        return false;
    struct node *node = template_add_node(macro->reader, NODE_FIT, macro->at);
    node->lines = 1;
    if (!read_value(macro, macro->arguments[1], &node->value) || !read_arguments(macro, "h w lines", node))
        return false;
    if (node->h_um == 0 || node->w_um == 0)
        return template_fail(macro->reader, macro->at, "{{fit …}} needs h= and w=");
    macro->reader->in_block = macro->reader->in_block || node->lines > 1;
    return true;
}

/* --- {{#if field}}, {{#if field=a,b}}, {{/if}} --- */

static bool check_between_fields(const struct macro *macro)
{
    return !macro->reader->field_open || template_fail(macro->reader, macro->at, "{{#if}} stands around whole fields");
}

static bool add_if(const struct macro *macro)
{
    struct template_reader *reader = macro->reader;
    char name[TEMPLATE_NAME_SIZE] = "";
    if (!check_between_fields(macro))
        return false;
    if (reader->if_node != 0 || macro->count != 2)
        return template_fail(reader, macro->at, "{{#if field}} does not nest");
    struct node *node = template_add_node(reader, NODE_IF, macro->at);
    const char *equals = strchr(macro->arguments[1], '=');
    size_t length = equals != NULL ? (size_t)(equals - macro->arguments[1]) : strlen(macro->arguments[1]);
    if (!text_copy_bytes(name, sizeof name, macro->arguments[1], length) ||
        !TEXT_COPY(node->pattern, equals != NULL ? equals + 1 : ""))
        return template_fail(reader, macro->at, "\"%s\" is too long", macro->arguments[1]);
    reader->if_node = reader->template->node_count;
    return read_value(macro, name, &node->value);
}

static bool add_end_if(const struct macro *macro)
{
    struct template_reader *reader = macro->reader;
    if (!check_between_fields(macro))
        return false;
    if (reader->if_node == 0)
        return template_fail(reader, macro->at, "{{/if}} without {{#if}}");
    template_add_node(reader, NODE_END_IF, macro->at);
    reader->template->nodes[reader->if_node - 1].start = reader->template->node_count - 1;
    reader->if_node = 0;
    return true;
}

static const struct {
    const char *word;
    bool (*add)(const struct macro *macro);
} words[] = {{"fit", add_fit}, {"#if", add_if}, {"/if", add_end_if}};

/* Splits at blanks outside quotes. */
static bool split(struct macro *macro, char *content)
{
    for (char *p = content + strspn(content, " "); *p != '\0'; p += strspn(p, " ")) {
        if (macro->count == ARGUMENTS_MAX)
            return template_fail(macro->reader, macro->at, "too many words in a macro");
        macro->arguments[macro->count++] = p;
        if (*p == '"')
            p += 1 + strcspn(p + 1, "\"");
        p += strcspn(p, " ");
        if (*p != '\0')
            *p++ = '\0';
    }
    return macro->count != 0 || template_fail(macro->reader, macro->at, "an empty macro");
}

bool template_read_macro(struct template_reader *reader, const char *at, const char *content)
{
    CLEANUP(memory_free_at) char *copy = memory_text(content);
    struct macro macro = {.reader = reader, .at = at};
    enum symbol_kind kind;
    if (!split(&macro, copy))
        return false;
    if (symbol_kind_from_name(macro.arguments[0], &kind))
        return add_symbol(&macro, kind);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(macro.arguments[0], words[i].word))
            return words[i].add(&macro);
    return strncmp(macro.arguments[0], "mm:", 3) == 0 ? add_mm(&macro) : add_value(&macro);
}
