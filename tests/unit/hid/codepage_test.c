/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/codepage.h"

#include "tests/support/suite.h"

#include <uchar.h>

static void the_leading_zero_chooses_the_page(void)
{
    static const struct {
        uint32_t value;
        bool zero;
        char32_t character;
    } rows[] = {
        {80, true, 'P'},    {80, false, 'P'},   {29, true, 0x1D},  {29, false, 0x1D},  {128, true, U'€'},
        {128, false, U'Ç'}, {130, false, U'é'}, {233, true, U'é'}, {233, false, U'Θ'}, {255, false, 0xA0},
        {255, true, U'ÿ'},  {129, true, 0},     {159, true, U'Ÿ'}, {126, false, '~'},  {8364, true, U'€'},
        {8364, false, U'€'}, {0, true, 0},      {0x10FFFF, true, 0x10FFFF}, {0x110000, true, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_EQUAL(codepage_alt(rows[i].value, rows[i].zero), rows[i].character);
}

static void ascii_is_the_same_in_both(void)
{
    for (uint32_t value = 0; value < 0x80; value++) {
        CU_ASSERT_EQUAL(codepage_alt(value, true), value);
        CU_ASSERT_EQUAL(codepage_alt(value, false), value);
    }
}

SUITE("hid/codepage", {"the leading zero chooses the page", the_leading_zero_chooses_the_page},
      {"ASCII is the same in both", ascii_is_the_same_in_both})
