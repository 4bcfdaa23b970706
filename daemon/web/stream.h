/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events: a reply that stays open. Pull (fill) for what can be read again, push (send) for the rest. */
#ifndef DAEMON_WEB_STREAM_H
#define DAEMON_WEB_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct web_request;
struct web_stream;

struct web_stream_calls {
    /* May be NULL. Called when the client has taken everything and something may have come: after web_stream_open,
       after web_stream_wake, and again after a fill that sent something. It sends what comes next, up to
       web_stream_room, or nothing; or calls web_stream_close. A slow client so gets fewer, never too many. */
    void (*fill)(struct web_stream *stream, void *context);
    /* The client went away, was dropped, or the stream was closed: last call, the stream is gone. Must not be NULL. */
    void (*closed)(struct web_stream *stream, void *context);
};

#define WEB_ID_NONE INT64_C(-1)

/* Answers the request (which is then no longer the caller's) with a stream of events. */
struct web_stream *web_stream_open(struct web_request *request, const struct web_stream_calls *calls, void *context);
/* Queues an event. event NULL = "message"; id WEB_ID_NONE = without; data NULL = only tell the client this id, from
   which it will resume. event is a word; data may have several lines. If more than the limit would wait, the client is
   dropped (it reconnects with Last-Event-ID): false, and closed follows in a later turn. */
bool web_stream_send(struct web_stream *stream, const char *event, int64_t id, const char *data);
/* Bytes that may be sent before the client is dropped. */
size_t web_stream_room(const struct web_stream *stream);
/* There is something new: fill will be called when the client is ready for it. */
void web_stream_wake(struct web_stream *stream);
/* Ends the stream after what is queued. */
void web_stream_close(struct web_stream *stream);

#endif
