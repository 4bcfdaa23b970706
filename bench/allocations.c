/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in front of glibc's allocator and counts. A sanitizer brings its own: then nothing is counted. */
#include "bench/bench.h"

#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
uint64_t bench_allocations(void)
{
    return 0;
}
#else
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static uint64_t count;

uint64_t bench_allocations(void)
{
    return count;
}

void *malloc(size_t size)
{
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size)
{
    count++;
    return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size)
{
    count++;
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count++;
    return __libc_memalign(alignment, size);
}
#endif
