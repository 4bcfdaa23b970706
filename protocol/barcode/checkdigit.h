/* SPDX-License-Identifier: Apache-2.0 */
/* Check characters of the codes a returns station meets. Pure arithmetic; a foreign character gives CHECKDIGIT_NONE. */
#ifndef PROTOCOL_BARCODE_CHECKDIGIT_H
#define PROTOCOL_BARCODE_CHECKDIGIT_H

#include <stdbool.h>
#include <stddef.h>

#define CHECKDIGIT_NONE (-1)

/* How the character behind a run of characters follows from that run. */
enum checkdigit_kind {
    CHECKDIGIT_ANY,   /* no check: every character is right */
    CHECKDIGIT_GS1,   /* modulo 10, weights 3 1 3 … from the right (GTIN, SSCC, and many carriers) */
    CHECKDIGIT_LUHN,  /* ISO/IEC 7812-1 annex B */
    CHECKDIGIT_UPS,   /* modulo 10, weights 1 2 1 … from the left; A=2, B=3, … modulo 10 */
    CHECKDIGIT_FEDEX, /* weights 1 3 7 1 … from the right, modulo 11, then modulo 10 */
    CHECKDIGIT_MOD7,  /* the number modulo 7 (DHL Express) */
    CHECKDIGIT_MOD37, /* ISO 7064 MOD 37,36: 0-9A-Z (DPD) */
    CHECKDIGIT_S10,   /* UPU S10: eight digits, weights 8 6 4 2 3 5 9 7, modulo 11 */
    CHECKDIGIT_KIND_COUNT,
};

/* The value (0–9, or 0–35 for MOD 37,36) that belongs behind length characters. Letters are upper case.
 * CHECKDIGIT_ANY has no value: CHECKDIGIT_NONE. */
int checkdigit_value(enum checkdigit_kind kind, const char *text, size_t length);
/* True if the last of the length characters is the check character of those before it. */
bool checkdigit_is_valid(enum checkdigit_kind kind, const char *text, size_t length);

/* ISO 7064 MOD 97-10 over 0-9, A-Z (10–35) and '-' (36): the two check digits as a number 02–98. */
int checkdigit_mod97(const char *text, size_t length);
/* True if the text with its two check digits leaves 1. */
bool checkdigit_mod97_is_valid(const char *text, size_t length);

/* Control cards (10-domain §7): the alphabet their letters come from, and the check letter of such a text, or '\0'. */
#define CHECKDIGIT_CONTROL_LETTERS "BCDEFGHIJKLNOPRSTUVX"
char checkdigit_control(const char *text, size_t length);

#endif
