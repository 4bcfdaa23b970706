/* SPDX-License-Identifier: Apache-2.0 */
/* What must not become of a unit whatever the policy's map says: safe to sell, the law, the policy's own limits. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"

#include <string.h>

#define BIT(disposition) (1U << (disposition))
#define SALE                                                                                                           \
    (BIT(DISPOSITION_RESELL) | BIT(DISPOSITION_RESELL_B) | BIT(DISPOSITION_DONATE) | BIT(DISPOSITION_LIQUIDATE))
#define ESPR_DAY 20653 /* 2026-07-19: (EU) 2024/1781, Article 25 and Annex VII */

/* What a guard finds wrong: the dispositions it takes away and those it leaves to a lead. */
struct guard_result {
    unsigned banned, lead;
    struct message step;
    const struct policy *policy; /* given */
};
typedef bool guard_fn(const struct policy_case *c, struct guard_result *ret);

static const char *answer_of(const struct policy_case *c, enum question_role role, struct given_answer *ret_answer)
{
    static const struct inspection nothing = {0};
    return inspection_role(c->inspection != NULL ? c->inspection : &nothing, c->checklist, role, ret_answer);
}

/* Serials of one product have one form: the shorter is the smaller, then as text. */
static int compare_serials(const char *a, const char *b)
{
    size_t left = strlen(a), right = strlen(b);
    return left != right ? (left > right) - (left < right) : strcmp(a, b);
}

bool policy_recalls(const struct product *product, const struct unit *unit)
{
    bool by_lot = product->recall_lots[0] != '\0';
    bool by_serial = product->recall_from[0] != '\0' || product->recall_to[0] != '\0';
    if (product->recall[0] == '\0')
        return false;
    if (!by_lot && !by_serial)
        return true;
    if (by_lot && (unit->lot[0] == '\0' || list_has(product->recall_lots, unit->lot)))
        return true;
    return by_serial &&
           (unit->serial[0] == '\0' ||
            ((product->recall_from[0] == '\0' || compare_serials(unit->serial, product->recall_from) >= 0) &&
             (product->recall_to[0] == '\0' || compare_serials(unit->serial, product->recall_to) <= 0)));
}

static bool guard_recall(const struct policy_case *c, struct guard_result *ret)
{
    ret->banned = ~(BIT(DISPOSITION_QUARANTINE) | BIT(DISPOSITION_RETURN_TO_VENDOR) | BIT(DISPOSITION_RECYCLE) |
                    BIT(DISPOSITION_DESTROY));
    ret->step = message_text(message_of(MESSAGE_RULE_RECALL), 0, c->product->recall);
    return policy_recalls(c->product, c->unit);
}

static bool guard_expiry(const struct policy_case *c, struct guard_result *ret)
{
    int32_t day;
    bool known = clock_parse_date(c->unit->expiry, &day);
    ret->banned = SALE;
    ret->step = message_of(known ? MESSAGE_RULE_EXPIRED : MESSAGE_RULE_EXPIRY_UNKNOWN);
    if (known)
        ret->step = message_text(ret->step, 0, c->unit->expiry);
    return known ? day < clock_day(c->now) : c->product->expiry_tracked;
}

/* Unopened as the inspector says; where nobody was asked, grade A means unopened. */
static bool guard_hygiene(const struct policy_case *c, struct guard_result *ret)
{
    struct given_answer answer;
    const char *sealed = answer_of(c, QUESTION_SEALED, &answer);
    bool closed = text_equal(sealed, "yes");
    const char *unopened = closed ? "yes" : answer_of(c, QUESTION_UNOPENED, &answer);
    ret->banned = SALE;
    ret->step = message_of(MESSAGE_RULE_HYGIENE);
    return (c->product->flags & PRODUCT_HYGIENE) != 0 &&
           (unopened[0] != '\0' ? !text_equal(unopened, "yes") : c->unit->grade != GRADE_A);
}

static bool guard_hazmat(const struct policy_case *c, struct guard_result *ret)
{
    ret->banned = SALE | BIT(DISPOSITION_REFURBISH) | BIT(DISPOSITION_PARTS);
    ret->step = message_of(MESSAGE_RULE_HAZMAT);
    return (c->product->flags & PRODUCT_HAZMAT) != 0 && c->unit->grade >= GRADE_C;
}

static bool guard_hazmat_class(const struct policy_case *c, struct guard_result *ret)
{
    ret->banned = BIT(DISPOSITION_RECYCLE);
    ret->step = message_of(MESSAGE_RULE_HAZMAT_CLASS);
    return (c->product->flags & PRODUCT_HAZMAT) != 0 && c->product->hazmat_class[0] == '\0';
}

static bool guard_content(const struct policy_case *c, struct guard_result *ret)
{
    struct given_answer answer;
    ret->banned = SALE;
    ret->step = message_of(MESSAGE_RULE_NOT_CONFIRMED);
    bool known = c->unit->sku[0] != '\0' || c->unit->gtin[0] != '\0';
    return !known || text_equal(answer_of(c, QUESTION_CONTENT, &answer), "no");
}

static bool guard_exception(const struct policy_case *c, struct guard_result *ret)
{
    ret->banned = SALE;
    ret->step = message_of(MESSAGE_RULE_OPEN_EXCEPTION);
    return c->open_exception || c->unit->problem[0] != '\0'; /* a serial that does not fit opens none */
}

static bool guard_title(const struct policy_case *c, struct guard_result *ret)
{
    ret->banned =
        ~(BIT(DISPOSITION_REFURBISH) | BIT(DISPOSITION_RETURN_TO_CUSTOMER) | BIT(DISPOSITION_QUARANTINE));
    ret->step = message_of(MESSAGE_RULE_CUSTOMER_TITLE);
    return c->unit->title == TITLE_CUSTOMER;
}

/* Open-box goods are sold as grade B and as nothing else. */
static bool guard_grade_b(const struct policy_case *c, struct guard_result *ret)
{
    ret->banned = BIT(DISPOSITION_RESELL_B);
    ret->step = message_of(MESSAGE_NONE); /* the list itself says which one is not allowed */
    return c->unit->grade != GRADE_B;
}

/* Unsold apparel and footwear, returns among them, must not be destroyed; what cannot be used any more is a derogation
   that a lead answers for. */
static bool guard_espr(const struct policy_case *c, struct guard_result *ret)
{
    const char *category = c->product->category;
    bool usable = c->unit->grade < GRADE_E && !policy_recalls(c->product, c->unit);
    ret->banned = usable ? BIT(DISPOSITION_DESTROY) : 0;
    ret->lead = usable ? 0 : BIT(DISPOSITION_DESTROY);
    ret->step = message_of(MESSAGE_RULE_ESPR);
    bool named = text_equal(category, "apparel") || text_equal(category, "footwear");
    return named && !ret->policy->espr_exempt && clock_day(c->now) >= ESPR_DAY;
}

static guard_fn *const guards[] = {guard_recall,       guard_expiry,  guard_hygiene,   guard_hazmat,
                                   guard_hazmat_class, guard_content, guard_exception, guard_title,
                                   guard_grade_b,      guard_espr};

static unsigned over_limit(const struct policy_case *c, const struct policy *policy)
{
    unsigned lead = 0;
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        if (policy->value_limits[i] >= 0 && c->line != NULL && c->line->unit_price > policy->value_limits[i])
            lead |= BIT(i);
    return lead;
}

/* A guard speaks only if it takes something away that would have been allowed. */
static unsigned map_of(const struct policy_case *c, const struct policy_result *result)
{
    unsigned bits = 0;
    const struct disposition_list *list = result->verdict == VERDICT_ACCEPTED ? &result->policy->grades[c->unit->grade]
                                                                              : &result->policy->on_reject;
    for (int i = 0; i < list->count; i++)
        bits |= BIT(list->items[i]);
    return bits;
}

void policy_guards(const struct policy_case *c, struct policy_result *result, unsigned *ret_banned, unsigned *ret_lead)
{
    *ret_banned = *ret_lead = 0;
    if (result->policy == NULL || result->verdict == VERDICT_MANUAL)
        return;
    unsigned map = map_of(c, result);
    for (size_t i = 0; i < COUNT_OF(guards); i++) {
        struct guard_result found = {.policy = result->policy};
        if (!guards[i](c, &found))
            continue;
        *ret_banned |= found.banned;
        *ret_lead |= found.lead;
        if (((found.banned | found.lead) & map) != 0 && found.step.key != MESSAGE_NONE)
            trace_add(&result->trace, found.step);
    }
    *ret_banned |= result->policy->forbid;
    *ret_lead |= over_limit(c, result->policy);
}

unsigned policy_bans(const struct policy_case *c)
{
    struct policy_result result;
    policy_decide(c, &result);
    static const struct policy none = {0};
    unsigned banned = result.policy != NULL ? result.policy->forbid : 0;
    for (size_t i = 0; i < COUNT_OF(guards); i++) {
        struct guard_result found = {.policy = result.policy != NULL ? result.policy : &none};
        if (guards[i](c, &found))
            banned |= found.banned;
    }
    return banned;
}
