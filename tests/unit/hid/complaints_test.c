/* SPDX-License-Identifier: Apache-2.0 */
/* What users of returns stations complain about, one test a complaint. Those that need USB are in tests/usb,
 * those about what a code means in tests/unit/barcode. */
#include "base/memory.h"
#include "protocol/hid/keymap.h"
#include "protocol/hid/usage_table.h"
#include "tests/unit/hid/typist.h"

enum { CTRL = 0x01, SHIFT = 0x02, ALT = 0x04, META = 0x08, RIGHT_SHIFT = 0x20, ALTGR = 0x40 };
#define GS "\x1D"
#define KEY_BESIDE_SHIFT 0x64 /* of European keyboards */

struct key {
    uint8_t modifiers, usage;
};

static void press_all(struct typist *typist, const struct key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        typist_press(typist, keys[i].modifiers, keys[i].usage);
}

static struct typist *keyboard(const char *layout)
{
    return typist_new(&(struct decoder_options){.layout = layout}, NULL, 0);
}

/* "RMA-42" as scanners of three countries type it; from pictures of the keyboards, not from our keymaps. */
static const struct key us_keys[] = {{SHIFT, 0x15}, {SHIFT, 0x10}, {SHIFT, 0x04}, {0, 0x2D}, {0, 0x21}, {0, 0x1F}};
static const struct key fr_keys[] = {{SHIFT, 0x15}, {SHIFT, 0x33}, {SHIFT, 0x14}, {0, 0x23},
                                     {SHIFT, 0x21}, {SHIFT, 0x1F}};
static const struct key de_keys[] = {{SHIFT, 0x15}, {SHIFT, 0x10}, {SHIFT, 0x04}, {0, 0x38}, {0, 0x21}, {0, 0x1F}};

static void azerty_codes_are_not_garbled(void)
{
    struct typist *typist = keyboard("fr");
    press_all(typist, fr_keys, COUNT_OF(fr_keys));
    CU_ASSERT_TRUE(typist_typed(typist, "RMA-42"));
    typist_free(typist);
    typist = keyboard("us"); /* the complaint itself: what such a scanner gives under the wrong layout */
    press_all(typist, fr_keys, COUNT_OF(fr_keys));
    CU_ASSERT_TRUE(typist_typed(typist, "R:Q6$@"));
    typist_free(typist);
}

/* Three scanners at one station read at the same time, a key of each in turn. */
static void the_layout_is_each_scanners_own(void)
{
    static const struct {
        const char *layout;
        const struct key *keys;
    } scanners[] = {{"us", us_keys}, {"fr", fr_keys}, {"de", de_keys}};
    struct typist *typists[COUNT_OF(scanners)];
    for (size_t i = 0; i < COUNT_OF(scanners); i++)
        typists[i] = keyboard(scanners[i].layout);
    for (size_t k = 0; k < COUNT_OF(us_keys); k++)
        for (size_t i = 0; i < COUNT_OF(scanners); i++)
            typist_press(typists[i], scanners[i].keys[k].modifiers, scanners[i].keys[k].usage);
    for (size_t i = 0; i < COUNT_OF(scanners); i++) {
        CU_ASSERT_TRUE(typist_typed(typists[i], "RMA-42"));
        typist_free(typists[i]);
    }
}

static void shift_is_not_lost(void)
{
    struct typist *typist = keyboard("us");
    typist_keys(typist, SHIFT, 0, 0, 0); /* alone, before */
    typist_keys(typist, SHIFT, 0x04, 0, 0);
    typist_keys(typist, SHIFT, 0, 0, 0); /* stays down over several letters */
    typist_keys(typist, SHIFT, 0x05, 0, 0);
    typist_keys(typist, 0, 0, 0, 0);
    typist_keys(typist, RIGHT_SHIFT, 0x06, 0, 0); /* only together with the key */
    typist_keys(typist, RIGHT_SHIFT, 0x07, 0, 0); /* the next key without a release between */
    typist_keys(typist, 0, 0x08, 0, 0);           /* Shift goes up as the next key goes down */
    typist_keys(typist, 0, 0, 0, 0);
    CU_ASSERT_TRUE(typist_typed(typist, "ABCDe"));
    typist_free(typist);
}

static void shift_and_caps_lock_do_not_stick(void)
{
    struct typist *typist = keyboard("us");
    typist_keys(typist, SHIFT, 0x04, 0, 0);
    typist_keys(typist, SHIFT, KEY_USAGE_ENTER, 0, 0); /* the releases are lost */
    CU_ASSERT_TRUE(typist_typed(typist, "A"));
    typist_keys(typist, 0, 0x04, 0, 0);
    CU_ASSERT_TRUE(typist_typed(typist, "a"));
    typist_keys(typist, 0, 0, 0, 0);
    typist_press(typist, 0, KEY_USAGE_CAPS_LOCK);
    typist_press(typist, 0, 0x04);
    CU_ASSERT_TRUE(typist_typed(typist, "A"));
    typist_press(typist, 0, 0x04);
    CU_ASSERT_TRUE(typist_typed(typist, "a"));
    typist_free(typist);
}

/* The key of a character; a dead one where nothing else has it. Modifier bits of reports and of keymaps differ. */
static bool find_key(const struct keymap *keymap, uint32_t wanted, struct key *ret_key)
{
    static const struct {
        unsigned of_keymap;
        uint8_t of_report;
    } modifiers[] = {{0, 0}, {KEYMAP_SHIFT, SHIFT}, {KEYMAP_ALTGR, ALTGR},
                   {KEYMAP_SHIFT | KEYMAP_ALTGR, SHIFT | ALTGR}};
    for (size_t i = 0; i < COUNT_OF(modifiers); i++)
        for (unsigned usage = KEY_USAGE_FIRST; usage <= KEY_BESIDE_SHIFT; usage++)
            if (keymap_character(keymap, (uint8_t)usage, modifiers[i].of_keymap) == wanted) {
                *ret_key = (struct key){modifiers[i].of_report, (uint8_t)usage};
                return true;
            }
    return false;
}

static void type_text(struct typist *typist, const struct keymap *keymap, const char *text)
{
    for (; *text != '\0'; text++) {
        struct key key, space = {0, 0x2C};
        if (find_key(keymap, (unsigned char)*text, &key)) {
            press_all(typist, &key, 1);
        } else if (find_key(keymap, KEYMAP_DEAD | (unsigned char)*text, &key)) {
            press_all(typist, &key, 1);
            press_all(typist, &space, 1);
        } else {
            fprintf(stderr, "no key for %c\n", *text);
            CU_FAIL("a character that no key types");
        }
    }
}

static void the_punctuation_of_a_qr_code_is_whole(void)
{
    static const char link[] = "https://example.com"
                               "/01/09521234543213/21/A-1_%2F?17=261130&x={[|]}~^`'\"<>!*();,$@#+.:\\";
    static const char *const layouts[] = {"us", "gb", "fr", "be", "de", "es", "pt"};
    for (size_t i = 0; i < COUNT_OF(layouts); i++) {
        struct error err = {0};
        struct typist *typist = keyboard(layouts[i]);
        const struct keymap *keymap = keymap_get(layouts[i], &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(keymap);
        type_text(typist, keymap, link);
        CU_ASSERT_TRUE(typist_typed(typist, link));
        typist_free(typist);
    }
}

/* Byte count, three AIM bytes, 56 bytes, two of the maker, continued. */
static const uint8_t pos_descriptor[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x05, 0x01, 0x95, 0x01,
    0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C, 0x95, 0x03, 0x19, 0xFB, 0x29, 0xFD, 0x81, 0x02, 0x95, 0x38, 0x09, 0xFE, 0x82,
    0x02, 0x01, 0x95, 0x02, 0x81, 0x03, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x95, 0x07, 0x81,
    0x03, 0xC0};

/* Sends text in parts of 56 bytes; stuck: the last report says "continued" too, as some firmware does. */
static void send_parts(struct typist *typist, const char *text, bool stuck)
{
    for (size_t length = strlen(text), at = 0; at < length; at += 56) {
        uint8_t report[64] = {0x02, (uint8_t)(length - at < 56 ? length - at : 56), ']', 'Q', '1'};
        memcpy(report + 5, text + at, report[1]);
        report[63] = at + 56 < length || stuck;
        typist_send(typist, report, sizeof report);
    }
}

static void scans_over_56_bytes_are_not_in_pieces(void)
{
    static const size_t lengths[] = {56, 57, 112, 113, 300};
    struct typist *typist = typist_new(&(struct decoder_options){.kind = DECODER_POS}, pos_descriptor,
                                       sizeof pos_descriptor);
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char text[301] = "";
        for (size_t k = 0; k < lengths[i]; k++)
            text[k] = (char)('A' + k % 26);
        send_parts(typist, text, false);
        CU_ASSERT_EQUAL(typist->received.count, 1); /* at once, without waiting for silence */
        CU_ASSERT_TRUE(typist_typed(typist, text));
        send_parts(typist, text, true);
        CU_ASSERT_EQUAL(typist->received.count, 0);
        CU_ASSERT_TRUE(typist_typed(typist, text));
    }
    typist_free(typist);
}

/* Left Alt with a number on the keypad. */
static void alt_code(struct typist *typist, const char *digits)
{
    typist_keys(typist, ALT, 0, 0, 0);
    for (; *digits != '\0'; digits++) {
        bool zero = *digits == '0';
        typist_keys(typist, ALT, zero ? KEY_USAGE_KEYPAD_0 : (uint8_t)(KEY_USAGE_KEYPAD_1 + *digits - '1'), 0, 0);
        typist_keys(typist, ALT, 0, 0, 0);
    }
    typist_keys(typist, 0, 0, 0, 0);
}

static const struct key one = {0, 0x1E}, two = {0, 0x1F}, bracket = {CTRL, 0x30};

static void gs_is_not_lost(void)
{
    struct decoder_options options = {.gs_usage = KEY_USAGE_F8, .gs_text = "~"};
    struct typist *typist = typist_new(&options, NULL, 0);
    press_all(typist, &one, 1);
    press_all(typist, &bracket, 1); /* Ctrl+] */
    press_all(typist, &two, 1);
    press_all(typist, &(struct key){0, KEY_USAGE_F8}, 1);
    press_all(typist, &one, 1);
    press_all(typist, &(struct key){SHIFT, 0x35}, 1); /* ~ */
    press_all(typist, &two, 1);
    CU_ASSERT_TRUE(typist_typed(typist, "1" GS "2" GS "1" GS "2"));
    typist_free(typist);
}

static void gs_is_not_doubled(void)
{
    struct typist *typist = keyboard("us");
    press_all(typist, &one, 1);
    typist_keys(typist, CTRL, 0, 0, 0);
    typist_keys(typist, CTRL, 0x30, 0, 0);
    typist_keys(typist, CTRL, 0x30, 0, 0); /* the same report again */
    typist_keys(typist, 0, 0x30, 0, 0);    /* Ctrl goes up first */
    typist_keys(typist, 0, 0, 0, 0);
    press_all(typist, &two, 1);
    CU_ASSERT_TRUE(typist_typed(typist, "1" GS "2"));
    typist_free(typist);
}

static void gs_is_not_typed_as_029(void)
{
    static const char *const codes[] = {"029", "0029", "29"};
    struct typist *typist = keyboard("us");
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        press_all(typist, &one, 1);
        alt_code(typist, codes[i]);
        press_all(typist, &two, 1);
        CU_ASSERT_TRUE(typist_typed(typist, "1" GS "2"));
    }
    typist_free(typist);
}

static void alt_mode_is_not_garbage(void)
{
    struct typist *typist = keyboard("fr"); /* whatever the layout */
    typist_press(typist, 0, KEY_USAGE_NUM_LOCK);
    alt_code(typist, "076");
    typist_keys(typist, ALT, 0x62, 0x60, 0x62); /* 080 in one report, a digit twice */
    typist_keys(typist, 0, 0, 0, 0);
    alt_code(typist, "052");
    alt_code(typist, "130");  /* code page 437 */
    alt_code(typist, "0233"); /* Windows-1252 */
    typist_press(typist, 0, KEY_USAGE_NUM_LOCK);
    CU_ASSERT_TRUE(typist_typed(typist, "LP4éé"));
    typist_free(typist);
}

static void a_suffix_other_than_enter_ends_a_scan(void)
{
    static const uint8_t suffixes[] = {KEY_USAGE_ENTER, KEY_USAGE_KEYPAD_ENTER, KEY_USAGE_TAB};
    struct typist *typist = keyboard("us");
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        press_all(typist, us_keys, COUNT_OF(us_keys));
        typist_press(typist, 0, suffixes[i]);
        CU_ASSERT_EQUAL(typist->received.count, 1); /* at once */
        CU_ASSERT_TRUE(typist_typed(typist, "RMA-42"));
    }
    press_all(typist, us_keys, COUNT_OF(us_keys)); /* none: silence */
    CU_ASSERT_TRUE(typist_typed(typist, "RMA-42"));
    press_all(typist, &one, 1);
    typist_press(typist, 0, KEY_USAGE_ENTER);
    typist_press(typist, 0, KEY_USAGE_TAB); /* two of them are one end */
    CU_ASSERT_TRUE(typist_typed(typist, "1"));
    typist_free(typist);
}

static void keystrokes_never_act(void)
{
    static const struct key acts[] = {
        {CTRL | ALT, 0x4C}, {CTRL | ALT, 0x3A}, {ALT, 0x3D}, {ALT, 0x2B}, {META, 0x15}, {META, 0x0F},
        {CTRL, 0x06},       {CTRL, 0x19},       {0, 0x29},   {0, 0x2A},   {0, 0x3A},    {0, 0x46},
        {0, 0x4A},          {0, 0x4F},          {0, 0x65},   {0, 0x66},
    }; /* Ctrl+Alt+Del, a console, Alt+F4 Alt+Tab Win+R Win+L Ctrl+C Ctrl+V Esc Backspace F1 Print Home Right Menu Power
        */
    struct typist *typist = keyboard("us");
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        press_all(typist, &one, 1);
        press_all(typist, &acts[i], 1);
        press_all(typist, &two, 1);
        CU_ASSERT_EQUAL(typist->received.count, 0); /* none of them ends it either */
        CU_ASSERT_TRUE(typist_typed(typist, "12"));
    }
    typist_free(typist);
}

/* A second of a keyboard gone mad: Ctrl+Alt+Del, Esc, F-keys, Ctrl+C; nothing but a counter moves. */
static void ten_thousand_hostile_reports_change_nothing_but_a_counter(void)
{
    static const struct key hostile[] = {{CTRL | ALT, 0x4C}, {0, 0x29}, {0, 0x3A}, {0, 0x45}, {CTRL, 0x06}};
    struct typist *typist = keyboard("us");
    uint64_t before = decoder_dropped(typist->decoder);
    for (int i = 0; i < 5000; i++) {
        const struct key *key = &hostile[(size_t)i % COUNT_OF(hostile)];
        typist_keys(typist, key->modifiers, key->usage, 0, 0);
        typist_keys(typist, 0, 0, 0, 0);
    }
    typist_wait(typist, 1000);
    CU_ASSERT_EQUAL(typist->received.count, 0);
    CU_ASSERT_EQUAL(decoder_dropped(typist->decoder) - before, 1000); /* Ctrl+C is a control character */
    press_all(typist, us_keys, COUNT_OF(us_keys));
    CU_ASSERT_TRUE(typist_typed(typist, "RMA-42"));
    typist_free(typist);
}

SUITE("hid/complaints", {"AZERTY codes garbled", azerty_codes_are_not_garbled},
      {"layout per host, not per scanner", the_layout_is_each_scanners_own}, {"lost Shift", shift_is_not_lost},
      {"stuck Shift", shift_and_caps_lock_do_not_stick},
      {"QR punctuation lost", the_punctuation_of_a_qr_code_is_whole},
      {"scans over 56 bytes in pieces", scans_over_56_bytes_are_not_in_pieces}, {"FNC1/GS lost", gs_is_not_lost},
      {"FNC1/GS doubled", gs_is_not_doubled}, {"FNC1/GS typed as 029", gs_is_not_typed_as_029},
      {"ALT mode read as garbage", alt_mode_is_not_garbage},
      {"suffix other than Enter", a_suffix_other_than_enter_ends_a_scan}, {"keystrokes act", keystrokes_never_act},
      {"hostile keyboards", ten_thousand_hostile_reports_change_nothing_but_a_counter})
