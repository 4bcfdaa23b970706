/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by config*.c: the table of settings, how values are read and written, and what libconfuse may see. */
#ifndef DAEMON_CONFIG_PRIVATE_H
#define DAEMON_CONFIG_PRIVATE_H

#include "base/buffer.h"
#include "daemon/config.h"

enum section {
    SECTION_STATION, SECTION_DIRECTORIES, SECTION_WEB, SECTION_FEED, SECTION_CODES, SECTION_LANE, SECTION_SCANNER,
    SECTION_PRINTER, SECTION_COUNT
};

struct section_shape {
    const char *name;
    const char *help;
    /* Named sections come several times, each an element of an array in struct config; its name is its first member. */
    size_t offset, element_size, max, count_offset; /* max 0 = not named */
};
extern const struct section_shape config_sections[SECTION_COUNT];

enum setting_type {
    SETTING_NAME,      /* A-Z a-z 0-9 . _ - ; least 0 = may be empty */
    SETTING_REFERENCE, /* the name of an element of section target */
    SETTING_TEXT,      /* any text but NUL, at most `most` bytes */
    SETTING_CHOICE,    /* one of words, kept as text */
    SETTING_WORD,      /* one of words, kept as its int */
    SETTING_BOOLEAN,
    SETTING_NUMBER, /* least to most, or one of words */
    SETTING_PATH,   /* at most `most` bytes once it is absolute */
    SETTING_URI, /* begins with one of words; behind "scheme:/" a path where its value is 1, a device on USB where it is
                    2 */
    SETTING_LOOPBACK,
    SETTING_USB_PORT, /* "2-1.4", or one of words, kept as text */
    SETTING_PATTERNS, /* a list in the language of pattern.h */
    SETTING_CARRIERS, /* a list of "carrier=pattern" */
    SETTING_TYPE_COUNT
};

struct setting_word {
    const char *word;
    int value;
};

struct setting {
    enum section section;
    const char *name;
    enum setting_type type;
    size_t offset, size;
    int least, most;
    const struct setting_word *words; /* ended by a NULL word */
    enum section target;
    const char *value;   /* what the struct starts with, as in a file; NULL = worked out at the end */
    const char *unsaid;  /* the default in words where value is NULL or "" */
    const char *note;    /* behind what is allowed, NULL = none */
    const char *example; /* for the reference, NULL = the default */
    const char *help;
};
extern const struct setting config_settings[];
extern const size_t config_setting_count;
#define CONFIG_SETTINGS_MAX 56
#define CONFIG_SECTIONS_MAX 256 /* in one file */

/* The row of a setting, or NULL. */
const struct setting *config_setting_find(const char *section, const char *name);
/* True for settings that are lists of patterns. */
bool config_setting_is_list(const struct setting *setting);

/* Puts text into the element; item counts the items of a list. False if it is not allowed. folder is what relative
   paths are relative to. */
bool config_value_parse(const struct setting *setting, const char *folder, size_t item, const char *text,
                        void *element);
/* The value as a file would have it, quoted where needed. */
void config_value_format(const struct setting *setting, const void *element, struct buffer *out);
/* What is allowed, in words. */
void config_value_allowed(const struct setting *setting, struct buffer *out);
bool config_is_name(const char *text);
/* Appends text in double quotes, escaped. */
void config_quote(struct buffer *out, const char *text);

/* The line of each opening brace of a section, in the order of the file. */
struct config_syntax {
    int section_lines[CONFIG_SECTIONS_MAX];
    size_t section_count;
};
/* Checks what libconfuse 3.3 does not tell or gets wrong (a section or a text left open at the end, stray characters,
   line numbers behind comments) and blanks the comments in place. The error begins with "<line>: ". */
bool config_syntax_check(char *text, size_t length, struct config_syntax *ret_syntax, struct error *err) MUST_CHECK;
#define CONFIG_REFERENCES_MAX (CONFIG_LANES + CONFIG_SCANNERS)
struct config_references {
    struct config_reference {
        const struct setting *setting;
        const char *text; /* in the configuration itself */
        char file[CONFIG_PATH_SIZE];
        int line;
    } items[CONFIG_REFERENCES_MAX];
    size_t count;
};
/* Reads one file (an absolute path) into config on top of what is there; references gathers what config_load checks
   once all files are read. Sections of the same name are merged, but not within one file. */
bool config_file_parse(const char *path, struct config *config, struct config_references *references,
                       struct error *err) MUST_CHECK;

/* An element of a named section by its place; config itself for others. */
void *config_element(struct config *config, enum section section, size_t place);
size_t *config_count(struct config *config, enum section section);
int config_find(const struct config *config, enum section section, const char *name);
/* Adds an element with that name and the defaults of the table; the caller has seen that there is room. */
void *config_append(struct config *config, enum section section, const char *name);

#endif
