/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings as text: several scanners in one, mistakes by their line, and what is written reads back. */
#include "protocol/hid/player.h"

#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define A "report: 00 00 14 00 00 00 00 00\nreport: 00 00 00 00 00 00 00 00\n"

static struct buffer said;

static void on_scan(void *context, const struct scan *scan)
{
    (void)context;
    buffer_append_format(&said, "%s|", (const char *)scan->bytes);
}

static bool plays(const char *text, const char *scans, const char *mistake)
{
    struct player player = {.fn = on_scan};
    struct error err = {0};
    bool good = player_play_text(&player, text, strlen(text), &err);
    player_done(&player);
    bool same = text_equal(buffer_text(&said), scans) && good == (mistake[0] == '\0') &&
                strstr(err.message, mistake) != NULL;
    if (!same)
        fprintf(stderr, "%s: \"%s\", %s\n", text, buffer_text(&said), err.message);
    buffer_done(&said);
    return same;
}

static void each_head_begins_a_scanner(void)
{
    CU_ASSERT_TRUE(plays("", "", ""));
    CU_ASSERT_TRUE(plays(A, "q|", ""));
    CU_ASSERT_TRUE(plays("layout: fr\n" A "kind: keyboard\n" A "layout: de\n" A, "a|q|q|", ""));
    CU_ASSERT_TRUE(plays(A "wait: 99\n" A, "qq|", ""));
    CU_ASSERT_TRUE(plays(A "wait: 100\n" A "expect: never looked at\n", "q|q|", ""));
}

/* A descriptor without usages: 64 bytes of report 2. Which byte is what only the maker tells. */
static void a_maker_is_known_by_its_id(void)
{
    static const char opaque[] = "descriptor: 05 8C 09 02 A1 01 85 02 15 00 26 FF 00 75 08 95 3F 09 04 81 02 C0\n",
                      honeywell[] = "report: 02 02 5D 43 30 41 42\n", newland[] = "report: 02 02 41 42\n";
    char text[300];
    snprintf(text, sizeof text, "kind: pos\nvendor: 0c2e\n%s%skind: pos\nvendor: 1eab\n%s%s", opaque, honeywell, opaque,
             newland);
    CU_ASSERT_TRUE(plays(text, "AB|AB|", ""));
    snprintf(text, sizeof text, "kind: pos\n%s%s", opaque, honeywell);
    CU_ASSERT_TRUE(plays(text, "", "line 3: the report descriptor names no scan data"));
    CU_ASSERT_TRUE(plays("vendor: c2e\n", "", "line 1: vendor: four"));
    CU_ASSERT_TRUE(plays("vendor: 0c2g\n", "", "line 1: vendor: four"));
}

static void mistakes_are_named_by_line(void)
{
    CU_ASSERT_TRUE(plays("layout: fr\n\nreport: 0", "", "line 3: report: two hex"));
    CU_ASSERT_TRUE(plays(A "layout: xx\n" A, "q|", "line 4: unknown keyboard layout xx"));
    CU_ASSERT_TRUE(plays("layout: much-longer-than-any-layout\n", "", "line 1: layout: longer"));
    CU_ASSERT_TRUE(plays("kind: pos\n" A, "", "line 2: "));
}

static void what_is_written_reads_back(void)
{
    static const uint8_t odd[] = "a\\\x1D\x7F\xC3\xA9 end", no_text[] = "a\xFF";
    struct capture_line line;
    struct error err = {0};
    struct buffer text = BUFFER_EMPTY;
    capture_append_scan(&text, odd, sizeof odd - 1, "]C1");
    CU_ASSERT_STRING_EQUAL(buffer_text(&text), "expect: a\\\\\\x1D\\x7F\xC3\xA9 end\nexpect_aim: ]C1\n");
    CU_ASSERT_TRUE_FATAL(capture_parse(&line, text.data, strcspn(text.data, "\n"), &err));
    CU_ASSERT_EQUAL(line.length, sizeof odd - 1);
    CU_ASSERT_EQUAL(memcmp(line.bytes, odd, sizeof odd - 1), 0);
    buffer_clear(&text);
    capture_append_scan(&text, no_text, sizeof no_text - 1, "");
    CU_ASSERT_STRING_EQUAL(buffer_text(&text), "expect: a\\xFF\n");
    buffer_clear(&text);
    capture_append_bytes(&text, CAPTURE_REPORT, odd, 3);
    CU_ASSERT_STRING_EQUAL(buffer_text(&text), "report: 61 5C 1D\n");
    buffer_done(&text);
}

SUITE("hid/player", {"each head begins a scanner", each_head_begins_a_scanner},
      {"a maker is known by its id", a_maker_is_known_by_its_id},
      {"mistakes are named by line", mistakes_are_named_by_line},
      {"what is written reads back", what_is_written_reads_back})
