/* SPDX-License-Identifier: Apache-2.0 */
/* Keys come in two styles, values with blanks around them, and only the first colon separates. */
#include "protocol/printer/device_id.h"

#include "base/memory.h"

#include <string.h>
#include <strings.h>

#define LENGTH_SIZE 2

struct span {
    const char *start;
    size_t length;
};

static bool is_blank(char byte)
{
    return (unsigned char)byte <= ' ' || byte == 0x7F;
}

static struct span trim(struct span span)
{
    while (span.length > 0 && is_blank(span.start[0])) {
        span.start++;
        span.length--;
    }
    while (span.length > 0 && is_blank(span.start[span.length - 1]))
        span.length--;
    return span;
}

/* Takes what is in front of the next separator off rest. */
static struct span cut(struct span *rest, char separator)
{
    const char *found = memchr(rest->start, separator, rest->length);
    struct span front = {rest->start, found != NULL ? (size_t)(found - rest->start) : rest->length};
    size_t used = front.length + (found != NULL);
    rest->start += used;
    rest->length -= used;
    return trim(front);
}

static bool is_word(struct span span, const char *word)
{
    return span.length == strlen(word) && strncasecmp(span.start, word, span.length) == 0;
}

static void copy(char *target, size_t size, struct span value)
{
    size_t length = value.length < size - 1 ? value.length : size - 1;
    for (size_t i = 0; i < length; i++)
        target[i] = is_blank(value.start[i]) ? ' ' : value.start[i];
    target[length] = '\0';
}

static void take_maker(struct device_id *id, struct span value)
{
    copy(id->maker, sizeof id->maker, value);
}

static void take_model(struct device_id *id, struct span value)
{
    copy(id->model, sizeof id->model, value);
}

static void take_serial(struct device_id *id, struct span value)
{
    copy(id->serial, sizeof id->serial, value);
}

/* "ZPL", "EPL,ZPL", "ZPL II": the first word of each. */
static void take_commands(struct device_id *id, struct span value)
{
    id->has_commands = true;
    while (value.length > 0) {
        struct span name = cut(&value, ',');
        struct span word = cut(&name, ' ');
        id->speaks_zpl |= is_word(word, "ZPL") || is_word(word, "ZPL2") || is_word(word, "ZPLII");
    }
}

static const struct {
    const char *key;
    void (*take)(struct device_id *id, struct span value);
} keys[] = {
    {"MFG", take_maker},      {"MANUFACTURER", take_maker},     {"MDL", take_model},
    {"MODEL", take_model},    {"SN", take_serial},              {"SERN", take_serial},
    {"SERIAL", take_serial},  {"SERIALNUMBER", take_serial},    {"SERIAL NUMBER", take_serial},
    {"CMD", take_commands},   {"COMMAND SET", take_commands},
};

static void take_pair(struct device_id *id, struct span pair)
{
    struct span key = cut(&pair, ':');
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (is_word(key, keys[i].key))
            keys[i].take(id, trim(pair));
}

static struct span text_of(const uint8_t *bytes, size_t length)
{
    if (length <= LENGTH_SIZE)
        return (struct span){"", 0};
    size_t told = (size_t)bytes[0] << 8 | bytes[1];
    bool is_good = told > LENGTH_SIZE && told <= length;
    return (struct span){(const char *)bytes + LENGTH_SIZE, (is_good ? told : length) - LENGTH_SIZE};
}

bool device_id_parse(const uint8_t *bytes, size_t length, struct device_id *ret_id)
{
    struct span rest = text_of(bytes, length);
    if (trim(rest).length == 0)
        return false;
    *ret_id = (struct device_id){0};
    while (rest.length > 0)
        take_pair(ret_id, cut(&rest, ';'));
    return true;
}
