/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner interface: one driver per way of attaching; what a scan means is the daemon's business. */
#ifndef DRIVERS_SCANNER_H
#define DRIVERS_SCANNER_H

#include "base/error.h"
#include "base/loop.h"
#include "protocol/hid/decoder.h"

struct scanner;

/* Told from the loop, never from inside scanner_*_new. A handler must not free its scanner. */
struct scanner_events {
    void (*scan)(void *context, const char *device, const struct scan *scan);
    /* state: "attached" or "detached"; detail: why or what, for people, never NULL. */
    void (*state)(void *context, const char *device, const char *state, const char *detail);
    void *context;
};

struct scanner_options {
    const char *name;               /* the device in events and logs */
    const char *replay;             /* replay only: path of a regular file or FIFO in the capture format */
    const char *port;               /* USB only: "2-1.4", or NULL for any scanner that no other one takes */
    struct decoder_options decoder; /* layout, prefix, suffix …; a recording sets kind and may set layout */
};

/* Plays a recording (protocol/hid/capture.h) as if a scanner sent it. A FIFO is read for ever, so that anything can be
   typed into it; a regular file is read once, its last scan is ended at its end, and "detached" follows. Lines that are
   broken are logged and skipped. Options are copied. NULL if the path cannot be opened or is neither kind. */
struct scanner *scanner_replay_new(struct loop *loop, const struct scanner_options *options,
                                   const struct scanner_events *events, struct error *err) MUST_CHECK;
/* Detaches without an event; a scan that is still open is lost. Accepts NULL, returns NULL. */
struct scanner *scanner_free(struct scanner *scanner);

#endif
