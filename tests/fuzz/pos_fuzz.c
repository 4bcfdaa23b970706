/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte is the length of a report descriptor; it and then reports of 1 to 64 bytes follow. */
#include "tests/fuzz/reports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reports(&(struct decoder_options){.kind = DECODER_POS, .layout = "fr"}, data, size);
}
