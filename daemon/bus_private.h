/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the bus: its sockets (bus.c) and the handler that ZeroMQ asks who may connect (bus_guard.c). */
#ifndef DAEMON_BUS_PRIVATE_H
#define DAEMON_BUS_PRIVATE_H

#include "daemon/bus.h"

enum bus_kind { BUS_ROUTER, BUS_DEALER, BUS_PUB, BUS_KIND_COUNT };

struct bus {
    struct loop *loop;
    void *context;
    struct bus_socket *sockets;
    struct bus_socket *guard; /* NULL = local sockets only */
    struct key_file pair;
    bus_judge_fn *judge;
    void *judge_context;
};

/* A socket of the bus that is not bound yet; NULL with err. */
struct bus_socket *bus_open(struct bus *bus, enum bus_kind kind, bus_message_fn *fn, void *context, struct error *err);
/* Binds an endpoint inside this process. */
bool bus_bind_inside(struct bus_socket *socket, const char *endpoint, struct error *err);

#endif
