/* SPDX-License-Identifier: Apache-2.0 */
/* Field data for ZPL: whatever a field holds, it prints as text and can be no command. */
#ifndef PROTOCOL_LABEL_ESCAPE_H
#define PROTOCOL_LABEL_ESCAPE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends text as clean UTF-8, at most max_characters of it: ill-formed bytes become "?", combining accents join their
   letter where Latin has one (NFC), control, bidi and zero-width characters are dropped, blanks and line ends become
   one space. With keep_lines a line end stays "\n". */
void escape_clean(struct buffer *ret_text, const char *text, size_t max_characters, bool keep_lines);
/* Appends clean text as the data of a ^FD that stands behind ^FH_: "^ ~ _ \" become _XX. In a ^FB block "\n" becomes
   "\&" and a backslash counts double, with a blank between it and an "&". */
void escape_append(struct buffer *ret_zpl, const char *text, bool in_block);
/* The character at *text, which moves behind it; U+FFFD for an ill-formed byte. 0 only at the end. */
uint32_t escape_next(const char **text);
void escape_append_character(struct buffer *ret_text, uint32_t character);

#endif
