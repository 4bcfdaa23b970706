/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a scan: the first three are its AIM identifier; answers stay within their bounds. */
#include "protocol/barcode/classify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct classify_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    char aim[4] = "";
    if (size < 3)
        return 0;
    memcpy(aim, data, 3);
    classify_default_rules(&rules);
    size_t count = classify(&rules, data + 3, size - 3, aim, candidates);
    if (count < 1 || count > CANDIDATES_MAX)
        abort();
    for (size_t i = 0; i < count; i++)
        if (candidates[i].class >= CANDIDATE_CLASS_COUNT ||
            strnlen(candidates[i].value, CANDIDATE_VALUE_SIZE) == CANDIDATE_VALUE_SIZE)
            abort();
    return 0;
}
