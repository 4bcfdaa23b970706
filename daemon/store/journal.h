/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the store: appending to the journal. Each row holds the SHA-256 of the row before and of itself. */
#ifndef DAEMON_STORE_JOURNAL_H
#define DAEMON_STORE_JOURNAL_H

#include "daemon/store/records.h"

/* Gives the connection the function journal_hash(), for appending and for journal_verify. */
bool journal_register(struct store *store, struct error *err) MUST_CHECK;
bool journal_append(struct store *store, const struct outcome *outcome, const struct session *session,
                    const struct encoded *encoded, int64_t *ret_journal, struct error *err) MUST_CHECK;

#endif
