/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as files under <state>/photos, named by their SHA-256: ab/abcdef….jpg. A picture that comes is written piece
   by piece, then brought to the disk in slices, so that scans come in between. */
#ifndef DAEMON_PHOTO_FILE_H
#define DAEMON_PHOTO_FILE_H

#include "base/loop.h"
#include "daemon/core/model.h"

#define PHOTO_MB_MOST 64 /* what a configuration may allow for one */

struct photo_files;
struct photo_upload;

/* Makes the directory, and removes what a killed process had begun in it. */
struct photo_files *photo_files_new(struct loop *loop, const char *state_directory, size_t max_bytes,
                                    struct error *err) MUST_CHECK;
/* Ends what is still coming. */
struct photo_files *photo_files_free(struct photo_files *files);
/* The bytes that a picture may have. */
size_t photo_files_max(const struct photo_files *files);

/* ERROR_BUSY if too many come at once. */
struct photo_upload *photo_begin(struct photo_files *files, struct error *err) MUST_CHECK;
/* ERROR_INVALID as soon as it is known to be no JPEG, PNG or WebP, ERROR_TOO_BIG, ERROR_FULL. */
bool photo_write(struct photo_upload *upload, const void *bytes, size_t length, struct error *err) MUST_CHECK;
/* It is whole: done is called once, never from inside, when file and name are on the disk (err NULL) or cannot be.
   False: it is too short for a picture, and done is not called. */
typedef void photo_done_fn(void *context, const struct error *err);
bool photo_finish(struct photo_upload *upload, photo_done_fn *done, void *context, struct error *err) MUST_CHECK;
/* Hash, type and size, once it is done. */
const struct photo *photo_of(const struct photo_upload *upload);
/* Ends an upload at any time; done is not called any more. keep: something names the file. Else it goes, if this upload
   had made it and no other one is about the same picture. Accepts NULL, returns NULL. */
struct photo_upload *photo_end(struct photo_upload *upload, bool keep);

/* Opens a picture for reading; -1 if its file is not there (ERROR_NOT_FOUND) or cannot be read. */
int photo_open(const struct photo_files *files, const struct photo *photo, size_t *ret_size, struct error *err) MUST_CHECK;

#endif
