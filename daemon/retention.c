/* SPDX-License-Identifier: Apache-2.0 */
/* Pruning behind the consumers' cursors as they are on the disk, and watching the disk. */
#include "daemon/retention.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "daemon/store/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define PERIOD_MS 60000
#define SLICE 256
#define CONSUMERS_MAX 64

struct retention {
    struct store *store;
    struct retention_options options;
    struct retention_status status;
    struct loop_source *timer, *work;
};

/* ---- events ---- */

static int64_t cursor_of(const struct consumer_row *rows, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(rows[i].name) == length && memcmp(rows[i].name, name, length) == 0)
            return rows[i].cursor;
    return 0; /* required, and never seen: everything waits for it */
}

/* Everything up to here is acknowledged by those who are waited for; 0 if nobody is known. */
static bool read_floor(struct retention *retention, int64_t *ret_floor, struct error *err)
{
    struct consumer_row rows[CONSUMERS_MAX];
    size_t count;
    int64_t floor = INT64_MAX;
    if (!outbox_consumers(retention->store, rows, CONSUMERS_MAX, &count, err))
        return false;
    const char *name = retention->options.required;
    if (name[strspn(name, " ")] == '\0')
        for (size_t i = 0; i < count; i++)
            floor = rows[i].cursor < floor ? rows[i].cursor : floor;
    for (size_t length; name += strspn(name, " "), (length = strcspn(name, " ")) > 0; name += length) {
        int64_t cursor = cursor_of(rows, count, name, length);
        floor = cursor < floor ? cursor : floor;
    }
    *ret_floor = floor == INT64_MAX ? 0 : floor;
    return true;
}

/* ret_pruned: of the current stream, of those before it, and labels of carriers. */
static bool prune(struct retention *retention, int64_t ret_pruned[3], struct error *err)
{
    int64_t floor, before = clock_read().now - retention->options.days * DAY_MS;
    if (!store_begin(retention->store, err))
        return false;
    bool ok = read_floor(retention, &floor, err) &&
              outbox_prune(retention->store, floor, before, SLICE, &ret_pruned[0], err) &&
              stream_prune(retention->store, retention->options.required, SLICE, &ret_pruned[1], err) &&
              carriers_prune(retention->store, before, SLICE, &ret_pruned[2], err) &&
              store_commit(retention->store, err);
    store_rollback(retention->store);
    return ok;
}

static void on_work(void *context)
{
    struct retention *retention = context;
    struct error err = {0};
    int64_t pruned[3] = {0};
    if (!prune(retention, pruned, &err))
        log_write(LOG_WARNING, "retention: nothing is pruned: %s", err.message);
    retention->status.pruned += pruned[0] + pruned[1];
    if (pruned[0] == SLICE || pruned[1] == SLICE || pruned[2] >= SLICE)
        loop_post(retention->work);
}

/* ---- the disk ---- */

static void look_at_disk(struct retention *retention)
{
    struct statvfs disk;
    struct retention_status *status = &retention->status;
    if (statvfs(store_directory(retention->store), &disk) != 0)
        return;
    bool was_low = status->disk_low;
    status->free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    status->disk_low = status->free_bytes < retention->options.low_bytes;
    if (status->disk_low && !was_low)
        log_write(LOG_CRIT, "disk: only %lld MB are left for the database; when it is full, no scan is stored",
                  (long long)(status->free_bytes >> 20));
    else if (was_low && !status->disk_low)
        log_write(LOG_NOTICE, "disk: there is room again, %lld MB", (long long)(status->free_bytes >> 20));
}

static void on_timer(void *context)
{
    struct retention *retention = context;
    look_at_disk(retention);
    loop_post(retention->work);
    loop_set_timer(retention->timer, clock_read().tick + retention->options.period_ms);
}

static void note_required(struct retention *retention)
{
    struct error err = {0};
    bool ok = store_begin(retention->store, &err) &&
              outbox_set_required(retention->store, retention->options.required, &err) &&
              store_commit(retention->store, &err);
    store_rollback(retention->store);
    if (!ok)
        log_write(LOG_WARNING, "retention: reports do not know whom events are kept for: %s", err.message);
}

struct retention *retention_new(struct loop *loop, struct store *store, const struct retention_options *options)
{
    struct retention *retention = memory_new(1, sizeof *retention);
    *retention = (struct retention){.store = store, .options = *options};
    if (options->period_ms == 0)
        retention->options.period_ms = PERIOD_MS;
    retention->timer = loop_add_timer(loop, "retention", LOOP_BACKGROUND, on_timer, retention);
    retention->work = loop_add_work(loop, "pruning", LOOP_BACKGROUND, on_work, retention);
    loop_set_timer(retention->timer, clock_read().tick);
    note_required(retention);
    return retention;
}

struct retention *retention_free(struct retention *retention)
{
    if (retention == NULL)
        return NULL;
    loop_remove(retention->timer);
    loop_remove(retention->work);
    free(retention);
    return NULL;
}

struct retention_status retention_status(const struct retention *retention)
{
    return retention->status;
}
