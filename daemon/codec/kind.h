/* SPDX-License-Identifier: Apache-2.0 */
/* How each kind of field is checked, stored and written: the rows behind the tables of field.h. Private to both. */
#ifndef DAEMON_CODEC_KIND_H
#define DAEMON_CODEC_KIND_H

#include "daemon/codec/field.h"

/* member points at the field in its struct, base at the struct. */
struct kind {
    void (*set_default)(const struct field *field, void *member);
    bool (*decode)(const struct field *field, const json_t *json, void *base, void *member, struct decoding *decoding,
                   struct error *err);
    json_t *(*encode)(const struct field *field, const void *base, const void *member);
};

/* The row of a plain kind: all but OBJECT and ITEMS, which need the engine. */
const struct kind *kind_plain(enum field_kind kind);
/* Appends ".name" to the path (no dot at its start) or "[index]"; gives the length to cut it back to. */
size_t decoding_enter(struct decoding *decoding, const char *name);
size_t decoding_enter_item(struct decoding *decoding, size_t index);
void decoding_leave(struct decoding *decoding, size_t length);

#endif
