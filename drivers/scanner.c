/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a scanner that does not depend on how it is attached. */
#include "drivers/scanner_driver.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

static void on_scan(void *context, const struct scan *scan)
{
    struct scanner *scanner = context;
    scanner->events.scan(scanner->events.context, scanner->name, scan);
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
                  const struct scanner_events *events, void (*close)(struct scanner *scanner))
{
    scanner->close = close;
    scanner->name = memory_text(options->name);
    scanner->events = *events;
    keep_options(scanner, &options->decoder);
    scanner->silence = loop_add_timer(loop, "scanner silence", LOOP_COMMIT, on_silence, scanner);
}

bool scanner_start_decoder(struct scanner *scanner, const uint8_t *descriptor, size_t length, struct error *err)
{
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

void scanner_report(struct scanner *scanner, const uint8_t *report, size_t length)
{
    if (scanner->decoder == NULL)
        return;
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

struct scanner *scanner_free(struct scanner *scanner)
{
    if (scanner == NULL)
        return NULL;
    scanner->close(scanner);
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
