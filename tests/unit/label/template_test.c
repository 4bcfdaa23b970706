/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/label_bench.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define FIELD BENCH_FIELD

/* Each row is refused; at is where and why. The header has 5 lines, so the body begins in line 6. */
static const struct refusal {
    const char *text, *at;
} refusals[] = {
    /* header */
    {";; media 60\n" BENCH_BEGIN BENCH_END, "t.zpl.in:1: media"},
    {";; media 60x30\n;; field Code code 15 X\n", "t.zpl.in:2: field is"},
    {";; media 60x30\n;; field a colour 15 X\n", "t.zpl.in:2: there is no field type"},
    {";; media 60x30\n;; field a text 15 X\n;; field a text 15 X\n", "t.zpl.in:3: field a is declared twice"},
    {";; media 60x30\n;; word hi HELLO\n", "t.zpl.in:2: word is"},
    {";; media 60x30\n;; name other\n", "t.zpl.in:2: the label is named"},
    {";; colour red\n", "t.zpl.in:1: a header line begins"},
    {BENCH_BEGIN BENCH_END, "t.zpl.in:1: the header has no"},
    /* frame */
    {BENCH_HEADER BENCH_BEGIN, "the label does not end"},
    {BENCH_HEADER BENCH_BEGIN BENCH_BEGIN BENCH_END, "t.zpl.in:7: a second ^XA"},
    {BENCH_HEADER BENCH_BEGIN BENCH_END BENCH_BEGIN, "t.zpl.in:8: ^XA stands behind ^XZ"},
    {BENCH_HEADER BENCH_BEGIN BENCH_END "^FO1,1", "t.zpl.in:8: ^FO stands behind ^XZ"},
    {BENCH_HEADER BENCH_BEGIN BENCH_END "text", "text behind ^XZ"},
    {BENCH_HEADER "! U1 setvar \"a\" \"b\"\n" BENCH_BEGIN BENCH_END, "t.zpl.in:6: text in front of ^XA"},
    {BENCH_HEADER "^FO1,1^XA^XZ", "t.zpl.in:6: ^FO stands in front of ^XA"},
    {BENCH_HEADER "^XA^PW{{mm:60}}^LL{{mm:30}}^LH0,0^XZ", "^CI28 is missing"},
    {BENCH_HEADER "^XA^CI28^LL{{mm:30}}^LH0,0^XZ", "^PW is missing"},
    {BENCH_HEADER "^XA^CI28^PW{{mm:60}}^LH0,0^XZ", "^LL is missing"},
    {BENCH_HEADER "^XA^CI28^PW{{mm:60}}^LL{{mm:30}}^XZ", "^LH0,0 is missing"},
    {BENCH_HEADER "^XA\n^CI27^XZ", "t.zpl.in:7: ^CI is 28"},
    {BENCH_HEADER BENCH_BEGIN "^LH10,10" BENCH_END, "t.zpl.in:7: ^LH is 0,0"},
    {BENCH_HEADER BENCH_BEGIN "^PQ2" BENCH_END, "t.zpl.in:7: ^PQ is 1"},
    {BENCH_HEADER "^XA^CI28^PW{{mm:50}}^LL{{mm:30}}^LH0,0^XZ", "are not the media's"},
    /* commands */
    {BENCH_HEADER BENCH_BEGIN "\n~JA" BENCH_END, "t.zpl.in:8: ~JA is refused: it changes the printer's set-up"},
    {BENCH_HEADER BENCH_BEGIN "~jr" BENCH_END, "~JR is refused"},
    {BENCH_HEADER BENCH_BEGIN "^CC+" BENCH_END, "^CC is refused: it changes the command characters"},
    {BENCH_HEADER BENCH_BEGIN "~CT+" BENCH_END, "~CT is refused: it changes the command characters"},
    {BENCH_HEADER BENCH_BEGIN "^DFR:A.ZPL" BENCH_END, "^DF is refused: it uses the printer's storage"},
    {BENCH_HEADER BENCH_BEGIN "~DGR:A" BENCH_END, "~DG is refused: it uses the printer's storage"},
    {BENCH_HEADER BENCH_BEGIN "^XFR:A" BENCH_END, "^XF is refused: it uses the printer's storage"},
    {BENCH_HEADER BENCH_BEGIN "^JUS" BENCH_END, "^JU is refused"},
    {BENCH_HEADER BENCH_BEGIN "^MMT" BENCH_END, "^MM is refused"},
    {BENCH_HEADER BENCH_BEGIN "^KN" BENCH_END, "^KN is refused"},
    {BENCH_HEADER BENCH_BEGIN "^HH" BENCH_END, "^HH is refused: it asks the printer"},
    {BENCH_HEADER BENCH_BEGIN "~HS" BENCH_END, "~HS is refused: it asks the printer"},
    {BENCH_HEADER BENCH_BEGIN "^SN1" BENCH_END, "^SN is refused: the printer would count"},
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^BCN^FDx^FS" BENCH_END, "^BC is refused: native barcodes"},
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^A@N,1,1,E:X.TTF^FDx^FS" BENCH_END, "^A@ is refused"},
    {BENCH_HEADER BENCH_BEGIN "^ZZ" BENCH_END, "^ZZ is refused"},
    {BENCH_HEADER BENCH_BEGIN "^QQ" BENCH_END, "^QQ is refused: it is not on the list"},
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^FDa~b^FS" BENCH_END, "~B^ is refused"},
    /* fields */
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^FDx\n^FO2,2" BENCH_END, "t.zpl.in:8: the field in front of ^FO has no ^FS"},
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^FDx" BENCH_END, "the last field has no ^FS"},
    {BENCH_HEADER BENCH_BEGIN "^FDx^FS" BENCH_END, "^FD stands in no field"},
    {BENCH_HEADER BENCH_BEGIN "^FS" BENCH_END, "^FS stands in no field"},
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^FH+^FDx^FS" BENCH_END, "^FH is ^FH_"},
    {FIELD("{{nothing}}"), "t.zpl.in:7: field \"nothing\" is not declared"},
    {FIELD("{{t:nothing}}"), "word \"nothing\" is not declared"},
    {FIELD("{{text|loud}}"), "there is no filter \"loud\""},
    {FIELD("{{text|cut:0}}"), "there is no filter \"cut:0\""},
    {FIELD("{{text|lines}}"), "|lines needs a ^FB block"},
    {FIELD("{{text"), "a {{ without its }}"},
    {FIELD("{{}}"), "an empty macro"},
    {FIELD("{{mm:3}}"), "a length may not stand in field data"},
    {FIELD("{{code128 code x=0.5 h=5}}"), "stands behind ^FO"},
    {BENCH_HEADER BENCH_BEGIN "^FO{{text}},1^FDx^FS" BENCH_END, "t.zpl.in:7: {{text}} may only stand in field data"},
    {BENCH_HEADER BENCH_BEGIN "^PW{{code}}" BENCH_END, "{{code}} may only stand in field data"},
    {BENCH_HEADER BENCH_BEGIN "^FO{{mm:x}},1^FDx^FS" BENCH_END, "is no length in mm"},
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{dm text x=0.5}}^FS" BENCH_END, "its type is code"},
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{dm code}}^FS" BENCH_END, "needs x="},
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{code128 code x=0.5}}^FS" BENCH_END, "needs x= and h="},
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{dm code x=0.5 colour=red}}^FS" BENCH_END, "is not understood"},
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{dm \"[01]{cod\" x=0.5}}^FS" BENCH_END, "has a { that does not close"},
    {BENCH_HEADER BENCH_BEGIN "^FT8,8{{dm code x=0.5}}^FS" BENCH_END, "stands behind ^FO"},
    {BENCH_HEADER BENCH_BEGIN "{{#if flag}}^FO1,1^FDx^FS" BENCH_END, "has no {{/if}}"},
    {BENCH_HEADER BENCH_BEGIN "{{/if}}" BENCH_END, "{{/if}} without {{#if}}"},
    {BENCH_HEADER BENCH_BEGIN "^FO1,1^FD{{#if flag}}x{{/if}}^FS" BENCH_END, "stands around whole fields"},
    {BENCH_HEADER BENCH_BEGIN "{{#if flag}}{{#if text}}{{/if}}{{/if}}" BENCH_END, "does not nest"},
    {BENCH_HEADER BENCH_BEGIN "{{#if nothing}}{{/if}}" BENCH_END, "is not declared"},
    /* what only the samples show */
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{dm \"[01]{code}\" x=0}}^FS" BENCH_END, "needs x="},
    {BENCH_HEADER BENCH_BEGIN "^FO8,8{{gs1dm \"[01]{code}\" x=0.5}}^FS" BENCH_END, "t.zpl.in:7: gs1dm"},
    {BENCH_HEADER BENCH_BEGIN "\n^FO{{mm:20}},8{{code128 code x=0.5 h=5}}^FS" BENCH_END, "t.zpl.in:8: the symbol"},
    {BENCH_HEADER BENCH_BEGIN "^FO0,8{{dm code x=0.5}}^FS" BENCH_END, "does not fit the label"},
    {BENCH_HEADER BENCH_BEGIN "^FO0,0^GFA,8,8,1,Z^FS" BENCH_END, "the preview cannot show ^GF"},
    {BENCH_HEADER BENCH_BEGIN "^FO0,0^GB{{mm:61}},4,4^FS" BENCH_END, "reaches over the edge"},
    {BENCH_HEADER BENCH_BEGIN "^FO0,0^A0N,{{mm:20}},{{mm:20}}^FD{{code}}^FS" BENCH_END, "reaches over the edge"},
};

static void wrong_templates_are_refused_with_file_and_line(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct error err = {0};
        struct label_set *set = label_bench_load(refusals[i].text, &err);
        bool fine =
            set == NULL && strstr(err.message, refusals[i].at) != NULL && strstr(err.message, "t.zpl.in:") != NULL;
        if (!fine)
            printf("row %zu: expected \"%s\", got \"%s\"\n", i, refusals[i].at, set == NULL ? err.message : "a set");
        CU_ASSERT_TRUE(fine);
        label_set_free(set);
    }
}

static void right_ones_load(void)
{
    static const char *const rows[] = {
        FIELD("{{text}}"),
        FIELD("a_b {{text|upper|cut:3}} {{t:hi}}"),
        BENCH_HEADER "\n\n" BENCH_BEGIN "^FX a comment\n^FO1,1^GB8,8,8^FS^PQ1^MD0^PR4^PON^LS0^LT0" BENCH_END "\n",
        BENCH_HEADER BENCH_BEGIN "^CFA,18^FWN^FT20,40^FH^FDtext _41^FS^FO1,1^GD8,8,1,B,L^FS^FO1,1^GC9,1^FS" BENCH_END,
        BENCH_HEADER BENCH_BEGIN "^FO1,1^GFA,4,4,1,FF00FF00^FS^FO{{mm:5}},{{mm:10}}{{qr code x=0.5 ec=H}}^FS" BENCH_END,
        BENCH_HEADER BENCH_BEGIN "^FO1,1^A0N,20,20^FB200,2,0,C,0^FD{{text|lines}}^FS" BENCH_END,
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        label_set_free(label_bench_must_load(rows[i]));
}

static void a_missing_folder_is_an_error(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(label_set_load("/nowhere/labels", &err));
    CU_ASSERT_EQUAL(err.code, ERROR_SYSTEM);
}

static void the_hash_is_of_the_text(void)
{
    struct label_set *one = label_bench_must_load(FIELD("one")), *two = label_bench_must_load(FIELD("two"));
    struct label_set *again = label_bench_must_load(FIELD("one"));
    CU_ASSERT_EQUAL(strlen(label_template_hash(one, "t")), 16);
    CU_ASSERT_STRING_EQUAL(label_template_hash(one, "t"), label_template_hash(again, "t"));
    CU_ASSERT_STRING_NOT_EQUAL(label_template_hash(one, "t"), label_template_hash(two, "t"));
    CU_ASSERT_PTR_NULL(label_template_hash(one, "u"));
    CU_ASSERT_STRING_EQUAL(label_set_name(one, 0), "t");
    CU_ASSERT_PTR_NULL(label_set_name(one, 1));
    label_set_free(one);
    label_set_free(two);
    label_set_free(again);
}

SUITE("label/template",
      {"wrong templates are refused with file and line", wrong_templates_are_refused_with_file_and_line},
      {"right ones load", right_ones_load}, {"a missing folder is an error", a_missing_folder_is_an_error},
      {"the hash is of the text", the_hash_is_of_the_text})
