/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/own.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/control.h"
#include "tests/support/suite.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Check digits computed outside this program (98 − 100 n mod 97 over the letters' two-digit values). */
static const struct {
    const char *symbol;
    enum candidate_class class;
    const char *value;
    unsigned generation;
} codes[] = {
    {"LP0420001234149", CANDIDATE_LPN, "LP0420001234", 1},
    {"LP9999999999927", CANDIDATE_LPN, "LP9999999999", 9},
    {"LPT0420000017216", CANDIDATE_LPN, "LPT0420000017", 2},
    {"PX042000123444", CANDIDATE_PARCEL, "PX0420001234", 0},
    {"XOP791", CANDIDATE_BADGE, "7", 0},
    {"XOPJDUPONT1234580", CANDIDATE_BADGE, "JDUPONT12345", 0},
    {"XTCRESELL-001706", CANDIDATE_CONTAINER, "RESELL-0017", 0},
    {"XTCA93", CANDIDATE_CONTAINER, "A", 0},
    {"XLCA-12-03-B56", CANDIDATE_LOCATION, "A-12-03-B", 0},
    {"XLC0123456789ABCDEF93", CANDIDATE_LOCATION, "0123456789ABCDEF", 0},
};

static void known_codes_read_and_write(void)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct candidate candidate;
        char symbol[OWN_SIZE];
        CU_ASSERT_EQUAL_FATAL(own_decode(codes[i].symbol, &candidate), OWN_READ);
        CU_ASSERT_EQUAL(candidate.class, codes[i].class);
        CU_ASSERT_STRING_EQUAL(candidate.value, codes[i].value);
        CU_ASSERT_EQUAL(candidate.generation, codes[i].generation);
        CU_ASSERT_TRUE(own_encode(codes[i].class, codes[i].value, codes[i].generation, symbol));
        CU_ASSERT_STRING_EQUAL(symbol, codes[i].symbol);
    }
}

static void numbers_become_values(void)
{
    char value[OWN_SIZE] = "kept";
    CU_ASSERT_FALSE(own_lpn(value, false, 1000, 1));
    CU_ASSERT_FALSE(own_parcel(value, 1, 10000000));
    CU_ASSERT_STRING_EQUAL(value, "kept");
    CU_ASSERT_TRUE(own_lpn(value, false, 42, 1234));
    CU_ASSERT_STRING_EQUAL(value, "LP0420001234");
    CU_ASSERT_TRUE(own_lpn(value, true, 0, 9999999));
    CU_ASSERT_STRING_EQUAL(value, "LPT0009999999");
    CU_ASSERT_TRUE(own_parcel(value, 999, 0));
    CU_ASSERT_STRING_EQUAL(value, "PX9990000000");
}

static void what_does_not_fit_is_not_written(void)
{
    static const struct {
        enum candidate_class class;
        const char *value;
        unsigned generation;
    } bad[] = {
        {CANDIDATE_LPN, "LP0420001234", 0},
        {CANDIDATE_LPN, "LP0420001234", 10},
        {CANDIDATE_LPN, "LP042000123", 1},
        {CANDIDATE_LPN, "XX0420001234", 1},
        {CANDIDATE_PARCEL, "PX04200012345", 0},
        {CANDIDATE_BADGE, "", 0},
        {CANDIDATE_BADGE, "ABCDEFGHIJKLM", 0},
        {CANDIDATE_BADGE, "AB-1", 0},
        {CANDIDATE_BADGE, "ab1", 0},
        {CANDIDATE_CONTAINER, "A 1", 0},
        {CANDIDATE_LOCATION, "A12345678901234567890", 0},
        {CANDIDATE_TEXT, "A1", 0},
        {CANDIDATE_LPN, "LPT04200000170", 1},
        {CANDIDATE_CONTAINER, "12345678901234567", 0},
        {CANDIDATE_LOCATION, "12345678901234567", 0},
        {CANDIDATE_COMMAND, "OK", 0},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char symbol[OWN_SIZE] = "kept";
        CU_ASSERT_FALSE(own_encode(bad[i].class, bad[i].value, bad[i].generation, symbol));
        CU_ASSERT_STRING_EQUAL(symbol, "kept");
    }
}

static void a_wrong_check_is_refused(void)
{
    static const char *const wrong[] = {"LP042000123419", "XCTLOKB", "XCTLABCD", "PX04200012340"};
    struct candidate candidate;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        char other[OWN_SIZE];
        TEXT_COPY(other, codes[i].symbol);
        char *last = other + strlen(other) - 1;
        *last = *last == '9' ? '0' : (char)(*last + 1);
        CU_ASSERT_EQUAL(own_decode(other, &candidate), OWN_REFUSED);
        CU_ASSERT_EQUAL(candidate.class, CANDIDATE_REFUSED);
        CU_ASSERT_STRING_EQUAL(candidate.detail, "check_digit");
        CU_ASSERT_STRING_EQUAL(candidate.value, other);
    }
    CU_ASSERT_EQUAL(own_decode(wrong[1], &candidate), OWN_REFUSED);
    CU_ASSERT_EQUAL(own_decode(wrong[2], &candidate), OWN_REFUSED);
    CU_ASSERT_EQUAL(own_decode(wrong[0], &candidate), OWN_FOREIGN);
    CU_ASSERT_EQUAL(own_decode(wrong[3], &candidate), OWN_FOREIGN);
}

static void generation_0_is_refused(void)
{
    struct candidate candidate;
    CU_ASSERT_EQUAL(own_decode("LP0420001234052", &candidate), OWN_REFUSED);
    CU_ASSERT_STRING_EQUAL(candidate.detail, "generation");
}

static void foreign_codes_are_left_alone(void)
{
    static const char *const foreign[] = {
        "",
        "LP",
        "LP123456789CN",
        "PX123456789GB",
        "LPT",
        "LP12345678901234X",
        "XOP12",
        "XTC12",
        "XOPAB-12",
        "XLC12345678901234567890",
        "XOPABXY",
        "XCTL",
        "XCTLX",
        "XCTL-OKR",
        "XCTLOKRRRRRRRRRR",
        "PX04200012",
        "1Z12345E6605272234",
        " XCTLOKR",
        "XTC\x80"
        "12",
        "LP0420001234\n17",
    };
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        struct candidate candidate = {.class = CANDIDATE_CLASS_COUNT};
        CU_ASSERT_EQUAL(own_decode(foreign[i], &candidate), OWN_FOREIGN);
        CU_ASSERT_EQUAL(candidate.class, CANDIDATE_CLASS_COUNT);
    }
}

static void commands_carry_their_verb(void)
{
    struct candidate candidate;
    CU_ASSERT_EQUAL(own_decode("xctlokr", &candidate), OWN_READ);
    CU_ASSERT_EQUAL(candidate.class, CANDIDATE_COMMAND);
    CU_ASSERT_EQUAL(candidate.verb, VERB_OK);
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        char code[CONTROL_SIZE];
        CU_ASSERT_TRUE(control_encode((enum verb)verb, code));
        CU_ASSERT_EQUAL(own_decode(code, &candidate), OWN_READ);
        CU_ASSERT_EQUAL(candidate.verb, verb);
    }
}

static void any_number_survives_print_and_scan(void)
{
    uint64_t state = suite_seed();
    for (int round = 0; round < 500; round++) {
        char value[OWN_SIZE], symbol[OWN_SIZE];
        struct candidate candidate;
        bool training = suite_random(&state) % 2 == 0;
        unsigned generation = 1 + (unsigned)(suite_random(&state) % 9);
        CU_ASSERT_TRUE(own_lpn(value, training, (unsigned)(suite_random(&state) % 1000),
                               (unsigned)(suite_random(&state) % 10000000)));
        CU_ASSERT_TRUE(own_encode(CANDIDATE_LPN, value, generation, symbol));
        CU_ASSERT_EQUAL(strlen(symbol), training ? 16 : 15);
        CU_ASSERT_EQUAL(own_decode(symbol, &candidate), OWN_READ);
        CU_ASSERT_STRING_EQUAL(candidate.value, value);
        CU_ASSERT_EQUAL(candidate.generation, generation);
        symbol[0] = (char)tolower(symbol[0]);
        CU_ASSERT_EQUAL(own_decode(symbol, &candidate), OWN_READ);
    }
}

SUITE("barcode/own", {"known codes read and write", known_codes_read_and_write},
      {"numbers become values", numbers_become_values},
      {"what does not fit is not written", what_does_not_fit_is_not_written},
      {"a wrong check is refused", a_wrong_check_is_refused}, {"generation 0 is refused", generation_0_is_refused},
      {"foreign codes are left alone", foreign_codes_are_left_alone},
      {"commands carry their verb", commands_carry_their_verb},
      {"any number survives print and scan", any_number_survives_print_and_scan})
