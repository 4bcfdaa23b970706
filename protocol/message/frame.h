/* SPDX-License-Identifier: Apache-2.0 */
/* The feed's messages (docs/protocol.md): byte frames to a checked struct and back, by one table, for both ends. */
#ifndef PROTOCOL_MESSAGE_FRAME_H
#define PROTOCOL_MESSAGE_FRAME_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FEED_FRAMES_MAX 8
#define FEED_BYTES_MAX ((size_t)1 << 20) /* of one message, all frames together */
#define FEED_CONSUMER_SIZE 41            /* a consumer's name: 1 to 40 of FEED_CONSUMER_CHARACTERS */
#define FEED_CONSUMER_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

enum feed_side { FEED_CONSUMER, FEED_STATION, FEED_SIDE_COUNT };

enum feed_verb {
    FEED_OPEN,   /* body */
    FEED_OPENED, /* body */
    FEED_EVT,    /* sequence, upto, type, body */
    FEED_ACK,    /* sequence */
    FEED_IDLE,   /* upto */
    FEED_PING,
    FEED_ERR, /* refusal, text and, for TRUNCATED, first */
    FEED_CLOSE,
    FEED_PUT,    /* request, type (a kind), body */
    FEED_RESULT, /* request, type (a code), text */
    FEED_ASK,    /* request, type (a kind), body */
    FEED_ANSWER, /* request, body */
    FEED_HELLO,  /* body */
    FEED_VERB_COUNT,
};

enum feed_refusal {
    FEED_NOSESSION, /* no OPEN before */
    FEED_TRUNCATED, /* events after the cursor are pruned; first is the oldest one there is */
    FEED_AHEAD,     /* the cursor is beyond the last event */
    FEED_REPLACED,  /* a newer OPEN of the same consumer */
    FEED_DENIED,    /* this OPEN is not accepted */
    FEED_VERSION,   /* not a message of version 1 */
    FEED_BADSEQ,    /* a number that is none, or an ACK of what was never sent */
    FEED_TOOBIG,    /* more than FEED_FRAMES_MAX frames or FEED_BYTES_MAX bytes */
    FEED_REFUSAL_COUNT,
};

struct frame {
    const void *bytes; /* the owner's; may be NULL if length is 0 */
    size_t length;
};

/* One message; a verb uses the members named beside it, the others are zero. Frames point into the caller's bytes. */
struct feed_message {
    enum feed_verb verb;
    enum feed_refusal refusal;
    int64_t sequence, upto, first; /* 0 … INT64_MAX; first 0 = absent */
    struct frame request, type, text, body;
};

/* A built message. frames point into the message it was built from and into numbers: do not copy it. */
struct feed_frames {
    struct frame frames[FEED_FRAMES_MAX];
    size_t count;
    char numbers[FEED_FRAMES_MAX][20];
};

/* Checks the frames of a message that sender sent. On failure ret_refusal and err say what to answer. Bodies, types and
   texts are not looked into. */
bool frame_parse(const struct frame *frames, size_t count, enum feed_side sender, struct feed_message *ret_message,
                 enum feed_refusal *ret_refusal, struct error *err) MUST_CHECK;
/* The frames of a message, from the sender's own well-formed struct. */
void frame_build(const struct feed_message *message, struct feed_frames *ret_frames);
struct frame frame_of_text(const char *text);
/* The words on the wire: "OPEN", "NOSESSION". */
const char *feed_verb_word(enum feed_verb verb);
const char *feed_refusal_word(enum feed_refusal refusal);

#endif
