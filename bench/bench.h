/* SPDX-License-Identifier: Apache-2.0 */
/* Benchmarks: figures for people, never a test. bench/<name>/ is the program bench_<name>; scripts/bench runs it. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

typedef void bench_fn(void *context);

/* Prints the head of the table. */
void bench_begin(void);
/* One line of the table: the median and the 99th percentile of 501 rounds of 0.2 ms or more, and allocations, each for
   one of the operations that a call of run does. Where others use the machine, only the median says something. */
void bench_line(const char *name, const char *operation, size_t operations, bench_fn *run, void *context);
/* malloc, calloc, realloc and aligned_alloc so far, of the libraries too; always 0 in a build with sanitizers. */
uint64_t bench_allocations(void);

#endif
