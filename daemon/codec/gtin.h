/* SPDX-License-Identifier: Apache-2.0 */
/* GTINs as ERP files give them, and what spreadsheets make of them. */
#ifndef DAEMON_CODEC_GTIN_H
#define DAEMON_CODEC_GTIN_H

#include <stdbool.h>

#define GTIN_SIZE 15 /* 14 digits and a NUL */

/* Why a text is no GTIN of 8, 12, 13 or 14 digits with its check digit, as words behind "<text>: "; NULL if it is. */
const char *gtin_fault(const char *text);
/* The 14 digits of a GTIN without fault: zeros in front. */
void gtin_widen(const char *text, char target[GTIN_SIZE]);

#endif
