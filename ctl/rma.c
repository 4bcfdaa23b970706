/* SPDX-License-Identifier: Apache-2.0 */
/* rma show and rma import: the file is streamed, then the daemon's work on it is followed to the last problem. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLL_FIRST_MS 20
#define POLL_MAX_MS 500
#define PROGRESS_MS 200

/* ---- progress, on stderr; a terminal sees one line that changes, a file only the last state of each step ---- */

static struct {
    struct buffer line;
    int64_t shown_tick;
    bool open; /* a line that is not ended yet */
} progress;

static void draw_progress(bool last)
{
    bool terminal = isatty(STDERR_FILENO) == 1;
    int64_t tick = clock_read().tick;
    if (!last && (!terminal || tick - progress.shown_tick < PROGRESS_MS))
        return;
    progress.shown_tick = tick;
    fprintf(stderr, "%s%s%s%s", terminal ? "\r" : "", buffer_text(&progress.line), terminal ? "\033[K" : "",
            last ? "\n" : "");
    progress.open = !last;
}

static void end_progress(void)
{
    if (progress.line.length > 0)
        draw_progress(true);
    buffer_done(&progress.line);
}

static void tell_sent(int64_t sent)
{
    buffer_clear(&progress.line);
    buffer_append_format(&progress.line, "sent %" PRId64 " bytes", sent);
    draw_progress(false);
}

static int64_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void tell_import(const json_t *import)
{
    buffer_clear(&progress.line);
    show_append(&progress.line, show_string(import, "state"), 20);
    buffer_append_format(&progress.line, ": %" PRId64 " rows, %" PRId64 " RMAs", number(import, "rows"),
                         number(import, "rmas"));
    draw_progress(false);
}

/* ---- import ---- */

struct import_file {
    FILE *file;
    int64_t size; /* -1: not known */
    const char *name, *format;
};

static const char *format_of(const struct ctl *ctl, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (ctl->format != NULL || dot == NULL)
        return ctl->format;
    return strcasecmp(dot, ".csv") == 0 ? "csv" : strcasecmp(dot, ".json") == 0 ? "json" : NULL;
}

static bool open_file(const struct ctl *ctl, struct import_file *file)
{
    const char *path = ctl->arguments[0];
    const char *slash = strrchr(path, '/');
    bool standard = text_equal(path, "-");
    struct stat about;
    file->name = standard ? "stdin" : slash != NULL ? slash + 1 : path;
    file->format = format_of(ctl, file->name);
    if (file->format == NULL)
        return true; /* the caller complains */
    file->file = standard ? stdin : fopen(path, "rbe");
    if (file->file == NULL) {
        int saved = errno;
        CLEANUP(memory_free_at) char *shown = show_text(path);
        ctl_complain("%s: %s", shown, strerror(saved));
        return false;
    }
    bool sized = fstat(fileno(file->file), &about) == 0 && S_ISREG(about.st_mode) && !standard;
    file->size = sized ? about.st_size : -1;
    return true;
}

static enum ctl_exit send_file(struct ctl *ctl, const struct import_file *file, int64_t *ret_number)
{
    json_t *answer = NULL;
    CLEANUP(memory_free_at)
    char *path =
        client_path("/api/v1/imports?format={}&replace={}&name={}", file->format, ctl->replace ? "1" : "0", file->name);
    enum ctl_exit end = client_upload(ctl->client, path, file->file, file->size, tell_sent, &answer);
    end_progress();
    if (end == CTL_OK)
        *ret_number = number(answer, "import");
    json_decref(answer);
    return end;
}

static bool is_over(const json_t *import)
{
    const char *state = show_string(import, "state");
    return text_equal(state, "done") || text_equal(state, "failed");
}

static enum ctl_exit follow_import(struct ctl *ctl, int64_t import, json_t **ret_import)
{
    char path[64];
    snprintf(path, sizeof path, "/api/v1/imports/%" PRId64, import);
    for (int wait_ms = POLL_FIRST_MS;; wait_ms = wait_ms * 2 < POLL_MAX_MS ? wait_ms * 2 : POLL_MAX_MS) {
        json_t *state = NULL;
        enum ctl_exit end = client_get(ctl->client, path, &state);
        if (end == CTL_OK)
            tell_import(state);
        if (end != CTL_OK || is_over(state)) {
            end_progress();
            *ret_import = state;
            return end;
        }
        json_decref(state);
        poll(NULL, 0, wait_ms);
    }
}

static void print_problem(json_t *problem, const char *lang)
{
    struct buffer line = BUFFER_EMPTY;
    buffer_append_format(&line, "line %" PRId64 ": ", number(problem, "line"));
    show_append(&line, show_string(problem, "rma"), 60);
    buffer_append_text(&line, show_string(problem, "rma")[0] != '\0' ? ": " : "");
    show_append(&line, show_say(json_object_get(problem, "reason"), lang), 1000);
    show_line(&line);
    buffer_done(&line);
}

/* Takes one page; the cursor moves, or the last page is reached. */
static bool take_page(struct ctl *ctl, json_t *page, json_t *all, int64_t *cursor)
{
    json_t *problems = json_object_get(page, "problems"), *problem;
    int64_t last = number(page, "last");
    size_t i;
    json_array_foreach(problems, i, problem)
    {
        if (ctl->json)
            json_array_append(all, problem);
        else
            print_problem(problem, ctl_lang(ctl));
    }
    bool moved = json_array_size(problems) > 0 && last > *cursor;
    *cursor = last;
    return moved;
}

static enum ctl_exit read_problems(struct ctl *ctl, int64_t import, json_t *all)
{
    enum ctl_exit end = CTL_OK;
    int64_t cursor = 0;
    for (bool more = true; more && end == CTL_OK;) {
        char path[96];
        json_t *page = NULL;
        snprintf(path, sizeof path, "/api/v1/imports/%" PRId64 "/problems?after=%" PRId64, import, cursor);
        end = client_get(ctl->client, path, &page);
        more = end == CTL_OK && take_page(ctl, page, all, &cursor);
        json_decref(page);
    }
    return end;
}

static void print_summary(json_t *import, const char *lang)
{
    static const char *const skip[] = {"name", "state", "reason", "bytes", "import", NULL};
    struct buffer line = BUFFER_EMPTY;
    buffer_append_format(&line, "import %" PRId64 " ", number(import, "import"));
    show_append(&line, show_string(import, "state"), 20);
    buffer_append_text(&line, ": ");
    show_pairs(&line, import, skip, lang);
    show_line(&line);
    const char *reason = show_say(json_object_get(import, "reason"), lang);
    if (reason[0] != '\0') {
        show_append(&line, reason, 1000);
        show_line(&line);
    }
    buffer_done(&line);
}

static enum ctl_exit judge_import(const json_t *import)
{
    static const char *const refusals[] = {"conflict", "protected", "refused", "problems"};
    bool good = text_equal(show_string(import, "state"), "done");
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        good = good && number(import, refusals[i]) == 0;
    return good ? CTL_OK : CTL_REFUSED;
}

static enum ctl_exit finish_import(struct ctl *ctl, json_t *import)
{
    json_t *problems = json_array();
    enum ctl_exit end = read_problems(ctl, number(import, "import"), problems);
    if (ctl->json) {
        json_object_set(import, "problem_list", problems);
        ctl_print_json(import);
    } else {
        print_summary(import, ctl_lang(ctl));
    }
    json_decref(problems);
    return end == CTL_OK ? judge_import(import) : end;
}

enum ctl_exit ctl_rma_import(struct ctl *ctl)
{
    struct import_file file = {0};
    if (!open_file(ctl, &file))
        return CTL_FAULT;
    if (file.format == NULL) {
        ctl_complain("is it CSV or JSON? Say --format csv or --format json");
        return CTL_USAGE;
    }
    int64_t import_number = 0;
    json_t *import = NULL;
    enum ctl_exit end = send_file(ctl, &file, &import_number);
    if (file.file != stdin)
        fclose(file.file);
    if (end == CTL_OK)
        end = follow_import(ctl, import_number, &import);
    if (end == CTL_OK)
        end = finish_import(ctl, import);
    json_decref(import);
    return end;
}

/* ---- show ---- */

enum ctl_exit ctl_rma_show(struct ctl *ctl)
{
    json_t *rma = NULL;
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/rmas/{}", ctl->arguments[0]);
    enum ctl_exit end = client_get(ctl->client, path, &rma);
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(rma);
    else
        show_members(rma, ctl_lang(ctl));
    json_decref(rma);
    return CTL_OK;
}
