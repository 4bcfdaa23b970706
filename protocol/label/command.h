/* SPDX-License-Identifier: Apache-2.0 */
/* ZPL taken apart into commands, and the table of those a label may have; everything else is refused. */
#ifndef PROTOCOL_LABEL_COMMAND_H
#define PROTOCOL_LABEL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* What lint and preview know; the order is that of the table. */
enum zpl_name {
    ZPL_XA,
    ZPL_XZ,
    ZPL_CI,
    ZPL_PW,
    ZPL_LL,
    ZPL_LH,
    ZPL_LS,
    ZPL_LT,
    ZPL_FO,
    ZPL_FT,
    ZPL_FW,
    ZPL_A,
    ZPL_CF,
    ZPL_FB,
    ZPL_FH,
    ZPL_FD,
    ZPL_FS,
    ZPL_FR,
    ZPL_FX,
    ZPL_GB,
    ZPL_GC,
    ZPL_GD,
    ZPL_GF,
    ZPL_PQ,
    ZPL_PO,
    ZPL_MD,
    ZPL_PR,
    ZPL_OTHER, /* not allowed */
    ZPL_NAME_COUNT,
};

struct zpl_command {
    enum zpl_name name;
    char text[4];     /* as written, such as "^FO", "~JA"; "^A" for all of ^A0 … ^AZ */
    const char *at;   /* its ^ or ~ */
    const char *data; /* behind the name (for ^A the font's letter) up to the next ^ or ~ */
    size_t length;
};

/* The next command at or after *cursor, which moves behind its data; false at the end. Text in front of it is skipped.
 */
bool zpl_next(const char **cursor, const char *end, struct zpl_command *ret_command);
/* Why a command that is not allowed is refused, for people. */
const char *zpl_refusal(const struct zpl_command *command);

#endif
