/* SPDX-License-Identifier: Apache-2.0 */
/* The live view is lossy by design, and the feed beside it is not: a slow joiner and a slow consumer, of both. */
#include "daemon/live_view.h"

#include "base/memory.h"
#include "tests/support/feed_house.h"
#include "tests/support/script.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define BODY "{\"data\":{\"kind\":null}}"
#define KNOCK "scan.rejected" /* what is told until a subscription has arrived */
#define EARLY 5
#define BURST 500 /* what the queue of one that has read everything takes for sure: ZeroMQ counts by half queues */
#define BURSTS 20

static struct feed_house house;
static struct live_view *view;
static char endpoint[112];

static void wake(void)
{
    live_view_wake(view);
    feed_wake(house.feed);
}

static void play(void (*script)(void))
{
    struct error err;
    feed_house_open(&house, 60000, 60000);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/live.sock", house.directory);
    view = live_view_new(house.loop, house.bus, house.store, endpoint, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(view);
    script_run(house.loop, script);
    view = live_view_free(view);
    feed_house_close(&house);
}

/* ---- a dashboard ---- */

struct dashboard {
    void *context, *socket;
};

static struct dashboard *dashboard_open(void)
{
    static const int now = 0, few = 100, small = 4096, deadline = DEALER_DEADLINE_MS;
    struct dashboard *dashboard = memory_new(1, sizeof *dashboard);
    dashboard->context = zmq_ctx_new();
    dashboard->socket = zmq_socket(dashboard->context, ZMQ_SUB);
    zmq_setsockopt(dashboard->socket, ZMQ_LINGER, &now, sizeof now);
    zmq_setsockopt(dashboard->socket, ZMQ_RCVHWM, &few, sizeof few);
    zmq_setsockopt(dashboard->socket, ZMQ_RCVBUF, &small, sizeof small);
    zmq_setsockopt(dashboard->socket, ZMQ_RCVTIMEO, &deadline, sizeof deadline);
    zmq_setsockopt(dashboard->socket, ZMQ_SUBSCRIBE, "", 0);
    CU_ASSERT_EQUAL(zmq_connect(dashboard->socket, endpoint), 0);
    return dashboard;
}

static void dashboard_close(struct dashboard *dashboard)
{
    zmq_close(dashboard->socket);
    zmq_ctx_term(dashboard->context);
    memory_free_at(&dashboard);
}

static bool has_news(const struct dashboard *dashboard, long ms)
{
    zmq_pollitem_t item = {.socket = dashboard->socket, .events = ZMQ_POLLIN};
    return zmq_poll(&item, 1, ms) == 1;
}

/* The type of the next event; "" = none came. */
static const char *hear_type(struct dashboard *dashboard)
{
    static char type[80], body[80];
    memset(type, 0, sizeof type);
    if (zmq_recv(dashboard->socket, type, sizeof type - 1, 0) >= 0)
        CU_ASSERT_EQUAL(zmq_recv(dashboard->socket, body, sizeof body, 0), strlen(BODY));
    return type;
}

static void tell(int count, const char *type)
{
    feed_house_add(&house, count, type, BODY);
    script_do(wake);
}

/* A subscription that is on its way gets nothing; so something is told until it is there. */
static struct dashboard *join(void)
{
    struct dashboard *dashboard = dashboard_open();
    do
        tell(1, KNOCK);
    while (!has_news(dashboard, 20));
    return dashboard;
}

static int64_t last(void)
{
    return feed_house_number(&house, "SELECT max(sequence) FROM event");
}

/* ---- late and slow ---- */

static void join_late(void)
{
    struct dashboard *early = join();
    tell(EARLY, "unit.identified");
    for (int heard = 0; heard < EARLY;)
        heard += strcmp(hear_type(early), "io.returnsd.unit.identified.v1") == 0;
    struct dashboard *dashboard = join();
    CU_ASSERT_STRING_EQUAL(hear_type(dashboard), "io.returnsd." KNOCK ".v1"); /* and none of those before */
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, "\"consumer\":\"late\"");
    feed_hear_events(dealer, 1, last());
    dealer_close(dealer);
    dashboard_close(dashboard);
    dashboard_close(early);
}

static void a_slow_joiner_misses_what_was_before(void)
{
    play(join_late);
}

static void hear_bursts(struct dashboard *dashboard, struct dealer *dealer, int64_t first)
{
    int heard = 0;
    for (int i = 0; i < BURSTS; i++, first += BURST) {
        tell(BURST, "unit.identified");
        while (heard < (i + 1) * BURST) {
            const char *type = hear_type(dashboard);
            if (type[0] == '\0') {
                CU_FAIL("the one that reads was starved");
                return;
            }
            heard += strcmp(type, "io.returnsd.unit.identified.v1") == 0;
        }
        feed_hear_events(dealer, first, first + BURST - 1);
        feed_ack(dealer, first + BURST - 1);
    }
}

static void read_nothing(void)
{
    struct dashboard *slow = join(), *fast = join();
    struct dealer *stuck = feed_house_dealer(&house), *dealer = feed_house_dealer(&house);
    int64_t first = last() + 1;
    char members[80];
    snprintf(members, sizeof members, "\"consumer\":\"good\",\"window\":1024,\"from\":%lld", (long long)first - 1);
    feed_hear_opened(dealer, members);
    feed_hear_opened(stuck, "\"consumer\":\"stuck\",\"window\":1024");
    hear_bursts(fast, dealer, first);
    int seen = 0;
    while (has_news(slow, 200))
        seen += strcmp(hear_type(slow), "io.returnsd.unit.identified.v1") == 0;
    CU_ASSERT_TRUE(seen < BURSTS * BURST); /* lost, and no error anywhere */
    for (int64_t sequence = 1, end = last(); sequence <= end; sequence++) {
        feed_hear_events(stuck, sequence, sequence);
        feed_ack(stuck, sequence);
    }
    dealer_close(dealer);
    dealer_close(stuck);
    dashboard_close(fast);
    dashboard_close(slow);
}

static void a_slow_consumer_holds_up_nobody(void)
{
    play(read_nothing);
}

SUITE("live_view", {"slow joiner: it misses what was before, the feed has it", a_slow_joiner_misses_what_was_before},
      {"slow consumer: it loses, holds up nobody, and the feed loses nothing", a_slow_consumer_holds_up_nobody})
