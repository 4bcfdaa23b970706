/* SPDX-License-Identifier: Apache-2.0 */
/* A Digital Link from its right end: the last primary key in the path counts, what stands before it is a stem. */
#include "protocol/barcode/digital_link.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/checkdigit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SEGMENTS_MAX 32
#define AI_SIZE 5

/* A part of the address, not ended by NUL. */
struct part {
    const char *start;
    size_t length;
};

struct address {
    struct part host;
    struct part query;
    struct part segments[SEGMENTS_MAX];
    size_t count;
};

/* Cuts what is before the first of the stops from rest; the stop itself stays in rest. */
static struct part cut(struct part *rest, const char *stops)
{
    struct part head = {.start = rest->start};
    while (head.length < rest->length && strchr(stops, rest->start[head.length]) == NULL)
        head.length++;
    rest->start += head.length;
    rest->length -= head.length;
    return head;
}

static bool skip(struct part *rest, const char *prefix)
{
    size_t length = strlen(prefix);
    if (rest->length < length || strncasecmp(rest->start, prefix, length) != 0)
        return false;
    rest->start += length;
    rest->length -= length;
    return true;
}

/* Splits "http(s)://host/segment/…?query#fragment"; false for anything else or too many segments. */
static bool split(struct part rest, struct address *ret_address)
{
    struct address address = {0};
    if (!skip(&rest, "https://") && !skip(&rest, "http://"))
        return false;
    address.host = cut(&rest, "/?#");
    while (skip(&rest, "/")) {
        struct part segment = cut(&rest, "/?#");
        bool is_trailing = segment.length == 0 && (rest.length == 0 || rest.start[0] != '/');
        if (is_trailing)
            break;
        if (address.count == SEGMENTS_MAX)
            return false;
        address.segments[address.count++] = segment;
    }
    if (skip(&rest, "?"))
        address.query = cut(&rest, "#");
    *ret_address = address;
    return true;
}

/* The row of a part that is an identifier and nothing else; ai has AI_SIZE bytes. */
static const struct gs1_ai *row_of(struct part part, char *ai)
{
    size_t digits = 0;
    const struct gs1_ai *row = gs1_ai_find(part.start, part.length, &digits);
    if (row == NULL || digits != part.length)
        return NULL;
    text_copy_bytes(ai, AI_SIZE, part.start, digits);
    return row;
}

/* The place of the last primary key, from where to the end there are only pairs of identifier and value. */
static bool find_key(const struct address *address, size_t *ret_place)
{
    for (size_t i = address->count; i >= 2; i -= 2) {
        char ai[AI_SIZE];
        const struct gs1_ai *row = row_of(address->segments[i - 2], ai);
        if (row == NULL)
            return false;
        if (row->qualifiers != NULL) {
            *ret_place = i - 2;
            return true;
        }
    }
    return false;
}

static int hex_value(char c)
{
    const char *digits = "0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'a' ? c - 0x20 : c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* Percent-decodes into target (size bytes); NULL, or the reason it cannot. */
static const char *decode(struct part part, char *target, size_t size, size_t *ret_length)
{
    size_t used = 0;
    for (size_t i = 0; i < part.length; i++) {
        char c = part.start[i];
        if (c == '%') {
            int high = i + 2 < part.length ? hex_value(part.start[i + 1]) : -1;
            int low = high >= 0 ? hex_value(part.start[i + 2]) : -1;
            if (low < 0)
                return "percent";
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        }
        if (used == size)
            return gs1_refusal_name(GS1_TOO_LONG);
        target[used++] = c;
    }
    *ret_length = used;
    return NULL;
}

static const char *add(struct gs1_data *data, const char *ai, struct part part)
{
    char value[GS1_VALUE_MAX];
    size_t length = 0;
    const char *reason = decode(part, value, sizeof value, &length);
    if (reason != NULL)
        return reason;
    if (text_equal(ai, "01") && (length == 8 || length == 12 || length == 13)) {
        memmove(value + 14 - length, value, length);
        memset(value, '0', 14 - length);
        length = 14;
    }
    enum gs1_refusal refusal = gs1_add(data, ai, value, length);
    return refusal == GS1_OK ? NULL : gs1_refusal_name(refusal);
}

/* The identifiers "22,10,21" from *allowed on: true if ai is among them; *allowed moves behind it. */
static bool take_qualifier(const char **allowed, const char *ai)
{
    while (**allowed != '\0' && **allowed != '|') {
        size_t length = strcspn(*allowed, ",|");
        bool found = strlen(ai) == length && strncmp(*allowed, ai, length) == 0;
        *allowed += length + ((*allowed)[length] == ',');
        if (found)
            return true;
    }
    return false;
}

/* True if the identifiers behind the key keep the order of one of the key's alternatives. */
static bool are_in_order(const struct address *address, size_t key, const char *qualifiers)
{
    for (const char *alternative = qualifiers; alternative != NULL;) {
        const char *allowed = alternative;
        size_t i = key + 2;
        char ai[AI_SIZE];
        while (i < address->count && row_of(address->segments[i], ai) != NULL && take_qualifier(&allowed, ai))
            i += 2;
        if (i >= address->count)
            return true;
        alternative = strchr(alternative, '|');
        alternative = alternative == NULL ? NULL : alternative + 1;
    }
    return false;
}

static const char *read_path(const struct address *address, size_t key, struct gs1_data *data)
{
    char ai[AI_SIZE];
    const struct gs1_ai *row = row_of(address->segments[key], ai);
    if (!are_in_order(address, key, row->qualifiers))
        return "qualifier";
    for (size_t i = key; i < address->count; i += 2) {
        row_of(address->segments[i], ai);
        const char *reason = add(data, ai, address->segments[i + 1]);
        if (reason != NULL)
            return reason;
    }
    return NULL;
}

static const char *read_query(struct part query, struct gs1_data *data)
{
    while (query.length > 0) {
        struct part value = cut(&query, "&;");
        struct part name = cut(&value, "=");
        char ai[AI_SIZE];
        const struct gs1_ai *row = row_of(name, ai);
        if (row != NULL && row->is_attribute && skip(&value, "=")) {
            const char *reason = add(data, ai, value);
            if (reason != NULL)
                return reason;
        }
        if (query.length > 0) {
            query.start++;
            query.length--;
        }
    }
    return NULL;
}

/* The first 60 bits of a base64url text, or -1. */
static int64_t leading_bits(struct part segment)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int64_t bits = 0;
    for (size_t i = 0; i < segment.length; i++) {
        const char *letter = segment.start[i] == '\0' ? NULL : strchr(letters, segment.start[i]);
        if (letter == NULL)
            return -1;
        if (i < 10)
            bits = bits << 6 | (letter - letters);
    }
    return segment.length < 10 ? -1 : bits;
}

/* A compressed link's last segment starts with the identifier as two hexadecimal digits; 01 has its GTIN in 47 bits. */
static bool is_compressed(const struct address *address)
{
    if (address->count == 0)
        return false;
    int64_t bits = leading_bits(address->segments[address->count - 1]);
    if (bits < 0)
        return false;
    if (address->host.length == 10 && strncasecmp(address->host.start, "id.gs1.org", 10) == 0)
        return true;
    char gtin[24];
    snprintf(gtin, sizeof gtin, "%014" PRId64, bits >> 5 & ((INT64_C(1) << 47) - 1));
    return bits >> 52 == 0x01 && strlen(gtin) == 14 && checkdigit_is_valid(CHECKDIGIT_GS1, gtin, 14);
}

enum digital_link_result digital_link_parse(const char *text, size_t length, struct gs1_data *ret_data,
                                            const char **ret_reason)
{
    struct address address;
    struct gs1_data data = {0};
    size_t key = 0;
    if (!split((struct part){text, length}, &address))
        return DIGITAL_LINK_NONE;
    if (!find_key(&address, &key)) {
        if (!is_compressed(&address))
            return DIGITAL_LINK_NONE;
        *ret_reason = "compressed";
        return DIGITAL_LINK_REFUSED;
    }
    const char *reason = read_path(&address, key, &data);
    if (reason == NULL)
        reason = read_query(address.query, &data);
    if (reason != NULL) {
        *ret_reason = reason;
        return DIGITAL_LINK_REFUSED;
    }
    *ret_data = data;
    return DIGITAL_LINK_READ;
}
