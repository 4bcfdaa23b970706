/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that wait for an answer, and for a while those whose time is up: a late answer still brings its RMA. */
#include "daemon/lookup.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/feed.h"
#include "daemon/inbound.h"

#include <stdlib.h>

#define SILENCES_MAX 3

struct question {
    int64_t number; /* 0 = a free place */
    int64_t deadline;
    size_t open; /* consumers that did not say "unavailable" yet */
    bool stored; /* an answer was taken */
    lookup_fn *fn; /* NULL = nobody waits (any more) */
    void *context;
};

/* An answer on its way to the disk. */
struct arrival {
    struct lookup *lookup;
    int64_t number; /* of its question */
    char rma[KEY_SIZE];
};

struct lookup {
    struct feed *feed;
    struct inbound *inbound;
    struct loop_source *timer;
    bool answered; /* ever */
    int silences; /* questions in a row whose time was up */
    int64_t last; /* number of the newest question */
    struct question questions[LOOKUP_PENDING_MAX];
};

/* Each question keeps its place until as many newer ones were asked. */
static struct question *place_of(struct lookup *lookup, int64_t number)
{
    return &lookup->questions[number % LOOKUP_PENDING_MAX];
}

static void tell(struct question *question, enum lookup_answer answer, const char *rma)
{
    lookup_fn *fn = question->fn;
    question->fn = NULL;
    if (fn != NULL)
        fn(question->context, answer, rma);
}

static void arm(struct lookup *lookup)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < LOOKUP_PENDING_MAX; i++)
        if (lookup->questions[i].fn != NULL && lookup->questions[i].deadline < next)
            next = lookup->questions[i].deadline;
    loop_set_timer(lookup->timer, next);
}

static void on_deadline(void *context)
{
    struct lookup *lookup = context;
    int64_t tick = clock_read().tick;
    for (size_t i = 0; i < LOOKUP_PENDING_MAX; i++) {
        struct question *question = &lookup->questions[i];
        if (question->fn == NULL || question->deadline > tick)
            continue;
        if (++lookup->silences == SILENCES_MAX)
            log_write(LOG_WARNING, "lookup: the ERP is silent; parcels are received unverified without waiting");
        tell(question, LOOKUP_UNAVAILABLE, "");
    }
    arm(lookup);
}

/* ---- answers ---- */

static void rma_stored(void *context, enum inbound_code code, const char *text)
{
    struct arrival *arrival = context;
    struct question *question = place_of(arrival->lookup, arrival->number);
    bool good = code == INBOUND_STORED || code == INBOUND_SAME || code == INBOUND_OLDER;
    if (!good)
        log_write(LOG_WARNING, "lookup: RMA %s is not taken: %s", arrival->rma, text);
    if (question->number == arrival->number)
        tell(question, good ? LOOKUP_FOUND : LOOKUP_UNAVAILABLE, good ? arrival->rma : "");
    arm(arrival->lookup);
    free(arrival);
}

static void take_rma(struct lookup *lookup, struct question *question, const struct feed_answer *answer,
                     const char *rma, const char *number)
{
    struct inbound_put put = {.kind = frame_of_text("rma.upsert"),
                              .body = frame_of_text(rma),
                              .rights = KEY_RIGHTS_ALL,
                              .owners = answer->owners,
                              .consumer = answer->consumer};
    struct arrival *arrival = memory_new(1, sizeof *arrival);
    *arrival = (struct arrival){.lookup = lookup, .number = question->number};
    TEXT_COPY(arrival->rma, number);
    question->stored = true;
    inbound_submit(lookup->inbound, &put, rma_stored, arrival);
}

static struct question *question_of(struct lookup *lookup, const char *request)
{
    int64_t number;
    if (!text_to_int64(request, &number) || number <= 0)
        return NULL;
    struct question *question = place_of(lookup, number);
    return question->number == number && !question->stored ? question : NULL;
}

static void on_answer(void *context, const struct feed_answer *given)
{
    struct lookup *lookup = context;
    struct question *question = question_of(lookup, given->request);
    enum lookup_answer answer;
    CLEANUP(memory_free_at) char *rma = NULL;
    char number[KEY_SIZE];
    struct error err;
    if (question == NULL)
        return;
    if (!lookup_decode(given->body.bytes, given->body.length, &answer, &rma, number, &err)) {
        log_write(LOG_WARNING, "lookup: the answer of %s is not understood: %s", given->consumer, err.message);
        return;
    }
    lookup->silences = 0;
    lookup->answered = true;
    if (answer == LOOKUP_FOUND)
        take_rma(lookup, question, given, rma, number);
    else if (answer == LOOKUP_NONE || --question->open == 0)
        tell(question, answer, "");
    arm(lookup);
}

/* ---- questions ---- */

void lookup_ask(struct lookup *lookup, const struct lookup_value *values, size_t count, int64_t deadline_ms,
                lookup_fn *fn, void *context)
{
    struct question *question = place_of(lookup, ++lookup->last);
    char request[24];
    TEXT_FORMAT(request, "%lld", (long long)lookup->last);
    CLEANUP(memory_free_at) char *body = lookup_encode(values, count < LOOKUP_VALUES_MAX ? count : LOOKUP_VALUES_MAX);
    tell(question, LOOKUP_UNAVAILABLE, ""); /* of a question so old that its place is needed */
    *question = (struct question){.number = lookup->last, .fn = fn, .context = context,
                                  .deadline = clock_read().tick + deadline_ms};
    if (lookup->feed != NULL)
        question->open = feed_ask(lookup->feed, request, "rma.lookup", body);
    if (question->open == 0 || lookup->silences >= SILENCES_MAX)
        tell(question, LOOKUP_UNAVAILABLE, "");
    arm(lookup);
}

bool lookup_was_answered(const struct lookup *lookup)
{
    return lookup->answered;
}

void lookup_forget(struct lookup *lookup, const void *context)
{
    for (size_t i = 0; i < LOOKUP_PENDING_MAX; i++)
        if (lookup->questions[i].context == context)
            lookup->questions[i].fn = NULL;
}

struct lookup *lookup_new(struct loop *loop, struct feed *feed, struct inbound *inbound)
{
    struct lookup *lookup = memory_new(1, sizeof *lookup);
    *lookup = (struct lookup){.feed = feed, .inbound = inbound};
    lookup->timer = loop_add_timer(loop, "lookup", LOOP_NORMAL, on_deadline, lookup);
    if (feed != NULL)
        feed_on_answers(feed, on_answer, lookup);
    return lookup;
}

struct lookup *lookup_free(struct lookup *lookup)
{
    if (lookup == NULL)
        return NULL;
    for (size_t i = 0; i < LOOKUP_PENDING_MAX; i++)
        tell(&lookup->questions[i], LOOKUP_UNAVAILABLE, "");
    if (lookup->feed != NULL)
        feed_on_answers(lookup->feed, NULL, NULL);
    loop_remove(lookup->timer);
    free(lookup);
    return NULL;
}
