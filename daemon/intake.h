/* SPDX-License-Identifier: Apache-2.0 */
/* Short lists that a file or an ERP gives: products and operators. All rows that are right are stored, the others
 * named. */
#ifndef DAEMON_INTAKE_H
#define DAEMON_INTAKE_H

#include "base/error.h"

#include <jansson.h>

struct store;

enum intake_kind { INTAKE_PRODUCTS, INTAKE_OPERATORS, INTAKE_KIND_COUNT };

/* Stores a JSON array in one transaction. ret_result: {"stored", "older", "problems": [{"number", "reason"}]}, number
   counting from 1. */
bool intake_put(struct store *store, enum intake_kind kind, const json_t *list, json_t **ret_result, struct error *err)
    MUST_CHECK;

#endif
