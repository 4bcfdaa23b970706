/* SPDX-License-Identifier: Apache-2.0 */
/* A card is recognised by typing its keys again under every layout: under one of them it must read as printed. */
#include "protocol/hid/calibration.h"

#include "base/text.h"
#include "protocol/hid/decoder.h"
#include "protocol/hid/keymap.h"

#include <string.h>

#define FIRST '!'
#define LAST '~'
#define PART 16

void calibration_part(unsigned part, char target[CALIBRATION_SIZE])
{
    size_t length = 0;
    for (unsigned c = FIRST + part * PART; c <= LAST && length < PART; c++)
        target[length++] = (char)c;
    if (length < PART) { /* the last one has room for the space, not at its end */
        target[length++] = ' ';
        target[length++] = FIRST;
    }
    target[length] = '\0';
}

/* The card with this text, or -1. */
static int find_part(const struct scan *scan)
{
    char text[CALIBRATION_SIZE];
    for (unsigned part = 0; part < CALIBRATION_PARTS; part++) {
        calibration_part(part, text);
        if (scan->length == strlen(text) && memcmp(scan->bytes, text, scan->length) == 0)
            return (int)part;
    }
    return -1;
}

bool calibration_take(struct calibration *calibration, const struct scan *scan)
{
    struct scan other;
    uint32_t layouts = 0, parts = 0;
    for (size_t i = 0; keymap_layout(i) != NULL; i++) {
        int part = decoder_retype(scan->decoder, keymap_layout(i), &other) ? find_part(&other) : -1;
        if (part >= 0) {
            layouts |= UINT32_C(1) << i;
            parts |= UINT32_C(1) << part;
        }
    }
    if (layouts == 0)
        return false;
    bool goes_on = (calibration->layouts & layouts) != 0;
    calibration->layouts = goes_on ? calibration->layouts & layouts : layouts;
    calibration->parts = goes_on ? calibration->parts | parts : parts;
    return true;
}

const char *calibration_layout(const struct calibration *calibration, const char *current)
{
    const char *first = NULL;
    for (size_t i = 0; keymap_layout(i) != NULL; i++) {
        if ((calibration->layouts >> i & 1) == 0)
            continue;
        if (text_equal(keymap_layout(i), current))
            return current;
        first = first != NULL ? first : keymap_layout(i);
    }
    return first != NULL ? first : current;
}
