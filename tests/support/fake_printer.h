/* SPDX-License-Identifier: Apache-2.0 */
/* A ZPL label printer without paper: bytes in, answers and labels out, faults on demand. No I/O, no time. */
#ifndef TESTS_SUPPORT_FAKE_PRINTER_H
#define TESTS_SUPPORT_FAKE_PRINTER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fake_fault {
    FAKE_PAPER_OUT, /* the first five: formats wait, ~HS shows it */
    FAKE_HEAD_OPEN,
    FAKE_RIBBON_OUT,
    FAKE_PAUSED,
    FAKE_BUFFER_FULL,
    FAKE_PARTIAL,         /* ~HS says "partial format" (also while a format is half received) */
    FAKE_SILENT,          /* answers nothing; labels still come out */
    FAKE_MUM,             /* answers nothing while one of the first five is on, as the makers' guides have it */
    FAKE_NO_COUNTER,      /* does not answer the counter query */
    FAKE_UNKNOWN_COUNTER, /* answers it with "?" */
    FAKE_KEEP_PARTIAL,    /* a half received format survives the end of its connection */
    FAKE_SWALLOW,         /* formats are taken and never come out */
    FAKE_KEEP_WAITING,    /* formats that wait survive the loss of power */
    FAKE_VOLATILE,        /* the counter falls back at the loss of power to what it was when the power came */
    FAKE_FROZEN,          /* the counter stands still while labels come out: no honest printer does this */
    FAKE_INTERRUPT,       /* media end within the next label: it is spoilt, and printed again once there are new ones */
    FAKE_300_DPI,         /* says so in ~HI */
    FAKE_CLONE,           /* knows ~HS and nothing else */
    FAKE_NO_SGD,          /* tells its counter by ^HH alone */
    FAKE_FAULT_COUNT,
};

#define FAKE_WAITING_MAX 64

struct fake_printer {
    unsigned faults;       /* bit 1 << enum fake_fault */
    int64_t counter;       /* labels that came out in the printer's life */
    int64_t kept;          /* counter when the power came */
    int64_t spoilt;        /* labels that came out in part */
    int64_t received;      /* bytes taken in */
    int64_t stray;         /* bytes outside formats that were no command and no blank */
    int64_t reset_at;      /* the connection breaks once this many bytes were taken in; -1 never */
    bool lose_power;       /* … and what was waiting is forgotten */
    int64_t fault_at;      /* the fault below comes once this many bytes were taken in; -1 never */
    enum fake_fault fault;
    struct buffer format;  /* from ^XA on; empty outside a format */
    struct buffer command; /* bytes outside formats */
    struct buffer waiting[FAKE_WAITING_MAX];
    size_t waiting_count;
    void (*label)(void *context, const char *zpl, size_t length); /* a label came out; counter is already raised */
    void *context;
};

void fake_printer_init(struct fake_printer *printer, void (*label)(void *context, const char *zpl, size_t length),
                       void *context);
void fake_printer_done(struct fake_printer *printer);
/* Takes bytes in and appends the answers; false: the connection breaks here (reset_at), the rest is lost. */
bool fake_printer_receive(struct fake_printer *printer, const void *bytes, size_t length, struct buffer *answers);
/* The connection ended: a half received format is dropped. */
void fake_printer_hang_up(struct fake_printer *printer);
void fake_printer_set(struct fake_printer *printer, enum fake_fault fault, bool on);
/* Power off and on again. */
void fake_printer_power_cycle(struct fake_printer *printer);
/* "fault NAME", "clear [NAME]", "reset-at N", "power-off-at N" (bytes from now), "counter N", "count"; appends one line
   of answer. Names: paper-out head-open ribbon-out paused buffer-full partial silent mum no-counter unknown-counter
   keep-partial swallow keep-waiting volatile frozen interrupt 300-dpi clone no-sgd. */
void fake_printer_command(struct fake_printer *printer, const char *line, struct buffer *answer);

#endif
