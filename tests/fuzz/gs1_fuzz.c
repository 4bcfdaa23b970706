/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a GS1 element string: what is read in strict mode is read in tolerant mode, and written the same again.
 */
#include "protocol/barcode/gs1.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gs1_data strict, tolerant, again;
    char text[4096];
    enum gs1_refusal answer = gs1_parse(GS1_STRICT, (const char *)data, size, &strict);
    if (gs1_refusal_name(answer) == NULL)
        abort();
    if (gs1_parse(GS1_TOLERANT, (const char *)data, size, &tolerant) != GS1_OK) {
        if (answer == GS1_OK)
            abort();
        return 0;
    }
    if (tolerant.count == 0 || tolerant.count > GS1_ELEMENTS_MAX)
        abort();
    if (gs1_format(&tolerant, text, sizeof text) &&
        (gs1_parse(GS1_STRICT, text, strlen(text), &again) != GS1_OK || again.count != tolerant.count))
        abort();
    return 0;
}
