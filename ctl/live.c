/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's multi interface with one handle at a time; the end of a connection starts the clock for the next. */
#include "ctl/live.h"

#include "base/clock.h"
#include "base/memory.h"
#include "ctl/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 250
#define RETRY_MAX_MS 2000
#define SILENCE_S 3L /* the daemon sends a comment every second */
#define REFUSAL_MAX 65536

struct live {
    const char *socket;
    char *path;
    sse_fn *fn;
    void *context;
    struct sse sse;
    struct buffer refusal; /* body of an answer that is no stream */
    CURLM *multi;
    CURL *curl; /* NULL between two connections */
    struct curl_slist *headers;
    enum live_state state;
    long status;
    unsigned count, failures;
    int64_t retry_tick;
};

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct live *live = context;
    long status = 0;
    curl_easy_getinfo(live->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        if (live->refusal.length < REFUSAL_MAX)
            buffer_append(&live->refusal, bytes, size * count);
        return size * count;
    }
    if (live->state != LIVE_OPEN)
        live->count++;
    live->failures = 0;
    live->state = LIVE_OPEN;
    return sse_feed(&live->sse, bytes, size * count, live->fn, live->context) ? size * count : 0;
}

static void connect_now(struct live *live)
{
    char header[96];
    live->curl = client_open_handle(live->socket, live->path);
    live->headers = curl_slist_append(NULL, "Accept: text/event-stream");
    if (live->sse.id[0] != '\0') {
        snprintf(header, sizeof header, "Last-Event-ID: %s", live->sse.id);
        live->headers = curl_slist_append(live->headers, header);
    }
    sse_restart(&live->sse);
    buffer_clear(&live->refusal);
    curl_easy_setopt(live->curl, CURLOPT_HTTPHEADER, live->headers);
    curl_easy_setopt(live->curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(live->curl, CURLOPT_WRITEDATA, live);
    curl_easy_setopt(live->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(live->curl, CURLOPT_LOW_SPEED_TIME, SILENCE_S);
    curl_multi_add_handle(live->multi, live->curl);
}

static void disconnect(struct live *live)
{
    if (live->curl == NULL)
        return;
    curl_multi_remove_handle(live->multi, live->curl);
    curl_easy_cleanup(live->curl);
    curl_slist_free_all(live->headers);
    live->curl = NULL;
    live->headers = NULL;
}

struct live *live_new(const char *socket, const char *path, sse_fn *fn, void *context)
{
    struct live *live = memory_new(1, sizeof *live);
    *live = (struct live){.socket = socket, .path = memory_text(path), .fn = fn, .context = context};
    live->multi = curl_multi_init();
    if (live->multi == NULL)
        abort(); /* out of memory */
    return live; /* the first live_wait connects */
}

struct live *live_free(struct live *live)
{
    if (live == NULL)
        return NULL;
    disconnect(live);
    curl_multi_cleanup(live->multi);
    sse_done(&live->sse);
    buffer_done(&live->refusal);
    free(live->path);
    free(live);
    return NULL;
}

/* The first retry is quick (a restart), the next ones wait longer. */
static void plan_retry(struct live *live)
{
    int64_t delay = (int64_t)RETRY_MS << (live->failures < 3 ? live->failures : 3);
    live->failures++;
    live->retry_tick = clock_read().tick + (delay < RETRY_MAX_MS ? delay : RETRY_MAX_MS);
    if (live->state == LIVE_OPEN)
        live->state = LIVE_LOST;
}

static void end_connection(struct live *live)
{
    curl_easy_getinfo(live->curl, CURLINFO_RESPONSE_CODE, &live->status);
    disconnect(live);
    if (live->status >= 400 && live->status < 500)
        live->state = LIVE_REFUSED;
    else
        plan_retry(live);
}

static void work(struct live *live)
{
    int running, left;
    curl_multi_perform(live->multi, &running);
    if (curl_multi_info_read(live->multi, &left) != NULL)
        end_connection(live);
}

void live_wait(struct live *live, struct curl_waitfd *extra, unsigned extra_count, int timeout_ms)
{
    int64_t wait = live->retry_tick - clock_read().tick;
    if (live->curl == NULL && wait <= 0) {
        connect_now(live);
        work(live);
        return;
    }
    if (live->curl == NULL && wait < timeout_ms)
        timeout_ms = (int)wait;
    curl_multi_poll(live->multi, extra, extra_count, timeout_ms, NULL);
    work(live);
}

enum live_state live_state(const struct live *live)
{
    return live->state;
}

unsigned live_count(const struct live *live)
{
    return live->count;
}

unsigned live_failures(const struct live *live)
{
    return live->failures;
}

enum ctl_exit live_judge(const struct live *live, bool json)
{
    return client_judge(json, live->status, buffer_text(&live->refusal));
}

bool live_failed(const struct live *live, const struct ctl *ctl, enum ctl_exit *ret_exit)
{
    if (live_state(live) == LIVE_REFUSED) {
        *ret_exit = live_judge(live, ctl->json);
        return true;
    }
    if (live_state(live) != LIVE_CONNECTING || live_failures(live) == 0)
        return false;
    ctl_complain("no daemon answers on %s", ctl->socket);
    *ret_exit = CTL_UNREACHABLE;
    return true;
}
