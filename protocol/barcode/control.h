/* SPDX-License-Identifier: Apache-2.0 */
/* Control cards (10-domain §7): what each verb's barcode holds, and the word that people read on its card. */
#ifndef PROTOCOL_BARCODE_CONTROL_H
#define PROTOCOL_BARCODE_CONTROL_H

#include "protocol/barcode/candidate.h"

#include <stdbool.h>

#define CONTROL_PREFIX "XCTL"
#define CONTROL_SIZE sizeof("XCTLDESTRUCTB") /* the longest: prefix, word, check letter and a NUL */

struct control {
    const char *code;    /* the word in the barcode, letters of CHECKDIGIT_CONTROL_LETTERS only */
    const char *word_en; /* printed on the card; the barcode's word never is */
    const char *word_fr;
};

/* The row of a verb; NULL for VERB_NONE and numbers that are no verb. */
const struct control *control_of(enum verb verb);
/* Writes the barcode of a verb (target has CONTROL_SIZE bytes); false for VERB_NONE and numbers that are no verb. */
bool control_encode(enum verb verb, char *target);
/* The verb of a whole barcode, compared without case; VERB_NONE if it is none of ours or its check letter is wrong. */
enum verb control_decode(const char *text);

#endif
