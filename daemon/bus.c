/* SPDX-License-Identifier: Apache-2.0 */
/* A ZeroMQ socket's descriptor tells of an edge only, and any call on the socket can swallow it. So the descriptor does
   nothing but wake the loop, and whether there is something to receive is asked before each time the loop sleeps. */
#include "daemon/bus_private.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/web/listen.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define MESSAGES_PER_TURN 64

struct bus_socket {
    struct bus *bus;
    struct bus_socket *next;
    void *zmq;
    enum bus_kind kind;
    char user[FEED_CONSUMER_SIZE]; /* of a connected socket: its peer */
    char *path;                    /* of its file; NULL until bound */
    bus_message_fn *fn;
    void *context;
    struct loop_source *io, *before_poll, *work;
};

static const struct {
    int option, value;
    bool router; /* only there */
} options[] = {
    {ZMQ_LINGER, 0, false}, /* the default waits for ever for a peer that takes nothing */
    {ZMQ_HEARTBEAT_IVL, 5000, false},
    {ZMQ_HEARTBEAT_TIMEOUT, 15000, false},
    {ZMQ_HEARTBEAT_TTL, 15000, false},
    {ZMQ_HANDSHAKE_IVL, 5000, false},
    {ZMQ_RECONNECT_IVL, 200, false},
    {ZMQ_RECONNECT_IVL_MAX, 10000, false},
    {ZMQ_CONNECT_TIMEOUT, 5000, false},
    {ZMQ_ROUTER_MANDATORY, 1, true}, /* else a message to a peer that left vanishes without a word */
    {ZMQ_SNDHWM, BUS_QUEUE_MAX, false},
    {ZMQ_RCVHWM, BUS_QUEUE_MAX, false},
};

static bool zmq_failed(struct error *err, const char *what)
{
    return error_set(err, ERROR_SYSTEM, "%s: %s", what, zmq_strerror(zmq_errno()));
}

/* ---- receiving ---- */

static bool is_readable(const struct bus_socket *socket)
{
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt(socket->zmq, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN) != 0;
}

static void on_before_poll(void *context)
{
    struct bus_socket *socket = context;
    if (is_readable(socket))
        loop_post(socket->work);
}

static void on_edge(void *context, int fd, uint32_t events)
{
    (void)context, (void)fd, (void)events;
}

/* A message arrives whole: once its first frame is there, all are. Frames beyond the last place are dropped. */
static size_t receive(struct bus_socket *socket, zmq_msg_t parts[BUS_FRAMES_MAX])
{
    size_t count = 0;
    bool more = true;
    while (more) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket->zmq, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&part);
            break;
        }
        more = zmq_msg_more(&part) != 0;
        if (count < BUS_FRAMES_MAX) {
            zmq_msg_init(&parts[count]);
            zmq_msg_move(&parts[count++], &part);
        }
        zmq_msg_close(&part);
    }
    return count;
}

/* Whose key the connection was made with, as our ZAP handler said. */
static const char *user_of(struct bus_socket *socket, zmq_msg_t *part)
{
    const char *user = zmq_msg_gets(part, "User-Id");
    return socket->user[0] != '\0' ? socket->user : user != NULL ? user : "";
}

static bool take_one(struct bus_socket *socket)
{
    zmq_msg_t parts[BUS_FRAMES_MAX];
    struct frame frames[1 + BUS_FRAMES_MAX] = {{"", 0}};
    size_t count = receive(socket, parts);
    for (size_t i = 0; i < count; i++)
        frames[i + 1] = (struct frame){zmq_msg_data(&parts[i]), zmq_msg_size(&parts[i])};
    bool routed = socket->kind == BUS_ROUTER;
    if (count > 0)
        socket->fn(socket->context, &(struct bus_message){.socket = socket,
                                                          .user = user_of(socket, &parts[count - 1]),
                                                          .frames = routed ? frames + 1 : frames,
                                                          .count = routed ? count : count + 1});
    for (size_t i = 0; i < count; i++)
        zmq_msg_close(&parts[i]);
    return count > 0;
}

static void take(void *context)
{
    for (int i = 0; i < MESSAGES_PER_TURN && take_one(context); i++)
        continue;
}

/* ---- opening ---- */

static bool set_options(struct bus_socket *socket, struct error *err)
{
    int64_t bytes = (int64_t)FEED_BYTES_MAX;
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if ((!options[i].router || socket->kind == BUS_ROUTER) &&
            zmq_setsockopt(socket->zmq, options[i].option, &options[i].value, sizeof options[i].value) != 0)
            return zmq_failed(err, "cannot set an option");
    return zmq_setsockopt(socket->zmq, ZMQ_MAXMSGSIZE, &bytes, sizeof bytes) == 0 ||
           zmq_failed(err, "cannot set an option");
}

static bool join_loop(struct bus_socket *socket, struct error *err)
{
    int fd;
    size_t size = sizeof fd;
    if (zmq_getsockopt(socket->zmq, ZMQ_FD, &fd, &size) != 0)
        return zmq_failed(err, "no descriptor");
    struct loop *loop = socket->bus->loop;
    socket->io = loop_add_io(loop, "bus", LOOP_NORMAL, fd, EPOLLIN, on_edge, socket);
    socket->work = loop_add_work(loop, "bus messages", LOOP_NORMAL, take, socket);
    socket->before_poll = loop_add_before_poll(loop, "bus before poll", on_before_poll, socket);
    return true;
}

struct bus_socket *bus_open(struct bus *bus, enum bus_kind kind, bus_message_fn *fn, void *context, struct error *err)
{
    static const int types[BUS_KIND_COUNT] = {
        [BUS_ROUTER] = ZMQ_ROUTER, [BUS_DEALER] = ZMQ_DEALER, [BUS_PUB] = ZMQ_PUB};
    struct bus_socket *socket = memory_new(1, sizeof *socket);
    *socket = (struct bus_socket){.bus = bus, .next = bus->sockets, .kind = kind, .fn = fn, .context = context};
    bus->sockets = socket;
    socket->zmq = zmq_socket(bus->context, types[kind]);
    if (socket->zmq == NULL)
        zmq_failed(err, "cannot make a socket");
    else if (set_options(socket, err) && join_loop(socket, err))
        return socket;
    return bus_close(socket);
}

/* ---- binding and connecting ---- */

/* The listening socket is ours, so that its file has the same rules as the API's; ZeroMQ takes it over. */
static bool bind_path(struct bus_socket *socket, const char *endpoint, const char *path, struct error *err)
{
    int fd = listen_unix(path, err);
    if (fd < 0)
        return false;
    if (zmq_setsockopt(socket->zmq, ZMQ_USE_FD, &fd, sizeof fd) != 0 || zmq_bind(socket->zmq, endpoint) != 0) {
        zmq_failed(err, "cannot bind");
        close(fd);
        unlink(path);
        return false;
    }
    socket->path = memory_text(path);
    return true;
}

bool bus_bind_inside(struct bus_socket *socket, const char *endpoint, struct error *err)
{
    return zmq_bind(socket->zmq, endpoint) == 0 || zmq_failed(err, "cannot bind");
}

static bool bind_curve(struct bus_socket *socket, const char *endpoint, struct error *err)
{
    static const int yes = 1;
    static const char domain[] = "returnsd";
    if (socket->bus->guard == NULL)
        return error_set(err, ERROR_INVALID, "needs CURVE keys: returnsctl keys init makes the station's");
    return (zmq_setsockopt(socket->zmq, ZMQ_CURVE_SERVER, &yes, sizeof yes) == 0 &&
            zmq_setsockopt(socket->zmq, ZMQ_CURVE_SECRETKEY, socket->bus->pair.secret_key, KEY_TEXT_SIZE) == 0 &&
            zmq_setsockopt(socket->zmq, ZMQ_ZAP_DOMAIN, domain, sizeof domain - 1) == 0 &&
            zmq_bind(socket->zmq, endpoint) == 0) ||
           zmq_failed(err, "cannot bind");
}

static bool bind_endpoint(struct bus_socket *socket, const char *endpoint, struct error *err)
{
    static const char ipc[] = "ipc://", tcp[] = "tcp://";
    if (strncmp(endpoint, tcp, strlen(tcp)) == 0)
        return bind_curve(socket, endpoint, err);
    if (strncmp(endpoint, ipc, strlen(ipc)) == 0 && endpoint[strlen(ipc)] == '/')
        return bind_path(socket, endpoint, endpoint + strlen(ipc), err);
    return error_set(err, ERROR_INVALID, "must be ipc:// and an absolute path, or tcp://");
}

static bool connect_curve(struct bus_socket *socket, const char *endpoint, const char *key, struct error *err)
{
    const struct key_file *pair = &socket->bus->pair;
    if (socket->bus->guard == NULL)
        return error_set(err, ERROR_INVALID, "needs CURVE keys: returnsctl keys init makes the station's");
    return (zmq_setsockopt(socket->zmq, ZMQ_CURVE_SERVERKEY, key, KEY_TEXT_SIZE) == 0 &&
            zmq_setsockopt(socket->zmq, ZMQ_CURVE_PUBLICKEY, pair->public_key, KEY_TEXT_SIZE) == 0 &&
            zmq_setsockopt(socket->zmq, ZMQ_CURVE_SECRETKEY, pair->secret_key, KEY_TEXT_SIZE) == 0 &&
            zmq_connect(socket->zmq, endpoint) == 0) ||
           zmq_failed(err, "cannot connect");
}

static struct bus_socket *open_and_bind(struct bus *bus, enum bus_kind kind, const char *endpoint, bus_message_fn *fn,
                                        void *context, struct error *err)
{
    struct bus_socket *socket = bus_open(bus, kind, fn, context, err);
    if (socket != NULL && bind_endpoint(socket, endpoint, err))
        return socket;
    error_prefix(err, "%s", endpoint);
    return bus_close(socket);
}

struct bus_socket *bus_bind(struct bus *bus, const char *endpoint, bus_message_fn *fn, void *context, struct error *err)
{
    return open_and_bind(bus, BUS_ROUTER, endpoint, fn, context, err);
}

static void ignore(void *context, const struct bus_message *message)
{
    (void)context, (void)message;
}

struct bus_socket *bus_publish(struct bus *bus, const char *endpoint, struct error *err)
{
    return open_and_bind(bus, BUS_PUB, endpoint, ignore, NULL, err);
}

struct bus_socket *bus_connect(struct bus *bus, const char *endpoint, const char *key, const char *user,
                               bus_message_fn *fn, void *context, struct error *err)
{
    struct bus_socket *socket = bus_open(bus, BUS_DEALER, fn, context, err);
    if (socket != NULL && connect_curve(socket, endpoint, key, err)) {
        TEXT_COPY(socket->user, user);
        return socket;
    }
    error_prefix(err, "%s", endpoint);
    return bus_close(socket);
}

struct bus_socket *bus_close(struct bus_socket *socket)
{
    if (socket == NULL)
        return NULL;
    struct bus_socket **link = &socket->bus->sockets;
    while (*link != socket)
        link = &(*link)->next;
    *link = socket->next;
    if (socket->bus->guard == socket)
        socket->bus->guard = NULL;
    loop_remove(socket->io);
    loop_remove(socket->before_poll);
    loop_remove(socket->work);
    if (socket->zmq != NULL)
        zmq_close(socket->zmq);
    if (socket->path != NULL)
        unlink(socket->path);
    free(socket->path);
    free(socket);
    return NULL;
}

/* ---- sending ---- */

static bool send_part(void *zmq, const struct frame *frame, bool more)
{
    int r;
    do
        r = zmq_send(zmq, frame->bytes, frame->length, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
    while (r < 0 && zmq_errno() == EINTR);
    return r >= 0;
}

/* A ROUTER decides on the routing id alone, the others on the first frame: once that is taken, the rest is. */
enum bus_sent bus_send(struct bus_socket *socket, const struct frame *peer, const struct frame *frames, size_t count)
{
    assert(count > 0);
    size_t first = socket->kind == BUS_ROUTER ? 0 : 1;
    if (!send_part(socket->zmq, first == 0 ? peer : &frames[0], first == 0 || count > 1))
        return zmq_errno() == EAGAIN ? BUS_WOULD_BLOCK : BUS_GONE;
    bool sent = true;
    for (size_t i = first; i < count; i++)
        sent = send_part(socket->zmq, &frames[i], i + 1 < count) && sent;
    return sent ? BUS_SENT : BUS_GONE;
}

void bus_endpoint(const struct bus_socket *socket, char *ret_endpoint, size_t size)
{
    if (zmq_getsockopt(socket->zmq, ZMQ_LAST_ENDPOINT, ret_endpoint, &size) != 0)
        ret_endpoint[0] = '\0';
}

/* ---- the bus ---- */

struct bus *bus_new(struct loop *loop, struct error *err)
{
    struct bus *bus = memory_new(1, sizeof *bus);
    bus->loop = loop;
    bus->context = zmq_ctx_new();
    if (bus->context != NULL)
        return bus;
    zmq_failed(err, "cannot start ZeroMQ");
    return bus_free(bus);
}

struct bus *bus_free(struct bus *bus)
{
    if (bus == NULL)
        return NULL;
    while (bus->sockets != NULL)
        bus_close(bus->sockets);
    if (bus->context != NULL)
        zmq_ctx_term(bus->context);
    free(bus);
    return NULL;
}
