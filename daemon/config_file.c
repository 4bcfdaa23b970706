/* SPDX-License-Identifier: Apache-2.0 */
/* One configuration file through libconfuse. Every value is taken as text while its line is still known, and read by
 * our own table; the merging of files is ours too. */
#include "daemon/config_private.h"

#include "base/memory.h"
#include "base/text.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)64 * 1024)

struct file {
    const char *path;
    char folder[CONFIG_PATH_SIZE];
    struct config *config;
    struct config_references *references;
    struct config_syntax syntax;
    size_t sections_closed;
    size_t element_of; /* the section (counted from 1) that element belongs to */
    void *element;
    int given[CONFIG_SETTINGS_MAX]; /* line of each setting in this section, 0 = not given */
    bool failed;
    struct error *err;
};

/* libconfuse's callbacks carry no context of ours. Set only while config_file_parse runs. */
static struct file *reading;

static bool fail(int line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(int line, const char *format, ...)
{
    char text[ERROR_MESSAGE_MAX];
    va_list arguments;
    if (reading->failed)
        return false;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    reading->failed = true;
    return error_set(reading->err, ERROR_INVALID, "%s:%d: %s", reading->path, line, text);
}

/* The settings that may stand in a section, or the sections themselves. */
static void list_names(const char *section, struct buffer *out)
{
    for (int i = 0; i < SECTION_COUNT && text_equal(section, "root"); i++)
        buffer_append_format(out, "%s%s", i == 0 ? "" : ", ", config_sections[i].name);
    for (size_t i = 0; i < config_setting_count; i++)
        if (text_equal(section, config_sections[config_settings[i].section].name))
            buffer_append_format(out, "%s%s", out->length == 0 ? "" : ", ", config_settings[i].name);
}

static void fail_name(int line, const char *section, const char *name)
{
    CLEANUP(buffer_done) struct buffer allowed = BUFFER_EMPTY;
    char shown[64];
    text_escape(shown, sizeof shown, name, strlen(name));
    list_names(section, &allowed);
    fail(line, "unknown name %s; allowed here: %s", shown, buffer_text(&allowed));
}

/* What libconfuse has to say. Its own words for the commonest mistake do not name what is allowed. */
__attribute__((format(printf, 2, 0))) static void on_error(cfg_t *cfg, const char *format, va_list arguments)
{
    char text[ERROR_MESSAGE_MAX / 2];
    if (strncmp(format, "no such option", strlen("no such option")) == 0) {
        fail_name(cfg->line, cfg->name, va_arg(arguments, const char *));
        return;
    }
    vsnprintf(text, sizeof text, format, arguments);
    bool is_double = strncmp(format, "found duplicate", strlen("found duplicate")) == 0;
    fail(cfg->line, "%s; allowed: %s", text, is_double ? "each name once" : "section [name] { setting = value }");
}

static int section_line(const struct file *file)
{
    return file->syntax.section_lines[file->sections_closed];
}

static enum section find_section(const char *name)
{
    int section = 0;
    while (section < SECTION_COUNT && !text_equal(config_sections[section].name, name))
        section++;
    return (enum section)section;
}

static bool append_element(struct file *file, enum section section, const char *name)
{
    const struct section_shape *shape = &config_sections[section];
    if (*config_count(file->config, section) >= shape->max)
        return fail(section_line(file), "too many %s sections; allowed: %zu", shape->name, shape->max);
    config_append(file->config, section, name);
    return true;
}

/* The element of a named section: a new one, or one that a file before has opened. */
static bool open_element(struct file *file, enum section section, const char *name)
{
    if (!config_is_name(name))
        return fail(section_line(file), "bad name for %s; allowed: 1 to 40 of A-Z a-z 0-9 . _ -",
                    config_sections[section].name);
    if (config_find(file->config, section, name) < 0 && !append_element(file, section, name))
        return false;
    int place = config_find(file->config, section, name);
    file->element = config_element(file->config, section, (size_t)place);
    memset(file->given, 0, sizeof file->given);
    return true;
}

/* Makes file->element what the values of the section that is being read belong to. */
static bool enter_section(struct file *file, const char *name, const char *title)
{
    enum section section = find_section(name);
    if (file->element_of == file->sections_closed + 1)
        return true;
    if (section == SECTION_COUNT || file->sections_closed >= file->syntax.section_count)
        return fail(1, "section %s is not understood", name);
    if (config_sections[section].max == 0)
        file->element = file->config;
    else if (!open_element(file, section, title == NULL ? "" : title))
        return false;
    file->element_of = file->sections_closed + 1;
    return true;
}

/* Keeps where a reference was made; a later file's takes the place of an earlier one's. */
static void note_reference(struct file *file, const struct setting *setting, int line)
{
    struct config_references *references = file->references;
    const char *text = (const char *)file->element + setting->offset;
    size_t i = 0;
    while (i < references->count && references->items[i].text != text)
        i++;
    if (i == references->count)
        references->count++;
    references->items[i] = (struct config_reference){.setting = setting, .text = text, .line = line};
    TEXT_COPY(references->items[i].file, file->path);
}

static bool refuse_value(const struct setting *setting, int line, const char *text)
{
    CLEANUP(buffer_done) struct buffer allowed = BUFFER_EMPTY;
    char shown[64];
    text_escape(shown, sizeof shown, text, strlen(text));
    config_value_allowed(setting, &allowed);
    return fail(line, "%s %s cannot be \"%s\"; allowed: %s", config_sections[setting->section].name, setting->name,
                shown, buffer_text(&allowed));
}

/* Takes all values of an option: for a list, each time it has grown. */
static bool take_values(struct file *file, const struct setting *setting, cfg_opt_t *option, int line)
{
    if (config_setting_is_list(setting))
        memset((char *)file->element + setting->offset, 0, setting->size);
    for (unsigned i = 0; i < cfg_opt_size(option); i++) {
        const char *text = cfg_opt_getnstr(option, i);
        if (!config_value_parse(setting, file->folder, i, text, file->element))
            return refuse_value(setting, line, text);
    }
    if (setting->type == SETTING_REFERENCE)
        note_reference(file, setting, line);
    return true;
}

static bool take_option(struct file *file, cfg_t *cfg, cfg_opt_t *option)
{
    const struct setting *setting = config_setting_find(cfg->name, option->name);
    if (setting == NULL) { /* "web|port" is a path into a section for libconfuse */
        fail_name(cfg->line, cfg->name, option->name);
        return false;
    }
    if (!enter_section(file, cfg->name, cfg->title))
        return false;
    int *given = &file->given[setting - config_settings];
    if (*given != 0 && !config_setting_is_list(setting))
        return fail(cfg->line, "%s %s is there already, in line %d; allowed: once", cfg->name, setting->name, *given);
    *given = cfg->line;
    return take_values(file, setting, option, cfg->line);
}

static int on_value(cfg_t *cfg, cfg_opt_t *option)
{
    return take_option(reading, cfg, option) ? 0 : -1;
}

/* The end of a section. Lists that are empty have not been told, nor has an empty section. */
static int on_section(cfg_t *cfg, cfg_opt_t *option)
{
    cfg_t *section = cfg_opt_getnsec(option, cfg_opt_size(option) - 1);
    if (!enter_section(reading, section->name, section->title))
        return -1;
    for (cfg_opt_t *inner = section->opts; inner->name != NULL; inner++)
        if ((inner->flags & CFGF_MODIFIED) != 0 && cfg_opt_size(inner) == 0 && on_value(section, inner) != 0)
            return -1;
    (void)cfg;
    reading->sections_closed++;
    return 0;
}

/* Everything is a text to libconfuse. */
static cfg_opt_t option_of(const struct setting *setting)
{
    cfg_opt_t option = CFG_STR(setting->name, NULL, CFGF_NODEFAULT);
    if (config_setting_is_list(setting))
        option.flags |= CFGF_LIST;
    option.validcb = on_value;
    return option;
}

static cfg_t *new_parser(void)
{
    static const cfg_opt_t end = CFG_END();
    cfg_opt_t options[SECTION_COUNT][CONFIG_SETTINGS_MAX + 1] = {0};
    cfg_opt_t sections[SECTION_COUNT + 1] = {[SECTION_COUNT] = end};
    for (int section = 0; section < SECTION_COUNT; section++) {
        bool is_named = config_sections[section].max > 0;
        size_t count = 0;
        for (size_t i = 0; i < config_setting_count; i++)
            if ((int)config_settings[i].section == section)
                options[section][count++] = option_of(&config_settings[i]);
        sections[section] = (cfg_opt_t)CFG_SEC(config_sections[section].name, options[section],
                                               is_named ? CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES : CFGF_NONE);
        sections[section].validcb = on_section;
    }
    return cfg_init(sections, CFGF_NONE);
}

static bool parse_text(struct file *file, char *text, size_t length)
{
    FILE *stream = fmemopen(text, length, "r");
    cfg_t *parser = new_parser();
    if (stream == NULL || parser == NULL)
        return error_system(file->err, "%s", file->path);
    cfg_set_error_function(parser, on_error);
    parser->filename = strdup(file->path);
    reading = file;
    if (cfg_parse_fp(parser, stream) != CFG_SUCCESS)
        fail(parser->line, "not understood");
    reading = NULL;
    cfg_free(parser);
    fclose(stream);
    return !file->failed;
}

/* The first line that holds a NUL or is not UTF-8, or 0. */
static int bad_line(const char *text, size_t length)
{
    int line = 1;
    for (size_t at = 0; at < length; line++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t width = end == NULL ? length - at : (size_t)(end - text) - at;
        if (!text_is_utf8(text + at, width) || memchr(text + at, '\0', width) != NULL)
            return line;
        at += width + 1;
    }
    return 0;
}

static bool check_text(struct file *file, char *text, size_t length)
{
    int line = bad_line(text, length);
    if (line != 0)
        return error_set(file->err, ERROR_INVALID, "%s:%d: not text; allowed: UTF-8", file->path, line);
    if (config_syntax_check(text, length, &file->syntax, file->err))
        return true;
    char message[ERROR_MESSAGE_MAX];
    TEXT_COPY(message, file->err == NULL ? "" : file->err->message);
    return error_set(file->err, ERROR_INVALID, "%s:%s", file->path, message);
}

/* Up to FILE_SIZE_MAX + 1 bytes, or -1. A path may name anything: nothing here waits. */
static ssize_t read_bytes(const char *path, char *target)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    size_t length = 0;
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 && length <= FILE_SIZE_MAX) {
        got = read(fd, target + length, FILE_SIZE_MAX + 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return got < 0 ? -1 : (ssize_t)length;
}

static void split_folder(struct file *file)
{
    const char *slash = strrchr(file->path, '/');
    text_copy_bytes(file->folder, sizeof file->folder, file->path, (size_t)(slash - file->path));
}

bool config_file_parse(const char *path, struct config *config, struct config_references *references, struct error *err)
{
    CLEANUP(memory_free_at) char *text = memory_new(FILE_SIZE_MAX + 2, 1);
    CLEANUP(memory_free_at) struct file *file = memory_new(1, sizeof *file);
    *file = (struct file){.path = path, .config = config, .references = references, .err = err};
    split_folder(file);
    ssize_t length = read_bytes(path, text);
    if (length < 0)
        return error_system(err, "%s: cannot be read", path);
    if ((size_t)length > FILE_SIZE_MAX)
        return error_set(err, ERROR_TOO_BIG, "%s: too big; allowed: %zu bytes", path, FILE_SIZE_MAX);
    if (!check_text(file, text, (size_t)length))
        return false;
    text[length] = '\n'; /* fmemopen takes no empty text; a file may end without a newline */
    return parse_text(file, text, (size_t)length + 1);
}
