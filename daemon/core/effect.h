/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP tells that changes what is at the station. It waits as a row that was stored together with what the ERP
   told; one effect is decided like one scan, and its row goes in the transaction that writes the outcome. */
#ifndef DAEMON_CORE_EFFECT_H
#define DAEMON_CORE_EFFECT_H

#include "daemon/core/model.h"

enum effect_kind {
    EFFECT_NONE,
    EFFECT_FOUND,     /* the RMA of a parcel that was received unverified */
    EFFECT_NO_SUCH,   /* there is no RMA for it */
    EFFECT_MATCH,     /* a unit of a parcel that was verified: which line is it? */
    EFFECT_DECISION,  /* about a unit or a parcel */
    EFFECT_CONFLICT,  /* a unit, or a parcel, is contested */
    EFFECT_RECALL,    /* its product is recalled */
    EFFECT_WITHDRAWN, /* its line is not in the RMA any more */
    EFFECT_RELEASE,   /* a hold is over */
    EFFECT_FLAG,      /* an RMA, or a product of it, is to be held now */
    EFFECT_COMPLETED, /* the ERP closes the RMA */
    EFFECT_LOST,      /* an expected parcel that does not come */
    EFFECT_KIND_COUNT
};
extern const struct names effect_kind_names;

struct effect {
    int64_t effect_id; /* 0 = none */
    enum effect_kind kind;
    int64_t unit_id, parcel_id; /* what it is about, 0 = not that */
    char rma[KEY_SIZE];
    enum verdict verdict;         /* of a decision, as the next; VERDICT_NONE = as it was */
    enum disposition disposition; /* DISPOSITION_NONE = as it was, or as the policy says */
    enum hold_kind hold;          /* of a flag: the hold; of a release: this kind, HOLD_NONE = any */
    char outcome[KEY_SIZE];       /* of a decision about a parcel: "refused", "lost" */
    char reason[NAME_SIZE];
};

#endif
