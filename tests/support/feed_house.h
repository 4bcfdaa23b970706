/* SPDX-License-Identifier: Apache-2.0 */
/* A feed with its loop and a real store in a directory of its own; the test's script is its consumer. */
#ifndef TESTS_SUPPORT_FEED_HOUSE_H
#define TESTS_SUPPORT_FEED_HOUSE_H

#include "daemon/feed.h"
#include "daemon/store/store.h"
#include "tests/support/dealer.h"
#include "tests/support/script.h"

struct feed_house {
    char directory[64], endpoint[96];
    struct loop *loop;
    struct bus *bus;
    struct store *store;
    struct feed *feed;
};

/* idle_ms and cursor_ms: as feed_set_times; 0 = as in the daemon. */
void feed_house_open(struct feed_house *house, int64_t idle_ms, int64_t cursor_ms);
/* Ends feed, store and loop as at the end of the daemon, and starts them again on the same directory. */
void feed_house_restart(struct feed_house *house, int64_t idle_ms, int64_t cursor_ms);
void feed_house_close(struct feed_house *house);
/* Through a connection of its own, from any thread: events of a type, without waking the feed. */
void feed_house_add(const struct feed_house *house, int count, const char *type, const char *body);
void feed_house_sql(const struct feed_house *house, const char *sql);
/* The first number of a query; -1 = no row. */
int64_t feed_house_number(const struct feed_house *house, const char *sql);
struct dealer *feed_house_dealer(const struct feed_house *house);

/* OPEN with these members behind v, then OPENED. */
void feed_hear_opened(struct dealer *dealer, const char *members);
/* Hears the events first … last, each with itself as upto. */
void feed_hear_events(struct dealer *dealer, int64_t first, int64_t last);
void feed_ack(struct dealer *dealer, int64_t sequence);

#endif
