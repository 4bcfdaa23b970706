/* SPDX-License-Identifier: Apache-2.0 */
/* A ZPL label printer without paper. */
#include "tests/support/fake_printer.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COMMAND_MAX 512

static const char *const names[FAKE_FAULT_COUNT] = {
    [FAKE_PAPER_OUT] = "paper-out",
    [FAKE_HEAD_OPEN] = "head-open",
    [FAKE_RIBBON_OUT] = "ribbon-out",
    [FAKE_PAUSED] = "paused",
    [FAKE_BUFFER_FULL] = "buffer-full",
    [FAKE_PARTIAL] = "partial",
    [FAKE_SILENT] = "silent",
    [FAKE_NO_COUNTER] = "no-counter",
    [FAKE_UNKNOWN_COUNTER] = "unknown-counter",
    [FAKE_KEEP_PARTIAL] = "keep-partial",
    [FAKE_SWALLOW] = "swallow",
};

#define HOLDING                                                                                                        \
    (1U << FAKE_PAPER_OUT | 1U << FAKE_HEAD_OPEN | 1U << FAKE_RIBBON_OUT | 1U << FAKE_PAUSED | 1U << FAKE_BUFFER_FULL)

static bool has(const struct fake_printer *printer, enum fake_fault fault)
{
    return (printer->faults & (1U << fault)) != 0;
}

void fake_printer_init(struct fake_printer *printer, void (*label)(void *context, const char *zpl, size_t length),
                       void *context)
{
    *printer = (struct fake_printer){.reset_at = -1, .label = label, .context = context};
}

static void forget(struct fake_printer *printer)
{
    for (size_t i = 0; i < printer->waiting_count; i++)
        buffer_done(&printer->waiting[i]);
    printer->waiting_count = 0;
    buffer_clear(&printer->format);
    buffer_clear(&printer->command);
}

void fake_printer_done(struct fake_printer *printer)
{
    forget(printer);
    buffer_done(&printer->format);
    buffer_done(&printer->command);
}

/* --- labels --- */

/* ^PQn prints the format n times. */
static int copies_of(const char *zpl)
{
    const char *quantity = strstr(zpl, "^PQ");
    int copies = 1;
    return quantity != NULL && sscanf(quantity, "^PQ%d", &copies) == 1 ? copies : 1;
}

static void come_out(struct fake_printer *printer, const struct buffer *format)
{
    for (int copies = copies_of(buffer_text(format)); copies > 0; copies--) {
        printer->counter++;
        printer->label(printer->context, buffer_text(format), format->length);
    }
}

static void print_waiting(struct fake_printer *printer)
{
    if ((printer->faults & HOLDING) != 0)
        return;
    for (size_t i = 0; i < printer->waiting_count; i++) {
        come_out(printer, &printer->waiting[i]);
        buffer_done(&printer->waiting[i]);
    }
    printer->waiting_count = 0;
}

static void end_format(struct fake_printer *printer)
{
    if (!has(printer, FAKE_SWALLOW) && printer->waiting_count < FAKE_WAITING_MAX) {
        printer->waiting[printer->waiting_count++] = printer->format;
        printer->format = BUFFER_EMPTY;
    }
    buffer_clear(&printer->format);
    print_waiting(printer);
}

/* --- answers --- */

static int bit(const struct fake_printer *printer, enum fake_fault fault)
{
    return has(printer, fault) ? 1 : 0;
}

static void answer_status(const struct fake_printer *printer, struct buffer *answers)
{
    if (has(printer, FAKE_SILENT))
        return;
    int partial = has(printer, FAKE_PARTIAL) || printer->format.length != 0 ? 1 : 0;
    buffer_append_format(answers,
                         "\x02"
                         "030,%d,%d,1245,%03zu,%d,0,%d,000,0,0,0\x03\r\n",
                         bit(printer, FAKE_PAPER_OUT), bit(printer, FAKE_PAUSED), printer->waiting_count,
                         bit(printer, FAKE_BUFFER_FULL), partial);
    buffer_append_format(answers,
                         "\x02"
                         "000,0,%d,%d,0,2,4,0,00000000,1,000\x03\r\n",
                         bit(printer, FAKE_HEAD_OPEN), bit(printer, FAKE_RIBBON_OUT));
    buffer_append_text(answers, "\x02"
                                "1234,0\x03\r\n");
}

static void answer_counter(const struct fake_printer *printer, struct buffer *answers)
{
    if (has(printer, FAKE_SILENT) || has(printer, FAKE_NO_COUNTER))
        return;
    if (has(printer, FAKE_UNKNOWN_COUNTER))
        buffer_append_text(answers, "\"?\"");
    else
        buffer_append_format(answers, "\"%" PRId64 "\"", printer->counter);
}

/* --- bytes in --- */

static bool ends_with(const struct buffer *buffer, const char *end)
{
    size_t length = strlen(end);
    return buffer->length >= length && memcmp(buffer->data + buffer->length - length, end, length) == 0;
}

static void drop_end(struct buffer *buffer, size_t count)
{
    buffer->length -= count;
    buffer->data[buffer->length] = '\0';
}

/* Immediate commands act wherever they stand, in a format too: that is how data becomes a command on a real printer. */
static bool take_immediate(struct fake_printer *printer, struct buffer *bytes, struct buffer *answers)
{
    if (ends_with(bytes, "~HS")) {
        drop_end(bytes, 3);
        answer_status(printer, answers);
        return true;
    }
    if (!ends_with(bytes, "~JA"))
        return false;
    forget(printer);
    return true;
}

static void count_stray(struct fake_printer *printer)
{
    for (size_t i = 0; i < printer->command.length; i++)
        printer->stray += (unsigned char)printer->command.data[i] > ' ' ? 1 : 0;
    buffer_clear(&printer->command);
}

static void take_outside(struct fake_printer *printer, struct buffer *answers)
{
    struct buffer *command = &printer->command;
    if (take_immediate(printer, command, answers))
        return;
    if (ends_with(command, "^XA")) {
        drop_end(command, 3);
        buffer_append_text(&printer->format, "^XA");
    } else if (ends_with(command, "! U1 getvar \"odometer.total_label_count\"\r\n")) {
        buffer_clear(command);
        answer_counter(printer, answers);
    } else if (!ends_with(command, "\n") && command->length < COMMAND_MAX) {
        return;
    }
    count_stray(printer);
}

static void take_byte(struct fake_printer *printer, uint8_t byte, struct buffer *answers)
{
    printer->received++;
    if (printer->format.length == 0) {
        buffer_append_byte(&printer->command, byte);
        take_outside(printer, answers);
        return;
    }
    buffer_append_byte(&printer->format, byte);
    if (!take_immediate(printer, &printer->format, answers) && ends_with(&printer->format, "^XZ"))
        end_format(printer);
}

static void break_here(struct fake_printer *printer)
{
    printer->reset_at = -1;
    if (printer->lose_power)
        forget(printer);
    printer->lose_power = false;
    fake_printer_hang_up(printer);
}

bool fake_printer_receive(struct fake_printer *printer, const void *bytes, size_t length, struct buffer *answers)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < length; i++) {
        take_byte(printer, p[i], answers);
        if (printer->received == printer->reset_at) {
            break_here(printer);
            return false;
        }
    }
    return true;
}

void fake_printer_hang_up(struct fake_printer *printer)
{
    if (has(printer, FAKE_KEEP_PARTIAL))
        return;
    buffer_clear(&printer->format);
    buffer_clear(&printer->command);
}

/* --- control --- */

void fake_printer_set(struct fake_printer *printer, enum fake_fault fault, bool on)
{
    printer->faults = on ? printer->faults | 1U << fault : printer->faults & ~(1U << fault);
    print_waiting(printer);
}

static bool set_by_name(struct fake_printer *printer, const char *name, bool on)
{
    for (int fault = 0; fault < FAKE_FAULT_COUNT; fault++)
        if (text_equal(name, names[fault])) {
            fake_printer_set(printer, (enum fake_fault)fault, on);
            return true;
        }
    return false;
}

static bool do_fault(struct fake_printer *printer, const char *argument)
{
    return set_by_name(printer, argument, true);
}

static bool do_clear(struct fake_printer *printer, const char *argument)
{
    if (argument[0] != '\0')
        return set_by_name(printer, argument, false);
    printer->faults = 0;
    print_waiting(printer);
    return true;
}

static bool break_in(struct fake_printer *printer, const char *argument, bool lose_power)
{
    int64_t bytes = 0;
    if (!text_to_int64(argument, &bytes) || bytes < 1)
        return false;
    printer->reset_at = printer->received + bytes;
    printer->lose_power = lose_power;
    return true;
}

static bool do_reset_at(struct fake_printer *printer, const char *argument)
{
    return break_in(printer, argument, false);
}

static bool do_power_off_at(struct fake_printer *printer, const char *argument)
{
    return break_in(printer, argument, true);
}

static bool do_counter(struct fake_printer *printer, const char *argument)
{
    return text_to_int64(argument, &printer->counter);
}

static bool do_count(struct fake_printer *printer, const char *argument)
{
    (void)printer;
    return argument[0] == '\0';
}

static const struct {
    const char *word;
    bool (*run)(struct fake_printer *printer, const char *argument);
} commands[] = {
    {"fault", do_fault},
    {"clear", do_clear},
    {"reset-at", do_reset_at},
    {"counter", do_counter},
    {"power-off-at", do_power_off_at},
    {"count", do_count},
};

static void answer_command(const struct fake_printer *printer, const char *word, struct buffer *answer)
{
    buffer_append_format(answer, "ok %s count %" PRId64 " waiting %zu", word, printer->counter, printer->waiting_count);
    buffer_append_format(answer, " received %" PRId64 " stray %" PRId64 "\n", printer->received, printer->stray);
}

void fake_printer_command(struct fake_printer *printer, const char *line, struct buffer *answer)
{
    char word[32] = "", argument[64] = "";
    (void)sscanf(line, "%31s %63s", word, argument);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (text_equal(word, commands[i].word) && commands[i].run(printer, argument)) {
            answer_command(printer, word, answer);
            return;
        }
    buffer_append_format(answer, "error %s\n", line);
}
