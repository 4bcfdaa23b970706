/* SPDX-License-Identifier: Apache-2.0 */
/* Whom events wait for, and the alarm of a disk that fills. */
#include "daemon/retention.h"

#include "base/log.h"
#include "daemon/store/stream.h"
#include "tests/support/house.h"

static struct house house;
static struct loop *loop;

/* 600 events of long ago, so that several slices are needed. */
static void fill(void)
{
    house_open(&house);
    HOUSE_MUST(&house, sql_script(house.store,
                                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)"
                                  " INSERT INTO event(sequence, type, subject, journal, body)"
                                  " SELECT i, 'unit.identified', 'x', 1, '{}' FROM n",
                                  &house.err));
}

static void set_cursor(const char *name, int64_t cursor)
{
    HOUSE_MUST(&house, outbox_set_cursor(house.store, name, cursor, 1, &house.err));
}

static void stop(void *context)
{
    (void)context;
    loop_stop(loop);
}

/* Runs until the first work that comes behind all slices; the first event that is left. */
static int64_t first_after(const char *required, int days, int64_t low_bytes, struct retention_status *ret_status)
{
    struct retention_options options = {.required = required, .days = days, .low_bytes = low_bytes, .period_ms = 60000};
    int64_t first, last;
    loop = loop_new(&house.err);
    struct retention *retention = retention_new(loop, house.store, &options);
    struct loop_source *end = loop_add_timer(loop, "end", LOOP_BACKGROUND, stop, NULL);
    loop_set_timer(end, clock_read().tick + 200);
    HOUSE_MUST(&house, loop_run(loop, &house.err));
    *ret_status = retention_status(retention);
    loop_remove(end);
    retention_free(retention);
    loop = loop_free(loop);
    HOUSE_MUST(&house, outbox_range(house.store, &first, &last, &house.err));
    return first;
}

static void events_wait_for_those_who_are_required(void)
{
    struct retention_status status;
    fill();
    CU_ASSERT_EQUAL(first_after("", 30, 0, &status), 1); /* nobody was ever there */
    set_cursor("erp", 500);
    set_cursor("audit", 550);
    set_cursor("test", 3);
    CU_ASSERT_EQUAL(first_after("", 30, 0, &status), 4); /* all that are known */
    CU_ASSERT_EQUAL(first_after("erp  nobody ", 30, 0, &status), 4); /* one that never came */
    CU_ASSERT_EQUAL(first_after(" erp audit", 30, 0, &status), 501);
    CU_ASSERT_EQUAL(status.pruned, 497);
    house_close(&house);
}

static int64_t old_rows(void)
{
    return house_count(&house, "SELECT count(*) FROM old_event");
}

/* After a restore the rest of the old stream waits for those who had a cursor there, and for nobody else. */
static void an_old_stream_goes_once_everybody_has_read_it(void)
{
    struct retention_status status;
    fill();
    set_cursor("erp", 100);
    set_cursor("test", 50);
    HOUSE_MUST(&house, stream_renew(house.store, &house.err));
    set_cursor("late", 0);
    CU_ASSERT_EQUAL(old_rows(), 550);
    first_after("", 30, 0, &status);
    CU_ASSERT_EQUAL(old_rows(), 550);
    HOUSE_MUST(&house, stream_set_cursor(house.store, 1, "erp", 580, &house.err));
    first_after("", 30, 0, &status);
    CU_ASSERT_EQUAL(old_rows(), 550); /* test has not read on */
    first_after("erp late", 30, 0, &status);
    CU_ASSERT_EQUAL(old_rows(), 20);
    CU_ASSERT_EQUAL(status.pruned, 530); /* in three slices */
    HOUSE_MUST(&house, stream_set_cursor(house.store, 1, "erp", 600, &house.err));
    first_after("erp", 30, 0, &status);
    CU_ASSERT_EQUAL(old_rows(), 0);
    house_close(&house);
}

static void a_full_disk_is_told(void)
{
    struct retention_status status;
    log_set_level(LOG_EMERG);
    house_open(&house);
    first_after("", 30, 0, &status);
    CU_ASSERT_FALSE(status.disk_low);
    CU_ASSERT_TRUE(status.free_bytes > 0);
    first_after("", 30, INT64_MAX, &status);
    CU_ASSERT_TRUE(status.disk_low);
    house_close(&house);
}

SUITE("station/retention", {"events wait for those who are required", events_wait_for_those_who_are_required},
      {"an old stream goes once everybody has read it", an_old_stream_goes_once_everybody_has_read_it},
      {"a full disk is told", a_full_disk_is_told})
