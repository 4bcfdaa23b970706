/* SPDX-License-Identifier: Apache-2.0 */
/* ZeroMQ in our loop: sockets whose messages arrive as frames, never lost to an edge-triggered descriptor; CURVE on
   every one that is not local. */
#ifndef DAEMON_BUS_H
#define DAEMON_BUS_H

#include "base/loop.h"
#include "protocol/message/frame.h"
#include "protocol/message/key.h"

struct bus;
struct bus_socket;

enum bus_sent {
    BUS_SENT,
    BUS_WOULD_BLOCK, /* BUS_QUEUE_MAX messages wait for this peer; nothing of this one was sent */
    BUS_GONE,        /* no such peer (any more) */
};

#define BUS_QUEUE_MAX 1100 /* messages that wait for one peer */
#define BUS_FRAMES_MAX (1 + FEED_FRAMES_MAX + 1)

/* One whole message. frames[0] is the peer's routing id (1 to 255 bytes; empty on a connected socket). Of a longer one
   the first BUS_FRAMES_MAX frames are given. */
struct bus_message {
    struct bus_socket *socket;
    const char *user; /* whose key it came with; "" = a local socket */
    const struct frame *frames;
    size_t count;
};
/* fn may send, but not close the socket. */
typedef void bus_message_fn(void *context, const struct bus_message *message);

/* Free the bus last: bus_free waits for its sockets, and closes those that are left. */
struct bus *bus_new(struct loop *loop, struct error *err) MUST_CHECK;
struct bus *bus_free(struct bus *bus);

enum bus_verdict {
    BUS_ADMIT,
    BUS_NOT_YET, /* ZAP 300: the client tries again */
    BUS_NEVER,   /* ZAP 400: the client gives up */
};
/* Whether the holder of a public key may connect, and under which name. */
typedef enum bus_verdict bus_judge_fn(void *context, const unsigned char key[KEY_BYTES],
                                      char ret_user[FEED_CONSUMER_SIZE]);
/* Gives the bus its own pair and its judge, before any socket but local ones. pair is copied. */
bool bus_guard(struct bus *bus, const struct key_file *pair, bus_judge_fn *judge, void *context, struct error *err)
    MUST_CHECK;

/* Binds a ROUTER. "ipc:///absolute/path": the socket file is 0660, a stale one is replaced, one that answers gives
   ERROR_BUSY. "tcp://address:port": refused before bus_guard. fn runs at LOOP_NORMAL. */
struct bus_socket *bus_bind(struct bus *bus, const char *endpoint, bus_message_fn *fn, void *context,
                            struct error *err) MUST_CHECK;
/* Connects a DEALER to the tcp endpoint of a peer with this public key (Z85), under whose name its messages come. */
struct bus_socket *bus_connect(struct bus *bus, const char *endpoint, const char *key, const char *user,
                               bus_message_fn *fn, void *context, struct error *err) MUST_CHECK;
/* Binds a PUB, endpoints as in bus_bind: whoever is slow or late misses messages. Send with an empty peer. */
struct bus_socket *bus_publish(struct bus *bus, const char *endpoint, struct error *err) MUST_CHECK;
/* Closes it and removes its file; what was not sent is dropped. Accepts NULL, returns NULL. */
struct bus_socket *bus_close(struct bus_socket *socket);

/* Sends frames to a peer, all or none; bytes are copied. Never waits. */
enum bus_sent bus_send(struct bus_socket *socket, const struct frame *peer, const struct frame *frames, size_t count);
/* The endpoint as ZeroMQ has it, with the port it took for "tcp://127.0.0.1:*". */
void bus_endpoint(const struct bus_socket *socket, char *ret_endpoint, size_t size);

#endif
