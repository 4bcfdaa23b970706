/* SPDX-License-Identifier: Apache-2.0 */
/* What scanner drivers have in common: the decoder, its silence timer, the events. Only drivers include this. */
#ifndef DRIVERS_SCANNER_DRIVER_H
#define DRIVERS_SCANNER_DRIVER_H

#include "drivers/scanner.h"

#define SCANNER_ATTACHED "attached"
#define SCANNER_DETACHED "detached"

struct scanner_driver {
    void (*close)(struct scanner *scanner); /* lets go of all that is the driver's own */
    /* Of a scanner that is many devices: the one behind previous (NULL: the first), or NULL. NULL: it is one itself. */
    struct scanner *(*next)(const struct scanner *scanner, const struct scanner *previous);
    /* Fills what scanner.c does not know. */
    void (*describe)(const struct scanner *scanner, struct scanner_status *status);
    /* Sends the report; NULL: it cannot be sent any. */
    void (*beep)(struct scanner *scanner, const uint8_t *report, size_t length);
};

/* A driver puts this first in its own structure, which scanner_free then frees. */
struct scanner {
    const struct scanner_driver *driver;
    char *name;
    struct scanner_events events;
    struct decoder_options options; /* its strings are the four below */
    char *layout, *prefix, *suffix_text, *gs_text;
    char layout_set[8];        /* from the next scan on; "" = as it is */
    struct decoder *decoder;   /* NULL until scanner_start_decoder */
    const uint8_t *descriptor; /* the driver's, as given to scanner_start_decoder */
    size_t descriptor_length;
    struct loop_source *silence;
    int64_t scan_tick;   /* of the last scan */
    int64_t early_until; /* scans before this tick were_buffered */
    unsigned rate_max;   /* scans a second that are taken; 0 = all */
    int64_t rate_start;  /* tick at which the running second began */
    unsigned rate_count; /* scans in it */
    uint64_t refused;
};

void scanner_init(struct scanner *scanner, struct loop *loop, const struct scanner_options *options,
                  const struct scanner_events *events, const struct scanner_driver *driver);
/* Replaces the decoder, by scanner->options; descriptor must stay. False: there is none now. */
bool scanner_start_decoder(struct scanner *scanner, const uint8_t *descriptor, size_t length,
                           struct error *err) MUST_CHECK;
/* Gives up the decoder, and with it a scan that is still open; returns whether one was. */
bool scanner_drop_decoder(struct scanner *scanner);
/* Gives one raw report to the decoder, if there is one. */
void scanner_report(struct scanner *scanner, const uint8_t *report, size_t length);
/* Ends the open scan if its silence is over at tick; INT64_MAX ends it in any case. */
void scanner_settle(struct scanner *scanner, int64_t tick);
void scanner_tell(struct scanner *scanner, const char *state, const char *detail);

#endif
