/* SPDX-License-Identifier: Apache-2.0 */
/* Carriers' tracking numbers: which formats a text fits, and the number that people and orders know it by. */
#ifndef PROTOCOL_BARCODE_CARRIER_H
#define PROTOCOL_BARCODE_CARRIER_H

#include "protocol/barcode/candidate.h"
#include "protocol/barcode/checkdigit.h"

#include <stdbool.h>
#include <stddef.h>

struct carrier_format {
    const char *carrier; /* for instance "fedex"; what a candidate's detail says */
    const char *name;
    const char *pattern; /* in the language of pattern.h, with its marks */
    enum checkdigit_kind check;
    const char *prepended; /* NULL, or what the check wants in front of a serial that does not start so */
    bool needs_letter;     /* a letter in a fixed place: trusted before formats of digits only */
    bool needs_country;    /* the last two letters are a country of the UPU */
    bool drops_zeros;      /* two leading zeros of the number are padding */
};

extern const struct carrier_format carrier_table[];
extern const size_t carrier_table_count;
extern const char carrier_countries[];

#define CARRIER_CANDIDATES_MAX 12

/* True if the text, without spaces and in upper case, is of this format, its check digit and country included. */
bool carrier_fits(const struct carrier_format *format, const char *text, size_t length);

/* The formats with (or without) letters that fit a text without spaces, in upper case: first the whole text once for
 * each carrier, formats with a check digit before those without, then shorter numbers in it, longest first.
 * At most CARRIER_CANDIDATES_MAX into ret_candidates; returns how many. */
size_t carrier_candidates(bool with_letter, const char *text, size_t length, struct candidate *ret_candidates);

#endif
