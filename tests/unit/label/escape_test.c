/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/label/escape.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static const char *clean(const char *text, size_t max, bool keep_lines)
{
    static char copy[512];
    struct buffer out = BUFFER_EMPTY;
    escape_clean(&out, text, max, keep_lines);
    snprintf(copy, sizeof copy, "%s", buffer_text(&out));
    buffer_done(&out);
    return copy;
}

static const char *escape(const char *text, bool in_block)
{
    static char copy[512];
    struct buffer out = BUFFER_EMPTY;
    escape_append(&out, text, in_block);
    snprintf(copy, sizeof copy, "%s", buffer_text(&out));
    buffer_done(&out);
    return copy;
}

static void what_is_not_drawn_is_dropped(void)
{
    static const struct {
        const char *text, *clean;
    } rows[] = {
        {"plain", "plain"},
        {"a\x01\x07\x1B\x7F"
         "b",
         "ab"}, /* controls */
        {"a\xC2\x9B"
         "b",
         "ab"}, /* C1 */
        {"\xE2\x80\xAE"
         "evil\xE2\x80\xAC",
         "evil"}, /* right-to-left override */
        {"a\xE2\x81\xA6"
         "b\xE2\x81\xA9\xD8\x9C",
         "ab"}, /* isolates, Arabic letter mark */
        {"a\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBF\xC2\xAD"
         "b",
         "ab"}, /* zero-width, BOM, soft hyphen */
        {"a\xF3\xA0\x81\x81"
         "b",
         "ab"}, /* tag character */
        {"a\xEF\xBF\xBE"
         "b",
         "ab"},                                             /* noncharacter */
        {"\xF0\x9F\x91\x9F shoe", "\xF0\x9F\x91\x9F shoe"}, /* four bytes stay */
        {"a\xFF\xC3(\xE2\x82", "a?"
                               "?("
                               "?"
                               "?"},                  /* ill-formed */
        {"\xC0\xAF\xED\xA0\x80", "?????"},            /* overlong, surrogate */
        {"  a \t\r\n b\xC2\xA0\xE3\x80\x80 ", "a b"}, /* blanks */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_STRING_EQUAL(clean(rows[i].text, 100, false), rows[i].clean);
}

static void accents_join_their_letter(void)
{
    CU_ASSERT_STRING_EQUAL(clean("e\xCC\x81t\xCC\x81"
                                 "e\xCC\x81 C\xCC\xA7",
                                 100, false),
                           "ét\xC3\xA9 Ç");
    CU_ASSERT_STRING_EQUAL(clean("\xCC\x81"
                                 "a",
                                 100, false),
                           "a");
    CU_ASSERT_STRING_EQUAL(clean("e \xCC\x81", 100, false), "e");
    CU_ASSERT_STRING_EQUAL(clean("e\xCC\x81xyz", 1, false), "é");
    CU_ASSERT_STRING_EQUAL(clean("e\xC3\xA9\xCC\x81", 1, false), "e");
}

static void clipping_counts_characters(void)
{
    CU_ASSERT_STRING_EQUAL(clean("ééééé", 3, false), "ééé");
    CU_ASSERT_STRING_EQUAL(clean("a\xF0\x9F\x91\x9F"
                                 "b",
                                 2, false),
                           "a\xF0\x9F\x91\x9F");
    CU_ASSERT_STRING_EQUAL(clean("abc", 0, false), "");
}

static void lines_are_kept_where_asked(void)
{
    CU_ASSERT_STRING_EQUAL(clean("a \r\n b\xE2\x80\xA8"
                                 "c\n",
                                 100, true),
                           "a\nb\nc");
    CU_ASSERT_STRING_EQUAL(clean("a \r\n b\n", 100, false), "a b");
}

static void commands_become_text(void)
{
    CU_ASSERT_STRING_EQUAL(escape("Doe^XZ~JA_\\ é", false), "Doe_5EXZ_7EJA_5F_5C é");
    CU_ASSERT_STRING_EQUAL(escape("a\nb\\&c", true), "a\\&b_5C_5C &c");
    CU_ASSERT_STRING_EQUAL(escape("\\\\x\\", true), "_5C_5C_5C_5Cx_5C_5C");
    CU_ASSERT_STRING_EQUAL(escape("a\n\x7F\x02"
                                  "b",
                                  false),
                           "ab");
}

SUITE("label/escape", {"what is not drawn is dropped", what_is_not_drawn_is_dropped},
      {"accents join their letter", accents_join_their_letter},
      {"clipping counts characters", clipping_counts_characters},
      {"lines are kept where asked", lines_are_kept_where_asked}, {"commands become text", commands_become_text})
