/* SPDX-License-Identifier: Apache-2.0 */
/* decode: a recording of HID reports through the decoder that the daemon uses, each scan as a line of JSON. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/bytes.h"
#include "protocol/hid/capture.h"
#include "protocol/hid/decoder.h"

#include <stdlib.h>
#include <string.h>

#define REPORT_MS 5 /* between two reports, unless the recording says "wait" */
#define LAYOUT_SIZE 16

struct player {
    const char *path;
    bool broken;
    bool stale; /* a header line came: the next report needs a new decoder */
    struct decoder_options options;
    char layout[LAYOUT_SIZE];
    struct decoder *decoder;
    int64_t tick;
    struct capture_line line;
    size_t descriptor_length;
    uint8_t descriptor[CAPTURE_BYTES_MAX];
};

static void complain(struct player *player, const struct error *err)
{
    player->broken = true;
    ctl_complain("%s: %s", player->path, err->message);
}

static void print_scan(void *context, const struct scan *scan)
{
    struct player *player = context;
    const char *kind = player->options.kind == DECODER_POS ? "pos" : "keyboard";
    json_t *value = json_pack("{s:o, s:o, s:o, s:s, s:I, s:I}", "text", bytes_to_json(scan->bytes, scan->length), "hex",
                              bytes_to_hex(scan->bytes, scan->length), "aim",
                              bytes_to_json(scan->aim, strlen(scan->aim)), "kind", kind, "length",
                              (json_int_t)scan->length, "total", (json_int_t)scan->total);
    bytes_print_json(value);
    json_decref(value);
}

/* Ends the scan that is open: nothing more comes of this scanner. */
static void settle(struct player *player, int64_t tick)
{
    if (player->decoder != NULL)
        decoder_tick(player->decoder, tick, print_scan, player);
}

static void play_kind(struct player *player)
{
    settle(player, INT64_MAX);
    player->decoder = decoder_free(player->decoder);
    bool is_pos = text_equal((const char *)player->line.bytes, "pos");
    player->options = (struct decoder_options){.kind = is_pos ? DECODER_POS : DECODER_KEYBOARD};
    player->descriptor_length = 0;
    player->stale = true;
}

static void play_layout(struct player *player)
{
    struct error err = {0};
    settle(player, INT64_MAX);
    player->stale = true;
    player->options.layout = player->layout;
    if (TEXT_COPY(player->layout, (const char *)player->line.bytes))
        return;
    error_set(&err, ERROR_TOO_BIG, "line %u: layout: longer than any layout's name", player->line.number);
    complain(player, &err);
}

static void play_descriptor(struct player *player)
{
    settle(player, INT64_MAX);
    memcpy(player->descriptor, player->line.bytes, player->line.length);
    player->descriptor_length = player->line.length;
    player->stale = true;
}

static void start_decoder(struct player *player)
{
    struct error err = {0};
    player->stale = false;
    decoder_free(player->decoder);
    player->decoder = decoder_new(&player->options, player->descriptor, player->descriptor_length, &err);
    if (player->decoder == NULL) {
        error_prefix(&err, "line %u", player->line.number);
        complain(player, &err);
    }
}

static void play_report(struct player *player)
{
    if (player->stale)
        start_decoder(player);
    player->tick += REPORT_MS;
    if (player->decoder != NULL)
        decoder_report(player->decoder, player->line.bytes, player->line.length, player->tick, print_scan, player);
}

static void play_wait(struct player *player)
{
    player->tick += player->line.wait_ms;
    settle(player, player->tick);
}

/* What a recording expects is for tests to check. */
static void (*const players[CAPTURE_KEY_COUNT])(struct player *player) = {
    [CAPTURE_KIND] = play_kind,     [CAPTURE_LAYOUT] = play_layout, [CAPTURE_DESCRIPTOR] = play_descriptor,
    [CAPTURE_REPORT] = play_report, [CAPTURE_WAIT] = play_wait,
};

static void play_lines(struct player *player, struct capture_reader *reader)
{
    struct error err = {0};
    enum capture_result result;
    while ((result = capture_next(reader, &player->line, &err)) != CAPTURE_MORE) {
        if (result == CAPTURE_BROKEN)
            complain(player, &err);
        else if (players[player->line.key] != NULL)
            players[player->line.key](player);
    }
}

static void play_file(struct player *player, FILE *file)
{
    struct capture_reader reader = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;) {
        capture_feed(&reader, block, n);
        play_lines(player, &reader);
    }
    capture_feed(&reader, "\n", 1); /* the last line may have no end */
    play_lines(player, &reader);
    settle(player, INT64_MAX);
    capture_done(&reader);
}

enum ctl_exit ctl_decode(struct ctl *ctl)
{
    FILE *file = bytes_open(ctl->arguments[0]);
    if (file == NULL)
        return CTL_FAULT;
    CLEANUP(memory_free_at) struct player *player = memory_new(1, sizeof *player);
    *player = (struct player){.path = ctl->arguments[0], .stale = true};
    play_file(player, file);
    decoder_free(player->decoder);
    if (!bytes_close(file, ctl->arguments[0]))
        return CTL_FAULT;
    return player->broken ? CTL_REFUSED : CTL_OK;
}
