/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the loop until what a test waits for is so. */
#include "tests/usb/printer_house.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/sql.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_MS 15000

struct printer_house house;


/* ---- the house ---- */

void house_run_until(bool (*until)(void))
{
    struct error err = {0};
    int64_t end = clock_read().tick + LIMIT_MS;
    while (!until()) {
        if (clock_read().tick >= end)
            CU_FAIL_FATAL("waited too long");
        CU_ASSERT_TRUE_FATAL(loop_wait(house.loop, 1, &err));
    }
}

static void on_label(void *context, const char *zpl, size_t length)
{
    (void)context, (void)zpl, (void)length;
}

static void on_change(void *context)
{
    (void)context;
}

void house_begin(const char *uri, bool counter_safe)
{
    struct error err = {0};
    log_set_level(LOG_CRIT);
    memset(&house, 0, sizeof house);
    TEXT_COPY(house.directory, "/tmp/returnsd-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(house.directory));
    house.bus = mock_bus_new();
    house.loop = loop_new(&err);
    house.usb = usb_new(house.loop, &err);
    house.store = store_open(house.directory, &err);
    CU_ASSERT_TRUE_FATAL(house.usb != NULL && house.store != NULL);
    fake_printer_init(&house.fake, on_label, NULL);
    house.printing = printing_new(house.loop, house.usb, house.store, on_change, NULL);
    struct printing_printer printer = {.name = "one", .uri = uri, .dpi = 203, .counter_safe = counter_safe};
    CU_ASSERT_TRUE_FATAL(printing_add(house.printing, &printer, &err));
}

void house_plug(const char *port, const struct mock_model *model, enum mock_fault fault)
{
    house.device = mock_plug(house.bus, port, model, fault);
    mock_printer(house.device, &house.fake);
}

void house_unplug(void)
{
    mock_unplug(house.device);
    house.device = NULL;
}

void house_end(void)
{
    char command[100];
    printing_free(house.printing);
    usb_free(house.usb);
    if (house.device != NULL)
        house_unplug();
    mock_bus_free(house.bus);
    store_close(house.store);
    loop_free(house.loop);
    fake_printer_done(&house.fake);
    TEXT_FORMAT(command, "rm -r %s", house.directory);
    CU_ASSERT_EQUAL(system(command), 0);
}

/* ---- jobs ---- */

void house_print_label(size_t filler)
{
    struct error err = {0};
    char *zpl = memory_new(filler + 64, 1);
    size_t used = (size_t)sprintf(zpl, "^XA^FO10,10^A0N,20^FD");
    memset(zpl + used, 'x', filler);
    used += filler + (size_t)sprintf(zpl + used + filler, "^FS^XZ\n");
    CU_ASSERT_TRUE_FATAL(
        store_begin(house.store, &err) &&
        sql_run(house.store, &err,
                "INSERT INTO print_job(kind, unit_id, parcel_id, generation, copy, state, lane, printer,"
                " code, template_hash, zpl, created_at, changed_at, journal)"
                " VALUES('unit', ?, 0, 1, 1, 'queued', 'bench', 'one', 'A', '', ?, ?, 0, 0)",
                "ibi", ++house.last_job, zpl, used, clock_read().now) &&
        store_commit(house.store, &err));
    free(zpl);
    printing_wake(house.printing);
}

struct job_row house_row(void)
{
    struct error err = {0};
    struct job_row found;
    CU_ASSERT_TRUE_FATAL(jobs_newest(house.store, house.last_job, 0, &found, &err));
    return found;
}

bool house_is_state(enum job_state state)
{
    return house_row().job.state == state;
}

bool house_is_printed(void)
{
    return house_is_state(JOB_PRINTED);
}

bool house_is_sent(void)
{
    return house_is_state(JOB_SENT);
}

bool house_is_unknown(void)
{
    return house_is_state(JOB_UNKNOWN);
}

bool house_is_sending(void)
{
    return house_is_state(JOB_SENDING);
}

bool house_needs_attention(void)
{
    return house_is_state(JOB_NEEDS_ATTENTION);
}

struct printing_status house_status(void)
{
    struct printing_status status;
    CU_ASSERT_EQUAL(printing_status(house.printing, &status, 1), 1);
    return status;
}

bool house_is_ready(void)
{
    return text_equal(house_status().state, "ready");
}

bool house_is_paper_out(void)
{
    return text_equal(house_status().reason, "paper_out");
}

int64_t house_came_out(void)
{
    return house.fake.counter;
}

void house_set_fault(enum fake_fault fault, bool on)
{
    mock_hold(house.device);
    fake_printer_set(&house.fake, fault, on);
    mock_release(house.device);
}
