/* SPDX-License-Identifier: Apache-2.0 */
/* Every way a session is refused or ends, and consumers that mean no good. */
#include "daemon/feed.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/support/feed_house.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define ERP "\"consumer\":\"erp\""
#define TICK_MS 100 /* where a test waits for a timer */
#define EVENTS 10

static struct feed_house house;
static size_t connected, known; /* as of the last look */

static void look(void)
{
    struct feed_consumer consumers[FEED_CONSUMERS_MAX];
    known = feed_status(house.feed, consumers, FEED_CONSUMERS_MAX);
    connected = 0;
    for (size_t i = 0; i < known; i++)
        connected += consumers[i].connected;
}

static void play(void (*script)(void), int64_t idle_ms)
{
    feed_house_open(&house, idle_ms, 60000);
    feed_house_add(&house, EVENTS, "unit.identified", "{}");
    script_run(house.loop, script);
    feed_house_close(&house);
}

/* ---- refusals ---- */

static void make_every_mistake(void)
{
    static const struct {
        const char *frames[10];
        enum feed_refusal refusal;
        bool in_session; /* after an OPEN and its events */
    } table[] = {
        {{"ACK", "1"}, FEED_NOSESSION, false},
        {{"PING"}, FEED_NOSESSION, false},
        {{"CLOSE"}, FEED_NOSESSION, false},
        {{"OPEN", "{\"v\":2," ERP "}"}, FEED_VERSION, false},
        {{"OPEN", "{\"v\":1,\"consumer\":\"e r p\"}"}, FEED_DENIED, false},
        {{"OPEN", "{\"v\":1," ERP ",\"from\":11}"}, FEED_AHEAD, false},
        {{"HELLO"}, FEED_VERSION, false},
        {{""}, FEED_VERSION, false},
        {{"PING", "", "", "", "", "", "", "", ""}, FEED_TOOBIG, false},
        {{"ACK", "11"}, FEED_BADSEQ, true},
        {{"ACK", "-1"}, FEED_BADSEQ, true},
        {{"ACK"}, FEED_VERSION, true},
        {{"EVT", "1", "1", "t", "{}"}, FEED_VERSION, true},
        {{"OPEN", "{\"v\":1," ERP ",\"from\":11}"}, FEED_AHEAD, true},
        {{"OPEN", "{\"v\":1,\"consumer\":\"\"}"}, FEED_DENIED, true},
    };
    struct dealer *dealer = feed_house_dealer(&house);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct frame frames[10];
        size_t count = 0;
        for (; table[i].frames[count] != NULL; count++)
            frames[count] = frame_of_text(table[i].frames[count]);
        if (table[i].in_session) {
            feed_hear_opened(dealer, ERP);
            feed_hear_events(dealer, 1, EVENTS);
        }
        dealer_send(dealer, frames, count);
        dealer_hear_error(dealer, table[i].refusal);
        dealer_say(dealer, "PING", NULL); /* every refusal ends the session */
        dealer_hear_error(dealer, FEED_NOSESSION);
    }
    dealer_close(dealer);
}

static void every_mistake_has_its_answer(void)
{
    play(make_every_mistake, 60000);
}

static void ask_for_pruned_events(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP ",\"window\":1");
    feed_hear_events(dealer, 1, 1);
    feed_house_sql(&house, "DELETE FROM event WHERE sequence <= 2");
    feed_ack(dealer, 1);
    struct feed_message error = dealer_hear(dealer, FEED_ERR);
    CU_ASSERT_EQUAL(error.refusal, FEED_TRUNCATED);
    CU_ASSERT_EQUAL(error.first, 3);
    dealer_say(dealer, "OPEN", "{\"v\":1," ERP ",\"from\":1}", NULL);
    error = dealer_hear(dealer, FEED_ERR);
    CU_ASSERT_EQUAL(error.refusal, FEED_TRUNCATED);
    CU_ASSERT_EQUAL(error.first, 3);
    feed_hear_opened(dealer, ERP ",\"from\":2");
    feed_hear_events(dealer, 3, EVENTS);
    dealer_close(dealer);
}

static void pruned_events_are_told(void)
{
    play(ask_for_pruned_events, 60000);
}

static void open_twice(void)
{
    struct dealer *older = feed_house_dealer(&house), *newer = feed_house_dealer(&house);
    feed_hear_opened(older, ERP);
    feed_hear_events(older, 1, EVENTS);
    feed_ack(older, 3);
    feed_ack(older, 2);
    feed_hear_opened(newer, "\"consumer\":\"other\"");
    feed_hear_events(newer, 1, EVENTS);
    dealer_say(newer, "OPEN", "{\"v\":1," ERP ",\"from\":99}", NULL); /* a mistake takes nobody's place */
    dealer_hear_error(newer, FEED_AHEAD);
    feed_ack(older, 5);
    dealer_say(older, "OPEN", "{\"v\":1," ERP "}", NULL); /* one's own session is not replaced but begun again */
    dealer_hear(older, FEED_OPENED);
    feed_hear_events(older, 6, EVENTS);
    feed_hear_opened(newer, ERP);
    feed_hear_events(newer, 6, EVENTS);
    dealer_hear_error(older, FEED_REPLACED);
    feed_ack(older, 7);
    dealer_hear_error(older, FEED_NOSESSION);
    script_do(look);
    CU_ASSERT_EQUAL(connected, 1);
    CU_ASSERT_EQUAL(known, 2);
    dealer_close(older);
    dealer_close(newer);
}

static void the_newer_session_wins(void)
{
    play(open_twice, 60000);
}

static void open_too_many(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    char members[64];
    for (int i = 0; i < FEED_CONSUMERS_MAX; i++) { /* each with a cursor that is not stored yet */
        snprintf(members, sizeof members, "\"consumer\":\"c%d\",\"from\":%d", i, EVENTS);
        feed_hear_opened(dealer, members);
    }
    dealer_say(dealer, "OPEN", "{\"v\":1," ERP "}", NULL);
    dealer_hear_error(dealer, FEED_DENIED);
    feed_hear_opened(dealer, "\"consumer\":\"c7\"");
    script_do(look);
    CU_ASSERT_EQUAL(known, FEED_CONSUMERS_MAX);
    CU_ASSERT_EQUAL(connected, 1);
    dealer_close(dealer);
}

static void open_one_more(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, EVENTS);
    script_do(look);
    CU_ASSERT_EQUAL(known, FEED_CONSUMERS_MAX);
    feed_hear_opened(dealer, "\"consumer\":\"c0\""); /* forgotten, but not its cursor */
    feed_ack(dealer, EVENTS + 1);
    dealer_hear_error(dealer, FEED_BADSEQ);
    dealer_close(dealer);
}

static void consumers_are_bounded(void)
{
    feed_house_open(&house, 60000, 60000);
    feed_house_add(&house, EVENTS, "unit.identified", "{}");
    script_run(house.loop, open_too_many);
    feed_house_restart(&house, 60000, 60000);
    CU_ASSERT_EQUAL(feed_house_number(&house, "SELECT count(*) FROM consumer WHERE cursor = 10"), FEED_CONSUMERS_MAX);
    script_run(house.loop, open_one_more);
    feed_house_close(&house);
}

/* ---- signs of life ---- */

static void answer_then_fall_silent(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, EVENTS);
    for (int i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(dealer_hear(dealer, FEED_IDLE).upto, EVENTS);
        dealer_say(dealer, "PING", NULL);
    }
    int unanswered = 0;
    struct feed_message message = dealer_hear(dealer, FEED_IDLE);
    for (unanswered = 1; message.verb == FEED_IDLE && unanswered < 6; unanswered++) {
        const struct frame *frames;
        enum feed_refusal refusal;
        struct error err;
        size_t count = dealer_frames(dealer, &frames);
        CU_ASSERT_TRUE_FATAL(frame_parse(frames, count, FEED_STATION, &message, &refusal, &err));
    }
    CU_ASSERT_EQUAL(message.verb, FEED_ERR);
    CU_ASSERT_EQUAL(message.refusal, FEED_NOSESSION);
    CU_ASSERT_TRUE(unanswered >= 4); /* three, and one more where the last PING was late */
    script_do(look);
    CU_ASSERT_EQUAL(connected, 0);
    dealer_close(dealer);
}

static void three_silences_end_a_session(void)
{
    play(answer_then_fall_silent, TICK_MS);
}

static void stall(void)
{
    struct dealer *dealer = feed_house_dealer(&house), *other = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP ",\"window\":1");
    feed_hear_opened(other, "\"consumer\":\"other\"");
    feed_hear_events(other, 1, EVENTS);
    for (int i = 0; i < 8; i++) {
        dealer_hear(other, FEED_IDLE);
        dealer_say(other, "PING", NULL);
    }
    feed_hear_events(dealer, 1, 1);
    feed_ack(dealer, 1); /* no IDLE in between: there was something to send, and the work may be long */
    feed_hear_events(dealer, 2, 2);
    dealer_close(other);
    dealer_close(dealer);
}

static void long_work_is_not_silence(void)
{
    play(stall, TICK_MS);
}

static void vanish(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    int64_t deadline = clock_read().tick + DEALER_DEADLINE_MS;
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, EVENTS);
    dealer_close(dealer);
    do
        script_do(look);
    while (connected > 0 && clock_read().tick < deadline);
    CU_ASSERT_EQUAL(connected, 0);
    CU_ASSERT_EQUAL(known, 1);
}

static void a_consumer_that_vanished_is_noticed(void)
{
    play(vanish, TICK_MS);
}

/* ---- hostile consumers ---- */

static size_t random_frames(uint64_t *state, struct frame *frames, char noise[10][64])
{
    static const char *const words[] = {"OPEN",
                                        "ACK",
                                        "PING",
                                        "CLOSE",
                                        "EVT",
                                        "3",
                                        "99999999999",
                                        "",
                                        "{\"v\":1," ERP "}",
                                        "{\"v\":1,\"consumer\":\"x\",\"window\":1}",
                                        "{\"v\":1,\"consumer\":\"y\",\"types\":[\"io.\"],\"from\":3}"};
    size_t count = 1 + suite_random(state) % 3 + (suite_random(state) % 16 == 0 ? 6 : 0);
    for (size_t i = 0; i < count; i++) {
        frames[i] = frame_of_text(words[suite_random(state) % COUNT_OF(words)]);
        if (suite_random(state) % 6 == 0)
            frames[i] = (struct frame){noise[i], suite_random(state) % 64};
        for (size_t k = 0; k < 64; k++)
            noise[i][k] = (char)suite_random(state);
    }
    return count;
}

static void make_noise(void)
{
    struct dealer *noisy[3], *dealer = feed_house_dealer(&house);
    uint64_t state = suite_seed();
    for (size_t i = 0; i < COUNT_OF(noisy); i++)
        noisy[i] = feed_house_dealer(&house);
    feed_hear_opened(dealer, "\"consumer\":\"good\",\"window\":1");
    for (int round = 0; round < 6000; round++) {
        struct frame frames[10];
        char noise[10][64];
        size_t count = random_frames(&state, frames, noise);
        dealer_send(noisy[suite_random(&state) % COUNT_OF(noisy)], frames, count);
        if (round % 600 == 0) { /* others are served all the while */
            feed_hear_events(dealer, round / 600 + 1, round / 600 + 1);
            feed_ack(dealer, round / 600 + 1);
        }
    }
    feed_ack(dealer, INT64_MAX);
    dealer_hear_error(dealer, FEED_BADSEQ);
    for (size_t i = 0; i < COUNT_OF(noisy); i++)
        dealer_close(noisy[i]);
    dealer_close(dealer);
}

static void noise_disturbs_nobody(void)
{
    play(make_noise, 60000);
}

/* The next message keeps the order that the last OPENED began; returns that order's next sequence. */
static int64_t hear_in_order(struct dealer *dealer, int64_t next, bool *ret_resumed)
{
    static const char resumed[] = "\"cursor\":10}";
    const struct frame *frames;
    struct feed_message message;
    enum feed_refusal refusal;
    size_t count = dealer_frames(dealer, &frames);
    CU_ASSERT_TRUE_FATAL(count > 0 && frame_parse(frames, count, FEED_STATION, &message, &refusal, NULL));
    if (message.verb == FEED_OPENED) {
        *ret_resumed = memmem(message.body.bytes, message.body.length, resumed, strlen(resumed)) != NULL;
        return 1;
    }
    CU_ASSERT_EQUAL(message.sequence, next);
    return next + 1;
}

/* OPENs without end, and never a look at the answers: a full queue costs it its session, and others nothing. */
static void flood(void)
{
    struct dealer *flooder = feed_house_dealer(&house), *dealer = feed_house_dealer(&house);
    for (int i = 0; i < 4000; i++)
        dealer_say(flooder, "OPEN", "{\"v\":1,\"consumer\":\"x\"}", NULL);
    dealer_say(flooder, "OPEN", "{\"v\":1,\"consumer\":\"last\"}", NULL);
    feed_hear_opened(dealer, ERP);
    feed_hear_events(dealer, 1, EVENTS);
    do
        script_do(look);
    while (known < 3); /* "last" was read */
    CU_ASSERT_EQUAL(connected, 1);
    int64_t next = 0;
    bool resumed = false;
    for (int i = 0; i < 500; i++)
        next = hear_in_order(flooder, next, &resumed);
    CU_ASSERT_FALSE(resumed);
    for (int i = 0; i < 4000 && !resumed;
         i++) { /* one that meets a queue still full goes unanswered, a later one not */
        if (i % 50 == 0)
            dealer_say(flooder, "OPEN", "{\"v\":1,\"consumer\":\"x\",\"from\":10}", NULL);
        next = hear_in_order(flooder, next, &resumed);
    }
    CU_ASSERT_TRUE(resumed);
    dealer_close(flooder);
    dealer_close(dealer);
}

static void a_flood_without_reading_is_bounded(void)
{
    play(flood, 60000);
}

static void tcp_without_keys_is_refused(void)
{
    struct error err = {0};
    feed_house_open(&house, 0, 0);
    CU_ASSERT_PTR_NULL(feed_new(house.loop, house.bus, house.store, "dock-07", "tcp://127.0.0.1:5581", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "needs CURVE keys: returnsctl keys init"));
    CU_ASSERT_PTR_NULL(feed_new(house.loop, house.bus, house.store, "dock-07", house.endpoint, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    feed_house_close(&house);
}

static void no_feed_has_no_consumers(void)
{
    struct feed_consumer consumer;
    CU_ASSERT_EQUAL(feed_status(NULL, &consumer, 1), 0);
    CU_ASSERT_PTR_NULL(feed_free(NULL));
}

SUITE("feed_session", {"every mistake has its answer", every_mistake_has_its_answer},
      {"pruned events are told", pruned_events_are_told}, {"the newer session wins", the_newer_session_wins},
      {"consumers are bounded", consumers_are_bounded}, {"three silences end a session", three_silences_end_a_session},
      {"long work is not silence", long_work_is_not_silence},
      {"a consumer that vanished is noticed", a_consumer_that_vanished_is_noticed},
      {"noise disturbs nobody", noise_disturbs_nobody},
      {"a flood without reading is bounded", a_flood_without_reading_is_bounded},
      {"tcp without keys is refused", tcp_without_keys_is_refused},
      {"no feed has no consumers", no_feed_has_no_consumers})
