/* SPDX-License-Identifier: Apache-2.0 */
/* From a print request of the core to the bytes of a label: which template, which fields, which words. */
#ifndef DAEMON_LABELS_H
#define DAEMON_LABELS_H

#include "daemon/core/facts.h"
#include "daemon/text/catalog.h"
#include "protocol/label/label.h"

struct store;

struct label_maker {
    struct store *store;
    const struct catalog *catalog;
    const struct label_set *set;
    const char *station; /* as printed */
    bool demo;           /* station number 000 */
};

struct label {
    char code[VALUE_SIZE]; /* what its symbols hold */
    const char *template_hash;
    char carrier_hash[65]; /* template_hash of a label that is not ours */
    struct buffer zpl;
};

/* Renders outcome->print as it will be after the outcome. ERROR_TOO_BIG or ERROR_INVALID: it cannot be printed. Free
   ret_label->zpl, on failure too. */
bool labels_make(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome, int dpi,
                 struct label *ret_label, struct error *err) MUST_CHECK;

#endif
