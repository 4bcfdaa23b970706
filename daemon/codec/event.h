/* SPDX-License-Identifier: Apache-2.0 */
/* Core events → CloudEvents 1.0 JSON (15-data §2 and §3). Absent values are null, never omitted. */
#ifndef DAEMON_CODEC_EVENT_H
#define DAEMON_CODEC_EVENT_H

#include "daemon/core/facts.h"
#include "daemon/text/catalog.h"

/* What an event's envelope takes from its surroundings. */
struct event_context {
    const char *site, *station, *stream;
    const char *lane, *device;
    const struct operator *person; /* id "" = nobody */
    int64_t at;            /* UTC ms: time and recordedtime */
    int64_t correlation;   /* sequence of the first event of this scan */
    bool training;
    const struct catalog *catalog;
    const char *uri;      /* in front of the URIs of this site's things; NULL = EPCIS_URI_DEFAULT */
    const char *original; /* a correction: the event it corrects as JSON, NULL = not here any more */
};

#define EVENT_NAME_SIZE 64
#define EVENT_SUBJECT_SIZE (VALUE_SIZE + 8)

/* "unit.identified", or "unit.identified.corrected". */
void event_full_name(const struct event *event, char ret_name[EVENT_NAME_SIZE]);
/* "lpn/…", "parcel/…", "rma/…" or "station". */
void event_subject(const struct event *event, char ret_subject[EVENT_SUBJECT_SIZE]);
/* The whole envelope as one line of JSON; free() it. */
char *event_encode(const struct event_context *context, const struct event *event, int64_t sequence);

#endif
