/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/capture.h"

#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct capture_line line;
static struct error problem;

static bool parse(const char *text)
{
    return capture_parse(&line, text, strlen(text), &problem);
}

static void every_key_has_its_form(void)
{
    static const struct {
        const char *text;
        enum capture_key key;
        const char *value;
    } rows[] = {
        {"", CAPTURE_NOTHING, ""},
        {"  \t\r\n", CAPTURE_NOTHING, ""},
        {"# report: zz", CAPTURE_NOTHING, ""},
        {"kind: keyboard\n", CAPTURE_KIND, "keyboard"},
        {"kind:pos\r\n", CAPTURE_KIND, "pos"},
        {"kind: descriptor-only", CAPTURE_KIND, "descriptor-only"},
        {"layout: fr", CAPTURE_LAYOUT, "fr"},
        {"descriptor: 05 01 aB", CAPTURE_DESCRIPTOR, "\x05\x01\xAB"},
        {"report:  41\t42 ", CAPTURE_REPORT, "AB"},
        {"wait: 150", CAPTURE_WAIT, "150"},
        {"expect: a b\\x1Dc\\\\d ", CAPTURE_EXPECT, "a b\x1D" "c\\d "},
        {"expect:", CAPTURE_EXPECT, ""},
        {"expect_aim: ]C1", CAPTURE_EXPECT_AIM, "]C1"},
        {"expect_bits: in=64", CAPTURE_EXPECT_BITS, "in=64"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_TRUE(parse(rows[i].text));
        CU_ASSERT_EQUAL(line.key, rows[i].key);
        CU_ASSERT_EQUAL(line.length, strlen(rows[i].value));
        CU_ASSERT_STRING_EQUAL((const char *)line.bytes, rows[i].value);
    }
    CU_ASSERT_TRUE(parse("wait: 60000"));
    CU_ASSERT_EQUAL(line.wait_ms, 60000);
}

static void broken_lines_are_refused(void)
{
    static const char *const bad[] = {
        "report", "report 41", "reports: 41", " report: 41", "report:", "report: 4", "report: 414",
        "report: 4142", "report: 41,42",
        "report: 4g", "kind: mouse", "kind:", "wait: ", "wait: -1", "wait: 60001", "wait: 1.5", "expect: \\",
        "expect: \\x4", "expect: \\xzz", "expect: \\n", ": 41", "x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        problem.code = ERROR_NONE;
        CU_ASSERT_FALSE(parse(bad[i]));
        CU_ASSERT_EQUAL(problem.code, ERROR_INVALID);
    }
    CU_ASSERT_FALSE(capture_parse(&line, "layout: f\0r", 11, &problem));
}

static void lines_come_out_of_any_pieces(void)
{
    static const char text[] = "kind: pos\n\nreport: 01\nbroken\nreport: 02 03\nno end";
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct capture_reader reader = {0};
        char seen[8] = "";
        unsigned count = 0, broken = 0, last = 0;
        for (size_t at = 0; at < sizeof text - 1; at += piece) {
            size_t rest = sizeof text - 1 - at;
            capture_feed(&reader, text + at, rest < piece ? rest : piece);
            enum capture_result result;
            while ((result = capture_next(&reader, &line, &problem)) != CAPTURE_MORE) {
                if (result == CAPTURE_BROKEN)
                    broken++;
                else
                    last = line.number;
                if (count < sizeof seen - 1)
                    seen[count++] = result == CAPTURE_BROKEN ? '!' : "nkvldrwexb"[line.key];
            }
        }
        CU_ASSERT_STRING_EQUAL(seen, "knr!r");
        CU_ASSERT_EQUAL(last, 5);
        CU_ASSERT_EQUAL(broken, 1);
        CU_ASSERT_STRING_EQUAL(problem.message, "line 4: no known \"key: value\"");
        capture_done(&reader);
    }
}

static void a_line_without_end_is_told_once_and_skipped(void)
{
    struct capture_reader reader = {0};
    static char block[1024];
    memset(block, '#', sizeof block);
    unsigned broken = 0;
    for (int i = 0; i < 100; i++) {
        capture_feed(&reader, block, sizeof block);
        broken += capture_next(&reader, &line, &problem) == CAPTURE_BROKEN;
        CU_ASSERT_TRUE(reader.pending.length <= CAPTURE_LINE_MAX + sizeof block);
    }
    CU_ASSERT_EQUAL(broken, 1);
    CU_ASSERT_EQUAL(problem.code, ERROR_TOO_BIG);
    capture_feed(&reader, "tail\nwait: 5\n", 13);
    CU_ASSERT_EQUAL(capture_next(&reader, &line, &problem), CAPTURE_LINE);
    CU_ASSERT_EQUAL(line.key, CAPTURE_WAIT);
    CU_ASSERT_EQUAL(line.number, 2);
    capture_done(&reader);
}

static void too_many_bytes_are_refused(void)
{
    static char text[3 * CAPTURE_BYTES_MAX + 16];
    size_t length = (size_t)snprintf(text, sizeof text, "report:");
    for (int i = 0; i < CAPTURE_BYTES_MAX; i++, length += 3)
        memcpy(text + length, " 41", 3);
    CU_ASSERT_TRUE(capture_parse(&line, text, length, &problem));
    CU_ASSERT_EQUAL(line.length, CAPTURE_BYTES_MAX);
    memcpy(text + length, " 41", 3);
    CU_ASSERT_FALSE(capture_parse(&line, text, length + 3, &problem));
    CU_ASSERT_EQUAL(problem.code, ERROR_TOO_BIG);
}

static void hostile_lines_never_crash(void)
{
    static const char *const heads[] = {"report: ", "expect: ", "kind: ", "wait: ", "descriptor:",
                                        "layout: ", "", "expect_aim: "};
    static const char likely[] = "0123456789abcdefABCDEF  \\\\xx:#-\t\r";
    uint64_t state = suite_seed();
    for (int round = 0; round < 20000; round++) {
        const char *head = heads[suite_random(&state) % 8];
        size_t start = strlen(head), length = start + suite_random(&state) % 60;
        char *text = malloc(length + 1); /* no NUL behind: reading on would be seen */
        memcpy(text, head, start);
        for (size_t i = start; i < length; i++)
            text[i] = suite_random(&state) % 8 ? likely[suite_random(&state) % (sizeof likely - 1)]
                                               : (char)suite_random(&state);
        char *exact = length > 0 ? realloc(text, length) : text;
        if (capture_parse(&line, exact, length, &problem) && line.length > CAPTURE_BYTES_MAX)
            CU_FAIL_FATAL("too long");
        free(exact);
    }
    CU_PASS("no crash");
}

SUITE("hid/capture", {"every key has its form", every_key_has_its_form},
      {"broken lines are refused", broken_lines_are_refused},
      {"lines come out of any pieces", lines_come_out_of_any_pieces},
      {"a line without end is told once and skipped", a_line_without_end_is_told_once_and_skipped},
      {"too many bytes are refused", too_many_bytes_are_refused},
      {"hostile lines never crash", hostile_lines_never_crash})
