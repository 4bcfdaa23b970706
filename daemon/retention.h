/* SPDX-License-Identifier: Apache-2.0 */
/* How long events are kept, and the alarm of a disk that fills: nothing is dropped that a required consumer has not
   acknowledged. */
#ifndef DAEMON_RETENTION_H
#define DAEMON_RETENTION_H

#include "base/loop.h"

struct retention;
struct store;

struct retention_options {
    const char *required; /* consumers between spaces, the caller's; "" = every consumer the station knows */
    int days;             /* younger events stay */
    int64_t low_bytes;    /* less room than this on the state directory's disk is an alarm */
    int64_t period_ms;    /* 0 = each minute */
};

struct retention_status {
    int64_t pruned; /* events since the daemon started */
    int64_t free_bytes;
    bool disk_low;
};

/* Looks at once and then periodically, in slices between scans. Loop and store outlive it. */
struct retention *retention_new(struct loop *loop, struct store *store, const struct retention_options *options);
struct retention *retention_free(struct retention *retention);
struct retention_status retention_status(const struct retention *retention);

#endif
