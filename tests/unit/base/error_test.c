/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <string.h>

static void context_comes_first(void)
{
    struct error err = {0};
    CU_ASSERT_FALSE(error_set(&err, ERROR_INVALID, "bad %s", "date"));
    CU_ASSERT_FALSE(error_prefix(&err, "line %d", 7));
    CU_ASSERT_STRING_EQUAL(err.message, "line 7: bad date");
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    errno = ENOENT;
    error_system(&err, "open x");
    CU_ASSERT_STRING_EQUAL(err.message, "open x: No such file or directory");
    CU_ASSERT_FALSE(error_set(NULL, ERROR_IO, "nobody listens"));
}

static void long_messages_are_cut_not_overrun(void)
{
    char big[2000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    struct error err = {0};
    error_set(&err, ERROR_IO, "%s", big);
    error_prefix(&err, "%s", big);
    CU_ASSERT_EQUAL(strlen(err.message), ERROR_MESSAGE_MAX - 1);
}

static void every_code_has_a_name(void)
{
    for (int code = 0; code < ERROR_CODE_COUNT; code++)
        CU_ASSERT_PTR_NOT_NULL(error_code_name((enum error_code)code));
}

SUITE("base/error", {"context comes first", context_comes_first},
      {"long messages are cut, not overrun", long_messages_are_cut_not_overrun},
      {"every code has a name", every_code_has_a_name})
