/* SPDX-License-Identifier: Apache-2.0 */
/* A stream is a bounded queue of bytes that MHD reads; it is suspended while empty and dropped when over its limit. */
#include "daemon/web/private.h"

#include "base/clock.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BLOCK_SIZE ((size_t)16 * 1024)

static void ask_fill(struct web_stream *stream)
{
    if (!stream->woken || stream->ending || stream->calls->fill == NULL)
        return;
    stream->woken = false;
    stream->calls->fill(stream, stream->context);
    if (stream->queue.length > 0)
        stream->woken = true;
}

static ssize_t read_queue(void *context, uint64_t position, char *bytes, size_t size)
{
    (void)position;
    struct web_stream *stream = context;
    if (stream->dropped || stream->request->gone)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (stream->queue.length == 0)
        ask_fill(stream);
    size_t length = stream->queue.length < size ? stream->queue.length : size;
    if (length > 0) {
        memcpy(bytes, stream->queue.data, length);
        buffer_consume(&stream->queue, length);
        return (ssize_t)length;
    }
    if (stream->ending)
        return MHD_CONTENT_READER_END_OF_STREAM;
    request_suspend(stream->request);
    return 0;
}

struct web_stream *web_stream_open(struct web_request *request, const struct web_stream_calls *calls, void *context)
{
    struct web_stream *stream = memory_new(1, sizeof *stream);
    *stream = (struct web_stream){.request = request, .calls = calls, .context = context, .woken = true};
    stream->sent_tick = clock_read().tick;
    /* Something to send at once, else the headers wait for the first event. */
    buffer_append_text(&stream->queue, "retry: 1000\n\n");
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_queue, stream, NULL);
    if (response == NULL)
        abort(); /* out of memory */
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    request->stream = stream;
    reply_with(request, MHD_HTTP_OK, response);
    request_watch(request);
    return stream;
}

struct web_stream *stream_free(struct web_stream *stream)
{
    if (stream == NULL)
        return NULL;
    stream->calls->closed(stream, stream->context);
    buffer_done(&stream->queue);
    free(stream);
    return NULL;
}

/* MHD does not look at a connection whose client takes nothing; shutting its socket down makes it. */
static void drop(struct web_stream *stream)
{
    stream->dropped = true;
    buffer_done(&stream->queue);
    shutdown(stream->request->fd, SHUT_RDWR);
    request_resume(stream->request);
}

static void append_event(struct buffer *buffer, const char *event, int64_t id, const char *data)
{
    if (event != NULL)
        buffer_append_format(buffer, "event: %s\n", event);
    if (id != WEB_ID_NONE)
        buffer_append_format(buffer, "id: %" PRId64 "\n", id);
    while (data != NULL) {
        size_t length = strcspn(data, "\r\n");
        buffer_append_format(buffer, "data: %.*s\n", (int)length, data);
        data += length;
        data += strncmp(data, "\r\n", 2) == 0 ? 2 : 1;
        if (data[-1] == '\0')
            data = NULL;
    }
    buffer_append_byte(buffer, '\n');
}

bool web_stream_send(struct web_stream *stream, const char *event, int64_t id, const char *data)
{
    if (stream->dropped || stream->ending)
        return false;
    size_t waiting = stream->queue.length;
    append_event(&stream->queue, event, id, data);
    stream->sent_tick = clock_read().tick;
    if (waiting > 0 && stream->queue.length > stream->request->server->options.stream_limit) {
        drop(stream);
        return false;
    }
    request_resume(stream->request);
    return true;
}

size_t web_stream_room(const struct web_stream *stream)
{
    size_t limit = stream->request->server->options.stream_limit;
    return stream->queue.length < limit ? limit - stream->queue.length : 0;
}

void web_stream_wake(struct web_stream *stream)
{
    stream->woken = true;
    request_resume(stream->request);
}

void web_stream_close(struct web_stream *stream)
{
    stream->ending = true;
    request_resume(stream->request);
}

void stream_keep_alive(struct web_stream *stream, int64_t tick, int64_t silence_ms)
{
    if (stream->queue.length > 0 || tick - stream->sent_tick < silence_ms || stream->dropped || stream->ending)
        return;
    buffer_append_text(&stream->queue, ":\n\n");
    stream->sent_tick = tick;
    request_resume(stream->request);
}
