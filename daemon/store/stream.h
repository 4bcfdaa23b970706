/* SPDX-License-Identifier: Apache-2.0 */
/* The streams before this one: a restored database begins a new stream, and still owes its consumers what was left of
   the old ones, under the sequences it was born with. */
#ifndef DAEMON_STORE_STREAM_H
#define DAEMON_STORE_STREAM_H

#include "daemon/store/records.h"

#define STREAM_GAP 100000 /* numbers of labels and parcels that a lost database may have given out */

/* Begins a new stream in one transaction: what consumers have not acknowledged moves to the old streams, counters move
   STREAM_GAP ahead, and stream_restored tells of it. store_stream() is the new one from then on. */
bool stream_renew(struct store *store, struct error *err) MUST_CHECK;

struct stream_renewal {
    bool pending;      /* station.restored was not told yet */
    char previous[33]; /* stream */
    int64_t last;      /* its last sequence here */
};
bool stream_restored(struct store *store, struct stream_renewal *ret_renewal, struct error *err) MUST_CHECK;
/* In the transaction that tells it. */
bool stream_told(struct store *store, struct error *err) MUST_CHECK;

/* What is left of an old stream for a consumer. */
struct stream_rest {
    int64_t ordinal; /* 0 = nothing is left: the current stream is next */
    char stream[33];
    int64_t first, last, cursor;
};
/* The oldest stream that the consumer has not acknowledged to its end. */
bool stream_rest(struct store *store, const char *consumer, struct stream_rest *ret_rest, struct error *err) MUST_CHECK;
/* As outbox_read, of an old stream. */
bool stream_read(struct store *store, int64_t ordinal, int64_t after, const char *const *type_prefixes,
                 struct event_row *ret_rows, size_t max, size_t *ret_count, int64_t *ret_upto, struct error *err)
    MUST_CHECK;
bool stream_cursor(struct store *store, int64_t ordinal, const char *consumer, int64_t *ret_cursor, struct error *err)
    MUST_CHECK;
bool stream_set_cursor(struct store *store, int64_t ordinal, const char *consumer, int64_t cursor, struct error *err)
    MUST_CHECK;
/* Deletes at most max events of old streams that everybody has read: the consumers that required names (between spaces;
   "" = all that had a cursor there). Whoever had no cursor in an old stream never reads it. */
bool stream_prune(struct store *store, const char *required, int64_t max, int64_t *ret_pruned,
                  struct error *err) MUST_CHECK;

#endif
