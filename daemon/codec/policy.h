/* SPDX-License-Identifier: Apache-2.0 */
/* The policy in JSON (docs/policies.md). */
#ifndef DAEMON_CODEC_POLICY_H
#define DAEMON_CODEC_POLICY_H

#include "daemon/codec/field.h"
#include "daemon/core/policy.h"

/* Names that mean nothing are told in notes (may be NULL), never applied silently. Free with policy_done. */
bool policy_decode(const json_t *json, struct policy *ret_policy, struct decode_notes *notes,
                   struct error *err) MUST_CHECK;
/* As policy_decode from a file, where a name that means nothing is an error; errors begin with its path, and the line
   where there is one. */
bool policy_load(const char *path, struct policy *ret_policy, struct error *err) MUST_CHECK;
/* Every *.json of a folder, in the order of their names. Two with one id and version are an error, and so is none.
   Free with policy_set_done. */
bool policy_set_load(const char *directory, struct policy_set *ret_set, struct error *err) MUST_CHECK;
/* Puts a policy into the set in the place of all with its id; the set owns it then. */
void policy_set_put(struct policy_set *set, const struct policy *policy);
json_t *policy_encode(const struct policy *policy);

#endif
