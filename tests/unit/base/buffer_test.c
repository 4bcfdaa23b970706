/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "tests/support/suite.h"

#include <string.h>

static void what_is_appended_is_there(void)
{
    struct buffer buffer = BUFFER_EMPTY;
    CU_ASSERT_STRING_EQUAL(buffer_text(&buffer), "");
    for (int i = 0; i < 1000; i++)
        buffer_append_format(&buffer, "%03d", i);
    CU_ASSERT_EQUAL(buffer.length, 3000);
    buffer_consume(&buffer, 2997);
    CU_ASSERT_STRING_EQUAL(buffer_text(&buffer), "999");
    buffer_append_byte(&buffer, 0);
    buffer_append(&buffer, "x", 1);
    CU_ASSERT_EQUAL(buffer.length, 5);
    CU_ASSERT_EQUAL(memcmp(buffer.data, "999\0x", 6), 0);
    buffer_consume(&buffer, 99);
    CU_ASSERT_EQUAL(buffer.length, 0);
    buffer_done(&buffer);
}

SUITE("base/buffer", {"what is appended is there", what_is_appended_is_there})
