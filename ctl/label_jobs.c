/* SPDX-License-Identifier: Apache-2.0 */
/* labels doubt, labels answer: labels of which nobody knows whether they came out, and what a person saw. */
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <inttypes.h>
#include <stdlib.h>

static void print(const json_t *label)
{
    printf("%6" JSON_INTEGER_FORMAT "  %-24s  printer %s  lane %s  %s %s\n",
           json_integer_value(json_object_get(label, "label")), show_string(label, "code"),
           show_string(label, "printer"), show_string(label, "lane"), show_string(label, "state"),
           show_string(label, "reason"));
}

enum ctl_exit ctl_labels_doubt(struct ctl *ctl)
{
    json_t *body = NULL;
    enum ctl_exit end = client_get(ctl->client, "/api/v1/labels", &body);
    const json_t *labels = json_object_get(body, "labels"), *label;
    size_t i;
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(labels);
    else
        json_array_foreach(labels, i, label)
            print(label);
    json_decref(body);
    return CTL_OK;
}

enum ctl_exit ctl_labels_answer(struct ctl *ctl)
{
    bool is_yes = text_equal(ctl->arguments[1], "yes");
    json_t *reply = NULL;
    if (!is_yes && !text_equal(ctl->arguments[1], "no")) {
        ctl_complain("labels answer: did it come out, yes or no?");
        return CTL_USAGE;
    }
    char *path = client_path("/api/v1/labels/{}", ctl->arguments[0]);
    json_t *body = json_pack("{s:b}", "came_out", is_yes);
    enum ctl_exit end = client_post(ctl->client, path, body, &reply);
    if (end == CTL_OK && ctl->json)
        ctl_print_json(reply);
    else if (end == CTL_OK)
        printf("%s\n", show_string(reply, "state"));
    json_decref(body);
    json_decref(reply);
    free(path);
    return end;
}

/* ---- what no unit or parcel asked for ---- */

enum ctl_exit ctl_print_label(struct ctl *ctl, const char *lane, const char *name, json_t *fields)
{
    json_t *reply = NULL,
           *body = json_pack("{s:s, s:o, s:s}", "template", name, "fields", fields, "lang", ctl_lang(ctl));
    char *path = client_path("/api/v1/lanes/{}/labels", lane);
    enum ctl_exit end = client_post(ctl->client, path, body, &reply);
    if (end == CTL_OK && ctl->json)
        ctl_print_json(reply);
    else if (end == CTL_OK)
        printf("label %" JSON_INTEGER_FORMAT " is queued on printer %s\n",
               json_integer_value(json_object_get(reply, "label")), show_string(reply, "printer"));
    json_decref(body);
    json_decref(reply);
    free(path);
    return end;
}

enum ctl_exit ctl_labels_print(struct ctl *ctl)
{
    json_error_t where = {0};
    enum ctl_exit end;
    json_t *fields = ctl->fields != NULL ? json_load_file(ctl->fields, JSON_REJECT_DUPLICATES, &where) : json_object();
    if (!json_is_object(fields)) {
        ctl_complain("%s:%d: %s", ctl->fields, where.line, fields == NULL ? where.text : "wanted is an object");
        json_decref(fields);
        return CTL_REFUSED;
    }
    char *lane = ctl_find_lane(ctl, &end);
    if (lane == NULL)
        json_decref(fields);
    else
        end = ctl_print_label(ctl, lane, ctl->arguments[0], fields);
    free(lane);
    return end;
}
