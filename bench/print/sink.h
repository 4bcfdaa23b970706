/* SPDX-License-Identifier: Apache-2.0 */
/* A fast printer on loopback for benchmarks: it answers status, and tells when the last byte of each label came. */
#ifndef BENCH_PRINT_SINK_H
#define BENCH_PRINT_SINK_H

#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC, the same in every process. */
int64_t sink_now(void);
/* Serves for ever on 127.0.0.1:port (0 = any): first writes the port to `out`, then the time of each label's end, both
   as int64_t. */
void sink_serve(int out, uint16_t port) __attribute__((noreturn));

#endif
