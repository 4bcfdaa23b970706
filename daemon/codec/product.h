/* SPDX-License-Identifier: Apache-2.0 */
/* The product as the ERP gives it in JSON, with its barcodes. */
#ifndef DAEMON_CODEC_PRODUCT_H
#define DAEMON_CODEC_PRODUCT_H

#include "daemon/codec/field.h"

#define PRODUCT_CODES_MAX 100

struct product_record {
    struct product product;     /* gtin = the first code that is a GTIN; code_qty = 1 */
    struct product_code *codes; /* as given */
    size_t code_count;
    char *recall_lots;          /* as given */
};

/* A name in one language serves both; names that are too long are cut. notes may be NULL. */
bool product_decode(const json_t *json, struct product_record *ret_record, struct decode_notes *notes,
                    struct error *err) MUST_CHECK;
json_t *product_encode(const struct product_record *record);
/* Frees what the record owns and zeroes it. */
void product_record_done(struct product_record *record);

#endif
