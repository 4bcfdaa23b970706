/* SPDX-License-Identifier: Apache-2.0 */
/* Routes, bodies, late answers and uploads of the server, driven by a client script. */
#include "daemon/web/server.h"

#include "base/memory.h"
#include "daemon/web/request.h"
#include "tests/support/http.h"
#include "tests/support/suite.h"
#include "tests/support/web_house.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFERRED_MAX 4

/* What the routes work on; only the loop's thread writes it, the script reads it through GET /state. */
static struct web_house house;
static struct web_request *deferred[DEFERRED_MAX];
static struct {
    int cancelled, begun, aborted;
    size_t uploaded;
} seen;

static void reply_echo(struct web_request *request, void *context)
{
    (void)context;
    const char *query = web_request_query(request, "q"), *id = web_request_header(request, "Last-Event-ID");
    web_reply_json(request, 200,
                   json_pack("{s:s,s:s?,s:s?}", "name", web_request_parameter(request, "name"), "q", query, "id", id));
}

static void reply_body(struct web_request *request, void *context)
{
    (void)context;
    size_t length;
    web_request_body(request, &length);
    web_reply_json(request, 200, json_pack("{s:I}", "length", (json_int_t)length));
}

static void reply_state(struct web_request *request, void *context)
{
    (void)context;
    int waiting = 0;
    for (int i = 0; i < DEFERRED_MAX; i++)
        waiting += deferred[i] != NULL;
    char text[160];
    int length = snprintf(text, sizeof text, "deferred %d cancelled %d begun %d aborted %d;", waiting, seen.cancelled,
                          seen.begun, seen.aborted);
    web_reply_bytes(request, 200, "text/plain", text, (size_t)length);
}

static void on_cancel(struct web_request *request, void *context)
{
    struct web_request **slot = context;
    if (*slot == request)
        seen.cancelled++;
    *slot = NULL;
}

static void reply_later(struct web_request *request, void *context)
{
    (void)context;
    int i = 0;
    while (deferred[i] != NULL)
        i++;
    deferred[i] = request;
    web_request_defer(request, on_cancel, &deferred[i]);
}

static void reply_answer(struct web_request *request, void *context)
{
    (void)context;
    for (int i = 0; i < DEFERRED_MAX; i++)
        if (deferred[i] != NULL) {
            web_reply_json(deferred[i], 202, json_pack("{s:i}", "answer", i));
            deferred[i] = NULL;
        }
    web_reply_json(request, 200, json_object());
}

static void *begin_upload(struct web_request *request, void *context)
{
    (void)context;
    if (web_request_query(request, "refuse") != NULL) {
        web_reply_error(request, 409, "conflict", "an import is running");
        return NULL;
    }
    seen.begun++;
    seen.uploaded = 0;
    return &seen;
}

static bool take_chunk(void *upload, const void *bytes, size_t length, struct error *err)
{
    (void)upload;
    seen.uploaded += length;
    return memchr(bytes, '!', length) == NULL || error_set(err, ERROR_FULL, "disk full");
}

static void abort_upload(void *upload)
{
    seen.aborted += upload == &seen;
}

static void reply_uploaded(struct web_request *request, void *context)
{
    (void)context;
    bool ours = web_request_upload(request) == &seen;
    web_reply_json(request, 202, json_pack("{s:b,s:I}", "ours", ours, "bytes", (json_int_t)seen.uploaded));
}

static void reply_peer(struct web_request *request, void *context)
{
    (void)context;
    struct ucred peer = {0};
    bool known = web_request_peer(request, &peer);
    web_reply_json(request, 200,
                   json_pack("{s:b,s:i,s:i}", "known", known, "pid", (int)peer.pid, "uid", (int)peer.uid));
}

static void reply_nothing(struct web_request *request, void *context)
{
    (void)request, (void)context;
}

static const struct web_upload upload = {16 << 20, begin_upload, take_chunk, abort_upload};
static const struct web_route routes[] = {
    {"GET", "/echo/{name}/end", reply_echo, NULL},
    {"POST", "/body", reply_body, NULL},
    {"GET", "/state", reply_state, NULL},
    {"GET", "/later", reply_later, NULL},
    {"GET", "/answer", reply_answer, NULL},
    {"POST", "/upload", reply_uploaded, &upload},
    {"GET", "/peer", reply_peer, NULL},
    {"GET", "/nothing", reply_nothing, NULL},
};

static void serve(void (*script)(void))
{
    memset(&seen, 0, sizeof seen);
    web_house_open(&house, routes, COUNT_OF(routes), NULL);
    web_house_run(&house, script);
    web_house_close(&house);
}

#define OK "HTTP/1.1 200"

static void routes_script(void)
{
    CU_ASSERT_TRUE(http_get(house.path, "/echo/a%2Fb%C3%A9/end?q=1+%26%202", OK,
                            "{\"name\":\"a/bé\",\"q\":\"1 & 2\",\"id\":null}"));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/x/end", OK, "\"q\":null"));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/x/end", OK, "X-Content-Type-Options: nosniff"));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/x/end", OK, "Content-Security-Policy: default-src 'self'"));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/x", "HTTP/1.1 404", "{\"error\":{\"code\":\"not_found\""));
    CU_ASSERT_TRUE(http_get(house.path, "/echo//end", "HTTP/1.1 404", "not_found"));
    CU_ASSERT_TRUE(http_get(house.path, "/body", "HTTP/1.1 405", "Allow: POST"));
    CU_ASSERT_TRUE(http_get(house.path, "/body", "HTTP/1.1 405", "method_not_allowed"));
    CU_ASSERT_TRUE(http_get(house.path, "/nothing", "HTTP/1.1 500", "internal"));
}

static void malformed_script(void)
{
    CU_ASSERT_TRUE(http_get(house.path, "/echo/a%2/end", "HTTP/1.1 400", "\"invalid\""));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/a%00b/end", "HTTP/1.1 400", "\"invalid\""));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/%FF/end", "HTTP/1.1 400", "\"invalid\""));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/../state", "HTTP/1.1 400", "\"invalid\""));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/%2E%2e/end", "HTTP/1.1 400", "\"invalid\""));
    CU_ASSERT_TRUE(http_get(house.path, "/echo/x/end?q=%zz", "HTTP/1.1 400", "\"invalid\""));
}

static void many_on_one_connection_script(void)
{
    int fd = http_connect_unix(house.path);
    for (int i = 0; i < 100; i++) {
        struct buffer got = BUFFER_EMPTY;
        http_send_text(fd, "POST /body HTTP/1.1\r\nHost: s\r\nContent-Length: 5\r\n\r\nhello");
        http_receive_until(fd, &got, "{\"length\":5}");
        buffer_done(&got);
    }
    close(fd);
}

static void body_script(void)
{
    http_post_sized(house.path, "/body", WEB_BODY_MAX, OK, "{\"length\":1048576}");
    http_post_sized(house.path, "/body", WEB_BODY_MAX + 1, "HTTP/1.1 413", "\"too_big\"");
    http_post_chunked(house.path, "/body", 1000000, OK, "{\"length\":1000000}");
    http_post_chunked(house.path, "/body", 1100000, "HTTP/1.1 413", "\"too_big\"");
}

/* A refused body is read to its end, so that the connection serves on; unless the client waits to send it. */
static void refused_body_script(void)
{
    struct buffer got = BUFFER_EMPTY;
    CLEANUP(memory_free_at) char *body = memory_new(3000000, 1);
    int fd = http_connect_unix(house.path);
    http_send_text(fd, "POST /nowhere HTTP/1.1\r\nHost: s\r\nContent-Length: 3000000\r\n\r\n");
    http_send(fd, body, 3000000);
    http_receive_until(fd, &got, "\"not_found\"");
    http_send_text(fd, "GET /echo/again/end HTTP/1.1\r\nHost: s\r\n\r\n");
    http_receive_until(fd, &got, "\"name\":\"again\"");
    close(fd);
    buffer_clear(&got);
    fd = http_connect_unix(house.path);
    http_send_text(fd, "POST /body HTTP/1.1\r\nHost: s\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n");
    http_receive_until(fd, &got, "HTTP/1.1 413");
    buffer_done(&got);
    close(fd);
}

static void deferred_script(void)
{
    int first = http_open_get(house.path, "/later"), second = http_open_get(house.path, "/later");
    http_get_until(house.path, "/state", "deferred 2 ");
    CU_ASSERT_TRUE(http_get(house.path, "/answer", OK, "{}"));
    struct buffer got = BUFFER_EMPTY;
    http_receive_until(first, &got, "{\"answer\":");
    http_receive_until(second, &got, "{\"answer\":1}");
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&got), "HTTP/1.1 202"));
    buffer_clear(&got);
    http_send_text(first, "GET /state HTTP/1.1\r\nHost: s\r\n\r\n"); /* the connection serves on */
    http_receive_until(first, &got, "deferred 0 cancelled 0 ");
    buffer_done(&got);
    close(first);
    close(second);
}

static void client_gone_script(void)
{
    int first = http_open_get(house.path, "/later"), second = http_open_get(house.path, "/later");
    http_get_until(house.path, "/state", "deferred 2 ");
    close(first);
    http_get_until(house.path, "/state", "deferred 1 cancelled 1 ");
    CU_ASSERT_TRUE(http_get(house.path, "/answer", OK, "{}"));
    struct buffer got = BUFFER_EMPTY;
    http_receive_until(second, &got, "{\"answer\":1}");
    buffer_done(&got);
    close(second);
}

static void upload_script(void)
{
    http_post_sized(house.path, "/upload", 5 * 1000 * 1000, "HTTP/1.1 202", "{\"ours\":true,\"bytes\":5000000}");
    http_post_chunked(house.path, "/upload", 3 * 1000 * 1000, "HTTP/1.1 202", "{\"ours\":true,\"bytes\":3000000}");
    http_post_sized(house.path, "/upload", (16 << 20) + 1, "HTTP/1.1 413", "\"too_big\"");
    http_post_sized(house.path, "/upload?refuse=1", 3 * 1000 * 1000, "HTTP/1.1 409", "\"conflict\"");
    http_get_until(house.path, "/state", "begun 2 aborted 0;");
    CU_ASSERT_TRUE(http_exchange(http_connect_unix(house.path), "POST /upload HTTP/1.1\r\nHost: s\r\nContent-Length: 4",
                                 "a!bc", "HTTP/1.1 507", "{\"error\":{\"code\":\"full\",\"message\":\"disk full\"}}"));
    http_get_until(house.path, "/state", "begun 3 aborted 1;");
    int fd = http_connect_unix(house.path);
    http_send_text(fd, "POST /upload HTTP/1.1\r\nHost: s\r\nContent-Length: 100\r\n\r\nhalf");
    http_get_until(house.path, "/state", "begun 4 aborted 1;");
    close(fd);
    http_get_until(house.path, "/state", "begun 4 aborted 2;");
}

static bool ask_tcp(const char *method, const char *host, const char *origin, const char *status)
{
    char head[512], name[64];
    snprintf(name, sizeof name, "%s:%u", host, (unsigned)house.port);
    snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: %s%s%s%s", method, strchr(host, '/') ? "evil" : name,
             origin != NULL ? "\r\nOrigin: http://" : "", origin != NULL ? origin : "",
             method[0] == 'P' ? "\r\nContent-Length: 2" : "");
    return http_exchange(http_connect_tcp(house.port), head, method[0] == 'P' ? "{}" : "", status, "");
}

static void origin_script(void)
{
    char own[64], other_port[64];
    snprintf(own, sizeof own, "localhost:%u", (unsigned)house.port);
    snprintf(other_port, sizeof other_port, "localhost:%u", (unsigned)house.port + 1);
    CU_ASSERT_TRUE(ask_tcp("GET /state", "localhost", NULL, OK));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "LOCALHOST", NULL, OK));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "127.0.0.1", NULL, OK));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "[::1]", NULL, OK));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "evil.example", NULL, "HTTP/1.1 403"));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "localhost.evil.example", NULL, "HTTP/1.1 403"));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "192.168.1.1", NULL, "HTTP/1.1 403"));
    CU_ASSERT_TRUE(http_exchange(http_connect_tcp(house.port), "GET /state HTTP/1.1\r\nHost: localhost:1", "",
                                 "HTTP/1.1 403", "host_refused"));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "localhost", own, OK));
    CU_ASSERT_TRUE(ask_tcp("GET /state", "localhost", "evil.example", "HTTP/1.1 403"));
    CU_ASSERT_TRUE(ask_tcp("POST /body", "localhost", NULL, OK));
    CU_ASSERT_TRUE(ask_tcp("POST /body", "localhost", own, OK));
    CU_ASSERT_TRUE(ask_tcp("POST /body", "localhost", other_port, "HTTP/1.1 403"));
    CU_ASSERT_TRUE(ask_tcp("POST /body", "localhost", "evil.example", "HTTP/1.1 403"));
}

static void peer_script(void)
{
    char want[96];
    snprintf(want, sizeof want, "{\"known\":true,\"pid\":%d,\"uid\":%d}", (int)getpid(), (int)getuid());
    CU_ASSERT_TRUE(http_get(house.path, "/peer", OK, want));
    char head[96];
    snprintf(head, sizeof head, "GET /peer HTTP/1.1\r\nHost: localhost:%u", (unsigned)house.port);
    CU_ASSERT_TRUE(http_exchange(http_connect_tcp(house.port), head, "", OK, "{\"known\":false,"));
    struct stat made;
    CU_ASSERT_EQUAL(stat(house.path, &made), 0);
    CU_ASSERT_EQUAL(made.st_mode & 0777, 0660);
}

static void routes_are_found(void)
{
    serve(routes_script);
}

static void malformed_is_refused(void)
{
    serve(malformed_script);
}

static void a_connection_is_used_again(void)
{
    serve(many_on_one_connection_script);
}

static void bodies_are_bounded(void)
{
    serve(body_script);
}

static void refused_bodies_are_drained(void)
{
    serve(refused_body_script);
}

static void an_answer_may_come_later(void)
{
    serve(deferred_script);
}

static void a_client_that_goes_cancels(void)
{
    serve(client_gone_script);
}

static void uploads_come_in_pieces(void)
{
    serve(upload_script);
}

static void foreign_pages_are_refused(void)
{
    serve(origin_script);
}

static void the_unix_socket_knows_its_peer(void)
{
    serve(peer_script);
}

static int left_open[2];

/* Leaves a deferred request and half an upload for the server to end. */
static void stop_script(void)
{
    left_open[0] = http_open_get(house.path, "/later");
    left_open[1] = http_connect_unix(house.path);
    http_send_text(left_open[1], "POST /upload HTTP/1.1\r\nHost: s\r\nContent-Length: 100\r\n\r\nhalf");
    http_get_until(house.path, "/state", "deferred 1 cancelled 0 begun 1 aborted 0;");
}

static void stopping_ends_everything(void)
{
    serve(stop_script);
    CU_ASSERT_EQUAL(seen.cancelled, 1);
    CU_ASSERT_EQUAL(seen.aborted, 1);
    CU_ASSERT_PTR_NULL(deferred[0]);
    close(left_open[0]);
    close(left_open[1]);
}

SUITE("web/server", {"routes are found", routes_are_found}, {"malformed is refused", malformed_is_refused},
      {"a connection is used again", a_connection_is_used_again}, {"bodies are bounded", bodies_are_bounded},
      {"refused bodies are drained", refused_bodies_are_drained},
      {"an answer may come later", an_answer_may_come_later},
      {"a client that goes cancels", a_client_that_goes_cancels}, {"uploads come in pieces", uploads_come_in_pieces},
      {"foreign pages are refused", foreign_pages_are_refused},
      {"the Unix socket knows its peer", the_unix_socket_knows_its_peer},
      {"stopping ends everything", stopping_ends_everything})
