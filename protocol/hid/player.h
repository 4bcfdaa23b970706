/* SPDX-License-Identifier: Apache-2.0 */
/* Plays a recording (capture.h) through the decoders in no time: its waits pass at once. */
#ifndef PROTOCOL_HID_PLAYER_H
#define PROTOCOL_HID_PLAYER_H

#include "protocol/hid/capture.h"
#include "protocol/hid/decoder.h"

#define PLAYER_LAYOUT_SIZE 16

/* All zero but fn and context is a new one. Free with player_done. */
struct player {
    scan_fn *fn;
    void *context;
    enum decoder_kind kind; /* of the scanner that plays */
    uint16_t vendor;
    char layout[PLAYER_LAYOUT_SIZE];
    struct decoder *decoder;
    bool has_head; /* the decoder is of the header lines so far, or there can be none */
    int64_t tick;
    size_t descriptor_length;
    uint8_t descriptor[CAPTURE_BYTES_MAX];
};

/* One line; what a recording expects is skipped. False (err says which line) where a scanner cannot be had as the head
   describes it; its reports are then skipped. */
bool player_play(struct player *player, const struct capture_line *line, struct error *err) MUST_CHECK;
/* The recording has ended, and with it an open scan. */
void player_end(struct player *player);
void player_done(struct player *player);

/* Plays a whole text. False at its first mistake; what stood before it was played. */
bool player_play_text(struct player *player, const char *text, size_t length, struct error *err) MUST_CHECK;

#endif
