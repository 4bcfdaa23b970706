/* SPDX-License-Identifier: Apache-2.0 */
/* Everything here was counted elsewhere; rates are the monitoring system's to make of counters. */
#include "daemon/metrics.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/feed.h"
#include "daemon/printing.h"
#include "daemon/retention.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"
#include "daemon/web/request.h"
#include "daemon/web/server.h"

#define ROWS_MAX 64
#define TYPE "text/plain; version=0.0.4; charset=utf-8"

static void begin(struct buffer *text, const char *name, const char *type, const char *help)
{
    buffer_append_format(text, "# HELP returnsd_%s %s\n# TYPE returnsd_%s %s\n", name, help, name, type);
}

static void one(struct buffer *text, const char *name, const char *type, const char *help, int64_t value)
{
    begin(text, name, type, help);
    buffer_append_format(text, "returnsd_%s %lld\n", name, (long long)value);
}

/* A label's value between its quotes. */
static void append_value(struct buffer *text, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            buffer_append_format(text, "\\n");
        else
            buffer_append_format(text, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
    }
}

static void labelled(struct buffer *text, const char *name, const char *label, const char *value, const char *more,
                     int64_t number)
{
    buffer_append_format(text, "returnsd_%s{%s=\"", name, label);
    append_value(text, value);
    buffer_append_format(text, "\"%s} %lld\n", more, (long long)number);
}

/* ---- consumers ---- */

static int64_t cursor_of(const struct feed_consumer *consumer, int64_t last)
{
    (void)last;
    return consumer->cursor;
}

static int64_t connected_of(const struct feed_consumer *consumer, int64_t last)
{
    (void)last;
    return consumer->connected;
}

static int64_t waiting_of(const struct feed_consumer *consumer, int64_t last)
{
    (void)last;
    return consumer->waiting;
}

static const struct {
    const char *name, *help;
    int64_t (*value)(const struct feed_consumer *consumer, int64_t last);
} of_consumers[] = {
    {"consumer_cursor", "Last event that the consumer has acknowledged.", cursor_of},
    {"consumer_lag_events", "Events that the consumer has not acknowledged.", feed_lag},
    {"consumer_connected", "1 while the consumer has a session.", connected_of},
    {"consumer_unacknowledged_events", "Events sent in this session that wait for ACK.", waiting_of},
};

static void write_consumers(const struct command_options *options, struct buffer *text, int64_t last)
{
    struct feed_consumer consumers[ROWS_MAX];
    size_t count = feed_status(options->feed, consumers, COUNT_OF(consumers));
    for (size_t k = 0; k < COUNT_OF(of_consumers); k++) {
        begin(text, of_consumers[k].name, "gauge", of_consumers[k].help);
        for (size_t i = 0; i < count; i++)
            labelled(text, of_consumers[k].name, "consumer", consumers[i].name, "",
                     of_consumers[k].value(&consumers[i], last));
    }
    begin(text, "consumer_puts_total", "counter", "PUTs answered since the daemon started.");
    for (size_t i = 0; i < count; i++) {
        const struct feed_puts *puts = &consumers[i].puts;
        labelled(text, "consumer_puts_total", "consumer", consumers[i].name, ",result=\"stored\"", puts->stored);
        labelled(text, "consumer_puts_total", "consumer", consumers[i].name, ",result=\"same\"", puts->same);
        labelled(text, "consumer_puts_total", "consumer", consumers[i].name, ",result=\"older\"", puts->older);
        labelled(text, "consumer_puts_total", "consumer", consumers[i].name, ",result=\"refused\"", puts->refused);
    }
}

/* ---- printers, commits ---- */

static void write_printers(const struct command_options *options, struct buffer *text)
{
    struct printing_status rows[ROWS_MAX];
    size_t count = printing_status(options->printing, rows, COUNT_OF(rows));
    begin(text, "printer_jobs", "gauge", "Labels that are not printed yet.");
    for (size_t i = 0; i < count; i++)
        labelled(text, "printer_jobs", "printer", rows[i].name, "", rows[i].open_jobs);
}

static void write_commits(const struct command_options *options, struct buffer *text)
{
    struct store_commit_times times = store_commit_times(options->store);
    int64_t count = 0;
    begin(text, "commit_seconds", "histogram", "Time of a commit on the disk; one holds all scans of a moment.");
    for (size_t i = 0; i < STORE_COMMIT_LIMITS; i++) {
        count += times.counts[i];
        buffer_append_format(text, "returnsd_commit_seconds_bucket{le=\"%g\"} %lld\n",
                             (double)store_commit_limits_us[i] / 1e6, (long long)count);
    }
    count += times.counts[STORE_COMMIT_LIMITS];
    buffer_append_format(text, "returnsd_commit_seconds_bucket{le=\"+Inf\"} %lld\nreturnsd_commit_seconds_sum %.6f\n"
                         "returnsd_commit_seconds_count %lld\n",
                         (long long)count, (double)times.total_us / 1e6, (long long)count);
}

static bool write_all(const struct command_options *options, struct buffer *text, struct error *err)
{
    int64_t first, last, rmas;
    if (!outbox_range(options->store, &first, &last, err) || !directory_count_rmas(options->store, &rmas, err))
        return false;
    struct retention_status retention = retention_status(options->retention);
    begin(text, "info", "gauge", "What runs here; always 1.");
    labelled(text, "info", "version", options->version, "", 1);
    one(text, "events_total", "counter", "Events of this stream: the last sequence.", last);
    one(text, "events_stored", "gauge", "Events that are kept.", last - first + 1);
    one(text, "events_pruned_total", "counter", "Events deleted behind every cursor since the daemon started.",
        retention.pruned);
    one(text, "rmas", "gauge", "RMAs in the directory.", rmas);
    one(text, "disk_free_bytes", "gauge", "Room left on the disk of the database.", retention.free_bytes);
    one(text, "disk_low", "gauge", "1 while there is less room than the setting disk_low_mb.", retention.disk_low);
    write_consumers(options, text, last);
    write_printers(options, text);
    write_commits(options, text);
    return true;
}

static void get_metrics(struct web_request *request, void *context)
{
    struct error err = {0};
    struct buffer text = BUFFER_EMPTY;
    if (write_all(context, &text, &err))
        web_reply_bytes(request, 200, TYPE, text.data, text.length);
    else
        web_reply_fault(request, &err);
    buffer_done(&text);
}

void metrics_add_route(struct web_server *server, struct command_options *options)
{
    static const struct web_route route = {"GET", "/metrics", get_metrics, NULL};
    web_server_add_routes(server, &route, 1, options);
}
