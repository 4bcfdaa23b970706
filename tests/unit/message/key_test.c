/* SPDX-License-Identifier: Apache-2.0 */
/* Z85 against the vector of its specification, key files there and back, and every mistake in them. */
#include "protocol/message/key.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <string.h>

#define PUBLIC "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

static void z85_follows_its_specification(void)
{
    /* The example of rfc.zeromq.org/spec/32, four times over. */
    static const unsigned char word[8] = {0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B};
    unsigned char bytes[KEY_BYTES], back[KEY_BYTES];
    char text[KEY_TEXT_SIZE];
    for (size_t i = 0; i < KEY_BYTES; i++)
        bytes[i] = word[i % sizeof word];
    key_encode(bytes, text);
    CU_ASSERT_STRING_EQUAL(text, "HelloWorldHelloWorldHelloWorldHelloWorld");
    CU_ASSERT_TRUE(key_decode(text, back));
    CU_ASSERT_EQUAL(memcmp(bytes, back, KEY_BYTES), 0);
}

static void any_key_survives_the_way(void)
{
    uint64_t state = suite_seed();
    for (int round = 0; round < 1000; round++) {
        unsigned char bytes[KEY_BYTES], back[KEY_BYTES];
        char text[KEY_TEXT_SIZE];
        for (size_t i = 0; i < KEY_BYTES; i++)
            bytes[i] = (unsigned char)suite_random(&state);
        key_encode(bytes, text);
        CU_ASSERT_TRUE_FATAL(key_decode(text, back));
        CU_ASSERT_EQUAL_FATAL(memcmp(bytes, back, KEY_BYTES), 0);
    }
}

static void what_is_no_key_is_refused(void)
{
    static const char *const table[] = {"", "HelloWorld", "HelloWorldHelloWorldHelloWorldHelloWorl",
                                        "HelloWorldHelloWorldHelloWorldHelloWorldX",
                                        "HelloWorldHelloWorldHelloWorldHelloWor~d",
                                        "#####World" "HelloWorldHelloWorldHelloWorld"}; /* beyond 32 bits */
    unsigned char bytes[KEY_BYTES];
    for (size_t i = 0; i < COUNT_OF(table); i++)
        CU_ASSERT_FALSE(key_decode(table[i], bytes));
}

static void files_survive_the_way(void)
{
    struct key_file file = {.public_key = PUBLIC, .rights = 1U << KEY_READ | 1U << KEY_LOOKUP, .owners = "acme other"};
    struct key_file read = {0};
    struct buffer text = BUFFER_EMPTY;
    key_file_write(&file, &text);
    CU_ASSERT_STRING_EQUAL(buffer_text(&text), "public = " PUBLIC "\nrights = read lookup\nowners = acme other\n");
    CU_ASSERT_TRUE(key_file_parse(text.data, text.length, &read, NULL));
    CU_ASSERT_STRING_EQUAL(read.public_key, PUBLIC);
    CU_ASSERT_STRING_EQUAL(read.owners, "acme other");
    CU_ASSERT_EQUAL(read.rights, file.rights);
    buffer_done(&text);
}

static void every_mistake_is_named(void)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"", "1: the public key is missing"},
        {"# nothing\n", "1: the public key is missing"},
        {"public = short\n", "1: public: allowed: 40 characters of Z85"},
        {"public = " PUBLIC "\nrights = read write\n", "2: rights: allowed: read, put, decide, lookup"},
        {"public = " PUBLIC "\n\ncolour = red\n", "3: no such name"},
        {"public\n", "1: expected name = value"},
        {"public = \xFF\n", "1: not a line of a key file"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct key_file file = {.rights = 77};
        struct error err = {0};
        CU_ASSERT_FALSE(key_file_parse(table[i].text, strlen(table[i].text), &file, &err));
        CU_ASSERT_STRING_EQUAL(err.message, table[i].message);
        CU_ASSERT_EQUAL(file.rights, 77);
    }
}

static void owners_limit(void)
{
    CU_ASSERT_TRUE(key_owner_allowed("", "acme"));
    CU_ASSERT_TRUE(key_owner_allowed("other acme", "acme"));
    CU_ASSERT_TRUE(key_owner_allowed("acme", ""));
    CU_ASSERT_FALSE(key_owner_allowed("acme", "acm"));
    CU_ASSERT_FALSE(key_owner_allowed("acme", "acmes"));
}

SUITE("message/key", {"z85 follows its specification", z85_follows_its_specification},
      {"any key survives the way", any_key_survives_the_way}, {"what is no key is refused", what_is_no_key_is_refused},
      {"files survive the way", files_survive_the_way}, {"every mistake is named", every_mistake_is_named},
      {"owners limit", owners_limit})
