/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/label/escape.h"
#include "protocol/label/font.h"
#include "tests/support/suite.h"

#include <string.h>

static void widths_are_those_of_the_font(void)
{
    CU_ASSERT_EQUAL(font_character_width('0'), 515);
    CU_ASSERT_EQUAL(font_width("00", 2, 100), 103);
    CU_ASSERT_EQUAL(font_width("0\xC3\xA9", 3, 100), font_width("0", 1, 100) + font_width("\xC3\xA9", 2, 100));
    CU_ASSERT_EQUAL(font_word_width("i 00 i\n0", 100), 103);
    CU_ASSERT_EQUAL(font_character_width(0xC9), font_character_width('O')); /* É */
    CU_ASSERT_EQUAL(font_character_width(0x152), 1030); /* Œ */
    CU_ASSERT_TRUE(font_character_width('-') > 800); /* a renderer in use draws it as a minus sign */
}

static void check_lines(const char *text, int width)
{
    const char *end = text + strlen(text);
    for (const char *p = text, *next = NULL; *p != '\0'; p = next) {
        size_t length = font_line(p, 20, width, &next);
        CU_ASSERT_TRUE(next > p && next <= end && p + length <= next);
        CU_ASSERT_TRUE(font_width(p, length, 20) <= width || length <= 4); /* one character always fits */
        CU_ASSERT_PTR_NULL(memchr(p, '\n', length));
        CU_ASSERT_EQUAL(strspn(p + length, " \n") >= (size_t)(next - p) - length, 1); /* only blanks are lost */
    }
}

static void lines_are_never_wider_than_the_block(void)
{
    static const char *const pieces[] = {"RETURN", "to", "i", "W", "\xC3\xA9", " ", " ", "\n", "customer"};
    uint64_t state = suite_seed();
    for (int i = 0; i < 2000; i++) {
        char text[200] = "";
        for (size_t n = suite_random(&state) % 15; n > 0; n--)
            strcat(text, pieces[suite_random(&state) % (sizeof pieces / sizeof pieces[0])]);
        struct buffer clean = BUFFER_EMPTY;
        escape_clean(&clean, text, SIZE_MAX, true);
        check_lines(buffer_text(&clean), (int)(suite_random(&state) % 200) + 1);
        buffer_done(&clean);
    }
}

/* A line is as long as it can be: the next word would not have fitted. */
static void lines_take_what_fits(void)
{
    static const char text[] = "RETURN TO CUSTOMER";
    const char *next = NULL;
    int both = font_width("RETURN TO", 9, 20);
    CU_ASSERT_EQUAL(font_line(text, 20, both, &next), 9);
    CU_ASSERT_STRING_EQUAL(next, "CUSTOMER");
    CU_ASSERT_EQUAL(font_line(text, 20, both - 1, &next), 6);
    CU_ASSERT_STRING_EQUAL(next, "TO CUSTOMER");
    CU_ASSERT_EQUAL(font_count_lines(text, 20, both), 2);
    CU_ASSERT_EQUAL(font_count_lines(text, 20, 1000), 1);
    CU_ASSERT_EQUAL(font_count_lines("", 20, 1000), 0);
    CU_ASSERT_EQUAL(font_count_lines("a\n\nb", 20, 1000), 3);
}

SUITE("label/font", {"widths are those of the font", widths_are_those_of_the_font},
      {"lines are never wider than the block", lines_are_never_wider_than_the_block},
      {"lines take what fits", lines_take_what_fits})
