/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of PUTs and its place in the group commit: they ride on the scans' transaction, or have one of their own.
 */
#include "daemon/inbound.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "daemon/inbound_kinds.h"
#include "daemon/store/store.h"

#include <stdlib.h>
#include <string.h>

#define SLICE_MS 4

struct item {
    struct item *next;
    struct inbound_put put; /* bytes behind the item */
    inbound_answer_fn *answer;
    void *context;
    enum inbound_code code;
    struct error reason;
    size_t size;
};

struct inbound {
    struct store *store;
    struct inbound_options options;
    struct loop_source *work;
    struct item *first, **last;
    size_t count, bytes;
    size_t written;  /* items in front that are in the open transaction */
    int64_t commits; /* store_commits() once that transaction is stored */
};

static const struct {
    const char *word, *text;
} codes[] = {
    [INBOUND_STORED] = {"ok", "stored"},
    [INBOUND_SAME] = {"ok", "same"},
    [INBOUND_OLDER] = {"ok", "older"},
    [INBOUND_CONFLICT] = {"conflict", "same version, other content"},
    [INBOUND_INVALID] = {"invalid", ""},
    [INBOUND_DENIED] = {"denied", ""},
    [INBOUND_BUSY] = {"busy", "too much waits"},
    [INBOUND_NOT_STORED] = {"not_stored", "the station could not store it"},
};
_Static_assert(COUNT_OF(codes) == INBOUND_CODE_COUNT, "a word for each code");

const char *inbound_word(enum inbound_code code)
{
    return codes[code].word;
}

static void tell(inbound_answer_fn *answer, void *context, enum inbound_code code, const struct error *reason)
{
    answer(context, code, reason->code != ERROR_NONE ? reason->message : codes[code].text);
}

/* ---- the queue ---- */

static void *copy(char **target, const void *bytes, size_t length)
{
    char *place = *target;
    memcpy(place, bytes, length);
    place[length] = '\0';
    *target += length + 1;
    return place;
}

static struct item *new_item(const struct inbound_put *put)
{
    size_t owners = strlen(put->owners), consumer = strlen(put->consumer);
    size_t size = sizeof(struct item) + put->kind.length + put->body.length + owners + consumer + 4;
    struct item *item = memory_new(1, size);
    char *target = (char *)(item + 1);
    item->size = size;
    item->put = *put;
    item->put.kind.bytes = copy(&target, put->kind.bytes, put->kind.length);
    item->put.body.bytes = copy(&target, put->body.bytes, put->body.length);
    item->put.owners = copy(&target, put->owners, owners);
    item->put.consumer = copy(&target, put->consumer, consumer);
    return item;
}

void inbound_submit(struct inbound *inbound, const struct inbound_put *put, inbound_answer_fn *answer, void *context)
{
    static const struct error none = {0};
    if (inbound->bytes + put->body.length > INBOUND_BYTES_MAX) {
        tell(answer, context, INBOUND_BUSY, &none);
        return;
    }
    struct item *item = new_item(put);
    item->answer = answer;
    item->context = context;
    *inbound->last = item;
    inbound->last = &item->next;
    inbound->bytes += item->size;
    inbound->count++;
    loop_post(inbound->work);
}

size_t inbound_waiting(const struct inbound *inbound)
{
    return inbound->count;
}

static struct item *take_first(struct inbound *inbound)
{
    struct item *item = inbound->first;
    inbound->first = item->next;
    if (inbound->first == NULL)
        inbound->last = &inbound->first;
    inbound->bytes -= item->size;
    inbound->count--;
    return item;
}

static void answer_written(struct inbound *inbound, bool stored)
{
    while (inbound->written > 0) {
        struct item *item = take_first(inbound);
        inbound->written--;
        if (!stored) {
            item->code = INBOUND_NOT_STORED;
            item->reason.code = ERROR_NONE;
        }
        tell(item->answer, item->context, item->code, &item->reason);
        free(item);
    }
}

/* ---- transactions ---- */

static bool apply_in_savepoint(struct inbound *inbound, struct item *item, int64_t now, struct error *err)
{
    struct error fault = {0};
    item->reason = (struct error){0};
    if (store_savepoint(inbound->store, err) &&
        inbound_apply(inbound->store, &item->put, now, &item->code, &item->reason, &fault) &&
        store_release(inbound->store, err))
        return true;
    log_write(LOG_ERR, "inbound: PUT of %s is not stored: %s", item->put.consumer, fault.message);
    store_undo_savepoint(inbound->store);
    item->code = INBOUND_NOT_STORED;
    return store_in_transaction(inbound->store) ||
           error_set(err, ERROR_IO, "the database gave the transaction up");
}

/* A slice ends by number or by time: scans come in between. */
static bool in_slice(const struct inbound *inbound, int64_t start)
{
    return inbound->written < INBOUND_SLICE && (inbound->written == 0 || clock_read().tick - start < SLICE_MS);
}

bool inbound_ride(struct inbound *inbound, struct error *err)
{
    struct moment start = clock_read();
    inbound->written = 0;
    inbound->commits = store_commits(inbound->store) + 1;
    for (struct item *item = inbound->first; item != NULL && in_slice(inbound, start.tick); item = item->next) {
        if (!apply_in_savepoint(inbound, item, start.now, err)) {
            inbound->written = 0;
            return false;
        }
        inbound->written++;
    }
    return true;
}

void inbound_rode(struct inbound *inbound)
{
    if (store_commits(inbound->store) >= inbound->commits)
        answer_written(inbound, true);
    inbound->written = 0; /* those whose transaction failed have another try, alone */
}

static bool commit_alone(struct inbound *inbound, struct error *err)
{
    return store_begin(inbound->store, err) && inbound_ride(inbound, err) &&
           (inbound->options.before_commit == NULL ||
            inbound->options.before_commit(inbound->options.before_context, err)) &&
           store_commit(inbound->store, err);
}

static void run(void *context)
{
    struct inbound *inbound = context;
    struct error err = {0};
    if (inbound->count == 0)
        return;
    bool stored = commit_alone(inbound, &err);
    if (!stored) {
        store_rollback(inbound->store);
        log_write(LOG_ERR, "inbound: %zu PUT not stored: %s", inbound->count, err.message);
        inbound->written = inbound->count < INBOUND_SLICE ? inbound->count : INBOUND_SLICE;
    }
    answer_written(inbound, stored);
    if (inbound->count > 0)
        loop_post(inbound->work);
    if (inbound->options.committed != NULL)
        inbound->options.committed(inbound->options.context);
}

struct inbound *inbound_new(struct loop *loop, struct store *store, const struct inbound_options *options)
{
    struct inbound *inbound = memory_new(1, sizeof *inbound);
    *inbound = (struct inbound){.store = store, .options = *options};
    inbound->last = &inbound->first;
    inbound->work = loop_add_work(loop, "inbound", LOOP_BACKGROUND, run, inbound);
    return inbound;
}

struct inbound *inbound_free(struct inbound *inbound)
{
    if (inbound == NULL)
        return NULL;
    inbound->written = inbound->count;
    answer_written(inbound, false);
    loop_remove(inbound->work);
    free(inbound);
    return NULL;
}
