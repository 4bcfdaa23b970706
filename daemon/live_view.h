/* SPDX-License-Identifier: Apache-2.0 */
/* Events as they happen for dashboards, over PUB: whoever is slow or late misses some, and nobody waits. */
#ifndef DAEMON_LIVE_VIEW_H
#define DAEMON_LIVE_VIEW_H

#include "daemon/bus.h"

struct live_view;
struct store;

/* Binds a PUB socket (bus_publish); each message is an event's type and its CloudEvents JSON. Events of before are not
   sent. Loop, bus and store outlive it. */
struct live_view *live_view_new(struct loop *loop, struct bus *bus, struct store *store, const char *endpoint,
                                struct error *err) MUST_CHECK;
struct live_view *live_view_free(struct live_view *view);
/* Call after each commit. Accepts NULL. */
void live_view_wake(struct live_view *view);

#endif
