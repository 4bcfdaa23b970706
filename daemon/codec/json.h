/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one JSON text that is not trusted: bounded, strict, with the line of the fault. */
#ifndef DAEMON_CODEC_JSON_H
#define DAEMON_CODEC_JSON_H

#include "base/buffer.h"
#include "base/error.h"

#include <jansson.h>

#define JSON_TEXT_MAX ((size_t)1 << 20) /* bytes of one object */

/* Parses exactly one value. Refused: over JSON_TEXT_MAX bytes, names given twice, NUL, invalid UTF-8, numbers beyond
   int64, nesting over 2,048. first_line is the line number of the first byte, for the message. NULL on failure. */
json_t *json_read(const void *bytes, size_t length, long first_line, struct error *err) MUST_CHECK;
/* Appends the compact text of json with its names in order: equal values give equal bytes. */
void json_write(const json_t *json, struct buffer *buffer);
/* For CLEANUP: json_decref of *pointer_to_json. */
void json_free_at(json_t **pointer_to_json);

#endif
