/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a database to look at it: a station's own, stopped or running, or a copy of it somewhere. */
#include "base/text.h"
#include "daemon/store/journal.h"
#include "daemon/store/schema.h"
#include "daemon/store/sql.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sets store->directory and the path of the database. */
static bool find_database(struct store *store, const char *path, struct buffer *ret_file, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_system(err, "%s", path);
    const char *slash = strrchr(path, '/');
    bool is_directory = S_ISDIR(status.st_mode);
    struct buffer directory = BUFFER_EMPTY;
    if (is_directory)
        buffer_append_text(&directory, path);
    else
        buffer_append_format(&directory, "%.*s", slash != NULL ? (int)(slash - path) : 1, slash != NULL ? path : ".");
    store->directory = memory_text(slash == path && !is_directory ? "/" : buffer_text(&directory));
    buffer_done(&directory);
    buffer_append_format(ret_file, is_directory ? "%s/returnsd.db" : "%s", path);
    return is_directory || S_ISREG(status.st_mode) || error_set(err, ERROR_INVALID, "%s: not a database file", path);
}

/* True if a daemon works on it. Else, where there is a lock file, a shared lock keeps one from starting meanwhile. */
static bool is_running(struct store *store)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/lock", store->directory);
    store->lock_fd = open(buffer_text(&path), O_RDONLY | O_CLOEXEC);
    buffer_done(&path);
    return store->lock_fd >= 0 && flock(store->lock_fd, LOCK_SH | LOCK_NB) != 0;
}

static bool has_log(const struct buffer *file)
{
    struct stat status;
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s-wal", buffer_text(file));
    bool found = stat(buffer_text(&path), &status) == 0 && status.st_size > 0;
    buffer_done(&path);
    return found;
}

void sql_append_path(struct buffer *uri, const char *path)
{
    for (; *path != '\0'; path++)
        if (strchr("%?#", *path) != NULL)
            buffer_append_format(uri, "%%%02X", (unsigned char)*path);
        else
            buffer_append_byte(uri, (uint8_t)*path);
}

/* Nobody writes and all is in the one file: immutable, so that no file is made beside it. Else SQLite needs its own. */
static bool open_database(struct store *store, const struct buffer *file, struct error *err)
{
    bool is_still = !is_running(store) && !has_log(file);
    struct buffer uri = BUFFER_EMPTY;
    buffer_append_text(&uri, "file:");
    sql_append_path(&uri, buffer_text(file));
    buffer_append_text(&uri, is_still ? "?mode=ro&immutable=1" : "?mode=ro");
    int result = sqlite3_open_v2(buffer_text(&uri), &store->db,
                                 SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    buffer_done(&uri);
    if (result != SQLITE_OK)
        return sql_fail(store, err, "cannot open");
    sqlite3_busy_timeout(store->db, 1000);
    return journal_register(store, err) && sql_script(store, "PRAGMA trusted_schema=OFF; PRAGMA query_only=ON;", err) && schema_check(store, err);
}

struct store *store_open_read(const char *path, struct error *err)
{
    if (sodium_init() < 0) {
        error_set(err, ERROR_SYSTEM, "libsodium cannot start");
        return NULL;
    }
    struct buffer file = BUFFER_EMPTY;
    struct store *store = memory_new(1, sizeof *store);
    store->lock_fd = -1;
    bool good = find_database(store, path, &file, err) &&
                (open_database(store, &file, err) || error_prefix(err, "%s", buffer_text(&file)));
    buffer_done(&file);
    return good ? store : store_close(store);
}
