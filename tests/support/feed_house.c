/* SPDX-License-Identifier: Apache-2.0 */
/* The feed's test bench. */
#include "tests/support/feed_house.h"

#include "base/log.h"
#include "tests/support/suite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void start(struct feed_house *house, int64_t idle_ms, int64_t cursor_ms)
{
    struct error err;
    house->loop = loop_new(&err);
    house->bus = bus_new(house->loop, &err);
    house->store = store_open(house->directory, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house->store);
    house->feed = feed_new(house->loop, house->bus, house->store, "dock-07", house->endpoint, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house->feed);
    if (idle_ms != 0)
        feed_set_times(house->feed, idle_ms, cursor_ms);
}

static void stop(struct feed_house *house)
{
    house->feed = feed_free(house->feed);
    house->bus = bus_free(house->bus);
    house->store = store_close(house->store);
    house->loop = loop_free(house->loop);
}

void feed_house_open(struct feed_house *house, int64_t idle_ms, int64_t cursor_ms)
{
    log_set_level(LOG_CRIT); /* refusals are what is tested */
    memset(house, 0, sizeof *house);
    strcpy(house->directory, "/tmp/feed-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(house->directory));
    snprintf(house->endpoint, sizeof house->endpoint, "ipc://%s/feed.sock", house->directory);
    start(house, idle_ms, cursor_ms);
}

void feed_house_restart(struct feed_house *house, int64_t idle_ms, int64_t cursor_ms)
{
    stop(house);
    start(house, idle_ms, cursor_ms);
}

void feed_house_close(struct feed_house *house)
{
    static const char *const files[] = {"returnsd.db", "lock"};
    stop(house);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s/%s", house->directory, files[i]);
        CU_ASSERT_EQUAL(unlink(path), 0);
    }
    CU_ASSERT_EQUAL(rmdir(house->directory), 0);
}

static sqlite3 *connect_to(const struct feed_house *house)
{
    char path[96];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/returnsd.db", house->directory);
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

void feed_house_sql(const struct feed_house *house, const char *sql)
{
    sqlite3 *db = connect_to(house);
    CU_ASSERT_EQUAL(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

void feed_house_add(const struct feed_house *house, int count, const char *type, const char *body)
{
    char *sql =
        sqlite3_mprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                        "INSERT INTO event(sequence, type, subject, journal, body)"
                        " SELECT (SELECT coalesce(max(sequence), 0) FROM event) + i, %Q, 'station', 1, %Q FROM n",
                        count, type, body);
    feed_house_sql(house, sql);
    sqlite3_free(sql);
}

int64_t feed_house_number(const struct feed_house *house, const char *sql)
{
    sqlite3 *db = connect_to(house);
    sqlite3_stmt *statement;
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

struct dealer *feed_house_dealer(const struct feed_house *house)
{
    return dealer_open(house->endpoint);
}

void feed_hear_opened(struct dealer *dealer, const char *members)
{
    char body[256];
    snprintf(body, sizeof body, "{\"v\":1,%s}", members);
    dealer_say(dealer, "OPEN", body, NULL);
    dealer_hear(dealer, FEED_OPENED);
}

void feed_hear_events(struct dealer *dealer, int64_t first, int64_t last)
{
    bool good = true;
    for (int64_t sequence = first; good && sequence <= last; sequence++) {
        struct feed_message event = dealer_hear(dealer, FEED_EVT);
        good = event.verb == FEED_EVT && event.sequence == sequence && event.upto == sequence;
    }
    CU_ASSERT_TRUE(good);
}

void feed_ack(struct dealer *dealer, int64_t sequence)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)sequence);
    dealer_say(dealer, "ACK", number, NULL);
}
