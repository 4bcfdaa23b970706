/* SPDX-License-Identifier: Apache-2.0 */
/* keys: the files that say who may connect to the feed. The daemon follows the directory, so nothing is restarted. */
#include "protocol/message/key.h"

#include "base/memory.h"
#include "base/text.h"
#include "ctl/ctl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 512

static bool path_of(const struct ctl *ctl, const char *name, const char *ending, char ret_path[PATH_SIZE],
                    struct error *err)
{
    return text_format(ret_path, PATH_SIZE, "%s/%s%s", ctl->keys, name, ending) ||
           error_set(err, ERROR_INVALID, "%s: the path is too long", ctl->keys);
}

static enum ctl_exit complain(enum ctl_exit exit, const struct error *err)
{
    ctl_complain("%s", err->message);
    return exit;
}

/* ---- files ---- */

/* Whoever may read the directory's keys may read this one: the daemon, although root has written it. */
static bool give_away(int fd, const char *directory)
{
    struct stat owner;
    return stat(directory, &owner) == 0 && (geteuid() != 0 || fchown(fd, owner.st_uid, owner.st_gid) == 0);
}

static bool write_all(const char *directory, const char *path, const struct buffer *text, bool replace)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replace ? O_TRUNC : O_EXCL), 0640);
    bool ok = fd >= 0 && fchmod(fd, 0640) == 0 && give_away(fd, directory) &&
              write(fd, text->data, text->length) == (ssize_t)text->length && fsync(fd) == 0;
    return fd >= 0 && close(fd) == 0 && ok;
}

/* Written beside it and renamed, so that the daemon never reads a half. */
static bool write_key(const struct ctl *ctl, const char *name, const char *ending, const struct key_file *file,
                      bool replace, struct error *err)
{
    char path[PATH_SIZE], draft[PATH_SIZE];
    if (!path_of(ctl, name, ending, path, err) || !path_of(ctl, name, ".new", draft, err))
        return false;
    if (!replace && access(path, F_OK) == 0)
        return error_set(err, ERROR_CONFLICT, "%s is there already", path);
    struct buffer text = BUFFER_EMPTY;
    key_file_write(file, &text);
    bool ok = write_all(ctl->keys, draft, &text, true) && rename(draft, path) == 0;
    explicit_bzero(text.data, text.length);
    buffer_done(&text);
    return ok || error_system(err, "cannot write %s", path);
}

static bool read_key(const char *path, struct key_file *ret_file, struct error *err)
{
    char text[KEY_FILE_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);
    bool ok = length >= 0 ? key_file_parse(text, (size_t)length, ret_file, err) || error_prefix(err, "%s", path)
                          : error_system(err, "cannot read %s", path);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* ---- making ---- */

static void make_pair(struct key_file *ret_file)
{
    unsigned char public_key[KEY_BYTES], secret_key[KEY_BYTES];
    crypto_box_keypair(public_key, secret_key);
    key_encode(public_key, ret_file->public_key);
    key_encode(secret_key, ret_file->secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
}

static bool check_name(const char *name, struct error *err)
{
    size_t length = strlen(name);
    return (length > 0 && length < FEED_CONSUMER_SIZE && strspn(name, FEED_CONSUMER_CHARACTERS) == length &&
            name[0] != '.') ||
           error_set(err, ERROR_INVALID, "\"%s\" cannot be a consumer's name: 1 to 40 of A-Z a-z 0-9 . _ -", name);
}

static bool take_rights(const struct ctl *ctl, struct key_file *file, struct error *err)
{
    if (!key_rights_parse(ctl->rights != NULL ? ctl->rights : "read", &file->rights))
        return error_set(err, ERROR_INVALID, "--rights \"%s\": allowed: read, put, decide, lookup", ctl->rights);
    return TEXT_COPY(file->owners, ctl->owners != NULL ? ctl->owners : "") ||
           error_set(err, ERROR_INVALID, "--owners: too long");
}

enum ctl_exit ctl_keys_init(struct ctl *ctl)
{
    struct key_file pair = {0};
    struct error err = {0};
    if (sodium_init() < 0)
        return CTL_FAULT;
    if (mkdir(ctl->keys, 0750) != 0 && errno != EEXIST) {
        error_system(&err, "cannot make %s", ctl->keys);
        return complain(CTL_FAULT, &err);
    }
    make_pair(&pair);
    if (!write_key(ctl, KEY_STATION_FILE, "", &pair, false, &err))
        return complain(err.code == ERROR_CONFLICT ? CTL_REFUSED : CTL_FAULT, &err);
    printf("%s\n", pair.public_key);
    return CTL_OK;
}

static enum ctl_exit add(struct ctl *ctl, struct key_file *file, bool replace)
{
    struct error err = {0};
    char revoked[PATH_SIZE];
    if (!check_name(ctl->arguments[0], &err) || !take_rights(ctl, file, &err) ||
        !path_of(ctl, ctl->arguments[0], KEY_ENDING_REVOKED, revoked, &err))
        return complain(CTL_USAGE, &err);
    if (access(revoked, F_OK) == 0) {
        error_set(&err, ERROR_CONFLICT, "%s: the name's last key was revoked; take another name", revoked);
        return complain(CTL_REFUSED, &err);
    }
    if (!write_key(ctl, ctl->arguments[0], KEY_ENDING, file, replace, &err))
        return complain(err.code == ERROR_CONFLICT ? CTL_REFUSED : CTL_FAULT, &err);
    return CTL_OK;
}

enum ctl_exit ctl_keys_new(struct ctl *ctl)
{
    struct key_file pair = {0}, file = {0};
    if (sodium_init() < 0)
        return CTL_FAULT;
    make_pair(&pair);
    TEXT_COPY(file.public_key, pair.public_key);
    enum ctl_exit end = add(ctl, &file, false);
    if (end == CTL_OK)
        printf("public = %s\nsecret = %s\n", pair.public_key, pair.secret_key);
    return end;
}

enum ctl_exit ctl_keys_add(struct ctl *ctl)
{
    struct key_file file = {0};
    unsigned char bytes[KEY_BYTES];
    if (!key_decode(ctl->arguments[1], bytes)) {
        ctl_complain("\"%s\" is no public key: 40 characters of Z85", ctl->arguments[1]);
        return CTL_USAGE;
    }
    TEXT_COPY(file.public_key, ctl->arguments[1]);
    return add(ctl, &file, true);
}

enum ctl_exit ctl_keys_revoke(struct ctl *ctl)
{
    char from[PATH_SIZE], to[PATH_SIZE];
    struct error err = {0};
    if (!check_name(ctl->arguments[0], &err) || !path_of(ctl, ctl->arguments[0], KEY_ENDING, from, &err) ||
        !path_of(ctl, ctl->arguments[0], KEY_ENDING_REVOKED, to, &err))
        return complain(CTL_USAGE, &err);
    if (rename(from, to) == 0)
        return CTL_OK;
    bool missing = errno == ENOENT;
    error_system(&err, "cannot revoke %s", from);
    return complain(missing ? CTL_REFUSED : CTL_FAULT, &err);
}

/* ---- looking ---- */

static void print_key(const struct ctl *ctl, const char *name, bool revoked, const struct key_file *file)
{
    struct buffer rights = BUFFER_EMPTY;
    key_rights_write(revoked ? 0 : file->rights, &rights);
    if (ctl->json) {
        json_t *value = json_pack("{s:s, s:s, s:s, s:s, s:b}", "consumer", name, "public", file->public_key, "rights",
                                  buffer_text(&rights), "owners", file->owners, "revoked", revoked);
        ctl_print_json(value);
        json_decref(value);
    } else {
        printf("%s  %-20s %s%s%s\n", file->public_key, name, revoked ? "revoked" : buffer_text(&rights),
               file->owners[0] != '\0' ? ", owners " : "", file->owners);
    }
    buffer_done(&rights);
}

static bool list_file(const struct ctl *ctl, const char *entry, const char *ending, bool revoked)
{
    size_t length = strlen(entry), end = strlen(ending);
    char name[FEED_CONSUMER_SIZE], path[PATH_SIZE];
    struct key_file file;
    struct error err = {0};
    if (length <= end || !text_equal(entry + length - end, ending) || length - end >= sizeof name)
        return true;
    text_copy_bytes(name, sizeof name, entry, length - end);
    bool good = path_of(ctl, entry, "", path, &err) && read_key(path, &file, &err);
    if (good)
        print_key(ctl, name, revoked, &file);
    else
        ctl_complain("%s", err.message);
    return good;
}

enum ctl_exit ctl_keys_list(struct ctl *ctl)
{
    struct dirent **entries;
    int count = scandir(ctl->keys, &entries, NULL, alphasort);
    if (count < 0) {
        ctl_complain("cannot read %s: %s", ctl->keys, strerror(errno));
        return CTL_FAULT;
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        good = list_file(ctl, entries[i]->d_name, KEY_STATION_FILE + strlen("station"), false) && good;
        good = list_file(ctl, entries[i]->d_name, KEY_ENDING, false) && good;
        good = list_file(ctl, entries[i]->d_name, KEY_ENDING_REVOKED, true) && good;
        free(entries[i]);
    }
    free(entries);
    return good ? CTL_OK : CTL_REFUSED;
}
