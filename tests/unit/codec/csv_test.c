/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/csv.h"

#include "base/buffer.h"
#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

static struct csv_record record;

/* Reads every record of the bytes and writes "[a|b]" for each, "!" and the reason for a bad one, "?" for more. */
static void read_all(const char *bytes, size_t length, char delimiter, struct buffer *out)
{
    struct error err;
    for (size_t at = 0;;) {
        enum csv_result result = csv_read(bytes + at, length - at, true, delimiter, &record, &err);
        if (result == CSV_END)
            return;
        if (result == CSV_MORE) {
            buffer_append_text(out, "?");
            return;
        }
        buffer_append_text(out, result == CSV_BAD ? "!" : "[");
        for (int i = 0; i < record.count; i++)
            buffer_append_format(out, "%s%s", i > 0 ? "|" : "", record.fields[i]);
        buffer_append_text(out, result == CSV_BAD ? err.message : "]");
        CU_ASSERT_TRUE_FATAL(record.size > 0 && record.size <= length - at);
        at += record.size;
    }
}

static void records_are_read_as_rfc_4180_says(void)
{
    static const struct {
        const char *text, *records;
        char delimiter;
    } table[] = {
        {"", "", ','},
        {"a,b\n", "[a|b]", ','},
        {"a,b\r\nc,d", "[a|b][c|d]", ','},
        {"a;b,c\n", "[a|b,c]", ';'},
        {",\n", "[|]", ','},
        {"\n\na\n", "[][][a]", ','},
        {"\r\n", "[]", ','},
        {"\"\"\n", "[]", ','},
        {"\"a\"\"b\",\"c,d\"\n", "[a\"b|c,d]", ','},
        {"\"a\nb\",c\r\n", "[a\nb|c]", ','},
        {"\"a\r\nb\"\r\n", "[a\r\nb]", ','},
        {" a , b \n", "[ a | b ]", ','},
        {"\"\",\"\"", "[|]", ','},
        {"a,\"b\"x\nc\n", "!has text behind a closing quote[c]", ','},
        {"a,b\"x\"\nc\n", "!has a quote inside a cell that does not begin with one[c]", ','},
        {"a,\"b\nc,d\n", "!has a quote that is not closed[c|d]", ','},
        {"a\rb\nc\n", "!has a carriage return without a line feed[c]", ','},
        {"a\r", "!has a carriage return without a line feed", ','},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buffer out = BUFFER_EMPTY;
        read_all(table[i].text, strlen(table[i].text), table[i].delimiter, &out);
        if (strcmp(buffer_text(&out), table[i].records) != 0)
            printf("\n    row %zu: %s\n", i, buffer_text(&out));
        CU_ASSERT_STRING_EQUAL(buffer_text(&out), table[i].records);
        buffer_done(&out);
    }
}

static void a_nul_byte_is_bad(void)
{
    struct buffer out = BUFFER_EMPTY;
    read_all("a,\0b\nc\n", 7, ',', &out);
    CU_ASSERT_STRING_EQUAL(buffer_text(&out), "!has a NUL byte[c]");
    buffer_done(&out);
}

static void an_empty_quoted_cell_is_a_cell(void)
{
    struct error err;
    CU_ASSERT_EQUAL(csv_read("\"\",x\n", 5, true, ',', &record, &err), CSV_RECORD);
    CU_ASSERT_EQUAL(record.count, 2);
    CU_ASSERT_EQUAL(csv_read("\n", 1, true, ',', &record, &err), CSV_RECORD);
    CU_ASSERT_EQUAL(record.count, 0);
    CU_ASSERT_TRUE(csv_is_blank(&record));
    CU_ASSERT_EQUAL(csv_read(",,\"\"\n", 5, true, ',', &record, &err), CSV_RECORD);
    CU_ASSERT_EQUAL(record.count, 3);
    CU_ASSERT_TRUE(csv_is_blank(&record));
    CU_ASSERT_EQUAL(csv_read(",x\n", 3, true, ',', &record, &err), CSV_RECORD);
    CU_ASSERT_FALSE(csv_is_blank(&record));
}

/* Whatever the bytes are cut to, more is asked for until the record is whole. */
static void records_may_come_in_pieces(void)
{
    static const char text[] = "a,\"b\n\"\"c\",d\r\n";
    struct error err;
    for (size_t length = 0; length < sizeof text - 1; length++)
        CU_ASSERT_EQUAL(csv_read(text, length, false, ',', &record, &err), CSV_MORE);
    CU_ASSERT_EQUAL(csv_read(text, sizeof text - 1, false, ',', &record, &err), CSV_RECORD);
    CU_ASSERT_EQUAL(record.size, sizeof text - 1);
    CU_ASSERT_EQUAL(record.lines, 2);
    CU_ASSERT_STRING_EQUAL(record.fields[1], "b\n\"c");
    CU_ASSERT_EQUAL(csv_read("a\"b", 3, false, ',', &record, &err), CSV_MORE); /* bad, but its line has not ended */
}

static void size_and_cells_are_bounded(void)
{
    struct error err;
    struct buffer text = BUFFER_EMPTY;
    for (int i = 0; i < CSV_FIELDS_MAX; i++)
        buffer_append_text(&text, i > 0 ? ",x" : "x");
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, true, ',', &record, &err), CSV_RECORD);
    CU_ASSERT_EQUAL(record.count, CSV_FIELDS_MAX);
    buffer_append_text(&text, ",x");
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, true, ',', &record, &err), CSV_BAD);
    CU_ASSERT_STRING_EQUAL(err.message, "has more than 100 cells");
    buffer_clear(&text);
    while (text.length < CSV_RECORD_MAX - 1)
        buffer_append_byte(&text, 'x');
    buffer_append_byte(&text, '\n');
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, false, ',', &record, &err), CSV_RECORD);
    text.data[CSV_RECORD_MAX - 1] = 'x';
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, false, ',', &record, &err), CSV_MORE);
    buffer_append_byte(&text, '\n');
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, false, ',', &record, &err), CSV_BAD);
    CU_ASSERT_EQUAL(record.lines, 1);
    text.data[CSV_RECORD_MAX] = 'x';
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, false, ',', &record, &err), CSV_BAD);
    CU_ASSERT_EQUAL(record.lines, 0); /* no line feed in sight: the caller must stop */
    text.data[0] = '"';
    text.data[20] = '\n';
    CU_ASSERT_EQUAL(csv_read(text.data, text.length, false, ',', &record, &err), CSV_BAD);
    CU_ASSERT_EQUAL(record.size, 21);
    buffer_done(&text);
}

static void mark_and_delimiter_come_from_the_header(void)
{
    CU_ASSERT_EQUAL(csv_mark("\xEF\xBB\xBFrma", 6), 3);
    CU_ASSERT_EQUAL(csv_mark("rma", 3), 0);
    CU_ASSERT_EQUAL(csv_mark("\xEF\xBB", 2), 0);
    CU_ASSERT_EQUAL(csv_delimiter("rma;line\n,", 10), ';');
    CU_ASSERT_EQUAL(csv_delimiter("\"a;b\",c\n", 8), ',');
    CU_ASSERT_EQUAL(csv_delimiter("rma\n;", 5), ',');
}

static void whose_row_was_bad_is_guessed(void)
{
    static const struct {
        const char *text, *guess;
        int column;
    } table[] = {
        {"R1,1,\"x\"y\n", "R1", 0}, {"1,\"R1\",\"x\n", "R1", 1}, {"1,R1", "R1", 1},     {"1,\"R1\"\r\nR2", "R1", 1},
        {"1\n2,R3", "", 1},         {"", "", 0},                 {"1,R234567\n", "R2345", 1},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char guess[6];
        csv_guess(table[i].text, strlen(table[i].text), ',', table[i].column, guess, sizeof guess);
        CU_ASSERT_STRING_EQUAL(guess, table[i].guess);
    }
}

static void random_bytes_are_read_to_their_end(void)
{
    static const char letters[] = "ab,;\"\"\n\r\0 ";
    uint64_t random = suite_seed();
    for (int round = 0; round < 3000; round++) {
        char text[200];
        size_t length = suite_random(&random) % sizeof text;
        char *exact = malloc(length + 1); /* so that reading past the end is seen */
        for (size_t i = 0; i < length; i++)
            text[i] = letters[suite_random(&random) % (sizeof letters - 1)];
        memcpy(exact, text, length);
        exact = realloc(exact, length > 0 ? length : 1);
        struct buffer out = BUFFER_EMPTY;
        read_all(exact, length, ',', &out);
        CU_ASSERT_PTR_NULL(strchr(buffer_text(&out), '?'));
        buffer_done(&out);
        free(exact);
    }
}

SUITE("codec/csv", {"records are read as RFC 4180 says", records_are_read_as_rfc_4180_says},
      {"a NUL byte is bad", a_nul_byte_is_bad}, {"an empty quoted cell is a cell", an_empty_quoted_cell_is_a_cell},
      {"records may come in pieces", records_may_come_in_pieces},
      {"size and cells are bounded", size_and_cells_are_bounded},
      {"mark and delimiter come from the header", mark_and_delimiter_come_from_the_header},
      {"whose row was bad is guessed", whose_row_was_bad_is_guessed},
      {"random bytes are read to their end", random_bytes_are_read_to_their_end})
