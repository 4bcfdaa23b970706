/* SPDX-License-Identifier: Apache-2.0 */
/* ZeroMQ in our loop: ROUTER sockets whose messages arrive as frames, never lost to an edge-triggered descriptor. */
#ifndef DAEMON_BUS_H
#define DAEMON_BUS_H

#include "base/loop.h"
#include "protocol/message/frame.h"

struct bus;
struct bus_socket;

enum bus_sent {
    BUS_SENT,
    BUS_WOULD_BLOCK, /* BUS_QUEUE_MAX messages wait for this peer; nothing of this one was sent */
    BUS_GONE,        /* no such peer (any more) */
};

#define BUS_QUEUE_MAX 1100 /* messages that wait for one peer */
#define BUS_FRAMES_MAX (1 + FEED_FRAMES_MAX + 1)

/* One whole message. frames[0] is the peer's routing id (1 to 255 bytes). Of a longer one the first BUS_FRAMES_MAX
   frames are given. fn may send, but not close the socket. */
typedef void bus_message_fn(void *context, const struct frame *frames, size_t count);

/* Free the bus last: bus_free waits for its sockets, and closes those that are left. */
struct bus *bus_new(struct loop *loop, struct error *err) MUST_CHECK;
struct bus *bus_free(struct bus *bus);

/* Binds a ROUTER. Only "ipc:///absolute/path" is accepted: the socket file is 0660, a stale one is replaced, one that
   answers gives ERROR_BUSY. "tcp://" is refused as long as there are no keys. fn runs at LOOP_NORMAL. */
struct bus_socket *bus_bind(struct bus *bus, const char *endpoint, bus_message_fn *fn, void *context,
                            struct error *err) MUST_CHECK;
/* Closes it and removes its file; what was not sent is dropped. Accepts NULL, returns NULL. */
struct bus_socket *bus_close(struct bus_socket *socket);

/* Sends frames to a peer, all or none; bytes are copied. Never waits. */
enum bus_sent bus_send(struct bus_socket *socket, const struct frame *peer, const struct frame *frames, size_t count);

#endif
