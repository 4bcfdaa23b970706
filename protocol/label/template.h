/* SPDX-License-Identifier: Apache-2.0 */
/* A label template, parsed: its header's declarations and a list of nodes to run through. Only protocol/label uses it.
 */
#ifndef PROTOCOL_LABEL_TEMPLATE_H
#define PROTOCOL_LABEL_TEMPLATE_H

#include "base/buffer.h"
#include "base/error.h"
#include "protocol/label/label.h"
#include "protocol/label/symbol.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEMPLATE_FIELDS_MAX 32
#define TEMPLATE_WORDS_MAX 32
#define TEMPLATE_NAME_SIZE 32
#define TEMPLATE_WORD_SIZE 80
#define TEMPLATE_PATTERN_SIZE 64

enum template_lang { LANG_EN, LANG_FR, LANG_COUNT };

enum field_type {
    FIELD_TEXT,
    FIELD_DATE, /* an instant or a day; |date makes it readable */
    FIELD_CODE, /* what a symbol carries: ASCII, never empty, never clipped */
    FIELD_TYPE_COUNT,
};

struct template_field {
    char name[TEMPLATE_NAME_SIZE];
    enum field_type type;
    size_t max_characters;
    char *sample;
};

struct template_word {
    char name[TEMPLATE_NAME_SIZE];
    char text[LANG_COUNT][TEMPLATE_WORD_SIZE];
};

/* {{name|filter…}} or {{t:word|filter…}} */
struct template_value {
    bool is_word;
    size_t index; /* of fields or words */
    bool upper, date, lines;
    size_t cut; /* characters; 0 = the field's own maximum */
};

enum node_kind {
    NODE_TEXT,  /* ZPL as it is */
    NODE_VALUE, /* field data, cleaned and escaped */
    NODE_MM,    /* a length in dots */
    NODE_SYMBOL,
    NODE_FIT, /* the largest font in which the value fits */
    NODE_IF,
    NODE_END_IF,
};

struct node {
    enum node_kind kind;
    int line;
    bool in_block;                       /* VALUE: behind ^FB */
    size_t start, length;                /* TEXT: bytes of template->text; IF: start = index of its END_IF */
    struct template_value value;         /* VALUE, FIT; IF: the field */
    char pattern[TEMPLATE_PATTERN_SIZE]; /* SYMBOL: payload with {field}; IF: "a,b" or "" for "not empty" */
    enum symbol_kind symbol;
    int64_t x_um, h_um, w_um; /* SYMBOL, FIT (w: at most, 0 = to the label's edge); MM: x_um */
    int64_t least_um;         /* SYMBOL: x may shrink to this where the symbol would not fit; 0 = not */
    int lines;                /* FIT: at most so many */
    char ec_level;
};

struct label_template {
    char name[TEMPLATE_NAME_SIZE];
    char *path; /* for messages */
    char hash[17];
    int64_t width_um, height_um;
    struct template_field fields[TEMPLATE_FIELDS_MAX];
    size_t field_count;
    struct template_word words[TEMPLATE_WORDS_MAX];
    size_t word_count;
    struct node *nodes;
    size_t node_count, node_capacity;
    struct buffer text;
};

/* A template being read. */
struct template_reader {
    struct label_template *template;
    const char *source, *body, *end;
    struct error *err;
    unsigned long seen; /* bit 1 << enum zpl_name */
    bool field_open;    /* between ^FO or ^FT and ^FS */
    bool from_origin;   /* … by ^FO */
    bool in_data;       /* in the data of ^FD */
    bool in_comment;    /* in the data of ^FX */
    bool has_fh;        /* the field wrote ^FH_ itself */
    bool in_block;      /* the field has ^FB */
    size_t if_node;     /* the {{#if}} that is open + 1, or 0 */
};

/* Parses and lints source, the text of the file path; NULL on failure with path:line in the message. */
struct label_template *template_parse(const char *path, const char *name, const char *source, size_t length,
                                      struct error *err);
struct label_template *template_free(struct label_template *template);
/* Index of a declared field or word; SIZE_MAX if there is none. */
size_t template_find_field(const struct label_template *template, const char *name);
size_t template_find_word(const struct label_template *template, const char *name);

/* Within the parser: a refusal at a place of the source; each part returns false after it. */
bool template_fail(const struct template_reader *reader, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool template_read_header(struct template_reader *reader);
bool template_read_body(struct template_reader *reader);
/* content = what stands between {{ and }} at a place of the source. */
bool template_read_macro(struct template_reader *reader, const char *at, const char *content);
struct node *template_add_node(struct template_reader *reader, enum node_kind kind, const char *at);
/* "12.5" as micrometres, 0 to 1000 mm. */
bool template_parse_mm(const char *text, int64_t *ret_um);

/* Appends the label; sample: all {{#if}} taken and samples for values (values is NULL). */
bool template_render(const struct label_template *template, const struct label_options *options,
                     const struct label_field *fields, size_t field_count, bool sample, struct buffer *ret_zpl,
                     struct error *err);
/* Dots for micrometres at a resolution; 0 dots per metre if the resolution is not known. */
int64_t template_dots_per_metre(int dpi);
int template_dots(int64_t um, int64_t dots_per_metre);

#endif
