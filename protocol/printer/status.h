/* SPDX-License-Identifier: Apache-2.0 */
/* What a ZPL printer is asked and what its answers mean: ~HS, ~HQES, ~HI and its label counter. Source: ZPL II
   programming guide. */
#ifndef PROTOCOL_PRINTER_STATUS_H
#define PROTOCOL_PRINTER_STATUS_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

enum printer_condition {
    PRINTER_PAPER_OUT,
    PRINTER_PAUSED,
    PRINTER_BUFFER_FULL,
    PRINTER_PARTIAL_FORMAT, /* a label arrived in part */
    PRINTER_TOO_COLD,
    PRINTER_TOO_HOT,
    PRINTER_HEAD_OPEN,
    PRINTER_RIBBON_OUT,
    PRINTER_LABEL_WAITING, /* printed, waits to be taken */
    PRINTER_CUTTER,
    PRINTER_JAM,
    PRINTER_HEAD_FAULT,
    PRINTER_OTHER_FAULT, /* ~HQES names an error that is not in our table */
    PRINTER_CONDITION_COUNT,
};

/* What can be asked. Each is a row of a table: the bytes to send and how its answer is told. */
enum printer_question {
    QUESTION_MODEL,    /* ~HI, which goes first */
    QUESTION_FRAMES,   /* ~HS */
    QUESTION_ODOMETER, /* the label counter by SGD. Behind ~HS, so that "clean" is never newer than the count beside it
                          and a label that comes out between the two cannot look as if it never did */
    QUESTION_LABELS,   /* the label counter from ^HH, of printers without SGD */
    QUESTION_ERRORS,   /* ~HQES: pause and others that ~HS of some firmware does not show */
    QUESTION_COUNT,
};
#define QUESTION_BIT(question) (1U << (question))

struct printer_status {
    bool answered;       /* false: silence within the limit. Silence on an open connection is a fault, never "ok" */
    bool mute;           /* … but of one that never answered anything: its silence says nothing */
    uint32_t conditions; /* bit 1 << enum printer_condition */
    int formats_waiting; /* eee of frame 1 */
    int64_t labels_left; /* uuuuuuuu of frame 2 */
    int64_t counter;     /* labels printed in the printer's life, or -1 if it does not tell */
    int dots_per_mm;     /* of its head, from ~HI; 0 = it does not tell */
    char model[48];      /* from ~HI, "" = it does not tell */
};

/* What a printer said that said nothing: not answered, counter -1. */
#define PRINTER_STATUS_SILENT ((struct printer_status){.counter = -1})

/* No fault, nothing waiting: what was sent has come out. */
bool printer_status_clean(const struct printer_status *status);
/* The first fault as a key such as "paper_out" ("silent" for no answer), or NULL. */
const char *printer_status_fault(const struct printer_status *status);
/* The key of one condition, such as "head_open". */
const char *printer_condition_key(enum printer_condition condition);
/* Appends the bytes that ask for a set of questions (bits), in the order of the enum. */
void printer_status_ask(unsigned questions, struct buffer *target);
/* Reads the answers gathered so far and returns the questions (bits) that are answered whole. Of several answers the
   last one counts; a counter counts only behind the frames. "?" answers for the counter, which then stays -1. Framing
   is tolerant (STX, ETX or spaces may be off), field counts are not. */
unsigned printer_status_parse(const struct buffer *received, struct printer_status *ret_status);

#endif
