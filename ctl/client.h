/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's API over its Unix socket, one call at a time. */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include "ctl/ctl.h"

#include <curl/curl.h>
#include <stdio.h>

struct client;

/* json: errors are also printed to stdout as the API's error object. */
struct client *client_new(const char *socket, bool json);
struct client *client_free(struct client *client);
/* A path in which each {} stands for the next string, percent-encoded; the caller frees it. */
char *client_path(const char *pattern, ...);
/* Each returns CTL_OK and the answer's body, which the caller owns; or has complained, and returns what to exit with.
 */
enum ctl_exit client_get(struct client *client, const char *path, json_t **ret_body);
enum ctl_exit client_post(struct client *client, const char *path, const json_t *body, json_t **ret_body);
/* Streams file (size < 0: of unknown length). progress is told the bytes sent so far. */
enum ctl_exit client_upload(struct client *client, const char *path, FILE *file, int64_t size,
                            void (*progress)(int64_t sent), json_t **ret_body);
/* The bytes of the answer into file, which gets none if the call failed. */
enum ctl_exit client_fetch(struct client *client, const char *path, FILE *file);
/* A handle that speaks to the socket, for live.h. url receives "http://station" and path. */
CURL *client_open_handle(const char *socket, const char *path);
/* Complains as a failed call would and returns the exit code; body is the text of the answer. */
enum ctl_exit client_judge(bool json, long status, const char *body);

#endif
