/* SPDX-License-Identifier: Apache-2.0 */
/* The scanners of a station: each configured one is attached, its scans go to its lane. */
#ifndef DAEMON_SCANNING_H
#define DAEMON_SCANNING_H

#include "daemon/config.h"
#include "daemon/station.h"

struct scanning;

/* config must outlive it. A recording that cannot be opened and a broken scanners.conf are errors; a real scanner may
   come later, and a machine without USB has none. */
struct scanning *scanning_new(struct loop *loop, const struct config *config, struct station *station,
                              struct error *err) MUST_CHECK;
struct scanning *scanning_free(struct scanning *scanning);

#endif
