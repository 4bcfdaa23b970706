/* SPDX-License-Identifier: Apache-2.0 */
/* The feed's messages by tables: which frames a verb has, and where in the struct each of them lives. */
#include "protocol/message/frame.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum part {
    PART_NONE,
    PART_REFUSAL,
    PART_SEQUENCE,
    PART_UPTO,
    PART_FIRST,
    PART_REQUEST,
    PART_TYPE,
    PART_TEXT,
    PART_BODY,
    PART_COUNT,
};

enum part_kind { KIND_NUMBER, KIND_BYTES, KIND_REFUSAL };

static const struct part_row {
    enum part_kind kind;
    size_t offset;
} parts[PART_COUNT] = {
    [PART_REFUSAL] = {KIND_REFUSAL, offsetof(struct feed_message, refusal)},
    [PART_SEQUENCE] = {KIND_NUMBER, offsetof(struct feed_message, sequence)},
    [PART_UPTO] = {KIND_NUMBER, offsetof(struct feed_message, upto)},
    [PART_FIRST] = {KIND_NUMBER, offsetof(struct feed_message, first)},
    [PART_REQUEST] = {KIND_BYTES, offsetof(struct feed_message, request)},
    [PART_TYPE] = {KIND_BYTES, offsetof(struct feed_message, type)},
    [PART_TEXT] = {KIND_BYTES, offsetof(struct feed_message, text)},
    [PART_BODY] = {KIND_BYTES, offsetof(struct feed_message, body)},
};

#define PARTS_MAX 4

static const struct verb_row {
    const char *word;
    enum feed_side sender;
    size_t min, max; /* frames behind the word */
    enum part parts[PARTS_MAX];
} verbs[] = {
    [FEED_OPEN] = {"OPEN", FEED_CONSUMER, 1, 1, {PART_BODY}},
    [FEED_OPENED] = {"OPENED", FEED_STATION, 1, 1, {PART_BODY}},
    [FEED_EVT] = {"EVT", FEED_STATION, 4, 4, {PART_SEQUENCE, PART_UPTO, PART_TYPE, PART_BODY}},
    [FEED_ACK] = {"ACK", FEED_CONSUMER, 1, 1, {PART_SEQUENCE}},
    [FEED_IDLE] = {"IDLE", FEED_STATION, 1, 1, {PART_UPTO}},
    [FEED_PING] = {"PING", FEED_CONSUMER, 0, 0, {PART_NONE}},
    [FEED_ERR] = {"ERR", FEED_STATION, 2, 3, {PART_REFUSAL, PART_TEXT, PART_FIRST}},
    [FEED_CLOSE] = {"CLOSE", FEED_CONSUMER, 0, 0, {PART_NONE}},
    [FEED_PUT] = {"PUT", FEED_CONSUMER, 3, 3, {PART_REQUEST, PART_TYPE, PART_BODY}},
    [FEED_RESULT] = {"RESULT", FEED_STATION, 3, 3, {PART_REQUEST, PART_TYPE, PART_TEXT}},
    [FEED_ASK] = {"ASK", FEED_STATION, 3, 3, {PART_REQUEST, PART_TYPE, PART_BODY}},
    [FEED_ANSWER] = {"ANSWER", FEED_CONSUMER, 2, 2, {PART_REQUEST, PART_BODY}},
    [FEED_HELLO] = {"HELLO", FEED_STATION, 1, 1, {PART_BODY}},
};
_Static_assert(sizeof verbs / sizeof verbs[0] == FEED_VERB_COUNT, "a row for each verb");

static const char *const refusals[] = {
    [FEED_NOSESSION] = "NOSESSION", [FEED_TRUNCATED] = "TRUNCATED", [FEED_AHEAD] = "AHEAD",
    [FEED_REPLACED] = "REPLACED",   [FEED_DENIED] = "DENIED",       [FEED_VERSION] = "VERSION",
    [FEED_BADSEQ] = "BADSEQ",       [FEED_TOOBIG] = "TOOBIG",
};
_Static_assert(sizeof refusals / sizeof refusals[0] == FEED_REFUSAL_COUNT, "a word for each refusal");

const char *feed_verb_word(enum feed_verb verb)
{
    return verbs[verb].word;
}

const char *feed_refusal_word(enum feed_refusal refusal)
{
    return refusals[refusal];
}

struct frame frame_of_text(const char *text)
{
    return (struct frame){text, strlen(text)};
}

static bool frame_is(const struct frame *frame, const char *word)
{
    return frame->length == strlen(word) && memcmp(frame->bytes, word, frame->length) == 0;
}

/* One spelling for each number: digits only, no leading zero. */
static bool parse_number(const struct frame *frame, int64_t *ret_number)
{
    char digits[20];
    if (frame->length == 0 || frame->length >= sizeof digits)
        return false;
    memcpy(digits, frame->bytes, frame->length);
    digits[frame->length] = '\0';
    bool plain = strlen(digits) == frame->length && text_is_digits(digits) && (digits[0] != '0' || frame->length == 1);
    return plain && text_to_int64(digits, ret_number);
}

static bool parse_refusal(const struct frame *frame, enum feed_refusal *ret_refusal)
{
    for (int i = 0; i < FEED_REFUSAL_COUNT; i++)
        if (frame_is(frame, refusals[i])) {
            *ret_refusal = (enum feed_refusal)i;
            return true;
        }
    return false;
}

static bool refuse(enum feed_refusal refusal, const struct frame *frame, const char *why,
                   enum feed_refusal *ret_refusal, struct error *err)
{
    char shown[48];
    text_escape(shown, sizeof shown, frame->bytes, frame->length);
    *ret_refusal = refusal;
    return error_set(err, ERROR_INVALID, "%s: \"%s\"", why, shown);
}

static bool parse_part(const struct frame *frame, const struct part_row *part, struct feed_message *message,
                       enum feed_refusal *ret_refusal, struct error *err)
{
    char *member = (char *)message + part->offset;
    if (part->kind == KIND_BYTES)
        memcpy(member, frame, sizeof *frame);
    else if (part->kind == KIND_NUMBER && !parse_number(frame, (int64_t *)(void *)member))
        return refuse(FEED_BADSEQ, frame, "not a sequence number", ret_refusal, err);
    else if (part->kind == KIND_REFUSAL && !parse_refusal(frame, (enum feed_refusal *)(void *)member))
        return refuse(FEED_VERSION, frame, "no such error in version 1", ret_refusal, err);
    return true;
}

static bool check_size(const struct frame *frames, size_t count, enum feed_refusal *ret_refusal, struct error *err)
{
    size_t left = FEED_BYTES_MAX;
    bool fits = count <= FEED_FRAMES_MAX;
    for (size_t i = 0; fits && i < count; i++) {
        fits = frames[i].length <= left;
        left -= fits ? frames[i].length : 0;
    }
    if (fits)
        return true;
    *ret_refusal = FEED_TOOBIG;
    return error_set(err, ERROR_TOO_BIG, "a message has at most %d frames and %zu bytes", FEED_FRAMES_MAX,
                     FEED_BYTES_MAX);
}

static bool find_verb(const struct frame *word, enum feed_side sender, enum feed_verb *ret_verb,
                      enum feed_refusal *ret_refusal, struct error *err)
{
    for (int i = 0; i < FEED_VERB_COUNT; i++)
        if (verbs[i].sender == sender && frame_is(word, verbs[i].word)) {
            *ret_verb = (enum feed_verb)i;
            return true;
        }
    return refuse(FEED_VERSION, word, "no such message in version 1", ret_refusal, err);
}

bool frame_parse(const struct frame *frames, size_t count, enum feed_side sender, struct feed_message *ret_message,
                 enum feed_refusal *ret_refusal, struct error *err)
{
    static const struct frame nothing = {"", 0};
    struct feed_message message = {0};
    if (!check_size(frames, count, ret_refusal, err) ||
        !find_verb(count > 0 ? frames : &nothing, sender, &message.verb, ret_refusal, err))
        return false;
    const struct verb_row *row = &verbs[message.verb];
    if (count - 1 < row->min || count - 1 > row->max) {
        *ret_refusal = FEED_VERSION;
        return error_set(err, ERROR_INVALID, "%s has %zu frames behind it, not %zu", row->word, row->max, count - 1);
    }
    for (size_t i = 0; i + 1 < count; i++)
        if (!parse_part(&frames[i + 1], &parts[row->parts[i]], &message, ret_refusal, err))
            return false;
    *ret_message = message;
    return true;
}

static struct frame build_part(const struct part_row *part, const struct feed_message *message, char digits[20])
{
    const char *member = (const char *)message + part->offset;
    struct frame bytes;
    int64_t number;
    switch (part->kind) {
    case KIND_REFUSAL:
        return frame_of_text(refusals[message->refusal]);
    case KIND_NUMBER:
        memcpy(&number, member, sizeof number);
        assert(number >= 0);
        snprintf(digits, 20, "%lld", (long long)number);
        return frame_of_text(digits);
    case KIND_BYTES:
    default:
        memcpy(&bytes, member, sizeof bytes);
        return bytes;
    }
}

void frame_build(const struct feed_message *message, struct feed_frames *ret_frames)
{
    const struct verb_row *row = &verbs[message->verb];
    size_t behind = message->verb == FEED_ERR && message->first == 0 ? row->min : row->max;
    ret_frames->frames[0] = frame_of_text(row->word);
    for (size_t i = 0; i < behind; i++)
        ret_frames->frames[i + 1] = build_part(&parts[row->parts[i]], message, ret_frames->numbers[i]);
    ret_frames->count = behind + 1;
}
