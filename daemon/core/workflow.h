/* SPDX-License-Identifier: Apache-2.0 */
/* One scan in, one outcome out: the rules for every scan, then the table of transitions (10-domain §5). Pure. */
#ifndef DAEMON_CORE_WORKFLOW_H
#define DAEMON_CORE_WORKFLOW_H

#include "daemon/core/facts.h"

/* Decides. ret_session is the lane's new row, ret_outcome what to write and to answer. Neither may be NULL. */
void workflow_scan(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome);
/* The outcome of a scan that cannot be done for a reason outside the core (the label does not fit): nothing changes. */
void workflow_refuse(const struct facts *facts, struct message message, struct session *ret_session,
                     struct outcome *ret_outcome);
/* Decides facts->photo in place of a scan: it is of what the lane has in hand, or refused. */
void workflow_photo(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome);
/* Decides facts->effect in place of a scan. silent: there is nothing to do (any more). It is about the asked unit and
   parcel; the RMA that it names is the scanned one. */
void workflow_effect(const struct facts *facts, struct outcome *ret_outcome);
/* What this lane should scan next (a next.* message), from its row and what it has in hand. */
struct message workflow_next(const struct session *session, const struct lane_rules *rules, const struct parcel *parcel,
                             const struct unit_facts *unit);

/* The question of its checklist that this unit waits for after its grade, NULL = none. */
const struct question *workflow_question(const struct lane_rules *rules, const struct unit_facts *unit);

#endif
