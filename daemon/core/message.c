/* SPDX-License-Identifier: Apache-2.0 */
/* Building messages and storing them as one line. */
#include "daemon/core/message.h"

#include "base/text.h"

#include <string.h>

#define SEPARATOR '\x1F'

#define MESSAGE_NAME(identifier, key) [MESSAGE_##identifier] = key,
static const char *const keys[MESSAGE_COUNT] = {MESSAGES(MESSAGE_NAME)};
#undef MESSAGE_NAME

struct message message_of(enum message_key key)
{
    return (struct message){.key = key};
}

struct message message_text(struct message message, int index, const char *text)
{
    message.args[index].kind = ARG_TEXT;
    text_escape(message.args[index].text, MESSAGE_ARG_SIZE, text, strlen(text));
    return message;
}

struct message message_number(struct message message, int index, int64_t number)
{
    message.args[index].kind = ARG_NUMBER;
    message.args[index].number = number;
    return message;
}

struct message message_word(struct message message, int index, const char *group, const char *word)
{
    message.args[index].kind = ARG_KEY;
    struct buffer key = BUFFER_EMPTY;
    buffer_append_format(&key, "%s.%s", group, word);
    TEXT_COPY(message.args[index].text, buffer_text(&key));
    buffer_done(&key);
    return message;
}

struct message message_local(struct message message, int index, const char *en, const char *fr)
{
    message = message_text(message_text(message, index, en), index + 1, fr);
    message.args[index].kind = ARG_LOCAL;
    return message;
}

const char *message_key_name(enum message_key key)
{
    return key < MESSAGE_COUNT ? keys[key] : "none";
}

void message_encode(const struct message *message, struct buffer *buffer)
{
    static const char kinds[] = {[ARG_NONE] = '-', [ARG_TEXT] = 't', [ARG_NUMBER] = 'n', [ARG_KEY] = 'k',
                                 [ARG_LOCAL] = 'l'};
    buffer_append_text(buffer, message_key_name(message->key));
    for (int i = 0; i < MESSAGE_ARGS_MAX; i++) {
        const struct message_arg *arg = &message->args[i];
        if (arg->kind == ARG_NUMBER)
            buffer_append_format(buffer, "%c%c%lld", SEPARATOR, kinds[arg->kind], (long long)arg->number);
        else
            buffer_append_format(buffer, "%c%c%s", SEPARATOR, kinds[arg->kind], arg->kind == ARG_NONE ? "" : arg->text);
    }
}

static bool find_key(const char *name, size_t length, enum message_key *ret_key)
{
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        if (strlen(keys[i]) == length && strncmp(keys[i], name, length) == 0) {
            *ret_key = (enum message_key)i;
            return true;
        }
    }
    return false;
}

static bool decode_arg(const char *text, size_t length, struct message_arg *ret_arg)
{
    char value[MESSAGE_ARG_SIZE];
    if (length == 0 || !text_copy_bytes(value, sizeof value, text + 1, length - 1))
        return false;
    switch (text[0]) {
    case '-':
        return true;
    case 'n':
        ret_arg->kind = ARG_NUMBER;
        return text_to_int64(value, &ret_arg->number);
    case 't':
    case 'k':
    case 'l':
        ret_arg->kind = text[0] == 't' ? ARG_TEXT : text[0] == 'k' ? ARG_KEY : ARG_LOCAL;
        memcpy(ret_arg->text, value, sizeof value);
        return true;
    default:
        return false;
    }
}

bool message_decode(const char *text, struct message *ret_message)
{
    struct message message = {0};
    const char *end = strchrnul(text, SEPARATOR);
    if (!find_key(text, (size_t)(end - text), &message.key))
        return false;
    for (int i = 0; i < MESSAGE_ARGS_MAX && *end != '\0'; i++) {
        const char *start = end + 1;
        end = strchrnul(start, SEPARATOR);
        if (!decode_arg(start, (size_t)(end - start), &message.args[i]))
            return false;
    }
    if (*end != '\0')
        return false;
    *ret_message = message;
    return true;
}
