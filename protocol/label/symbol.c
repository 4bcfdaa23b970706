/* SPDX-License-Identifier: Apache-2.0 */
/* Barcode symbols: libzint's modules, scaled to whole dots, as ^GFA data in ZPL's run-length form. */
#include "protocol/label/symbol.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <zint.h>

#define MODULE_DOTS_MAX 40
#define HEIGHT_DOTS_MAX 4000

static const struct kind {
    const char *name;
    int symbology, input_mode, option_3;
    int quiet_x, quiet_y; /* modules */
    bool is_2d;
} kinds[] = {
    [SYMBOL_CODE128] = {"code128", BARCODE_CODE128, DATA_MODE, 0, 10, 0, false},
    [SYMBOL_GS1_128] = {"gs1-128", BARCODE_GS1_128, GS1_MODE, 0, 10, 0, false},
    [SYMBOL_QR] = {"qr", BARCODE_QRCODE, DATA_MODE, 0, 4, 4, true},
    [SYMBOL_DATA_MATRIX] = {"dm", BARCODE_DATAMATRIX, DATA_MODE, DM_SQUARE, 1, 1, true},
    [SYMBOL_GS1_DATA_MATRIX] = {"gs1dm", BARCODE_DATAMATRIX, GS1_MODE, DM_SQUARE, 1, 1, true},
};
_Static_assert(sizeof kinds / sizeof kinds[0] == SYMBOL_KIND_COUNT, "a row for each kind");

static const char ec_levels[] = "LMQH"; /* zint's option_1 is the place here, from 1 */

bool symbol_kind_from_name(const char *name, enum symbol_kind *ret_kind)
{
    for (int kind = 0; kind < SYMBOL_KIND_COUNT; kind++)
        if (text_equal(name, kinds[kind].name)) {
            *ret_kind = (enum symbol_kind)kind;
            return true;
        }
    return false;
}

bool symbol_is_2d(enum symbol_kind kind)
{
    return kinds[kind].is_2d;
}

/* --- encoding --- */

static void delete_symbol(struct zint_symbol **symbol)
{
    if (*symbol != NULL)
        ZBarcode_Delete(*symbol);
}

static bool check(const struct symbol_options *options, const char *payload, struct error *err)
{
    if (options->module_dots < 1 || options->module_dots > MODULE_DOTS_MAX || options->height_dots > HEIGHT_DOTS_MAX ||
        (!kinds[options->kind].is_2d && options->height_dots < 1))
        return error_set(err, ERROR_INVALID, "a module of %d dots, %d dots high", options->module_dots,
                         options->height_dots);
    if (payload[0] == '\0')
        return error_set(err, ERROR_INVALID, "nothing to encode");
    for (const char *p = payload; *p != '\0'; p++)
        if (*p < ' ' || *p > '~')
            return error_set(err, ERROR_INVALID, "only ASCII can be encoded");
    return true;
}

static bool encode(struct zint_symbol *symbol, const struct symbol_options *options, const char *payload,
                   struct error *err)
{
    const struct kind *kind = &kinds[options->kind];
    const char *level = options->ec_level != '\0' ? strchr(ec_levels, options->ec_level) : &ec_levels[1];
    if (level == NULL)
        return error_set(err, ERROR_INVALID, "there is no error correction level %c", options->ec_level);
    symbol->symbology = kind->symbology;
    symbol->input_mode = kind->input_mode;
    symbol->option_1 = options->kind == SYMBOL_QR ? (int)(level - ec_levels) + 1 : -1;
    symbol->option_3 = kind->option_3;
    symbol->show_hrt = 0;
    symbol->warn_level = WARN_FAIL_ALL;
    CLEANUP(memory_free_at) unsigned char *bytes = (unsigned char *)memory_text(payload);
    int result = ZBarcode_Encode(symbol, bytes, (int)strlen(payload));
    if (result == 0)
        return true;
    enum error_code code = result == ZINT_ERROR_TOO_LONG ? ERROR_TOO_BIG : ERROR_INVALID;
    return error_set(err, code, "%s", symbol->errtxt);
}

/* --- one row of dots as hexadecimal digits, then run-length --- */

static bool module_at(const struct zint_symbol *symbol, int row, int column)
{
    return (symbol->encoded_data[row][column >> 3] >> (column & 7) & 1) != 0;
}

/* nibbles has width dots rounded up to whole bytes. */
static void draw_row(const struct zint_symbol *symbol, int row, int module_dots, uint8_t *nibbles, size_t count)
{
    memset(nibbles, 0, count);
    for (int column = 0; column < symbol->width; column++)
        for (int dot = column * module_dots; module_at(symbol, row, column) && dot < (column + 1) * module_dots; dot++)
            nibbles[dot / 4] = (uint8_t)(nibbles[dot / 4] | 8 >> dot % 4);
}

/* ZPL's counts: z = 400, g–z in steps of 20, G–Y = 1–19. A digit alone counts once. */
static void append_run(struct buffer *zpl, uint8_t nibble, size_t count)
{
    for (; count > 419; count -= 400)
        buffer_append_byte(zpl, 'z');
    if (count >= 20)
        buffer_append_byte(zpl, (uint8_t)('g' + count / 20 - 1));
    if (count % 20 != 0 && count > 1)
        buffer_append_byte(zpl, (uint8_t)('G' + count % 20 - 1));
    buffer_append_byte(zpl, (uint8_t) "0123456789ABCDEF"[nibble]);
}

static void append_row(struct buffer *zpl, const uint8_t *nibbles, size_t count)
{
    size_t used = count;
    while (used > 0 && nibbles[used - 1] == 0)
        used--;
    for (size_t i = 0; i < used;) {
        size_t run = 1;
        while (i + run < used && nibbles[i + run] == nibbles[i])
            run++;
        append_run(zpl, nibbles[i], run);
        i += run;
    }
    if (used < count)
        buffer_append_byte(zpl, ','); /* the rest of the row is white */
}

static void append_rows(struct buffer *zpl, const struct zint_symbol *symbol, const struct symbol_options *options)
{
    bool is_2d = kinds[options->kind].is_2d;
    int rows = is_2d ? symbol->rows : 1;
    int repeats = is_2d ? options->module_dots : options->height_dots;
    size_t bytes = (size_t)(symbol->width * options->module_dots + 7) / 8;
    CLEANUP(memory_free_at) uint8_t *nibbles = memory_new(bytes, 2);
    buffer_append_format(zpl, "^GFA,%zu,%zu,%zu,", bytes * (size_t)(rows * repeats), bytes * (size_t)(rows * repeats),
                         bytes);
    for (int row = 0; row < rows; row++) {
        draw_row(symbol, row, options->module_dots, nibbles, 2 * bytes);
        append_row(zpl, nibbles, 2 * bytes);
        for (int again = 1; again < repeats; again++)
            buffer_append_byte(zpl, ':'); /* the row before once more */
    }
}

bool symbol_append(const struct symbol_options *options, const char *payload, struct buffer *ret_zpl,
                   struct symbol_size *ret_size, struct error *err)
{
    const struct kind *kind = &kinds[options->kind];
    if (!check(options, payload, err))
        return error_prefix(err, "%s", kind->name);
    CLEANUP(delete_symbol) struct zint_symbol *symbol = ZBarcode_Create();
    if (symbol == NULL)
        return error_set(err, ERROR_SYSTEM, "%s: no memory", kind->name);
    if (!encode(symbol, options, payload, err))
        return error_prefix(err, "%s", kind->name);
    append_rows(ret_zpl, symbol, options);
    *ret_size = (struct symbol_size){
        .width = symbol->width * options->module_dots,
        .height = kind->is_2d ? symbol->rows * options->module_dots : options->height_dots,
        .quiet_x = kind->quiet_x * options->module_dots,
        .quiet_y = kind->quiet_y * options->module_dots,
    };
    return true;
}
