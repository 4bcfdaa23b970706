/* SPDX-License-Identifier: Apache-2.0 */
/* The report descriptor parser: a table of items, the three kinds of state they set, and the limits that hold. */
#include "protocol/hid/descriptor.h"

#include "base/memory.h"

#include <string.h>

#define LONG_ITEM 0xFE
#define COLLECTION_DEPTH_MAX (4 * DESCRIPTOR_DEPTH_MAX)
#define COLLECTION_APPLICATION 1
#define REPORTS_MAX DESCRIPTOR_FIELDS_MAX

struct globals {
    uint16_t page;
    uint8_t id;
    uint32_t size, count;
    uint32_t minimum_raw, maximum_raw; /* unsigned readings: some makers write 25 FF for 255 */
    int32_t minimum, maximum;
};

struct report {
    enum report_type type;
    uint8_t id;
    uint32_t bits;
};

struct parser {
    struct descriptor *out;
    struct globals globals;
    struct globals pushed[DESCRIPTOR_DEPTH_MAX];
    size_t push_depth, collection_depth;
    size_t local_first; /* usages seen since the last main item start here */
    uint32_t range_minimum;
    bool has_minimum, in_delimiter, delimiter_taken;
    int top_rank;
    struct report reports[REPORTS_MAX];
    size_t report_count;
};

struct item {
    uint32_t value;
    int32_t value_signed;
    size_t size;
};

typedef bool item_fn(struct parser *parser, const struct item *item, struct error *err);

static uint32_t full_usage(const struct parser *parser, const struct item *item)
{
    return item->size == 4 ? item->value : USAGE(parser->globals.page, item->value);
}

static bool add_usages(struct parser *parser, uint32_t first, uint32_t last, struct error *err)
{
    struct descriptor *out = parser->out;
    if (parser->in_delimiter && parser->delimiter_taken)
        return true; /* alternatives of one control: the first is the preferred one */
    parser->delimiter_taken = true;
    if (last < first)
        return error_set(err, ERROR_INVALID, "usage maximum %08Xh below the minimum %08Xh", last, first);
    if (out->usage_total == DESCRIPTOR_USAGES_MAX)
        return error_set(err, ERROR_TOO_BIG, "more than %d usages", DESCRIPTOR_USAGES_MAX);
    out->usages[out->usage_total++] = (struct usage_range){first, last};
    return true;
}

static bool on_usage(struct parser *parser, const struct item *item, struct error *err)
{
    uint32_t usage = full_usage(parser, item);
    return add_usages(parser, usage, usage, err);
}

static bool on_usage_minimum(struct parser *parser, const struct item *item, struct error *err)
{
    (void)err;
    parser->range_minimum = full_usage(parser, item);
    parser->has_minimum = true;
    return true;
}

static bool on_usage_maximum(struct parser *parser, const struct item *item, struct error *err)
{
    if (!parser->has_minimum)
        return error_set(err, ERROR_INVALID, "usage maximum without a minimum");
    parser->has_minimum = false;
    return add_usages(parser, parser->range_minimum, full_usage(parser, item), err);
}

static bool on_delimiter(struct parser *parser, const struct item *item, struct error *err)
{
    if ((item->value != 0) == parser->in_delimiter)
        return error_set(err, ERROR_INVALID, "delimiters do not match");
    parser->in_delimiter = item->value != 0;
    parser->delimiter_taken = false;
    return true;
}

static bool on_page(struct parser *parser, const struct item *item, struct error *err)
{
    if (item->value > UINT16_MAX)
        return error_set(err, ERROR_INVALID, "usage page %08Xh", item->value);
    parser->globals.page = (uint16_t)item->value;
    return true;
}

static bool on_logical_minimum(struct parser *parser, const struct item *item, struct error *err)
{
    (void)err;
    parser->globals.minimum = item->value_signed;
    parser->globals.minimum_raw = item->value;
    return true;
}

static bool on_logical_maximum(struct parser *parser, const struct item *item, struct error *err)
{
    (void)err;
    parser->globals.maximum = item->value_signed;
    parser->globals.maximum_raw = item->value;
    return true;
}

static bool on_size(struct parser *parser, const struct item *item, struct error *err)
{
    if (item->value > DESCRIPTOR_BITS_MAX)
        return error_set(err, ERROR_TOO_BIG, "report size of %u bits", item->value);
    parser->globals.size = item->value;
    return true;
}

static bool on_count(struct parser *parser, const struct item *item, struct error *err)
{
    if (item->value > DESCRIPTOR_BITS_MAX)
        return error_set(err, ERROR_TOO_BIG, "report count of %u", item->value);
    parser->globals.count = item->value;
    return true;
}

static bool on_id(struct parser *parser, const struct item *item, struct error *err)
{
    if (item->value == 0 || item->value > UINT8_MAX)
        return error_set(err, ERROR_INVALID, "report id %u", item->value);
    parser->globals.id = (uint8_t)item->value;
    parser->out->uses_ids = true;
    return true;
}

static bool on_push(struct parser *parser, const struct item *item, struct error *err)
{
    (void)item;
    if (parser->push_depth == DESCRIPTOR_DEPTH_MAX)
        return error_set(err, ERROR_TOO_BIG, "more than %d pushes", DESCRIPTOR_DEPTH_MAX);
    parser->pushed[parser->push_depth++] = parser->globals;
    return true;
}

static bool on_pop(struct parser *parser, const struct item *item, struct error *err)
{
    (void)item;
    if (parser->push_depth == 0)
        return error_set(err, ERROR_INVALID, "pop without push");
    parser->globals = parser->pushed[--parser->push_depth];
    return true;
}

static bool on_ignored(struct parser *parser, const struct item *item, struct error *err)
{
    (void)parser, (void)item, (void)err;
    return true;
}

static void forget_locals(struct parser *parser)
{
    parser->has_minimum = parser->in_delimiter = parser->delimiter_taken = false;
    parser->local_first = parser->out->usage_total;
}

/* POS wins over keyboard on a composite report descriptor; anything else only names itself. */
static int usage_rank(uint32_t usage)
{
    static const uint32_t wanted[] = {USAGE_KEYBOARD, USAGE_SCANNER_DEVICE, USAGE_SCANNER};
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (wanted[i] == usage)
            return (int)i + 2;
    return 1;
}

static bool on_collection(struct parser *parser, const struct item *item, struct error *err)
{
    if (parser->collection_depth == COLLECTION_DEPTH_MAX)
        return error_set(err, ERROR_TOO_BIG, "more than %d nested collections", COLLECTION_DEPTH_MAX);
    struct descriptor *out = parser->out;
    if (parser->collection_depth++ == 0 && item->value == COLLECTION_APPLICATION &&
        out->usage_total > parser->local_first) {
        uint32_t usage = out->usages[parser->local_first].first;
        if (usage_rank(usage) > parser->top_rank) {
            out->top_usage = usage;
            parser->top_rank = usage_rank(usage);
        }
    }
    out->usage_total = parser->local_first; /* a collection's usage is no field's */
    forget_locals(parser);
    return true;
}

static bool on_end(struct parser *parser, const struct item *item, struct error *err)
{
    (void)item;
    if (parser->collection_depth == 0)
        return error_set(err, ERROR_INVALID, "end of a collection that never began");
    parser->collection_depth--;
    parser->out->usage_total = parser->local_first;
    forget_locals(parser);
    return true;
}

/* There are at most as many reports as fields, so this never runs out. */
static struct report *report_of(struct parser *parser, enum report_type type)
{
    for (size_t i = 0; i < parser->report_count; i++)
        if (parser->reports[i].type == type && parser->reports[i].id == parser->globals.id)
            return &parser->reports[i];
    struct report *report = &parser->reports[parser->report_count++];
    *report = (struct report){.type = type, .id = parser->globals.id};
    return report;
}

static void take_limits(const struct globals *globals, struct descriptor_field *field)
{
    field->logical_minimum = globals->minimum;
    field->logical_maximum = globals->maximum;
    if (globals->maximum < globals->minimum && globals->maximum_raw <= INT32_MAX && globals->minimum >= 0)
        field->logical_maximum = (int32_t)globals->maximum_raw;
}

static bool add_field(struct parser *parser, enum report_type type, const struct item *item, struct error *err)
{
    struct descriptor *out = parser->out;
    const struct globals *globals = &parser->globals;
    uint64_t bits = (uint64_t)globals->size * globals->count;
    if (out->field_count == DESCRIPTOR_FIELDS_MAX)
        return error_set(err, ERROR_TOO_BIG, "more than %d fields", DESCRIPTOR_FIELDS_MAX);
    struct report *report = report_of(parser, type);
    if (bits > DESCRIPTOR_BITS_MAX || report->bits + bits > DESCRIPTOR_BITS_MAX)
        return error_set(err, ERROR_TOO_BIG, "a report of more than %d bits", DESCRIPTOR_BITS_MAX);
    struct descriptor_field *field = &out->fields[out->field_count++];
    *field = (struct descriptor_field){
        .type = type, .id = globals->id, .flags = (uint16_t)item->value, .offset = report->bits,
        .size = globals->size, .count = globals->count, .usage_first = (uint16_t)parser->local_first,
        .usage_count = (uint16_t)(out->usage_total - parser->local_first)};
    take_limits(globals, field);
    report->bits += (uint32_t)bits;
    out->bits[type] += (uint32_t)bits;
    forget_locals(parser);
    return true;
}

static bool on_input(struct parser *parser, const struct item *item, struct error *err)
{
    return add_field(parser, REPORT_INPUT, item, err);
}

static bool on_output(struct parser *parser, const struct item *item, struct error *err)
{
    return add_field(parser, REPORT_OUTPUT, item, err);
}

static bool on_feature(struct parser *parser, const struct item *item, struct error *err)
{
    return add_field(parser, REPORT_FEATURE, item, err);
}

/* By the upper six bits of an item's first byte: tag and type. What is absent has no bearing on the layout. */
static item_fn *const item_table[64] = {
    [0x04 >> 2] = on_page,          [0x14 >> 2] = on_logical_minimum, [0x24 >> 2] = on_logical_maximum,
    [0x34 >> 2] = on_ignored,       [0x44 >> 2] = on_ignored,         [0x54 >> 2] = on_ignored,
    [0x64 >> 2] = on_ignored,       [0x74 >> 2] = on_size,            [0x84 >> 2] = on_id,
    [0x94 >> 2] = on_count,         [0xA4 >> 2] = on_push,            [0xB4 >> 2] = on_pop,
    [0x08 >> 2] = on_usage,         [0x18 >> 2] = on_usage_minimum,   [0x28 >> 2] = on_usage_maximum,
    [0xA8 >> 2] = on_delimiter,     [0x80 >> 2] = on_input,           [0x90 >> 2] = on_output,
    [0xB0 >> 2] = on_feature,       [0xA0 >> 2] = on_collection,      [0xC0 >> 2] = on_end,
};

static struct item read_item(const uint8_t *data, size_t size)
{
    struct item item = {.size = size};
    for (size_t i = 0; i < size; i++)
        item.value |= (uint32_t)data[i] << (8 * i);
    item.value_signed = size == 1 ? (int8_t)item.value : size == 2 ? (int16_t)item.value : (int32_t)item.value;
    return item;
}

static bool parse_items(struct parser *parser, const uint8_t *bytes, size_t length, struct error *err)
{
    static const uint8_t sizes[] = {0, 1, 2, 4};
    for (size_t at = 0; at < length;) {
        size_t start = at;
        uint8_t prefix = bytes[at++];
        bool is_long = prefix == LONG_ITEM;
        size_t size = is_long ? (at < length ? bytes[at] + (size_t)2 : 1) : sizes[prefix & 3];
        if (size > length - at)
            return error_set(err, ERROR_INVALID, "item at byte %zu is cut off", start);
        struct item item = is_long ? (struct item){0} : read_item(bytes + at, size);
        item_fn *handle = is_long || item_table[prefix >> 2] == NULL ? on_ignored : item_table[prefix >> 2];
        if (!handle(parser, &item, err))
            return error_prefix(err, "item at byte %zu", start);
        at += size;
    }
    return true; /* a collection left open at the end changes no bit of any report */
}

static size_t longest_input(const struct parser *parser)
{
    uint32_t longest = 0;
    for (size_t i = 0; i < parser->report_count; i++)
        if (parser->reports[i].type == REPORT_INPUT && parser->reports[i].bits > longest)
            longest = parser->reports[i].bits;
    return longest == 0 ? 0 : (longest + 7) / 8 + (parser->out->uses_ids ? 1U : 0U);
}

bool descriptor_parse(struct descriptor *ret_descriptor, const uint8_t *bytes, size_t length, struct error *err)
{
    if (length > DESCRIPTOR_BYTES_MAX)
        return error_set(err, ERROR_TOO_BIG, "report descriptor of %zu bytes", length);
    struct descriptor out = {0};
    struct parser parser = {.out = &out};
    if (!parse_items(&parser, bytes, length, err))
        return error_prefix(err, "report descriptor");
    out.longest_input = longest_input(&parser);
    *ret_descriptor = out;
    return true;
}

uint32_t descriptor_usage(const struct descriptor *descriptor, const struct descriptor_field *field, uint32_t index)
{
    const struct usage_range *ranges = &descriptor->usages[field->usage_first];
    for (size_t i = 0; i < field->usage_count; i++) {
        uint32_t more = ranges[i].last - ranges[i].first;
        if (index <= more)
            return ranges[i].first + index;
        index -= more + 1;
    }
    /* Fewer usages than elements: the last one holds for the rest (HID 1.11, §6.2.2.8). */
    bool repeats = field->usage_count != 0 && (field->flags & FIELD_VARIABLE) != 0;
    return repeats ? ranges[field->usage_count - 1].last : 0;
}

static bool find_in_field(const struct descriptor *descriptor, const struct descriptor_field *field, uint32_t usage,
                          uint32_t *ret_index)
{
    uint32_t index = 0;
    for (size_t i = 0; i < field->usage_count && index < field->count; i++) {
        const struct usage_range *range = &descriptor->usages[field->usage_first + i];
        if (usage >= range->first && usage <= range->last && usage - range->first < field->count - index) {
            *ret_index = index + (usage - range->first);
            return true;
        }
        uint32_t more = range->last - range->first;
        index = more < field->count - index ? index + more + 1 : field->count;
    }
    return false;
}

const struct descriptor_field *descriptor_find(const struct descriptor *descriptor, uint8_t id, uint32_t usage,
                                               uint32_t *ret_index)
{
    for (size_t i = 0; i < descriptor->field_count; i++) {
        const struct descriptor_field *field = &descriptor->fields[i];
        if (field->type == REPORT_INPUT && field->id == id && (field->flags & FIELD_CONSTANT) == 0 &&
            find_in_field(descriptor, field, usage, ret_index))
            return field;
    }
    return NULL;
}

bool descriptor_value(const struct descriptor_field *field, uint32_t index, const uint8_t *data, size_t length,
                      uint32_t *ret_value)
{
    uint64_t start = field->offset + (uint64_t)index * field->size;
    if (field->size == 0 || field->size > 32 || index >= field->count || (start + field->size + 7) / 8 > length)
        return false;
    uint64_t value = 0;
    size_t first = (size_t)(start / 8), last = (size_t)((start + field->size - 1) / 8);
    for (size_t i = first; i <= last; i++)
        value |= (uint64_t)data[i] << (8 * (i - first));
    *ret_value = (uint32_t)((value >> (start % 8)) & ((UINT64_C(1) << field->size) - 1));
    return true;
}
