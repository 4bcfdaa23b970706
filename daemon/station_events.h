/* SPDX-License-Identifier: Apache-2.0 */
/* The events of an outcome in the form they are stored in. */
#ifndef DAEMON_STATION_EVENTS_H
#define DAEMON_STATION_EVENTS_H

#include "daemon/codec/event.h"
#include "daemon/station.h"
#include "daemon/store/records.h"

struct station_event {
    char name[EVENT_NAME_SIZE], subject[EVENT_SUBJECT_SIZE];
    char *body; /* the caller frees it */
};

/* Fills as many of both as outcome_event_count says; ret_events point into ret_written. */
void station_encode_events(struct store *store, const struct station_options *options, const struct facts *facts,
                           const struct outcome *outcome, const struct session *session, const struct encoded *encoded,
                           struct station_event *ret_written, struct encoded_event *ret_events);

#endif
