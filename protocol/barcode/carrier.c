/* SPDX-License-Identifier: Apache-2.0 */
/* The engine over the table of carriers' formats. */
#include "protocol/barcode/carrier.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/pattern.h"

#include <stdio.h>
#include <string.h>

/* The check character behind the marked serial, with what the format wants before it. */
static bool check_holds(const struct carrier_format *format, const char *text, struct pattern_span checked)
{
    char serial[CANDIDATE_VALUE_SIZE + 8];
    size_t length = checked.end - checked.start;
    const char *before = format->prepended != NULL ? format->prepended : "";
    if (strncmp(text + checked.start, before, strlen(before)) == 0)
        before = "";
    int count = snprintf(serial, sizeof serial, "%s%.*s", before, (int)length + 1, text + checked.start);
    return checkdigit_is_valid(format->check, serial, (size_t)count);
}

static bool is_known_country(const char *letters)
{
    for (const char *country = carrier_countries; *country != '\0'; country += 3)
        if (strncmp(country, letters, 2) == 0)
            return true;
    return false;
}

static bool fits(const struct carrier_format *format, const char *text, size_t length, struct pattern_match *ret_match)
{
    struct pattern_match match;
    if (!pattern_match(format->pattern, text, length, &match))
        return false;
    if (format->check != CHECKDIGIT_ANY && !check_holds(format, text, match.checked))
        return false;
    if (format->needs_country && !is_known_country(text + length - 2))
        return false;
    *ret_match = match;
    return true;
}

bool carrier_fits(const struct carrier_format *format, const char *text, size_t length)
{
    struct pattern_match ignored;
    return fits(format, text, length, &ignored);
}

struct list {
    struct candidate *candidates;
    size_t count;
};

/* Inserts behind all values that are as long or longer, unless the carrier has that value already. */
static void insert(struct list *list, const char *carrier, const char *value, size_t length)
{
    struct candidate candidate = {.class = CANDIDATE_TRACKING};
    size_t place = 0;
    if (list->count == CARRIER_CANDIDATES_MAX ||
        !text_copy_bytes(candidate.value, sizeof candidate.value, value, length))
        return;
    TEXT_COPY(candidate.detail, carrier);
    for (size_t i = 0; i < list->count; i++) {
        const struct candidate *other = &list->candidates[i];
        if (text_equal(other->value, candidate.value) && text_equal(other->detail, candidate.detail))
            return;
        place += strlen(other->value) >= length;
    }
    memmove(&list->candidates[place + 1], &list->candidates[place], (list->count - place) * sizeof *list->candidates);
    list->candidates[place] = candidate;
    list->count++;
}

static void try_format(const struct carrier_format *format, const char *text, size_t length, struct list *list)
{
    struct pattern_match match;
    if (!fits(format, text, length, &match))
        return;
    insert(list, format->carrier, text, length);
    const char *number = text + match.number.start;
    size_t width = match.number.end - match.number.start;
    size_t zeros = format->drops_zeros && strncmp(number, "00", 2) == 0 ? 2 : 0;
    if (width > 0)
        insert(list, format->carrier, number + zeros, width - zeros);
}

size_t carrier_candidates(bool with_letter, const char *text, size_t length, struct candidate *ret_candidates)
{
    struct list list = {.candidates = ret_candidates};
    if (length >= CANDIDATE_VALUE_SIZE)
        return 0;
    for (int without_check = 0; without_check <= 1; without_check++)
        for (size_t i = 0; i < carrier_table_count; i++) {
            const struct carrier_format *format = &carrier_table[i];
            if (format->needs_letter == with_letter && (format->check == CHECKDIGIT_ANY) == (without_check == 1))
                try_format(format, text, length, &list);
        }
    return list.count;
}
