/* SPDX-License-Identifier: Apache-2.0 */
/* A request from its first header to its last byte: checked, routed, read, handled, and freed when MHD is done with it.
 */
#include "daemon/web/private.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/web/guard.h"
#include "daemon/web/path.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A refused body is read to its end, so that the client sees the answer and not a reset; but not without end. */
#define DRAIN_MAX ((size_t)64 * 1024 * 1024)

/* MHD would decode before the path is split, and end a value at %00: decoding is ours. */
size_t request_keep_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static void link_request(struct web_request *request)
{
    struct web_server *server = request->server;
    request->next = server->requests;
    if (request->next != NULL)
        request->next->previous = request;
    server->requests = request;
}

static void unlink_request(struct web_request *request)
{
    if (request->next != NULL)
        request->next->previous = request->previous;
    if (request->previous != NULL)
        request->previous->next = request->next;
    else
        request->server->requests = request->next;
}

static struct web_request *request_new(struct web_server *server, struct MHD_Connection *connection)
{
    struct web_request *request = memory_new(1, sizeof *request);
    request->server = server;
    request->connection = connection;
    request->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    int family = AF_UNSPEC;
    socklen_t size = sizeof family;
    getsockopt(request->fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
    request->local = family == AF_UNIX;
    link_request(request);
    return request;
}

static void call_cancel(struct web_request *request)
{
    web_cancel_fn *cancel = request->cancel;
    request->cancel = NULL;
    if (cancel != NULL)
        cancel(request, request->cancel_context);
}

static void end_upload(struct web_request *request)
{
    void *upload = request->upload;
    request->upload = NULL;
    if (upload != NULL && !request->handled)
        request->route->upload->abort(upload);
}

void request_completed(void *server, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why)
{
    (void)server, (void)connection, (void)why;
    struct web_request *request = *state;
    if (request == NULL)
        return;
    *state = NULL;
    unlink_request(request);
    loop_remove(request->watch);
    end_upload(request);
    call_cancel(request);
    stream_free(request->stream);
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    buffer_done(&request->body);
    json_decref(request->parameters);
    json_decref(request->query);
    free(request);
}

void request_suspend(struct web_request *request)
{
    if (request->suspended)
        return;
    request->suspended = true;
    MHD_suspend_connection(request->connection);
}

void request_resume(struct web_request *request)
{
    if (!request->suspended)
        return;
    request->suspended = false;
    MHD_resume_connection(request->connection);
}

static void on_client_gone(void *context, int fd, uint32_t events)
{
    (void)fd, (void)events;
    struct web_request *request = context;
    request->watch = loop_remove(request->watch);
    request->gone = true;
    call_cancel(request);
    request_resume(request);
}

void request_watch(struct web_request *request)
{
    if (request->watch == NULL)
        request->watch = loop_add_io(request->server->loop, "web client", LOOP_NORMAL, request->fd, EPOLLRDHUP,
                                     on_client_gone, request);
}

void request_stop(struct web_request *request)
{
    request->watch = loop_remove(request->watch);
    request->gone = true;
    call_cancel(request);
    request_resume(request);
}

static uint16_t local_port(const struct web_request *request)
{
    struct sockaddr_in6 address = {0};
    socklen_t size = sizeof address;
    getsockname(request->fd, (struct sockaddr *)&address, &size);
    return ntohs(address.sin6_port); /* at the same place in sockaddr_in */
}

static bool check_origin(struct web_request *request)
{
    if (request->local)
        return true;
    uint16_t port = local_port(request);
    if (!guard_host(web_request_header(request, "Host"), port))
        web_reply_error(request, MHD_HTTP_FORBIDDEN, "host_refused", "only this machine's own names are served");
    else if (!guard_origin(web_request_header(request, "Origin"), port))
        web_reply_error(request, MHD_HTTP_FORBIDDEN, "origin_refused", "only pages of this station are served");
    return request->response == NULL;
}

static enum MHD_Result take_argument(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    struct web_request *request = context;
    CLEANUP(memory_free_at) char *decoded_name = memory_text(name);
    CLEANUP(memory_free_at) char *decoded = memory_text(value != NULL ? value : "");
    bool good = path_decode(decoded_name) && path_decode(decoded) &&
                json_object_set_new(request->query, decoded_name, json_string(decoded)) == 0;
    return good ? MHD_YES : MHD_NO;
}

static bool check_address(struct web_request *request, const char *path)
{
    request->query = json_object();
    int count = MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, NULL, NULL);
    int taken = MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, take_argument, request);
    if (path_is_sound(path) && (int)json_object_size(request->query) == count && taken == count)
        return true;
    web_reply_error(request, MHD_HTTP_BAD_REQUEST, "invalid", "malformed path or query");
    return false;
}

static void note_method(char *allow, size_t size, const char *method)
{
    size_t used = strlen(allow);
    if (strstr(allow, method) == NULL)
        snprintf(allow + used, size - used, "%s%s", used > 0 ? ", " : "", method);
}

/* One table: takes the route that fits path and method; collects the methods of those that fit the path only. */
static bool route_in(struct web_request *request, const struct route_table *table, const char *path, const char *method,
                     char *allow, size_t allow_size)
{
    for (const struct web_route *route = table->routes; route < table->routes + table->count; route++) {
        json_t *parameters = path_match(route->pattern, path);
        if (parameters == NULL)
            continue;
        if (text_equal(route->method, method)) {
            request->parameters = parameters;
            request->route = route;
            request->context = table->context;
            return true;
        }
        json_decref(parameters);
        note_method(allow, allow_size, route->method);
    }
    return false;
}

static bool find_route(struct web_request *request, const char *path, const char *method)
{
    const struct web_server *server = request->server;
    char allow[64] = "";
    for (size_t i = 0; i < server->table_count; i++)
        if (route_in(request, &server->tables[i], path, method, allow, sizeof allow))
            return true;
    if (allow[0] != '\0')
        reply_not_allowed(request, allow);
    else
        web_reply_error(request, MHD_HTTP_NOT_FOUND, "not_found", "no such path");
    return false;
}

/* Announced length of the body; 0 if none or not announced. */
static size_t announced(const struct web_request *request)
{
    const char *text = web_request_header(request, "Content-Length");
    int64_t length = 0;
    if (text != NULL && !text_to_int64(text, &length))
        length = INT64_MAX;
    return (size_t)length;
}

static size_t body_limit(const struct web_request *request)
{
    return request->route->upload != NULL ? request->route->upload->limit : WEB_BODY_MAX;
}

static void reply_too_big(struct web_request *request)
{
    struct error err;
    error_set(&err, ERROR_TOO_BIG, "the body is over %zu bytes", body_limit(request));
    web_reply_fault(request, &err);
}

static void reply_nothing(struct web_request *request)
{
    web_reply_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", "no answer");
}

static void begin_upload(struct web_request *request)
{
    request->upload = request->route->upload->begin(request, request->context);
    if (request->upload == NULL && request->response == NULL)
        reply_nothing(request);
}

static void begin(struct web_request *request, const char *path, const char *method)
{
    if (!check_origin(request) || !check_address(request, path) || !find_route(request, path, method))
        return;
    if (announced(request) > body_limit(request))
        reply_too_big(request);
    else if (request->route->upload != NULL)
        begin_upload(request);
}

static enum MHD_Result queue_answer(struct web_request *request)
{
    enum MHD_Result queued = MHD_queue_response(request->connection, request->status, request->response);
    MHD_destroy_response(request->response);
    request->response = NULL;
    return queued;
}

/* A client that waits for "100 Continue", or announces more than we would read, gets a refusal at once. */
static bool answers_before_body(const struct web_request *request)
{
    bool waits = web_request_header(request, "Expect") != NULL;
    return request->response != NULL && (waits || announced(request) > DRAIN_MAX);
}

static void take_piece(struct web_request *request, const char *bytes, size_t length)
{
    struct error err;
    if (request->received > body_limit(request))
        reply_too_big(request);
    else if (request->route->upload == NULL)
        buffer_append(&request->body, bytes, length);
    else if (!request->route->upload->chunk(request->upload, bytes, length, &err))
        web_reply_fault(request, &err);
    if (request->response != NULL)
        end_upload(request);
}

static enum MHD_Result take_body(struct web_request *request, const char *bytes, size_t *length)
{
    request->received += *length;
    if (request->response == NULL)
        take_piece(request, bytes, *length);
    else if (request->received > DRAIN_MAX)
        return MHD_NO;
    *length = 0;
    return MHD_YES;
}

static enum MHD_Result finish(struct web_request *request)
{
    if (request->gone)
        return MHD_NO;
    if (request->response == NULL && !request->handled) {
        request->handled = true;
        request->route->handler(request, request->context);
    }
    if (request->response != NULL)
        return queue_answer(request);
    if (request->cancel == NULL) { /* a handler that forgot to answer: our bug, but the client must not hang */
        reply_nothing(request);
        return queue_answer(request);
    }
    request_suspend(request);
    request_watch(request);
    return MHD_YES;
}

enum MHD_Result request_serve(void *server, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *bytes, size_t *length, void **state)
{
    (void)version;
    struct web_request *request = *state;
    if (request == NULL) {
        *state = request = request_new(server, connection);
        begin(request, path, method);
        return answers_before_body(request) ? queue_answer(request) : MHD_YES;
    }
    return *length > 0 ? take_body(request, bytes, length) : finish(request);
}

const char *web_request_parameter(const struct web_request *request, const char *name)
{
    return json_string_value(json_object_get(request->parameters, name));
}

const char *web_request_query(const struct web_request *request, const char *name)
{
    return json_string_value(json_object_get(request->query, name));
}

bool web_request_query_number(const struct web_request *request, const char *name, int64_t fallback, int64_t *ret_value)
{
    const char *text = web_request_query(request, name);
    int64_t value = fallback;
    if (text != NULL && (!text_is_digits(text) || !text_to_int64(text, &value)))
        return false;
    *ret_value = value;
    return true;
}

const char *web_request_header(const struct web_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *web_request_body(const struct web_request *request, size_t *ret_length)
{
    *ret_length = request->body.length;
    return buffer_text(&request->body);
}

json_t *web_request_json(const struct web_request *request, struct error *err)
{
    json_error_t why;
    json_t *body = json_loadb(buffer_text(&request->body), request->body.length, JSON_REJECT_DUPLICATES, &why);
    if (json_is_object(body))
        return body;
    error_set(err, ERROR_INVALID, "the body is no JSON object: %s", body == NULL ? why.text : "another kind of value");
    json_decref(body);
    return NULL;
}

void *web_request_upload(const struct web_request *request)
{
    return request->upload;
}

bool web_request_peer(const struct web_request *request, struct ucred *ret_peer)
{
    socklen_t size = sizeof *ret_peer;
    return request->local && getsockopt(request->fd, SOL_SOCKET, SO_PEERCRED, ret_peer, &size) == 0;
}

void web_request_defer(struct web_request *request, web_cancel_fn *cancel, void *context)
{
    request->cancel = cancel;
    request->cancel_context = context;
}
