/* SPDX-License-Identifier: Apache-2.0 */
/* The preview's text: lines broken as ^FB does, each stretched to the width that the printer's font is taken to have.
 */
#include "protocol/label/canvas.h"
#include "protocol/label/escape.h"
#include "protocol/label/font.h"

#include <string.h>

#define BASELINE_PER_MILLE 750 /* of the character cell, from its top, where capitals begin */
#define SIZE_PER_MILLE 1040    /* font size whose capitals are three quarters of the cell high */

static void append_xml(struct buffer *svg, const char *text, size_t length)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    for (const char *end = text + length; text < end; text++) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
            entity = *text == entities[i].c ? entities[i].entity : entity;
        if (entity != NULL)
            buffer_append_text(svg, entity);
        else
            buffer_append_byte(svg, (uint8_t)*text);
    }
}

static int line_width(const char *text, size_t length, const struct text_style *style)
{
    if (!style->fixed)
        return style->width == 0 ? font_width(text, length, style->height) : font_width(text, length, style->width);
    int characters = 0;
    for (const char *end = text + length; text < end; characters++)
        (void)escape_next(&text);
    return characters * style->width;
}

/* Where a box of text, width x height before it is turned, has its top left corner after that. */
static struct box turned(int x, int y, int width, int height, const struct text_style *style)
{
    bool upright = style->orientation == 'N' || style->orientation == 'I';
    struct box box = {x, y, upright ? width : height, upright ? height : width};
    int baseline = style->height * BASELINE_PER_MILLE / 1000;
    if (!style->from_baseline)
        return box;
    if (style->orientation == 'N')
        box.y -= baseline;
    else if (style->orientation == 'R')
        box.x -= height - baseline;
    else if (style->orientation == 'I')
        box.x -= width, box.y -= height - baseline;
    else
        box.x -= baseline, box.y -= width;
    return box;
}

static void open_group(struct buffer *svg, const struct box *box, char orientation)
{
    buffer_append_format(svg, "<g transform=\"translate(%d %d)",
                         box->x + (orientation == 'R' || orientation == 'I' ? box->width : 0),
                         box->y + (orientation == 'I' || orientation == 'B' ? box->height : 0));
    if (orientation != 'N')
        buffer_append_format(svg, " rotate(%d)", orientation == 'R' ? 90 : orientation == 'I' ? 180 : 270);
    buffer_append_text(svg, "\">");
}

static void draw_line(struct canvas *canvas, const char *text, size_t length, int x, int y,
                      const struct text_style *style, const char *colour)
{
    int width = line_width(text, length, style);
    if (length == 0)
        return;
    buffer_append_format(canvas->svg,
                         "<text x=\"%d\" y=\"%d\" font-size=\"%d\" textLength=\"%d\" "
                         "lengthAdjust=\"spacingAndGlyphs\" fill=\"%s\"%s>",
                         x, y + style->height * BASELINE_PER_MILLE / 1000, style->height * SIZE_PER_MILLE / 1000,
                         width > 0 ? width : 1, colour, style->fixed ? " font-family=\"monospace\"" : "");
    append_xml(canvas->svg, text, length);
    buffer_append_text(canvas->svg, "</text>");
}

static int place(const struct text_block *block, int width)
{
    int room = block->width - width;
    return block->justification == 'C' ? room / 2 : block->justification == 'R' ? room : 0;
}

/* The block's height, and how many lines it has (too many are printed over the last one). */
static int block_height(const struct text_style *style, const struct text_block *block, int lines)
{
    int shown = lines < block->lines ? lines : block->lines;
    return (shown < 1 ? 1 : shown) * (style->height + block->spacing) - block->spacing;
}

static void draw_block(struct canvas *canvas, const char *text, const struct text_style *style,
                       const struct text_block *block, const char *colour)
{
    int line = 0;
    for (const char *p = text; *p != '\0'; line++) {
        const char *start = p;
        size_t length = font_line(p, style->width != 0 ? style->width : style->height, block->width, &p);
        int row = line < block->lines ? line : block->lines - 1;
        draw_line(canvas, start, length, place(block, line_width(start, length, style)),
                  row * (style->height + block->spacing), style, colour);
    }
}

void canvas_text(struct canvas *canvas, int x, int y, const char *text, const struct text_style *style,
                 const struct text_block *block)
{
    bool is_block = block->width > 0;
    int lines = is_block ? font_count_lines(text, style->width != 0 ? style->width : style->height, block->width) : 1;
    int width = is_block ? block->width : line_width(text, strlen(text), style);
    int height = is_block ? block_height(style, block, lines) : style->height;
    struct box box = turned(x, y, width, height, style);
    if (text[0] == '\0')
        return;
    canvas_note_box(canvas, &box);
    if (lines > (is_block ? block->lines : 1)) {
        struct box over = {x, y, canvas->report->width + 1, 0};
        canvas_note_box(canvas, &over);
    }
    if (canvas->svg == NULL)
        return;
    const char *colour = canvas_colour(canvas, &box, 'B', style->reverse);
    open_group(canvas->svg, &box, style->orientation);
    if (is_block)
        draw_block(canvas, text, style, block, colour);
    else
        draw_line(canvas, text, strlen(text), 0, 0, style, colour);
    buffer_append_text(canvas->svg, "</g>");
}
