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
    static const char text[] = "# a comment\n\nany 1111:* pos - - Any\none\t1111:00af keyboard fr tab  One of  them\n"
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

/* Of the shipped file: whoever has a scanner in a wrong mode reads what to do. */
static void every_wrong_mode_has_its_advice(void)
{
    struct scanner_profiles profiles;
    struct error err = {0};
    size_t wrong = 0;
    CU_ASSERT_TRUE_FATAL(scanner_profiles_load(SOURCE_DIR "/data/scanners.conf", &profiles, &err));
    for (size_t i = 0; i < profiles.count; i++) {
        const struct scanner_profile *profile = &profiles.items[i];
        wrong += profile->kind >= PROFILE_SERIAL;
        if (profile->kind >= PROFILE_SERIAL || profile->is_any_product)
            CU_ASSERT_NOT_EQUAL(profile->advice[0], '\0');
    }
    CU_ASSERT_TRUE(wrong > 10);
    CU_ASSERT_EQUAL(scanner_profiles_find(&profiles, 0x05e0, 0x1900)->kind, PROFILE_SNAPI);
    CU_ASSERT_EQUAL(scanner_profiles_find(&profiles, 0x0c2e, 0x0007)->kind, PROFILE_IBM);
    CU_ASSERT_EQUAL(scanner_profiles_find(&profiles, 0x1eab, 0x0106)->kind, PROFILE_SERIAL);
    scanner_profiles_done(&profiles);
}

static void lines_with_a_space_say_more_of_the_device_above(void)
{
    static const char text[] =
        "a 1111:* keyboard - - A\n  prefix ~\n  suffix #  #\n\tgs_text ^]\n gs_key f8\n aim yes\n"
        "  # a comment\n  quiet Turn it off.\n  advice Scan \"HID POS\".\nb 2222:* pos - - B\n";
    struct scanner_profiles profiles;
    struct error err = {0};
    CU_ASSERT_TRUE_FATAL(load(text, &profiles, &err));
    CU_ASSERT_EQUAL_FATAL(profiles.count, 2);
    const struct scanner_profile *a = &profiles.items[0];
    CU_ASSERT_STRING_EQUAL(a->prefix, "~");
    CU_ASSERT_STRING_EQUAL(a->suffix_text, "#  #");
    CU_ASSERT_STRING_EQUAL(a->gs_text, "^]");
    CU_ASSERT_EQUAL(a->gs_usage, 0x41);
    CU_ASSERT_TRUE(a->strip_aim);
    CU_ASSERT_STRING_EQUAL(a->quiet, "Turn it off.");
    CU_ASSERT_STRING_EQUAL(a->advice, "Scan \"HID POS\".");
    CU_ASSERT_STRING_EQUAL(profiles.items[1].advice, "");
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
        {"a 1111:* mouse - - A", ":1: kind \"mouse\"; allowed: pos, keyboard, serial, snapi, ibm, other"},
        {"a 1111:* pos colemak-dh - A", ":1: layout \"colemak-dh\""},
        {"a 1111:* pos - space A", ":1: suffix key \"space\""},
        {"a 1111:* pos - -", ":1: a name of at most 119 bytes is missing"},
        {"a 1111:* pos - - \xFF", ":1: a name"},
        {" aim yes", ":1: no device stands above this line"},
        {"a 1111:* pos - - A\n aim perhaps", ":2: aim \"perhaps\"; allowed: yes, no"},
        {"a 1111:* pos - - A\n gs_key f13", ":2: gs_key \"f13\"; allowed: f1 to f12"},
        {"a 1111:* pos - - A\n prefix", ":2: prefix \"\"; allowed"},
        {"a 1111:* pos - - A\n beep no", ":2: unknown word \"beep\""},
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
      {"every wrong mode has its advice", every_wrong_mode_has_its_advice},
      {"lines with a space say more of the device above", lines_with_a_space_say_more_of_the_device_above},
      {"mistakes are named", mistakes_are_named}, {"files are there and small", files_are_there_and_small})
