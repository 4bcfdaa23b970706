/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core/message.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <string.h>

static bool back(const char *text, struct message *ret_message)
{
    return message_decode(text, ret_message);
}

static void every_key_has_a_name_of_its_own(void)
{
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(message_key_name((enum message_key)i));
        for (int k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(message_key_name((enum message_key)i), message_key_name((enum message_key)k));
    }
}

static bool same(const struct message *a, const struct message *b)
{
    bool equal = a->key == b->key;
    for (int i = 0; i < MESSAGE_ARGS_MAX; i++)
        equal = equal && a->args[i].kind == b->args[i].kind && a->args[i].number == b->args[i].number &&
                strcmp(a->args[i].text, b->args[i].text) == 0;
    return equal;
}

static void every_message_comes_back_as_it_was(void)
{
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        struct message message = message_text(message_of((enum message_key)i), 0, "a\x1F" "b\nc é");
        message = message_word(message_number(message, 1, INT64_MIN), 2, "disposition", "resell");
        struct buffer line = BUFFER_EMPTY;
        struct message decoded;
        message_encode(&message, &line);
        CU_ASSERT_PTR_NULL(strchr(buffer_text(&line), '\n'));
        CU_ASSERT_TRUE_FATAL(back(buffer_text(&line), &decoded));
        CU_ASSERT_TRUE(same(&message, &decoded));
        buffer_done(&line);
    }
}

static void data_is_escaped_and_cut(void)
{
    char longer[3 * MESSAGE_ARG_SIZE];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    struct message message = message_text(message_of(MESSAGE_UNKNOWN_CODE), 0, longer);
    CU_ASSERT_TRUE(strlen(message.args[0].text) < MESSAGE_ARG_SIZE);
    CU_ASSERT_PTR_NOT_NULL(strstr(message.args[0].text, "…"));
    message = message_text(message, 0, "\x1D\xFF\\");
    CU_ASSERT_STRING_EQUAL(message.args[0].text, "\\x1D\\xFF\\\\");
}

static void what_is_no_message_is_refused(void)
{
    static const char *const bad[] = {"", "no.such", "none\x1F", "none\x1Fz1", "none\x1Fn", "none\x1Fnx", "none ",
                                      "none\x1F-\x1F-\x1F-\x1F-"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct message message = message_of(MESSAGE_COUNT);
        CU_ASSERT_FALSE(back(bad[i], &message));
        CU_ASSERT_EQUAL(message.key, MESSAGE_COUNT); /* untouched */
    }
    struct message message;
    CU_ASSERT_TRUE(back("none", &message)); /* fewer arguments are none */
    CU_ASSERT_EQUAL(message.args[0].kind, ARG_NONE);
}

SUITE("core/message", {"every key has a name of its own", every_key_has_a_name_of_its_own},
      {"every message comes back as it was", every_message_comes_back_as_it_was},
      {"data is escaped and cut", data_is_escaped_and_cut},
      {"what is no message is refused", what_is_no_message_is_refused})
