/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd without threads in our loop. Its epoll descriptor alone is not enough: a connection that was resumed
   makes no descriptor ready, so MHD_run is also called before the loop sleeps. */
#include "daemon/web/private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "daemon/web/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STREAM_LIMIT ((size_t)256 * 1024)
#define KEEP_ALIVE_MS 15000
#define CONNECTIONS 128U
#define CONNECTION_MEMORY ((size_t)64 * 1024)
#define IDLE_SECONDS 60U /* a client that neither sends nor takes anything; suspended ones are exempt */
#define ACCEPTS_PER_TURN 16

__attribute__((format(printf, 2, 0))) static void log_from_mhd(void *context, const char *format, va_list args)
{
    (void)context;
    char line[512];
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    log_write(LOG_DEBUG, "web: %s", line);
}

static void run(struct web_server *server)
{
    MHD_run(server->daemon);
    MHD_UNSIGNED_LONG_LONG wait_ms;
    bool timed = MHD_get_timeout(server->daemon, &wait_ms) == MHD_YES;
    loop_set_timer(server->timer, timed ? clock_read().tick + (int64_t)wait_ms : INT64_MAX);
}

static void on_io(void *context, int fd, uint32_t events)
{
    (void)fd, (void)events;
    run(context);
}

static void on_turn(void *context)
{
    run(context);
}

static void on_keep_alive(void *context)
{
    struct web_server *server = context;
    int64_t tick = clock_read().tick;
    for (struct web_request *request = server->requests; request != NULL; request = request->next)
        if (request->stream != NULL)
            stream_keep_alive(request->stream, tick, server->options.keep_alive_ms);
    loop_set_timer(server->keep_alive, tick + server->options.keep_alive_ms / 3);
}

static void fill_defaults(struct web_options *options)
{
    if (options->stream_limit == 0)
        options->stream_limit = STREAM_LIMIT;
    if (options->keep_alive_ms == 0)
        options->keep_alive_ms = KEEP_ALIVE_MS;
    if (options->connections == 0)
        options->connections = CONNECTIONS;
}

static struct MHD_Daemon *start_daemon(struct web_server *server)
{
    unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    return MHD_start_daemon(flags, 0, NULL, NULL, request_serve, server, MHD_OPTION_EXTERNAL_LOGGER, log_from_mhd, NULL,
                            MHD_OPTION_NOTIFY_COMPLETED, request_completed, server, MHD_OPTION_UNESCAPE_CALLBACK,
                            request_keep_escaped, NULL, MHD_OPTION_CONNECTION_LIMIT, server->options.connections,
                            MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            CONNECTION_MEMORY, MHD_OPTION_END);
}

static void join_loop(struct web_server *server, struct loop *loop)
{
    int fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    server->io = loop_add_io(loop, "web", LOOP_NORMAL, fd, EPOLLIN, on_io, server);
    server->before_poll = loop_add_before_poll(loop, "web before poll", on_turn, server);
    server->timer = loop_add_timer(loop, "web timer", LOOP_NORMAL, on_turn, server);
    server->keep_alive = loop_add_timer(loop, "web keep-alive", LOOP_NORMAL, on_keep_alive, server);
    on_keep_alive(server);
}

struct web_server *web_server_new(struct loop *loop, const struct web_options *options, struct error *err)
{
    struct web_server *server = memory_new(1, sizeof *server);
    server->loop = loop;
    if (options != NULL)
        server->options = *options;
    fill_defaults(&server->options);
    server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    server->daemon = start_daemon(server);
    if (server->daemon == NULL) {
        error_set(err, ERROR_SYSTEM, "cannot start the web server");
        return web_server_free(server);
    }
    join_loop(server, loop);
    return server;
}

void web_server_add_routes(struct web_server *server, const struct web_route *routes, size_t count, void *context)
{
    server->tables = memory_resize(server->tables, server->table_count + 1, sizeof *server->tables);
    server->tables[server->table_count++] = (struct route_table){routes, count, context};
}

/* Out of descriptors, a waiting client would wake the loop for ever: refuse it with the spare one. */
static void refuse_client(struct listener *listener)
{
    struct web_server *server = listener->server;
    close(server->spare_fd);
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    log_write(LOG_WARNING, "web: no descriptor left, a client was refused");
}

static bool accept_client(struct listener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    int fd = accept4(listener->fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        refuse_client(listener);
    if (fd < 0)
        return false;
    if (MHD_add_connection(listener->server->daemon, fd, (struct sockaddr *)&address, size) != MHD_YES)
        log_write(LOG_WARNING, "web: too many clients, one was refused"); /* MHD closed it */
    return true;
}

static void on_client(void *context, int fd, uint32_t events)
{
    (void)fd, (void)events;
    for (int i = 0; i < ACCEPTS_PER_TURN && accept_client(context); i++)
        continue;
}

static void add_listener(struct web_server *server, int fd, const char *path)
{
    struct listener *listener = memory_new(1, sizeof *listener);
    *listener = (struct listener){.server = server, .fd = fd, .next = server->listeners};
    if (path != NULL) {
        listener->path = memory_text(path);
        if (stat(path, &listener->made) != 0)
            listener->made = (struct stat){0};
    }
    listener->source = loop_add_io(server->loop, "web listener", LOOP_NORMAL, fd, EPOLLIN, on_client, listener);
    server->listeners = listener;
}

bool web_server_listen_unix(struct web_server *server, const char *path, struct error *err)
{
    int fd = listen_unix(path, err);
    if (fd >= 0)
        add_listener(server, fd, path);
    return fd >= 0;
}

bool web_server_listen_tcp(struct web_server *server, const char *host, uint16_t port, uint16_t *ret_port,
                           struct error *err)
{
    int fd = listen_tcp(host, port, ret_port, err);
    if (fd >= 0)
        add_listener(server, fd, NULL);
    return fd >= 0;
}

static void remove_socket(const struct listener *listener)
{
    struct stat now;
    if (listener->path != NULL && stat(listener->path, &now) == 0 && now.st_ino == listener->made.st_ino &&
        now.st_dev == listener->made.st_dev)
        unlink(listener->path);
}

static struct listener *listener_free(struct listener *listener)
{
    struct listener *next = listener->next;
    loop_remove(listener->source);
    remove_socket(listener);
    close(listener->fd);
    free(listener->path);
    free(listener);
    return next;
}

/* MHD panics on suspended connections, so each request is ended first; request_completed then frees it. */
static void stop_daemon(struct web_server *server)
{
    for (struct web_request *request = server->requests; request != NULL; request = request->next)
        request_stop(request);
    MHD_stop_daemon(server->daemon);
}

struct web_server *web_server_free(struct web_server *server)
{
    if (server == NULL)
        return NULL;
    while (server->listeners != NULL)
        server->listeners = listener_free(server->listeners);
    if (server->daemon != NULL)
        stop_daemon(server);
    loop_remove(server->io);
    loop_remove(server->before_poll);
    loop_remove(server->timer);
    loop_remove(server->keep_alive);
    if (server->spare_fd >= 0)
        close(server->spare_fd);
    free(server->tables);
    free(server);
    return NULL;
}
