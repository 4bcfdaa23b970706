/* SPDX-License-Identifier: Apache-2.0 */
/* Keymaps: libxkbcommon is asked once for every key, and its answers are kept: a scan needs no library. */
#include "protocol/hid/keymap.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/usage_table.h"

#include <stdarg.h>
#include <uchar.h>
#include <xkbcommon/xkbcommon.h>

#define XKB_CODE_OFFSET 8 /* xkb's key codes are evdev's plus 8 */

struct keymap {
    bool ready;
    uint32_t characters[KEY_USAGE_LAST + 1][KEYMAP_MODIFIERS];
};

static const char *const layouts[] = {"us", "gb", "fr", "be", "de", "ch", "es", "it", "pt"};
static struct keymap keymaps[COUNT_OF(layouts)];

/* Dead keys, the character each types before a space, and what Windows composes with it. */
static const struct dead_key {
    xkb_keysym_t keysym;
    char32_t accent;
    const char32_t *plain, *composed;
} dead_keys[] = {
    {XKB_KEY_dead_grave, U'`', U"aeiouAEIOU", U"àèìòùÀÈÌÒÙ"},
    {XKB_KEY_dead_acute, U'´', U"aeiouyAEIOUY", U"áéíóúýÁÉÍÓÚÝ"},
    {XKB_KEY_dead_circumflex, U'^', U"aeiouAEIOU", U"âêîôûÂÊÎÔÛ"},
    {XKB_KEY_dead_tilde, U'~', U"anoANO", U"ãñõÃÑÕ"},
    {XKB_KEY_dead_diaeresis, U'¨', U"aeiouyAEIOU", U"äëïöüÿÄËÏÖÜ"},
    {XKB_KEY_dead_cedilla, U'¸', U"cC", U"çÇ"},
};

/* Where Windows types something else than the xkb layout of that name. */
static const struct {
    const char *layout;
    uint8_t usage;
    unsigned modifiers;
    uint32_t character;
} overrides[] = {
    {"us", 0x64, 0, '\\'},
    {"us", 0x64, KEYMAP_SHIFT, '|'},
    {"us", 0x64, KEYMAP_ALTGR, 0},
    {"us", 0x64, KEYMAP_ALTGR | KEYMAP_SHIFT, 0},
    {"fr", 0x1F, KEYMAP_ALTGR, KEYMAP_DEAD | '~'},
    {"fr", 0x24, KEYMAP_ALTGR, KEYMAP_DEAD | '`'},
    {"be", 0x21, KEYMAP_ALTGR, '{'},
    {"be", 0x22, KEYMAP_ALTGR, '['},
    {"ch", 0x1E, KEYMAP_ALTGR, U'¦'},
    {"ch", 0x21, KEYMAP_ALTGR, U'°'},
    {"ch", 0x22, KEYMAP_ALTGR, U'§'},
    {"es", 0x21, KEYMAP_ALTGR, KEYMAP_DEAD | '~'},
    {"es", 0x22, KEYMAP_ALTGR, U'€'},
    {"it", 0x22, KEYMAP_ALTGR, U'€'},
    {"pt", 0x22, KEYMAP_ALTGR, U'€'},
    {"pt", 0x30, KEYMAP_ALTGR, ']'},
};

static uint32_t character_of(xkb_keysym_t keysym)
{
    for (size_t i = 0; i < COUNT_OF(dead_keys); i++)
        if (dead_keys[i].keysym == keysym)
            return KEYMAP_DEAD | dead_keys[i].accent;
    uint32_t character = xkb_keysym_to_utf32(keysym);
    return character >= 0x20 && character != 0x7F ? character : 0; /* Esc, Tab, Delete … are keys, not text */
}

static uint32_t real_modifiers(struct xkb_keymap *xkb, unsigned modifiers)
{
    static const char *const names[] = {XKB_MOD_NAME_SHIFT, XKB_MOD_NAME_CAPS, "Mod5"};
    uint32_t mask = 1U << xkb_keymap_mod_get_index(xkb, XKB_MOD_NAME_NUM);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if ((modifiers >> i & 1) != 0)
            mask |= 1U << xkb_keymap_mod_get_index(xkb, names[i]);
    return mask;
}

static void ask_keys(struct keymap *keymap, struct xkb_keymap *xkb, struct xkb_state *state)
{
    for (unsigned modifiers = 0; modifiers < KEYMAP_MODIFIERS; modifiers++) {
        xkb_state_update_mask(state, real_modifiers(xkb, modifiers), 0, 0, 0, 0, 0);
        for (uint8_t usage = KEY_USAGE_FIRST; usage <= KEY_USAGE_LAST; usage++) {
            xkb_keycode_t code = usage_key_code(usage) + (xkb_keycode_t)XKB_CODE_OFFSET;
            bool is_third = xkb_state_key_get_level(state, code, 0) >= 2;
            if (is_third || (modifiers & KEYMAP_ALTGR) == 0) /* AltGr with a key that has no such level: nothing */
                keymap->characters[usage][modifiers] = character_of(xkb_state_key_get_one_sym(state, code));
        }
    }
}

static void apply_overrides(struct keymap *keymap, const char *layout)
{
    for (size_t i = 0; i < COUNT_OF(overrides); i++)
        if (text_equal(overrides[i].layout, layout)) {
            uint32_t *row = keymap->characters[overrides[i].usage];
            row[overrides[i].modifiers] = row[overrides[i].modifiers | KEYMAP_CAPS] = overrides[i].character;
        }
}

static void log_nothing(struct xkb_context *context, enum xkb_log_level level, const char *format, va_list args)
{
    (void)context, (void)level, (void)format, (void)args;
}

static bool compile(struct keymap *keymap, const char *layout, struct error *err)
{
    struct xkb_rule_names names = {.rules = "evdev", .model = "pc105", .layout = layout, .variant = "", .options = ""};
    struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
    struct xkb_keymap *xkb = NULL;
    struct xkb_state *state = NULL;
    if (context != NULL) {
        xkb_context_set_log_fn(context, log_nothing);
        xkb = xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
    }
    if (xkb != NULL)
        state = xkb_state_new(xkb);
    if (state != NULL)
        ask_keys(keymap, xkb, state);
    keymap->ready = state != NULL;
    xkb_state_unref(state);
    xkb_keymap_unref(xkb);
    xkb_context_unref(context);
    apply_overrides(keymap, layout);
    return keymap->ready ||
           error_set(err, ERROR_NOT_FOUND, "cannot compile the xkb layout %s (is xkb-data there?)", layout);
}

const struct keymap *keymap_get(const char *layout, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(layouts); i++)
        if (text_equal(layouts[i], layout))
            return keymaps[i].ready || compile(&keymaps[i], layout, err) ? &keymaps[i] : NULL;
    error_set(err, ERROR_NOT_FOUND, "unknown keyboard layout %.16s", layout);
    return NULL;
}

const char *keymap_layout(size_t index)
{
    return index < COUNT_OF(layouts) ? layouts[index] : NULL;
}

uint32_t keymap_character(const struct keymap *keymap, uint8_t usage, unsigned modifiers)
{
    return usage <= KEY_USAGE_LAST ? keymap->characters[usage][modifiers % KEYMAP_MODIFIERS] : 0;
}

uint32_t keymap_compose(uint32_t dead, uint32_t character)
{
    for (size_t i = 0; i < COUNT_OF(dead_keys); i++)
        for (size_t k = 0; (KEYMAP_DEAD | dead_keys[i].accent) == dead && dead_keys[i].plain[k] != 0; k++)
            if (dead_keys[i].plain[k] == character)
                return dead_keys[i].composed[k];
    return 0;
}
