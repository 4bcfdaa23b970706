/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/label/preview.h"
#include "protocol/label/symbol.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define BEGIN "^XA^CI28^PW480^LL240^LH0,0"

static struct label_preview report;

static const char *draw(const char *zpl)
{
    static char svg[65536];
    struct buffer out = BUFFER_EMPTY;
    label_preview(zpl, strlen(zpl), 203, &out, &report);
    snprintf(svg, sizeof svg, "%s", buffer_text(&out));
    buffer_done(&out);
    return svg;
}

static bool draws(const char *fields, const char *expected)
{
    char zpl[1024];
    snprintf(zpl, sizeof zpl, BEGIN "%s^XZ", fields);
    const char *svg = draw(zpl);
    bool fine = strstr(svg, expected) != NULL && report.unsupported == 0;
    if (!fine)
        printf("%s\n", svg);
    return fine;
}

static void size_is_that_of_the_label(void)
{
    const char *svg = draw(BEGIN "^XZ");
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "viewBox=\"0 0 480 240\" width=\"60.0mm\" height=\"30.0mm\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "</svg>"));
    CU_ASSERT_EQUAL(report.width, 480);
    CU_ASSERT_EQUAL(report.height, 240);
    CU_ASSERT_EQUAL(report.unsupported, 0);
}

static void shapes_are_drawn(void)
{
    CU_ASSERT_TRUE(
        draws("^FO10,20^GB30,40,40^FS", "<rect x=\"10\" y=\"20\" width=\"40\" height=\"40\" rx=\"0\" fill=\"#000\"/>"));
    CU_ASSERT_TRUE(draws("^FO10,20^GB30,40,4,W,0^FS",
                         "<rect x=\"12\" y=\"22\" width=\"26\" height=\"36\" rx=\"0\" fill=\"none\" "
                         "stroke=\"#fff\" stroke-width=\"4\"/>"));
    CU_ASSERT_TRUE(draws("^FO10,20^GC30,30^FS", "<circle cx=\"25\" cy=\"35\" r=\"15\" fill=\"#000\"/>"));
    CU_ASSERT_TRUE(draws("^FO10,20^GD30,40,2,B,L^FS", "d=\"M10 20l28 40h2l-28 -40z\""));
}

/* Rows "1000 0001", the same again, then black: two bars of two dots' height, one line. */
static void bitmaps_are_drawn_dot_by_dot(void)
{
    CU_ASSERT_TRUE(draws("^FO10,20^GFA,3,3,1,81:FF^FS", "d=\"M10 20h1v2h-1zM17 20h1v2h-1zM10 22h8v1h-8z\""));
    CU_ASSERT_TRUE(draws("^FO0,0^GFA,4,4,2,HF,IF0^FS", "d=\"M0 0h8v1h-8zM0 1h12v1h-12z\""));
    CU_ASSERT_TRUE(draws("^FO0,0^GFA,50,50,50,jSFLF0^FS", "d=\"M0 0h396v1h-396z\""));
}

/* A 52-module Data Matrix at 40 dots: its bottom bar is one run of 520 digits, more than one count can say. */
static void long_runs_come_back_whole(void)
{
    char payload[201];
    struct buffer zpl = BUFFER_EMPTY;
    struct symbol_size size = {0};
    struct error err = {0};
    const struct symbol_options options = {SYMBOL_DATA_MATRIX, 40, 0, '\0'};
    memset(payload, 'A', sizeof payload - 1);
    payload[sizeof payload - 1] = '\0';
    buffer_append_text(&zpl, "^XA^PW4000^LL4000^FO0,0");
    CU_ASSERT_TRUE(symbol_append(&options, payload, &zpl, &size, &err));
    buffer_append_text(&zpl, "^FS^XZ");
    char expected[64];
    snprintf(expected, sizeof expected, "M0 %dh%dv40h-%dz\"", size.height - 40, size.width, size.width);
    CU_ASSERT_TRUE(size.width > 1600);
    CU_ASSERT_PTR_NOT_NULL(strstr(draw(buffer_text(&zpl)), expected));
    CU_ASSERT_EQUAL(report.unsupported, 0);
    buffer_done(&zpl);
}

static void broken_bitmaps_are_not_shown_as_whole(void)
{
    static const char *const rows[] = {
        "^GFA,3,3,1,81", "^GFA,3,3,2,818181", "^GFA,1,1,1,X1", "^GFA,1,1,1,I1",
        "^GFB,1,1,1,8",  "^GFA,1,1,0,81",     "^GFA,,,,",      "^GFA,1,1,1,:Z64:eJ==:1234"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char zpl[200];
        snprintf(zpl, sizeof zpl, BEGIN "^FO0,0%s^FS^XZ", rows[i]);
        (void)draw(zpl);
        CU_ASSERT_EQUAL(report.unsupported, 1);
        CU_ASSERT_STRING_EQUAL(report.first_unsupported, "^GF");
    }
}

static void text_is_decoded_and_safe_in_xml(void)
{
    CU_ASSERT_TRUE(
        draws("^FO8,8^A0N,40,40^FH_^FDa_5Eb _3Cscript>&\"_22^FS", ">a^b &lt;script&gt;&amp;&quot;&quot;</text>"));
    CU_ASSERT_TRUE(draws("^FO8,8^A0N,40,40^FH_^FDa_01_C3_A9_FF^FS", ">a\xC3\xA9?</text>"));
    CU_ASSERT_TRUE(draws("^FO8,8^A0N,40,40^FDa_5Eb^FS", ">a_5Eb</text>"));
    CU_ASSERT_TRUE(
        draws("^FO8,8^A0N,40,40^FDHH^FS", "<g transform=\"translate(8 8)\"><text x=\"0\" y=\"30\" font-size=\"41\""));
    CU_ASSERT_TRUE(draws("^FT8,38^A0N,40,40^FDHH^FS", "<g transform=\"translate(8 8)\">"));
    CU_ASSERT_TRUE(draws("^FO8,8^A0R,40,40^FDHH^FS", "<g transform=\"translate(48 8) rotate(90)\">"));
    CU_ASSERT_TRUE(draws("^FO8,8^ADN,36,20^FDHH^FS", "textLength=\"48\""));
}

static void blocks_break_and_align(void)
{
    CU_ASSERT_TRUE(
        draws("^FO0,0^A0N,40,40^FB200,2,0,L,0^FDRETURN TO VENDOR^FS", ">RETURN TO</text><text x=\"0\" y=\"70\""));
    CU_ASSERT_TRUE(draws("^FO0,0^A0N,40,40^FB200,2,0,L,0^FH_^FDa\\&b_5C_5C&c^FS", ">b\\&amp;c</text>"));
    CU_ASSERT_EQUAL(report.outside, 0);
    CU_ASSERT_TRUE(draws("^FO0,0^A0N,40,40^FB200,1,0,L,0^FDRETURN TO VENDOR^FS", ">VENDOR</text>"));
    CU_ASSERT_EQUAL(report.outside, 1);
}

static void reversed_text_is_white_on_black_only(void)
{
    CU_ASSERT_TRUE(draws("^FO0,0^GB99,99,99^FS^FO8,8^FR^A0N,40,40^FDA^FS", "fill=\"#fff\">A<"));
    CU_ASSERT_TRUE(draws("^FO0,0^GB99,99,99^FS^FO8,8^A0N,40,40^FDA^FS", "fill=\"#000\">A<"));
    CU_ASSERT_TRUE(draws("^FO0,0^GB99,99,2^FS^FO8,8^FR^A0N,40,40^FDA^FS", "fill=\"#000\">A<"));
    CU_ASSERT_TRUE(draws("^FO200,0^GB99,99,99^FS^FO8,8^FR^A0N,40,40^FDA^FS", "fill=\"#000\">A<"));
}

static void what_is_not_shown_is_counted(void)
{
    (void)draw(BEGIN "^FO1,1^BCN^FDx^FS~JA^LH5,5^XZ");
    CU_ASSERT_EQUAL(report.unsupported, 3);
    CU_ASSERT_STRING_EQUAL(report.first_unsupported, "^BC");
}

static void what_reaches_over_the_edge_is_counted(void)
{
    (void)draw(BEGIN "^FO470,1^GB20,5,5^FS^FO1,1^GB5,5,5^FS^FO0,230^A0N,40,40^FDx^FS^XZ");
    CU_ASSERT_EQUAL(report.outside, 2);
    CU_ASSERT_EQUAL(report.first_outside_x, 470);
}

static void any_bytes_are_survived(void)
{
    static const char *const pieces[] = {
        "^XA", "^XZ", "^FO", "^FT", "^FD", "^FS", "^FH", "^FB",  "^GFA,",    "^GB",         "^GC", "^GD", "^A0",
        "^AD", "^FR", "^CF", "^FW", "^PW", "^LL", "1",   "9",    ",",        "-",           "z",   "G",   ":",
        "!",   "\\&", "_",   "W",   "R",   "^",   "~",   "\xC3", "\xF0\x9F", "99999999999", " "};
    uint64_t state = suite_seed();
    for (int i = 0; i < 3000; i++) {
        struct buffer zpl = BUFFER_EMPTY, svg = BUFFER_EMPTY;
        struct label_preview seen;
        for (size_t n = suite_random(&state) % 60; n > 0; n--)
            buffer_append_text(&zpl, pieces[suite_random(&state) % (sizeof pieces / sizeof pieces[0])]);
        label_preview(buffer_text(&zpl), zpl.length, 203, &svg, &seen);
        CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&svg), "</svg>"));
        buffer_done(&zpl);
        buffer_done(&svg);
    }
}

SUITE("label/preview", {"size is that of the label", size_is_that_of_the_label}, {"shapes are drawn", shapes_are_drawn},
      {"bitmaps are drawn dot by dot", bitmaps_are_drawn_dot_by_dot},
      {"long runs come back whole", long_runs_come_back_whole},
      {"broken bitmaps are not shown as whole", broken_bitmaps_are_not_shown_as_whole},
      {"text is decoded and safe in XML", text_is_decoded_and_safe_in_xml},
      {"blocks break and align", blocks_break_and_align},
      {"reversed text is white on black only", reversed_text_is_white_on_black_only},
      {"what is not shown is counted", what_is_not_shown_is_counted},
      {"what reaches over the edge is counted", what_reaches_over_the_edge_is_counted},
      {"any bytes are survived", any_bytes_are_survived})
