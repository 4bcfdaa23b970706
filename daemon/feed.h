/* SPDX-License-Identifier: Apache-2.0 */
/* Events out: every consumer reads the outbox by its own cursor, as docs/protocol.md tells. */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

#include "daemon/bus.h"
#include "daemon/store/store.h"

#define FEED_CONSUMERS_MAX 64
#define FEED_SOCKETS_MAX 3
#define FEED_PUTS_MAX 256 /* unanswered in one session */

struct feed;
struct inbound;
struct keys;

/* Binds the endpoint (bus_bind's rules; NULL = none yet) and serves consumers. station is its name in OPENED. Loop, bus
   and store outlive the feed. */
struct feed *feed_new(struct loop *loop, struct bus *bus, struct store *store, const char *station,
                      const char *endpoint, struct error *err) MUST_CHECK;
/* Another endpoint for the same consumers; one that is not local needs a guarded bus and keys. */
bool feed_listen(struct feed *feed, const char *endpoint, struct error *err) MUST_CHECK;
/* Connects to a hub with this public key (Z85), which then OPENs as this consumer. */
bool feed_connect(struct feed *feed, struct loop *loop, const char *endpoint, const char *key, const char *consumer,
                  struct error *err) MUST_CHECK;
/* Who may do what over tcp; both outlive the feed. Call feed_keys_changed after each change: sessions of keys that are
   gone or revoked end. */
void feed_set_keys(struct feed *feed, const struct keys *keys);
void feed_keys_changed(struct feed *feed);
/* Where PUTs go; NULL = they are refused. */
void feed_set_inbound(struct feed *feed, struct inbound *inbound);
/* Stores the cursors a last time. Accepts NULL, returns NULL. */
struct feed *feed_free(struct feed *feed);
/* Milliseconds, before the first consumer (tests): a session hears IDLE after idle_ms (5000) without an event; a cursor
   is stored cursor_ms (5000) after the ACK at the latest. */
void feed_set_times(struct feed *feed, int64_t idle_ms, int64_t cursor_ms);

/* Call after each commit: there may be events, and cursors that were on their way are now stored. */
void feed_wake(struct feed *feed);
/* Writes the cursors that moved into the open transaction, so that they need no commit of their own; once a second is
   enough, because a lost cursor is only a redelivery. If it is rolled back, they are written again later. */
bool feed_write_cursors(struct feed *feed, struct error *err) MUST_CHECK;

/* ---- questions to consumers ---- */

/* What a consumer with the right lookup said to request; body is not looked into. */
struct feed_answer {
    const char *consumer, *owners, *request;
    struct frame body;
};
typedef void feed_answer_fn(void *context, const struct feed_answer *answer);
void feed_on_answers(struct feed *feed, feed_answer_fn *fn, void *context);
/* Sends ASK to every session with the right lookup; how many. kind and body as in docs/protocol.md. */
size_t feed_ask(struct feed *feed, const char *request, const char *kind, const char *body);

/* ---- what the feed tells of itself ---- */

/* PUTs of a consumer that were answered since the daemon started. */
struct feed_puts {
    int64_t stored, same, older, refused;
    int64_t per_second; /* in the last whole second that had any */
};

struct feed_consumer {
    char name[FEED_CONSUMER_SIZE];
    int64_t cursor;   /* everything up to it is acknowledged */
    int64_t left_old; /* events of an older stream that come first; then cursor is of that stream */
    int64_t sent;   /* everything up to it was sent in this session, or not asked for */
    int window;     /* of this session, messages */
    int waiting;    /* messages sent and not acknowledged */
    int unanswered; /* PUTs */
    struct feed_puts puts;
    bool connected;
};

/* The consumers the station knows, connected or not; at most FEED_CONSUMERS_MAX. Returns how many;
   none without a feed (NULL). */
size_t feed_status(const struct feed *feed, struct feed_consumer *ret_consumers, size_t max);
/* Events that a consumer has not acknowledged; last: of the current stream. */
int64_t feed_lag(const struct feed_consumer *consumer, int64_t last);

#endif
