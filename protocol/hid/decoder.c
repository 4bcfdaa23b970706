/* SPDX-License-Identifier: Apache-2.0 */
/* Puts descriptor, decoder and gathering together behind one face. */
#include "protocol/hid/decoder.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/gather.h"
#include "protocol/hid/keyboard.h"
#include "protocol/hid/pos.h"

#include <stdlib.h>

struct decoder {
    enum decoder_kind kind;
    int silence_ms;
    struct descriptor descriptor;
    struct gather gather;
    union {
        struct pos pos;
        struct keyboard keyboard;
    };
};

static bool start_keyboard(struct decoder *decoder, const struct decoder_options *options, struct error *err)
{
    const struct keymap *keymap = keymap_get(options->layout != NULL ? options->layout : "us", err);
    if (keymap == NULL || !keyboard_init(&decoder->keyboard, &decoder->descriptor, keymap, err))
        return false;
    decoder->keyboard.suffix_usage = options->suffix_usage;
    decoder->keyboard.gs_usage = options->gs_usage;
    return true;
}

static bool start_pos(struct decoder *decoder, const struct decoder_options *options, struct error *err)
{
    return pos_init(&decoder->pos, &decoder->descriptor, options->vendor, err);
}

static void report_keyboard(struct decoder *decoder, const uint8_t *report, size_t length, int64_t tick)
{
    keyboard_report(&decoder->keyboard, &decoder->gather, report, length, tick, decoder->silence_ms);
}

static void report_pos(struct decoder *decoder, const uint8_t *report, size_t length, int64_t tick)
{
    pos_report(&decoder->pos, &decoder->gather, report, length, tick, decoder->silence_ms);
}

static void finish_keyboard(struct decoder *decoder)
{
    keyboard_finish(&decoder->keyboard, &decoder->gather);
}

static void finish_pos(struct decoder *decoder)
{
    gather_finish(&decoder->gather);
}

static const struct {
    bool (*start)(struct decoder *decoder, const struct decoder_options *options, struct error *err);
    void (*report)(struct decoder *decoder, const uint8_t *report, size_t length, int64_t tick);
    void (*finish)(struct decoder *decoder);
    int silence_ms;
} kinds[] = {
    [DECODER_KEYBOARD] = {start_keyboard, report_keyboard, finish_keyboard, KEYBOARD_SILENCE_MS},
    [DECODER_POS] = {start_pos, report_pos, finish_pos, POS_SILENCE_MS},
};
_Static_assert(COUNT_OF(kinds) == DECODER_KIND_COUNT, "every kind has its row");

static bool copy_text(char *target, const char *text, const char *what, struct error *err)
{
    return text == NULL || text_copy(target, GATHER_TEXT_MAX + 1, text) ||
           error_set(err, ERROR_TOO_BIG, "%s longer than %d bytes", what, GATHER_TEXT_MAX);
}

static bool start_gather(struct decoder *decoder, const struct decoder_options *options, struct error *err)
{
    struct gather_rules rules = {.strip_aim = options->strip_aim};
    if (!copy_text(rules.prefix, options->prefix, "prefix", err) ||
        !copy_text(rules.suffix, options->suffix_text, "suffix", err) ||
        !copy_text(rules.gs_text, options->gs_text, "GS stand-in", err))
        return false;
    gather_init(&decoder->gather, &rules);
    decoder->gather.scan.decoder = decoder;
    return true;
}

struct decoder *decoder_new(const struct decoder_options *options, const uint8_t *descriptor, size_t descriptor_length,
                            struct error *err)
{
    struct decoder *decoder = memory_new(1, sizeof *decoder);
    bool is_boot = descriptor_length == 0 && options->kind == DECODER_KEYBOARD;
    const uint8_t *bytes = is_boot ? keyboard_boot_descriptor : descriptor;
    size_t length = is_boot ? keyboard_boot_descriptor_length : descriptor_length;
    decoder->kind = options->kind;
    decoder->silence_ms = options->silence_ms > 0 ? options->silence_ms : kinds[options->kind].silence_ms;
    if (!descriptor_parse(&decoder->descriptor, bytes, length, err) || !start_gather(decoder, options, err) ||
        !kinds[options->kind].start(decoder, options, err))
        return decoder_free(decoder);
    return decoder;
}

struct decoder *decoder_free(struct decoder *decoder)
{
    free(decoder);
    return NULL;
}

void decoder_report(struct decoder *decoder, const uint8_t *report, size_t length, int64_t tick, scan_fn *fn,
                    void *context)
{
    decoder->gather.fn = fn;
    decoder->gather.context = context;
    kinds[decoder->kind].report(decoder, report, length, tick);
}

int64_t decoder_deadline(const struct decoder *decoder)
{
    return decoder->gather.deadline;
}

void decoder_tick(struct decoder *decoder, int64_t tick, scan_fn *fn, void *context)
{
    if (decoder->gather.deadline == INT64_MAX || tick < decoder->gather.deadline)
        return;
    decoder->gather.fn = fn;
    decoder->gather.context = context;
    kinds[decoder->kind].finish(decoder);
}

static void keep_scan(void *context, const struct scan *scan)
{
    *(struct scan *)context = *scan;
}

bool decoder_retype(const struct decoder *decoder, const char *layout, struct scan *ret_scan)
{
    const struct keymap *keymap = decoder->kind == DECODER_KEYBOARD ? keymap_get(layout, NULL) : NULL;
    if (keymap == NULL)
        return false;
    struct gather gather;
    gather_init(&gather, &decoder->gather.rules);
    gather.fn = keep_scan;
    gather.context = ret_scan;
    ret_scan->total = 0;
    return keyboard_retype(&decoder->keyboard, keymap, &gather) && ret_scan->total != 0;
}

uint64_t decoder_dropped(const struct decoder *decoder)
{
    return decoder->gather.dropped;
}

const struct descriptor *decoder_descriptor(const struct decoder *decoder)
{
    return &decoder->descriptor;
}
