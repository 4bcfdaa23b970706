/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a scanner that does not depend on how it is attached. */
#include "drivers/scanner_driver.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/capture.h"

#include <stdlib.h>

#define RATE_MS 1000

const char *const scanner_modes[SCANNER_MODE_COUNT] = {
    [SCANNER_UNKNOWN] = "unknown",     [SCANNER_POS] = "hid_pos",   [SCANNER_KEYBOARD] = "keyboard",
    [SCANNER_RECORDING] = "recording", [SCANNER_SERIAL] = "serial", [SCANNER_SNAPI] = "snapi",
    [SCANNER_IBM] = "ibm",             [SCANNER_OTHER] = "other",
};

/* No hand scans that fast: a device gone mad does not fill the journal. */
static bool is_too_fast(struct scanner *scanner, int64_t tick)
{
    if (tick - scanner->rate_start >= RATE_MS) {
        scanner->rate_start = tick;
        scanner->rate_count = 0;
    }
    if (scanner->rate_max == 0 || scanner->rate_count < scanner->rate_max) {
        scanner->rate_count++;
        return false;
    }
    if (scanner->rate_count++ == scanner->rate_max)
        log_write(LOG_WARNING, "scanner %s: more than %u scans in a second; the rest of this second is refused",
                  scanner->name, scanner->rate_max);
    scanner->refused++;
    return true;
}

static void on_scan(void *context, const struct scan *scan)
{
    struct scanner *scanner = context;
    int64_t tick = clock_read().tick;
    scanner->scan_tick = tick;
    if (is_too_fast(scanner, tick))
        scanner_beep(scanner, scanner->name, FEEDBACK_ERROR);
    else
        scanner->events.scan(scanner->events.context, scanner->name, scan, tick < scanner->early_until);
}

static void set_silence(struct scanner *scanner)
{
    loop_set_timer(scanner->silence, scanner->decoder != NULL ? decoder_deadline(scanner->decoder) : INT64_MAX);
}

static void on_silence(void *context)
{
    scanner_settle(context, clock_read().tick);
}

static char *copy(const char *text)
{
    return text != NULL ? memory_text(text) : NULL;
}

static void keep_options(struct scanner *scanner, const struct decoder_options *options)
{
    scanner->options = *options;
    scanner->options.layout = scanner->layout = copy(options->layout);
    scanner->options.prefix = scanner->prefix = copy(options->prefix);
    scanner->options.suffix_text = scanner->suffix_text = copy(options->suffix_text);
    scanner->options.gs_text = scanner->gs_text = copy(options->gs_text);
}

/* The timer comes after input in a turn of the loop: reports that lie ready belong to the scan, however late. */
void scanner_init(struct scanner *scanner, struct loop *loop, const struct scanner_options *options,
                  const struct scanner_events *events, const struct scanner_driver *driver)
{
    scanner->driver = driver;
    scanner->name = memory_text(options->name);
    scanner->events = *events;
    keep_options(scanner, &options->decoder);
    scanner->silence = loop_add_timer(loop, "scanner silence", LOOP_COMMIT, on_silence, scanner);
}

bool scanner_start_decoder(struct scanner *scanner, const uint8_t *descriptor, size_t length, struct error *err)
{
    scanner->descriptor = descriptor;
    scanner->descriptor_length = length;
    scanner->decoder = decoder_free(scanner->decoder);
    scanner->decoder = decoder_new(&scanner->options, descriptor, length, err);
    set_silence(scanner);
    return scanner->decoder != NULL;
}

bool scanner_drop_decoder(struct scanner *scanner)
{
    bool is_open = scanner->decoder != NULL && decoder_deadline(scanner->decoder) != INT64_MAX;
    scanner->decoder = decoder_free(scanner->decoder);
    set_silence(scanner);
    return is_open;
}

/* Between two scans; a layout that cannot be had leaves things as they are. */
static void change_layout(struct scanner *scanner)
{
    struct error err = {0};
    if (scanner->layout_set[0] == '\0' || decoder_deadline(scanner->decoder) != INT64_MAX)
        return;
    struct decoder_options options = scanner->options;
    options.layout = scanner->layout_set;
    struct decoder *decoder = decoder_new(&options, scanner->descriptor, scanner->descriptor_length, &err);
    if (decoder == NULL) {
        log_write(LOG_ERR, "scanner %s: %s", scanner->name, err.message);
    } else {
        decoder_free(scanner->decoder);
        scanner->decoder = decoder;
        free(scanner->layout);
        scanner->options.layout = scanner->layout = memory_text(scanner->layout_set);
    }
    scanner->layout_set[0] = '\0';
}

void scanner_report(struct scanner *scanner, const uint8_t *report, size_t length)
{
    if (scanner->decoder == NULL)
        return;
    change_layout(scanner);
    if (scanner->events.report != NULL)
        scanner->events.report(scanner->events.context, scanner->name, report, length);
    decoder_report(scanner->decoder, report, length, clock_read().tick, on_scan, scanner);
    set_silence(scanner);
}

void scanner_settle(struct scanner *scanner, int64_t tick)
{
    if (scanner->decoder == NULL)
        return;
    decoder_tick(scanner->decoder, tick, on_scan, scanner);
    set_silence(scanner);
}

void scanner_tell(struct scanner *scanner, const char *state, const char *detail)
{
    scanner->events.state(scanner->events.context, scanner->name, state, detail);
}

/* ---- one device or many ---- */

static struct scanner *next_device(const struct scanner *scanner, const struct scanner *previous)
{
    if (scanner->driver->next != NULL)
        return scanner->driver->next(scanner, previous);
    return previous == NULL ? (struct scanner *)(uintptr_t)scanner : NULL;
}

static struct scanner *find_device(const struct scanner *scanner, const char *device)
{
    struct scanner *found = NULL;
    while ((found = next_device(scanner, found)) != NULL && !text_equal(found->name, device))
        continue;
    return found;
}

static const char *layout_of(const struct scanner *scanner)
{
    return scanner->options.layout != NULL ? scanner->options.layout : "us";
}

static enum scanner_mode mode_of(const struct scanner *scanner)
{
    if (scanner->decoder == NULL)
        return SCANNER_UNKNOWN;
    return scanner->options.kind == DECODER_POS ? SCANNER_POS : SCANNER_KEYBOARD;
}

void scanner_list(const struct scanner *scanner, scanner_status_fn *fn, void *context)
{
    for (struct scanner *device = NULL; (device = next_device(scanner, device)) != NULL;) {
        uint8_t report[FEEDBACK_REPORT_MAX];
        size_t length;
        enum scanner_mode mode = mode_of(device);
        struct scanner_status status = {
            .device = device->name,
            .port = "",
            .model = "",
            .state = "",
            .advice = "",
            .quiet = "",
            .mode = scanner_modes[mode],
            .layout = mode == SCANNER_KEYBOARD ? layout_of(device) : "",
            .refused = device->refused,
            .dropped = device->decoder != NULL ? decoder_dropped(device->decoder) : 0,
            .can_beep = device->driver->beep != NULL && device->decoder != NULL &&
                        feedback_report(decoder_descriptor(device->decoder), FEEDBACK_GOOD, report, &length)};
        device->driver->describe(device, &status);
        fn(context, &status);
    }
}

bool scanner_beep(struct scanner *scanner, const char *device, enum feedback feedback)
{
    struct scanner *found = find_device(scanner, device);
    uint8_t report[FEEDBACK_REPORT_MAX];
    size_t length;
    if (found != NULL && found->driver->beep != NULL && found->decoder != NULL &&
        clock_read().tick - found->scan_tick <= SCANNER_FEEDBACK_MS &&
        feedback_report(decoder_descriptor(found->decoder), feedback, report, &length))
        found->driver->beep(found, report, length);
    return found != NULL;
}

bool scanner_set_layout(struct scanner *scanner, const char *device, const char *layout)
{
    struct scanner *found = find_device(scanner, device);
    if (found != NULL && !text_equal(layout, layout_of(found)))
        TEXT_COPY(found->layout_set, layout);
    return found != NULL;
}

bool scanner_head(struct scanner *scanner, const char *device, struct buffer *target)
{
    const struct scanner *found = find_device(scanner, device);
    if (found == NULL || found->decoder == NULL)
        return false;
    bool is_pos = found->options.kind == DECODER_POS;
    buffer_append_format(target, "kind: %s\n", is_pos ? "pos" : "keyboard");
    if (is_pos && found->options.vendor != 0)
        buffer_append_format(target, "vendor: %04x\n", found->options.vendor);
    if (!is_pos)
        buffer_append_format(target, "layout: %s\n", layout_of(found));
    if (found->descriptor_length > 0)
        capture_append_bytes(target, CAPTURE_DESCRIPTOR, found->descriptor, found->descriptor_length);
    return true;
}

struct scanner *scanner_free(struct scanner *scanner)
{
    if (scanner == NULL)
        return NULL;
    scanner->driver->close(scanner);
    loop_remove(scanner->silence);
    decoder_free(scanner->decoder);
    free(scanner->name);
    free(scanner->layout);
    free(scanner->prefix);
    free(scanner->suffix_text);
    free(scanner->gs_text);
    free(scanner);
    return NULL;
}
