/* SPDX-License-Identifier: Apache-2.0 */
/* Scanners and keyboards by their report descriptors, and what they send. */
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <string.h>

/* HID POS with report id 2: length, AIM, 56 bytes of data, 2 bytes, "continued". */
static const uint8_t pos[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x09, 0x12, 0xA1, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75,
    0x08, 0x05, 0x01, 0x95, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C, 0x95, 0x03, 0x19, 0xFB, 0x29, 0xFD, 0x81,
    0x02, 0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, 0x06, 0x66, 0xFF, 0x95, 0x02, 0x09, 0x04, 0x09, 0x05, 0x81,
    0x02, 0x05, 0x8C, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x95, 0x07, 0x81, 0x03, 0xC0,
    0xC0};
/* A boot keyboard with lights. HID 1.11, appendix B.1. */
static const uint8_t keyboard[] = {
    0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01,
    0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x03, 0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01,
    0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x03, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65,
    0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xC0};
/* The maker's own page FF8C. */
static const uint8_t own[] = {0x06, 0x8C, 0xFF, 0x09, 0x02, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00,
                              0x75, 0x08, 0x95, 0x40, 0x09, 0x01, 0x81, 0x02, 0xC0};

#define POS {.descriptor = pos, .descriptor_length = sizeof pos}
#define KEYBOARD {.descriptor = keyboard, .descriptor_length = sizeof keyboard, .subclass = 1, .protocol = 1}
#define OWN {.descriptor = own, .descriptor_length = sizeof own}
#define UNREAD_POS {.descriptor = pos, .descriptor_length = sizeof pos, .is_unread = true}
#define UNREAD_KEYBOARD {.descriptor = keyboard, .descriptor_length = sizeof keyboard, .is_unread = true}

const struct mock_model model_pos = {0x0c2e, 0x0b81, 1, {POS}};
const struct mock_model model_unlisted_pos = {0x1234, 0x0001, 1, {POS}};
const struct mock_model model_keyboard = {0x0c2e, 0x0200, 1, {KEYBOARD}};
const struct mock_model model_unlisted_keyboard = {0x046d, 0xc31c, 1, {KEYBOARD}};
const struct mock_model model_composite = {0x0c2e, 0x0901, 2, {KEYBOARD, POS}};
const struct mock_model model_honeywell = {0x0c2e, 0x0901, 2, {OWN, POS}};
const struct mock_model model_unread = {0x0c2e, 0x0901, 2, {UNREAD_KEYBOARD, UNREAD_POS}};
const struct mock_model model_other_mode = {0x0c2e, 0x0007, 1, {POS}};

static void send_pos(struct mock_device *device, size_t interface, const char *text, bool is_continued)
{
    uint8_t report[64] = {0x02, (uint8_t)strlen(text), ']', 'E', '0'};
    memcpy(report + 5, text, strlen(text));
    report[63] = is_continued;
    mock_send(device, interface, report, sizeof report);
}

void bench_scan_pos(struct mock_device *device, size_t interface, const char *text)
{
    send_pos(device, interface, text, false);
}

void bench_half_scan_pos(struct mock_device *device, size_t interface)
{
    send_pos(device, interface, "half", true);
}

static uint8_t key_of(char c)
{
    return (uint8_t)(c == '\n' ? 0x28 : c == '0' ? 0x27 : c < 'a' ? 0x1E + (c - '1') : 0x04 + (c - 'a'));
}

void bench_type(struct mock_device *device, size_t interface, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        uint8_t down[8] = {0, 0, key_of(*c)}, up[8] = {0};
        mock_send(device, interface, down, sizeof down);
        mock_send(device, interface, up, sizeof up);
    }
}
