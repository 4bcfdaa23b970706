/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is always there: running out ends the process (every durable fact is in the store, so a restart is safe).
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory for count × size bytes; never NULL. Free with free(). */
void *memory_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* As realloc for count × size bytes (not zeroed); never NULL. */
void *memory_resize(void *block, size_t count, size_t size) __attribute__((returns_nonnull));
/* A copy of a string; never NULL. */
char *memory_text(const char *text) __attribute__((malloc, returns_nonnull));

/* `CLEANUP(x_free_at) struct x *x = …;` calls x_free_at(&x) at the end of the block. */
#define CLEANUP(function) __attribute__((cleanup(function)))
/* For CLEANUP on anything that came from malloc. */
void memory_free_at(void *pointer_to_pointer);

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
