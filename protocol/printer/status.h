/* SPDX-License-Identifier: Apache-2.0 */
/* A ZPL printer's answers to ~HS and to the counter query, parsed into facts. Source: ZPL II programming guide. */
#ifndef PROTOCOL_PRINTER_STATUS_H
#define PROTOCOL_PRINTER_STATUS_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

enum printer_condition {
    PRINTER_PAPER_OUT,
    PRINTER_PAUSED,
    PRINTER_BUFFER_FULL,
    PRINTER_PARTIAL_FORMAT, /* a label arrived in part */
    PRINTER_TOO_COLD,
    PRINTER_TOO_HOT,
    PRINTER_HEAD_OPEN,
    PRINTER_RIBBON_OUT,
    PRINTER_LABEL_WAITING, /* printed, waits to be taken */
    PRINTER_CONDITION_COUNT,
};

struct printer_status {
    bool answered;       /* false: silence within the limit. Silence on an open connection is a fault, never "ok" */
    uint32_t conditions; /* bit 1 << enum printer_condition */
    int formats_waiting; /* eee of frame 1 */
    int64_t labels_left; /* uuuuuuuu of frame 2 */
    int64_t counter;     /* labels printed in the printer's life, or -1 if it does not tell */
};

/* What a printer said that said nothing: not answered, counter -1. */
#define PRINTER_STATUS_SILENT ((struct printer_status){.counter = -1})

/* No fault, nothing waiting: what was sent has come out. */
bool printer_status_clean(const struct printer_status *status);
/* The first fault as a key such as "paper_out" ("silent" for no answer), or NULL. */
const char *printer_status_fault(const struct printer_status *status);
/* The key of one condition, such as "head_open". */
const char *printer_condition_key(enum printer_condition condition);
/* The query that printer_status_parse understands: ~HS first, then the odometer. In this order a "clean" is never newer
   than the count beside it, so a label that comes out between the two cannot look as if it never did. */
const char *printer_status_query(void);
/* Reads the answers gathered so far; true once all three ~HS frames and the counter line (or its absence, "?") are
   there in this order. Of several answers the last one counts. Framing is tolerant (STX, ETX or spaces may be off),
   field counts are not. */
bool printer_status_parse(const struct buffer *received, struct printer_status *ret_status);
/* As printer_status_parse without waiting for the counter, which is -1 unless it came: for printers that have none. */
bool printer_status_parse_frames(const struct buffer *received, struct printer_status *ret_status);

#endif
