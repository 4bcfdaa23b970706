/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding OPEN by a table; from, a number or a word, is the one field that no table row can describe. */
#include "daemon/codec/open.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/field.h"
#include "daemon/codec/json.h"

#include <stdlib.h>
#include <string.h>

/* The request, and its fields that the struct holds in another shape. */
struct record {
    struct open_request request;
    char *types; /* '\n' between */
};

static const struct field open_table[] = {
    {.name = "consumer",
     .kind = FIELD_TEXT,
     .required = true,
     FIELD_AT(record, request.consumer),
     .min = 1,
     .accept = FEED_CONSUMER_CHARACTERS},
    {.name = "window",
     .kind = FIELD_INTEGER,
     FIELD_AT(record, request.window),
     .min = 1,
     .max = OPEN_WINDOW_MAX,
     .number = OPEN_WINDOW_DEFAULT},
    {.name = "types", .kind = FIELD_STRINGS, FIELD_AT(record, types), .item = OPEN_TYPE_SIZE, .max = OPEN_TYPES_MAX},
    {.name = "test", .kind = FIELD_BOOL, FIELD_AT(record, request.test)},
};
static const struct fields open_fields = FIELDS(open_table);

static bool is_word(const json_t *json, const char *word)
{
    return json_is_string(json) && text_equal(json_string_value(json), word);
}

static bool decode_from(const json_t *json, struct open_request *request, struct error *err)
{
    const json_t *from = json_object_get(json, "from");
    request->from_cursor = from == NULL || json_is_null(from) || is_word(from, "cursor");
    request->from = json_integer_value(from);
    return request->from_cursor || (json_is_integer(from) && request->from >= 0) ||
           error_set(err, ERROR_INVALID, "from: must be \"cursor\" or a sequence from 0");
}

static void split_types(const char *joined, struct open_request *request)
{
    for (const char *p = joined; p != NULL && *p != '\0'; p += *p == '\n') {
        size_t length = strcspn(p, "\n");
        text_copy_bytes(request->types[request->type_count++], OPEN_TYPE_SIZE, p, length);
        p += length;
    }
}

bool open_decode(const void *bytes, size_t length, struct open_request *ret_request, enum feed_refusal *ret_refusal,
                 struct error *err)
{
    *ret_refusal = FEED_DENIED;
    CLEANUP(json_free_at) json_t *json = json_read(bytes, length, 1, err);
    if (json == NULL)
        return false;
    const json_t *version = json_object_get(json, "v");
    if (!json_is_integer(version) || json_integer_value(version) != 1) {
        *ret_refusal = FEED_VERSION;
        return error_set(err, ERROR_INVALID, "v: must be 1");
    }
    struct record record = {0};
    struct decoding decoding = {0};
    bool good = fields_decode(&open_fields, json, &record, &decoding, err) && decode_from(json, &record.request, err);
    if (good) {
        split_types(record.types, &record.request);
        *ret_request = record.request;
    }
    free(record.types);
    return good;
}

char *open_encode(const struct open_answer *answer)
{
    CLEANUP(json_free_at)
    json_t *json = json_pack("{s:i, s:s, s:s, s:I, s:I, s:I}", "v", 1, "station", answer->station, "stream",
                             answer->stream, "first", (json_int_t)answer->first, "last", (json_int_t)answer->last,
                             "cursor", (json_int_t)answer->cursor);
    char *text = json_dumps(json, JSON_COMPACT);
    return text != NULL ? text : memory_text("{}");
}

char *open_encode_hello(const struct open_answer *position)
{
    CLEANUP(json_free_at)
    json_t *json = json_pack("{s:i, s:s, s:s, s:I, s:I}", "v", 1, "station", position->station, "stream",
                             position->stream, "first", (json_int_t)position->first, "last",
                             (json_int_t)position->last);
    char *text = json_dumps(json, JSON_COMPACT);
    return text != NULL ? text : memory_text("{}");
}

bool open_is_test(const char *event)
{
    if (strstr(event, "\"test\"") == NULL) /* nearly always; parsing costs more */
        return false;
    CLEANUP(json_free_at) json_t *json = json_read(event, strlen(event), 1, NULL);
    return is_word(json_object_get(json, "kind"), "test") ||
           is_word(json_object_get(json_object_get(json, "data"), "kind"), "test");
}

bool open_owner(const char *event, char ret_owner[KEY_SIZE])
{
    CLEANUP(json_free_at) json_t *json = json_read(event, strlen(event), 1, NULL);
    const char *owner = json_string_value(json_object_get(json_object_get(json, "data"), "owner"));
    return json != NULL && text_copy(ret_owner, KEY_SIZE, owner != NULL ? owner : "");
}
