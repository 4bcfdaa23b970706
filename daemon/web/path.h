/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as sent (still percent-encoded) against patterns with {names}. */
#ifndef DAEMON_WEB_PATH_H
#define DAEMON_WEB_PATH_H

#include <jansson.h>
#include <stdbool.h>

/* Undoes percent-encoding in place; false (text is spoilt) if it is malformed, holds a NUL or is no UTF-8. */
bool path_decode(char *text);
/* True if path starts with "/", each segment decodes, and none is "." or ".." (however encoded). */
bool path_is_sound(const char *path);
/* The {names} of pattern with their decoded values if path fits, a new object; else NULL. {name} is never empty. */
json_t *path_match(const char *pattern, const char *path);

#endif
