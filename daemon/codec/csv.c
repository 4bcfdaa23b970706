/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV reader: a table of states and an engine that walks it. */
#include "daemon/codec/csv.h"

#include "base/text.h"

#include <string.h>

enum state { STATE_START, STATE_PLAIN, STATE_QUOTED, STATE_QUOTE, STATE_RETURN, STATE_COUNT };
enum letter { LETTER_OTHER, LETTER_QUOTE, LETTER_DELIMITER, LETTER_FEED, LETTER_RETURN, LETTER_NUL, LETTER_COUNT };
enum action { ACTION_SKIP, ACTION_KEEP, ACTION_FIELD, ACTION_RECORD, ACTION_BAD };

struct step {
    enum state next;
    enum action action;
    const char *reason; /* ACTION_BAD */
};

#define NUL_BYTE {STATE_START, ACTION_BAD, "has a NUL byte"}
#define LONE_RETURN {STATE_START, ACTION_BAD, "has a carriage return without a line feed"}
#define BEHIND_QUOTE {STATE_START, ACTION_BAD, "has text behind a closing quote"}

static const struct step steps[STATE_COUNT][LETTER_COUNT] = {
    [STATE_START] = {
        [LETTER_OTHER] = {STATE_PLAIN, ACTION_KEEP, NULL},
        [LETTER_QUOTE] = {STATE_QUOTED, ACTION_SKIP, NULL},
        [LETTER_DELIMITER] = {STATE_START, ACTION_FIELD, NULL},
        [LETTER_FEED] = {STATE_START, ACTION_RECORD, NULL},
        [LETTER_RETURN] = {STATE_RETURN, ACTION_SKIP, NULL},
        [LETTER_NUL] = NUL_BYTE,
    },
    [STATE_PLAIN] = {
        [LETTER_OTHER] = {STATE_PLAIN, ACTION_KEEP, NULL},
        [LETTER_QUOTE] = {STATE_START, ACTION_BAD, "has a quote inside a cell that does not begin with one"},
        [LETTER_DELIMITER] = {STATE_START, ACTION_FIELD, NULL},
        [LETTER_FEED] = {STATE_START, ACTION_RECORD, NULL},
        [LETTER_RETURN] = {STATE_RETURN, ACTION_SKIP, NULL},
        [LETTER_NUL] = NUL_BYTE,
    },
    [STATE_QUOTED] = {
        [LETTER_OTHER] = {STATE_QUOTED, ACTION_KEEP, NULL},
        [LETTER_QUOTE] = {STATE_QUOTE, ACTION_SKIP, NULL},
        [LETTER_DELIMITER] = {STATE_QUOTED, ACTION_KEEP, NULL},
        [LETTER_FEED] = {STATE_QUOTED, ACTION_KEEP, NULL},
        [LETTER_RETURN] = {STATE_QUOTED, ACTION_KEEP, NULL},
        [LETTER_NUL] = NUL_BYTE,
    },
    [STATE_QUOTE] = {
        [LETTER_OTHER] = BEHIND_QUOTE,
        [LETTER_QUOTE] = {STATE_QUOTED, ACTION_KEEP, NULL},
        [LETTER_DELIMITER] = {STATE_START, ACTION_FIELD, NULL},
        [LETTER_FEED] = {STATE_START, ACTION_RECORD, NULL},
        [LETTER_RETURN] = {STATE_RETURN, ACTION_SKIP, NULL},
        [LETTER_NUL] = NUL_BYTE,
    },
    [STATE_RETURN] = {
        [LETTER_OTHER] = LONE_RETURN,
        [LETTER_QUOTE] = LONE_RETURN,
        [LETTER_DELIMITER] = LONE_RETURN,
        [LETTER_FEED] = {STATE_START, ACTION_RECORD, NULL},
        [LETTER_RETURN] = LONE_RETURN,
        [LETTER_NUL] = NUL_BYTE,
    },
};

static enum letter letter_of(char c, char delimiter)
{
    if (c == delimiter)
        return LETTER_DELIMITER;
    switch (c) {
    case '"':
        return LETTER_QUOTE;
    case '\n':
        return LETTER_FEED;
    case '\r':
        return LETTER_RETURN;
    case '\0':
        return LETTER_NUL;
    default:
        return LETTER_OTHER;
    }
}

size_t csv_mark(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

char csv_delimiter(const char *bytes, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length && bytes[i] != '\n'; i++) {
        if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == ',' || bytes[i] == ';'))
            return bytes[i];
    }
    return ',';
}

/* The record cannot be read: the next physical line may. Which one that is may be behind the bytes at hand. */
static enum csv_result bad(const char *bytes, size_t length, bool last, const char *reason, struct csv_record *record,
                           struct error *err)
{
    const char *feed = memchr(bytes, '\n', length);
    if (feed == NULL && !last && length <= CSV_RECORD_MAX)
        return CSV_MORE;
    record->size = feed != NULL ? (size_t)(feed - bytes) + 1 : length;
    record->lines = feed != NULL;
    record->count = 0;
    error_set(err, ERROR_INVALID, "%s", reason);
    return CSV_BAD;
}

/* Fields being cut out of the record: text is filled from its start, each field from where the one before it ends. */
struct cutter {
    struct csv_record *record;
    size_t used, start;
};

static bool end_field(struct cutter *cutter)
{
    struct csv_record *record = cutter->record;
    if (record->count == CSV_FIELDS_MAX)
        return false;
    record->text[cutter->used++] = '\0';
    record->fields[record->count++] = record->text + cutter->start;
    cutter->start = cutter->used;
    return true;
}

/* A line without a character has no field; else the last one ends here. */
static bool end_record(struct cutter *cutter, size_t size)
{
    cutter->record->size = size;
    return (cutter->record->count == 0 && cutter->used == 0) || end_field(cutter);
}

static const char too_many_fields[] = "has more than 100 cells";
_Static_assert(CSV_FIELDS_MAX == 100, "as the message says");

static enum csv_result at_end(const char *bytes, size_t length, bool last, enum state state, struct cutter *cutter,
                              struct error *err)
{
    if (length > CSV_RECORD_MAX)
        return bad(bytes, length, last, "is longer than 64 KiB; a quote may not be closed", cutter->record, err);
    if (!last)
        return CSV_MORE;
    if (length == 0)
        return CSV_END;
    if (state == STATE_QUOTED)
        return bad(bytes, length, last, "has a quote that is not closed", cutter->record, err);
    if (state == STATE_RETURN)
        return bad(bytes, length, last, steps[STATE_RETURN][LETTER_OTHER].reason, cutter->record, err);
    return end_record(cutter, length) ? CSV_RECORD : bad(bytes, length, last, too_many_fields, cutter->record, err);
}

enum csv_result csv_read(const char *bytes, size_t length, bool last, char delimiter, struct csv_record *record,
                         struct error *err)
{
    struct cutter cutter = {.record = record};
    enum state state = STATE_START;
    record->count = record->lines = 0;
    for (size_t i = 0; i < length && i < CSV_RECORD_MAX; i++) {
        enum letter letter = letter_of(bytes[i], delimiter);
        const struct step *step = &steps[state][letter];
        record->lines += letter == LETTER_FEED;
        state = step->next;
        if (step->action == ACTION_KEEP)
            record->text[cutter.used++] = bytes[i];
        else if (step->action == ACTION_FIELD && !end_field(&cutter))
            return bad(bytes, length, last, too_many_fields, record, err);
        else if (step->action == ACTION_RECORD)
            return end_record(&cutter, i + 1) ? CSV_RECORD : bad(bytes, length, last, too_many_fields, record, err);
        else if (step->action == ACTION_BAD)
            return bad(bytes, length, last, step->reason, record, err);
    }
    return at_end(bytes, length, last, state, &cutter, err);
}

bool csv_is_blank(const struct csv_record *record)
{
    for (int i = 0; i < record->count; i++)
        if (record->fields[i][0] != '\0')
            return false;
    return true;
}

void csv_guess(const char *bytes, size_t length, char delimiter, int column, char *target, size_t size)
{
    const char *end = memchr(bytes, '\n', length);
    const char *stop = end != NULL ? end : bytes + length;
    const char *start = bytes;
    for (; column > 0 && start != NULL; column--) {
        start = memchr(start, delimiter, (size_t)(stop - start));
        start = start != NULL ? start + 1 : NULL;
    }
    target[0] = '\0';
    if (start == NULL)
        return;
    const char *next = memchr(start, delimiter, (size_t)(stop - start));
    if (next != NULL)
        stop = next;
    while (start < stop && *start == '"')
        start++;
    while (start < stop && (stop[-1] == '"' || stop[-1] == '\r'))
        stop--;
    text_copy_bytes(target, size, start, (size_t)(stop - start));
}
