/* SPDX-License-Identifier: Apache-2.0 */
/* Scanners that type like a keyboard: reports to characters. Keys are data here, never actions. */
#ifndef PROTOCOL_HID_KEYBOARD_H
#define PROTOCOL_HID_KEYBOARD_H

#include "protocol/hid/descriptor.h"
#include "protocol/hid/gather.h"
#include "protocol/hid/keymap.h"

#define KEYBOARD_KEYS_MAX 32  /* keys held at once; more are not seen */
#define KEYBOARD_REPORTS_MAX 4 /* report ids with keys */
#define KEYBOARD_SILENCE_MS 100
#define KEYBOARD_LOG_MAX 1024 /* presses of one scan that are kept; a longer scan is not typed again */

struct key_list {
    uint8_t id;
    size_t count;
    uint8_t usages[KEYBOARD_KEYS_MAX];
};

/* Left Alt held, digits typed on the keypad. */
struct alt_code {
    bool active, leading_zero;
    unsigned digits;
    uint32_t value;
};

/* What was pressed since the scan began, for another layout to type. usage 0: only the modifiers changed, which ends an
   Alt code. */
struct key_log {
    size_t count; /* may exceed what is kept */
    struct key_press {
        uint8_t modifiers, usage;
    } presses[KEYBOARD_LOG_MAX];
};

struct keyboard {
    const struct descriptor *descriptor;
    const struct keymap *keymap;
    uint8_t suffix_usage; /* the key that ends a scan; 0 = Enter, keypad Enter or Tab */
    uint8_t gs_usage;     /* a key that stands for GS, 0 = none */
    uint8_t modifiers;    /* bit n = usage E0h + n is down */
    bool caps;
    uint32_t dead;        /* a dead key waits, 0 = none */
    struct alt_code alt;
    size_t report_count;
    struct key_list held[KEYBOARD_REPORTS_MAX];
    struct key_log log;
};

/* The descriptor of a boot keyboard: one byte of modifiers, a reserved one, six keys. */
extern const uint8_t keyboard_boot_descriptor[];
extern const size_t keyboard_boot_descriptor_length;

/* Fails with ERROR_INVALID if the descriptor has no key field. Both pointers must outlive the keyboard. */
bool keyboard_init(struct keyboard *keyboard, const struct descriptor *descriptor, const struct keymap *keymap,
                   struct error *err) MUST_CHECK;
/* Takes one report. Reports without key fields (consumer controls …) and rollover reports leave everything as it is. */
void keyboard_report(struct keyboard *keyboard, struct gather *gather, const uint8_t *report, size_t length,
                     int64_t tick, int silence_ms);
/* The end of a scan: what waits (a dead key, Alt digits) is typed, locks are forgotten, the scan is delivered. */
void keyboard_finish(struct keyboard *keyboard, struct gather *gather);
/* Types the open scan again under another layout, and ends it in gather. False if not all of it was kept. */
bool keyboard_retype(const struct keyboard *keyboard, const struct keymap *keymap, struct gather *gather);

#endif
