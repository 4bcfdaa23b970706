/* SPDX-License-Identifier: Apache-2.0 */
/* The preview's shapes as SVG. */
#include "protocol/label/canvas.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void canvas_note_box(struct canvas *canvas, const struct box *box)
{
    struct label_preview *report = canvas->report;
    if (box->x >= 0 && box->y >= 0 && box->x + box->width <= report->width && box->y + box->height <= report->height)
        return;
    if (report->outside++ != 0)
        return;
    report->first_outside_x = box->x;
    report->first_outside_y = box->y;
}

static bool holds(const struct box *outer, int x, int y)
{
    return x >= outer->x && x < outer->x + outer->width && y >= outer->y && y < outer->y + outer->height;
}

/* ^FR swaps black and white by dot; here a whole element takes the colour that its centre gets. */
const char *canvas_colour(const struct canvas *canvas, const struct box *box, char colour, bool reverse)
{
    bool white = colour == 'W';
    for (size_t i = 0; reverse && i < canvas->solid_count; i++)
        if (holds(&canvas->solids[i], box->x + box->width / 2, box->y + box->height / 2))
            white = !white;
    return white ? "#fff" : "#000";
}

static void note_solid(struct canvas *canvas, const struct box *box, const char *colour)
{
    if (canvas->solid_count < CANVAS_SOLIDS_MAX && colour[1] == '0')
        canvas->solids[canvas->solid_count++] = *box;
}

void canvas_rectangle(struct canvas *canvas, const struct box *box, int thickness, int rounding, const char *colour)
{
    int shorter = box->width < box->height ? box->width : box->height;
    int radius = rounding * shorter / 16;
    bool solid = 2 * thickness >= shorter;
    canvas_note_box(canvas, box);
    if (solid)
        note_solid(canvas, box, colour);
    if (canvas->svg == NULL)
        return;
    if (solid)
        buffer_append_format(canvas->svg, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\"/>",
                             box->x, box->y, box->width, box->height, radius, colour);
    else
        buffer_append_format(canvas->svg,
                             "<rect x=\"%g\" y=\"%g\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"none\" stroke=\"%s\" "
                             "stroke-width=\"%d\"/>",
                             box->x + thickness / 2.0, box->y + thickness / 2.0, box->width - thickness,
                             box->height - thickness, radius, colour, thickness);
}

void canvas_circle(struct canvas *canvas, const struct box *box, int thickness, const char *colour)
{
    double radius = box->width / 2.0;
    bool solid = 2 * thickness >= box->width;
    canvas_note_box(canvas, box);
    if (solid)
        note_solid(canvas, box, colour);
    if (canvas->svg == NULL)
        return;
    buffer_append_format(canvas->svg, "<circle cx=\"%g\" cy=\"%g\" ", box->x + radius, box->y + radius);
    if (solid)
        buffer_append_format(canvas->svg, "r=\"%g\" fill=\"%s\"/>", radius, colour);
    else
        buffer_append_format(canvas->svg, "r=\"%g\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\"/>",
                             radius - thickness / 2.0, colour, thickness);
}

void canvas_diagonal(struct canvas *canvas, const struct box *box, int thickness, bool rises, const char *colour)
{
    canvas_note_box(canvas, box);
    if (canvas->svg == NULL)
        return;
    int run = box->width - thickness;
    buffer_append_format(canvas->svg, "<path fill=\"%s\" d=\"M%d %dl%d %dh%dl%d %dz\"/>", colour, box->x,
                         rises ? box->y + box->height : box->y, run, rises ? -box->height : box->height, thickness,
                         -run, rises ? box->height : -box->height);
}

/* --- bitmaps --- */

struct bitmap {
    const char *p, *end;
    uint8_t *row, *last; /* nibbles */
    size_t row_nibbles;
};

/* g–z count in twenties, G–Y in ones; several add up. */
static size_t read_count(struct bitmap *bitmap)
{
    size_t count = 0;
    for (; bitmap->p < bitmap->end; bitmap->p++) {
        char c = *bitmap->p;
        if (c >= 'G' && c <= 'Y')
            count += (size_t)(c - 'G') + 1;
        else if (c >= 'g' && c <= 'z')
            count += ((size_t)(c - 'g') + 1) * 20;
        else
            break;
    }
    return count;
}

static int nibble_of(char c)
{
    static const char digits[] = "0123456789ABCDEFabcdef";
    const char *place = c != '\0' ? strchr(digits, c) : NULL;
    if (place == NULL)
        return -1;
    return (int)(place - digits) - (place - digits >= 16 ? 6 : 0);
}

static bool fill(struct bitmap *bitmap, size_t *used, uint8_t nibble, size_t count)
{
    if (count > bitmap->row_nibbles - *used)
        return false;
    memset(bitmap->row + *used, nibble, count);
    *used += count;
    return true;
}

/* Reads one row; false at bad data. */
static bool read_row(struct bitmap *bitmap)
{
    size_t used = 0;
    while (used < bitmap->row_nibbles) {
        size_t count = read_count(bitmap);
        if (bitmap->p == bitmap->end)
            return false;
        char c = *bitmap->p++;
        int nibble = nibble_of(c);
        if (c == ':' && used == 0 && count == 0)
            return true; /* row still is the row before */
        bool rest = (c == ',' || c == '!') && count == 0;
        if (rest ? !fill(bitmap, &used, c == '!' ? 15 : 0, bitmap->row_nibbles - used)
                 : nibble < 0 || !fill(bitmap, &used, (uint8_t)nibble, count != 0 ? count : 1))
            return false;
    }
    return true;
}

/* Bars of equal rows, from row top on, as closed paths. */
static void draw_rows(struct canvas *canvas, const struct bitmap *bitmap, int x, int y, int height)
{
    size_t dots = bitmap->row_nibbles * 4;
    for (size_t i = 0; i < dots;) {
        size_t start = i;
        while (i < dots && (bitmap->last[i / 4] & 8 >> i % 4) != 0)
            i++;
        if (i > start)
            buffer_append_format(canvas->svg, "M%d %dh%zuv%dh-%zuz", x + (int)start, y, i - start, height, i - start);
        else
            i++;
    }
}

/* The rows of a bitmap, equal neighbours drawn as one. */
static bool draw_bitmap(struct canvas *canvas, struct bitmap *bitmap, int x, int y, int rows)
{
    int top = 0;
    for (int row = 0; row < rows; row++) {
        if (!read_row(bitmap))
            return false;
        bool same = row != 0 && memcmp(bitmap->row, bitmap->last, bitmap->row_nibbles) == 0;
        if (!same && canvas->svg != NULL)
            draw_rows(canvas, bitmap, x, y + top, row - top);
        if (!same)
            top = row;
        memcpy(bitmap->last, bitmap->row, bitmap->row_nibbles);
    }
    if (canvas->svg != NULL)
        draw_rows(canvas, bitmap, x, y + top, rows - top);
    return bitmap->p == bitmap->end;
}

bool canvas_bitmap(struct canvas *canvas, int x, int y, const char *data, size_t length, size_t total_bytes,
                   size_t row_bytes, bool reverse)
{
    if (row_bytes == 0 || row_bytes > 4096 || total_bytes % row_bytes != 0 || total_bytes > 1U << 24)
        return false;
    CLEANUP(memory_free_at) uint8_t *rows = memory_new(row_bytes, 4);
    struct bitmap bitmap = {data, data + length, rows, rows + 2 * row_bytes, 2 * row_bytes};
    /* The last byte's dots beyond the drawing are white: a little may reach over the edge. */
    struct box box = {x, y, (int)row_bytes * 8 - 7, (int)(total_bytes / row_bytes)};
    canvas_note_box(canvas, &box);
    if (canvas->svg != NULL)
        buffer_append_format(canvas->svg, "<path fill=\"%s\" d=\"", canvas_colour(canvas, &box, 'B', reverse));
    bool fine = draw_bitmap(canvas, &bitmap, x, y, box.height);
    if (canvas->svg != NULL)
        buffer_append_text(canvas->svg, "\"/>");
    return fine;
}
