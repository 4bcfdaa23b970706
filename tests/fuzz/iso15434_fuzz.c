/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an ISO/IEC 15434 message: candidates stay within their bounds, what is refused has its reason. */
#include "protocol/barcode/iso15434.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct candidate candidates[ISO15434_CANDIDATES_MAX];
    const char *reason = NULL;
    size_t count = 0;
    enum iso15434_result result = iso15434_parse((const char *)data, size, candidates, &count, &reason);
    if ((result == ISO15434_REFUSED && reason == NULL) ||
        (result == ISO15434_READ && (count == 0 || count > ISO15434_CANDIDATES_MAX)))
        abort();
    for (size_t i = 0; result == ISO15434_READ && i < count; i++)
        if (strnlen(candidates[i].value, CANDIDATE_VALUE_SIZE) == CANDIDATE_VALUE_SIZE)
            abort();
    return 0;
}
