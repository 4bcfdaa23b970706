/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a template's nodes: fields become clean, escaped data, millimetres dots, codes bitmaps that fit the label. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "protocol/label/escape.h"
#include "protocol/label/font.h"
#include "protocol/label/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FONT_DOTS_MIN 10

struct renderer {
    const struct label_template *template;
    const struct label_field *fields;
    size_t field_count;
    bool sample;
    enum template_lang lang;
    int64_t dots_per_metre;
    struct buffer *out;
    size_t start;           /* where the label begins in out */
    struct buffer value;    /* the value in hand, clean */
    const struct node *fit; /* the font of the next value, or NULL */
    int fit_height;
    struct error *err;
};

static const struct {
    int dpi;
    int64_t dots_per_metre;
} resolutions[] = {{203, 8000}, {300, 11811}, {600, 23622}};

int64_t template_dots_per_metre(int dpi)
{
    for (size_t i = 0; i < COUNT_OF(resolutions); i++)
        if (resolutions[i].dpi == dpi)
            return resolutions[i].dots_per_metre;
    return 0;
}

int template_dots(int64_t um, int64_t dots_per_metre)
{
    return (int)((um * dots_per_metre + 500000) / 1000000);
}

static int dots(const struct renderer *renderer, int64_t um)
{
    return template_dots(um, renderer->dots_per_metre);
}

/* --- values --- */

static const char *raw_field(const struct renderer *renderer, size_t index)
{
    const struct template_field *field = &renderer->template->fields[index];
    if (renderer->sample)
        return field->sample;
    for (size_t i = 0; i < renderer->field_count; i++)
        if (text_equal(renderer->fields[i].name, field->name))
            return renderer->fields[i].value != NULL ? renderer->fields[i].value : "";
    return "";
}

/* "2026-11-21…" as "21 Nov 2026"; what is no date stays as it is. */
static const char *readable_date(const char *text, enum template_lang lang, char *target, size_t size)
{
    static const char *const months[LANG_COUNT][12] = {
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
        {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
    };
    char day_text[DATE_SIZE];
    int32_t day = 0;
    int year = 0, month = 0, day_of_month = 0;
    (void)text_copy(day_text, sizeof day_text, text);
    if (!clock_parse_date(day_text, &day) || sscanf(day_text, "%d-%d-%d", &year, &month, &day_of_month) != 3)
        return text;
    snprintf(target, size, "%d %s %d", day_of_month, months[lang][month - 1], year);
    return target;
}

/* The value clean and clipped, in renderer->value. */
static const char *take_value(struct renderer *renderer, const struct template_value *value, bool keep_lines)
{
    char date[32];
    const struct label_template *template = renderer->template;
    const char *text =
        value->is_word ? template->words[value->index].text[renderer->lang] : raw_field(renderer, value->index);
    size_t max = value->is_word ? TEMPLATE_WORD_SIZE : template->fields[value->index].max_characters;
    buffer_clear(&renderer->value);
    if (value->date)
        text = readable_date(text, renderer->lang, date, sizeof date);
    escape_clean(&renderer->value, text, value->cut != 0 && value->cut < max ? value->cut : max, keep_lines);
    if (value->upper && renderer->value.length != 0)
        text_upper(renderer->value.data);
    return buffer_text(&renderer->value);
}

/* --- fitted fonts --- */

static bool fits(const struct node *node, const char *text, int height, int width, int total)
{
    int lines = font_count_lines(text, height, width);
    return font_word_width(text, height) <= width && lines <= node->lines && lines * height <= total;
}

static bool fits_at(const struct renderer *renderer, const struct node *node, int height)
{
    return fits(node, buffer_text(&renderer->value), height, dots(renderer, node->w_um), dots(renderer, node->h_um));
}

/* The largest font, at most h high in all, in which the value stands in w on its lines; never less than readable. */
static bool add_fit(struct renderer *renderer, const struct node *node)
{
    int height = dots(renderer, node->h_um);
    take_value(renderer, &node->value, false);
    while (height > FONT_DOTS_MIN && !fits_at(renderer, node, height))
        height--;
    buffer_append_format(renderer->out, "^A0N,%d,%d", height, height);
    if (node->lines > 1)
        buffer_append_format(renderer->out, "^FB%d,%d,0,L,0", dots(renderer, node->w_um), node->lines);
    renderer->fit = node;
    renderer->fit_height = height;
    return true;
}

static void drop_last_character(struct buffer *text)
{
    while (text->length > 0 && (text->data[text->length - 1] & 0xC0) == 0x80)
        text->length--;
    text->length -= text->length > 0 ? 1 : 0;
    text->data[text->length] = '\0';
}

/* What does not fit the smallest font is cut: it would stand in what is beside it, and that may be a symbol. */
static bool add_value(struct renderer *renderer, const struct node *node)
{
    take_value(renderer, &node->value, node->value.lines);
    while (renderer->fit != NULL && renderer->value.length > 0 &&
           !fits_at(renderer, renderer->fit, renderer->fit_height))
        drop_last_character(&renderer->value);
    renderer->fit = NULL;
    escape_append(renderer->out, buffer_text(&renderer->value), node->in_block);
    return true;
}

/* --- symbols --- */

/* A code is whole or refused: a clipped key is another key. */
static bool append_code(struct renderer *renderer, const struct node *node, const char *name, struct buffer *payload)
{
    const struct template_field *field = &renderer->template->fields[template_find_field(renderer->template, name)];
    const char *value = raw_field(renderer, (size_t)(field - renderer->template->fields));
    if (value[0] == '\0' || strlen(value) > field->max_characters)
        return error_set(renderer->err, ERROR_INVALID, "%s:%d: code \"%s\" has %zu characters: 1 to %zu are allowed",
                         renderer->template->path, node->line, name, strlen(value), field->max_characters);
    buffer_append_text(payload, value);
    return true;
}

static bool fill_pattern(struct renderer *renderer, const struct node *node, struct buffer *payload)
{
    for (const char *p = node->pattern; *p != '\0';) {
        char name[TEMPLATE_NAME_SIZE];
        size_t plain = strcspn(p, "{");
        buffer_append(payload, p, plain);
        p += plain;
        if (*p != '{')
            break;
        size_t length = strcspn(p + 1, "}");
        (void)text_copy_bytes(name, sizeof name, p + 1, length);
        if (!append_code(renderer, node, name, payload))
            return false;
        p += length + 2;
    }
    return true;
}

/* The ^FO that the symbol stands behind; the parser made sure that there is one. */
static void find_origin(const struct renderer *renderer, int *ret_x, int *ret_y)
{
    const char *out = renderer->out->data;
    size_t at = renderer->out->length;
    while (at > renderer->start && strncmp(out + at, "^FO", 3) != 0)
        at--;
    int x = 0, y = 0;
    (void)sscanf(out + at, "^FO%d,%d", &x, &y);
    *ret_x = x;
    *ret_y = y;
}

static bool check_room(struct renderer *renderer, const struct node *node, const struct symbol_size *size, int x, int y)
{
    int width = dots(renderer, renderer->template->width_um), height = dots(renderer, renderer->template->height_um);
    bool is_narrow = node->w_um == 0 || size->width <= dots(renderer, node->w_um);
    if (is_narrow && x >= size->quiet_x && x + size->width + size->quiet_x <= width && y >= size->quiet_y &&
        y + size->height + size->quiet_y <= height)
        return true;
    return error_set(renderer->err, ERROR_TOO_BIG,
                     "%s:%d: the symbol (%d x %d dots, quiet zone %d) at %d,%d does not fit the label (%d x %d dots)",
                     renderer->template->path, node->line, size->width, size->height, size->quiet_x, x, y, width,
                     height);
}

static void free_buffer(struct buffer *buffer)
{
    buffer_done(buffer);
}

static bool add_symbol_at(struct renderer *renderer, const struct node *node, const char *payload, int module_dots)
{
    int x = 0, y = 0;
    struct symbol_options options = {node->symbol, module_dots > 0 ? module_dots : 1, dots(renderer, node->h_um),
                                     node->ec_level};
    struct symbol_size size;
    find_origin(renderer, &x, &y);
    if (!symbol_append(&options, payload, renderer->out, &size, renderer->err))
        return error_prefix(renderer->err, "%s:%d", renderer->template->path, node->line);
    return check_room(renderer, node, &size, x, y);
}

/* The widest module from x down to least with which the symbol fits the label. */
static bool add_symbol(struct renderer *renderer, const struct node *node)
{
    CLEANUP(free_buffer) struct buffer payload = BUFFER_EMPTY;
    int module_dots = dots(renderer, node->x_um);
    int least = node->least_um > 0 ? dots(renderer, node->least_um) : module_dots;
    size_t before = renderer->out->length;
    if (!fill_pattern(renderer, node, &payload))
        return false;
    while (!add_symbol_at(renderer, node, buffer_text(&payload), module_dots)) {
        if (renderer->err->code != ERROR_TOO_BIG || --module_dots < least)
            return false;
        renderer->out->length = before;
        *renderer->err = (struct error){0};
    }
    return true;
}

/* --- the nodes --- */

static bool add_text(struct renderer *renderer, const struct node *node)
{
    buffer_append(renderer->out, renderer->template->text.data + node->start, node->length);
    return true;
}

static bool add_mm(struct renderer *renderer, const struct node *node)
{
    buffer_append_format(renderer->out, "%d", dots(renderer, node->x_um));
    return true;
}

static bool is_one_of(const char *value, const char *list)
{
    for (size_t length = 0; *list != '\0'; list += length + (list[length] == ',' ? 1 : 0)) {
        length = strcspn(list, ",");
        if (strlen(value) == length && strncmp(value, list, length) == 0)
            return true;
    }
    return false;
}

static bool is_true(struct renderer *renderer, const struct node *node)
{
    const char *value = take_value(renderer, &node->value, false);
    return renderer->sample || (node->pattern[0] != '\0' ? is_one_of(value, node->pattern) : value[0] != '\0');
}

static bool add_nothing(struct renderer *renderer, const struct node *node)
{
    (void)renderer, (void)node;
    return true;
}

static bool (*const adders[])(struct renderer *renderer, const struct node *node) = {
    [NODE_TEXT] = add_text, [NODE_VALUE] = add_value, [NODE_MM] = add_mm,          [NODE_SYMBOL] = add_symbol,
    [NODE_FIT] = add_fit,   [NODE_IF] = add_nothing,  [NODE_END_IF] = add_nothing,
};

static bool run(struct renderer *renderer)
{
    const struct label_template *template = renderer->template;
    for (size_t i = 0; i < template->node_count; i++) {
        const struct node *node = &template->nodes[i];
        if (!adders[node->kind](renderer, node))
            return false;
        if (node->kind == NODE_IF && !is_true(renderer, node))
            i = node->start;
    }
    return true;
}

bool template_render(const struct label_template *template, const struct label_options *options,
                     const struct label_field *fields, size_t field_count, bool sample, struct buffer *ret_zpl,
                     struct error *err)
{
    struct error unasked = {0};
    struct renderer renderer = {
        .template = template,
        .fields = fields,
        .field_count = field_count,
        .sample = sample,
        .lang = options->lang != NULL && text_equal(options->lang, "fr") ? LANG_FR : LANG_EN,
        .dots_per_metre = template_dots_per_metre(options->dpi),
        .out = ret_zpl,
        .start = ret_zpl->length,
        .err = err != NULL ? err : &unasked,
    };
    if (renderer.dots_per_metre == 0)
        return error_set(err, ERROR_INVALID, "label %s: there are no printers of %d dpi", template->name, options->dpi);
    bool fine = run(&renderer);
    buffer_done(&renderer.value);
    if (!fine)
        ret_zpl->length = renderer.start;
    if (!fine && ret_zpl->data != NULL)
        ret_zpl->data[ret_zpl->length] = '\0';
    return fine;
}
