/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/label/command.h"
#include "tests/support/fake_printer.h"
#include "tests/support/label_bench.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN_203 "^XA^CI28^PW480^LL240^LH0,0"
#define SHOWN(data) BEGIN_203 "^FO8,8^A0N,24,24^FH_^FD" data "^FS^XZ"

static void fields_stand_in_the_label(void)
{
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("{{text}}"), "C", "hello", NULL), SHOWN("hello"));
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("a_b {{text|upper|cut:3}}."), "C", "hello", NULL),
                           SHOWN("a_5Fb HEL."));
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("{{t:hi|upper}}"), "C", NULL, NULL), SHOWN("HELLO"));
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("{{text|date}}"), "C", "2026-11-21T10:00:00.000Z", NULL),
                           SHOWN("21 Nov 2026"));
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("{{text|date}}"), "C", "2026-13-41", NULL),
                           SHOWN("2026-13-41"));
    CU_ASSERT_STRING_EQUAL(
        label_bench_render(BENCH_FIELD("{{text}}"), "C", "a text of more than twenty characters", NULL),
        SHOWN("a text of more than "));
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("{{text}}"), "C", NULL, NULL), SHOWN(""));
}

static void lines_and_blocks(void)
{
    static const char block[] = BENCH_HEADER BENCH_BEGIN "^FO8,8^A0N,24,24^FB400,3,0,L,0^FD{{text|lines}}^FS" BENCH_END;
    static const char flat[] = BENCH_HEADER BENCH_BEGIN "^FO8,8^A0N,24,24^FB400,3,0,L,0^FD{{text}}^FS" BENCH_END;
    CU_ASSERT_STRING_EQUAL(label_bench_render(block, "C", "a\nb\\&c", NULL),
                           BEGIN_203 "^FO8,8^A0N,24,24^FB400,3,0,L,0^FH_^FDa\\&b_5C_5C &c^FS^XZ");
    CU_ASSERT_STRING_EQUAL(label_bench_render(flat, "C", "a\nb", NULL),
                           BEGIN_203 "^FO8,8^A0N,24,24^FB400,3,0,L,0^FH_^FDa b^FS^XZ");
}

static void conditions_take_whole_fields(void)
{
    static const char text[] = BENCH_HEADER BENCH_BEGIN "{{#if flag}}^FO1,1^GB8,8,1^FS{{/if}}"
                                                        "{{#if text=a,bc}}^FO2,2^GB8,8,1^FS{{/if}}" BENCH_END;
    CU_ASSERT_STRING_EQUAL(label_bench_render(text, NULL, NULL, NULL), BEGIN_203 "^XZ");
    CU_ASSERT_STRING_EQUAL(label_bench_render(text, NULL, "b", "1"), BEGIN_203 "^FO1,1^GB8,8,1^FS^XZ");
    CU_ASSERT_STRING_EQUAL(label_bench_render(text, NULL, "bc", ""), BEGIN_203 "^FO2,2^GB8,8,1^FS^XZ");
}

/* One template serves every resolution: 12.5 mm are 100, 148 and 295 dots. */
static void lengths_follow_the_resolution(void)
{
    static const struct {
        int dpi;
        const char *expected;
    } rows[] = {{203, "^PW480^LL240^LH0,0^FO100,8^"},
                {300, "^PW709^LL354^LH0,0^FO148,12^"},
                {600, "^PW1417^LL709^LH0,0^FO295,24^"}};
    struct label_set *set = label_bench_must_load(BENCH_HEADER BENCH_BEGIN "^FO{{mm:12.5}},{{mm:1}}^FDx^FS" BENCH_END);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out = BUFFER_EMPTY;
        struct error err = {0};
        const struct label_options options = {rows[i].dpi, "fr"};
        CU_ASSERT_TRUE(label_render(set, "t", &options, NULL, 0, &out, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&out), rows[i].expected));
        buffer_done(&out);
    }
    label_set_free(set);
}

static void words_follow_the_language(void)
{
    static const struct {
        const char *lang, *word;
    } rows[] = {{"en", "HELLO"}, {"fr", "BONJOUR"}, {"de", "HELLO"}, {NULL, "HELLO"}};
    struct label_set *set = label_bench_must_load(BENCH_FIELD("{{t:hi}}"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out = BUFFER_EMPTY;
        struct error err = {0};
        const struct label_options options = {203, rows[i].lang};
        CU_ASSERT_TRUE(label_render(set, "t", &options, NULL, 0, &out, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&out), rows[i].word));
        buffer_done(&out);
    }
    label_set_free(set);
}

static int fitted_height(const char *text)
{
    static const char label[] = BENCH_HEADER BENCH_BEGIN "^FO8,8{{fit text h=10 w=40 lines=2}}^FD{{text}}^FS" BENCH_END;
    int height = 0;
    const char *font = strstr(label_bench_render(label, "C", text, NULL), "^A0N,");
    CU_ASSERT_EQUAL(sscanf(font, "^A0N,%d", &height), 1);
    return height;
}

static void fonts_shrink_to_fit(void)
{
    CU_ASSERT_EQUAL(fitted_height("OK"), 80);
    CU_ASSERT_EQUAL(fitted_height("RETURN TO VENDOR"), 40); /* two lines share the height */
    CU_ASSERT_EQUAL(fitted_height("-"), 80);
    CU_ASSERT_TRUE(fitted_height("RETURNTOVENDOR") < 40 && fitted_height("RETURNTOVENDOR") > 20);
}

/* What cannot print whole is an error, and nothing is appended. */
static void what_does_not_fit_is_an_error(void)
{
    static const struct {
        const char *code;
        enum error_code error;
    } rows[] = {
        {"AAAAAAAAAAAAAAA", ERROR_TOO_BIG},  /* letters take twice the width of digits */
        {"LP00100001171490", ERROR_INVALID}, /* longer than declared: never clipped */
        {"", ERROR_INVALID},
        {NULL, ERROR_INVALID},
        {"caf\xC3\xA9", ERROR_INVALID},
        {"A\nB", ERROR_INVALID},
    };
    struct label_set *set =
        label_bench_must_load(BENCH_HEADER BENCH_BEGIN "^FO{{mm:8}},{{mm:2}}{{code128 code x=0.29 h=8}}^FS" BENCH_END);
    const struct label_options options = {203, "en"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out = BUFFER_EMPTY;
        struct error err = {0};
        const struct label_field field = {"code", rows[i].code};
        buffer_append_text(&out, "before");
        CU_ASSERT_FALSE(label_render(set, "t", &options, &field, 1, &out, &err));
        CU_ASSERT_EQUAL(err.code, rows[i].error);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "t.zpl.in:7: "));
        CU_ASSERT_STRING_EQUAL(buffer_text(&out), "before");
        buffer_done(&out);
    }
    label_set_free(set);
}

/* Two W's of ten dots are 18 dots wide; a third does not fit 3 mm. The next value is whole again. */
static void what_fits_no_font_is_cut(void)
{
    const char *zpl = label_bench_render(BENCH_HEADER BENCH_BEGIN "^FO8,8{{fit text h=5 w=3}}^FD{{text}}^FS"
                                                                  "^FO8,80^A0N,9,9^FD{{text}}^FS" BENCH_END,
                                         "C", "WWWWW", NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(zpl, "^A0N,10,10^FH_^FDWW^FS"));
    CU_ASSERT_PTR_NOT_NULL(strstr(zpl, "^A0N,9,9^FH_^FDWWWWW^FS"));
}

/* The bars may get narrower, down to least; where that is not enough, or is not allowed, it stays an error. */
static void bars_shrink_to_fit(void)
{
    static const struct {
        const char *macro, *expected; /* NULL: does not fit */
    } rows[] = {
        {"{{code128 code x=0.75 least=0.25 h=5}}", "^FO40,8^GFA,1480,1480,37,"}, /* 145 modules of 2 dots */
        {"{{code128 code x=0.75 least=0.375 h=5}}", NULL},
        {"{{code128 code x=0.75 h=5}}", NULL},
        {"{{code128 code x=0.25 least=0.25 h=5}}", "^FO40,8^GFA,1480,1480,37,"},
        {"{{code128 code x=0.25 h=5 w=37}}", "^FO40,8^GFA,1480,1480,37,"},
        {"{{code128 code x=0.25 h=5 w=36}}", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1000];
        struct error err = {0};
        snprintf(text, sizeof text, "%s^FO{{mm:5}},8%s^FS" BENCH_END, BENCH_HEADER BENCH_BEGIN, rows[i].macro);
        struct label_set *set = label_bench_load(text, &err);
        CU_ASSERT_EQUAL(set != NULL, rows[i].expected != NULL);
        CU_ASSERT_EQUAL(err.code, rows[i].expected != NULL ? ERROR_NONE : ERROR_TOO_BIG);
        label_set_free(set);
        if (rows[i].expected != NULL)
            CU_ASSERT_PTR_NOT_NULL(strstr(label_bench_render(text, "LP0010000117149", "", ""), rows[i].expected));
    }
}

static void unknown_labels_and_printers_are_errors(void)
{
    struct label_set *set = label_bench_must_load(BENCH_FIELD("x"));
    struct buffer out = BUFFER_EMPTY;
    struct error err = {0};
    const struct label_options odd = {150, "en"}, even = {203, "en"};
    CU_ASSERT_FALSE(label_render(set, "t", &odd, NULL, 0, &out, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    CU_ASSERT_FALSE(label_render(set, "u", &even, NULL, 0, &out, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_NOT_FOUND);
    CU_ASSERT_EQUAL(out.length, 0);
    label_set_free(set);
}

/* --- hostile fields --- */

static const char hostile_label[] =
    BENCH_HEADER BENCH_BEGIN "^FO8,8^A0N,24,24^FD{{text}}^FS^FO8,40{{fit text h=6 w=50 lines=2}}^FD{{text|upper}}^FS"
                             "^FO8,90^A0N,16,16^FB400,2,0,L,0^FD{{text|lines}}^FS^FO8,130^A0N,16,16^FD{{text|date}}^FS"
                             "{{#if flag}}^FO8,150^A0N,16,16^FD{{flag}}^FS{{/if}}" BENCH_END;

static void count_label(void *context, const char *zpl, size_t length)
{
    (void)zpl, (void)length;
    ++*(int *)context;
}

/* The names of all commands, so that a field that became one shows. */
static void list_commands(const char *zpl, size_t length, struct buffer *ret_names)
{
    struct zpl_command command;
    for (const char *cursor = zpl; zpl_next(&cursor, zpl + length, &command);)
        buffer_append_text(ret_names, command.text);
}

static bool has_control(const struct buffer *buffer)
{
    for (size_t i = 0; i < buffer->length; i++)
        if ((unsigned char)buffer->data[i] < ' ' || buffer->data[i] == 0x7F)
            return true;
    return false;
}

/* One label comes out of a printer, nothing is answered, and the commands are those of any other label. */
static bool is_harmless(const struct label_set *set, const char *text, const char *expected_names)
{
    const struct label_options options = {203, "en"};
    const struct label_field fields[] = {{"text", text}, {"flag", text}};
    struct buffer out = BUFFER_EMPTY, names = BUFFER_EMPTY, answers = BUFFER_EMPTY;
    struct error err = {0};
    struct fake_printer printer;
    int labels = 0;
    fake_printer_init(&printer, count_label, &labels);
    bool fine = label_render(set, "t", &options, fields, 2, &out, &err);
    list_commands(buffer_text(&out), out.length, &names);
    fine = fine && fake_printer_receive(&printer, out.data, out.length, &answers) && labels == 1 &&
           printer.stray == 0 && printer.format.length == 0 && answers.length == 0 && !has_control(&out) &&
           (expected_names == NULL || strcmp(buffer_text(&names), expected_names) == 0);
    fake_printer_done(&printer);
    buffer_done(&out);
    buffer_done(&names);
    buffer_done(&answers);
    return fine;
}

static char *names_of_a_plain_label(const struct label_set *set, const char *flag)
{
    const struct label_options options = {203, "en"};
    const struct label_field fields[] = {{"text", "plain"}, {"flag", flag}};
    struct buffer out = BUFFER_EMPTY, names = BUFFER_EMPTY;
    struct error err = {0};
    CU_ASSERT_TRUE(label_render(set, "t", &options, fields, 2, &out, &err));
    list_commands(buffer_text(&out), out.length, &names);
    buffer_done(&out);
    return names.data;
}

static void hostile_fields_are_text(void)
{
    static char long_one[10241];
    memset(long_one, '^', sizeof long_one - 1);
    const char *const rows[] = {
        "Doe^XZ~JA^XA^PQ99",
        "~HS",
        "^FS^FO0,0^GB9,9,9^FS",
        "_5EXZ",
        "\\&^XZ",
        "{{code}}{{#if flag}}",
        "! U1 getvar \"odometer.total_label_count\"\r\n",
        "\x02\x03\x1B\r\n^XZ",
        "\xE2\x80\xAE^XZ",
        "\xF0\x9F\x91\x9F",
        "\xC2",
        "\xF0\x9F^XZ",
        "\xED\xA0\x80~JR",
        "a\xCC\x81^",
        long_one,
    };
    struct label_set *set = label_bench_must_load(hostile_label);
    char *names = names_of_a_plain_label(set, "x");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_TRUE(is_harmless(set, rows[i], names));
    CU_ASSERT_STRING_EQUAL(label_bench_render(BENCH_FIELD("{{text}}"), "C", "Doe^XZ~JA^XA^PQ99", NULL),
                           SHOWN("Doe_5EXZ_7EJA_5EXA_5EPQ99"));
    free(names);
    label_set_free(set);
}

/* Pieces that mean something to a printer, to the engine or to UTF-8, and any bytes between them. */
static void random_text(uint64_t *state, char *target, size_t size)
{
    static const char *const pieces[] = {
        "^XZ",          "^XA", "~JA",       "~HS",  "^FS", "^FD",  "_5E", "_",        "\\&",
        "\\",           "^",   "~",         "{{",   "}}",  "\n",   "\r",  "\xC3\xA9", "\xF0\x9F\x91\x9F",
        "\xE2\x80\xAE", " ",   "e\xCC\x81", "^CC+", "+XZ", "! U1", "A",   "0"};
    size_t used = 0, length = suite_random(state) % (size - 8);
    while (used < length) {
        uint64_t r = suite_random(state);
        char byte[2] = {(char)(r >> 8 & 0xFF), '\0'};
        const char *piece = (r & 1) != 0 ? pieces[(r >> 16) % (sizeof pieces / sizeof pieces[0])] : byte;
        used += (size_t)snprintf(target + used, size - used, "%s", piece);
    }
    target[used] = '\0';
}

static void any_field_gives_one_harmless_label(void)
{
    uint64_t state = suite_seed();
    struct label_set *set = label_bench_must_load(hostile_label);
    int harmful = 0;
    for (int i = 0; i < 10000; i++) {
        char text[96];
        random_text(&state, text, sizeof text);
        char *names = names_of_a_plain_label(set, "x"), *without = names_of_a_plain_label(set, "");
        bool fine = is_harmless(set, text, names) || is_harmless(set, text, without); /* nothing may be left of it */
        harmful += fine ? 0 : 1;
        if (!fine && harmful < 3)
            printf("harmful: %s\n", text);
        free(names);
        free(without);
    }
    CU_ASSERT_EQUAL(harmful, 0);
    label_set_free(set);
}

SUITE("label/render", {"fields stand in the label", fields_stand_in_the_label}, {"lines and blocks", lines_and_blocks},
      {"conditions take whole fields", conditions_take_whole_fields},
      {"lengths follow the resolution", lengths_follow_the_resolution},
      {"words follow the language", words_follow_the_language}, {"fonts shrink to fit", fonts_shrink_to_fit},
      {"what does not fit is an error", what_does_not_fit_is_an_error},
      {"what fits no font is cut", what_fits_no_font_is_cut}, {"bars shrink to fit", bars_shrink_to_fit},
      {"unknown labels and printers are errors", unknown_labels_and_printers_are_errors},
      {"hostile fields are text", hostile_fields_are_text},
      {"any field gives one harmless label", any_field_gives_one_harmless_label})
