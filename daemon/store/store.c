/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the database safely, and its transactions. Nothing is ever deleted or rewritten on failure. */
#include "base/text.h"
#include "daemon/store/journal.h"
#include "daemon/store/schema.h"
#include "daemon/store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define LOG_PAGES 4000 /* up to a checkpoint */
#define LOG_BYTES (LOG_PAGES * INT64_C(4120))
/* Settings, measured: FULL loses no acknowledged commit in a power cut; no mmap, so that an I/O error is not a SIGBUS.
 */
static const char settings[] = "PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=FULL;"
                               "PRAGMA wal_autocheckpoint=4000;" /* LOG_PAGES */
                               "PRAGMA journal_size_limit=33554432;"
                               "PRAGMA cache_size=-16000;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA foreign_keys=OFF;"
                               "PRAGMA trusted_schema=OFF;";

static bool take_lock(struct store *store, struct error *err)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/lock", store->directory);
    store->lock_fd = open(buffer_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    bool ok = true;
    if (store->lock_fd < 0)
        ok = error_system(err, "cannot open %s", buffer_text(&path));
    else if (flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0)
        ok = errno == EWOULDBLOCK
                 ? error_set(err, ERROR_BUSY, "%s is in use by another returnsd", store->directory)
                 : error_system(err, "cannot lock %s", buffer_text(&path));
    buffer_done(&path);
    return ok;
}

static bool set_checkpoint_on_close(struct store *store, bool wanted)
{
    return sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !wanted, NULL) == SQLITE_OK;
}

static bool open_database(struct store *store, struct error *err)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/returnsd.db", store->directory);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* nobody asks for it, and it costs a lock an allocation */
    int result = sqlite3_open_v2(buffer_text(&path), &store->db,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = (result == SQLITE_OK || sql_fail(store, err, "cannot open")) && journal_register(store, err);
    /* Until it is known to be ours, nothing is written to it: no other journal mode, no checkpoint on closing. */
    ok = ok && set_checkpoint_on_close(store, false) && schema_upgrade(store, err) &&
         sql_script(store, settings, err) && set_checkpoint_on_close(store, true);
    if (!ok)
        error_prefix(err, "%s", buffer_text(&path));
    buffer_done(&path);
    return ok;
}

static bool read_stream(struct store *store, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, "SELECT value FROM meta WHERE name = 'stream'", "");
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    return (row && TEXT_COPY(store->stream, sql_text(q, 0)) && strlen(store->stream) == 32) ||
           error_set(err, ERROR_CORRUPT, "the database has no stream id");
}

struct store *store_open(const char *directory, struct error *err)
{
    if (sodium_init() < 0) {
        error_set(err, ERROR_SYSTEM, "libsodium cannot start");
        return NULL;
    }
    struct store *store = memory_new(1, sizeof *store);
    store->directory = memory_text(directory);
    store->lock_fd = -1;
    if (!take_lock(store, err) || !open_database(store, err) || !read_stream(store, err))
        return store_close(store);
    return store;
}

/* Behind what is there, and only zeros, which SQLite takes for the end of the log. Not one hole: a block that is
   written for the first time costs a commit as much as a longer file. No lock of SQLite's is on this file. */
static bool lengthen(int fd, struct error *err)
{
    static const char zeros[1 << 16];
    off_t end = lseek(fd, 0, SEEK_END);
    while (end >= 0 && end < LOG_BYTES) {
        ssize_t n = pwrite(fd, zeros, sizeof zeros, end);
        if (n <= 0)
            return error_system(err, "the database's log");
        end += n;
    }
    return (end >= 0 && fsync(fd) == 0) || error_system(err, "the database's log");
}

bool store_make_room(struct store *store, struct error *err)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/returnsd.db-wal", store->directory);
    int fd = open(buffer_text(&path), O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 ? lengthen(fd, err) : error_system(err, "cannot open %s", buffer_text(&path));
    if (fd >= 0)
        close(fd);
    buffer_done(&path);
    return ok;
}

struct store *store_close(struct store *store)
{
    if (store == NULL)
        return NULL;
    for (size_t i = 0; i < store->statement_count; i++)
        sqlite3_finalize(store->statements[i].statement);
    sqlite3_close(store->db);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    free(store->directory);
    free(store);
    return NULL;
}

bool store_begin(struct store *store, struct error *err)
{
    return sql_run(store, err, "BEGIN IMMEDIATE", "");
}

const int64_t store_commit_limits_us[STORE_COMMIT_LIMITS] = {100, 500, 1000, 2000, 5000, 10000, 50000, 100000, 500000};

static int64_t monotonic_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000) + time.tv_nsec / 1000;
}

static void count_commit(struct store_commit_times *times, int64_t took_us)
{
    size_t i = 0;
    while (i < STORE_COMMIT_LIMITS && took_us > store_commit_limits_us[i])
        i++;
    times->counts[i]++;
    times->total_us += took_us;
}

struct store_commit_times store_commit_times(const struct store *store)
{
    return store->commit_times;
}

bool store_commit(struct store *store, struct error *err)
{
    int64_t started = monotonic_us();
    if (sql_run(store, err, "COMMIT", "")) {
        store->commits++;
        count_commit(&store->commit_times, monotonic_us() - started);
        return true;
    }
    store_rollback(store);
    return error_prefix(err, "not stored");
}

void store_rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_in_transaction(const struct store *store)
{
    return !sqlite3_get_autocommit(store->db);
}

int64_t store_commits(const struct store *store)
{
    return store->commits;
}

bool store_savepoint(struct store *store, struct error *err)
{
    return sql_run(store, err, "SAVEPOINT scan", "");
}

bool store_release(struct store *store, struct error *err)
{
    return sql_run(store, err, "RELEASE scan", "");
}

void store_undo_savepoint(struct store *store)
{
    sqlite3_exec(store->db, "ROLLBACK TO scan; RELEASE scan", NULL, NULL, NULL);
}

const char *store_stream(const struct store *store)
{
    return store->stream;
}

const char *store_directory(const struct store *store)
{
    return store->directory;
}
