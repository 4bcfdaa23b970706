/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the keys of a scan under every layout, and believes only what a check digit or a table proves. */
#include "daemon/rescue.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/carrier.h"
#include "protocol/hid/decoder.h"
#include "protocol/hid/keymap.h"

#include <string.h>

/* Digits alone fit some carrier by chance; with a letter in its place and a check digit a number is one. */
static bool is_checked_tracking(const struct candidate *candidate)
{
    for (size_t i = 0; i < carrier_table_count; i++)
        if (carrier_table[i].needs_letter && carrier_table[i].check != CHECKDIGIT_ANY &&
            carrier_fits(&carrier_table[i], candidate->value, strlen(candidate->value)))
            return true;
    return false;
}

static bool is_checked(const struct candidate *candidate)
{
    static const bool classes[CANDIDATE_CLASS_COUNT] = {
        [CANDIDATE_COMMAND] = true,   [CANDIDATE_BADGE] = true,    [CANDIDATE_LPN] = true,  [CANDIDATE_PARCEL] = true,
        [CANDIDATE_CONTAINER] = true, [CANDIDATE_LOCATION] = true, [CANDIDATE_SSCC] = true, [CANDIDATE_GTIN] = true,
    };
    if (candidate->class == CANDIDATE_GS1)
        return candidate->gtin[0] != '\0' || candidate->sscc[0] != '\0';
    return classes[candidate->class] || (candidate->class == CANDIDATE_TRACKING && is_checked_tracking(candidate));
}

bool rescue_is_proven(const struct rescue_rules *rules, const struct scan *scan)
{
    struct candidate candidates[CANDIDATES_MAX];
    size_t count = classify(rules->classify, scan->bytes, scan->length, scan->aim, candidates);
    for (size_t i = 0; i < count; i++)
        if (is_checked(&candidates[i]))
            return true;
    return rules->known(rules->context, candidates, count);
}

static bool is_same(const struct scan *a, const struct scan *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

const char *rescue_layout(const struct rescue_rules *rules, const struct scan *scan, struct scan *ret_scan)
{
    const char *found = NULL;
    CLEANUP(memory_free_at) struct scan *other = memory_new(1, sizeof *other);
    for (size_t i = 0; keymap_layout(i) != NULL; i++) {
        if (!decoder_retype(scan->decoder, keymap_layout(i), other) || is_same(other, scan) ||
            (found != NULL && is_same(other, ret_scan)) || !rescue_is_proven(rules, other))
            continue;
        if (found != NULL)
            return NULL;
        found = keymap_layout(i);
        *ret_scan = *other;
    }
    return found;
}
