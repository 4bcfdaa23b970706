/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the core: the table of what the ERP's word does. The first row of its kind whose guard holds is applied. */
#ifndef DAEMON_CORE_EFFECT_ROWS_H
#define DAEMON_CORE_EFFECT_ROWS_H

#include "daemon/core/turn.h"

struct effect_row {
    const char *name;
    enum effect_kind kind;
    bool (*guard)(const struct turn *turn);
    void (*apply)(struct turn *turn);
};
/* Those about units are tried first. */
extern const struct effect_row unit_effects[], parcel_effects[];
extern const size_t unit_effect_count, parcel_effect_count;

/* What is decided. */
const struct effect *effect_told(const struct turn *turn);
/* Answers an effect: whoever has the goods in hand reads it. */
void effect_say(struct turn *turn, struct message message);
/* An exception is all there is to it. */
void effect_exception(struct turn *turn, const char *type, bool of_unit);

#endif
