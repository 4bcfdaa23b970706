/* SPDX-License-Identifier: Apache-2.0 */
/* The local API of scanners: who is there, their raw reports as they come, and recordings played back (docs/api.md). */
#ifndef DAEMON_DEVICES_H
#define DAEMON_DEVICES_H

#include "daemon/scanning.h"
#include "daemon/web/server.h"

struct devices;

/* Adds its routes to the server, which must be freed before it; scanning has to outlive the server. */
struct devices *devices_new(struct web_server *server, struct scanning *scanning, struct station *station,
                            const struct catalog *catalog);
struct devices *devices_free(struct devices *devices);

#endif
