/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to an ERP that answers, in time, late, wrongly or not at all. */
#include "daemon/lookup.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/inbound.h"
#include "tests/support/feed_house.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define LONG_MS 20000
#define SHORT_MS 50
#define ERP "\"consumer\":\"erp\",\"from\":0"
#define RMA "{\"found\":{\"rma\":\"RMA-9\",\"version\":1,\"lines\":[{\"line\":\"1\",\"sku\":\"S\",\"qty\":1}]}}"

static struct feed_house house;
static struct inbound *inbound;
static struct lookup *lookup;
static int64_t deadline_ms;
static int calls;
static enum lookup_answer last;
static char rma[KEY_SIZE];

static void told(void *context, enum lookup_answer answer, const char *number)
{
    CU_ASSERT_PTR_EQUAL(context, &house);
    calls++;
    last = answer;
    TEXT_COPY(rma, number);
}

static void ask(void)
{
    static const struct lookup_value values[] = {{REF_TRACKING, "1Z999"}, {REF_ORDER, "1Z999"}};
    lookup_ask(lookup, values, COUNT_OF(values), deadline_ms, told, &house);
}

/* For a dealer to wait with: the loop turns while it does. */
static void wait_for(struct dealer *dealer, int count)
{
    while (calls < count)
        feed_hear_opened(dealer, ERP); /* an OPEN and its answer; nothing sleeps */
}

static void play(void (*script)(void))
{
    feed_house_open(&house, 60000, 60000);
    struct inbound_options options = {0};
    inbound = inbound_new(house.loop, house.store, &options);
    lookup = lookup_new(house.loop, house.feed, inbound);
    calls = 0;
    last = LOOKUP_ANSWER_COUNT;
    deadline_ms = LONG_MS;
    script_run(house.loop, script);
    inbound = inbound_free(inbound);
    lookup = lookup_free(lookup);
    feed_house_close(&house);
}

static void answer_next(struct dealer *dealer, const char *body)
{
    struct feed_message question = dealer_hear(dealer, FEED_ASK);
    char request[80];
    text_copy_bytes(request, sizeof request, question.request.bytes, question.request.length);
    CU_ASSERT_EQUAL(question.type.length, strlen("rma.lookup"));
    CU_ASSERT_PTR_NOT_NULL(
        memmem(question.body.bytes, question.body.length, "{\"by\":\"tracking\",\"value\":\"1Z999\"}", 33));
    dealer_say(dealer, "ANSWER", request, body, NULL);
}

static void find(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    script_do(ask);
    answer_next(dealer, RMA);
    wait_for(dealer, 1);
    CU_ASSERT_EQUAL(last, LOOKUP_FOUND);
    CU_ASSERT_STRING_EQUAL(rma, "RMA-9");
    CU_ASSERT_EQUAL(feed_house_number(&house, "SELECT version FROM rma WHERE rma = 'RMA-9'"), 1);
    script_do(ask);
    answer_next(dealer, "{\"found\":null}");
    wait_for(dealer, 2);
    CU_ASSERT_EQUAL(last, LOOKUP_NONE);
    dealer_close(dealer);
}

static void what_is_found_is_stored_first(void)
{
    play(find);
}

static void say_wrong_things(void)
{
    static const char *const wrong[] = {"{", "{}", "[]", "{\"found\":1}"};
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        dealer_say(dealer, "ANSWER", "1", wrong[i], NULL); /* before any question */
    script_do(ask);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        dealer_say(dealer, "ANSWER", "1", wrong[i], NULL);
    dealer_say(dealer, "ANSWER", "2", RMA, NULL);
    dealer_say(dealer, "ANSWER", "-1", RMA, NULL);
    answer_next(dealer, "{\"unavailable\":true}");
    wait_for(dealer, 1);
    CU_ASSERT_EQUAL(last, LOOKUP_UNAVAILABLE);
    CU_ASSERT_EQUAL(feed_house_number(&house, "SELECT count(*) FROM rma"), 0);
    script_do(ask);
    answer_next(dealer, "{\"found\":{\"rma\":\"RMA-9\"}}"); /* no RMA of ours */
    wait_for(dealer, 2);
    CU_ASSERT_EQUAL(last, LOOKUP_UNAVAILABLE);
    dealer_close(dealer);
}

static void a_wrong_answer_is_none(void)
{
    play(say_wrong_things);
}

static void be_silent(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    deadline_ms = SHORT_MS;
    for (int i = 1; i <= 3; i++) {
        script_do(ask);
        CU_ASSERT_EQUAL(calls, i - 1);
        dealer_hear(dealer, FEED_ASK);
        wait_for(dealer, i);
        CU_ASSERT_EQUAL(last, LOOKUP_UNAVAILABLE);
    }
    script_do(ask); /* nobody waits any more, but the question is asked */
    CU_ASSERT_EQUAL(calls, 4);
    answer_next(dealer, RMA);
    while (feed_house_number(&house, "SELECT count(*) FROM rma") == 0)
        feed_hear_opened(dealer, ERP);
    CU_ASSERT_EQUAL(calls, 4);
    deadline_ms = LONG_MS;
    script_do(ask); /* the late answer has ended that */
    CU_ASSERT_EQUAL(calls, 4);
    answer_next(dealer, "{\"found\":null}");
    wait_for(dealer, 5);
    CU_ASSERT_EQUAL(last, LOOKUP_NONE);
    dealer_close(dealer);
}

static void after_three_silences_nobody_waits(void)
{
    play(be_silent);
}

static void ask_nobody(void)
{
    script_do(ask);
    CU_ASSERT_EQUAL(calls, 1);
    CU_ASSERT_EQUAL(last, LOOKUP_UNAVAILABLE);
}

static void without_a_session_nobody_waits(void)
{
    play(ask_nobody);
}

static void forget(void)
{
    lookup_forget(lookup, &house);
}

static void go_away(void)
{
    struct dealer *dealer = feed_house_dealer(&house);
    feed_hear_opened(dealer, ERP);
    script_do(ask);
    script_do(forget);
    answer_next(dealer, RMA);
    while (feed_house_number(&house, "SELECT count(*) FROM rma") == 0)
        feed_hear_opened(dealer, ERP);
    CU_ASSERT_EQUAL(calls, 0);
    script_do(ask); /* still open at the end: it is told then */
    dealer_close(dealer);
}

static void who_forgot_is_not_told(void)
{
    play(go_away);
    CU_ASSERT_EQUAL(calls, 1);
    CU_ASSERT_EQUAL(last, LOOKUP_UNAVAILABLE);
}

static void ask_two(void)
{
    struct dealer *first = feed_house_dealer(&house), *second = feed_house_dealer(&house);
    feed_hear_opened(first, ERP);
    feed_hear_opened(second, "\"consumer\":\"other\",\"from\":0");
    script_do(ask);
    answer_next(first, "{\"unavailable\":true}");
    feed_hear_opened(first, ERP);
    CU_ASSERT_EQUAL(calls, 0);
    answer_next(second, RMA);
    wait_for(first, 1);
    CU_ASSERT_EQUAL(last, LOOKUP_FOUND);
    dealer_close(first);
    dealer_close(second);
}

static void the_first_that_knows_counts(void)
{
    play(ask_two);
}

SUITE("station/lookup", {"what is found is stored first", what_is_found_is_stored_first},
      {"a wrong answer is none", a_wrong_answer_is_none},
      {"after three silences nobody waits", after_three_silences_nobody_waits},
      {"without a session nobody waits", without_a_session_nobody_waits},
      {"who forgot is not told", who_forgot_is_not_told}, {"the first that knows counts", the_first_that_knows_counts})
