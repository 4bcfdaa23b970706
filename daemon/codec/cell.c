/* SPDX-License-Identifier: Apache-2.0 */
/* CSV cells as JSON values, by the kind of their field. */
#include "base/text.h"
#include "daemon/codec/field.h"

#include <string.h>
#include <strings.h>

static json_t *from_integer(const char *cell)
{
    int64_t value;
    return text_to_int64(cell, &value) ? json_integer(value) : json_string(cell);
}

static json_t *from_bool(const char *cell)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true}, {"1", true}, {"yes", true}, {"false", false}, {"0", false}, {"no", false}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(cell, words[i].word) == 0)
            return json_boolean(words[i].value);
    return json_string(cell);
}

static json_t *from_list(const char *cell)
{
    json_t *list = json_array();
    while (*cell != '\0') {
        size_t length = strcspn(cell, "|");
        if (length > 0)
            json_array_append_new(list, json_stringn(cell, length));
        cell += length + (cell[length] == '|');
    }
    return list;
}

json_t *field_from_cell(const struct field *field, const char *cell)
{
    static json_t *(*const by_kind[FIELD_KIND_COUNT])(const char *) = {
        [FIELD_INTEGER] = from_integer, [FIELD_BOOL] = from_bool,          [FIELD_WORDS] = from_list,
        [FIELD_STRINGS] = from_list,    [FIELD_DISPOSITIONS] = from_list,
    };
    if (!text_is_utf8(cell, strlen(cell)))
        return NULL;
    if (cell[0] == '\0')
        return json_null();
    return by_kind[field->kind] != NULL ? by_kind[field->kind](cell) : json_string(cell);
}
