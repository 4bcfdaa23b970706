/* SPDX-License-Identifier: Apache-2.0 */
/* The RMA as the ERP gives it in JSON: decoding with every check of the format, and encoding in the same format. */
#ifndef DAEMON_CODEC_RMA_H
#define DAEMON_CODEC_RMA_H

#include "base/buffer.h"
#include "daemon/codec/field.h"

#define RMA_LINES_MAX 1000
#define RMA_REFS_MAX 200
#define RMA_SERIALS_MAX 20000 /* of a line; likewise its lots */

/* The fields of an RMA (struct rma) and of its lines (struct rma_line): also the columns of a CSV file. */
extern const struct fields rma_fields, rma_line_fields;

/* Decodes an RMA; free it with rma_done. notes may be NULL; notes->item is the index of the line at fault, or -1. */
bool rma_decode(const json_t *json, struct rma *ret_rma, struct decode_notes *notes, struct error *err) MUST_CHECK;
/* The RMA in the import format; what the station itself knows (counters, progress) is not in it. */
json_t *rma_encode(const struct rma *rma);
/* Appends text that is equal for equal RMAs, whatever the order of their lines and references. */
void rma_canonical(const struct rma *rma, struct buffer *buffer);

#endif
