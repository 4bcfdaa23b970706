/* SPDX-License-Identifier: Apache-2.0 */
/* Files, lines and bytes for the verbs that need no daemon. */
#include "ctl/bytes.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

FILE *bytes_open(const char *path)
{
    FILE *file = text_equal(path, "-") ? stdin : fopen(path, "re");
    if (file == NULL)
        ctl_complain("%s: %s", path, strerror(errno));
    return file;
}

bool bytes_close(FILE *file, const char *path)
{
    bool good = ferror(file) == 0;
    if (file != stdin)
        fclose(file);
    if (!good)
        ctl_complain("%s: cannot be read to its end", path);
    return good;
}

enum bytes_line bytes_read_line(FILE *file, size_t most, struct buffer *ret_line)
{
    size_t length = 0;
    int c;
    buffer_clear(ret_line);
    while ((c = getc_unlocked(file)) != EOF && c != '\n')
        if (++length <= most)
            buffer_append_byte(ret_line, (uint8_t)c);
    if (c == EOF && length == 0)
        return BYTES_END;
    return length > most ? BYTES_TOO_LONG : BYTES_LINE;
}

/* How many bytes a character takes at the start of length bytes; 0 if they are no UTF-8. */
static size_t character_length(const unsigned char *bytes, size_t length)
{
    for (size_t n = 1; n <= 4 && n <= length; n++)
        if (text_is_utf8(bytes, n))
            return n;
    return 0;
}

json_t *bytes_to_json(const void *bytes, size_t length)
{
    if (text_is_utf8(bytes, length))
        return json_stringn(bytes, length);
    struct buffer text = BUFFER_EMPTY;
    const unsigned char *from = bytes;
    for (size_t at = 0; at < length;) {
        size_t count = character_length(from + at, length - at);
        buffer_append(&text, count > 0 ? (const void *)(from + at) : REPLACEMENT, count > 0 ? count : 3);
        at += count > 0 ? count : 1;
    }
    json_t *value = json_stringn(buffer_text(&text), text.length);
    buffer_done(&text);
    return value;
}

json_t *bytes_to_hex(const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = ((const unsigned char *)bytes)[i];
        buffer_append_byte(&text, (uint8_t)digits[byte >> 4]);
        buffer_append_byte(&text, (uint8_t)digits[byte & 15]);
    }
    json_t *value = json_string(buffer_text(&text));
    buffer_done(&text);
    return value;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c != '\0' ? strchr(digits, c) : NULL;
    return found != NULL ? (int)((found - digits) & 15) : -1;
}

bool bytes_from_hex(const char *text, size_t length, struct buffer *ret_bytes)
{
    buffer_clear(ret_bytes);
    for (size_t i = 0; i + 1 < length; i += 2) {
        int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        buffer_append_byte(ret_bytes, (uint8_t)(high << 4 | low));
    }
    return length % 2 == 0;
}

void bytes_print_json(const json_t *value)
{
    json_dumpf(value, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
    putchar('\n');
}
