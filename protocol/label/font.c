/* SPDX-License-Identifier: Apache-2.0 */
/* Font 0 is a bold condensed sans serif (CG Triumvirate); its advance widths are those of Helvetica Condensed Bold. */
#include "protocol/label/font.h"

#include "protocol/label/escape.h"

#include <stdbool.h>
#include <string.h>

#define CARE_PER_MILLE 1030 /* makers differ a little */
#define LETTER_WIDTH 611    /* accented and foreign letters: as a wide capital */
#define WIDE_WIDTH 1000     /* Æ æ Œ œ, Chinese, pictures */

/* Advance widths from ' ' to '~' in thousandths of the height, measured from an independent renderer of font 0, which
   draws the hyphen as a minus sign. */
static const uint16_t widths[] = {
    250, 333, 333, 500, 500, 833, 667, 250, 333, 333, 500, 500, 333, 800, 333, 278, /* ' ' to '/' */
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 500, 500, 500, 500, /* '0' to '?' */
    833, 556, 556, 556, 611, 500, 500, 611, 611, 278, 444, 556, 500, 778, 611, 611, /* '@' to 'O' */
    556, 611, 611, 556, 500, 611, 556, 833, 556, 556, 500, 333, 250, 333, 500, 500, /* 'P' to '_' */
    333, 500, 500, 444, 500, 500, 278, 500, 500, 278, 278, 444, 278, 778, 500, 500, /* '`' to 'o' */
    500, 500, 333, 444, 278, 500, 444, 667, 444, 444, 389, 274, 250, 274, 500,      /* 'p' to '~' */
};

int font_character_width(uint32_t character)
{
    bool is_wide =
        character == 0xC6 || character == 0xE6 || character == 0x152 || character == 0x153 || character >= 0x2E80;
    int width = is_wide ? WIDE_WIDTH : LETTER_WIDTH;
    if (character >= ' ' && character <= '~')
        width = widths[character - ' '];
    return width * CARE_PER_MILLE / 1000;
}

static int to_dots(int64_t thousandths, int height)
{
    return (int)((thousandths * height + 999) / 1000);
}

int font_width(const char *text, size_t length, int height)
{
    int64_t sum = 0;
    for (const char *end = text + length; text < end && *text != '\0';)
        sum += font_character_width(escape_next(&text));
    return to_dots(sum, height);
}

int font_word_width(const char *text, int height)
{
    int widest = 0;
    for (text += strspn(text, " \n"); *text != '\0'; text += strspn(text, " \n")) {
        size_t length = strcspn(text, " \n");
        int width = font_width(text, length, height);
        widest = width > widest ? width : widest;
        text += length;
    }
    return widest;
}

size_t font_line(const char *text, int height, int width, const char **ret_next)
{
    const char *end = NULL; /* the last blank that fits */
    const char *p = text;
    for (int64_t sum = 0; *p != '\0' && *p != '\n';) {
        const char *before = p;
        uint32_t character = escape_next(&p);
        sum += font_character_width(character);
        end = character == ' ' ? before : end;
        if (to_dots(sum, height) > width && before != text && character != ' ') {
            const char *cut = end != NULL ? end : before;
            *ret_next = cut + strspn(cut, " ");
            return (size_t)(cut - text);
        }
    }
    *ret_next = *p == '\n' ? p + 1 : p;
    return (size_t)(p - text);
}

int font_count_lines(const char *text, int height, int width)
{
    int lines = 0;
    for (const char *p = text; *p != '\0'; lines++)
        (void)font_line(p, height, width, &p);
    return lines;
}
