/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the objects of a JSON file of any size: one object, a list of objects, or one after another (NDJSON). */
#ifndef DAEMON_CODEC_JSON_SCAN_H
#define DAEMON_CODEC_JSON_SCAN_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum json_scan_result {
    JSON_SCAN_MORE,   /* all bytes are used up */
    JSON_SCAN_OBJECT, /* an object ended: start, length and line are set; scan the rest of the bytes next */
    JSON_SCAN_BAD,    /* what is between the objects is not JSON; err has the line */
};

/* Zero it before the first bytes. What is inside an object is only counted: parse it with json_read. */
struct json_scan {
    int64_t start, length; /* of the object: bytes in the file */
    int64_t line;          /* where it begins, from 1 */
    /* private: */
    int state;
    bool in_text, escaped;
    int64_t depth;
    int64_t offset, feeds; /* bytes and line feeds read */
};

/* Goes on over bytes; *ret_used of them were read. */
enum json_scan_result json_scan(struct json_scan *scan, const char *bytes, size_t length, size_t *ret_used,
                                struct error *err);
/* To be called at the end of the file: false if it ends too early or has nothing at all. */
bool json_scan_end(const struct json_scan *scan, struct error *err) MUST_CHECK;

#endif
