/* SPDX-License-Identifier: Apache-2.0 */
/* Calls over libcurl: what went wrong is said here once, so that verbs only pass the exit code on. */
#include "ctl/client.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "ctl/show.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 3000L
#define CALL_MS 60000L
#define ANSWER_MAX ((size_t)64 * 1024 * 1024)

struct client {
    const char *socket;
    bool json;
};

struct source {
    FILE *file;
    void (*progress)(int64_t sent);
    int64_t sent;
};

struct client *client_new(const char *socket, bool json)
{
    struct client *client = memory_new(1, sizeof *client);
    *client = (struct client){.socket = socket, .json = json};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return client;
}

struct client *client_free(struct client *client)
{
    free(client);
    return NULL;
}

char *client_path(const char *pattern, ...)
{
    struct buffer path = BUFFER_EMPTY;
    va_list values;
    va_start(values, pattern);
    for (const char *p = pattern; *p != '\0'; p++) {
        if (strncmp(p, "{}", 2) != 0) {
            buffer_append_byte(&path, (uint8_t)*p);
            continue;
        }
        char *escaped = curl_easy_escape(NULL, va_arg(values, const char *), 0);
        buffer_append_text(&path, escaped != NULL ? escaped : "");
        curl_free(escaped);
        p++;
    }
    va_end(values);
    return path.data;
}

CURL *client_open_handle(const char *socket, const char *path)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        abort(); /* out of memory */
    struct buffer url = BUFFER_EMPTY;
    buffer_append_format(&url, "http://station%s", path);
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket);
    curl_easy_setopt(curl, CURLOPT_URL, buffer_text(&url));
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    buffer_done(&url);
    return curl;
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct buffer *answer = context;
    if (answer->length + size * count > ANSWER_MAX)
        return 0;
    buffer_append(answer, bytes, size * count);
    return size * count;
}

enum ctl_exit client_judge(bool json, long status, const char *body)
{
    json_t *answer = json_loads(body, 0, NULL);
    const json_t *error = json_object_get(answer, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    CLEANUP(memory_free_at) char *shown = show_text(message != NULL ? message : "no reason given");
    ctl_complain("%s (%ld)", shown, status);
    if (json && answer != NULL)
        ctl_print_json(answer);
    json_decref(answer);
    return status >= 500 ? CTL_FAULT : CTL_REFUSED;
}

static enum ctl_exit read_answer(const struct client *client, long status, const struct buffer *answer,
                                 json_t **ret_body)
{
    if (status < 200 || status > 299)
        return client_judge(client->json, status, buffer_text(answer));
    json_t *body = json_loadb(buffer_text(answer), answer->length, JSON_DECODE_ANY, NULL);
    if (body == NULL) {
        ctl_complain("the daemon's answer is not JSON");
        return CTL_FAULT;
    }
    *ret_body = body;
    return CTL_OK;
}

static void complain_connection(const struct client *client, CURLcode why)
{
    if (why == CURLE_COULDNT_CONNECT)
        ctl_complain("no daemon answers on %s", client->socket);
    else
        ctl_complain("the connection to %s failed: %s", client->socket, curl_easy_strerror(why));
}

/* Does the call and frees the handle; CTL_OK: there is an answer. An early refusal of an upload looks like a send error,
   but has one. */
static enum ctl_exit call(const struct client *client, CURL *curl, struct buffer *answer, long *ret_status)
{
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode done = curl_easy_perform(curl);
    *ret_status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    curl_easy_cleanup(curl);
    if (done == CURLE_OK || (done == CURLE_SEND_ERROR && *ret_status >= 400))
        return CTL_OK;
    if (done == CURLE_ABORTED_BY_CALLBACK)
        return CTL_FAULT;
    complain_connection(client, done);
    return CTL_UNREACHABLE;
}

static enum ctl_exit perform(const struct client *client, CURL *curl, json_t **ret_body)
{
    struct buffer answer = BUFFER_EMPTY;
    long status;
    enum ctl_exit end = call(client, curl, &answer, &status);
    if (end == CTL_OK)
        end = read_answer(client, status, &answer, ret_body);
    buffer_done(&answer);
    return end;
}

enum ctl_exit client_fetch(struct client *client, const char *path, FILE *file)
{
    struct buffer answer = BUFFER_EMPTY;
    long status;
    CURL *curl = client_open_handle(client->socket, path);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, CALL_MS);
    enum ctl_exit end = call(client, curl, &answer, &status);
    if (end == CTL_OK && status != 200)
        end = client_judge(client->json, status, buffer_text(&answer));
    else if (end == CTL_OK && fwrite(buffer_text(&answer), 1, answer.length, file) != answer.length)
        end = CTL_FAULT;
    buffer_done(&answer);
    return end;
}

enum ctl_exit client_get(struct client *client, const char *path, json_t **ret_body)
{
    CURL *curl = client_open_handle(client->socket, path);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, CALL_MS);
    return perform(client, curl, ret_body);
}

enum ctl_exit client_post(struct client *client, const char *path, const json_t *body, json_t **ret_body)
{
    CURL *curl = client_open_handle(client->socket, path);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    CLEANUP(memory_free_at) char *text = json_dumps(body, JSON_COMPACT);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, CALL_MS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text);
    enum ctl_exit end = perform(client, curl, ret_body);
    curl_slist_free_all(headers);
    return end;
}

static size_t give_file(char *bytes, size_t size, size_t count, void *context)
{
    struct source *source = context;
    size_t length = fread(bytes, size, count, source->file);
    if (length == 0 && ferror(source->file)) {
        ctl_complain("the file cannot be read to its end");
        return CURL_READFUNC_ABORT;
    }
    source->sent += (int64_t)length;
    source->progress(source->sent);
    return length;
}

enum ctl_exit client_upload(struct client *client, const char *path, FILE *file, int64_t size,
                            void (*progress)(int64_t sent), json_t **ret_body)
{
    struct source source = {.file = file, .progress = progress};
    CURL *curl = client_open_handle(client->socket, path);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/octet-stream");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_file);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    enum ctl_exit end = perform(client, curl, ret_body);
    curl_slist_free_all(headers);
    return end;
}
