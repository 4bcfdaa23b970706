/* SPDX-License-Identifier: Apache-2.0 */
/* One row for each type of setting: how its text is read, written and explained. */
#include "daemon/config_private.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/pattern.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#define USB_PORT_DEPTH 8 /* a bus and seven ports */

typedef char pattern_text[CLASSIFY_PATTERN_SIZE];

struct slot {
    const struct setting *setting;
    const char *folder;
    size_t item; /* of a list */
    char *target;
};

static bool put_text(const struct slot *place, const char *text)
{
    if (strlen(text) >= place->setting->size)
        return false;
    return text_copy(place->target, place->setting->size, text);
}

static bool put_number(const struct slot *place, int value)
{
    memcpy(place->target, &value, sizeof value);
    return true;
}

static const struct setting_word *find_word(const struct setting *setting, const char *text)
{
    for (const struct setting_word *word = setting->words; word != NULL && word->word != NULL; word++)
        if (text_equal(word->word, text))
            return word;
    return NULL;
}

bool config_is_name(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t length = strspn(text, allowed);
    return length > 0 && length < KEY_SIZE && text[length] == '\0';
}

static bool parse_name(const struct slot *place, const char *text)
{
    bool may_be_empty = place->setting->type == SETTING_REFERENCE || place->setting->least == 0;
    return (config_is_name(text) || (may_be_empty && text[0] == '\0')) && put_text(place, text);
}

static bool parse_choice(const struct slot *place, const char *text)
{
    return find_word(place->setting, text) != NULL && put_text(place, text);
}

static bool parse_word(const struct slot *place, const char *text)
{
    const struct setting_word *word = find_word(place->setting, text);
    return word != NULL && put_number(place, word->value);
}

static bool parse_boolean(const struct slot *place, const char *text)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        bool value = i % 2 == 1;
        if (text_equal(text, words[i])) {
            memcpy(place->target, &value, sizeof value);
            return true;
        }
    }
    return false;
}

static bool parse_number(const struct slot *place, const char *text)
{
    int64_t value;
    if (parse_word(place, text))
        return true;
    if (!text_to_int64(text, &value) || value < place->setting->least || value > place->setting->most)
        return false;
    return put_number(place, (int)value);
}

/* scheme + text, with the folder between them if the text is a relative path. */
static bool put_path(const struct slot *place, const char *scheme, const char *text)
{
    char path[CONFIG_URI_SIZE];
    bool is_relative = text[0] != '/';
    size_t most = place->setting->most > 0 ? (size_t)place->setting->most : place->setting->size - 1;
    if (text[0] == '\0' || !text_is_utf8(text, strlen(text)) || strcspn(text, "\n\r") != strlen(text))
        return false;
    return TEXT_FORMAT(path, "%s%s%s%s", scheme, is_relative ? place->folder : "", is_relative ? "/" : "", text) &&
           strlen(path) <= most && put_text(place, path);
}

/* "" is a value of those whose default it is. */
static bool is_unset(const struct slot *place, const char *text)
{
    return text[0] == '\0' && place->setting->value != NULL && put_text(place, "");
}

static bool parse_path(const struct slot *place, const char *text)
{
    return is_unset(place, text) || put_path(place, "", text);
}

static bool parse_uri(const struct slot *place, const char *text)
{
    if (text_equal(text, CONFIG_OFF) || is_unset(place, text))
        return text[0] == '\0' || parse_choice(place, text);
    for (const struct setting_word *form = place->setting->words; form->word != NULL; form++) {
        size_t length = strlen(form->word);
        if (strncmp(text, form->word, length) != 0 || text[length] == '\0')
            continue;
        return form->value == 1 ? put_path(place, form->word, text + length)
                                : text[strcspn(text, " \t\n\r")] == '\0' && put_text(place, text);
    }
    return false;
}

static bool parse_loopback(const struct slot *place, const char *text)
{
    struct in_addr four;
    struct in6_addr six;
    bool is_loopback = text_equal(text, "localhost") ||
                       (inet_pton(AF_INET, text, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127) ||
                       (inet_pton(AF_INET6, text, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six));
    return is_loopback && put_text(place, text);
}

/* A bus, and behind a hyphen the ports on the way, with dots between them. */
static bool is_usb_port(const char *text)
{
    static const char digits[] = "0123456789";
    for (int place = 0; place < USB_PORT_DEPTH; place++) {
        size_t length = strspn(text, digits);
        char separator = text[length];
        if (length == 0 || length > 3 || text[0] == '0' || (separator == '\0' && place == 0))
            return false;
        if (separator == '\0')
            return true;
        if (separator != (place == 0 ? '-' : '.'))
            return false;
        text += length + 1;
    }
    return false;
}

static bool parse_usb_port(const struct slot *place, const char *text)
{
    return parse_choice(place, text) || (is_usb_port(text) && put_text(place, text));
}

static bool put_pattern(const struct slot *place, const char *text, const char *pattern)
{
    pattern_text *list = (pattern_text *)place->target;
    return place->item < CLASSIFY_RULES && strlen(text) < CLASSIFY_PATTERN_SIZE && pattern[0] != '\0' &&
           pattern_is_valid(pattern) && text_copy(list[place->item], sizeof list[0], text);
}

static bool parse_pattern(const struct slot *place, const char *text)
{
    return put_pattern(place, text, text);
}

static bool parse_carrier(const struct slot *place, const char *text)
{
    char carrier[17];
    const char *equal = strchr(text, '=');
    if (equal == NULL || !text_copy_bytes(carrier, sizeof carrier, text, (size_t)(equal - text)))
        return false;
    return config_is_name(carrier) && put_pattern(place, text, equal + 1);
}

void config_quote(struct buffer *out, const char *text)
{
    bool is_utf8 = text_is_utf8(text, strlen(text));
    buffer_append_byte(out, '"');
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        if (*p < ' ' || *p == 0x7F || (*p > 0x7F && !is_utf8))
            buffer_append_format(out, "\\x%02X", *p);
        else if (strchr("\\\"$", *p) != NULL)
            buffer_append_format(out, "\\%c", *p);
        else
            buffer_append_byte(out, *p);
    }
    buffer_append_byte(out, '"');
}

static void write_text(const struct setting *setting, const char *source, struct buffer *out)
{
    (void)setting;
    config_quote(out, source);
}

static void write_number(const struct setting *setting, const char *source, struct buffer *out)
{
    int value;
    memcpy(&value, source, sizeof value);
    for (const struct setting_word *word = setting->words; word != NULL && word->word != NULL; word++)
        if (word->value == value) {
            buffer_append_text(out, word->word);
            return;
        }
    buffer_append_format(out, "%d", value);
}

static void write_boolean(const struct setting *setting, const char *source, struct buffer *out)
{
    bool value;
    (void)setting;
    memcpy(&value, source, sizeof value);
    buffer_append_text(out, value ? "yes" : "no");
}

static void write_list(const struct setting *setting, const char *source, struct buffer *out)
{
    const char *separator = "{ ";
    (void)setting;
    for (size_t i = 0; i < CLASSIFY_RULES; i++) {
        const char *text = source + i * CLASSIFY_PATTERN_SIZE;
        if (text[0] == '\0')
            continue;
        buffer_append_text(out, separator);
        config_quote(out, text);
        separator = ", ";
    }
    buffer_append_text(out, separator[0] == '{' ? "{}" : " }");
}

static void say_name(const struct setting *setting, struct buffer *out)
{
    (void)setting;
    buffer_append_text(out, "1 to 40 of A-Z a-z 0-9 . _ -");
}

static void say_reference(const struct setting *setting, struct buffer *out)
{
    buffer_append_format(out, "the name of a %s", config_sections[setting->target].name);
}

static void say_text(const struct setting *setting, struct buffer *out)
{
    buffer_append_format(out, "a text of at most %d bytes", setting->most);
}

static void say_words(const struct setting *setting, struct buffer *out)
{
    for (const struct setting_word *word = setting->words; word != NULL && word->word != NULL; word++)
        buffer_append_format(out, "%s%s", word == setting->words ? "" : ", ", word->word);
}

static void say_boolean(const struct setting *setting, struct buffer *out)
{
    (void)setting;
    buffer_append_text(out, "yes, no");
}

static void say_number(const struct setting *setting, struct buffer *out)
{
    buffer_append_format(out, "%d to %d", setting->least, setting->most);
    if (setting->words != NULL)
        buffer_append_text(out, ", ");
    say_words(setting, out);
}

static void say_path(const struct setting *setting, struct buffer *out)
{
    buffer_append_format(out, "a path of at most %d bytes", setting->most);
}

static void say_uri(const struct setting *setting, struct buffer *out)
{
    for (const struct setting_word *form = setting->words; form->word != NULL; form++) {
        static const char *const rests[] = {"<address>:<port>", "<path>", "<port> or <model>/<serial>"};
        const char *rest = rests[form->value];
        buffer_append_format(out, "%s%s%s", form == setting->words ? "" : ", ", form->word,
                             text_equal(form->word, CONFIG_OFF) ? "" : rest);
    }
}

static void say_loopback(const struct setting *setting, struct buffer *out)
{
    (void)setting;
    buffer_append_text(out, "localhost, 127.x.y.z, ::1");
}

static void say_usb_port(const struct setting *setting, struct buffer *out)
{
    say_words(setting, out);
    buffer_append_text(out, ", <bus>-<port>, <bus>-<port>.<port> …");
}

static void say_patterns(const struct setting *setting, struct buffer *out)
{
    buffer_append_format(out, "a list of at most %d %s, each at most %d bytes", CLASSIFY_RULES,
                         setting->type == SETTING_CARRIERS ? "carrier=pattern" : "patterns", CLASSIFY_PATTERN_SIZE - 1);
}

static const struct {
    bool (*parse)(const struct slot *place, const char *text);
    void (*write)(const struct setting *setting, const char *source, struct buffer *out);
    void (*say)(const struct setting *setting, struct buffer *out);
} types[] = {
    [SETTING_NAME] = {parse_name, write_text, say_name},
    [SETTING_REFERENCE] = {parse_name, write_text, say_reference},
    [SETTING_TEXT] = {put_text, write_text, say_text},
    [SETTING_CHOICE] = {parse_choice, write_text, say_words},
    [SETTING_WORD] = {parse_word, write_number, say_words},
    [SETTING_BOOLEAN] = {parse_boolean, write_boolean, say_boolean},
    [SETTING_NUMBER] = {parse_number, write_number, say_number},
    [SETTING_PATH] = {parse_path, write_text, say_path},
    [SETTING_URI] = {parse_uri, write_text, say_uri},
    [SETTING_LOOPBACK] = {parse_loopback, write_text, say_loopback},
    [SETTING_USB_PORT] = {parse_usb_port, write_text, say_usb_port},
    [SETTING_PATTERNS] = {parse_pattern, write_list, say_patterns},
    [SETTING_CARRIERS] = {parse_carrier, write_list, say_patterns},
};
_Static_assert(COUNT_OF(types) == SETTING_TYPE_COUNT, "one row for each type");

const struct setting *config_setting_find(const char *section, const char *name)
{
    for (size_t i = 0; i < config_setting_count; i++)
        if (text_equal(config_sections[config_settings[i].section].name, section) &&
            text_equal(config_settings[i].name, name))
            return &config_settings[i];
    return NULL;
}

bool config_setting_is_list(const struct setting *setting)
{
    return setting->type == SETTING_PATTERNS || setting->type == SETTING_CARRIERS;
}

bool config_value_parse(const struct setting *setting, const char *folder, size_t item, const char *text, void *element)
{
    struct slot place = {setting, folder, item, (char *)element + setting->offset};
    return types[setting->type].parse(&place, text);
}

void config_value_format(const struct setting *setting, const void *element, struct buffer *out)
{
    types[setting->type].write(setting, (const char *)element + setting->offset, out);
}

void config_value_allowed(const struct setting *setting, struct buffer *out)
{
    types[setting->type].say(setting, out);
    if (setting->note != NULL)
        buffer_append_format(out, " (%s)", setting->note);
}
