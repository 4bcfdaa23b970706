/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoder harnesses share: a descriptor, then reports until the input is used up. */
#ifndef TESTS_FUZZ_REPORTS_H
#define TESTS_FUZZ_REPORTS_H

#include "protocol/hid/decoder.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_scan(void *context, const struct scan *scan)
{
    (void)context;
    if (scan->length > SCAN_BYTES_MAX || scan->length > scan->total || scan->bytes[scan->length] != '\0')
        abort();
}

static inline int fuzz_reports(const struct decoder_options *options, const uint8_t *data, size_t size)
{
    size_t length = size > 0 && data[0] < size ? data[0] : 0;
    struct decoder *decoder = size > 0 ? decoder_new(options, data + 1, length, NULL) : NULL;
    for (size_t at = length + 1; decoder != NULL && at < size;) {
        size_t report = 1 + data[at] % 64;
        report = report < size - at ? report : size - at;
        decoder_report(decoder, data + at, report, (int64_t)at, fuzz_scan, NULL);
        at += report;
    }
    if (decoder != NULL)
        decoder_tick(decoder, INT64_MAX, fuzz_scan, NULL);
    decoder_free(decoder);
    return 0;
}

#endif
