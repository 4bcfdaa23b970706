/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/control.h"

#include "base/text.h"
#include "protocol/barcode/checkdigit.h"
#include "tests/support/suite.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char typed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

static void every_verb_has_a_card_that_reads_back(void)
{
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        const struct control *control = control_of((enum verb)verb);
        CU_ASSERT_PTR_NOT_NULL_FATAL(control);
        CU_ASSERT_EQUAL(strspn(control->code, CHECKDIGIT_CONTROL_LETTERS), strlen(control->code));
        CU_ASSERT_TRUE(control->word_en[0] != '\0' && text_is_utf8(control->word_fr, strlen(control->word_fr)));
        char code[CONTROL_SIZE];
        CU_ASSERT_TRUE(control_encode((enum verb)verb, code));
        CU_ASSERT_EQUAL(strncmp(code, "XCTL", 4), 0);
        CU_ASSERT_EQUAL(strlen(code), 4 + strlen(control->code) + 1);
        CU_ASSERT_EQUAL(control_decode(code), verb);
        for (char *c = code; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
        CU_ASSERT_EQUAL(control_decode(code), verb);
    }
}

static void cards_hold_what_the_design_says(void)
{
    char code[CONTROL_SIZE];
    CU_ASSERT_TRUE(control_encode(VERB_OK, code));
    CU_ASSERT_STRING_EQUAL(code, "XCTLOKR");
    CU_ASSERT_STRING_EQUAL(control_of(VERB_GRADE_E)->code, "GRV");
    CU_ASSERT_STRING_EQUAL(control_of(VERB_RESELL_B)->code, "OUVERT");
    CU_ASSERT_STRING_EQUAL(control_of(VERB_OPTION_9)->code, "OPTJ");
    CU_ASSERT_STRING_EQUAL(control_of(VERB_DIGIT_9)->code, "DIGK");
    CU_ASSERT_STRING_EQUAL(control_of(VERB_QUANTITY_10)->code, "NBX");
}

static void other_texts_are_no_command(void)
{
    char code[CONTROL_SIZE] = "kept";
    CU_ASSERT_FALSE(control_encode(VERB_NONE, code));
    CU_ASSERT_FALSE(control_encode(VERB_COUNT, code));
    CU_ASSERT_STRING_EQUAL(code, "kept");
    static const char *const texts[] = {"", "OK", "XCTL", "XCTLOK", "XCTLOKB", "XCTLOKRR", " XCTLOKR", "XCTLOKR\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CU_ASSERT_EQUAL(control_decode(texts[i]), VERB_NONE);
}

static void must_not_change_meaning(const char *changed, enum verb verb, const char *code)
{
    enum verb found = control_decode(changed);
    if (found != VERB_NONE && found != verb) {
        printf("%s read as %s\n", code, changed);
        CU_FAIL("one slip gives another command");
    }
}

/* Substitution, insertion (a doubling among them), drop and swap at one place of a full code. */
static void slip_at(const char *code, size_t at, enum verb verb)
{
    char changed[CONTROL_SIZE + 2];
    for (const char *c = typed; *c != '\0'; c++) {
        snprintf(changed, sizeof changed, "%.*s%c%s", (int)at, code, *c, code + at + 1);
        must_not_change_meaning(changed, verb, code);
        snprintf(changed, sizeof changed, "%.*s%c%s", (int)at, code, *c, code + at);
        must_not_change_meaning(changed, verb, code);
    }
    snprintf(changed, sizeof changed, "%.*s%s", (int)at, code, code + at + 1);
    must_not_change_meaning(changed, verb, code);
    if (code[at + 1] != '\0') {
        snprintf(changed, sizeof changed, "%.*s%c%c%s", (int)at, code, code[at + 1], code[at], code + at + 2);
        must_not_change_meaning(changed, verb, code);
    }
}

static void one_slip_never_gives_another_command(void)
{
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        char code[CONTROL_SIZE];
        CU_ASSERT_TRUE_FATAL(control_encode((enum verb)verb, code));
        for (size_t at = 0; code[at] != '\0'; at++)
            slip_at(code, at, (enum verb)verb);
    }
}

SUITE("barcode/control", {"every verb has a card that reads back", every_verb_has_a_card_that_reads_back},
      {"cards hold what the design says", cards_hold_what_the_design_says},
      {"other texts are no command", other_texts_are_no_command},
      {"one slip never gives another command", one_slip_never_gives_another_command})
