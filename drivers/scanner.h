/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner interface: one driver per way of attaching; what a scan means is the daemon's business. */
#ifndef DRIVERS_SCANNER_H
#define DRIVERS_SCANNER_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/loop.h"
#include "protocol/hid/decoder.h"
#include "protocol/hid/feedback.h"

#define SCANNER_PORT_SIZE 36 /* "255-255.255…" */
#define SCANNER_FEEDBACK_MS 500

struct scanner;

/* Told from the loop, never from inside scanner_*_new. A handler must not free its scanner. */
struct scanner_events {
    /* was_buffered: it came so early that the device may have kept it from the time before. */
    void (*scan)(void *context, const char *device, const struct scan *scan, bool was_buffered);
    /* state: "attached" or "detached"; detail: why or what, for people, never NULL. */
    void (*state)(void *context, const char *device, const char *state, const char *detail);
    /* May be NULL. Each raw report, before what it says is told. */
    void (*report)(void *context, const char *device, const uint8_t *report, size_t length);
    void *context;
};

struct scanner_options {
    const char *name;               /* the device in events and logs */
    const char *replay;             /* replay only: path of a regular file or FIFO in the capture format */
    const char *port;               /* USB only: "2-1.4", or NULL for any scanner that no other one takes */
    struct decoder_options decoder; /* layout, prefix, suffix …; a recording sets kind and may set layout */
};

/* One device as it is now; strings live as long as the call that tells it. */
struct scanner_status {
    const char *device, *port; /* port "": not on USB */
    uint16_t vendor, product;  /* 0: not on USB */
    const char *model;         /* as scanners.conf names it, or "" */
    const char *mode;          /* a word of scanner_modes */
    const char *layout;        /* "" unless it types */
    const char *state;         /* "SEEN" … "RUN" … of scanner_usb.h; recordings: "RUN" or "ENDED" */
    const char *advice;        /* what to do for it to be read, or why it is not; "" if all is well */
    const char *quiet;         /* how to silence its own beep, or "" */
    bool can_beep;             /* by us */
    uint64_t refused, dropped; /* scans beyond the rate; control characters left out */
};
typedef void scanner_status_fn(void *context, const struct scanner_status *status);

enum scanner_mode {
    SCANNER_UNKNOWN, /* not asked yet */
    SCANNER_POS,
    SCANNER_KEYBOARD,
    SCANNER_RECORDING,
    SCANNER_SERIAL, /* CDC; this and the following ones are modes that we do not speak */
    SCANNER_SNAPI,
    SCANNER_IBM,
    SCANNER_OTHER,
    SCANNER_MODE_COUNT,
};
extern const char *const scanner_modes[SCANNER_MODE_COUNT];

/* Plays a recording (protocol/hid/capture.h) as if a scanner sent it. A FIFO is read for ever, so that anything can be
   typed into it; a regular file is read once, its last scan is ended at its end, and "detached" follows. Lines that are
   broken are logged and skipped. Options are copied. NULL if the path cannot be opened or is neither kind. */
struct scanner *scanner_replay_new(struct loop *loop, const struct scanner_options *options,
                                   const struct scanner_events *events, struct error *err) MUST_CHECK;
/* Detaches without an event; a scan that is still open is lost. Accepts NULL, returns NULL. */
struct scanner *scanner_free(struct scanner *scanner);

/* Tells every device that there is, also those that cannot be read; none of several is told twice. */
void scanner_list(const struct scanner *scanner, scanner_status_fn *fn, void *context);
/* Makes the device beep, if it can: the tone for its last scan. Dropped if that scan is older than SCANNER_FEEDBACK_MS
   or a beep is still under way; never retried. False if there is no such device. */
bool scanner_beep(struct scanner *scanner, const char *device, enum feedback feedback);
/* Reads the device's keys under this layout from its next scan on. False if there is no such device. */
bool scanner_set_layout(struct scanner *scanner, const char *device, const char *layout);
/* Appends the head of a recording: its kind, layout and report descriptor. False if it is not read at the moment. */
bool scanner_head(struct scanner *scanner, const char *device, struct buffer *target);

#endif
