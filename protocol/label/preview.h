/* SPDX-License-Identifier: Apache-2.0 */
/* A picture of a label from the very bytes that go to the printer: for the page, and to check templates. */
#ifndef PROTOCOL_LABEL_PREVIEW_H
#define PROTOCOL_LABEL_PREVIEW_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct label_preview {
    int width, height; /* dots: ^PW and ^LL */
    int unsupported;   /* commands the picture does not show; 0 for every template that was loaded */
    char first_unsupported[4];
    int outside;                          /* elements that reach over the label's edge, by an estimate for text */
    int first_outside_x, first_outside_y; /* ^FO of the first of them */
};

/* Appends an SVG of one label, in dots, sized in mm for a printer of dpi. ret_svg may be NULL: only the report. */
void label_preview(const char *zpl, size_t length, int dpi, struct buffer *ret_svg, struct label_preview *ret_preview);

#endif
