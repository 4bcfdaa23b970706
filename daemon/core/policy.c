/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in the order in which they apply; each leaves a step in the trace, so that every verdict explains itself. */
#include "daemon/core/policy.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

static void explain(struct policy_result *result, struct message step)
{
    if (result->trace.count < TRACE_MAX)
        result->trace.steps[result->trace.count++] = step;
}

/* A rule looks at the case and may settle the verdict; VERDICT_NONE = it has nothing to say. */
typedef enum verdict rule_fn(const struct policy_case *c, struct policy_result *result);

static enum verdict rule_problem(const struct policy_case *c, struct policy_result *result)
{
    if (c->unit->problem[0] == '\0')
        return VERDICT_NONE;
    explain(result, message_word(message_of(MESSAGE_RULE_PROBLEM), 0, "problem", c->unit->problem));
    return VERDICT_MANUAL;
}

static enum verdict rule_line(const struct policy_case *c, struct policy_result *result)
{
    if (c->line != NULL)
        return VERDICT_NONE;
    explain(result, message_of(MESSAGE_RULE_NO_LINE));
    return VERDICT_MANUAL;
}

static enum verdict rule_rma_state(const struct policy_case *c, struct policy_result *result)
{
    if (c->rma->state != RMA_CANCELLED && c->rma->state != RMA_EXPIRED)
        return VERDICT_NONE;
    explain(result, message_word(message_of(MESSAGE_RULE_RMA_STATE), 0, "rma_state",
                                 name_of(&rma_state_names, (int)c->rma->state)));
    return VERDICT_MANUAL;
}

static enum verdict reject(struct policy_result *result, const char *code)
{
    TEXT_COPY(result->reject_code, code);
    return VERDICT_REJECTED;
}

static enum verdict rule_exclusion(const struct policy_case *c, struct policy_result *result)
{
    if ((c->line->flags & FLAG_FINAL_SALE) == 0)
        return VERDICT_NONE;
    explain(result, message_of(MESSAGE_RULE_FINAL_SALE));
    return reject(result, "excluded_product");
}

/* The day the customer asked, for the window: the request, else the authorisation, else today. */
static int32_t tested_day(const struct policy_case *c)
{
    int64_t at = c->rma->requested_at != INSTANT_NONE    ? c->rma->requested_at
                 : c->rma->authorised_at != INSTANT_NONE ? c->rma->authorised_at
                                                         : c->now;
    return clock_day(at);
}

static enum verdict rule_window(const struct policy_case *c, struct policy_result *result)
{
    if (c->policy->window_days < 0) {
        explain(result, message_of(MESSAGE_RULE_WINDOW_UNLIMITED));
        return VERDICT_NONE;
    }
    int32_t start = c->policy->from_purchase ? c->rma->purchase_date : c->rma->delivery_date;
    if (start == DATE_NONE) {
        explain(result, message_of(MESSAGE_RULE_WINDOW_UNKNOWN));
        return VERDICT_NONE;
    }
    int64_t used = (int64_t)tested_day(c) - start;
    bool late = used > c->policy->window_days;
    struct message step = message_of(late ? MESSAGE_RULE_WINDOW_EXCEEDED : MESSAGE_RULE_WINDOW_OK);
    explain(result, message_number(message_number(step, 0, used), 1, c->policy->window_days));
    return late ? reject(result, "window_exceeded") : VERDICT_NONE;
}

static rule_fn *const rules[] = {rule_problem, rule_line, rule_rma_state, rule_exclusion, rule_window};

#define BIT(disposition) (1u << (disposition))
#define SALE (BIT(DISPOSITION_RESELL) | BIT(DISPOSITION_RESELL_B) | BIT(DISPOSITION_DONATE) | BIT(DISPOSITION_LIQUIDATE))

/* What must not happen to this unit, whatever the policy's map says; each ban is explained once. */
static unsigned banned(const struct policy_case *c, struct policy_result *result)
{
    unsigned ban = c->policy->forbid;
    if ((c->product->flags & PRODUCT_HYGIENE) != 0 && c->unit->grade != GRADE_A) {
        explain(result, message_of(MESSAGE_RULE_HYGIENE));
        ban |= SALE;
    }
    if (c->unit->title == TITLE_CUSTOMER) {
        explain(result, message_of(MESSAGE_RULE_CUSTOMER_TITLE));
        ban |= ~(BIT(DISPOSITION_REFURBISH) | BIT(DISPOSITION_RETURN_TO_CUSTOMER) | BIT(DISPOSITION_QUARANTINE));
    }
    return ban;
}

static void allow(const struct policy_case *c, const struct disposition_list *from, struct policy_result *result)
{
    unsigned ban = banned(c, result);
    for (int i = 0; i < from->count; i++) {
        enum disposition disposition = from->items[i];
        if ((ban & BIT(disposition)) == 0)
            result->allowed.items[result->allowed.count++] = disposition;
        else
            explain(result, message_word(message_of(MESSAGE_RULE_FORBIDDEN), 0, "disposition",
                                         name_of(&disposition_names, (int)disposition)));
    }
    if (result->allowed.count == 0)
        result->allowed.items[result->allowed.count++] = DISPOSITION_QUARANTINE;
}

void policy_decide(const struct policy_case *c, struct policy_result *ret_result)
{
    static const struct disposition_list hold = {1, {DISPOSITION_QUARANTINE}};
    *ret_result = (struct policy_result){0};
    for (size_t i = 0; i < COUNT_OF(rules) && ret_result->verdict == VERDICT_NONE; i++)
        ret_result->verdict = rules[i](c, ret_result);
    if (ret_result->verdict == VERDICT_NONE)
        ret_result->verdict = VERDICT_ACCEPTED;
    const struct disposition_list *from = ret_result->verdict == VERDICT_MANUAL     ? &hold
                                          : ret_result->verdict == VERDICT_REJECTED ? &c->policy->on_reject
                                                                                    : &c->policy->grades[c->unit->grade];
    if (ret_result->verdict == VERDICT_ACCEPTED) {
        struct message step = message_word(message_of(MESSAGE_RULE_GRADE), 0, "grade",
                                           name_of(&grade_names, (int)c->unit->grade));
        explain(ret_result, message_number(step, 1, from->count));
    }
    allow(c, from, ret_result);
}

void policy_default(struct policy *ret_policy)
{
    *ret_policy = (struct policy){
        .id = "default",
        .version = 1,
        .window_days = -1,
        .grades =
            {
                [GRADE_A] = {1, {DISPOSITION_RESELL}},
                [GRADE_B] = {1, {DISPOSITION_RESELL_B}},
                [GRADE_C] = {1, {DISPOSITION_REFURBISH}},
                [GRADE_D] = {1, {DISPOSITION_PARTS}},
                [GRADE_E] = {2, {DISPOSITION_RECYCLE, DISPOSITION_DESTROY}},
            },
        .on_reject = {2, {DISPOSITION_RETURN_TO_CUSTOMER, DISPOSITION_QUARANTINE}},
    };
}

unsigned policy_bans(const struct policy_case *c)
{
    struct policy_result unused = {0};
    return banned(c, &unused);
}
