/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/json.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <string.h>

static void expect_refused(const char *bytes, size_t length, enum error_code code, const char *message)
{
    struct error err = {0};
    json_t *json = json_read(bytes, length, 10, &err);
    CU_ASSERT_PTR_NULL(json);
    CU_ASSERT_EQUAL(err.code, code);
    if (strstr(err.message, message) == NULL)
        printf("\n    \"%s\" lacks \"%s\"\n", err.message, message);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, message));
    json_decref(json);
}

static void hostile_texts_are_refused(void)
{
#define REFUSED(text, message) expect_refused(text, sizeof(text) - 1, ERROR_INVALID, message)
    REFUSED("", "line 10");
    REFUSED("{\"a\":1}\n{}", "line 11");
    REFUSED("{\"a\":1,\n\n\"a\":2}", "line 12");
    REFUSED("{\"a\":\"\\u0000\"}", "\\u0000");
    REFUSED("{\"a\":\"x\0y\"}", "line 10");
    REFUSED("{\"a\":\"\xFF\"}", "unable to decode byte");
    REFUSED("{\"a\":\"\xED\xA0\x80\"}", "unable to decode byte");
    REFUSED("{\"a\":99999999999999999999}", "line 10");
    REFUSED("{\"a\":1e999}", "line 10");
    REFUSED("{\"a\":NaN}", "line 10");
    REFUSED("{\"a\":", "line 10");
    REFUSED("{'a':1}", "line 10");
#undef REFUSED
}

static void depth_and_size_are_bounded(void)
{
    struct buffer text = BUFFER_EMPTY;
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&text, '[');
    expect_refused(text.data, text.length, ERROR_INVALID, "depth");
    buffer_clear(&text);
    buffer_append_byte(&text, '"');
    while (text.length < JSON_TEXT_MAX - 1)
        buffer_append_byte(&text, 'x');
    buffer_append_byte(&text, '"');
    struct error err;
    json_t *json = json_read("[]", 2, 1, &err);
    CU_ASSERT_PTR_NOT_NULL(json);
    json_decref(json);
    buffer_append_byte(&text, ' ');
    expect_refused(text.data, text.length, ERROR_TOO_BIG, "at most 1048576");
    buffer_done(&text);
}

static void equal_values_give_equal_bytes(void)
{
    static const char first[] = "{\"b\": [1, null], \"a\": \"é\"}";
    static const char second[] = "{\"a\":\"\\u00e9\",\"b\":[1,null]}";
    struct error err;
    struct buffer a = BUFFER_EMPTY, b = BUFFER_EMPTY;
    CLEANUP(json_free_at) json_t *one = json_read(first, strlen(first), 1, &err);
    CLEANUP(json_free_at) json_t *two = json_read(second, strlen(second), 1, &err);
    json_write(one, &a);
    json_write(two, &b);
    CU_ASSERT_STRING_EQUAL(buffer_text(&a), "{\"a\":\"é\",\"b\":[1,null]}");
    CU_ASSERT_STRING_EQUAL(buffer_text(&a), buffer_text(&b));
    buffer_done(&a);
    buffer_done(&b);
}

SUITE("codec/json", {"hostile texts are refused", hostile_texts_are_refused},
      {"depth and size are bounded", depth_and_size_are_bounded},
      {"equal values give equal bytes", equal_values_give_equal_bytes})
