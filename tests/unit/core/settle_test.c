/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void the_recommendation_follows_verdict_and_payment(void)
{
    static const struct {
        enum verdict verdict;
        enum refund_timing timing;
        bool paid;
        enum method method;
        int percent;
        int64_t amount;
    } table[] = {{VERDICT_ACCEPTED, TIMING_ON_INSPECTION, false, METHOD_EXCHANGE, 100, 1990},
                 {VERDICT_ACCEPTED, TIMING_ON_INSPECTION, true, METHOD_NONE, 100, 0},
                 {VERDICT_ACCEPTED, TIMING_IMMEDIATE, false, METHOD_NONE, 100, 0},
                 {VERDICT_REJECTED, TIMING_ON_INSPECTION, false, METHOD_NONE, 0, 0},
                 {VERDICT_MANUAL, TIMING_ON_INSPECTION, false, METHOD_NONE, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct scene s;
        scene_begin(&s);
        scene_decide(&s);
        s.unit.verdict = table[i].verdict;
        s.unit.outcomes = 1;
        s.rma.outcome = METHOD_EXCHANGE;
        s.rma.refund_timing = table[i].timing;
        s.rma.already_refunded = table[i].paid;
        TEXT_COPY(s.lines[0].exchange_sku, "SHIRT-L");
        const struct outcome *out = scene_label(&s, 1);
        CU_ASSERT_EQUAL_FATAL(out->events[2].type, EVENT_OUTCOME_RECOMMENDED);
        const struct event *event = &out->events[2];
        CU_ASSERT_EQUAL(event->outcome.method, table[i].method);
        CU_ASSERT_EQUAL(event->outcome.percent, table[i].percent);
        CU_ASSERT_EQUAL(event->outcome.base, 1990);
        CU_ASSERT_EQUAL(event->outcome.amount, table[i].amount);
        CU_ASSERT_EQUAL(event->outcome.manual, table[i].verdict == VERDICT_MANUAL);
        CU_ASSERT_STRING_EQUAL(event->outcome.supersedes, "LP0420001234/outcome/1");
        CU_ASSERT_STRING_EQUAL(event->outcome.key, "LP0420001234/outcome/2");
        CU_ASSERT_STRING_EQUAL(event->outcome.exchange_sku, table[i].verdict == VERDICT_ACCEPTED ? "SHIRT-L" : "");
    }
}

static void what_was_recommended_on_receipt_is_not_recommended_again(void)
{
    struct scene s;
    scene_begin(&s);
    s.rma.refund_timing = TIMING_ON_RECEIPT;
    scene_decide(&s);
    s.rma.receipt_recommended = true;
    CU_ASSERT_STRING_EQUAL(scene_told(scene_label(&s, 1)), "unit.label_confirmed stock.delta");
    scene_begin(&s);
    s.rma.refund_timing = TIMING_ON_RECEIPT;
    s.rma.state = RMA_CANCELLED; /* nothing was recommended then: a person decides about the unit */
    scene_decide(&s);
    scene_label(&s, 1);
    CU_ASSERT_EQUAL_FATAL(s.out.event_count, 3);
    CU_ASSERT_TRUE(s.out.events[2].outcome.manual);
}

static void a_rejection_says_why(void)
{
    struct scene s;
    scene_begin(&s);
    s.lines[0].flags = FLAG_FINAL_SALE;
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s.unit.verdict, VERDICT_REJECTED);
    CU_ASSERT_STRING_EQUAL(s.unit.reject_code, "excluded_product");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_GRADED); /* to the customer or to quarantine: somebody chooses */
    scene_command(&s, VERB_RETURN_TO_CUSTOMER);
    scene_label(&s, 1);
    CU_ASSERT_EQUAL_FATAL(s.out.events[2].type, EVENT_OUTCOME_RECOMMENDED);
    CU_ASSERT_STRING_EQUAL(s.out.events[2].unit.reject_code, "excluded_product");
}

SUITE("core/settle", {"the recommendation follows verdict and payment", the_recommendation_follows_verdict_and_payment},
      {"what was recommended on receipt is not recommended again",
       what_was_recommended_on_receipt_is_not_recommended_again},
      {"a rejection says why", a_rejection_says_why})
