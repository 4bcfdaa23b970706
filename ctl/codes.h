/* SPDX-License-Identifier: Apache-2.0 */
/* What a code may mean, as JSON: the candidates with their parsed fields, and every check it was put to. */
#ifndef CTL_CODES_H
#define CTL_CODES_H

#include "protocol/barcode/classify.h"

#include <jansson.h>

/* {"class", "value", …}: only the fields that there are. text is the whole code. */
json_t *codes_candidate(const struct candidate *candidate, const char *text, size_t length);
/* [{"check", "verdict"}]: of the checks whose form the code has; "ok" or the reason. aim as for classify,
   never NULL. */
json_t *codes_checks(const char *text, size_t length, const char *aim);

#endif
