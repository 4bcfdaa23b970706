/* SPDX-License-Identifier: Apache-2.0 */
/* The changes of state that the design allows (10-domain §5.2 and §5.3), with the way back by UNDO. */
#ifndef TESTS_SUPPORT_MOVES_H
#define TESTS_SUPPORT_MOVES_H

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/model.h"

/* "none" = made by this scan. A change to the same state is always allowed. */
static const char *const unit_moves[] = {
    "none > identified",       "none > decided",    "identified > inspecting", "identified > graded",
    "identified > decided",    "identified > void", "inspecting > graded",     "inspecting > decided",
    "inspecting > identified", "graded > decided",  "graded > inspecting",     "graded > identified",
    "decided > labelled",      "decided > done",    "decided > graded",        "decided > inspecting",
    "decided > identified",    "labelled > done",   "labelled > graded",       "labelled > decided",
    "done > labelled",         "done > graded",     "done > decided",          "done > inspecting",
    "done > released",         "done > destroyed",  "released > inspecting",   "inspecting > done",
    "inspecting > released",   "graded > done",     "graded > labelled",       "void > identified",
    "identified > done",       "done > identified", "none > done",             "done > void",
};
static const char *const parcel_moves[] = {
    "none > arrived",     "none > open",       "none > held",    "expected > arrived", "expected > open",
    "expected > lost",    "lost > arrived",    "arrived > open", "arrived > held",     "arrived > refused",
    "arrived > expected", "refused > arrived", "open > held",    "open > closed",      "open > empty",
    "open > arrived",     "open > expected",   "held > open",    "held > arrived",     "held > refused",
    "held > expected",    "closed > open",     "empty > open",
};

/* "graded > decided"; from < 0 = none. */
static inline void move_name(char target[64], const struct names *states, int from, int to)
{
    text_format(target, 64, "%s > %s", from < 0 ? "none" : name_of(states, from), name_of(states, to));
}

static inline bool move_is_allowed(const char *const *moves, size_t count, const char *move)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(moves[i], move))
            return true;
    return false;
}

#endif
