/* SPDX-License-Identifier: Apache-2.0 */
/* Parcels that were received while the ERP could not be asked: it is asked again, one after the other, until it
   answers. What it says waits as an effect like everything else that it tells. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/station_private.h"
#include "daemon/store/effects.h"

static bool add_effect(struct station *station, const struct effect *effect, const char *parcel, struct error *err)
{
    bool ok = store_begin(station->store, err) && effects_add(station->store, effect, "", parcel, err) &&
              store_commit(station->store, err);
    if (!ok)
        store_rollback(station->store);
    return ok;
}

static void on_answer(void *context, enum lookup_answer said, const char *rma)
{
    static const enum effect_kind kinds[LOOKUP_ANSWER_COUNT] = {
        [LOOKUP_FOUND] = EFFECT_FOUND, [LOOKUP_NONE] = EFFECT_NO_SUCH, [LOOKUP_UNAVAILABLE] = EFFECT_NONE};
    struct verifying *verifying = context;
    struct station *station = verifying->station;
    struct effect effect = {.kind = kinds[said]};
    struct error err = {0};
    TEXT_COPY(effect.rma, rma);
    verifying->open = false;
    if (effect.kind == EFFECT_NONE) {
        verifying->after = 0;
        return;
    }
    if (!add_effect(station, &effect, verifying->code, &err)) {
        log_write(LOG_ERR, "parcel %s is not verified: %s", verifying->code, err.message);
        return;
    }
    loop_post(station->effects);
    loop_post(verifying->work);
}

static bool next_parcel(struct station *station, struct verifying *verifying, struct lookup_value *values,
                        size_t *ret_count, struct error *err)
{
    struct alias codes[LOOKUP_VALUES_MAX];
    if (!effects_next_unverified(station->store, verifying->after, &verifying->after, verifying->code, codes,
                                 LOOKUP_VALUES_MAX, ret_count, err))
        return false;
    for (size_t i = 0; i < *ret_count; i++) {
        values[i].by = codes[i].kind;
        TEXT_COPY(values[i].value, codes[i].value);
    }
    return true;
}

void station_verify(void *context)
{
    struct station *station = context;
    struct verifying *verifying = &station->verifying;
    struct lookup_value values[LOOKUP_VALUES_MAX];
    struct error err = {0};
    size_t count;
    if (verifying->open || station->options.ask_erp == NULL)
        return;
    if (!next_parcel(station, verifying, values, &count, &err)) {
        log_write(LOG_ERR, "unverified parcels: %s", err.message);
        return;
    }
    if (verifying->after == 0 || count == 0)
        return;
    verifying->open = true;
    station->options.ask_erp(station->options.erp, values, count, on_answer, verifying);
}

/* Once a day: parcels that are still expected of an RMA that expired. */
static void lose_expired(struct station *station, struct moment when)
{
    struct error err = {0};
    int32_t today = clock_day(when.now);
    if (station->verifying.day == today)
        return;
    bool ok = store_begin(station->store, &err) && effects_of_day(station->store, today, &err) &&
              store_commit(station->store, &err);
    if (!ok) {
        log_write(LOG_ERR, "expired RMAs: %s", err.message);
        store_rollback(station->store);
        return;
    }
    station->verifying.day = today;
    loop_post(station->effects);
}

static void on_timer(void *context)
{
    struct station *station = context;
    struct moment when = clock_read();
    lose_expired(station, when);
    station_verify(station);
    loop_set_timer(station->verifying.timer, when.tick + station->options.verify_ms);
}

void station_begin_verifying(struct station *station)
{
    struct verifying *verifying = &station->verifying;
    verifying->station = station;
    verifying->work = loop_add_work(station->loop, "verify", LOOP_BACKGROUND, station_verify, station);
    verifying->timer = loop_add_timer(station->loop, "verify", LOOP_BACKGROUND, on_timer, station);
    if (station->options.verify_ms > 0)
        loop_set_timer(verifying->timer, clock_read().tick + station->options.verify_ms);
}

void station_end_verifying(struct station *station)
{
    if (station->verifying.open && station->options.forget_erp != NULL)
        station->options.forget_erp(station->options.erp, &station->verifying);
    loop_remove(station->verifying.work);
    loop_remove(station->verifying.timer);
}
