/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/decoder.h"

#include "base/text.h"
#include "tests/unit/hid/typist.h"

static void options_are_checked(void)
{
    static const struct {
        struct decoder_options options;
        enum error_code code;
    } rows[] = {
        {{.layout = "xx"}, ERROR_NOT_FOUND},
        {{.prefix = "123456789012345678901234567890123"}, ERROR_TOO_BIG},
        {{.suffix_text = "123456789012345678901234567890123"}, ERROR_TOO_BIG},
        {{.gs_text = "123456789012345678901234567890123"}, ERROR_TOO_BIG},
        {{.kind = DECODER_POS}, ERROR_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        CU_ASSERT_PTR_NULL(decoder_new(&rows[i].options, NULL, 0, &err));
        CU_ASSERT_EQUAL(err.code, rows[i].code);
    }
    CU_ASSERT_PTR_NULL(decoder_new(&(struct decoder_options){0}, (const uint8_t *)"\xC0", 1, NULL));
    CU_ASSERT_PTR_NULL(decoder_free(NULL));
}

static void options_reach_the_scan(void)
{
    struct decoder_options options = {
        .prefix = "x", .suffix_text = "z", .gs_text = "~", .strip_aim = true, .silence_ms = 250};
    struct typist *typist = typist_new(&options, NULL, 0);
    static const uint8_t keys[][2] = {{0, 0x1B}, {0, 0x30}, {2, 0x06}, {0, 0x1E}, {0, 0x04}, {2, 0x35}, {0, 0x1D}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) /* x]C1a~z */
        typist_press(typist, keys[i][0], keys[i][1]);
    typist_wait(typist, 200);
    CU_ASSERT_EQUAL(typist->received.count, 0);
    typist_wait(typist, 50);
    CU_ASSERT_EQUAL_FATAL(typist->received.count, 1);
    CU_ASSERT_STRING_EQUAL((const char *)typist->received.scans[0].bytes, "a\x1D");
    CU_ASSERT_STRING_EQUAL(typist->received.scans[0].aim, "]C1");
    typist_free(typist);
}

static void dropped_controls_are_counted(void)
{
    struct typist *typist = typist_new(&(struct decoder_options){0}, NULL, 0);
    typist_press(typist, 1, 0x06); /* Ctrl+C */
    typist_press(typist, 1, 0x30); /* Ctrl+] = GS */
    CU_ASSERT_EQUAL(decoder_dropped(typist->decoder), 1);
    CU_ASSERT_TRUE(typist_typed(typist, "\x1D"));
    CU_ASSERT_EQUAL(decoder_descriptor(typist->decoder)->longest_input, 8);
    typist_free(typist);
}

static void a_tick_without_a_scan_does_nothing(void)
{
    struct typist *typist = typist_new(&(struct decoder_options){0}, NULL, 0);
    CU_ASSERT_EQUAL(decoder_deadline(typist->decoder), INT64_MAX);
    decoder_tick(typist->decoder, INT64_MAX, on_scan, &typist->received);
    CU_ASSERT_EQUAL(typist->received.count, 0);
    typist_free(typist);
}

struct retyped {
    const char *layout;
    bool can;
    struct scan scan, other;
};

static void retype(void *context, const struct scan *scan)
{
    struct retyped *retyped = context;
    retyped->scan = *scan;
    retyped->can = decoder_retype(scan->decoder, retyped->layout, &retyped->other);
}

/* "à&" of a French scanner under the US layout, and a capital with Shift that stays down from the scan before. */
static void a_scan_can_be_typed_again_under_another_layout(void)
{
    struct error err = {0};
    struct decoder *decoder = decoder_new(&(struct decoder_options){.prefix = "Q"}, NULL, 0, &err);
    struct retyped retyped = {.layout = "fr"};
    static const uint8_t reports[][8] = {{2, 0, 0x27}, {2, 0, 0x1E}, {2},          {2, 0, 0x28},
                                         {2},          {2, 0, 0x14}, {0, 0, 0x36}, {0}};
    CU_ASSERT_PTR_NOT_NULL_FATAL(decoder);
    for (size_t i = 0; i < 4; i++)
        decoder_report(decoder, reports[i], 8, 0, retype, &retyped);
    CU_ASSERT_STRING_EQUAL(retyped.scan.bytes, ")!");
    CU_ASSERT_TRUE(retyped.can);
    CU_ASSERT_STRING_EQUAL(retyped.other.bytes, "01");
    for (size_t i = 4; i < 8; i++)
        decoder_report(decoder, reports[i], 8, 0, retype, &retyped);
    decoder_tick(decoder, INT64_MAX, retype, &retyped);
    CU_ASSERT_STRING_EQUAL(retyped.scan.bytes, ","); /* the prefix Q is cut off … */
    CU_ASSERT_STRING_EQUAL(retyped.other.bytes, "A;"); /* … which French keys did not type */
    retyped.layout = "none";
    for (size_t i = 0; i < 4; i++)
        decoder_report(decoder, reports[i], 8, 0, retype, &retyped);
    CU_ASSERT_FALSE(retyped.can);
    decoder_free(decoder);
}

static void a_scan_too_long_for_its_keys_is_not_typed_again(void)
{
    struct error err = {0};
    struct decoder *decoder = decoder_new(&(struct decoder_options){0}, NULL, 0, &err);
    struct retyped retyped = {.layout = "fr"};
    CU_ASSERT_PTR_NOT_NULL_FATAL(decoder);
    for (size_t length = 1023; length <= 1024; length++) {
        for (size_t i = 0; i < length; i++) {
            decoder_report(decoder, (const uint8_t[8]){0, 0, 0x14}, 8, 0, retype, &retyped);
            decoder_report(decoder, (const uint8_t[8]){0}, 8, 0, retype, &retyped);
        }
        decoder_report(decoder, (const uint8_t[8]){0, 0, 0x28}, 8, 0, retype, &retyped);
        decoder_report(decoder, (const uint8_t[8]){0}, 8, 0, retype, &retyped);
        CU_ASSERT_EQUAL(retyped.scan.length, length);
        CU_ASSERT_EQUAL(retyped.can, length == 1023);
    }
    CU_ASSERT_EQUAL(retyped.other.length, 1023);
    decoder_free(decoder);
}

#define SCANNERS 32
#define SCANS_OF_EACH (20 * 20) /* 20 a second for 20 s */

struct dock {
    struct decoder *decoder;
    unsigned sent, seen;
    char text[16];
};

static void on_dock_scan(void *context, const struct scan *scan)
{
    struct dock *dock = context;
    char text[16];
    snprintf(text, sizeof text, "%06u", dock->seen);
    dock->seen += text_equal(text, (const char *)scan->bytes);
}

/* One key of the scan under way, down and up, or the key that ends it. */
static void type_next(struct dock *dock, int64_t tick)
{
    size_t at = dock->text[0] == '\0' ? 0 : strlen(dock->text);
    char all[16];
    snprintf(all, sizeof all, "%06u", dock->sent);
    uint8_t usage = all[at] == '\0' ? 0x28 : all[at] == '0' ? 0x27 : (uint8_t)(0x1E + all[at] - '1');
    decoder_report(dock->decoder, (const uint8_t[8]){0, 0, usage}, 8, tick, on_dock_scan, dock);
    decoder_report(dock->decoder, (const uint8_t[8]){0}, 8, tick, on_dock_scan, dock);
    dock->text[at] = all[at];
    dock->text[at + 1] = '\0';
    if (usage == 0x28) {
        dock->sent++;
        dock->text[0] = '\0';
    }
}

/* A key of each in turn, every 7 ms: a scan of seven keys in 50 ms, and the clock as the timers would see it. */
static void thirty_two_keyboards_at_once_lose_and_double_nothing(void)
{
    struct dock docks[SCANNERS] = {0};
    struct error err = {0};
    unsigned total = 0;
    for (size_t i = 0; i < SCANNERS; i++)
        docks[i].decoder = decoder_new(&(struct decoder_options){0}, NULL, 0, &err);
    for (int64_t tick = 0; docks[SCANNERS - 1].sent < SCANS_OF_EACH; tick += 7)
        for (size_t i = 0; i < SCANNERS; i++) {
            type_next(&docks[i], tick);
            decoder_tick(docks[i].decoder, tick, on_dock_scan, &docks[i]);
        }
    for (size_t i = 0; i < SCANNERS; i++) {
        total += docks[i].seen;
        decoder_free(docks[i].decoder);
    }
    CU_ASSERT_EQUAL(total, SCANNERS * SCANS_OF_EACH);
}

/* Whatever parses must also decode without a crash, at both ends of the report. */
static void hostile_descriptors_and_reports_never_crash(void)
{
    uint64_t state = suite_seed();
    struct scans *received = calloc(1, sizeof *received);
    int decoders = 0;
    for (int round = 0; round < 30000; round++) {
        uint8_t bytes[40] = {0x05, (uint8_t)(round % 2 ? 0x07 : 0x8C), 0x09, (uint8_t)(round % 2 ? 0xE0 : 0xFE)};
        size_t length = 4 + suite_random(&state) % (sizeof bytes - 4);
        static const uint8_t likely[] = {0x75, 0x95, 0x81, 0x85, 0x19, 0x29, 0x09, 0x15, 0x25, 0xA4, 0xB4, 0x76, 0x96};
        for (size_t i = 4; i < length; i++)
            bytes[i] = suite_random(&state) % 2 ? likely[suite_random(&state) % sizeof likely]
                                                 : (uint8_t)suite_random(&state);
        struct decoder_options options = {.kind = round % 2 ? DECODER_KEYBOARD : DECODER_POS, .layout = "fr"};
        struct decoder *decoder = decoder_new(&options, bytes, length, NULL);
        for (int i = 0; decoder != NULL && i < 8; i++) {
            size_t size = 1 + suite_random(&state) % 40;
            uint8_t *report = malloc(size);
            for (size_t k = 0; k < size; k++)
                report[k] = (uint8_t)suite_random(&state);
            decoder_report(decoder, report, size, i, on_scan, received);
            free(report);
        }
        decoders += decoder != NULL;
        decoder_free(decoder);
    }
    CU_ASSERT_TRUE(decoders > 100);
    free(received);
}

SUITE("hid/decoder", {"options are checked", options_are_checked}, {"options reach the scan", options_reach_the_scan},
      {"dropped controls are counted", dropped_controls_are_counted},
      {"a tick without a scan does nothing", a_tick_without_a_scan_does_nothing},
      {"a scan can be typed again under another layout", a_scan_can_be_typed_again_under_another_layout},
      {"a scan too long for its keys is not typed again", a_scan_too_long_for_its_keys_is_not_typed_again},
      {"32 keyboards at once lose and double nothing", thirty_two_keyboards_at_once_lose_and_double_nothing},
      {"hostile descriptors and reports never crash", hostile_descriptors_and_reports_never_crash})
