/* SPDX-License-Identifier: Apache-2.0 */
/* Barcode symbols as bitmaps: libzint encodes (and so validates) the payload, ^GFA run-length data goes to the printer.
 */
#ifndef PROTOCOL_LABEL_SYMBOL_H
#define PROTOCOL_LABEL_SYMBOL_H

#include "base/buffer.h"
#include "base/error.h"

enum symbol_kind {
    SYMBOL_CODE128,
    SYMBOL_GS1_128, /* payload with bracketed AIs: "[00]012345678901234567" */
    SYMBOL_QR,
    SYMBOL_DATA_MATRIX,     /* square */
    SYMBOL_GS1_DATA_MATRIX, /* bracketed AIs */
    SYMBOL_KIND_COUNT,
};

struct symbol_options {
    enum symbol_kind kind;
    int module_dots; /* X: printer dots per module, 1–40 */
    int height_dots; /* of the bars; ignored for 2D symbols */
    char ec_level;   /* QR only: L, M, Q or H; 0 = M */
};

struct symbol_size {
    int width, height;    /* dots, without quiet zone */
    int quiet_x, quiet_y; /* dots that must stay white beside, and above and below */
};

/* Appends "^GFA,…" (no ^FS; never a "!", which a renderer in use misreads). Fails with ERROR_INVALID where the payload
   is not printable ASCII or not valid for the symbology, ERROR_TOO_BIG where it does not fit one. */
bool symbol_append(const struct symbol_options *options, const char *payload, struct buffer *ret_zpl,
                   struct symbol_size *ret_size, struct error *err) MUST_CHECK;
/* The kind of a macro name (code128, gs1-128, qr, dm, gs1dm); false if there is none. */
bool symbol_kind_from_name(const char *name, enum symbol_kind *ret_kind);
bool symbol_is_2d(enum symbol_kind kind);

#endif
