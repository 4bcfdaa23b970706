/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/iso15434.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Separators are written | (GS), ^ (RS) and $ (EOT) here. */
static size_t unfold(char *target, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i <= length; i++)
        target[i] = text[i] == '|' ? '\x1D' : text[i] == '^' ? '\x1E' : text[i] == '$' ? '\x04' : text[i];
    return length;
}

/* "class/value/detail/gtin/serial/lot/expiry" of each candidate, or !reason, or "" where there is no message. */
static void read(const char *bytes, size_t length, char *target, size_t size)
{
    static const char *const names[CANDIDATE_CLASS_COUNT] = {[CANDIDATE_GS1] = "GS1",
                                                             [CANDIDATE_SSCC] = "SSCC",
                                                             [CANDIDATE_TRACKING] = "TRACKING",
                                                             [CANDIDATE_TEXT] = "TEXT"};
    struct candidate candidates[ISO15434_CANDIDATES_MAX];
    const char *reason = NULL;
    size_t count = 0;
    size_t used = 0;
    target[0] = '\0';
    enum iso15434_result result = iso15434_parse(bytes, length, candidates, &count, &reason);
    if (result == ISO15434_REFUSED)
        snprintf(target, size, "!%s", reason);
    CU_ASSERT_EQUAL(result == ISO15434_READ, count > 0);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(target + used, size - used, "%s%s/%s/%s/%s/%s/%s/%s", i == 0 ? "" : " ",
                                 names[candidates[i].class], candidates[i].value, candidates[i].detail,
                                 candidates[i].gtin, candidates[i].serial, candidates[i].lot, candidates[i].expiry);
}

static const struct {
    const char *message, *expected;
} cases[] = {
    {"[)>^05|010952123454321321SN1^$", "GS1/010952123454321321SN1//09521234543213/SN1//"},
    {"[)>^05|00106141412345678908", "GS1/00106141412345678908///// SSCC/106141412345678908/////"},
    {"[)>^05|0109521234543214^$", "!check_digit"},
    {"[)>^05|^$", "!empty"},
    {"[)>^06|8P09521234543213|SABC|1TLOT7|14D20261130^$",
     "GS1///09521234543213/ABC/LOT7/2026-11-30 TEXT/ABC/S/09521234543213/ABC/LOT7/2026-11-30"},
    {"[)>^06|1PPART-1|SABC|Q12^$", "TEXT/PART-1/1P//ABC// TEXT/ABC/S//ABC//"},
    {"[)>^06|3P4006381333931^", "GS1///04006381333931///"},
    {"[)>^06|8P09521234543214|1JUN123456789^$", "TRACKING/UN123456789/1J////"},
    {"[)>^06|14D20261131|PX1^$", "TEXT/X1/P////"},
    {"[)>^06|Q12^$", "!empty"},
    {"[)>^06|^$", "!empty"},
    /* Printer makers' example of UPS's symbol, with the number of its guide. */
    {"[)>^01|96841706672|840|001|1Z12345675|UPSN|12345E|089||1/1|10.1|Y||||UT^$",
     "TRACKING/1Z12345E0112345675/UPSN//// TRACKING/1Z12345675/UPSN////"},
    {"[)>^01|96841706672|840|001|1Z12345676|UPSN|12345E|089^$", "TRACKING/1Z12345676/UPSN////"},
    {"[)>^01|0238116|840|05|4857980811200201|FDE|470073420|099^$", "TRACKING/485798081120/FDE////"},
    {"[)>^01|96841706672|840|001||UPSN^$", "!format"},
    {"[)>^01|96841706672^$", "!format"},
    {"[)>^07|free text^$", "!format"},
    {"[)>^05", "!format"},
    {"[)>^", "!format"},
    {"[)>05|0109521234543213", ""},
    {"0109521234543213", ""},
    {"", ""},
};

static void messages_are_read_or_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char bytes[256], answer[1024], expected[256];
        read(bytes, unfold(bytes, cases[i].message), answer, sizeof answer);
        unfold(expected, cases[i].expected);
        if (!text_equal(answer, expected))
            printf("\n  %s\n  is       %s\n  expected %s\n", cases[i].message, answer, expected);
        CU_ASSERT_STRING_EQUAL(answer, expected);
    }
}

static void a_value_too_long_for_a_key_is_left_out(void)
{
    char message[400] = "[)>\x1E"
                        "06\x1DSABC\x1D"
                        "1P";
    char answer[1024];
    memset(message + strlen(message), 'A', 200);
    read(message, strlen(message), answer, sizeof answer);
    CU_ASSERT_STRING_EQUAL(answer, "TEXT/ABC/S//ABC//");
}

static void fields_beyond_the_limit_are_not_read(void)
{
    char message[400] = "[)>\x1E"
                        "06";
    char answer[1024];
    for (int i = 0; i < 40; i++)
        strcat(message, "\x1DQ1");
    read(message, strlen(strcat(message, "\x1DSABC")), answer, sizeof answer);
    CU_ASSERT_STRING_EQUAL(answer, "!empty");
}

/* Messages with bytes changed and cut, in blocks of just their length. */
static void any_bytes_are_survived(void)
{
    static const char likely[] = "\x1D\x1E\x04"
                                 "0156PS1ZJ\xFF";
    uint64_t state = suite_seed();
    for (int round = 0; round < 20000; round++) {
        char whole[256], answer[2048];
        size_t length = unfold(whole, cases[suite_random(&state) % (COUNT_OF(cases) - 1)].message);
        length -= suite_random(&state) % 8 % (length + 1);
        char *bytes = memory_new(length + (length == 0), 1);
        memcpy(bytes, whole, length);
        for (size_t changes = suite_random(&state) % 4; changes > 0 && length > 0; changes--)
            bytes[suite_random(&state) % length] = likely[suite_random(&state) % sizeof likely];
        read(bytes, length, answer, sizeof answer);
        free(bytes);
    }
}

SUITE("barcode/iso15434", {"messages are read or refused", messages_are_read_or_refused},
      {"a value too long for a key is left out", a_value_too_long_for_a_key_is_left_out},
      {"fields beyond the limit are not read", fields_beyond_the_limit_are_not_read},
      {"any bytes are survived", any_bytes_are_survived})
