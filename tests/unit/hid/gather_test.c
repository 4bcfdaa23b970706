/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/gather.h"

#include "tests/unit/hid/typist.h"

static struct scans received;

static void begin(struct gather *gather, const struct gather_rules *rules)
{
    gather_init(gather, rules);
    gather->fn = on_scan;
    gather->context = &received;
    received.count = 0;
}

static void put(struct gather *gather, const char *text)
{
    for (; *text != '\0'; text++)
        gather_byte(gather, (uint8_t)*text);
}

static bool got(const char *text, const char *aim)
{
    return received.count == 1 && strcmp((const char *)received.scans[0].bytes, text) == 0 &&
           received.scans[0].length == strlen(text) && received.scans[0].total == strlen(text) &&
           strcmp(received.scans[0].aim, aim) == 0;
}

static void only_separators_survive_of_the_controls(void)
{
    static struct gather gather;
    begin(&gather, &(struct gather_rules){0});
    for (unsigned byte = 0; byte < 256; byte++)
        gather_byte(&gather, (uint8_t)byte);
    CU_ASSERT_EQUAL(gather.dropped, 32 - 5);
    gather_finish(&gather);
    CU_ASSERT_EQUAL(received.count, 1);
    CU_ASSERT_EQUAL(received.scans[0].length, 5 + 224);
    CU_ASSERT_EQUAL(memcmp(received.scans[0].bytes, "\x04\x1C\x1D\x1E\x1F !", 7), 0);
    CU_ASSERT_EQUAL(gather.deadline, INT64_MAX);
}

static void characters_become_utf8(void)
{
    static struct gather gather;
    begin(&gather, &(struct gather_rules){0});
    static const uint32_t characters[] = {'A', 0xE9, 0x20AC, 0x1F600, 0x1D, 0xD800, 0x110000, 0x85, 0, 0x0D};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        gather_character(&gather, characters[i]);
    gather_finish(&gather);
    CU_ASSERT_TRUE(got("Aé€😀\x1D", ""));
    CU_ASSERT_EQUAL(gather.dropped, 4);
}

static void nothing_behind_a_cut_is_kept(void)
{
    static struct gather gather;
    begin(&gather, &(struct gather_rules){.suffix = "z"});
    for (size_t i = 0; i < SCAN_BYTES_MAX - 1; i++)
        gather_byte(&gather, 'x');
    gather_character(&gather, 0x20AC); /* three bytes where one fits */
    gather_byte(&gather, 'z');
    gather_finish(&gather);
    CU_ASSERT_EQUAL(received.scans[0].length, SCAN_BYTES_MAX - 1);
    CU_ASSERT_EQUAL(received.scans[0].total, SCAN_BYTES_MAX + 3);
    CU_ASSERT_EQUAL(received.scans[0].bytes[SCAN_BYTES_MAX - 1], 0);
}

static void rules_trim_in_their_order(void)
{
    static const struct {
        struct gather_rules rules;
        const char *in, *out, *aim;
    } rows[] = {
        {{.prefix = "<", .suffix = ">"}, "<a>", "a", ""},
        {{.prefix = "<", .suffix = ">"}, "a", "a", ""},
        {{.prefix = "ab", .suffix = "b"}, "ab1", "1", ""},
        {{.prefix = "#", .strip_aim = true}, "#]C10195", "0195", "]C1"},
        {{.strip_aim = true}, "]C1", "", ""},
        {{.strip_aim = true}, "]9x1", "]9x1", ""},
        {{.gs_text = ""}, "]C101", "]C101", ""},
        {{.gs_text = "~"}, "~a~~b~", "\x1D" "a\x1D\x1D" "b\x1D", ""},
        {{.gs_text = "^]"}, "a^]b^", "a\x1D" "b^", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct gather gather;
        begin(&gather, &rows[i].rules);
        put(&gather, rows[i].in);
        gather_finish(&gather);
        bool empty = rows[i].out[0] == '\0';
        CU_ASSERT_TRUE(empty ? received.count == 0 : got(rows[i].out, rows[i].aim));
    }
}

static void nothing_is_no_scan(void)
{
    static struct gather gather;
    begin(&gather, &(struct gather_rules){.prefix = "p"});
    gather_finish(&gather);
    put(&gather, "p");
    gather_finish(&gather);
    CU_ASSERT_EQUAL(received.count, 0);
}

SUITE("hid/gather", {"only separators survive of the controls", only_separators_survive_of_the_controls},
      {"characters become UTF-8", characters_become_utf8},
      {"nothing behind a cut is kept", nothing_behind_a_cut_is_kept},
      {"rules trim in their order", rules_trim_in_their_order}, {"nothing is no scan", nothing_is_no_scan})
