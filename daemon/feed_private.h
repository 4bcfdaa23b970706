/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the feed: a session for each consumer, shared by its messages (feed_session.c) and its work (feed.c). */
#ifndef DAEMON_FEED_PRIVATE_H
#define DAEMON_FEED_PRIVATE_H

#include "daemon/codec/open.h"
#include "daemon/feed.h"
#include "daemon/inbound.h"
#include "daemon/keys.h"
#include "daemon/store/stream.h"

#define ROUTING_ID_MAX 255
#define IDLE_MISSED_MAX 3
#define REQUEST_MAX 64 /* bytes of a request id */

/* Where a message came from, and where its answer goes. */
struct feed_peer {
    struct bus_socket *socket;
    unsigned char id[ROUTING_ID_MAX];
    size_t length;
    char user[FEED_CONSUMER_SIZE]; /* whose key it has; "" = a local socket, which may do everything */
};

/* A consumer. It keeps its place while it is away, for its cursor. */
struct feed_session {
    char name[FEED_CONSUMER_SIZE]; /* "" = a free place */
    struct stream_rest old;        /* the old stream it still reads; ordinal 0 = the current one */
    int64_t cursor, stored;        /* acknowledged; and as far as that is on the disk; of that stream */
    bool riding;                   /* written in a transaction whose commit was not seen yet */

    bool connected; /* the rest means something only then */
    struct feed_peer peer;
    unsigned rights; /* bits 1 << enum key_right */
    char owners[KEY_OWNERS_SIZE];
    unsigned generation; /* of the session: an answer for an earlier one goes nowhere */
    struct open_request open;
    const char *prefixes[OPEN_TYPES_MAX + 1]; /* of open.types */
    int64_t read_to;                          /* events up to it were sent or passed over */
    int64_t announced;                        /* what an ACK may name at most */
    int64_t *waiting;                         /* ring of open.window: sequences sent and not acknowledged */
    int waiting_first, waiting_count;
    bool behind; /* there may be events after read_to */
    bool held;   /* a send or a read failed: next try at the next sign of life or tick */
    int64_t idle_at;
    int missed; /* IDLEs without an answer */
    int unanswered; /* PUTs */
    struct feed_puts puts;
    int64_t second, second_puts; /* PUTs answered in this second of the clock */
};

struct feed {
    struct store *store;
    struct bus *bus;
    struct bus_socket *sockets[FEED_SOCKETS_MAX];
    size_t socket_count;
    struct bus_socket *uplink; /* one of them, or NULL */
    struct loop_source *hello_timer;
    const struct keys *keys;
    struct inbound *inbound;
    feed_answer_fn *answered; /* of ASK */
    void *answered_context;
    char *station;
    int64_t idle_ms, cursor_ms;
    struct loop_source *pump, *idle_timer, *cursor_timer;
    bool cursor_timer_set;
    int64_t ride_at; /* when a cursor may ride on a commit again */
    unsigned generation; /* of the newest session */
    size_t turn; /* the session the pump looks at first */
    struct feed_session sessions[FEED_CONSUMERS_MAX];
};

/* bus_message_fn of the feed's socket. */
void feed_receive(void *context, const struct bus_message *message);
/* Sends one message; a consumer that is gone loses its session. */
bool feed_send(struct feed *feed, struct feed_session *session, const struct feed_message *message);
/* Ends the peer's session, if it has one, and sends ERR. first: for TRUNCATED, else 0. */
void feed_refuse(struct feed *feed, const struct feed_peer *peer, enum feed_refusal refusal, int64_t first,
                 const char *why);
void feed_end_session(struct feed_session *session);
/* Begins the session again on the next stream, once its consumer has acknowledged all of an old one. */
void feed_next_stream(struct feed *feed, struct feed_session *session);
/* Cursors now, in a transaction of their own. */
bool feed_store_cursors(struct feed *feed, struct error *err);
/* What the session's consumer may do, by its key as it is now; false if it has none (any more). */
bool feed_take_rights(struct feed *feed, struct feed_session *session);
bool feed_may(const struct feed_session *session, enum key_right right);
/* Messages within a session that carry what the ERP knows. */
void feed_on_put(struct feed *feed, struct feed_session *session, const struct feed_message *message);
void feed_on_answer(struct feed *feed, struct feed_session *session, const struct feed_message *message);
/* Next turn of the pump; deadlines of the timers. */
void feed_post(struct feed *feed);
void feed_arm_idle(struct feed *feed);
void feed_arm_cursor(struct feed *feed);

#endif
