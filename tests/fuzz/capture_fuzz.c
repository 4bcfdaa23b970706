/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a recording, which the API takes from whoever may scan: played to its first mistake. */
#include "protocol/hid/player.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *context, const struct scan *scan)
{
    static struct scan other;
    (void)context;
    if (scan->length > SCAN_BYTES_MAX || scan->length > scan->total || scan->bytes[scan->length] != '\0')
        abort();
    (void)decoder_retype(scan->decoder, "fr", &other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct player player;
    player = (struct player){.fn = take};
    struct error err = {0};
    if (!player_play_text(&player, (const char *)data, size, &err) && err.message[0] == '\0')
        abort();
    player_done(&player);
    return 0;
}
