/* SPDX-License-Identifier: Apache-2.0 */
/* Every layout against a picture of the Windows layout that scanners imitate: key by key, and through the decoder. */
#include "protocol/hid/keymap.h"

#include "base/text.h"
#include "tests/unit/hid/typist.h"

#include <uchar.h>

#define KEY_COUNT 48
#define ALTGR_BIT 0x40
#define SHIFT_BIT 0x02
#define SPACE_USAGE 0x2C

/* The keys of a 105-key board, row by row from the top left. */
static const uint8_t board[KEY_COUNT + 1] = "\x35\x1E\x1F\x20\x21\x22\x23\x24\x25\x26\x27\x2D\x2E"
                                            "\x14\x1A\x08\x15\x17\x1C\x18\x0C\x12\x13\x2F\x30"
                                            "\x04\x16\x07\x09\x0A\x0B\x0D\x0E\x0F\x33\x34\x31"
                                            "\x64\x1D\x1B\x06\x19\x05\x11\x10\x36\x37\x38";

/* What Windows types: plain, Shift, AltGr, Shift+AltGr. A space is "nothing"; private characters U+E0nn are dead keys
   for U+00nn (E05E ^, E060 `, E07E ~, E0A8 ¨, E0B4 ´). missing: printable ASCII that the layout cannot type. */
static const struct picture {
    const char *layout;
    const char32_t *levels[4];
    const char *missing;
} pictures[] = {
    {"us",
     {U"`1234567890-=" U"qwertyuiop[]" U"asdfghjkl;'\\" U"\\zxcvbnm,./",
      U"~!@#$%^&*()_+" U"QWERTYUIOP{}" U"ASDFGHJKL:\"|" U"|ZXCVBNM<>?", U"", U""},
     ""},
    {"gb",
     {U"`1234567890-=" U"qwertyuiop[]" U"asdfghjkl;'#" U"\\zxcvbnm,./",
      U"¬!\"£$%^&*()_+" U"QWERTYUIOP{}" U"ASDFGHJKL:@~" U"|ZXCVBNM<>?", U"    €", U""},
     ""},
    {"fr",
     {U"²&é\"'(-è_çà)=" U"azertyuiop\uE05E$" U"qsdfghjklmù*" U"<wxcvbn,;:!",
      U" 1234567890°+" U"AZERTYUIOP\uE0A8£" U"QSDFGHJKLM%µ" U">WXCVBN?./§",
      U"  \uE07E#{[|\uE060\\^@]}" U"  €        ¤", U""},
     ""},
    {"be",
     {U"²&é\"'(§è!çà)-" U"azertyuiop\uE05E$" U"qsdfghjklmùµ" U"<wxcvbn,;:=",
      U"³1234567890°_" U"AZERTYUIOP\uE0A8*" U"QSDFGHJKLM%£" U">WXCVBN?./+",
      U" |@#{[^  {}  " U"  €       []" U"          \uE0B4\uE060" U"\\         \uE07E", U""},
     ""},
    {"de",
     {U"\uE05E1234567890ß\uE0B4" U"qwertzuiopü+" U"asdfghjklöä#" U"<yxcvbnm,.-",
      U"°!\"§$%&/()=?\uE060" U"QWERTZUIOPÜ*" U"ASDFGHJKLÖÄ'" U">YXCVBNM;:_",
      U"  ²³   {[]}\\ " U"@ €        ~" U"            " U"|      µ", U""},
     ""},
    {"ch",
     {U"§1234567890'\uE05E" U"qwertzuiopü\uE0A8" U"asdfghjklöä$" U"<yxcvbnm,.-",
      U"°+\"*ç%&/()=?\uE060" U"QWERTZUIOPè!" U"ASDFGHJKLéà£" U">YXCVBNM;:_",
      U" ¦@#°§¬|¢  \uE0B4\uE07E" U"  €       []" U"          {}" U"\\", U""},
     ""},
    {"es",
     {U"º1234567890'¡" U"qwertyuiop\uE060+" U"asdfghjklñ\uE0B4ç" U"<zxcvbnm,.-",
      U"ª!\"·$%&/()=?¿" U"QWERTYUIOP\uE05E*" U"ASDFGHJKLÑ\uE0A8Ç" U">ZXCVBNM;:_",
      U"\\|@#\uE07E€¬      " U"  €       []" U"          {}", U""},
     ""},
    {"it",
     {U"\\1234567890'ì" U"qwertyuiopè+" U"asdfghjklòàù" U"<zxcvbnm,.-",
      U"|!\"£$%&/()=?^" U"QWERTYUIOPé*" U"ASDFGHJKLç°§" U">ZXCVBNM;:_",
      U"     €       " U"  €       []" U"         @# ", U"             " U"          {}"},
     "`~"}, /* no such keys: an Italian scanner sends Alt+096 and Alt+126, or cannot */
    {"pt",
     {U"\\1234567890'«" U"qwertyuiop+\uE0B4" U"asdfghjklçº\uE07E" U"<zxcvbnm,.-",
      U"|!\"#$%&/()=?»" U"QWERTYUIOP*\uE060" U"ASDFGHJKLÇª\uE05E" U">ZXCVBNM;:_",
      U"  @£§€ {[]}  " U"  €       \uE0A8]", U""},
     ""},
};

static const struct {
    unsigned keymap;
    uint8_t report;
} level_modifiers[4] = {
    {0, 0},
    {KEYMAP_SHIFT, SHIFT_BIT},
    {KEYMAP_ALTGR, ALTGR_BIT},
    {KEYMAP_SHIFT | KEYMAP_ALTGR, SHIFT_BIT | ALTGR_BIT},
};

static uint32_t meaning_of(char32_t c)
{
    return c >= 0xE000 ? KEYMAP_DEAD | (c - 0xE000) : c;
}

static unsigned wrong_keys(const struct picture *picture, const struct keymap *keymap)
{
    unsigned wrong = 0;
    for (size_t level = 0; level < 4; level++)
        for (size_t i = 0; i < KEY_COUNT && picture->levels[level][i] != 0; i++) {
            uint32_t want = meaning_of(picture->levels[level][i]);
            uint32_t got = keymap_character(keymap, board[i], level_modifiers[level].keymap);
            if (want != ' ' && got != want) {
                fprintf(stderr, "%s: key %02Xh level %zu types %Xh, not %Xh\n", picture->layout, board[i], level,
                        got, want);
                wrong++;
            }
        }
    return wrong;
}

static void every_key_types_what_windows_types(void)
{
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        struct error err = {0};
        const struct keymap *keymap = keymap_get(pictures[i].layout, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(keymap);
        CU_ASSERT_EQUAL(wrong_keys(&pictures[i], keymap), 0);
        CU_ASSERT_PTR_EQUAL(keymap_get(pictures[i].layout, &err), keymap);
        CU_ASSERT_STRING_EQUAL(keymap_layout(i), pictures[i].layout);
    }
    CU_ASSERT_PTR_NULL(keymap_layout(sizeof pictures / sizeof pictures[0]));
}

/* Presses the key for wanted on the picture, if there is one. */
static bool press_for(struct typist *typist, const struct picture *picture, char32_t wanted)
{
    for (size_t level = 0; level < 4; level++)
        for (size_t i = 0; i < KEY_COUNT && picture->levels[level][i] != 0; i++)
            if (picture->levels[level][i] == wanted) {
                typist_press(typist, level_modifiers[level].report, board[i]);
                return true;
            }
    return false;
}

static bool type_ascii(struct typist *typist, const struct picture *picture, char c)
{
    if (c != ' ' && press_for(typist, picture, (char32_t)c))
        return true;
    if (c != ' ' && !press_for(typist, picture, 0xE000 + (char32_t)c))
        return false;
    typist_press(typist, 0, SPACE_USAGE);
    return true;
}

static void all_printable_ascii_comes_through(void)
{
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        struct decoder_options options = {.layout = pictures[i].layout};
        struct typist *typist = typist_new(&options, NULL, 0);
        char expected[96] = "", missing[96] = "";
        for (char c = ' '; c < 0x7F; c++)
            strncat(type_ascii(typist, &pictures[i], c) ? expected : missing, &c, 1);
        CU_ASSERT_TRUE(typist_typed(typist, expected));
        CU_ASSERT_STRING_EQUAL(missing, pictures[i].missing);
        CU_ASSERT_EQUAL(strlen(expected) + strlen(missing), 95);
        typist_free(typist);
    }
}

static void dead_keys_compose_as_on_windows(void)
{
    CU_ASSERT_EQUAL(keymap_compose(KEYMAP_DEAD | '^', 'e'), U'ê');
    CU_ASSERT_EQUAL(keymap_compose(KEYMAP_DEAD | U'´', 'Y'), U'Ý');
    CU_ASSERT_EQUAL(keymap_compose(KEYMAP_DEAD | '~', 'e'), 0);
    CU_ASSERT_EQUAL(keymap_compose(KEYMAP_DEAD | '~', ' '), 0);
    CU_ASSERT_EQUAL(keymap_compose('^', 'e'), 0);
}

static void keys_that_are_no_text_type_nothing(void)
{
    static const uint8_t silent[] = {0x00, 0x03, 0x28, 0x29, 0x2A, 0x2B, 0x39, 0x3A, 0x45, 0x46, 0x49, 0x4C,
                                     0x4F, 0x53, 0x58, 0x65, 0x66, 0x68, 0x73, 0x74, 0xE0, 0xFF};
    struct error err = {0};
    const struct keymap *keymap = keymap_get("us", &err);
    for (size_t i = 0; i < sizeof silent; i++)
        for (unsigned modifiers = 0; modifiers < KEYMAP_MODIFIERS; modifiers++)
            CU_ASSERT_EQUAL(keymap_character(keymap, silent[i], modifiers), 0);
    CU_ASSERT_EQUAL(keymap_character(keymap, 0x04, KEYMAP_ALTGR), 0); /* US has no AltGr */
    CU_ASSERT_EQUAL(keymap_character(keymap, 0x04, KEYMAP_CAPS), 'A');
    CU_ASSERT_EQUAL(keymap_character(keymap, 0x62, 0), '0'); /* keypad, as with NumLock on */
}

static void unknown_layouts_are_refused(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(keymap_get("xx", &err));
    CU_ASSERT_EQUAL(err.code, ERROR_NOT_FOUND);
    CU_ASSERT_PTR_NULL(keymap_get("us,fr", &err));
}

SUITE("hid/keymap", {"every key types what Windows types", every_key_types_what_windows_types},
      {"all printable ASCII comes through", all_printable_ascii_comes_through},
      {"dead keys compose as on Windows", dead_keys_compose_as_on_windows},
      {"keys that are no text type nothing", keys_that_are_no_text_type_nothing},
      {"unknown layouts are refused", unknown_layouts_are_refused})
