/* SPDX-License-Identifier: Apache-2.0 */
/* A stream of events that reconnects by itself from the last id it saw. */
#ifndef CTL_LIVE_H
#define CTL_LIVE_H

#include "ctl/ctl.h"
#include "ctl/sse.h"

#include <curl/curl.h>

struct live;

enum live_state {
    LIVE_CONNECTING, /* not connected yet, since live_new */
    LIVE_OPEN,
    LIVE_LOST,    /* was open; reconnecting */
    LIVE_REFUSED, /* the daemon answered 4xx: it would again; live_judge says why */
};

struct live *live_new(const char *socket, const char *path, sse_fn *fn, void *context);
struct live *live_free(struct live *live);
enum live_state live_state(const struct live *live);
/* Times that a connection was opened. */
unsigned live_count(const struct live *live);
/* Failed tries since the last open connection. */
unsigned live_failures(const struct live *live);
/* Waits at most timeout_ms for the stream or for extra descriptors, and works: fn may be called. */
void live_wait(struct live *live, struct curl_waitfd *extra, unsigned extra_count, int timeout_ms);
/* LIVE_REFUSED: complains, returns the exit code. */
enum ctl_exit live_judge(const struct live *live, bool json);

/* True if nothing will come of it: refused, or nobody answered the first time. It has complained then; *ret_exit is
   what to exit with. */
bool live_failed(const struct live *live, const struct ctl *ctl, enum ctl_exit *ret_exit);

#endif
