/* SPDX-License-Identifier: Apache-2.0 */
/* Events with their surroundings: who, where, when, and for a correction what it takes back. */
#include "daemon/station_events.h"

#include "base/memory.h"

#include <stdlib.h>

/* The event that a correction is about, free() it; NULL if it is not here any more. */
static char *corrected(struct store *store, const struct event *event)
{
    struct event_row row;
    size_t count;
    int64_t upto;
    if (event->corrects == 0 || !outbox_read(store, event->corrects - 1, NULL, &row, 1, &count, &upto, NULL) ||
        count == 0)
        return NULL;
    if (row.sequence == event->corrects)
        return row.body;
    free(row.body);
    return NULL;
}

void station_encode_events(struct store *store, const struct station_options *options, const struct facts *facts,
                           const struct outcome *outcome, const struct session *session, const struct encoded *encoded,
                           struct station_event *ret_written, struct encoded_event *ret_events)
{
    struct event_context context = {
        .site = options->site,
        .station = options->station,
        .stream = store_stream(store),
        .lane = session->lane,
        .device = encoded->device,
        .person = &facts->operator,
        .at = encoded->at,
        .correlation = facts->next_sequence,
        .training = facts->rules != NULL && facts->rules->training,
        .catalog = options->catalog,
        .uri = options->uri,
    };
    struct event *event = memory_new(1, sizeof *event);
    for (size_t i = 0; i < outcome_event_count(outcome); i++) {
        outcome_event_at(outcome, i, event);
        event_full_name(event, ret_written[i].name);
        event_subject(event, ret_written[i].subject);
        CLEANUP(memory_free_at) char *original = corrected(store, event);
        context.original = original;
        ret_written[i].body = event_encode(&context, event, facts->next_sequence + (int64_t)i);
        ret_events[i] = (struct encoded_event){ret_written[i].name, ret_written[i].subject, ret_written[i].body};
    }
    free(event);
}
