/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/checkdigit.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

/* Published examples: GS1 General Specifications, ISO/IEC 7812-1, ISO 7064, UPU S10, carriers' label guides. */
static const struct {
    enum checkdigit_kind kind;
    const char *text;
} published[] = {
    {CHECKDIGIT_GS1, "4006381333931"},
    {CHECKDIGIT_GS1, "036000291452"},
    {CHECKDIGIT_GS1, "73513537"},
    {CHECKDIGIT_GS1, "9780310721567"},
    {CHECKDIGIT_GS1, "106141412345678908"},
    {CHECKDIGIT_LUHN, "79927398713"},
    {CHECKDIGIT_LUHN, "490154203237518"},
    {CHECKDIGIT_UPS, "5R89390357567127"},
    {CHECKDIGIT_UPS, "999AA10123456784"},
    {CHECKDIGIT_UPS, "12345E6605272234"},
    {CHECKDIGIT_FEDEX, "986578788855"},
    {CHECKDIGIT_FEDEX, "477179081230"},
    {CHECKDIGIT_MOD7, "3318810025"},
    {CHECKDIGIT_S10, "473124829"},
    {CHECKDIGIT_MOD37, "A12425GABC1234002M"},
    {CHECKDIGIT_MOD37, "008182709980000020033350276C"},
};

static void published_examples_hold(void)
{
    for (size_t i = 0; i < COUNT_OF(published); i++) {
        size_t length = strlen(published[i].text);
        CU_ASSERT_TRUE(checkdigit_is_valid(published[i].kind, published[i].text, length));
    }
}

static void another_check_character_is_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(published); i++) {
        char text[40];
        size_t last = strlen(published[i].text) - 1;
        memcpy(text, published[i].text, last + 2);
        for (char c = '0'; c <= 'Z'; c++) {
            text[last] = c;
            CU_ASSERT_EQUAL(checkdigit_is_valid(published[i].kind, text, last + 1), c == published[i].text[last]);
        }
    }
}

static void foreign_characters_have_no_check(void)
{
    for (int kind = CHECKDIGIT_ANY; kind < CHECKDIGIT_KIND_COUNT; kind++) {
        CU_ASSERT_EQUAL(checkdigit_value((enum checkdigit_kind)kind, "1234 678", 8), CHECKDIGIT_NONE);
        CU_ASSERT_EQUAL(checkdigit_value((enum checkdigit_kind)kind, "123\x80\xFF\n78", 8), CHECKDIGIT_NONE);
        CU_ASSERT_EQUAL(checkdigit_is_valid((enum checkdigit_kind)kind, "", 0), kind == CHECKDIGIT_ANY);
    }
    CU_ASSERT_EQUAL(checkdigit_value(CHECKDIGIT_S10, "1234567", 7), CHECKDIGIT_NONE);
    CU_ASSERT_EQUAL(checkdigit_mod97("LP 1", 4), CHECKDIGIT_NONE);
    CU_ASSERT_FALSE(checkdigit_mod97_is_valid("LP*1234", 7));
    CU_ASSERT_FALSE(checkdigit_mod97_is_valid("01", 2));
}

/* ISO 7064's own MOD 97-10 example is 794 with 44; an IBAN is the same sum over a turned text (GB82 WEST 1234 …). */
static void mod97_examples_hold(void)
{
    CU_ASSERT_EQUAL(checkdigit_mod97("794", 3), 44);
    CU_ASSERT_TRUE(checkdigit_mod97_is_valid("79444", 5));
    CU_ASSERT_EQUAL(checkdigit_mod97("WEST12345698765432GB", 20), 82);
    CU_ASSERT_TRUE(checkdigit_mod97_is_valid("3214282912345698765432161182", 28));
    CU_ASSERT_FALSE(checkdigit_mod97_is_valid("79445", 5));
}

/* Every other character in every place, and every swap of neighbours, must be seen. */
static void mod97_sees_slips(void)
{
    char text[32];
    snprintf(text, sizeof text, "LP0420001234%c%02d", '1', checkdigit_mod97("LP04200012341", 13));
    size_t length = strlen(text);
    CU_ASSERT_TRUE(checkdigit_mod97_is_valid(text, length));
    for (size_t i = 2; i < length; i++)
        for (char c = '0'; c <= '9'; c++) {
            char other[32];
            memcpy(other, text, sizeof other);
            other[i] = c;
            CU_ASSERT_EQUAL(checkdigit_mod97_is_valid(other, length), c == text[i]);
        }
    for (size_t i = 0; i + 1 < length; i++) {
        char other[32];
        memcpy(other, text, sizeof other);
        other[i] = text[i + 1];
        other[i + 1] = text[i];
        CU_ASSERT_EQUAL(checkdigit_mod97_is_valid(other, length), text[i] == text[i + 1]);
    }
}

/* Codes with their own check character pass, and one with any other digit in any place does not. */
static void single_slips_are_seen(void)
{
    static const enum checkdigit_kind kinds[] = {CHECKDIGIT_GS1, CHECKDIGIT_LUHN, CHECKDIGIT_MOD37, CHECKDIGIT_S10};
    uint64_t state = suite_seed();
    for (int round = 0; round < 200; round++)
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            char text[10];
            for (size_t i = 0; i < 8; i++)
                text[i] = (char)('0' + suite_random(&state) % 10);
            text[8] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[checkdigit_value(kinds[k], text, 8)];
            CU_ASSERT_TRUE(checkdigit_is_valid(kinds[k], text, 9));
            size_t place = suite_random(&state) % 8;
            text[place] = (char)('0' + (text[place] - '0' + 1 + (int)(suite_random(&state) % 9)) % 10);
            if (kinds[k] != CHECKDIGIT_S10) /* S10 gives 0 and 5 to two rests each */
                CU_ASSERT_FALSE(checkdigit_is_valid(kinds[k], text, 9));
        }
}

/* By hand: X C T L = 19 1 16 10, so 19×1 + 1×2 + 16×3 + 10×4 = 109; O 12×5, K 9×6 → 223 = 11×19 + 14 → R. */
static void control_letter_follows_the_rule(void)
{
    CU_ASSERT_EQUAL(checkdigit_control("XCTLOK", 6), 'R');
    CU_ASSERT_EQUAL(checkdigit_control("XCTLAK", 6), '\0');
    CU_ASSERT_EQUAL(checkdigit_control("XC\0L", 4), '\0');
}

SUITE("barcode/checkdigit", {"published examples hold", published_examples_hold},
      {"another check character is refused", another_check_character_is_refused},
      {"foreign characters have no check", foreign_characters_have_no_check},
      {"MOD 97-10 examples hold", mod97_examples_hold}, {"MOD 97-10 sees slips", mod97_sees_slips},
      {"single slips are seen", single_slips_are_seen},
      {"control letter follows the rule", control_letter_follows_the_rule})
