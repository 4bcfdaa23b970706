/* SPDX-License-Identifier: Apache-2.0 */
/* The calibration cards: all printable ASCII in parts of sixteen. What a scanner types for them tells its layout. */
#ifndef PROTOCOL_HID_CALIBRATION_H
#define PROTOCOL_HID_CALIBRATION_H

#include "protocol/hid/scan.h"

#include <stdbool.h>
#include <stdint.h>

#define CALIBRATION_PARTS 6
#define CALIBRATION_SIZE 17

/* A bit for each layout, in the order of keymap_layout; 0 = nothing was scanned yet. */
struct calibration {
    uint32_t layouts; /* under which all cards so far read right */
    uint32_t parts;   /* a bit for each card that came */
};

/* The text of a card, from 0; it starts with a letter, a digit or a mark, never with a space, which scanners may drop.
 */
void calibration_part(unsigned part, char target[CALIBRATION_SIZE]);
/* Takes a scan, inside its scan_fn. False, and nothing changes, if it is no card under any layout. A card that fits
   none of the layouts left begins a new calibration: the scanner was set anew meanwhile. */
bool calibration_take(struct calibration *calibration, const struct scan *scan);
/* The layout by name: current if all cards so far read right under it, else the first one that is left. */
const char *calibration_layout(const struct calibration *calibration, const char *current);

#endif
