/* SPDX-License-Identifier: Apache-2.0 */
/* Field data for ZPL: cleaned character by character, then escaped byte by byte. */
#include "protocol/label/escape.h"

#include "base/text.h"

#include <string.h>
#include <uchar.h>

#define REPLACEMENT UINT32_C(0xFFFD)
#define NO_LETTER UINT32_C(0)

/* Letters that a combining accent joins: letters[i] with the accent is joined[i]. */
static const struct accent {
    uint32_t mark;
    const char *letters;
    const char32_t *joined;
} accents[] = {
    {0x300, "AEIOUaeiou", U"ÀÈÌÒÙàèìòù"},
    {0x301, "AEIOUYaeiouyCcLlNnRrSsZz", U"ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹź"},
    {0x302, "AEIOUaeiouCcGgHhJjSsWwYy", U"ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"},
    {0x303, "ANOanoIiUu", U"ÃÑÕãñõĨĩŨũ"},
    {0x304, "AaEeIiOoUu", U"ĀāĒēĪīŌōŪū"},
    {0x306, "AaEeGgIiOoUu", U"ĂăĔĕĞğĬĭŎŏŬŭ"},
    {0x307, "CcEeGgIZz", U"ĊċĖėĠġİŻż"},
    {0x308, "AEIOUaeiouyY", U"ÄËÏÖÜäëïöüÿŸ"},
    {0x30A, "AaUu", U"ÅåŮů"},
    {0x30B, "OoUu", U"ŐőŰű"},
    {0x30C, "CcDdEeLlNnRrSsTtZz", U"ČčĎďĚěĽľŇňŘřŠšŤťŽž"},
    {0x326, "SsTt", U"ȘșȚț"},
    {0x327, "CcGgKkLlNnRrSsTt", U"ÇçĢģĶķĻļŅņŖŗŞşŢţ"},
    {0x328, "AaEeIiUu", U"ĄąĘęĮįŲų"},
};

/* Drawn by nobody, or able to hide or turn what stands around them. */
static const struct range {
    uint32_t first, last;
} dropped[] = {
    {0x0000, 0x0008}, {0x000E, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x0300, 0x036F},   {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F},   {0x3164, 0x3164},
    {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

uint32_t escape_next(const char **text)
{
    static const uint8_t first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *p = (const unsigned char *)*text;
    if (p[0] == '\0')
        return 0;
    size_t n = text_sequence(p, strnlen(*text, 4));
    *text += n != 0 ? n : 1;
    if (n == 0)
        return REPLACEMENT;
    uint32_t character = p[0] & first_bits[n];
    for (size_t i = 1; i < n; i++)
        character = character << 6 | (p[i] & 0x3F);
    return character;
}

void escape_append_character(struct buffer *ret_text, uint32_t character)
{
    static const uint8_t first_byte[] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (character < 0x80) {
        buffer_append_byte(ret_text, (uint8_t)character);
        return;
    }
    unsigned n = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    buffer_append_byte(ret_text, (uint8_t)(first_byte[n] | character >> 6 * (n - 1)));
    for (unsigned i = n - 1; i-- > 0;)
        buffer_append_byte(ret_text, (uint8_t)(0x80 | (character >> 6 * i & 0x3F)));
}

static bool is_dropped(uint32_t character)
{
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        if (character >= dropped[i].first && character <= dropped[i].last)
            return true;
    return (character & 0xFFFE) == 0xFFFE;
}

static bool is_line_end(uint32_t character)
{
    return character == '\n' || character == '\r' || character == 0x2028 || character == 0x2029;
}

static bool is_blank(uint32_t character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') || character == 0xA0 || character == 0x1680 ||
           (character >= 0x2000 && character <= 0x200A) || character == 0x202F || character == 0x205F ||
           character == 0x3000 || is_line_end(character);
}

/* letter with the accent mark as one character, or NO_LETTER. */
static uint32_t join(uint32_t letter, uint32_t mark)
{
    if (letter == NO_LETTER || letter >= 0x80)
        return NO_LETTER;
    for (size_t i = 0; i < sizeof accents / sizeof accents[0]; i++) {
        const char *place = accents[i].mark == mark ? strchr(accents[i].letters, (int)letter) : NULL;
        if (place != NULL)
            return accents[i].joined[place - accents[i].letters];
    }
    return NO_LETTER;
}

struct cleaner {
    struct buffer *out;
    size_t left;     /* characters that may still follow */
    uint32_t letter; /* the last character, already in out; accents may join it */
    uint32_t blank;  /* ' ' or '\n' seen, written before the next character; 0 none */
    bool started;
};

static void put(struct cleaner *cleaner, uint32_t character)
{
    cleaner->letter = NO_LETTER;
    if (cleaner->left == 0)
        return;
    cleaner->left--;
    escape_append_character(cleaner->out, character);
    cleaner->letter = character;
    cleaner->started = true;
}

static void put_joined(struct cleaner *cleaner, uint32_t joined)
{
    cleaner->out->length -= 1; /* the letter was ASCII */
    escape_append_character(cleaner->out, joined);
    cleaner->letter = joined;
}

static void take(struct cleaner *cleaner, uint32_t character, bool keep_lines)
{
    uint32_t joined = cleaner->blank == 0 ? join(cleaner->letter, character) : NO_LETTER;
    if (is_blank(character)) {
        bool line = keep_lines && (is_line_end(character) || cleaner->blank == '\n');
        cleaner->blank = line ? '\n' : ' ';
    } else if (joined != NO_LETTER) {
        put_joined(cleaner, joined);
    } else if (!is_dropped(character)) {
        if (cleaner->blank != 0 && cleaner->started)
            put(cleaner, cleaner->blank);
        cleaner->blank = 0;
        put(cleaner, character == REPLACEMENT ? '?' : character);
    }
}

void escape_clean(struct buffer *ret_text, const char *text, size_t max_characters, bool keep_lines)
{
    struct cleaner cleaner = {.out = ret_text, .left = max_characters};
    for (uint32_t character = escape_next(&text); character != 0; character = escape_next(&text)) {
        take(&cleaner, character, keep_lines);
        if (cleaner.left == 0 && *text != '\0' && (unsigned char)*text < 0x80)
            break; /* only an accent could still matter */
    }
}

void escape_append(struct buffer *ret_zpl, const char *text, bool in_block)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\\' && in_block) /* some firmware ends the line at "\&" whatever stands before it */
            buffer_append_text(ret_zpl, p[1] == '&' ? "_5C_5C " : "_5C_5C");
        else if (c == '\n' && in_block)
            buffer_append_text(ret_zpl, "\\&");
        else if (strchr("^~_\\", c) != NULL)
            buffer_append_format(ret_zpl, "_%02X", c);
        else if (c >= ' ' && c != 0x7F)
            buffer_append_byte(ret_zpl, c);
    }
}
