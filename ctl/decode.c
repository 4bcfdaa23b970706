/* SPDX-License-Identifier: Apache-2.0 */
/* decode: a recording of HID reports through the decoder that the daemon uses, each scan as a line of JSON. */
#include "base/memory.h"
#include "ctl/bytes.h"
#include "protocol/hid/player.h"

#include <string.h>

struct decoding {
    const char *path;
    bool broken;
    struct player player;
    struct capture_line line;
};

static void complain(struct decoding *decoding, const struct error *err)
{
    decoding->broken = true;
    ctl_complain("%s: %s", decoding->path, err->message);
}

static void print_scan(void *context, const struct scan *scan)
{
    struct decoding *decoding = context;
    const char *kind = decoding->player.kind == DECODER_POS ? "pos" : "keyboard";
    json_t *value = json_pack("{s:o, s:o, s:o, s:s, s:I, s:I}", "text", bytes_to_json(scan->bytes, scan->length), "hex",
                              bytes_to_hex(scan->bytes, scan->length), "aim",
                              bytes_to_json(scan->aim, strlen(scan->aim)), "kind", kind, "length",
                              (json_int_t)scan->length, "total", (json_int_t)scan->total);
    bytes_print_json(value);
    json_decref(value);
}

static void play_lines(struct decoding *decoding, struct capture_reader *reader)
{
    struct error err = {0};
    enum capture_result result;
    while ((result = capture_next(reader, &decoding->line, &err)) != CAPTURE_MORE)
        if (result == CAPTURE_BROKEN || !player_play(&decoding->player, &decoding->line, &err))
            complain(decoding, &err);
}

static void play_file(struct decoding *decoding, FILE *file)
{
    struct capture_reader reader = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;) {
        capture_feed(&reader, block, n);
        play_lines(decoding, &reader);
    }
    capture_feed(&reader, "\n", 1); /* the last line may have no end */
    play_lines(decoding, &reader);
    player_end(&decoding->player);
    capture_done(&reader);
}

enum ctl_exit ctl_decode(struct ctl *ctl)
{
    FILE *file = bytes_open(ctl->arguments[0]);
    if (file == NULL)
        return CTL_FAULT;
    CLEANUP(memory_free_at) struct decoding *decoding = memory_new(1, sizeof *decoding);
    *decoding = (struct decoding){.path = ctl->arguments[0], .player = {.fn = print_scan, .context = decoding}};
    play_file(decoding, file);
    player_done(&decoding->player);
    if (!bytes_close(file, ctl->arguments[0]))
        return CTL_FAULT;
    return decoding->broken ? CTL_REFUSED : CTL_OK;
}
