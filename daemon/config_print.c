/* SPDX-License-Identifier: Apache-2.0 */
/* The table of settings for people: the present configuration as a file, and the reference in two forms. */
#include "daemon/config_private.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

static void append_default(const struct setting *setting, struct buffer *out)
{
    if (config_setting_is_list(setting)) {
        struct config defaults;
        classify_default_rules(&defaults.codes);
        config_value_format(setting, &defaults, out);
    } else {
        buffer_append_text(out, setting->value != NULL && setting->value[0] != '\0' ? setting->value : setting->unsaid);
    }
}

/* "Help text. Allowed: …", broken into comment lines. */
static void print_comment(const char *indent, const char *text, FILE *file)
{
    size_t width = 118 - strlen(indent);
    while (strlen(text) > width) {
        size_t length = width;
        while (length > 0 && text[length] != ' ')
            length--;
        fprintf(file, "%s# %.*s\n", indent, (int)length, text);
        text += length + 1;
    }
    fprintf(file, "%s# %s\n", indent, text);
}

static void print_setting(const struct setting *setting, const void *element, FILE *file)
{
    CLEANUP(buffer_done) struct buffer comment = BUFFER_EMPTY, value = BUFFER_EMPTY;
    buffer_append_format(&comment, "%s Allowed: ", setting->help);
    config_value_allowed(setting, &comment);
    buffer_append_text(&comment, ". Default: ");
    append_default(setting, &comment);
    print_comment("    ", buffer_text(&comment), file);
    config_value_format(setting, element, &value);
    fprintf(file, "    %s = %s\n", setting->name, buffer_text(&value));
}

static void print_section(enum section section, const char *name, const void *element, FILE *file)
{
    fprintf(file, "%s%s%s {\n", config_sections[section].name, name == NULL ? "" : " ", name == NULL ? "" : name);
    for (size_t i = 0; i < config_setting_count; i++)
        if (config_settings[i].section == section)
            print_setting(&config_settings[i], element, file);
    fputs("}\n", file);
}

static void print_elements(const struct config *config, enum section section, FILE *file)
{
    const struct section_shape *shape = &config_sections[section];
    const char *element = (const char *)config + shape->offset;
    size_t count;
    memcpy(&count, (const char *)config + shape->count_offset, sizeof count);
    for (size_t i = 0; i < count; i++, element += shape->element_size)
        print_section(section, element, element, file);
}

void config_print(const struct config *config, FILE *file)
{
    for (int section = 0; section < SECTION_COUNT; section++) {
        const struct section_shape *shape = &config_sections[section];
        fputs(section == 0 ? "" : "\n", file);
        print_comment("", shape->help, file);
        if (shape->max == 0)
            print_section((enum section)section, NULL, config, file);
        else
            print_elements(config, (enum section)section, file);
    }
}

static const char *const heads[CONFIG_HELP_FORMAT_COUNT] = {
    [CONFIG_HELP_MARKDOWN] =
        "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
        "<!-- Written from the table of settings (daemon/config_table.c); change that. -->\n"
        "# Configuration\n\n"
        "`returnsd` reads `/etc/returnsd/returnsd.conf`, then the files `/etc/returnsd/conf.d/*.conf` in the order of\n"
        "their names. A later file overrides setting by setting; named sections of the same name are merged. Neither\n"
        "needs to exist. `returnsd --print-config` shows what comes out of them. After a mistake in them `returnsd`\n"
        "names the file, the line and what is allowed, and exits with status 78.\n\n"
        "    station {\n        name = dock-07\n        number = 7\n    }\n"
        "    printer zebra {\n        uri = \"tcp://192.0.2.20:9100\"\n    }\n"
        "    lane lane-1 {          # a comment; // and /* */ are comments too\n"
        "        mode = combined\n        printer = zebra\n    }\n\n"
        "Texts with other characters than letters, digits and `. _ - : / @` stand in quotes: `'as it is'` or\n"
        "`\"with \\\\ \\\" \\$ \\n \\r \\t \\x1D\"`. Lists stand in braces. Relative paths are relative to the\n"
        "file that says them.\n",
    [CONFIG_HELP_MAN] =
        ".\\\" SPDX-License-Identifier: Apache-2.0\n"
        ".\\\" Written from the table of settings (daemon/config_table.c); change that.\n"
        ".TH RETURNSD.CONF 5 \"\" returnsd \"File formats\"\n"
        ".SH NAME\nreturnsd.conf \\- configuration of the returns station daemon\n"
        ".SH SYNOPSIS\n/etc/returnsd/returnsd.conf\n.br\n/etc/returnsd/conf.d/*.conf\n"
        ".SH DESCRIPTION\n"
        "The drop\\-ins are read after the file, in the order of their names. A later file overrides setting by\n"
        "setting; named sections of the same name are merged. Neither needs to exist.\n"
        ".B returnsd \\-\\-print\\-config\nshows what comes out of them. After a mistake in them\n.B returnsd\n"
        "names the file, the line and what is allowed, and exits with status 78.\n"
        ".PP\nA section is\n.I section [name] { setting = value ... }.\n"
        "Comments begin with # or //, or stand between /* and */. Texts with other characters than letters,\n"
        "digits and . _ \\- : / @ stand in single or double quotes. Lists stand in braces. Relative paths are\n"
        "relative to the file that says them.\n",
};

static void escape_to(const char *text, const char *specials, const char *escape, FILE *file)
{
    for (; *text != '\0'; text++) {
        if (strchr(specials, *text) != NULL)
            fputs(escape, file);
        fputc(*text, file);
    }
}

static void help_markdown(const struct setting *setting, const char *allowed, const char *otherwise, FILE *file)
{
    const char *texts[] = {setting->help, allowed, otherwise};
    fprintf(file, "| `%s` ", setting->name);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        fputs("| ", file);
        escape_to(texts[i], "|<*[#", "\\", file);
        fputc(' ', file);
    }
    fprintf(file, "| `%s` |\n", setting->example != NULL ? setting->example : setting->value);
}

static void help_man(const struct setting *setting, const char *allowed, const char *otherwise, FILE *file)
{
    const char *parts[] = {setting->help, "\nAllowed: ", allowed, ".\nDefault: ", otherwise, ".\n"};
    fprintf(file, ".TP\n.B %s\n", setting->name);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        for (const char *p = parts[i]; *p != '\0'; p++)
            fputs(*p == '\\' ? "\\e" : *p == '-' ? "\\-" : *p == '^' ? "\\(ha" : (char[]){*p, '\0'}, file);
}

static void help_setting(const struct setting *setting, enum config_help_format format, FILE *file)
{
    CLEANUP(buffer_done) struct buffer allowed = BUFFER_EMPTY, otherwise = BUFFER_EMPTY;
    config_value_allowed(setting, &allowed);
    append_default(setting, &otherwise);
    (format == CONFIG_HELP_MAN ? help_man : help_markdown)(setting, buffer_text(&allowed), buffer_text(&otherwise),
                                                           file);
}

static void help_section(const struct section_shape *shape, enum config_help_format format, FILE *file)
{
    const char *name = shape->max > 0 ? " NAME" : "";
    if (format == CONFIG_HELP_MAN) {
        fprintf(file, ".SH %s%s\n%s\n", shape->name, name, shape->help);
        return;
    }
    fprintf(file, "\n## %s%s\n\n", shape->name, name);
    escape_to(shape->help, "|<*[#", "\\", file);
    fputs("\n\n| setting | meaning | allowed | default | example |\n|---|---|---|---|---|\n", file);
}

void config_help(enum config_help_format format, FILE *file)
{
    fputs(heads[format], file);
    for (int section = 0; section < SECTION_COUNT; section++) {
        help_section(&config_sections[section], format, file);
        for (size_t i = 0; i < config_setting_count; i++)
            if ((int)config_settings[i].section == section)
                help_setting(&config_settings[i], format, file);
    }
}
