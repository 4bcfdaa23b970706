/* SPDX-License-Identifier: Apache-2.0 */
/* A blocking HTTP client on raw sockets, for tests; every wait ends at a deadline. */
#ifndef TESTS_SUPPORT_HTTP_H
#define TESTS_SUPPORT_HTTP_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

#define HTTP_DEADLINE_S 20

/* Connected sockets; the caller closes them. */
int http_connect_unix(const char *path);
int http_connect_tcp(uint16_t port);
void http_send(int fd, const void *bytes, size_t length);
void http_send_text(int fd, const char *text);
/* Appends what arrives next; false at the end of the connection. */
bool http_receive_more(int fd, struct buffer *got);
/* Reads until the other end closes, then closes fd. */
void http_receive_all(int fd, struct buffer *got);
/* Reads until text is in got; asserts that it comes. */
void http_receive_until(int fd, struct buffer *got, const char *text);
/* One exchange, then closes fd. head: request line and headers without the empty line. True if the answer begins with
   status and holds inside; else it is printed. */
bool http_exchange(int fd, const char *head, const char *body, const char *status, const char *inside);
/* GET of path on the Unix socket, as http_exchange. */
bool http_get(const char *socket, const char *path, const char *status, const char *inside);
/* Sends a GET that stays open. */
int http_open_get(const char *socket, const char *path);
/* POSTs length bytes 'b', announced or in chunks of 1,000; asserts status and inside. */
void http_post_sized(const char *socket, const char *path, size_t length, const char *status, const char *inside);
void http_post_chunked(const char *socket, const char *path, size_t length, const char *status, const char *inside);
/* GETs path until the answer holds text. */
void http_get_until(const char *socket, const char *path, const char *text);

#endif
