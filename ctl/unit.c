/* SPDX-License-Identifier: Apache-2.0 */
/* unit history: a unit, what was decided of it and why, and what the journal says, oldest first as the daemon gives it.
 */
#include "base/memory.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <string.h>

#define HASH_SHOWN 12

static void print_unit(json_t *unit, const char *lang)
{
    static const char *const skip[] = {"trace", "allowed", NULL};
    struct buffer line = BUFFER_EMPTY;
    show_pairs(&line, unit, skip, lang);
    show_line(&line);
    buffer_done(&line);
}

/* The text of a row is in the row itself or in its message; a row without is shown by its members. */
static void append_text(struct buffer *line, json_t *row, const char *lang)
{
    static const char *const skip[] = {"journal", "time", "signal", "hash", "previous", NULL};
    const char *text = show_say(json_object_get(row, "message"), lang);
    if (text[0] == '\0')
        text = show_say(row, lang);
    if (text[0] != '\0')
        show_append(line, text, 1000);
    else
        show_pairs(line, row, skip, lang);
}

static void print_row(json_t *row, const char *lang)
{
    struct buffer line = BUFFER_EMPTY;
    if (json_object_get(row, "journal") == NULL)
        buffer_append_text(&line, "        ");
    else
        buffer_append_format(&line, "%6lld  ", (long long)json_integer_value(json_object_get(row, "journal")));
    show_append(&line, show_string(row, "time"), 30);
    const char *signal = show_string(row, "signal");
    if (signal[0] != '\0') {
        buffer_append_text(&line, "  ");
        show_append(&line, show_word(signal, lang), 12);
    }
    buffer_append_text(&line, "  ");
    append_text(&line, row, lang);
    const char *hash = show_string(row, "hash");
    if (hash[0] != '\0') {
        buffer_append_text(&line, "  #");
        show_append(&line, hash, HASH_SHOWN);
    }
    show_line(&line);
    buffer_done(&line);
}

static void print_history(json_t *history, const char *lang)
{
    for (void *i = json_object_iter(history); i != NULL; i = json_object_iter_next(history, i)) {
        json_t *value = json_object_iter_value(i);
        size_t n;
        json_t *row;
        json_t *trace = json_object_get(value, "trace");
        if (json_is_object(value))
            print_unit(value, lang);
        json_array_foreach(trace, n, row) print_row(row, lang);
        json_array_foreach(value, n, row) print_row(row, lang);
    }
}

enum ctl_exit ctl_unit_history(struct ctl *ctl)
{
    json_t *history = NULL;
    const char *key = ctl->serial != NULL ? ctl->serial : ctl->argument_count > 0 ? ctl->arguments[0] : NULL;
    if (key == NULL || (ctl->serial != NULL && ctl->argument_count > 0)) {
        ctl_complain("unit history needs an LPN or --serial SERIAL");
        return CTL_USAGE;
    }
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/units/{}/history", key);
    enum ctl_exit end = client_get(ctl->client, path, &history);
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(history);
    else
        print_history(history, ctl_lang(ctl));
    json_decref(history);
    return CTL_OK;
}
