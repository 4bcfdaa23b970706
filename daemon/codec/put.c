/* SPDX-License-Identifier: Apache-2.0 */
/* Building JSON objects. */
#include "daemon/codec/put.h"

void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value != NULL ? value : json_null());
}

void put_text(json_t *object, const char *key, const char *text)
{
    put(object, key, text != NULL && text[0] != '\0' ? json_string(text) : json_null());
}

void put_number(json_t *object, const char *key, int64_t number)
{
    put(object, key, json_integer(number));
}

void put_word(json_t *object, const char *key, const struct names *names, int value, int none)
{
    put(object, key, value == none ? json_null() : json_string(name_of(names, value)));
}
