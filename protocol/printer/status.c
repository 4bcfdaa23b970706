/* SPDX-License-Identifier: Apache-2.0 */
/* A ZPL printer's answers: tables say which field of which ~HS frame and which bit of ~HQES means what. */
#include "protocol/printer/status.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define FRAMES 3
#define FIELDS_MAX 12
#define TOKEN_SIZE 96 /* the longest frame has 33 characters, a line of ^HH 40; spaces come on top */
#define STX 0x02
#define ETX 0x03

static const size_t frame_fields[FRAMES] = {12, 11, 2};

#define NO_FRAME FRAMES

static const struct condition {
    const char *key;
    unsigned frame, field; /* of ~HS; NO_FRAME = ~HQES alone knows it */
    uint32_t errors;       /* bits of the second word of ~HQES */
} conditions[] = {
    [PRINTER_PAPER_OUT] = {"paper_out", 0, 1, 0x1},
    [PRINTER_PAUSED] = {"paused", 0, 2, 0x10000},
    [PRINTER_BUFFER_FULL] = {"buffer_full", 0, 5, 0},
    [PRINTER_PARTIAL_FORMAT] = {"partial_format", 0, 7, 0},
    [PRINTER_TOO_COLD] = {"too_cold", 0, 10, 0},
    [PRINTER_TOO_HOT] = {"too_hot", 0, 11, 0x30},
    [PRINTER_HEAD_OPEN] = {"head_open", 1, 2, 0x4},
    [PRINTER_RIBBON_OUT] = {"ribbon_out", 1, 3, 0x2},
    [PRINTER_LABEL_WAITING] = {"label_waiting", 1, 7, 0},
    [PRINTER_CUTTER] = {"cutter", NO_FRAME, 0, 0x8},
    [PRINTER_JAM] = {"jam", NO_FRAME, 0, 0xF000},
    [PRINTER_HEAD_FAULT] = {"head_fault", NO_FRAME, 0, 0x2C0},
    [PRINTER_OTHER_FAULT] = {"other_fault", NO_FRAME, 0, 0},
};
_Static_assert(sizeof conditions / sizeof conditions[0] == PRINTER_CONDITION_COUNT, "a row for each condition");

#define FORMATS_WAITING_FIELD 4 /* of frame 1 */
#define LABELS_LEFT_FIELD 8     /* of frame 2 */

struct answer {
    int64_t values[FRAMES][FIELDS_MAX];
    size_t frames;     /* read so far; FRAMES = a whole answer */
    unsigned answered; /* bits of enum printer_question, but for the frames */
    int64_t counter;   /* the newest one behind the frames */
    uint32_t errors;
    int64_t dots_per_mm;
    char model[48];
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
    answer->answered &= QUESTION_BIT(QUESTION_MODEL);
    answer->counter = -1;
    answer->errors = 0;
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
    answer->answered |= QUESTION_BIT(QUESTION_ODOMETER);
    answer->counter = parse_field(text, &value) ? value : -1;
}

/* "1,234 LABELS    NONRESET CNTR", one line of many in the answer to ^HH. */
static bool take_labels(struct answer *answer, const char *text)
{
    char digits[24] = "";
    size_t used = 0;
    text += strspn(text, " ");
    for (; (*text >= '0' && *text <= '9') || *text == ','; text++)
        if (*text != ',' && used + 1 < sizeof digits)
            digits[used++] = *text;
    text += strspn(text, " ");
    if (used == 0 || strncmp(text, "LABELS", 6) != 0 || strstr(text, "NONRESET CNTR") == NULL)
        return false;
    if (answer->frames == FRAMES && text_to_int64(digits, &answer->counter))
        answer->answered |= QUESTION_BIT(QUESTION_LABELS);
    return true;
}

/* "ERRORS:  1 00000000 00010004": a flag and two words, of which the second has the bits that we know. */
static bool take_errors(struct answer *answer, const char *text)
{
    unsigned flag, high, low;
    if (sscanf(text, " ERRORS: %1u %8x %8x", &flag, &high, &low) != 3)
        return false;
    answer->errors = high != 0 ? UINT32_MAX : low; /* bits of the first word are in nobody's list */
    if (flag != 0 && answer->errors == 0)
        answer->errors = UINT32_MAX;
    if (answer->frames == FRAMES)
        answer->answered |= QUESTION_BIT(QUESTION_ERRORS);
    return true;
}

/* "ZTC ZD220-203dpi ZPL,V84.20.18Z,8,8192KB": model, firmware, dots a millimetre. */
static bool take_model(struct answer *answer, const char *text)
{
    char model[48], firmware[32];
    int dots = 0;
    if (sscanf(text, " %47[^,],%31[^,],%2d,", model, firmware, &dots) != 3 || text_is_digits(model) || dots <= 0)
        return false;
    TEXT_COPY(answer->model, model);
    answer->dots_per_mm = dots;
    answer->answered |= QUESTION_BIT(QUESTION_MODEL);
    return true;
}

static void take_line(struct answer *answer, const char *text)
{
    if (!take_model(answer, text) && !take_errors(answer, text) && !take_labels(answer, text))
        take_frame(answer, text);
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
            take_line(&answer, token);
        quoted = quote && !quoted;
        used = 0;
        too_long = false;
    }
    return answer;
}

static uint32_t conditions_of(const struct answer *answer)
{
    uint32_t found = 0, known = 0;
    for (size_t i = 0; i < PRINTER_CONDITION_COUNT; i++) {
        const struct condition *row = &conditions[i];
        bool in_frame = row->frame != NO_FRAME && answer->values[row->frame][row->field] != 0;
        found |= in_frame || (answer->errors & row->errors) != 0 ? 1U << i : 0;
        known |= row->errors;
    }
    return (answer->errors & ~known) != 0 ? found | 1U << PRINTER_OTHER_FAULT : found;
}

unsigned printer_status_parse(const struct buffer *received, struct printer_status *ret_status)
{
    struct answer answer = read_answer(buffer_text(received), received->length);
    struct printer_status status = PRINTER_STATUS_SILENT;
    TEXT_COPY(status.model, answer.model);
    status.dots_per_mm = (int)answer.dots_per_mm;
    if (answer.frames == FRAMES) {
        int64_t waiting = answer.values[0][FORMATS_WAITING_FIELD];
        status.answered = true;
        status.conditions = conditions_of(&answer);
        status.formats_waiting = waiting < INT32_MAX ? (int)waiting : INT32_MAX;
        status.labels_left = answer.values[1][LABELS_LEFT_FIELD];
        status.counter = answer.counter;
        answer.answered |= QUESTION_BIT(QUESTION_FRAMES);
    }
    *ret_status = status;
    return answer.answered;
}

void printer_status_ask(unsigned questions, struct buffer *target)
{
    static const char *const bytes[QUESTION_COUNT] = {
        [QUESTION_MODEL] = "~HI\r\n",
        [QUESTION_FRAMES] = "~HS\r\n",
        [QUESTION_ODOMETER] = "! U1 getvar \"odometer.total_label_count\"\r\n",
        [QUESTION_LABELS] = "^XA^HH^XZ\r\n",
        [QUESTION_ERRORS] = "~HQES\r\n",
    };
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if ((questions & QUESTION_BIT(i)) != 0)
            buffer_append_text(target, bytes[i]);
}
