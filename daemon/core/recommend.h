/* SPDX-License-Identifier: Apache-2.0 */
/* What the station recommends that the customer gets: method, share, fees, until when. It never moves money. */
#ifndef DAEMON_CORE_RECOMMEND_H
#define DAEMON_CORE_RECOMMEND_H

#include "daemon/core/policy.h"

/* The outcome of one unit with its verdict, as the policy that decided it says; the reasons go to ret_trace. key and
   supersedes stay the caller's. A fee per line or RMA is left out where another unit bears it already. */
void recommend_unit(const struct policy_case *c, struct recommendation *ret_outcome, struct trace *ret_trace);
/* The outcome of a whole RMA at its receipt, before anybody has seen the goods: no fees, everything expected. */
void recommend_receipt(const struct rma *rma, struct recommendation *ret_outcome);

#endif
