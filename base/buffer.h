/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes with a NUL behind it, for building labels, JSON and messages. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *data; /* NULL while empty, else length bytes and a NUL */
    size_t length;
    size_t capacity;
};

#define BUFFER_EMPTY ((struct buffer){0})

/* Frees the bytes; the buffer is empty and usable again. */
void buffer_done(struct buffer *buffer);
/* Keeps the memory, forgets the bytes. */
void buffer_clear(struct buffer *buffer);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
void buffer_append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Drops the first count bytes. */
void buffer_consume(struct buffer *buffer, size_t count);
/* The bytes as a string ("" while empty). */
const char *buffer_text(const struct buffer *buffer);

#endif
