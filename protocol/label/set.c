/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of templates, loaded whole or not at all. */
#include "base/memory.h"
#include "base/text.h"
#include "protocol/label/lint.h"
#include "protocol/label/template.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX ".zpl.in"
#define FILE_BYTES_MAX (256 * 1024)
#define TEMPLATES_MAX 200

struct label_set {
    struct label_template *templates[TEMPLATES_MAX]; /* by name */
    size_t count;
};

static const struct label_template *find(const struct label_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal(set->templates[i]->name, name))
            return set->templates[i];
    return NULL;
}

/* --- loading --- */

static bool read_file(const char *path, struct buffer *ret_text, struct error *err)
{
    char bytes[8192];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_system(err, "cannot open %s", path);
    for (size_t n = fread(bytes, 1, sizeof bytes, file); n > 0 && ret_text->length <= FILE_BYTES_MAX;
         n = fread(bytes, 1, sizeof bytes, file))
        buffer_append(ret_text, bytes, n);
    bool fine = !ferror(file) || error_system(err, "cannot read %s", path);
    fclose(file);
    if (fine && ret_text->length > FILE_BYTES_MAX)
        return error_set(err, ERROR_TOO_BIG, "%s: more than %d bytes", path, FILE_BYTES_MAX);
    return fine;
}

bool label_is_template(const char *file)
{
    size_t length = strlen(file), suffix = strlen(SUFFIX);
    return file[0] != '.' && length > suffix && text_equal(file + length - suffix, SUFFIX);
}

static struct label_template *read_template(const char *path, struct error *err)
{
    char name[TEMPLATE_NAME_SIZE];
    const char *file = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    struct buffer text = BUFFER_EMPTY;
    struct label_template *template = NULL;
    if (!label_is_template(file))
        error_set(err, ERROR_INVALID, "%s:1: the name does not end in " SUFFIX, path);
    else if (!text_copy_bytes(name, sizeof name, file, strlen(file) - strlen(SUFFIX)))
        error_set(err, ERROR_INVALID, "%s:1: the name is too long", path);
    else if (read_file(path, &text, err))
        template = template_parse(path, name, buffer_text(&text), text.length, err);
    buffer_done(&text);
    return template == NULL || label_lint(template, err) ? template : template_free(template);
}

bool label_check_file(const char *path, struct error *err)
{
    struct label_template *template = read_template(path, err);
    bool good = template != NULL;
    template_free(template);
    return good;
}

static bool load_entry(struct label_set *set, const char *directory, const char *file, struct error *err)
{
    char path[4096];
    if (!label_is_template(file))
        return true;
    if (!TEXT_FORMAT(path, "%s/%s", directory, file))
        return error_set(err, ERROR_TOO_BIG, "%s: path too long", directory);
    if (set->count == TEMPLATES_MAX)
        return error_set(err, ERROR_TOO_BIG, "%s: more than %d templates", path, TEMPLATES_MAX);
    struct label_template *template = read_template(path, err);
    if (template != NULL)
        set->templates[set->count++] = template;
    return template != NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct label_template *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static bool load_directory(struct label_set *set, const char *directory, struct error *err)
{
    DIR *list = opendir(directory);
    bool fine = list != NULL || error_system(err, "cannot open %s", directory);
    for (const struct dirent *entry = NULL; fine && (entry = readdir(list)) != NULL;)
        fine = load_entry(set, directory, entry->d_name, err);
    if (list != NULL)
        closedir(list);
    qsort(set->templates, set->count, sizeof set->templates[0], by_name);
    return fine;
}

struct label_set *label_set_load(const char *directory, struct error *err)
{
    struct label_set *set = memory_new(1, sizeof *set);
    return load_directory(set, directory, err) ? set : label_set_free(set);
}

struct label_set *label_set_free(struct label_set *set)
{
    for (size_t i = 0; set != NULL && i < set->count; i++)
        template_free(set->templates[i]);
    free(set);
    return NULL;
}

/* --- using --- */

const char *label_set_name(const struct label_set *set, size_t index)
{
    return index < set->count ? set->templates[index]->name : NULL;
}

const char *label_template_hash(const struct label_set *set, const char *name)
{
    const struct label_template *template = find(set, name);
    return template != NULL ? template->hash : NULL;
}

static bool render(const struct label_set *set, const char *name, const struct label_options *options,
                   const struct label_field *fields, size_t field_count, bool sample, struct buffer *ret_zpl,
                   struct error *err)
{
    const struct label_template *template = find(set, name);
    if (template == NULL)
        return error_set(err, ERROR_NOT_FOUND, "there is no label \"%s\"", name);
    return template_render(template, options, fields, field_count, sample, ret_zpl, err);
}

bool label_render(const struct label_set *set, const char *name, const struct label_options *options,
                  const struct label_field *fields, size_t field_count, struct buffer *ret_zpl, struct error *err)
{
    return render(set, name, options, fields, field_count, false, ret_zpl, err);
}

bool label_render_sample(const struct label_set *set, const char *name, const struct label_options *options,
                         struct buffer *ret_zpl, struct error *err)
{
    return render(set, name, options, NULL, 0, true, ret_zpl, err);
}
