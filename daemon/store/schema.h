/* SPDX-License-Identifier: Apache-2.0 */
/* The schema as an array of steps. A step that shipped never changes; a new one is appended. */
#ifndef DAEMON_STORE_SCHEMA_H
#define DAEMON_STORE_SCHEMA_H

#include "base/error.h"

struct store;

/* Brings the database from its version to the newest in one transaction. ERROR_NEWER if it is ahead of the program. */
bool schema_upgrade(struct store *store, struct error *err) MUST_CHECK;
/* For a database that is only read: ERROR_NEWER as above, ERROR_INVALID if it has no schema of ours. */
bool schema_check(struct store *store, struct error *err) MUST_CHECK;

#endif
