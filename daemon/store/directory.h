/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP gives, as the station keeps it: RMAs, products, operators. Every put belongs to the open transaction. */
#ifndef DAEMON_STORE_DIRECTORY_H
#define DAEMON_STORE_DIRECTORY_H

#include "base/error.h"
#include "daemon/core/model.h"

struct store;

enum put_result {
    PUT_STORED,
    PUT_SAME,      /* same version, same content: nothing to do */
    PUT_OLDER,     /* an older version than the one stored: ignored */
    PUT_CONFLICT,  /* same version, other content: refused */
    PUT_PROTECTED, /* a file (version 0) may not change what the ERP gave, unless replace is set */
    PUT_RESULT_COUNT,
};

/* Stores an RMA by version. content = its canonical text, to tell "same" from "conflict". Lines that have units stay.
 */
bool directory_put_rma(struct store *store, const struct rma *rma, const char *content, bool replace,
                       enum put_result *ret_result, struct error *err) MUST_CHECK;
/* Loads an RMA with its references, lines and derived counters; ERROR_NOT_FOUND if there is none. Free with rma_done.
 */
bool directory_get_rma(struct store *store, const char *rma, struct rma *ret_rma, struct error *err) MUST_CHECK;
/* codes: the barcodes of the product, each with the pieces it stands for. */
bool directory_put_product(struct store *store, const struct product *product, const struct product_code *codes,
                           size_t code_count, enum put_result *ret_result, struct error *err) MUST_CHECK;
/* PUT_CONFLICT: somebody else has this badge. */
bool directory_put_operator(struct store *store, const struct operator *person, const char *badge, int64_t version,
                            enum put_result *ret_result, struct error *err) MUST_CHECK;
/* RMAs stored. */
bool directory_count_rmas(struct store *store, int64_t *ret_count, struct error *err) MUST_CHECK;

#endif
