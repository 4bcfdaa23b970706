/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as such: every name once, every scan has a row in every state, and no row stands behind one that takes
 * all. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"
#include "tests/support/suite.h"

#include <stdio.h>

/* One situation that a row may fit, but for its guard and the question asked. */
struct spot {
    enum lane_mode mode;
    enum hand hand;
    enum trigger trigger;
    enum verb verb; /* of TRIGGER_COMMAND */
};

static const struct row *row_at(size_t index)
{
    for (size_t part = 0; part < table_part_count; part++) {
        if (index < *table_parts[part].count)
            return &table_parts[part].rows[index];
        index -= *table_parts[part].count;
    }
    return NULL;
}

static bool covers(const struct row *row, const struct spot *place)
{
    return (row->modes & BIT(place->mode)) != 0 && (row->hands & BIT(place->hand)) != 0 &&
           row->trigger == place->trigger &&
           (row->trigger != TRIGGER_COMMAND || (place->verb >= row->first && place->verb <= row->last));
}

static bool takes_all(const struct row *row)
{
    return row->guard == NULL && row->asked == PENDING_NONE;
}

/* Calls fn for every place of dock and bench. */
static void each_place(void (*fn)(const struct spot *place))
{
    static const enum lane_mode modes[] = {LANE_DOCK, LANE_BENCH};
    struct spot place;
    for (size_t m = 0; m < COUNT_OF(modes); m++) {
        for (int hand = 0; hand < HAND_COUNT; hand++) {
            for (int trigger = 0; trigger < TRIGGER_COUNT; trigger++) {
                for (int verb = 1; verb < (trigger == TRIGGER_COMMAND ? VERB_COUNT : 2); verb++) {
                    place = (struct spot){modes[m], (enum hand)hand, (enum trigger)trigger, (enum verb)verb};
                    fn(&place);
                }
            }
        }
    }
}

static void every_row_has_its_name(void)
{
    for (size_t i = 0; row_at(i) != NULL; i++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(row_at(i)->name);
        CU_ASSERT_PTR_NOT_NULL(row_at(i)->apply);
        for (size_t k = 0; k < i; k++) {
            if (text_equal(row_at(i)->name, row_at(k)->name))
                printf("\n    two rows \"%s\"", row_at(i)->name);
            CU_ASSERT_FALSE(text_equal(row_at(i)->name, row_at(k)->name));
        }
    }
}

/* What a code can be besides, it is always an unknown code too: that one is refused at last. */
static void check_answered(const struct spot *place)
{
    static const enum trigger also_unknown[] = {TRIGGER_LOAD,   TRIGGER_UNKNOWN_LOAD,
                                                TRIGGER_PARCEL, TRIGGER_RMA,    TRIGGER_AMBIGUOUS,
                                                TRIGGER_ITEM,   TRIGGER_SERIAL, TRIGGER_UNKNOWN_PARCEL};
    bool answered = false;
    for (size_t i = 0; i < COUNT_OF(also_unknown); i++)
        answered |= place->trigger == also_unknown[i];
    for (size_t i = 0; !answered && row_at(i) != NULL; i++)
        answered = covers(row_at(i), place) && takes_all(row_at(i));
    if (!answered)
        printf("\n    nothing answers trigger %d, verb %d, with hand %d", (int)place->trigger, (int)place->verb,
               (int)place->hand);
    CU_ASSERT_TRUE(answered);
}

static void every_scan_is_answered_in_every_state(void)
{
    each_place(check_answered);
}

static const struct row *looked_at;
static size_t looked_at_index;
static bool has_a_place;

/* A place that no earlier row takes as a whole is one that this row may get. */
static void look_for_a_place(const struct spot *place)
{
    bool taken = !covers(looked_at, place);
    for (size_t i = 0; !taken && i < looked_at_index; i++)
        taken = covers(row_at(i), place) &&
                (takes_all(row_at(i)) || (row_at(i)->guard == NULL && row_at(i)->asked == looked_at->asked));
    has_a_place |= !taken;
}

static void no_row_stands_behind_one_that_takes_all(void)
{
    for (looked_at_index = 0; (looked_at = row_at(looked_at_index)) != NULL; looked_at_index++) {
        has_a_place = false;
        each_place(look_for_a_place);
        if (!has_a_place)
            printf("\n    no scan can reach the row \"%s\"", looked_at->name);
        CU_ASSERT_TRUE(has_a_place);
    }
}

SUITE("core/tables", {"every row has its name", every_row_has_its_name},
      {"every scan is answered in every state", every_scan_is_answered_in_every_state},
      {"no row stands behind one that takes all", no_row_stands_behind_one_that_takes_all})
