/* SPDX-License-Identifier: Apache-2.0 */
/* Logging. sd_journal_send answers 0 and loses the text where no journal runs, so $JOURNAL_STREAM decides. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-journal.h>

static int level = LOG_INFO;

void log_set_level(int priority)
{
    level = priority;
}

void log_write(int priority, const char *format, ...)
{
    if (priority > level)
        return;
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (getenv("JOURNAL_STREAM") != NULL)
        sd_journal_send("PRIORITY=%i", priority, "MESSAGE=%s", message, NULL);
    else
        fprintf(stderr, "<%d>%s\n", priority, message);
}
