/* SPDX-License-Identifier: Apache-2.0 */
/* A picture on its way to the disk: a temporary file, its bytes, its name, in this order, and each step a turn of the
   loop of its own. Only then may a row name it. */
#include "daemon/photo_file.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT_ONCE 8
#define PATH_SIZE 512
#define HEAD_SIZE 12             /* bytes that tell what it is */
#define SLICE ((size_t)256 * 1024) /* that the disk takes within some ms */
#define BEGUN ".part"

enum stage { STAGE_COMING, STAGE_BYTES, STAGE_FILE, STAGE_NAME, STAGE_DONE };

struct photo_upload {
    struct photo_files *files;
    struct photo_upload *next;
    enum stage stage;
    int fd;
    char path[PATH_SIZE]; /* "" = it has its name */
    uint8_t head[HEAD_SIZE];
    size_t size, stored; /* stored: bytes that the disk has */
    crypto_hash_sha256_state hash;
    struct photo photo;
    bool is_new; /* nobody had this picture before */
    photo_done_fn *done;
    void *context;
};

struct photo_files {
    struct loop_source *work;
    char directory[PATH_SIZE];
    size_t max_bytes;
    uint64_t begun;
    struct photo_upload *uploads; /* in the order in which they came */
};

/* ---- what it is ---- */

static const struct {
    size_t at, length;
    const char *bytes;
} magic[PHOTO_TYPE_COUNT] = {
    [PHOTO_JPEG] = {0, 3, "\xFF\xD8\xFF"},
    [PHOTO_PNG] = {0, 8, "\x89PNG\r\n\x1A\n"},
    [PHOTO_WEBP] = {8, 4, "WEBP"},
};

static bool find_type(const uint8_t head[HEAD_SIZE], enum photo_type *ret_type)
{
    for (int type = 0; type < PHOTO_TYPE_COUNT; type++) {
        bool fits = memcmp(head + magic[type].at, magic[type].bytes, magic[type].length) == 0;
        if (fits && (type != PHOTO_WEBP || memcmp(head, "RIFF", 4) == 0)) {
            *ret_type = (enum photo_type)type;
            return true;
        }
    }
    return false;
}

static bool no_picture(struct error *err)
{
    return error_set(err, ERROR_INVALID, "this is no picture: a photo is JPEG, PNG or WebP");
}

/* ---- names ---- */

static void folder_of(const struct photo_files *files, const struct photo *photo, char ret_path[PATH_SIZE])
{
    text_format(ret_path, PATH_SIZE, "%s/%.2s", files->directory, photo->sha256);
}

static void path_of(const struct photo_files *files, const struct photo *photo, char ret_path[PATH_SIZE])
{
    static const char *const endings[PHOTO_TYPE_COUNT] = {"jpg", "png", "webp"};
    text_format(ret_path, PATH_SIZE, "%s/%.2s/%s.%s", files->directory, photo->sha256, photo->sha256,
                endings[photo->type]);
}

static bool make_directory(const char *path, bool *ret_made, struct error *err)
{
    *ret_made = mkdir(path, 0750) == 0;
    return *ret_made || errno == EEXIST || error_system(err, "cannot make %s", path);
}

/* A name is on the disk once its directory is. */
static bool store_directory_of(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        error_system(err, "cannot store %s", path);
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool is_begun(const char *name)
{
    size_t length = strlen(name), ending = strlen(BEGUN);
    return length > ending && text_equal(name + length - ending, BEGUN);
}

static void remove_begun(const struct photo_files *files)
{
    DIR *directory = opendir(files->directory);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (is_begun(entry->d_name))
            unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory != NULL)
        closedir(directory);
}

/* ---- the way to the disk ---- */

static struct photo_upload *oldest_whole(const struct photo_files *files)
{
    struct photo_upload *upload = files->uploads;
    while (upload != NULL && (upload->stage == STAGE_COMING || upload->stage == STAGE_DONE))
        upload = upload->next;
    return upload;
}

static bool disk_error(struct error *err, const char *what)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return error_set(err, ERROR_FULL, "the disk is full: the photo is not stored");
    return error_system(err, "%s", what);
}

/* A file system that cannot do it by parts does all of it in the next stage. */
static bool store_bytes(struct photo_upload *upload, struct error *err)
{
    const unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (sync_file_range(upload->fd, (off_t)upload->stored, (off_t)SLICE, all) != 0 &&
        (errno == EIO || errno == ENOSPC || errno == EDQUOT))
        return disk_error(err, "the photo cannot be written");
    upload->stored += SLICE;
    if (upload->stored >= upload->size)
        upload->stage = STAGE_FILE;
    return true;
}

static bool store_file(struct photo_upload *upload, struct error *err)
{
    bool ok = fsync(upload->fd) == 0 || disk_error(err, "the photo cannot be written");
    ok = close(upload->fd) == 0 && ok;
    upload->fd = -1;
    upload->stage = STAGE_NAME;
    return ok;
}

/* The same picture again takes the place of the file that is there: it is the same, or the file was damaged. */
static bool store_name(struct photo_upload *upload, struct error *err)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    bool made;
    folder_of(upload->files, &upload->photo, folder);
    path_of(upload->files, &upload->photo, path);
    if (!make_directory(folder, &made, err))
        return false;
    upload->is_new = access(path, F_OK) != 0;
    if (rename(upload->path, path) != 0)
        return disk_error(err, "the photo cannot be named");
    upload->path[0] = '\0';
    upload->stage = STAGE_DONE;
    return store_directory_of(folder, err) && (!made || store_directory_of(upload->files->directory, err));
}

static void on_work(void *context)
{
    static bool (*const stages[])(struct photo_upload *, struct error *) = {
        [STAGE_BYTES] = store_bytes, [STAGE_FILE] = store_file, [STAGE_NAME] = store_name};
    struct photo_files *files = context;
    struct photo_upload *upload = oldest_whole(files);
    struct error err = {0};
    if (upload == NULL)
        return;
    bool ok = stages[upload->stage](upload, &err);
    if (!ok)
        upload->stage = STAGE_DONE;
    loop_post(files->work); /* also for the next one */
    if (upload->stage == STAGE_DONE)
        upload->done(upload->context, ok ? NULL : &err);
}

/* ---- one upload ---- */

struct photo_upload *photo_begin(struct photo_files *files, struct error *err)
{
    struct photo_upload **end = &files->uploads;
    size_t count = 0;
    for (; *end != NULL; end = &(*end)->next)
        count++;
    if (count >= AT_ONCE) {
        error_set(err, ERROR_BUSY, "%d photos are coming already: send it again", AT_ONCE);
        return NULL;
    }
    struct photo_upload *upload = memory_new(1, sizeof *upload);
    upload->files = files;
    TEXT_FORMAT(upload->path, "%s/%llu" BEGUN, files->directory, (unsigned long long)++files->begun);
    upload->fd = open(upload->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (upload->fd < 0) {
        disk_error(err, "the photo cannot be written");
        free(upload);
        return NULL;
    }
    crypto_hash_sha256_init(&upload->hash);
    *end = upload;
    return upload;
}

static bool check_head(struct photo_upload *upload, const uint8_t *bytes, size_t length, struct error *err)
{
    if (upload->size >= HEAD_SIZE)
        return true;
    size_t wanted = HEAD_SIZE - upload->size, taken = length < wanted ? length : wanted;
    memcpy(upload->head + upload->size, bytes, taken);
    return taken < wanted || find_type(upload->head, &upload->photo.type) || no_picture(err);
}

bool photo_write(struct photo_upload *upload, const void *bytes, size_t length, struct error *err)
{
    const uint8_t *at = bytes;
    size_t max = upload->files->max_bytes;
    if (!check_head(upload, at, length, err))
        return false;
    if (length > max - upload->size)
        return error_set(err, ERROR_TOO_BIG, "a photo has at most %zu MiB", max >> 20);
    crypto_hash_sha256_update(&upload->hash, at, length);
    upload->size += length;
    while (length > 0) {
        ssize_t written = write(upload->fd, at, length);
        if (written < 0 && errno != EINTR)
            return disk_error(err, "the photo cannot be written");
        at += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

bool photo_finish(struct photo_upload *upload, photo_done_fn *done, void *context, struct error *err)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (upload->size < HEAD_SIZE)
        return no_picture(err);
    crypto_hash_sha256_final(&upload->hash, hash);
    sodium_bin2hex(upload->photo.sha256, sizeof upload->photo.sha256, hash, sizeof hash);
    upload->photo.size = (int64_t)upload->size;
    upload->done = done;
    upload->context = context;
    upload->stage = STAGE_BYTES;
    loop_post(upload->files->work);
    return true;
}

const struct photo *photo_of(const struct photo_upload *upload)
{
    return &upload->photo;
}

/* Another upload of the same picture counts on the file. */
static bool is_shared(const struct photo_upload *upload)
{
    for (const struct photo_upload *other = upload->files->uploads; other != NULL; other = other->next)
        if (other != upload && text_equal(other->photo.sha256, upload->photo.sha256))
            return true;
    return false;
}

static void unlink_upload(struct photo_upload *upload)
{
    struct photo_upload **link = &upload->files->uploads;
    while (*link != upload)
        link = &(*link)->next;
    *link = upload->next;
}

struct photo_upload *photo_end(struct photo_upload *upload, bool keep)
{
    if (upload == NULL)
        return NULL;
    char path[PATH_SIZE];
    path_of(upload->files, &upload->photo, path);
    if (upload->fd >= 0)
        close(upload->fd);
    if (upload->path[0] != '\0')
        unlink(upload->path);
    else if (!keep && upload->is_new && !is_shared(upload))
        unlink(path);
    unlink_upload(upload);
    free(upload);
    return NULL;
}

/* ---- the folder ---- */

int photo_open(const struct photo_files *files, const struct photo *photo, size_t *ret_size, struct error *err)
{
    char path[PATH_SIZE];
    struct stat about;
    path_of(files, photo, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        *ret_size = (size_t)about.st_size;
        return fd;
    }
    if (fd < 0 && errno != ENOENT)
        error_system(err, "the photo cannot be read");
    else
        error_set(err, ERROR_NOT_FOUND, "the photo is known, but its file is not here any more");
    if (fd >= 0)
        close(fd);
    return -1;
}

struct photo_files *photo_files_new(struct loop *loop, const char *state_directory, size_t max_bytes, struct error *err)
{
    struct photo_files *files = memory_new(1, sizeof *files);
    bool made;
    files->max_bytes = max_bytes;
    TEXT_FORMAT(files->directory, "%s/photos", state_directory);
    if (!make_directory(files->directory, &made, err) || (made && !store_directory_of(state_directory, err)) ||
        !store_directory_of(files->directory, err)) { /* also the folders that a killed process had made */
        free(files);
        return NULL;
    }
    remove_begun(files);
    files->work = loop_add_work(loop, "photos", LOOP_BACKGROUND, on_work, files);
    return files;
}

struct photo_files *photo_files_free(struct photo_files *files)
{
    if (files == NULL)
        return NULL;
    while (files->uploads != NULL)
        photo_end(files->uploads, true);
    loop_remove(files->work);
    free(files);
    return NULL;
}

size_t photo_files_max(const struct photo_files *files)
{
    return files->max_bytes;
}
