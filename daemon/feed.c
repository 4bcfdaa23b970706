/* SPDX-License-Identifier: Apache-2.0 */
/* The feed's work: events out in small slices, a sign of life where there are none, and cursors to the disk. */
#include "daemon/feed.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/feed_private.h"
#include "daemon/store/records.h"

#include <stdlib.h>

#define SLICE 128 /* events in one turn of the loop; scans come in between */
#define IDLE_MS 5000
#define CURSOR_MS 5000
#define RIDE_MS 1000 /* between two cursors that ride on commits: each costs a page of the log */

/* ---- events ---- */

static bool can_send(const struct feed_session *session)
{
    return session->connected && session->behind && !session->held && session->waiting_count < session->open.window;
}

void feed_post(struct feed *feed)
{
    loop_post(feed->pump);
}

static bool send_event(struct feed *feed, struct feed_session *session, const struct event_row *row, int64_t upto)
{
    struct feed_message message = {.verb = FEED_EVT,
                                   .sequence = row->sequence,
                                   .upto = upto,
                                   .type = frame_of_text(row->type),
                                   .body = frame_of_text(row->body)};
    if (!feed_send(feed, session, &message))
        return false;
    int last = (session->waiting_first + session->waiting_count++) % session->open.window;
    session->waiting[last] = row->sequence;
    session->read_to = session->announced = upto;
    session->idle_at = clock_read().tick + feed->idle_ms;
    return true;
}

/* Events of kind test go to those only who asked for them, goods of an owner to those who may know of them. */
static bool concerns(const struct feed_session *session, const char *event)
{
    char owner[KEY_SIZE] = "";
    return (session->open.test || !open_is_test(event)) &&
           (session->owners[0] == '\0' ||
            (open_owner(event, owner) && key_owner_allowed(session->owners, owner)));
}

static size_t drop_rows(const struct feed_session *session, struct event_row *rows, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!concerns(session, rows[i].body))
            free(rows[i].body);
        else
            rows[kept++] = rows[i];
    }
    return kept;
}

/* upto: the last sequence looked at. Each event tells how far nothing else was asked for. */
static void send_rows(struct feed *feed, struct feed_session *session, struct event_row *rows, size_t count,
                      int64_t upto)
{
    count = drop_rows(session, rows, count);
    bool sent = true;
    for (size_t i = 0; i < count; i++) {
        sent = sent && send_event(feed, session, &rows[i], i + 1 < count ? rows[i + 1].sequence - 1 : upto);
        free(rows[i].body);
    }
    if (sent)
        session->read_to = upto;
}

/* The oldest and the newest event that are here. */
static bool range_of(struct feed *feed, const struct feed_session *session, int64_t *ret_first, int64_t *ret_last,
                     struct error *err)
{
    if (session->old.ordinal == 0)
        return outbox_range(feed->store, ret_first, ret_last, err);
    *ret_first = session->old.first;
    *ret_last = session->old.last;
    return true;
}

/* Nothing is for who may not read: an IDLE says so, and no event is kept for its sake. */
static bool pass_over(struct feed *feed, struct feed_session *session, struct error *err)
{
    int64_t first;
    session->behind = false;
    return range_of(feed, session, &first, &session->read_to, err);
}

static bool read_rows(struct feed *feed, struct feed_session *session, struct event_row rows[SLICE], size_t *ret_count,
                      int64_t *ret_upto, struct error *err)
{
    size_t credit = (size_t)(session->open.window - session->waiting_count), max = credit < SLICE ? credit : SLICE;
    return session->old.ordinal == 0 ? outbox_read(feed->store, session->read_to, session->prefixes, rows, max,
                                                   ret_count, ret_upto, err)
                                     : stream_read(feed->store, session->old.ordinal, session->read_to,
                                                   session->prefixes, rows, max, ret_count, ret_upto, err);
}

static bool pump_session(struct feed *feed, struct feed_session *session, struct error *err)
{
    struct event_row rows[SLICE];
    size_t count;
    int64_t first = 0, last, upto;
    if (!feed_may(session, KEY_READ))
        return pass_over(feed, session, err);
    if (!read_rows(feed, session, rows, &count, &upto, err))
        return false;
    session->behind = upto > session->read_to;
    bool gap = session->behind && (count == 0 || rows[0].sequence > session->read_to + 1);
    if (gap && !range_of(feed, session, &first, &last, err)) {
        outbox_drop(rows, count);
        return false;
    }
    if (first > session->read_to + 1) { /* pruned under a consumer that nobody has to wait for */
        outbox_drop(rows, count);
        feed_refuse(feed, &session->peer, FEED_TRUNCATED, first, "events after the cursor are no longer here");
        return true;
    }
    send_rows(feed, session, rows, count, upto);
    return true;
}

/* One slice for one session, the sessions in turn. */
static void pump(void *context)
{
    struct feed *feed = context;
    struct feed_session *session = NULL;
    for (size_t i = 0; i < FEED_CONSUMERS_MAX && session == NULL; i++) {
        feed->turn = (feed->turn + 1) % FEED_CONSUMERS_MAX;
        if (can_send(&feed->sessions[feed->turn]))
            session = &feed->sessions[feed->turn];
    }
    if (session == NULL)
        return;
    struct error err;
    if (!pump_session(feed, session, &err)) {
        log_write(LOG_ERR, "feed: cannot read events for %s: %s", session->name, err.message);
        session->held = true;
    }
    feed_post(feed);
}

/* ---- signs of life ---- */

void feed_arm_idle(struct feed *feed)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        if (feed->sessions[i].connected && feed->sessions[i].idle_at < next)
            next = feed->sessions[i].idle_at;
    loop_set_timer(feed->idle_timer, next);
}

static void send_idle(struct feed *feed, struct feed_session *session)
{
    if (session->missed == IDLE_MISSED_MAX) {
        feed_refuse(feed, &session->peer, FEED_NOSESSION, 0, "three IDLE without an answer");
        return;
    }
    struct feed_message message = {.verb = FEED_IDLE, .upto = session->read_to};
    if (feed_send(feed, session, &message)) {
        session->announced = session->read_to;
        session->missed++;
    }
}

static void on_idle(void *context)
{
    struct feed *feed = context;
    int64_t tick = clock_read().tick;
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++) {
        struct feed_session *session = &feed->sessions[i];
        if (!session->connected || session->idle_at > tick)
            continue;
        session->idle_at = tick + feed->idle_ms;
        session->held = false;
        if (!session->behind)
            send_idle(feed, session);
    }
    feed_arm_idle(feed);
    feed_post(feed);
}

/* ---- cursors ---- */

void feed_arm_cursor(struct feed *feed)
{
    if (!feed->cursor_timer_set)
        loop_set_timer(feed->cursor_timer, clock_read().tick + feed->cursor_ms);
    feed->cursor_timer_set = true;
}

static bool all_stored(const struct feed *feed)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        if (feed->sessions[i].cursor != feed->sessions[i].stored)
            return false;
    return true;
}

static bool write_cursors(struct feed *feed, struct error *err)
{
    int64_t now = clock_read().now;
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++) {
        struct feed_session *session = &feed->sessions[i];
        if (session->cursor == session->stored)
            continue;
        if (session->old.ordinal == 0
                ? !outbox_set_cursor(feed->store, session->name, session->cursor, now, err)
                : !stream_set_cursor(feed->store, session->old.ordinal, session->name, session->cursor, err))
            return error_prefix(err, "cursor of %s", session->name);
        session->riding = true;
    }
    return true;
}

bool feed_write_cursors(struct feed *feed, struct error *err)
{
    return clock_read().tick < feed->ride_at || write_cursors(feed, err);
}

/* What became of the cursors that were written: read again, because their transaction may have been rolled back. */
static bool read_cursor(struct feed *feed, struct feed_session *session)
{
    return session->old.ordinal == 0
               ? outbox_cursor(feed->store, session->name, &session->stored, NULL)
               : stream_cursor(feed->store, session->old.ordinal, session->name, &session->stored, NULL);
}

static void confirm_cursors(struct feed *feed)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++) {
        struct feed_session *session = &feed->sessions[i];
        int64_t before = session->stored;
        if (!session->riding || !read_cursor(feed, session))
            continue;
        session->riding = false;
        if (session->stored != before)
            feed->ride_at = clock_read().tick + RIDE_MS;
    }
}

bool feed_store_cursors(struct feed *feed, struct error *err)
{
    if (all_stored(feed))
        return true;
    if (!store_begin(feed->store, err))
        return false;
    if (!write_cursors(feed, err)) {
        store_rollback(feed->store);
        return false;
    }
    if (!store_commit(feed->store, err))
        return false;
    confirm_cursors(feed);
    return true;
}

static void on_cursor_timer(void *context)
{
    struct feed *feed = context;
    struct error err;
    feed->cursor_timer_set = false;
    if (!feed_store_cursors(feed, &err))
        log_write(LOG_WARNING, "feed: cursors are not stored yet: %s", err.message);
    if (!all_stored(feed))
        feed_arm_cursor(feed);
}

/* ---- the feed ---- */

void feed_wake(struct feed *feed)
{
    confirm_cursors(feed);
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        feed->sessions[i].behind = true;
    pump(feed);
}

void feed_set_times(struct feed *feed, int64_t idle_ms, int64_t cursor_ms)
{
    feed->idle_ms = idle_ms;
    feed->cursor_ms = cursor_ms;
}

size_t feed_status(const struct feed *feed, struct feed_consumer *ret_consumers, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; feed != NULL && i < FEED_CONSUMERS_MAX && count < max; i++) {
        const struct feed_session *session = &feed->sessions[i];
        if (session->name[0] == '\0')
            continue;
        struct feed_consumer *consumer = &ret_consumers[count++];
        *consumer = (struct feed_consumer){.cursor = session->cursor, .connected = session->connected};
        TEXT_COPY(consumer->name, session->name);
        consumer->left_old = session->old.ordinal == 0 ? 0 : session->old.last - session->cursor;
        consumer->sent = session->connected ? session->read_to : session->cursor;
        consumer->window = session->connected ? session->open.window : 0;
        consumer->waiting = session->waiting_count;
        consumer->unanswered = session->unanswered;
        consumer->puts = session->puts;
    }
    return count;
}

int64_t feed_lag(const struct feed_consumer *consumer, int64_t last)
{
    return consumer->left_old > 0 ? consumer->left_old + last : last - consumer->cursor;
}

static bool load_consumers(struct feed *feed, struct error *err)
{
    struct consumer_row rows[FEED_CONSUMERS_MAX];
    size_t count;
    if (!outbox_consumers(feed->store, rows, FEED_CONSUMERS_MAX, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        TEXT_COPY(feed->sessions[i].name, rows[i].name);
        if (!stream_rest(feed->store, rows[i].name, &feed->sessions[i].old, err))
            return false;
        feed->sessions[i].cursor = feed->sessions[i].stored =
            feed->sessions[i].old.ordinal != 0 ? feed->sessions[i].old.cursor : rows[i].cursor;
    }
    return true;
}

struct feed *feed_new(struct loop *loop, struct bus *bus, struct store *store, const char *station,
                      const char *endpoint, struct error *err)
{
    struct feed *feed = memory_new(1, sizeof *feed);
    feed->store = store;
    feed->station = memory_text(station);
    feed_set_times(feed, IDLE_MS, CURSOR_MS);
    feed->pump = loop_add_work(loop, "feed", LOOP_NORMAL, pump, feed);
    feed->idle_timer = loop_add_timer(loop, "feed idle", LOOP_NORMAL, on_idle, feed);
    feed->cursor_timer = loop_add_timer(loop, "feed cursors", LOOP_NORMAL, on_cursor_timer, feed);
    feed->bus = bus;
    return load_consumers(feed, err) && (endpoint == NULL || feed_listen(feed, endpoint, err)) ? feed : feed_free(feed);
}

bool feed_listen(struct feed *feed, const char *endpoint, struct error *err)
{
    if (feed->socket_count == FEED_SOCKETS_MAX)
        return error_set(err, ERROR_FULL, "%s: the feed has its sockets", endpoint);
    struct bus_socket *socket = bus_bind(feed->bus, endpoint, feed_receive, feed, err);
    if (socket != NULL)
        feed->sockets[feed->socket_count++] = socket;
    return socket != NULL;
}

void feed_set_keys(struct feed *feed, const struct keys *keys)
{
    feed->keys = keys;
}

void feed_keys_changed(struct feed *feed)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++) {
        struct feed_session *session = &feed->sessions[i];
        if (session->connected && session->peer.user[0] != '\0' && !feed_take_rights(feed, session))
            feed_refuse(feed, &session->peer, FEED_DENIED, 0, "the key is not valid any more");
    }
}

void feed_set_inbound(struct feed *feed, struct inbound *inbound)
{
    feed->inbound = inbound;
}

struct feed *feed_free(struct feed *feed)
{
    if (feed == NULL)
        return NULL;
    struct error err;
    if (!feed_store_cursors(feed, &err))
        log_write(LOG_WARNING, "feed: cursors are not stored: %s", err.message);
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        feed_end_session(&feed->sessions[i]);
    while (feed->socket_count > 0)
        bus_close(feed->sockets[--feed->socket_count]);
    loop_remove(feed->hello_timer);
    loop_remove(feed->pump);
    loop_remove(feed->idle_timer);
    loop_remove(feed->cursor_timer);
    free(feed->station);
    free(feed);
    return NULL;
}
