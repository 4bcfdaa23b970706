/* SPDX-License-Identifier: Apache-2.0 */
/* labels list, lint, render: what the station prints, without a station. */
#include "protocol/label/label.h"

#include "base/memory.h"
#include "base/text.h"
#include "ctl/bytes.h"
#include "ctl/show.h"
#include "protocol/label/preview.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifndef RETURNSD_DATA_DIRECTORY
#define RETURNSD_DATA_DIRECTORY "/usr/share/returnsd"
#endif
#define PATH_SIZE 4096
#define FIELDS_MAX 64

/* The folder of templates: --data, else $RETURNSD_DATA (as the daemon reads it), else the installed one. */
static bool find_folder(const struct ctl *ctl, char *target, size_t size)
{
    const char *value = getenv("RETURNSD_DATA");
    size_t length = value != NULL && value[0] == '/' ? strcspn(value, ":") : 0;
    const char *data = ctl->data != NULL ? ctl->data : length > 0 ? value : RETURNSD_DATA_DIRECTORY;
    if (ctl->data != NULL || length == 0)
        length = strlen(data);
    return text_format(target, size, "%.*s/labels", (int)length, data);
}

/* Free with label_set_free; NULL after a complaint. */
static struct label_set *load(const struct ctl *ctl)
{
    char folder[PATH_SIZE];
    struct error err = {0};
    struct label_set *set = NULL;
    if (!find_folder(ctl, folder, sizeof folder))
        error_set(&err, ERROR_TOO_BIG, "path too long");
    else
        set = label_set_load(folder, &err);
    if (set == NULL)
        ctl_complain("%s", err.message);
    return set;
}

enum ctl_exit ctl_labels_list(struct ctl *ctl)
{
    struct label_set *set = load(ctl);
    if (set == NULL)
        return CTL_FAULT;
    json_t *list = json_array();
    const char *name;
    for (size_t i = 0; (name = label_set_name(set, i)) != NULL; i++) {
        if (!ctl->json)
            printf("%-16s  %s\n", name, label_template_hash(set, name));
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "hash", label_template_hash(set, name)));
    }
    if (ctl->json)
        bytes_print_json(list);
    json_decref(list);
    label_set_free(set);
    return CTL_OK;
}

/* ---- lint ---- */

static int is_template(const struct dirent *entry)
{
    return label_is_template(entry->d_name);
}

/* Prints what is wrong with a template, as file:line. */
static bool lint(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    struct error err = {0};
    bool good = TEXT_FORMAT(path, "%s/%s", folder, name) ? label_check_file(path, &err)
                                                         : error_set(&err, ERROR_TOO_BIG, "%s: path too long", name);
    if (!good)
        printf("%s\n", err.message);
    return good;
}

enum ctl_exit ctl_labels_lint(struct ctl *ctl)
{
    char folder[PATH_SIZE];
    struct dirent **entries = NULL;
    bool found =
        ctl->argument_count > 0 ? TEXT_COPY(folder, ctl->arguments[0]) : find_folder(ctl, folder, sizeof folder);
    int count = found ? scandir(folder, &entries, is_template, alphasort) : -1, broken = 0;
    if (count < 0)
        ctl_complain("%s: %s", folder, found ? strerror(errno) : "path too long");
    for (int i = 0; i < count; i++) {
        broken += !lint(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (count < 0)
        return CTL_FAULT;
    printf("%d templates, %d broken\n", count, broken);
    return broken == 0 && count > 0 ? CTL_OK : CTL_REFUSED;
}

/* ---- render ---- */

/* The fields of a JSON object of strings, numbers and nulls, into names and values that json and texts keep. */
struct field_list {
    json_t *json;
    size_t count;
    struct label_field fields[FIELDS_MAX];
    char texts[FIELDS_MAX][24];
};

static bool add_field(struct field_list *list, const char *name, json_t *value)
{
    struct label_field *field = &list->fields[list->count];
    *field = (struct label_field){name, json_string_value(value)};
    if (json_is_integer(value)) {
        TEXT_FORMAT(list->texts[list->count], "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        field->value = list->texts[list->count];
    }
    list->count++;
    return field->value != NULL || json_is_null(value);
}

static bool read_fields(const char *path, struct field_list *list)
{
    json_error_t where;
    const char *name;
    json_t *value;
    list->json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (list->json == NULL || !json_is_object(list->json)) {
        ctl_complain("%s:%d: %s", path, where.line, list->json == NULL ? where.text : "wanted is an object");
        return false;
    }
    json_object_foreach(list->json, name, value) {
        if (list->count < FIELDS_MAX && add_field(list, name, value))
            continue;
        ctl_complain("%s: %s: wanted are at most %d strings and whole numbers", path, name, FIELDS_MAX);
        return false;
    }
    return true;
}

static bool render(const struct ctl *ctl, const struct label_set *set, struct buffer *zpl, struct error *err)
{
    const struct label_options options = {ctl->dpi, ctl_lang(ctl)};
    const char *name = ctl->arguments[0];
    if (ctl->fields == NULL)
        return label_render_sample(set, name, &options, zpl, err);
    CLEANUP(memory_free_at) struct field_list *list = memory_new(1, sizeof *list);
    bool good = read_fields(ctl->fields, list) &&
                label_render(set, name, &options, list->fields, list->count, zpl, err);
    json_decref(list->json);
    return good;
}

static void print_label(const struct ctl *ctl, const struct buffer *zpl)
{
    struct buffer svg = BUFFER_EMPTY;
    struct label_preview preview;
    if (ctl->svg)
        label_preview(buffer_text(zpl), zpl->length, ctl->dpi, &svg, &preview);
    const struct buffer *out = ctl->svg ? &svg : zpl;
    fwrite(buffer_text(out), 1, out->length, stdout);
    buffer_done(&svg);
}

enum ctl_exit ctl_labels_render(struct ctl *ctl)
{
    struct label_set *set = load(ctl);
    struct buffer zpl = BUFFER_EMPTY;
    struct error err = {0};
    if (set == NULL)
        return CTL_FAULT;
    bool good = render(ctl, set, &zpl, &err);
    if (good)
        print_label(ctl, &zpl);
    else if (err.code != ERROR_NONE)
        ctl_complain("%s", err.message);
    buffer_done(&zpl);
    label_set_free(set);
    return good ? CTL_OK : CTL_REFUSED;
}
