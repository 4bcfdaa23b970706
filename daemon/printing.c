/* SPDX-License-Identifier: Apache-2.0 */
/* All printers of the station, and which of them stands in for which. */
#include "daemon/printing.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/config.h"
#include "daemon/printer_notice.h"
#include "daemon/printing_private.h"

#include <stdlib.h>
#include <string.h>

struct printing *printing_new(struct loop *loop, struct usb *usb, struct store *store, loop_fn *changed, void *context)
{
    struct printing *printing = memory_new(1, sizeof *printing);
    *printing = (struct printing){.loop = loop, .usb = usb, .store = store, .changed = changed, .context = context};
    return printing;
}

struct printing *printing_free(struct printing *printing)
{
    if (printing == NULL)
        return NULL;
    printing->notices = printer_notices_free(printing->notices);
    for (size_t i = 0; i < printing->count; i++)
        spool_free(printing->spools[i]);
    free(printing);
    return NULL;
}

void printing_tell(struct printing *printing, struct station *station)
{
    printing->notices = printer_notices_new(printing->loop, printing, station);
}

bool printing_add(struct printing *printing, const struct printing_printer *printer, struct error *err)
{
    if (printing->count == PRINTERS_MAX)
        return error_set(err, ERROR_TOO_BIG, "printer %s: at most %d printers", printer->name, PRINTERS_MAX);
    struct spool *spool = spool_new(printing, printer, err);
    if (spool == NULL)
        return false;
    printing->spools[printing->count++] = spool;
    return true;
}

static struct spool *find(const struct printing *printing, const char *name)
{
    for (size_t i = 0; i < printing->count; i++)
        if (text_equal(printing->spools[i]->name, name))
            return printing->spools[i];
    return NULL;
}

bool printing_add_spare(struct printing *printing, const char *lane, const char *from, const char *to,
                        struct error *err)
{
    struct spare spare = {.from = find(printing, from), .to = find(printing, to)};
    if (printing->spare_count == SPARES_MAX)
        return error_set(err, ERROR_TOO_BIG, "at most %d spare printers", SPARES_MAX);
    if (spare.from == NULL || spare.to == NULL || spare.from == spare.to)
        return error_set(err, ERROR_INVALID, "lane %s: printer %s cannot stand in for %s", lane, to, from);
    if (spare.from->dpi != spare.to->dpi)
        return error_set(err, ERROR_INVALID, "lane %s: labels for printer %s (%d dpi) do not fit %s (%d dpi)", lane,
                         from, spare.from->dpi, to, spare.to->dpi);
    TEXT_COPY(spare.lane, lane);
    printing->spares[printing->spare_count++] = spare;
    return true;
}

static bool add_configured(struct printing *printing, const struct config_printer *config, struct error *err)
{
    bool is_directory = strncmp(config->uri, "file:", 5) == 0; /* which is synced */
    struct printing_printer printer = {.name = config->name,
                                       .uri = config->uri,
                                       .dpi = config->dpi,
                                       .counter_safe = config->counter_power_safe || is_directory,
                                       .max_age_ms = config->max_age_minutes * INT64_C(60000)};
    return printing_add(printing, &printer, err) || error_prefix(err, "printer %s", config->name);
}

bool printing_add_all(struct printing *printing, const struct config *config, struct error *err)
{
    for (size_t i = 0; i < config->printer_count; i++)
        if (!add_configured(printing, &config->printers[i], err))
            return false;
    for (size_t i = 0; i < config->lane_count; i++) {
        const struct config_lane *lane = &config->lanes[i];
        if (lane->spare[0] != '\0' && !printing_add_spare(printing, lane->name, lane->printer, lane->spare, err))
            return false;
    }
    return true;
}

void printing_fail_over(struct printing *printing, const struct spool *from)
{
    struct error err = {0};
    for (size_t i = 0; i < printing->spare_count; i++) {
        const struct spare *spare = &printing->spares[i];
        int64_t moved = 0;
        if (spare->from != from || !spare->to->is_ready || spare->to->phase != PHASE_IDLE)
            continue;
        if (!jobs_move(printing->store, spare->lane, from->name, spare->to->name, clock_read().now, &moved, &err))
            log_write(LOG_ERR, "printer %s: %s", from->name, err.message);
        if (moved == 0)
            continue;
        log_write(LOG_WARNING, "printer %s: %s; %lld label(s) of lane %s go to printer %s", from->name, from->reason,
                  (long long)moved, spare->lane, spare->to->name);
        spool_wake(spare->to);
        printing->changed(printing->context);
    }
}

bool printing_reserve(struct printing *printing, const char *printer, int64_t *ret_counter, const char **ret_identity)
{
    struct spool *spool = find(printing, printer);
    if (spool == NULL || spool->phase != PHASE_IDLE || !spool->is_ready || spool->is_reserved)
        return false;
    spool->is_reserved = true;
    *ret_counter = spool->counter;
    *ret_identity = spool->identity;
    return true;
}

void printing_wake(struct printing *printing)
{
    for (size_t i = 0; i < printing->count; i++)
        spool_wake(printing->spools[i]);
}

static const char *state_of(const struct spool *spool)
{
    return spool->phase == PHASE_DOWN    ? "down"
           : spool->reason[0] != '\0'    ? "attention"
           : spool->job.job.job_id != 0  ? "busy"
           : spool->phase == PHASE_ASKED ? "busy"
                                         : "ready";
}

size_t printing_status(struct printing *printing, struct printing_status *ret_status, size_t max)
{
    size_t count = printing->count < max ? printing->count : max;
    for (size_t i = 0; i < count; i++) {
        const struct spool *spool = printing->spools[i];
        struct printing_status *status = &ret_status[i];
        *status = (struct printing_status){0};
        TEXT_COPY(status->name, spool->name);
        TEXT_COPY(status->model, spool->model);
        TEXT_COPY(status->reason, spool->reason);
        TEXT_COPY(status->state, state_of(spool));
        if (!jobs_count_open(printing->store, spool->name, &status->open_jobs, NULL))
            status->open_jobs = -1;
    }
    return count;
}
