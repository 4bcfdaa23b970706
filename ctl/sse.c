/* SPDX-License-Identifier: Apache-2.0 */
/* Lines end in LF, CR or CRLF; an empty line ends an event; an event without data only moves the id. */
#include "ctl/sse.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

static void take_event(struct sse *sse, const char *value)
{
    TEXT_COPY(sse->event, value);
}

static void take_id(struct sse *sse, const char *value)
{
    char id[sizeof sse->id];
    if (TEXT_COPY(id, value))
        TEXT_COPY(sse->next_id, id);
}

static void take_data(struct sse *sse, const char *value)
{
    if (sse->has_data)
        buffer_append_byte(&sse->data, '\n');
    buffer_append_text(&sse->data, value);
    sse->has_data = true;
}

static const struct {
    const char *name;
    void (*take)(struct sse *sse, const char *value);
} fields[] = {{"event", take_event}, {"id", take_id}, {"data", take_data}};

static void take_line(struct sse *sse)
{
    char *line = sse->line.data;
    char *colon = strchr(line, ':');
    const char *value = "";
    if (colon != NULL) {
        *colon = '\0';
        value = colon[1] == ' ' ? colon + 2 : colon + 1;
    }
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (text_equal(line, fields[i].name))
            fields[i].take(sse, value);
}

static void end_event(struct sse *sse, sse_fn *fn, void *context)
{
    TEXT_COPY(sse->id, sse->next_id); /* only now: half an event has to come again */
    if (sse->has_data)
        fn(context, sse->event[0] != '\0' ? sse->event : "message", sse->id, buffer_text(&sse->data));
    sse->event[0] = '\0';
    sse->has_data = false;
    buffer_clear(&sse->data);
}

static void end_line(struct sse *sse, sse_fn *fn, void *context)
{
    if (sse->line.length == 0)
        end_event(sse, fn, context);
    else
        take_line(sse);
    buffer_clear(&sse->line);
}

bool sse_feed(struct sse *sse, const char *bytes, size_t length, sse_fn *fn, void *context)
{
    for (const char *end = bytes + length; bytes < end;) {
        if (sse->after_return && *bytes == '\n')
            bytes++; /* the second half of CRLF */
        sse->after_return = false;
        const char *stop = bytes;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        buffer_append(&sse->line, bytes, (size_t)(stop - bytes));
        if (sse->line.length + sse->data.length > SSE_LINE_MAX)
            return false;
        if (stop == end)
            return true;
        sse->after_return = *stop == '\r';
        end_line(sse, fn, context);
        bytes = stop + 1;
    }
    return true;
}

void sse_restart(struct sse *sse)
{
    buffer_clear(&sse->line);
    buffer_clear(&sse->data);
    sse->event[0] = '\0';
    TEXT_COPY(sse->next_id, sse->id);
    sse->has_data = sse->after_return = false;
}

void sse_done(struct sse *sse)
{
    buffer_done(&sse->line);
    buffer_done(&sse->data);
}
