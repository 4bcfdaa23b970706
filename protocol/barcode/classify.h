/* SPDX-License-Identifier: Apache-2.0 */
/* From the bytes of one scan to an ordered list of what they may mean; the first that the database knows is right. */
#ifndef PROTOCOL_BARCODE_CLASSIFY_H
#define PROTOCOL_BARCODE_CLASSIFY_H

#include "protocol/barcode/candidate.h"

#include <stdbool.h>
#include <stddef.h>

#define CLASSIFY_RULES 8
#define CLASSIFY_PATTERN_SIZE 48
#define CLASSIFY_BYTES_MAX 4096

/* What a station configures; "" ends or skips. Patterns are written in the language of pattern.h, for instance
 * "RMA-####-#####" or "luhn:R#{9}"; check them with pattern_is_valid. */
struct classify_rules {
    char rma_patterns[CLASSIFY_RULES][CLASSIFY_PATTERN_SIZE];
    char order_patterns[CLASSIFY_RULES][CLASSIFY_PATTERN_SIZE];
    /* "carrier=pattern" for carriers without a check digit of their own, for instance "colissimo=#@#{11}". */
    char tracking_patterns[CLASSIFY_RULES][CLASSIFY_PATTERN_SIZE];
};

void classify_default_rules(struct classify_rules *rules);

/* aim is the AIM identifier ("]C1") or "" or NULL. ret_candidates has room for CANDIDATES_MAX; at least one is written.
 * Order: our own codes (alone, right or refused), GS1, ISO 15434, GS1 Digital Link, RMA, order, letter-led carriers'
 * numbers, GTIN (and GS1 data that nothing announced), digit-only carriers' numbers, the whole text (detail "imei"
 * where it may be one). Where a barcode is longer than the carrier's number, both are given, the longest first; they
 * have no spaces. RMA, order and text are as scanned, but for spaces around them.
 * CANDIDATE_REFUSED says why nothing better was found: "empty", "unreadable" (not UTF-8, or control characters),
 * "too_long", "check_digit", "generation", or a reason of gs1.h, digital_link.h or iso15434.h; its value is for people
 * to read (cut, controls escaped). It stands before CANDIDATE_TEXT, which is last wherever the text is short enough and
 * has no separators that nobody could read. */
size_t classify(const struct classify_rules *rules, const void *bytes, size_t length, const char *aim,
                struct candidate *ret_candidates);
/* True for the AIM identifiers that announce GS1 data: ]C1 ]e0 ]d2 ]Q3 ]J1. */
bool classify_aim_is_gs1(const char *aim);

#endif
