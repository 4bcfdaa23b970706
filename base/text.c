/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded text helpers. */
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t text_sequence(const void *bytes, size_t left)
{
    const unsigned char *p = bytes;
    if (p[0] < 0x80)
        return 1;
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
               (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : n;
}

bool text_copy_bytes(char *target, size_t size, const void *source, size_t length)
{
    length = strnlen(source, length);
    bool whole = length < size;
    if (!whole) {
        const unsigned char *p = source;
        length = size - 1;
        while (length > 0 && (p[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(target, source, length);
    target[length] = '\0';
    return whole;
}

bool text_copy(char *target, size_t size, const char *source)
{
    return text_copy_bytes(target, size, source, strlen(source));
}

bool text_format(char *target, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(target, size, format, args);
    va_end(args);
    return length >= 0 && (size_t)length < size;
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool text_is_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

bool text_to_int64(const char *text, int64_t *ret_value)
{
    const char *digits = text[0] == '-' || text[0] == '+' ? text + 1 : text;
    if (!text_is_digits(digits))
        return false;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno != 0)
        return false;
    *ret_value = value;
    return true;
}

bool text_is_utf8(const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < length;) {
        size_t n = text_sequence(p + i, length - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

void text_upper(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text - 'a' + 'A');
}

void text_escape(char *target, size_t size, const void *bytes, size_t length)
{
    static const char ellipsis[] = "…";
    const unsigned char *p = bytes;
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        char piece[8];
        size_t n = text_sequence(p + i, length - i);
        if (n == 0 || p[i] < 0x20 || p[i] == 0x7F) {
            snprintf(piece, sizeof piece, "\\x%02X", p[i]);
            n = 1;
        } else if (p[i] == '\\') {
            memcpy(piece, "\\\\", 3);
        } else {
            memcpy(piece, p + i, n);
            piece[n] = '\0';
        }
        size_t width = strlen(piece);
        bool last = i + n == length;
        if (used + width + (last ? 1 : sizeof ellipsis) > size) {
            if (used + sizeof ellipsis <= size)
                memcpy(target + used, ellipsis, sizeof ellipsis);
            else
                target[used] = '\0';
            return;
        }
        memcpy(target + used, piece, width);
        used += width;
        i += n;
    }
    target[used] = '\0';
}
