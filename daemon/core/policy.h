/* SPDX-License-Identifier: Apache-2.0 */
/* The return policy applied to one unit: verdict, allowed dispositions, and the trace that explains both. */
#ifndef DAEMON_CORE_POLICY_H
#define DAEMON_CORE_POLICY_H

#include "daemon/core/outcome.h"

struct policy_case {
    const struct policy *policy;
    const struct rma *rma;        /* NULL = blind */
    const struct rma_line *line;  /* NULL = blind */
    const struct unit *unit;      /* graded */
    const struct product *product;
    int64_t now;                  /* UTC ms */
};

struct policy_result {
    enum verdict verdict;
    char reject_code[KEY_SIZE];   /* "window_exceeded", "excluded_product" or "" */
    struct disposition_list allowed; /* never empty: quarantine when nothing else is left */
    struct trace trace;
};

/* Bits of the dispositions that this unit must not get, not by a lead either. */
unsigned policy_bans(const struct policy_case *c);
void policy_decide(const struct policy_case *c, struct policy_result *ret_result);
/* What applies when no policy is configured: unlimited window, A resell, B resell_b, C refurbish, D parts, E recycle or
   destroy. */
void policy_default(struct policy *ret_policy);

#endif
