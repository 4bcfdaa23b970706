/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/case.h"

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
        CU_ASSERT_EQUAL(result->allowed.count, unopened ? 4 : 1);
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

/* What the map of grade A allows is left over by the guards, as bits. */
static unsigned left_of(struct given *g)
{
    unsigned bits = 0;
    const struct policy_result *result = decide(g);
    for (int i = 0; i < result->allowed.count; i++)
        bits |= BIT(result->allowed.items[i]);
    return bits;
}

/* A grade that would be allowed everything. */
static void allow_all(struct given *g, enum grade grade)
{
    g->unit.grade = grade;
    struct disposition_list *list = &g->policy.grades[grade];
    for (list->count = 0; list->count < DISPOSITION_MISSING - DISPOSITION_RESELL; list->count++)
        list->items[list->count] = (enum disposition)(DISPOSITION_RESELL + list->count);
}

#define SALE                                                                                                           \
    (BIT(DISPOSITION_RESELL) | BIT(DISPOSITION_RESELL_B) | BIT(DISPOSITION_DONATE) | BIT(DISPOSITION_LIQUIDATE))

static void a_recall_holds_what_it_names(void)
{
    static const struct {
        const char *lots, *from, *to, *lot, *serial;
        bool recalled;
    } table[] = {
        {"", "", "", "", "", true}, /* the whole product */
        {"L1\nL2", "", "", "L2", "", true},
        {"L1\nL2", "", "", "L3", "", false},
        {"L1\nL2", "", "", "L", "", false},
        {"L1", "", "", "", "", true}, /* nobody knows its lot */
        {"", "A100", "A200", "", "A100", true},
        {"", "A100", "A200", "", "A200", true},
        {"", "A100", "A200", "", "A201", false},
        {"", "A100", "A200", "", "A99", false}, /* shorter is smaller */
        {"", "A100", "", "", "B1", false},
        {"", "A100", "", "", "A9999", true},
        {"", "", "A200", "", "A1", true},
        {"", "A100", "A200", "", "", true},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct given g;
        begin(&g);
        allow_all(&g, GRADE_A);
        TEXT_COPY(g.product.recall, "R-1");
        TEXT_COPY(g.product.recall_lots, table[i].lots);
        TEXT_COPY(g.product.recall_from, table[i].from);
        TEXT_COPY(g.product.recall_to, table[i].to);
        TEXT_COPY(g.unit.lot, table[i].lot);
        TEXT_COPY(g.unit.serial, table[i].serial);
        unsigned held = BIT(DISPOSITION_QUARANTINE) | BIT(DISPOSITION_RETURN_TO_VENDOR) | BIT(DISPOSITION_RECYCLE) |
                        BIT(DISPOSITION_DESTROY);
        unsigned left = left_of(&g);
        if ((left == held) != table[i].recalled)
            printf("\n    row %zu\n", i);
        CU_ASSERT_EQUAL(left == held, table[i].recalled);
        CU_ASSERT_EQUAL(explains(&g.result, MESSAGE_RULE_RECALL), table[i].recalled);
    }
    struct given g; /* without a recall the range means nothing */
    begin(&g);
    TEXT_COPY(g.product.recall_from, "A");
    check(&g, VERDICT_ACCEPTED, DISPOSITION_RESELL, MESSAGE_RULE_WINDOW_OK);
}

static void what_expired_is_not_sold(void)
{
    static const struct {
        const char *expiry;
        bool tracked;
        enum message_key why;
    } table[] = {{"2026-11-24", false, MESSAGE_RULE_EXPIRED},
                 {"2026-11-25", false, MESSAGE_NONE}, /* its last day is today */
                 {"", false, MESSAGE_NONE},
                 {"", true, MESSAGE_RULE_EXPIRY_UNKNOWN},
                 {"2027-01-01", true, MESSAGE_NONE}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct given g;
        begin(&g);
        allow_all(&g, GRADE_B);
        TEXT_COPY(g.unit.expiry, table[i].expiry);
        g.product.expiry_tracked = table[i].tracked;
        CU_ASSERT_EQUAL((left_of(&g) & SALE) == 0, table[i].why != MESSAGE_NONE);
        CU_ASSERT_TRUE(table[i].why == MESSAGE_NONE || explains(&g.result, table[i].why));
    }
}

static void the_inspector_says_whether_hygiene_goods_were_opened(void)
{
    static const struct {
        enum grade grade;
        const char *answer;
        bool sold;
    } table[] = {{GRADE_A, "", true}, {GRADE_A, "no", false}, {GRADE_B, "", false}, {GRADE_B, "yes", true}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct given g;
        begin(&g);
        allow_all(&g, table[i].grade);
        g.product.flags = PRODUCT_HYGIENE;
        g.questions[0].role = QUESTION_UNOPENED;
        if (table[i].answer[0] != '\0')
            inspection_put(&g.inspection, "tag", table[i].answer, false);
        CU_ASSERT_EQUAL((left_of(&g) & SALE) != 0, table[i].sold);
    }
}

static void damaged_dangerous_goods_are_not_touched_again(void)
{
    struct given g;
    begin(&g);
    g.product.flags = PRODUCT_HAZMAT;
    allow_all(&g, GRADE_B);
    CU_ASSERT_NOT_EQUAL(left_of(&g) & SALE, 0);
    CU_ASSERT_EQUAL(left_of(&g) & BIT(DISPOSITION_RECYCLE), 0); /* of which class? */
    TEXT_COPY(g.product.hazmat_class, "9");
    CU_ASSERT_NOT_EQUAL(left_of(&g) & BIT(DISPOSITION_RECYCLE), 0);
    allow_all(&g, GRADE_C);
    CU_ASSERT_EQUAL(left_of(&g) & (SALE | BIT(DISPOSITION_REFURBISH) | BIT(DISPOSITION_PARTS)), 0);
    CU_ASSERT_TRUE(explains(&g.result, MESSAGE_RULE_HAZMAT));
}

static void nothing_open_or_unconfirmed_is_sold(void)
{
    struct given g;
    begin(&g);
    allow_all(&g, GRADE_B);
    g.c.open_exception = true;
    CU_ASSERT_EQUAL(left_of(&g) & SALE, 0);
    CU_ASSERT_TRUE(explains(&g.result, MESSAGE_RULE_OPEN_EXCEPTION));
    g.c.open_exception = false;
    TEXT_COPY(g.unit.problem, "serial_mismatch"); /* which opens no exception, and no lead sells it either */
    CU_ASSERT_TRUE(policy_bans(&g.c) & BIT(DISPOSITION_RESELL));
    g.unit.problem[0] = '\0';
    CU_ASSERT_FALSE(policy_bans(&g.c) & BIT(DISPOSITION_RESELL));
    g.unit.sku[0] = '\0';
    CU_ASSERT_EQUAL(left_of(&g) & SALE, 0);
    CU_ASSERT_TRUE(explains(&g.result, MESSAGE_RULE_NOT_CONFIRMED));
    TEXT_COPY(g.unit.gtin, "09520000001025");
    CU_ASSERT_NOT_EQUAL(left_of(&g) & SALE, 0);
}

static void open_box_is_for_grade_b(void)
{
    for (int grade = GRADE_A; grade < GRADE_COUNT; grade++) {
        struct given g;
        begin(&g);
        allow_all(&g, (enum grade)grade);
        CU_ASSERT_EQUAL((left_of(&g) & BIT(DISPOSITION_RESELL_B)) != 0, grade == GRADE_B);
    }
}

static void clothes_and_shoes_are_not_destroyed(void)
{
    static const struct {
        const char *category;
        enum grade grade;
        bool exempt, early;
        bool destroyed, by_lead;
    } table[] = {{"apparel", GRADE_D, false, false, false, false}, {"footwear", GRADE_A, false, false, false, false},
                 {"apparel", GRADE_E, false, false, true, true},   {"apparel", GRADE_D, true, false, true, false},
                 {"books", GRADE_A, false, false, true, false},    {"apparel", GRADE_D, false, true, true, false}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct given g;
        begin(&g);
        allow_all(&g, table[i].grade);
        TEXT_COPY(g.product.category, table[i].category);
        g.policy.espr_exempt = table[i].exempt;
        g.policy.window_days = -1;
        if (table[i].early)
            g.c.now = INT64_C(20652) * DAY_MS; /* 2026-07-18 */
        unsigned left = left_of(&g);
        CU_ASSERT_EQUAL((left & BIT(DISPOSITION_DESTROY)) != 0, table[i].destroyed);
        CU_ASSERT_EQUAL(g.result.needs_lead != 0, table[i].by_lead);
        CU_ASSERT_EQUAL(explains(&g.result, MESSAGE_RULE_ESPR), !table[i].destroyed || table[i].by_lead);
    }
}

static void above_its_limit_a_disposition_needs_a_lead(void)
{
    struct given g;
    begin(&g);
    g.unit.grade = GRADE_E;
    g.policy.value_limits[DISPOSITION_DESTROY] = 1990; /* what the shirt costs */
    CU_ASSERT_EQUAL(decide(&g)->needs_lead, 0);
    g.policy.value_limits[DISPOSITION_DESTROY] = 1989;
    CU_ASSERT_EQUAL(decide(&g)->needs_lead, BIT(DISPOSITION_DESTROY));
    CU_ASSERT_TRUE(explains(&g.result, MESSAGE_RULE_NEEDS_LEAD));
    CU_ASSERT_EQUAL(g.result.allowed.count, 2);
    g.unit.grade = GRADE_A; /* a limit of what is not allowed says nothing */
    CU_ASSERT_EQUAL(decide(&g)->needs_lead, 0);
}

SUITE("core/policy_guard", {"opened hygiene goods are never sold", opened_hygiene_goods_are_never_sold},
      {"the customer's goods are repaired, returned or held", the_customers_goods_are_repaired_returned_or_held},
      {"what the policy forbids is not offered", what_the_policy_forbids_is_not_offered},
      {"a recall holds what it names", a_recall_holds_what_it_names},
      {"what expired is not sold", what_expired_is_not_sold},
      {"the inspector says whether hygiene goods were opened", the_inspector_says_whether_hygiene_goods_were_opened},
      {"damaged dangerous goods are not touched again", damaged_dangerous_goods_are_not_touched_again},
      {"nothing open or unconfirmed is sold", nothing_open_or_unconfirmed_is_sold},
      {"open box is for grade B", open_box_is_for_grade_b},
      {"clothes and shoes are not destroyed", clothes_and_shoes_are_not_destroyed},
      {"above its limit a disposition needs a lead", above_its_limit_a_disposition_needs_a_lead})
