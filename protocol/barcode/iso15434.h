/* SPDX-License-Identifier: Apache-2.0 */
/* ISO/IEC 15434 messages: "[)>" RS, then format 05 (GS1), 06 (data identifiers) or 01 (transport), RS, EOT. */
#ifndef PROTOCOL_BARCODE_ISO15434_H
#define PROTOCOL_BARCODE_ISO15434_H

#include "protocol/barcode/candidate.h"

#include <stddef.h>

#define ISO15434_CANDIDATES_MAX 6

enum iso15434_result {
    ISO15434_NONE,    /* does not start as such a message */
    ISO15434_READ,    /* at least one candidate */
    ISO15434_REFUSED, /* *ret_reason: "format" (another or broken), "empty", or a word of gs1_refusal_name */
};

/* Candidates in order, at most ISO15434_CANDIDATES_MAX of them into ret_candidates.
 * 05: one of class GS1, and its SSCC. 06 (ANSI MH10.8.2): with a GTIN (8P or 3P) one of class GS1; then part numbers
 * (P, 1P), serials (S) and transport units (J … 6J) as CANDIDATE_TEXT or CANDIDATE_TRACKING, detail = the identifier;
 * serial (S), lot (1T) and expiry (14D) are set on all. 01: the carrier's number, for UPS put together from its parts,
 * for FedEx without the form number; detail = the carrier's SCAC. The end marks may be missing. */
enum iso15434_result iso15434_parse(const char *text, size_t length, struct candidate *ret_candidates,
                                    size_t *ret_count, const char **ret_reason);

#endif
