/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP told takes place here: each effect is decided in a savepoint of its own, as a scan is, and its row goes
   with the same commit. Scans come in between. */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/workflow.h"
#include "daemon/station_private.h"
#include "daemon/store/effects.h"

#include <stdlib.h>
#include <string.h>

#define SLICE 32
#define SLICE_MS 4

/* One effect on its way to the rows. */
struct carried {
    struct effect effect;
    struct facts facts;
    struct outcome outcome;
    char lane[KEY_SIZE], device[KEY_SIZE]; /* whose worker should hear of it */
};

/* The lane that had the goods last prints what must be printed. */
static bool find_lane(struct station *station, const struct effect *effect, const struct station_lane **ret_lane,
                      struct error *err)
{
    char name[KEY_SIZE];
    if (!effects_lane(station->store, effect, name, err))
        return false;
    const struct station_lane *lane = station_find_lane(station, name);
    *ret_lane = lane != NULL ? lane : &station->options.lanes[0];
    return true;
}

static bool write(struct station *station, struct carried *carried, const struct station_lane *lane, struct error *err)
{
    struct label label = {0};
    struct session nobody = {0};
    char what[KEY_SIZE];
    TEXT_FORMAT(what, "%s %lld", name_of(&effect_kind_names, (int)carried->effect.kind),
                (long long)carried->effect.effect_id);
    struct encoded encoded = {.device = "erp", .aim = "", .code = what, .code_length = strlen(what)};
    bool ok =
        station_label(station, lane, &carried->facts, &carried->outcome, &label, &encoded, err) &&
        station_write(station, &carried->facts, &carried->outcome, &nobody, &encoded, err) &&
        effects_tell(station->store, &carried->effect, &carried->outcome.message, carried->lane, carried->device, err);
    buffer_done(&label.zpl);
    return ok;
}

static bool decide(struct station *station, struct carried *carried, struct moment when, struct error *err)
{
    const struct station_lane *lane;
    bool ok = find_lane(station, &carried->effect, &lane, err) &&
              effects_gather(station->store, &carried->effect, &lane->rules, when, &carried->facts, err) &&
              effects_language(station->store, lane->name, carried->facts.operator.lang, err);
    if (ok)
        workflow_effect(&carried->facts, &carried->outcome);
    ok = ok && (carried->outcome.silent || write(station, carried, lane, err)) &&
         effects_done(station->store, &carried->effect, &carried->outcome, err);
    facts_done(&carried->facts);
    return ok;
}

/* One that cannot be stored waits for the next start: it must not hold up the others. */
static bool decide_in_savepoint(struct station *station, struct carried *carried, struct moment when, struct error *err)
{
    struct error fault = {0};
    if (store_savepoint(station->store, &fault) && decide(station, carried, when, &fault) &&
        store_release(station->store, &fault))
        return true;
    log_write(LOG_ERR, "%s %lld of the ERP is not done: %s", name_of(&effect_kind_names, (int)carried->effect.kind),
              (long long)carried->effect.effect_id, fault.message);
    store_undo_savepoint(station->store);
    carried->outcome.silent = true;
    return (store_in_transaction(station->store) || error_set(err, ERROR_IO, "the database gave the transaction up")) &&
           effects_set_failed(station->store, carried->effect.effect_id, true, err);
}

static bool decide_slice(struct station *station, struct carried *carried, size_t *ret_count, struct error *err)
{
    struct moment when = clock_read();
    for (size_t i = 0; i < SLICE && (i == 0 || clock_read().tick - when.tick < SLICE_MS); i++) {
        if (!effects_next(station->store, &carried[i].effect, err))
            return false;
        if (carried[i].effect.effect_id == 0)
            return true;
        if (!decide_in_savepoint(station, &carried[i], when, err))
            return false;
        (*ret_count)++;
    }
    return true;
}

static void tell_lanes(struct station *station, const struct carried *carried, size_t count)
{
    for (size_t i = 0; i < count && station->options.answered != NULL; i++) {
        struct station_answer answer = {.lane = carried[i].lane,
                                        .device = carried[i].device,
                                        .signal = SIGNAL_ATTENTION,
                                        .message = carried[i].outcome.message,
                                        .next = carried[i].outcome.message,
                                        .stored = true};
        if (!carried[i].outcome.silent && carried[i].lane[0] != '\0')
            station->options.answered(station->options.context, &answer);
    }
}

void station_run_effects(void *context)
{
    struct station *station = context;
    struct error err = {0};
    struct effect first;
    size_t count = 0;
    if (!effects_next(station->store, &first, &err) || first.effect_id == 0) {
        if (err.code != ERROR_NONE)
            log_write(LOG_ERR, "effects: %s", err.message);
        return;
    }
    struct carried *carried = memory_new(SLICE, sizeof *carried);
    bool ok = store_begin(station->store, &err) && decide_slice(station, carried, &count, &err) &&
              (station->options.before_commit == NULL ||
               station->options.before_commit(station->options.context, &err)) &&
              store_commit(station->store, &err);
    if (ok) {
        tell_lanes(station, carried, count);
        loop_post(station->effects);
    } else {
        log_write(LOG_ERR, "%zu effect(s) not stored: %s", count, err.message);
        store_rollback(station->store);
    }
    free(carried);
    station->options.committed(station->options.context);
}

void station_wake_effects(struct station *station)
{
    if (station != NULL)
        loop_post(station->effects);
}
