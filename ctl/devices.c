/* SPDX-License-Identifier: Apache-2.0 */
/* devices: every scanner the station sees, how it is read, and what to do where it cannot be. */
#include "base/buffer.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <inttypes.h>

#define TEXT_COLUMNS 110

/* What people read behind the name, in this order. */
static const char *const fields[] = {"mode", "state", "lane", "layout", "port", "usb", "model", "scans"};

static void print_note(const char *what, const char *text)
{
    struct buffer line = BUFFER_EMPTY;
    if (text[0] == '\0')
        return;
    buffer_append_format(&line, "    %s: ", what);
    show_append(&line, text, TEXT_COLUMNS);
    show_line(&line);
    buffer_done(&line);
}

static void print_last(const json_t *last)
{
    struct buffer line = BUFFER_EMPTY;
    if (!json_is_object(last))
        return;
    buffer_append_text(&line, "    last: ");
    show_append(&line, show_string(last, "at"), 30);
    buffer_append_text(&line, "  ");
    show_append(&line, show_string(last, "aim"), 4);
    buffer_append_text(&line, " ");
    show_append(&line, show_string(last, "code"), TEXT_COLUMNS);
    show_line(&line);
    buffer_done(&line);
}

static void print_device(const json_t *device, const char *lang)
{
    struct buffer line = BUFFER_EMPTY;
    show_append(&line, show_string(device, "device"), 60);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_t *value = json_object_get(device, fields[i]);
        if (value == NULL || json_is_null(value))
            continue;
        buffer_append_format(&line, "  %s=", fields[i]);
        show_value(&line, value, lang);
    }
    show_line(&line);
    buffer_done(&line);
    print_last(json_object_get(device, "last"));
    print_note("it types another layout; set layout to", show_string(device, "misread"));
    print_note("do", show_string(device, "advice"));
    print_note("its own beep", show_string(device, "quiet"));
}

enum ctl_exit ctl_devices(struct ctl *ctl)
{
    json_t *body = NULL, *device;
    enum ctl_exit end = client_get(ctl->client, "/api/v1/scanners", &body);
    size_t i;
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(body);
    json_array_foreach(json_object_get(body, "scanners"), i, device)
        if (!ctl->json)
            print_device(device, ctl_lang(ctl));
    if (i == 0 && !ctl->json)
        puts("no scanner");
    json_decref(body);
    return CTL_OK;
}
