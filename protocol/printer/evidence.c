/* SPDX-License-Identifier: Apache-2.0 */
/* A table: the first row that holds decides. Its last row of each half is the careful one. */
#include "protocol/printer/evidence.h"

#include <stddef.h>

typedef bool row_fn(const struct evidence *evidence, const struct printer_status *status);

static bool is_other_printer(const struct evidence *evidence, const struct printer_status *status)
{
    (void)status;
    return !evidence->same_printer;
}

/* ---- without a counter ---- */

static bool is_uncounted(const struct evidence *evidence, const struct printer_status *status)
{
    return evidence->counter_before < 0 || (status->answered && status->counter < 0);
}

static bool is_uncounted_elsewhere(const struct evidence *evidence, const struct printer_status *status)
{
    return is_uncounted(evidence, status) && !evidence->here;
}

static bool is_uncounted_done(const struct evidence *evidence, const struct printer_status *status)
{
    return is_uncounted(evidence, status) && evidence->sent && (status->mute || printer_status_clean(status));
}

static bool is_uncounted_mute(const struct evidence *evidence, const struct printer_status *status)
{
    return is_uncounted(evidence, status) && status->mute;
}

/* ---- with a counter ---- */

static bool is_silent(const struct evidence *evidence, const struct printer_status *status)
{
    (void)evidence;
    return !status->answered;
}

static bool is_counted_once(const struct evidence *evidence, const struct printer_status *status)
{
    return evidence->counter_before >= 0 && status->counter == evidence->counter_before + 1 &&
           printer_status_clean(status);
}

static bool is_counted_otherwise(const struct evidence *evidence, const struct printer_status *status)
{
    return !is_uncounted(evidence, status) && status->counter != evidence->counter_before &&
           status->counter != evidence->counter_before + 1;
}

static bool is_faulty(const struct evidence *evidence, const struct printer_status *status)
{
    (void)evidence;
    return printer_status_fault(status) != NULL;
}

static bool is_in_work(const struct evidence *evidence, const struct printer_status *status)
{
    return !printer_status_clean(status) || (evidence->here && !evidence->sent) ||
           evidence->quiet_ms < EVIDENCE_SETTLE_MS;
}

static bool is_swallowed(const struct evidence *evidence, const struct printer_status *status)
{
    (void)status;
    return evidence->here;
}

static bool is_unprinted(const struct evidence *evidence, const struct printer_status *status)
{
    (void)status;
    return evidence->counter_safe;
}

static bool always(const struct evidence *evidence, const struct printer_status *status)
{
    (void)evidence, (void)status;
    return true;
}

static const struct {
    row_fn *holds;
    enum evidence_says says;
    const char *reason; /* NULL = the printer's fault */
} rows[] = {
    {is_other_printer, EVIDENCE_UNKNOWN, "other_printer"},
    {is_uncounted_elsewhere, EVIDENCE_UNKNOWN, "no_counter"},
    {is_uncounted_done, EVIDENCE_SENT, ""},
    {is_uncounted_mute, EVIDENCE_WAIT, ""},
    {is_silent, EVIDENCE_FAULT, NULL},
    {is_counted_otherwise, EVIDENCE_UNKNOWN, "counter_moved"},
    {is_counted_once, EVIDENCE_PRINTED, ""},
    {is_faulty, EVIDENCE_FAULT, NULL},
    {is_in_work, EVIDENCE_WAIT, ""},
    {is_swallowed, EVIDENCE_UNKNOWN, "swallowed"},
    {is_unprinted, EVIDENCE_UNPRINTED, ""},
    {always, EVIDENCE_UNKNOWN, "counter_unsafe"},
};

enum evidence_says evidence_judge(const struct evidence *evidence, const struct printer_status *status,
                                  const char **ret_reason)
{
    size_t i = 0;
    while (!rows[i].holds(evidence, status))
        i++;
    const char *fault = printer_status_fault(status);
    *ret_reason = rows[i].reason != NULL ? rows[i].reason : fault != NULL ? fault : "";
    return rows[i].says;
}
