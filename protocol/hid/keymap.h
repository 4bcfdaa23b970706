/* SPDX-License-Identifier: Apache-2.0 */
/* What each key types under a layout, with the dead keys of Windows, for that is what scanners imitate. */
#ifndef PROTOCOL_HID_KEYMAP_H
#define PROTOCOL_HID_KEYMAP_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum keymap_modifier {
    KEYMAP_SHIFT = 1 << 0,
    KEYMAP_CAPS = 1 << 1,
    KEYMAP_ALTGR = 1 << 2,
    KEYMAP_MODIFIERS = 1 << 3, /* combinations of the above */
};

/* With this bit a key is dead: it waits for the next one. The rest is the character it stands for by itself. */
#define KEYMAP_DEAD 0x80000000U

struct keymap;

/* The keymap of us, gb, fr, be, de, ch, es, it or pt; compiled from the system's xkb data at first use (a few ms) and
   kept for the life of the process: scanners share it. NULL: unknown layout or no xkb data. One thread only. */
const struct keymap *keymap_get(const char *layout, struct error *err) MUST_CHECK;
/* The name of a layout by number, or NULL at the end of the list. */
const char *keymap_layout(size_t index);
/* The character of a key, KEYMAP_DEAD | its accent, or 0 where the key types nothing. NumLock counts as on. */
uint32_t keymap_character(const struct keymap *keymap, uint8_t usage, unsigned modifiers);
/* The letter with the accent of a dead key, or 0 where Windows composes nothing. dead as from keymap_character. */
uint32_t keymap_compose(uint32_t dead, uint32_t character);

#endif
