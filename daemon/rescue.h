/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of a scanner that is set to another keyboard layout than the station thinks: what its keys must have meant. */
#ifndef DAEMON_RESCUE_H
#define DAEMON_RESCUE_H

#include "protocol/barcode/classify.h"
#include "protocol/hid/scan.h"

#include <stdbool.h>

/* Whether a table has one of the candidates. */
typedef bool rescue_known_fn(void *context, const struct candidate *candidates, size_t count);

struct rescue_rules {
    const struct classify_rules *classify;
    rescue_known_fn *known;
    void *context;
};

/* True if the code has proof of its own: a check digit that fits, or a table that has it. */
bool rescue_is_proven(const struct rescue_rules *rules, const struct scan *scan);
/* Inside the scan's scan_fn: the name of the layout under which a scan without proof has some, and in ret_scan what it
   then says. NULL, and the scan is to be taken as it is: if there is none, or if two layouts prove different codes. */
const char *rescue_layout(const struct rescue_rules *rules, const struct scan *scan, struct scan *ret_scan);

#endif
