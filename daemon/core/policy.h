/* SPDX-License-Identifier: Apache-2.0 */
/* The return policy: what it says, which one applies, and what it makes of one unit: verdict, allowed dispositions and
   the trace that explains both. What the customer gets for it: recommend.h. */
#ifndef DAEMON_CORE_POLICY_H
#define DAEMON_CORE_POLICY_H

#include "daemon/core/checklist.h"
#include "daemon/core/outcome.h"
#include "daemon/core/reason.h"

enum reference { REFERENCE_DELIVERY, REFERENCE_PURCHASE, REFERENCE_COUNT };
enum tested { TESTED_REQUEST, TESTED_ACCEPTANCE, TESTED_RECEIPT, TESTED_COUNT };
enum fee_per { FEE_PER_UNIT, FEE_PER_LINE, FEE_PER_RMA, FEE_PER_COUNT };
enum unit_label { UNIT_LABEL_LPN, UNIT_LABEL_RESTOCK, UNIT_LABEL_NONE, UNIT_LABEL_COUNT };
/* What makes a fee free: the class of the reason found, what the customer gets instead of money, who pays the way. */
enum fee_free {
    FREE_REGRET, FREE_DEFECT, FREE_LOGISTICS, FREE_WARRANTY, FREE_RECALL, FREE_EXCHANGE, FREE_STORE_CREDIT, FREE_REPAIR,
    FREE_MERCHANT_PAYS, FREE_SEALED, FREE_COUNT
};
extern const struct names reference_names, tested_names, fee_per_names, unit_label_names, fee_free_names;
/* "any", then the words of enum channel and enum reason_class: what a scope may name. */
extern const struct names scope_channel_names, scope_class_names;

/* Goods whose reference date lies in from … to may be asked back until that day, whatever the window says. */
struct policy_extension {
    int32_t from, to, until; /* all three included */
};

/* The question of the checklist that must have this answer. */
struct policy_condition {
    char question[ANSWER_SIZE], answer[ANSWER_SIZE];
};

struct policy_fee {
    char id[KEY_SIZE];
    enum fee_per per;
    int64_t amount;    /* minor units */
    int64_t percent;   /* of the price of unit, line or what of the RMA is here; added to amount */
    unsigned grades;   /* bits of enum grade; 0 = any */
    char *reasons;     /* reasons found, '\n' between them; NULL = any */
    unsigned free_if;  /* bits of enum fee_free */
};

struct policy_scope {
    char owner[KEY_SIZE], category[KEY_SIZE], product[KEY_SIZE], country[3]; /* "" = any */
    int channel, class; /* words of scope_…_names; 0 = any */
};

struct policy {
    char id[KEY_SIZE];
    int64_t version;
    int32_t valid_from, valid_to; /* of the day the return was asked for, both included; DATE_NONE = open */
    struct policy_scope scope;
    int32_t window_days;     /* -1 = unlimited */
    enum reference reference; /* where the window starts */
    enum tested tested;      /* which day must lie in it */
    struct policy_extension *extensions;
    size_t extension_count;
    unsigned excluded_flags; /* of the line: FLAG_… */
    char *excluded_categories, *excluded_products; /* '\n' between them, NULL = none */
    struct policy_condition *conditions;
    size_t condition_count;
    struct policy_fee *fees;
    size_t fee_count;
    unsigned outcomes;       /* bits of enum method; 0 = any */
    struct disposition_list grades[GRADE_COUNT];
    struct disposition_list on_reject;
    unsigned forbid;         /* bit 1 << enum disposition */
    int64_t value_limits[DISPOSITION_COUNT]; /* minor units: above it this disposition needs a lead; -1 = none */
    int64_t approval_limit;  /* minor units: a higher refund is for a person to approve; -1 = none */
    bool duties_refundable;
    bool espr_exempt;        /* the seller is too small for the ban on destroying apparel and footwear */
    enum unit_label unit_label;
};

struct policy_set {
    struct policy *policies;
    size_t count;
};

struct policy_case {
    const struct policy_set *policies;
    const struct rma *rma;        /* NULL = blind */
    const struct rma_line *line;  /* NULL = blind */
    const struct unit *unit;      /* graded */
    const struct product *product;
    const struct checklist *checklist;   /* NULL = none */
    const struct inspection *inspection; /* NULL = nothing was answered */
    enum verdict told;            /* by the ERP: no rule settles it; NONE = it did not */
    bool unverified;              /* its parcel is */
    bool open_exception;          /* of this unit */
    bool clock_unsure;
    int64_t received_at;          /* of its parcel; INSTANT_NONE = not known */
    int64_t now;                  /* UTC ms */
};

struct policy_result {
    const struct policy *policy;  /* the one that decided, NULL = none applies */
    enum reason_class class;      /* of the reason found; a defect after the window is REASON_WARRANTY */
    enum verdict verdict;
    char reject_code[KEY_SIZE];   /* "window_exceeded", "excluded_product", "condition_not_met" or "" */
    struct disposition_list allowed; /* never empty: quarantine when nothing else is left */
    unsigned needs_lead;          /* bits of allowed dispositions that only a lead may choose */
    struct trace trace;
};

/* True if the product is recalled and the recall may mean this unit: goods whose lot or serial nobody knows, too. */
bool policy_recalls(const struct product *product, const struct unit *unit);
/* Bits of the dispositions that this unit must not get, not by a lead either. */
unsigned policy_bans(const struct policy_case *c);
/* The policy that the RMA names, else the most specific valid one. A scope is more specific than another if it names
   the class, else the product, else the owner, category, channel, country and the other does not; of equal ones the one
   with the smaller id, of one id the highest version. NULL = none applies, or the RMA names one that is not there. */
const struct policy *policy_select(const struct policy_case *c, enum reason_class class);
/* The policy of that id and version, NULL = it is not there (any more). */
const struct policy *policy_find(const struct policy_set *set, const char *id, int64_t version);
void policy_decide(const struct policy_case *c, struct policy_result *ret_result);

/* What applies when no policy is configured: unlimited window, A resell, B resell_b, C refurbish, D parts, E recycle or
   destroy. Owns nothing. */
void policy_default(struct policy *ret_policy);
void policy_done(struct policy *policy);
void policy_set_done(struct policy_set *set);

/* ---- inside the policy ---- */

/* Adds a step to the trace; what does not fit any more is left out. */
void trace_add(struct trace *trace, struct message step);
/* True if the '\n'-separated list has the word; NULL and "" have none. */
bool list_has(const char *list, const char *word);
/* What must not become of this unit, as bits of enum disposition, and what only a lead may choose; explained. */
void policy_guards(const struct policy_case *c, struct policy_result *result, unsigned *ret_banned, unsigned *ret_lead);
/* The day the customer asked, or what the policy tests instead. */
int32_t policy_tested_day(const struct policy_case *c, enum tested tested);

#endif
