/* SPDX-License-Identifier: Apache-2.0 */
/* The engine over the table of application identifiers. */
#include "protocol/barcode/gs1.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALLS "abcdefghijklmnopqrstuvwxyz"

static const char *const refusal_names[] = {
    [GS1_OK] = "",
    [GS1_EMPTY] = "empty",
    [GS1_UNKNOWN_AI] = "unknown_ai",
    [GS1_TRUNCATED] = "truncated",
    [GS1_TOO_LONG] = "value_too_long",
    [GS1_CHARACTER] = "character",
    [GS1_CHECK_DIGIT] = "check_digit",
    [GS1_DATE] = "date",
    [GS1_CONTENT] = "content",
    [GS1_SEPARATION] = "separator",
    [GS1_CONTRADICTION] = "contradiction",
    [GS1_TOO_MANY] = "too_many",
};
_Static_assert(COUNT_OF(refusal_names) == GS1_REFUSAL_COUNT, "every refusal has its word");

const char *gs1_refusal_name(enum gs1_refusal refusal)
{
    return refusal_names[refusal];
}

/* True if digits characters of the text are digits between first and last. */
static bool is_within(const struct gs1_ai *row, const char *text, size_t digits)
{
    for (size_t i = 0; i < digits; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return memcmp(text, row->first, digits) >= 0 && memcmp(text, row->last, digits) <= 0;
}

const struct gs1_ai *gs1_ai_find(const char *text, size_t length, size_t *ret_digits)
{
    for (size_t i = 0; i < gs1_ai_table_count; i++) {
        const struct gs1_ai *row = &gs1_ai_table[i];
        size_t digits = strlen(row->first);
        if (length >= digits && is_within(row, text, digits)) {
            *ret_digits = digits;
            return row;
        }
    }
    return NULL;
}

/* The characters of a component's set; set 64 is taken with its padding. */
static bool is_in_set(char c, char set)
{
    static const char *const sets[] = {
        ['N' - 'N'] = DIGITS,
        ['X' - 'N'] = "!\"%&'()*+,-./:;<=>?_" DIGITS CAPITALS SMALLS,
        ['Y' - 'N'] = "#-/" DIGITS CAPITALS,
        ['Z' - 'N'] = "-_=" DIGITS CAPITALS SMALLS,
    };
    return c != '\0' && strchr(sets[set - 'N'], c) != NULL;
}

static enum gs1_refusal refusal_of(enum gs1_check check)
{
    return gs1_check_is_sum(check) ? GS1_CHECK_DIGIT : gs1_check_is_date(check) ? GS1_DATE : GS1_CONTENT;
}

static enum gs1_refusal check_component(const struct gs1_component *component, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_in_set(value[i], component->set))
            return GS1_CHARACTER;
    for (size_t i = 0; i < GS1_CHECKS_MAX; i++)
        if (!gs1_check(component->checks[i], value, length))
            return refusal_of(component->checks[i]);
    return GS1_OK;
}

static enum gs1_refusal check_value(const struct gs1_ai *row, const char *value, size_t length)
{
    size_t at = 0;
    for (size_t i = 0; i < GS1_COMPONENTS_MAX && row->components[i].set != '\0'; i++) {
        const struct gs1_component *component = &row->components[i];
        size_t taken = length - at < component->most ? length - at : component->most;
        if (taken == 0 && component->is_optional)
            break;
        if (taken < component->least)
            return GS1_TRUNCATED;
        enum gs1_refusal refusal = check_component(component, value + at, taken);
        if (refusal != GS1_OK)
            return refusal;
        at += taken;
    }
    return at == length ? GS1_OK : GS1_TOO_LONG;
}

static enum gs1_refusal add_row(struct gs1_data *data, const struct gs1_ai *row, const char *ai, const char *value,
                                size_t length)
{
    enum gs1_refusal refusal = check_value(row, value, length);
    if (refusal != GS1_OK)
        return refusal;
    struct gs1_element element = {.row = row};
    TEXT_COPY(element.ai, ai);
    text_copy_bytes(element.value, sizeof element.value, value, length);
    const char *before = gs1_value(data, ai);
    if (before != NULL)
        return text_equal(before, element.value) ? GS1_OK : GS1_CONTRADICTION;
    if (data->count == GS1_ELEMENTS_MAX)
        return GS1_TOO_MANY;
    data->elements[data->count++] = element;
    return GS1_OK;
}

enum gs1_refusal gs1_add(struct gs1_data *data, const char *ai, const char *value, size_t length)
{
    size_t digits = 0;
    const struct gs1_ai *row = gs1_ai_find(ai, strlen(ai), &digits);
    return row == NULL || ai[digits] != '\0' ? GS1_UNKNOWN_AI : add_row(data, row, ai, value, length);
}

/* Where a value ends: by its length if that is pre-defined, else at the separator or the end. */
static size_t value_length(const struct gs1_ai *row, const char *text, size_t length)
{
    const char *separator = memchr(text, GS1_SEPARATOR, length);
    size_t ends = separator != NULL ? (size_t)(separator - text) : length;
    size_t defined = 0;
    for (size_t i = 0; i < GS1_COMPONENTS_MAX; i++)
        defined += row->components[i].most;
    return row->is_predefined && defined < ends ? defined : ends;
}

/* How many separators the text starts with. */
static size_t skip_separators(const char *text, size_t length)
{
    size_t skipped = 0;
    while (skipped < length && text[skipped] == GS1_SEPARATOR)
        skipped++;
    return skipped;
}

/* One element at the start of the text; *ret_used counts it and the separators behind it. */
static enum gs1_refusal parse_element(enum gs1_mode mode, const char *text, size_t length, struct gs1_data *data,
                                      size_t *ret_used)
{
    size_t digits = 0;
    const struct gs1_ai *row = gs1_ai_find(text, length, &digits);
    if (row == NULL)
        return GS1_UNKNOWN_AI;
    char ai[5];
    text_copy_bytes(ai, sizeof ai, text, digits);
    size_t value = value_length(row, text + digits, length - digits);
    enum gs1_refusal refusal = add_row(data, row, ai, text + digits, value);
    if (refusal != GS1_OK)
        return refusal;
    size_t used = digits + value;
    size_t separators = skip_separators(text + used, length - used);
    size_t wanted = row->is_predefined || used + separators == length ? 0 : 1;
    if (mode == GS1_STRICT && separators != wanted)
        return GS1_SEPARATION;
    *ret_used = used + separators;
    return GS1_OK;
}

enum gs1_refusal gs1_parse(enum gs1_mode mode, const char *text, size_t length, struct gs1_data *ret_data)
{
    struct gs1_data data = {0};
    size_t at = skip_separators(text, length);
    if (mode == GS1_STRICT && at > 0)
        return GS1_SEPARATION;
    while (at < length) {
        size_t used = 0;
        enum gs1_refusal refusal = parse_element(mode, text + at, length - at, &data, &used);
        if (refusal != GS1_OK)
            return refusal;
        at += used;
    }
    if (data.count == 0)
        return GS1_EMPTY;
    *ret_data = data;
    return GS1_OK;
}

const char *gs1_value(const struct gs1_data *data, const char *ai)
{
    for (size_t i = 0; i < data->count; i++)
        if (text_equal(data->elements[i].ai, ai))
            return data->elements[i].value;
    return NULL;
}

bool gs1_format(const struct gs1_data *data, char *target, size_t size)
{
    static const char separator[] = {GS1_SEPARATOR, '\0'};
    size_t used = 0;
    target[0] = '\0';
    for (size_t i = 0; i < data->count; i++) {
        const struct gs1_element *element = &data->elements[i];
        const char *end = element->row->is_predefined || i + 1 == data->count ? "" : separator;
        used += (size_t)snprintf(target + used, size - used, "%s%s%s", element->ai, element->value, end);
        if (used >= size) {
            target[0] = '\0';
            return false;
        }
    }
    return true;
}

static void copy_value(const struct gs1_data *data, const char *ai, char *target, size_t size)
{
    const char *value = gs1_value(data, ai);
    if (value != NULL && target[0] == '\0')
        text_copy_bytes(target, size, value, strlen(value));
}

void gs1_fill_candidate(const struct gs1_data *data, struct candidate *ret_candidate)
{
    struct candidate candidate = {.class = CANDIDATE_GS1};
    const char *expiry = gs1_value(data, "17");
    const char *piece = gs1_value(data, "8006");
    gs1_format(data, candidate.value, sizeof candidate.value);
    copy_value(data, "01", candidate.gtin, sizeof candidate.gtin);
    copy_value(data, "03", candidate.gtin, sizeof candidate.gtin);
    if (piece != NULL && candidate.gtin[0] == '\0')
        text_copy_bytes(candidate.gtin, sizeof candidate.gtin, piece, 14);
    copy_value(data, "21", candidate.serial, sizeof candidate.serial);
    copy_value(data, "10", candidate.lot, sizeof candidate.lot);
    copy_value(data, "00", candidate.sscc, sizeof candidate.sscc);
    if (expiry != NULL)
        gs1_check_date(expiry, candidate.expiry);
    *ret_candidate = candidate;
}
