/* SPDX-License-Identifier: Apache-2.0 */
/* GS1 application identifiers as data: what each one holds, and how what it holds is checked. */
#ifndef PROTOCOL_BARCODE_GS1_AI_H
#define PROTOCOL_BARCODE_GS1_AI_H

#include "protocol/barcode/gs1_check.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS1_COMPONENTS_MAX 5
#define GS1_CHECKS_MAX 3
#define GS1_VALUE_MAX 90 /* characters of the longest value */

struct gs1_component {
    char set; /* 'N' digits, 'X' character set 82, 'Y' set 39, 'Z' set 64; '\0' behind the last component */
    uint8_t least, most;
    bool is_optional;
    enum gs1_check checks[GS1_CHECKS_MAX];
};

/* One row covers the identifiers from first to last, which have the same number of digits. */
struct gs1_ai {
    char first[5], last[5];
    bool is_predefined;     /* ends by its length, no separator needed */
    bool is_attribute;      /* allowed in the query of a Digital Link */
    const char *qualifiers; /* Digital Link primary keys: alternatives "22,10,21|235", "" if none; else NULL */
    const char *title;
    struct gs1_component components[GS1_COMPONENTS_MAX];
};

extern const struct gs1_ai gs1_ai_table[];
extern const size_t gs1_ai_table_count;

/* The row of the identifier that length characters start with (*ret_digits of them), or NULL. */
const struct gs1_ai *gs1_ai_find(const char *text, size_t length, size_t *ret_digits);

#endif
