/* SPDX-License-Identifier: Apache-2.0 */
/* The policies and checklists in force: from their folders, policies also from the ERP; every version is kept in the
   store. */
#ifndef DAEMON_RULEBOOK_H
#define DAEMON_RULEBOOK_H

#include "base/error.h"
#include "daemon/core/policy.h"

struct rulebook;
struct store;

/* Reads data_directory/policies and data_directory/checklists; NULL if one of them is wrong. A policy of the ERP takes
   the place of those with its id. */
struct rulebook *rulebook_new(struct store *store, const char *data_directory, struct error *err) MUST_CHECK;
struct rulebook *rulebook_free(struct rulebook *rulebook);
/* Reads both again; where one is wrong, or has a version that was in force with another content, both stay. Between
   transactions only. */
bool rulebook_reload(struct rulebook *rulebook, struct error *err) MUST_CHECK;
/* Reads them again if the ERP gave another policy meanwhile. After each commit; what cannot be used is logged. */
void rulebook_follow(struct rulebook *rulebook);
/* These two stay the same addresses; a reload changes what they hold. */
const struct policy_set *rulebook_policies(const struct rulebook *rulebook);
const struct checklist_set *rulebook_checklists(const struct rulebook *rulebook);

#endif
