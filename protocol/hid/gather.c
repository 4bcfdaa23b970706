/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the characters of one scan, then trims and delivers them. */
#include "protocol/hid/gather.h"

#include <string.h>

enum control { CONTROL_EOT = 0x04, CONTROL_FS = 0x1C, CONTROL_GS = 0x1D, CONTROL_RS = 0x1E, CONTROL_US = 0x1F };

static void start(struct gather *gather)
{
    gather->scan.length = gather->scan.total = 0;
    gather->scan.aim[0] = '\0';
    gather->deadline = INT64_MAX;
}

void gather_init(struct gather *gather, const struct gather_rules *rules)
{
    *gather = (struct gather){.rules = *rules};
    start(gather);
}

static bool is_kept(uint32_t character)
{
    static const uint32_t controls = 1U << CONTROL_EOT | 1U << CONTROL_FS | 1U << CONTROL_GS | 1U << CONTROL_RS |
                                     1U << CONTROL_US;
    return character >= 0x20 || (controls >> character & 1) != 0;
}

/* Once something did not fit, nothing behind it is kept: a hole in the middle would look like a whole code. */
static void append(struct gather *gather, const uint8_t *bytes, size_t count)
{
    struct scan *scan = &gather->scan;
    if (scan->length == scan->total && count <= SCAN_BYTES_MAX - scan->length) {
        memcpy(scan->bytes + scan->length, bytes, count);
        scan->length += count;
    }
    scan->total += count;
}

void gather_byte(struct gather *gather, uint8_t byte)
{
    if (is_kept(byte))
        append(gather, &byte, 1);
    else
        gather->dropped++;
}

static size_t encode(uint32_t character, uint8_t *target)
{
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = count; i > 1; i--, character >>= 6)
        target[i - 1] = (uint8_t)(0x80 | (character & 0x3F));
    target[0] = (uint8_t)(leads[count] | character);
    return count;
}

void gather_character(struct gather *gather, uint32_t character)
{
    bool is_c1 = character >= 0x80 && character < 0xA0;
    bool is_surrogate = character >= 0xD800 && character < 0xE000;
    uint8_t bytes[4];
    if (character == 0)
        return;
    if (!is_kept(character) || is_c1 || is_surrogate || character > 0x10FFFF)
        gather->dropped++;
    else
        append(gather, bytes, encode(character, bytes));
}

static void cut_front(struct scan *scan, size_t count)
{
    memmove(scan->bytes, scan->bytes + count, scan->length - count);
    scan->length -= count;
    scan->total -= count;
}

static void strip_prefix(struct scan *scan, const char *prefix)
{
    size_t count = strlen(prefix);
    if (scan->length >= count && memcmp(scan->bytes, prefix, count) == 0)
        cut_front(scan, count);
}

static void strip_suffix(struct scan *scan, const char *suffix)
{
    size_t count = strlen(suffix);
    if (scan->length >= count && memcmp(scan->bytes + scan->length - count, suffix, count) == 0) {
        scan->length -= count;
        scan->total -= count;
    }
}

static bool is_letter_or_digit(uint8_t byte, bool digits_too)
{
    uint8_t lower = byte | 0x20;
    return (lower >= 'a' && lower <= 'z') || (digits_too && byte >= '0' && byte <= '9');
}

static void take_aim(struct scan *scan)
{
    if (scan->aim[0] != '\0' || scan->length < 3 || scan->bytes[0] != ']' ||
        !is_letter_or_digit(scan->bytes[1], false) || !is_letter_or_digit(scan->bytes[2], true))
        return;
    memcpy(scan->aim, scan->bytes, 3);
    scan->aim[3] = '\0';
    cut_front(scan, 3);
}

static void replace_stand_ins(struct scan *scan, const char *text)
{
    size_t count = strlen(text), to = 0;
    if (count == 0)
        return;
    for (size_t from = 0; from < scan->length; to++) {
        bool found = scan->length - from >= count && memcmp(scan->bytes + from, text, count) == 0;
        scan->bytes[to] = found ? CONTROL_GS : scan->bytes[from];
        from += found ? count : 1;
    }
    scan->length = scan->total = to;
}

static void trim(struct gather *gather)
{
    struct scan *scan = &gather->scan;
    if (scan->length != scan->total)
        return; /* too long: refused anyway, and its end is not here */
    strip_prefix(scan, gather->rules.prefix);
    strip_suffix(scan, gather->rules.suffix);
    if (gather->rules.strip_aim)
        take_aim(scan);
    replace_stand_ins(scan, gather->rules.gs_text);
}

void gather_finish(struct gather *gather)
{
    trim(gather);
    gather->scan.bytes[gather->scan.length] = '\0';
    if (gather->scan.total != 0)
        gather->fn(gather->context, &gather->scan);
    start(gather);
}
