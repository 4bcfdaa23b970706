/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/usage_table.h"

#include "tests/support/suite.h"

#include <linux/input-event-codes.h>
#include <stdbool.h>

static void the_known_ranges_are_complete(void)
{
    for (unsigned usage = 0; usage < 256; usage++) {
        bool known = (usage >= KEY_USAGE_FIRST && usage <= KEY_USAGE_LAST) ||
                     (usage >= KEY_USAGE_MODIFIER_FIRST && usage <= KEY_USAGE_MODIFIER_LAST);
        CU_ASSERT_EQUAL(usage_key_code((uint8_t)usage) != 0, known);
    }
}

/* Only the two backslash usages share a key: a European board has one of them, a US board the other. */
static void no_two_usages_share_a_key(void)
{
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = a + 1; b < 256; b++)
            if (usage_key_code((uint8_t)a) != 0 && usage_key_code((uint8_t)a) == usage_key_code((uint8_t)b)) {
                CU_ASSERT_EQUAL(a, 0x31);
                CU_ASSERT_EQUAL(b, 0x32);
            }
}

static void landmarks_are_in_place(void)
{
    CU_ASSERT_EQUAL(usage_key_code(0x1D), KEY_Z);
    CU_ASSERT_EQUAL(usage_key_code(0x27), KEY_0);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_ENTER), KEY_ENTER);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_TAB), KEY_TAB);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_F8), KEY_F8);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_NUM_LOCK), KEY_NUMLOCK);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_KEYPAD_ENTER), KEY_KPENTER);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_KEYPAD_1), KEY_KP1);
    CU_ASSERT_EQUAL(usage_key_code(KEY_USAGE_KEYPAD_0), KEY_KP0);
    CU_ASSERT_EQUAL(usage_key_code(0x64), KEY_102ND);
    CU_ASSERT_EQUAL(usage_key_code(0x73), KEY_F24);
    CU_ASSERT_EQUAL(usage_key_code(0xE6), KEY_RIGHTALT);
}

SUITE("hid/usage_table", {"the known ranges are complete", the_known_ranges_are_complete},
      {"no two usages share a key", no_two_usages_share_a_key}, {"landmarks are in place", landmarks_are_in_place})
