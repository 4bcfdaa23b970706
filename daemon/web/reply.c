/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: bytes, JSON and errors, each with the headers that keep a browser from guessing or embedding. */
#include "daemon/web/private.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *value;
} headers[] = {
    {"Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
                                "form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
};

static const unsigned statuses[ERROR_CODE_COUNT] = {
    [ERROR_NONE] = 500,    [ERROR_INVALID] = 400, [ERROR_NOT_FOUND] = 404, [ERROR_CONFLICT] = 409,
    [ERROR_TOO_BIG] = 413, [ERROR_BUSY] = 503,    [ERROR_FULL] = 507,      [ERROR_IO] = 500,
    [ERROR_CORRUPT] = 500, [ERROR_NEWER] = 500,   [ERROR_SYSTEM] = 500,
};

void reply_with(struct web_request *request, unsigned status, struct MHD_Response *response)
{
    assert(request->response == NULL);
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        MHD_add_response_header(response, headers[i].name, headers[i].value);
    request->status = status;
    request->response = response;
    request->cancel = NULL;
    request_resume(request);
}

static struct MHD_Response *response_of(const char *type, size_t length, void *bytes, enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(length, bytes, mode);
    if (response == NULL)
        abort(); /* out of memory */
    MHD_add_response_header(response, "Content-Type", type);
    return response;
}

static struct MHD_Response *json_response(json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(body);
    if (text == NULL)
        return NULL;
    return response_of("application/json", strlen(text), text, MHD_RESPMEM_MUST_FREE);
}

static json_t *error_body(const char *code, const char *message)
{
    json_t *text = json_string(message);
    if (text == NULL) /* not UTF-8 */
        text = json_string("(message cannot be shown)");
    return json_pack("{s:{s:s,s:o}}", "error", "code", code, "message", text);
}

void web_reply_json(struct web_request *request, unsigned status, json_t *body)
{
    struct MHD_Response *response = json_response(body);
    if (response != NULL)
        reply_with(request, status, response);
    else
        web_reply_error(request, 500, "internal", "the answer could not be written as JSON");
}

void web_reply_error(struct web_request *request, unsigned status, const char *code, const char *message)
{
    struct MHD_Response *response = json_response(error_body(code, message));
    if (response == NULL)
        abort(); /* out of memory */
    reply_with(request, status, response);
}

void web_reply_fault(struct web_request *request, const struct error *err)
{
    unsigned status = err->code < ERROR_CODE_COUNT ? statuses[err->code] : 500;
    web_reply_error(request, status, error_code_name(err->code), err->message);
}

void web_reply_bytes(struct web_request *request, unsigned status, const char *type, const void *bytes, size_t length)
{
    void *copy = memcpy(memory_new(length, 1), bytes, length);
    reply_with(request, status, response_of(type, length, copy, MHD_RESPMEM_MUST_FREE));
}

void web_reply_file(struct web_request *request, const char *type, int fd, size_t length)
{
    struct MHD_Response *response = MHD_create_response_from_fd(length, fd);
    if (response == NULL)
        abort(); /* out of memory */
    MHD_add_response_header(response, "Content-Type", type);
    reply_with(request, MHD_HTTP_OK, response);
}

void reply_not_allowed(struct web_request *request, const char *allow)
{
    web_reply_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "method_not_allowed", "this path has other methods");
    MHD_add_response_header(request->response, "Allow", allow);
}
