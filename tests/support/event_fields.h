/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of the events' payloads, for tests: what each type adds to the common data (15-data §3). */
#ifndef TESTS_SUPPORT_EVENT_FIELDS_H
#define TESTS_SUPPORT_EVENT_FIELDS_H

#include "daemon/core/outcome.h"

#define INSPECTED                                                                                                      \
    "grade prev_grade checklist answers reason_declared reason_found complete missing_parts photos seconds"
#define BATCH "batch weight_g badges witness legal_reason derogation waste_route certificate"
#define DAMAGE "where reason photos weight_g carrier claim_by"
#define LINE "reason expected received accepted rejected missing" /* "line" is common */
#define CONTAINER "container disposition units weight_g receiver document"

static const char *const added[EVENT_TYPE_COUNT] = {
    [EVENT_STATION_STARTED] = "reason version stream last_hash",
    [EVENT_STATION_STOPPED] = "reason version stream last_hash",
    [EVENT_OPERATOR_SIGNED_IN] = "roles reason",
    [EVENT_OPERATOR_SIGNED_OUT] = "roles reason",
    [EVENT_SCAN_REJECTED] = "raw reason",
    [EVENT_SCAN_DUPLICATE] = "raw",
    [EVENT_PARCEL_RECEIVED] = "codes matched_by load priority lane_shown expected_lines late_days",
    [EVENT_PARCEL_UNKNOWN] = "codes hold_kind",
    [EVENT_PARCEL_OPENED] = "",
    [EVENT_PARCEL_CLOSED] = "complete lines",
    [EVENT_PARCEL_HELD] = "hold_kind",
    [EVENT_PARCEL_LINKED] = "",
    [EVENT_PARCEL_DAMAGED] = DAMAGE,
    [EVENT_PARCEL_REFUSED] = DAMAGE,
    [EVENT_PARCEL_EMPTY] = DAMAGE,
    [EVENT_PARCEL_REOPENED] = "",
    [EVENT_LINE_SHORT] = LINE,
    [EVENT_LINE_MISSING] = LINE,
    [EVENT_EXCEPTION_RESOLVED] = "exception type by how decision",
    [EVENT_LPN_ASSIGNED] = "lpn preprinted",
    [EVENT_UNIT_IDENTIFIED] = "scanned blind counters",
    [EVENT_UNIT_UNEXPECTED] = "expected found exception",
    [EVENT_UNIT_OVERAGE] = "expected found exception",
    [EVENT_UNIT_SERIAL_CHECKED] = "serial result",
    [EVENT_UNIT_SERIAL_MISMATCH] = "serial result",
    [EVENT_UNIT_INSPECTED] = INSPECTED,
    [EVENT_UNIT_DISPOSITION_DECIDED] = "disposition prev verdict trace policy allowed by reason",
    [EVENT_UNIT_DISPOSITION_OVERRIDDEN] = "disposition prev verdict trace policy allowed by reason",
    [EVENT_UNIT_REGRADED] = INSPECTED,
    [EVENT_UNIT_REPAIRED] = "result",
    [EVENT_UNIT_UNIDENTIFIED] = "expected found exception",
    [EVENT_CONTAINER_UNIT_ADDED] = CONTAINER,
    [EVENT_CONTAINER_UNIT_REMOVED] = CONTAINER,
    [EVENT_CONTAINER_CLOSED] = CONTAINER,
    [EVENT_CONTAINER_HANDED_OVER] = CONTAINER,
    [EVENT_UNIT_DESTROYED] = BATCH,
    [EVENT_DESTRUCTION_SEALED] = BATCH,
    [EVENT_DESTRUCTION_CLOSED] = BATCH,
    [EVENT_UNIT_PUTAWAY] = "location container",
    [EVENT_UNIT_LABEL_CONFIRMED] = "lpn generation template copy preprinted",
    [EVENT_STOCK_DELTA] = "key reverses qty uom from to valued cause",
    [EVENT_OUTCOME_RECOMMENDED] = "key supersedes scope basis method percent base fees amount refund_due_by adjust"
                                  " exchange_for manual reject_code trace",
    [EVENT_RMA_COMPLETED] = "expected received accepted rejected missing",
    [EVENT_EXCEPTION_OPENED] = "exception type severity place",
    [EVENT_PARCEL_VERIFIED] = "found",
    [EVENT_UNIT_MATCHED] = "scanned blind counters",
    [EVENT_SCANNER_ATTACHED] = "mode reason",
    [EVENT_SCANNER_DETACHED] = "mode reason",
    [EVENT_SCANNER_MISREAD] = "mode reason",
    [EVENT_PRINTER_FAULT] = "printer fault jobs",
    [EVENT_PRINTER_OK] = "printer fault jobs",
    [EVENT_CUSTOMS_EVIDENCE] = "customs hs_code origin serial unaltered weight_g photos",
    [EVENT_UNIT_PHOTOGRAPHED] = "photo",
    [EVENT_PARCEL_PHOTOGRAPHED] = "photo",
    [EVENT_STATION_RESTORED] = "stream previous last",
    [EVENT_SHIFT_REPORT] = "counts last_hash",
    [EVENT_LOAD_OPENED] = "document sscc carrier expected",
    [EVENT_LOAD_CLOSED] = "document sscc carrier expected arrived short over",
};

#endif
