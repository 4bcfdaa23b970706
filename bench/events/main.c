/* SPDX-License-Identifier: Apache-2.0 */
/* The station's side of bench/events: writes events as scans do (journal and event in one transaction, so many of them
   share a commit) and serves the feed. bench_events STATE ENDPOINT COUNT GROUP PER-SECOND (0 = as fast as it goes). */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/feed.h"
#include "daemon/store/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct publisher {
    struct loop *loop;
    struct store *store;
    struct feed *feed;
    struct loop_source *work;
    struct outcome *outcome;
    int64_t left, group, per_second, start, sent;
};

static int64_t monotonic_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* About 400 bytes, with the time before the transaction. */
static void write_one(struct publisher *publisher, struct error *err)
{
    static char padding[360];
    char body[480];
    struct session session = {0};
    memset(padding, 'x', sizeof padding - 1);
    TEXT_FORMAT(body, "{\"t\":%lld,\"p\":\"%s\"}", (long long)monotonic_ns(), padding);
    struct encoded_event event = {"scan.rejected", "station", body};
    struct encoded encoded = {.at = clock_read().now, .device = "", .aim = "", .code = "", .events = &event};
    if (!records_write(publisher->store, publisher->outcome, &session, &encoded, err))
        abort();
}

static void publish(void *context)
{
    struct publisher *publisher = context;
    struct error err;
    if (!store_begin(publisher->store, &err))
        abort();
    for (int64_t i = 0; i < publisher->group && publisher->left > 0; i++, publisher->left--)
        write_one(publisher, &err);
    if (!feed_write_cursors(publisher->feed, &err) || !store_commit(publisher->store, &err))
        abort();
    publisher->sent += publisher->group;
    feed_wake(publisher->feed);
    if (publisher->left > 0 && publisher->per_second == 0)
        loop_post(publisher->work);
    else if (publisher->left > 0)
        loop_set_timer(publisher->work, publisher->start + publisher->sent * 1000 / publisher->per_second);
}

/* The first consumer starts it. */
static void wait_for_consumer(void *context)
{
    struct publisher *publisher = context;
    struct feed_consumer consumer;
    if (feed_status(publisher->feed, &consumer, 1) == 1 && consumer.connected) {
        publisher->start = clock_read().tick;
        publisher->work = publisher->per_second == 0
                              ? loop_add_work(publisher->loop, "publish", LOOP_NORMAL, publish, publisher)
                              : loop_add_timer(publisher->loop, "publish", LOOP_NORMAL, publish, publisher);
        publish(publisher);
        return;
    }
    loop_set_timer(publisher->work, clock_read().tick + 10);
}

int main(int argc, char **argv)
{
    struct publisher publisher = {0};
    struct error err = {0};
    if (argc != 6 || !text_to_int64(argv[3], &publisher.left) || !text_to_int64(argv[4], &publisher.group) ||
        !text_to_int64(argv[5], &publisher.per_second))
        return EXIT_FAILURE;
    publisher.outcome = memory_new(1, sizeof *publisher.outcome);
    outcome_event(publisher.outcome, EVENT_SCAN_REJECTED);
    publisher.loop = loop_new(&err);
    struct bus *bus = bus_new(publisher.loop, &err);
    publisher.store = store_open(argv[1], &err);
    if (publisher.store != NULL)
        publisher.feed = feed_new(publisher.loop, bus, publisher.store, "bench", argv[2], &err);
    if (publisher.feed == NULL) {
        fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    struct loop_source *waiting =
        loop_add_timer(publisher.loop, "consumer", LOOP_NORMAL, wait_for_consumer, &publisher);
    publisher.work = waiting;
    loop_set_timer(waiting, clock_read().tick);
    bool ok = loop_run(publisher.loop, &err);
    loop_remove(publisher.work);
    if (publisher.work != waiting)
        loop_remove(waiting);
    feed_free(publisher.feed);
    bus_free(bus);
    store_close(publisher.store);
    loop_free(publisher.loop);
    free(publisher.outcome);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
