/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: a fixed-size value that is filled where the fault is seen and given context on the way up. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[ERROR_CODE_COUNT] = {
    [ERROR_NONE] = "none",       [ERROR_INVALID] = "invalid", [ERROR_NOT_FOUND] = "not_found",
    [ERROR_CONFLICT] = "conflict", [ERROR_TOO_BIG] = "too_big", [ERROR_BUSY] = "busy",
    [ERROR_FULL] = "full",       [ERROR_IO] = "io",           [ERROR_CORRUPT] = "corrupt",
    [ERROR_NEWER] = "newer",     [ERROR_SYSTEM] = "system",
};

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    if (err == NULL)
        return false;
    va_list args;
    va_start(args, format);
    err->code = code;
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return false;
}

bool error_system(struct error *err, const char *format, ...)
{
    int saved = errno;
    if (err == NULL)
        return false;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    err->code = ERROR_SYSTEM;
    if (used >= 0 && (size_t)used < sizeof err->message)
        snprintf(err->message + used, sizeof err->message - (size_t)used, ": %s", strerror(saved));
    return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    char message[2 * ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    int used = vsnprintf(message, ERROR_MESSAGE_MAX, format, args);
    va_end(args);
    if (used < 0)
        return false;
    size_t start = (size_t)used < ERROR_MESSAGE_MAX ? (size_t)used : ERROR_MESSAGE_MAX - 1;
    snprintf(message + start, sizeof message - start, ": %s", err->message);
    snprintf(err->message, sizeof err->message, "%.*s", ERROR_MESSAGE_MAX - 1, message);
    return false;
}

const char *error_code_name(enum error_code code)
{
    return code < ERROR_CODE_COUNT ? names[code] : "unknown";
}
