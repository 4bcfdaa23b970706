/* SPDX-License-Identifier: Apache-2.0 */
/* HID report descriptors, read with firm bounds: which bits of a report carry which usage. Source: HID 1.11, §6.2.2. */
#ifndef PROTOCOL_HID_DESCRIPTOR_H
#define PROTOCOL_HID_DESCRIPTOR_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define DESCRIPTOR_BYTES_MAX 4096
#define DESCRIPTOR_FIELDS_MAX 64
#define DESCRIPTOR_USAGES_MAX 256 /* usage ranges of all fields together */
#define DESCRIPTOR_DEPTH_MAX 8    /* of pushes, and of nested collections four times that */
#define DESCRIPTOR_BITS_MAX 65536 /* of one field, and of one report */

/* A usage with its page: 008C0002h is usage 02h of page 8Ch. */
#define USAGE(page, id) (((uint32_t)(page) << 16) | (uint32_t)(id))

enum usage_name {
    USAGE_KEYBOARD = 0x00010006,
    USAGE_BYTE_COUNT = 0x0001003B,
    USAGE_SCANNER_DEVICE = 0x008C0001,
    USAGE_SCANNER = 0x008C0002,
    USAGE_AIM_FIRST = 0x008C00FB, /* "]", letter, modifier: three usages in a row */
    USAGE_SCAN_DATA = 0x008C00FE,
    USAGE_SCAN_CONTINUED = 0x008C00FF,
};

enum report_type { REPORT_INPUT, REPORT_OUTPUT, REPORT_FEATURE, REPORT_TYPE_COUNT };

enum field_flag {
    FIELD_CONSTANT = 1 << 0,
    FIELD_VARIABLE = 1 << 1, /* else an array: each element holds an index into the usages */
    FIELD_BUFFERED = 1 << 8,
};

struct usage_range {
    uint32_t first, last;
};

struct descriptor_field {
    enum report_type type;
    uint8_t id;           /* report id, 0 = the device uses none */
    uint16_t flags;       /* enum field_flag and the other bits of the main item */
    uint16_t usage_first; /* its usages: descriptor.usages[usage_first] and the following usage_count */
    uint16_t usage_count;
    uint32_t offset;      /* bits from the start of the report, its id byte not counted */
    uint32_t size, count; /* bits of an element, elements */
    int32_t logical_minimum, logical_maximum;
};

struct descriptor {
    uint32_t top_usage; /* of the collection that matters: POS before keyboard before whatever comes first */
    bool uses_ids;
    size_t field_count;
    size_t usage_total;
    uint32_t bits[REPORT_TYPE_COUNT]; /* all reports of a type together, ids not counted */
    size_t longest_input;             /* bytes, the id byte counted */
    struct descriptor_field fields[DESCRIPTOR_FIELDS_MAX];
    struct usage_range usages[DESCRIPTOR_USAGES_MAX];
};

/* Fails with ERROR_INVALID where the format is broken and with ERROR_TOO_BIG beyond the limits above. */
bool descriptor_parse(struct descriptor *ret_descriptor, const uint8_t *bytes, size_t length,
                      struct error *err) MUST_CHECK;
/* The usage of the element at index (variable field) or of the array value logical_minimum + index; 0 = none. */
uint32_t descriptor_usage(const struct descriptor *descriptor, const struct descriptor_field *field, uint32_t index);
/* The input field of report id that names usage, or NULL; *ret_index is the element that has it. Constant fields do not
   count. */
const struct descriptor_field *descriptor_find(const struct descriptor *descriptor, uint8_t id, uint32_t usage,
                                               uint32_t *ret_index);
/* Reads one element of at most 32 bits from a report without its id byte; false where the report is too short. */
bool descriptor_value(const struct descriptor_field *field, uint32_t index, const uint8_t *data, size_t length,
                      uint32_t *ret_value);

#endif
