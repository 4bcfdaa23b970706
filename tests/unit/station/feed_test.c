/* SPDX-License-Identifier: Apache-2.0 */
/* What a consumer gets: every event once and in order, within its window, from its cursor on. */
#include "daemon/feed.h"

#include "base/clock.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "tests/support/feed_house.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define BODY "{\"data\":{\"kind\":null}}"
#define ERP "\"consumer\":\"erp\""
#define TICK_MS 100 /* where a test waits for a timer */

static struct feed_house house;
static struct feed_consumer erp; /* as of the last look */

static void wake(void)
{
    feed_wake(house.feed);
}

static void look(void)
{
    struct feed_consumer consumers[FEED_CONSUMERS_MAX];
    size_t count = feed_status(house.feed, consumers, FEED_CONSUMERS_MAX);
    erp = (struct feed_consumer){.cursor = -1};
    for (size_t i = 0; i < count; i++)
        if (text_equal(consumers[i].name, "erp"))
            erp = consumers[i];
}

static void add(int count, const char *type)
{
    feed_house_add(&house, count, type, BODY);
}

static bool body_is(const struct feed_message *message, const char *text)
{
    return message->body.length == strlen(text) && memcmp(message->body.bytes, text, message->body.length) == 0;
}

/* Nothing else was on the way: the answer to a wrong ACK is the next message. */
static void expect_silence(struct dealer *dealer)
{
    feed_ack(dealer, INT64_MAX);
    dealer_hear_error(dealer, FEED_BADSEQ);
}

/* ---- order, window, cursor ---- */

static void read_everything(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    char opened[200];
    snprintf(opened, sizeof opened,
             "{\"v\":1,\"station\":\"dock-07\",\"stream\":\"%s\",\"first\":1,\"last\":300,\"cursor\":0}",
             store_stream(house.store));
    dealer_say(dealer, "OPEN", "{\"v\":1," ERP "}", NULL);
    struct feed_message answer = dealer_hear(dealer, FEED_OPENED);
    CU_ASSERT_TRUE(body_is(&answer, opened));
    struct feed_message event = dealer_hear(dealer, FEED_EVT);
    CU_ASSERT_EQUAL(event.sequence, 1);
    CU_ASSERT_TRUE(body_is(&event, BODY));
    CU_ASSERT_TRUE(event.type.length == 30 && memcmp(event.type.bytes, "io.returnsd.unit.identified.v1", 30) == 0);
    feed_hear_events(dealer, 2, 256);
    script_do(look);
    CU_ASSERT_TRUE(erp.connected);
    CU_ASSERT_EQUAL(erp.sent, 256);
    CU_ASSERT_EQUAL(erp.waiting, 256);
    CU_ASSERT_EQUAL(erp.window, 256);
    feed_ack(dealer, 10);
    feed_hear_events(dealer, 257, 266);
    feed_ack(dealer, 5); /* an old one says nothing new */
    feed_ack(dealer, 266);
    feed_hear_events(dealer, 267, 300);
    feed_ack(dealer, 300);
    add(2, "unit.identified");
    script_do(wake);
    feed_hear_events(dealer, 301, 302);
    script_do(look);
    CU_ASSERT_EQUAL(erp.cursor, 300);
    CU_ASSERT_EQUAL(erp.waiting, 2);
    dealer_say(dealer, "CLOSE", NULL);
    dealer_say(dealer, "PING", NULL);
    dealer_hear_error(dealer, FEED_NOSESSION);
    dealer_close(dealer);
}

static void read_the_rest(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    script_do(look);
    CU_ASSERT_FALSE(erp.connected);
    CU_ASSERT_EQUAL(erp.cursor, 300);
    feed_hear_opened(dealer, ERP ",\"from\":\"cursor\"");
    feed_hear_events(dealer, 301, 302);
    expect_silence(dealer);
    dealer_close(dealer);
}

static void events_arrive_in_order_and_the_cursor_lasts(void)
{
    feed_house_open(&house, 0, 0);
    add(300, "unit.identified");
    script_run(house.loop, read_everything);
    feed_house_restart(&house, 0, 0);
    CU_ASSERT_EQUAL(feed_house_number(&house, "SELECT cursor FROM consumer WHERE name = 'erp'"), 300);
    script_run(house.loop, read_the_rest);
    feed_house_close(&house);
}

static void stay_within_the_window(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP ",\"window\":3");
    feed_hear_events(dealer, 1, 3);
    feed_ack(dealer, 2);
    feed_hear_events(dealer, 4, 5);
    expect_silence(dealer);
    dealer_close(dealer);
}

static void the_window_is_credit(void)
{
    feed_house_open(&house, 0, 0);
    add(100, "unit.identified");
    script_run(house.loop, stay_within_the_window);
    feed_house_close(&house);
}

static void leave_and_come_back(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, 10);
    feed_ack(dealer, 4);
    dealer_say(dealer, "ACK", "x", NULL); /* its answer tells that ACK 4 was read */
    dealer_hear_error(dealer, FEED_BADSEQ);
    dealer_close(dealer);
    dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 5, 10);
    expect_silence(dealer);
    feed_hear_opened(dealer, ERP ",\"from\":8");
    feed_hear_events(dealer, 9, 10);
    expect_silence(dealer);
    feed_hear_opened(dealer, ERP ",\"from\":0"); /* its own database is an older one */
    feed_hear_events(dealer, 1, 10);
    script_do(look);
    CU_ASSERT_EQUAL(erp.cursor, 0);
    dealer_close(dealer);
}

static void what_was_not_acknowledged_comes_again(void)
{
    feed_house_open(&house, 0, 0);
    add(10, "unit.identified");
    script_run(house.loop, leave_and_come_back);
    feed_house_close(&house);
}

/* ---- filters ---- */

static void expect_event(struct dealer *dealer, int64_t sequence, int64_t upto)
{
    struct feed_message event = dealer_hear(dealer, FEED_EVT);
    CU_ASSERT_EQUAL(event.sequence, sequence);
    CU_ASSERT_EQUAL(event.upto, upto);
}

static void read_some_types(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP ",\"types\":[\"io.returnsd.unit.\",\"io.returnsd.rma.completed.v1\"]");
    expect_event(dealer, 1, 3);
    expect_event(dealer, 4, 4);
    expect_event(dealer, 5, 6);
    feed_ack(dealer, 3);
    feed_ack(dealer, 6);
    expect_silence(dealer);
    script_do(look);
    CU_ASSERT_EQUAL(erp.cursor, 6);
    dealer_close(dealer);
}

static void read_no_types(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP ",\"from\":0,\"types\":[\"io.returnsd.load.\"]");
    CU_ASSERT_EQUAL(dealer_hear(dealer, FEED_IDLE).upto, 6);
    feed_ack(dealer, 6);
    CU_ASSERT_EQUAL(dealer_hear(dealer, FEED_IDLE).upto, 6);
    dealer_say(dealer, "CLOSE", NULL);
    do
        script_do(look);
    while (erp.connected);
    CU_ASSERT_EQUAL(erp.cursor, 6);
    dealer_close(dealer);
}

static void a_filter_tells_how_far_it_looked(void)
{
    feed_house_open(&house, 0, 0);
    add(1, "unit.identified");
    add(2, "parcel.received");
    add(1, "unit.inspected");
    add(1, "rma.completed");
    add(1, "rma.completedness");
    script_run(house.loop, read_some_types);
    feed_house_restart(&house, TICK_MS, TICK_MS);
    script_run(house.loop, read_no_types);
    feed_house_close(&house);
}

static void read_with_and_without_tests(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    expect_event(dealer, 1, 3);
    expect_event(dealer, 4, 5);
    expect_silence(dealer);
    feed_hear_opened(dealer, ERP ",\"test\":true");
    feed_hear_events(dealer, 1, 5);
    dealer_close(dealer);
}

static void tests_go_to_those_who_ask(void)
{
    feed_house_open(&house, 0, 0);
    add(1, "unit.identified");
    feed_house_add(&house, 2, "unit.identified", "{\"data\":{\"kind\":\"test\"}}");
    add(1, "unit.identified");
    feed_house_add(&house, 1, "unit.identified", "{\"data\":{\"kind\":\"test\"}}");
    script_run(house.loop, read_with_and_without_tests);
    feed_house_close(&house);
}

/* ---- cursors on the disk ---- */

#define CURSOR_SQL "SELECT cursor FROM consumer WHERE name = 'erp'"

static void ride(void (*end)(struct store *))
{
    struct error err;
    CU_ASSERT_TRUE(store_begin(house.store, &err));
    CU_ASSERT_TRUE(feed_write_cursors(house.feed, &err));
    end(house.store);
    feed_wake(house.feed);
}

static void commit(struct store *store)
{
    struct error err;
    CU_ASSERT_TRUE(store_commit(store, &err));
}

static void ride_and_fail(void)
{
    ride(store_rollback);
}

static void ride_and_arrive(void)
{
    ride(commit);
}

static void ride_on_commits(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, 10);
    feed_ack(dealer, 7);
    expect_silence(dealer);
    script_do(ride_and_fail);
    CU_ASSERT_EQUAL(feed_house_number(&house, CURSOR_SQL), -1);
    script_do(ride_and_arrive);
    CU_ASSERT_EQUAL(feed_house_number(&house, CURSOR_SQL), 7);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 8, 10);
    feed_ack(dealer, 9);
    expect_silence(dealer);
    script_do(ride_and_arrive);
    CU_ASSERT_EQUAL(feed_house_number(&house, CURSOR_SQL), 7); /* once a second is enough */
    dealer_close(dealer);
}

static void cursors_ride_on_commits(void)
{
    feed_house_open(&house, 60000, 60000);
    add(10, "unit.identified");
    script_run(house.loop, ride_on_commits);
    feed_house_close(&house);
}

static void wait_for_the_cursor(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    int64_t deadline = clock_read().tick + DEALER_DEADLINE_MS;
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, 10);
    feed_ack(dealer, 9);
    while (feed_house_number(&house, CURSOR_SQL) != 9 && clock_read().tick < deadline)
        script_do(look);
    CU_ASSERT_EQUAL(feed_house_number(&house, CURSOR_SQL), 9);
    CU_ASSERT_TRUE(erp.connected);
    dealer_close(dealer);
}

static void an_idle_station_stores_cursors_too(void)
{
    feed_house_open(&house, 60000, TICK_MS);
    add(10, "unit.identified");
    script_run(house.loop, wait_for_the_cursor);
    feed_house_close(&house);
}

/* ---- many at once ---- */

#define BURST 1000

static void acknowledge_each(void)
{
    struct dealer *dealer = feed_house_dealer(&house), *second = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP ",\"window\":50");
    feed_hear_opened(second, "\"consumer\":\"dashboard\",\"window\":1000");
    for (int64_t sequence = 1; sequence <= BURST; sequence++) {
        if (sequence == BURST / 2)
            for (int i = 0; i < BURST; i++)
                dealer_say(dealer, "PING", NULL);
        feed_hear_events(dealer, sequence, sequence);
        feed_ack(dealer, sequence);
    }
    feed_hear_events(second, 1, BURST);
    expect_silence(dealer);
    script_do(look);
    CU_ASSERT_EQUAL(erp.cursor, BURST);
    dealer_close(second);
    dealer_close(dealer);
}

static void a_burst_arrives_whole(void)
{
    feed_house_open(&house, 60000, 60000);
    add(BURST, "unit.identified");
    script_run(house.loop, acknowledge_each);
    feed_house_close(&house);
}

SUITE("feed", {"events arrive in order and the cursor lasts", events_arrive_in_order_and_the_cursor_lasts},
      {"the window is credit", the_window_is_credit},
      {"what was not acknowledged comes again", what_was_not_acknowledged_comes_again},
      {"a filter tells how far it looked", a_filter_tells_how_far_it_looked},
      {"tests go to those who ask", tests_go_to_those_who_ask}, {"cursors ride on commits", cursors_ride_on_commits},
      {"an idle station stores cursors too", an_idle_station_stores_cursors_too},
      {"a burst arrives whole", a_burst_arrives_whole})
