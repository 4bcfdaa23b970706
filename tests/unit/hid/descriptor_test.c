/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/descriptor.h"

#include "protocol/hid/keyboard.h"
#include "tests/support/suite.h"

#include <string.h>

#define PARSE(bytes) parse(bytes, sizeof(bytes) - 1)

static struct descriptor parsed;
static struct error problem;

static bool parse(const char *bytes, size_t length)
{
    return descriptor_parse(&parsed, (const uint8_t *)bytes, length, &problem);
}

static void the_boot_keyboard_is_laid_out(void)
{
    CU_ASSERT_TRUE_FATAL(parse((const char *)keyboard_boot_descriptor, keyboard_boot_descriptor_length));
    CU_ASSERT_EQUAL(parsed.top_usage, USAGE_KEYBOARD);
    CU_ASSERT_FALSE(parsed.uses_ids);
    CU_ASSERT_EQUAL(parsed.field_count, 3);
    CU_ASSERT_EQUAL(parsed.bits[REPORT_INPUT], 64);
    CU_ASSERT_EQUAL(parsed.longest_input, 8);
    CU_ASSERT_EQUAL(descriptor_usage(&parsed, &parsed.fields[0], 1), USAGE(7, 0xE1));
    CU_ASSERT_EQUAL(parsed.fields[1].flags & FIELD_CONSTANT, FIELD_CONSTANT);
    CU_ASSERT_EQUAL(parsed.fields[2].offset, 16);
    CU_ASSERT_EQUAL(descriptor_usage(&parsed, &parsed.fields[2], 4), USAGE(7, 4));
    CU_ASSERT_EQUAL(parsed.fields[2].logical_maximum, 255);
}

static void usages_come_from_lists_ranges_and_repeats(void)
{
    CU_ASSERT_TRUE_FATAL(PARSE("\x05\x01\x09\x06\xA1\x01\x05\x07\x09\x10\x19\x20\x29\x21\x0B\x01\x00\x0C\x00"
                               "\x75\x08\x95\x06\x81\x02\xC0"));
    static const uint32_t expected[] = {USAGE(7, 0x10), USAGE(7, 0x20), USAGE(7, 0x21), USAGE(12, 1), USAGE(12, 1)};
    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(descriptor_usage(&parsed, &parsed.fields[0], i), expected[i]);
    uint32_t index = 99;
    CU_ASSERT_PTR_EQUAL(descriptor_find(&parsed, 0, USAGE(7, 0x21), &index), &parsed.fields[0]);
    CU_ASSERT_EQUAL(index, 2);
    CU_ASSERT_PTR_NULL(descriptor_find(&parsed, 0, USAGE(7, 0x22), &index));
    CU_ASSERT_PTR_NULL(descriptor_find(&parsed, 1, USAGE(7, 0x21), &index));
}

/* 25 FF is -1 by the book; with a minimum of 0 its writer meant 255. */
static void a_short_logical_maximum_is_understood(void)
{
    CU_ASSERT_TRUE_FATAL(PARSE("\x15\x00\x25\xFF\x75\x08\x95\x01\x81\x00\x15\x81\x25\x7F\x81\x00"));
    CU_ASSERT_EQUAL(parsed.fields[0].logical_maximum, 255);
    CU_ASSERT_EQUAL(parsed.fields[1].logical_minimum, -127);
    CU_ASSERT_EQUAL(parsed.fields[1].logical_maximum, 127);
}

static void push_pop_delimiters_and_long_items_are_understood(void)
{
    /* push, page 8, size 1, count 5, output; pop: page 7, size 8 again; a long item; alternatives of one usage */
    CU_ASSERT_TRUE_FATAL(PARSE("\x05\x07\x75\x08\x95\x01\xA4\x05\x08\x75\x01\x95\x05\x09\x01\x91\x02\xB4"
                               "\xFE\x03\x99\x01\x02\x03\xA9\x01\x09\x04\x09\x05\xA9\x00\x81\x02"));
    CU_ASSERT_EQUAL(parsed.field_count, 2);
    CU_ASSERT_EQUAL(parsed.bits[REPORT_OUTPUT], 5);
    CU_ASSERT_EQUAL(parsed.fields[1].size, 8);
    CU_ASSERT_EQUAL(parsed.fields[1].usage_count, 1);
    CU_ASSERT_EQUAL(descriptor_usage(&parsed, &parsed.fields[1], 0), USAGE(7, 4));
}

static void pos_wins_over_keyboard_and_keyboard_over_the_rest(void)
{
    CU_ASSERT_TRUE(PARSE("\x05\x01\x09\x06\xA1\x01\xC0\x05\x8C\x09\x02\xA1\x01\xC0\x05\x01\x09\x02\xA1\x01\xC0"));
    CU_ASSERT_EQUAL(parsed.top_usage, USAGE_SCANNER);
    CU_ASSERT_TRUE(PARSE("\x06\x8C\xFF\x09\x02\xA1\x01\xC0\x05\x01\x09\x06\xA1\x01\xC0"));
    CU_ASSERT_EQUAL(parsed.top_usage, USAGE_KEYBOARD);
    CU_ASSERT_TRUE(PARSE("\x06\x8C\xFF\x09\x02\xA1\x01\xC0\x05\x0C\x09\x01\xA1\x01\xC0"));
    CU_ASSERT_EQUAL(parsed.top_usage, USAGE(0xFF8C, 2));
    CU_ASSERT_TRUE(PARSE(""));
    CU_ASSERT_EQUAL(parsed.top_usage, 0);
    CU_ASSERT_TRUE(PARSE("\x05\x8C\x09\x02\xA1\x01")); /* left open: harmless, and seen in the field */
    CU_ASSERT_EQUAL(parsed.top_usage, USAGE_SCANNER);
}

static void reports_with_ids_are_counted_apart(void)
{
    CU_ASSERT_TRUE_FATAL(PARSE("\x75\x08\x85\x01\x95\x07\x81\x02\x85\x02\x95\x02\x81\x02"
                               "\x85\x01\x95\x01\x81\x02\xB1\x02"));
    CU_ASSERT_TRUE(parsed.uses_ids);
    CU_ASSERT_EQUAL(parsed.bits[REPORT_INPUT], 80);
    CU_ASSERT_EQUAL(parsed.bits[REPORT_FEATURE], 8);
    CU_ASSERT_EQUAL(parsed.longest_input, 9);
    CU_ASSERT_EQUAL(parsed.fields[1].offset, 0);
    CU_ASSERT_EQUAL(parsed.fields[2].offset, 56);
    CU_ASSERT_EQUAL(parsed.fields[3].offset, 0);
}

static void broken_descriptors_are_refused(void)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum error_code code;
    } rows[] = {
        {"\x85\x00", 2, ERROR_INVALID},                                 /* report id 0 */
        {"\x86\x00\x01", 3, ERROR_INVALID},                             /* report id 256 */
        {"\x05", 1, ERROR_INVALID},                                     /* cut off */
        {"\x27\x01\x02", 3, ERROR_INVALID},
        {"\xFE", 1, ERROR_INVALID},
        {"\xFE\xFF\x00", 3, ERROR_INVALID},
        {"\xB4", 1, ERROR_INVALID},                                     /* pop without push */
        {"\xA4\xA4\xA4\xA4\xA4\xA4\xA4\xA4\xA4", 9, ERROR_TOO_BIG},
        {"\xC0", 1, ERROR_INVALID},
        {"\x29\x05", 2, ERROR_INVALID},                                 /* maximum without minimum */
        {"\x19\x05\x29\x04", 4, ERROR_INVALID},
        {"\xA9\x00", 2, ERROR_INVALID},                                 /* delimiter closed, never opened */
        {"\x77\x01\x00\x01\x00", 5, ERROR_TOO_BIG},                     /* 65,537 bits */
        {"\x75\xFF\x96\x02\x01\x81\x02", 7, ERROR_TOO_BIG},             /* 255 × 258 */
        {"\x75\x08\x96\x00\x10\x81\x02\x96\x01\x10\x81\x02", 12, ERROR_TOO_BIG}, /* two fields of one report */
        {"\x07\x00\x00\x01\x00", 5, ERROR_INVALID},                     /* page 10000h */
    };
    parsed.field_count = 42;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_FALSE(parse(rows[i].bytes, rows[i].length));
        CU_ASSERT_EQUAL(problem.code, rows[i].code);
    }
    CU_ASSERT_EQUAL(parsed.field_count, 42);
}

static bool parse_repeated(const char *item, size_t item_length, size_t times)
{
    static char bytes[DESCRIPTOR_BYTES_MAX + 8];
    for (size_t i = 0; i < times; i++)
        memcpy(bytes + i * item_length, item, item_length);
    return parse(bytes, times * item_length);
}

static void the_limits_are_where_they_are_said_to_be(void)
{
    CU_ASSERT_TRUE(PARSE("\x75\x10\x96\x00\x10\x81\x02")); /* 65,536 bits */
    CU_ASSERT_TRUE(parse_repeated("\x81\x02", 2, DESCRIPTOR_FIELDS_MAX));
    CU_ASSERT_FALSE(parse_repeated("\x81\x02", 2, DESCRIPTOR_FIELDS_MAX + 1));
    CU_ASSERT_TRUE(parse_repeated("\x09\x02", 2, DESCRIPTOR_USAGES_MAX));
    CU_ASSERT_FALSE(parse_repeated("\x09\x02", 2, DESCRIPTOR_USAGES_MAX + 1));
    CU_ASSERT_TRUE(parse_repeated("\x34", 1, DESCRIPTOR_BYTES_MAX));
    CU_ASSERT_FALSE(parse_repeated("\x34", 1, DESCRIPTOR_BYTES_MAX + 1));
    CU_ASSERT_FALSE(parse_repeated("\xA0", 1, 33));
    CU_ASSERT_EQUAL(problem.code, ERROR_TOO_BIG);
}

static void values_are_read_at_any_bit(void)
{
    const uint8_t data[] = {0xB4, 0x5A, 0xFF, 0x00, 0x81};
    const struct descriptor_field three = {.offset = 2, .size = 3, .count = 20};
    const struct descriptor_field wide = {.offset = 5, .size = 32, .count = 2};
    uint32_t value = 7;
    CU_ASSERT_TRUE(descriptor_value(&three, 0, data, sizeof data, &value));
    CU_ASSERT_EQUAL(value, 5); /* B4h = 1011 0100 */
    CU_ASSERT_TRUE(descriptor_value(&three, 1, data, sizeof data, &value));
    CU_ASSERT_EQUAL(value, 5);
    CU_ASSERT_TRUE(descriptor_value(&three, 2, data, sizeof data, &value));
    CU_ASSERT_EQUAL(value, 2); /* bits 8–10 of 5AB4h */
    CU_ASSERT_TRUE(descriptor_value(&wide, 0, data, sizeof data, &value));
    CU_ASSERT_EQUAL(value, 0x0807FAD5);
    CU_ASSERT_FALSE(descriptor_value(&wide, 0, data, 4, &value));
    CU_ASSERT_FALSE(descriptor_value(&wide, 1, data, sizeof data, &value));
    CU_ASSERT_FALSE(descriptor_value(&three, 20, data, sizeof data, &value));
    CU_ASSERT_EQUAL(value, 0x0807FAD5);
}

/* Random bytes, and random damage to a good descriptor: any answer is fine that stays within the limits. */
static void hostile_descriptors_stay_within_bounds(void)
{
    uint64_t state = suite_seed();
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[96];
        size_t length = suite_random(&state) % sizeof bytes;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)suite_random(&state);
        if (round % 2 == 0 && length > keyboard_boot_descriptor_length) {
            length = keyboard_boot_descriptor_length;
            uint8_t damage = bytes[0];
            memcpy(bytes, keyboard_boot_descriptor, length);
            bytes[suite_random(&state) % length] = damage;
        }
        if (!descriptor_parse(&parsed, bytes, length, &problem))
            continue;
        if (parsed.field_count > DESCRIPTOR_FIELDS_MAX || parsed.longest_input > DESCRIPTOR_BITS_MAX / 8 + 1)
            CU_FAIL_FATAL("beyond the limits");
        for (size_t i = 0; i < parsed.field_count; i++)
            for (uint32_t k = 0; k < 40; k++)
                (void)descriptor_usage(&parsed, &parsed.fields[i], k);
    }
    CU_PASS("no crash");
}

SUITE("hid/descriptor", {"the boot keyboard is laid out", the_boot_keyboard_is_laid_out},
      {"usages come from lists, ranges and repeats", usages_come_from_lists_ranges_and_repeats},
      {"a short logical maximum is understood", a_short_logical_maximum_is_understood},
      {"push, pop, delimiters and long items are understood", push_pop_delimiters_and_long_items_are_understood},
      {"POS wins over keyboard, keyboard over the rest", pos_wins_over_keyboard_and_keyboard_over_the_rest},
      {"reports with ids are counted apart", reports_with_ids_are_counted_apart},
      {"broken descriptors are refused", broken_descriptors_are_refused},
      {"the limits are where they are said to be", the_limits_are_where_they_are_said_to_be},
      {"values are read at any bit", values_are_read_at_any_bit},
      {"hostile descriptors stay within bounds", hostile_descriptors_stay_within_bounds})
