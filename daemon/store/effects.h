/* SPDX-License-Identifier: Apache-2.0 */
/* Effects of the ERP's word that wait to be decided: rows that are written together with what the ERP told, and deleted
   together with what came of them. So each takes place once, whatever dies in between. */
#ifndef DAEMON_STORE_EFFECTS_H
#define DAEMON_STORE_EFFECTS_H

#include "daemon/core/facts.h"
#include "daemon/store/store.h"

/* ---- writing them, in the transaction of their cause ---- */

/* One effect on the unit with this LPN or the parcel with this code or alias ("" = not that); none if it is not here.
 */
bool effects_add(struct store *store, const struct effect *effect, const char *lpn, const char *parcel,
                 struct error *err) MUST_CHECK;
/* The same on each unit of an RMA's line (line "" = any), else on each of its parcels. */
bool effects_add_line(struct store *store, const struct effect *effect, const char *line, struct error *err) MUST_CHECK;
/* A hold of this kind is over for the RMA's parcels. */
bool effects_release(struct store *store, const char *rma, enum hold_kind hold, struct error *err) MUST_CHECK;
/* What a newly stored version of an RMA changes here; was_held: the version before was to be held, too. */
bool effects_of_rma(struct store *store, const char *rma, bool was_held, struct error *err) MUST_CHECK;
/* A product's recall is new: on each of its units here. */
bool effects_of_recall(struct store *store, const char *sku, struct error *err) MUST_CHECK;
/* A product is dangerous goods, and was not: on each parcel here with an RMA of it. */
bool effects_of_hazmat(struct store *store, const char *sku, struct error *err) MUST_CHECK;
/* Expected parcels of RMAs that expired before this day are lost. */
bool effects_of_day(struct store *store, int32_t today, struct error *err) MUST_CHECK;

/* ---- deciding them ---- */

/* The oldest effect that can be decided now; effect_id 0 = none. A decision about a unit waits until that is graded. */
bool effects_next(struct store *store, struct effect *ret_effect, struct error *err) MUST_CHECK;
/* Facts for workflow_effect, through the open transaction. Free with facts_done, on failure too. */
bool effects_gather(struct store *store, const struct effect *effect, const struct lane_rules *rules,
                    struct moment when, struct facts *ret_facts, struct error *err) MUST_CHECK;
/* Deletes it and adds what it spreads to. */
bool effects_done(struct store *store, const struct effect *effect, const struct outcome *outcome, struct error *err)
    MUST_CHECK;
/* It could not be stored: it waits for the next start of the daemon (failed), or is tried again (not). */
bool effects_set_failed(struct store *store, int64_t effect_id, bool failed, struct error *err) MUST_CHECK;
/* The lane that had to do with it last, "" = none. */
bool effects_lane(struct store *store, const struct effect *effect, char ret_lane[KEY_SIZE], struct error *err)
    MUST_CHECK;
/* The language of who works at the lane, "" = nobody does: for the labels that come out there. */
bool effects_language(struct store *store, const char *lane, char ret_language[3], struct error *err) MUST_CHECK;
/* Shows the outcome's message on each lane that has the unit or parcel in hand, unless a stop is latched there.
   ret_lane, ret_device: one of them, and the scanner it used last; "" = none. */
bool effects_tell(struct store *store, const struct effect *effect, const struct message *message,
                  char ret_lane[KEY_SIZE], char ret_device[KEY_SIZE], struct error *err) MUST_CHECK;

/* The next parcel above after_id that was received unverified and of which nothing is known yet; parcel_id 0 = none.
   ret_codes: its codes with their kinds, at most max. */
bool effects_next_unverified(struct store *store, int64_t after_id, int64_t *ret_parcel_id, char ret_code[LPN_SIZE],
                             struct alias *ret_codes, size_t max, size_t *ret_count, struct error *err) MUST_CHECK;

#endif
