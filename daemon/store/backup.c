/* SPDX-License-Identifier: Apache-2.0 */
/* A copy gets its new stream before it gets its place, so that no crash can leave an old stream to be written twice. */
#include "daemon/store/backup.h"

#include "base/clock.h"
#include "base/text.h"
#include "daemon/store/sql.h"
#include "daemon/store/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 512
#define DATABASE "returnsd.db"

/* ---- check ---- */

static bool integrity(struct store *store, struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, "PRAGMA integrity_check(1)", "");
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return false;
    return text_equal(sql_text(q, 0), "ok") || error_set(err, ERROR_CORRUPT, "damaged: %s", sql_text(q, 0));
}

static bool events_whole(struct store *store, int64_t *ret_last, struct error *err)
{
    int64_t first, count;
    return outbox_range(store, &first, ret_last, err) &&
           sql_int64(store, err, 0, &count, "SELECT count(*) FROM event", "") &&
           (count == *ret_last - first + 1 || error_set(err, ERROR_CORRUPT, "events are missing: %lld of %lld to %lld",
                                                        (long long)count, (long long)first, (long long)*ret_last));
}

bool backup_check(const char *path, int64_t *ret_rows, int64_t *ret_last, struct error *err)
{
    struct store *store = store_open_read(path, err);
    bool good = store != NULL && integrity(store, err) && journal_verify(store, ret_rows, err) &&
                events_whole(store, ret_last, err);
    store_close(store);
    return good;
}

/* ---- make ---- */

static bool sync_path(const char *path, int flags, struct error *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool good = (fd >= 0 && fsync(fd) == 0) || error_system(err, "cannot write %s", path);
    if (fd >= 0)
        close(fd);
    return good;
}

bool backup_make(const char *path, const char *target, struct error *err)
{
    if (access(target, F_OK) == 0)
        return error_set(err, ERROR_CONFLICT, "%s is there already", target);
    struct store *store = store_open_read(path, err);
    bool good = store != NULL && sql_script(store, "PRAGMA query_only=OFF;", err) &&
                sql_run(store, err, "VACUUM INTO ?", "t", target) && sync_path(target, O_RDONLY, err);
    store_close(store);
    return good;
}

/* ---- restore ---- */

static bool join(char target[PATH_SIZE], const char *directory, const char *name, struct error *err)
{
    return text_format(target, PATH_SIZE, "%s/%s", directory, name) ||
           error_set(err, ERROR_INVALID, "%s: the path is too long", directory);
}

/* The copy, whole and with its new stream, in a directory of its own. */
static bool make_draft(const char *backup, const char *draft, struct error *err)
{
    char file[PATH_SIZE], lock[PATH_SIZE];
    if (!join(file, draft, DATABASE, err) || !join(lock, draft, "lock", err))
        return false;
    if (mkdir(draft, 0750) != 0 && errno != EEXIST)
        return error_system(err, "cannot make %s", draft);
    unlink(file);
    if (!backup_make(backup, file, err))
        return false;
    struct store *store = store_open(draft, err);
    bool good = store != NULL && stream_renew(store, err);
    store_close(store); /* brings all into the one file */
    unlink(lock);
    return good && sync_path(file, O_RDONLY, err);
}

/* The database and its log under another name: a log belongs to its database. */
static bool set_aside(const char *directory, char ret_kept[PATH_SIZE], struct error *err)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char file[PATH_SIZE], kept[PATH_SIZE], name[64];
    TEXT_FORMAT(name, DATABASE ".before-%lld", (long long)clock_read().now);
    if (!join(file, directory, DATABASE, err) || !join(kept, directory, name, err))
        return false;
    bool was_there = access(file, F_OK) == 0;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        char from[PATH_SIZE + 8], to[PATH_SIZE + 8];
        TEXT_FORMAT(from, "%s%s", file, endings[i]);
        TEXT_FORMAT(to, "%s%s", kept, endings[i]);
        if (rename(from, to) != 0 && errno != ENOENT)
            return error_system(err, "cannot rename %s", from);
    }
    text_copy(ret_kept, PATH_SIZE, was_there ? kept : "");
    return true;
}

/* Whoever owned the directory's database owns the new one. */
static bool take_place(const char *draft, const char *directory, struct error *err)
{
    char from[PATH_SIZE], to[PATH_SIZE];
    struct stat owner;
    if (!join(from, draft, DATABASE, err) || !join(to, directory, DATABASE, err))
        return false;
    return (stat(directory, &owner) == 0 && (geteuid() != 0 || chown(from, owner.st_uid, owner.st_gid) == 0) &&
            chmod(from, 0640) == 0 && rename(from, to) == 0 && rmdir(draft) == 0 &&
            sync_path(directory, O_RDONLY | O_DIRECTORY, err)) ||
           error_system(err, "cannot put it in its place");
}

static bool replace(const char *backup, const char *directory, char ret_kept[PATH_SIZE], struct error *err)
{
    char draft[PATH_SIZE];
    return join(draft, directory, "restoring", err) && make_draft(backup, draft, err) &&
           set_aside(directory, ret_kept, err) && take_place(draft, directory, err);
}

bool backup_restore(const char *backup, const char *directory, char ret_kept[PATH_SIZE], struct error *err)
{
    char path[PATH_SIZE];
    int64_t rows, last;
    if (!backup_check(backup, &rows, &last, err) || !join(path, directory, "lock", err))
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return error_system(err, "cannot open %s", path);
    bool good = flock(fd, LOCK_EX | LOCK_NB) == 0
                    ? replace(backup, directory, ret_kept, err)
                    : error_set(err, ERROR_BUSY, "%s is in use: stop returnsd first", directory);
    close(fd);
    return good;
}
