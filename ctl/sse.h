/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events from bytes that arrive in pieces (WHATWG HTML, "Server-sent events"). */
#ifndef CTL_SSE_H
#define CTL_SSE_H

#include "base/buffer.h"

#include <stdbool.h>

#define SSE_LINE_MAX ((size_t)4 * 1024 * 1024)

struct sse {
    struct buffer line, data;
    char event[64];
    char id[64];      /* of the last whole event, kept over reconnects */
    char next_id[64]; /* of the event that is being read */
    bool has_data, after_return;
};

/* data: the lines joined by newlines. */
typedef void sse_fn(void *context, const char *event, const char *id, const char *data);

/* Takes bytes and calls fn for each whole event; false if a line or an event is over SSE_LINE_MAX. */
bool sse_feed(struct sse *sse, const char *bytes, size_t length, sse_fn *fn, void *context);
/* Forgets half an event, keeps the last id: a new connection begins. */
void sse_restart(struct sse *sse);
void sse_done(struct sse *sse);

#endif
