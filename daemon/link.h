/* SPDX-License-Identifier: Apache-2.0 */
/* The link to the ERP as one thing: keys, sockets, what comes in, what goes out, as the configuration says. */
#ifndef DAEMON_LINK_H
#define DAEMON_LINK_H

#include "daemon/config.h"
#include "daemon/feed.h"
#include "daemon/lookup.h"
#include "daemon/retention.h"

struct link;

/* Loop, store and config outlive the link. committed: after each commit of the link's own. A tcp endpoint without the
   station's keys is an error. */
struct link *link_new(struct loop *loop, struct store *store, const struct config *config, loop_fn *committed,
                      void *context, struct error *err) MUST_CHECK;
struct link *link_free(struct link *link);

/* What rides on somebody else's transaction, before its COMMIT; and what follows it, stored or not. */
bool link_ride(struct link *link, struct error *err) MUST_CHECK;
void link_committed(struct link *link);

/* Of a link: true if an ERP ever told the station anything, or answered it; who only reads events is none. */
bool link_has_erp(void *link);
/* lookup_ask and lookup_forget of a link. */
void link_ask_erp(void *link, const struct lookup_value *values, size_t count, lookup_fn *answer, void *asker);
void link_forget_erp(void *link, const void *asker);
/* NULL if the feed is off. */
struct feed *link_feed(const struct link *link);
/* For lanes that scan a parcel the station does not know. */
struct lookup *link_lookup(const struct link *link);
const struct retention *link_retention(const struct link *link);

#endif
