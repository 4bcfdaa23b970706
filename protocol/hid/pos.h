/* SPDX-License-Identifier: Apache-2.0 */
/* HID POS scanners: reports to scans. Source: USB HID Point of Sale Usage Tables 1.02, §4; makers' byte tables. */
#ifndef PROTOCOL_HID_POS_H
#define PROTOCOL_HID_POS_H

#include "protocol/hid/descriptor.h"
#include "protocol/hid/gather.h"

#define POS_LAYOUTS_MAX 4
#define POS_SILENCE_MS 300 /* some firmware leaves "continued" set on the last part */

/* Where things are in one input report, the id byte not counted. Counts and positions of 0 bits size are absent. */
struct pos_layout {
    uint8_t id;
    struct descriptor_field aim[3], length, data, continued;
};

struct pos {
    bool uses_ids;
    size_t layout_count;
    struct pos_layout layouts[POS_LAYOUTS_MAX];
};

/* Finds the scan reports by their usages; where there are none, by the maker (vendor: USB id, 0 = unknown).
   Fails with ERROR_INVALID if neither helps. */
bool pos_init(struct pos *pos, const struct descriptor *descriptor, uint16_t vendor, struct error *err) MUST_CHECK;
/* Takes one report, its id byte in front if the device uses ids. Short reports count as far as they go; reports with
   another id are ignored. */
void pos_report(const struct pos *pos, struct gather *gather, const uint8_t *report, size_t length, int64_t tick,
                int silence_ms);

#endif
