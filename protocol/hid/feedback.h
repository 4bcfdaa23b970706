/* SPDX-License-Identifier: Apache-2.0 */
/* The beeps of HID POS scanners: the output report that asks for one. Source: HID Point of Sale Usage Tables 1.02, §4.
 */
#ifndef PROTOCOL_HID_FEEDBACK_H
#define PROTOCOL_HID_FEEDBACK_H

#include "protocol/hid/descriptor.h"

enum feedback { FEEDBACK_GOOD, FEEDBACK_ERROR, FEEDBACK_COUNT };

#define FEEDBACK_REPORT_MAX 64

/* Writes the report (id byte in front where the device uses ids) and its length. False where the descriptor does not
   name both beeps as bits of one report: such a device is never sent anything. */
bool feedback_report(const struct descriptor *descriptor, enum feedback feedback, uint8_t report[FEEDBACK_REPORT_MAX],
                     size_t *ret_length);

#endif
