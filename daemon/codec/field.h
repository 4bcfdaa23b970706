/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that map the names of a JSON object to the members of a struct: one table checks, decodes, encodes and serves
   the CSV columns. Absent and null mean the default. */
#ifndef DAEMON_CODEC_FIELD_H
#define DAEMON_CODEC_FIELD_H

#include "base/error.h"
#include "daemon/core/model.h"

#include <jansson.h>

enum field_kind {
    FIELD_TEXT,    /* string → char[size]: no control characters, no space at either end */
    FIELD_GTIN,    /* 8, 12, 13 or 14 digits with their check digit → char[15], 14 digits */
    FIELD_INTEGER, /* min … max → int, int32_t or int64_t */
    FIELD_BOOL,    /* → bool */
    FIELD_DATE,    /* "YYYY-MM-DD" → int32_t, DATE_NONE */
    FIELD_INSTANT, /* RFC 3339 with a zone → int64_t UTC ms, INSTANT_NONE */
    FIELD_WORD,    /* a word of names → enum */
    FIELD_WORDS,   /* list of words → unsigned, bit 1 << value */
    FIELD_DISPOSITIONS, /* list of words → struct disposition_list, in their order */
    FIELD_STRINGS, /* list of texts under item bytes → char *, '\n' between; also = a bool "the list was given" */
    FIELD_OBJECT,  /* object whose fields are members of the same struct; FIELD_WHOLE gives offset 0 and its size */
    FIELD_ITEMS,   /* list of objects → allocated array of structs of item bytes; also = its size_t count */
    FIELD_KIND_COUNT,
};

struct fields;

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
    bool no_spaces;     /* TEXT */
    bool cut;           /* TEXT: what does not fit is cut off instead of refused (names that people read) */
    bool null_default;  /* encode the default as null; texts, dates, instants, lists and objects always do */
    size_t offset, size;
    size_t also;        /* STRINGS, ITEMS: offset of a second member, 0 = none */
    size_t item;        /* ITEMS: size of one struct; STRINGS: of the longest text with its NUL */
    int64_t min, max;   /* INTEGER: bounds; TEXT: fewest bytes; WORD, WORDS: first and last word (both 0 = all);
                           STRINGS, ITEMS: how many */
    int64_t number;     /* default of INTEGER and WORD */
    const char *text;   /* default of TEXT, NULL = "" */
    const char *accept; /* TEXT: only these characters, NULL = any */
    const struct names *names;
    const struct fields *fields; /* OBJECT, ITEMS */
};

struct fields {
    const struct field *fields;
    size_t count;
};

/* Where in the struct a field lives. */
#define FIELD_AT(type, member) .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define FIELD_WHOLE(type) .offset = 0, .size = sizeof(struct type)
#define FIELDS(table) {(table), sizeof(table) / sizeof((table)[0])}
#define FIELD_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define FIELD_LOWER "abcdefghijklmnopqrstuvwxyz"
#define FIELD_DIGITS "0123456789"

#define NOTES_IGNORED_MAX 16
#define NOTES_NAME_SIZE 80

/* What decoding has to tell besides its result. It may serve many calls: a name is noted once. Zero it first. */
struct decode_notes {
    char ignored[NOTES_IGNORED_MAX][NOTES_NAME_SIZE]; /* names that mean nothing here: "colour", "lines[].colour" */
    int ignored_count;
    bool ignored_more; /* there were more than fit */
    int64_t item;      /* after a failure: index in the list of ITEMS it happened in, or -1 */
};

/* Notes a name that means nothing, once. notes may be NULL. */
void decode_notes_ignore(struct decode_notes *notes, const char *name);

/* The state of one decoding: start it zeroed but for notes (which may be NULL). */
struct decoding {
    struct decode_notes *notes;
    char path[160]; /* "lines[1].qty" */
};

/* Sets every field to its default, then decodes json. base must be zeroed. On failure base may be half filled: free it.
   Messages begin with the path: "lines[1].qty: must be > 0". */
bool fields_decode(const struct fields *fields, const json_t *json, void *base, struct decoding *decoding,
                   struct error *err) MUST_CHECK;
/* A new object with every field. */
json_t *fields_encode(const struct fields *fields, const void *base);
/* As fields_encode without the fields that are null, so that a new field changes nothing for those who lack it. */
json_t *fields_encode_given(const struct fields *fields, const void *base);
/* The field of that name, or NULL; case is ignored. */
const struct field *fields_find(const struct fields *fields, const char *name);
/* The JSON value that a CSV cell stands for: numbers, true/false, lists by '|'. A cell that does not fit its kind
   becomes a string, which fields_decode refuses with its reason. Empty = null, "|" = the empty list. NULL if the cell
   is not UTF-8. */
json_t *field_from_cell(const struct field *field, const char *cell);
/* Fails with "<path>: <message>". */
bool decoding_refuse(const struct decoding *decoding, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
