/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics: what a monitoring system watches, in Prometheus' text format. docs/operating.md lists it. */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include "daemon/command.h"

/* Adds the route; options outlive the server. */
void metrics_add_route(struct web_server *server, struct command_options *options);

#endif
