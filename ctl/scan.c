/* SPDX-License-Identifier: Apache-2.0 */
/* scan: a code as if a scanner had read it; the exit code is the signal. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *signal;
    enum ctl_exit end;
} signals[] = {{"ok", CTL_OK}, {"info", CTL_OK}, {"attention", CTL_REFUSED}, {"stop", CTL_STOP}};

static enum ctl_exit exit_of(const char *signal)
{
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        if (text_equal(signals[i].signal, signal))
            return signals[i].end;
    ctl_complain("the daemon answered with an unknown signal");
    return CTL_FAULT;
}

static void print_answer(const json_t *answer, const char *lang)
{
    struct buffer line = BUFFER_EMPTY;
    show_append(&line, show_word(show_string(answer, "signal"), lang), 40);
    buffer_append_text(&line, ": ");
    show_append(&line, show_say(json_object_get(answer, "message"), lang), 1000);
    show_line(&line);
    const char *next = show_say(json_object_get(answer, "next"), lang);
    if (next[0] != '\0') {
        buffer_append_format(&line, "%s: ", show_word("next", lang));
        show_append(&line, next, 1000);
        show_line(&line);
    }
    buffer_done(&line);
}

enum ctl_exit ctl_tell_answer(const struct ctl *ctl, const json_t *answer)
{
    if (ctl->json)
        ctl_print_json(answer);
    else
        print_answer(answer, ctl_lang(ctl));
    return exit_of(show_string(answer, "signal"));
}

enum ctl_exit ctl_scan(struct ctl *ctl)
{
    enum ctl_exit end = CTL_OK;
    json_t *body = json_pack("{s:s}", "code", ctl->arguments[0]);
    if (body == NULL || (ctl->aim != NULL && json_object_set_new(body, "aim", json_string(ctl->aim)) != 0)) {
        ctl_complain("the code is not UTF-8");
        json_decref(body);
        return CTL_USAGE;
    }
    CLEANUP(memory_free_at) char *lane = ctl_find_lane(ctl, &end);
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/lanes/{}/scans", lane != NULL ? lane : "");
    json_t *answer = NULL;
    if (lane != NULL)
        end = client_post(ctl->client, path, body, &answer);
    json_decref(body);
    if (answer == NULL)
        return end;
    end = ctl_tell_answer(ctl, answer);
    json_decref(answer);
    return end;
}
