/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of a scanner with another layout: taken where something proves them, and never else. */
#include "daemon/rescue.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/decoder.h"
#include "protocol/hid/keymap.h"
#include "tests/support/suite.h"

#include <string.h>

enum { SHIFT = 0x02, ALTGR = 0x40 };

struct answer {
    struct rescue_rules rules;
    const char *table; /* the one code that a table has */
    int scans;
    bool is_proven;
    const char *layout;
    struct scan scan, other;
};

static bool is_in_table(void *context, const struct candidate *candidates, size_t count)
{
    const struct answer *answer = context;
    for (size_t i = 0; i < count && answer->table != NULL; i++)
        if (text_equal(candidates[i].value, answer->table))
            return true;
    return false;
}

static void take(void *context, const struct scan *scan)
{
    struct answer *answer = context;
    answer->scans++;
    answer->scan = *scan;
    answer->is_proven = rescue_is_proven(&answer->rules, scan);
    answer->layout = rescue_layout(&answer->rules, scan, &answer->other);
}

static void press(struct decoder *decoder, struct answer *answer, uint8_t modifiers, uint8_t usage)
{
    decoder_report(decoder, (const uint8_t[8]){modifiers, 0, usage}, 8, 0, take, answer);
    decoder_report(decoder, (const uint8_t[8]){0}, 8, 0, take, answer);
}

static void press_for(struct decoder *decoder, struct answer *answer, const struct keymap *keymap, char wanted)
{
    for (unsigned usage = 4; usage <= 0x64; usage++)
        for (unsigned level = 0; level < 4; level++) {
            unsigned modifiers = ((level & 1) != 0 ? KEYMAP_SHIFT : 0U) | ((level & 2) != 0 ? KEYMAP_ALTGR : 0U);
            if (keymap_character(keymap, (uint8_t)usage, modifiers) != (unsigned char)wanted)
                continue;
            press(decoder, answer, (uint8_t)(((level & 1) != 0 ? SHIFT : 0) | ((level & 2) != 0 ? ALTGR : 0)),
                  (uint8_t)usage);
            return;
        }
    CU_FAIL("no key for a character of the test");
}

/* What a scanner set to real types for text, read by a station that thinks it is set to thought. */
static struct answer *scan(const char *real, const char *thought, const char *text, const char *table)
{
    static struct classify_rules classify;
    static struct answer answer;
    struct error err = {0};
    classify_default_rules(&classify);
    answer = (struct answer){.table = table, .rules = {&classify, is_in_table, &answer}};
    struct decoder *decoder = decoder_new(&(struct decoder_options){.layout = thought}, NULL, 0, &err);
    const struct keymap *keymap = keymap_get(real, &err);
    CU_ASSERT_FATAL(decoder != NULL && keymap != NULL);
    for (const char *c = text; *c != '\0'; c++)
        press_for(decoder, &answer, keymap, *c);
    press(decoder, &answer, 0, 0x28);
    decoder_free(decoder);
    CU_ASSERT_EQUAL(answer.scans, 1);
    return &answer;
}

static void a_check_digit_proves_what_was_meant(void)
{
    static const char *const codes[] = {"LP0420001234149", "PX042000123444", "XLCA-12-03-B56", "4006381333931",
                                        "1Z999AA10000000015"};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct answer *answer = scan("fr", "us", codes[i], NULL);
        CU_ASSERT_FALSE(answer->is_proven);
        CU_ASSERT_PTR_NOT_NULL_FATAL(answer->layout);
        CU_ASSERT_STRING_EQUAL(answer->layout, "fr");
        CU_ASSERT_STRING_EQUAL(answer->other.bytes, codes[i]);
    }
}

static void a_table_proves_what_was_meant(void)
{
    struct answer *answer = scan("de", "us", "RMA-2026-00017", "RMA-2026-00017");
    CU_ASSERT_STRING_EQUAL(answer->scan.bytes, "RMA/2026/00017");
    CU_ASSERT_PTR_NOT_NULL_FATAL(answer->layout);
    CU_ASSERT_STRING_EQUAL(answer->other.bytes, "RMA-2026-00017");
    answer = scan("de", "us", "RMA-2026-00017", NULL); /* a form alone is no proof */
    CU_ASSERT_PTR_NULL(answer->layout);
}

static void what_is_right_is_left_alone(void)
{
    struct answer *answer = scan("us", "us", "LP0420001234149", NULL);
    CU_ASSERT_TRUE(answer->is_proven);
    answer = scan("us", "us", "RMA-2026-00017", "RMA-2026-00017");
    CU_ASSERT_TRUE(answer->is_proven);
    answer = scan("us", "us", "RMA-2026-00018", "RMA-2026-00017");
    CU_ASSERT_FALSE(answer->is_proven);
    CU_ASSERT_PTR_NULL(answer->layout);
}

static void a_damaged_code_is_no_proof(void)
{
    struct answer *answer = scan("fr", "us", "LP0420001234148", NULL);
    CU_ASSERT_PTR_NULL(answer->layout);
    answer = scan("fr", "us", "WHAT-EVER", NULL);
    CU_ASSERT_PTR_NULL(answer->layout);
}

/* German keys of "z-1" and US keys of "y/1" are the same; if a table knows what both say, nobody can tell. */
static bool has_both(void *context, const struct candidate *candidates, size_t count)
{
    (void)context, (void)count;
    return text_equal(candidates[0].value, "z-1") || text_equal(candidates[0].value, "y-1");
}

static void take_both(void *context, const struct scan *given)
{
    struct answer *answer = context;
    answer->rules.known = has_both;
    take(context, given);
}

static void two_proofs_are_none(void)
{
    struct classify_rules classify;
    struct error err = {0};
    struct answer answer = {.layout = "none yet"};
    classify_default_rules(&classify);
    answer.rules = (struct rescue_rules){&classify, has_both, NULL};
    struct decoder *decoder = decoder_new(&(struct decoder_options){.layout = "fr"}, NULL, 0, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(decoder);
    static const uint8_t keys[] = {0x1C, 0x38, 0x1E, 0x28}; /* de: z-1, es: y-1, fr: y!& */
    for (size_t i = 0; i < sizeof keys; i++) {
        decoder_report(decoder, (const uint8_t[8]){0, 0, keys[i]}, 8, 0, take_both, &answer);
        decoder_report(decoder, (const uint8_t[8]){0}, 8, 0, take_both, &answer);
    }
    decoder_free(decoder);
    CU_ASSERT_STRING_EQUAL(answer.scan.bytes, "y!&");
    CU_ASSERT_PTR_NULL(answer.layout);
}

SUITE("station/rescue", {"a check digit proves what was meant", a_check_digit_proves_what_was_meant},
      {"a table proves what was meant", a_table_proves_what_was_meant},
      {"what is right is left alone", what_is_right_is_left_alone},
      {"a damaged code is no proof", a_damaged_code_is_no_proof}, {"two proofs are none", two_proofs_are_none})
