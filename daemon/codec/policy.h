/* SPDX-License-Identifier: Apache-2.0 */
/* The policy in JSON: what a return may become, by grade. */
#ifndef DAEMON_CODEC_POLICY_H
#define DAEMON_CODEC_POLICY_H

#include "daemon/codec/field.h"

/* Fields of the format that struct policy does not hold yet are told in notes (may be NULL), never applied silently. */
bool policy_decode(const json_t *json, struct policy *ret_policy, struct decode_notes *notes,
                   struct error *err) MUST_CHECK;
/* As policy_decode from a file; errors begin with its path, and the line where there is one. */
bool policy_load(const char *path, struct policy *ret_policy, struct error *err) MUST_CHECK;
json_t *policy_encode(const struct policy *policy);

#endif
