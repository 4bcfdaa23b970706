/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration as a whole: defaults, files in their order, and what can only be checked at the end. */
#include "daemon/config_private.h"

#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef RETURNSD_CONFIG_DIRECTORY
#define RETURNSD_CONFIG_DIRECTORY "/etc/returnsd"
#endif
#ifndef RETURNSD_DATA_DIRECTORY
#define RETURNSD_DATA_DIRECTORY "/usr/share/returnsd"
#endif
#define DROP_INS_MAX 64

_Static_assert(offsetof(struct config_lane, name) == 0 && offsetof(struct config_scanner, name) == 0 &&
                   offsetof(struct config_printer, name) == 0,
               "config_find reads the name at the element's start");

void *config_element(struct config *config, enum section section, size_t place)
{
    const struct section_shape *shape = &config_sections[section];
    return (char *)config + shape->offset + place * shape->element_size;
}

size_t *config_count(struct config *config, enum section section)
{
    return (size_t *)(void *)((char *)config + config_sections[section].count_offset);
}

int config_find(const struct config *config, enum section section, const char *name)
{
    const struct section_shape *shape = &config_sections[section];
    const char *element = (const char *)config + shape->offset;
    size_t count;
    memcpy(&count, (const char *)config + shape->count_offset, sizeof count);
    for (size_t i = 0; i < count; i++, element += shape->element_size)
        if (text_equal(element, name))
            return (int)i;
    return -1;
}

int config_find_lane(const struct config *config, const char *name)
{
    return config_find(config, SECTION_LANE, name);
}

bool config_needs_usb(const struct config *config)
{
    for (size_t i = 0; i < config->scanner_count; i++)
        if (config->scanners[i].replay[0] == '\0')
            return true;
    for (size_t i = 0; i < config->printer_count; i++)
        if (strncmp(config->printers[i].uri, "usb:", 4) == 0)
            return true;
    return false;
}

int config_find_printer(const struct config *config, const char *name)
{
    return config_find(config, SECTION_PRINTER, name);
}

static void set_defaults(enum section section, void *element)
{
    for (size_t i = 0; i < config_setting_count; i++) {
        const struct setting *setting = &config_settings[i];
        if (setting->section != section || setting->value == NULL || setting->value[0] == '\0')
            continue;
        bool is_allowed = config_value_parse(setting, "", 0, setting->value, element);
        assert(is_allowed);
        (void)is_allowed;
    }
}

void *config_append(struct config *config, enum section section, const char *name)
{
    size_t *count = config_count(config, section);
    char *element = config_element(config, section, (*count)++);
    memset(element, 0, config_sections[section].element_size);
    text_copy(element, KEY_SIZE, name);
    set_defaults(section, element);
    return element;
}

/* The first directory of an environment variable as systemd sets it, or fallback. */
static void set_directory(char *target, size_t size, const char *variable, const char *fallback)
{
    const char *value = getenv(variable);
    size_t length = value == NULL ? 0 : strcspn(value, ":");
    bool is_usable = length > 0 && value[0] == '/' && length < size;
    text_copy_bytes(target, size, is_usable ? value : fallback, is_usable ? length : strlen(fallback));
}

static void set_station(struct config *config)
{
    char host[HOST_NAME_MAX + 1] = "";
    if (gethostname(host, sizeof host) != 0 || host[0] == '\0')
        TEXT_COPY(host, "station");
    host[sizeof config->station - 1] = '\0';
    for (char *p = host; *p != '\0'; p++) {
        char name[2] = {*p, '\0'};
        if (!config_is_name(name))
            *p = '-';
    }
    TEXT_COPY(config->station, host);
}

static void begin(struct config *config)
{
    for (int section = 0; section < SECTION_COUNT; section++)
        if (config_sections[section].max == 0)
            set_defaults((enum section)section, config);
    classify_default_rules(&config->codes);
    set_station(config);
#define DIRECTORY(member) config->member, sizeof config->member
    set_directory(DIRECTORY(state_directory), "STATE_DIRECTORY", "/var/lib/returnsd");
    set_directory(DIRECTORY(runtime_directory), "RUNTIME_DIRECTORY", "/run/returnsd");
    set_directory(DIRECTORY(data_directory), "RETURNSD_DATA", RETURNSD_DATA_DIRECTORY);
#undef DIRECTORY
}

static bool check_references(const struct config *config, const struct config_references *references, struct error *err)
{
    for (size_t i = 0; i < references->count; i++) {
        const struct config_reference *item = &references->items[i];
        const struct section_shape *target = &config_sections[item->setting->target];
        if (item->text[0] == '\0' || config_find(config, item->setting->target, item->text) >= 0)
            continue;
        return error_set(err, ERROR_INVALID, "%s:%d: there is no %s %s; allowed: the name of a %s section", item->file,
                         item->line, target->name, item->text, target->name);
    }
    return true;
}

static void add_missing(struct config *config)
{
    if (config->printer_count == 0)
        config_append(config, SECTION_PRINTER, "labels");
    if (config->scanner_count == 0)
        config_append(config, SECTION_SCANNER, "scanner");
    if (config->lane_count > 0)
        return;
    struct config_lane *lane = config_append(config, SECTION_LANE, "lane-1");
    TEXT_COPY(lane->location, "LANE-1");
}

/* What was left open follows from the rest. Sizes are such that nothing is cut. */
static void fill_in(struct config *config)
{
    for (size_t i = 0; i < config->printer_count; i++) {
        struct config_printer *printer = &config->printers[i];
        if (printer->uri[0] == '\0')
            TEXT_FORMAT(printer->uri, "file:%s/%s", config->state_directory, printer->name);
    }
    for (size_t i = 0; i < config->lane_count; i++)
        if (config->lanes[i].printer[0] == '\0')
            TEXT_COPY(config->lanes[i].printer, config->printers[0].name);
    for (size_t i = 0; i < config->scanner_count; i++)
        if (config->scanners[i].lane[0] == '\0')
            TEXT_COPY(config->scanners[i].lane, config->lanes[0].name);
    if (config->feed_endpoint[0] == '\0')
        TEXT_FORMAT(config->feed_endpoint, "ipc://%s/feed.sock", config->runtime_directory);
    if (config->feed_keys[0] == '\0')
        TEXT_FORMAT(config->feed_keys, "%s/keys", config->state_directory);
}

/* In conf.d beside the file. */
static int is_drop_in(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > strlen(".conf") &&
           text_equal(entry->d_name + length - strlen(".conf"), ".conf");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool parse_drop_in(const char *folder, const char *name, struct config *config,
                          struct config_references *references, struct error *err)
{
    char path[CONFIG_PATH_SIZE];
    if (!TEXT_FORMAT(path, "%s/%s", folder, name))
        return error_set(err, ERROR_TOO_BIG, "%s/%s: path too long", folder, name);
    return config_file_parse(path, config, references, err);
}

static bool parse_drop_ins(const char *folder, struct config *config, struct config_references *references,
                           struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_drop_in, by_bytes);
    if (count < 0)
        return errno == ENOENT || errno == ENOTDIR || error_system(err, "%s: cannot be read", folder);
    bool is_good = count <= DROP_INS_MAX ||
                   error_set(err, ERROR_TOO_BIG, "%s: %d drop-ins; allowed: %d", folder, count, DROP_INS_MAX);
    for (int i = 0; i < count; i++) {
        is_good = is_good && parse_drop_in(folder, entries[i]->d_name, config, references, err);
        free(entries[i]);
    }
    free(entries);
    return is_good;
}

static bool parse_all(const char *path, bool must_exist, struct config *config, struct config_references *references,
                      struct error *err)
{
    char folder[CONFIG_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    if (!TEXT_FORMAT(folder, "%.*s/conf.d", (int)(slash - path), path))
        return error_set(err, ERROR_TOO_BIG, "%s: path too long", path);
    if ((must_exist || access(path, F_OK) == 0 || errno != ENOENT) && !config_file_parse(path, config, references, err))
        return false;
    return parse_drop_ins(folder, config, references, err);
}

/* The path to read, absolute: the one given, else the installed one. */
static bool find_path(const char *path, char *target, size_t size, struct error *err)
{
    char folder[CONFIG_PATH_SIZE] = "";
    if (path == NULL)
        set_directory(folder, sizeof folder, "CONFIGURATION_DIRECTORY", RETURNSD_CONFIG_DIRECTORY);
    else if (path[0] != '/' && getcwd(folder, sizeof folder) == NULL)
        return error_system(err, "%s", path);
    if (!text_format(target, size, "%s%s%s", folder, folder[0] == '\0' ? "" : "/",
                     path == NULL ? "returnsd.conf" : path))
        return error_set(err, ERROR_TOO_BIG, "%s: path too long", target);
    return true;
}

bool config_load(const char *path, struct config *ret_config, struct error *err)
{
    CLEANUP(memory_free_at) struct config *config = memory_new(1, sizeof *config);
    CLEANUP(memory_free_at) struct config_references *references = memory_new(1, sizeof *references);
    char file[CONFIG_PATH_SIZE];
    begin(config);
    if (!find_path(path, file, sizeof file, err) || !parse_all(file, path != NULL, config, references, err))
        return false;
    add_missing(config);
    if (!check_references(config, references, err))
        return false;
    fill_in(config);
    *ret_config = *config;
    return true;
}

struct decoder_options config_decoder_options(const struct config_scanner *scanner)
{
    return (struct decoder_options){
        .layout = scanner->layout,
        .prefix = scanner->prefix,
        .suffix_text = scanner->suffix,
        .gs_text = scanner->gs_text,
        .suffix_usage = (uint8_t)scanner->suffix_key,
        .gs_usage = (uint8_t)scanner->gs_key,
        .strip_aim = scanner->strip_aim,
        .silence_ms = scanner->silence_ms,
    };
}
