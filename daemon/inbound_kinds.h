/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of PUT: one row says how each is checked, whose goods it is about, and where it is stored. */
#ifndef DAEMON_INBOUND_KINDS_H
#define DAEMON_INBOUND_KINDS_H

#include "daemon/inbound.h"

/* Applies one PUT inside the open transaction (in a savepoint of the caller). False for a fault of the store; what is
   wrong with the PUT itself is *ret_code and reason. */
bool inbound_apply(struct store *store, const struct inbound_put *put, int64_t now, enum inbound_code *ret_code,
                   struct error *reason, struct error *err) MUST_CHECK;

#endif
