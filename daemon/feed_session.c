/* SPDX-License-Identifier: Apache-2.0 */
/* What a consumer says: OPEN, ACK, PING and CLOSE. Every refusal ends the session, so that there is one way to go on.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/feed_private.h"
#include "daemon/store/records.h"

#include <stdlib.h>
#include <string.h>

/* How loud the station's own log is: a consumer that cannot go on by itself is a matter for people. */
static const int priorities[FEED_REFUSAL_COUNT] = {
    [FEED_NOSESSION] = LOG_DEBUG, [FEED_TRUNCATED] = LOG_WARNING, [FEED_AHEAD] = LOG_ERR,
    [FEED_REPLACED] = LOG_NOTICE, [FEED_DENIED] = LOG_WARNING,    [FEED_VERSION] = LOG_WARNING,
    [FEED_BADSEQ] = LOG_WARNING,  [FEED_TOOBIG] = LOG_WARNING,
};

/* ---- sessions ---- */

static bool same_peer(const struct feed_peer *a, const struct feed_peer *b)
{
    return a->socket == b->socket && a->length == b->length && memcmp(a->id, b->id, a->length) == 0;
}

static struct feed_session *session_of(struct feed *feed, const struct feed_peer *peer)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        if (feed->sessions[i].connected && same_peer(&feed->sessions[i].peer, peer))
            return &feed->sessions[i];
    return NULL;
}

bool feed_take_rights(struct feed *feed, struct feed_session *session)
{
    bool local = session->peer.user[0] == '\0';
    const struct key *key = local || feed->keys == NULL ? NULL : keys_find(feed->keys, session->peer.user);
    session->rights = local ? KEY_RIGHTS_ALL : key != NULL ? key->rights : 0;
    TEXT_COPY(session->owners, key != NULL ? key->owners : "");
    return local || key != NULL;
}

bool feed_may(const struct feed_session *session, enum key_right right)
{
    return (session->rights & 1U << right) != 0;
}

static struct feed_session *place_of(struct feed *feed, const char *consumer)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++)
        if (text_equal(feed->sessions[i].name, consumer))
            return &feed->sessions[i];
    return NULL;
}

/* A free place, else one whose consumer is away and whose cursor is safe. */
static struct feed_session *free_place(struct feed *feed)
{
    struct feed_session *place = place_of(feed, "");
    for (size_t i = 0; i < FEED_CONSUMERS_MAX && place == NULL; i++) {
        struct feed_session *session = &feed->sessions[i];
        if (!session->connected && session->cursor == session->stored && !session->riding)
            place = session;
    }
    return place;
}

void feed_end_session(struct feed_session *session)
{
    session->connected = false;
    free(session->waiting);
    session->waiting = NULL;
    session->waiting_count = 0;
}

static enum bus_sent send_to(const struct feed_peer *peer, const struct feed_message *message)
{
    struct feed_frames built;
    struct frame id = {peer->id, peer->length};
    frame_build(message, &built);
    return bus_send(peer->socket, &id, built.frames, built.count);
}

bool feed_send(struct feed *feed, struct feed_session *session, const struct feed_message *message)
{
    (void)feed;
    enum bus_sent sent = send_to(&session->peer, message);
    if (sent == BUS_GONE) {
        log_write(LOG_NOTICE, "feed: %s went away at event %lld", session->name, (long long)session->cursor);
        feed_end_session(session);
    }
    session->held = sent != BUS_SENT;
    return sent == BUS_SENT;
}

void feed_refuse(struct feed *feed, const struct feed_peer *peer, enum feed_refusal refusal, int64_t first,
                 const char *why)
{
    struct feed_session *session = session_of(feed, peer);
    log_write(priorities[refusal], "feed: %s: %s: %s", session != NULL ? session->name : "a consumer",
              feed_refusal_word(refusal), why);
    struct feed_message message = {.verb = FEED_ERR, .refusal = refusal, .text = frame_of_text(why), .first = first};
    send_to(peer, &message);
    if (session != NULL)
        feed_end_session(session);
}

/* ---- OPEN ---- */

/* Where a consumer is: what is left of an old stream first. */
static bool read_position(struct feed *feed, const char *consumer, struct stream_rest *ret_old,
                          struct open_answer *answer, struct error *err)
{
    if (!stream_rest(feed->store, consumer, ret_old, err))
        return false;
    if (ret_old->ordinal == 0)
        return outbox_range(feed->store, &answer->first, &answer->last, err) &&
               outbox_cursor(feed->store, consumer, &answer->cursor, err);
    answer->stream = ret_old->stream;
    answer->first = ret_old->first;
    answer->last = ret_old->last;
    answer->cursor = ret_old->cursor;
    return true;
}

/* The cursor in memory is ahead of the one on the disk. */
static bool read_positions(struct feed *feed, const struct open_request *open, struct stream_rest *ret_old,
                           struct open_answer *answer, struct error *err)
{
    const struct feed_session *known = place_of(feed, open->consumer);
    if (!read_position(feed, open->consumer, ret_old, answer, err))
        return false;
    if (known != NULL && known->old.ordinal == ret_old->ordinal)
        answer->cursor = known->cursor;
    return true;
}

static void begin_session(struct feed *feed, struct feed_session *session, const struct feed_peer *peer,
                          const struct open_request *open, const struct open_answer *answer)
{
    feed_end_session(session);
    session->generation = ++feed->generation;
    session->peer = *peer;
    TEXT_COPY(session->name, open->consumer);
    session->open = *open;
    for (size_t i = 0; i <= OPEN_TYPES_MAX; i++)
        session->prefixes[i] = i < open->type_count ? session->open.types[i] : NULL;
    session->cursor = session->read_to = session->announced = answer->cursor;
    session->waiting = memory_new((size_t)open->window, sizeof *session->waiting);
    session->waiting_first = session->waiting_count = 0;
    session->connected = session->behind = true;
    session->held = false;
    session->missed = session->unanswered = 0;
    session->idle_at = clock_read().tick + feed->idle_ms;
    if (session->cursor != session->stored)
        feed_arm_cursor(feed);
}

static void answer_open(struct feed *feed, struct feed_session *session, const struct open_answer *answer)
{
    CLEANUP(memory_free_at) char *body = open_encode(answer);
    struct feed_message message = {.verb = FEED_OPENED, .body = frame_of_text(body)};
    if (!feed_send(feed, session, &message)) { /* no events without an OPENED: the consumer tries again */
        feed_end_session(session);
        return;
    }
    log_write(LOG_INFO, "feed: %s reads from event %lld on", session->name, (long long)answer->cursor + 1);
    feed_arm_idle(feed);
    feed_post(feed);
}

/* The consumer's place, cleared of whoever held it before; NULL if there is none. */
static struct feed_session *take_place(struct feed *feed, const struct feed_peer *peer, const struct open_request *open,
                                       int64_t stored)
{
    struct feed_session *before = session_of(feed, peer), *place = place_of(feed, open->consumer);
    if (place != NULL && place->connected && place != before)
        feed_refuse(feed, &place->peer, FEED_REPLACED, 0, "a newer OPEN of this consumer");
    if (place == NULL) {
        place = free_place(feed);
        if (place != NULL)
            *place = (struct feed_session){.stored = stored};
    }
    if (place != NULL && before != NULL && place != before)
        feed_end_session(before);
    return place;
}

static bool check_cursor(struct feed *feed, const struct feed_peer *peer, const struct open_answer *answer)
{
    bool ahead = answer->cursor > answer->last, truncated = answer->cursor < answer->first - 1;
    if (ahead)
        feed_refuse(feed, peer, FEED_AHEAD, 0, "the cursor is beyond the last event: was the database rolled back?");
    else if (truncated)
        feed_refuse(feed, peer, FEED_TRUNCATED, answer->first, "events after the cursor are no longer here");
    return !ahead && !truncated;
}

static void on_open(struct feed *feed, const struct feed_peer *peer, const struct feed_message *message)
{
    struct open_request open;
    struct feed_session guest = {.peer = *peer};
    struct open_answer answer = {.station = feed->station, .stream = store_stream(feed->store)};
    struct stream_rest old;
    enum feed_refusal refusal;
    struct error err;
    if (!open_decode(message->body.bytes, message->body.length, &open, &refusal, &err)) {
        feed_refuse(feed, peer, refusal, 0, err.message);
        return;
    }
    if (!feed_take_rights(feed, &guest) || (peer->user[0] != '\0' && !text_equal(peer->user, open.consumer))) {
        feed_refuse(feed, peer, FEED_DENIED, 0, "this key is another consumer's, or not valid any more");
        return;
    }
    if (!read_positions(feed, &open, &old, &answer, &err)) { /* no answer: the consumer tries again */
        log_write(LOG_ERR, "feed: %s cannot open: %s", open.consumer, err.message);
        return;
    }
    int64_t stored = answer.cursor;
    answer.cursor = open.from_cursor ? answer.cursor : open.from;
    if (!check_cursor(feed, peer, &answer))
        return;
    struct feed_session *session = take_place(feed, peer, &open, stored);
    if (session == NULL) {
        feed_refuse(feed, peer, FEED_DENIED, 0, "too many consumers");
        return;
    }
    session->old = old;
    begin_session(feed, session, peer, &open, &answer);
    feed_take_rights(feed, session);
    answer_open(feed, session, &answer);
    if (session->connected && old.ordinal != 0 && session->cursor == old.last)
        feed_next_stream(feed, session); /* nothing will come that it could acknowledge */
}

void feed_next_stream(struct feed *feed, struct feed_session *session)
{
    struct open_answer answer = {.station = feed->station, .stream = store_stream(feed->store)};
    struct feed_peer peer = session->peer;
    struct open_request open = session->open;
    unsigned generation = session->generation;
    int unanswered = session->unanswered;
    struct stream_rest next;
    struct error err;
    if (!feed_store_cursors(feed, &err) || !read_position(feed, session->name, &next, &answer, &err)) {
        log_write(LOG_ERR, "feed: %s cannot go on to the next stream: %s", session->name, err.message);
        feed_end_session(session);
        return;
    }
    session->old = next;
    session->stored = answer.cursor;
    begin_session(feed, session, &peer, &open, &answer);
    session->generation = generation; /* PUTs on their way are still this session's */
    session->unanswered = unanswered;
    answer_open(feed, session, &answer);
}

/* ---- within a session ---- */

static void on_ack(struct feed *feed, struct feed_session *session, const struct feed_message *message)
{
    if (message->sequence > session->announced) {
        feed_refuse(feed, &session->peer, FEED_BADSEQ, 0, "ACK of an event that was not sent");
        return;
    }
    if (message->sequence <= session->cursor)
        return;
    session->cursor = message->sequence;
    while (session->waiting_count > 0 && session->waiting[session->waiting_first] <= session->cursor) {
        session->waiting_first = (session->waiting_first + 1) % session->open.window;
        session->waiting_count--;
    }
    if (session->old.ordinal != 0 && session->cursor == session->old.last) {
        feed_next_stream(feed, session);
        return;
    }
    feed_arm_cursor(feed);
    feed_post(feed);
}

static void on_ping(struct feed *feed, struct feed_session *session, const struct feed_message *message)
{
    (void)feed, (void)session, (void)message; /* that it came is all it says */
}

static void on_close(struct feed *feed, struct feed_session *session, const struct feed_message *message)
{
    (void)feed, (void)message;
    log_write(LOG_INFO, "feed: %s closed at event %lld", session->name, (long long)session->cursor);
    feed_end_session(session);
}

static void (*const handlers[FEED_VERB_COUNT])(struct feed *, struct feed_session *, const struct feed_message *) = {
    [FEED_ACK] = on_ack,
    [FEED_PING] = on_ping,
    [FEED_CLOSE] = on_close,
    [FEED_PUT] = feed_on_put,
    [FEED_ANSWER] = feed_on_answer,
};

static void handle(struct feed *feed, const struct feed_peer *peer, const struct frame *frames, size_t count)
{
    struct feed_session *session = session_of(feed, peer);
    struct feed_message message;
    enum feed_refusal refusal;
    struct error err;
    if (!frame_parse(frames, count, FEED_CONSUMER, &message, &refusal, &err)) {
        feed_refuse(feed, peer, refusal, 0, err.message);
    } else if (message.verb == FEED_OPEN) {
        on_open(feed, peer, &message);
    } else if (session == NULL) {
        feed_refuse(feed, peer, FEED_NOSESSION, 0, "OPEN first");
    } else {
        session->missed = 0;
        if (session->held)
            feed_post(feed);
        session->held = false;
        handlers[message.verb](feed, session, &message);
    }
}

void feed_receive(void *context, const struct bus_message *message)
{
    const struct frame *id = &message->frames[0];
    struct feed_peer peer = {.socket = message->socket, .length = id->length};
    if (id->length > ROUTING_ID_MAX)
        return;
    memcpy(peer.id, id->bytes, id->length);
    TEXT_COPY(peer.user, message->user);
    handle(context, &peer, message->frames + 1, message->count - 1);
}
