/* SPDX-License-Identifier: Apache-2.0 */
/* The station's one database: SQLite in WAL mode with synchronous=FULL. A commit that returned is on the disk. */
#ifndef DAEMON_STORE_STORE_H
#define DAEMON_STORE_STORE_H

#include "base/error.h"

#include <stdint.h>

struct store;

/* Opens or creates <directory>/returnsd.db and brings its schema up to date in one transaction. Takes the lock
   <directory>/lock: a second daemon gets ERROR_BUSY. A database of a newer program gives ERROR_NEWER, a damaged one
   ERROR_CORRUPT; neither is ever changed or deleted. */
struct store *store_open(const char *directory, struct error *err) MUST_CHECK;
/* For looking only: path is a state directory or a database file, of a station that is stopped or running, or a copy.
   Nothing is written, and no file is made beside it unless it has a log (-wal) to read. While a stopped station is open
   here, no daemon starts on it. Its stream is "". ERROR_NEWER as above; ERROR_INVALID if it is no database of ours. */
struct store *store_open_read(const char *path, struct error *err) MUST_CHECK;
/* Lengthens the log to what a checkpoint leaves it with, so that from the first commit on no commit has to store a new
   length of the file too: that costs a disk more than the data. What is in the log stays as it is. */
bool store_make_room(struct store *store, struct error *err) MUST_CHECK;
/* A copy in memory that trainees work on: the tables of the station empty, the directory (RMAs, products, people) that
   of the station as it is committed, for reading. Close it before the station. */
struct store *store_open_training(const struct store *station, struct error *err) MUST_CHECK;
struct store *store_close(struct store *store);

/* One transaction at a time: begin (IMMEDIATE) … commit or roll back. */
bool store_begin(struct store *store, struct error *err) MUST_CHECK;
bool store_commit(struct store *store, struct error *err) MUST_CHECK;
void store_rollback(struct store *store);
/* How many transactions were stored since it was opened. */
int64_t store_commits(const struct store *store);
/* How long COMMIT took, which is nearly all fsync: how many took at most limits_us[i], and longer (the last one). */
#define STORE_COMMIT_LIMITS 9
struct store_commit_times {
    int64_t counts[STORE_COMMIT_LIMITS + 1];
    int64_t total_us;
};
extern const int64_t store_commit_limits_us[STORE_COMMIT_LIMITS];
struct store_commit_times store_commit_times(const struct store *store);
/* False once an error has made SQLite roll the whole transaction back by itself. */
bool store_in_transaction(const struct store *store);
/* Inside it, one savepoint per scan: a scan that fails takes nothing of its neighbours with it. */
bool store_savepoint(struct store *store, struct error *err) MUST_CHECK;
bool store_release(struct store *store, struct error *err) MUST_CHECK;
void store_undo_savepoint(struct store *store);

/* 32 hex digits that name this database's event stream; made with the database. */
const char *store_stream(const struct store *store);
/* The directory given to store_open. */
const char *store_directory(const struct store *store);

#endif
