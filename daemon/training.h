/* SPDX-License-Identifier: Apache-2.0 */
/* Training: scans of trainees, and of lanes that are set to it, are decided on a copy of the station
   (store/training.c). Of a lesson the station itself keeps a journal row, its events (kind test) and its labels, and
   nothing else. */
#ifndef DAEMON_TRAINING_H
#define DAEMON_TRAINING_H

#include "daemon/station.h"
#include "daemon/store/records.h"

struct training;

/* The copy is made when it is needed first, and forgotten with the run. Accepts NULL, returns NULL. */
struct training *training_new(struct store *station);
struct training *training_free(struct training *training);

/* The store that a scan on this lane is decided with: the copy, in a transaction, or the station's own. A badge, and
   signing out, are the station's: they say who is a trainee. Belongs to the station's open transaction. */
bool training_choose(struct training *training, const struct station_lane *lane, const struct candidate *first,
                     struct store **ret_store, struct error *err) MUST_CHECK;
/* The same for a screen: what the lane shows. Nothing is begun. */
struct store *training_shown(struct training *training, const struct station_lane *lane);
/* The copy; NULL as long as there was no lesson. */
struct store *training_copy(const struct training *training);
/* Writes a scan that was decided on the copy into both. events and label as of the station. */
bool training_write(struct training *training, const struct outcome *outcome, struct session *session,
                    const struct encoded *encoded, struct error *err) MUST_CHECK;
/* After the station's transaction: its end is the copy's, too. */
void training_end(struct training *training, bool stored);

#endif
