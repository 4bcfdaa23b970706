/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

/* An outcome with so many events of these types in turn, committed. */
static void tell(struct house *house, int count)
{
    static const char *const types[] = {"unit.identified", "unit.inspected", "stock.delta"};
    struct outcome *outcome = memory_new(1, sizeof *outcome);
    struct session session = {.lane = "bench-2"};
    struct encoded encoded = {.at = HOUSE_NOW, .device = "", .aim = "", .code = ""};
    char bodies[OUTCOME_EVENTS_MAX][16];
    struct encoded_event events[OUTCOME_EVENTS_MAX];
    encoded.events = events;
    int64_t next;
    HOUSE_MUST(house, records_next_sequence(house->store, &next, &house->err));
    for (int i = 0; i < count; i++) {
        outcome_event(outcome, EVENT_UNIT_IDENTIFIED);
        TEXT_FORMAT(bodies[i], "{\"n\":%lld}", (long long)next + i);
        events[i] = (struct encoded_event){types[(next + i - 1) % 3], "x", bodies[i]};
    }
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, records_write(house->store, outcome, &session, &encoded, &house->err));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
    free(outcome);
}

static void done(struct event_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(rows[i].body);
}

static void events_come_in_order_without_gaps(void)
{
    struct house house;
    struct event_row rows[100];
    size_t count = 99;
    int64_t upto = -1, first = -1, last = -1;
    house_open(&house);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, NULL, rows, 100, &count, &upto, &house.err));
    CU_ASSERT_TRUE(count == 0 && upto == 0);
    CU_ASSERT_TRUE(outbox_range(house.store, &first, &last, &house.err));
    CU_ASSERT_TRUE(first == 1 && last == 0);
    for (int i = 1; i <= 10; i++)
        tell(&house, i);
    CU_ASSERT_TRUE(outbox_range(house.store, &first, &last, &house.err));
    CU_ASSERT_TRUE(first == 1 && last == 55);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, NULL, rows, 100, &count, &upto, &house.err));
    CU_ASSERT_EQUAL_FATAL(count, 55);
    CU_ASSERT_EQUAL(upto, 55);
    for (size_t i = 0; i < count; i++) {
        char body[16];
        TEXT_FORMAT(body, "{\"n\":%zu}", i + 1);
        CU_ASSERT_EQUAL(rows[i].sequence, (int64_t)i + 1);
        CU_ASSERT_STRING_EQUAL(rows[i].body, body);
    }
    done(rows, count);
    house_close(&house);
}

static void a_reader_goes_on_where_it_was(void)
{
    struct house house;
    struct event_row rows[7];
    int64_t after = 0;
    size_t seen = 0, count;
    int turns = 0;
    house_open(&house);
    for (int i = 0; i < 5; i++)
        tell(&house, 4);
    do {
        CU_ASSERT_TRUE_FATAL(outbox_read(house.store, after, NULL, rows, 7, &count, &after, &house.err));
        done(rows, count);
        seen += count;
    } while (count > 0 && ++turns < 9);
    CU_ASSERT_EQUAL(seen, 20);
    CU_ASSERT_EQUAL(after, 20);
    house_close(&house);
}

/* With a filter, upto says how far nothing else was wanted; a reader that goes on from it misses nothing. */
static void a_filter_says_how_far_it_looked(void)
{
    static const char *const stock[] = {"io.returnsd.stock.", NULL}, *const none[] = {"io.returnsd.rma.", NULL},
                             *const units[] = {"io.returnsd.unit.ins", "io.returnsd.unit.id", NULL},
                             *const empty[] = {NULL};
    struct house house;
    struct event_row rows[100];
    size_t count;
    int64_t upto;
    house_open(&house);
    tell(&house, 20);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, stock, rows, 100, &count, &upto, &house.err));
    CU_ASSERT_EQUAL_FATAL(count, 6);
    CU_ASSERT_EQUAL(upto, 20);
    for (size_t i = 0; i < count; i++)
        CU_ASSERT_STRING_EQUAL(rows[i].type, "io.returnsd.stock.delta.v1");
    done(rows, count);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, stock, rows, 2, &count, &upto, &house.err));
    CU_ASSERT_TRUE(count == 2 && upto == 6);
    done(rows, count);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, none, rows, 100, &count, &upto, &house.err));
    CU_ASSERT_TRUE(count == 0 && upto == 20);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, units, rows, 100, &count, &upto, &house.err));
    CU_ASSERT_EQUAL(count, 14);
    done(rows, count);
    CU_ASSERT_TRUE(outbox_read(house.store, 0, empty, rows, 100, &count, &upto, &house.err));
    CU_ASSERT_EQUAL(count, 20);
    done(rows, count);
    house_close(&house);
}

/* A long way without anything wanted is looked through in pieces, and each says how far it came. */
static void a_long_gap_is_crossed_in_pieces(void)
{
    static const char *const none[] = {"io.returnsd.rma.", NULL};
    struct house house;
    struct event_row rows[4];
    size_t count;
    int64_t upto = 0, before;
    house_open(&house);
    HOUSE_MUST(&house, sql_script(house.store,
                                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                                  " INSERT INTO event SELECT i, 'unit.identified', '', 0, '{}' FROM n",
                                  &house.err));
    do {
        before = upto;
        CU_ASSERT_TRUE_FATAL(outbox_read(house.store, before, none, rows, 4, &count, &upto, &house.err));
        CU_ASSERT_EQUAL(count, 0);
    } while (upto != before);
    CU_ASSERT_EQUAL(upto, 3000);
    house_close(&house);
}

static void a_cursor_is_kept_by_consumer(void)
{
    struct house house;
    struct consumer_row rows[4];
    size_t count;
    int64_t cursor = -1;
    house_open(&house);
    CU_ASSERT_TRUE(outbox_cursor(house.store, "erp", &cursor, &house.err));
    CU_ASSERT_EQUAL(cursor, 0);
    CU_ASSERT_TRUE(outbox_set_cursor(house.store, "wms", 3, 70, &house.err));
    CU_ASSERT_TRUE(outbox_set_cursor(house.store, "erp", 5, 80, &house.err));
    CU_ASSERT_TRUE(outbox_set_cursor(house.store, "erp", 9, 90, &house.err));
    CU_ASSERT_TRUE(outbox_cursor(house.store, "erp", &cursor, &house.err));
    CU_ASSERT_EQUAL(cursor, 9);
    CU_ASSERT_TRUE(outbox_consumers(house.store, rows, 4, &count, &house.err));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_STRING_EQUAL(rows[0].name, "erp");
    CU_ASSERT_TRUE(rows[0].cursor == 9 && rows[0].seen_at == 90);
    CU_ASSERT_TRUE(rows[1].cursor == 3 && rows[1].seen_at == 70);
    CU_ASSERT_TRUE(outbox_consumers(house.store, rows, 1, &count, &house.err));
    CU_ASSERT_EQUAL(count, 1);
    house_close(&house);
}

static int64_t prune(struct house *house, int64_t floor, int64_t before, int64_t max)
{
    int64_t pruned = -1;
    HOUSE_MUST(house, outbox_prune(house->store, floor, before, max, &pruned, &house->err));
    return pruned;
}

static void only_what_is_old_and_behind_everybody_is_pruned(void)
{
    struct house house;
    int64_t first, last, next;
    house_open(&house);
    CU_ASSERT_EQUAL(prune(&house, INT64_MAX, INT64_MAX, 10), 0);
    tell(&house, 5);
    CU_ASSERT_EQUAL(prune(&house, 3, HOUSE_NOW, 10), 0); /* too young */
    CU_ASSERT_EQUAL(prune(&house, 0, INT64_MAX, 10), 0); /* nobody has seen it */
    CU_ASSERT_EQUAL(prune(&house, 3, INT64_MAX, 2), 2);
    CU_ASSERT_EQUAL(prune(&house, 3, INT64_MAX, 10), 1);
    HOUSE_MUST(&house, outbox_range(house.store, &first, &last, &house.err));
    CU_ASSERT_TRUE(first == 4 && last == 5);
    CU_ASSERT_EQUAL(prune(&house, 5, INT64_MAX, 10), 1); /* never the newest: the next sequence comes from it */
    HOUSE_MUST(&house, records_next_sequence(house.store, &next, &house.err));
    CU_ASSERT_EQUAL(next, 6);
    house_close(&house);
}

SUITE("store/outbox", {"events come in order without gaps", events_come_in_order_without_gaps},
      {"a reader goes on where it was", a_reader_goes_on_where_it_was},
      {"a filter says how far it looked", a_filter_says_how_far_it_looked},
      {"a long gap is crossed in pieces", a_long_gap_is_crossed_in_pieces},
      {"a cursor is kept by consumer", a_cursor_is_kept_by_consumer},
      {"only what is old and behind everybody is pruned", only_what_is_old_and_behind_everybody_is_pruned})
