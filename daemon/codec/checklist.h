/* SPDX-License-Identifier: Apache-2.0 */
/* The checklist in JSON (docs/policies.md). */
#ifndef DAEMON_CODEC_CHECKLIST_H
#define DAEMON_CODEC_CHECKLIST_H

#include "daemon/codec/field.h"
#include "daemon/core/checklist.h"

/* Refuses what could not be asked: an option question without options, a condition on a question that does not come
   before, two questions of one id, a budget that is not what is asked. Names that mean nothing are told in notes (may
   be NULL). Free with checklist_done. */
bool checklist_decode(const json_t *json, struct checklist *ret_checklist, struct decode_notes *notes,
                      struct error *err) MUST_CHECK;
/* Every *.json of a folder, in the order of their names; two with one id or one category are an error. Free with
   checklist_set_done. */
bool checklist_set_load(const char *directory, struct checklist_set *ret_set, struct error *err) MUST_CHECK;
json_t *checklist_encode(const struct checklist *checklist);

#endif
