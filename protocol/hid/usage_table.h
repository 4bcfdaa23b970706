/* SPDX-License-Identifier: Apache-2.0 */
/* Key usages of HID page 07 as evdev key codes. Sources: HID Usage Tables 1.4, §10; linux/input-event-codes.h. */
#ifndef PROTOCOL_HID_USAGE_TABLE_H
#define PROTOCOL_HID_USAGE_TABLE_H

#include <stdint.h>

/* The keys that a decoder treats by usage because they mean the same under every layout. */
enum key_usage {
    KEY_USAGE_ROLLOVER_FIRST = 0x01,
    KEY_USAGE_ROLLOVER_LAST = 0x03,
    KEY_USAGE_FIRST = 0x04,
    KEY_USAGE_ENTER = 0x28,
    KEY_USAGE_TAB = 0x2B,
    KEY_USAGE_CAPS_LOCK = 0x39,
    KEY_USAGE_F1 = 0x3A,
    KEY_USAGE_F8 = 0x41,
    KEY_USAGE_NUM_LOCK = 0x53,
    KEY_USAGE_KEYPAD_ENTER = 0x58,
    KEY_USAGE_KEYPAD_1 = 0x59,
    KEY_USAGE_KEYPAD_0 = 0x62,
    KEY_USAGE_LAST = 0x73,
    KEY_USAGE_MODIFIER_FIRST = 0xE0,
    KEY_USAGE_MODIFIER_LAST = 0xE7,
};

/* The evdev code (KEY_A …), or 0 where the table has none: 04h–73h and E0h–E7h are known. */
uint8_t usage_key_code(uint8_t usage);

#endif
