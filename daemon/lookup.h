/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the ERP for an RMA that the station does not know, with a deadline: a worker never waits for a network. */
#ifndef DAEMON_LOOKUP_H
#define DAEMON_LOOKUP_H

#include "base/loop.h"
#include "daemon/codec/lookup.h"

struct feed;
struct inbound;
struct lookup;

#define LOOKUP_DEADLINE_MS 800
#define LOOKUP_PENDING_MAX 64
#define LOOKUP_VALUES_MAX 16

/* rma: of LOOKUP_FOUND its number; it is stored by then. LOOKUP_NONE is the ERP's word that there is no such RMA. */
typedef void lookup_fn(void *context, enum lookup_answer answer, const char *rma);

/* feed may be NULL: then nothing is ever available. Loop, feed and inbound outlive the lookup. */
struct lookup *lookup_new(struct loop *loop, struct feed *feed, struct inbound *inbound);
/* Whoever still waits is told LOOKUP_UNAVAILABLE. Accepts NULL, returns NULL. */
struct lookup *lookup_free(struct lookup *lookup);

/* Asks for the first of these values that is known, best first; fn is called once, at the latest after deadline_ms. It
   is called at once, with LOOKUP_UNAVAILABLE, if nobody can be asked, and after three questions without an answer in a
   row (the question is sent all the same; its late answer is stored as an rma.upsert, and ends that state). */
void lookup_ask(struct lookup *lookup, const struct lookup_value *values, size_t count, int64_t deadline_ms,
                lookup_fn *fn, void *context);
/* True once somebody has answered a question. */
bool lookup_was_answered(const struct lookup *lookup);
/* Forgets the waiters with this context. */
void lookup_forget(struct lookup *lookup, const void *context);

#endif
