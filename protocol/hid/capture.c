/* SPDX-License-Identifier: Apache-2.0 */
/* The capture format: a table of keys, each with the form of its value. */
#include "protocol/hid/capture.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

typedef bool value_fn(struct capture_line *line, const char *text, size_t length, struct error *err);

static int hex_digit(char c)
{
    char lower = (char)(c | 0x20);
    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool add_byte(struct capture_line *line, uint8_t byte, struct error *err)
{
    if (line->length == CAPTURE_BYTES_MAX)
        return error_set(err, ERROR_TOO_BIG, "more than %d bytes", CAPTURE_BYTES_MAX);
    line->bytes[line->length++] = byte;
    return true;
}

/* Two digits at text[0] and text[1], which must both lie within length. */
static bool add_hex(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    int high = length >= 2 ? hex_digit(text[0]) : -1, low = length >= 2 ? hex_digit(text[1]) : -1;
    if (high < 0 || low < 0)
        return error_set(err, ERROR_INVALID, "two hexadecimal digits wanted");
    return add_byte(line, (uint8_t)(high << 4 | low), err);
}

static bool read_hex(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    for (size_t at = 0; at < length;) {
        if (text[at] == ' ' || text[at] == '\t') {
            at++;
            continue;
        }
        if (!add_hex(line, text + at, length - at, err))
            return false;
        at += 2;
        if (at < length && text[at] != ' ' && text[at] != '\t')
            return error_set(err, ERROR_INVALID, "bytes must be apart");
    }
    return line->length != 0 || error_set(err, ERROR_INVALID, "no bytes");
}

static bool read_escaped(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    for (size_t at = 0; at < length;) {
        bool is_escape = text[at] == '\\';
        char next = is_escape && at + 1 < length ? text[at + 1] : '\0';
        if (is_escape && next != 'x' && next != '\\')
            return error_set(err, ERROR_INVALID, "a backslash is followed by xNN or a backslash");
        bool added = next == 'x' ? add_hex(line, text + at + 2, length - at - 2, err)
                                 : add_byte(line, (uint8_t)text[at], err);
        if (!added)
            return false;
        at += next == 'x' ? 4 : next == '\\' ? 2 : 1;
    }
    return true;
}

static bool read_text(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    for (size_t at = 0; at < length; at++)
        if (!add_byte(line, (uint8_t)text[at], err))
            return false;
    return memchr(text, '\0', length) == NULL || error_set(err, ERROR_INVALID, "a NUL in the text");
}

static bool read_kind(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    static const char *const kinds[] = {"keyboard", "pos", "descriptor-only"};
    if (!read_text(line, text, length, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (text_equal((const char *)line->bytes, kinds[i]))
            return true;
    return error_set(err, ERROR_INVALID, "unknown kind");
}

static bool read_vendor(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    return (length == 4 && add_hex(line, text, length, err) && add_hex(line, text + 2, length - 2, err)) ||
           error_set(err, ERROR_INVALID, "four hexadecimal digits wanted");
}

static bool read_wait(struct capture_line *line, const char *text, size_t length, struct error *err)
{
    if (!read_text(line, text, length, err))
        return false;
    if (!text_to_int64((const char *)line->bytes, &line->wait_ms) || line->wait_ms < 0 ||
        line->wait_ms > CAPTURE_WAIT_MAX)
        return error_set(err, ERROR_INVALID, "0 to %d milliseconds wanted", CAPTURE_WAIT_MAX);
    return true;
}

static const struct {
    const char *name;
    value_fn *read;
} keys[] = {
    [CAPTURE_NOTHING] = {"", NULL},
    [CAPTURE_KIND] = {"kind", read_kind},
    [CAPTURE_VENDOR] = {"vendor", read_vendor},
    [CAPTURE_LAYOUT] = {"layout", read_text},
    [CAPTURE_DESCRIPTOR] = {"descriptor", read_hex},
    [CAPTURE_REPORT] = {"report", read_hex},
    [CAPTURE_WAIT] = {"wait", read_wait},
    [CAPTURE_EXPECT] = {"expect", read_escaped},
    [CAPTURE_EXPECT_AIM] = {"expect_aim", read_text},
    [CAPTURE_EXPECT_BITS] = {"expect_bits", read_text},
};
_Static_assert(COUNT_OF(keys) == CAPTURE_KEY_COUNT, "every key has its row");

static size_t without_line_end(const char *text, size_t length)
{
    while (length != 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    return length;
}

static bool is_blank(const char *text, size_t length)
{
    size_t spaces = 0;
    while (spaces < length && (text[spaces] == ' ' || text[spaces] == '\t'))
        spaces++;
    return spaces == length || text[0] == '#';
}

bool capture_parse(struct capture_line *ret_line, const char *text, size_t length, struct error *err)
{
    length = without_line_end(text, length);
    ret_line->key = CAPTURE_NOTHING;
    ret_line->length = 0;
    memset(ret_line->bytes, 0, sizeof ret_line->bytes); /* values are strings while they grow */
    if (is_blank(text, length))
        return true;
    const char *colon = memchr(text, ':', length);
    size_t name_length = colon != NULL ? (size_t)(colon - text) : 0;
    for (int key = CAPTURE_KIND; key < CAPTURE_KEY_COUNT && colon != NULL; key++) {
        if (strlen(keys[key].name) != name_length || memcmp(keys[key].name, text, name_length) != 0)
            continue;
        size_t start = name_length + 1;
        start += start < length && text[start] == ' ';
        ret_line->key = (enum capture_key)key;
        return keys[key].read(ret_line, text + start, length - start, err) ||
               error_prefix(err, "%s", keys[key].name);
    }
    return error_set(err, ERROR_INVALID, "no known \"key: value\"");
}

void capture_feed(struct capture_reader *reader, const void *bytes, size_t length)
{
    buffer_append(&reader->pending, bytes, length);
}

/* No line end within the limit: drops what is there, once with an error, then silently up to the next line end. */
static enum capture_result without_end(struct capture_reader *reader, struct error *err)
{
    if (reader->pending.length <= CAPTURE_LINE_MAX && !reader->discarding)
        return CAPTURE_MORE;
    buffer_clear(&reader->pending);
    if (reader->discarding)
        return CAPTURE_MORE;
    reader->discarding = true;
    error_set(err, ERROR_TOO_BIG, "line %u: longer than %d bytes", reader->number + 1, CAPTURE_LINE_MAX);
    return CAPTURE_BROKEN;
}

static enum capture_result take_line(struct capture_reader *reader, size_t length, struct capture_line *ret_line,
                                     struct error *err)
{
    bool good = length > CAPTURE_LINE_MAX
                    ? error_set(err, ERROR_TOO_BIG, "longer than %d bytes", CAPTURE_LINE_MAX)
                    : capture_parse(ret_line, reader->pending.data, length, err);
    ret_line->number = ++reader->number;
    buffer_consume(&reader->pending, length);
    if (!good)
        error_prefix(err, "line %u", reader->number);
    return good ? CAPTURE_LINE : CAPTURE_BROKEN;
}

enum capture_result capture_next(struct capture_reader *reader, struct capture_line *ret_line, struct error *err)
{
    while (reader->pending.length != 0) {
        const char *end = memchr(reader->pending.data, '\n', reader->pending.length);
        if (end == NULL)
            return without_end(reader, err);
        size_t length = (size_t)(end - reader->pending.data) + 1;
        if (!reader->discarding)
            return take_line(reader, length, ret_line, err);
        reader->discarding = false; /* its error has been told */
        reader->number++;
        buffer_consume(&reader->pending, length);
    }
    return CAPTURE_MORE;
}

void capture_append_bytes(struct buffer *target, enum capture_key key, const uint8_t *bytes, size_t length)
{
    buffer_append_format(target, "%s:", keys[key].name);
    for (size_t i = 0; i < length; i++)
        buffer_append_format(target, " %02X", bytes[i]);
    buffer_append_text(target, "\n");
}

void capture_append_scan(struct buffer *target, const uint8_t *bytes, size_t length, const char *aim)
{
    bool is_text = text_is_utf8(bytes, length);
    buffer_append_format(target, "%s: ", keys[CAPTURE_EXPECT].name);
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\\')
            buffer_append_text(target, "\\\\");
        else if (bytes[i] < ' ' || bytes[i] == 0x7F || (bytes[i] >= 0x80 && !is_text))
            buffer_append_format(target, "\\x%02X", bytes[i]);
        else
            buffer_append_byte(target, bytes[i]);
    }
    buffer_append_text(target, "\n");
    if (aim[0] != '\0')
        buffer_append_format(target, "%s: %s\n", keys[CAPTURE_EXPECT_AIM].name, aim);
}

void capture_done(struct capture_reader *reader)
{
    buffer_done(&reader->pending);
    *reader = (struct capture_reader){0};
}
