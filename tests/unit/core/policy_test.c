/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core/policy.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <string.h>

#define NOW INT64_C(1795600800000) /* 2026-11-25T10:00:00Z */
#define BIT(n) (1U << (n))

/* A graded shirt of an authorised RMA, asked back two days ago, ten days after its delivery. */
struct given {
    struct policy policy;
    struct rma rma;
    struct rma_line line;
    struct unit unit;
    struct product product;
    struct policy_case c;
    struct policy_result result;
};

static void begin(struct given *g)
{
    *g = (struct given){.unit = {.grade = GRADE_A}, .product = {.sku = "SHIRT"}};
    policy_default(&g->policy);
    g->policy.window_days = 30;
    g->rma = (struct rma){.rma = "RMA-1", .requested_at = NOW - 2 * DAY_MS, .authorised_at = NOW - DAY_MS,
                          .delivery_date = clock_day(NOW) - 12, .purchase_date = DATE_NONE, .expires_on = DATE_NONE};
    g->c = (struct policy_case){&g->policy, &g->rma, &g->line, &g->unit, &g->product, NOW};
}

static const struct policy_result *decide(struct given *g)
{
    policy_decide(&g->c, &g->result);
    return &g->result;
}

static bool explains(const struct policy_result *result, enum message_key key)
{
    for (int i = 0; i < result->trace.count; i++)
        if (result->trace.steps[i].key == key)
            return true;
    return false;
}

static void check(struct given *g, enum verdict verdict, enum disposition first, enum message_key why)
{
    const struct policy_result *result = decide(g);
    CU_ASSERT_EQUAL(result->verdict, verdict);
    CU_ASSERT_TRUE_FATAL(result->allowed.count > 0);
    CU_ASSERT_EQUAL(result->allowed.items[0], first);
    CU_ASSERT_TRUE(explains(result, why));
}

static void inside_the_window_it_is_accepted(void)
{
    struct given g;
    begin(&g);
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    CU_ASSERT_EQUAL(g.result.trace.steps[0].args[0].number, 10);
    CU_ASSERT_EQUAL(g.result.trace.steps[0].args[1].number, 30);
    CU_ASSERT_STRING_EQUAL(g.result.reject_code, "");
    g.rma.delivery_date = clock_day(g.rma.requested_at) - 30; /* the last day */
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
}

static void after_it_it_is_rejected(void)
{
    struct given g;
    begin(&g);
    g.rma.delivery_date = clock_day(g.rma.requested_at) - 31;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
    CU_ASSERT_EQUAL(g.result.allowed.count, 2);
    CU_ASSERT_EQUAL(g.result.allowed.items[1], DISPOSITION_QUARANTINE);
    CU_ASSERT_STRING_EQUAL(g.result.reject_code, "window_exceeded");
}

static void the_day_tested_is_of_the_request_else_authorisation_else_now(void)
{
    struct given g;
    begin(&g);
    g.rma.delivery_date = clock_day(NOW) - 31; /* request on day 29, authorisation on day 30, now is day 31 */
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    g.rma.requested_at = INSTANT_NONE;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    CU_ASSERT_EQUAL(g.result.trace.steps[0].args[0].number, 30);
    g.rma.authorised_at = INSTANT_NONE;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
}

static void the_window_starts_where_the_policy_says(void)
{
    struct given g;
    begin(&g);
    g.rma.purchase_date = clock_day(NOW) - 100;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    g.policy.from_purchase = true;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
}

static void without_limit_or_date_nothing_is_counted(void)
{
    struct given g;
    begin(&g);
    g.policy.window_days = -1;
    g.rma.delivery_date = 0;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_UNLIMITED);
    begin(&g);
    g.rma.delivery_date = DATE_NONE;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_UNKNOWN);
}

static void a_final_sale_is_rejected(void)
{
    struct given g;
    begin(&g);
    g.line.flags = FLAG_FINAL_SALE;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_FINAL_SALE);
    CU_ASSERT_STRING_EQUAL(g.result.reject_code, "excluded_product");
    g.policy.on_reject.count = 0; /* nowhere to go: quarantine */
    check(&g, VERDICT_REJECTED, DISPOSITION_QUARANTINE, MESSAGE_RULE_FINAL_SALE);
}

static void what_is_unclear_is_manual_and_goes_to_quarantine(void)
{
    static const struct {
        enum rma_state state;
        const char *problem;
        bool blind;
        enum message_key why;
    } table[] = {{RMA_CANCELLED, "", false, MESSAGE_RULE_RMA_STATE},
                 {RMA_EXPIRED, "", false, MESSAGE_RULE_RMA_STATE},
                 {RMA_AUTHORISED, "serial_mismatch", false, MESSAGE_RULE_PROBLEM},
                 {RMA_AUTHORISED, "", true, MESSAGE_RULE_NO_LINE}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        for (int grade = GRADE_A; grade <= GRADE_E; grade++) {
            struct given g;
            begin(&g);
            g.unit.grade = (enum grade)grade;
            g.rma.state = table[i].state;
            g.line.flags = FLAG_FINAL_SALE; /* a person decides before any other rule does */
            TEXT_COPY(g.unit.problem, table[i].problem);
            if (table[i].blind)
                g.c.rma = NULL, g.c.line = NULL;
            check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, table[i].why);
            CU_ASSERT_EQUAL(g.result.allowed.count, 1);
        }
    }
}

static void opened_hygiene_goods_are_never_sold(void)
{
    for (int grade = GRADE_A; grade <= GRADE_E; grade++) {
        struct given g;
        begin(&g);
        g.product.flags = PRODUCT_HYGIENE;
        g.unit.grade = (enum grade)grade;
        g.policy.grades[grade] = (struct disposition_list){
            5,
            {DISPOSITION_RESELL, DISPOSITION_RESELL_B, DISPOSITION_DONATE, DISPOSITION_LIQUIDATE, DISPOSITION_DESTROY}};
        bool unopened = grade == GRADE_A;
        const struct policy_result *result = decide(&g);
        CU_ASSERT_EQUAL(result->allowed.count, unopened ? 5 : 1);
        CU_ASSERT_EQUAL(result->allowed.items[0], unopened ? DISPOSITION_RESELL : DISPOSITION_DESTROY);
        CU_ASSERT_EQUAL(explains(result, MESSAGE_RULE_HYGIENE), !unopened);
    }
}

static void the_customers_goods_are_repaired_returned_or_held(void)
{
    const unsigned good =
        BIT(DISPOSITION_REFURBISH) | BIT(DISPOSITION_RETURN_TO_CUSTOMER) | BIT(DISPOSITION_QUARANTINE);
    for (int disposition = DISPOSITION_RESELL; disposition < DISPOSITION_MISSING; disposition++) {
        struct given g;
        begin(&g);
        g.unit.title = TITLE_CUSTOMER;
        g.policy.grades[GRADE_A] = (struct disposition_list){1, {(enum disposition)disposition}};
        const struct policy_result *result = decide(&g);
        bool allowed = (good & BIT(disposition)) != 0;
        CU_ASSERT_EQUAL(result->allowed.items[0], allowed ? (enum disposition)disposition : DISPOSITION_QUARANTINE);
        CU_ASSERT_EQUAL(result->allowed.count, 1);
        CU_ASSERT_EQUAL(explains(result, MESSAGE_RULE_FORBIDDEN), !allowed);
    }
}

static void what_the_policy_forbids_is_not_offered(void)
{
    struct given g;
    begin(&g);
    g.unit.grade = GRADE_E;
    g.policy.forbid = BIT(DISPOSITION_DESTROY);
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RECYCLE, MESSAGE_RULE_FORBIDDEN);
    CU_ASSERT_EQUAL(g.result.allowed.count, 1);
    g.policy.forbid |= BIT(DISPOSITION_RECYCLE);
    check(&g, VERDICT_ACCEPTED, DISPOSITION_QUARANTINE, MESSAGE_RULE_FORBIDDEN);
}

static void grade_e_gives_the_choice(void)
{
    struct given g;
    begin(&g);
    g.unit.grade = GRADE_E;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RECYCLE, MESSAGE_RULE_GRADE);
    CU_ASSERT_EQUAL(g.result.allowed.count, 2);
    CU_ASSERT_EQUAL(g.result.allowed.items[1], DISPOSITION_DESTROY);
}

/* Every combination leaves something to do with the unit, each once, and a reason. */
static void there_is_always_a_way_and_a_reason(void)
{
    uint64_t random = suite_seed();
    for (int i = 0; i < 5000; i++) {
        struct given g;
        begin(&g);
        g.unit.grade = (enum grade)(suite_random(&random) % GRADE_COUNT);
        g.unit.title = (enum title)(suite_random(&random) % TITLE_COUNT);
        g.product.flags = (unsigned)(suite_random(&random) % 4);
        g.line.flags = (unsigned)(suite_random(&random) % 4);
        g.policy.forbid = (unsigned)suite_random(&random);
        g.policy.window_days = (int32_t)(suite_random(&random) % 40) - 1;
        g.rma.state = (enum rma_state)(suite_random(&random) % RMA_STATE_COUNT);
        for (int k = GRADE_A; k < GRADE_COUNT; k++)
            g.policy.grades[k].count = (int)(suite_random(&random) % 2);
        const struct policy_result *result = decide(&g);
        unsigned seen = 0;
        for (int k = 0; k < result->allowed.count; k++) {
            CU_ASSERT_TRUE(result->allowed.items[k] > DISPOSITION_NONE &&
                           result->allowed.items[k] < DISPOSITION_MISSING);
            CU_ASSERT_EQUAL(seen & BIT(result->allowed.items[k]), 0);
            seen |= BIT(result->allowed.items[k]);
        }
        CU_ASSERT_NOT_EQUAL(seen, 0);
        CU_ASSERT_TRUE(result->trace.count > 0 && result->trace.count <= TRACE_MAX);
        CU_ASSERT_EQUAL(result->reject_code[0] != '\0', result->verdict == VERDICT_REJECTED);
    }
}

SUITE("core/policy", {"inside the window it is accepted", inside_the_window_it_is_accepted},
      {"after it it is rejected", after_it_it_is_rejected},
      {"the day tested is of the request, else authorisation, else now",
       the_day_tested_is_of_the_request_else_authorisation_else_now},
      {"the window starts where the policy says", the_window_starts_where_the_policy_says},
      {"without limit or date nothing is counted", without_limit_or_date_nothing_is_counted},
      {"a final sale is rejected", a_final_sale_is_rejected},
      {"what is unclear is manual and goes to quarantine", what_is_unclear_is_manual_and_goes_to_quarantine},
      {"opened hygiene goods are never sold", opened_hygiene_goods_are_never_sold},
      {"the customer's goods are repaired, returned or held", the_customers_goods_are_repaired_returned_or_held},
      {"what the policy forbids is not offered", what_the_policy_forbids_is_not_offered},
      {"grade E gives the choice", grade_e_gives_the_choice},
      {"there is always a way and a reason", there_is_always_a_way_and_a_reason})
