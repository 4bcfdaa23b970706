/* SPDX-License-Identifier: Apache-2.0 */
/* The scanners of a station: each configured one is attached, its scans go to its lane, their answers come back as
   beeps. */
#ifndef DAEMON_SCANNING_H
#define DAEMON_SCANNING_H

#include "daemon/config.h"
#include "daemon/station.h"
#include "drivers/scanner.h"

struct scanning;
struct usb;

/* Nothing is attached before start. usb may be NULL where there is none; it and config must outlive it; store is to
   look codes up. */
struct scanning *scanning_new(struct loop *loop, struct usb *usb, const struct config *config, struct station *station,
                              struct store *store);
/* Attaches. A recording that cannot be opened and a broken scanners.conf are errors; a real scanner may come later, and
   a machine without USB has none. */
bool scanning_start(struct scanning *scanning, struct error *err) MUST_CHECK;
/* Reads scanners.conf again, for devices that come from now on; logs why it stays as it was. */
void scanning_reload(struct scanning *scanning);
/* Lets all scanners go; what they sent may still be answered. */
void scanning_stop(struct scanning *scanning);
struct scanning *scanning_free(struct scanning *scanning);

/* The answer to a scan: makes the device that it came from beep. Devices that are no scanners are ignored. */
void scanning_answered(struct scanning *scanning, const struct station_answer *answer);

/* A device, and what came of it since the start. */
struct scanning_device {
    const struct scanner_status *status;
    const char *lane;
    uint64_t scans;
    int64_t last_at;        /* UTC ms of the last scan, 0 = none */
    const char *last, *aim; /* the last scan, escaped */
    const char *misread;    /* the layout that it seems to be set to, or "" */
};
typedef void scanning_device_fn(void *context, const struct scanning_device *device);
void scanning_list(const struct scanning *scanning, scanning_device_fn *fn, void *context);
/* As scanner_head. */
bool scanning_head(struct scanning *scanning, const char *device, struct buffer *target);

/* Who listens to raw reports, and to the scans that come of them; one at most. */
struct scanning_tap {
    void (*report)(void *context, const char *device, const uint8_t *report, size_t length);
    void (*scan)(void *context, const char *device, const struct scan *scan);
    void *context;
};
void scanning_set_tap(struct scanning *scanning, const struct scanning_tap *tap);

#endif
