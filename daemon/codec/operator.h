/* SPDX-License-Identifier: Apache-2.0 */
/* The operator as the ERP or a file gives it in JSON. */
#ifndef DAEMON_CODEC_OPERATOR_H
#define DAEMON_CODEC_OPERATOR_H

#include "daemon/codec/field.h"

struct operator_record {
    struct operator operator;
    char badge[VALUE_SIZE]; /* what the badge's barcode stands for: the id if not given */
    int64_t version;
};

/* notes may be NULL. */
bool operator_decode(const json_t *json, struct operator_record *ret_record, struct decode_notes *notes,
                     struct error *err) MUST_CHECK;
json_t *operator_encode(const struct operator_record *record);

#endif
