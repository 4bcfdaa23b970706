/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the key directory again whenever inotify tells of a change: adding and revoking needs no restart. */
#include "daemon/keys.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct keys {
    char *directory;
    struct key_file station;
    struct key list[KEYS_MAX];
    size_t count;
    int inotify;
    struct loop_source *source;
    loop_fn *changed;
    void *context;
};

static bool read_file(int directory, const char *name, struct key_file *ret_file, struct error *err)
{
    char text[KEY_FILE_MAX + 1];
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (length < 0)
        error_system(err, "cannot read");
    else if (length > KEY_FILE_MAX)
        error_set(err, ERROR_TOO_BIG, "a key file has at most %d bytes", KEY_FILE_MAX);
    bool good = length >= 0 && length <= KEY_FILE_MAX && key_file_parse(text, (size_t)length, ret_file, err);
    if (fd >= 0)
        close(fd);
    return good || error_prefix(err, "%s", name);
}

/* The consumer that a file is named by; false for files that are no consumer's. */
static bool consumer_of(const char *name, char ret_consumer[FEED_CONSUMER_SIZE], bool *ret_revoked)
{
    static const char *const endings[] = {KEY_ENDING, KEY_ENDING_REVOKED};
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t length = strlen(name), ending = strlen(endings[i]);
        if (length <= ending || length - ending >= FEED_CONSUMER_SIZE ||
            strspn(name, FEED_CONSUMER_CHARACTERS) != length || !text_equal(name + length - ending, endings[i]))
            continue;
        *ret_revoked = i == 1;
        return text_copy_bytes(ret_consumer, FEED_CONSUMER_SIZE, name, length - ending);
    }
    return false;
}

static void take_file(struct keys *keys, int directory, const char *name)
{
    struct key key = {0};
    struct key_file file;
    struct error err;
    if (!consumer_of(name, key.consumer, &key.revoked))
        return;
    if (keys->count == KEYS_MAX) {
        log_write(LOG_ERR, "keys: %s: more than %d keys", name, KEYS_MAX);
        return;
    }
    if (!read_file(directory, name, &file, &err)) {
        log_write(LOG_ERR, "keys: %s", err.message);
        return;
    }
    key_decode(file.public_key, key.bytes);
    key.rights = file.rights;
    TEXT_COPY(key.owners, file.owners);
    keys->list[keys->count++] = key;
}

static bool read_directory(struct keys *keys, struct error *err)
{
    DIR *directory = opendir(keys->directory);
    if (directory == NULL)
        return error_system(err, "cannot read the keys in %s", keys->directory);
    keys->count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        take_file(keys, dirfd(directory), entry->d_name);
    closedir(directory);
    return true;
}

static void on_change(void *context, int fd, uint32_t events)
{
    (void)events;
    struct keys *keys = context;
    char notes[4096];
    struct error err;
    while (read(fd, notes, sizeof notes) > 0)
        continue;
    if (!read_directory(keys, &err))
        log_write(LOG_ERR, "keys: %s", err.message);
    keys->changed(keys->context);
}

static bool read_station(struct keys *keys, struct error *err)
{
    int directory = open(keys->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = (directory >= 0 || error_system(err, "cannot open")) &&
                read_file(directory, KEY_STATION_FILE, &keys->station, err) &&
                (keys->station.secret_key[0] != '\0' ||
                 error_set(err, ERROR_INVALID, "%s: the secret key is missing", KEY_STATION_FILE));
    if (directory >= 0)
        close(directory);
    return good || error_prefix(err, "%s (returnsctl keys init makes the station's keys)", keys->directory);
}

static bool follow(struct keys *keys, struct loop *loop, struct error *err)
{
    keys->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (keys->inotify < 0 ||
        inotify_add_watch(keys->inotify, keys->directory, IN_CLOSE_WRITE | IN_MOVE | IN_DELETE | IN_ONLYDIR) < 0)
        return error_system(err, "cannot follow %s", keys->directory);
    keys->source = loop_add_io(loop, "keys", LOOP_NORMAL, keys->inotify, EPOLLIN, on_change, keys);
    return true;
}

struct keys *keys_open(struct loop *loop, const char *directory, loop_fn *changed, void *context, struct error *err)
{
    struct keys *keys = memory_new(1, sizeof *keys);
    *keys = (struct keys){.directory = memory_text(directory), .inotify = -1, .changed = changed, .context = context};
    if (read_station(keys, err) && follow(keys, loop, err) && read_directory(keys, err))
        return keys;
    return keys_close(keys);
}

struct keys *keys_close(struct keys *keys)
{
    if (keys == NULL)
        return NULL;
    loop_remove(keys->source);
    if (keys->inotify >= 0)
        close(keys->inotify);
    free(keys->directory);
    explicit_bzero(keys, sizeof *keys);
    free(keys);
    return NULL;
}

const struct key_file *keys_station(const struct keys *keys)
{
    return &keys->station;
}

const struct key *keys_find_bytes(const struct keys *keys, const unsigned char bytes[KEY_BYTES])
{
    const struct key *found = NULL;
    for (size_t i = 0; i < keys->count; i++)
        if (memcmp(keys->list[i].bytes, bytes, KEY_BYTES) == 0 && (found == NULL || keys->list[i].revoked))
            found = &keys->list[i];
    return found;
}

const struct key *keys_find(const struct keys *keys, const char *consumer)
{
    for (size_t i = 0; i < keys->count; i++)
        if (!keys->list[i].revoked && text_equal(keys->list[i].consumer, consumer) &&
            !keys_find_bytes(keys, keys->list[i].bytes)->revoked)
            return &keys->list[i];
    return NULL;
}
