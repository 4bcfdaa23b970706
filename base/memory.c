/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is always there, or the process ends with a message. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void)
{
    fputs("<2>out of memory\n", stderr);
    abort();
}

void *memory_new(size_t count, size_t size)
{
    void *block = calloc(count != 0 ? count : 1, size);
    if (block == NULL)
        out_of_memory();
    return block;
}

void *memory_resize(void *block, size_t count, size_t size)
{
    void *moved = reallocarray(block, count != 0 ? count : 1, size);
    if (moved == NULL)
        out_of_memory();
    return moved;
}

char *memory_text(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        out_of_memory();
    return copy;
}

void memory_free_at(void *pointer_to_pointer)
{
    void *block;
    memcpy(&block, pointer_to_pointer, sizeof block);
    free(block);
}
