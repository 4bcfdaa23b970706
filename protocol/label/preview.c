/* SPDX-License-Identifier: Apache-2.0 */
/* ZPL to SVG: one small handler for each allowed command, a table, and the state of the field in hand. */
#include "protocol/label/preview.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/label/canvas.h"
#include "protocol/label/command.h"
#include "protocol/label/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMETERS_MAX 6
#define NUMBER_MAX 32000 /* ZPL's own limit */

struct picture {
    struct canvas canvas;
    int dpi;
    int x, y; /* of the field in hand */
    struct text_style font, default_font;
    struct text_block block;
    char hexadecimal;   /* ^FH's indicator, or 0 */
    struct buffer text; /* ^FD's data, decoded */
};

typedef bool handler_fn(struct picture *picture, const struct zpl_command *command);

/* --- parameters: "12,3,B" --- */

/* The place of parameter index, or NULL; *ret_length is its length. */
static const char *parameter(const struct zpl_command *command, size_t index, size_t *ret_length)
{
    const char *p = command->data, *end = command->data + command->length;
    for (; index > 0 && p < end; p++)
        index -= *p == ',' ? 1 : 0;
    if (index > 0 || p >= end)
        return NULL;
    const char *comma = memchr(p, ',', (size_t)(end - p));
    *ret_length = (size_t)((comma != NULL ? comma : end) - p);
    return *ret_length != 0 ? p : NULL;
}

static int number(const struct zpl_command *command, size_t index, int otherwise)
{
    char digits[8];
    size_t length = 0;
    int64_t value = 0;
    const char *p = parameter(command, index, &length);
    if (p == NULL || !text_copy_bytes(digits, sizeof digits, p, length) || !text_to_int64(digits, &value))
        return otherwise;
    return value > NUMBER_MAX ? NUMBER_MAX : value < -NUMBER_MAX ? -NUMBER_MAX : (int)value;
}

static char letter(const struct zpl_command *command, size_t index, char otherwise)
{
    size_t length = 0;
    const char *p = parameter(command, index, &length);
    return p != NULL ? *p : otherwise;
}

/* --- the label --- */

static bool do_nothing(struct picture *picture, const struct zpl_command *command)
{
    (void)picture, (void)command;
    return true;
}

static bool set_width(struct picture *picture, const struct zpl_command *command)
{
    picture->canvas.report->width = number(command, 0, 0);
    return true;
}

static bool set_length(struct picture *picture, const struct zpl_command *command)
{
    picture->canvas.report->height = number(command, 0, 0);
    return true;
}

static bool set_home(struct picture *picture, const struct zpl_command *command)
{
    (void)picture;
    return number(command, 0, 0) == 0 && number(command, 1, 0) == 0;
}

/* Shifts of the whole label do not show. */
static bool set_shift(struct picture *picture, const struct zpl_command *command)
{
    (void)picture;
    return number(command, 0, 0) == 0;
}

static bool set_rotation(struct picture *picture, const struct zpl_command *command)
{
    picture->default_font.orientation = letter(command, 0, 'N');
    return true;
}

/* --- the field --- */

static bool set_place(struct picture *picture, const struct zpl_command *command)
{
    picture->x = number(command, 0, 0);
    picture->y = number(command, 1, 0);
    picture->font = picture->default_font;
    picture->font.from_baseline = command->name == ZPL_FT;
    picture->font.reverse = false;
    picture->block = (struct text_block){.width = 0};
    picture->hexadecimal = '\0';
    buffer_clear(&picture->text);
    return true;
}

static const struct bitmap_font {
    char name;
    int height, advance;
} bitmap_fonts[] = {{'A', 9, 6},   {'B', 11, 9},  {'C', 18, 12}, {'D', 18, 12},
                    {'E', 28, 20}, {'F', 26, 16}, {'G', 60, 48}, {'H', 21, 19}};

/* Bitmap fonts come in whole multiples; every other name is taken for scalable font 0. */
static void choose_font(struct text_style *style, char name, int height, int width)
{
    style->fixed = false;
    style->height = height;
    style->width = width;
    for (size_t i = 0; i < COUNT_OF(bitmap_fonts); i++)
        if (bitmap_fonts[i].name == name) {
            int times = (height + bitmap_fonts[i].height / 2) / bitmap_fonts[i].height;
            times = times < 1 ? 1 : times > 10 ? 10 : times;
            *style = (struct text_style){style->orientation,
                                         times * bitmap_fonts[i].height,
                                         times * bitmap_fonts[i].advance,
                                         true,
                                         style->from_baseline,
                                         style->reverse};
        }
}

/* ^A0N,h,w: data begins with the font's name and the orientation. */
static bool set_font(struct picture *picture, const struct zpl_command *command)
{
    char name = command->length > 0 ? command->data[0] : '0';
    char orientation = command->length > 1 ? command->data[1] : ',';
    if (orientation != ',' && orientation != ' ')
        picture->font.orientation = orientation;
    choose_font(&picture->font, name, number(command, 1, picture->default_font.height), number(command, 2, 0));
    return strchr("NRIB", picture->font.orientation) != NULL;
}

static bool set_default_font(struct picture *picture, const struct zpl_command *command)
{
    choose_font(&picture->default_font, letter(command, 0, 'A'), number(command, 1, 9), number(command, 2, 0));
    return true;
}

static bool set_block(struct picture *picture, const struct zpl_command *command)
{
    picture->block = (struct text_block){.width = number(command, 0, 0),
                                         .lines = number(command, 1, 1),
                                         .spacing = number(command, 2, 0),
                                         .justification = letter(command, 3, 'L')};
    return picture->block.width > 0 && picture->block.lines > 0 && number(command, 4, 0) == 0;
}

static bool set_hexadecimal(struct picture *picture, const struct zpl_command *command)
{
    picture->hexadecimal = command->length > 0 ? command->data[0] : '_';
    return true;
}

static bool set_reverse(struct picture *picture, const struct zpl_command *command)
{
    (void)command;
    picture->font.reverse = true;
    return true;
}

static int hexadecimal_at(const char *p, const char *end)
{
    char digits[3] = {0};
    if (end - p < 2 || strspn(p, "0123456789abcdefABCDEF") < 2)
        return -1;
    memcpy(digits, p, 2);
    return (int)strtol(digits, NULL, 16);
}

/* In a block "\&" is a line end and "\\" a backslash; that is read after ^FH. */
static void unescape_block(struct buffer *text)
{
    size_t used = 0;
    for (size_t i = 0; i < text->length; i++) {
        bool escape = text->data[i] == '\\' && i + 1 < text->length && strchr("&\\", text->data[i + 1]) != NULL;
        i += escape ? 1 : 0;
        text->data[used++] = escape && text->data[i] == '&' ? '\n' : text->data[i];
    }
    text->length = used;
    buffer_append(text, "", 0);
}

static bool take_data(struct picture *picture, const struct zpl_command *command)
{
    const char *end = command->data + command->length;
    buffer_clear(&picture->text);
    for (const char *p = command->data; p < end; p++) {
        int byte = *p == picture->hexadecimal && *p != '\0' ? hexadecimal_at(p + 1, end) : -1;
        buffer_append_byte(&picture->text, byte >= 0 ? (uint8_t)byte : (uint8_t)*p);
        p += byte >= 0 ? 2 : 0;
    }
    if (picture->block.width > 0)
        unescape_block(&picture->text);
    return true;
}

static bool end_field(struct picture *picture, const struct zpl_command *command)
{
    (void)command;
    struct buffer clean = BUFFER_EMPTY;
    escape_clean(&clean, buffer_text(&picture->text), SIZE_MAX, picture->block.width > 0);
    canvas_text(&picture->canvas, picture->x, picture->y, buffer_text(&clean), &picture->font, &picture->block);
    buffer_done(&clean);
    buffer_clear(&picture->text);
    return true;
}

/* --- graphics --- */

static int at_least(int value, int minimum)
{
    return value > minimum ? value : minimum;
}

static bool draw_box(struct picture *picture, const struct zpl_command *command)
{
    int thickness = at_least(number(command, 2, 1), 1);
    struct box box = {picture->x, picture->y, at_least(number(command, 0, thickness), thickness),
                      at_least(number(command, 1, thickness), thickness)};
    const char *colour = canvas_colour(&picture->canvas, &box, letter(command, 3, 'B'), picture->font.reverse);
    canvas_rectangle(&picture->canvas, &box, thickness, number(command, 4, 0), colour);
    return true;
}

static bool draw_circle(struct picture *picture, const struct zpl_command *command)
{
    int diameter = at_least(number(command, 0, 3), 3);
    struct box box = {picture->x, picture->y, diameter, diameter};
    const char *colour = canvas_colour(&picture->canvas, &box, letter(command, 2, 'B'), picture->font.reverse);
    canvas_circle(&picture->canvas, &box, at_least(number(command, 1, 1), 1), colour);
    return true;
}

static bool draw_diagonal(struct picture *picture, const struct zpl_command *command)
{
    int thickness = at_least(number(command, 2, 1), 1);
    struct box box = {picture->x, picture->y, at_least(number(command, 0, thickness), thickness),
                      at_least(number(command, 1, thickness), thickness)};
    const char *colour = canvas_colour(&picture->canvas, &box, letter(command, 3, 'B'), picture->font.reverse);
    char direction = letter(command, 4, 'R');
    canvas_diagonal(&picture->canvas, &box, thickness, direction == 'R' || direction == '/', colour);
    return true;
}

static bool draw_bitmap(struct picture *picture, const struct zpl_command *command)
{
    size_t length = 0;
    const char *data = parameter(command, 4, &length);
    int total = number(command, 2, 0), row = number(command, 3, 0);
    char digits[12] = "";
    int64_t bytes = 0;
    const char *p = parameter(command, 2, &length);
    if (letter(command, 0, 'B') != 'A' || data == NULL || total <= 0 || row <= 0 ||
        !text_copy_bytes(digits, sizeof digits, p, length) || !text_to_int64(digits, &bytes))
        return false;
    return canvas_bitmap(&picture->canvas, picture->x, picture->y, data,
                         (size_t)(command->data + command->length - data), (size_t)bytes, (size_t)row,
                         picture->font.reverse);
}

static handler_fn *const handlers[ZPL_OTHER] = {
    [ZPL_XA] = do_nothing,       [ZPL_XZ] = do_nothing,    [ZPL_CI] = do_nothing,      [ZPL_PW] = set_width,
    [ZPL_LL] = set_length,       [ZPL_LH] = set_home,      [ZPL_LS] = set_shift,       [ZPL_LT] = set_shift,
    [ZPL_FO] = set_place,        [ZPL_FT] = set_place,     [ZPL_FW] = set_rotation,    [ZPL_A] = set_font,
    [ZPL_CF] = set_default_font, [ZPL_FB] = set_block,     [ZPL_FH] = set_hexadecimal, [ZPL_FD] = take_data,
    [ZPL_FS] = end_field,        [ZPL_FR] = set_reverse,   [ZPL_FX] = do_nothing,      [ZPL_GB] = draw_box,
    [ZPL_GC] = draw_circle,      [ZPL_GD] = draw_diagonal, [ZPL_GF] = draw_bitmap,     [ZPL_PQ] = do_nothing,
    [ZPL_PO] = do_nothing,       [ZPL_MD] = do_nothing,    [ZPL_PR] = do_nothing,
};

static void run(struct picture *picture, const struct zpl_command *command)
{
    struct label_preview *report = picture->canvas.report;
    if (command->name != ZPL_OTHER && handlers[command->name](picture, command))
        return;
    if (report->unsupported++ == 0)
        TEXT_COPY(report->first_unsupported, command->text);
}

/* The size stands in the label itself, in front of its first field: a first pass reads it. */
static void read_size(struct picture *picture, const char *zpl, const char *end)
{
    struct zpl_command command;
    for (const char *cursor = zpl; zpl_next(&cursor, end, &command);)
        if (command.name == ZPL_PW || command.name == ZPL_LL)
            (void)handlers[command.name](picture, &command);
}

static void open_svg(const struct picture *picture)
{
    const struct label_preview *report = picture->canvas.report;
    double dots_per_mm = picture->dpi == 203 ? 8.0 : picture->dpi / 25.4;
    buffer_append_format(picture->canvas.svg,
                         "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%.1fmm\" "
                         "height=\"%.1fmm\" font-weight=\"bold\" font-family=\"'Roboto Condensed','Arial Narrow',"
                         "'Liberation Sans Narrow',Arial,sans-serif\" shape-rendering=\"crispEdges\">"
                         "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>",
                         report->width, report->height, report->width / dots_per_mm, report->height / dots_per_mm,
                         report->width, report->height);
}

void label_preview(const char *zpl, size_t length, int dpi, struct buffer *ret_svg, struct label_preview *ret_preview)
{
    struct picture picture = {.canvas = {.svg = ret_svg, .report = ret_preview}, .dpi = dpi > 0 ? dpi : 203};
    struct zpl_command command;
    *ret_preview = (struct label_preview){0};
    picture.default_font = (struct text_style){.orientation = 'N', .height = 9, .width = 6, .fixed = true};
    picture.font = picture.default_font;
    read_size(&picture, zpl, zpl + length);
    if (ret_svg != NULL)
        open_svg(&picture);
    for (const char *cursor = zpl; zpl_next(&cursor, zpl + length, &command);)
        run(&picture, &command);
    if (ret_svg != NULL)
        buffer_append_text(ret_svg, "</svg>\n");
    buffer_done(&picture.text);
}
