/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/classify.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [CANDIDATE_COMMAND] = "COMMAND",
    [CANDIDATE_BADGE] = "BADGE",
    [CANDIDATE_LPN] = "LPN",
    [CANDIDATE_PARCEL] = "PARCEL",
    [CANDIDATE_CONTAINER] = "CONTAINER",
    [CANDIDATE_LOCATION] = "LOCATION",
    [CANDIDATE_GS1] = "GS1",
    [CANDIDATE_RMA] = "RMA",
    [CANDIDATE_ORDER] = "ORDER",
    [CANDIDATE_SSCC] = "SSCC",
    [CANDIDATE_TRACKING] = "TRACKING",
    [CANDIDATE_GTIN] = "GTIN",
    [CANDIDATE_TEXT] = "TEXT",
    [CANDIDATE_REFUSED] = "REFUSED",
};
_Static_assert(COUNT_OF(names) == CANDIDATE_CLASS_COUNT, "every class has its name");

/* The whole answer on one line: "CLASS value detail" joined by " | "; no detail, no third word. */
static void describe(char *target, size_t size, const struct candidate *candidates, size_t count)
{
    size_t used = 0;
    target[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        char value[256];
        text_escape(value, sizeof value, candidates[i].value, strlen(candidates[i].value));
        used +=
            (size_t)snprintf(target + used, size - used, "%s%s %s%s%s", i == 0 ? "" : " | ", names[candidates[i].class],
                             value, candidates[i].detail[0] != '\0' ? " " : "", candidates[i].detail);
    }
}

static void expect(const char *aim, const void *bytes, size_t length, const char *expected)
{
    struct classify_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    char answer[4096];
    classify_default_rules(&rules);
    describe(answer, sizeof answer, candidates, classify(&rules, bytes, length, aim, candidates));
    if (!text_equal(answer, expected))
        printf("\n  is       %s\n  expected %s\n", answer, expected);
    CU_ASSERT_STRING_EQUAL(answer, expected);
}

static void expect_text(const char *aim, const char *text, const char *expected)
{
    expect(aim, text, strlen(text), expected);
}

static void own_codes_stand_alone(void)
{
    expect_text("]C0", "XCTLOKR", "COMMAND XCTLOKR");
    expect_text("]C0", " xctlokr ", "COMMAND XCTLOKR");
    expect_text("]Q1", "LP0420001234149", "LPN LP0420001234");
    expect_text(NULL, "XOP791", "BADGE 7");
    expect_text("", "XLCA-12-03-B56", "LOCATION A-12-03-B");
    expect_text("]C0", "LP0420001234148", "REFUSED LP0420001234148 check_digit");
    expect_text("]C0", "XCTLOKS", "REFUSED XCTLOKS check_digit");
}

static void configured_patterns_come_before_the_text(void)
{
    expect_text("]C0", "RMA-2026-00017", "RMA RMA-2026-00017 | TEXT RMA-2026-00017");
    expect_text("", "R12345678", "RMA R12345678 | TEXT R12345678");
    expect_text("", "ORD-77", "ORDER ORD-77 | TEXT ORD-77");
    struct classify_rules rules = {.rma_patterns = {"", "luhn:#{11}"}};
    struct candidate candidates[CANDIDATES_MAX];
    CU_ASSERT_EQUAL(classify(&rules, "79927398713", 11, "", candidates), 2);
    CU_ASSERT_EQUAL(candidates[0].class, CANDIDATE_RMA);
    CU_ASSERT_NOT_EQUAL(classify(&rules, "79927398714", 11, "", candidates), 0);
    CU_ASSERT_NOT_EQUAL(candidates[0].class, CANDIDATE_RMA);
}

static void gtins_are_fourteen_digits(void)
{
    struct classify_rules rules = {0};
    struct candidate candidates[CANDIDATES_MAX];
    static const char *const texts[][2] = {{"4006381333931", "04006381333931"},
                                           {"036000291452", "00036000291452"},
                                           {"73513537", "00000073513537"},
                                           {"10614141543219", "10614141543219"}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CU_ASSERT_TRUE(classify(&rules, texts[i][0], strlen(texts[i][0]), "]E0", candidates) >= 2);
        CU_ASSERT_EQUAL(candidates[0].class, CANDIDATE_GTIN);
        CU_ASSERT_STRING_EQUAL(candidates[0].value, texts[i][0]);
        CU_ASSERT_STRING_EQUAL(candidates[0].gtin, texts[i][1]);
    }
    expect_text("]E3", "978031072156752995", "GTIN 9780310721567 | TEXT 978031072156752995");
    expect_text("]E4", "73513538", "TEXT 73513538");
}

static void the_rest_is_text(void)
{
    expect_text("]C0", "  SKU-77 red  ", "TEXT SKU-77 red");
    expect_text("]Q1", "Größe 42", "TEXT Größe 42");
    expect_text("]C0", "490154203237518", "TEXT 490154203237518 imei");
    expect_text("]A0", "[)>no", "TEXT [)>no");
    expect_text("]Q1",
                "no\xC2\xA0"
                "break",
                "TEXT no\xC2\xA0"
                "break");
}

static void what_cannot_be_read_is_refused(void)
{
    char text[5000];
    memset(text, 'A', sizeof text);
    expect("", "", 0, "REFUSED  empty");
    expect("", "  \x1D ", 4, "REFUSED  empty");
    expect("",
           "AB\x01"
           "C",
           4, "REFUSED AB\\\\x01C unreadable");
    expect("", "AB\0C", 4, "REFUSED AB\\\\x00C unreadable");
    expect("", "AB\x7F", 3, "REFUSED AB\\\\x7F unreadable");
    expect("", "AB\xC2\x85", 4, "REFUSED AB\xC2\x85 unreadable");
    expect("", "AB\xFF", 3, "REFUSED AB\\\\xFF unreadable");
    struct candidate candidates[CANDIDATES_MAX];
    struct classify_rules rules = {0};
    CU_ASSERT_EQUAL(classify(&rules, text, 120, "", candidates), 1);
    CU_ASSERT_EQUAL(candidates[0].class, CANDIDATE_TEXT);
    for (size_t length = 121; length <= sizeof text; length += 813) {
        CU_ASSERT_EQUAL(classify(&rules, text, length, "", candidates), 1);
        CU_ASSERT_STRING_EQUAL(candidates[0].detail, "too_long");
    }
}

static void an_aim_identifier_typed_as_text_is_taken(void)
{
    expect_text("", "]C0SKU-77", "TEXT SKU-77");
    expect_text("]C0", "]C0SKU-77", "TEXT ]C0SKU-77");
    expect_text("", "]", "TEXT ]");
}

static void announced_gs1_data_is_read(void)
{
    expect_text("]C1", "0109521234543213", "GS1 0109521234543213 | TEXT 0109521234543213");
    expect_text("]d2",
                "010952123454321321A\x1D"
                "10B",
                "GS1 010952123454321321A\\x1D10B | TEXT 010952123454321321A\\x1D10B");
    expect_text("",
                "\x1D"
                "0109521234543213",
                "GS1 0109521234543213 | TEXT 0109521234543213");
    expect_text("", "]C10109521234543213", "GS1 0109521234543213 | TEXT 0109521234543213");
    expect_text("]C1", "]C10109521234543213", "GS1 0109521234543213 | TEXT 0109521234543213");
    expect_text("]Q3",
                "21A\x1D\x1D"
                "10B\x1D",
                "GS1 21A\\x1D10B | TEXT 21A\\x1D\\x1D10B");
    expect_text("]C1", "00106141412345678908",
                "GS1 00106141412345678908 | SSCC 106141412345678908 | TEXT 00106141412345678908");
    struct classify_rules rules = {0};
    struct candidate candidates[CANDIDATES_MAX];
    const char *text = "01095212345432131726110010L\x1D"
                       "21S";
    CU_ASSERT_EQUAL(classify(&rules, text, strlen(text), "]d2", candidates), 2);
    CU_ASSERT_STRING_EQUAL(candidates[0].gtin, "09521234543213");
    CU_ASSERT_STRING_EQUAL(candidates[0].expiry, "2026-11-30");
    CU_ASSERT_STRING_EQUAL(candidates[0].lot, "L");
    CU_ASSERT_STRING_EQUAL(candidates[0].serial, "S");
}

static void unannounced_gs1_data_comes_before_digit_only_carriers(void)
{
    expect_text("]C0", "0109521234543213", "GS1 0109521234543213 | TEXT 0109521234543213");
    expect_text("]C0", "00106141412345678908",
                "GS1 00106141412345678908 | SSCC 106141412345678908 | TRACKING 00106141412345678908 usps | "
                "TEXT 00106141412345678908");
    expect_text("]C0", "0109521234543214 ", "TEXT 0109521234543214");
}

static void broken_structure_is_refused_with_its_reason(void)
{
    expect_text("]C1", "0109521234543214", "REFUSED 0109521234543214 check_digit | TEXT 0109521234543214");
    expect_text("]d2",
                "0109521234543214\x1D"
                "10A",
                "REFUSED 0109521234543214\\\\x1D10A check_digit");
    expect_text("",
                "ABC\x1D"
                "DEF",
                "REFUSED ABC\\\\x1DDEF unknown_ai");
    expect_text("",
                "ABC\x1E"
                "DEF",
                "REFUSED ABC\\\\x1EDEF unreadable");
    expect_text(
        "]Q1", "https://example.com/01/09521234543214",
        "REFUSED https://example.com/01/09521234543214 check_digit | TEXT https://example.com/01/09521234543214");
    expect_text("]Q1", "https://id.gs1.org/AQECAwQFBgc",
                "REFUSED https://id.gs1.org/AQECAwQFBgc compressed | TEXT https://id.gs1.org/AQECAwQFBgc");
    expect_text("]U1",
                "[)>\x1E"
                "07\x1DX",
                "REFUSED [)>\\\\x1E07\\\\x1DX format");
    char text[200] = "0109521234543214\x1D"
                     "91";
    memset(text + strlen(text), 'A', 110);
    struct candidate candidates[CANDIDATES_MAX];
    struct classify_rules rules = {0};
    CU_ASSERT_EQUAL(classify(&rules, text, strlen(text), "]C1", candidates), 1);
    CU_ASSERT_STRING_EQUAL(candidates[0].detail, "check_digit");
    /* A pattern that fits is worth more than a structure that does not. */
    expect_text("]C1", "RMA-7", "RMA RMA-7 | TEXT RMA-7");
}

static void links_and_messages_are_read(void)
{
    expect_text("]Q1", "https://example.com/01/09521234543213/21/S1",
                "GS1 010952123454321321S1 | TEXT https://example.com/01/09521234543213/21/S1");
    expect_text("]Q1", "https://example.com/returns/7", "TEXT https://example.com/returns/7");
    expect_text("]d1",
                "[)>\x1E"
                "06\x1D"
                "1PPART-1\x1DSABC\x1E\x04",
                "TEXT PART-1 1P | TEXT ABC S | TEXT [)>\\x1E06\\x1D1PPART-1\\x1DSABC\\x1E\\x04");
    char text[400] = "https://example.com/01/09521234543213/21/S1?x=";
    memset(text + strlen(text), 'x', 200);
    expect_text("]Q1", text, "GS1 010952123454321321S1");
}

static void letter_led_carriers_come_before_and_digit_led_ones_after_gtin(void)
{
    expect_text("]C0", "1Z999AA10123456784", "TRACKING 1Z999AA10123456784 ups | TEXT 1Z999AA10123456784");
    expect_text("]C0", "1z 999 aa1 01 2345 6784", "TRACKING 1Z999AA10123456784 ups | TEXT 1z 999 aa1 01 2345 6784");
    expect_text("]C0", "LP473124829CN", "TRACKING LP473124829CN s10 | TEXT LP473124829CN");
    expect_text("]C0", "046869589690",
                "GTIN 046869589690 | TRACKING 046869589690 fedex | TRACKING 046869589690 purolator | "
                "TEXT 046869589690");
    expect_text("]I1", "10614141543219", "GTIN 10614141543219 | TRACKING 10614141543219 dhl | TEXT 10614141543219");
    expect_text("]C0", "6A12345678901", "TRACKING 6A12345678901 colissimo | TEXT 6A12345678901");
}

static void barcodes_longer_than_the_number_give_both(void)
{
    expect_text("]C0", "1001921334250001000300779017972697",
                "TRACKING 1001921334250001000300779017972697 fedex | TRACKING 779017972697 fedex | "
                "TEXT 1001921334250001000300779017972697");
    expect_text("]C1",
                "42022153\x1D"
                "9405511899223197428490",
                "GS1 42022153\\x1D9405511899223197428490 | TRACKING 420221539405511899223197428490 usps | "
                "TRACKING 9405511899223197428490 usps | TEXT 42022153\\x1D9405511899223197428490");
    expect_text("]C1", "420221539405511899223197428490",
                "TRACKING 420221539405511899223197428490 usps | TRACKING 9405511899223197428490 usps | "
                "TEXT 420221539405511899223197428490");
    expect_text("]C1", "9611020987654312345672",
                "GS1 9611020987654312345672 | TRACKING 9611020987654312345672 fedex | "
                "TRACKING 987654312345672 fedex | TEXT 9611020987654312345672");
    expect_text("]C1", "986578788855", "GS1 986578788855 | TEXT 986578788855");
    /* Announced, but neither 420 nor 91–96: digits are no carrier's. */
    expect_text("]C1", "10614141543219986", "GS1 10614141543219986 | TEXT 10614141543219986");
}

/* Where a class stands in the order; GS1 and SSCC may also come without an announcement, at the GTIN's place. */
static int rank(const struct candidate *candidate)
{
    static const int ranks[CANDIDATE_CLASS_COUNT] = {
        [CANDIDATE_GS1] = 1,      [CANDIDATE_SSCC] = 1, [CANDIDATE_RMA] = 2,     [CANDIDATE_ORDER] = 3,
        [CANDIDATE_TRACKING] = 4, [CANDIDATE_GTIN] = 5, [CANDIDATE_REFUSED] = 7, [CANDIDATE_TEXT] = 8,
    };
    bool digits = candidate->class == CANDIDATE_TRACKING && text_is_digits(candidate->value);
    return digits ? 6 : ranks[candidate->class];
}

static size_t random_text(uint64_t *state, char *target, size_t size)
{
    static const char *const starts[] = {"",
                                         "01",
                                         "00",
                                         "420",
                                         "LP",
                                         "XCTL",
                                         "https://e.x/01/",
                                         "[)>\x1E"
                                         "06\x1D",
                                         "]C1",
                                         "1Z",
                                         "RMA-",
                                         "96",
                                         "\x1D"};
    static const char likely[] = "0123456789012345678901234567890123456789ABCRXZ-/ \x1D\x1E\x04\xC3\xA9\xFF";
    const char *start = starts[suite_random(state) % COUNT_OF(starts)];
    size_t length = strlen(start);
    size_t letters = suite_random(state) % 3 == 0 ? sizeof likely : 40;
    memcpy(target, start, length);
    for (size_t more = suite_random(state) % (size - length); more > 0; more--)
        target[length++] = likely[suite_random(state) % letters];
    return length;
}

/* Random scans in blocks of just their length: bounded, in order, and the text last and once. */
static void any_scan_is_answered_in_order(void)
{
    static const char *const aims[] = {NULL, "", "]C0", "]C1", "]E0", "]d2", "]Q1", "?!"};
    struct classify_rules rules;
    uint64_t state = suite_seed();
    size_t classes[CANDIDATE_CLASS_COUNT] = {0};
    classify_default_rules(&rules);
    for (int round = 0; round < 20000; round++) {
        char text[60];
        size_t length = random_text(&state, text, round % 2 == 0 ? 30 : sizeof text);
        char *bytes = memory_new(length + (length == 0), 1);
        memcpy(bytes, text, length);
        struct candidate candidates[CANDIDATES_MAX];
        size_t count = classify(&rules, bytes, length, aims[suite_random(&state) % COUNT_OF(aims)], candidates);
        CU_ASSERT_TRUE_FATAL(count >= 1 && count <= CANDIDATES_MAX);
        for (size_t i = 0; i < count; i++) {
            classes[candidates[i].class]++;
            bool out_of_order = i > 0 && rank(&candidates[i]) < rank(&candidates[i - 1]) &&
                                candidates[i].class != CANDIDATE_GS1 && candidates[0].class != CANDIDATE_TEXT;
            CU_ASSERT_FALSE(out_of_order);
            CU_ASSERT_TRUE(memchr(candidates[i].value, '\0', sizeof candidates[i].value) != NULL);
        }
        free(bytes);
    }
    CU_ASSERT_TRUE(classes[CANDIDATE_TEXT] > 0 && classes[CANDIDATE_REFUSED] > 0 && classes[CANDIDATE_TRACKING] > 0);
    CU_ASSERT_TRUE(classes[CANDIDATE_GS1] > 0 && classes[CANDIDATE_GTIN] > 0 && classes[CANDIDATE_RMA] > 0);
}

static void many_answers_keep_room_for_the_text(void)
{
    struct classify_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    classify_default_rules(&rules);
    for (size_t i = 0; i < CLASSIFY_RULES; i++) {
        snprintf(rules.tracking_patterns[i], CLASSIFY_PATTERN_SIZE, "carrier%zu=#{12}", i);
        snprintf(rules.rma_patterns[i], CLASSIFY_PATTERN_SIZE, "#{12}");
        snprintf(rules.order_patterns[i], CLASSIFY_PATTERN_SIZE, "#{%zu,}", i + 1);
    }
    size_t count = classify(&rules, "046869589690", 12, "", candidates);
    CU_ASSERT_EQUAL(count, 1 + 1 + 1 + 2 + CLASSIFY_RULES + 1);
    CU_ASSERT_EQUAL(candidates[count - 1].class, CANDIDATE_TEXT);
}

SUITE("barcode/classify", {"own codes stand alone", own_codes_stand_alone},
      {"configured patterns come before the text", configured_patterns_come_before_the_text},
      {"GTINs are fourteen digits", gtins_are_fourteen_digits}, {"the rest is text", the_rest_is_text},
      {"what cannot be read is refused", what_cannot_be_read_is_refused},
      {"an AIM identifier typed as text is taken", an_aim_identifier_typed_as_text_is_taken},
      {"announced GS1 data is read", announced_gs1_data_is_read},
      {"unannounced GS1 data comes before digit-only carriers", unannounced_gs1_data_comes_before_digit_only_carriers},
      {"broken structure is refused with its reason", broken_structure_is_refused_with_its_reason},
      {"links and messages are read", links_and_messages_are_read},
      {"letter-led carriers come before, digit-led ones after GTIN",
       letter_led_carriers_come_before_and_digit_led_ones_after_gtin},
      {"barcodes longer than the number give both", barcodes_longer_than_the_number_give_both},
      {"any scan is answered in order", any_scan_is_answered_in_order},
      {"many answers keep room for the text", many_answers_keep_room_for_the_text})
