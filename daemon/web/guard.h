/* SPDX-License-Identifier: Apache-2.0 */
/* Who may speak to the TCP listener: only this machine, by its own names (against DNS rebinding and foreign pages). */
#ifndef DAEMON_WEB_GUARD_H
#define DAEMON_WEB_GUARD_H

#include <stdbool.h>
#include <stdint.h>

/* True for "localhost", 127.x.y.z and ::1 (with or without brackets): numbers cannot be rebound by a name server. */
bool guard_is_loopback(const char *host);
/* A Host header: a loopback name with this port (without a port: 80). NULL is refused. */
bool guard_host(const char *host, uint16_t port);
/* An Origin header: NULL (not a browser) or http:// and what guard_host accepts. */
bool guard_origin(const char *origin, uint16_t port);

#endif
