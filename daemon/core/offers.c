/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanned code offers itself as, in the light of what the lane has in hand. */
#include "base/text.h"
#include "daemon/core/turn.h"

#include <string.h>

static bool same_gtin(const char *a, const char *b)
{
    a += strspn(a, "0");
    b += strspn(b, "0");
    return a[0] != '\0' && text_equal(a, b);
}

static bool line_fits(const struct rma_line *line, const struct candidate *c, const struct product *product)
{
    if (product->sku[0] != '\0' && text_equal(line->sku, product->sku))
        return true;
    if (c->gtin[0] != '\0')
        return same_gtin(line->gtin, c->gtin);
    return c->class == CANDIDATE_TEXT &&
           (text_equal(line->sku, c->value) || line_has_serial(line, c->value));
}

static void match_line(struct turn *turn, const struct candidate *c, const struct rma *rma)
{
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct rma_line *line = &rma->lines[i];
        if (!line_fits(line, c, &turn->facts->scanned.product))
            continue;
        bool open = line_others(line, NULL) + turn_pieces(turn) <= line->qty;
        if (turn->item_line == NULL || (turn->item_full && open)) {
            turn->item = c;
            turn->item_rma = rma;
            turn->item_line = line;
            turn->item_full = !open;
        }
    }
}

static void match_rma(struct turn *turn, const struct rma *rma)
{
    const struct scanned *scanned = &turn->facts->scanned;
    for (size_t i = 0; i < scanned->count; i++)
        if (scanned->candidates[i].class == CANDIDATE_TEXT || scanned->candidates[i].gtin[0] != '\0')
            match_line(turn, &scanned->candidates[i], rma);
}

static bool fits_open_line(const struct turn *turn, const struct rma *rma)
{
    struct turn alone = {.facts = turn->facts};
    match_rma(&alone, rma);
    return alone.item_line != NULL && !alone.item_full;
}

/* The line an item goes to: of the RMA scanned last if it fits an open one there, else of any other RMA in the parcel.
 */
static void match_item(struct turn *turn)
{
    const struct parcel_facts *hand = &turn->facts->hand_parcel;
    const struct scanned *scanned = &turn->facts->scanned;
    const struct rma *sticky = turn_rma(turn, turn->parcel.rma);
    for (size_t i = 0; i < scanned->count && turn->item == NULL && scanned->product.sku[0] != '\0'; i++)
        if (scanned->candidates[i].class == CANDIDATE_TEXT || scanned->candidates[i].gtin[0] != '\0')
            turn->item = &scanned->candidates[i];
    if (sticky != NULL)
        match_rma(turn, sticky);
    for (size_t k = 0; k < hand->rma_count && (turn->item_line == NULL || turn->item_full || turn->item_rivals > 0);
         k++) {
        if (&hand->rmas[k] == sticky)
            continue;
        turn->item_rivals += fits_open_line(turn, &hand->rmas[k]);
        match_rma(turn, &hand->rmas[k]);
    }
}

static bool parcel_class(enum candidate_class class)
{
    return class == CANDIDATE_RMA || class == CANDIDATE_ORDER || class == CANDIDATE_TRACKING || class == CANDIDATE_SSCC;
}

/* A scanned item that can be the unit in hand: no other product, no other GTIN. */
static bool is_of_unit(const struct turn *turn)
{
    const struct unit *unit = &turn->unit;
    const struct product *product = &turn->facts->scanned.product;
    if (product->sku[0] != '\0')
        return text_equal(product->sku, unit->sku);
    if (turn->item->gtin[0] != '\0')
        return same_gtin(turn->item->gtin, unit->gtin);
    return turn->item_line != NULL && text_equal(turn->item_line->sku, unit->sku);
}

/* This scan can be a serial: in a GS1 symbol of the unit's product, on a line's list, or a text known as nothing else.
 */
static bool may_be_serial(const struct turn *turn, unsigned found)
{
    const struct candidate *item = turn->item;
    const struct scanned *scanned = &turn->facts->scanned;
    if (item != NULL)
        return is_of_unit(turn) && (item->serial[0] != '\0' || (turn->item_line != NULL &&
                                                                line_has_serial(turn->item_line, item->value)));
    return found == 0 && scanned->candidates[scanned->count - 1].class == CANDIDATE_TEXT;
}

static bool serial_wanted(const struct turn *turn, unsigned found)
{
    return may_be_serial(turn, found) && turn->unit.unit_id != 0 && turn->unit.state <= UNIT_INSPECTING &&
           turn->unit.serial[0] == '\0' && turn->facts->hand_unit.product.track == TRACK_SERIAL;
}

static unsigned own_offers(const struct scanned *scanned, const struct candidate *c)
{
    switch (c->class) {
    case CANDIDATE_COMMAND:
        return BIT(TRIGGER_COMMAND);
    case CANDIDATE_BADGE:
        return BIT(scanned->badge.id[0] != '\0' ? TRIGGER_BADGE : TRIGGER_BADGE_UNKNOWN);
    case CANDIDATE_LPN:
        return BIT(scanned->unit.unit.unit_id != 0 ? TRIGGER_LPN : TRIGGER_LPN_UNKNOWN);
    case CANDIDATE_REFUSED:
        return BIT(TRIGGER_REFUSED);
    case CANDIDATE_CONTAINER:
        return BIT(TRIGGER_CONTAINER);
    case CANDIDATE_LOCATION:
        return BIT(TRIGGER_LOCATION);
    case CANDIDATE_PARCEL: case CANDIDATE_GS1: case CANDIDATE_RMA:
    case CANDIDATE_ORDER: case CANDIDATE_SSCC: case CANDIDATE_TRACKING: case CANDIDATE_GTIN: case CANDIDATE_TEXT:
    case CANDIDATE_CLASS_COUNT:
    default:
        return 0;
    }
}

unsigned turn_offers(struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    if (scanned->count == 0)
        return BIT(TRIGGER_REFUSED);
    unsigned found = own_offers(scanned, &scanned->candidates[0]);
    if (found != 0)
        return found;
    match_item(turn);
    found |= turn->item != NULL ? BIT(TRIGGER_ITEM) : 0;
    found |= scanned->parcel.parcel.parcel_id != 0 ? BIT(TRIGGER_PARCEL) : 0;
    found |= scanned->rma_count == 1 ? BIT(TRIGGER_RMA) : 0;
    found |= scanned->rma_count > 1 ? BIT(TRIGGER_AMBIGUOUS) : 0;
    found |= serial_wanted(turn, found) ? BIT(TRIGGER_SERIAL) : 0;
    found |= scanned->load.load_id != 0 ? BIT(TRIGGER_LOAD) : 0;
    if (found != 0)
        return found | BIT(TRIGGER_UNKNOWN);
    /* A product's number also passes as some carriers' number: what may be a GTIN opens no parcel. */
    for (size_t i = 0; i < scanned->count && scanned->candidates[i].class != CANDIDATE_GTIN; i++)
        if (parcel_class(scanned->candidates[i].class))
            found |= BIT(TRIGGER_UNKNOWN_PARCEL) |
                     (scanned->candidates[i].class == CANDIDATE_SSCC ? BIT(TRIGGER_UNKNOWN_LOAD) : 0);
    return found | BIT(TRIGGER_UNKNOWN);
}
