/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/case.h"

static void inside_the_window_it_is_accepted(void)
{
    struct given g;
    begin(&g);
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    CU_ASSERT_EQUAL(step_of(&g.result, MESSAGE_RULE_WINDOW_OK)->args[0].number, 10);
    CU_ASSERT_EQUAL(step_of(&g.result, MESSAGE_RULE_WINDOW_OK)->args[1].number, 30);
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
    CU_ASSERT_EQUAL(step_of(&g.result, MESSAGE_RULE_WINDOW_OK)->args[0].number, 30);
    g.rma.authorised_at = INSTANT_NONE;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
}

static void the_window_starts_where_the_policy_says(void)
{
    struct given g;
    begin(&g);
    g.rma.purchase_date = clock_day(NOW) - 100;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    g.policy.reference = REFERENCE_PURCHASE;
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
    TEXT_COPY(g.unit.reason_found, "defective"); /* who got faulty goods may return them all the same */
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    TEXT_COPY(g.unit.reason_found, "changed_mind");
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

static void grade_e_gives_the_choice(void)
{
    struct given g;
    begin(&g);
    g.unit.grade = GRADE_E;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RECYCLE, MESSAGE_RULE_GRADE);
    CU_ASSERT_EQUAL(g.result.allowed.count, 2);
    CU_ASSERT_EQUAL(g.result.allowed.items[1], DISPOSITION_DESTROY);
}

static void a_holiday_extends_the_window(void)
{
    struct given g;
    begin(&g);
    g.policy.window_days = 5; /* asked for on day 10 */
    struct policy_extension holiday = {g.rma.delivery_date - 3, g.rma.delivery_date, g.rma.delivery_date + 10};
    g.policy.extensions = &holiday;
    g.policy.extension_count = 1;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_EXTENDED);
    holiday.until--;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
    holiday.until++, holiday.to--; /* delivered the day after */
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
}

static void the_policy_says_which_day_is_tested(void)
{
    static const int32_t used[TESTED_COUNT] = {[TESTED_REQUEST] = 10, [TESTED_ACCEPTANCE] = 11, [TESTED_RECEIPT] = 12};
    for (int tested = 0; tested < TESTED_COUNT; tested++) {
        struct given g;
        begin(&g);
        g.policy.tested = (enum tested)tested;
        check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
        CU_ASSERT_EQUAL(step_of(&g.result, MESSAGE_RULE_WINDOW_OK)->args[0].number, used[tested]);
    }
}

static void an_unsure_clock_leaves_windows_to_a_person(void)
{
    struct given g;
    begin(&g);
    g.c.clock_unsure = true;
    check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, MESSAGE_RULE_CLOCK_UNSURE);
    g.policy.window_days = -1;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_UNLIMITED);
}

static void conditions_are_answers(void)
{
    struct given g;
    begin(&g);
    struct policy_condition condition = {"tag", "yes"};
    g.policy.conditions = &condition;
    g.policy.condition_count = 1;
    check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, MESSAGE_RULE_CONDITION_OPEN);
    inspection_put(&g.inspection, "tag", "no", false);
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_CONDITION);
    CU_ASSERT_STRING_EQUAL(g.result.reject_code, "condition_not_met");
    TEXT_COPY(g.unit.reason_found, "defective");
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    TEXT_COPY(g.unit.reason_found, "");
    inspection_put(&g.inspection, "tag", "yes", true);
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    inspection_put(&g.inspection, "same", "no", false);
    check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, MESSAGE_RULE_CONTENT);
}

static void exclusions_are_data(void)
{
    struct given g;
    begin(&g);
    static char categories[] = "food\nbooks", products[] = "SHIRT";
    g.policy.excluded_categories = categories;
    TEXT_COPY(g.unit.sku, "SHIRT");
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    TEXT_COPY(g.product.category, "books");
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_EXCLUDED);
    TEXT_COPY(g.product.category, "book");
    g.policy.excluded_products = products;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_EXCLUDED);
    g.policy.excluded_products = NULL;
    g.line.flags = FLAG_PERSONALISED; /* the default policy does not name it */
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    g.policy.excluded_flags |= FLAG_PERSONALISED;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_PERSONALISED);
}

static void what_the_policy_does_not_give_is_manual(void)
{
    struct given g;
    begin(&g);
    g.rma.outcome = METHOD_EXCHANGE;
    g.policy.outcomes = 1U << METHOD_REFUND;
    check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, MESSAGE_RULE_OUTCOME);
    g.policy.outcomes |= 1U << METHOD_EXCHANGE;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
}

/* ---- which policy ---- */

static void a_defect_after_the_window_is_a_warranty_case(void)
{
    struct given g;
    begin(&g);
    TEXT_COPY(g.unit.reason_declared, "changed_mind"); /* what was found counts, not what was declared */
    TEXT_COPY(g.unit.reason_found, "defective");
    g.rma.delivery_date = clock_day(NOW) - 200;
    policy_default(&g.other);
    TEXT_COPY(g.other.id, "warranty");
    g.other.window_days = 730;
    g.other.scope.class = REASON_WARRANTY + 1;
    g.other.grades[GRADE_A] = (struct disposition_list){1, {DISPOSITION_REFURBISH}};
    g.set.count = 2;
    check(&g, VERDICT_ACCEPTED, DISPOSITION_REFURBISH, MESSAGE_RULE_WARRANTY);
    CU_ASSERT_EQUAL(g.result.class, REASON_WARRANTY);
    CU_ASSERT_STRING_EQUAL(g.result.policy->id, "warranty");
    g.rma.delivery_date = clock_day(NOW) - 20; /* within the window a defect is a defect */
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
    CU_ASSERT_EQUAL(g.result.class, REASON_DEFECT);
    g.rma.delivery_date = clock_day(NOW) - 800;
    check(&g, VERDICT_REJECTED, DISPOSITION_RETURN_TO_CUSTOMER, MESSAGE_RULE_WINDOW_EXCEEDED);
}

static void the_most_specific_policy_wins(void)
{
    /* Each scope here beats all that stand behind it, and loses to those before it. */
    static const struct policy_scope scopes[] = {
        {.class = REASON_REGRET + 1}, {.product = "SHIRT"},          {.owner = "acme"}, {.category = "apparel"},
        {.channel = CHANNEL_ONLINE + 1}, {.country = "FR"},          {.owner = ""},
    };
    for (size_t a = 0; a < COUNT_OF(scopes); a++) {
        for (size_t b = 0; b < COUNT_OF(scopes); b++) {
            struct given g;
            begin(&g);
            TEXT_COPY(g.unit.sku, "SHIRT");
            TEXT_COPY(g.unit.owner, "acme");
            TEXT_COPY(g.product.category, "apparel");
            TEXT_COPY(g.rma.country, "FR");
            policy_default(&g.other);
            TEXT_COPY(g.other.id, "other");
            g.policy.scope = scopes[a];
            g.other.scope = scopes[b];
            g.set.count = 2;
            const struct policy *found = decide(&g)->policy;
            CU_ASSERT_STRING_EQUAL(found->id, a <= b ? "default" : "other"); /* equal: the smaller id */
        }
    }
}

static void what_does_not_fit_does_not_apply(void)
{
    static const struct policy_scope foreign[] = {
        {.class = REASON_RECALL + 1}, {.product = "SHIRT-2"}, {.owner = "main"},
        {.category = "app"},          {.channel = CHANNEL_B2B + 1}, {.country = "DE"}};
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        struct given g;
        begin(&g);
        TEXT_COPY(g.unit.sku, "SHIRT");
        TEXT_COPY(g.unit.owner, "acme");
        TEXT_COPY(g.product.category, "apparel");
        g.policy.scope = foreign[i];
        check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, MESSAGE_RULE_NO_POLICY);
    }
}

static void a_policy_has_its_time_and_its_versions(void)
{
    struct given g;
    begin(&g);
    g.other = g.policy;
    g.other.version = 2;
    g.set.count = 2;
    CU_ASSERT_EQUAL(decide(&g)->policy->version, 2);
    g.other.valid_from = clock_day(g.rma.requested_at) + 1; /* asked for the day before */
    CU_ASSERT_EQUAL(decide(&g)->policy->version, 1);
    g.other.valid_from--;
    CU_ASSERT_EQUAL(decide(&g)->policy->version, 2);
    g.other.valid_to = g.other.valid_from;
    CU_ASSERT_EQUAL(decide(&g)->policy->version, 2);
    g.other.valid_from = DATE_NONE, g.other.valid_to--;
    CU_ASSERT_EQUAL(decide(&g)->policy->version, 1);
}

static void the_rma_may_name_its_policy(void)
{
    struct given g;
    begin(&g);
    policy_default(&g.other);
    TEXT_COPY(g.other.id, "gold");
    g.other.scope.product[0] = 'X'; /* by scope it would not apply */
    g.set.count = 2;
    TEXT_COPY(g.rma.policy, "gold");
    CU_ASSERT_STRING_EQUAL(decide(&g)->policy->id, "gold");
    TEXT_COPY(g.rma.policy, "silver");
    check(&g, VERDICT_MANUAL, DISPOSITION_QUARANTINE, MESSAGE_RULE_NO_POLICY);
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
      {"grade E gives the choice", grade_e_gives_the_choice},
      {"a holiday extends the window", a_holiday_extends_the_window},
      {"the policy says which day is tested", the_policy_says_which_day_is_tested},
      {"an unsure clock leaves windows to a person", an_unsure_clock_leaves_windows_to_a_person},
      {"conditions are answers", conditions_are_answers}, {"exclusions are data", exclusions_are_data},
      {"what the policy does not give is manual", what_the_policy_does_not_give_is_manual},
      {"a defect after the window is a warranty case", a_defect_after_the_window_is_a_warranty_case},
      {"the most specific policy wins", the_most_specific_policy_wins},
      {"what does not fit does not apply", what_does_not_fit_does_not_apply},
      {"a policy has its time and its versions", a_policy_has_its_time_and_its_versions},
      {"the RMA may name its policy", the_rma_may_name_its_policy},
      {"there is always a way and a reason", there_is_always_a_way_and_a_reason})
