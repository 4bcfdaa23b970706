/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/printer/status.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define FRAME_1                                                                                                        \
    "\x02"                                                                                                             \
    "030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
#define FRAME_2                                                                                                        \
    "\x02"                                                                                                             \
    "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n"
#define FRAME_3                                                                                                        \
    "\x02"                                                                                                             \
    "1234,0\x03\r\n"
#define CLEAN FRAME_1 FRAME_2 FRAME_3

#define FRAMES_AND_COUNTER (QUESTION_BIT(QUESTION_FRAMES) | QUESTION_BIT(QUESTION_ODOMETER))

static unsigned answers(const char *text, struct printer_status *ret_status)
{
    struct buffer received = BUFFER_EMPTY;
    buffer_append_text(&received, text);
    unsigned answered = printer_status_parse(&received, ret_status);
    buffer_done(&received);
    return answered;
}

static bool parse(const char *text, struct printer_status *ret_status)
{
    return (answers(text, ret_status) & FRAMES_AND_COUNTER) == FRAMES_AND_COUNTER;
}

static void a_whole_answer_is_clean_and_counted(void)
{
    struct printer_status status = PRINTER_STATUS_SILENT;
    CU_ASSERT_TRUE(parse(CLEAN "\"1234\"", &status));
    CU_ASSERT_TRUE(printer_status_clean(&status));
    CU_ASSERT_EQUAL(status.counter, 1234);
    CU_ASSERT_PTR_NULL(printer_status_fault(&status));
}

static void a_counter_in_front_of_the_frames_is_no_evidence(void)
{
    struct printer_status status = PRINTER_STATUS_SILENT;
    CU_ASSERT_FALSE(parse("\"77\"\r\n" CLEAN, &status));
    CU_ASSERT_TRUE(parse("\"77\"\r\n" CLEAN "\"78\"", &status));
    CU_ASSERT_EQUAL(status.counter, 78);
    CU_ASSERT_FALSE(parse(CLEAN "\"78\"" CLEAN, &status));
    CU_ASSERT_FALSE(parse(FRAME_1 "\"77\"" FRAME_2 FRAME_3, &status));
}

static void the_counter_may_be_unknown_to_the_printer(void)
{
    struct printer_status status = PRINTER_STATUS_SILENT;
    CU_ASSERT_TRUE(parse(CLEAN "\"?\"", &status));
    CU_ASSERT_TRUE(status.answered);
    CU_ASSERT_EQUAL(status.counter, -1);
}

static void without_the_counter_only_the_frames_are_read(void)
{
    struct printer_status status = {.counter = 5};
    CU_ASSERT_EQUAL(answers(CLEAN, &status), QUESTION_BIT(QUESTION_FRAMES));
    CU_ASSERT_TRUE(status.answered);
    CU_ASSERT_EQUAL(status.counter, -1);
}

static void the_counter_of_hh_is_found_among_its_lines(void)
{
    struct printer_status status;
    CU_ASSERT_EQUAL(answers(CLEAN "\x02  +20.0               DARKNESS\r\n  13,512 IN           NONRESET CNTR\r\n"
                                  "  1,234 LABELS        NONRESET CNTR\r\n  0 LABELS            RESET CNTR1\x03\r\n",
                            &status),
                    QUESTION_BIT(QUESTION_FRAMES) | QUESTION_BIT(QUESTION_LABELS));
    CU_ASSERT_EQUAL(status.counter, 1234);
    CU_ASSERT_EQUAL(answers("  7 LABELS        NONRESET CNTR\r\n" CLEAN, &status), QUESTION_BIT(QUESTION_FRAMES));
    CU_ASSERT_EQUAL(status.counter, -1);
}

static void the_model_tells_its_resolution(void)
{
    static const struct {
        const char *answer;
        int dots_per_mm;
        const char *model;
    } rows[] = {
        {"\x02ZTC ZD220-203dpi ZPL,V84.20.18Z,8,8192KB\x03\r\n", 8, "ZTC ZD220-203dpi ZPL"},
        {"\x02ZT410-300dpi,V75.20.01Z,12,65536KB,X\x03\r\n", 12, "ZT410-300dpi"},
        {"ZT411-600dpi , V92 ,24,1\r\n", 24, "ZT411-600dpi "},
        {"ZT411,V92\r\n", 0, ""},
        {"ZT411,V92,x,1\r\n", 0, ""},
        {"030,1,2,3\r\n", 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct printer_status status;
        unsigned answered = answers(rows[i].answer, &status);
        CU_ASSERT_EQUAL(answered, rows[i].dots_per_mm > 0 ? QUESTION_BIT(QUESTION_MODEL) : 0);
        CU_ASSERT_EQUAL(status.dots_per_mm, rows[i].dots_per_mm);
        CU_ASSERT_STRING_EQUAL(status.model, rows[i].model);
    }
}

/* ~HQES: each bit alone; one that nobody listed is an error all the same. */
static void each_error_bit_is_its_condition(void)
{
    static const struct {
        const char *words;
        uint32_t conditions;
    } rows[] = {
        {"0 00000000 00000000", 0},
        {"1 00000000 00000001", 1U << PRINTER_PAPER_OUT},
        {"1 00000000 00000002", 1U << PRINTER_RIBBON_OUT},
        {"1 00000000 00000004", 1U << PRINTER_HEAD_OPEN},
        {"1 00000000 00000008", 1U << PRINTER_CUTTER},
        {"1 00000000 00000010", 1U << PRINTER_TOO_HOT},
        {"1 00000000 00000020", 1U << PRINTER_TOO_HOT},
        {"1 00000000 00000040", 1U << PRINTER_HEAD_FAULT},
        {"1 00000000 00000080", 1U << PRINTER_HEAD_FAULT},
        {"1 00000000 00000200", 1U << PRINTER_HEAD_FAULT},
        {"1 00000000 00001000", 1U << PRINTER_JAM},
        {"1 00000000 00010000", 1U << PRINTER_PAUSED},
        {"1 00000000 00010005", 1U << PRINTER_PAUSED | 1U << PRINTER_PAPER_OUT | 1U << PRINTER_HEAD_OPEN},
        {"1 00000000 00000400", 1U << PRINTER_OTHER_FAULT},
        {"1 00000000 80000000", 1U << PRINTER_OTHER_FAULT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[300];
        struct printer_status status;
        snprintf(text, sizeof text,
                 CLEAN "\"3\"\x02\r\n PRINTER STATUS\r\n   ERRORS:         %s\r\n   WARNINGS:       %s", rows[i].words,
                 "1 00000000 00000001\r\n\x03");
        CU_ASSERT_EQUAL(answers(text, &status), FRAMES_AND_COUNTER | QUESTION_BIT(QUESTION_ERRORS));
        CU_ASSERT_EQUAL(status.conditions, rows[i].conditions);
        CU_ASSERT_EQUAL(status.counter, 3);
        CU_ASSERT_EQUAL(printer_status_clean(&status), rows[i].conditions == 0);
    }
    struct printer_status status;
    answers(CLEAN " ERRORS: 1 00000001 00000000\r\n", &status);
    CU_ASSERT_FALSE(printer_status_clean(&status));
    answers(CLEAN " ERRORS: 1 00000000 00000000\r\n", &status);
    CU_ASSERT_FALSE(printer_status_clean(&status));
}

static void a_question_is_its_bytes_in_order(void)
{
    struct buffer bytes = BUFFER_EMPTY;
    printer_status_ask(UINT32_MAX, &bytes);
    CU_ASSERT_STRING_EQUAL(buffer_text(&bytes), "~HI\r\n~HS\r\n! U1 getvar \"odometer.total_label_count\"\r\n"
                                                "^XA^HH^XZ\r\n~HQES\r\n");
    buffer_done(&bytes);
}

/* Each bit of the maker's guide alone, by its letter in the frames. */
static void each_bit_is_its_condition(void)
{
    static const struct {
        const char *frames;
        enum printer_condition condition;
        const char *key;
    } rows[] = {
        {"030,1,0,1245,000,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3, PRINTER_PAPER_OUT, "paper_out"},
        {"030,0,1,1245,000,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3, PRINTER_PAUSED, "paused"},
        {"030,0,0,1245,000,1,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3, PRINTER_BUFFER_FULL, "buffer_full"},
        {"030,0,0,1245,000,0,0,1,000,0,0,0\r\n" FRAME_2 FRAME_3, PRINTER_PARTIAL_FORMAT, "partial_format"},
        {"030,0,0,1245,000,0,0,0,000,0,1,0\r\n" FRAME_2 FRAME_3, PRINTER_TOO_COLD, "too_cold"},
        {"030,0,0,1245,000,0,0,0,000,0,0,1\r\n" FRAME_2 FRAME_3, PRINTER_TOO_HOT, "too_hot"},
        {FRAME_1 "000,0,1,0,0,2,4,0,00000000,1,000\r\n" FRAME_3, PRINTER_HEAD_OPEN, "head_open"},
        {FRAME_1 "000,0,0,1,0,2,4,0,00000000,1,000\r\n" FRAME_3, PRINTER_RIBBON_OUT, "ribbon_out"},
        {FRAME_1 "000,0,0,0,0,2,4,1,00000000,1,000\r\n" FRAME_3, PRINTER_LABEL_WAITING, "label_waiting"},
    };
    CU_ASSERT_EQUAL(sizeof rows / sizeof rows[0], PRINTER_CUTTER); /* the rest is told by ~HQES alone */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        struct printer_status status = PRINTER_STATUS_SILENT;
        snprintf(text, sizeof text, "%s\"1\"", rows[i].frames);
        CU_ASSERT_TRUE(parse(text, &status));
        CU_ASSERT_EQUAL(status.conditions, 1U << rows[i].condition);
        CU_ASSERT_FALSE(printer_status_clean(&status));
        CU_ASSERT_STRING_EQUAL(printer_status_fault(&status), rows[i].key);
        CU_ASSERT_STRING_EQUAL(printer_condition_key(rows[i].condition), rows[i].key);
    }
}

static void waiting_work_is_not_clean_and_no_fault(void)
{
    struct printer_status status = PRINTER_STATUS_SILENT;
    CU_ASSERT_TRUE(parse("030,0,0,1245,002,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3 "\"9\"", &status));
    CU_ASSERT_EQUAL(status.formats_waiting, 2);
    CU_ASSERT_FALSE(printer_status_clean(&status));
    CU_ASSERT_PTR_NULL(printer_status_fault(&status));
    CU_ASSERT_TRUE(parse(FRAME_1 "000,0,0,0,0,2,4,0,00000003,1,000\r\n" FRAME_3 "\"9\"", &status));
    CU_ASSERT_EQUAL(status.labels_left, 3);
    CU_ASSERT_FALSE(printer_status_clean(&status));
}

static void silence_is_never_ok(void)
{
    struct printer_status status = PRINTER_STATUS_SILENT;
    CU_ASSERT_FALSE(printer_status_clean(&status));
    CU_ASSERT_STRING_EQUAL(printer_status_fault(&status), "silent");
    CU_ASSERT_FALSE(parse("", &status));
}

static void framing_is_tolerant(void)
{
    static const char *const good[] = {
        "030,0,0,1245,000,0,0,0,000,0,0,0\r\n000,0,0,0,0,2,4,0,00000000,1,000\r\n1234,0\r\n\"1\"",
        "030,0,0,1245,000,0,0,0,000,0,0,0\n000,0,0,0,0,2,4,0,00000000,1,000\n1234,0\n\"1\"\r\n",
        "\x02 030, 0,0 ,1245,000,0,0,0,000,0,0,0 \x03\x02"
        "000,0,0,0,0,2,4,0,00000000,1,000\x03\x02 1234,0\x03\" 1 \"",
        "garbage\r\n" CLEAN "\"1\"",
        CLEAN "warming up\r\n\"1\"",
        "030,0,0,1245,000,0,0,0,000,0,0,0\r\n" CLEAN "\"1\"", /* an answer that broke off, then a whole one */
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct printer_status status = PRINTER_STATUS_SILENT;
        CU_ASSERT_TRUE(parse(good[i], &status));
        CU_ASSERT_TRUE(printer_status_clean(&status));
        CU_ASSERT_EQUAL(status.counter, 1);
    }
}

static void field_counts_are_strict(void)
{
    static const char *const bad[] = {
        "030,0,0,1245,000,0,0,0,000,0,0\r\n" FRAME_2 FRAME_3 "\"1\"",
        "030,0,0,1245,000,0,0,0,000,0,0,0,0\r\n" FRAME_2 FRAME_3 "\"1\"",
        FRAME_1 "000,0,0,0,0,2,4,0,00000000,1\r\n" FRAME_3 "\"1\"",
        FRAME_1 FRAME_2 "1234\r\n\"1\"",
        FRAME_1 FRAME_2 "1234,0,1\r\n\"1\"",
        FRAME_2 FRAME_1 FRAME_3 "\"1\"",
        "030,x,0,1245,000,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3 "\"1\"",
        "030,,0,1245,000,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3 "\"1\"",
        "030,-1,0,1245,000,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3 "\"1\"",
    };
    struct printer_status status;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CU_ASSERT_FALSE(parse(bad[i], &status));
}

/* Every beginning of an answer is "not yet": no cut may read as another number. */
static void a_part_is_never_an_answer(void)
{
    static const char whole[] = CLEAN "\"1234\"";
    struct buffer received = BUFFER_EMPTY;
    struct printer_status status = PRINTER_STATUS_SILENT;
    for (size_t i = 0; i + 1 < sizeof whole; i++) {
        CU_ASSERT_NOT_EQUAL(printer_status_parse(&received, &status), FRAMES_AND_COUNTER);
        CU_ASSERT_EQUAL(status.counter, -1);
        buffer_append_byte(&received, (uint8_t)whole[i]);
    }
    CU_ASSERT_EQUAL(printer_status_parse(&received, &status), FRAMES_AND_COUNTER);
    buffer_done(&received);
}

static void the_last_answer_counts(void)
{
    struct printer_status status = PRINTER_STATUS_SILENT;
    CU_ASSERT_TRUE(parse(CLEAN "\"1\"030,0,1,1245,001,0,0,0,000,0,0,0\r\n" FRAME_2 FRAME_3 "\"2\"", &status));
    CU_ASSERT_EQUAL(status.conditions, 1U << PRINTER_PAUSED);
    CU_ASSERT_EQUAL(status.counter, 2);
}

static void any_bytes_are_survived(void)
{
    static const char alphabet[] = "\x02\x03\r\n,\"0123456789 \0xERRORS: LABELS";
    uint64_t state = suite_seed();
    for (int round = 0; round < 2000; round++) {
        struct buffer received = BUFFER_EMPTY;
        struct printer_status status = PRINTER_STATUS_SILENT;
        size_t length = suite_random(&state) % 400;
        for (size_t i = 0; i < length; i++)
            buffer_append_byte(&received, (uint8_t)alphabet[suite_random(&state) % (sizeof alphabet - 1)]);
        unsigned answered = printer_status_parse(&received, &status);
        CU_ASSERT_EQUAL((answered & QUESTION_BIT(QUESTION_FRAMES)) != 0, status.answered);
        buffer_done(&received);
    }
}

SUITE("printer/status", {"a whole answer is clean and counted", a_whole_answer_is_clean_and_counted},
      {"a counter in front of the frames is no evidence", a_counter_in_front_of_the_frames_is_no_evidence},
      {"the counter may be unknown to the printer", the_counter_may_be_unknown_to_the_printer},
      {"without the counter only the frames are read", without_the_counter_only_the_frames_are_read},
      {"the counter of ^HH is found among its lines", the_counter_of_hh_is_found_among_its_lines},
      {"the model tells its resolution", the_model_tells_its_resolution},
      {"each error bit is its condition", each_error_bit_is_its_condition},
      {"a question is its bytes in order", a_question_is_its_bytes_in_order},
      {"each bit is its condition", each_bit_is_its_condition},
      {"waiting work is not clean and no fault", waiting_work_is_not_clean_and_no_fault},
      {"silence is never ok", silence_is_never_ok}, {"framing is tolerant", framing_is_tolerant},
      {"field counts are strict", field_counts_are_strict}, {"a part is never an answer", a_part_is_never_an_answer},
      {"the last answer counts", the_last_answer_counts}, {"any bytes are survived", any_bytes_are_survived})
