/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events to several, slow and leaving clients, pushed and pulled. */
#include "daemon/web/stream.h"

#include "base/memory.h"
#include "daemon/web/request.h"
#include "tests/support/http.h"
#include "tests/support/suite.h"
#include "tests/support/web_house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIVE_MAX 8
#define PULL_COUNT 500

/* What the routes work on; only the loop's thread writes it, the script reads it through GET /state. */
static struct web_house house;
static struct {
    struct web_stream *streams[LIVE_MAX];
    int64_t pulled[LIVE_MAX]; /* cursor of a pull stream */
    int closed, dropped;
} seen;

static void reply_state(struct web_request *request, void *context)
{
    (void)context;
    int streams = 0;
    for (int i = 0; i < LIVE_MAX; i++)
        streams += seen.streams[i] != NULL;
    char text[160];
    int length = snprintf(text, sizeof text, "streams %d closed %d dropped %d;", streams, seen.closed, seen.dropped);
    web_reply_bytes(request, 200, "text/plain", text, (size_t)length);
}

static void on_closed(struct web_stream *stream, void *context)
{
    (void)stream;
    seen.streams[(int64_t *)context - seen.pulled] = NULL;
    seen.closed++;
}

static void open_stream(struct web_request *request, const struct web_stream_calls *calls, int64_t from)
{
    for (int i = 0; i < LIVE_MAX; i++)
        if (seen.streams[i] == NULL) {
            seen.pulled[i] = from;
            seen.streams[i] = web_stream_open(request, calls, &seen.pulled[i]);
            return;
        }
}

static void reply_stream(struct web_request *request, void *context)
{
    (void)context;
    static const struct web_stream_calls calls = {.closed = on_closed};
    open_stream(request, &calls, 0);
}

static void on_fill(struct web_stream *stream, void *context)
{
    int64_t *cursor = context;
    for (int i = 0; i < 7 && *cursor < PULL_COUNT; i++) {
        (*cursor)++;
        web_stream_send(stream, "event", *cursor, "x");
    }
    if (*cursor == PULL_COUNT)
        web_stream_close(stream);
}

static void reply_pull(struct web_request *request, void *context)
{
    (void)context;
    static const struct web_stream_calls calls = {.fill = on_fill, .closed = on_closed};
    const char *id = web_request_header(request, "Last-Event-ID");
    open_stream(request, &calls, id != NULL ? atoi(id) : 0);
}

/* Sends ?n= events of ?size= bytes to every stream, ids 1…n. */
static void reply_push(struct web_request *request, void *context)
{
    (void)context;
    int64_t count, size;
    if (!web_request_query_number(request, "n", 1, &count) || !web_request_query_number(request, "size", 10, &size)) {
        web_reply_error(request, 400, "invalid", "n and size are numbers");
        return;
    }
    CLEANUP(memory_free_at) char *data = memory_new((size_t)size + 1, 1);
    memset(data, 'd', (size_t)size);
    for (int64_t id = 1; id <= count; id++)
        for (int i = 0; i < LIVE_MAX; i++)
            if (seen.streams[i] != NULL && !web_stream_send(seen.streams[i], "event", id, data))
                seen.dropped++;
    web_reply_json(request, 200, json_object());
}

static const struct web_route routes[] = {
    {"GET", "/state", reply_state, NULL},
    {"GET", "/stream", reply_stream, NULL},
    {"GET", "/pull", reply_pull, NULL},
    {"GET", "/push", reply_push, NULL},
};

static void serve_with(void (*script)(void), const struct web_options *options)
{
    memset(&seen, 0, sizeof seen);
    web_house_open(&house, routes, COUNT_OF(routes), options);
    web_house_run(&house, script);
    web_house_close(&house);
}

static void serve(void (*script)(void))
{
    serve_with(script, NULL);
}

#define OK "HTTP/1.1 200"

/* Counts "id: 1" … "id: count" in order; the number of the first one missing, or 0. */
static int first_gap(const char *text, int from, int count)
{
    for (int id = from; id <= count; id++) {
        char line[32];
        snprintf(line, sizeof line, "\nid: %d\n", id);
        text = strstr(text, line);
        if (text == NULL)
            return id;
    }
    return 0;
}

#define STREAMS 3

static void stream_script(void)
{
    int fds[STREAMS];
    for (int i = 0; i < STREAMS; i++)
        fds[i] = http_open_get(house.path, "/stream");
    http_get_until(house.path, "/state", "streams 3 ");
    for (int i = 0; i < 50; i++) /* while it waits for a second event, the first has to be through */
        CU_ASSERT_TRUE(http_get(house.path, "/push", OK, "{}"));
    CU_ASSERT_TRUE(http_get(house.path, "/push?n=500", OK, "{}"));
    for (int i = 0; i < STREAMS; i++) {
        struct buffer got = BUFFER_EMPTY;
        http_receive_until(fds[i], &got, "id: 500\n");
        CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&got), "Content-Type: text/event-stream"));
        CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&got), "event: event\nid: 1\ndata: dddddddddd\n\n"));
        CU_ASSERT_EQUAL(first_gap(buffer_text(&got), 1, 500), 0);
        buffer_done(&got);
        close(fds[i]);
    }
    http_get_until(house.path, "/state", "streams 0 closed 3 dropped 0;");
}

/* Each event is pushed only after the one before has arrived: a swallowed wake-up would hang here. */
static void prompt_script(void)
{
    int fd = http_open_get(house.path, "/stream");
    struct buffer got = BUFFER_EMPTY;
    http_get_until(house.path, "/state", "streams 1 ");
    http_receive_until(fd, &got, "retry: 1000");
    for (int i = 0; i < 100; i++) {
        buffer_clear(&got);
        CU_ASSERT_TRUE(http_get(house.path, "/push", OK, "{}"));
        http_receive_until(fd, &got, "id: 1\n");
    }
    buffer_done(&got);
    close(fd);
}

static void pull_script(void)
{
    struct buffer got = BUFFER_EMPTY;
    int fd = http_connect_unix(house.path);
    http_send_text(fd, "GET /pull HTTP/1.1\r\nHost: s\r\nLast-Event-ID: 41\r\nConnection: close\r\n\r\n");
    http_receive_all(fd, &got);
    CU_ASSERT_PTR_NULL(strstr(buffer_text(&got), "\nid: 41\n"));
    CU_ASSERT_EQUAL(first_gap(buffer_text(&got), 42, PULL_COUNT), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&got), "0\r\n\r\n"));
    buffer_done(&got);
    http_get_until(house.path, "/state", "streams 0 closed 1 ");
}

static void slow_script(void)
{
    struct buffer got = BUFFER_EMPTY;
    int slow = http_open_get(house.path, "/stream"), fast = http_open_get(house.path, "/stream");
    http_get_until(house.path, "/state", "streams 2 ");
    for (int i = 0; i < 100; i++) { /* 6.4 MB: more than limit and socket buffers hold */
        buffer_clear(&got);
        CU_ASSERT_TRUE(http_get(house.path, "/push?size=64000", OK, "{}"));
        http_receive_until(fast, &got, "ddd\n\n");
    }
    http_get_until(house.path, "/state", "streams 1 closed 1 dropped 1;");
    close(fast);
    buffer_clear(&got);
    http_receive_all(slow, &got); /* ends: the client sees that it was dropped */
    CU_ASSERT_TRUE(got.length < 2000000);
    buffer_done(&got);
}

static void keep_alive_script(void)
{
    struct buffer got = BUFFER_EMPTY;
    int fd = http_open_get(house.path, "/stream");
    http_receive_until(fd, &got, "\n:\n\n");
    buffer_done(&got);
    close(fd);
}

static void streams_have_no_gap(void)
{
    serve(stream_script);
}

static void events_arrive_at_once(void)
{
    serve(prompt_script);
}

static void a_pull_stream_resumes(void)
{
    serve(pull_script);
}

static void a_slow_client_is_dropped(void)
{
    serve(slow_script);
}

static void a_silent_stream_is_kept_alive(void)
{
    static const struct web_options often = {.keep_alive_ms = 30};
    serve_with(keep_alive_script, &often);
}

static int left_open;

static void stop_script(void)
{
    left_open = http_open_get(house.path, "/stream");
    http_get_until(house.path, "/state", "streams 1 closed 0 ");
}

static void stopping_closes_streams(void)
{
    serve(stop_script);
    CU_ASSERT_EQUAL(seen.closed, 1);
    close(left_open);
}

SUITE("web/stream", {"streams have no gap", streams_have_no_gap}, {"events arrive at once", events_arrive_at_once},
      {"a pull stream resumes", a_pull_stream_resumes}, {"a slow client is dropped", a_slow_client_is_dropped},
      {"a silent stream is kept alive", a_silent_stream_is_kept_alive},
      {"stopping closes streams", stopping_closes_streams})
