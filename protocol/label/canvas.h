/* SPDX-License-Identifier: Apache-2.0 */
/* What the preview draws on: an SVG and a few facts of what was drawn. Only protocol/label/preview*.c and canvas.c use
 * it. */
#ifndef PROTOCOL_LABEL_CANVAS_H
#define PROTOCOL_LABEL_CANVAS_H

#include "base/buffer.h"
#include "protocol/label/preview.h"

#include <stdbool.h>
#include <stddef.h>

#define CANVAS_SOLIDS_MAX 32

struct box {
    int x, y, width, height; /* dots */
};

struct canvas {
    struct buffer *svg; /* NULL: only the report */
    struct label_preview *report;
    struct box solids[CANVAS_SOLIDS_MAX]; /* filled black areas, on which ^FR is white */
    size_t solid_count;
};

struct text_style {
    char orientation;   /* N, R, I or B: turned by 0, 90, 180, 270 degrees clockwise */
    int height, width;  /* of a character cell; width 0 = proportional to height */
    bool fixed;         /* every character has the same advance: width */
    bool from_baseline; /* ^FT: y is the baseline */
    bool reverse;
};

struct text_block {
    int width, lines, spacing; /* width 0: no block */
    char justification;        /* L, C, R or J */
};

/* Notes in the report what reaches over the edge. */
void canvas_note_box(struct canvas *canvas, const struct box *box);
/* "#000" or "#fff" for an element at box; colour is the command's, B or W. */
const char *canvas_colour(const struct canvas *canvas, const struct box *box, char colour, bool reverse);
void canvas_rectangle(struct canvas *canvas, const struct box *box, int thickness, int rounding, const char *colour);
void canvas_circle(struct canvas *canvas, const struct box *box, int thickness, const char *colour);
void canvas_diagonal(struct canvas *canvas, const struct box *box, int thickness, bool rises, const char *colour);
/* data: ASCII hexadecimal with ZPL's run-length form; rows of row_bytes. False if it is not that. */
bool canvas_bitmap(struct canvas *canvas, int x, int y, const char *data, size_t length, size_t total_bytes,
                   size_t row_bytes, bool reverse);
/* text: UTF-8 in which "\n" is a line end. */
void canvas_text(struct canvas *canvas, int x, int y, const char *text, const struct text_style *style,
                 const struct text_block *block);

#endif
