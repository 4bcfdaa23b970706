/* SPDX-License-Identifier: Apache-2.0 */
/* The words of every enumeration of the model: one table each, used by data files, events, the API and the messages. */
#include "base/memory.h"
#include "daemon/core/model.h"

#include <stdlib.h>
#include <string.h>

#define NAMES(identifier, size, ...)                                                                                   \
    static const char *const identifier##_words[] = {__VA_ARGS__};                                                     \
    _Static_assert(COUNT_OF(identifier##_words) == (size), #identifier " needs a word for each value");                \
    const struct names identifier = {identifier##_words, size}

NAMES(grade_names, GRADE_COUNT, [GRADE_U] = "U", [GRADE_A] = "A", [GRADE_B] = "B", [GRADE_C] = "C", [GRADE_D] = "D",
      [GRADE_E] = "E");
NAMES(disposition_names, DISPOSITION_COUNT, [DISPOSITION_NONE] = "none", [DISPOSITION_RESELL] = "resell",
      [DISPOSITION_RESELL_B] = "resell_b", [DISPOSITION_REFURBISH] = "refurbish", [DISPOSITION_PARTS] = "parts",
      [DISPOSITION_RECYCLE] = "recycle", [DISPOSITION_DESTROY] = "destroy", [DISPOSITION_DONATE] = "donate",
      [DISPOSITION_LIQUIDATE] = "liquidate", [DISPOSITION_QUARANTINE] = "quarantine",
      [DISPOSITION_RETURN_TO_VENDOR] = "return_to_vendor", [DISPOSITION_RETURN_TO_CUSTOMER] = "return_to_customer",
      [DISPOSITION_FORWARD] = "forward", [DISPOSITION_MISSING] = "missing");
NAMES(stock_status_names, STOCK_STATUS_COUNT, [STOCK_NONE] = "none", [STOCK_SELLABLE] = "sellable",
      [STOCK_B_STOCK] = "b_stock", [STOCK_REFURB] = "refurb", [STOCK_PARTS] = "parts", [STOCK_SCRAP] = "scrap",
      [STOCK_DONATION] = "donation", [STOCK_LIQUIDATION] = "liquidation", [STOCK_HOLD] = "hold",
      [STOCK_OUTBOUND] = "outbound");
NAMES(verdict_names, VERDICT_COUNT, [VERDICT_NONE] = "none", [VERDICT_ACCEPTED] = "accepted",
      [VERDICT_REJECTED] = "rejected", [VERDICT_MANUAL] = "manual");
NAMES(title_names, TITLE_COUNT, [TITLE_OURS] = "ours", [TITLE_MERCHANT] = "merchant", [TITLE_CUSTOMER] = "customer");
NAMES(track_names, TRACK_COUNT, [TRACK_NONE] = "none", [TRACK_LOT] = "lot", [TRACK_SERIAL] = "serial");
NAMES(rma_state_names, RMA_STATE_COUNT, [RMA_AUTHORISED] = "authorised", [RMA_CANCELLED] = "cancelled",
      [RMA_EXPIRED] = "expired", [RMA_COMPLETED] = "completed");
NAMES(expect_names, EXPECT_COUNT, [EXPECT_EXACT] = "exact", [EXPECT_UP_TO] = "up_to");
NAMES(channel_names, CHANNEL_COUNT, [CHANNEL_ONLINE] = "online", [CHANNEL_STORE] = "store",
      [CHANNEL_MARKETPLACE] = "marketplace", [CHANNEL_B2B] = "b2b");
NAMES(method_names, METHOD_COUNT, [METHOD_REFUND] = "refund", [METHOD_EXCHANGE] = "exchange",
      [METHOD_STORE_CREDIT] = "store_credit", [METHOD_REPAIR] = "repair", [METHOD_NONE] = "none");
NAMES(refund_timing_names, TIMING_COUNT, [TIMING_ON_INSPECTION] = "on_inspection", [TIMING_ON_RECEIPT] = "on_receipt",
      [TIMING_IMMEDIATE] = "immediate");
NAMES(payer_names, PAYER_COUNT, [PAYER_MERCHANT] = "merchant", [PAYER_CUSTOMER] = "customer");
NAMES(ref_kind_names, REF_KIND_COUNT, [REF_RMA] = "rma", [REF_ORDER] = "order", [REF_DELIVERY] = "delivery",
      [REF_INVOICE] = "invoice", [REF_TRACKING] = "tracking", [REF_SSCC] = "sscc", [REF_OTHER] = "other",
      [REF_LABEL] = "label");
NAMES(parcel_state_names, PARCEL_STATE_COUNT, [PARCEL_EXPECTED] = "expected", [PARCEL_ARRIVED] = "arrived",
      [PARCEL_OPEN] = "open", [PARCEL_CLOSED] = "closed", [PARCEL_HELD] = "held", [PARCEL_REFUSED] = "refused",
      [PARCEL_LOST] = "lost", [PARCEL_EMPTY] = "empty");
NAMES(hold_kind_names, HOLD_KIND_COUNT, [HOLD_NONE] = "none", [HOLD_UNKNOWN] = "unknown", [HOLD_CUSTOMS] = "customs",
      [HOLD_HAZMAT] = "hazmat", [HOLD_DAMAGED] = "damaged", [HOLD_OTHER] = "other");
NAMES(unit_state_names, UNIT_STATE_COUNT, [UNIT_IDENTIFIED] = "identified", [UNIT_INSPECTING] = "inspecting",
      [UNIT_GRADED] = "graded", [UNIT_DECIDED] = "decided", [UNIT_LABELLED] = "labelled", [UNIT_DONE] = "done",
      [UNIT_RELEASED] = "released", [UNIT_DESTROYED] = "destroyed", [UNIT_VOID] = "void");
NAMES(container_state_names, CONTAINER_STATE_COUNT, [CONTAINER_OPEN] = "open", [CONTAINER_CLOSED] = "closed",
      [CONTAINER_RELEASED] = "released");
NAMES(load_state_names, LOAD_STATE_COUNT, [LOAD_EXPECTED] = "expected", [LOAD_OPEN] = "open", [LOAD_CLOSED] = "closed");
NAMES(batch_state_names, BATCH_STATE_COUNT, [BATCH_OPEN] = "open", [BATCH_SEALED] = "sealed",
      [BATCH_DESTROYED] = "destroyed");
NAMES(legal_reason_names, LEGAL_COUNT, [LEGAL_NONE] = "none", [LEGAL_UNSAFE] = "unsafe",
      [LEGAL_COUNTERFEIT] = "counterfeit", [LEGAL_HYGIENE] = "hygiene", [LEGAL_DAMAGED] = "damaged",
      [LEGAL_RECALLED] = "recalled", [LEGAL_EXPIRED] = "expired", [LEGAL_RIGHTS] = "intellectual_property",
      [LEGAL_REFUSED_DONATION] = "donation_refused", [LEGAL_DEROGATION] = "derogation");
NAMES(waste_route_names, ROUTE_COUNT, [ROUTE_NONE] = "none", [ROUTE_RECYCLING] = "recycling",
      [ROUTE_ENERGY] = "energy_recovery", [ROUTE_DISPOSAL] = "disposal");
NAMES(job_state_names, JOB_STATE_COUNT, [JOB_QUEUED] = "queued", [JOB_SENDING] = "sending", [JOB_SENT] = "sent",
      [JOB_PRINTED] = "printed", [JOB_CONFIRMED] = "confirmed", [JOB_NEEDS_ATTENTION] = "needs_attention",
      [JOB_UNKNOWN] = "unknown", [JOB_VOIDED] = "voided", [JOB_RECALLED] = "recalled");
NAMES(label_kind_names, LABEL_KIND_COUNT, [LABEL_UNIT] = "unit", [LABEL_HOLD] = "hold", [LABEL_PARCEL] = "parcel",
      [LABEL_DESTRUCTION] = "destruction", [LABEL_RESTOCK] = "restock",
      [LABEL_CARD] = "card", [LABEL_CARRIER] = "carrier");
NAMES(place_kind_names, PLACE_KIND_COUNT, [PLACE_NONE] = "none", [PLACE_LOCATION] = "location",
      [PLACE_CONTAINER] = "container", [PLACE_LANE] = "lane");
NAMES(lane_mode_names, LANE_MODE_COUNT, [LANE_DOCK] = "dock", [LANE_BENCH] = "bench", [LANE_COMBINED] = "combined");
NAMES(photo_type_names, PHOTO_TYPE_COUNT, [PHOTO_JPEG] = "jpeg", [PHOTO_PNG] = "png", [PHOTO_WEBP] = "webp");
NAMES(role_names, ROLE_COUNT, [ROLE_DOCK] = "dock", [ROLE_INSPECTOR] = "inspector", [ROLE_LEAD] = "lead");
NAMES(signal_names, SIGNAL_COUNT, [SIGNAL_NONE] = "none", [SIGNAL_OK] = "ok", [SIGNAL_INFO] = "info",
      [SIGNAL_ATTENTION] = "attention", [SIGNAL_STOP] = "stop");

const char *name_of(const struct names *names, int value)
{
    return value >= 0 && value < names->count ? names->names[value] : "?";
}

bool name_find(const struct names *names, const char *word, int *ret_value)
{
    for (int i = 0; i < names->count; i++) {
        if (strcmp(names->names[i], word) == 0) {
            *ret_value = i;
            return true;
        }
    }
    return false;
}

enum stock_status disposition_stock(enum disposition disposition)
{
    static const enum stock_status table[DISPOSITION_COUNT] = {
        [DISPOSITION_RESELL] = STOCK_SELLABLE,
        [DISPOSITION_RESELL_B] = STOCK_B_STOCK,
        [DISPOSITION_REFURBISH] = STOCK_REFURB,
        [DISPOSITION_PARTS] = STOCK_PARTS,
        [DISPOSITION_RECYCLE] = STOCK_SCRAP,
        [DISPOSITION_DESTROY] = STOCK_SCRAP,
        [DISPOSITION_DONATE] = STOCK_DONATION,
        [DISPOSITION_LIQUIDATE] = STOCK_LIQUIDATION,
        [DISPOSITION_QUARANTINE] = STOCK_HOLD,
        [DISPOSITION_RETURN_TO_VENDOR] = STOCK_OUTBOUND,
        [DISPOSITION_RETURN_TO_CUSTOMER] = STOCK_OUTBOUND,
        [DISPOSITION_FORWARD] = STOCK_OUTBOUND,
    };
    return table[disposition];
}

void rma_done(struct rma *rma)
{
    for (size_t i = 0; i < rma->line_count; i++) {
        free(rma->lines[i].serials);
        free(rma->lines[i].lots);
    }
    free(rma->lines);
    free(rma->refs);
    free(rma->fees);
    *rma = (struct rma){0};
}

struct rma_line *rma_find_line(const struct rma *rma, const char *line)
{
    for (size_t i = 0; i < rma->line_count; i++)
        if (strcmp(rma->lines[i].line, line) == 0)
            return &rma->lines[i];
    return NULL;
}

const char *rma_ref_value(const struct rma *rma, enum ref_kind kind)
{
    for (size_t i = 0; i < rma->ref_count; i++)
        if (rma->refs[i].kind == kind)
            return rma->refs[i].value;
    return "";
}

bool line_has_serial(const struct rma_line *line, const char *serial)
{
    size_t length = strlen(serial);
    for (const char *p = line->serials; p != NULL && *p != '\0';) {
        size_t n = strcspn(p, "\n");
        if (n == length && strncmp(p, serial, n) == 0)
            return true;
        p += n + (p[n] == '\n');
    }
    return false;
}
