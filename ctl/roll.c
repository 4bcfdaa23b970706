/* SPDX-License-Identifier: Apache-2.0 */
/* roll: the codes of a roll of licence plates, for whoever prints it; a bench sticks the next one where its printer
   cannot (docs/working.md). */
#include "base/text.h"
#include "ctl/ctl.h"
#include "daemon/core/model.h"
#include "protocol/barcode/own.h"

#include <stdio.h>

#define LPN_LAST 9999999
#define COUNT_DEFAULT 100

enum ctl_exit ctl_roll(struct ctl *ctl)
{
    int64_t station = 0, first = LPN_ROLL_FIRST, count = ctl->count >= 0 ? ctl->count : COUNT_DEFAULT;
    const char *given = ctl->argument_count > 1 ? ctl->arguments[1] : NULL;
    if (!text_to_int64(ctl->arguments[0], &station) || station < 0 || station > 999) {
        ctl_complain("%s is no station number: 0 to 999", ctl->arguments[0]);
        return CTL_USAGE;
    }
    if ((given != NULL && !text_to_int64(given, &first)) || first < LPN_ROLL_FIRST || first > LPN_LAST ||
        count > LPN_LAST + 1 - first) {
        ctl_complain("rolls have the numbers %d to %d: a station counts its own labels below", LPN_ROLL_FIRST,
                     LPN_LAST);
        return CTL_USAGE;
    }
    json_t *list = json_array();
    for (int64_t i = 0; i < count; i++) {
        char lpn[LPN_SIZE], symbol[OWN_SIZE];
        TEXT_FORMAT(lpn, "LP%03lld%07lld", (long long)station, (long long)(first + i));
        if (!own_encode(CANDIDATE_LPN, lpn, 1, symbol))
            continue;
        if (ctl->json)
            json_array_append_new(list, json_string(symbol));
        else
            printf("%s\n", symbol);
    }
    if (ctl->json)
        ctl_print_json(list);
    json_decref(list);
    return CTL_OK;
}
