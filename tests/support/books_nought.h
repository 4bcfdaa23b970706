/* SPDX-License-Identifier: Apache-2.0 */
/* Counts over the tables of a station that must be nought. */
#ifndef TESTS_SUPPORT_BOOKS_NOUGHT_H
#define TESTS_SUPPORT_BOOKS_NOUGHT_H

/* In the books of a station, whatever happened to it. */
static const char *const books_nought[] = {
    "SELECT count(*) - count(DISTINCT lpn) FROM unit",
    "SELECT count(*) FROM unit JOIN product USING (sku) WHERE qty <> 1 AND (qty < 1 OR track <> 'none')",
    "SELECT count(*) FROM unit JOIN parcel USING (parcel_id) WHERE (parcel.state = 'expected' OR (parcel.state = 'held'"
    " AND parcel.resumes <> 'open')) AND unit.state <> 'void'",
    "SELECT count(*) FROM unit WHERE state = 'decided' AND NOT EXISTS (SELECT 1 FROM print_job j WHERE j.unit_id ="
    " unit.unit_id AND (j.generation = unit.generation OR unit.generation = 0))",
    "SELECT max(sequence) - count(*) FROM event",
    "SELECT count(*) FROM parcel p WHERE load_id > 0 AND NOT EXISTS (SELECT 1 FROM load l WHERE l.load_id = p.load_id)",
    "SELECT count(*) FROM load l WHERE state = 'closed' AND (SELECT count(*) FROM parcel p WHERE p.load_id = l.load_id)"
    " <> (SELECT json_extract(body, '$.data.arrived') FROM event WHERE type = 'load.closed'"
    " AND json_extract(body, '$.subject') = 'load/' || l.code ORDER BY sequence DESC LIMIT 1)",
    "SELECT count(*) FROM (SELECT 1 FROM unit WHERE container <> '' AND status <> 'none' GROUP BY container"
    " HAVING count(DISTINCT disposition) > 1 OR count(DISTINCT owner) > 1 OR count(DISTINCT location) > 1)",
    "SELECT count(*) FROM unit LEFT JOIN product USING (sku) WHERE status IN ('sellable', 'b_stock', 'donation',"
    " 'liquidation') AND (problem <> '' OR title = 'customer' OR (product.flags & 1 AND grade <> 'A'))",
    "SELECT count(*) - count(DISTINCT json_extract(body, '$.data.key')) FROM event WHERE type ="
    " 'outcome.recommended'",
};

/* Where no ERP takes back what it said: it reopens what was settled. */
static const char *const books_nought_alone[] = {
    "SELECT count(*) FROM rma_line l WHERE qty < (SELECT total(qty) FROM unit u WHERE u.rma = l.rma AND u.line ="
    " l.line AND u.state <> 'void' AND u.problem <> 'over_quantity')",
    "SELECT count(*) FROM unit JOIN parcel USING (parcel_id) WHERE parcel.state = 'closed' AND unit.state IN"
    " ('identified', 'inspecting', 'graded', 'decided')",
    "SELECT count(*) FROM rma JOIN rma_progress USING (rma) WHERE completed <> (SELECT total(qty) FROM rma_line l"
    " WHERE l.rma = rma.rma) <= (SELECT total(qty) FROM unit u WHERE u.rma = rma.rma AND u.verdict IN ('accepted',"
    " 'rejected') AND u.state IN ('labelled', 'done')) + (SELECT total(qty) FROM line_mark m WHERE m.rma = rma.rma AND"
    " fate = 'missing')",
};

#endif
