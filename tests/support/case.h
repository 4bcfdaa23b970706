/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the policy: a graded shirt of an authorised RMA, asked back two days ago, ten days after its delivery.
 */
#ifndef TESTS_SUPPORT_CASE_H
#define TESTS_SUPPORT_CASE_H

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"
#include "tests/support/suite.h"

#include <string.h>

#define NOW INT64_C(1795600800000) /* 2026-11-25T10:00:00Z */
#define BIT(n) (1U << (n))

struct given {
    struct policy policy, other; /* other: only where a test puts it into the set */
    struct policy list[2];
    struct policy_set set;
    struct rma rma;
    struct rma_line line;
    struct unit unit;
    struct product product;
    struct question questions[2];
    struct checklist checklist;
    struct inspection inspection;
    struct policy_case c;
    struct policy_result result;
};

static inline void begin(struct given *g)
{
    *g = (struct given){.unit = {.grade = GRADE_A, .sku = "SHIRT"}, .product = {.sku = "SHIRT"}};
    policy_default(&g->policy);
    g->policy.window_days = 30;
    g->rma = (struct rma){.rma = "RMA-1",
                          .requested_at = NOW - 2 * DAY_MS,
                          .authorised_at = NOW - DAY_MS,
                          .delivery_date = clock_day(NOW) - 12,
                          .purchase_date = DATE_NONE,
                          .export_date = DATE_NONE,
                          .expires_on = DATE_NONE};
    g->line.unit_price = 1990;
    g->set = (struct policy_set){g->list, 1};
    g->questions[0] = (struct question){.id = "tag"};
    g->questions[1] = (struct question){.id = "same", .role = QUESTION_CONTENT};
    g->checklist = (struct checklist){.id = "c", .questions = g->questions, .question_count = 2};
    g->c = (struct policy_case){.policies = &g->set, .rma = &g->rma, .line = &g->line, .unit = &g->unit,
                                .product = &g->product, .checklist = &g->checklist, .inspection = &g->inspection,
                                .received_at = INSTANT_NONE, .now = NOW};
}

static inline const struct policy_result *decide(struct given *g)
{
    g->list[0] = g->policy;
    g->list[1] = g->other;
    policy_decide(&g->c, &g->result);
    return &g->result;
}

/* The step of the trace with this key, NULL = there is none. */
static inline const struct message *step_of(const struct policy_result *result, enum message_key key)
{
    for (int i = 0; i < result->trace.count; i++)
        if (result->trace.steps[i].key == key)
            return &result->trace.steps[i];
    return NULL;
}

static inline bool explains(const struct policy_result *result, enum message_key key)
{
    return step_of(result, key) != NULL;
}

static inline void check(struct given *g, enum verdict verdict, enum disposition first, enum message_key why)
{
    const struct policy_result *result = decide(g);
    CU_ASSERT_EQUAL(result->verdict, verdict);
    CU_ASSERT_TRUE_FATAL(result->allowed.count > 0);
    CU_ASSERT_EQUAL(result->allowed.items[0], first);
    CU_ASSERT_TRUE(explains(result, why));
}

#endif
