/* SPDX-License-Identifier: Apache-2.0 */
/* Beeps go to the bits that the descriptor names, and to no device that does not name them. */
#include "protocol/hid/feedback.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <string.h>

static struct descriptor descriptor;

/* A scanner whose output report has the given main items, in a collection of page 8Ch. */
static bool report_of(const char *items, size_t length, enum feedback feedback, uint8_t report[FEEDBACK_REPORT_MAX],
                      size_t *ret_length)
{
    static const uint8_t head[] = {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x15, 0x00, 0x25, 0x01};
    uint8_t bytes[200];
    struct error err = {0};
    memcpy(bytes, head, sizeof head);
    memcpy(bytes + sizeof head, items, length);
    bytes[sizeof head + length] = 0xC0;
    CU_ASSERT_TRUE_FATAL(descriptor_parse(&descriptor, bytes, sizeof head + length + 1, &err));
    return feedback_report(&descriptor, feedback, report, ret_length);
}

#define REPORT_OF(items, feedback, report, length) report_of((items), sizeof(items) - 1, (feedback), (report), (length))

/* Report 4: one bit of nothing, trigger bits, two of nothing, error beep, good beep, one of nothing. */
#define HONEYWELL                                                                                                      \
    "\x85\x04\x75\x01\x95\x01\x91\x03\x95\x02\x09\x5F\x09\x60\x91\x82\x95\x02\x91\x03\x95\x02"                         \
    "\x09\x85\x09\x86\x91\x86\x95\x01\x91\x03"

static void the_bits_of_the_descriptor_are_set(void)
{
    uint8_t report[FEEDBACK_REPORT_MAX];
    size_t length = 0;
    CU_ASSERT_TRUE_FATAL(REPORT_OF(HONEYWELL, FEEDBACK_GOOD, report, &length));
    CU_ASSERT_EQUAL(length, 2);
    CU_ASSERT_EQUAL(memcmp(report, "\x04\x40", 2), 0);
    CU_ASSERT_TRUE_FATAL(REPORT_OF(HONEYWELL, FEEDBACK_ERROR, report, &length));
    CU_ASSERT_EQUAL(memcmp(report, "\x04\x20", 2), 0);
}

/* Elsewhere than Honeywell has them: good first, in the second byte, without report ids. */
static void other_places_are_found(void)
{
    uint8_t report[FEEDBACK_REPORT_MAX];
    size_t length = 0;
    static const char items[] =
        "\x75\x08\x95\x01\x09\x01\x91\x02\x75\x01\x95\x02\x09\x86\x09\x85\x91\x02\x95\x06\x91\x03";
    CU_ASSERT_TRUE_FATAL(REPORT_OF(items, FEEDBACK_GOOD, report, &length));
    CU_ASSERT_EQUAL(length, 2);
    CU_ASSERT_EQUAL(memcmp(report, "\x00\x01", 2), 0);
    CU_ASSERT_TRUE_FATAL(REPORT_OF(items, FEEDBACK_ERROR, report, &length));
    CU_ASSERT_EQUAL(memcmp(report, "\x00\x02", 2), 0);
}

static void a_device_without_both_beeps_is_sent_nothing(void)
{
    static const struct {
        const char *items;
        size_t length;
    } others[] = {
#define ITEMS(text) {text, sizeof(text) - 1}
        ITEMS(""),
        ITEMS("\x85\x04\x75\x08\x95\x3F\x09\x22\x91\x02"),                         /* a maker's own command channel */
        ITEMS("\x75\x01\x95\x01\x09\x86\x91\x02"),                                 /* only one of them */
        ITEMS("\x75\x01\x95\x02\x09\x85\x09\x86\x81\x02"),                         /* as input */
        ITEMS("\x75\x01\x95\x02\x09\x85\x09\x86\x91\x03"),                         /* as constants */
        ITEMS("\x75\x08\x95\x02\x09\x85\x09\x86\x91\x02"),                         /* as bytes */
        ITEMS("\x85\x04\x75\x01\x95\x01\x09\x85\x91\x02\x85\x05\x09\x86\x91\x02"), /* in two reports */
        ITEMS("\x75\x01\x95\x02\x09\x85\x09\x86\x91\x02\x96\x01\x02\x91\x03"),     /* in a report of 65 bytes */
#undef ITEMS
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        uint8_t report[FEEDBACK_REPORT_MAX] = {0xAA};
        size_t length = 99;
        CU_ASSERT_FALSE(report_of(others[i].items, others[i].length, FEEDBACK_GOOD, report, &length));
        CU_ASSERT_FALSE(report_of(others[i].items, others[i].length, FEEDBACK_ERROR, report, &length));
        CU_ASSERT_EQUAL(length, 99);
    }
}

SUITE("hid/feedback", {"the bits of the descriptor are set", the_bits_of_the_descriptor_are_set},
      {"other places are found", other_places_are_found},
      {"a device without both beeps is sent nothing", a_device_without_both_beeps_is_sent_nothing})
