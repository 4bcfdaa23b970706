/* SPDX-License-Identifier: Apache-2.0 */
/* The rule of evidence: what a printer's status says about a label whose bytes are out, or may be. */
#ifndef PROTOCOL_PRINTER_EVIDENCE_H
#define PROTOCOL_PRINTER_EVIDENCE_H

#include "protocol/printer/status.h"

/* A printer that took a label in shows it within this time as waiting, as an error or on its counter: a label of 150 mm
   at 50 mm/s takes 3 s. Before that, "clean, and the counter stands" may be a label that is still being printed. */
#define EVIDENCE_SETTLE_MS 5000

struct evidence {
    int64_t counter_before; /* durable before the first byte; -1 = the printer did not tell it */
    bool same_printer;      /* the one that told counter_before */
    bool here;              /* sent on this very connection; else that was lost behind the first byte, or the daemon */
    bool sent;              /* every byte was accepted */
    bool counter_safe;      /* the counter survives a loss of power with the label that it counted */
    int64_t quiet_ms;       /* for how long the printer has been clean and its counter where it was */
};

enum evidence_says {
    EVIDENCE_WAIT,      /* in work */
    EVIDENCE_FAULT,     /* in work, and somebody has to help: the reason says with what */
    EVIDENCE_PRINTED,   /* it came out, once */
    EVIDENCE_SENT,      /* accepted by a printer that cannot say more */
    EVIDENCE_UNPRINTED, /* it never came out and never will: it may be sent again */
    EVIDENCE_UNKNOWN,   /* nobody knows: only a person may decide */
    EVIDENCE_COUNT,
};

/* ret_reason: a key such as "paper_out" or "counter_moved"; "" where there is none. */
enum evidence_says evidence_judge(const struct evidence *evidence, const struct printer_status *status,
                                  const char **ret_reason);

#endif
