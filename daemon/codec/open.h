/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of the feed: a consumer's OPEN, the station's OPENED, and which events are only for tests. */
#ifndef DAEMON_CODEC_OPEN_H
#define DAEMON_CODEC_OPEN_H

#include "daemon/core/model.h"
#include "protocol/message/frame.h"

#define OPEN_TYPES_MAX 16
#define OPEN_TYPE_SIZE 80
#define OPEN_WINDOW_DEFAULT 256
#define OPEN_WINDOW_MAX 1024

/* What a consumer asks for. */
struct open_request {
    char consumer[FEED_CONSUMER_SIZE];
    bool from_cursor; /* else: after the sequence from */
    int64_t from;
    int window;                                 /* messages on the way at most, 1 … OPEN_WINDOW_MAX */
    bool test;                                  /* events of kind test too */
    size_t type_count;                          /* 0 = all types */
    char types[OPEN_TYPES_MAX][OPEN_TYPE_SIZE]; /* prefixes of an event's type */
};

/* Refusals: FEED_VERSION for another version, else FEED_DENIED. Names that mean nothing in version 1 are passed over.
 */
bool open_decode(const void *bytes, size_t length, struct open_request *ret_request, enum feed_refusal *ret_refusal,
                 struct error *err) MUST_CHECK;

/* What the station tells about itself when a session begins. */
struct open_answer {
    const char *station, *stream;
    int64_t first, last; /* events there are; last = first - 1: none */
    int64_t cursor;      /* the events after it follow */
};

/* One line of JSON; free() it. */
char *open_encode(const struct open_answer *answer);
/* HELLO: the same without a cursor. */
char *open_encode_hello(const struct open_answer *position);

/* True for a CloudEvent whose kind is "test", in its envelope or in its data. */
bool open_is_test(const char *event);
/* The owner of the goods a CloudEvent is about; "" = nobody's in particular. False if it is no JSON. */
bool open_owner(const char *event, char ret_owner[KEY_SIZE]);

#endif
