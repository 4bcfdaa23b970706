/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP tells the station: each PUT is checked, stored by version within the next commit, and answered after it.
 */
#ifndef DAEMON_INBOUND_H
#define DAEMON_INBOUND_H

#include "base/loop.h"
#include "protocol/message/key.h"

struct inbound;
struct store;

enum inbound_code {
    INBOUND_STORED, /* "ok", as the next two */
    INBOUND_SAME,
    INBOUND_OLDER,
    INBOUND_CONFLICT, /* same version, other content */
    INBOUND_INVALID,
    INBOUND_DENIED,
    INBOUND_BUSY,       /* try again later */
    INBOUND_NOT_STORED, /* the database refused: try again later */
    INBOUND_CODE_COUNT,
};
/* The word of RESULT. */
const char *inbound_word(enum inbound_code code);

/* text: for people; of the first three "stored", "same", "older". */
typedef void inbound_answer_fn(void *context, enum inbound_code code, const char *text);

struct inbound_options {
    /* As in struct station_options: what else rides on a commit, and what follows one. */
    bool (*before_commit)(void *context, struct error *err);
    void *before_context;
    loop_fn *committed;
    void *context;
};

struct inbound_put {
    struct frame kind, body;
    unsigned rights;
    const char *owners, *consumer;
};

#define INBOUND_BYTES_MAX ((size_t)32 << 20) /* of all bodies that wait */
#define INBOUND_SLICE 64                     /* PUTs in one transaction at most; fewer if they take over 4 ms */

struct inbound *inbound_new(struct loop *loop, struct store *store, const struct inbound_options *options);
/* Answers what waits with "not_stored". Accepts NULL, returns NULL. */
struct inbound *inbound_free(struct inbound *inbound);

/* Queues a PUT (everything is copied); answer is called once, after the commit or at once if it is refused. */
void inbound_submit(struct inbound *inbound, const struct inbound_put *put, inbound_answer_fn *answer, void *context);
/* PUTs that wait. */
size_t inbound_waiting(const struct inbound *inbound);

/* For a transaction of somebody else that PUTs may ride on: call the first inside it, before its COMMIT, the second
   after it, whether it was committed or not. */
bool inbound_ride(struct inbound *inbound, struct error *err) MUST_CHECK;
void inbound_rode(struct inbound *inbound);

#endif
