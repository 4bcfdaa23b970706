/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of the feed: a directory with the station's pair and a file for each consumer, followed as it changes. */
#ifndef DAEMON_KEYS_H
#define DAEMON_KEYS_H

#include "base/loop.h"
#include "protocol/message/key.h"

struct keys;

struct key {
    char consumer[FEED_CONSUMER_SIZE]; /* the file's name without its ending */
    unsigned char bytes[KEY_BYTES];    /* public */
    unsigned rights;
    char owners[KEY_OWNERS_SIZE];
    bool revoked;
};

#define KEYS_MAX 128

/* Reads station.secret, <consumer>.key and <consumer>.revoked of the directory and follows it. changed is called after
   each change of what is known. A file of a consumer that cannot be read is logged and left out; without the station's
   pair it fails. The loop outlives the keys. */
struct keys *keys_open(struct loop *loop, const char *directory, loop_fn *changed, void *context, struct error *err)
    MUST_CHECK;
struct keys *keys_close(struct keys *keys);

/* The station's own pair, as text. */
const struct key_file *keys_station(const struct keys *keys);
/* The key with these bytes, or NULL. One that is also revoked counts as revoked. */
const struct key *keys_find_bytes(const struct keys *keys, const unsigned char bytes[KEY_BYTES]);
/* The consumer's key that is not revoked, or NULL. */
const struct key *keys_find(const struct keys *keys, const char *consumer);

#endif
