/* SPDX-License-Identifier: Apache-2.0 */
/* The calibration cards tell every layout; typed by a scanner of any layout, read under any other one. */
#include "protocol/hid/calibration.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/keymap.h"
#include "tests/unit/hid/typist.h"

#define SPACE 0x2C
#define LAST_KEY 0x64
enum { SHIFT = 0x02, ALT = 0x04, ALTGR = 0x40 };

struct calibrated {
    struct calibration calibration;
    int taken, scans;
};

static void take(void *context, const struct scan *scan)
{
    struct calibrated *calibrated = context;
    calibrated->scans++;
    calibrated->taken += calibration_take(&calibrated->calibration, scan);
}

static void keys(struct decoder *decoder, struct calibrated *calibrated, uint8_t modifiers, uint8_t usage)
{
    const uint8_t down[8] = {modifiers, 0, usage}, up[8] = {0};
    decoder_report(decoder, down, sizeof down, 0, take, calibrated);
    decoder_report(decoder, up, sizeof up, 0, take, calibrated);
}

static bool press_for(struct decoder *decoder, struct calibrated *calibrated, const struct keymap *keymap,
                      uint32_t wanted)
{
    static const struct {
        unsigned of_keymap;
        uint8_t of_report;
    } levels[] = {{0, 0}, {KEYMAP_SHIFT, SHIFT}, {KEYMAP_ALTGR, ALTGR}, {KEYMAP_SHIFT | KEYMAP_ALTGR, SHIFT | ALTGR}};
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        for (unsigned usage = 4; usage <= LAST_KEY; usage++)
            if (keymap_character(keymap, (uint8_t)usage, levels[i].of_keymap) == wanted) {
                keys(decoder, calibrated, levels[i].of_report, (uint8_t)usage);
                return true;
            }
    return false;
}

/* As a scanner set to keymap's layout does: a key, a dead key and a space, or Alt and a number. */
static void type(struct decoder *decoder, struct calibrated *calibrated, const struct keymap *keymap, const char *text)
{
    for (; *text != '\0'; text++) {
        if (press_for(decoder, calibrated, keymap, (unsigned char)*text))
            continue;
        if (press_for(decoder, calibrated, keymap, KEYMAP_DEAD | (unsigned char)*text)) {
            keys(decoder, calibrated, 0, SPACE);
            continue;
        }
        char digits[5];
        snprintf(digits, sizeof digits, "%04d", *text);
        for (const char *digit = digits; *digit != '\0'; digit++) {
            const uint8_t down[8] = {ALT, 0, *digit == '0' ? 0x62 : (uint8_t)(0x59 + *digit - '1')}, held[8] = {ALT};
            decoder_report(decoder, down, sizeof down, 0, take, calibrated);
            decoder_report(decoder, held, sizeof held, 0, take, calibrated);
        }
        decoder_report(decoder, (const uint8_t[8]){0}, 8, 0, take, calibrated);
    }
    keys(decoder, calibrated, 0, 0x28);
}

static void the_cards_hold_all_printable_ascii(void)
{
    char seen[128] = "", text[CALIBRATION_SIZE];
    for (unsigned part = 0; part < CALIBRATION_PARTS; part++) {
        calibration_part(part, text);
        CU_ASSERT_EQUAL(strlen(text), CALIBRATION_SIZE - 1);
        CU_ASSERT_TRUE(text[0] != ' ' && text[CALIBRATION_SIZE - 2] != ' ');
        for (const char *c = text; *c != '\0'; c++)
            seen[(unsigned char)*c] = 1;
    }
    for (int c = ' '; c <= '~'; c++)
        CU_ASSERT_TRUE(seen[c]);
}

/* Every layout a scanner may be set to, read by a station that is set to any other. */
static void all_cards_tell_every_layout(void)
{
    struct error err = {0};
    for (size_t real = 0; keymap_layout(real) != NULL; real++)
        for (size_t set = 0; keymap_layout(set) != NULL; set++) {
            struct calibrated calibrated = {0};
            struct decoder_options options = {.layout = keymap_layout(set)};
            struct decoder *decoder = decoder_new(&options, NULL, 0, &err);
            const struct keymap *keymap = keymap_get(keymap_layout(real), &err);
            CU_ASSERT_FATAL(decoder != NULL && keymap != NULL);
            for (unsigned part = 0; part < CALIBRATION_PARTS; part++) {
                char text[CALIBRATION_SIZE];
                calibration_part(part, text);
                type(decoder, &calibrated, keymap, text);
            }
            CU_ASSERT_EQUAL(calibrated.scans, CALIBRATION_PARTS);
            CU_ASSERT_EQUAL(calibrated.taken, CALIBRATION_PARTS);
            CU_ASSERT_EQUAL(calibrated.calibration.parts, (1U << CALIBRATION_PARTS) - 1);
            CU_ASSERT_STRING_EQUAL(calibration_layout(&calibrated.calibration, keymap_layout(set)),
                                   keymap_layout(real));
            decoder_free(decoder);
        }
}

static void other_scans_are_no_cards(void)
{
    struct calibrated calibrated = {0};
    struct error err = {0};
    struct decoder *decoder = decoder_new(&(struct decoder_options){0}, NULL, 0, &err);
    const struct keymap *keymap = keymap_get("us", &err);
    CU_ASSERT_FATAL(decoder != NULL && keymap != NULL);
    type(decoder, &calibrated, keymap, "RMA-2026-00017");
    type(decoder, &calibrated, keymap, "abcdefghijklmno");
    CU_ASSERT_EQUAL(calibrated.scans, 2);
    CU_ASSERT_EQUAL(calibrated.taken, 0);
    CU_ASSERT_STRING_EQUAL(calibration_layout(&calibrated.calibration, "fr"), "fr");
    decoder_free(decoder);
}

/* A scanner that was set anew between two cards: what it types now counts. */
static void a_card_of_another_layout_begins_anew(void)
{
    struct calibrated calibrated = {0};
    struct error err = {0};
    char text[CALIBRATION_SIZE];
    struct decoder *decoder = decoder_new(&(struct decoder_options){0}, NULL, 0, &err);
    CU_ASSERT_FATAL(decoder != NULL);
    calibration_part(0, text);
    type(decoder, &calibrated, keymap_get("fr", &err), text);
    CU_ASSERT_STRING_EQUAL(calibration_layout(&calibrated.calibration, "us"), "fr");
    type(decoder, &calibrated, keymap_get("us", &err), text);
    CU_ASSERT_STRING_EQUAL(calibration_layout(&calibrated.calibration, "us"), "us");
    CU_ASSERT_EQUAL(calibrated.taken, 2);
    decoder_free(decoder);
}

/* US and German scanners type the letters a to p alike; the card before has told which it is. */
static void earlier_cards_still_count(void)
{
    struct calibrated calibrated = {0};
    struct error err = {0};
    char text[CALIBRATION_SIZE];
    struct decoder *decoder = decoder_new(&(struct decoder_options){.layout = "fr"}, NULL, 0, &err);
    CU_ASSERT_FATAL(decoder != NULL);
    calibration_part(5, text);
    type(decoder, &calibrated, keymap_get("de", &err), text);
    calibration_part(4, text);
    type(decoder, &calibrated, keymap_get("de", &err), text);
    CU_ASSERT_EQUAL(calibrated.taken, 2);
    CU_ASSERT_STRING_EQUAL(calibration_layout(&calibrated.calibration, "fr"), "de");
    decoder_free(decoder);
}

SUITE("hid/calibration", {"the cards hold all printable ASCII", the_cards_hold_all_printable_ascii},
      {"all cards tell every layout", all_cards_tell_every_layout},
      {"other scans are no cards", other_scans_are_no_cards}, {"earlier cards still count", earlier_cards_still_count},
      {"a card of another layout begins anew", a_card_of_another_layout_begins_anew})
