/* SPDX-License-Identifier: Apache-2.0 */
/* An ERP that does anything at any moment, for the random tests above a real database. */
#ifndef TESTS_SUPPORT_ERP_WHIMS_H
#define TESTS_SUPPORT_ERP_WHIMS_H

#include "tests/support/house.h"

#define WHIM_RMAS 4 /* RMAs that it alone knows: RMA-<first> and on */

struct whims {
    uint64_t *random;
    int64_t version; /* of the next thing it tells */
    int first;       /* number of the first RMA that the station was not given */
};

static inline unsigned whim_pick(struct whims *whims, unsigned count)
{
    return (unsigned)(suite_random(whims->random) % count);
}

/* About any unit that was ever here, or any parcel: decided, contested, released, lost, unknown. */
static inline void whim_tell(struct whims *whims, struct house *house)
{
    static const enum effect_kind of_unit[] = {EFFECT_DECISION, EFFECT_DECISION, EFFECT_CONFLICT, EFFECT_RECALL,
                                               EFFECT_MATCH};
    static const enum effect_kind of_parcel[] = {EFFECT_DECISION, EFFECT_CONFLICT, EFFECT_RELEASE, EFFECT_LOST,
                                                 EFFECT_NO_SUCH};
    bool unit = whim_pick(whims, 3) > 0;
    struct effect effect = {.kind = unit ? of_unit[whim_pick(whims, COUNT_OF(of_unit))]
                                         : of_parcel[whim_pick(whims, COUNT_OF(of_parcel))],
                            .verdict = (enum verdict)whim_pick(whims, VERDICT_COUNT),
                            .disposition = whim_pick(whims, 2) == 0
                                               ? DISPOSITION_NONE
                                               : (enum disposition)whim_pick(whims, DISPOSITION_MISSING)};
    int64_t units = house_count(house, "SELECT max(unit_id) FROM unit");
    int64_t parcels = house_count(house, "SELECT max(parcel_id) FROM parcel");
    if ((unit ? units : parcels) == 0)
        return;
    int64_t id = 1 + (int64_t)whim_pick(whims, (unsigned)(unit ? units : parcels));
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, effects_add(house->store, &effect, unit ? house_unit(house, id).lpn : "",
                                  unit ? "" : house_parcel(house, id).code, &house->err));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
}

/* A recall of a product begins or ends; it is dangerous goods, or not any more. */
static inline void whim_recall(struct whims *whims, struct house *house)
{
    struct product product = {.track = TRACK_NONE, .owner = "main", .version = whims->version++, .name_en = "Thing",
                              .name_fr = "Chose"};
    struct product_code code = {.qty = 1, .code = "9520000001032"};
    enum put_result result;
    TEXT_COPY(product.sku, "LAMP");
    TEXT_COPY(product.gtin, code.code);
    product.flags = whim_pick(whims, 2) == 0 ? PRODUCT_HAZMAT : 0;
    TEXT_COPY(product.recall, whim_pick(whims, 3) == 0 ? "R-1" : "");
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, directory_put_product(house->store, &product, &code, 1, &result, &house->err));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
}

/* An RMA of two lines loses one, gets it back, or is cancelled. */
static inline void whim_change(struct whims *whims, struct house *house)
{
    struct rma_line lines[] = {{.line = "1", .sku = "SHIRT", .qty = 2, .unit_price = 100, .currency = "EUR"},
                               {.line = "2", .sku = "PHONE", .qty = 2}};
    char number[KEY_SIZE];
    TEXT_FORMAT(number, "RMA-%d", whims->first - 1 - (int)whim_pick(whims, 4));
    struct rma rma = house_rma_of(number, lines, 1 + whim_pick(whims, 2));
    rma.version = whims->version++;
    rma.state = (enum rma_state)whim_pick(whims, RMA_STATE_COUNT);
    house_put(house, &rma, number, false);
}

/* It finds an RMA that was asked for in vain: whoever came for it unverified is verified. */
static inline void whim_find(struct whims *whims, struct house *house)
{
    int n = whims->first + (int)whim_pick(whims, WHIM_RMAS);
    char number[KEY_SIZE];
    struct rma_line line = {.line = "1", .sku = "SHIRT", .qty = 2, .unit_price = 1990, .currency = "EUR"};
    struct rma_ref ref = {.kind = REF_TRACKING, .carrier = "laposte"};
    TEXT_FORMAT(number, "RMA-%d", n);
    TEXT_FORMAT(ref.value, "CP%d", n);
    struct rma rma = house_rma_of(number, &line, 1);
    rma.version = whims->version++;
    rma.refs = &ref;
    rma.ref_count = 1;
    rma.refund_timing = n % 2 == 0 ? TIMING_ON_RECEIPT : TIMING_ON_INSPECTION;
    house_put(house, &rma, number, false);
}

static inline void whim(struct whims *whims, struct house *house)
{
    static void (*const all[])(struct whims *, struct house *) = {whim_tell, whim_tell, whim_tell, whim_recall,
                                                                  whim_change, whim_find};
    house->erp = whim_pick(whims, 2) == 0 ? ERP_UNREACHABLE : ERP_NO_SUCH;
    all[whim_pick(whims, COUNT_OF(all))](whims, house);
}

#endif
