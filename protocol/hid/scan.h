/* SPDX-License-Identifier: Apache-2.0 */
/* One scan: what a scanner read, free of how it was wired. */
#ifndef PROTOCOL_HID_SCAN_H
#define PROTOCOL_HID_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define SCAN_BYTES_MAX 4096

struct decoder;

struct scan {
    const struct decoder *decoder; /* that it comes from, as long as its scan_fn runs; for decoder_retype */
    size_t length;     /* bytes kept, at most SCAN_BYTES_MAX */
    size_t total;      /* bytes sent; more than length = too long, to be refused with its size */
    char aim[4];       /* AIM symbology identifier such as "]C1", or "" where the scanner gives none */
    uint8_t bytes[SCAN_BYTES_MAX + 1]; /* UTF-8 or GS1 data, always with a NUL behind */
};

typedef void scan_fn(void *context, const struct scan *scan);

#endif
