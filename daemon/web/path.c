/* SPDX-License-Identifier: Apache-2.0 */
/* Path segments are split first and decoded after, so that an encoded slash stays inside its segment. */
#include "daemon/web/path.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool path_decode(char *text)
{
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        int high = hex_value(in[1]);
        int low = high >= 0 ? hex_value(in[2]) : -1;
        if (low < 0 || high + low == 0)
            return false;
        *out++ = (char)(high * 16 + low);
        in += 2;
    }
    *out = '\0';
    return text_is_utf8(text, (size_t)(out - text));
}

static char *decoded_segment(const char *segment, size_t length)
{
    char *copy = memory_new(length + 1, 1);
    memcpy(copy, segment, length);
    if (path_decode(copy))
        return copy;
    free(copy);
    return NULL;
}

static bool segment_is_sound(const char *segment, size_t length)
{
    CLEANUP(memory_free_at) char *text = decoded_segment(segment, length);
    return text != NULL && !text_equal(text, ".") && !text_equal(text, "..");
}

bool path_is_sound(const char *path)
{
    bool sound = path[0] == '/';
    while (sound && *path == '/') {
        size_t length = strcspn(path + 1, "/");
        sound = segment_is_sound(path + 1, length);
        path += 1 + length;
    }
    return sound;
}

static bool match_segment(json_t *names, const char *pattern, size_t pattern_length, const char *path, size_t length)
{
    CLEANUP(memory_free_at) char *text = decoded_segment(path, length);
    if (text == NULL)
        return false;
    if (pattern_length < 2 || pattern[0] != '{')
        return strlen(text) == pattern_length && memcmp(text, pattern, pattern_length) == 0;
    CLEANUP(memory_free_at) char *name = strndup(pattern + 1, pattern_length - 2);
    return name != NULL && text[0] != '\0' && json_object_set_new(names, name, json_string(text)) == 0;
}

json_t *path_match(const char *pattern, const char *path)
{
    json_t *names = json_object();
    bool fits = *pattern == '/' && *path == '/';
    while (fits && *pattern == '/' && *path == '/') {
        size_t pattern_length = strcspn(++pattern, "/"), length = strcspn(++path, "/");
        fits = match_segment(names, pattern, pattern_length, path, length);
        pattern += pattern_length;
        path += length;
    }
    if (fits && *pattern == '\0' && *path == '\0')
        return names;
    json_decref(names);
    return NULL;
}
