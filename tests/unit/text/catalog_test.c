/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/text/catalog.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/model.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXTS SOURCE_DIR "/data/texts"

static struct catalog *shipped(void)
{
    struct error err = {0};
    struct catalog *catalog = catalog_load(TEXTS, &err);
    if (catalog == NULL)
        printf("\n    %s\n", err.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    return catalog;
}

static void check_text(const struct message *message, enum language language, const struct catalog *catalog,
                       const char *wanted)
{
    struct buffer text = BUFFER_EMPTY;
    catalog_message(catalog, language, message, &text);
    CU_ASSERT_STRING_EQUAL(buffer_text(&text), wanted);
    buffer_done(&text);
}

static void every_message_has_a_text_in_every_language(void)
{
    struct catalog *catalog = shipped();
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            const char *key = message_key_name((enum message_key)i);
            const char *text = catalog_word(catalog, (enum language)language, key);
            CU_ASSERT_TRUE(text != key && text[0] != '\0');
        }
    }
    catalog_free(catalog);
}

static void arguments_are_filled_in(void)
{
    struct catalog *catalog = shipped();
    struct message message = message_word(message_of(MESSAGE_UNIT_CONFIRMED_CLOSED), 0, "disposition", "resell");
    message = message_text(message_text(message, 1, "A-01"), 2, "RMA-1");
    check_text(&message, LANGUAGE_EN, catalog, "RESELL → A-01. Parcel of RMA-1 is complete.");
    check_text(&message, LANGUAGE_FR, catalog, "REVENTE → A-01. Colis de RMA-1 complet.");
    message = message_number(message_text(message_of(MESSAGE_AMBIGUOUS), 0, "{1} {x} {"), 1, -2);
    check_text(&message, LANGUAGE_EN, catalog, "{1} {x} { belongs to -2 RMAs: scan the RMA"); /* filled in once */
    message = message_word(message_of(MESSAGE_UNDO_DONE), 0, "action", "no such thing");
    check_text(&message, LANGUAGE_EN, catalog, "Taken back: action.no such thing");
    CU_ASSERT_STRING_EQUAL(catalog_word(catalog, LANGUAGE_FR, "grade.E"), "E");
    CU_ASSERT_STRING_EQUAL(catalog_word(catalog, LANGUAGE_FR, "no.such"), "no.such");
    catalog_free(catalog);
}

/* The arguments a text uses, as bits; every other brace is a mistake. */
static unsigned arguments_of(const char *text)
{
    unsigned used = 0;
    for (const char *p = strpbrk(text, "{}"); p != NULL; p = strpbrk(p, "{}")) {
        bool good = p[0] == '{' && p[1] >= '0' && p[1] < '0' + MESSAGE_ARGS_MAX && p[2] == '}';
        if (!good)
            printf("\n    %s\n", text);
        CU_ASSERT_TRUE(good);
        used |= good ? 1U << (p[1] - '0') : 0;
        p += good ? 3 : 1;
    }
    return used;
}

static void the_languages_use_the_same_arguments(void)
{
    struct catalog *catalog = shipped();
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        const char *key = message_key_name((enum message_key)i);
        unsigned en = arguments_of(catalog_word(catalog, LANGUAGE_EN, key));
        if (en != arguments_of(catalog_word(catalog, LANGUAGE_FR, key)))
            printf("\n    %s\n", key);
        CU_ASSERT_EQUAL(en, arguments_of(catalog_word(catalog, LANGUAGE_FR, key)));
        CU_ASSERT_EQUAL(en & (en + 1), 0); /* {0} before {1} before {2} */
    }
    catalog_free(catalog);
}

/* ---- faults: copies of the shipped files with one line changed ---- */

/* Returns the line of the key. */
static int copy(const char *directory, const char *language, const char *key, const char *instead)
{
    char path[200], line[1200];
    int number = 0, found = 0;
    TEXT_FORMAT(path, TEXTS "/%s.txt", language);
    FILE *from = fopen(path, "re");
    TEXT_FORMAT(path, "%s/%s.txt", directory, language);
    FILE *to = fopen(path, "we");
    CU_ASSERT_TRUE_FATAL(from != NULL && to != NULL);
    while (fgets(line, sizeof line, from) != NULL) {
        size_t length = strlen(key);
        bool hit = length > 0 && strncmp(line, key, length) == 0 && line[length] == ' ';
        number++;
        found = hit ? number : found;
        fputs(hit ? instead : line, to);
    }
    fclose(from);
    fclose(to);
    return found;
}

static void faults_name_their_line(void)
{
    static char too_long[1300];
    memset(too_long, 'x', sizeof too_long - 1);
    memcpy(too_long, "scan.unknown = ", 15);
    too_long[sizeof too_long - 2] = '\n';
    static const struct {
        enum language language;
        const char *instead;
        int line; /* from that of scan.unknown on; -1 = none is named */
        const char *fault;
    } table[] = {
        {LANGUAGE_EN, "", -1, "no text for scan.unknown"},
        {LANGUAGE_FR, "", -1, "no text for scan.unknown"},
        {LANGUAGE_FR, "scan.unknown = a\nscan.unknown = b\n", 1, "scan.unknown is there twice"},
        {LANGUAGE_EN, "scan.unknown = a\nscan.unknwon = b\n", 1, "nothing uses scan.unknwon: remove it"},
        {LANGUAGE_EN, "scan.unknown=a\n", 0, "expected \"key = text\" in UTF-8"},
        {LANGUAGE_EN, "scan.unknown = \xC0\x80\n", 0, "expected \"key = text\" in UTF-8"},
        {LANGUAGE_FR, too_long, 0, "the line is longer than 1022 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        char directory[] = "/tmp/returnsd-texts-XXXXXX", path[100], wanted[300];
        struct error err = {0};
        CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
        copy(directory, language_names[1 - table[i].language], "", "");
        const char *name = language_names[table[i].language];
        int line = copy(directory, name, "scan.unknown", table[i].instead) + table[i].line;
        CU_ASSERT_PTR_NULL(catalog_load(directory, &err));
        CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
        if (table[i].line < 0)
            TEXT_FORMAT(wanted, "%s/%s.txt: %s", directory, name, table[i].fault);
        else
            TEXT_FORMAT(wanted, "%s/%s.txt:%d: %s", directory, name, line, table[i].fault);
        CU_ASSERT_STRING_EQUAL(err.message, wanted);
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            TEXT_FORMAT(path, "%s/%s.txt", directory, language_names[language]);
            unlink(path);
        }
        CU_ASSERT_EQUAL(rmdir(directory), 0);
    }
}

static void without_the_files_nothing_starts(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(catalog_load("/nonexistent", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "/nonexistent/en.txt"));
    CU_ASSERT_PTR_NULL(catalog_free(NULL));
}

/* A key that no source file names is a text nobody will read. */
static void every_message_is_used_by_the_program(void)
{
    static const char command[] =
        "cd " SOURCE_DIR " && grep -ohrE --include=*.c 'MESSAGE_[A-Z_]+' daemon | sort -u";
    static char used[20000], wanted[100];
    FILE *output = popen(command, "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(output);
    size_t length = fread(used + 1, 1, sizeof used - 2, output);
    CU_ASSERT_EQUAL(pclose(output), 0);
    CU_ASSERT_TRUE_FATAL(length > 0 && length < sizeof used - 2);
    used[0] = '\n';
#define NAME(identifier, key) "MESSAGE_" #identifier,
    static const char *const names[] = {MESSAGES(NAME)};
#undef NAME
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        TEXT_FORMAT(wanted, "\n%s\n", names[i]);
        if (strstr(used, wanted) == NULL)
            printf("\n    nothing says %s\n", names[i]);
        CU_ASSERT_PTR_NOT_NULL(strstr(used, wanted));
    }
}

SUITE("text/catalog", {"every message has a text in every language", every_message_has_a_text_in_every_language},
      {"arguments are filled in", arguments_are_filled_in},
      {"the languages use the same arguments", the_languages_use_the_same_arguments},
      {"faults name their line", faults_name_their_line},
      {"without the files nothing starts", without_the_files_nothing_starts},
      {"every message is used by the program", every_message_is_used_by_the_program})
