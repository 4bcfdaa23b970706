/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/label/symbol.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bits {
    size_t row_bytes, rows;
    char dots[200][2001]; /* "0" and "1" */
};

/* A second reading of ZPL's run-length form, written from the guide: digit, G–Y, g–z, "," and ":". */
static void put_nibbles(char *row, size_t *used, int nibble, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (int bit = 8; bit != 0; bit /= 2)
            row[(*used)++] = (nibble & bit) != 0 ? '1' : '0';
}

static const char *read_row(const char *p, const char *last, char *row, size_t dots)
{
    size_t used = 0, count = 0;
    if (*p == ':') {
        memcpy(row, last, dots);
        return p + 1;
    }
    for (; used < dots; p++) {
        if (*p >= 'G' && *p <= 'Y')
            count += (size_t)(*p - 'G' + 1);
        else if (*p >= 'g' && *p <= 'z')
            count += (size_t)(*p - 'g' + 1) * 20;
        else if (*p == ',')
            put_nibbles(row, &used, 0, (dots - used) / 4);
        else {
            char digit[2] = {*p, '\0'};
            put_nibbles(row, &used, (int)strtol(digit, NULL, 16), count != 0 ? count : 1);
            count = 0;
        }
    }
    return p;
}

static struct bits *read_bits(const char *zpl)
{
    struct bits *bits = calloc(1, sizeof *bits);
    size_t total = 0, again = 0;
    int used = 0;
    CU_ASSERT_EQUAL_FATAL(sscanf(zpl, "^GFA,%zu,%zu,%zu,%n", &total, &again, &bits->row_bytes, &used), 3);
    CU_ASSERT_EQUAL(total, again);
    bits->rows = total / bits->row_bytes;
    CU_ASSERT_TRUE_FATAL(bits->rows <= 200 && bits->row_bytes <= 250);
    const char *p = zpl + used;
    for (size_t row = 0; row < bits->rows; row++)
        p = read_row(p, row != 0 ? bits->dots[row - 1] : "", bits->dots[row], bits->row_bytes * 8);
    CU_ASSERT_EQUAL(*p, '\0');
    return bits;
}

static const char *draw(const struct symbol_options *options, const char *payload, struct symbol_size *ret_size)
{
    static char zpl[65536];
    struct buffer out = BUFFER_EMPTY;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(symbol_append(options, payload, &out, ret_size, &err));
    snprintf(zpl, sizeof zpl, "%s", buffer_text(&out));
    buffer_done(&out);
    return zpl;
}

/* Code 128: start B, "P", "J", checksum, stop, by the tables of ISO/IEC 15417. */
static void code_128_has_its_bars(void)
{
    static const char expected[] = "11010010000"
                                   "11101110110"
                                   "10110111000"
                                   "11011011000"
                                   "1100011101011";
    struct symbol_size size;
    const struct symbol_options options = {SYMBOL_CODE128, 1, 3, '\0'};
    struct bits *bits = read_bits(draw(&options, "PJ", &size));
    CU_ASSERT_EQUAL(size.width, (int)sizeof expected - 1);
    CU_ASSERT_EQUAL(size.height, 3);
    CU_ASSERT_EQUAL(size.quiet_x, 10);
    CU_ASSERT_EQUAL(size.quiet_y, 0);
    CU_ASSERT_EQUAL(bits->rows, 3);
    CU_ASSERT_EQUAL(strncmp(bits->dots[0], expected, sizeof expected - 1), 0);
    CU_ASSERT_STRING_EQUAL(bits->dots[0], bits->dots[2]);
    CU_ASSERT_EQUAL(strspn(bits->dots[0] + sizeof expected - 1, "0"), strlen(bits->dots[0]) - sizeof expected + 1);
    free(bits);
}

/* Each module becomes a square of module_dots dots, whatever the scale. */
static void scaling_is_whole(void)
{
    for (int scale = 1; scale <= 9; scale++) {
        struct symbol_size one_size, size;
        const struct symbol_options one = {SYMBOL_DATA_MATRIX, 1, 0, '\0'}, many = {SYMBOL_DATA_MATRIX, scale, 0, '\0'};
        struct bits *small = read_bits(draw(&one, "LP0010000117149", &one_size));
        struct bits *large = read_bits(draw(&many, "LP0010000117149", &size));
        CU_ASSERT_EQUAL(size.width, one_size.width * scale);
        CU_ASSERT_EQUAL(size.height, one_size.height * scale);
        CU_ASSERT_EQUAL(one_size.width, one_size.height);
        int wrong = 0;
        for (int y = 0; y < size.height; y++)
            for (int x = 0; x < size.width; x++)
                wrong += large->dots[y][x] != small->dots[y / scale][x / scale] ? 1 : 0;
        CU_ASSERT_EQUAL(wrong, 0);
        free(small);
        free(large);
    }
}

/* A Data Matrix has a whole bar at its left and its bottom, and a dotted one at its top. */
static void a_data_matrix_has_its_finder(void)
{
    struct symbol_size size;
    const struct symbol_options options = {SYMBOL_DATA_MATRIX, 1, 0, '\0'};
    struct bits *bits = read_bits(draw(&options, "LP0010000117149", &size));
    for (int i = 0; i < size.width; i++) {
        CU_ASSERT_EQUAL(bits->dots[i][0], '1');
        CU_ASSERT_EQUAL(bits->dots[size.height - 1][i], '1');
        CU_ASSERT_EQUAL(bits->dots[0][i], i % 2 == 0 ? '1' : '0');
    }
    free(bits);
}

static void no_exclamation_mark_is_ever_sent(void)
{
    static const struct {
        enum symbol_kind kind;
        const char *payload;
    } rows[] = {{SYMBOL_CODE128, "LP0010000117149"},
                {SYMBOL_GS1_128, "[00]376123450000000016"},
                {SYMBOL_QR, "https://id.example/01/09506000134352/21/1"},
                {SYMBOL_DATA_MATRIX, "PX001000001742"},
                {SYMBOL_GS1_DATA_MATRIX, "[01]09506000134352[21]A1"}};
    CU_ASSERT_EQUAL(sizeof rows / sizeof rows[0], SYMBOL_KIND_COUNT);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int scale = 1; scale <= 40; scale++) {
            struct buffer out = BUFFER_EMPTY;
            struct symbol_size size;
            struct error err = {0};
            const struct symbol_options options = {rows[i].kind, scale, 100, 'M'};
            CU_ASSERT_TRUE(symbol_append(&options, rows[i].payload, &out, &size, &err));
            CU_ASSERT_PTR_NULL(strchr(buffer_text(&out), '!'));
            CU_ASSERT_TRUE(size.width > 0 && size.height > 0);
            buffer_done(&out);
        }
}

static void what_cannot_be_encoded_is_refused(void)
{
    static const struct {
        enum symbol_kind kind;
        const char *payload;
        enum error_code code;
    } rows[] = {
        {SYMBOL_CODE128, "", ERROR_INVALID},
        {SYMBOL_CODE128, "caf\xC3\xA9", ERROR_INVALID},
        {SYMBOL_DATA_MATRIX,
         "a\x1D"
         "b",
         ERROR_INVALID},
        {SYMBOL_GS1_128, "[00]376123450000000017", ERROR_INVALID}, /* wrong check digit: only a warning by default */
        {SYMBOL_GS1_128, "[99", ERROR_INVALID},
        {SYMBOL_GS1_DATA_MATRIX, "[01]123", ERROR_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out = BUFFER_EMPTY;
        struct symbol_size size;
        struct error err = {0};
        const struct symbol_options options = {rows[i].kind, 2, 40, '\0'};
        CU_ASSERT_FALSE(symbol_append(&options, rows[i].payload, &out, &size, &err));
        CU_ASSERT_EQUAL(err.code, rows[i].code);
        CU_ASSERT_EQUAL(out.length, 0);
        buffer_done(&out);
    }
}

static void too_much_is_too_big(void)
{
    char payload[3001];
    struct buffer out = BUFFER_EMPTY;
    struct symbol_size size;
    struct error err = {0};
    const struct symbol_options options = {SYMBOL_CODE128, 2, 40, '\0'};
    memset(payload, 'A', sizeof payload - 1);
    payload[sizeof payload - 1] = '\0';
    CU_ASSERT_FALSE(symbol_append(&options, payload, &out, &size, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_TOO_BIG);
    buffer_done(&out);
}

SUITE("label/symbol", {"Code 128 has its bars", code_128_has_its_bars}, {"scaling is whole", scaling_is_whole},
      {"a Data Matrix has its finder", a_data_matrix_has_its_finder},
      {"no exclamation mark is ever sent", no_exclamation_mark_is_ever_sent},
      {"what cannot be encoded is refused", what_cannot_be_encoded_is_refused},
      {"too much is too big", too_much_is_too_big})
