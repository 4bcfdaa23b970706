/* SPDX-License-Identifier: Apache-2.0 */
/* events tail: one CloudEvent a line, without a gap over reconnects. */
#include "base/buffer.h"
#include "base/text.h"
#include "ctl/live.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 60000

struct tail {
    int64_t left; /* events still wanted; < 0: all */
    bool broken;  /* stdout takes no more */
};

static void print_event(void *context, const char *event, const char *id, const char *data)
{
    (void)id;
    struct tail *tail = context;
    json_t *value = json_loads(data, 0, NULL);
    if (!text_equal(event, "event") || tail->left == 0 || value == NULL) {
        json_decref(value);
        return;
    }
    ctl_print_json(value);
    json_decref(value);
    tail->broken = fflush(stdout) != 0;
    if (tail->left > 0)
        tail->left--;
}

/* The first connection has to work; later ones are waited for. */
static enum ctl_exit follow(struct ctl *ctl, struct live *live, struct tail *tail)
{
    enum ctl_exit end = CTL_OK;
    unsigned told = 0;
    while (tail->left != 0 && !tail->broken) {
        live_wait(live, NULL, 0, WAIT_MS);
        if (live_failed(live, ctl, &end))
            return end;
        if (live_state(live) == LIVE_LOST && told != live_count(live)) {
            told = live_count(live);
            ctl_complain("connection lost, reconnecting");
        }
    }
    return tail->broken ? CTL_FAULT : CTL_OK;
}

enum ctl_exit ctl_events_tail(struct ctl *ctl)
{
    struct tail tail = {.left = ctl->count};
    struct buffer path = BUFFER_EMPTY;
    buffer_append_text(&path, "/api/v1/events/live");
    if (ctl->after >= 0)
        buffer_append_format(&path, "?after=%" PRId64, ctl->after);
    struct live *live = live_new(ctl->socket, buffer_text(&path), print_event, &tail);
    enum ctl_exit end = follow(ctl, live, &tail);
    live_free(live);
    buffer_done(&path);
    return end;
}
