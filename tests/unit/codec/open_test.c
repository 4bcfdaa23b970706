/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/open.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/json.h"
#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

static bool decode(const char *text, struct open_request *ret_request, enum feed_refusal *ret_refusal,
                   struct error *err)
{
    return open_decode(text, strlen(text), ret_request, ret_refusal, err);
}

static void absent_means_the_default(void)
{
    static const char *const texts[] = {
        "{\"v\":1,\"consumer\":\"erp\"}",
        "{\"v\":1,\"consumer\":\"erp\",\"from\":null,\"window\":null,\"types\":null,\"test\":null,\"later\":[]}",
        "{\"v\":1,\"consumer\":\"erp\",\"from\":\"cursor\",\"window\":256,\"types\":[],\"test\":false}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct open_request request;
        enum feed_refusal refusal;
        CU_ASSERT_TRUE_FATAL(decode(texts[i], &request, &refusal, NULL));
        CU_ASSERT_STRING_EQUAL(request.consumer, "erp");
        CU_ASSERT_TRUE(request.from_cursor);
        CU_ASSERT_EQUAL(request.window, OPEN_WINDOW_DEFAULT);
        CU_ASSERT_EQUAL(request.type_count, 0);
        CU_ASSERT_FALSE(request.test);
    }
}

static void everything_is_read(void)
{
    struct open_request request;
    enum feed_refusal refusal;
    CU_ASSERT_TRUE_FATAL(decode("{\"v\":1,\"consumer\":\"A-z_0.9\",\"from\":990,\"window\":1024,\"test\":true,"
                                "\"types\":[\"io.returnsd.unit.\",\"io.returnsd.parcel.received.v1\"]}",
                                &request, &refusal, NULL));
    CU_ASSERT_STRING_EQUAL(request.consumer, "A-z_0.9");
    CU_ASSERT_FALSE(request.from_cursor);
    CU_ASSERT_EQUAL(request.from, 990);
    CU_ASSERT_EQUAL(request.window, 1024);
    CU_ASSERT_TRUE(request.test);
    CU_ASSERT_EQUAL_FATAL(request.type_count, 2);
    CU_ASSERT_STRING_EQUAL(request.types[0], "io.returnsd.unit.");
    CU_ASSERT_STRING_EQUAL(request.types[1], "io.returnsd.parcel.received.v1");
}

#define FORTY "0123456789012345678901234567890123456789"
#define OPEN(more) "{\"v\":1,\"consumer\":\"erp\"," more "}"

static void faults_are_refused(void)
{
    static const struct {
        const char *text;
        enum feed_refusal refusal;
        const char *message;
    } table[] = {
        {"", FEED_DENIED, "line 1"},
        {"{\"v\":1", FEED_DENIED, "line 1"},
        {"[]", FEED_VERSION, "v: must be 1"},
        {"{\"consumer\":\"erp\"}", FEED_VERSION, "v: must be 1"},
        {"{\"v\":2,\"consumer\":\"erp\"}", FEED_VERSION, "v: must be 1"},
        {"{\"v\":\"1\",\"consumer\":\"erp\"}", FEED_VERSION, "v: must be 1"},
        {"{\"v\":1}", FEED_DENIED, "consumer: missing"},
        {"{\"v\":1,\"consumer\":\"\"}", FEED_DENIED, "consumer"},
        {"{\"v\":1,\"consumer\":\"a b\"}", FEED_DENIED, "consumer"},
        {"{\"v\":1,\"consumer\":\"a/b\"}", FEED_DENIED, "consumer"},
        {"{\"v\":1,\"consumer\":\"\xC3\xA9\"}", FEED_DENIED, "consumer"},
        {"{\"v\":1,\"consumer\":\"" FORTY "x\"}", FEED_DENIED, "consumer"},
        {"{\"v\":1,\"consumer\":7}", FEED_DENIED, "consumer"},
        {OPEN("\"from\":-1"), FEED_DENIED, "from: must be"},
        {OPEN("\"from\":\"start\""), FEED_DENIED, "from: must be"},
        {OPEN("\"from\":1.0"), FEED_DENIED, "from: must be"},
        {OPEN("\"from\":true"), FEED_DENIED, "from: must be"},
        {OPEN("\"window\":0"), FEED_DENIED, "window: must be"},
        {OPEN("\"window\":1025"), FEED_DENIED, "window: must be"},
        {OPEN("\"window\":\"9\""), FEED_DENIED, "window"},
        {OPEN("\"types\":\"io.\""), FEED_DENIED, "types: must be"},
        {OPEN("\"types\":[\"\"]"), FEED_DENIED, "types: has an empty"},
        {OPEN("\"types\":[\"" FORTY FORTY "\"]"), FEED_DENIED, "types"},
        {OPEN("\"types\":[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7]"), FEED_DENIED, "at most 16"},
        {OPEN("\"test\":1"), FEED_DENIED, "test"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct open_request request = {.from = 77};
        enum feed_refusal refusal = FEED_REFUSAL_COUNT;
        struct error err = {0};
        CU_ASSERT_FALSE(decode(table[i].text, &request, &refusal, &err));
        CU_ASSERT_EQUAL(request.from, 77);
        CU_ASSERT_EQUAL(refusal, table[i].refusal);
        if (strstr(err.message, table[i].message) == NULL)
            printf("\n    %s: \"%s\" lacks \"%s\"\n", table[i].text, err.message, table[i].message);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, table[i].message));
    }
    struct open_request longest;
    enum feed_refusal refusal;
    CU_ASSERT_TRUE(decode("{\"v\":1,\"consumer\":\"" FORTY "\"}", &longest, &refusal, NULL));
}

static void the_answer_is_json(void)
{
    struct open_answer answer = {.station = "dock-07 \"é\"", .stream = "00ff", .first = 1, .last = 1042, .cursor = 990};
    CLEANUP(memory_free_at) char *text = open_encode(&answer);
    CU_ASSERT_STRING_EQUAL(text, "{\"v\":1,\"station\":\"dock-07 \\\"é\\\"\",\"stream\":\"00ff\",\"first\":1,"
                                 "\"last\":1042,\"cursor\":990}");
}

static void only_a_kind_makes_a_test(void)
{
    CU_ASSERT_TRUE(open_is_test("{\"kind\":\"test\"}"));
    CU_ASSERT_TRUE(open_is_test("{\"data\":{\"lane\":\"test\",\"kind\": \"test\"}}"));
    CU_ASSERT_FALSE(open_is_test("{\"data\":{\"kind\":null}}"));
    CU_ASSERT_FALSE(open_is_test("{\"data\":{\"lane\":\"test\",\"kind\":null}}"));
    CU_ASSERT_FALSE(open_is_test("{\"data\":{\"raw\":\"\\\"kind\\\":\\\"test\\\"\"}}"));
    CU_ASSERT_FALSE(open_is_test("{\"data\":{\"load\":{\"kind\":\"test\"}}}"));
    CU_ASSERT_FALSE(open_is_test("\"test\" is not JSON"));
}

SUITE("open", {"absent means the default", absent_means_the_default}, {"everything is read", everything_is_read},
      {"faults are refused", faults_are_refused}, {"the answer is JSON", the_answer_is_json},
      {"only a kind makes a test", only_a_kind_makes_a_test})
