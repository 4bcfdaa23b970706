/* SPDX-License-Identifier: Apache-2.0 */
/* Values for people: made harmless for a terminal, in the reader's language, cut to columns. */
#ifndef CTL_SHOW_H
#define CTL_SHOW_H

#include "base/buffer.h"

#include <jansson.h>
#include <stdbool.h>

/* Appends text with every control, format and malformed character spelled out (\x1B, \u202E), cut with "…" to columns
   terminal columns; returns the columns used. */
int show_append(struct buffer *out, const char *text, int columns);
/* The whole text made harmless; the caller frees it. */
char *show_text(const char *text);
/* Columns of text as show_append would show it. */
int show_width(const char *text);

/* A {"en", "fr"} object in lang (else in English, else its key); a string is itself; "" for anything else. */
const char *show_say(const json_t *value, const char *lang);
/* Our own word, or a word of the API ("resell"), in lang; words that are not in the table are returned as they are. */
const char *show_word(const char *word, const char *lang);
/* The string under name, or "". */
const char *show_string(const json_t *object, const char *name);

/* A scalar, a {"en", "fr"} object or a list of them as text; objects as name=value pairs. */
void show_value(struct buffer *out, json_t *value, const char *lang);
/* " name=value" for each member that is not null and not in skip (ended by NULL, may be NULL itself). */
void show_pairs(struct buffer *out, json_t *object, const char *const *skip, const char *lang);
/* Prints each member that is not null on a line of its own; a list under its name, one item a line. */
void show_members(json_t *object, const char *lang);
/* Writes the buffer and a newline to stdout and empties it. */
void show_line(struct buffer *line);

#endif
