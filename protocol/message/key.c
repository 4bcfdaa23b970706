/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing key files by a table of their lines, and Z85. */
#include "protocol/message/key.h"

#include "base/text.h"

#include <string.h>

#define RADIX 85

static const char *const right_words[KEY_RIGHT_COUNT] = {
    [KEY_READ] = "read", [KEY_PUT] = "put", [KEY_DECIDE] = "decide", [KEY_LOOKUP] = "lookup"};

/* ---- Z85 ---- */

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
_Static_assert(sizeof digits - 1 == RADIX, "as many digits as the radix");

void key_encode(const unsigned char bytes[KEY_BYTES], char ret_text[KEY_TEXT_SIZE])
{
    for (size_t group = 0; group < KEY_BYTES / 4; group++) {
        uint32_t value = 0;
        for (size_t i = 0; i < 4; i++)
            value = value << 8 | bytes[group * 4 + i];
        for (size_t i = 5; i-- > 0; value /= RADIX)
            ret_text[group * 5 + i] = digits[value % RADIX];
    }
    ret_text[KEY_TEXT_SIZE - 1] = '\0';
}

bool key_decode(const char *text, unsigned char ret_bytes[KEY_BYTES])
{
    unsigned char bytes[KEY_BYTES];
    if (strlen(text) != KEY_TEXT_SIZE - 1)
        return false;
    for (size_t group = 0; group < KEY_BYTES / 4; group++) {
        uint64_t value = 0;
        for (size_t i = 0; i < 5; i++) {
            const char *digit = strchr(digits, text[group * 5 + i]);
            if (digit == NULL)
                return false;
            value = value * RADIX + (uint64_t)(digit - digits);
        }
        if (value > UINT32_MAX)
            return false;
        for (size_t i = 0; i < 4; i++)
            bytes[group * 4 + i] = (unsigned char)(value >> (24 - 8 * i));
    }
    memcpy(ret_bytes, bytes, sizeof bytes);
    return true;
}

/* ---- lists of words ---- */

/* The next word of a list between spaces; its length, 0 at the end. */
static size_t next_word(const char **cursor)
{
    *cursor += strspn(*cursor, " ");
    return strcspn(*cursor, " ");
}

static bool word_is(const char *word, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(word, other, length) == 0;
}

bool key_rights_parse(const char *text, unsigned *ret_rights)
{
    unsigned rights = 0;
    for (size_t length; (length = next_word(&text)) > 0; text += length) {
        int right = 0;
        while (right < KEY_RIGHT_COUNT && !word_is(text, length, right_words[right]))
            right++;
        if (right == KEY_RIGHT_COUNT)
            return false;
        rights |= 1U << right;
    }
    *ret_rights = rights;
    return true;
}

void key_rights_write(unsigned rights, struct buffer *out)
{
    const char *between = "";
    for (int right = 0; right < KEY_RIGHT_COUNT; right++) {
        if ((rights & 1U << right) == 0)
            continue;
        buffer_append_text(out, between);
        buffer_append_text(out, right_words[right]);
        between = " ";
    }
}

bool key_owner_allowed(const char *owners, const char *owner)
{
    if (owners[0] == '\0' || owner[0] == '\0')
        return true;
    for (size_t length; (length = next_word(&owners)) > 0; owners += length)
        if (word_is(owners, length, owner))
            return true;
    return false;
}

/* ---- files ---- */

static bool take_key(char target[KEY_TEXT_SIZE], const char *value)
{
    unsigned char bytes[KEY_BYTES];
    return key_decode(value, bytes) && text_copy(target, KEY_TEXT_SIZE, value);
}

static bool take_public(struct key_file *file, const char *value)
{
    return take_key(file->public_key, value);
}

static bool take_secret(struct key_file *file, const char *value)
{
    return take_key(file->secret_key, value);
}

static bool take_rights(struct key_file *file, const char *value)
{
    return key_rights_parse(value, &file->rights);
}

static bool take_owners(struct key_file *file, const char *value)
{
    return TEXT_COPY(file->owners, value);
}

static const struct {
    const char *name;
    bool (*take)(struct key_file *, const char *);
    const char *allowed;
} lines[] = {
    {"public", take_public, "40 characters of Z85"},
    {"secret", take_secret, "40 characters of Z85"},
    {"rights", take_rights, "read, put, decide, lookup"},
    {"owners", take_owners, "names of owners"},
};

static bool take_line(struct key_file *file, char *line, int number, struct error *err)
{
    char *equals = strchr(line, '=');
    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (equals == NULL)
        return error_set(err, ERROR_INVALID, "%d: expected name = value", number);
    size_t length = (size_t)(equals - line);
    while (length > 0 && line[length - 1] == ' ')
        length--;
    const char *value = equals + 1 + strspn(equals + 1, " ");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (word_is(line, length, lines[i].name))
            return lines[i].take(file, value) ||
                   error_set(err, ERROR_INVALID, "%d: %s: allowed: %s", number, lines[i].name, lines[i].allowed);
    return error_set(err, ERROR_INVALID, "%d: no such name", number);
}

bool key_file_parse(const char *text, size_t length, struct key_file *ret_file, struct error *err)
{
    struct key_file file = {0};
    const char *end = text + length;
    for (int number = 1; text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t width = (size_t)((newline != NULL ? newline : end) - text);
        char line[KEY_OWNERS_SIZE + 32];
        if (width >= sizeof line || !text_is_utf8(text, width) || memchr(text, '\0', width) != NULL)
            return error_set(err, ERROR_INVALID, "%d: not a line of a key file", number);
        text_copy_bytes(line, sizeof line, text, width);
        for (size_t last = width; last > 0 && (line[last - 1] == ' ' || line[last - 1] == '\r'); last--)
            line[last - 1] = '\0';
        if (!take_line(&file, line, number, err))
            return false;
        text += width + 1;
    }
    if (file.public_key[0] == '\0')
        return error_set(err, ERROR_INVALID, "1: the public key is missing");
    *ret_file = file;
    return true;
}

void key_file_write(const struct key_file *file, struct buffer *out)
{
    buffer_append_format(out, "public = %s\n", file->public_key);
    if (file->secret_key[0] != '\0') {
        buffer_append_format(out, "secret = %s\n", file->secret_key);
        return;
    }
    buffer_append_text(out, "rights = ");
    key_rights_write(file->rights, out);
    buffer_append_text(out, "\n");
    if (file->owners[0] != '\0')
        buffer_append_format(out, "owners = %s\n", file->owners);
}
