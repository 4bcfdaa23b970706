/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP told by PUT, one row for each thing it is about, by version; and what follows from it in other tables.
   Every call belongs to the open transaction. */
#ifndef DAEMON_STORE_INBOUND_H
#define DAEMON_STORE_INBOUND_H

#include "daemon/store/directory.h"

struct inbound_row {
    const char *kind, *key; /* "decision", "unit/LP…" */
    int64_t version;
    const char *body;     /* canonical JSON: equal content is equal text */
    bool keep;            /* store body; else only its hash, where another table holds the content */
    const char *consumer; /* who sent it */
    int64_t now;          /* UTC ms */
};

/* The version rule: PUT_STORED only if this row is now the newest of its kind and key. */
bool inbound_put(struct store *store, const struct inbound_row *row, enum put_result *ret_result, struct error *err)
    MUST_CHECK;
/* The stored body of the newest row, NULL if there is none; free() it. For those who give it its effect. */
bool inbound_get(struct store *store, const char *kind, const char *key, char **ret_body, int64_t *ret_version,
                 struct error *err) MUST_CHECK;

/* Marks the RMA cancelled if a cancellation newer than its content is stored: call after either changed. */
bool inbound_cancel_rma(struct store *store, const char *rma, struct error *err) MUST_CHECK;
/* No LPN up to this number is given out any more. */
bool inbound_raise_lpn(struct store *store, int64_t number, struct error *err) MUST_CHECK;
/* Remembers that somebody told the station something by PUT, and whether anybody ever did. */
bool inbound_note_told(struct store *store, struct error *err) MUST_CHECK;
bool inbound_was_told(struct store *store, bool *ret_told, struct error *err) MUST_CHECK;
/* Whose goods these are: the owner of an RMA, of a unit (its LPN), of a parcel (its code); "" if that is not known. */
bool inbound_owner(struct store *store, const char *rma, const char *unit, const char *parcel,
                   char ret_owner[KEY_SIZE], struct error *err) MUST_CHECK;

#endif
