/* SPDX-License-Identifier: Apache-2.0 */
/* The table of reasons. */
#include "daemon/core/reason.h"

#include "base/memory.h"

#define REASONS(R)                                                                                  \
    R(fit_small, REGRET)                                                                            \
    R(fit_large, REGRET)                                                                            \
    R(style_colour, REGRET)                                                                         \
    R(changed_mind, REGRET)                                                                         \
    R(not_as_described, DEFECT)                                                                     \
    R(wrong_item_sent, LOGISTICS)                                                                   \
    R(ordered_by_mistake, REGRET)                                                                   \
    R(defective, DEFECT)                                                                            \
    R(damaged_in_transit, LOGISTICS)                                                                \
    R(damaged_by_customer, REGRET)                                                                  \
    R(packaging_damaged, LOGISTICS)                                                                 \
    R(missing_parts, DEFECT)                                                                        \
    R(late_delivery, LOGISTICS)                                                                     \
    R(better_price, REGRET)                                                                         \
    R(warranty, WARRANTY)                                                                           \
    R(recall, RECALL)                                                                               \
    R(expired, DEFECT)                                                                              \
    R(excess_stock, REGRET)                                                                         \
    R(undeliverable, LOGISTICS)                                                                     \
    R(refused_by_customer, LOGISTICS)                                                               \
    R(unknown, REGRET)

#define WORD(word, class) #word,
static const char *const reason_words[] = {REASONS(WORD)};
#define CLASS(word, class) REASON_##class,
static const enum reason_class classes[] = {REASONS(CLASS)};
const struct names reason_names = {reason_words, COUNT_OF(reason_words)};

static const char *const class_words[REASON_CLASS_COUNT] = {
    [REASON_REGRET] = "regret",     [REASON_DEFECT] = "defect", [REASON_LOGISTICS] = "logistics",
    [REASON_WARRANTY] = "warranty", [REASON_RECALL] = "recall",
};
const struct names reason_class_names = {class_words, REASON_CLASS_COUNT};

enum reason_class reason_class(const char *code)
{
    int reason;
    return name_find(&reason_names, code, &reason) ? classes[reason] : REASON_REGRET;
}
