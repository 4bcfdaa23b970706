/* SPDX-License-Identifier: Apache-2.0 */
/* Columns are counted here, so that nothing above has to know how wide a character is. */
#include "ctl/painter.h"

#include "base/memory.h"
#include "ctl/show.h"

#include <stdlib.h>
#include <string.h>

static const char *const codes[STYLE_COUNT] = {
    [STYLE_PLAIN] = "",
    [STYLE_BOLD] = "\033[1m",
    [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m",
    [STYLE_TITLE] = "\033[7m",
    [STYLE_OK] = "\033[1;30;42m",
    [STYLE_INFO] = "\033[1;97;44m",
    [STYLE_ATTENTION] = "\033[1;30;43m",
    [STYLE_STOP] = "\033[1;97;41m",
    [STYLE_LOST] = "\033[1;97;45m",
};

static struct buffer *open_line(const struct painter *painter)
{
    return &painter->block->lines[painter->block->count - 1];
}

void painter_line(struct painter *painter)
{
    if (painter->block->count < BLOCK_LINES_MAX)
        painter->block->count++;
    buffer_clear(open_line(painter));
    painter->left = painter->columns;
}

static void set_style(struct painter *painter, enum style style, bool on)
{
    if (painter->colour && style != STYLE_PLAIN)
        buffer_append_text(open_line(painter), on ? codes[style] : "\033[0m");
}

void painter_text(struct painter *painter, enum style style, const char *text)
{
    if (painter->left <= 0 || text[0] == '\0')
        return;
    set_style(painter, style, true);
    painter->left -= show_append(open_line(painter), text, painter->left);
    set_style(painter, style, false);
}

void painter_fill(struct painter *painter, enum style style)
{
    set_style(painter, style, true);
    for (; painter->left > 0; painter->left--)
        buffer_append_byte(open_line(painter), ' ');
    set_style(painter, style, false);
}

/* Bytes of text (harmless already) that fit into columns, up to a space if there is one; at least one character. */
static size_t break_at(char *text, int columns)
{
    size_t best = 0, length = strlen(text);
    for (size_t i = 1; i <= length; i++) {
        if (i < length && ((unsigned char)text[i] & 0xC0) == 0x80)
            continue;
        char saved = text[i];
        text[i] = '\0';
        bool fits = show_width(text) <= columns;
        text[i] = saved;
        if (!fits && best > 0)
            return best;
        if (!fits)
            return i;
        if (saved == ' ' || saved == '\0')
            best = i;
    }
    return length;
}

int painter_wrap(struct painter *painter, enum style style, const char *indent, const char *text, int lines, bool fill)
{
    CLEANUP(memory_free_at) char *harmless = show_text(text);
    char *rest = harmless;
    int used = 0;
    while (used < lines && (*rest != '\0' || used == 0)) {
        painter_line(painter);
        painter_text(painter, style, indent);
        size_t length = ++used < lines ? break_at(rest, painter->left) : strlen(rest);
        char saved = rest[length];
        rest[length] = '\0';
        painter_text(painter, style, rest);
        rest[length] = saved;
        rest += length;
        rest += strspn(rest, " ");
        if (fill)
            painter_fill(painter, style);
    }
    return used;
}
