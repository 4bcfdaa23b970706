/* SPDX-License-Identifier: Apache-2.0 */
/* Refund timing, fees and the legal term. */
#include "daemon/core/recommend.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

#define REFUND_DAYS 14 /* Directive 2011/83/EU, Article 13 (1): from the day the trader is told of the withdrawal */

struct bill {
    const struct policy_case *c;
    enum reason_class class;
    struct recommendation *outcome;
    struct trace *trace;
};

/* ---- fees ---- */

static int64_t price_of(const struct rma_line *line)
{
    return line->unit_price * line->qty;
}

static int64_t fee_base(const struct policy_case *c, enum fee_per per)
{
    int64_t sum = 0;
    if (per == FEE_PER_UNIT)
        return c->line->unit_price * c->unit->qty;
    if (per == FEE_PER_LINE)
        return price_of(c->line);
    for (size_t i = 0; i < c->rma->line_count; i++)
        sum += price_of(&c->rma->lines[i]);
    return sum;
}

static bool is_free(const struct bill *bill, const struct policy_fee *fee)
{
    static const int by_method[METHOD_COUNT] = {
        [METHOD_REFUND] = -1,         [METHOD_EXCHANGE] = FREE_EXCHANGE, [METHOD_STORE_CREDIT] = FREE_STORE_CREDIT,
        [METHOD_REPAIR] = FREE_REPAIR, [METHOD_NONE] = -1};
    static const struct inspection nothing = {0};
    const struct policy_case *c = bill->c;
    struct given_answer answer;
    unsigned facts = 1U << (FREE_REGRET + (int)bill->class);
    _Static_assert(FREE_RECALL - FREE_REGRET == REASON_CLASS_COUNT - 1, "classes in their order");
    if (by_method[c->rma->outcome] >= 0)
        facts |= 1U << by_method[c->rma->outcome];
    if (c->rma->return_paid_by == PAYER_MERCHANT)
        facts |= 1U << FREE_MERCHANT_PAYS;
    const struct inspection *given = c->inspection != NULL ? c->inspection : &nothing;
    if (text_equal(inspection_role(given, c->checklist, QUESTION_SEALED, &answer), "yes"))
        facts |= 1U << FREE_SEALED;
    return (fee->free_if & facts) != 0;
}

static bool concerns(const struct policy_fee *fee, const struct unit *unit)
{
    return (fee->grades == 0 || (fee->grades & 1U << unit->grade) != 0) &&
           (fee->reasons == NULL || list_has(fee->reasons, unit->reason_found));
}

/* Another unit of the line or the RMA bears this fee already. */
static bool is_borne(const struct policy_case *c, const struct policy_fee *fee)
{
    for (size_t i = 0; fee->per != FEE_PER_UNIT && i < c->rma->fee_count; i++) {
        const struct rma_fee *borne = &c->rma->fees[i];
        if (borne->unit_id != c->unit->unit_id && text_equal(borne->fee, fee->id) &&
            (fee->per == FEE_PER_RMA || text_equal(borne->line, c->line->line)))
            return true;
    }
    return false;
}

static int64_t add_fee(struct bill *bill, const struct policy_fee *fee)
{
    struct recommendation *outcome = bill->outcome;
    if (outcome->fee_count == OUTCOME_FEES_MAX || !concerns(fee, bill->c->unit))
        return 0;
    struct message step = message_text(message_of(MESSAGE_RULE_FEE), 0, fee->id);
    bool borne = is_borne(bill->c, fee);
    if (is_free(bill, fee) || borne) {
        step.key = borne ? MESSAGE_RULE_FEE_BORNE : MESSAGE_RULE_FEE_FREE;
        trace_add(bill->trace, step);
        return 0;
    }
    struct outcome_fee *charged = &outcome->fees[outcome->fee_count++];
    TEXT_COPY(charged->id, fee->id);
    charged->per = (int)fee->per;
    charged->percent = fee->percent;
    charged->amount = fee->amount * (fee->per == FEE_PER_UNIT ? bill->c->unit->qty : 1) +
                      fee_base(bill->c, fee->per) / 100 * fee->percent +
                      fee_base(bill->c, fee->per) % 100 * fee->percent / 100;
    trace_add(bill->trace, message_number(step, 1, charged->amount));
    return charged->amount;
}

static int64_t add_fees(struct bill *bill, const struct policy *policy)
{
    int64_t sum = 0;
    for (size_t i = 0; policy != NULL && i < policy->fee_count; i++)
        sum += add_fee(bill, &policy->fees[i]);
    return sum < bill->outcome->base ? sum : bill->outcome->base;
}

/* ---- the term ---- */

/* The right of withdrawal: a consumer in the EU or EEA who bought at a distance and changed their mind. */
static bool may_withdraw(const struct rma *rma)
{
    static const char countries[] =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE "
        "SI SK ";
    bool distance = rma->channel == CHANNEL_ONLINE || rma->channel == CHANNEL_MARKETPLACE;
    char country[4];
    TEXT_FORMAT(country, "%s ", rma->country);
    return distance && strlen(rma->country) == 2 && strstr(countries, country) != NULL &&
           rma->requested_at != INSTANT_NONE;
}

static int32_t due_day(const struct rma *rma)
{
    return may_withdraw(rma) ? clock_day(rma->requested_at) + REFUND_DAYS : DATE_NONE;
}

/* ---- what comes of a unit ---- */

static bool is_refunded(const struct rma *rma)
{
    return rma->already_refunded || rma->refund_timing == TIMING_IMMEDIATE || rma->receipt_recommended;
}

/* Paid before anybody saw the goods: what was paid too much is for the ERP to take back. */
static void settle_paid(struct bill *bill, int64_t fees)
{
    struct recommendation *outcome = bill->outcome;
    bool rejected = bill->c->unit->verdict == VERDICT_REJECTED;
    outcome->method = METHOD_NONE;
    outcome->adjust = rejected ? outcome->base : fees;
    trace_add(bill->trace, message_of(MESSAGE_RULE_PAID));
}

static void settle_open(struct bill *bill, int64_t fees, const struct policy *policy)
{
    const struct rma *rma = bill->c->rma;
    struct recommendation *outcome = bill->outcome;
    outcome->method = rma->outcome;
    outcome->amount = outcome->base - fees;
    outcome->refund_due_by =
        outcome->method == METHOD_REFUND && bill->class == REASON_REGRET ? due_day(rma) : DATE_NONE;
    if (outcome->refund_due_by != DATE_NONE) {
        char day[DATE_SIZE];
        clock_format_date(day, outcome->refund_due_by);
        trace_add(bill->trace, message_text(message_of(MESSAGE_RULE_DUE_BY), 0, day));
    }
    if (policy != NULL && policy->approval_limit >= 0 && outcome->amount > policy->approval_limit) {
        outcome->manual = true;
        trace_add(bill->trace, message_number(message_of(MESSAGE_RULE_APPROVAL), 0, policy->approval_limit));
    }
    if (policy != NULL && policy->duties_refundable && rma->duties_refundable)
        trace_add(bill->trace, message_of(MESSAGE_RULE_DUTIES));
}

/* This unit's share of what the whole line is worth: the shares of all its pieces add up to it. */
static int64_t share_of(int64_t whole, const struct policy_case *c)
{
    int64_t before = c->line->accepted, qty = c->line->qty;
    return whole * (before + c->unit->qty) / qty - whole * before / qty;
}

void recommend_unit(const struct policy_case *c, struct recommendation *ret_outcome, struct trace *ret_trace)
{
    struct policy_result again; /* which policy, and the class of the reason; the verdict is the unit's own */
    policy_decide(c, &again);
    *ret_trace = (struct trace){0};
    struct recommendation *outcome = ret_outcome;
    *outcome = (struct recommendation){.method = METHOD_NONE, .refund_due_by = DATE_NONE};
    outcome->base = c->line->unit_price * c->unit->qty;
    outcome->percent = c->unit->verdict == VERDICT_ACCEPTED ? 100 : 0;
    outcome->manual = c->unit->verdict == VERDICT_MANUAL;
    TEXT_COPY(outcome->currency, c->line->currency);
    struct bill bill = {.c = c, .class = again.class, .outcome = outcome, .trace = ret_trace};
    int64_t fees = c->unit->verdict == VERDICT_ACCEPTED ? add_fees(&bill, again.policy) : 0;
    if (c->rma->outcome == METHOD_EXCHANGE && c->unit->verdict == VERDICT_ACCEPTED) {
        TEXT_COPY(outcome->exchange_sku, c->line->exchange_sku);
        outcome->exchange_qty = share_of(c->line->exchange_qty, c);
    }
    if (is_refunded(c->rma) && c->unit->verdict != VERDICT_MANUAL)
        settle_paid(&bill, fees);
    else if (c->unit->verdict == VERDICT_ACCEPTED)
        settle_open(&bill, fees, again.policy);
}

void recommend_receipt(const struct rma *rma, struct recommendation *ret_outcome)
{
    *ret_outcome = (struct recommendation){.whole_rma = true, .method = rma->outcome, .percent = 100};
    for (size_t i = 0; i < rma->line_count; i++)
        ret_outcome->base += price_of(&rma->lines[i]);
    ret_outcome->amount = ret_outcome->base;
    bool regret = true;
    for (size_t i = 0; i < rma->line_count; i++)
        regret = regret && reason_class(rma->lines[i].reason) == REASON_REGRET;
    ret_outcome->refund_due_by = rma->outcome == METHOD_REFUND && regret ? due_day(rma) : DATE_NONE;
    if (rma->line_count > 0)
        TEXT_COPY(ret_outcome->currency, rma->lines[0].currency);
}
