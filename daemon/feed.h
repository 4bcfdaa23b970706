/* SPDX-License-Identifier: Apache-2.0 */
/* Events out: every consumer reads the outbox by its own cursor, as docs/protocol.md tells. */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

#include "daemon/bus.h"
#include "daemon/store/store.h"

#define FEED_CONSUMERS_MAX 64

struct feed;

/* Binds the endpoint (bus_bind's rules) and serves consumers. station is its name in OPENED. Loop, bus and store
   outlive the feed. */
struct feed *feed_new(struct loop *loop, struct bus *bus, struct store *store, const char *station,
                      const char *endpoint, struct error *err) MUST_CHECK;
/* Stores the cursors a last time. Accepts NULL, returns NULL. */
struct feed *feed_free(struct feed *feed);
/* Milliseconds, before the first consumer (tests): a session hears IDLE after idle_ms (5000) without an event; a cursor
   is stored cursor_ms (5000) after the ACK at the latest. */
void feed_set_times(struct feed *feed, int64_t idle_ms, int64_t cursor_ms);

/* Call after each commit: there may be events, and cursors that were on their way are now stored. */
void feed_wake(struct feed *feed);
/* Writes the cursors that moved into the open transaction, so that they need no commit of their own. If it is rolled
   back, they are written again later. */
bool feed_write_cursors(struct feed *feed, struct error *err) MUST_CHECK;

struct feed_consumer {
    char name[FEED_CONSUMER_SIZE];
    int64_t cursor; /* everything up to it is acknowledged */
    int64_t sent;   /* everything up to it was sent in this session, or not asked for */
    int window;     /* of this session, messages */
    int waiting;    /* messages sent and not acknowledged */
    bool connected;
};

/* The consumers the station knows, connected or not; at most FEED_CONSUMERS_MAX. Returns how many;
   none without a feed (NULL). */
size_t feed_status(const struct feed *feed, struct feed_consumer *ret_consumers, size_t max);

#endif
