/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/gs1.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A separator is written | here. */
static size_t unfold(char *target, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i <= length; i++)
        target[i] = text[i] == '|' ? GS1_SEPARATOR : text[i];
    return length;
}

static enum gs1_refusal parse(enum gs1_mode mode, const char *text, struct gs1_data *data)
{
    char bytes[1024];
    size_t length = unfold(bytes, text);
    return gs1_parse(mode, bytes, length, data);
}

/* Strict and tolerant answers, and the string as it should have been. */
static const struct {
    const char *text;
    enum gs1_refusal strict, tolerant;
    const char *clean;
} cases[] = {
    {"0109521234543213", GS1_OK, GS1_OK, "0109521234543213"},
    {"010952123454321321ABC123|10LOT", GS1_OK, GS1_OK, "010952123454321321ABC123|10LOT"},
    {"0109521234543213172611301021|21S/N-1", GS1_OK, GS1_OK, "0109521234543213172611301021|21S/N-1"},
    {"00106141412345678908", GS1_OK, GS1_OK, "00106141412345678908"},
    {"|0109521234543213", GS1_SEPARATION, GS1_OK, "0109521234543213"},
    {"0109521234543213|21A", GS1_SEPARATION, GS1_OK, "010952123454321321A"},
    {"010952123454321321A|", GS1_SEPARATION, GS1_OK, "010952123454321321A"},
    {"010952123454321321A||10B", GS1_SEPARATION, GS1_OK, "010952123454321321A|10B"},
    {"3103001750|10X||", GS1_SEPARATION, GS1_OK, "310300175010X"},
    {"", GS1_EMPTY, GS1_EMPTY, NULL},
    {"|", GS1_SEPARATION, GS1_EMPTY, NULL},
    {"0109521234543214", GS1_CHECK_DIGIT, GS1_CHECK_DIGIT, NULL},
    {"010952123454321", GS1_TRUNCATED, GS1_TRUNCATED, NULL},
    {"01095212345|43213", GS1_TRUNCATED, GS1_TRUNCATED, NULL},
    {"0109521234543213Z", GS1_UNKNOWN_AI, GS1_UNKNOWN_AI, NULL},
    {"010952123454321305", GS1_UNKNOWN_AI, GS1_UNKNOWN_AI, NULL},
    {"21ABCDEFGHIJKLMNOPQRSTU", GS1_TOO_LONG, GS1_TOO_LONG, NULL},
    {"21A B", GS1_CHARACTER, GS1_CHARACTER, NULL},
    {"21A\xC3\xA9", GS1_CHARACTER, GS1_CHARACTER, NULL},
    {"17261131", GS1_DATE, GS1_DATE, NULL},
    {"17261100", GS1_OK, GS1_OK, "17261100"},
    {"7007261130", GS1_OK, GS1_OK, "7007261130"},
    {"7007261130261201", GS1_OK, GS1_OK, "7007261130261201"},
    {"70072611302612", GS1_TRUNCATED, GS1_TRUNCATED, NULL},
    {"21A|21A", GS1_OK, GS1_OK, "21A"},
    {"21A|21B", GS1_CONTRADICTION, GS1_CONTRADICTION, NULL},
    {"8003009521234567890123", GS1_CHECK_DIGIT, GS1_CHECK_DIGIT, NULL},
    {"4203001", GS1_OK, GS1_OK, "4203001"},
};

static void strings_are_read_strictly_or_with_tolerance(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct gs1_data data;
        char clean[256];
        char expected[256];
        enum gs1_refusal strict = parse(GS1_STRICT, cases[i].text, &data);
        enum gs1_refusal tolerant = parse(GS1_TOLERANT, cases[i].text, &data);
        if (strict != cases[i].strict || tolerant != cases[i].tolerant)
            printf("%s: %s, %s\n", cases[i].text, gs1_refusal_name(strict), gs1_refusal_name(tolerant));
        CU_ASSERT_EQUAL(strict, cases[i].strict);
        CU_ASSERT_EQUAL(tolerant, cases[i].tolerant);
        if (cases[i].clean == NULL || tolerant != GS1_OK)
            continue;
        unfold(expected, cases[i].clean);
        CU_ASSERT_TRUE(gs1_format(&data, clean, sizeof clean));
        CU_ASSERT_STRING_EQUAL(clean, expected);
    }
}

static void a_refused_string_leaves_the_result_alone(void)
{
    struct gs1_data data = {.count = 77};
    CU_ASSERT_NOT_EQUAL(parse(GS1_STRICT, "0109521234543213Z", &data), GS1_OK);
    CU_ASSERT_EQUAL(data.count, 77);
}

static void too_many_elements_are_refused(void)
{
    char text[1024] = "";
    struct gs1_data data;
    for (int i = 0; i < GS1_ELEMENTS_MAX; i++)
        sprintf(text + strlen(text), "%d000001", 3100 + i % 6 + i / 6 * 10);
    CU_ASSERT_EQUAL(parse(GS1_STRICT, text, &data), GS1_OK);
    CU_ASSERT_EQUAL(data.count, GS1_ELEMENTS_MAX);
    CU_ASSERT_EQUAL(parse(GS1_STRICT, strcat(text, "10A"), &data), GS1_TOO_MANY);
}

static void candidates_hold_what_the_elements_say(void)
{
    struct gs1_data data;
    struct candidate candidate;
    CU_ASSERT_EQUAL(parse(GS1_STRICT, "01095212345432131726110010LOT-7|21SN/1", &data), GS1_OK);
    gs1_fill_candidate(&data, &candidate);
    CU_ASSERT_EQUAL(candidate.class, CANDIDATE_GS1);
    CU_ASSERT_STRING_EQUAL(candidate.gtin, "09521234543213");
    CU_ASSERT_STRING_EQUAL(candidate.expiry, "2026-11-30");
    CU_ASSERT_STRING_EQUAL(candidate.lot, "LOT-7");
    CU_ASSERT_STRING_EQUAL(candidate.serial, "SN/1");
    CU_ASSERT_STRING_EQUAL(candidate.sscc, "");
    CU_ASSERT_STRING_EQUAL(candidate.value, "01095212345432131726110010LOT-7\x1D"
                                            "21SN/1");
    CU_ASSERT_EQUAL(parse(GS1_STRICT, "00106141412345678908", &data), GS1_OK);
    gs1_fill_candidate(&data, &candidate);
    CU_ASSERT_STRING_EQUAL(candidate.sscc, "106141412345678908");
    CU_ASSERT_STRING_EQUAL(candidate.gtin, "");
    CU_ASSERT_EQUAL(parse(GS1_STRICT, "8006095212345432130102", &data), GS1_OK);
    gs1_fill_candidate(&data, &candidate);
    CU_ASSERT_STRING_EQUAL(candidate.gtin, "09521234543213");
    CU_ASSERT_EQUAL(parse(GS1_STRICT, "02095212345432133724", &data), GS1_OK);
    gs1_fill_candidate(&data, &candidate);
    CU_ASSERT_STRING_EQUAL(candidate.gtin, "");
}

static void a_string_longer_than_a_value_has_none(void)
{
    struct gs1_data data = {0};
    struct candidate candidate;
    char long_value[91];
    char small[10];
    memset(long_value, 'A', sizeof long_value);
    CU_ASSERT_EQUAL(gs1_add(&data, "01", "09521234543213", 14), GS1_OK);
    CU_ASSERT_EQUAL(gs1_add(&data, "91", long_value, 90), GS1_OK);
    CU_ASSERT_EQUAL(gs1_add(&data, "92", long_value, 90), GS1_OK);
    CU_ASSERT_EQUAL(gs1_add(&data, "93", long_value, 91), GS1_TOO_LONG);
    CU_ASSERT_EQUAL(gs1_add(&data, "011", "1", 1), GS1_UNKNOWN_AI);
    CU_ASSERT_FALSE(gs1_format(&data, small, sizeof small));
    CU_ASSERT_STRING_EQUAL(small, "");
    gs1_fill_candidate(&data, &candidate);
    CU_ASSERT_STRING_EQUAL(candidate.value, "");
    CU_ASSERT_STRING_EQUAL(candidate.gtin, "09521234543213");
}

/* Any bytes in a block of just their length; what is read must read the same again from its own string. */
static void any_bytes_are_survived(void)
{
    static const char likely[] = "0123456789012345678901234567890123456789\x1D\x1D"
                                 "AZaz-/%\xFF";
    uint64_t state = suite_seed();
    size_t read = 0;
    for (int round = 0; round < 20000; round++) {
        size_t length = suite_random(&state) % 40;
        char *bytes = memory_new(length + (length == 0), 1);
        for (size_t i = 0; i < length; i++)
            bytes[i] = likely[suite_random(&state) % sizeof likely];
        struct gs1_data data, again;
        char clean[2500];
        if (gs1_parse(GS1_TOLERANT, bytes, length, &data) == GS1_OK) {
            read++;
            CU_ASSERT_TRUE(gs1_format(&data, clean, sizeof clean));
            CU_ASSERT_EQUAL(gs1_parse(GS1_STRICT, clean, strlen(clean), &again), GS1_OK);
            CU_ASSERT_EQUAL(again.count, data.count);
        }
        free(bytes);
    }
    CU_ASSERT_TRUE(read > 20);
}

static void every_refusal_has_its_word(void)
{
    for (int refusal = GS1_OK + 1; refusal < GS1_REFUSAL_COUNT; refusal++)
        CU_ASSERT_TRUE(strlen(gs1_refusal_name((enum gs1_refusal)refusal)) > 0);
    CU_ASSERT_STRING_EQUAL(gs1_refusal_name(GS1_CHECK_DIGIT), "check_digit");
}

SUITE("barcode/gs1", {"strings are read strictly or with tolerance", strings_are_read_strictly_or_with_tolerance},
      {"a refused string leaves the result alone", a_refused_string_leaves_the_result_alone},
      {"too many elements are refused", too_many_elements_are_refused},
      {"candidates hold what the elements say", candidates_hold_what_the_elements_say},
      {"a string longer than a value has none", a_string_longer_than_a_value_has_none},
      {"any bytes are survived", any_bytes_are_survived}, {"every refusal has its word", every_refusal_has_its_word})
