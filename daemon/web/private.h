/* SPDX-License-Identifier: Apache-2.0 */
/* What server, request, reply and stream share, and nobody else includes. */
#ifndef DAEMON_WEB_PRIVATE_H
#define DAEMON_WEB_PRIVATE_H

#include "base/buffer.h"
#include "base/loop.h"
#include "daemon/web/request.h"
#include "daemon/web/server.h"
#include "daemon/web/stream.h"

#include <microhttpd.h>
#include <sys/stat.h>

struct listener {
    struct web_server *server;
    struct loop_source *source;
    int fd;
    char *path;       /* Unix socket, else NULL */
    struct stat made; /* the socket we bound at path: only that one is removed */
    struct listener *next;
};

struct route_table {
    const struct web_route *routes;
    size_t count;
    void *context;
};

struct web_server {
    struct loop *loop;
    struct web_options options;
    struct MHD_Daemon *daemon;
    struct loop_source *io, *before_poll, *timer, *keep_alive;
    struct listener *listeners;
    struct route_table *tables;
    size_t table_count;
    struct web_request *requests; /* all that MHD knows, so that stopping can end them */
    int spare_fd;                 /* given up for a moment to refuse a client when descriptors run out */
};

struct web_stream {
    struct web_request *request;
    const struct web_stream_calls *calls;
    void *context;
    struct buffer queue;
    int64_t sent_tick; /* when something was last queued */
    bool woken;        /* fill has to be asked */
    bool ending;
    bool dropped;
};

struct web_request {
    struct web_server *server;
    struct web_request *next, *previous;
    struct MHD_Connection *connection;
    int fd;
    bool local; /* on the Unix socket */

    const struct web_route *route;
    void *context;
    json_t *parameters, *query;
    struct buffer body;
    size_t received;
    void *upload;

    bool handled; /* the handler was called: it owns the upload */
    bool suspended;
    bool gone;                 /* the client went away while MHD was not looking */
    struct loop_source *watch; /* sees the client go, which MHD does not while suspended */
    web_cancel_fn *cancel;     /* set while deferred */
    void *cancel_context;
    unsigned status;
    struct MHD_Response *response; /* set once there is an answer */
    struct web_stream *stream;
};

/* request.c: MHD's three callbacks. */
enum MHD_Result request_serve(void *server, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *bytes, size_t *length, void **state);
void request_completed(void *server, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why);
size_t request_keep_escaped(void *context, struct MHD_Connection *connection, char *text);
/* Suspends and resumes only once each, whatever the caller knows. */
void request_suspend(struct web_request *request);
void request_resume(struct web_request *request);
void request_watch(struct web_request *request);
/* Ends a deferral or a stream because the server stops. */
void request_stop(struct web_request *request);

/* reply.c: the answer of a request, once; takes the response. */
void reply_with(struct web_request *request, unsigned status, struct MHD_Response *response);
/* As web_reply_error with an Allow header. */
void reply_not_allowed(struct web_request *request, const char *allow);

/* stream.c */
void stream_keep_alive(struct web_stream *stream, int64_t tick, int64_t silence_ms);
struct web_stream *stream_free(struct web_stream *stream);

#endif
