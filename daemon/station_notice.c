/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a device, as an event of its own. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/station_private.h"

#include <stdlib.h>

static bool write_notice(struct station *station, const struct station_notice *notice, struct outcome *outcome,
                         struct error *err)
{
    struct session session = {0};
    struct facts facts = {.when = clock_read()};
    struct encoded encoded = {.device = notice->device, .aim = "", .code = ""};
    outcome->action = ACTION_DEVICE;
    struct event *event = outcome_event(outcome, notice->type);
    TEXT_COPY(event->lane, notice->lane);
    TEXT_COPY(event->reason, notice->mode);
    TEXT_COPY(event->text, notice->reason);
    event->received = notice->jobs;
    return records_next_sequence(station->store, &facts.next_sequence, err) &&
           station_write(station, &facts, outcome, &session, &encoded, err);
}

bool station_notice(struct station *station, const struct station_notice *notice, struct error *err)
{
    struct outcome *outcome = memory_new(1, sizeof *outcome);
    bool ok = store_begin(station->store, err) && write_notice(station, notice, outcome, err) &&
              store_commit(station->store, err);
    store_rollback(station->store);
    free(outcome);
    if (ok)
        station->options.committed(station->options.context);
    return ok;
}
