/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of a template for every resolution and language, seen through the preview. */
#include "protocol/label/lint.h"

#include "base/memory.h"
#include "protocol/label/preview.h"

#include <stdlib.h>

static bool check_picture(const struct label_template *template, const struct label_preview *preview,
                          int64_t dots_per_metre, struct error *err)
{
    int width = template_dots(template->width_um, dots_per_metre);
    int height = template_dots(template->height_um, dots_per_metre);
    if (preview->unsupported != 0)
        return error_set(err, ERROR_INVALID, "%s:1: the preview cannot show %s", template->path,
                         preview->first_unsupported);
    if (preview->width != width || preview->height != height)
        return error_set(err, ERROR_INVALID, "%s:1: ^PW%d ^LL%d are not the media's %d x %d dots", template->path,
                         preview->width, preview->height, width, height);
    if (preview->outside != 0)
        return error_set(err, ERROR_TOO_BIG, "%s:1: the field at ^FO%d,%d (of %d x %d dots) reaches over the edge",
                         template->path, preview->first_outside_x, preview->first_outside_y, width, height);
    return true;
}

static bool check_one(const struct label_template *template, int dpi, const char *lang, struct error *err)
{
    struct buffer zpl = BUFFER_EMPTY;
    struct label_preview preview;
    const struct label_options options = {dpi, lang};
    bool fine = template_render(template, &options, NULL, 0, true, &zpl, err);
    if (fine) {
        label_preview(buffer_text(&zpl), zpl.length, dpi, NULL, &preview);
        fine = check_picture(template, &preview, template_dots_per_metre(dpi), err);
    }
    buffer_done(&zpl);
    return fine;
}

bool label_lint(const struct label_template *template, struct error *err)
{
    static const int resolutions[] = {203, 300, 600};
    for (size_t i = 0; i < COUNT_OF(resolutions); i++)
        if (!check_one(template, resolutions[i], "en", err) || !check_one(template, resolutions[i], "fr", err))
            return false;
    return true;
}
