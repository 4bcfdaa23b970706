/* SPDX-License-Identifier: Apache-2.0 */
/* The local API: one table of routes onto station, store, printers, feed and imports (docs/api.md). */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include "daemon/feed.h"
#include "daemon/import.h"
#include "daemon/printing.h"
#include "daemon/retention.h"
#include "daemon/station.h"
#include "daemon/web/server.h"

struct command;

struct command_options {
    const char *version, *site;
    struct store *store;
    struct station *station;
    struct printing *printing;
    struct importer *importer;
    struct feed *feed;
    const struct retention *retention;
    const struct catalog *catalog;
};

/* Adds the API's routes to the server, which must be freed before the command. */
struct command *command_new(struct web_server *server, const struct command_options *options);
struct command *command_free(struct command *command);
/* Something changed: every live stream looks for what is new. */
void command_wake(struct command *command);

#endif
