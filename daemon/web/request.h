/* SPDX-License-Identifier: Apache-2.0 */
/* One request: what was asked, and the ways to answer it: now, later, or by a stream (stream.h). */
#ifndef DAEMON_WEB_REQUEST_H
#define DAEMON_WEB_REQUEST_H

#include "base/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct web_request;

/* A request is the caller's until it is replied to, cancelled, or opened as a stream. Strings live as long. */

/* Value of {name} in the route's pattern, decoded, well-formed UTF-8; NULL if the pattern has no such name. */
const char *web_request_parameter(const struct web_request *request, const char *name);
/* Value of ?name=…, decoded, well-formed UTF-8; NULL if absent. */
const char *web_request_query(const struct web_request *request, const char *name);
/* As web_request_query for a whole number ≥ 0: fallback if absent; false if it is anything else. */
bool web_request_query_number(const struct web_request *request, const char *name, int64_t fallback,
                              int64_t *ret_value) MUST_CHECK;
/* A header as sent, for instance "Last-Event-ID"; NULL if absent. */
const char *web_request_header(const struct web_request *request, const char *name);
/* The whole body, with a NUL behind it ("" without a body or with an upload). */
const char *web_request_body(const struct web_request *request, size_t *ret_length);
/* The body as a JSON object that the caller owns; NULL (ERROR_INVALID) if it is none. */
json_t *web_request_json(const struct web_request *request, struct error *err) MUST_CHECK;
/* What the upload's begin returned; NULL without upload. */
void *web_request_upload(const struct web_request *request);
/* Who is at the other end of the Unix socket; false on TCP. */
bool web_request_peer(const struct web_request *request, struct ucred *ret_peer);

/* Answers. Each ends the caller's hold on the request. body is stolen; NULL is answered 500. */
void web_reply_json(struct web_request *request, unsigned status, json_t *body);
/* {"error": {"code": …, "message": …}} */
void web_reply_error(struct web_request *request, unsigned status, const char *code, const char *message);
/* As web_reply_error with the code of err and the status that fits it (not_found: 404, …). */
void web_reply_fault(struct web_request *request, const struct error *err);
/* Any bytes (copied), for instance "text/plain; version=0.0.4" for metrics. */
void web_reply_bytes(struct web_request *request, unsigned status, const char *type, const void *bytes, size_t length);

/* The bytes of a file, read while they are sent; fd becomes the request's. */
void web_reply_file(struct web_request *request, const char *type, int fd, size_t length);

/* The answer comes later, from another handler of the loop. If the client goes away first, or the server stops, cancel
   is called once and the request is gone. Not called after a reply. */
typedef void web_cancel_fn(struct web_request *request, void *context);
void web_request_defer(struct web_request *request, web_cancel_fn *cancel, void *context);

#endif
