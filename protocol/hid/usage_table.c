/* SPDX-License-Identifier: Apache-2.0 */
/* The table from HID key usages to evdev key codes: the only part of a keymap that is not libxkbcommon's. */
#include "protocol/hid/usage_table.h"

#include <linux/input-event-codes.h>

static const uint8_t codes[256] = {
    [0x04] = KEY_A,          KEY_B,           KEY_C,            KEY_D,          KEY_E,          KEY_F,
    [0x0A] = KEY_G,          KEY_H,           KEY_I,            KEY_J,          KEY_K,          KEY_L,
    [0x10] = KEY_M,          KEY_N,           KEY_O,            KEY_P,          KEY_Q,          KEY_R,
    [0x16] = KEY_S,          KEY_T,           KEY_U,            KEY_V,          KEY_W,          KEY_X,
    [0x1C] = KEY_Y,          KEY_Z,           KEY_1,            KEY_2,          KEY_3,          KEY_4,
    [0x22] = KEY_5,          KEY_6,           KEY_7,            KEY_8,          KEY_9,          KEY_0,
    [0x28] = KEY_ENTER,      KEY_ESC,         KEY_BACKSPACE,    KEY_TAB,        KEY_SPACE,      KEY_MINUS,
    [0x2E] = KEY_EQUAL,      KEY_LEFTBRACE,   KEY_RIGHTBRACE,   KEY_BACKSLASH,  KEY_BACKSLASH,  KEY_SEMICOLON,
    [0x34] = KEY_APOSTROPHE, KEY_GRAVE,       KEY_COMMA,        KEY_DOT,        KEY_SLASH,      KEY_CAPSLOCK,
    [0x3A] = KEY_F1,         KEY_F2,          KEY_F3,           KEY_F4,         KEY_F5,         KEY_F6,
    [0x40] = KEY_F7,         KEY_F8,          KEY_F9,           KEY_F10,        KEY_F11,        KEY_F12,
    [0x46] = KEY_SYSRQ,      KEY_SCROLLLOCK,  KEY_PAUSE,        KEY_INSERT,     KEY_HOME,       KEY_PAGEUP,
    [0x4C] = KEY_DELETE,     KEY_END,         KEY_PAGEDOWN,     KEY_RIGHT,      KEY_LEFT,       KEY_DOWN,
    [0x52] = KEY_UP,         KEY_NUMLOCK,     KEY_KPSLASH,      KEY_KPASTERISK, KEY_KPMINUS,    KEY_KPPLUS,
    [0x58] = KEY_KPENTER,    KEY_KP1,         KEY_KP2,          KEY_KP3,        KEY_KP4,        KEY_KP5,
    [0x5E] = KEY_KP6,        KEY_KP7,         KEY_KP8,          KEY_KP9,        KEY_KP0,        KEY_KPDOT,
    [0x64] = KEY_102ND,      KEY_COMPOSE,     KEY_POWER,        KEY_KPEQUAL,    KEY_F13,        KEY_F14,
    [0x6A] = KEY_F15,        KEY_F16,         KEY_F17,          KEY_F18,        KEY_F19,        KEY_F20,
    [0x70] = KEY_F21,        KEY_F22,         KEY_F23,          KEY_F24,
    [0xE0] = KEY_LEFTCTRL,   KEY_LEFTSHIFT,   KEY_LEFTALT,      KEY_LEFTMETA,
    [0xE4] = KEY_RIGHTCTRL,  KEY_RIGHTSHIFT,  KEY_RIGHTALT,     KEY_RIGHTMETA,
};

uint8_t usage_key_code(uint8_t usage)
{
    return codes[usage];
}
