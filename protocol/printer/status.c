/* SPDX-License-Identifier: Apache-2.0 */
/* A ZPL printer's answers: one table says which field of which ~HS frame means what. */
#include "protocol/printer/status.h"

#include "base/text.h"

#include <string.h>

#define FRAMES 3
#define FIELDS_MAX 12
#define TOKEN_SIZE 96 /* the longest frame has 33 characters; spaces come on top */
#define STX 0x02
#define ETX 0x03

static const size_t frame_fields[FRAMES] = {12, 11, 2};

static const struct condition {
    const char *key;
    unsigned frame, field;
} conditions[] = {
    [PRINTER_PAPER_OUT] = {"paper_out", 0, 1},         [PRINTER_PAUSED] = {"paused", 0, 2},
    [PRINTER_BUFFER_FULL] = {"buffer_full", 0, 5},     [PRINTER_PARTIAL_FORMAT] = {"partial_format", 0, 7},
    [PRINTER_TOO_COLD] = {"too_cold", 0, 10},          [PRINTER_TOO_HOT] = {"too_hot", 0, 11},
    [PRINTER_HEAD_OPEN] = {"head_open", 1, 2},         [PRINTER_RIBBON_OUT] = {"ribbon_out", 1, 3},
    [PRINTER_LABEL_WAITING] = {"label_waiting", 1, 7},
};
_Static_assert(sizeof conditions / sizeof conditions[0] == PRINTER_CONDITION_COUNT, "a row for each condition");

#define FORMATS_WAITING_FIELD 4 /* of frame 1 */
#define LABELS_LEFT_FIELD 8     /* of frame 2 */

struct answer {
    int64_t values[FRAMES][FIELDS_MAX];
    size_t frames; /* read so far; FRAMES = a whole answer */
    bool counted;  /* the counter line is there behind the frames, be it "?" */
    int64_t counter;
};

bool printer_status_clean(const struct printer_status *status)
{
    return status->answered && status->conditions == 0 && status->formats_waiting == 0 && status->labels_left == 0;
}

const char *printer_status_fault(const struct printer_status *status)
{
    if (!status->answered)
        return "silent";
    for (size_t i = 0; i < PRINTER_CONDITION_COUNT; i++)
        if ((status->conditions & (1U << i)) != 0)
            return conditions[i].key;
    return NULL;
}

const char *printer_condition_key(enum printer_condition condition)
{
    return conditions[condition].key;
}

const char *printer_status_query(void)
{
    return "~HS\r\n! U1 getvar \"odometer.total_label_count\"\r\n";
}

/* A field: digits, blanks around them allowed. */
static bool parse_field(char *field, int64_t *ret_value)
{
    field += strspn(field, " ");
    size_t length = strlen(field);
    while (length > 0 && field[length - 1] == ' ')
        field[--length] = '\0';
    return text_is_digits(field) && text_to_int64(field, ret_value);
}

/* Splits text at commas into exactly count numbers. */
static bool parse_fields(const char *text, size_t count, int64_t *ret_values)
{
    char copy[TOKEN_SIZE];
    int64_t values[FIELDS_MAX];
    char *field = copy;
    memcpy(copy, text, strlen(text) + 1);
    for (size_t i = 0; i < count; i++) {
        char *comma = strchr(field, ',');
        if ((comma == NULL) != (i + 1 == count))
            return false;
        if (comma != NULL)
            *comma = '\0';
        if (!parse_field(field, &values[i]))
            return false;
        field = comma != NULL ? comma + 1 : field;
    }
    memcpy(ret_values, values, count * sizeof values[0]);
    return true;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " ")] == '\0';
}

static bool take_first(struct answer *answer, const char *text)
{
    if (!parse_fields(text, frame_fields[0], answer->values[0]))
        return false;
    answer->frames = 1;
    answer->counted = false;
    answer->counter = -1;
    return true;
}

/* Frames come in order; after anything else the answer must begin anew.
   Other text behind a whole answer is no part of it. */
static void take_frame(struct answer *answer, const char *text)
{
    size_t next = answer->frames;
    if (is_blank(text) || take_first(answer, text) || next == FRAMES)
        return;
    bool fits = next != 0 && parse_fields(text, frame_fields[next], answer->values[next]);
    answer->frames = fits ? next + 1 : 0;
}

/* A count in front of the frames is older than they are, or a late answer: no evidence beside them. */
static void take_counter(struct answer *answer, char *text)
{
    int64_t value = -1;
    if (answer->frames != FRAMES)
        return;
    answer->counted = true;
    answer->counter = parse_field(text, &value) ? value : -1;
}

static bool is_separator(char c)
{
    return c == STX || c == ETX || c == '\r' || c == '\n';
}

/* A token counts only with the separator behind it: half of a number is another number. */
static struct answer read_answer(const char *bytes, size_t length)
{
    struct answer answer = {.counter = -1};
    char token[TOKEN_SIZE];
    size_t used = 0;
    bool quoted = false, too_long = false;
    for (size_t i = 0; i < length; i++) {
        bool quote = bytes[i] == '"';
        if (!quote && !is_separator(bytes[i])) {
            too_long = too_long || used + 1 == sizeof token;
            token[used] = bytes[i] != '\0' ? bytes[i] : '?';
            used += too_long ? 0 : 1;
            continue;
        }
        token[too_long ? 0 : used] = '\0';
        if (quote && quoted)
            take_counter(&answer, token);
        else if (!quoted)
            take_frame(&answer, token);
        quoted = quote && !quoted;
        used = 0;
        too_long = false;
    }
    return answer;
}

static struct printer_status to_status(const struct answer *answer)
{
    struct printer_status status = {.answered = true, .counter = answer->counter};
    for (size_t i = 0; i < PRINTER_CONDITION_COUNT; i++)
        if (answer->values[conditions[i].frame][conditions[i].field] != 0)
            status.conditions |= 1U << i;
    int64_t waiting = answer->values[0][FORMATS_WAITING_FIELD];
    status.formats_waiting = waiting < INT32_MAX ? (int)waiting : INT32_MAX;
    status.labels_left = answer->values[1][LABELS_LEFT_FIELD];
    return status;
}

static bool parse(const struct buffer *received, bool need_counter, struct printer_status *ret_status)
{
    struct answer answer = read_answer(buffer_text(received), received->length);
    if (answer.frames != FRAMES || (need_counter && !answer.counted))
        return false;
    *ret_status = to_status(&answer);
    return true;
}

bool printer_status_parse(const struct buffer *received, struct printer_status *ret_status)
{
    return parse(received, true, ret_status);
}

bool printer_status_parse_frames(const struct buffer *received, struct printer_status *ret_status)
{
    return parse(received, false, ret_status);
}
