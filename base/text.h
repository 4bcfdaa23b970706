/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded text: copies that say when they cut, UTF-8 checks, numbers that are whole or refused, escapes for logs. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies into target (size bytes, always ended by NUL); false if it was cut (at a UTF-8 boundary). */
bool text_copy(char *target, size_t size, const char *source);
#define TEXT_COPY(target, source) text_copy((target), sizeof(target), (source))
/* As text_copy for length bytes that need no NUL; stops at an embedded NUL. */
bool text_copy_bytes(char *target, size_t size, const void *source, size_t length);
/* As snprintf; false if it was cut. */
bool text_format(char *target, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define TEXT_FORMAT(target, ...) text_format((target), sizeof(target), __VA_ARGS__)
bool text_equal(const char *a, const char *b);
bool text_is_digits(const char *text);
/* True if all of the text is a decimal int64 (sign allowed); *ret_value is untouched otherwise. */
bool text_to_int64(const char *text, int64_t *ret_value);
/* True for well-formed UTF-8 without overlong forms, surrogates or code points above 10FFFFh. */
bool text_is_utf8(const void *bytes, size_t length);
/* Length (1–4) of the well-formed UTF-8 sequence that the left bytes at p begin with, or 0. left is at least 1. */
size_t text_sequence(const void *p, size_t left);
/* ASCII upper case in place. */
void text_upper(char *text);
/* Printable form of any bytes for people: controls and invalid UTF-8 become \xNN, backslash \\. Cut to size with "…".
 */
void text_escape(char *target, size_t size, const void *bytes, size_t length);

#endif
