/* SPDX-License-Identifier: Apache-2.0 */
/* base/loop.h on a clock that only this file moves: where nothing is ready, the time is at once that of the next timer.
   Linked in front of the real loop, with -Wl,--wrap=clock_read; descriptors are real. */
#ifndef TESTS_SPOOL_VIRTUAL_LOOP_H
#define TESTS_SPOOL_VIRTUAL_LOOP_H

#include "base/loop.h"

#include <stdbool.h>

/* One thing that is ready, or a step of the clock to the next timer, at most to `until`; false once it is there. */
bool virtual_step(struct loop *loop, int64_t until);
int64_t virtual_tick(void);

#endif
