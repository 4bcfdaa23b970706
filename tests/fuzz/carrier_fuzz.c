/* SPDX-License-Identifier: Apache-2.0 */
/* Any text in upper case as a tracking number; what comes out is a number in it, with its carrier. */
#include "protocol/barcode/carrier.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct candidate candidates[CARRIER_CANDIDATES_MAX];
    char text[CANDIDATE_VALUE_SIZE] = "";
    size_t length = 0;
    for (size_t i = 0; i < size && length + 1 < sizeof text; i++)
        if (isgraph(data[i]))
            text[length++] = (char)toupper(data[i]);
    for (int letters = 0; letters < 2; letters++) {
        size_t count = carrier_candidates(letters != 0, text, length, candidates);
        if (count > CARRIER_CANDIDATES_MAX)
            abort();
        for (size_t i = 0; i < count; i++)
            if (candidates[i].class != CANDIDATE_TRACKING || candidates[i].detail[0] == '\0' ||
                strlen(candidates[i].value) == 0 || strlen(candidates[i].value) > length)
                abort();
    }
    return 0;
}
