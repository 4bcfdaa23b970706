/* SPDX-License-Identifier: Apache-2.0 */
/* What the station reports (10-domain §9), row by row. */
#ifndef DAEMON_STORE_REPORT_H
#define DAEMON_STORE_REPORT_H

#include "daemon/store/store.h"

#include <stddef.h>

#define REPORT_COLUMNS_MAX 48

/* The same columns in every row of a report; "" where there is nothing to say. Only valid while it is told. */
struct report_row {
    size_t count;
    const char *names[REPORT_COLUMNS_MAX], *values[REPORT_COLUMNS_MAX];
    bool numeric[REPORT_COLUMNS_MAX];
};
typedef void report_fn(void *context, const struct report_row *row);

/* Tells the rows of a report: day, shift, owner, product, reasons, rejections, disclosure; from ≤ time < until, UTC ms.
   outbox: as it is now. ERROR_INVALID for another name. */
bool report_run(struct store *store, const char *name, int64_t from, int64_t until, report_fn *fn, void *context,
                struct error *err) MUST_CHECK;

#endif
