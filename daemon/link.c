/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the parts of the link in their order and stops them in the reverse one. */
#include "daemon/link.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/inbound.h"
#include "daemon/keys.h"

#include <stdlib.h>

struct link {
    struct loop *loop;
    struct store *store;
    const struct config *config;
    struct keys *keys;
    struct bus *bus;
    struct inbound *inbound;
    struct feed *feed;
    struct lookup *lookup;
};

static bool is_on(const char *endpoint)
{
    return !text_equal(endpoint, CONFIG_OFF);
}

/* ---- keys ---- */

static enum bus_verdict judge_key(void *context, const unsigned char bytes[KEY_BYTES],
                                  char ret_user[FEED_CONSUMER_SIZE])
{
    const struct link *link = context;
    const struct key *key = keys_find_bytes(link->keys, bytes);
    if (key == NULL)
        return BUS_NOT_YET;
    text_copy(ret_user, FEED_CONSUMER_SIZE, key->consumer);
    return key->revoked ? BUS_NEVER : BUS_ADMIT;
}

static void keys_changed(void *context)
{
    struct link *link = context;
    if (link->feed != NULL)
        feed_keys_changed(link->feed);
}

/* Keys are needed, and looked for, only where something leaves this machine. */
static bool start_bus(struct link *link, struct error *err)
{
    link->bus = bus_new(link->loop, err);
    if (link->bus == NULL || !is_on(link->config->feed_tcp))
        return link->bus != NULL;
    link->keys = keys_open(link->loop, link->config->feed_keys, keys_changed, link, err);
    return link->keys != NULL && bus_guard(link->bus, keys_station(link->keys), judge_key, link, err);
}

/* ---- in and out ---- */

static bool write_cursors(void *context, struct error *err)
{
    struct link *link = context;
    return link->feed == NULL || feed_write_cursors(link->feed, err);
}

static bool start_feed(struct link *link, struct error *err)
{
    const struct config *config = link->config;
    const char *local = is_on(config->feed_endpoint) ? config->feed_endpoint : NULL;
    if (local == NULL && !is_on(config->feed_tcp))
        return true;
    link->feed = feed_new(link->loop, link->bus, link->store, config->station, local, err);
    if (link->feed == NULL)
        return false;
    feed_set_keys(link->feed, link->keys);
    feed_set_inbound(link->feed, link->inbound);
    return !is_on(config->feed_tcp) || feed_listen(link->feed, config->feed_tcp, err);
}

bool link_ride(struct link *link, struct error *err)
{
    return write_cursors(link, err) && inbound_ride(link->inbound, err);
}

void link_committed(struct link *link)
{
    inbound_rode(link->inbound);
    if (link->feed != NULL)
        feed_wake(link->feed);
}

struct lookup *link_lookup(const struct link *link)
{
    return link->lookup;
}

struct feed *link_feed(const struct link *link)
{
    return link->feed;
}

/* ---- the whole ---- */

struct link *link_new(struct loop *loop, struct store *store, const struct config *config, loop_fn *committed,
                      void *context, struct error *err)
{
    struct link *link = memory_new(1, sizeof *link);
    *link = (struct link){.loop = loop, .store = store, .config = config};
    struct inbound_options options = {
        .before_commit = write_cursors, .before_context = link, .committed = committed, .context = context};
    link->inbound = inbound_new(loop, store, &options);
    if (!start_bus(link, err) || !start_feed(link, err))
        return link_free(link);
    link->lookup = lookup_new(loop, link->feed, link->inbound);
    return link;
}

/* The PUTs that wait are answered before the sockets close. */
struct link *link_free(struct link *link)
{
    if (link == NULL)
        return NULL;
    link->inbound = inbound_free(link->inbound);
    link->lookup = lookup_free(link->lookup);
    link->feed = feed_free(link->feed);
    link->bus = bus_free(link->bus);
    link->keys = keys_close(link->keys);
    free(link);
    return NULL;
}
