/* SPDX-License-Identifier: Apache-2.0 */
/* A station behind a firewall: it connects to a hub, says HELLO until the hub OPENs, and then serves it as any other
   consumer. */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "daemon/feed_private.h"
#include "daemon/store/records.h"

#include <stdlib.h>
#include <string.h>

static bool has_session(const struct feed *feed)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        if (feed->sessions[i].connected && feed->sessions[i].peer.socket == feed->uplink)
            return true;
    return false;
}

static void say_hello(struct feed *feed)
{
    static const struct frame nobody = {"", 0};
    struct open_answer position = {.station = feed->station, .stream = store_stream(feed->store)};
    struct feed_frames built;
    struct error err;
    if (!outbox_range(feed->store, &position.first, &position.last, &err)) {
        log_write(LOG_ERR, "feed: no HELLO: %s", err.message);
        return;
    }
    CLEANUP(memory_free_at) char *body = open_encode_hello(&position);
    struct feed_message message = {.verb = FEED_HELLO, .body = frame_of_text(body)};
    frame_build(&message, &built);
    bus_send(feed->uplink, &nobody, built.frames, built.count);
}

static void on_hello(void *context)
{
    struct feed *feed = context;
    if (!has_session(feed))
        say_hello(feed);
    loop_set_timer(feed->hello_timer, clock_read().tick + feed->idle_ms);
}

bool feed_connect(struct feed *feed, struct loop *loop, const char *endpoint, const char *key, const char *consumer,
                  struct error *err)
{
    if (feed->socket_count == FEED_SOCKETS_MAX)
        return error_set(err, ERROR_FULL, "%s: the feed has its sockets", endpoint);
    feed->uplink = bus_connect(feed->bus, endpoint, key, consumer, feed_receive, feed, err);
    if (feed->uplink == NULL)
        return false;
    feed->sockets[feed->socket_count++] = feed->uplink;
    feed->hello_timer = loop_add_timer(loop, "feed hello", LOOP_NORMAL, on_hello, feed);
    loop_set_timer(feed->hello_timer, clock_read().tick);
    return true;
}
