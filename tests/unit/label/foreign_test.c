/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "protocol/label/foreign.h"
#include "tests/support/suite.h"

#include <string.h>

static void a_carriers_label_is_taken_as_it_is(void)
{
    static const char *const good[] = {
        "^XA^FO10,10^A0N,30,30^FDx^FS^XZ",
        "^XA^PON\n^LT0^LS0^FWN^LH10,10^FO10,10^A0N,30,30^FDx^FS^XZ",
        "\r\n^xa\n^PW812^LL1218^CI28\n^FO30,120^BY3^BCN,160,Y^FD>;0034^FS^FO1,1^B7N,4,5,,,N^FD^FS\n^PQ1\n^XZ\n",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct error reason = {0};
        CU_ASSERT_TRUE(zpl_check_foreign(good[i], &reason));
        CU_ASSERT_STRING_EQUAL(reason.message, "");
    }
}

static void what_would_change_the_printer_or_print_more_is_refused(void)
{
    static const struct {
        const char *zpl, *why;
    } bad[] = {
        {"", "one label"},
        {"no label", "one label"},
        {"^XA^FDx^FS", "one label"},
        {"^FDx^FS^XZ", "one label"},
        {"^XA^XZ^XA^XZ", "one label"},
        {"^XA^XA^XZ", "one label"},
        {"^XA^XZ^FDx^FS", "one label"},
        {"! U1 setvar \"x\" \"y\"\r\n^XA^XZ", "one label"}, /* what is around it is for the printer, too */
        {"^XA^XZ! U1 do \"device.reset\" \"\"", "one label"},
        {"^XA^PQ3^XZ", "^PQ"},
        {"^XA^PQ1,0,1,Y^XZ", "^PQ"},
        {"^XA~JA^XZ", "~JA"},
        {"^XA^JUS^XZ", "^JU"},
        {"^XA^DFR:X.ZPL^XZ", "^DF"},
        {"^XA^CC!^XZ", "^CC"},
        {"^XA~BX^XZ", "~BX"},
        {"^XA^B^DFR:X^XZ", "^B^"}, /* a command cut short hides none */
        {"^XA^POI^XZ", "^PO"}, /* our own labels would stand on their heads */
        {"^XA^LT120^XZ", "^LT"},
        {"^XA^LT^XZ", "^LT"},
        {"^XA^LS01^XZ", "^LS"},
        {"^XA^FWR^XZ", "^FW"},
        {"^XA^MD10^XZ", "^MD"},
        {"^XA^PR4^XZ", "^PR"},
        {"^XA^FD\x10^FS^XZ", "control"},
        {"^XA^FD\x7F^FS^XZ", "control"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error reason = {0};
        CU_ASSERT_FALSE(zpl_check_foreign(bad[i].zpl, &reason));
        if (strstr(reason.message, bad[i].why) == NULL)
            printf("\n    %s: %s", bad[i].zpl, reason.message);
        CU_ASSERT_PTR_NOT_NULL(strstr(reason.message, bad[i].why));
    }
}

static void one_copy_is_forced_and_nothing_else_changes(void)
{
    static const char *const cases[][2] = {
        {"^XA^FDx^FS^XZ", "^XA^FDx^FS^PQ1^XZ"},
        {"^XA\n^FDx^FS\n^xz\n", "^XA\n^FDx^FS\n^PQ1^xz\n"},
        {"^XA^PQ1^FDx^FS^XZ", "^XA^PQ1^FDx^FS^XZ"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer zpl = BUFFER_EMPTY;
        buffer_append_text(&zpl, cases[i][0]);
        zpl_force_one_copy(&zpl);
        CU_ASSERT_STRING_EQUAL(buffer_text(&zpl), cases[i][1]);
        CU_ASSERT_EQUAL(zpl.length, strlen(cases[i][1]));
        buffer_done(&zpl);
    }
}

SUITE("label/foreign", {"a carrier's label is taken as it is", a_carriers_label_is_taken_as_it_is},
      {"what would change the printer is refused", what_would_change_the_printer_or_print_more_is_refused},
      {"one copy is forced and nothing else changes", one_copy_is_forced_and_nothing_else_changes})
