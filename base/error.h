/* SPDX-License-Identifier: Apache-2.0 */
/* An error is a fault of the machine or of the program, never a refusal of a scan: a code to act on, a message to show.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_INVALID,   /* the input breaks its format */
    ERROR_NOT_FOUND,
    ERROR_CONFLICT,  /* same version, other content; or a name already taken */
    ERROR_TOO_BIG,
    ERROR_BUSY,      /* try again later */
    ERROR_FULL,      /* disk or buffer full */
    ERROR_IO,
    ERROR_CORRUPT,   /* stored data is damaged */
    ERROR_NEWER,     /* written by a newer program */
    ERROR_SYSTEM,    /* a system call failed */
    ERROR_CODE_COUNT,
};

#define ERROR_MESSAGE_MAX 400

struct error {
    enum error_code code;
    char message[ERROR_MESSAGE_MAX];
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Sets code and message and returns false, so that a function can `return error_set(err, …);`. err may be NULL. */
bool error_set(struct error *err, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* As error_set with ERROR_SYSTEM and ": <strerror(errno)>" behind the message. */
bool error_system(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts context in front of the message ("<context>: <message>") and returns false. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The code as a word for logs and APIs, for instance "not_found". */
const char *error_code_name(enum error_code code);

#endif
