/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and answers about RMAs; what an RMA must look like is for those who store it. */
#include "daemon/codec/lookup.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"

char *lookup_encode(const struct lookup_value *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "by", name_of(&ref_kind_names, (int)values[i].by), "value",
                                              values[i].value));
    CLEANUP(json_free_at) json_t *json = json_pack("{s:o}", "values", list);
    char *text = json_dumps(json, JSON_COMPACT);
    return text != NULL ? text : memory_text("{}");
}

bool lookup_decode(const void *bytes, size_t length, enum lookup_answer *ret_answer, char **ret_rma,
                   char ret_number[KEY_SIZE], struct error *err)
{
    CLEANUP(json_free_at) json_t *json = json_read(bytes, length, 1, err);
    if (json == NULL)
        return false;
    const json_t *found = json_object_get(json, "found");
    const char *number = json_string_value(json_object_get(found, "rma"));
    bool unavailable = json_is_true(json_object_get(json, "unavailable"));
    if (!unavailable && !json_is_null(found) && !json_is_object(found))
        return error_set(err, ERROR_INVALID, "expected found or unavailable");
    *ret_answer = unavailable ? LOOKUP_UNAVAILABLE : json_is_object(found) ? LOOKUP_FOUND : LOOKUP_NONE;
    *ret_rma = *ret_answer == LOOKUP_FOUND ? json_dumps(found, JSON_COMPACT) : NULL;
    text_copy(ret_number, KEY_SIZE, number != NULL ? number : "");
    return true;
}
