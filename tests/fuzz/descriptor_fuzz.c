/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a report descriptor; what parses is asked for every usage. */
#include "protocol/hid/descriptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct descriptor descriptor;
    struct error err = {0};
    if (!descriptor_parse(&descriptor, data, size, &err))
        return 0;
    for (size_t i = 0; i < descriptor.field_count; i++)
        for (uint32_t k = 0; k < 64; k++)
            (void)descriptor_usage(&descriptor, &descriptor.fields[i], k);
    return 0;
}
