/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a station's database: looking whether one is whole, making one, and putting one in its place. */
#ifndef DAEMON_STORE_BACKUP_H
#define DAEMON_STORE_BACKUP_H

#include "daemon/store/store.h"

/* Whether the file is whole by SQLite's own check, the journal's chain unbroken, and events without a gap; what is not
   is ERROR_CORRUPT. path as in store_open_read. ret_rows: of the journal; ret_last: the newest event. */
bool backup_check(const char *path, int64_t *ret_rows, int64_t *ret_last, struct error *err) MUST_CHECK;
/* A consistent copy in one file, of a running station too. target must not exist. */
bool backup_make(const char *path, const char *target, struct error *err) MUST_CHECK;
/* Puts a copy in the place of the database in directory, with a new stream; what was there is kept beside it under
   ret_kept ("" if there was none). The station must be stopped: else ERROR_BUSY. */
bool backup_restore(const char *backup, const char *directory, char ret_kept[512], struct error *err) MUST_CHECK;

#endif
