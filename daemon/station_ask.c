/* SPDX-License-Identifier: Apache-2.0 */
/* A lane that asks the ERP. Nothing is stored while it does: a scan that waits has no answer yet, and after a crash it
   is scanned again, as every scan that got no tone. */
#include "base/text.h"
#include "daemon/station_private.h"

void station_said(const struct asking *asking, const struct station_options *options, struct gather *gather)
{
    static const enum erp_word words[LOOKUP_ANSWER_COUNT] = {
        [LOOKUP_FOUND] = ERP_NO_SUCH, [LOOKUP_NONE] = ERP_NO_SUCH, [LOOKUP_UNAVAILABLE] = ERP_UNREACHABLE};
    if (asking->open) {
        gather->erp = words[asking->said];
        gather->found = asking->said == LOOKUP_FOUND ? asking->rma : NULL;
    } else {
        gather->erp = options->ask_erp != NULL ? ERP_NOT_ASKED : ERP_NO_SUCH;
    }
}

void station_begin_asking(struct asking *asking, const struct candidate *candidates, size_t count)
{
    static const int kinds[CANDIDATE_CLASS_COUNT] = {[CANDIDATE_RMA] = REF_RMA + 1, [CANDIDATE_ORDER] = REF_ORDER + 1,
                                                     [CANDIDATE_TRACKING] = REF_TRACKING + 1,
                                                     [CANDIDATE_SSCC] = REF_SSCC + 1};
    asking->open = true;
    asking->put = asking->answered = false;
    asking->count = 0;
    for (size_t i = 0; i < count && asking->count < LOOKUP_VALUES_MAX; i++) {
        if (kinds[candidates[i].class] == 0)
            continue;
        struct lookup_value *value = &asking->values[asking->count++];
        value->by = (enum ref_kind)(kinds[candidates[i].class] - 1);
        TEXT_COPY(value->value, candidates[i].value);
    }
}

static void on_answer(void *context, enum lookup_answer said, const char *rma)
{
    struct asking *asking = context;
    const struct station_options *options = &asking->station->options;
    bool nobody = said == LOOKUP_UNAVAILABLE && options->has_erp != NULL && !options->has_erp(options->erp);
    asking->answered = true;
    asking->said = nobody ? LOOKUP_NONE : said;
    TEXT_COPY(asking->rma, rma);
    loop_post(asking->station->work);
}

void station_ask(struct station *station)
{
    const struct station_options *options = &station->options;
    for (size_t i = 0; i < options->lane_count; i++) {
        struct asking *asking = &station->asking[i];
        if (!asking->open || asking->put)
            continue;
        asking->put = true;
        options->ask_erp(options->erp, asking->values, asking->count, on_answer, asking);
    }
}

void station_stop_asking(struct station *station)
{
    for (size_t i = 0; i < station->options.lane_count; i++)
        if (station->asking[i].open && station->options.forget_erp != NULL)
            station->options.forget_erp(station->options.erp, &station->asking[i]);
}

const char *station_asking(const struct station *station, const char *lane)
{
    const struct station_lane *found = station_find_lane(station, lane);
    const struct asking *asking = found != NULL ? &station->asking[found - station->options.lanes] : NULL;
    return asking != NULL && asking->open ? asking->values[0].value : NULL;
}

bool station_asks_enough(const struct station *station, const struct station_lane *lane)
{
    size_t held = 0;
    if (!station->asking[lane - station->options.lanes].open)
        return false;
    for (size_t i = 0; i < station->count; i++)
        held += station->queue[i].lane == lane;
    return held > STATION_HELD_MAX;
}
