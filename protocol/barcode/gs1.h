/* SPDX-License-Identifier: Apache-2.0 */
/* GS1 element strings (GS1 General Specifications, section 7): read, checked element by element, and written again. */
#ifndef PROTOCOL_BARCODE_GS1_H
#define PROTOCOL_BARCODE_GS1_H

#include "protocol/barcode/candidate.h"
#include "protocol/barcode/gs1_ai.h"

#include <stdbool.h>
#include <stddef.h>

#define GS1_ELEMENTS_MAX 24
#define GS1_SEPARATOR '\x1D'

struct gs1_element {
    const struct gs1_ai *row;
    char ai[5];
    char value[GS1_VALUE_MAX + 1];
};

struct gs1_data {
    size_t count;
    struct gs1_element elements[GS1_ELEMENTS_MAX];
};

enum gs1_mode {
    GS1_STRICT,   /* a separator behind every value that needs one, but the last, and nowhere else */
    GS1_TOLERANT, /* superfluous separators are skipped: leading, doubled, trailing, behind pre-defined lengths */
};

enum gs1_refusal {
    GS1_OK,
    GS1_EMPTY, /* no element at all */
    GS1_UNKNOWN_AI,
    GS1_TRUNCATED, /* a value ends too early */
    GS1_TOO_LONG,  /* more than the identifier allows */
    GS1_CHARACTER, /* outside the component's character set */
    GS1_CHECK_DIGIT,
    GS1_DATE,
    GS1_CONTENT,       /* any other check of a component */
    GS1_SEPARATION,    /* a separator where GS1_STRICT allows none */
    GS1_CONTRADICTION, /* one identifier twice with different values */
    GS1_TOO_MANY,      /* more than GS1_ELEMENTS_MAX */
    GS1_REFUSAL_COUNT,
};

/* Reads an element string; *ret_data is untouched unless the answer is GS1_OK. Which identifiers go together is not
 * checked: that rule holds over all symbols of an item, not for one scan. */
enum gs1_refusal gs1_parse(enum gs1_mode mode, const char *text, size_t length, struct gs1_data *ret_data);
/* Checks one value and adds it; data is untouched unless the answer is GS1_OK. The same value twice is kept once. */
enum gs1_refusal gs1_add(struct gs1_data *data, const char *ai, const char *value, size_t length);
/* The value of an identifier, or NULL. */
const char *gs1_value(const struct gs1_data *data, const char *ai);
/* The element string, with separators only where they are needed; false (target is "") if it needs more than size. */
bool gs1_format(const struct gs1_data *data, char *target, size_t size);
/* A candidate of class GS1: gtin of 01, 03 or 8006, serial of 21, lot of 10, expiry of 17 (day 00 = the month's last),
 * sscc of 00; value is the element string, or "" where it is longer than a value may be. */
void gs1_fill_candidate(const struct gs1_data *data, struct candidate *ret_candidate);
/* The refusal as a word for CANDIDATE_REFUSED, for instance "check_digit"; "" for GS1_OK. */
const char *gs1_refusal_name(enum gs1_refusal refusal);

#endif
