/* SPDX-License-Identifier: Apache-2.0 */
/* What screens and tools read: a lane's snapshot, a unit's history, an RMA with its progress, as JSON (docs/api.md). */
#ifndef DAEMON_CODEC_SNAPSHOT_H
#define DAEMON_CODEC_SNAPSHOT_H

#include "daemon/core/facts.h"
#include "daemon/text/catalog.h"

#include <jansson.h>

/* A message in both languages: {"key", "en", "fr"}; repeated puts "already stored" in front. */
json_t *message_json(const struct catalog *catalog, const struct message *message, bool repeated);

/* Why a label waits, in words that begin with the printer's name: {"key", "en", "fr"}; null where there is no reason.
 */
json_t *why_json(const struct catalog *catalog, const char *printer, const char *reason);

struct lane_action {
    int64_t journal, at;
    char signal[KEY_SIZE];
    char message[512]; /* message_encode */
};

struct lane_view {
    const struct session *session;
    const struct lane_rules *rules;
    const struct operator *person;
    const struct load *load;           /* that the lane unloads; NULL or load_id 0 = none */
    const struct parcel_facts *parcel; /* in hand; parcel_id 0 = none */
    const struct product *products;    /* one for each line of the parcel's RMAs, in order */
    const struct unit_facts *unit;
    const struct trace *trace;
    const struct print_job *job;       /* the last label; job_id 0 = none */
    const char *job_code, *job_printer, *job_reason;
    const struct lane_action *actions; /* newest first */
    size_t action_count;
    bool training;                     /* a lesson: nothing of it counts */
    bool not_stored;                   /* the last scan was not stored */
    const char *asking;                /* the code that waits for the ERP's word, NULL = none */
    int64_t sequence;
};

json_t *snapshot_json(const struct catalog *catalog, const struct lane_view *view);
json_t *unit_json(const struct catalog *catalog, const struct unit_facts *unit, const struct trace *trace);

#endif
