/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/pattern.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *pattern;
    const char *text;
    bool fits;
} cases[] = {
    {"RMA-####-#####", "RMA-2026-00017", true},
    {"RMA-####-#####", "rma-2026-00017", true},
    {"RMA-####-#####", "RMA-2026-0017", false},
    {"RMA-####-#####", "RMA-2026-000171", false},
    {"RMA-####-#####", "RMB-2026-00017", false},
    {"RMA*", "RMA/é 7", true},
    {"RMA*", "RMA", false},
    {"R#{8,}", "R1234567", false},
    {"R#{8,}", "R123456789012345678901234567890", true},
    {"R#{8,}", "R12345678X", false},
    {"@{2}#{1,3}?", "AB12C", true},
    {"@{2}#{1,3}?", "AB123C", true},
    {"@{2}#{1,3}?", "AB1234", true},
    {"@{2}#{1,3}?", "AB12345", false},
    {"@{2}#{1,3}?", "AB123", false}, /* counts give nothing back */
    {"[1-3X]#", "x7", true},
    {"[1-3X]#", "47", false},
    {"[A-]#", "-7", true},
    {"\\#\\@\\*", "#@*", true},
    {"#", "", false},
    {"", "", true},
    {"##", "1\xD9\xA0", false},
    {"@@", "\xC3\xA9", false},
    {"luhn:RA#{11}", "RA79927398713", true},
    {"luhn:RA#{11}", "RA79927398714", false},
    {"luhn:####-####-###", "7992-7398-713", true},
    {"gs1:R#{13}", "R4006381333931", true},
    {"gs1:R#{13}", "R4006381333932", false},
    {"mod97:RMA-#*", "rma-77-03", true},
    {"mod97:RMA-#*", "rma-77-04", false},
    {"mod97:RMA-#*", "RMB-77-03", false},
};

static void texts_fit_or_not(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bool fits = pattern_match(cases[i].pattern, cases[i].text, strlen(cases[i].text), NULL);
        if (fits != cases[i].fits)
            printf("%s on %s: %d\n", cases[i].pattern, cases[i].text, fits);
        CU_ASSERT_EQUAL(fits, cases[i].fits);
    }
}

static void broken_patterns_are_refused_and_never_fit(void)
{
    static const char *const broken[] = {"#{", "#{}", "#{a}", "#{2,1}", "#{1,2", "[", "[]",    "[A",       "]",
                                         "}",  "{2}", "*A",   "\\",     "A B",   "é", "[9-1]", "#{12345}", "[[]"};
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        if (pattern_is_valid(broken[i]))
            printf("%s\n", broken[i]);
        CU_ASSERT_FALSE(pattern_is_valid(broken[i]));
        CU_ASSERT_FALSE(pattern_match(broken[i], "A", 1, NULL));
    }
    CU_ASSERT_FALSE(pattern_is_valid(""));
    CU_ASSERT_FALSE(pattern_is_valid("luhn:"));
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CU_ASSERT_TRUE(cases[i].pattern[0] == '\0' || pattern_is_valid(cases[i].pattern));
}

static void spans_are_where_the_marks_are(void)
{
    struct pattern_match match;
    CU_ASSERT_TRUE(pattern_match("420#{5}(94<#{3}>#)",
                                 "4201234594123"
                                 "7",
                                 14, &match));
    CU_ASSERT_EQUAL(match.number.start, 8);
    CU_ASSERT_EQUAL(match.number.end, 14);
    CU_ASSERT_EQUAL(match.checked.start, 10);
    CU_ASSERT_EQUAL(match.checked.end, 13);
    CU_ASSERT_FALSE(pattern_match("(#)", "A", 1, &match));
    CU_ASSERT_EQUAL(match.number.end, 14);
    CU_ASSERT_TRUE(pattern_match("#", "1", 1, &match));
    CU_ASSERT_EQUAL(match.number.end, 0);
}

static void patterns_of_digits_only_are_known(void)
{
    static const char *const letters[] = {"1Z?{15}#", "[AFC]#{10}", "TB[ACM]#", "luhn:R#"};
    static const char *const digits[] = {"#{12}", "[0-8]#", "#{27}?", "[0-9A-Z]#", "@{0,2}#", "luhn:###-#"};
    for (size_t i = 0; i < COUNT_OF(letters); i++)
        CU_ASSERT_TRUE(pattern_needs_letter(letters[i]));
    for (size_t i = 0; i < COUNT_OF(digits); i++)
        CU_ASSERT_FALSE(pattern_needs_letter(digits[i]));
}

/* Patterns come from a file and texts from anywhere: any bytes at all, with the sanitizers looking on. */
static void any_bytes_are_survived(void)
{
    static const char letters[] = "#@?[]{}()<>*\\-,0129AZaz: \x80\xFF";
    uint64_t state = suite_seed();
    size_t valid = 0;
    for (int round = 0; round < 20000; round++) {
        char pattern[48], text[24];
        size_t pattern_length = suite_random(&state) % sizeof pattern;
        for (size_t i = 0; i < pattern_length; i++)
            pattern[i] = letters[suite_random(&state) % (sizeof letters - 1)];
        pattern[pattern_length] = '\0';
        size_t length = suite_random(&state) % sizeof text;
        for (size_t i = 0; i < length; i++)
            text[i] = (char)suite_random(&state);
        bool is_valid = pattern_is_valid(pattern);
        valid += is_valid;
        CU_ASSERT_TRUE(!pattern_match(pattern, text, length, NULL) || is_valid || pattern[0] == '\0');
    }
    CU_ASSERT_TRUE(valid > 100);
}

SUITE("barcode/pattern", {"texts fit or not", texts_fit_or_not},
      {"broken patterns are refused and never fit", broken_patterns_are_refused_and_never_fit},
      {"spans are where the marks are", spans_are_where_the_marks_are},
      {"patterns of digits only are known", patterns_of_digits_only_are_known},
      {"any bytes are survived", any_bytes_are_survived})
