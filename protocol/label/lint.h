/* SPDX-License-Identifier: Apache-2.0 */
/* The last check of a template: its samples must render, be understood by the preview, and fit, for every printer. */
#ifndef PROTOCOL_LABEL_LINT_H
#define PROTOCOL_LABEL_LINT_H

#include "base/error.h"
#include "protocol/label/template.h"

/* False with "path:line: …" in the message. */
bool label_lint(const struct label_template *template, struct error *err) MUST_CHECK;

#endif
