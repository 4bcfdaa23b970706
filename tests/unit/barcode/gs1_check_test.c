/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/gs1_check.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS 5

/* GS1 General Specifications' and ISO 13616's own examples where there are any; the rest at the edges of each rule. */
static const struct {
    const char *right[TEXTS];
    const char *wrong[TEXTS];
} rows[] = {
    [GS1_CHECK_NONE] = {{"", "x"}, {NULL}},
    [GS1_CHECK_CSUM] = {{"4006381333931", "106141412345678908"}, {"4006381333932", "", "0", "40063813339x1"}},
    [GS1_CHECK_CSUMALPHA] = {{"1987654Ad4X4bL5ttr2310c2K", "22"}, {"1987654Ad4X4bL5ttr2310c2L", "2", "", "33", " 22"}},
    [GS1_CHECK_GCPPOS1] = {{"9521", "9521ABC"}, {"952", "95A1", ""}},
    [GS1_CHECK_GCPPOS2] = {{"A9521", "09521000"}, {"0952", "0952A", ""}},
    [GS1_CHECK_YYMMDD] = {{"240229", "991231", "000101"}, {"240200", "230229", "241301", "24022", "24022x"}},
    [GS1_CHECK_YYMMD0] = {{"240200", "240229"}, {"240030", "230229", "240231", "2402290", ""}},
    [GS1_CHECK_YYYYMMDD] = {{"20240229", "19991231"}, {"20230229", "20240200", "2024022", "2024022x", ""}},
    [GS1_CHECK_HHMI] = {{"0000", "2359"}, {"2400", "2360", "235", "23:5"}},
    [GS1_CHECK_HH] = {{"00", "23"}, {"24", "2", "2x", ""}},
    [GS1_CHECK_MI] = {{"00", "59"}, {"60", "5", ""}},
    [GS1_CHECK_SS] = {{"00", "59"}, {"60", "5", ""}},
    [GS1_CHECK_ISO3166] = {{"250", "999"}, {"25", "25A", "2500"}},
    [GS1_CHECK_ISO3166999] = {{"250", "999"}, {"25", "25A", "2500"}},
    [GS1_CHECK_ISO3166ALPHA2] = {{"FR"}, {"F", "F1", "fr", "FRA"}},
    [GS1_CHECK_ISO4217] = {{"978"}, {"97", "EUR"}},
    [GS1_CHECK_ISO5218] = {{"0", "1", "2", "9"}, {"3", "", "12"}},
    [GS1_CHECK_IBAN] = {{"GB82WEST12345698765432", "DE91100000000123456789", "FR7630006000011234567890189"},
                        {"GB83WEST12345698765432", "GB82", "1182WEST12345698765432", "GB82WEST1234569876543-"}},
    [GS1_CHECK_PCENC] = {{"", "A%20b", "%Ff"}, {"%", "a%2", "%2G", "%%20"}},
    [GS1_CHECK_YESNO] = {{"0", "1"}, {"2", "", "01"}},
    [GS1_CHECK_ZERO] = {{"0", "000"}, {"1", "001"}},
    [GS1_CHECK_NONZERO] = {{"1", "100", "001"}, {"0", "000"}},
    [GS1_CHECK_NOZEROPREFIX] = {{"0", "1", "10"}, {"01", "00", ""}},
    [GS1_CHECK_HASNONDIGIT] = {{"A", "12-3"}, {"1", "123", ""}},
    [GS1_CHECK_HYPHEN] = {{"-", "--"}, {"", "-1"}},
    [GS1_CHECK_WINDING] = {{"0", "1", "9"}, {"2", "8", "", "00"}},
    [GS1_CHECK_PIECEOFTOTAL] = {{"0101", "0102", "9999"}, {"0201", "0001", "0100", "010", "01x2"}},
    [GS1_CHECK_POSINSEQSLASH] = {{"1/1", "1/3", "9/10"}, {"2/1", "0/1", "1/01", "1/", "10/9"}},
    [GS1_CHECK_LATITUDE] = {{"0000000000", "1800000000"}, {"1800000001", "180000000", "18000000x0"}},
    [GS1_CHECK_LONGITUDE] = {{"0000000000", "3600000000"}, {"3600000001", "9999999999", "36"}},
    [GS1_CHECK_IMPORTERIDX] = {{"-", "_", "a", "Z", "0"}, {"", "ab", "!", "{"}},
    [GS1_CHECK_MEDIATYPE] = {{"01", "10", "80", "99"}, {"00", "11", "79", "1", "1x"}},
    [GS1_CHECK_PACKAGETYPE] = {{"PX", "9", "200"}, {"px", "P-"}},
    [GS1_CHECK_COUPONCODE] = {{"0014141"}, {"", "7014141", "001414A"}},
    [GS1_CHECK_COUPONPOSOFFER] = {{"001234561234560123456", "101234561234560123456", "061234567890121234560123456"},
                                  {"201234561234560123456", "00123456123456012345", "0012345612345601234567", "07",
                                   "0"}},
};
_Static_assert(COUNT_OF(rows) == GS1_CHECK_COUNT, "every check has its texts");

static void every_check_takes_right_and_refuses_wrong(void)
{
    for (int check = 0; check < GS1_CHECK_COUNT; check++) {
        CU_ASSERT_PTR_NOT_NULL(rows[check].right[0]);
        CU_ASSERT_TRUE(check == GS1_CHECK_NONE || rows[check].wrong[0] != NULL);
        for (size_t i = 0; i < TEXTS && rows[check].right[i] != NULL; i++)
            if (!gs1_check((enum gs1_check)check, rows[check].right[i], strlen(rows[check].right[i]))) {
                printf("check %d: %s\n", check, rows[check].right[i]);
                CU_FAIL("a right text is refused");
            }
        for (size_t i = 0; i < TEXTS && rows[check].wrong[i] != NULL; i++)
            if (gs1_check((enum gs1_check)check, rows[check].wrong[i], strlen(rows[check].wrong[i]))) {
                printf("check %d: %s\n", check, rows[check].wrong[i]);
                CU_FAIL("a wrong text is taken");
            }
    }
}

static void dates_are_within_gs1s_century(void)
{
    static const char *const dates[][2] = {{"261121", "2026-11-21"}, {"270200", "2027-02-28"},
                                           {"280200", "2028-02-29"}, {"760101", "2076-01-01"},
                                           {"770101", "1977-01-01"}, {"001231", "2000-12-31"}};
    char date[11] = "kept";
    CU_ASSERT_FALSE(gs1_check_date("270229", date));
    CU_ASSERT_FALSE(gs1_check_date("27022x", date));
    CU_ASSERT_STRING_EQUAL(date, "kept");
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        CU_ASSERT_TRUE(gs1_check_date(dates[i][0], date));
        CU_ASSERT_STRING_EQUAL(date, dates[i][1]);
    }
}

/* Any bytes, not ended by NUL, in a block of just their length: a check that reads on is caught. */
static void any_bytes_are_survived(void)
{
    static const char likely[] = "0123456789012345678901234567890123456789AZaz-/%_=\xFF";
    uint64_t state = suite_seed();
    size_t passed = 0;
    for (int round = 0; round < 20000; round++) {
        size_t length = suite_random(&state) % 30;
        char *bytes = memory_new(length + (length == 0), 1);
        for (size_t i = 0; i < length; i++)
            bytes[i] = likely[suite_random(&state) % (sizeof likely)];
        passed += gs1_check((enum gs1_check)(suite_random(&state) % GS1_CHECK_COUNT), bytes, length);
        free(bytes);
    }
    CU_ASSERT_TRUE(passed > 0 && passed < 20000);
}

static void sums_and_dates_are_told_apart(void)
{
    CU_ASSERT_TRUE(gs1_check_is_sum(GS1_CHECK_CSUM) && !gs1_check_is_date(GS1_CHECK_CSUM));
    CU_ASSERT_TRUE(gs1_check_is_date(GS1_CHECK_YYMMD0) && !gs1_check_is_sum(GS1_CHECK_YYMMD0));
    CU_ASSERT_FALSE(gs1_check_is_date(GS1_CHECK_HHMI) || gs1_check_is_sum(GS1_CHECK_GCPPOS1));
}

SUITE("barcode/gs1_check", {"every check takes right and refuses wrong", every_check_takes_right_and_refuses_wrong},
      {"dates are within GS1's century", dates_are_within_gs1s_century},
      {"any bytes are survived", any_bytes_are_survived},
      {"sums and dates are told apart", sums_and_dates_are_told_apart})
