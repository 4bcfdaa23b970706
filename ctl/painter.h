/* SPDX-License-Identifier: Apache-2.0 */
/* Lines in a block: text is made harmless, cut or wrapped to the width, and coloured. */
#ifndef CTL_PAINTER_H
#define CTL_PAINTER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_GOOD,
    STYLE_TITLE,
    STYLE_OK,
    STYLE_INFO,
    STYLE_ATTENTION,
    STYLE_STOP,
    STYLE_LOST,
    STYLE_COUNT,
};

#define BLOCK_LINES_MAX 64

struct block {
    struct buffer lines[BLOCK_LINES_MAX];
    size_t count;
};

struct painter {
    int columns;
    bool colour;
    struct block *block;
    int left; /* columns left on the open line */
};

/* Opens a line in the block; beyond BLOCK_LINES_MAX the last one is taken again. */
void painter_line(struct painter *painter);
/* Adds text to the open line, cut where it ends. */
void painter_text(struct painter *painter, enum style style, const char *text);
/* Fills the open line to its end (for styles with a background). */
void painter_fill(struct painter *painter, enum style style);
/* Text over at most lines lines, broken at spaces, each opened with indent; returns the lines it took. */
int painter_wrap(struct painter *painter, enum style style, const char *indent, const char *text, int lines, bool fill);

#endif
