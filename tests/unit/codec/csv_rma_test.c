/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/csv_rma.h"

#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

static struct csv_record record;
static struct csv_columns columns;

/* Reads all of the text as the header and the rows of one RMA; problems are appended as "line reason\n". */
static void note_problem(void *context, int64_t line, const char *reason)
{
    buffer_append_format(context, "%lld %s\n", (long long)line, reason);
}

static bool read_header(const char *text, struct decode_notes *notes, struct error *err)
{
    char delimiter = csv_delimiter(text, strlen(text));
    CU_ASSERT_EQUAL_FATAL(csv_read(text, strlen(text), true, delimiter, &record, err), CSV_RECORD);
    return csv_columns_read(&record, &columns, notes, err);
}

static bool read_rma(const char *text, struct rma *ret_rma, struct buffer *problems)
{
    struct csv_rma gather;
    struct error err;
    char delimiter = csv_delimiter(text, strlen(text));
    CU_ASSERT_TRUE_FATAL(read_header(text, NULL, &err));
    csv_rma_init(&gather, &columns, note_problem, problems);
    int64_t line = 1;
    for (text += record.size, line += record.lines; *text != '\0'; text += record.size, line += record.lines) {
        CU_ASSERT_EQUAL_FATAL(csv_read(text, strlen(text), true, delimiter, &record, &err), CSV_RECORD);
        csv_rma_add(&gather, &record, line);
    }
    return csv_rma_finish(&gather, ret_rma);
}

static void rows_become_an_rma(void)
{
    struct rma rma;
    struct buffer problems = BUFFER_EMPTY;
    CU_ASSERT_TRUE_FATAL(read_rma(
        "RMA;line;sku;gtin; qty ;tracking;carrier;order;customs.hold;customs.export_mrn;exchange_for.sku;"
        "exchange_for.qty;serials;lots;flags;already_refunded;unit_price;colour\n"
        "R1;2;S2;;2;T1|T2;ups;O1;yes;M;X;3;a|b;|;final_sale|personalised;TRUE;199;red\n"
        "R1;1;;9520000001018;1;T1|T2;ups;O1;yes;M;;;|;;;TRUE;;\n",
        &rma, &problems));
    CU_ASSERT_STRING_EQUAL(buffer_text(&problems), "");
    CU_ASSERT_STRING_EQUAL(rma.rma, "R1");
    CU_ASSERT_EQUAL_FATAL(rma.ref_count, 3);
    CU_ASSERT_STRING_EQUAL(rma.refs[1].value, "T2");
    CU_ASSERT_STRING_EQUAL(rma.refs[1].carrier, "ups");
    CU_ASSERT_STRING_EQUAL(rma_ref_value(&rma, REF_ORDER), "O1");
    CU_ASSERT_STRING_EQUAL(rma.refs[2].carrier, "");
    CU_ASSERT_TRUE(rma.customs_hold && rma.already_refunded);
    CU_ASSERT_STRING_EQUAL(rma.export_mrn, "M");
    CU_ASSERT_EQUAL_FATAL(rma.line_count, 2);
    CU_ASSERT_STRING_EQUAL(rma.lines[0].line, "2");
    CU_ASSERT_STRING_EQUAL(rma.lines[0].exchange_sku, "X");
    CU_ASSERT_EQUAL(rma.lines[0].exchange_qty, 3);
    CU_ASSERT_STRING_EQUAL(rma.lines[0].serials, "a\nb");
    CU_ASSERT_EQUAL(rma.lines[0].flags, FLAG_FINAL_SALE | FLAG_PERSONALISED);
    CU_ASSERT_EQUAL(rma.lines[0].unit_price, 199);
    CU_ASSERT_STRING_EQUAL(rma.lines[1].gtin, "09520000001018");
    CU_ASSERT_TRUE(rma.lines[1].serials_known);
    CU_ASSERT_PTR_NULL(rma.lines[1].serials);
    CU_ASSERT_EQUAL(rma.lines[1].exchange_qty, 0);
    rma_done(&rma);
    buffer_done(&problems);
}

static void the_header_is_checked(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"\n", "the first line is empty"},
        {"R1,1,S,1\n", "no column \"rma\": the first line must name the columns, and begins with \"R1\""},
        {"rma,sku,qty\n", "no column \"line\""},
        {"rma,line,sku\n", "no column \"qty\""},
        {"rma,line,qty\n", "no column \"sku\" and none \"gtin\""},
        {"rma,line,sku,qty,Line\n", "column \"line\" is there twice"},
        {"\xFF\xFEr,m,a\n", "begins with \"\\xFF\\xFEr\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error err = {0};
        CU_ASSERT_FALSE(read_header(table[i].text, NULL, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
}

static void columns_without_meaning_are_told(void)
{
    struct error err;
    struct decode_notes notes = {0};
    CU_ASSERT_TRUE(read_header("rma,line,sku,qty,colour,refs,lines,customs,,customs.x,colour\n", &notes, &err));
    CU_ASSERT_EQUAL_FATAL(notes.ignored_count, 5);
    CU_ASSERT_STRING_EQUAL(notes.ignored[0], "colour");
    CU_ASSERT_STRING_EQUAL(notes.ignored[4], "customs.x");
}

static void every_bad_row_is_told_with_its_line(void)
{
    static const struct {
        const char *rows, *problems;
    } table[] = {
        {"R1,1,S,,1,,,main,\nR1,2,S,,0,,,main,\nR1,3,,,1,,,main,\nR1,4,S,9.5E+12,1,,,main,\n",
         "3 qty: must be > 0\n5 gtin: 9.5E+12: a spreadsheet changed this GTIN; make the column text\n"
         "4 sku: missing, and no gtin either\n"},
        {"R1,1,S,,one,19.90,,main,\n", "2 qty: must be a whole number\n"},
        {"R1,1,S,,1,19.90,,main,\n", "2 unit_price: must be a whole number\n"},
        {"R1,1,S,,1,,,main,\nR1,1,S,,1,,,main,\n", "3 line: another line has the same name\n"},
        {"R1,1,S,,1,,,main,\nR1,2,S,,1,,,other,\n", "3 owner: differs from line 2 of the same RMA\n"},
        {"R1,1,S,,1,,,main,\nR1,2,S,,1,,,,\n", "3 owner: differs from line 2 of the same RMA\n"},
        {"R1,1,S,,1,,,main\n", "2 has 8 cells, the header has 9\n"},
        {"R1,1,S,,1,,,main,,\nR1,2,S,,1,,,main,\n", "2 has 10 cells, the header has 9\n"},
        {"R1,1,S,,1,,21/11/2026,main,\n", "2 delivery_date: must be a date, YYYY-MM-DD\n"},
        {"R1,1,S,,1,,,main,maybe\n", "2 already_refunded: must be true or false\n"},
        {"R1,1,\xE9t\xE9,,1,,,main,\n", "2 sku: is not UTF-8 (save the file as CSV UTF-8)\n"},
        {"R1,1,\xE9,,1,,,main,\nR1,2,S,,1,,,x,\n",
         "2 sku: is not UTF-8 (save the file as CSV UTF-8)\n3 owner: differs from line 2 of the same RMA\n"},
        {"R 1,1,S,,1,,,main,\n", "2 rma: must not have spaces\n"},
        {"R1,1,\"a\nb\",,1,,,main,\nR1,2,S,,-1,,,main,\n",
         "2 sku: has control characters or is not UTF-8\n4 qty: must be > 0\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct rma rma;
        struct buffer text = BUFFER_EMPTY, problems = BUFFER_EMPTY;
        buffer_append_format(&text, "rma,line,sku,gtin,qty,unit_price,delivery_date,owner,already_refunded\n%s",
                             table[i].rows);
        CU_ASSERT_FALSE(read_rma(buffer_text(&text), &rma, &problems));
        if (strcmp(buffer_text(&problems), table[i].problems) != 0)
            printf("\n    %s", buffer_text(&problems));
        CU_ASSERT_STRING_EQUAL(buffer_text(&problems), table[i].problems);
        buffer_done(&text);
        buffer_done(&problems);
    }
}

static void an_rma_does_not_leak_into_the_next(void)
{
    struct rma rma;
    struct error err;
    struct csv_rma gather;
    struct buffer problems = BUFFER_EMPTY;
    CU_ASSERT_TRUE_FATAL(read_header("rma,line,sku,qty,owner\n", NULL, &err));
    csv_rma_init(&gather, &columns, note_problem, &problems);
    csv_read("R1,1,S,0,a\n", 11, true, ',', &record, &err);
    csv_rma_add(&gather, &record, 2);
    CU_ASSERT_FALSE(csv_rma_finish(&gather, &rma));
    csv_read("R2,1,S,1,b\n", 11, true, ',', &record, &err);
    csv_rma_add(&gather, &record, 3);
    csv_rma_spoil(&gather);
    CU_ASSERT_FALSE(csv_rma_finish(&gather, &rma));
    csv_rma_add(&gather, &record, 3);
    CU_ASSERT_TRUE_FATAL(csv_rma_finish(&gather, &rma));
    CU_ASSERT_STRING_EQUAL(rma.owner, "b");
    CU_ASSERT_EQUAL(rma.line_count, 1);
    rma_done(&rma);
    CU_ASSERT_FALSE(csv_rma_finish(&gather, &rma)); /* no row */
    CU_ASSERT_STRING_EQUAL(buffer_text(&problems), "2 qty: must be > 0\n");
    buffer_done(&problems);
}

static void rows_are_bounded(void)
{
    struct rma rma;
    struct buffer text = BUFFER_EMPTY, problems = BUFFER_EMPTY;
    buffer_append_text(&text, "rma,line,sku,qty\n");
    for (int i = 0; i <= RMA_LINES_MAX; i++)
        buffer_append_format(&text, "R1,%d,S,1\n", i);
    CU_ASSERT_FALSE(read_rma(buffer_text(&text), &rma, &problems));
    CU_ASSERT_STRING_EQUAL(buffer_text(&problems), "1002 is one row too many for an RMA\n");
    buffer_done(&text);
    buffer_done(&problems);
}

SUITE("codec/csv_rma", {"rows become an RMA", rows_become_an_rma}, {"the header is checked", the_header_is_checked},
      {"columns without meaning are told", columns_without_meaning_are_told},
      {"every bad row is told with its line", every_bad_row_is_told_with_its_line},
      {"an RMA does not leak into the next", an_rma_does_not_leak_into_the_next},
      {"rows are bounded", rows_are_bounded})
