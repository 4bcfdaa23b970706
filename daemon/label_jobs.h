/* SPDX-License-Identifier: Apache-2.0 */
/* The API of labels at a person's word: which ones are in doubt and what a person saw; cards to be printed. */
#ifndef DAEMON_LABEL_JOBS_H
#define DAEMON_LABEL_JOBS_H

#include "daemon/command.h"

/* options must outlive the server. */
void label_jobs_add_routes(struct web_server *server, struct command_options *options);

#endif
