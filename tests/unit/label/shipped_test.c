/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/label/label.h"
#include "protocol/label/preview.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

static struct label_set *load(void)
{
    struct error err = {0};
    struct label_set *set = label_set_load(SOURCE_DIR "/data/labels", &err);
    if (set == NULL)
        printf("%s\n", err.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    return set;
}

static int count(const char *text, const char *piece)
{
    int found = 0;
    for (const char *p = strstr(text, piece); p != NULL; p = strstr(p + 1, piece))
        found++;
    return found;
}

static void the_shipped_labels_are_there(void)
{
    static const char *const names[] = {"badge",  "calibration", "container", "control", "destruction", "hold",
                                        "parcel", "restock",     "return",    "scanner", "test",        "unit"};
    struct label_set *set = load();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        CU_ASSERT_PTR_NOT_NULL(label_template_hash(set, names[i]));
    }
    label_set_free(set);
}

/* Two symbols (but on the scanner's number, which is no key), one label, nothing the preview does not show: at every
 * resolution. */
static void each_is_one_label_with_two_symbols(void)
{
    static const int resolutions[] = {203, 300, 600};
    struct label_set *set = load();
    for (size_t i = 0; label_set_name(set, i) != NULL; i++)
        for (size_t r = 0; r < 6; r++) {
            struct buffer zpl = BUFFER_EMPTY, svg = BUFFER_EMPTY;
            struct label_preview preview;
            struct error err = {0};
            const struct label_options options = {resolutions[r % 3], r < 3 ? "en" : "fr"};
            CU_ASSERT_TRUE(label_render_sample(set, label_set_name(set, i), &options, &zpl, &err));
            int symbols = strcmp(label_set_name(set, i), "scanner") == 0 ? 0 : 2;
            CU_ASSERT_EQUAL(count(buffer_text(&zpl), "^GFA"), symbols);
            CU_ASSERT_EQUAL(count(buffer_text(&zpl), "^XA"), 1);
            CU_ASSERT_EQUAL(count(buffer_text(&zpl), "^XZ"), 1);
            CU_ASSERT_PTR_NULL(strchr(buffer_text(&zpl), '!'));
            label_preview(buffer_text(&zpl), zpl.length, options.dpi, &svg, &preview);
            CU_ASSERT_EQUAL(preview.unsupported, 0);
            CU_ASSERT_EQUAL(preview.outside, 0);
            CU_ASSERT_TRUE(svg.length < 9000);
            buffer_done(&zpl);
            buffer_done(&svg);
        }
    label_set_free(set);
}

static const char *render_unit(const struct label_set *set, const char *lang, const char *copy, const char *demo)
{
    static char text[16384];
    struct buffer zpl = BUFFER_EMPTY;
    struct error err = {0};
    const struct label_options options = {203, lang};
    const struct label_field fields[] = {
        {"code", "LP0010000117149"},          {"disposition", "resell"}, {"icon", "a"},    {"shape", "disc"},
        {"rma", "RMA-2026-000417"},           {"sku", "SHOE_42"},        {"name", "Shoe"}, {"grade", "A"},
        {"date", "2026-08-01T10:00:00.000Z"}, {"station", "PAR1-007"},   {"copy", copy},   {"demo", demo},
    };
    CU_ASSERT_TRUE(label_render(set, "unit", &options, fields, sizeof fields / sizeof fields[0], &zpl, &err));
    snprintf(text, sizeof text, "%s", buffer_text(&zpl));
    buffer_done(&zpl);
    return text;
}

static void the_unit_label_says_what_to_do(void)
{
    struct label_set *set = load();
    const char *zpl = render_unit(set, "en", "", "");
    static const char *const shown[] = {"^FDRESELL^FS",
                                        "^FDA^FS",
                                        "^FDRMA-2026-000417^FS",
                                        "^FDSHOE_5F42^FS",
                                        "^FDShoe^FS",
                                        "^FDLP0010000117149^FS",
                                        "^FD1 Aug 2026   PAR1-007^FS",
                                        "^GB112,112,56,B,8"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(zpl, shown[i]));
    CU_ASSERT_PTR_NULL(strstr(zpl, "DUPLICATA"));
    CU_ASSERT_PTR_NULL(strstr(zpl, "DEMO"));
    label_set_free(set);
}

static void copies_and_demo_labels_say_so(void)
{
    struct label_set *set = load();
    const char *zpl = render_unit(set, "fr", "2", "1");
    CU_ASSERT_PTR_NOT_NULL(strstr(zpl, "^FDDUPLICATA 2^FS"));
    CU_ASSERT_PTR_NOT_NULL(strstr(zpl, "^FDDÉMO^FS"));
    CU_ASSERT_PTR_NOT_NULL(strstr(zpl, "1 août 2026"));
    label_set_free(set);
}

SUITE("label/shipped", {"the shipped labels are there", the_shipped_labels_are_there},
      {"each is one label with two symbols", each_is_one_label_with_two_symbols},
      {"the unit label says what to do", the_unit_label_says_what_to_do},
      {"copies and demo labels say so", copies_and_demo_labels_say_so})
