/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/gs1_ai.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/gs1.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDENTIFIERS 541 /* of the release of 2026-01-27 */

/* A component that passes and one that does not, for checks that digits alone would not show. */
static const struct {
    const char *right, *wrong;
} samples[GS1_CHECK_COUNT] = {
    [GS1_CHECK_CSUMALPHA] = {"1987654Ad4X4bL5ttr2310c2K", "1987654Ad4X4bL5ttr2310c2L"},
    [GS1_CHECK_GCPPOS1] = {"9521141", "95"},
    [GS1_CHECK_YYMMDD] = {"240229", "240200"},
    [GS1_CHECK_YYMMD0] = {"240200", "241300"},
    [GS1_CHECK_YYYYMMDD] = {"20240229", "20230229"},
    [GS1_CHECK_HHMI] = {"2359", "2360"},
    [GS1_CHECK_HH] = {"23", "24"},
    [GS1_CHECK_MI] = {"59", "60"},
    [GS1_CHECK_SS] = {"59", "60"},
    [GS1_CHECK_ISO3166] = {"250", NULL},
    [GS1_CHECK_ISO3166999] = {"999", NULL},
    [GS1_CHECK_ISO3166ALPHA2] = {"FR", "F1"},
    [GS1_CHECK_ISO4217] = {"978", NULL},
    [GS1_CHECK_ISO5218] = {"9", "3"},
    [GS1_CHECK_IBAN] = {"GB82WEST12345698765432", "GB83WEST12345698765432"},
    [GS1_CHECK_PCENC] = {"A%20B", "A%2"},
    [GS1_CHECK_YESNO] = {"1", "2"},
    [GS1_CHECK_ZERO] = {"0", "1"},
    [GS1_CHECK_NOZEROPREFIX] = {"10", "01"},
    [GS1_CHECK_HYPHEN] = {"-", "A"},
    [GS1_CHECK_WINDING] = {"9", "2"},
    [GS1_CHECK_PIECEOFTOTAL] = {"0102", "0201"},
    [GS1_CHECK_POSINSEQSLASH] = {"1/2", "2/1"},
    [GS1_CHECK_LATITUDE] = {"1800000000", "1800000001"},
    [GS1_CHECK_LONGITUDE] = {"3600000000", "3600000001"},
    [GS1_CHECK_IMPORTERIDX] = {"_", "!"},
    [GS1_CHECK_MEDIATYPE] = {"80", "11"},
    [GS1_CHECK_PACKAGETYPE] = {"PX", "px"},
    [GS1_CHECK_COUPONCODE] = {"0014141", "7014141"},
    [GS1_CHECK_COUPONPOSOFFER] = {"001234561234560123456", "201234561234560123456"},
};

/* Modulo 10 once more, in other words than the program's. */
static char sum_digit(const char *digits, size_t length)
{
    int odd = 0;
    int even = 0;
    for (size_t i = length; i-- > 0;)
        *((length - i) % 2 == 1 ? &odd : &even) += digits[i] - '0';
    return (char)('0' + (1000 - 3 * odd - even) % 10);
}

/* Appends a sample of the component; wrong breaks its check where it has one. */
static bool append_sample(const struct gs1_component *component, bool wrong, char *target)
{
    char *p = target + strlen(target);
    enum gs1_check check = component->checks[0];
    const char *sample = wrong ? samples[check].wrong : samples[check].right;
    if (sample != NULL) {
        strcpy(p, sample);
        return true;
    }
    memset(p, '9', component->most);
    p[component->most] = '\0';
    if (check == GS1_CHECK_CSUM) {
        char digit = sum_digit(p, component->most - 1U);
        p[component->most - 1] = !wrong ? digit : digit == '9' ? '0' : (char)(digit + 1);
    } else if (check == GS1_CHECK_NONZERO && wrong) {
        memset(p, '0', component->most);
    }
    return check == GS1_CHECK_CSUM || check == GS1_CHECK_NONZERO || !wrong;
}

/* Identifier and value; the component numbered broken is made wrong (-1: none). False if it cannot be. */
static bool make(const char *ai, const struct gs1_ai *row, int broken, char *target)
{
    bool done = true;
    strcpy(target, ai);
    for (int i = 0; i < GS1_COMPONENTS_MAX && row->components[i].set != '\0'; i++)
        done = append_sample(&row->components[i], i == broken, target) && done;
    return done;
}

static void expect(const char *text, enum gs1_refusal expected)
{
    struct gs1_data data;
    enum gs1_refusal refusal = gs1_parse(GS1_STRICT, text, strlen(text), &data);
    if (refusal != expected)
        printf("%s: %s instead of %s\n", text, gs1_refusal_name(refusal), gs1_refusal_name(expected));
    CU_ASSERT_EQUAL(refusal, expected);
}

static void right_samples_pass(const char *ai, const struct gs1_ai *row)
{
    char text[512];
    struct gs1_data data;
    CU_ASSERT_TRUE(make(ai, row, -1, text));
    expect(text, GS1_OK);
    CU_ASSERT_EQUAL(gs1_parse(GS1_STRICT, text, strlen(text), &data), GS1_OK);
    CU_ASSERT_STRING_EQUAL(gs1_value(&data, ai), text + strlen(ai));
    if (!row->is_predefined)
        strcat(text, "\x1D");
    strcat(text, text_equal(ai, "10") ? "21S1" : "10L1");
    CU_ASSERT_EQUAL(gs1_parse(GS1_STRICT, text, strlen(text), &data), GS1_OK);
    CU_ASSERT_EQUAL(data.count, 2);
}

static enum gs1_refusal refusal_for(enum gs1_check check)
{
    return gs1_check_is_sum(check) ? GS1_CHECK_DIGIT : gs1_check_is_date(check) ? GS1_DATE : GS1_CONTENT;
}

static void wrong_samples_do_not(const char *ai, const struct gs1_ai *row)
{
    char text[512];
    expect(ai, GS1_TRUNCATED);
    make(ai, row, -1, text);
    text[strlen(ai)] = '~';
    expect(text, GS1_CHARACTER);
    make(ai, row, -1, text);
    if (row->components[0].least == row->components[0].most && row->components[1].set == '\0') {
        text[strlen(text) - 1] = '\0';
        expect(text, GS1_TRUNCATED);
    }
    for (int i = 0; i < GS1_COMPONENTS_MAX && row->components[i].set != '\0'; i++)
        if (make(ai, row, i, text))
            expect(text, refusal_for(row->components[i].checks[0]));
}

/* One character more than the identifier holds; a check may see it before its length does. */
static void long_values_do_not_pass(const char *ai, const struct gs1_ai *row)
{
    char text[512];
    struct gs1_data data;
    size_t most = 0;
    for (int i = 0; i < GS1_COMPONENTS_MAX; i++)
        most += row->components[i].most;
    make(ai, row, -1, text);
    while (strlen(text) < strlen(ai) + most + 1)
        strcat(text, "1");
    enum gs1_refusal refusal = gs1_parse(GS1_STRICT, text, strlen(text), &data);
    CU_ASSERT_NOT_EQUAL(refusal, GS1_OK);
    if (row->components[0].checks[0] == GS1_CHECK_NONE && row->components[1].set == '\0' && !row->is_predefined)
        CU_ASSERT_EQUAL(refusal, GS1_TOO_LONG);
}

static void every_identifier_is_read_and_checked(void)
{
    size_t count = 0;
    for (size_t i = 0; i < gs1_ai_table_count; i++) {
        const struct gs1_ai *row = &gs1_ai_table[i];
        int width = (int)strlen(row->first);
        for (int number = atoi(row->first); number <= atoi(row->last); number++, count++) {
            char ai[16];
            size_t digits = 0;
            snprintf(ai, sizeof ai, "%0*d", width, number);
            CU_ASSERT_PTR_EQUAL(gs1_ai_find(ai, strlen(ai), &digits), row);
            CU_ASSERT_EQUAL(digits, strlen(ai));
            right_samples_pass(ai, row);
            wrong_samples_do_not(ai, row);
            long_values_do_not_pass(ai, row);
        }
    }
    CU_ASSERT_EQUAL(count, IDENTIFIERS);
}

/* GS1 General Specifications, table of pre-defined lengths: the first two digits alone decide, identifier included. */
static void predefined_lengths_follow_the_first_two_digits(void)
{
    static const struct {
        int first, last;
        size_t length;
    } lengths[] = {{0, 0, 20}, {1, 3, 16}, {4, 4, 18}, {11, 19, 8}, {20, 20, 4}, {31, 36, 10}, {41, 41, 16}};
    for (size_t i = 0; i < gs1_ai_table_count; i++) {
        const struct gs1_ai *row = &gs1_ai_table[i];
        int start = (row->first[0] - '0') * 10 + row->first[1] - '0';
        size_t expected = 0;
        size_t length = strlen(row->first);
        for (size_t k = 0; k < COUNT_OF(lengths); k++)
            if (start >= lengths[k].first && start <= lengths[k].last)
                expected = lengths[k].length;
        for (int k = 0; k < GS1_COMPONENTS_MAX; k++)
            length += row->components[k].most;
        CU_ASSERT_EQUAL(row->is_predefined, expected != 0);
        CU_ASSERT_TRUE(expected == 0 || length == expected);
        CU_ASSERT_TRUE(length - strlen(row->first) <= GS1_VALUE_MAX);
    }
}

static void identifiers_that_do_not_exist_are_not_found(void)
{
    static const char *const texts[] = {"", "0", "05", "23", "3999", "42", "9", "8", "800", "0A", "\xFF\xFF"};
    size_t digits = 7;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CU_ASSERT_PTR_NULL(gs1_ai_find(texts[i], strlen(texts[i]), &digits));
    CU_ASSERT_EQUAL(digits, 7);
}

SUITE("barcode/gs1_ai_table", {"every identifier is read and checked", every_identifier_is_read_and_checked},
      {"pre-defined lengths follow the first two digits", predefined_lengths_follow_the_first_two_digits},
      {"identifiers that do not exist are not found", identifiers_that_do_not_exist_are_not_found})
