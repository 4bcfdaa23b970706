/* SPDX-License-Identifier: Apache-2.0 */
/* The local API of photos: one of what a lane has in hand comes, and is given again by its hash (docs/api.md). */
#ifndef DAEMON_PHOTOS_H
#define DAEMON_PHOTOS_H

#include "daemon/command.h"
#include "daemon/config.h"

struct photos;

/* Adds its routes to the server, which must be freed before it. No photo is taken while options' retention finds the
   disk nearly full. */
struct photos *photos_new(struct loop *loop, struct web_server *server, const struct config *config,
                          const struct command_options *options, struct error *err) MUST_CHECK;
struct photos *photos_free(struct photos *photos);

#endif
