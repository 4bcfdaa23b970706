/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a GS1 Digital Link: what is read has elements and can be written, what is refused has its reason. */
#include "protocol/barcode/digital_link.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gs1_data elements;
    const char *reason = NULL;
    char text[4096];
    enum digital_link_result result = digital_link_parse((const char *)data, size, &elements, &reason);
    if (result == DIGITAL_LINK_REFUSED && reason == NULL)
        abort();
    if (result == DIGITAL_LINK_READ && (elements.count == 0 || !gs1_format(&elements, text, sizeof text)))
        abort();
    return 0;
}
