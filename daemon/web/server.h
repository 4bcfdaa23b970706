/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP in our loop: listeners (a Unix socket, loopback TCP) behind one table of routes. Knows nothing of the domain. */
#ifndef DAEMON_WEB_SERVER_H
#define DAEMON_WEB_SERVER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct loop;
struct web_request;
struct web_server;

#define WEB_BODY_MAX ((size_t)1024 * 1024)

/* Called once the body is here. Before it returns it calls exactly one of web_reply_…, web_request_defer and
   web_stream_open (request.h, stream.h); context is the one given with the routes. */
typedef void web_handler_fn(struct web_request *request, void *context);

/* A body that is taken piece by piece instead of being held in memory; the route's handler runs after the last piece.
 */
struct web_upload {
    size_t limit; /* bytes; a longer body is answered 413 */
    /* Returns what the other two get, or NULL after it has replied (the body is then read and dropped). */
    void *(*begin)(struct web_request *request, void *context);
    /* false: the client gets err, and abort is called. */
    bool (*chunk)(void *upload, const void *bytes, size_t length, struct error *err);
    /* The upload ended before the handler could run. Once the handler runs, it owns what begin returned. */
    void (*abort)(void *upload);
};

struct web_route {
    const char *method;  /* "GET" */
    const char *pattern; /* "/api/v1/lanes/{lane}/scans": {name} stands for one whole segment */
    web_handler_fn *handler;
    const struct web_upload *upload; /* NULL: the body, at most WEB_BODY_MAX, is kept for web_request_body */
};

/* Zero means the default. */
struct web_options {
    size_t stream_limit;   /* bytes that may wait for one reader of a stream before it is dropped: 256 KiB */
    int64_t keep_alive_ms; /* silence after which a stream gets a comment: 15 s */
    unsigned connections;  /* clients at a time: 128 */
};

/* options may be NULL. */
struct web_server *web_server_new(struct loop *loop, const struct web_options *options, struct error *err) MUST_CHECK;
/* Ends every request (cancel, closed and abort callbacks are called), removes the Unix sockets it made. */
struct web_server *web_server_free(struct web_server *server);
/* Adds routes behind those already there; the first that fits wins. The table and its strings outlive the server. */
void web_server_add_routes(struct web_server *server, const struct web_route *routes, size_t count, void *context);
/* Listens on path (mode 0660). A socket nobody answers on is replaced; ERROR_BUSY if somebody does, ERROR_CONFLICT if
   path is something else than a socket. */
bool web_server_listen_unix(struct web_server *server, const char *path, struct error *err) MUST_CHECK;
/* Listens on a loopback address ("localhost", 127.x.y.z or ::1; anything else is ERROR_INVALID). Port 0 takes a free
   one. ERROR_BUSY names the port if it is taken. ret_port may be NULL. */
bool web_server_listen_tcp(struct web_server *server, const char *host, uint16_t port, uint16_t *ret_port,
                           struct error *err) MUST_CHECK;

#endif
