/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "tests/support/suite.h"

#include <string.h>

static void copies_are_cut_between_characters(void)
{
    char small[5];
    CU_ASSERT_FALSE(TEXT_COPY(small, "abcé"));
    CU_ASSERT_STRING_EQUAL(small, "abc");
    CU_ASSERT_TRUE(TEXT_COPY(small, "abé"));
    CU_ASSERT_STRING_EQUAL(small, "abé");
}

static void numbers_are_whole_or_refused(void)
{
    static const char *const bad[] = {"", "-", "12x", " 1", "9223372036854775808", "1.0"};
    int64_t value = 3;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT_FALSE(text_to_int64(bad[i], &value));
    CU_ASSERT_EQUAL(value, 3);
    CU_ASSERT_TRUE(text_to_int64("-9223372036854775808", &value));
    CU_ASSERT_EQUAL(value, INT64_MIN);
}

static void ill_formed_utf8_is_seen(void)
{
    CU_ASSERT_TRUE(text_is_utf8("aé€😀", strlen("aé€😀")));
    static const char *const bad[] = {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT_FALSE(text_is_utf8(bad[i], strlen(bad[i])));
}

static void escapes_never_overrun(void)
{
    for (size_t size = 1; size < 24; size++) {
        char target[32];
        memset(target, 'Z', sizeof target);
        text_escape(target, size, "a\x1D\\é\xFFlong tail", 16);
        CU_ASSERT_TRUE(strnlen(target, size) < size);
        CU_ASSERT_EQUAL(target[size], 'Z');
    }
    char whole[40];
    text_escape(whole, sizeof whole, "a\x1D\\é\xFF", 6);
    CU_ASSERT_STRING_EQUAL(whole, "a\\x1D\\\\é\\xFF");
}

SUITE("base/text", {"copies are cut between characters", copies_are_cut_between_characters},
      {"numbers are whole or refused", numbers_are_whole_or_refused},
      {"ill-formed UTF-8 is seen", ill_formed_utf8_is_seen}, {"escapes never overrun", escapes_never_overrun})
