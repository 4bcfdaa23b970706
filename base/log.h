/* SPDX-License-Identifier: Apache-2.0 */
/* One log line per handler: to the journal when there is one, else to stderr with a <priority> prefix. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <syslog.h>

/* priority: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO or LOG_DEBUG. */
void log_write(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Lines above this priority are dropped (default LOG_INFO). */
void log_set_level(int priority);

#endif
