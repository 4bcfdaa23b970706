/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/printer/device_id.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static bool parse(const char *text, size_t told, struct device_id *ret_id)
{
    uint8_t bytes[1024];
    size_t length = strlen(text);
    bytes[0] = (uint8_t)(told >> 8);
    bytes[1] = (uint8_t)told;
    memcpy(bytes + 2, text, length);
    return device_id_parse(bytes, length + 2, ret_id);
}

static void what_real_printers_say_is_understood(void)
{
    static const struct {
        const char *text, *maker, *model, *serial;
        bool has_commands, speaks_zpl;
    } rows[] = {
        {"MANUFACTURER:Zebra Technologies ;COMMAND SET:ZPL;MODEL:ZTC ZD220-203dpi ZPL;", "Zebra Technologies",
         "ZTC ZD220-203dpi ZPL", "", true, true},
        {"MFG:Zebra Technologies;CMD:EPL,ZPL;MDL:ZP 505;", "Zebra Technologies", "ZP 505", "", true, true},
        {"CMD:ZPL;MODEL:RP425(ZPL 203DPI)", "", "RP425(ZPL 203DPI)", "", true, true},
        {" mfg : SATO ; cmd: SBPL , ZPL II ; mdl: CL4NX: 305dpi ; SERN: 0001 ", "SATO", "CL4NX: 305dpi", "0001", true,
         true},
        {"MFG:HP;CMD:PCL,PJL;MDL:LaserJet;", "HP", "LaserJet", "", true, false},
        {"MFG:HP;CMD:ZPLX,XZPL;MDL:ZPL;", "HP", "ZPL", "", true, false},
        {"MDL:no commands", "", "no commands", "", false, false},
        {"nothing;but:;;:;noise:x", "", "", "", false, false},
        {"MDL:a\tb\x7F" "c", "", "a b c", "", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct device_id id;
        CU_ASSERT_TRUE_FATAL(parse(rows[i].text, strlen(rows[i].text) + 2, &id));
        CU_ASSERT_STRING_EQUAL(id.maker, rows[i].maker);
        CU_ASSERT_STRING_EQUAL(id.model, rows[i].model);
        CU_ASSERT_STRING_EQUAL(id.serial, rows[i].serial);
        CU_ASSERT_EQUAL(id.has_commands, rows[i].has_commands);
        CU_ASSERT_EQUAL(id.speaks_zpl, rows[i].speaks_zpl);
    }
}

static void a_wrong_length_is_not_believed(void)
{
    static const char text[] = "MDL:one;CMD:ZPL;";
    static const size_t wrong[] = {0, 1, 2, 0x1200, 0xFFFF};
    struct device_id id;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_TRUE(parse(text, wrong[i], &id));
        CU_ASSERT_STRING_EQUAL(id.model, "one");
        CU_ASSERT_TRUE(id.speaks_zpl);
    }
    CU_ASSERT_TRUE(parse(text, 9, &id)); /* a shorter one is: what is behind it is the buffer's */
    CU_ASSERT_STRING_EQUAL(id.model, "one");
    CU_ASSERT_FALSE(id.has_commands);
}

static void no_text_is_no_id(void)
{
    struct device_id id = {.model = "untouched"};
    CU_ASSERT_FALSE(device_id_parse((const uint8_t *)"", 0, &id));
    CU_ASSERT_FALSE(device_id_parse((const uint8_t *)"\0\2", 2, &id));
    CU_ASSERT_FALSE(parse("  \r\n", 6, &id));
    CU_ASSERT_STRING_EQUAL(id.model, "untouched");
}

static void any_bytes_are_survived(void)
{
    uint64_t state = suite_seed();
    for (int round = 0; round < 20000; round++) {
        static const char usual[] = "MFG:;CMD,ZPL MODEL:SN\r";
        uint8_t bytes[300];
        size_t length = suite_random(&state) % sizeof bytes;
        for (size_t i = 0; i < length; i++)
            bytes[i] = i < 2 || suite_random(&state) % 8 == 0
                           ? (uint8_t)suite_random(&state)
                           : (uint8_t)usual[suite_random(&state) % (sizeof usual - 1)];
        struct device_id id = {0};
        if (!device_id_parse(bytes, length, &id))
            continue;
        for (const char *p = id.model; *p != '\0'; p++)
            CU_ASSERT_TRUE((unsigned char)*p >= ' ' && *p != 0x7F);
        CU_ASSERT_TRUE(strlen(id.model) < sizeof id.model);
    }
}

SUITE("printer/device_id", {"what real printers say is understood", what_real_printers_say_is_understood},
      {"a wrong length is not believed", a_wrong_length_is_not_believed}, {"no text is no id", no_text_is_no_id},
      {"any bytes are survived", any_bytes_are_survived})
