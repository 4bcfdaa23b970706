/* SPDX-License-Identifier: Apache-2.0 */
/* What a station says of itself when it starts and stops. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/station_private.h"
#include "daemon/store/stream.h"

#include <stdlib.h>

/* What a start tells first, once, after its database was restored. */
static bool tell_restored(struct station *station, struct outcome *outcome, struct error *err)
{
    struct stream_renewal renewal;
    if (!stream_restored(station->store, &renewal, err))
        return false;
    if (!renewal.pending)
        return true;
    struct event *event = outcome_event(outcome, EVENT_STATION_RESTORED);
    TEXT_COPY(event->text, renewal.previous);
    event->received = renewal.last;
    return stream_told(station->store, err);
}

static bool begin(struct station *station, struct outcome *outcome, struct error *err)
{
    const char *boot = station->options.boot != NULL ? station->options.boot : "";
    return records_boot(station->store, boot, err) && tell_restored(station, outcome, err);
}

/* What all lanes did since the last stop. */
static bool tell_shift(struct station *station, struct facts *facts, struct outcome *outcome, struct error *err)
{
    struct event *event = outcome_event(outcome, EVENT_SHIFT_REPORT);
    event->shift = &facts->shift;
    return records_shift(station->store, "", &facts->shift, err) &&
           journal_last_hash(station->store, event->last_hash, err);
}

static bool record(struct station *station, enum action action, const char *reason, struct outcome *outcome,
                   struct error *err)
{
    struct session session = {0};
    struct facts facts = {.when = clock_read()};
    struct encoded encoded = {.device = "", .aim = "", .code = ""};
    outcome->action = action;
    if (!(action == ACTION_START ? begin(station, outcome, err) : tell_shift(station, &facts, outcome, err)))
        return false;
    struct event *event =
        outcome_event(outcome, action == ACTION_START ? EVENT_STATION_STARTED : EVENT_STATION_STOPPED);
    TEXT_COPY(event->text, station->options.version);
    TEXT_COPY(event->reason, reason);
    return journal_last_hash(station->store, event->last_hash, err) &&
           records_next_sequence(station->store, &facts.next_sequence, err) &&
           station_write(station, &facts, outcome, &session, &encoded, err);
}

bool station_record(struct station *station, enum action action, const char *reason, struct error *err)
{
    struct outcome *outcome = memory_new(1, sizeof *outcome);
    bool ok = store_begin(station->store, err) && record(station, action, reason, outcome, err) &&
              store_commit(station->store, err);
    store_rollback(station->store);
    free(outcome);
    return ok;
}
