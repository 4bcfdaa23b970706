/* SPDX-License-Identifier: Apache-2.0 */
/* Random labels of every template of a folder, each with what its symbols must hold, for a renderer and decoders that
 * are not ours: label_samples TEMPLATES COUNT FOLDER. Writes FOLDER/<name>-<number>.zpl, .svg and .json; SEED=n repeats
 * a run. The templates are read here once more, without the template parser: what a symbol holds is not its word. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/checkdigit.h"
#include "protocol/barcode/control.h"
#include "protocol/barcode/own.h"
#include "protocol/label/label.h"
#include "protocol/label/preview.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 32
#define VALUE_SIZE 1024
#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

struct field {
    char name[32], type[8], sample[200];
    size_t most; /* characters */
    char value[VALUE_SIZE];
};

struct sheet {
    char name[64];
    struct buffer text;
    struct field fields[FIELDS_MAX];
    size_t field_count;
    bool has_gs1;
};

static uint64_t state;

static size_t below(size_t limit)
{
    return (size_t)(suite_random(&state) % limit);
}

static const char *any_of(const char *const *list, size_t count)
{
    return list[below(count)];
}

/* --- codes: of the same class as the sample --- */

static void random_from(char *target, const char *alphabet, size_t length)
{
    for (size_t i = 0; i < length; i++)
        target[i] = alphabet[below(strlen(alphabet))];
    target[length] = '\0';
}

static void random_command(char *target)
{
    enum verb verb = (enum verb)(1 + below(VERB_COUNT - 1));
    if (!control_encode(verb, target))
        abort();
}

/* most = characters that the field takes. */
static void random_own(const struct candidate *like, size_t most, char *target)
{
    char value[OWN_SIZE];
    size_t longest = like->class == CANDIDATE_BADGE ? 12 : 16, room = most - 5 < longest ? most - 5 : longest;
    if (like->class == CANDIDATE_LPN)
        own_lpn(value, below(4) == 0, (unsigned)below(1000), (unsigned)below(10000000));
    else if (like->class == CANDIDATE_PARCEL)
        own_parcel(value, (unsigned)below(1000), (unsigned)below(10000000));
    else
        random_from(value, like->class == CANDIDATE_BADGE ? DIGITS LETTERS : DIGITS LETTERS "-", 1 + below(room));
    if (!own_encode(like->class, value, 1 + (unsigned)below(9), target))
        abort();
}

static void random_plain(const struct sheet *sheet, const struct field *field, char *target)
{
    char printable[96] = "";
    for (char c = '!'; c <= '~'; c++)
        printable[c - '!'] = c;
    size_t length = strlen(field->sample), least = field->most < 6 ? field->most : 6;
    if (text_is_digits(field->sample) && checkdigit_is_valid(CHECKDIGIT_GS1, field->sample, length)) {
        random_from(target, DIGITS, length);
        target[length - 1] = (char)('0' + checkdigit_value(CHECKDIGIT_GS1, target, length - 1));
    } else
        random_from(target, sheet->has_gs1 ? DIGITS LETTERS "-./_" : printable,
                    least + below(field->most - least + 1));
}

static void random_code(const struct sheet *sheet, const struct field *field, char *target)
{
    struct candidate like = {0};
    enum own_result result = own_decode(field->sample, &like);
    if (result == OWN_REFUSED) {
        fprintf(stderr, "%s: the sample of %s is wrong: %s\n", sheet->name, field->name, like.detail);
        exit(1);
    }
    if (result == OWN_FOREIGN)
        random_plain(sheet, field, target);
    else if (like.class == CANDIDATE_COMMAND)
        random_command(target);
    else
        random_own(&like, field->most, target);
}

/* --- text: empty, as wide as it can be, hostile, or words --- */

static void random_words(size_t most, char *target)
{
    static const char *const words[] = {"Doe^XZ~JA^XA^PQ99",
                                        "^FS^FO0,0^GB800,400,400^FS",
                                        "_5E\\&~",
                                        "été ",
                                        "Œuvre ",
                                        "e\xCC\x81",
                                        "\xE2\x80\xAE"
                                        "evil",
                                        "\n",
                                        "\xC3\x28",
                                        "\xF0\x9F\x91\x9F",
                                        "RMA-2026-11-000417",
                                        "Trail shoe ",
                                        "size 42, blue ",
                                        "PAR1-007",
                                        "0123456789 "};
    size_t length = 0;
    for (size_t count = 1 + below(6); count > 0 && length < most; count--)
        length += (size_t)snprintf(target + length, VALUE_SIZE - length, "%s", any_of(words, COUNT_OF(words)));
}

static void random_text(const struct field *field, char *target)
{
    target[0] = '\0';
    if (below(4) == 0)
        random_from(target, "W", field->most);
    else if (below(3) != 0)
        random_words(field->most, target);
}

static void random_date(char *target)
{
    clock_format_instant(target, (int64_t)(suite_random(&state) % UINT64_C(4102444800000)));
}

/* One of the values that an {{#if field=a,b}} asks for; false if there is none. */
static bool random_choice(const struct sheet *sheet, const struct field *field, char *target)
{
    char asked[64], list[64];
    size_t found = 0;
    snprintf(asked, sizeof asked, "{{#if %s=", field->name);
    for (const char *p = strstr(buffer_text(&sheet->text), asked); p != NULL; p = strstr(p + 1, asked)) {
        if (sscanf(p + strlen(asked), "%63[^}]", list) != 1 || below(++found) != 0)
            continue;
        list[strcspn(list, ",")] = '\0';
        text_copy(target, VALUE_SIZE, list);
    }
    return found != 0;
}

static void fill(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->field_count; i++) {
        struct field *field = &sheet->fields[i];
        if (text_equal(field->type, "code"))
            random_code(sheet, field, field->value);
        else if (text_equal(field->type, "date"))
            random_date(field->value);
        else if (!random_choice(sheet, field, field->value))
            random_text(field, field->value);
    }
}

/* --- reading a template --- */

static bool read_whole(const char *path, struct buffer *ret_text)
{
    char bytes[4096];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    for (size_t n = fread(bytes, 1, sizeof bytes, file); n > 0; n = fread(bytes, 1, sizeof bytes, file))
        buffer_append(ret_text, bytes, n);
    fclose(file);
    return true;
}

static bool read_sheet(const char *directory, const char *name, struct sheet *ret_sheet)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.zpl.in", directory, name);
    snprintf(ret_sheet->name, sizeof ret_sheet->name, "%s", name);
    if (!read_whole(path, &ret_sheet->text))
        return false;
    const char *text = buffer_text(&ret_sheet->text);
    ret_sheet->has_gs1 = strstr(text, "{{gs1") != NULL;
    for (const char *p = strstr(text, ";; field "); p != NULL; p = strstr(p + 1, ";; field ")) {
        struct field *field = &ret_sheet->fields[ret_sheet->field_count++];
        if (ret_sheet->field_count == FIELDS_MAX ||
            sscanf(p, ";; field %31s %7s %zu %199[^\n]", field->name, field->type, &field->most, field->sample) != 4)
            return false;
    }
    return true;
}

/* --- what the symbols hold --- */

static void expand(const struct sheet *sheet, const char *pattern, struct buffer *ret_payload)
{
    while (*pattern != '\0') {
        char name[32] = "";
        size_t plain = strcspn(pattern, "{[]");
        buffer_append(ret_payload, pattern, plain);
        pattern += plain;
        if (*pattern == '{' && sscanf(pattern, "{%31[^}]", name) == 1)
            pattern += strlen(name) + 1;
        for (size_t i = 0; name[0] != '\0' && i < sheet->field_count; i++)
            if (text_equal(sheet->fields[i].name, name))
                buffer_append_text(ret_payload, sheet->fields[i].value);
        pattern += *pattern != '\0' ? 1 : 0;
    }
}

static json_t *symbols_of(const struct sheet *sheet)
{
    static const char *const kinds[] = {"code128", "gs1-128", "dm", "qr", "gs1dm"};
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char macro[16], pattern[96], argument[64];
        snprintf(macro, sizeof macro, "{{%s ", kinds[i]);
        for (const char *p = strstr(buffer_text(&sheet->text), macro); p != NULL; p = strstr(p + 1, macro)) {
            struct buffer payload = BUFFER_EMPTY;
            bool quoted = sscanf(p + strlen(macro), "\"%63[^\"]", argument) == 1;
            if (!quoted && sscanf(p + strlen(macro), "%63[^ }]", argument) != 1)
                continue;
            snprintf(pattern, sizeof pattern, quoted ? "%s" : "{%s}", argument);
            expand(sheet, pattern, &payload);
            json_array_append_new(list, json_pack("{s:s, s:s}", "kind", kinds[i], "text", buffer_text(&payload)));
            buffer_done(&payload);
        }
    }
    return list;
}

/* --- writing --- */

static bool write_whole(const char *stem, const char *suffix, const struct buffer *bytes)
{
    char path[512];
    snprintf(path, sizeof path, "%s.%s", stem, suffix);
    FILE *file = fopen(path, "we");
    bool fine = file != NULL && fwrite(bytes->data, 1, bytes->length, file) == bytes->length;
    return file != NULL && fclose(file) == 0 && fine;
}

static bool write_facts(const char *stem, const struct sheet *sheet, const struct label_options *options,
                        const struct label_preview *preview)
{
    char path[512];
    snprintf(path, sizeof path, "%s.json", stem);
    json_t *facts = json_pack("{s:s, s:i, s:s, s:i, s:i, s:o}", "template", sheet->name, "dpi", options->dpi, "lang",
                              options->lang, "width", preview->width, "height", preview->height, "symbols",
                              symbols_of(sheet));
    bool fine = facts != NULL && json_dump_file(facts, path, JSON_INDENT(1)) == 0;
    json_decref(facts);
    return fine;
}

static bool write_label(const struct label_set *set, struct sheet *sheet, size_t number, const char *folder)
{
    const struct label_options options = {number % 2 == 0 ? 203 : 300, number / 2 % 2 == 0 ? "en" : "fr"};
    struct label_field fields[FIELDS_MAX];
    struct buffer zpl = BUFFER_EMPTY, svg = BUFFER_EMPTY;
    struct label_preview preview = {0};
    struct error err = {0};
    char stem[400];
    fill(sheet);
    for (size_t i = 0; i < sheet->field_count; i++)
        fields[i] = (struct label_field){sheet->fields[i].name, sheet->fields[i].value};
    snprintf(stem, sizeof stem, "%s/%s-%03zu", folder, sheet->name, number);
    bool fine = label_render(set, sheet->name, &options, fields, sheet->field_count, &zpl, &err);
    if (fine) {
        label_preview(zpl.data, zpl.length, options.dpi, &svg, &preview);
        fine = preview.unsupported == 0 && write_whole(stem, "zpl", &zpl) && write_whole(stem, "svg", &svg) &&
               write_facts(stem, sheet, &options, &preview);
    }
    if (!fine)
        fprintf(stderr, "%s at %d dpi: %s\n", stem, options.dpi, err.message);
    buffer_done(&zpl);
    buffer_done(&svg);
    return fine;
}

static bool write_labels(const struct label_set *set, const char *directory, size_t count, const char *folder)
{
    bool fine = true;
    for (size_t i = 0; fine && label_set_name(set, i) != NULL; i++) {
        CLEANUP(memory_free_at) struct sheet *sheet = memory_new(1, sizeof *sheet);
        fine = read_sheet(directory, label_set_name(set, i), sheet);
        for (size_t number = 0; fine && number < count; number++)
            fine = write_label(set, sheet, number, folder);
        buffer_done(&sheet->text);
    }
    return fine;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    int64_t count = 0;
    if (argc != 4 || !text_to_int64(argv[2], &count) || count < 1 || count > 999) {
        fprintf(stderr, "usage: label_samples TEMPLATES COUNT FOLDER\n");
        return 2;
    }
    struct label_set *set = label_set_load(argv[1], &err);
    if (set == NULL) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    state = suite_seed();
    bool fine = write_labels(set, argv[1], (size_t)count, argv[3]);
    label_set_free(set);
    return fine ? 0 : 1;
}
