/* SPDX-License-Identifier: Apache-2.0 */
/* A fault of three seconds is none: a start, a reconnection and a cover that is opened and closed pass without an
 * event. */
#include "daemon/printer_notice.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/printing_private.h"
#include "daemon/station.h"

#include <stdlib.h>

#define LASTS_MS 3000

struct printer_notices {
    struct printing *printing;
    struct station *station;
    struct loop_source *timer;
    bool is_waiting;
    struct {
        char fault[KEY_SIZE]; /* what was told last, in the order of the printers; "" = ok, which goes without saying */
    } told[PRINTERS_MAX];
};

static void tell(struct printer_notices *notices, size_t i, const struct printing_status *status)
{
    struct error err = {0};
    struct station_notice notice = {.type = status->reason[0] != '\0' ? EVENT_PRINTER_FAULT : EVENT_PRINTER_OK,
                                    .lane = "", .device = status->name, .mode = "", .reason = status->reason,
                                    .jobs = status->open_jobs};
    if (!station_notice(notices->station, &notice, &err)) {
        log_write(LOG_ERR, "printer %s: %s", status->name, err.message);
        return;
    }
    TEXT_COPY(notices->told[i].fault, status->reason);
}

static void on_timer(void *context)
{
    struct printer_notices *notices = context;
    struct printing_status status[PRINTERS_MAX];
    size_t count = printing_status(notices->printing, status, PRINTERS_MAX);
    notices->is_waiting = false;
    for (size_t i = 0; i < count; i++)
        if (!text_equal(status[i].reason, notices->told[i].fault))
            tell(notices, i, &status[i]);
}

void printer_notices_changed(struct printer_notices *notices)
{
    if (notices == NULL || notices->is_waiting)
        return;
    notices->is_waiting = true;
    loop_set_timer(notices->timer, clock_read().tick + LASTS_MS);
}

struct printer_notices *printer_notices_new(struct loop *loop, struct printing *printing, struct station *station)
{
    struct printer_notices *notices = memory_new(1, sizeof *notices);
    notices->printing = printing;
    notices->station = station;
    notices->timer = loop_add_timer(loop, "printer notices", LOOP_NORMAL, on_timer, notices);
    printer_notices_changed(notices); /* one that never answers tells of no change */
    return notices;
}

struct printer_notices *printer_notices_free(struct printer_notices *notices)
{
    if (notices == NULL)
        return NULL;
    loop_remove(notices->timer);
    free(notices);
    return NULL;
}
