/* SPDX-License-Identifier: Apache-2.0 */
/* A label that somebody else made: looked at before it is kept, and printed once. */
#ifndef PROTOCOL_LABEL_FOREIGN_H
#define PROTOCOL_LABEL_FOREIGN_H

#include "base/buffer.h"
#include "base/error.h"

/* One label, ^XA to ^XZ with nothing around it, of the commands that our own templates may have; barcodes that the
   printer draws may be there, too, but nothing that stays in force for the labels after it. reason says what is
   wrong. */
bool zpl_check_foreign(const char *zpl, struct error *reason) MUST_CHECK;
/* Puts ^PQ1 before its ^XZ, unless it says so itself. zpl is one that was checked. */
void zpl_force_one_copy(struct buffer *zpl);

#endif
