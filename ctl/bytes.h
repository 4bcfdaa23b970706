/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs without a daemon read and write: files in pieces, lines that end somewhere, bytes in JSON. */
#ifndef CTL_BYTES_H
#define CTL_BYTES_H

#include "base/buffer.h"
#include "ctl/ctl.h"

#include <stdio.h>

/* Opens a file, or standard input for "-". NULL after a complaint. Close with bytes_close. */
FILE *bytes_open(const char *path);
/* False after a complaint if reading had failed. */
bool bytes_close(FILE *file, const char *path);

enum bytes_line { BYTES_LINE, BYTES_TOO_LONG, BYTES_END };
/* The next line without its end. Of one with more than most bytes nothing is kept. The last needs no line end. */
enum bytes_line bytes_read_line(FILE *file, size_t most, struct buffer *ret_line);

/* A JSON string of any bytes: what is no UTF-8 becomes U+FFFD. */
json_t *bytes_to_json(const void *bytes, size_t length);
json_t *bytes_to_hex(const void *bytes, size_t length);
/* Two digits a byte, nothing between them; false for anything else. */
bool bytes_from_hex(const char *text, size_t length, struct buffer *ret_bytes);
/* One line of ASCII: JSON in which everything else is escaped. */
void bytes_print_json(const json_t *value);

#endif
