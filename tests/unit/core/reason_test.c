/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core/reason.h"

#include "base/memory.h"
#include "tests/support/suite.h"

static void every_class_has_reasons(void)
{
    int by_class[REASON_CLASS_COUNT] = {0};
    for (int i = 0; i < reason_names.count; i++)
        by_class[reason_class(name_of(&reason_names, i))]++;
    CU_ASSERT_EQUAL(reason_names.count, 21);
    for (int i = 0; i < REASON_CLASS_COUNT; i++)
        CU_ASSERT_TRUE(by_class[i] > 0);
}

static void what_the_customer_may_claim_follows_the_reason(void)
{
    static const struct {
        const char *code;
        enum reason_class class;
    } table[] = {{"changed_mind", REASON_REGRET},       {"fit_small", REASON_REGRET},
                 {"defective", REASON_DEFECT},          {"missing_parts", REASON_DEFECT},
                 {"wrong_item_sent", REASON_LOGISTICS}, {"damaged_in_transit", REASON_LOGISTICS},
                 {"warranty", REASON_WARRANTY},         {"recall", REASON_RECALL},
                 {"of_the_erp", REASON_REGRET},         {"", REASON_REGRET}};
    for (size_t i = 0; i < COUNT_OF(table); i++)
        CU_ASSERT_EQUAL(reason_class(table[i].code), table[i].class);
}

SUITE("core/reason", {"every class has reasons", every_class_has_reasons},
      {"what the customer may claim follows the reason", what_the_customer_may_claim_follows_the_reason})
