/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the parts of the link in their order and stops them in the reverse one. */
#include "daemon/link.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/inbound.h"
#include "daemon/keys.h"
#include "daemon/live_view.h"
#include "daemon/store/inbound.h"

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
    struct live_view *live;
    struct retention *retention;
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
    if (link->bus == NULL || (!is_on(link->config->feed_tcp) && !is_on(link->config->feed_uplink)))
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

static bool start_uplink(struct link *link, struct error *err)
{
    static const char consumer[] = "uplink";
    const struct key *key = keys_find(link->keys, consumer);
    char text[KEY_TEXT_SIZE];
    if (key == NULL)
        return error_set(err, ERROR_NOT_FOUND, "%s: there is no key %s%s in %s", link->config->feed_uplink, consumer,
                         KEY_ENDING, link->config->feed_keys);
    key_encode(key->bytes, text);
    return feed_connect(link->feed, link->loop, link->config->feed_uplink, text, consumer, err);
}

static bool start_feed(struct link *link, struct error *err)
{
    const struct config *config = link->config;
    bool local = is_on(config->feed_endpoint), tcp = is_on(config->feed_tcp), uplink = is_on(config->feed_uplink);
    if (!local && !tcp && !uplink)
        return true;
    link->feed =
        feed_new(link->loop, link->bus, link->store, config->station, local ? config->feed_endpoint : NULL, err);
    if (link->feed == NULL)
        return false;
    feed_set_keys(link->feed, link->keys);
    feed_set_inbound(link->feed, link->inbound);
    return (!tcp || feed_listen(link->feed, config->feed_tcp, err)) && (!uplink || start_uplink(link, err));
}

static bool start_live_view(struct link *link, struct error *err)
{
    if (!is_on(link->config->feed_live))
        return true;
    link->live = live_view_new(link->loop, link->bus, link->store, link->config->feed_live, err);
    return link->live != NULL;
}

static void start_retention(struct link *link)
{
    struct retention_options options = {.required = link->config->feed_required,
                                        .days = link->config->retention_days,
                                        .low_bytes = (int64_t)link->config->disk_low_mb << 20};
    link->retention = retention_new(link->loop, link->store, &options);
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
    live_view_wake(link->live);
}

const struct retention *link_retention(const struct link *link)
{
    return link->retention;
}

bool link_has_erp(void *context)
{
    const struct link *link = context;
    struct error err = {0};
    bool heard = false;
    return lookup_was_answered(link->lookup) || !inbound_was_told(link->store, &heard, &err) || heard;
}

void link_ask_erp(void *context, const struct lookup_value *values, size_t count, lookup_fn *answer, void *asker)
{
    const struct link *link = context;
    lookup_ask(link->lookup, values, count, LOOKUP_DEADLINE_MS, answer, asker);
}

void link_forget_erp(void *context, const void *asker)
{
    const struct link *link = context;
    lookup_forget(link->lookup, asker);
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
    if (!start_bus(link, err) || !start_feed(link, err) || !start_live_view(link, err))
        return link_free(link);
    start_retention(link);
    link->lookup = lookup_new(loop, link->feed, link->inbound);
    return link;
}

/* The PUTs that wait are answered before the sockets close. */
struct link *link_free(struct link *link)
{
    if (link == NULL)
        return NULL;
    link->retention = retention_free(link->retention);
    link->live = live_view_free(link->live);
    link->inbound = inbound_free(link->inbound);
    link->lookup = lookup_free(link->lookup);
    link->feed = feed_free(link->feed);
    link->bus = bus_free(link->bus);
    link->keys = keys_close(link->keys);
    free(link);
    return NULL;
}
