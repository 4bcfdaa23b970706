/* SPDX-License-Identifier: Apache-2.0 */
/* Every version of a policy or checklist that was ever in force, so that an old decision can be explained. */
#ifndef DAEMON_STORE_RULES_H
#define DAEMON_STORE_RULES_H

#include "base/error.h"

#include <stdint.h>

struct store;

/* Keeps a version (kind "policy" or "checklist", body in its canonical form), in the open transaction if there is one.
   ERROR_CONFLICT: another content has this id and version already. */
bool rules_keep(struct store *store, const char *kind, const char *id, int64_t version, const char *body, int64_t now,
                struct error *err) MUST_CHECK;
/* The body of a version, free() it; NULL with ERROR_NOT_FOUND if it was never in force. */
char *rules_body(struct store *store, const char *kind, const char *id, int64_t version, struct error *err);

/* The policies that the ERP gave, one after the other in the order of their ids; false if take says so. */
bool rules_given(struct store *store, bool (*take)(void *context, const char *body, struct error *err), void *context,
                 struct error *err) MUST_CHECK;
/* A number that changes whenever the ERP gives another policy. */
bool rules_stamp(struct store *store, int64_t *ret_stamp, struct error *err) MUST_CHECK;

#endif
