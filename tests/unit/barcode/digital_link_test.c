/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/digital_link.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The element string (a separator is |), or the reason behind '!', or NULL where there is no link. The compressed
 * examples were made by hand: 8 bits of identifier, 47 of GTIN. */
static const struct {
    const char *link;
    const char *answer;
} cases[] = {
    {"https://id.gs1.org/01/09521234543213", "0109521234543213"},
    {"HTTP://EXAMPLE.COM/01/09521234543213", "0109521234543213"},
    {"https://example.com/01/09521234543213/", "0109521234543213"},
    {"https://shop.example/some/stem/01/09521234543213/22/2A/10/LOT/21/SER", "0109521234543213222A|10LOT|21SER"},
    {"https://example.com/01/09521234543213/21/A%2FB%23?17=261130&3103=000195", "!character"},
    {"https://example.com/01/09521234543213/21/A%2fB?17=261130;3103=000195",
     "010952123454321321A/B|172611303103000195"},
    {"https://example.com/01/09521234543213?utm=x&17=261100&=&&linkType=gs1:pip#frag", "010952123454321317261100"},
    {"https://example.com/01/09521234543213?21=X", "0109521234543213"},
    {"https://example.com/01/09521234543213/21/A%2a%2f", "010952123454321321A*/"},
    {"https://example.com/01/4006381333931", "0104006381333931"},
    {"https://example.com/01/73513537", "0100000073513537"},
    {"https://example.com/00/106141412345678908?02=09521234543213&37=24", "001061414123456789080209521234543213"
                                                                          "3724"},
    {"https://example.com/414/9521321000018/254/DOCK", "4149521321000018254DOCK"},
    {"https://example.com/8006/095212345432130102/21/S", "8006095212345432130102|21S"},
    {"https://example.com/01/09521234543213/235/TPX1", "0109521234543213235TPX1"},
    {"https://example.com/01/09521234543214", "!check_digit"},
    {"https://example.com/01/0952123454321", "!check_digit"},
    {"https://example.com/01/09521234543213/21/S/10/L", "!qualifier"},
    {"https://example.com/01/09521234543213/10/L/10/L", "!qualifier"},
    {"https://example.com/01/09521234543213/235/T/21/S", "!qualifier"},
    {"https://example.com/01/09521234543213/17/261130", "!qualifier"},
    {"https://example.com/01/09521234543213?17=261131", "!date"},
    {"https://example.com/01/09521234543213/21/A%2", "!percent"},
    {"https://example.com/01/09521234543213/21/A%2X", "!percent"},
    {"https://example.com/01/09521234543213/21/A%00", "!character"},
    {"https://example.com/01/09521234543213/21/A%20B", "!character"},
    {"https://example.com/01/09521234543213/21/", NULL},
    {"https://example.com/01", NULL},
    {"https://example.com//01/09521234543213", "0109521234543213"},
    {"https://example.com/01/09521234543213/21//", "!truncated"},
    {"https://id.gs1.org/AQECAwQFB", NULL},
    {"https://example.com", NULL},
    {"https://", NULL},
    {"https://example.com/returns/RMA-77", NULL},
    {"https://example.com/10/LOT", NULL},
    {"ftp://example.com/01/09521234543213", NULL},
    {"https://example.com/?01=09521234543213", NULL},
    {"0109521234543213", NULL},
    {"https://example.com/x/AQECAwQFBgc", NULL},
    {"https://id.gs1.org/AQECAwQFBgc", "!compressed"},
    {"https://example.com/ARFRq5sE2g", "!compressed"},
};

static void links_are_read_or_refused(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct gs1_data data;
        const char *reason = NULL;
        char answer[256] = "";
        switch (digital_link_parse(cases[i].link, strlen(cases[i].link), &data, &reason)) {
        case DIGITAL_LINK_READ:
            CU_ASSERT_TRUE(gs1_format(&data, answer, sizeof answer));
            break;
        case DIGITAL_LINK_REFUSED:
            snprintf(answer, sizeof answer, "!%s", reason);
            break;
        case DIGITAL_LINK_NONE:
            break;
        }
        for (char *c = answer; *c != '\0'; c++)
            *c = *c == GS1_SEPARATOR ? '|' : *c;
        const char *expected = cases[i].answer != NULL ? cases[i].answer : "";
        if (!text_equal(answer, expected))
            printf("%s: %s\n", cases[i].link, answer);
        CU_ASSERT_STRING_EQUAL(answer, expected);
    }
}

static void every_primary_key_opens_a_link(void)
{
    size_t keys = 0;
    for (size_t i = 0; i < gs1_ai_table_count; i++)
        keys += gs1_ai_table[i].qualifiers != NULL;
    CU_ASSERT_EQUAL(keys, 16);
}

static void long_values_and_long_paths_are_refused(void)
{
    char link[600] = "https://example.com/01/09521234543213/21/";
    struct gs1_data data;
    const char *reason = "";
    memset(link + strlen(link), 'A', 100);
    CU_ASSERT_EQUAL(digital_link_parse(link, strlen(link), &data, &reason), DIGITAL_LINK_REFUSED);
    CU_ASSERT_STRING_EQUAL(reason, "value_too_long");
    memset(link, 0, sizeof link);
    strcpy(link, "https://example.com");
    for (int i = 0; i < 40; i++)
        strcat(link, "/a");
    strcat(link, "/01/09521234543213");
    CU_ASSERT_EQUAL(digital_link_parse(link, strlen(link), &data, &reason), DIGITAL_LINK_NONE);
}

/* Links with bytes changed at random, in blocks of just their length. */
static void any_bytes_are_survived(void)
{
    static const char likely[] = "/?&=%#;0123456789ABCabc\xFF";
    uint64_t state = suite_seed();
    size_t results[3] = {0};
    for (int round = 0; round < 20000; round++) {
        const char *link = cases[suite_random(&state) % COUNT_OF(cases)].link;
        size_t length = strlen(link) - suite_random(&state) % 4;
        char *bytes = memory_new(length, 1);
        memcpy(bytes, link, length);
        for (size_t changes = suite_random(&state) % 4; changes > 0; changes--)
            bytes[suite_random(&state) % length] = likely[suite_random(&state) % sizeof likely];
        struct gs1_data data;
        const char *reason = NULL;
        results[digital_link_parse(bytes, length, &data, &reason)]++;
        free(bytes);
    }
    CU_ASSERT_TRUE(results[0] > 0 && results[1] > 0 && results[2] > 0);
}

SUITE("barcode/digital_link", {"links are read or refused", links_are_read_or_refused},
      {"every primary key opens a link", every_primary_key_opens_a_link},
      {"long values and long paths are refused", long_values_and_long_paths_are_refused},
      {"any bytes are survived", any_bytes_are_survived})
