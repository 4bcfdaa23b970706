/* SPDX-License-Identifier: Apache-2.0 */
/* Opening listening sockets, with errors that say what to do. */
#ifndef DAEMON_WEB_LISTEN_H
#define DAEMON_WEB_LISTEN_H

#include "base/error.h"

#include <stdint.h>

/* Contracts as web_server_listen_unix and _tcp; the descriptor (non-blocking, close-on-exec), or -1. */
int listen_unix(const char *path, struct error *err) MUST_CHECK;
int listen_tcp(const char *host, uint16_t port, uint16_t *ret_port, struct error *err) MUST_CHECK;

#endif
