/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of ASK and ANSWER (docs/protocol.md). */
#ifndef DAEMON_CODEC_LOOKUP_H
#define DAEMON_CODEC_LOOKUP_H

#include "base/error.h"
#include "daemon/core/model.h"

#include <stddef.h>

struct lookup_value {
    enum ref_kind by;
    char value[VALUE_SIZE];
};

enum lookup_answer { LOOKUP_FOUND, LOOKUP_NONE, LOOKUP_UNAVAILABLE, LOOKUP_ANSWER_COUNT };

/* One line of JSON; free() it. */
char *lookup_encode(const struct lookup_value *values, size_t count);
/* ret_rma: of LOOKUP_FOUND its RMA as JSON, free() it; else NULL. ret_number: its number, "" if it has none. */
bool lookup_decode(const void *bytes, size_t length, enum lookup_answer *ret_answer, char **ret_rma,
                   char ret_number[KEY_SIZE], struct error *err) MUST_CHECK;

#endif
