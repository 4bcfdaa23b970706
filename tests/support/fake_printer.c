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
    [FAKE_MUM] = "mum",
    [FAKE_KEEP_WAITING] = "keep-waiting",
    [FAKE_VOLATILE] = "volatile",
    [FAKE_FROZEN] = "frozen",
    [FAKE_INTERRUPT] = "interrupt",
    [FAKE_300_DPI] = "300-dpi",
    [FAKE_CLONE] = "clone",
    [FAKE_NO_SGD] = "no-sgd",
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
    *printer = (struct fake_printer){.reset_at = -1, .fault_at = -1, .label = label, .context = context};
}

static void forget_waiting(struct fake_printer *printer)
{
    for (size_t i = 0; i < printer->waiting_count; i++)
        buffer_done(&printer->waiting[i]);
    printer->waiting_count = 0;
}

static void forget(struct fake_printer *printer)
{
    forget_waiting(printer);
    buffer_clear(&printer->format);
    buffer_clear(&printer->command);
}

void fake_printer_done(struct fake_printer *printer)
{
    forget(printer);
    buffer_done(&printer->format);
    buffer_done(&printer->command);
}

/* --- answers --- */

static int bit(const struct fake_printer *printer, enum fake_fault fault)
{
    return has(printer, fault) ? 1 : 0;
}

static bool is_silent(const struct fake_printer *printer)
{
    return has(printer, FAKE_SILENT) || (has(printer, FAKE_MUM) && (printer->faults & HOLDING) != 0);
}

static bool is_clone(const struct fake_printer *printer)
{
    return is_silent(printer) || has(printer, FAKE_CLONE);
}

static void answer_status(const struct fake_printer *printer, struct buffer *answers)
{
    if (is_silent(printer))
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
    if (is_clone(printer) || has(printer, FAKE_NO_COUNTER) || has(printer, FAKE_NO_SGD))
        return;
    if (has(printer, FAKE_UNKNOWN_COUNTER))
        buffer_append_text(answers, "\"?\"");
    else
        buffer_append_format(answers, "\"%" PRId64 "\"", printer->counter);
}

static void answer_model(const struct fake_printer *printer, struct buffer *answers)
{
    if (!is_clone(printer))
        buffer_append_format(answers, "\x02%s\x03\r\n",
                             has(printer, FAKE_300_DPI) ? "FAKE-300dpi,V1.0,12,8192KB" : "FAKE-203dpi,V1.0,8,8192KB");
}

static void answer_errors(const struct fake_printer *printer, struct buffer *answers)
{
    int errors = bit(printer, FAKE_PAPER_OUT) | bit(printer, FAKE_RIBBON_OUT) << 1 | bit(printer, FAKE_HEAD_OPEN) << 2 |
                 bit(printer, FAKE_PAUSED) << 16;
    if (!is_clone(printer))
        buffer_append_format(answers,
                             "\x02\r\n  PRINTER STATUS\r\n   ERRORS:         %d 00000000 %08X\r\n"
                             "   WARNINGS:       0 00000000 00000000\r\n\x03",
                             errors != 0, (unsigned)errors);
}

static void answer_settings(const struct fake_printer *printer, struct buffer *answers)
{
    if (!is_clone(printer) && !has(printer, FAKE_NO_COUNTER))
        buffer_append_format(answers,
                             "\x02  +20.0               DARKNESS\r\n  13,512 IN           NONRESET CNTR\r\n"
                             "  %" PRId64 " LABELS        NONRESET CNTR\r\n\x03\r\n",
                             printer->counter);
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
        printer->counter += has(printer, FAKE_FROZEN) ? 0 : 1;
        printer->label(printer->context, buffer_text(format), format->length);
    }
}

static void print_waiting(struct fake_printer *printer)
{
    size_t printed = 0;
    for (; printed < printer->waiting_count && (printer->faults & HOLDING) == 0; printed++) {
        if (has(printer, FAKE_INTERRUPT)) {
            printer->faults = (printer->faults & ~(1U << FAKE_INTERRUPT)) | 1U << FAKE_PAPER_OUT;
            printer->spoilt++;
            break;
        }
        come_out(printer, &printer->waiting[printed]);
        buffer_done(&printer->waiting[printed]);
    }
    printer->waiting_count -= printed;
    memmove(printer->waiting, printer->waiting + printed, printer->waiting_count * sizeof printer->waiting[0]);
}

static void end_format(struct fake_printer *printer, struct buffer *answers)
{
    bool is_query = text_equal(buffer_text(&printer->format), "^XA^HH^XZ");
    if (is_query)
        answer_settings(printer, answers);
    else if (!has(printer, FAKE_SWALLOW) && printer->waiting_count < FAKE_WAITING_MAX) {
        printer->waiting[printer->waiting_count++] = printer->format;
        printer->format = BUFFER_EMPTY;
    }
    buffer_clear(&printer->format);
    print_waiting(printer);
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
    static const struct {
        const char *command;
        void (*answer)(const struct fake_printer *printer, struct buffer *answers);
    } immediate[] = {{"~HS", answer_status}, {"~HI", answer_model}, {"~HQES", answer_errors}};
    for (size_t i = 0; i < sizeof immediate / sizeof immediate[0]; i++)
        if (ends_with(bytes, immediate[i].command)) {
            drop_end(bytes, strlen(immediate[i].command));
            immediate[i].answer(printer, answers);
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
        end_format(printer, answers);
}

void fake_printer_power_cycle(struct fake_printer *printer)
{
    if (!has(printer, FAKE_KEEP_WAITING))
        forget_waiting(printer);
    buffer_clear(&printer->format);
    buffer_clear(&printer->command);
    if (has(printer, FAKE_VOLATILE))
        printer->counter = printer->kept;
    printer->kept = printer->counter;
}

static void break_here(struct fake_printer *printer)
{
    printer->reset_at = -1;
    if (printer->lose_power)
        fake_printer_power_cycle(printer);
    printer->lose_power = false;
    fake_printer_hang_up(printer);
}

bool fake_printer_receive(struct fake_printer *printer, const void *bytes, size_t length, struct buffer *answers)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < length; i++) {
        if (printer->received == printer->fault_at)
            fake_printer_set(printer, printer->fault, true);
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
