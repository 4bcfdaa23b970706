/* SPDX-License-Identifier: Apache-2.0 */
/* The question that a lane asks, as screens show it: text, cards, what was typed so far (docs/api.md). */
#ifndef DAEMON_CODEC_QUESTION_H
#define DAEMON_CODEC_QUESTION_H

#include "daemon/core/facts.h"
#include "daemon/text/catalog.h"

#include <jansson.h>

/* null where the unit waits for no answer. */
json_t *question_json(const struct catalog *catalog, const struct lane_rules *rules, const struct unit_facts *unit);

#endif
