/* SPDX-License-Identifier: Apache-2.0 */
/* Reports in, scans out: the one face that drivers see of the HID POS decoder and of the keyboard decoder. */
#ifndef PROTOCOL_HID_DECODER_H
#define PROTOCOL_HID_DECODER_H

#include "protocol/hid/descriptor.h"
#include "protocol/hid/scan.h"

enum decoder_kind { DECODER_KEYBOARD, DECODER_POS, DECODER_KIND_COUNT };

/* All zero is a factory-set scanner: US keyboard, any suffix key, nothing stripped. Strings may be NULL and are copied;
   they hold at most GATHER_TEXT_MAX (32) bytes. */
struct decoder_options {
    enum decoder_kind kind;
    const char *layout;      /* keyboard only: us gb fr be de ch es it pt; NULL = us */
    const char *prefix;      /* text removed in front of every scan */
    const char *suffix_text; /* text removed behind every scan */
    const char *gs_text;     /* text that stands for GS, such as "~" or "^]" */
    uint8_t suffix_usage;    /* key that ends a scan; 0 = Enter, keypad Enter or Tab */
    uint8_t gs_usage;        /* key that stands for GS, such as 41h (F8); 0 = none. Ctrl+] and Alt+029 always do */
    bool strip_aim;          /* a leading "]xy" in the text goes to scan.aim */
    uint16_t vendor;         /* USB vendor id, for POS descriptors that name no usages; 0 = unknown */
    int silence_ms;          /* silence that ends a scan; 0 = 100 (keyboard) or 300 (POS) */
};

struct decoder;

/* descriptor_length 0: a boot keyboard. NULL on a broken or useless descriptor, an unknown layout, too long a text. */
struct decoder *decoder_new(const struct decoder_options *options, const uint8_t *descriptor, size_t descriptor_length,
                            struct error *err) MUST_CHECK;
/* A scan that is still open is lost; call decoder_tick with INT64_MAX first to have it. */
struct decoder *decoder_free(struct decoder *decoder);
/* Takes one raw report (id byte in front where the device uses ids) that came at tick. fn is called for each scan that
   ends; it must not call this decoder. A late report never ends a scan: whoever reads late is slow, not the scanner. */
void decoder_report(struct decoder *decoder, const uint8_t *report, size_t length, int64_t tick, scan_fn *fn,
                    void *context);
/* Tick at which decoder_tick is due unless a report comes before; INT64_MAX = none. */
int64_t decoder_deadline(const struct decoder *decoder);
/* Ends the open scan if its silence is over. Call it once all reports that are there have been given. */
void decoder_tick(struct decoder *decoder, int64_t tick, scan_fn *fn, void *context);
/* Inside scan_fn only: the scan as its keys would read under another layout. False if nothing would, if the scan was
   too long to be kept as keys, or if it was not typed. */
bool decoder_retype(const struct decoder *decoder, const char *layout, struct scan *ret_scan);
/* Control characters left out of scans so far. */
uint64_t decoder_dropped(const struct decoder *decoder);
/* The parsed descriptor: longest input report, top usage. */
const struct descriptor *decoder_descriptor(const struct decoder *decoder);

#endif
