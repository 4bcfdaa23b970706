/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a code is in any table, for those who only have to know that much. */
#include "daemon/store/records.h"
#include "daemon/store/sql.h"

#define KNOWN \
    "SELECT EXISTS(SELECT 1 FROM rma_ref WHERE key = ?1) OR EXISTS(SELECT 1 FROM product_code WHERE key = ?1)" \
    " OR EXISTS(SELECT 1 FROM parcel_alias WHERE key = ?1) OR EXISTS(SELECT 1 FROM product WHERE sku = ?2)" \
    " OR EXISTS(SELECT 1 FROM unit WHERE serial = ?2 AND serial <> '')"

bool records_is_known(struct store *store, const struct candidate *candidates, size_t count, bool *ret_known,
                      struct error *err)
{
    int64_t known = 0;
    for (size_t i = 0; i < count && known == 0; i++) {
        const struct candidate *c = &candidates[i];
        char key[VALUE_SIZE];
        code_key(key, c->gtin[0] != '\0' ? c->gtin : c->value);
        if (c->class != CANDIDATE_REFUSED && !sql_int64(store, err, 0, &known, KNOWN, "tt", key, c->value))
            return false;
    }
    *ret_known = known != 0;
    return true;
}
