/* SPDX-License-Identifier: Apache-2.0 */
/* Reading data/scanners.conf, field by field. */
#include "drivers/scanner_profile.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/usage_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX ((size_t)64 * 1024)
#define SEPARATORS " \t"

struct word {
    const char *word;
    int value;
};

static bool find_word(const struct word *words, size_t count, const char *text, int *ret_value)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(words[i].word, text)) {
            *ret_value = words[i].value;
            return true;
        }
    return false;
}

static bool read_id(struct scanner_profile *profile, const char *text)
{
    return TEXT_COPY(profile->id, text);
}

static bool read_hex(const char *text, uint16_t *ret_value)
{
    if (strlen(text) != 4 || strspn(text, "0123456789abcdef") != 4)
        return false;
    *ret_value = (uint16_t)strtoul(text, NULL, 16);
    return true;
}

static bool read_device(struct scanner_profile *profile, const char *text)
{
    char vendor[5] = "";
    if (strlen(text) < 6 || text[4] != ':')
        return false;
    memcpy(vendor, text, 4);
    profile->is_any_product = text_equal(text + 5, "*");
    return read_hex(vendor, &profile->vendor) && (profile->is_any_product || read_hex(text + 5, &profile->product));
}

static bool read_kind(struct scanner_profile *profile, const char *text)
{
    static const struct word kinds[] = {
        {"pos", PROFILE_POS},     {"keyboard", PROFILE_KEYBOARD}, {"serial", PROFILE_SERIAL},
        {"snapi", PROFILE_SNAPI}, {"ibm", PROFILE_IBM},           {"other", PROFILE_OTHER}};
    int value = 0;
    bool is_known = find_word(kinds, COUNT_OF(kinds), text, &value);
    profile->kind = (enum profile_kind)value;
    return is_known;
}

static bool read_layout(struct scanner_profile *profile, const char *text)
{
    return TEXT_COPY(profile->layout, text_equal(text, "-") ? "" : text);
}

static bool read_suffix(struct scanner_profile *profile, const char *text)
{
    static const struct word keys[] = {{"-", 0},
                                       {"enter", KEY_USAGE_ENTER},
                                       {"keypad-enter", KEY_USAGE_KEYPAD_ENTER},
                                       {"tab", KEY_USAGE_TAB}};
    int value = 0;
    bool is_known = find_word(keys, COUNT_OF(keys), text, &value);
    profile->suffix_usage = (uint8_t)value;
    return is_known;
}

static const struct {
    const char *name, *allowed;
    bool (*read)(struct scanner_profile *profile, const char *text);
} fields[] = {
    {"id", "at most 31 bytes", read_id},
    {"device", "vendor:product or vendor:*, four small hexadecimal digits each", read_device},
    {"kind", "pos, keyboard, serial, snapi, ibm, other", read_kind},
    {"layout", "-, or at most 7 letters", read_layout},
    {"suffix key", "-, enter, keypad-enter, tab", read_suffix},
};

static bool read_line(struct scanner_profile *profile, char *line, struct error *err)
{
    char *rest = line;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        rest += strspn(rest, SEPARATORS);
        size_t length = strcspn(rest, SEPARATORS);
        bool is_last = rest[length] == '\0';
        rest[length] = '\0';
        if (length == 0 || !fields[i].read(profile, rest))
            return error_set(err, ERROR_INVALID, "%s \"%s\"; allowed: %s", fields[i].name, rest, fields[i].allowed);
        rest += is_last ? length : length + 1;
    }
    rest += strspn(rest, SEPARATORS);
    if (rest[0] == '\0' || !text_is_utf8(rest, strlen(rest)) || !TEXT_COPY(profile->name, rest))
        return error_set(err, ERROR_INVALID, "a name of at most %zu bytes is missing", sizeof profile->name - 1);
    return true;
}

/* ---- the lines that say more ---- */

static bool read_prefix(struct scanner_profile *profile, const char *text)
{
    return TEXT_COPY(profile->prefix, text);
}

static bool read_suffix_text(struct scanner_profile *profile, const char *text)
{
    return TEXT_COPY(profile->suffix_text, text);
}

static bool read_gs_text(struct scanner_profile *profile, const char *text)
{
    return TEXT_COPY(profile->gs_text, text);
}

static bool read_gs_key(struct scanner_profile *profile, const char *text)
{
    int64_t number = 0;
    if (text[0] != 'f' || !text_is_digits(text + 1) || !text_to_int64(text + 1, &number) || number < 1 || number > 12)
        return false;
    profile->gs_usage = (uint8_t)(KEY_USAGE_F1 + number - 1);
    return true;
}

static bool read_aim(struct scanner_profile *profile, const char *text)
{
    profile->strip_aim = text_equal(text, "yes");
    return profile->strip_aim || text_equal(text, "no");
}

static bool read_advice(struct scanner_profile *profile, const char *text)
{
    return text_is_utf8(text, strlen(text)) && TEXT_COPY(profile->advice, text);
}

static bool read_quiet(struct scanner_profile *profile, const char *text)
{
    return text_is_utf8(text, strlen(text)) && TEXT_COPY(profile->quiet, text);
}

static const struct {
    const char *name, *allowed;
    bool (*read)(struct scanner_profile *profile, const char *text);
} extras[] = {
    {"prefix", "at most 32 bytes", read_prefix},   {"suffix", "at most 32 bytes", read_suffix_text},
    {"gs_text", "at most 32 bytes", read_gs_text}, {"gs_key", "f1 to f12", read_gs_key},
    {"aim", "yes, no", read_aim},                  {"advice", "at most 159 bytes of UTF-8", read_advice},
    {"quiet", "at most 159 bytes of UTF-8", read_quiet},
};

static bool read_extra(struct scanner_profile *profile, const char *line, struct error *err)
{
    size_t length = strcspn(line, SEPARATORS);
    const char *value = line + length + strspn(line + length, SEPARATORS);
    for (size_t i = 0; i < COUNT_OF(extras); i++)
        if (strlen(extras[i].name) == length && strncmp(extras[i].name, line, length) == 0)
            return (value[0] != '\0' && extras[i].read(profile, value)) ||
                   error_set(err, ERROR_INVALID, "%s \"%s\"; allowed: %s", extras[i].name, value, extras[i].allowed);
    return error_set(err, ERROR_INVALID, "unknown word \"%.*s\"", (int)length, line);
}

static bool is_same_device(const struct scanner_profile *a, const struct scanner_profile *b)
{
    return a->vendor == b->vendor && a->is_any_product == b->is_any_product && a->product == b->product;
}

static bool add(struct scanner_profiles *profiles, const struct scanner_profile *profile, struct error *err)
{
    for (size_t i = 0; i < profiles->count; i++) {
        const struct scanner_profile *other = &profiles->items[i];
        if (text_equal(other->id, profile->id) || is_same_device(other, profile))
            return error_set(err, ERROR_CONFLICT, "%s and %s have one id or one device", other->id, profile->id);
    }
    profiles->items = memory_resize(profiles->items, profiles->count + 1, sizeof *profiles->items);
    profiles->items[profiles->count++] = *profile;
    return true;
}

static bool parse_line(struct scanner_profiles *profiles, char *line, struct error *err)
{
    struct scanner_profile profile = {0};
    size_t spaces = strspn(line, SEPARATORS);
    if (line[spaces] == '\0' || line[spaces] == '#')
        return true;
    if (spaces == 0)
        return read_line(&profile, line, err) && add(profiles, &profile, err);
    if (profiles->count == 0)
        return error_set(err, ERROR_INVALID, "no device stands above this line");
    return read_extra(&profiles->items[profiles->count - 1], line + spaces, err);
}

static bool parse(struct scanner_profiles *profiles, char *text, const char *path, struct error *err)
{
    int number = 0;
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        number++;
        if (!parse_line(profiles, line, err))
            return error_prefix(err, "%s:%d", path, number);
    }
    return true;
}

static bool read_file(const char *path, char *text, struct error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_system(err, "%s", path);
    size_t length = fread(text, 1, FILE_SIZE_MAX, file);
    bool is_read = ferror(file) == 0 || error_system(err, "%s", path);
    fclose(file);
    if (length == FILE_SIZE_MAX)
        return error_set(err, ERROR_TOO_BIG, "%s: %zu bytes or more", path, FILE_SIZE_MAX);
    return is_read;
}

bool scanner_profiles_load(const char *path, struct scanner_profiles *ret_profiles, struct error *err)
{
    CLEANUP(memory_free_at) char *text = memory_new(1, FILE_SIZE_MAX + 1);
    struct scanner_profiles profiles = {0};
    if (!read_file(path, text, err))
        return false;
    if (!parse(&profiles, text, path, err)) {
        scanner_profiles_done(&profiles);
        return false;
    }
    *ret_profiles = profiles;
    return true;
}

void scanner_profiles_done(struct scanner_profiles *profiles)
{
    free(profiles->items);
    *profiles = (struct scanner_profiles){0};
}

const struct scanner_profile *scanner_profiles_find(const struct scanner_profiles *profiles, uint16_t vendor,
                                                    uint16_t product)
{
    const struct scanner_profile *found = NULL;
    for (size_t i = 0; i < profiles->count; i++) {
        const struct scanner_profile *profile = &profiles->items[i];
        if (profile->vendor != vendor || !(profile->is_any_product || profile->product == product))
            continue;
        if (found == NULL || found->is_any_product)
            found = profile;
    }
    return found;
}
