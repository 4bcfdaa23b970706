/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core/recommend.h"

#include "tests/support/case.h"

/* Two lines: two shirts of 19.90 and one of 30.00; unit 1 is one of the first line. */
struct bill {
    struct given g;
    struct rma_line lines[2];
    struct policy_fee fees[2];
    struct rma_fee borne[1];
    struct recommendation outcome;
    struct trace trace;
};

static void begin_bill(struct bill *b)
{
    *b = (struct bill){0};
    begin(&b->g);
    b->lines[0] = (struct rma_line){.line = "1", .qty = 2, .unit_price = 1990, .currency = "EUR"};
    b->lines[1] = (struct rma_line){.line = "2", .qty = 1, .unit_price = 3000, .currency = "EUR"};
    b->g.rma.lines = b->lines;
    b->g.rma.line_count = 2;
    b->g.c.line = &b->lines[0];
    b->g.unit.unit_id = 1;
    b->g.unit.qty = 1;
    b->g.unit.verdict = VERDICT_ACCEPTED;
    TEXT_COPY(b->g.unit.line, "1");
    TEXT_COPY(b->g.unit.reason_found, "changed_mind");
    TEXT_COPY(b->g.rma.country, "FR");
    b->fees[0] = (struct policy_fee){.id = "fee", .per = FEE_PER_UNIT, .amount = 300};
    b->g.policy.fees = b->fees;
    b->g.policy.fee_count = 1;
    b->g.rma.fees = b->borne;
    b->borne[0] = (struct rma_fee){.fee = "fee", .line = "1", .unit_id = 7};
}

static const struct recommendation *recommend(struct bill *b)
{
    b->g.list[0] = b->g.policy;
    b->g.c.inspection = &b->g.inspection;
    recommend_unit(&b->g.c, &b->outcome, &b->trace);
    return &b->outcome;
}

static bool says(const struct bill *b, enum message_key key)
{
    for (int i = 0; i < b->trace.count; i++)
        if (b->trace.steps[i].key == key)
            return true;
    return false;
}

/* Two shirts against three caps: whatever the pieces come in as, three caps are promised in all. */
static void an_exchange_is_promised_once_for_the_whole_line(void)
{
    static const struct {
        int64_t accepted, qty, promised;
    } units[] = {{0, 1, 1}, {1, 1, 2}, {0, 2, 3}};
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        struct bill b;
        begin_bill(&b);
        b.g.rma.outcome = METHOD_EXCHANGE;
        b.lines[0].exchange_qty = 3;
        TEXT_COPY(b.lines[0].exchange_sku, "CAP");
        b.lines[0].accepted = units[i].accepted;
        b.g.unit.qty = units[i].qty;
        CU_ASSERT_EQUAL(recommend(&b)->exchange_qty, units[i].promised);
    }
}

static void a_fee_per_unit_is_one_per_piece(void)
{
    struct bill b;
    begin_bill(&b);
    b.g.unit.qty = 2;
    CU_ASSERT_EQUAL(recommend(&b)->fees[0].amount, 600);
    CU_ASSERT_EQUAL(b.outcome.amount, 2 * 1990 - 600);
}

static void a_fee_is_taken_off(void)
{
    static const struct {
        enum fee_per per;
        int64_t amount, percent, fee;
    } table[] = {{FEE_PER_UNIT, 300, 0, 300}, {FEE_PER_UNIT, 0, 10, 199}, {FEE_PER_LINE, 0, 10, 398},
                 {FEE_PER_RMA, 0, 10, 698},   {FEE_PER_UNIT, 100, 50, 1095}, {FEE_PER_UNIT, 5000, 0, 5000}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct bill b;
        begin_bill(&b);
        b.fees[0].per = table[i].per;
        b.fees[0].amount = table[i].amount;
        b.fees[0].percent = table[i].percent;
        const struct recommendation *outcome = recommend(&b);
        CU_ASSERT_EQUAL_FATAL(outcome->fee_count, 1);
        CU_ASSERT_EQUAL(outcome->fees[0].amount, table[i].fee);
        CU_ASSERT_EQUAL(outcome->base, 1990);
        CU_ASSERT_EQUAL(outcome->amount, table[i].fee < 1990 ? 1990 - table[i].fee : 0); /* never below nothing */
        CU_ASSERT_TRUE(says(&b, MESSAGE_RULE_FEE));
    }
}

/* Unit 7 of line 1 bears the fee already: one per line and per RMA is charged once, one per unit each time. */
static void a_fee_is_charged_once(void)
{
    static const struct {
        enum fee_per per;
        const char *line;
        int64_t unit_id;
        int charged;
    } table[] = {{FEE_PER_UNIT, "1", 1, 1}, {FEE_PER_LINE, "1", 1, 0}, {FEE_PER_LINE, "2", 1, 1},
                 {FEE_PER_RMA, "2", 1, 0},  {FEE_PER_RMA, "1", 7, 1} /* its own, recommended again */};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct bill b;
        begin_bill(&b);
        b.g.rma.fee_count = 1;
        b.fees[0].per = table[i].per;
        b.g.c.line = &b.lines[table[i].line[0] - '1'];
        b.g.unit.unit_id = table[i].unit_id;
        CU_ASSERT_EQUAL(recommend(&b)->fee_count, table[i].charged);
        CU_ASSERT_EQUAL(says(&b, MESSAGE_RULE_FEE_BORNE), table[i].charged == 0);
    }
}

static void a_fee_concerns_grades_and_reasons(void)
{
    struct bill b;
    begin_bill(&b);
    static char reasons[] = "fit_small\nchanged_mind";
    b.fees[0].grades = 1U << GRADE_B;
    CU_ASSERT_EQUAL(recommend(&b)->fee_count, 0);
    b.g.unit.grade = GRADE_B;
    CU_ASSERT_EQUAL(recommend(&b)->fee_count, 1);
    b.fees[0].reasons = reasons;
    CU_ASSERT_EQUAL(recommend(&b)->fee_count, 1);
    TEXT_COPY(b.g.unit.reason_found, "fit_large");
    CU_ASSERT_EQUAL(recommend(&b)->fee_count, 0);
}

static void a_fee_may_be_free(void)
{
    for (int free = 0; free < FREE_COUNT; free++) {
        struct bill b;
        begin_bill(&b);
        b.g.questions[0].role = QUESTION_SEALED;
        b.fees[0].free_if = 1U << free;
        CU_ASSERT_EQUAL(recommend(&b)->fee_count, free == FREE_REGRET || free == FREE_MERCHANT_PAYS ? 0 : 1);
        b.g.rma.return_paid_by = PAYER_CUSTOMER;
        static const char *const found[] = {"changed_mind", "defective", "wrong_item_sent", "warranty", "recall"};
        TEXT_COPY(b.g.unit.reason_found, free <= FREE_RECALL ? found[free] : "changed_mind");
        b.g.rma.outcome = free == FREE_EXCHANGE       ? METHOD_EXCHANGE
                          : free == FREE_STORE_CREDIT ? METHOD_STORE_CREDIT
                          : free == FREE_REPAIR       ? METHOD_REPAIR
                                                      : METHOD_REFUND;
        if (free == FREE_MERCHANT_PAYS)
            b.g.rma.return_paid_by = PAYER_MERCHANT;
        if (free == FREE_SEALED)
            inspection_put(&b.g.inspection, "tag", "yes", false);
        CU_ASSERT_EQUAL(recommend(&b)->fee_count, 0);
        CU_ASSERT_TRUE(says(&b, MESSAGE_RULE_FEE_FREE));
    }
}

static void money_paid_before_is_only_adjusted(void)
{
    static const struct {
        enum refund_timing timing;
        bool paid, receipt;
        enum verdict verdict;
        int64_t amount, adjust;
        enum method method;
    } table[] = {
        {TIMING_ON_INSPECTION, false, false, VERDICT_ACCEPTED, 1690, 0, METHOD_REFUND},
        {TIMING_ON_INSPECTION, false, false, VERDICT_REJECTED, 0, 0, METHOD_NONE},
        {TIMING_ON_INSPECTION, false, false, VERDICT_MANUAL, 0, 0, METHOD_NONE},
        {TIMING_ON_INSPECTION, true, false, VERDICT_ACCEPTED, 0, 300, METHOD_NONE},
        {TIMING_IMMEDIATE, false, false, VERDICT_REJECTED, 0, 1990, METHOD_NONE},
        {TIMING_IMMEDIATE, true, false, VERDICT_MANUAL, 0, 0, METHOD_NONE},
        {TIMING_ON_RECEIPT, false, true, VERDICT_REJECTED, 0, 1990, METHOD_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct bill b;
        begin_bill(&b);
        b.g.rma.refund_timing = table[i].timing;
        b.g.rma.already_refunded = table[i].paid;
        b.g.rma.receipt_recommended = table[i].receipt;
        b.g.unit.verdict = table[i].verdict;
        const struct recommendation *outcome = recommend(&b);
        CU_ASSERT_EQUAL(outcome->method, table[i].method);
        CU_ASSERT_EQUAL(outcome->amount, table[i].amount);
        CU_ASSERT_EQUAL(outcome->adjust, table[i].adjust);
        CU_ASSERT_EQUAL(outcome->percent, table[i].verdict == VERDICT_ACCEPTED ? 100 : 0);
        CU_ASSERT_EQUAL(outcome->manual, table[i].verdict == VERDICT_MANUAL);
    }
}

/* 14 days after the customer said so, where the law gives the right to withdraw: a consumer of the EU or EEA, at a
   distance, without a reason. */
static void the_legal_term_applies_where_it_applies(void)
{
    static const struct {
        const char *country, *reason;
        enum channel channel;
        enum method method;
        bool due;
    } table[] = {
        {"FR", "changed_mind", CHANNEL_ONLINE, METHOD_REFUND, true},
        {"NO", "fit_small", CHANNEL_MARKETPLACE, METHOD_REFUND, true},
        {"CH", "changed_mind", CHANNEL_ONLINE, METHOD_REFUND, false},
        {"", "changed_mind", CHANNEL_ONLINE, METHOD_REFUND, false},
        {"FR", "changed_mind", CHANNEL_STORE, METHOD_REFUND, false},
        {"FR", "changed_mind", CHANNEL_B2B, METHOD_REFUND, false},
        {"FR", "defective", CHANNEL_ONLINE, METHOD_REFUND, false},
        {"FR", "changed_mind", CHANNEL_ONLINE, METHOD_EXCHANGE, false},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct bill b;
        begin_bill(&b);
        TEXT_COPY(b.g.rma.country, table[i].country);
        TEXT_COPY(b.g.unit.reason_found, table[i].reason);
        b.g.rma.channel = table[i].channel;
        b.g.rma.outcome = table[i].method;
        int32_t due = recommend(&b)->refund_due_by;
        CU_ASSERT_EQUAL(due, table[i].due ? clock_day(b.g.rma.requested_at) + 14 : DATE_NONE);
        CU_ASSERT_EQUAL(says(&b, MESSAGE_RULE_DUE_BY), table[i].due);
    }
}

static void a_high_refund_is_for_a_person(void)
{
    struct bill b;
    begin_bill(&b);
    b.g.policy.approval_limit = 1690; /* 19.90 less the fee */
    CU_ASSERT_FALSE(recommend(&b)->manual);
    b.g.policy.approval_limit--;
    CU_ASSERT_TRUE(recommend(&b)->manual);
    CU_ASSERT_EQUAL(b.outcome.method, METHOD_REFUND);
    CU_ASSERT_TRUE(says(&b, MESSAGE_RULE_APPROVAL));
}

static void at_receipt_everything_expected_is_recommended(void)
{
    struct bill b;
    begin_bill(&b);
    recommend_receipt(&b.g.rma, &b.outcome);
    CU_ASSERT_TRUE(b.outcome.whole_rma);
    CU_ASSERT_EQUAL(b.outcome.amount, 2 * 1990 + 3000);
    CU_ASSERT_EQUAL(b.outcome.fee_count, 0);
    CU_ASSERT_EQUAL(b.outcome.refund_due_by, clock_day(b.g.rma.requested_at) + 14);
    CU_ASSERT_STRING_EQUAL(b.outcome.currency, "EUR");
}

SUITE("core/recommend",
      {"an exchange is promised once for the whole line", an_exchange_is_promised_once_for_the_whole_line},
      {"a fee per unit is one per piece", a_fee_per_unit_is_one_per_piece}, {"a fee is taken off", a_fee_is_taken_off},
      {"a fee is charged once", a_fee_is_charged_once},
      {"a fee concerns grades and reasons", a_fee_concerns_grades_and_reasons},
      {"a fee may be free", a_fee_may_be_free},
      {"money paid before is only adjusted", money_paid_before_is_only_adjusted},
      {"the legal term applies where it applies", the_legal_term_applies_where_it_applies},
      {"a high refund is for a person", a_high_refund_is_for_a_person},
      {"at receipt everything expected is recommended", at_receipt_everything_expected_is_recommended})
