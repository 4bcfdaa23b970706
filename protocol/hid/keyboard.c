/* SPDX-License-Identifier: Apache-2.0 */
/* The keyboard decoder: reads every slot of a report, sees what is new in it, and types that the way Windows would. */
#include "protocol/hid/keyboard.h"

#include "base/memory.h"
#include "protocol/hid/codepage.h"
#include "protocol/hid/usage_table.h"

#define KEY_PAGE 0x07
#define ALT_VALUE_MAX 0x110000 /* more digits change nothing: no character either way */

enum modifier_bit {
    LEFT_CTRL = 1 << 0, LEFT_SHIFT = 1 << 1, LEFT_ALT = 1 << 2, LEFT_META = 1 << 3,
    RIGHT_CTRL = 1 << 4, RIGHT_SHIFT = 1 << 5, RIGHT_ALT = 1 << 6, RIGHT_META = 1 << 7,
    ANY_CTRL = LEFT_CTRL | RIGHT_CTRL, ANY_SHIFT = LEFT_SHIFT | RIGHT_SHIFT, ANY_META = LEFT_META | RIGHT_META,
};

/* What one report says. */
struct reading {
    struct key_list keys;
    uint8_t modifiers;
    bool has_keys, has_modifiers, rollover;
};

const uint8_t keyboard_boot_descriptor[] = {
    0x05, 0x01, 0x09, 0x06, 0xA1, 0x01,                         /* collection: keyboard */
    0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00, 0x25, 0x01, /* modifiers, a bit each */
    0x75, 0x01, 0x95, 0x08, 0x81, 0x02,
    0x75, 0x08, 0x95, 0x01, 0x81, 0x01,                         /* a byte of nothing */
    0x26, 0xFF, 0x00, 0x19, 0x00, 0x2A, 0xFF, 0x00, 0x95, 0x06, 0x81, 0x00, 0xC0,
};
const size_t keyboard_boot_descriptor_length = sizeof keyboard_boot_descriptor;

static bool is_key_field(const struct descriptor *descriptor, const struct descriptor_field *field)
{
    return field->type == REPORT_INPUT && (field->flags & FIELD_CONSTANT) == 0 && field->usage_count != 0 &&
           descriptor->usages[field->usage_first].first >> 16 == KEY_PAGE;
}

static struct key_list *held_of(struct keyboard *keyboard, uint8_t id)
{
    for (size_t i = 0; i < keyboard->report_count; i++)
        if (keyboard->held[i].id == id)
            return &keyboard->held[i];
    return NULL;
}

bool keyboard_init(struct keyboard *keyboard, const struct descriptor *descriptor, const struct keymap *keymap,
                   struct error *err)
{
    *keyboard = (struct keyboard){.descriptor = descriptor, .keymap = keymap};
    for (size_t i = 0; i < descriptor->field_count && keyboard->report_count < KEYBOARD_REPORTS_MAX; i++) {
        const struct descriptor_field *field = &descriptor->fields[i];
        if (is_key_field(descriptor, field) && held_of(keyboard, field->id) == NULL)
            keyboard->held[keyboard->report_count++].id = field->id;
    }
    return keyboard->report_count != 0 || error_set(err, ERROR_INVALID, "the report descriptor has no keys");
}

static void note_usage(struct reading *reading, uint32_t usage)
{
    uint8_t key = (uint8_t)usage;
    if (usage >> 16 != KEY_PAGE || (usage & 0xFFFF) > UINT8_MAX || key == 0)
        return;
    if (key >= KEY_USAGE_MODIFIER_FIRST && key <= KEY_USAGE_MODIFIER_LAST)
        reading->modifiers |= (uint8_t)(1U << (key - KEY_USAGE_MODIFIER_FIRST));
    else if (key >= KEY_USAGE_ROLLOVER_FIRST && key <= KEY_USAGE_ROLLOVER_LAST)
        reading->rollover = true;
    else if (reading->keys.count < KEYBOARD_KEYS_MAX)
        reading->keys.usages[reading->keys.count++] = key;
}

static void read_element(const struct descriptor *descriptor, const struct descriptor_field *field, uint32_t index,
                         uint32_t value, struct reading *reading)
{
    if ((field->flags & FIELD_VARIABLE) != 0) {
        if (value != 0)
            note_usage(reading, descriptor_usage(descriptor, field, index));
        return;
    }
    int64_t above = (int64_t)value - field->logical_minimum;
    if (above >= 0 && value <= (uint32_t)field->logical_maximum)
        note_usage(reading, descriptor_usage(descriptor, field, (uint32_t)above));
}

/* Modifiers are down only where a report can tell: a report without them says nothing about Shift. */
static bool tells_modifiers(const struct descriptor *descriptor, const struct descriptor_field *field)
{
    for (size_t i = 0; i < field->usage_count; i++) {
        const struct usage_range *range = &descriptor->usages[field->usage_first + i];
        if (range->first <= USAGE(KEY_PAGE, KEY_USAGE_MODIFIER_LAST) &&
            range->last >= USAGE(KEY_PAGE, KEY_USAGE_MODIFIER_FIRST))
            return true;
    }
    return false;
}

static void read_fields(const struct descriptor *descriptor, uint8_t id, const uint8_t *data, size_t length,
                        struct reading *reading)
{
    for (size_t i = 0; i < descriptor->field_count; i++) {
        const struct descriptor_field *field = &descriptor->fields[i];
        uint32_t value;
        if (field->id != id || !is_key_field(descriptor, field))
            continue;
        reading->has_keys = true;
        reading->has_modifiers |= tells_modifiers(descriptor, field);
        for (uint32_t k = 0; k < field->count && descriptor_value(field, k, data, length, &value); k++)
            read_element(descriptor, field, k, value, reading);
    }
}

static unsigned count_of(const struct key_list *list, size_t length, uint8_t usage)
{
    unsigned count = 0;
    for (size_t i = 0; i < length; i++)
        count += list->usages[i] == usage;
    return count;
}

/* A key is new if it was not held; in Alt mode every slot counts, so a digit may come twice (62 60 62 = Alt+080). */
static bool is_new(const struct key_list *keys, size_t index, const struct key_list *before, bool repeats)
{
    uint8_t usage = keys->usages[index];
    unsigned here = count_of(keys, index + 1, usage);
    unsigned held = count_of(before, before->count, usage);
    return repeats ? here > held : here == 1 && held == 0;
}

static void type_dead(struct keyboard *keyboard, struct gather *gather)
{
    gather_character(gather, keyboard->dead & ~KEYMAP_DEAD);
    keyboard->dead = 0;
}

/* Windows: dead + letter = accented letter; dead + space = the accent; dead + anything else = both. */
static void type_character(struct keyboard *keyboard, struct gather *gather, uint32_t character)
{
    uint32_t composed = keyboard->dead != 0 ? keymap_compose(keyboard->dead, character) : 0;
    if (keyboard->dead != 0 && composed == 0) {
        type_dead(keyboard, gather);
        composed = character == ' ' ? 0 : character;
    } else if (keyboard->dead == 0) {
        composed = character;
    }
    keyboard->dead = 0;
    gather_character(gather, composed);
}

static void type_meaning(struct keyboard *keyboard, struct gather *gather, uint32_t meaning)
{
    if (meaning == 0)
        return;
    if ((meaning & KEYMAP_DEAD) == 0) {
        type_character(keyboard, gather, meaning);
        return;
    }
    if (keyboard->dead != 0)
        type_dead(keyboard, gather);
    keyboard->dead = meaning;
}

static void alt_digit(struct alt_code *alt, uint8_t usage)
{
    uint32_t digit = usage == KEY_USAGE_KEYPAD_0 ? 0 : (uint32_t)(usage - KEY_USAGE_KEYPAD_1) + 1;
    alt->leading_zero |= alt->digits++ == 0 && digit == 0;
    alt->value = alt->value * 10 + digit;
    if (alt->value > ALT_VALUE_MAX)
        alt->value = ALT_VALUE_MAX;
}

static void alt_end(struct keyboard *keyboard, struct gather *gather)
{
    if (keyboard->alt.digits != 0)
        type_character(keyboard, gather, codepage_alt(keyboard->alt.value, keyboard->alt.leading_zero));
    keyboard->alt = (struct alt_code){.active = keyboard->alt.active};
}

static void set_modifiers(struct keyboard *keyboard, struct gather *gather, uint8_t modifiers)
{
    bool alt = (modifiers & LEFT_ALT) != 0 && (modifiers & ANY_CTRL) == 0;
    keyboard->modifiers = modifiers;
    if (alt == keyboard->alt.active)
        return;
    alt_end(keyboard, gather);
    keyboard->alt.active = alt;
}

static bool is_suffix(const struct keyboard *keyboard, uint8_t usage)
{
    if ((keyboard->modifiers & ~ANY_SHIFT) != 0)
        return false; /* Alt+Tab, Ctrl+Enter: noise */
    if (keyboard->suffix_usage != 0)
        return usage == keyboard->suffix_usage;
    return usage == KEY_USAGE_ENTER || usage == KEY_USAGE_KEYPAD_ENTER || usage == KEY_USAGE_TAB;
}

static bool is_alt_gr(uint8_t modifiers)
{
    return (modifiers & RIGHT_ALT) != 0 || ((modifiers & LEFT_ALT) != 0 && (modifiers & ANY_CTRL) != 0);
}

/* Ctrl + key as Windows types it: letters by name, the others by place, whatever the layout. */
static uint32_t control_character(const struct keyboard *keyboard, uint8_t usage)
{
    static const uint8_t places[] = {[0x23] = 0x1E, [0x2D] = 0x1F, [0x2F] = 0x1B, [0x30] = 0x1D,
                                     [0x31] = 0x1C, [0x32] = 0x1C, [0x64] = 0x1C};
    uint32_t letter = keymap_character(keyboard->keymap, usage, 0);
    if (letter >= 'a' && letter <= 'z')
        return letter & 0x1F;
    return usage < sizeof places ? places[usage] : 0;
}

static uint32_t meaning_of(const struct keyboard *keyboard, uint8_t usage)
{
    bool alt_gr = is_alt_gr(keyboard->modifiers);
    if ((keyboard->modifiers & ANY_META) != 0 || ((keyboard->modifiers & LEFT_ALT) != 0 && !alt_gr))
        return 0;
    if ((keyboard->modifiers & ANY_CTRL) != 0 && !alt_gr)
        return control_character(keyboard, usage);
    unsigned modifiers = (keyboard->modifiers & ANY_SHIFT) != 0 ? KEYMAP_SHIFT : 0;
    modifiers |= (keyboard->caps ? KEYMAP_CAPS : 0U) | (alt_gr ? KEYMAP_ALTGR : 0U);
    return keymap_character(keyboard->keymap, usage, modifiers);
}

static void press(struct keyboard *keyboard, struct gather *gather, uint8_t usage)
{
    if (usage == keyboard->gs_usage) /* usage 0 is no key, so 0 is never pressed */
        type_character(keyboard, gather, 0x1D);
    else if (is_suffix(keyboard, usage))
        keyboard_finish(keyboard, gather);
    else if (keyboard->alt.active && usage >= KEY_USAGE_KEYPAD_1 && usage <= KEY_USAGE_KEYPAD_0)
        alt_digit(&keyboard->alt, usage);
    else if (usage == KEY_USAGE_CAPS_LOCK)
        keyboard->caps = !keyboard->caps;
    else
        type_meaning(keyboard, gather, meaning_of(keyboard, usage));
}

static void note_press(struct keyboard *keyboard, uint8_t usage)
{
    struct key_log *log = &keyboard->log;
    if (log->count < KEYBOARD_LOG_MAX)
        log->presses[log->count] = (struct key_press){keyboard->modifiers, usage};
    log->count++;
}

static bool same_keys(const struct key_list *a, const struct key_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->usages[i] == b->usages[i];
    return same;
}

static void apply(struct keyboard *keyboard, struct gather *gather, const struct reading *reading,
                  struct key_list *held)
{
    const struct key_list before = *held;
    *held = reading->keys;
    if (reading->has_modifiers && reading->modifiers != keyboard->modifiers) {
        set_modifiers(keyboard, gather, reading->modifiers);
        note_press(keyboard, 0);
    }
    for (size_t i = 0; i < reading->keys.count; i++)
        if (is_new(&reading->keys, i, &before, keyboard->alt.active)) {
            note_press(keyboard, reading->keys.usages[i]);
            press(keyboard, gather, reading->keys.usages[i]);
        }
}

void keyboard_report(struct keyboard *keyboard, struct gather *gather, const uint8_t *report, size_t length,
                     int64_t tick, int silence_ms)
{
    size_t id_bytes = keyboard->descriptor->uses_ids ? 1 : 0;
    if (length <= id_bytes)
        return;
    struct reading reading = {.keys.id = id_bytes != 0 ? report[0] : 0};
    struct key_list *held = held_of(keyboard, reading.keys.id);
    if (held == NULL)
        return;
    read_fields(keyboard->descriptor, reading.keys.id, report + id_bytes, length - id_bytes, &reading);
    if (reading.rollover)
        return;
    bool modified = reading.has_modifiers && reading.modifiers != keyboard->modifiers;
    if (!modified && same_keys(&reading.keys, held))
        return; /* a repeat of the last report is no sign of life */
    apply(keyboard, gather, &reading, held);
    gather->deadline = tick + silence_ms;
}

void keyboard_finish(struct keyboard *keyboard, struct gather *gather)
{
    alt_end(keyboard, gather);
    if (keyboard->dead != 0)
        type_dead(keyboard, gather);
    keyboard->caps = false;
    gather_finish(gather);
    keyboard->log.count = 0;
}

bool keyboard_retype(const struct keyboard *keyboard, const struct keymap *keymap, struct gather *gather)
{
    const struct key_log *log = &keyboard->log;
    if (log->count > KEYBOARD_LOG_MAX)
        return false;
    struct keyboard other = {
        .keymap = keymap, .suffix_usage = keyboard->suffix_usage, .gs_usage = keyboard->gs_usage};
    for (size_t i = 0; i < log->count; i++) {
        set_modifiers(&other, gather, log->presses[i].modifiers);
        if (log->presses[i].usage != 0)
            press(&other, gather, log->presses[i].usage);
    }
    keyboard_finish(&other, gather);
    return true;
}
