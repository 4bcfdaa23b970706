/* SPDX-License-Identifier: Apache-2.0 */
/* Tells of printers by events: printer.fault and printer.ok, once for each change that lasts. */
#ifndef DAEMON_PRINTER_NOTICE_H
#define DAEMON_PRINTER_NOTICE_H

#include "base/loop.h"

struct printer_notices;
struct printing;
struct station;

/* printing and station must outlive it. */
struct printer_notices *printer_notices_new(struct loop *loop, struct printing *printing, struct station *station);
struct printer_notices *printer_notices_free(struct printer_notices *notices);
/* A printer may have changed: call as often as you like. Accepts NULL. */
void printer_notices_changed(struct printer_notices *notices);

#endif
