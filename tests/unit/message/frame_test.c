/* SPDX-License-Identifier: Apache-2.0 */
/* Every verb there and back, every way a message can be wrong, and noise. */
#include "protocol/message/frame.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <string.h>

static size_t frames_of(const char *const *texts, struct frame frames[FEED_FRAMES_MAX + 1])
{
    size_t count = 0;
    for (; texts[count] != NULL; count++)
        frames[count] = frame_of_text(texts[count]);
    return count;
}

static bool same(const struct frame *a, const struct frame *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

static void every_verb_survives_the_way(void)
{
    static const enum feed_side senders[FEED_VERB_COUNT] = {
        [FEED_OPENED] = FEED_STATION, [FEED_EVT] = FEED_STATION, [FEED_IDLE] = FEED_STATION, [FEED_ERR] = FEED_STATION,
        [FEED_RESULT] = FEED_STATION, [FEED_ASK] = FEED_STATION,  [FEED_HELLO] = FEED_STATION};
    for (int verb = 0; verb < FEED_VERB_COUNT; verb++) {
        struct feed_message message = {.verb = (enum feed_verb)verb,
                                       .refusal = FEED_TRUNCATED,
                                       .sequence = INT64_MAX,
                                       .upto = 1042,
                                       .first = 7,
                                       .request = frame_of_text("r-1"),
                                       .type = frame_of_text("t"),
                                       .text = frame_of_text("why"),
                                       .body = frame_of_text("{}")};
        struct feed_message read = {0};
        struct feed_frames built, again;
        enum feed_refusal refusal;
        struct error err;
        enum feed_side sender = senders[verb], other = sender == FEED_STATION ? FEED_CONSUMER : FEED_STATION;
        frame_build(&message, &built);
        CU_ASSERT_STRING_EQUAL(built.frames[0].bytes, feed_verb_word((enum feed_verb)verb));
        CU_ASSERT_TRUE_FATAL(frame_parse(built.frames, built.count, sender, &read, &refusal, &err));
        CU_ASSERT_EQUAL(read.verb, verb);
        frame_build(&read, &again);
        CU_ASSERT_EQUAL_FATAL(built.count, again.count);
        for (size_t i = 0; i < built.count; i++)
            CU_ASSERT_TRUE(same(&built.frames[i], &again.frames[i]));
        CU_ASSERT_FALSE(frame_parse(built.frames, built.count, other, &read, &refusal, &err));
        CU_ASSERT_EQUAL(refusal, FEED_VERSION);
    }
}

static void members_are_read(void)
{
    static const char *const event[] = {"EVT", "990", "1042", "io.returnsd.unit.identified.v1", "{\"a\":1}", NULL};
    static const char *const error[] = {"ERR", "TRUNCATED", "gone", "120", NULL};
    static const char *const short_error[] = {"ERR", "AHEAD", "", NULL};
    struct frame frames[FEED_FRAMES_MAX + 1];
    struct feed_message read;
    enum feed_refusal refusal;
    struct error err;
    CU_ASSERT_TRUE(frame_parse(frames, frames_of(event, frames), FEED_STATION, &read, &refusal, &err));
    CU_ASSERT_EQUAL(read.sequence, 990);
    CU_ASSERT_EQUAL(read.upto, 1042);
    CU_ASSERT_EQUAL(read.type.length, strlen(event[3]));
    CU_ASSERT_PTR_EQUAL(read.body.bytes, event[4]);
    CU_ASSERT_TRUE(frame_parse(frames, frames_of(error, frames), FEED_STATION, &read, &refusal, &err));
    CU_ASSERT_EQUAL(read.refusal, FEED_TRUNCATED);
    CU_ASSERT_EQUAL(read.first, 120);
    CU_ASSERT_TRUE(frame_parse(frames, frames_of(short_error, frames), FEED_STATION, &read, &refusal, &err));
    CU_ASSERT_EQUAL(read.refusal, FEED_AHEAD);
    CU_ASSERT_EQUAL(read.first, 0);
}

static void every_refusal_has_its_word(void)
{
    for (int code = 0; code < FEED_REFUSAL_COUNT; code++) {
        struct feed_message message = {.verb = FEED_ERR, .refusal = (enum feed_refusal)code}, read;
        struct feed_frames built;
        enum feed_refusal refusal;
        frame_build(&message, &built);
        CU_ASSERT_TRUE_FATAL(frame_parse(built.frames, built.count, FEED_STATION, &read, &refusal, NULL));
        CU_ASSERT_EQUAL(read.refusal, code);
    }
}

static void wrong_messages_are_refused(void)
{
    static const struct {
        const char *texts[FEED_FRAMES_MAX + 2];
        enum feed_refusal refusal;
        const char *message;
    } table[] = {
        {{NULL}, FEED_VERSION, "version 1: \"\""},
        {{""}, FEED_VERSION, "version 1: \"\""},
        {{"", "OPEN", "{}"}, FEED_VERSION, "version 1: \"\""},
        {{"open", "{}"}, FEED_VERSION, "version 1: \"open\""},
        {{"OPENX", "{}"}, FEED_VERSION, "version 1: \"OPENX"},
        {{"PUT", "1", "rma.upsert"}, FEED_VERSION, "PUT has 3 frames behind it, not 2"},
        {{"RESULT", "1", "ok", "stored"}, FEED_VERSION, "version 1: \"RESULT"},
        {{"\x01\xFF"}, FEED_VERSION, "version 1: \"\\x01\\xFF\""},
        {{"OPEN"}, FEED_VERSION, "OPEN has 1 frames behind it, not 0"},
        {{"OPEN", "{}", "{}"}, FEED_VERSION, "not 2"},
        {{"PING", ""}, FEED_VERSION, "PING has 0"},
        {{"ACK"}, FEED_VERSION, "ACK has 1"},
        {{"ACK", ""}, FEED_BADSEQ, "number: \"\""},
        {{"ACK", "-1"}, FEED_BADSEQ, "number: \"-1\""},
        {{"ACK", "+1"}, FEED_BADSEQ, "not a sequence number"},
        {{"ACK", " 1"}, FEED_BADSEQ, "not a sequence number"},
        {{"ACK", "01"}, FEED_BADSEQ, "not a sequence number"},
        {{"ACK", "1.0"}, FEED_BADSEQ, "not a sequence number"},
        {{"ACK", "9223372036854775808"}, FEED_BADSEQ, "not a sequence number"},
        {{"ACK", "99999999999999999999"}, FEED_BADSEQ, "not a sequence number"},
        {{"PING", "", "", "", "", "", "", "", ""}, FEED_TOOBIG, "at most 8 frames"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct frame frames[FEED_FRAMES_MAX + 1];
        struct feed_message read = {.sequence = 77};
        enum feed_refusal refusal = FEED_REFUSAL_COUNT;
        struct error err = {0};
        CU_ASSERT_FALSE(frame_parse(frames, frames_of(table[i].texts, frames), FEED_CONSUMER, &read, &refusal, &err));
        CU_ASSERT_EQUAL(read.sequence, 77);
        CU_ASSERT_EQUAL(refusal, table[i].refusal);
        if (strstr(err.message, table[i].message) == NULL)
            printf("\n    \"%s\" lacks \"%s\"\n", err.message, table[i].message);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
}

static void numbers_reach_their_ends(void)
{
    struct feed_message read;
    enum feed_refusal refusal;
    struct frame frames[] = {frame_of_text("ACK"), frame_of_text("0")};
    CU_ASSERT_TRUE(frame_parse(frames, 2, FEED_CONSUMER, &read, &refusal, NULL));
    CU_ASSERT_EQUAL(read.sequence, 0);
    frames[1] = frame_of_text("9223372036854775807");
    CU_ASSERT_TRUE(frame_parse(frames, 2, FEED_CONSUMER, &read, &refusal, NULL));
    CU_ASSERT_EQUAL(read.sequence, INT64_MAX);
    frames[1] = (struct frame){"1\0002", 3};
    CU_ASSERT_FALSE(frame_parse(frames, 2, FEED_CONSUMER, &read, &refusal, NULL));
}

static void a_mebibyte_is_the_end(void)
{
    CLEANUP(memory_free_at) char *bytes = memory_new(FEED_BYTES_MAX, 1);
    struct frame frames[] = {frame_of_text("OPEN"), {bytes, FEED_BYTES_MAX - 4}};
    struct feed_message read;
    enum feed_refusal refusal;
    CU_ASSERT_TRUE(frame_parse(frames, 2, FEED_CONSUMER, &read, &refusal, NULL));
    frames[1].length++;
    CU_ASSERT_FALSE(frame_parse(frames, 2, FEED_CONSUMER, &read, &refusal, NULL));
    CU_ASSERT_EQUAL(refusal, FEED_TOOBIG);
    frames[1].length = SIZE_MAX;
    CU_ASSERT_FALSE(frame_parse(frames, 2, FEED_CONSUMER, &read, &refusal, NULL));
}

/* Frames from a small vocabulary and from noise: what is accepted can be built again. */
static void noise_is_read_or_refused(void)
{
    static const char *const words[] = {"OPEN", "ACK", "PING", "CLOSE", "EVT", "ERR", "IDLE", "TOOBIG", "12", "{}", ""};
    uint64_t state = suite_seed();
    for (int round = 0; round < 20000; round++) {
        char noise[FEED_FRAMES_MAX + 1][24];
        struct frame frames[FEED_FRAMES_MAX + 1];
        size_t count = suite_random(&state) % (FEED_FRAMES_MAX + 2);
        for (size_t i = 0; i < count; i++) {
            frames[i] = frame_of_text(words[suite_random(&state) % COUNT_OF(words)]);
            if (suite_random(&state) % 4 == 0)
                frames[i] = (struct frame){noise[i], suite_random(&state) % sizeof noise[i]};
            for (size_t k = 0; k < sizeof noise[i]; k++)
                noise[i][k] = (char)suite_random(&state);
        }
        struct feed_message read;
        struct feed_frames again;
        enum feed_refusal refusal = FEED_REFUSAL_COUNT;
        enum feed_side sender = suite_random(&state) % 2 == 0 ? FEED_CONSUMER : FEED_STATION;
        if (frame_parse(frames, count, sender, &read, &refusal, NULL)) {
            frame_build(&read, &again);
            CU_ASSERT_TRUE(again.count >= 1 && again.count <= count);
        } else {
            CU_ASSERT_TRUE(refusal < FEED_REFUSAL_COUNT);
        }
    }
}

SUITE("frame", {"every verb survives the way", every_verb_survives_the_way}, {"members are read", members_are_read},
      {"every refusal has its word", every_refusal_has_its_word},
      {"wrong messages are refused", wrong_messages_are_refused},
      {"numbers reach their ends", numbers_reach_their_ends}, {"a mebibyte is the end", a_mebibyte_is_the_end},
      {"noise is read or refused", noise_is_read_or_refused})
