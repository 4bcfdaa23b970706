/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/keyboard.h"

#include "protocol/hid/usage_table.h"
#include "tests/unit/hid/typist.h"

#define USAGE_A 0x04
#define LEFT_ALT_BIT 0x04

static struct typist *us_typist(void)
{
    return typist_new(&(struct decoder_options){0}, NULL, 0);
}

static void the_largest_scan_arrives_whole_and_one_more_key_is_told(void)
{
    struct typist *typist = us_typist();
    for (size_t total = SCAN_BYTES_MAX; total <= SCAN_BYTES_MAX + 1; total++) {
        for (size_t i = 0; i < total; i++)
            typist_press(typist, 0, (uint8_t)(USAGE_A + i % 26));
        typist_press(typist, 0, KEY_USAGE_ENTER);
    }
    CU_ASSERT_EQUAL_FATAL(typist->received.count, 2);
    for (size_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(typist->received.scans[i].length, SCAN_BYTES_MAX);
        CU_ASSERT_EQUAL(typist->received.scans[i].total, SCAN_BYTES_MAX + i);
        CU_ASSERT_EQUAL(typist->received.scans[i].bytes[SCAN_BYTES_MAX - 1], 'a' + (SCAN_BYTES_MAX - 1) % 26);
    }
    typist_free(typist);
}

static void every_alt_code_of_a_byte_is_typed(void)
{
    struct typist *typist = us_typist();
    for (unsigned value = 0x20; value < 0x7F; value++) {
        typist_keys(typist, LEFT_ALT_BIT, 0, 0, 0);
        for (unsigned divisor = 1000; divisor > 0; divisor /= 10) {
            unsigned digit = value / divisor % 10;
            typist_keys(typist, LEFT_ALT_BIT, digit == 0 ? KEY_USAGE_KEYPAD_0 : (uint8_t)(0x58 + digit), 0, 0);
            typist_keys(typist, LEFT_ALT_BIT, 0, 0, 0);
        }
        typist_keys(typist, 0, 0, 0, 0);
    }
    char all[96] = "";
    for (int c = ' '; c < 0x7F; c++)
        all[c - ' '] = (char)c;
    CU_ASSERT_TRUE(typist_typed(typist, all));
    typist_free(typist);
}

static void alt_mode_does_not_outlive_its_scan(void)
{
    struct typist *typist = us_typist();
    typist_keys(typist, LEFT_ALT_BIT, 0x5E, 0, 0); /* Alt + 6, never released … */
    typist_wait(typist, 1000);
    CU_ASSERT_EQUAL(typist->received.count, 0); /* … is ACK, which is dropped */
    typist_keys(typist, LEFT_ALT_BIT, 0, 0, 0);
    typist_keys(typist, LEFT_ALT_BIT, 0x5E, 0, 0);
    typist_keys(typist, LEFT_ALT_BIT, 0x5D, 0, 0);
    typist_keys(typist, 0, 0, 0, 0);
    CU_ASSERT_TRUE(typist_typed(typist, "A"));
    typist_free(typist);
}

static void a_dead_key_at_the_end_is_typed(void)
{
    struct typist *typist = typist_new(&(struct decoder_options){.layout = "fr"}, NULL, 0);
    typist_press(typist, 0, USAGE_A);
    typist_press(typist, 0, 0x2F);
    CU_ASSERT_TRUE(typist_typed(typist, "q^"));
    typist_press(typist, 0, 0x14);
    CU_ASSERT_TRUE(typist_typed(typist, "a")); /* and is forgotten */
    typist_press(typist, 0, 0x2F);
    typist_press(typist, 2, 0x2F);
    typist_press(typist, 0, 0x18);
    CU_ASSERT_TRUE(typist_typed(typist, "^ü"));
    typist_free(typist);
}

static void the_suffix_key_is_a_setting(void)
{
    struct typist *typist = typist_new(&(struct decoder_options){.suffix_usage = KEY_USAGE_TAB}, NULL, 0);
    typist_press(typist, 0, USAGE_A);
    typist_press(typist, 0, KEY_USAGE_ENTER);
    typist_press(typist, 0, USAGE_A + 1);
    CU_ASSERT_EQUAL(typist->received.count, 0);
    typist_press(typist, 0, KEY_USAGE_TAB);
    CU_ASSERT_EQUAL(typist->received.count, 1);
    CU_ASSERT_TRUE(typist_typed(typist, "ab"));
    typist_free(typist);
}

static void a_key_may_stand_for_gs(void)
{
    struct typist *typist = typist_new(&(struct decoder_options){.gs_usage = KEY_USAGE_F8}, NULL, 0);
    typist_press(typist, 0, KEY_USAGE_F8);
    typist_press(typist, 0, USAGE_A);
    typist_press(typist, 0, KEY_USAGE_F8 + 1);
    CU_ASSERT_TRUE(typist_typed(typist, "\x1D" "a"));
    typist_free(typist);
}

static void keys_that_are_no_data_add_nothing(void)
{
    struct typist *typist = us_typist();
    for (unsigned usage = 0x29; usage < 0xE0; usage++)
        if (usage == 0x29 || usage == 0x2A || (usage >= 0x3A && usage <= 0x53) || (usage >= 0x65 && usage != 0x67))
            typist_press(typist, 0, (uint8_t)usage);
    for (unsigned usage = USAGE_A; usage < 0xA0; usage++) {
        typist_press(typist, 0x08, (uint8_t)usage); /* Windows key */
        if (usage < KEY_USAGE_KEYPAD_1 || usage > KEY_USAGE_KEYPAD_0)
            typist_press(typist, LEFT_ALT_BIT, (uint8_t)usage);
        if (usage >= 0x54 && usage <= 0x57)
            continue; /* the keypad's / * - + are the same with AltGr */
        typist_press(typist, 0x40, (uint8_t)usage); /* US has no AltGr */
        typist_press(typist, 0x05, (uint8_t)usage); /* Ctrl+Alt */
    }
    typist_wait(typist, 1000);
    CU_ASSERT_EQUAL(typist->received.count, 0);
    typist_press(typist, 0, USAGE_A);
    CU_ASSERT_TRUE(typist_typed(typist, "a"));
    typist_free(typist);
}

/* Logical minimum 4 and usage minimum 4: slot value 4 is usage 4; slot values 0 to 3 are "no key". */
static void logical_and_usage_minimum_are_honoured(void)
{
    static const uint8_t offset_array[] = {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x15, 0x04, 0x25, 0x30, 0x19,
                                           0x10, 0x29, 0x3C, 0x75, 0x08, 0x95, 0x03, 0x81, 0x00, 0xC0};
    struct typist *typist = typist_new(&(struct decoder_options){0}, offset_array, sizeof offset_array);
    typist_send(typist, (const uint8_t[]){4, 3, 0x31}, 3); /* usage 10h = m; the others lie outside */
    typist_send(typist, (const uint8_t[]){0, 0, 0}, 3);
    typist_send(typist, (const uint8_t[]){5}, 1);          /* a short report */
    CU_ASSERT_TRUE(typist_typed(typist, "mn"));
    typist_free(typist);
}

/* Report 1 has modifiers and two keys, report 2 only keys: it says nothing about Shift. */
static void two_key_reports_do_not_disturb_each_other(void)
{
    static const uint8_t two[] = {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x85, 0x01, 0x05, 0x07, 0x15, 0x00, 0x25, 0x01,
                                  0x19, 0xE0, 0x29, 0xE7, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x25, 0x65, 0x19, 0x00,
                                  0x29, 0x65, 0x75, 0x08, 0x95, 0x02, 0x81, 0x00, 0x85, 0x02, 0x19, 0x00, 0x29, 0x65,
                                  0x81, 0x00, 0xC0};
    struct typist *typist = typist_new(&(struct decoder_options){0}, two, sizeof two);
    typist_send(typist, (const uint8_t[]){1, 2, 4, 0}, 4);
    typist_send(typist, (const uint8_t[]){2, 5, 0}, 3);
    typist_send(typist, (const uint8_t[]){1, 2, 4, 6}, 4);
    typist_send(typist, (const uint8_t[]){1, 0, 4, 7}, 4);
    typist_send(typist, (const uint8_t[]){3, 8, 8, 8}, 4); /* no such report */
    CU_ASSERT_TRUE(typist_typed(typist, "ABCd"));
    typist_free(typist);
}

static void silence_is_counted_from_the_last_change(void)
{
    struct typist *typist = us_typist();
    typist_keys(typist, 0, USAGE_A, 0, 0);
    CU_ASSERT_EQUAL(decoder_deadline(typist->decoder), 1000 + KEYBOARD_SILENCE_MS);
    typist->tick = 1090;
    typist_keys(typist, 0, USAGE_A, 0, 0); /* the same report again is no sign of life */
    CU_ASSERT_EQUAL(decoder_deadline(typist->decoder), 1000 + KEYBOARD_SILENCE_MS);
    typist_keys(typist, 0, 0, 0, 0);
    CU_ASSERT_EQUAL(decoder_deadline(typist->decoder), 1092 + KEYBOARD_SILENCE_MS);
    typist_free(typist);
}

static void descriptors_without_keys_are_refused(void)
{
    static const uint8_t mouse[] = {0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x30,
                                    0x75, 0x08, 0x95, 0x02, 0x81, 0x06, 0xC0};
    struct error err = {0};
    CU_ASSERT_PTR_NULL(decoder_new(&(struct decoder_options){0}, mouse, sizeof mouse, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
}

static void hostile_reports_change_nothing(void)
{
    struct typist *typist = us_typist();
    uint64_t state = suite_seed();
    for (int i = 0; i < 10000; i++) {
        size_t length = 1 + suite_random(&state) % 12;
        uint8_t *report = malloc(length);
        for (size_t k = 0; k < length; k++)
            report[k] = (uint8_t)suite_random(&state);
        typist_send(typist, report, length);
        free(report);
    }
    typist_keys(typist, 0, 0, 0, 0);
    typist_wait(typist, 1000);
    typist->received.count = 0;
    for (uint8_t usage = 0x1E; usage <= 0x27; usage++)
        typist_press(typist, 0, usage);
    CU_ASSERT_TRUE(typist_typed(typist, "1234567890"));
    typist_free(typist);
}

SUITE("hid/keyboard", {"the largest scan arrives whole", the_largest_scan_arrives_whole_and_one_more_key_is_told},
      {"every Alt code of printable ASCII is typed", every_alt_code_of_a_byte_is_typed},
      {"Alt mode does not outlive its scan", alt_mode_does_not_outlive_its_scan},
      {"a dead key at the end is typed", a_dead_key_at_the_end_is_typed},
      {"the suffix key is a setting", the_suffix_key_is_a_setting}, {"a key may stand for GS", a_key_may_stand_for_gs},
      {"keys that are no data add nothing", keys_that_are_no_data_add_nothing},
      {"logical and usage minimum are honoured", logical_and_usage_minimum_are_honoured},
      {"two key reports do not disturb each other", two_key_reports_do_not_disturb_each_other},
      {"silence is counted from the last change", silence_is_counted_from_the_last_change},
      {"descriptors without keys are refused", descriptors_without_keys_are_refused},
      {"hostile reports change nothing", hostile_reports_change_nothing})
