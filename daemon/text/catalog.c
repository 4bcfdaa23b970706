/* SPDX-License-Identifier: Apache-2.0 */
/* Loading and filling in texts. */
#include "daemon/text/catalog.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/checklist.h"
#include "daemon/core/outcome.h"
#include "daemon/core/reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const language_names[LANGUAGE_COUNT] = {"en", "fr"};

struct entry {
    char *key, *text;
    int line;  /* in its file */
    bool used; /* the program knows the key */
};

struct catalog {
    struct {
        struct entry *entries; /* sorted by key once loaded */
        size_t count;
    } languages[LANGUAGE_COUNT];
};

/* Words beside the messages: each value of these groups has the key <group>.<word>. */
static const struct {
    const char *group;
    const struct names *names;
} groups[] = {
    {"disposition", &disposition_names}, {"grade", &grade_names},         {"verdict", &verdict_names},
    {"rma_state", &rma_state_names},     {"parcel_state", &parcel_state_names}, {"hold_kind", &hold_kind_names},
    {"unit_state", &unit_state_names},   {"job_state", &job_state_names}, {"action", &action_names},
    {"signal", &signal_names},           {"method", &method_names},        {"reason", &reason_names},
    {"class", &reason_class_names},      {"answer", &answer_names},    {"legal_reason", &legal_reason_names},
};
static const char *const problems[] = {"problem.serial_mismatch", "problem.serial_illegible", "problem.over_quantity",
                                       "problem.wrong_item", "problem.unidentified",
    "problem.conflict", "problem.recall", "problem.rma_changed", "problem.unsafe"};
/* Where a unit goes that has no place yet. */
static const char *const places[] = {"place.next"};
/* Why a label waits: the keys of printer/status, printer/evidence and printing. */
static const char *const reasons[] = {
    "why.paper_out", "why.paused", "why.buffer_full", "why.partial_format", "why.too_cold", "why.too_hot",
    "why.head_open", "why.ribbon_out", "why.label_waiting", "why.cutter", "why.jam", "why.head_fault",
    "why.other_fault", "why.silent", "why.down", "why.wrong_resolution", "why.no_counter", "why.counter_unsafe",
    "why.counter_moved", "why.other_printer", "why.swallowed", "why.too_old", "why.spare"};

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : x->line - y->line;
}

static int compare_key(const void *key, const void *entry)
{
    return strcmp(key, ((const struct entry *)entry)->key);
}

static struct entry *find(const struct catalog *catalog, enum language language, const char *key)
{
    return bsearch(key, catalog->languages[language].entries, catalog->languages[language].count, sizeof(struct entry),
                   compare_key);
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* One line of a text file; false with a message (without the file's name) if it is not "key = text". */
static bool add_line(struct catalog *catalog, enum language language, char *line, int number, struct error *err)
{
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#')
        return true;
    char *equals = strstr(line, " = ");
    if (equals == NULL || !text_is_utf8(line, strlen(line)))
        return error_set(err, ERROR_INVALID, "expected \"key = text\" in UTF-8");
    *equals = '\0';
    size_t count = catalog->languages[language].count;
    struct entry *entries = memory_resize(catalog->languages[language].entries, count + 1, sizeof *entries);
    entries[count] =
        (struct entry){.key = memory_text(trim(line)), .text = memory_text(trim(equals + 3)), .line = number};
    catalog->languages[language].entries = entries;
    catalog->languages[language].count = count + 1;
    return true;
}

static bool read_lines(struct catalog *catalog, enum language language, FILE *file, const char *path, struct error *err)
{
    char line[1024];
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        bool whole = strchr(line, '\n') != NULL || feof(file);
        if (!whole)
            error_set(err, ERROR_INVALID, "the line is longer than %zu bytes", sizeof line - 2);
        if (!whole || !add_line(catalog, language, line, number, err))
            return error_prefix(err, "%s:%d", path, number);
    }
    return ferror(file) == 0 || error_system(err, "cannot read %s", path);
}

static bool use_key(const struct catalog *catalog, enum language language, const char *key, const char *path,
                    struct error *err)
{
    struct entry *entry = find(catalog, language, key);
    if (entry == NULL)
        return error_set(err, ERROR_INVALID, "%s: no text for %s", path, key);
    entry->used = true;
    return true;
}

static bool use_all(const struct catalog *catalog, enum language language, const char *path, struct error *err)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (!use_key(catalog, language, message_key_name((enum message_key)i), path, err))
            return false;
    for (size_t i = 0; i < COUNT_OF(problems); i++)
        if (!use_key(catalog, language, problems[i], path, err))
            return false;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (!use_key(catalog, language, places[i], path, err))
            return false;
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (!use_key(catalog, language, reasons[i], path, err))
            return false;
    for (size_t g = 0; g < COUNT_OF(groups); g++) {
        for (int i = 0; i < groups[g].names->count; i++) {
            char key[100];
            TEXT_FORMAT(key, "%s.%s", groups[g].group, name_of(groups[g].names, i));
            if (!use_key(catalog, language, key, path, err))
                return false;
        }
    }
    return true;
}

/* The entries are sorted: a key that is there twice stands beside itself. */
static bool check_entries(const struct catalog *catalog, enum language language, const char *path, struct error *err)
{
    const struct entry *entries = catalog->languages[language].entries;
    size_t count = catalog->languages[language].count;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && text_equal(entries[i].key, entries[i + 1].key))
            return error_set(err, ERROR_INVALID, "%s:%d: %s is there twice", path, entries[i + 1].line, entries[i].key);
        if (!entries[i].used)
            return error_set(err, ERROR_INVALID, "%s:%d: nothing uses %s: remove it", path, entries[i].line,
                             entries[i].key);
    }
    return true;
}

static bool load_language(struct catalog *catalog, enum language language, const char *directory, struct error *err)
{
    char path[512];
    TEXT_FORMAT(path, "%s/%s.txt", directory, language_names[language]);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_system(err, "cannot open %s", path);
    bool ok = read_lines(catalog, language, file, path, err);
    fclose(file);
    if (!ok)
        return false;
    qsort(catalog->languages[language].entries, catalog->languages[language].count, sizeof(struct entry), compare);
    return use_all(catalog, language, path, err) && check_entries(catalog, language, path, err);
}

struct catalog *catalog_load(const char *directory, struct error *err)
{
    struct catalog *catalog = memory_new(1, sizeof *catalog);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (!load_language(catalog, (enum language)i, directory, err))
            return catalog_free(catalog);
    return catalog;
}

struct catalog *catalog_free(struct catalog *catalog)
{
    if (catalog == NULL)
        return NULL;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        for (size_t k = 0; k < catalog->languages[i].count; k++) {
            free(catalog->languages[i].entries[k].key);
            free(catalog->languages[i].entries[k].text);
        }
        free(catalog->languages[i].entries);
    }
    free(catalog);
    return NULL;
}

const char *catalog_word(const struct catalog *catalog, enum language language, const char *key)
{
    const struct entry *found = find(catalog, language, key);
    return found != NULL ? found->text : key;
}

static void append_arg(const struct catalog *catalog, enum language language, const struct message_arg *arg,
                       struct buffer *target)
{
    if (arg->kind == ARG_NUMBER)
        buffer_append_format(target, "%lld", (long long)arg->number);
    else if (arg->kind == ARG_LOCAL)
        buffer_append_text(target, arg[language == LANGUAGE_EN ? 0 : 1].text);
    else if (arg->kind == ARG_KEY)
        buffer_append_text(target, catalog_word(catalog, language, arg->text));
    else
        buffer_append_text(target, arg->text);
}

void catalog_message(const struct catalog *catalog, enum language language, const struct message *message,
                     struct buffer *target)
{
    const char *text = catalog_word(catalog, language, message_key_name(message->key));
    for (const char *p = text; *p != '\0';) {
        if (p[0] == '{' && p[1] >= '0' && p[1] < '0' + MESSAGE_ARGS_MAX && p[2] == '}') {
            append_arg(catalog, language, &message->args[p[1] - '0'], target);
            p += 3;
        } else {
            buffer_append(target, p++, 1);
        }
    }
}
