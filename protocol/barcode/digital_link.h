/* SPDX-License-Identifier: Apache-2.0 */
/* GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax): web addresses with GS1 keys in their path. */
#ifndef PROTOCOL_BARCODE_DIGITAL_LINK_H
#define PROTOCOL_BARCODE_DIGITAL_LINK_H

#include "protocol/barcode/gs1.h"

#include <stddef.h>

enum digital_link_result {
    DIGITAL_LINK_NONE, /* not http(s), or no GS1 primary key in the path */
    DIGITAL_LINK_READ,
    DIGITAL_LINK_REFUSED, /* *ret_reason: "compressed", "qualifier", "percent", or a word of gs1_refusal_name */
};

/* Path: any stem, a primary key and its qualifiers in their order; query: attributes by number. Values are
 * percent-decoded; a GTIN of 8, 12 or 13 digits gets its zeros. Queries that are no identifier are other people's and
 * are skipped, the fragment too. Compressed links are recognised and refused: they need GS1's bit tables. */
enum digital_link_result digital_link_parse(const char *text, size_t length, struct gs1_data *ret_data,
                                            const char **ret_reason);

#endif
