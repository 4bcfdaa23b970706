/* SPDX-License-Identifier: Apache-2.0 */
/* Labels of carriers: theirs to get right, ours to see that the printer is the same after them. */
#include "protocol/label/foreign.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/label/command.h"

#include <string.h>

/* ^BC, ^B7, ^BY …: drawn by the printer, and nothing of it stays there. */
static bool is_barcode(const struct zpl_command *command)
{
    char kind = command->text[2];
    return command->text[0] == '^' && command->text[1] == 'B' &&
           ((kind >= 'A' && kind <= 'Z') || (kind >= '0' && kind <= '9'));
}

#define BLANKS " \t\r\n"

/* Only blanks: what is no command is one to some printers ("! U1 …"). */
static bool is_blank(const char *text, size_t length)
{
    return strspn(text, BLANKS) >= length;
}

/* What stays in force for the labels after it: only as our own labels take it for granted, "" = not at all. */
static const struct {
    enum zpl_name name;
    const char *value;
} lasting[] = {{ZPL_PO, "N"}, {ZPL_LT, "0"}, {ZPL_LS, "0"}, {ZPL_FW, "N"}, {ZPL_MD, ""}, {ZPL_PR, ""}};

static bool check_lasting(const struct zpl_command *command, struct error *reason)
{
    for (size_t i = 0; i < COUNT_OF(lasting); i++) {
        bool is_neutral = lasting[i].value[0] != '\0' && command->data[0] == lasting[i].value[0] &&
                          is_blank(command->data + 1, command->length - 1);
        if (command->name == lasting[i].name && !is_neutral)
            return error_set(reason, ERROR_INVALID, "zpl: %s%s%s is refused: it stays in force for the labels after it",
                             command->text, lasting[i].value[0] != '\0' ? " other than " : "", lasting[i].value);
    }
    return true;
}

static bool check_command(const struct zpl_command *command, struct error *reason)
{
    if (command->name == ZPL_OTHER && !is_barcode(command))
        return error_set(reason, ERROR_INVALID, "zpl: %s is refused: %s", command->text, zpl_refusal(command));
    return command->name != ZPL_PQ || (command->data[0] == '1' && is_blank(command->data + 1, command->length - 1)) ||
           error_set(reason, ERROR_INVALID, "zpl: ^PQ must be ^PQ1");
}

static bool check_bytes(const char *zpl, struct error *reason)
{
    for (const char *p = zpl; *p != '\0'; p++)
        if (((unsigned char)*p < ' ' && strchr(BLANKS, *p) == NULL) || *p == '\x7F')
            return error_set(reason, ERROR_INVALID, "zpl: holds a control character");
    return true;
}

bool zpl_check_foreign(const char *zpl, struct error *reason)
{
    const char *end = zpl + strlen(zpl);
    struct zpl_command command = {0};
    size_t count = 0;
    enum zpl_name last = ZPL_OTHER;
    if (!check_bytes(zpl, reason))
        return false;
    for (const char *cursor = zpl; zpl_next(&cursor, end, &command); count++) {
        if (!check_command(&command, reason) || !check_lasting(&command, reason))
            return false;
        if ((command.name == ZPL_XA) != (count == 0) || last == ZPL_XZ ||
            (count == 0 && !is_blank(zpl, (size_t)(command.at - zpl))))
            return error_set(reason, ERROR_INVALID, "zpl: must be one label, from ^XA to ^XZ");
        last = command.name;
    }
    return (last == ZPL_XZ && is_blank(command.data, command.length)) ||
           error_set(reason, ERROR_INVALID, "zpl: must be one label, from ^XA to ^XZ");
}

void zpl_force_one_copy(struct buffer *zpl)
{
    const char *begin = buffer_text(zpl), *cursor = begin;
    struct zpl_command command = {.at = begin};
    bool is_said = false;
    while (zpl_next(&cursor, begin + zpl->length, &command))
        is_said |= command.name == ZPL_PQ;
    if (is_said)
        return;
    struct buffer forced = BUFFER_EMPTY;
    size_t head = (size_t)(command.at - begin);
    buffer_append(&forced, begin, head);
    buffer_append_text(&forced, "^PQ1");
    buffer_append(&forced, begin + head, zpl->length - head);
    buffer_done(zpl);
    *zpl = forced;
}
