/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal as a screen of our own, given back as it was. There is one. */
#ifndef CTL_TERMINAL_H
#define CTL_TERMINAL_H

#include "ctl/screen.h"

/* False if stdout is no terminal. Until terminal_close: alternate screen, no cursor, keys without echo or Enter. */
bool terminal_open(void);
void terminal_close(void);
void terminal_size(int *ret_columns, int *ret_rows);
/* Writes the lines that changed, in one go. */
void terminal_draw(const struct screen *screen);
/* The next terminal_draw writes everything (the size changed). */
void terminal_forget(void);
void terminal_bell(void);

#endif
