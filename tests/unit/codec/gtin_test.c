/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/gtin.h"

#include "tests/support/suite.h"

#include <string.h>

static void right_gtins_are_widened(void)
{
    static const struct {
        const char *text, *wide;
    } table[] = {
        {"96385074", "00000096385074"},      {"036000291452", "00036000291452"}, {"9520000001018", "09520000001018"},
        {"4006381333931", "04006381333931"}, {"19520000001022", "19520000001022"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char wide[GTIN_SIZE];
        CU_ASSERT_PTR_NULL(gtin_fault(table[i].text));
        gtin_widen(table[i].text, wide);
        CU_ASSERT_STRING_EQUAL(wide, table[i].wide);
        CU_ASSERT_PTR_NULL(gtin_fault(wide));
    }
}

static void each_wrong_digit_is_found(void)
{
    for (size_t at = 0; at < 13; at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char text[] = "9520000001018";
            bool same = text[at] == digit;
            text[at] = digit;
            CU_ASSERT_EQUAL(gtin_fault(text) == NULL, same);
        }
    }
}

static void what_spreadsheets_do_is_named(void)
{
    static const struct {
        const char *text, *words;
    } table[] = {
        {"9.5E+12", "spreadsheet"}, {"9,52E+12", "spreadsheet"}, {"9520000001018.0", "spreadsheet"},
        {"36000291452", "zeros"},   {"6385074", "zeros"},        {"", "is not a GTIN"},
        {"952-0000001018", "not"},  {"00000000", "check digit"}, {"123456789012345", "too long"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *fault = gtin_fault(table[i].text);
        CU_ASSERT_TRUE(fault != NULL && strstr(fault, table[i].words) != NULL);
    }
}

SUITE("codec/gtin", {"right GTINs are widened", right_gtins_are_widened},
      {"each wrong digit is found", each_wrong_digit_is_found},
      {"what spreadsheets do is named", what_spreadsheets_do_is_named})
