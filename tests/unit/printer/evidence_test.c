/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/printer/evidence.h"
#include "tests/support/suite.h"

#include <stdio.h>

#define CLEAN(count)                                                                                                   \
    {                                                                                                                  \
        .answered = true, .counter = (count)                                                                           \
    }
#define WAITING(count)                                                                                                 \
    {                                                                                                                  \
        .answered = true, .counter = (count), .formats_waiting = 1                                                     \
    }
#define PAPER_OUT(count)                                                                                               \
    {                                                                                                                  \
        .answered = true, .counter = (count), .conditions = 1U << PRINTER_PAPER_OUT                                    \
    }
#define SILENT                                                                                                         \
    {                                                                                                                  \
        .counter = -1                                                                                                  \
    }
#define MUTE                                                                                                           \
    {                                                                                                                  \
        .counter = -1, .mute = true                                                                                    \
    }

/* Sent on this connection; lost behind the first byte. Ten labels had come out before. */
#define HERE .counter_before = 10, .same_printer = true, .here = true, .sent = true
#define LOST .counter_before = 10, .same_printer = true, .counter_safe = true
#define SETTLED .quiet_ms = EVIDENCE_SETTLE_MS

static const struct {
    const char *name;
    struct evidence evidence;
    struct printer_status status;
    enum evidence_says says;
    const char *reason;
} rows[] = {
    {"counted once", {HERE}, CLEAN(11), EVIDENCE_PRINTED, ""},
    {"counted once, after a loss", {LOST}, CLEAN(11), EVIDENCE_PRINTED, ""},
    {"counted once, but something waits", {HERE}, WAITING(11), EVIDENCE_WAIT, ""},
    {"counted once, but no paper", {HERE}, PAPER_OUT(11), EVIDENCE_FAULT, "paper_out"},
    {"counted twice", {HERE}, CLEAN(12), EVIDENCE_UNKNOWN, "counter_moved"},
    {"counted backwards", {LOST}, CLEAN(9), EVIDENCE_UNKNOWN, "counter_moved"},
    {"in work", {HERE}, WAITING(10), EVIDENCE_WAIT, ""},
    {"not yet", {HERE, .quiet_ms = EVIDENCE_SETTLE_MS - 1}, CLEAN(10), EVIDENCE_WAIT, ""},
    {"swallowed", {HERE, SETTLED}, CLEAN(10), EVIDENCE_UNKNOWN, "swallowed"},
    {"on its way for long",
     {.counter_before = 10, .same_printer = true, .here = true, SETTLED},
     CLEAN(10),
     EVIDENCE_WAIT,
     ""},
    {"no paper", {HERE, SETTLED}, PAPER_OUT(10), EVIDENCE_FAULT, "paper_out"},
    {"no paper, after a loss", {LOST, SETTLED}, PAPER_OUT(10), EVIDENCE_FAULT, "paper_out"},
    {"silent", {HERE}, SILENT, EVIDENCE_FAULT, "silent"},
    {"silent, after a loss", {LOST, SETTLED}, SILENT, EVIDENCE_FAULT, "silent"},
    {"silent since the daemon started", {LOST, SETTLED}, MUTE, EVIDENCE_FAULT, "silent"},
    {"lost, perhaps still being printed", {LOST, .quiet_ms = EVIDENCE_SETTLE_MS - 1}, CLEAN(10), EVIDENCE_WAIT, ""},
    {"lost, waits in the printer", {LOST, SETTLED}, WAITING(10), EVIDENCE_WAIT, ""},
    {"lost for sure", {LOST, SETTLED}, CLEAN(10), EVIDENCE_UNPRINTED, ""},
    {"lost, on a counter that forgets",
     {.counter_before = 10, .same_printer = true, SETTLED},
     CLEAN(10),
     EVIDENCE_UNKNOWN,
     "counter_unsafe"},
    {"another printer",
     {.counter_before = 10, .counter_safe = true, SETTLED},
     CLEAN(10),
     EVIDENCE_UNKNOWN,
     "other_printer"},
    {"another printer, count fits",
     {.counter_before = 10, .counter_safe = true},
     CLEAN(11),
     EVIDENCE_UNKNOWN,
     "other_printer"},
    {"no counter, accepted",
     {.counter_before = -1, .same_printer = true, .here = true, .sent = true},
     CLEAN(-1),
     EVIDENCE_SENT,
     ""},
    {"no counter, no paper",
     {.counter_before = -1, .same_printer = true, .here = true, .sent = true},
     PAPER_OUT(-1),
     EVIDENCE_FAULT,
     "paper_out"},
    {"no counter, fell silent",
     {.counter_before = -1, .same_printer = true, .here = true, .sent = true},
     SILENT,
     EVIDENCE_FAULT,
     "silent"},
    {"never answers, accepted",
     {.counter_before = -1, .same_printer = true, .here = true, .sent = true},
     MUTE,
     EVIDENCE_SENT,
     ""},
    {"never answers, on its way", {.counter_before = -1, .same_printer = true, .here = true}, MUTE, EVIDENCE_WAIT, ""},
    {"no counter, lost",
     {.counter_before = -1, .same_printer = true, .counter_safe = true, SETTLED},
     CLEAN(-1),
     EVIDENCE_UNKNOWN,
     "no_counter"},
    {"never answers, lost", {.counter_before = -1, .same_printer = true}, MUTE, EVIDENCE_UNKNOWN, "no_counter"},
    {"the counter went away", {LOST, SETTLED}, CLEAN(-1), EVIDENCE_UNKNOWN, "no_counter"},
};

static void each_case_is_judged(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *reason = NULL;
        enum evidence_says says = evidence_judge(&rows[i].evidence, &rows[i].status, &reason);
        if (says != rows[i].says)
            printf("\n    %s: %d\n", rows[i].name, (int)says);
        CU_ASSERT_EQUAL(says, rows[i].says);
        CU_ASSERT_STRING_EQUAL(reason, rows[i].reason);
    }
}

/* Whatever the printer says: "again" needs a loss, the same printer, its old count, clean for long; "printed" the next.
 */
static void only_proof_resends(void)
{
    int unprinted = 0, printed = 0;
    for (unsigned bits = 0; bits < 1U << 10; bits++) {
        struct evidence evidence = {.counter_before = (bits & 1) != 0 ? 10 : -1,
                                    .same_printer = (bits & 2) != 0,
                                    .here = (bits & 4) != 0,
                                    .sent = (bits & 8) != 0,
                                    .counter_safe = (bits & 16) != 0,
                                    .quiet_ms = (bits & 32) != 0 ? EVIDENCE_SETTLE_MS : 0};
        for (int64_t count = -1; count < 14; count++) {
            struct printer_status status = {.answered = (bits & 64) != 0,
                                            .counter = count,
                                            .formats_waiting = (bits & 128) != 0,
                                            .mute = (bits & 256) != 0,
                                            .conditions = (bits & 512) != 0 ? 1U << PRINTER_PAUSED : 0};
            const char *reason;
            enum evidence_says says = evidence_judge(&evidence, &status, &reason);
            bool is_clean = printer_status_clean(&status) && evidence.same_printer && evidence.counter_before == 10;
            if (says == EVIDENCE_UNPRINTED) {
                CU_ASSERT_TRUE(is_clean && count == 10 && !evidence.here && evidence.counter_safe &&
                               evidence.quiet_ms > 0);
                unprinted++;
            }
            if (says == EVIDENCE_PRINTED) {
                CU_ASSERT_TRUE(is_clean && count == 11);
                printed++;
            }
        }
    }
    CU_ASSERT_TRUE(unprinted > 0 && printed > 0);
}

SUITE("printer/evidence", {"each case is judged", each_case_is_judged}, {"only proof resends", only_proof_resends})
