/* SPDX-License-Identifier: Apache-2.0 */
/* RMAs from CSV, a row for each line of an RMA. Rows become the JSON of the RMA: both formats have the same checks. */
#ifndef DAEMON_CODEC_CSV_RMA_H
#define DAEMON_CODEC_CSV_RMA_H

#include "daemon/codec/csv.h"
#include "daemon/codec/rma.h"

/* What one column means. */
struct csv_column {
    const char *name;          /* as in the JSON; NULL = ignored */
    const char *parent;        /* the object it is in ("customs.hold"), or NULL */
    const struct field *field; /* NULL for references and their carrier */
    bool of_line;              /* else of the RMA: equal in all its rows */
};

/* Column names: those of the JSON; "customs.hold" for objects; order, delivery, invoice, tracking, sscc, other = refs
   by '|', carrier = that of the tracking numbers. Case is ignored. */
struct csv_columns {
    int count;
    int rma; /* number of the column of the RMA */
    struct csv_column columns[CSV_FIELDS_MAX];
};

/* Reads the header. Fails without rma, line, qty and one of sku and gtin, and for a name given twice. */
bool csv_columns_read(const struct csv_record *header, struct csv_columns *ret_columns, struct decode_notes *notes,
                      struct error *err) MUST_CHECK;

typedef void csv_problem_fn(void *context, int64_t line, const char *reason);

/* The rows of one RMA on their way to it. */
struct csv_rma {
    const struct csv_columns *columns;
    csv_problem_fn *problem; /* told each bad row */
    void *context;
    bool bad;
    json_t *json, *lines;
    char *cells[CSV_FIELDS_MAX]; /* of the first row, columns of the RMA */
    int64_t first_line;          /* where that row begins */
    int64_t numbers[RMA_LINES_MAX]; /* the line of the file each of lines is from */
    size_t count;
};

/* Makes it ready for the first RMA. */
void csv_rma_init(struct csv_rma *gather, const struct csv_columns *columns, csv_problem_fn *problem, void *context);
/* Adds a row that begins at a line of the file. */
void csv_rma_add(struct csv_rma *gather, const struct csv_record *row, int64_t line);
/* A row of this RMA was bad before it came here, and told: the RMA is refused. */
void csv_rma_spoil(struct csv_rma *gather);
/* Makes the RMA of the rows added since the last call: true if all of them were good. Otherwise every bad row has been
   told. Ready for the next RMA. */
bool csv_rma_finish(struct csv_rma *gather, struct rma *ret_rma) MUST_CHECK;

#endif
