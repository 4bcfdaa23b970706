/* SPDX-License-Identifier: Apache-2.0 */
/* Labels and questions share one stream, so that a question leaves in the same write as the label in front of it. */
#include "drivers/printer_dialog.h"

#include "base/clock.h"
#include "base/text.h"

#define RECEIVED_MAX 8192 /* the answer to ^HH has some 2,500 bytes */

/* Questions that are asked again of a printer that refused them: they are short, and an answer changes much. */
#define PERSISTENT (QUESTION_BIT(QUESTION_FRAMES) | QUESTION_BIT(QUESTION_ODOMETER))

static void end_query(struct printer_dialog *dialog, struct printer_status *status)
{
    dialog->asking = false;
    loop_set_timer(dialog->limit, INT64_MAX);
    status->mute = !status->answered && (dialog->known & QUESTION_BIT(QUESTION_FRAMES)) == 0;
    TEXT_COPY(status->model, dialog->model);
    status->dots_per_mm = dialog->dots_per_mm;
    printer_tell_status(dialog->face, status);
}

/* Learns from what was received so far; the questions that are answered. */
static unsigned read_answers(struct printer_dialog *dialog, struct printer_status *ret_status)
{
    unsigned answered = printer_status_parse(&dialog->received, ret_status);
    bool was_mute = (dialog->refused & QUESTION_BIT(QUESTION_FRAMES)) != 0;
    dialog->known |= answered;
    dialog->refused = was_mute && ret_status->answered ? 0 : dialog->refused & ~answered;
    dialog->heard = dialog->heard || ret_status->answered;
    dialog->counts = dialog->counts || ret_status->counter >= 0;
    if (ret_status->dots_per_mm > 0) {
        TEXT_COPY(dialog->model, ret_status->model);
        dialog->dots_per_mm = ret_status->dots_per_mm;
    }
    return answered;
}

/* The limit is over. What never was answered is not waited for again; what once was and now is not, is silence. */
static void on_limit(void *context)
{
    struct printer_dialog *dialog = context;
    struct printer_status status;
    unsigned missing = dialog->awaited & ~read_answers(dialog, &status);
    if (!status.answered)
        missing |= QUESTION_BIT(QUESTION_FRAMES);
    dialog->refused |= missing & ~dialog->known;
    dialog->late = !status.answered || (missing & dialog->known) != 0;
    if (dialog->late)
        status = PRINTER_STATUS_SILENT;
    end_query(dialog, &status);
}

static void on_report(void *context)
{
    struct printer_dialog *dialog = context;
    if (!dialog->sent)
        return;
    dialog->sent = dialog->sending = false;
    printer_tell_sent(dialog->face);
}

void dialog_start(struct printer_dialog *dialog, struct printer *face)
{
    dialog->face = face;
    dialog->limit = loop_add_timer(face->loop, "printer query limit", LOOP_NORMAL, on_limit, dialog);
    dialog->report = loop_add_work(face->loop, "printer sent", LOOP_NORMAL, on_report, dialog);
}

void dialog_done(struct printer_dialog *dialog)
{
    dialog->limit = loop_remove(dialog->limit);
    dialog->report = loop_remove(dialog->report);
    buffer_done(&dialog->output);
    buffer_done(&dialog->received);
}

void dialog_reset(struct printer_dialog *dialog)
{
    dialog->sending = dialog->sent = dialog->asking = dialog->late = dialog->heard = false;
    dialog->label_end = dialog->query_end = 0;
    dialog->model[0] = '\0';
    dialog->dots_per_mm = 0;
    buffer_clear(&dialog->output);
    buffer_clear(&dialog->received);
    loop_set_timer(dialog->limit, INT64_MAX);
}

bool dialog_send(struct printer_dialog *dialog, const void *bytes, size_t length, struct error *err)
{
    if (dialog->sending)
        return error_set(err, ERROR_BUSY, "a label is being sent");
    if (length == 0)
        return error_set(err, ERROR_INVALID, "an empty label");
    buffer_append(&dialog->output, bytes, length);
    dialog->label_end = dialog->output.length;
    dialog->sending = true;
    return true;
}

static unsigned questions_of(const struct printer_dialog *dialog)
{
    unsigned asked = PERSISTENT | (QUESTION_BIT(QUESTION_ERRORS) & ~dialog->refused);
    if (dialog->dots_per_mm == 0)
        asked |= QUESTION_BIT(QUESTION_MODEL) & ~dialog->refused;
    bool has_no_odometer =
        !dialog->counts && ((dialog->known | dialog->refused) & QUESTION_BIT(QUESTION_ODOMETER)) != 0;
    if (has_no_odometer || (dialog->known & QUESTION_BIT(QUESTION_LABELS)) != 0)
        asked |= QUESTION_BIT(QUESTION_LABELS) & ~dialog->refused;
    return asked;
}

bool dialog_query(struct printer_dialog *dialog, struct error *err)
{
    if (dialog->asking)
        return error_set(err, ERROR_BUSY, "asked already");
    bool is_mute = (dialog->refused & QUESTION_BIT(QUESTION_FRAMES)) != 0;
    unsigned asked = questions_of(dialog);
    dialog->asking = true;
    dialog->awaited = asked & ~dialog->refused;
    buffer_clear(&dialog->received);
    if (dialog->query_end == 0) /* else an older question still waits to be written: one is enough */
        printer_status_ask(asked, &dialog->output);
    dialog->query_end = dialog->output.length;
    loop_set_timer(dialog->limit, clock_read().tick + (is_mute ? 0 : PRINTER_QUERY_LIMIT_MS));
    return true;
}

static size_t minus(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

void dialog_written(struct printer_dialog *dialog, size_t count)
{
    buffer_consume(&dialog->output, count);
    dialog->label_end = minus(dialog->label_end, count);
    dialog->query_end = minus(dialog->query_end, count);
    dialog->sent = dialog->sending && dialog->label_end == 0;
    if (dialog->sent)
        loop_post(dialog->report);
}

void dialog_received(struct printer_dialog *dialog, const void *bytes, size_t length)
{
    struct printer_status status;
    buffer_append(&dialog->received, bytes, length);
    unsigned missing = dialog->awaited & ~read_answers(dialog, &status);
    bool is_whole = status.answered && missing == 0;
    if (dialog->received.length > RECEIVED_MAX)
        buffer_consume(&dialog->received, dialog->received.length - RECEIVED_MAX);
    if (is_whole && dialog->asking && !dialog->late)
        end_query(dialog, &status);
}
