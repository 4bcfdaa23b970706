/* SPDX-License-Identifier: Apache-2.0 */
/* One function per key of a recording; a report after header lines begins a new decoder. */
#include "protocol/hid/player.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define REPORT_MS 5 /* between two reports, unless the recording says "wait" */

typedef bool play_fn(struct player *player, const struct capture_line *line, struct error *err);

static void settle(struct player *player, int64_t tick)
{
    if (player->decoder != NULL)
        decoder_tick(player->decoder, tick, player->fn, player->context);
}

static void begin_head(struct player *player)
{
    settle(player, INT64_MAX); /* nothing more comes of the scanner before */
    player->decoder = decoder_free(player->decoder);
    player->has_head = false;
}

static bool play_kind(struct player *player, const struct capture_line *line, struct error *err)
{
    (void)err;
    begin_head(player);
    player->kind = text_equal((const char *)line->bytes, "pos") ? DECODER_POS : DECODER_KEYBOARD;
    player->vendor = 0;
    player->layout[0] = '\0';
    player->descriptor_length = 0;
    return true;
}

static bool play_vendor(struct player *player, const struct capture_line *line, struct error *err)
{
    (void)err;
    begin_head(player);
    player->vendor = (uint16_t)(line->bytes[0] << 8 | line->bytes[1]);
    return true;
}

static bool play_layout(struct player *player, const struct capture_line *line, struct error *err)
{
    begin_head(player);
    return TEXT_COPY(player->layout, (const char *)line->bytes) ||
           error_set(err, ERROR_TOO_BIG, "line %u: layout: longer than any layout's name", line->number);
}

static bool play_descriptor(struct player *player, const struct capture_line *line, struct error *err)
{
    (void)err;
    begin_head(player);
    memcpy(player->descriptor, line->bytes, line->length);
    player->descriptor_length = line->length;
    return true;
}

static bool play_report(struct player *player, const struct capture_line *line, struct error *err)
{
    struct decoder_options options = {.kind = player->kind, .vendor = player->vendor,
                                      .layout = player->layout[0] != '\0' ? player->layout : NULL};
    bool starts = !player->has_head;
    player->has_head = true;
    if (starts)
        player->decoder = decoder_new(&options, player->descriptor, player->descriptor_length, err);
    player->tick += REPORT_MS;
    if (player->decoder != NULL)
        decoder_report(player->decoder, line->bytes, line->length, player->tick, player->fn, player->context);
    return player->decoder != NULL || !starts || error_prefix(err, "line %u", line->number);
}

static bool play_wait(struct player *player, const struct capture_line *line, struct error *err)
{
    (void)err;
    player->tick += line->wait_ms;
    settle(player, player->tick);
    return true;
}

static play_fn *const plays[CAPTURE_KEY_COUNT] = {
    [CAPTURE_VENDOR] = play_vendor,         [CAPTURE_KIND] = play_kind,     [CAPTURE_LAYOUT] = play_layout,
    [CAPTURE_DESCRIPTOR] = play_descriptor, [CAPTURE_REPORT] = play_report, [CAPTURE_WAIT] = play_wait,
};

bool player_play(struct player *player, const struct capture_line *line, struct error *err)
{
    return plays[line->key] == NULL || plays[line->key](player, line, err);
}

void player_end(struct player *player)
{
    settle(player, INT64_MAX);
}

void player_done(struct player *player)
{
    player->decoder = decoder_free(player->decoder);
}

bool player_play_text(struct player *player, const char *text, size_t length, struct error *err)
{
    CLEANUP(memory_free_at) struct capture_line *line = memory_new(1, sizeof *line);
    struct capture_reader reader = {0};
    enum capture_result result;
    bool good = true;
    capture_feed(&reader, text, length);
    capture_feed(&reader, "\n", 1); /* the last line may have no end */
    while (good && (result = capture_next(&reader, line, err)) != CAPTURE_MORE)
        good = result == CAPTURE_LINE && player_play(player, line, err);
    player_end(player);
    capture_done(&reader);
    return good;
}
