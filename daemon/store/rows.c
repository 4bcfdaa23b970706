/* SPDX-License-Identifier: Apache-2.0 */
/* How the model's structs lie in the database: one table of columns for each. */
#include "daemon/core/facts.h"
#include "daemon/store/sql.h"

#include <stddef.h>

#define FIELD(type, field) offsetof(struct type, field), sizeof(((struct type *)0)->field)
#define TEXT(type, field) {#field, COLUMN_TEXT, FIELD(type, field), NULL}
#define OWNED(type, field) {#field, COLUMN_OWNED, FIELD(type, field), NULL}
#define WIDE(type, field) {#field, COLUMN_INT64, FIELD(type, field), NULL}
#define NUMBER(type, field) {#field, COLUMN_INT, FIELD(type, field), NULL}
#define FLAG(type, field) {#field, COLUMN_BOOL, FIELD(type, field), NULL}
#define WORD(type, field, names) {#field, COLUMN_WORD, FIELD(type, field), &names}
#define DATE(type, field) {#field, COLUMN_DATE, FIELD(type, field), NULL}
#define INSTANT(type, field) {#field, COLUMN_INSTANT, FIELD(type, field), NULL}
#define TABLE(identifier, name, columns, owner)                                                                        \
    const struct table identifier = {name, columns, COUNT_OF(columns), owner}

static const struct column rma_columns[] = {
    TEXT(rma, rma),
    WIDE(rma, version),
    TEXT(rma, owner),
    WORD(rma, channel, channel_names),
    WORD(rma, state, rma_state_names),
    WORD(rma, expect, expect_names),
    TEXT(rma, customer_ref),
    TEXT(rma, country),
    TEXT(rma, lang),
    TEXT(rma, policy),
    INSTANT(rma, requested_at),
    INSTANT(rma, authorised_at),
    DATE(rma, expires_on),
    DATE(rma, purchase_date),
    DATE(rma, delivery_date),
    WORD(rma, outcome, method_names),
    WORD(rma, refund_timing, refund_timing_names),
    FLAG(rma, already_refunded),
    WORD(rma, return_paid_by, payer_names),
    NUMBER(rma, priority),
    WIDE(rma, parcels_expected),
    WIDE(rma, weight_g),
    TEXT(rma, note),
    TEXT(rma, export_mrn),
    DATE(rma, export_date),
    FLAG(rma, duties_refundable),
    FLAG(rma, customs_hold),
};
TABLE(rma_table, "rma", rma_columns, NULL);

static const struct column line_columns[] = {
    TEXT(rma_line, line),
    TEXT(rma_line, sku),
    TEXT(rma_line, gtin),
    WIDE(rma_line, qty),
    TEXT(rma_line, uom),
    WIDE(rma_line, unit_price),
    TEXT(rma_line, currency),
    FLAG(rma_line, serials_known),
    OWNED(rma_line, serials),
    OWNED(rma_line, lots),
    TEXT(rma_line, reason),
    TEXT(rma_line, exchange_sku),
    WIDE(rma_line, exchange_qty),
    TEXT(rma_line, kit_parent),
    WORD(rma_line, title, title_names),
    NUMBER(rma_line, flags),
    TEXT(rma_line, hs_code),
    TEXT(rma_line, origin),
    WIDE(rma_line, received_elsewhere),
    FLAG(rma_line, withdrawn),
};
TABLE(line_table, "rma_line", line_columns, "rma");

static const struct column product_columns[] = {
    TEXT(product, sku),
    TEXT(product, gtin),
    TEXT(product, name_en),
    TEXT(product, name_fr),
    TEXT(product, category),
    TEXT(product, owner),
    WORD(product, track, track_names),
    NUMBER(product, flags),
    TEXT(product, hazmat_class),
    WIDE(product, weight_g),
    TEXT(product, checklist),
    TEXT(product, recall),
    TEXT(product, recall_lots),
    TEXT(product, recall_from),
    TEXT(product, recall_to),
    TEXT(product, recall_text),
    FLAG(product, expiry_tracked),
    WIDE(product, version),
};
TABLE(product_table, "product", product_columns, NULL);

static const struct column parcel_columns[] = {
    WIDE(parcel, parcel_id),
    TEXT(parcel, code),
    WORD(parcel, state, parcel_state_names),
    WORD(parcel, hold, hold_kind_names),
    FLAG(parcel, verified),
    TEXT(parcel, rma),
    TEXT(parcel, matched_by),
    TEXT(parcel, scanned),
    TEXT(parcel, carrier),
    NUMBER(parcel, priority),
    INSTANT(parcel, received_at),
    WORD(parcel, resumes, parcel_state_names),
    WIDE(parcel, closed_at),
    WIDE(parcel, load_id),
};
TABLE(parcel_table, "parcel", parcel_columns, NULL);

static const struct column unit_columns[] = {
    WIDE(unit, unit_id),
    TEXT(unit, lpn),
    NUMBER(unit, generation),
    NUMBER(unit, generations),
    WIDE(unit, parcel_id),
    TEXT(unit, rma),
    TEXT(unit, line),
    TEXT(unit, sku),
    TEXT(unit, gtin),
    TEXT(unit, serial),
    TEXT(unit, lot),
    TEXT(unit, expiry),
    WIDE(unit, qty),
    WORD(unit, title, title_names),
    TEXT(unit, owner),
    WORD(unit, state, unit_state_names),
    WORD(unit, grade, grade_names),
    TEXT(unit, reason_declared),
    TEXT(unit, reason_found),
    TEXT(unit, problem),
    WORD(unit, verdict, verdict_names),
    TEXT(unit, reject_code),
    WORD(unit, disposition, disposition_names),
    NUMBER(unit, allowed),
    NUMBER(unit, needs_lead),
    TEXT(unit, policy),
    WIDE(unit, policy_version),
    TEXT(unit, decided_by),
    TEXT(unit, inspector),
    WIDE(unit, graded_at),
    WIDE(unit, batch_id),
    TEXT(unit, location),
    TEXT(unit, container),
    WORD(unit, status, stock_status_names),
    WIDE(unit, stock_moves),
    WIDE(unit, outcomes),
    WIDE(unit, identified_at),
    TEXT(unit, key_lpn),
};
TABLE(unit_table, "unit", unit_columns, NULL);

static const struct column container_columns[] = {
    WIDE(container, container_id),
    TEXT(container, code),
    WORD(container, state, container_state_names),
    WORD(container, disposition, disposition_names),
    TEXT(container, owner),
    TEXT(container, location),
    TEXT(container, receiver),
};
TABLE(container_table, "container", container_columns, NULL);

static const struct column place_columns[] = {
    TEXT(place, code),
    WORD(place, kind, place_kind_names),
    WORD(place, disposition, disposition_names),
    TEXT(place, owner),
};
TABLE(place_table, "place", place_columns, NULL);

static const struct column inspection_columns[] = {
    WIDE(inspection, unit_id),
    TEXT(inspection, checklist),
    WIDE(inspection, checklist_version),
    TEXT(inspection, digits),
    TEXT(inspection, answers),
};
TABLE(inspection_table, "inspection", inspection_columns, NULL);

static const struct column batch_columns[] = {
    WIDE(batch, batch_id),
    TEXT(batch, code),
    WORD(batch, state, batch_state_names),
    WORD(batch, reason, legal_reason_names),
    WIDE(batch, weight_g),
    TEXT(batch, sealed_by),
    TEXT(batch, second),
    TEXT(batch, witness),
    TEXT(batch, certificate),
    WORD(batch, route, waste_route_names),
};
TABLE(batch_table, "batch", batch_columns, NULL);

static const struct column effect_columns[] = {
    WIDE(effect, effect_id),
    WORD(effect, kind, effect_kind_names),
    WIDE(effect, unit_id),
    WIDE(effect, parcel_id),
    TEXT(effect, rma),
    WORD(effect, verdict, verdict_names),
    WORD(effect, disposition, disposition_names),
    WORD(effect, hold, hold_kind_names),
    TEXT(effect, outcome),
    TEXT(effect, reason),
};
TABLE(effect_table, "effect", effect_columns, NULL);

static const struct column photo_columns[] = {
    WIDE(photo, journal),
    TEXT(photo, sha256),
    WORD(photo, type, photo_type_names),
    WIDE(photo, size),
    WIDE(photo, parcel_id),
    WIDE(photo, unit_id),
    TEXT(photo, operator_id),
    WIDE(photo, at),
    WIDE(photo, removed),
};
TABLE(photo_table, "photo", photo_columns, NULL);

static const struct column load_columns[] = {
    WIDE(load, load_id),
    TEXT(load, code),
    TEXT(load, sscc),
    TEXT(load, carrier),
    WORD(load, state, load_state_names),
    FLAG(load, announced),
    WIDE(load, expected),
    WIDE(load, opened_at),
    WIDE(load, closed_at),
};
TABLE(load_table, "load", load_columns, NULL);

static const struct column session_columns[] = {
    TEXT(session, lane),
    WORD(session, mode, lane_mode_names),
    TEXT(session, operator_id),
    WIDE(session, parcel_id),
    WIDE(session, unit_id),
    WIDE(session, last_unit_id),
    WIDE(session, last_parcel_id),
    WIDE(session, container_id),
    WIDE(session, load_id),
    WIDE(session, batch_id),
    TEXT(session, location),
    WIDE(session, arrived_id),
    WIDE(session, graded_unit_id),
    FLAG(session, same_again),
    FLAG(session, stopped),
    WORD(session, pending, pending_names),
    TEXT(session, pending_value),
    TEXT(session, pending_code),
    WIDE(session, pending_tick),
    WIDE(session, pending_id),
    WORD(session, kept, pending_names),
    TEXT(session, run),
    TEXT(session, last_device),
    TEXT(session, last_code),
    WIDE(session, last_tick),
    WORD(session, last_signal, signal_names),
    FLAG(session, repeated),
    WIDE(session, last_journal),
    TEXT(session, last_message),
    WORD(session, counting, counting_names),
    WIDE(session, counted),
};
TABLE(session_table, "session", session_columns, NULL);
