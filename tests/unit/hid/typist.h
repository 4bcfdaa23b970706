/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of the decoder tests: a list of received scans, and fingers that type on a boot keyboard. */
#ifndef TESTS_UNIT_HID_TYPIST_H
#define TESTS_UNIT_HID_TYPIST_H

#include "protocol/hid/decoder.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCANS_MAX 16

struct scans {
    size_t count; /* may exceed what is kept */
    struct scan scans[SCANS_MAX];
};

static inline void on_scan(void *context, const struct scan *scan)
{
    struct scans *scans = context;
    if (scans->count < SCANS_MAX)
        scans->scans[scans->count] = *scan;
    scans->count++;
}

struct typist {
    struct decoder *decoder;
    int64_t tick;
    struct scans received;
};

/* Never NULL: a test that cannot have its decoder has nothing to say. */
static inline struct typist *typist_new(const struct decoder_options *options, const uint8_t *descriptor, size_t length)
{
    struct typist *typist = calloc(1, sizeof *typist);
    struct error err = {0};
    typist->tick = 1000;
    typist->decoder = decoder_new(options, descriptor, length, &err);
    if (typist->decoder == NULL) {
        fprintf(stderr, "no decoder: %s\n", err.message);
        abort();
    }
    return typist;
}

static inline void typist_free(struct typist *typist)
{
    decoder_free(typist->decoder);
    free(typist);
}

static inline void typist_send(struct typist *typist, const uint8_t *report, size_t length)
{
    decoder_report(typist->decoder, report, length, typist->tick, on_scan, &typist->received);
    typist->tick += 2;
}

static inline void typist_keys(struct typist *typist, uint8_t modifiers, uint8_t a, uint8_t b, uint8_t c)
{
    const uint8_t report[8] = {modifiers, 0, a, b, c};
    typist_send(typist, report, sizeof report);
}

/* One key down and up, as scanners do: modifiers alone, with the key, and all up. */
static inline void typist_press(struct typist *typist, uint8_t modifiers, uint8_t usage)
{
    if (modifiers != 0)
        typist_keys(typist, modifiers, 0, 0, 0);
    typist_keys(typist, modifiers, usage, 0, 0);
    typist_keys(typist, 0, 0, 0, 0);
}

static inline void typist_wait(struct typist *typist, int64_t ms)
{
    typist->tick += ms;
    decoder_tick(typist->decoder, typist->tick, on_scan, &typist->received);
}

/* Ends the scan and tells whether exactly one came, with this text; forgets it. */
static inline bool typist_typed(struct typist *typist, const char *text)
{
    typist_wait(typist, 1000);
    struct scans *received = &typist->received;
    bool same = received->count == 1 && strcmp((const char *)received->scans[0].bytes, text) == 0;
    if (!same)
        fprintf(stderr, "wanted 1 scan \"%s\", got %zu, first \"%s\"\n", text, received->count,
                received->count > 0 ? (const char *)received->scans[0].bytes : "");
    received->count = 0;
    return same;
}

#endif
