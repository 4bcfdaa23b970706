/* SPDX-License-Identifier: Apache-2.0 */
/* record and replay: the raw reports of a scanner into a file, with what they say; and such a file as if it was
 * scanned. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/bytes.h"
#include "ctl/client.h"
#include "ctl/live.h"
#include "ctl/show.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 200
#define RECORDING_MAX ((size_t)900 * 1024) /* of the 1 MiB that a request may have */

/* ---- record ---- */

struct recording {
    const char *path; /* NULL: standard output */
    FILE *file;       /* opened with the first lines: a wrong name of a scanner costs no file */
    int64_t left; /* scans still wanted; < 0: until it is interrupted */
    bool broken;  /* the file takes no more */
};

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
    (void)number;
    is_interrupted = 1;
}

static bool open_target(struct recording *recording)
{
    if (recording->file == NULL)
        recording->file = recording->path != NULL ? fopen(recording->path, "we") : stdout;
    if (recording->file == NULL)
        ctl_complain("%s: %s", recording->path, strerror(errno));
    return recording->file != NULL;
}

static bool close_target(struct recording *recording)
{
    return recording->file == NULL || recording->file == stdout || fclose(recording->file) == 0;
}

static void write_lines(void *context, const char *event, const char *id, const char *data)
{
    (void)id;
    struct recording *recording = context;
    if (!text_equal(event, "lines") || recording->left == 0 || recording->broken)
        return;
    recording->broken = !open_target(recording) || fprintf(recording->file, "%s\n", data) < 0 ||
                        fflush(recording->file) != 0;
    bool is_scan = strncmp(data, "expect:", 7) == 0 || strstr(data, "\nexpect:") != NULL;
    if (recording->left > 0 && is_scan)
        recording->left--;
}

static enum ctl_exit follow(struct ctl *ctl, struct live *live, struct recording *recording)
{
    enum ctl_exit end = CTL_OK;
    while (recording->left != 0 && !recording->broken && !is_interrupted) {
        live_wait(live, NULL, 0, WAIT_MS);
        if (live_failed(live, ctl, &end))
            return end;
        if (live_state(live) == LIVE_LOST) {
            ctl_complain("connection lost; the recording ends here");
            return CTL_UNREACHABLE;
        }
    }
    return recording->broken ? CTL_FAULT : CTL_OK;
}

enum ctl_exit ctl_record(struct ctl *ctl)
{
    struct sigaction action = {.sa_handler = interrupt};
    struct recording recording = {.path = ctl->argument_count > 1 ? ctl->arguments[1] : NULL, .left = ctl->count};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/scanners/{}/reports", ctl->arguments[0]);
    struct live *live = live_new(ctl->socket, path, write_lines, &recording);
    enum ctl_exit end = follow(ctl, live, &recording);
    live_free(live);
    return close_target(&recording) || end != CTL_OK ? end : CTL_FAULT;
}

/* ---- replay ---- */

/* The whole file as text; false after a complaint. */
static bool read_recording(const char *path, struct buffer *text)
{
    FILE *file = bytes_open(path);
    char block[4096];
    if (file == NULL)
        return false;
    for (size_t n; text->length <= RECORDING_MAX && (n = fread(block, 1, sizeof block, file)) > 0;)
        buffer_append(text, block, n);
    if (!bytes_close(file, path))
        return false;
    if (text->length > RECORDING_MAX)
        ctl_complain("%s: more than %zu bytes", path, RECORDING_MAX);
    else if (!text_is_utf8(text->data, text->length) || (text->data != NULL && memchr(text->data, 0, text->length)))
        ctl_complain("%s: not a recording", path);
    else
        return true;
    return false;
}

static void print_scan(const json_t *scan, const char *lang)
{
    struct buffer line = BUFFER_EMPTY;
    show_append(&line, show_string(scan, "code"), 60);
    buffer_append_text(&line, "  ");
    show_append(&line, show_word(show_string(scan, "signal"), lang), 40);
    buffer_append_text(&line, ": ");
    show_append(&line, show_say(json_object_get(scan, "message"), lang), 1000);
    show_line(&line);
    buffer_done(&line);
}

static enum ctl_exit print_answer(const struct ctl *ctl, const json_t *answer)
{
    const json_t *scan;
    size_t i;
    if (ctl->json)
        ctl_print_json(answer);
    json_array_foreach(json_object_get(answer, "scans"), i, scan)
        if (!ctl->json)
            print_scan(scan, ctl_lang(ctl));
    const char *error = show_string(answer, "error");
    if (error[0] != '\0')
        ctl_complain("%s: %s", ctl->arguments[0], error);
    return error[0] != '\0' ? CTL_REFUSED : CTL_OK;
}

enum ctl_exit ctl_replay(struct ctl *ctl)
{
    enum ctl_exit end = CTL_OK;
    struct buffer text = BUFFER_EMPTY;
    json_t *answer = NULL, *body = NULL;
    if (read_recording(ctl->arguments[0], &text))
        body = json_pack("{s:s}", "recording", buffer_text(&text));
    buffer_done(&text);
    if (body == NULL)
        return CTL_FAULT;
    CLEANUP(memory_free_at) char *lane = ctl_find_lane(ctl, &end);
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/lanes/{}/recordings", lane != NULL ? lane : "");
    if (lane != NULL)
        end = client_post(ctl->client, path, body, &answer);
    json_decref(body);
    if (answer == NULL)
        return end;
    end = print_answer(ctl, answer);
    json_decref(answer);
    return end;
}
