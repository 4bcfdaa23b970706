/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that people keep as a folder of JSON files: one file, one rule. */
#ifndef DAEMON_CODEC_FOLDER_H
#define DAEMON_CODEC_FOLDER_H

#include "daemon/codec/field.h"

typedef bool folder_fn(void *context, const char *path, struct error *err);

/* Calls take with the path of every *.json of the folder, in the order of their names. A folder without one is an
   error. */
bool folder_each(const char *directory, folder_fn *take, void *context, struct error *err) MUST_CHECK;
/* The JSON of a file; errors begin with its path, and the line where there is one. */
json_t *folder_read(const char *path, struct error *err);
/* Fails if there were names that mean nothing: in a rule that people write they are mistakes. */
bool folder_all_known(const struct decode_notes *notes, struct error *err) MUST_CHECK;

#endif
