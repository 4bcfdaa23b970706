/* SPDX-License-Identifier: Apache-2.0 */
/* The list of known scanners: the shipped one, which line wins, and mistakes by their line. */
#include "drivers/scanner_profile.h"

#include "protocol/hid/decoder.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool load(const char *text, struct scanner_profiles *profiles, struct error *err)
{
    char path[] = "/tmp/returnsd-test-XXXXXX";
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    bool is_good = scanner_profiles_load(path, profiles, err);
    unlink(path);
    return is_good;
}

static const char *id_of(const struct scanner_profiles *profiles, uint16_t vendor, uint16_t product)
{
    const struct scanner_profile *profile = scanner_profiles_find(profiles, vendor, product);
    return profile != NULL ? profile->id : "none";
}

static void the_shipped_file_is_right(void)
{
    struct scanner_profiles profiles;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(scanner_profiles_load(SOURCE_DIR "/data/scanners.conf", &profiles, &err));
    CU_ASSERT_TRUE(profiles.count > 10);
    for (size_t i = 0; i < profiles.count; i++) {
        const struct scanner_profile *profile = &profiles.items[i];
        struct decoder_options options = {.layout = profile->layout[0] != '\0' ? profile->layout : NULL};
        struct decoder *decoder = decoder_new(&options, NULL, 0, &err);
        CU_ASSERT_PTR_NOT_NULL(decoder);
        decoder_free(decoder);
    }
    CU_ASSERT_STRING_EQUAL(id_of(&profiles, 0x0c2e, 0x0b81), "honeywell-1400g");
    CU_ASSERT_STRING_EQUAL(id_of(&profiles, 0x046d, 0xc31c), "none");
    scanner_profiles_done(&profiles);
    scanner_profiles_done(&profiles);
}

static void the_product_comes_before_its_maker(void)
{
    static const char text[] = "# a comment\n\n  any 1111:* pos - - Any\none\t1111:00af keyboard fr tab  One of  them\n"
                               "last 1111:0001 other - enter x";
    struct scanner_profiles profiles;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(load(text, &profiles, &err));
    CU_ASSERT_EQUAL(profiles.count, 3);
    CU_ASSERT_STRING_EQUAL(id_of(&profiles, 0x1111, 0x00af), "one");
    CU_ASSERT_STRING_EQUAL(id_of(&profiles, 0x1111, 0x00ae), "any");
    CU_ASSERT_STRING_EQUAL(id_of(&profiles, 0x1112, 0x00af), "none");
    const struct scanner_profile *one = &profiles.items[1];
    CU_ASSERT_EQUAL(one->kind, PROFILE_KEYBOARD);
    CU_ASSERT_STRING_EQUAL(one->layout, "fr");
    CU_ASSERT_EQUAL(one->suffix_usage, 0x2B);
    CU_ASSERT_STRING_EQUAL(one->name, "One of  them");
    CU_ASSERT_EQUAL(profiles.items[2].kind, PROFILE_OTHER);
    scanner_profiles_done(&profiles);
}

static void mistakes_are_named(void)
{
    static const struct {
        const char *text, *message;
    } mistakes[] = {
        {"a 1111:1111 pos - - A\na 2222:2222 pos - - B", ":2: a and a have one id or one device"},
        {"a 1111:1111 pos - - A\nb 1111:1111 pos - - B", ":2: a and b have one id or one device"},
        {"a 1111:* pos - - A\nb 1111:* pos - - B", ":2: a and b have one id or one device"},
        {"a", ":1: device \"\"; allowed: vendor:product"},
        {"a 11111111 pos - - A", ":1: device \"11111111\""},
        {"a 1111:11AF pos - - A", ":1: device \"1111:11AF\""},
        {"a 1111:11111 pos - - A", ":1: device \"1111:11111\""},
        {"a 111g:* pos - - A", ":1: device \"111g:*\""},
        {"a 1111:* mouse - - A", ":1: kind \"mouse\"; allowed: pos, keyboard, other"},
        {"a 1111:* pos colemak-dh - A", ":1: layout \"colemak-dh\""},
        {"a 1111:* pos - space A", ":1: suffix key \"space\""},
        {"a 1111:* pos - -", ":1: a name of at most 119 bytes is missing"},
        {"a 1111:* pos - - \xFF", ":1: a name"},
        {"a-name-that-is-much-longer-than-31-bytes 1111:* pos - - A", ":1: id"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct scanner_profiles profiles = {0};
        struct error err = {0};
        CU_ASSERT_FALSE(load(mistakes[i].text, &profiles, &err));
        if (strstr(err.message, mistakes[i].message) == NULL)
            printf("\n  %s\n  instead of %s\n", err.message, mistakes[i].message);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, mistakes[i].message));
        CU_ASSERT_PTR_NULL(profiles.items);
    }
}

static void files_are_there_and_small(void)
{
    struct scanner_profiles profiles;
    struct error err = {0};
    CU_ASSERT_FALSE(scanner_profiles_load("/nonexistent/scanners.conf", &profiles, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_SYSTEM);
    char *text = malloc(70000);
    memset(text, '#', 69999);
    text[69999] = '\0';
    CU_ASSERT_FALSE(load(text, &profiles, &err));
    CU_ASSERT_EQUAL(err.code, ERROR_TOO_BIG);
    free(text);
}

SUITE("drivers/scanner_profile", {"the shipped file is right", the_shipped_file_is_right},
      {"the product comes before its maker", the_product_comes_before_its_maker},
      {"mistakes are named", mistakes_are_named}, {"files are there and small", files_are_there_and_small})
