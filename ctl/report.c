/* SPDX-License-Identifier: Apache-2.0 */
/* report: what a station did, as CSV or JSON, out of its state directory or a copy; no daemon is needed. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "ctl/ctl.h"
#include "daemon/store/report.h"

#include <stdio.h>
#include <string.h>

struct printing {
    const struct ctl *ctl;
    json_t *rows;
    size_t count;
};

/* RFC 4180. What a spreadsheet would take for a formula stays a text. */
static void print_cell(const char *text, bool numeric)
{
    bool formula = !numeric && text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL;
    if (!formula && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, stdout);
        return;
    }
    fputs(formula ? "\"'" : "\"", stdout);
    for (; *text != '\0'; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

static void print_row(const struct report_row *row, const char *const *cells, bool head)
{
    for (size_t i = 0; i < row->count; i++) {
        if (i > 0)
            putchar(',');
        print_cell(cells[i], head || row->numeric[i]);
    }
    puts("\r");
}

static void take_row(void *context, const struct report_row *row)
{
    struct printing *printing = context;
    if (!printing->ctl->json) {
        if (printing->count++ == 0)
            print_row(row, row->names, true);
        print_row(row, row->values, false);
        return;
    }
    json_t *object = json_object();
    for (size_t i = 0; i < row->count; i++) {
        json_t *number = row->numeric[i] ? json_loads(row->values[i], JSON_DECODE_ANY, NULL) : NULL;
        json_t *value = number != NULL ? number : row->values[i][0] != '\0' ? json_string(row->values[i]) : json_null();
        json_object_set_new(object, row->names[i], value);
    }
    json_array_append_new(printing->rows, object);
}

/* A whole year, or --since to --until (both days included); nothing said is everything. */
static bool find_time(const struct ctl *ctl, int64_t *ret_from, int64_t *ret_until, struct error *err)
{
    char first[DATE_SIZE + 8], next[DATE_SIZE + 8];
    int64_t year = 0;
    int32_t from = 0, until = INT32_MAX / 2;
    if (ctl->year != NULL && (!text_to_int64(ctl->year, &year) || year < 2000 || year > 9998))
        return error_set(err, ERROR_INVALID, "--year: \"%s\" is no year", ctl->year);
    TEXT_FORMAT(first, "%lld-01-01", (long long)year);
    TEXT_FORMAT(next, "%lld-01-01", (long long)year + 1);
    const char *since = year > 0 ? first : ctl->since, *end = year > 0 ? next : ctl->until;
    if (since != NULL && !clock_parse_date(since, &from))
        return error_set(err, ERROR_INVALID, "--since: \"%s\" is no date, YYYY-MM-DD", since);
    if (end != NULL && !clock_parse_date(end, &until))
        return error_set(err, ERROR_INVALID, "--until: \"%s\" is no date, YYYY-MM-DD", end);
    *ret_from = from * DAY_MS;
    *ret_until = (until + (year == 0 && end != NULL)) * DAY_MS;
    return true;
}

enum ctl_exit ctl_report(struct ctl *ctl)
{
    struct error err = {0};
    int64_t from = 0, until = 0;
    struct printing printing = {.ctl = ctl, .rows = json_array()};
    struct store *store = NULL;
    bool ok = find_time(ctl, &from, &until, &err);
    if (ok && text_equal(ctl->arguments[0], "disclosure") && ctl->year == NULL)
        ok = error_set(&err, ERROR_INVALID, "the disclosure is for a year: --year YYYY");
    if (ok)
        store = store_open_read(ctl->state != NULL ? ctl->state : STATE_DEFAULT, &err);
    ok = ok && store != NULL && report_run(store, ctl->arguments[0], from, until, take_row, &printing, &err);
    if (ok && ctl->json)
        ctl_print_json(printing.rows);
    if (!ok)
        ctl_complain("%s", err.message);
    store_close(store);
    json_decref(printing.rows);
    return ok ? CTL_OK : err.code == ERROR_INVALID ? CTL_REFUSED : CTL_FAULT;
}
