/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the bits of both beeps in an output report, wherever the maker has put them. */
#include "protocol/hid/feedback.h"

#include <string.h>

static const uint32_t usages[FEEDBACK_COUNT] = {
    [FEEDBACK_GOOD] = USAGE(0x8C, 0x86), [FEEDBACK_ERROR] = USAGE(0x8C, 0x85)};

/* Where a bit is, in bits from the start of its report without the id. */
struct place {
    uint8_t id;
    uint32_t bit;
};

static bool is_bits(const struct descriptor_field *field)
{
    return field->type == REPORT_OUTPUT && field->size == 1 && (field->flags & FIELD_VARIABLE) != 0 &&
           (field->flags & FIELD_CONSTANT) == 0;
}

static bool find_bit(const struct descriptor *descriptor, uint32_t usage, struct place *ret_place)
{
    for (size_t i = 0; i < descriptor->field_count; i++) {
        const struct descriptor_field *field = &descriptor->fields[i];
        for (uint32_t k = 0; is_bits(field) && k < field->count; k++)
            if (descriptor_usage(descriptor, field, k) == usage) {
                *ret_place = (struct place){field->id, field->offset + k};
                return true;
            }
    }
    return false;
}

static size_t report_length(const struct descriptor *descriptor, uint8_t id)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < descriptor->field_count; i++) {
        const struct descriptor_field *field = &descriptor->fields[i];
        uint64_t end = field->offset + (uint64_t)field->size * field->count;
        if (field->type == REPORT_OUTPUT && field->id == id && end > bits)
            bits = end;
    }
    return (size_t)(bits + 7) / 8 + (descriptor->uses_ids ? 1 : 0);
}

bool feedback_report(const struct descriptor *descriptor, enum feedback feedback, uint8_t report[FEEDBACK_REPORT_MAX],
                     size_t *ret_length)
{
    struct place places[FEEDBACK_COUNT];
    for (size_t i = 0; i < FEEDBACK_COUNT; i++)
        if (!find_bit(descriptor, usages[i], &places[i]))
            return false;
    const struct place *place = &places[feedback];
    size_t id_bytes = descriptor->uses_ids ? 1 : 0, length = report_length(descriptor, place->id);
    if (places[FEEDBACK_GOOD].id != places[FEEDBACK_ERROR].id || length > FEEDBACK_REPORT_MAX)
        return false;
    memset(report, 0, length);
    if (id_bytes != 0)
        report[0] = place->id;
    report[id_bytes + place->bit / 8] = (uint8_t)(1U << place->bit % 8);
    *ret_length = length;
    return true;
}
