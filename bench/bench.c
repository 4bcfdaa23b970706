/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds long enough for the clock, and enough of them for a median. */
#include "bench/bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 501
#define ROUND_NS 200000

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t time_ns(size_t calls, bench_fn *run, void *context)
{
    int64_t start = now_ns();
    for (size_t i = 0; i < calls; i++)
        run(context);
    return now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static bool counts_allocations(void)
{
    uint64_t before = bench_allocations();
    void *volatile block = malloc(1);
    free(block);
    return bench_allocations() > before;
}

void bench_begin(void)
{
    printf("%-34s %10s %10s %12s\n", "", "median ns", "p99 ns", "allocations");
}

void bench_line(const char *name, const char *operation, size_t operations, bench_fn *run, void *context)
{
    static double rounds[ROUNDS];
    size_t calls = 1;
    while (time_ns(calls, run, context) < ROUND_NS)
        calls *= 2;
    uint64_t allocations = bench_allocations();
    for (size_t i = 0; i < ROUNDS; i++)
        rounds[i] = (double)time_ns(calls, run, context) / (double)(calls * operations);
    double each = (double)(bench_allocations() - allocations) / (double)(ROUNDS * calls * operations);
    qsort(rounds, ROUNDS, sizeof rounds[0], by_value);
    printf("%-34s %10.1f %10.1f ", name, rounds[ROUNDS / 2], rounds[ROUNDS * 99 / 100]);
    if (counts_allocations())
        printf("%12.3f  a %s\n", each, operation);
    else
        printf("%12s  a %s\n", "not counted", operation);
}
