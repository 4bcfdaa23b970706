/* SPDX-License-Identifier: Apache-2.0 */
/* A blocking script in a second thread beside a loop: the script may wait, the loop never does. */
#ifndef TESTS_SUPPORT_SCRIPT_H
#define TESTS_SUPPORT_SCRIPT_H

#include "base/loop.h"

#define SCRIPT_DEADLINE_S 60

/* Runs the loop until the script returns; an alarm ends the program if that takes SCRIPT_DEADLINE_S. Once per loop. */
void script_run(struct loop *loop, void (*script)(void));
/* Within the script: runs fn in the loop's thread and waits until it has returned. */
void script_do(void (*fn)(void));

#endif
