/* SPDX-License-Identifier: Apache-2.0 */
/* The lossy view: a cursor in memory and a socket that drops. */
#include "daemon/live_view.h"

#include "base/log.h"
#include "base/memory.h"
#include "daemon/store/records.h"

#include <stdlib.h>

#define SLICE 64

struct live_view {
    struct store *store;
    struct bus_socket *socket;
    struct loop_source *work;
    int64_t sent;
};

static void on_work(void *context)
{
    static const struct frame nobody = {"", 0};
    struct live_view *view = context;
    struct event_row rows[SLICE];
    struct error err;
    size_t count = 0;
    if (!outbox_read(view->store, view->sent, NULL, rows, SLICE, &count, &view->sent, &err)) {
        log_write(LOG_WARNING, "live view: %s", err.message);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct frame frames[] = {frame_of_text(rows[i].type), frame_of_text(rows[i].body)};
        bus_send(view->socket, &nobody, frames, COUNT_OF(frames));
        free(rows[i].body);
    }
    if (count == SLICE)
        loop_post(view->work);
}

void live_view_wake(struct live_view *view)
{
    if (view != NULL)
        loop_post(view->work);
}

struct live_view *live_view_new(struct loop *loop, struct bus *bus, struct store *store, const char *endpoint,
                                struct error *err)
{
    struct live_view *view = memory_new(1, sizeof *view);
    int64_t first;
    view->store = store;
    view->work = loop_add_work(loop, "live view", LOOP_BACKGROUND, on_work, view);
    if (outbox_range(store, &first, &view->sent, err))
        view->socket = bus_publish(bus, endpoint, err);
    return view->socket != NULL ? view : live_view_free(view);
}

struct live_view *live_view_free(struct live_view *view)
{
    if (view == NULL)
        return NULL;
    loop_remove(view->work);
    bus_close(view->socket);
    free(view);
    return NULL;
}
