/* SPDX-License-Identifier: Apache-2.0 */
/* Why goods come back: the codes of 10-domain §3 and the class that each belongs to. */
#ifndef DAEMON_CORE_REASON_H
#define DAEMON_CORE_REASON_H

#include "daemon/core/model.h"

enum reason_class {
    REASON_REGRET, REASON_DEFECT, REASON_LOGISTICS, REASON_WARRANTY, REASON_RECALL, REASON_CLASS_COUNT
};
extern const struct names reason_names, reason_class_names;

/* The class of a reason code. A code that the ERP added and this table does not know, and "", count as regret: the
   class that gives the fewest rights. */
enum reason_class reason_class(const char *code);

#endif
