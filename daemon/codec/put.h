/* SPDX-License-Identifier: Apache-2.0 */
/* Building JSON objects: absent values become null, so that a reader finds every name. */
#ifndef DAEMON_CODEC_PUT_H
#define DAEMON_CODEC_PUT_H

#include "daemon/core/model.h"

#include <jansson.h>

/* Takes the reference over; NULL becomes null. */
void put(json_t *object, const char *key, json_t *value);
/* "" and NULL become null. */
void put_text(json_t *object, const char *key, const char *text);
void put_number(json_t *object, const char *key, int64_t number);
/* The word of value; null if value is `none` (-1: never). */
void put_word(json_t *object, const char *key, const struct names *names, int value, int none);

#endif
