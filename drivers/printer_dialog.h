/* SPDX-License-Identifier: Apache-2.0 */
/* What every transport that can listen shares: labels and questions on their way out, answers on their way in, and what
   this printer was found to answer. Only drivers/printer*.c includes it. */
#ifndef DRIVERS_PRINTER_DIALOG_H
#define DRIVERS_PRINTER_DIALOG_H

#include "base/buffer.h"
#include "drivers/printer_driver.h"

struct printer_dialog {
    struct printer *face;
    struct loop_source *limit;  /* timer: the end of a query */
    struct loop_source *report; /* work: the sent event */
    struct buffer output;       /* the transport writes it and tells how much is gone */
    struct buffer received;
    size_t label_end, query_end; /* bytes of output up to the end of label and query; 0 = written */
    bool sending;                /* from dialog_send until its sent event */
    bool sent;                   /* written, the event is due */
    bool asking;
    bool late;        /* a query got no answer: the next may be that one's, so the window is waited out */
    bool heard;       /* a status came on this connection: it is a good one */
    unsigned awaited; /* questions (bits) of the query under way that it waits for */
    char model[48];   /* as told on this connection */
    int dots_per_mm;
    /* What this printer can do; learned once, kept over reconnects, mended by any answer that shows otherwise. */
    unsigned known;   /* questions that it answered once */
    unsigned refused; /* questions that it did not answer when they were first asked: nothing waits for them again */
    bool counts;      /* told its counter once */
};

/* The face is filled and on its loop. */
void dialog_start(struct printer_dialog *dialog, struct printer *face);
void dialog_done(struct printer_dialog *dialog);
/* The connection is gone, and with it what was under way. */
void dialog_reset(struct printer_dialog *dialog);
/* Behind each of these the transport has output to write. */
bool dialog_send(struct printer_dialog *dialog, const void *bytes, size_t length, struct error *err) MUST_CHECK;
bool dialog_query(struct printer_dialog *dialog, struct error *err) MUST_CHECK;
/* The first bytes of output are gone. */
void dialog_written(struct printer_dialog *dialog, size_t count);
/* Last in its handler: the owner may close the printer in the event. */
void dialog_received(struct printer_dialog *dialog, const void *bytes, size_t length);

#endif
