/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and patterns, without a server. */
#include "daemon/web/path.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <string.h>

static void percent_is_decoded_once(void)
{
    static const char *const cases[][2] = {
        {"plain", "plain"}, {"a%20b", "a b"}, {"%2f%2F", "//"}, {"%25%32%46", "%2F"}, {"%C3%A9", "é"}, {"a+b", "a+b"},
        {"", ""},
    };
    static const char *const bad[] = {"%", "%2", "%zz", "%2z", "a%00", "%C3", "%ED%A0%80", "%C0%AF"};
    char text[32];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        strcpy(text, cases[i][0]);
        CU_ASSERT_TRUE(path_decode(text));
        CU_ASSERT_STRING_EQUAL(text, cases[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        strcpy(text, bad[i]);
        CU_ASSERT_FALSE(path_decode(text));
    }
}

static void no_path_climbs(void)
{
    static const char *const sound[] = {"/", "/a/b", "/a//b", "/a/", "/...", "/.a", "/a%2F..%2Fb"};
    static const char *const bad[] = {"", "a", "*", "/..", "/a/../b", "/.", "/%2e", "/%2E.", "/a/%2e%2e", "/a/%"};
    for (size_t i = 0; i < COUNT_OF(sound); i++)
        CU_ASSERT_TRUE(path_is_sound(sound[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CU_ASSERT_FALSE(path_is_sound(bad[i]));
}

static void patterns_take_whole_segments(void)
{
    static const char *const other[][2] = {
        {"/a/{x}", "/a"},   {"/a/{x}", "/a/"},     {"/a/{x}", "/a/b/c"}, {"/a/{x}", "/a/b/"}, {"/a/{x}/c", "/a/b"},
        {"/a/{x}", "/A/b"}, {"/a/b", "/a/b%2Fc"}, {"/a", "/a?"},        {"/ab", "/a"},       {"/a/{x}", "/a/%ZZ"},
    };
    for (size_t i = 0; i < COUNT_OF(other); i++)
        CU_ASSERT_PTR_NULL(path_match(other[i][0], other[i][1]));
    json_t *names = path_match("/api/{kind}/{id}/end", "/api/r%6Da/A%2FB/end");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(names, "kind")), "rma");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(names, "id")), "A/B");
    CU_ASSERT_EQUAL(json_object_size(names), 2);
    json_decref(names);
    names = path_match("/a%", "/a%25");
    CU_ASSERT_PTR_NOT_NULL(names);
    json_decref(names);
}

SUITE("web/path", {"percent is decoded once", percent_is_decoded_once}, {"no path climbs", no_path_climbs},
      {"patterns take whole segments", patterns_take_whole_segments})
