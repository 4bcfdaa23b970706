/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "tests/support/suite.h"

static void instants_are_read_in_any_zone(void)
{
    int64_t z, offset;
    CU_ASSERT_TRUE(clock_parse_instant("2026-11-21T10:00:00.250Z", &z));
    CU_ASSERT_TRUE(clock_parse_instant("2026-11-21T11:30:00.250+01:30", &offset));
    CU_ASSERT_EQUAL(z, INT64_C(1795255200250));
    CU_ASSERT_EQUAL(z, offset);
    char text[INSTANT_SIZE];
    clock_format_instant(text, z);
    CU_ASSERT_STRING_EQUAL(text, "2026-11-21T10:00:00.250Z");
}

static void malformed_times_are_refused(void)
{
    static const char *const bad[] = {"", "2026-11-21", "2026-11-21T10:00:00", "2026-11-21T25:00:00Z",
                                      "2026-02-30T10:00:00Z", "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00Zx",
                                      "2026-11-21T10:00:00+25:00"};
    int64_t value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT_FALSE(clock_parse_instant(bad[i], &value));
    CU_ASSERT_EQUAL(value, 7);
}

static void every_day_of_four_centuries_returns(void)
{
    for (int32_t day = -80000; day < 80000; day++) {
        char text[DATE_SIZE];
        int32_t back = 0;
        clock_format_date(text, day);
        if (!clock_parse_date(text, &back) || back != day)
            CU_FAIL_FATAL("date does not return");
    }
    int32_t day = 1;
    CU_ASSERT_FALSE(clock_parse_date("2025-02-29", &day));
    CU_ASSERT_TRUE(clock_parse_date("2024-02-29", &day));
    CU_ASSERT_EQUAL(clock_day(-1), -1);
}

SUITE("base/clock", {"instants are read in any zone", instants_are_read_in_any_zone},
      {"malformed times are refused", malformed_times_are_refused},
      {"every day of four centuries returns", every_day_of_four_centuries_returns})
