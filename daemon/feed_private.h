/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the feed: a session for each consumer, shared by its messages (feed_session.c) and its work (feed.c). */
#ifndef DAEMON_FEED_PRIVATE_H
#define DAEMON_FEED_PRIVATE_H

#include "daemon/codec/open.h"
#include "daemon/feed.h"

#define ROUTING_ID_MAX 255
#define IDLE_MISSED_MAX 3

/* A consumer. It keeps its place while it is away, for its cursor. */
struct feed_session {
    char name[FEED_CONSUMER_SIZE]; /* "" = a free place */
    int64_t cursor, stored;        /* acknowledged; and as far as that is on the disk */
    bool riding;                   /* written in a transaction whose commit was not seen yet */

    bool connected; /* the rest means something only then */
    unsigned char peer[ROUTING_ID_MAX];
    size_t peer_length;
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
};

struct feed {
    struct store *store;
    struct bus_socket *socket;
    char *station;
    int64_t idle_ms, cursor_ms;
    struct loop_source *pump, *idle_timer, *cursor_timer;
    bool cursor_timer_set;
    size_t turn; /* the session the pump looks at first */
    struct feed_session sessions[FEED_CONSUMERS_MAX];
};

/* bus_message_fn of the feed's socket. */
void feed_receive(void *context, const struct frame *frames, size_t count);
/* Sends one message; a consumer that is gone loses its session. */
bool feed_send(struct feed *feed, struct feed_session *session, const struct feed_message *message);
/* Ends the peer's session, if it has one, and sends ERR. first: for TRUNCATED, else 0. */
void feed_refuse(struct feed *feed, struct frame peer, enum feed_refusal refusal, int64_t first, const char *why);
void feed_end_session(struct feed_session *session);
struct frame feed_peer(const struct feed_session *session);
/* Next turn of the pump; deadlines of the timers. */
void feed_post(struct feed *feed);
void feed_arm_idle(struct feed *feed);
void feed_arm_cursor(struct feed *feed);

#endif
