/* SPDX-License-Identifier: Apache-2.0 */
/* Labels: a folder of ZPL templates, checked when it is loaded, and their rendering for one printer and one job. */
#ifndef PROTOCOL_LABEL_LABEL_H
#define PROTOCOL_LABEL_LABEL_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct label_set;

struct label_field {
    const char *name;
    const char *value; /* any bytes; NULL = empty */
};

struct label_options {
    int dpi;          /* 203, 300 or 600 */
    const char *lang; /* "en" or "fr"; anything else is "en" */
};

/* Loads and checks every <name>.zpl.in of directory. NULL if one is wrong: the message has its file:line. To reload,
   load a second set and swap it in. The set is read-only and may be shared. */
struct label_set *label_set_load(const char *directory, struct error *err) MUST_CHECK;
struct label_set *label_set_free(struct label_set *set);
/* True for <name>.zpl.in, but for hidden files. */
bool label_is_template(const char *file);
/* Checks one template by itself, as label_set_load checks each; the message has its file:line. */
bool label_check_file(const char *path, struct error *err) MUST_CHECK;
/* The names of the templates, in alphabetical order; NULL from index = their number on. */
const char *label_set_name(const struct label_set *set, size_t index);
/* FNV-1a (64 bits, 16 hexadecimal digits) of the template's file, for the job's record; NULL if there is no such
 * template. */
const char *label_template_hash(const struct label_set *set, const char *name);

/* Appends one label, ^XA to ^XZ, in one line. Fields the template does not declare are ignored; those that are not
   given are empty; text longer than its field is clipped. Nothing is appended on failure: ERROR_NOT_FOUND  no such
   template ERROR_INVALID    a resolution that is not known, or a code that cannot be encoded (empty, not ASCII, longer
   than its field) ERROR_TOO_BIG    a symbol with its quiet zone does not fit the label */
bool label_render(const struct label_set *set, const char *name, const struct label_options *options,
                  const struct label_field *fields, size_t field_count, struct buffer *ret_zpl,
                  struct error *err) MUST_CHECK;
/* As label_render with the samples of the template's header, every {{#if}} taken. */
bool label_render_sample(const struct label_set *set, const char *name, const struct label_options *options,
                         struct buffer *ret_zpl, struct error *err) MUST_CHECK;

#endif
