/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/hid/pos.h"

#include "tests/unit/hid/typist.h"

#define PART 56
#define REPORT_BYTES 64

/* Report 2: byte count, AIM, 56 bytes of data, two vendor bytes, continued: Honeywell's, without its other reports. */
static const uint8_t descriptor_a[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x05, 0x01, 0x95, 0x01,
    0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C, 0x95, 0x03, 0x19, 0xFB, 0x29, 0xFD, 0x81, 0x02, 0x95, 0x38, 0x09, 0xFE, 0x82,
    0x02, 0x01, 0x95, 0x02, 0x81, 0x03, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x95, 0x07, 0x81,
    0x03, 0xC0};
/* As above, but nothing says what the 63 bytes are. */
static const uint8_t opaque[] = {0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x85, 0x02, 0x75, 0x08,
                                 0x95, 0x3F, 0x09, 0x02, 0x81, 0x02, 0xC0};

static struct typist *pos_typist(void)
{
    struct decoder_options options = {.kind = DECODER_POS};
    return typist_new(&options, descriptor_a, sizeof descriptor_a);
}

/* A part of layout A; the data is "0123…" over and over from position on. */
static void send_part(struct typist *typist, size_t position, size_t count, bool continued)
{
    uint8_t report[REPORT_BYTES] = {0x02, (uint8_t)count, ']', 'Q', '1'};
    for (size_t i = 0; i < count; i++)
        report[5 + i] = (uint8_t)('0' + (position + i) % 10);
    report[63] = continued;
    typist_send(typist, report, sizeof report);
}

static void send_long(struct typist *typist, size_t total)
{
    for (size_t at = 0; at < total; at += PART)
        send_part(typist, at, total - at < PART ? total - at : PART, at + PART < total);
}

static void the_largest_scan_arrives_whole_and_one_more_byte_is_told(void)
{
    struct typist *typist = pos_typist();
    send_long(typist, SCAN_BYTES_MAX);
    send_long(typist, SCAN_BYTES_MAX + 1);
    send_part(typist, 0, 3, false);
    CU_ASSERT_EQUAL_FATAL(typist->received.count, 3);
    const struct scan *scans = typist->received.scans;
    CU_ASSERT_EQUAL(scans[0].length, SCAN_BYTES_MAX);
    CU_ASSERT_EQUAL(scans[0].total, SCAN_BYTES_MAX);
    CU_ASSERT_EQUAL(scans[0].bytes[SCAN_BYTES_MAX - 1], '0' + (SCAN_BYTES_MAX - 1) % 10);
    CU_ASSERT_EQUAL(scans[1].length, SCAN_BYTES_MAX);
    CU_ASSERT_EQUAL(scans[1].total, SCAN_BYTES_MAX + 1);
    CU_ASSERT_STRING_EQUAL((const char *)scans[2].bytes, "012");
    typist_free(typist);
}

static void silence_closes_an_open_scan(void)
{
    struct typist *typist = pos_typist();
    CU_ASSERT_EQUAL(decoder_deadline(typist->decoder), INT64_MAX);
    send_part(typist, 0, PART, true);
    int64_t deadline = decoder_deadline(typist->decoder);
    CU_ASSERT_EQUAL(deadline, 1000 + POS_SILENCE_MS);
    decoder_tick(typist->decoder, deadline - 1, on_scan, &typist->received);
    CU_ASSERT_EQUAL(typist->received.count, 0);
    decoder_tick(typist->decoder, deadline, on_scan, &typist->received);
    CU_ASSERT_EQUAL(typist->received.count, 1);
    CU_ASSERT_EQUAL(decoder_deadline(typist->decoder), INT64_MAX);
    typist_free(typist);
}

/* The loop was held up for longer than the silence: the parts are all there, so it is one scan. */
static void a_late_reader_does_not_split_a_scan(void)
{
    struct typist *typist = pos_typist();
    send_part(typist, 0, PART, true);
    typist->tick += 5000;
    send_part(typist, PART, 4, false);
    CU_ASSERT_EQUAL(typist->received.count, 1);
    CU_ASSERT_EQUAL(typist->received.scans[0].length, PART + 4);
    typist_free(typist);
}

static void opaque_descriptors_need_a_known_maker(void)
{
    static const struct {
        uint16_t vendor;
        const char *text, *aim;
    } rows[] = {{0x0C2E, "123", "]E0"}, {0x0536, "123", "]E0"}, {0x1EAB, "]E0123", ""}, {0x0ACD, "]E0123", ""}};
    uint8_t report[REPORT_BYTES] = {0x02, 3, ']', 'E', '0', '1', '2', '3'};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decoder_options options = {.kind = DECODER_POS, .vendor = rows[i].vendor};
        struct typist *typist = typist_new(&options, opaque, sizeof opaque);
        report[1] = (uint8_t)strlen(rows[i].text);
        typist_send(typist, report, sizeof report);
        CU_ASSERT_EQUAL_FATAL(typist->received.count, 1);
        CU_ASSERT_STRING_EQUAL((const char *)typist->received.scans[0].bytes, rows[i].text);
        CU_ASSERT_STRING_EQUAL(typist->received.scans[0].aim, rows[i].aim);
        typist_free(typist);
    }
    struct decoder_options options = {.kind = DECODER_POS, .vendor = 0x1234};
    struct error err = {0};
    CU_ASSERT_PTR_NULL(decoder_new(&options, opaque, sizeof opaque, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
}

static void devices_without_report_ids_work(void)
{
    /* eight bytes of data and nothing else: layout C */
    static const uint8_t bare[] = {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x75, 0x08,
                                   0x95, 0x08, 0x09, 0xFE, 0x82, 0x02, 0x01, 0xC0};
    struct decoder_options options = {.kind = DECODER_POS};
    struct typist *typist = typist_new(&options, bare, sizeof bare);
    typist_send(typist, (const uint8_t *)"123\0\0\0\0", 8);
    typist_send(typist, (const uint8_t *)"45", 2);
    CU_ASSERT_EQUAL_FATAL(typist->received.count, 2);
    CU_ASSERT_STRING_EQUAL((const char *)typist->received.scans[0].bytes, "123");
    CU_ASSERT_STRING_EQUAL((const char *)typist->received.scans[1].bytes, "45");
    CU_ASSERT_EQUAL(decoder_dropped(typist->decoder), 0); /* padding is no data */
    typist_free(typist);
}

static void hostile_reports_change_nothing(void)
{
    struct typist *typist = pos_typist();
    uint64_t state = suite_seed();
    for (int i = 0; i < 10000; i++) {
        uint8_t *report = malloc(REPORT_BYTES); /* exact size, so that ASan sees one byte too far */
        size_t length = suite_random(&state) % (REPORT_BYTES + 1);
        for (size_t k = 0; k < length; k++)
            report[k] = (uint8_t)suite_random(&state);
        if (length > 0 && i % 4 != 0)
            report[0] = 0x02;
        uint8_t *exact = length > 0 ? realloc(report, length) : report;
        typist_send(typist, exact, length);
        free(exact);
    }
    CU_ASSERT_TRUE(typist->received.count > 1000);
    typist_wait(typist, 1000);
    typist->received.count = 0;
    send_part(typist, 0, 13, false);
    CU_ASSERT_EQUAL(typist->received.count, 1);
    CU_ASSERT_STRING_EQUAL((const char *)typist->received.scans[0].bytes, "0123456789012");
    CU_ASSERT_STRING_EQUAL(typist->received.scans[0].aim, "]Q1");
    typist_free(typist);
}

SUITE("hid/pos", {"the largest scan arrives whole", the_largest_scan_arrives_whole_and_one_more_byte_is_told},
      {"silence closes an open scan", silence_closes_an_open_scan},
      {"a late reader does not split a scan", a_late_reader_does_not_split_a_scan},
      {"opaque descriptors need a known maker", opaque_descriptors_need_a_known_maker},
      {"devices without report ids work", devices_without_report_ids_work},
      {"hostile reports change nothing", hostile_reports_change_nothing})
