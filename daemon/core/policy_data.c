/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a policy, the policy that applies without any, and freeing. */
#include "base/memory.h"
#include "daemon/core/policy.h"

#include <stdlib.h>

#define NAMES(identifier, size, ...)                                                                                   \
    static const char *const identifier##_words[] = {__VA_ARGS__};                                                     \
    _Static_assert(COUNT_OF(identifier##_words) == (size), #identifier " needs a word for each value");                \
    const struct names identifier = {identifier##_words, size}

NAMES(reference_names, REFERENCE_COUNT, [REFERENCE_DELIVERY] = "delivery", [REFERENCE_PURCHASE] = "purchase");
NAMES(tested_names, TESTED_COUNT, [TESTED_REQUEST] = "request", [TESTED_ACCEPTANCE] = "acceptance",
      [TESTED_RECEIPT] = "receipt");
NAMES(fee_per_names, FEE_PER_COUNT, [FEE_PER_UNIT] = "unit", [FEE_PER_LINE] = "line", [FEE_PER_RMA] = "rma");
NAMES(unit_label_names, UNIT_LABEL_COUNT, [UNIT_LABEL_LPN] = "lpn", [UNIT_LABEL_RESTOCK] = "restock",
      [UNIT_LABEL_NONE] = "none");
NAMES(fee_free_names, FREE_COUNT, [FREE_REGRET] = "regret", [FREE_DEFECT] = "defect", [FREE_LOGISTICS] = "logistics",
      [FREE_WARRANTY] = "warranty", [FREE_RECALL] = "recall", [FREE_EXCHANGE] = "exchange",
      [FREE_STORE_CREDIT] = "store_credit", [FREE_REPAIR] = "repair", [FREE_MERCHANT_PAYS] = "merchant_pays",
      [FREE_SEALED] = "sealed");
NAMES(scope_channel_names, CHANNEL_COUNT + 1, "any", [CHANNEL_ONLINE + 1] = "online", [CHANNEL_STORE + 1] = "store",
      [CHANNEL_MARKETPLACE + 1] = "marketplace", [CHANNEL_B2B + 1] = "b2b");
NAMES(scope_class_names, REASON_CLASS_COUNT + 1, "any", [REASON_REGRET + 1] = "regret", [REASON_DEFECT + 1] = "defect",
      [REASON_LOGISTICS + 1] = "logistics", [REASON_WARRANTY + 1] = "warranty", [REASON_RECALL + 1] = "recall");

void policy_default(struct policy *ret_policy)
{
    *ret_policy = (struct policy){
        .id = "default",
        .version = 1,
        .valid_from = DATE_NONE,
        .valid_to = DATE_NONE,
        .window_days = -1,
        .excluded_flags = FLAG_FINAL_SALE,
        .grades =
            {
                [GRADE_A] = {1, {DISPOSITION_RESELL}},
                [GRADE_B] = {1, {DISPOSITION_RESELL_B}},
                [GRADE_C] = {1, {DISPOSITION_REFURBISH}},
                [GRADE_D] = {1, {DISPOSITION_PARTS}},
                [GRADE_E] = {2, {DISPOSITION_RECYCLE, DISPOSITION_DESTROY}},
            },
        .on_reject = {2, {DISPOSITION_RETURN_TO_CUSTOMER, DISPOSITION_QUARANTINE}},
        .approval_limit = -1,
    };
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        ret_policy->value_limits[i] = -1;
}

void policy_done(struct policy *policy)
{
    for (size_t i = 0; i < policy->fee_count; i++)
        free(policy->fees[i].reasons);
    free(policy->fees);
    free(policy->conditions);
    free(policy->extensions);
    free(policy->excluded_categories);
    free(policy->excluded_products);
    *policy = (struct policy){0};
}

void policy_set_done(struct policy_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        policy_done(&set->policies[i]);
    free(set->policies);
    *set = (struct policy_set){0};
}
