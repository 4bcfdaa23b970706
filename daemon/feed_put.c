/* SPDX-License-Identifier: Apache-2.0 */
/* What consumers send: PUT, answered by RESULT once it is stored, and ANSWER to what the station asked. */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/feed_private.h"

#include <stdlib.h>
#include <string.h>

/* A PUT on its way through the inbound queue. */
struct put {
    struct feed *feed;
    unsigned generation;
    char request[REQUEST_MAX + 1];
};

/* ---- request ids ---- */

static bool take_request(const struct frame *frame, char ret_request[REQUEST_MAX + 1])
{
    const char *bytes = frame->bytes;
    if (frame->length == 0 || frame->length > REQUEST_MAX)
        return false;
    for (size_t i = 0; i < frame->length; i++)
        if (bytes[i] <= ' ' || bytes[i] > '~')
            return false;
    return text_copy_bytes(ret_request, REQUEST_MAX + 1, bytes, frame->length);
}

static bool check_request(struct feed *feed, struct feed_session *session, const struct feed_message *message,
                          char ret_request[REQUEST_MAX + 1])
{
    if (take_request(&message->request, ret_request))
        return true;
    feed_refuse(feed, &session->peer, FEED_VERSION, 0, "a request id has 1 to 64 printable ASCII characters, no space");
    return false;
}

/* ---- PUT ---- */

static void count_put(struct feed_session *session, enum inbound_code code)
{
    struct feed_puts *puts = &session->puts;
    int64_t *const counters[INBOUND_CODE_COUNT] = {
        [INBOUND_STORED] = &puts->stored, [INBOUND_SAME] = &puts->same, [INBOUND_OLDER] = &puts->older};
    int64_t second = clock_read().tick / 1000;
    ++*(counters[code] != NULL ? counters[code] : &puts->refused);
    if (second != session->second) {
        if (session->second_puts > 0)
            puts->per_second = session->second_puts;
        session->second = second;
        session->second_puts = 0;
    }
    session->second_puts++;
}

static void send_result(struct feed *feed, struct feed_session *session, const char *request, enum inbound_code code,
                        const char *text)
{
    struct feed_message message = {.verb = FEED_RESULT,
                                   .request = frame_of_text(request),
                                   .type = frame_of_text(inbound_word(code)),
                                   .text = frame_of_text(text)};
    count_put(session, code);
    feed_send(feed, session, &message);
}

static struct feed_session *session_of_put(const struct put *put)
{
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++) {
        struct feed_session *session = &put->feed->sessions[i];
        if (session->connected && session->generation == put->generation)
            return session;
    }
    return NULL;
}

static void put_answered(void *context, enum inbound_code code, const char *text)
{
    struct put *put = context;
    struct feed_session *session = session_of_put(put);
    if (session != NULL) {
        session->unanswered--;
        send_result(put->feed, session, put->request, code, text);
    }
    free(put);
}

void feed_on_put(struct feed *feed, struct feed_session *session, const struct feed_message *message)
{
    char request[REQUEST_MAX + 1];
    if (!check_request(feed, session, message, request))
        return;
    if (feed->inbound == NULL || session->unanswered == FEED_PUTS_MAX) {
        send_result(feed, session, request, INBOUND_BUSY, "at most 256 PUT without RESULT");
        return;
    }
    struct put *put = memory_new(1, sizeof *put);
    *put = (struct put){.feed = feed, .generation = session->generation};
    TEXT_COPY(put->request, request);
    struct inbound_put work = {.kind = message->type,
                               .body = message->body,
                               .rights = session->rights,
                               .owners = session->owners,
                               .consumer = session->name};
    session->unanswered++;
    inbound_submit(feed->inbound, &work, put_answered, put);
}

/* ---- ASK and ANSWER ---- */

void feed_on_answers(struct feed *feed, feed_answer_fn *fn, void *context)
{
    feed->answered = fn;
    feed->answered_context = context;
}

size_t feed_ask(struct feed *feed, const char *request, const char *kind, const char *body)
{
    struct feed_message message = {.verb = FEED_ASK,
                                   .request = frame_of_text(request),
                                   .type = frame_of_text(kind),
                                   .body = frame_of_text(body)};
    size_t asked = 0;
    for (size_t i = 0; i < FEED_CONSUMERS_MAX; i++) {
        struct feed_session *session = &feed->sessions[i];
        if (session->connected && feed_may(session, KEY_LOOKUP))
            asked += feed_send(feed, session, &message);
    }
    return asked;
}

void feed_on_answer(struct feed *feed, struct feed_session *session, const struct feed_message *message)
{
    char request[REQUEST_MAX + 1];
    if (!check_request(feed, session, message, request))
        return;
    if (!feed_may(session, KEY_LOOKUP))
        feed_refuse(feed, &session->peer, FEED_DENIED, 0, "ANSWER needs the right lookup");
    else if (feed->answered != NULL)
        feed->answered(feed->answered_context, &(struct feed_answer){.consumer = session->name,
                                                                     .owners = session->owners,
                                                                     .request = request,
                                                                     .body = message->body});
}
