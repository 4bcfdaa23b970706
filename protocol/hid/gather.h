/* SPDX-License-Identifier: Apache-2.0 */
/* The scan being read: which characters are kept, what is trimmed at its end, and when silence ends it. */
#ifndef PROTOCOL_HID_GATHER_H
#define PROTOCOL_HID_GATHER_H

#include "protocol/hid/scan.h"

#include <stdbool.h>
#include <stdint.h>

#define GATHER_TEXT_MAX 32

/* What gather_finish does to the text, in this order. Empty strings do nothing. */
struct gather_rules {
    char prefix[GATHER_TEXT_MAX + 1]; /* removed in front */
    char suffix[GATHER_TEXT_MAX + 1]; /* removed behind */
    bool strip_aim;                   /* a leading "]xy" becomes scan.aim */
    char gs_text[GATHER_TEXT_MAX + 1]; /* each one becomes GS (1Dh) */
};

struct gather {
    struct scan scan;
    struct gather_rules rules;
    int64_t deadline; /* tick, INT64_MAX = none */
    uint64_t dropped; /* control characters left out, ever */
    scan_fn *fn;      /* set for the length of a call into the decoder */
    void *context;
};

void gather_init(struct gather *gather, const struct gather_rules *rules);
/* One byte as sent. Kept: 20h–FFh, GS RS FS US EOT. Other controls are dropped and counted. */
void gather_byte(struct gather *gather, uint8_t byte);
/* One character as UTF-8, whole or not at all. 0 adds nothing; controls as above; what is no character is dropped. */
void gather_character(struct gather *gather, uint32_t character);
/* Gives the scan to fn if anything is left of it, and starts anew. */
void gather_finish(struct gather *gather);

#endif
