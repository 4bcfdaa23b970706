/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan costs before the database is asked: decoding a report, and classifying a code. Run from the top of the
   tree: the recordings are those of the tests. */
#include "base/memory.h"
#include "base/text.h"
#include "bench/bench.h"
#include "protocol/barcode/classify.h"
#include "protocol/hid/capture.h"
#include "protocol/hid/decoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORTS_MAX 1024
#define REPORT_MAX 64

struct recording {
    struct decoder_options options;
    char layout[8];
    struct decoder *decoder;
    size_t descriptor_length, count;
    uint8_t descriptor[CAPTURE_BYTES_MAX];
    struct report {
        size_t length;
        uint8_t bytes[REPORT_MAX];
    } reports[REPORTS_MAX];
    int64_t tick;
    size_t scans;
};

static void take_line(struct recording *recording, const struct capture_line *line)
{
    if (line->key == CAPTURE_KIND)
        recording->options.kind = text_equal((const char *)line->bytes, "pos") ? DECODER_POS : DECODER_KEYBOARD;
    if (line->key == CAPTURE_LAYOUT && TEXT_COPY(recording->layout, (const char *)line->bytes))
        recording->options.layout = recording->layout;
    if (line->key == CAPTURE_DESCRIPTOR) {
        recording->descriptor_length = line->length;
        memcpy(recording->descriptor, line->bytes, line->length);
    }
    if (line->key == CAPTURE_REPORT && recording->count < REPORTS_MAX && line->length <= REPORT_MAX) {
        struct report *report = &recording->reports[recording->count++];
        report->length = line->length;
        memcpy(report->bytes, line->bytes, line->length);
    }
}

static bool read_recording(const char *path, struct recording *recording, struct error *err)
{
    static struct capture_line line;
    struct capture_reader reader = {0};
    char block[4096];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_system(err, "%s", path);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        capture_feed(&reader, block, n);
    fclose(file);
    enum capture_result result;
    while ((result = capture_next(&reader, &line, err)) == CAPTURE_LINE)
        take_line(recording, &line);
    capture_done(&reader);
    return result == CAPTURE_MORE && recording->count > 0;
}

static void count_scan(void *context, const struct scan *scan)
{
    (void)scan;
    ((struct recording *)context)->scans++;
}

static void play(void *context)
{
    struct recording *recording = context;
    for (size_t i = 0; i < recording->count; i++) {
        const struct report *report = &recording->reports[i];
        decoder_report(recording->decoder, report->bytes, report->length, recording->tick++, count_scan, recording);
    }
    decoder_tick(recording->decoder, INT64_MAX, count_scan, recording);
}

static bool measure_recording(const char *name, const char *path)
{
    CLEANUP(memory_free_at) struct recording *recording = memory_new(1, sizeof *recording);
    struct error err = {0};
    bool good = read_recording(path, recording, &err);
    if (good)
        recording->decoder =
            decoder_new(&recording->options, recording->descriptor, recording->descriptor_length, &err);
    if (recording->decoder == NULL) {
        fprintf(stderr, "%s: %s\n", path, err.message);
        return false;
    }
    char operation[64];
    play(recording);
    TEXT_FORMAT(operation, "report (%zu reports, %zu scans)", recording->count, recording->scans);
    bench_line(name, operation, recording->count, play, recording);
    decoder_free(recording->decoder);
    return true;
}

static const struct {
    const char *name, *path;
} recordings[] = {
    {"keyboard, US", "tests/golden/scans/kbd-2M12264185.hid"},
    {"keyboard, French", "tests/golden/scans/kbd-fr-azerty.hid"},
    {"keyboard, Alt mode", "tests/golden/scans/kbd-alt-mode.hid"},
    {"HID POS", "tests/golden/scans/pos-b-newland-like.hid"},
    {"HID POS, several reports a scan", "tests/golden/scans/pos-a-multi-report.hid"},
};

struct code {
    const char *name, *text, *aim;
};

static const struct code codes[] = {
    {"classify: own label", "LP0420001234149", "]d1"},
    {"classify: control card", "XCTLOKR", "]C0"},
    {"classify: RMA", "RMA-2026-00017", "]C0"},
    {"classify: UPS", "1Z999AA10000000015", "]C0"},
    {"classify: 12 digits (carriers)", "986578788855", "]C0"},
    {"classify: 34 digits (FedEx)", "9622001900000000000000776632517510", "]C0"},
    {"classify: EAN-13", "4006381333931", "]E0"},
    {"classify: GS1, four elements", "010952123454321317261100" "10LOT42\x1D" "21SERIAL1234", "]d2"},
    {"classify: GS1 Digital Link", "https://example.com/01/09521234543213/21/SERIAL1234", "]Q1"},
    {"classify: text", "SKU-77 red, size 42", "]C0"},
};

static struct classify_rules rules;

static void classify_code(void *context)
{
    const struct code *code = context;
    struct candidate candidates[CANDIDATES_MAX];
    if (classify(&rules, code->text, strlen(code->text), code->aim, candidates) == 0)
        abort();
}

static void classify_all(void *context)
{
    (void)context;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct code code = codes[i];
        classify_code(&code);
    }
}

int main(void)
{
    bench_begin();
    for (size_t i = 0; i < COUNT_OF(recordings); i++)
        if (!measure_recording(recordings[i].name, recordings[i].path))
            return 1;
    classify_default_rules(&rules);
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct code code = codes[i];
        bench_line(code.name, "code", 1, classify_code, &code);
    }
    bench_line("classify: all of these", "code", COUNT_OF(codes), classify_all, NULL);
    return 0;
}
