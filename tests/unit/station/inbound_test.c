/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of PUTs: answers only after a commit, riding on the transactions of others, and failures. */
#include "daemon/inbound.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/house.h"

static struct {
    struct loop *loop;
    struct inbound *inbound;
    int stored, not_stored, invalid, busy;
    bool fail; /* the commit's company refuses */
    int64_t commits_at_answer;
} seen;
static struct house house;

static bool before_commit(void *context, struct error *err)
{
    (void)context;
    return !seen.fail || error_set(err, ERROR_FULL, "the test says so");
}

static void stop_when_empty(void *context)
{
    (void)context;
    if (inbound_waiting(seen.inbound) == 0)
        loop_stop(seen.loop);
}

static void answered(void *context, enum inbound_code code, const char *text)
{
    int *const counters[INBOUND_CODE_COUNT] = {[INBOUND_STORED] = &seen.stored,
                                               [INBOUND_NOT_STORED] = &seen.not_stored,
                                               [INBOUND_INVALID] = &seen.invalid,
                                               [INBOUND_BUSY] = &seen.busy};
    CU_ASSERT_PTR_EQUAL(context, &seen);
    CU_ASSERT_PTR_NOT_NULL_FATAL(counters[code]);
    CU_ASSERT_TRUE(text[0] != '\0');
    ++*counters[code];
    seen.commits_at_answer = store_commits(house.store);
}

static void open_all(void)
{
    struct inbound_options options = {.before_commit = before_commit, .committed = stop_when_empty};
    memset(&seen, 0, sizeof seen);
    house_open(&house);
    seen.loop = loop_new(&house.err);
    seen.inbound = inbound_new(seen.loop, house.store, &options);
}

static void close_all(void)
{
    seen.inbound = inbound_free(seen.inbound);
    seen.loop = loop_free(seen.loop);
    house_close(&house);
}

static void submit(const char *kind, const char *body)
{
    struct inbound_put put = {.kind = frame_of_text(kind), .body = frame_of_text(body), .rights = KEY_RIGHTS_ALL,
                              .owners = "", .consumer = "erp"};
    inbound_submit(seen.inbound, &put, answered, &seen);
}

static void run(void)
{
    HOUSE_MUST(&house, loop_run(seen.loop, &house.err));
}

static void many_share_a_commit(void)
{
    open_all();
    int64_t before = store_commits(house.store);
    for (int i = 0; i < 200; i++) {
        char body[80];
        TEXT_FORMAT(body, "{\"unit\":\"LP%d\",\"verdict\":\"accepted\"}", i);
        submit("decision", body);
    }
    submit("decision", "{");
    CU_ASSERT_EQUAL(seen.stored, 0);
    run();
    CU_ASSERT_EQUAL(seen.stored, 200);
    CU_ASSERT_EQUAL(seen.invalid, 1);
    CU_ASSERT_TRUE(store_commits(house.store) - before >= 4); /* 201 in slices of 64 at most */
    CU_ASSERT_TRUE(store_commits(house.store) - before < 100);
    CU_ASSERT_EQUAL(seen.commits_at_answer, store_commits(house.store));
    close_all();
}

static void a_put_rides_on_a_transaction_of_somebody_else(void)
{
    open_all();
    submit("decision", "{\"unit\":\"LP1\",\"verdict\":\"accepted\"}");
    HOUSE_MUST(&house, store_begin(house.store, &house.err));
    HOUSE_MUST(&house, inbound_ride(seen.inbound, &house.err));
    CU_ASSERT_EQUAL(seen.stored, 0);
    HOUSE_MUST(&house, store_commit(house.store, &house.err));
    inbound_rode(seen.inbound);
    CU_ASSERT_EQUAL(seen.stored, 1);
    close_all();
}

static void if_that_fails_it_is_tried_alone(void)
{
    open_all();
    submit("decision", "{\"unit\":\"LP1\",\"verdict\":\"accepted\"}");
    HOUSE_MUST(&house, store_begin(house.store, &house.err));
    HOUSE_MUST(&house, inbound_ride(seen.inbound, &house.err));
    store_rollback(house.store);
    inbound_rode(seen.inbound);
    CU_ASSERT_EQUAL(seen.stored + seen.not_stored, 0);
    run();
    CU_ASSERT_EQUAL(seen.stored, 1);
    close_all();
}

static void what_could_not_be_stored_is_told(void)
{
    int64_t count;
    open_all();
    seen.fail = true;
    submit("decision", "{\"unit\":\"LP1\",\"verdict\":\"accepted\"}");
    run();
    CU_ASSERT_EQUAL(seen.not_stored, 1);
    HOUSE_MUST(&house, sql_int64(house.store, &house.err, 0, &count, "SELECT count(*) FROM inbound", ""));
    CU_ASSERT_EQUAL(count, 0);
    submit("decision", "{\"unit\":\"LP1\",\"verdict\":\"accepted\"}");
    seen.inbound = inbound_free(seen.inbound); /* an end answers what waits */
    CU_ASSERT_EQUAL(seen.not_stored, 2);
    close_all();
}

static void what_waits_is_bounded(void)
{
    CLEANUP(memory_free_at) char *body = memory_new(FEED_BYTES_MAX + 1, 1);
    open_all();
    memset(body, 'x', FEED_BYTES_MAX);
    for (size_t i = 0; i <= INBOUND_BYTES_MAX / FEED_BYTES_MAX; i++)
        submit("decision", body);
    CU_ASSERT_TRUE(seen.busy > 0);
    CU_ASSERT_TRUE(inbound_waiting(seen.inbound) < INBOUND_BYTES_MAX / FEED_BYTES_MAX);
    close_all();
}

SUITE("station/inbound", {"many share a commit", many_share_a_commit},
      {"a PUT rides on a transaction of somebody else", a_put_rides_on_a_transaction_of_somebody_else},
      {"if that fails it is tried alone", if_that_fails_it_is_tried_alone},
      {"what could not be stored is told", what_could_not_be_stored_is_told},
      {"what waits is bounded", what_waits_is_bounded})
