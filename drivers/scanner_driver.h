/* SPDX-License-Identifier: Apache-2.0 */
/* What scanner drivers have in common: the decoder, its silence timer, the events. Only drivers include this. */
#ifndef DRIVERS_SCANNER_DRIVER_H
#define DRIVERS_SCANNER_DRIVER_H

#include "drivers/scanner.h"

#define SCANNER_ATTACHED "attached"
#define SCANNER_DETACHED "detached"

/* A driver puts this first in its own structure, which scanner_free then frees. */
struct scanner {
    void (*close)(struct scanner *scanner); /* lets go of all that is the driver's own */
    char *name;
    struct scanner_events events;
    struct decoder_options options; /* its strings are the four below */
    char *layout, *prefix, *suffix_text, *gs_text;
    struct decoder *decoder; /* NULL until scanner_start_decoder */
    struct loop_source *silence;
};

void scanner_init(struct scanner *scanner, struct loop *loop, const struct scanner_options *options,
                  const struct scanner_events *events, void (*close)(struct scanner *scanner));
/* Replaces the decoder, by scanner->options. False: there is none now. */
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
