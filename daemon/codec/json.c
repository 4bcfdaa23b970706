/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing JSON texts with jansson. */
#include "daemon/codec/json.h"

#include "base/text.h"

#include <string.h>

json_t *json_read(const void *bytes, size_t length, long first_line, struct error *err)
{
    if (length > JSON_TEXT_MAX) {
        error_set(err, ERROR_TOO_BIG, "JSON of %zu bytes: at most %zu", length, JSON_TEXT_MAX);
        return NULL;
    }
    json_error_t fault;
    json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &fault);
    if (json == NULL) {
        char message[JSON_ERROR_TEXT_LENGTH];
        text_escape(message, sizeof message, fault.text, strlen(fault.text));
        long line = fault.line > 0 ? fault.line : 1;
        error_set(err, ERROR_INVALID, "line %ld, column %d: %s", first_line + line - 1, fault.column, message);
    }
    return json;
}

static int append(const char *bytes, size_t length, void *buffer)
{
    buffer_append(buffer, bytes, length);
    return 0;
}

void json_write(const json_t *json, struct buffer *buffer)
{
    json_dump_callback(json, append, buffer, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
}

void json_free_at(json_t **pointer_to_json)
{
    json_decref(*pointer_to_json);
}
