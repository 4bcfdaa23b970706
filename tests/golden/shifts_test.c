/* SPDX-License-Identifier: Apache-2.0 */
/* Plays every trace of tests/golden/shifts. UPDATE=1 rewrites the payload lines ("  | …") of what was played and never
   what people wrote by hand; SHIFT=<part of a path> plays only those traces, of the folder pending too. */
#include "tests/golden/shift.h"

#include "daemon/codec/checklist.h"
#include "daemon/codec/policy.h"

#include <glob.h>

#define FOLDER SOURCE_DIR "/tests/golden/shifts"

/* Reads "HH:MM[:SS[.mmm]]" or "+N(ms|s|min|h)" at the start of a line and sets the clock; other lines come five seconds
   later. The rest of the line. */
static const char *set_clock(struct shift *shift, const char *line, bool scan)
{
    int h, m, used = 0;
    double s = 0;
    int64_t ms = scan ? 5000 : 0;
    char unit[8] = "";
    if (sscanf(line, "%2d:%2d%n", &h, &m, &used) == 2) {
        int more = 0;
        if (sscanf(line + used, ":%lf%n", &s, &more) == 1)
            used += more;
        ms = shift->day + h * INT64_C(3600000) + m * INT64_C(60000) + (int64_t)(s * 1000 + 0.5) - shift_clock.now;
    } else if (sscanf(line, "+%lf%7[a-z]%n", &s, unit, &used) == 2) {
        double scale = text_equal(unit, "ms") ? 1 : text_equal(unit, "s") ? 1e3 : text_equal(unit, "min") ? 6e4 : 3.6e6;
        ms = (int64_t)(s * scale);
    }
    if (ms < 0)
        shift_fail(shift, "time goes back by %lld ms", (long long)-ms);
    shift_clock.now += ms;
    shift_clock.tick += ms;
    return line + used + strspn(line + used, " ");
}

/* One line that people wrote; what follows from it is appended. */
static void play_line(struct shift *shift, const char *line, struct buffer *payload)
{
    struct words words;
    line += strspn(line, " ");
    if (line[0] == '\0' || line[0] == '#')
        return;
    bool is_scan = strstr(line, "=>") != NULL;
    line = set_clock(shift, line, is_scan);
    if (is_scan) {
        world_flush(shift);
        scan_line(shift, line, payload);
    } else if (!words_cut(&words, line) || words.count == 0 || !world_line(shift, &words)) {
        shift_fail(shift, "nobody understands this line");
    } else if (shift->station != NULL) {
        tell_news(shift, payload);
    }
    if (!shift->erp_down && shift->station != NULL)
        tell_erp(shift);
    shift->broken |= shift->erp.broken;
}

/* ---- what must hold in the end ---- */

static void check_workers(struct shift *shift)
{
    for (size_t i = 0; i < shift->worker_count; i++)
        if (!shift->workers[i].counted)
            shift_fail(shift, "the trace does not count the %d scans of %s", shift->workers[i].scans,
                       shift->workers[i].name);
}

static void check_stock(struct shift *shift)
{
    int64_t in_stock = 0;
    int64_t rows = house_count(&shift->house, "SELECT count(*) FROM (SELECT DISTINCT CASE WHEN container <> '' THEN"
                                              " container ELSE location END, status FROM unit WHERE status <> 'none')");
    if (rows != shift->stock_rows)
        shift_fail(shift, "the stock has %lld rows, the trace states %d", (long long)rows, shift->stock_rows);
    for (size_t i = 0; i < shift->erp.item_count; i++)
        in_stock += shift->erp.items[i].stock;
    if (in_stock != house_count(&shift->house, "SELECT count(*) FROM unit WHERE status <> 'none'"))
        shift_fail(shift, "by the events %lld units are in stock", (long long)in_stock);
}

static void check_end(struct shift *shift)
{
    int64_t rows = 0;
    if (shift->station == NULL || shift->title[0] == '\0' || shift->covers[0] == '\0') {
        shift_fail(shift, "a trace has a title, what it covers, and scans");
        return;
    }
    shift->erp_down = false;
    tell_erp(shift);
    shift->broken |= shift->erp.broken;
    check_workers(shift);
    check_stock(shift);
    if (!journal_verify(shift->house.store, &rows, &shift->house.err))
        shift_fail(shift, "%s", shift->house.err.message);
}

/* ---- files ---- */

static void read_file(const char *path, struct buffer *text)
{
    char block[4096];
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        buffer_append(text, block, n);
    fclose(file);
}

static void write_file(const char *path, const struct buffer *text)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(text->data, 1, text->length, file), text->length);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

/* Plays the hand-written lines of a text; ret_now = the text as it should be. */
static void play(struct shift *shift, const char *text, struct buffer *ret_now)
{
    char line[2000];
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        shift->line++;
        if (!text_copy_bytes(line, sizeof line, at, length))
            shift_fail(shift, "a line of more than %zu bytes", sizeof line);
        at += length + (at[length] == '\n');
        if (strncmp(line, "  |", 3) == 0)
            continue;
        buffer_append_format(ret_now, "%s\n", line);
        play_line(shift, line, ret_now);
    }
    world_flush(shift);
    check_end(shift);
}

/* Names the first payload line that differs. */
static void tell_difference(struct shift *shift, const char *was, const char *now)
{
    for (shift->line = 1; *was != '\0' || *now != '\0'; shift->line++) {
        size_t a = strcspn(was, "\n"), b = strcspn(now, "\n");
        if (a != b || strncmp(was, now, a) != 0) {
            shift_fail(shift, "the payload differs (UPDATE=1 rewrites it)\n    is   %.*s\n    was  %.*s", (int)b, now,
                       (int)a, was);
            return;
        }
        was += a + (was[a] == '\n');
        now += b + (now[b] == '\n');
    }
}

static struct catalog *catalog;
static struct label_set *labels;
static struct policy_set policies;
static struct checklist_set checklists;

static bool trace_holds(const char *path)
{
    struct shift *shift = memory_new(1, sizeof *shift);
    struct buffer was = BUFFER_EMPTY, now = BUFFER_EMPTY;
    *shift = (struct shift){.path = path + sizeof SOURCE_DIR,
                            .catalog = catalog,
                            .labels = labels,
                            .policies = policies,
                            .checklists = &checklists};
    read_file(path, &was);
    world_open(shift);
    play(shift, buffer_text(&was), &now);
    if (!text_equal(buffer_text(&was), buffer_text(&now))) {
        if (getenv("UPDATE") != NULL)
            write_file(path, &now);
        else
            tell_difference(shift, buffer_text(&was), buffer_text(&now));
    }
    bool holds = !shift->broken;
    world_close(shift);
    buffer_done(&was);
    buffer_done(&now);
    free(shift);
    return holds;
}

static size_t play_folder(const char *pattern, const char *part)
{
    glob_t found;
    size_t played = 0;
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (part != NULL && strstr(found.gl_pathv[i], part) == NULL)
            continue;
        CU_ASSERT_TRUE(trace_holds(found.gl_pathv[i]));
        played++;
    }
    globfree(&found);
    return played;
}

static void every_shift_goes_as_written(void)
{
    struct error err = {0};
    const char *part = getenv("SHIFT");
    catalog = catalog_load(SOURCE_DIR "/data/texts", &err);
    labels = label_set_load(SOURCE_DIR "/data/labels", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    CU_ASSERT_PTR_NOT_NULL_FATAL(labels);
    CU_ASSERT_TRUE_FATAL(policy_set_load(SOURCE_DIR "/data/policies", &policies, &err));
    CU_ASSERT_TRUE_FATAL(checklist_set_load(SOURCE_DIR "/data/checklists", &checklists, &err));
    size_t played = play_folder(FOLDER "/*.trace", part);
    if (part != NULL)
        played += play_folder(FOLDER "/pending/*.trace", part);
    else
        walk_check(FOLDER "/not_yet.txt");
    CU_ASSERT(played > 0);
    printf("\n    %zu shifts ", played);
    policy_set_done(&policies);
    checklist_set_done(&checklists);
    labels = label_set_free(labels);
    catalog = catalog_free(catalog);
}

SUITE("golden/shifts", {"every shift goes as written", every_shift_goes_as_written})
