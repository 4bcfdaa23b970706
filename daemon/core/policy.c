/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in the order in which they apply; each leaves a step in the trace, so that every verdict explains itself. */
#include "daemon/core/policy.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

void trace_add(struct trace *trace, struct message step)
{
    if (trace->count < TRACE_MAX)
        trace->steps[trace->count++] = step;
}

static void explain(struct policy_result *result, struct message step)
{
    trace_add(&result->trace, step);
}

/* A rule looks at the case and may settle the verdict; VERDICT_NONE = it has nothing to say. */
typedef enum verdict rule_fn(const struct policy_case *c, struct policy_result *result);

static enum verdict reject(struct policy_result *result, const char *code)
{
    TEXT_COPY(result->reject_code, code);
    return VERDICT_REJECTED;
}

/* ---- what only a person may decide ---- */

static enum verdict rule_problem(const struct policy_case *c, struct policy_result *result)
{
    if (c->unit->problem[0] == '\0')
        return VERDICT_NONE;
    explain(result, message_word(message_of(MESSAGE_RULE_PROBLEM), 0, "problem", c->unit->problem));
    return VERDICT_MANUAL;
}

static enum verdict rule_line(const struct policy_case *c, struct policy_result *result)
{
    if (c->line != NULL && !c->line->withdrawn)
        return VERDICT_NONE;
    explain(result, message_of(c->line != NULL  ? MESSAGE_RULE_WITHDRAWN
                               : c->unverified ? MESSAGE_RULE_UNVERIFIED
                                               : MESSAGE_RULE_NO_LINE));
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

static enum verdict rule_content(const struct policy_case *c, struct policy_result *result)
{
    struct given_answer answer = {0};
    if (c->inspection == NULL ||
        !text_equal(inspection_role(c->inspection, c->checklist, QUESTION_CONTENT, &answer), "no"))
        return VERDICT_NONE;
    explain(result, message_of(MESSAGE_RULE_CONTENT));
    return VERDICT_MANUAL;
}

static enum verdict rule_policy(const struct policy_case *c, struct policy_result *result)
{
    if (result->policy == NULL) {
        explain(result, message_text(message_of(MESSAGE_RULE_NO_POLICY), 0, c->rma->policy));
        return VERDICT_MANUAL;
    }
    struct message step = message_text(message_of(MESSAGE_RULE_POLICY), 0, result->policy->id);
    step = message_number(step, 1, result->policy->version);
    explain(result, message_word(step, 2, "class", name_of(&reason_class_names, (int)result->class)));
    return VERDICT_NONE;
}

/* ---- the window ---- */

/* The day of the request, else of the authorisation, else today. */
static int32_t asked_day(const struct rma *rma, int64_t now)
{
    int64_t at = rma == NULL                         ? now
                 : rma->requested_at != INSTANT_NONE ? rma->requested_at
                 : rma->authorised_at != INSTANT_NONE ? rma->authorised_at
                                                      : now;
    return clock_day(at);
}

int32_t policy_tested_day(const struct policy_case *c, enum tested tested)
{
    if (tested == TESTED_ACCEPTANCE && c->rma->authorised_at != INSTANT_NONE)
        return clock_day(c->rma->authorised_at);
    if (tested == TESTED_RECEIPT)
        return clock_day(c->received_at != INSTANT_NONE ? c->received_at : c->now);
    return asked_day(c->rma, c->now);
}

/* The last day of an extension that the reference day earns, DATE_NONE = of none. */
static int32_t extended_until(const struct policy *policy, int32_t reference)
{
    int32_t until = DATE_NONE;
    for (size_t i = 0; i < policy->extension_count; i++) {
        const struct policy_extension *e = &policy->extensions[i];
        if (reference >= e->from && reference <= e->to && (until == DATE_NONE || e->until > until))
            until = e->until;
    }
    return until;
}

struct window {
    bool known, late, extended;
    int32_t used, allowed; /* days */
};

static struct window window_of(const struct policy_case *c, const struct policy *policy)
{
    int32_t start = policy->reference == REFERENCE_PURCHASE ? c->rma->purchase_date : c->rma->delivery_date;
    struct window window = {.known = start != DATE_NONE, .allowed = policy->window_days};
    if (!window.known || policy->window_days < 0)
        return window;
    int32_t tested = policy_tested_day(c, policy->tested), until = extended_until(policy, start);
    window.used = tested - start;
    window.extended = until != DATE_NONE && until - start > policy->window_days;
    if (window.extended)
        window.allowed = until - start;
    window.late = window.used > window.allowed;
    return window;
}

static enum verdict rule_window(const struct policy_case *c, struct policy_result *result)
{
    if (result->policy->window_days < 0) {
        explain(result, message_of(MESSAGE_RULE_WINDOW_UNLIMITED));
        return VERDICT_NONE;
    }
    struct window window = window_of(c, result->policy);
    if (!window.known || c->clock_unsure) {
        explain(result, message_of(window.known ? MESSAGE_RULE_CLOCK_UNSURE : MESSAGE_RULE_WINDOW_UNKNOWN));
        return window.known ? VERDICT_MANUAL : VERDICT_NONE;
    }
    enum message_key key = window.late       ? MESSAGE_RULE_WINDOW_EXCEEDED
                           : window.extended ? MESSAGE_RULE_WINDOW_EXTENDED
                                             : MESSAGE_RULE_WINDOW_OK;
    explain(result, message_number(message_number(message_of(key), 0, window.used), 1, window.allowed));
    return window.late ? reject(result, "window_exceeded") : VERDICT_NONE;
}

/* ---- exclusions and conditions ---- */

bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = list; length > 0 && p != NULL && *p != '\0';) {
        size_t n = strcspn(p, "\n");
        if (n == length && memcmp(p, word, n) == 0)
            return true;
        p += n + (p[n] == '\n');
    }
    return false;
}

/* Exclusions limit the right to change one's mind; who got faulty or wrong goods has other rights. */
static enum verdict rule_exclusion(const struct policy_case *c, struct policy_result *result)
{
    const struct policy *policy = result->policy;
    if (result->class != REASON_REGRET)
        return VERDICT_NONE;
    if ((c->line->flags & policy->excluded_flags) != 0)
        explain(result, message_of((c->line->flags & policy->excluded_flags & FLAG_FINAL_SALE) != 0
                                       ? MESSAGE_RULE_FINAL_SALE
                                       : MESSAGE_RULE_PERSONALISED));
    else if (list_has(policy->excluded_categories, c->product->category) ||
             list_has(policy->excluded_products, c->unit->sku))
        explain(result, message_text(message_of(MESSAGE_RULE_EXCLUDED), 0, c->unit->sku));
    else
        return VERDICT_NONE;
    return reject(result, "excluded_product");
}

static bool is_sealed(const struct policy_case *c)
{
    struct given_answer answer = {0};
    return c->inspection != NULL &&
           text_equal(inspection_role(c->inspection, c->checklist, QUESTION_SEALED, &answer), "yes");
}

/* Like exclusions, for who changed their mind only. A question that nobody asked leaves it to a person. */
static enum verdict rule_conditions(const struct policy_case *c, struct policy_result *result)
{
    static const struct inspection nothing = {0};
    const struct inspection *inspection = c->inspection != NULL ? c->inspection : &nothing;
    if (result->class != REASON_REGRET || is_sealed(c))
        return VERDICT_NONE;
    for (size_t i = 0; i < result->policy->condition_count; i++) {
        const struct policy_condition *condition = &result->policy->conditions[i];
        struct given_answer answer;
        inspection_answer(inspection, condition->question, &answer);
        if (text_equal(answer.answer, condition->answer))
            continue;
        bool asked = answer.answer[0] != '\0';
        struct message step = message_of(asked ? MESSAGE_RULE_CONDITION : MESSAGE_RULE_CONDITION_OPEN);
        explain(result, message_text(step, 0, condition->question));
        return asked ? reject(result, "condition_not_met") : VERDICT_MANUAL;
    }
    return VERDICT_NONE;
}

static enum verdict rule_outcome(const struct policy_case *c, struct policy_result *result)
{
    unsigned outcomes = result->policy->outcomes;
    if (outcomes == 0 || c->rma->outcome == METHOD_NONE || (outcomes & 1U << c->rma->outcome) != 0)
        return VERDICT_NONE;
    explain(result, message_word(message_of(MESSAGE_RULE_OUTCOME), 0, "method",
                                 name_of(&method_names, (int)c->rma->outcome)));
    return VERDICT_MANUAL;
}

static rule_fn *const rules[] = {rule_problem,   rule_line,      rule_rma_state,  rule_content, rule_policy,
                                 rule_exclusion, rule_window,    rule_conditions, rule_outcome};

/* ---- which policy ---- */

static int specificity(const struct policy_scope *scope)
{
    return (scope->class != 0) << 5 | (scope->product[0] != '\0') << 4 | (scope->owner[0] != '\0') << 3 |
           (scope->category[0] != '\0') << 2 | (scope->channel != 0) << 1 | (scope->country[0] != '\0');
}

static bool fits(const char *wanted, const char *actual)
{
    return wanted[0] == '\0' || text_equal(wanted, actual);
}

static bool applies(const struct policy *policy, const struct policy_case *c, enum reason_class class)
{
    const struct policy_scope *scope = &policy->scope;
    int32_t day = asked_day(c->rma, c->now);
    return (policy->valid_from == DATE_NONE || day >= policy->valid_from) &&
           (policy->valid_to == DATE_NONE || day <= policy->valid_to) && fits(scope->owner, c->unit->owner) &&
           fits(scope->category, c->product->category) && fits(scope->product, c->unit->sku) &&
           fits(scope->country, c->rma != NULL ? c->rma->country : "") &&
           (scope->channel == 0 || (c->rma != NULL && scope->channel == (int)c->rma->channel + 1)) &&
           (scope->class == 0 || scope->class == (int)class + 1);
}

static bool goes_before(const struct policy *a, const struct policy *b)
{
    int order = specificity(&a->scope) - specificity(&b->scope);
    if (order != 0)
        return order > 0;
    order = strcmp(a->id, b->id);
    return order != 0 ? order < 0 : a->version > b->version;
}

const struct policy *policy_select(const struct policy_case *c, enum reason_class class)
{
    const char *named = c->rma != NULL ? c->rma->policy : "";
    const struct policy *best = NULL;
    for (size_t i = 0; i < c->policies->count; i++) {
        const struct policy *policy = &c->policies->policies[i];
        bool candidate = named[0] != '\0' ? text_equal(policy->id, named) : applies(policy, c, class);
        if (candidate && (best == NULL || goes_before(policy, best)))
            best = policy;
    }
    return best;
}

const struct policy *policy_find(const struct policy_set *set, const char *id, int64_t version)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal(set->policies[i].id, id) && set->policies[i].version == version)
            return &set->policies[i];
    return NULL;
}

/* The class follows the reason found. A defect that shows after the window is a case for the warranty. */
static void select_policy(const struct policy_case *c, struct policy_result *result)
{
    result->class = reason_class(c->unit->reason_found[0] != '\0' ? c->unit->reason_found : c->unit->reason_declared);
    result->policy = policy_select(c, result->class);
    if (result->class != REASON_DEFECT || result->policy == NULL || c->rma == NULL || c->clock_unsure ||
        !window_of(c, result->policy).late)
        return;
    result->class = REASON_WARRANTY;
    result->policy = policy_select(c, REASON_WARRANTY);
    explain(result, message_of(MESSAGE_RULE_WARRANTY));
}

/* ---- what becomes of it ---- */

static void allow(const struct policy_case *c, const struct disposition_list *from, struct policy_result *result)
{
    unsigned banned, lead;
    policy_guards(c, result, &banned, &lead);
    for (int i = 0; i < from->count; i++) {
        enum disposition disposition = from->items[i];
        struct message about = message_word(message_of(MESSAGE_RULE_FORBIDDEN), 0, "disposition",
                                            name_of(&disposition_names, (int)disposition));
        if ((banned & 1U << disposition) != 0) {
            explain(result, about);
            continue;
        }
        result->allowed.items[result->allowed.count++] = disposition;
        result->needs_lead |= lead & 1U << disposition;
        about.key = MESSAGE_RULE_NEEDS_LEAD;
        if ((lead & 1U << disposition) != 0)
            explain(result, about);
    }
    if (result->allowed.count == 0)
        result->allowed.items[result->allowed.count++] = DISPOSITION_QUARANTINE;
}

void policy_decide(const struct policy_case *c, struct policy_result *ret_result)
{
    static const struct disposition_list hold = {1, {DISPOSITION_QUARANTINE}};
    *ret_result = (struct policy_result){0};
    select_policy(c, ret_result);
    ret_result->verdict = c->told;
    for (size_t i = 0; i < COUNT_OF(rules) && ret_result->verdict == VERDICT_NONE; i++)
        ret_result->verdict = rules[i](c, ret_result);
    if (ret_result->verdict == VERDICT_NONE)
        ret_result->verdict = VERDICT_ACCEPTED;
    const struct policy *policy = ret_result->policy;
    bool held = ret_result->verdict == VERDICT_MANUAL || policy == NULL;
    const struct disposition_list *from = held                                      ? &hold
                                          : ret_result->verdict == VERDICT_REJECTED ? &policy->on_reject
                                                                                    : &policy->grades[c->unit->grade];
    if (ret_result->verdict == VERDICT_ACCEPTED && !held) {
        struct message step = message_word(message_of(MESSAGE_RULE_GRADE), 0, "grade",
                                           name_of(&grade_names, (int)c->unit->grade));
        explain(ret_result, message_number(step, 1, from->count));
    }
    allow(c, from, ret_result);
}
