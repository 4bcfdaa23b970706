/* SPDX-License-Identifier: Apache-2.0 */
/* The HID POS decoder: one layout per report id, from the descriptor, or from a maker's table where it is opaque. */
#include "protocol/hid/pos.h"

#include "base/memory.h"

#include <string.h>

#define BYTE_AT(at) {.size = 8, .count = 1, .offset = 8 * (at)}
#define BYTES_AT(at, n) {.size = 8, .count = (n), .offset = 8 * (at)}
#define BIT_AT(at) {.size = 1, .count = 1, .offset = 8 * (at)}

/* 64-byte reports whose descriptor names no usages: Honeywell and kin put the AIM identifier in front of the data. */
static const struct pos_layout layout_a = {.id = 2, .length = BYTE_AT(0), .aim = {BYTE_AT(1), BYTE_AT(2), BYTE_AT(3)},
                                           .data = BYTES_AT(4, 56), .continued = BIT_AT(62)};
static const struct pos_layout layout_b = {.id = 2, .length = BYTE_AT(0), .data = BYTES_AT(1, 56),
                                           .continued = BIT_AT(62)};

static const struct {
    uint16_t vendor;
    const struct pos_layout *layout;
} quirks[] = {
    {0x0536, &layout_a}, /* Hand Held Products */
    {0x0C2E, &layout_a}, /* Honeywell, Metrologic */
    {0x0ACD, &layout_b}, /* ID TECH */
    {0x1EAB, &layout_b}, /* Newland */
};

static void find_field(const struct descriptor *descriptor, uint8_t id, uint32_t usage,
                       struct descriptor_field *ret_field)
{
    uint32_t index = 0;
    const struct descriptor_field *field = descriptor_find(descriptor, id, usage, &index);
    if (field == NULL)
        return;
    *ret_field = *field;
    ret_field->offset += index * field->size;
    ret_field->count -= index;
}

static bool is_scan_data(const struct descriptor *descriptor, const struct descriptor_field *field)
{
    return field->type == REPORT_INPUT && (field->flags & FIELD_CONSTANT) == 0 && field->offset % 8 == 0 &&
           field->size * field->count >= 8 && descriptor_usage(descriptor, field, 0) == USAGE_SCAN_DATA;
}

static void add_layout(struct pos *pos, const struct descriptor *descriptor, const struct descriptor_field *data)
{
    struct pos_layout layout = {.id = data->id, .data = *data};
    for (uint32_t i = 0; i < COUNT_OF(layout.aim); i++)
        find_field(descriptor, data->id, USAGE_AIM_FIRST + i, &layout.aim[i]);
    find_field(descriptor, data->id, USAGE_BYTE_COUNT, &layout.length);
    find_field(descriptor, data->id, USAGE_SCAN_CONTINUED, &layout.continued);
    pos->layouts[pos->layout_count++] = layout;
}

static const struct pos_layout *layout_of(const struct pos *pos, uint8_t id)
{
    for (size_t i = 0; i < pos->layout_count; i++)
        if (pos->layouts[i].id == id)
            return &pos->layouts[i];
    return NULL;
}

bool pos_init(struct pos *pos, const struct descriptor *descriptor, uint16_t vendor, struct error *err)
{
    *pos = (struct pos){.uses_ids = descriptor->uses_ids};
    for (size_t i = 0; i < descriptor->field_count && pos->layout_count < POS_LAYOUTS_MAX; i++) {
        const struct descriptor_field *field = &descriptor->fields[i];
        if (is_scan_data(descriptor, field) && layout_of(pos, field->id) == NULL)
            add_layout(pos, descriptor, field);
    }
    for (size_t i = 0; i < COUNT_OF(quirks) && pos->layout_count == 0; i++)
        if (quirks[i].vendor == vendor) {
            pos->layouts[pos->layout_count++] = *quirks[i].layout;
            pos->uses_ids = true;
        }
    return pos->layout_count != 0 || error_set(err, ERROR_INVALID, "the report descriptor names no scan data");
}

static uint32_t value_or_zero(const struct descriptor_field *field, const uint8_t *data, size_t length)
{
    uint32_t value = 0;
    (void)descriptor_value(field, 0, data, length, &value);
    return value;
}

/* "" where the scanner sends NULs or anything else that is no AIM identifier. */
static void read_aim(const struct pos_layout *layout, const uint8_t *data, size_t length, char *ret_aim)
{
    char aim[4] = "";
    for (size_t i = 0; i < COUNT_OF(layout->aim); i++) {
        uint32_t value = value_or_zero(&layout->aim[i], data, length);
        if (value <= 0x20 || value >= 0x7F)
            return;
        aim[i] = (char)value;
    }
    if (aim[0] == ']')
        memcpy(ret_aim, aim, sizeof aim);
}

static size_t data_length(const struct pos_layout *layout, const uint8_t *data, size_t length, size_t start)
{
    size_t room = layout->data.size * layout->data.count / 8;
    size_t there = start < length ? length - start : 0;
    size_t count = there < room ? there : room;
    if (layout->length.size != 0) {
        uint32_t told = value_or_zero(&layout->length, data, length);
        return told < count ? told : count;
    }
    while (count != 0 && data[start + count - 1] == 0)
        count--;
    return count;
}

static void take_part(const struct pos_layout *layout, struct gather *gather, const uint8_t *data, size_t length)
{
    char aim[4] = "";
    read_aim(layout, data, length, aim);
    /* Another symbology while a scan is open: the end of the first was lost, so what follows is no part of it. */
    if (gather->scan.total != 0 && aim[0] != '\0' && strcmp(aim, gather->scan.aim) != 0)
        gather_finish(gather);
    if (aim[0] != '\0')
        memcpy(gather->scan.aim, aim, sizeof aim);
    size_t start = layout->data.offset / 8;
    size_t count = data_length(layout, data, length, start);
    for (size_t i = 0; i < count; i++)
        gather_byte(gather, data[start + i]);
}

void pos_report(const struct pos *pos, struct gather *gather, const uint8_t *report, size_t length, int64_t tick,
                int silence_ms)
{
    size_t id_bytes = pos->uses_ids ? 1 : 0;
    const struct pos_layout *layout = length > id_bytes ? layout_of(pos, pos->uses_ids ? report[0] : 0) : NULL;
    if (layout == NULL)
        return;
    take_part(layout, gather, report + id_bytes, length - id_bytes);
    if (value_or_zero(&layout->continued, report + id_bytes, length - id_bytes) != 0)
        gather->deadline = tick + silence_ms;
    else
        gather_finish(gather);
}
