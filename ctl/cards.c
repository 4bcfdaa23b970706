/* SPDX-License-Identifier: Apache-2.0 */
/* cards: the control and calibration cards as a list, or as pictures to print, of the size of a bank card. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/bytes.h"
#include "ctl/show.h"
#include "protocol/barcode/control.h"
#include "protocol/hid/calibration.h"
#include "protocol/label/escape.h"
#include "protocol/label/font.h"
#include "protocol/label/preview.h"
#include "protocol/label/symbol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

/* In dots of 300 dpi: 85 × 54 mm, modules of 0.34 and 0.68 mm. */
enum { DPI = 300, WIDTH = 1004, HEIGHT = 638, EDGE = 60, WORD = 150, TOP = 260, BARS = 300, RIGHT = 820 };
static const struct symbol_options bars = {.kind = SYMBOL_CODE128, .module_dots = 4, .height_dots = BARS};
static const struct symbol_options narrow = {.kind = SYMBOL_CODE128, .module_dots = 3, .height_dots = BARS};
static const struct symbol_options matrix = {.kind = SYMBOL_DATA_MATRIX, .module_dots = 8};

static bool place_symbol(const struct symbol_options *options, int x, const char *code, struct buffer *zpl,
                         struct error *err)
{
    struct symbol_size size;
    buffer_append_format(zpl, "^FO%d,%d", x, TOP);
    if (!symbol_append(options, code, zpl, &size, err))
        return false;
    buffer_append_text(zpl, "^FS");
    return x + size.width + size.quiet_x <= (symbol_is_2d(options->kind) ? WIDTH : RIGHT) ||
           error_set(err, ERROR_TOO_BIG, "%s does not fit its card", code);
}

/* The word as large as it fits, and the code twice: a line of dead dots spares one of the two. */
static bool draw(const char *word, const char *code, struct buffer *svg, struct error *err)
{
    struct buffer zpl = BUFFER_EMPTY;
    struct label_preview preview;
    int height = WORD;
    while (font_width(word, strlen(word), height) > WIDTH - 2 * EDGE)
        height--;
    buffer_append_format(&zpl, "^XA^CI28^PW%d^LL%d^LH0,0^FO%d,%d^A0N,%d,%d^FH_^FD", WIDTH, HEIGHT, EDGE, EDGE, height,
                         height);
    escape_append(&zpl, word, false);
    buffer_append_text(&zpl, "^FS");
    const struct symbol_options *linear = strlen(code) < CONTROL_SIZE ? &bars : &narrow;
    bool good = place_symbol(linear, EDGE, code, &zpl, err) && place_symbol(&matrix, RIGHT, code, &zpl, err);
    buffer_append_text(&zpl, "^XZ");
    if (good)
        label_preview(buffer_text(&zpl), zpl.length, DPI, svg, &preview);
    buffer_done(&zpl);
    return good && ((preview.unsupported == 0 && preview.outside == 0) ||
                    error_set(err, ERROR_INVALID, "%s does not fit its card", code));
}

static bool write_card(const char *folder, const char *name, const char *word, const char *code, struct error *err)
{
    char path[PATH_SIZE];
    struct buffer svg = BUFFER_EMPTY;
    FILE *file = NULL;
    bool good = draw(word, code, &svg, err) && (TEXT_FORMAT(path, "%s/%s.svg", folder, name) ||
                                                error_set(err, ERROR_TOO_BIG, "%s: path too long", folder));
    if (good && (file = fopen(path, "we")) == NULL)
        good = error_system(err, "%s", path);
    if (file != NULL) {
        fwrite(buffer_text(&svg), 1, svg.length, file);
        bool failed = ferror(file) != 0;
        if (fclose(file) != 0 || failed)
            good = error_system(err, "%s", path);
    }
    buffer_done(&svg);
    return good;
}

/* Lists a card, and draws it if there is a folder. */
static bool add_card(const struct ctl *ctl, json_t *list, const char *name, const char *word, const char *code,
                     struct error *err)
{
    if (ctl->svg && !write_card(ctl->arguments[0], name, word, code, err))
        return false;
    if (!ctl->json)
        printf("%-16s  %s\n", code, word);
    json_array_append_new(list, json_pack("{s:s, s:s}", "code", code, "word", word));
    return true;
}

static bool each_control(const struct ctl *ctl, json_t *list, struct error *err)
{
    bool french = text_equal(ctl_lang(ctl), "fr");
    char code[CONTROL_SIZE];
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        const struct control *control = control_of((enum verb)verb);
        if (control == NULL || !control_encode((enum verb)verb, code))
            continue;
        if (!add_card(ctl, list, code, french ? control->word_fr : control->word_en, code, err))
            return false;
    }
    return true;
}

static bool each_calibration(const struct ctl *ctl, json_t *list, struct error *err)
{
    char name[] = "CALIBRATION-0", code[CALIBRATION_SIZE];
    for (unsigned part = 0; part < CALIBRATION_PARTS; part++) {
        calibration_part(part, code);
        name[sizeof name - 2] = (char)('1' + part);
        if (!add_card(ctl, list, name, name, code, err))
            return false;
    }
    return true;
}

enum ctl_exit ctl_cards(struct ctl *ctl)
{
    struct error err = {0};
    if (ctl->svg != (ctl->argument_count == 1)) {
        ctl_complain("cards: --svg and a folder go together");
        return CTL_USAGE;
    }
    json_t *list = json_array();
    bool good = (!ctl->svg || mkdir(ctl->arguments[0], 0777) == 0 || errno == EEXIST ||
                 error_system(&err, "%s", ctl->arguments[0])) &&
                each_control(ctl, list, &err) && each_calibration(ctl, list, &err);
    if (!good)
        ctl_complain("%s", err.message);
    else if (ctl->json)
        bytes_print_json(list);
    json_decref(list);
    return good ? CTL_OK : CTL_FAULT;
}

/* ---- on a printer ---- */

static bool wanted(const struct ctl *ctl, const char *code)
{
    return ctl->argument_count == 0 || text_equal(ctl->arguments[0], code);
}

static enum ctl_exit print_controls(struct ctl *ctl, const char *lane, int *count)
{
    bool french = text_equal(ctl_lang(ctl), "fr");
    enum ctl_exit end = CTL_OK;
    char code[CONTROL_SIZE], letter[2] = "";
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT && end == CTL_OK; verb++) {
        const struct control *control = control_of((enum verb)verb);
        if (control == NULL || !control_encode((enum verb)verb, code) || !wanted(ctl, code))
            continue;
        letter[0] = verb >= VERB_GRADE_A && verb <= VERB_GRADE_E ? (char)('A' + verb - VERB_GRADE_A) : '\0';
        end = ctl_print_label(ctl, lane, "control",
                              json_pack("{s:s, s:s, s:s}", "code", code, "word",
                                        french ? control->word_fr : control->word_en, "letter", letter));
        ++*count;
    }
    return end;
}

static enum ctl_exit print_calibrations(struct ctl *ctl, const char *lane, int *count)
{
    enum ctl_exit end = CTL_OK;
    char part[16], code[CALIBRATION_SIZE];
    for (unsigned i = 0; i < CALIBRATION_PARTS && end == CTL_OK; i++) {
        calibration_part(i, code);
        if (!wanted(ctl, code))
            continue;
        TEXT_FORMAT(part, "%u / %d", i + 1, CALIBRATION_PARTS);
        end = ctl_print_label(ctl, lane, "calibration", json_pack("{s:s, s:s}", "code", code, "part", part));
        ++*count;
    }
    return end;
}

enum ctl_exit ctl_cards_print(struct ctl *ctl)
{
    int count = 0;
    enum ctl_exit end;
    char *lane = ctl_find_lane(ctl, &end);
    if (lane == NULL)
        return end;
    end = print_controls(ctl, lane, &count);
    if (end == CTL_OK)
        end = print_calibrations(ctl, lane, &count);
    if (count == 0) {
        ctl_complain("%s is no card: see returnsctl cards", ctl->arguments[0]);
        end = CTL_REFUSED;
    }
    free(lane);
    return end;
}
