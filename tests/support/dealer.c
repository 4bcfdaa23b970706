/* SPDX-License-Identifier: Apache-2.0 */
/* The tests' consumer. */
#include "tests/support/dealer.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <stdarg.h>
#include <stdlib.h>
#include <zmq.h>

struct dealer {
    void *context, *socket;
    zmq_msg_t parts[FEED_FRAMES_MAX];
    struct frame frames[FEED_FRAMES_MAX];
    size_t count;
};

struct dealer *dealer_open(const char *endpoint)
{
    static const int now = 0, deadline = DEALER_DEADLINE_MS, unbounded = 0;
    static const int few = 100, small = 4096; /* so that it is the station whose queue fills */
    struct dealer *dealer = memory_new(1, sizeof *dealer);
    dealer->context = zmq_ctx_new();
    dealer->socket = zmq_socket(dealer->context, ZMQ_DEALER);
    zmq_setsockopt(dealer->socket, ZMQ_LINGER, &now, sizeof now);
    zmq_setsockopt(dealer->socket, ZMQ_RCVTIMEO, &deadline, sizeof deadline);
    zmq_setsockopt(dealer->socket, ZMQ_SNDTIMEO, &deadline, sizeof deadline);
    zmq_setsockopt(dealer->socket, ZMQ_SNDHWM, &unbounded, sizeof unbounded);
    zmq_setsockopt(dealer->socket, ZMQ_RCVHWM, &few, sizeof few);
    zmq_setsockopt(dealer->socket, ZMQ_RCVBUF, &small, sizeof small);
    CU_ASSERT_EQUAL(zmq_connect(dealer->socket, endpoint), 0);
    return dealer;
}

static void forget(struct dealer *dealer)
{
    while (dealer->count > 0)
        zmq_msg_close(&dealer->parts[--dealer->count]);
}

struct dealer *dealer_close(struct dealer *dealer)
{
    forget(dealer);
    zmq_close(dealer->socket);
    zmq_ctx_term(dealer->context);
    free(dealer);
    return NULL;
}

void dealer_send(struct dealer *dealer, const struct frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int more = i + 1 < count ? ZMQ_SNDMORE : 0;
        CU_ASSERT_TRUE(zmq_send(dealer->socket, frames[i].bytes, frames[i].length, more) >= 0);
    }
}

void dealer_say(struct dealer *dealer, ...)
{
    struct frame frames[FEED_FRAMES_MAX];
    size_t count = 0;
    va_list texts;
    va_start(texts, dealer);
    for (const char *text = va_arg(texts, const char *); text != NULL; text = va_arg(texts, const char *))
        frames[count++] = frame_of_text(text);
    va_end(texts);
    dealer_send(dealer, frames, count);
}

size_t dealer_frames(struct dealer *dealer, const struct frame **ret_frames)
{
    forget(dealer);
    bool more = true;
    while (more && dealer->count < FEED_FRAMES_MAX) {
        zmq_msg_t *part = &dealer->parts[dealer->count];
        zmq_msg_init(part);
        if (zmq_msg_recv(part, dealer->socket, 0) < 0)
            break;
        more = zmq_msg_more(part) != 0;
        dealer->frames[dealer->count++] = (struct frame){zmq_msg_data(part), zmq_msg_size(part)};
    }
    *ret_frames = dealer->frames;
    return dealer->count;
}

struct feed_message dealer_hear(struct dealer *dealer, enum feed_verb verb)
{
    const struct frame *frames;
    struct feed_message message = {.verb = FEED_VERB_COUNT};
    enum feed_refusal refusal;
    struct error err = {0};
    size_t count = dealer_frames(dealer, &frames);
    CU_ASSERT_TRUE(count > 0 && frame_parse(frames, count, FEED_STATION, &message, &refusal, &err));
    CU_ASSERT_EQUAL(message.verb, verb);
    if (message.verb != verb)
        printf("\n    heard %s \"%.*s\" instead of %s; %s\n",
               message.verb < FEED_VERB_COUNT ? feed_verb_word(message.verb) : "nothing", (int)message.text.length,
               (const char *)message.text.bytes, feed_verb_word(verb), err.message);
    return message;
}

void dealer_hear_error(struct dealer *dealer, enum feed_refusal refusal)
{
    struct feed_message message = dealer_hear(dealer, FEED_ERR);
    CU_ASSERT_EQUAL(message.refusal, refusal);
    CU_ASSERT_TRUE(message.text.length > 0);
}
