/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures on their way to the disk, on the real loop and a scratch folder. */
#include "daemon/photo_file.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JPEG "\xFF\xD8\xFF\xE0 0123456789"

static struct {
    struct loop *loop;
    struct photo_files *files;
    char folder[64];
    struct error err;
    int done, failed;
} seen;

static void begin(size_t max)
{
    memset(&seen, 0, sizeof seen);
    TEXT_COPY(seen.folder, "/tmp/returnsd-photo-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(seen.folder));
    seen.loop = loop_new(&seen.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(seen.loop);
    seen.files = photo_files_new(seen.loop, seen.folder, max, &seen.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(seen.files);
}

static void end(void)
{
    char command[128];
    seen.files = photo_files_free(seen.files);
    seen.loop = loop_free(seen.loop);
    TEXT_FORMAT(command, "rm -r %s", seen.folder);
    CU_ASSERT_EQUAL(system(command), 0);
}

static void on_done(void *context, const struct error *err)
{
    (void)context;
    seen.done++;
    seen.failed += err != NULL;
}

static bool exists(const struct photo *photo)
{
    char path[256];
    struct stat about;
    TEXT_FORMAT(path, "%s/photos/%.2s/%s.jpg", seen.folder, photo->sha256, photo->sha256);
    return stat(path, &about) == 0 && (about.st_mode & 07777) == 0640;
}

static int count_begun(void)
{
    char path[128];
    TEXT_FORMAT(path, "%s/photos", seen.folder);
    DIR *directory = opendir(path);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += strstr(entry->d_name, ".part") != NULL;
    closedir(directory);
    return count;
}

static struct photo_upload *start(const char *bytes)
{
    struct photo_upload *upload = photo_begin(seen.files, &seen.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(upload);
    CU_ASSERT_TRUE(photo_write(upload, bytes, strlen(bytes), &seen.err));
    return upload;
}

static void finish(struct photo_upload *upload)
{
    int before = seen.done;
    CU_ASSERT_TRUE_FATAL(photo_finish(upload, on_done, NULL, &seen.err));
    CU_ASSERT_EQUAL(seen.done, before); /* never from inside */
    while (seen.done == before)
        CU_ASSERT_TRUE_FATAL(loop_turn(seen.loop, &seen.err));
}

static void its_name_is_its_hash(void)
{
    begin(1 << 20);
    umask(0027);
    struct photo_upload *upload = start(JPEG);
    CU_ASSERT_EQUAL(count_begun(), 1);
    finish(upload);
    const struct photo *photo = photo_of(upload);
    /* printf '\xFF\xD8\xFF\xE0 0123456789' | sha256sum */
    CU_ASSERT_STRING_EQUAL(photo->sha256, "0d1535977acb7e73e49120fd29362558628b68d07c19bb3cef4d71a52d9f4fd7");
    CU_ASSERT_EQUAL(photo->type, PHOTO_JPEG);
    CU_ASSERT_EQUAL(photo->size, (int64_t)strlen(JPEG));
    CU_ASSERT_TRUE(exists(photo));
    CU_ASSERT_EQUAL(count_begun(), 0);
    struct photo copy = *photo;
    photo_end(upload, true);
    char bytes[64] = "";
    size_t size = 0;
    int fd = photo_open(seen.files, &copy, &size, &seen.err);
    CU_ASSERT_EQUAL(size, strlen(JPEG));
    CU_ASSERT_EQUAL(read(fd, bytes, sizeof bytes), (ssize_t)strlen(JPEG));
    CU_ASSERT_STRING_EQUAL(bytes, JPEG);
    close(fd);
    CU_ASSERT_EQUAL(seen.failed, 0);
    end();
}

static void one_that_nothing_names_goes_if_it_was_new(void)
{
    begin(1 << 20);
    struct photo_upload *first = start(JPEG), *second = start(JPEG);
    finish(first);
    finish(second);
    struct photo photo = *photo_of(first);
    photo_end(first, false); /* the second counts on it */
    CU_ASSERT_TRUE(exists(&photo));
    photo_end(second, false); /* it was there before the second */
    CU_ASSERT_TRUE(exists(&photo));
    struct photo_upload *other = start(JPEG " and more");
    finish(other);
    photo = *photo_of(other);
    CU_ASSERT_TRUE(exists(&photo));
    photo_end(other, false);
    CU_ASSERT_FALSE(exists(&photo));
    size_t size;
    CU_ASSERT_EQUAL(photo_open(seen.files, &photo, &size, &seen.err), -1);
    CU_ASSERT_EQUAL(seen.err.code, ERROR_NOT_FOUND);
    end();
}

static void it_may_be_as_large_as_allowed(void)
{
    begin(strlen(JPEG));
    struct photo_upload *upload = start(JPEG);
    CU_ASSERT_FALSE(photo_write(upload, "x", 1, &seen.err));
    CU_ASSERT_EQUAL(seen.err.code, ERROR_TOO_BIG);
    photo_end(upload, false);
    CU_ASSERT_EQUAL(count_begun(), 0);
    end();
}

/* Byte by byte too: it is known at the twelfth. */
static void what_it_is_is_told_by_its_first_bytes(void)
{
    static const struct {
        const char *bytes;
        int type; /* -1 = none */
    } cases[] = {{"\x89PNG\r\n\x1A\n1234", PHOTO_PNG}, {"RIFF1234WEBP", PHOTO_WEBP}, {"RIFF1234WAVE", -1},
                 {"RIFX1234WEBP", -1},  {"\xFF\xD8\xFE\xE0 0123456789", -1}, {"<!DOCTYPE html>", -1}};
    begin(1 << 20);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct photo_upload *upload = photo_begin(seen.files, &seen.err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(upload);
        for (size_t k = 0; k < 12; k++)
            CU_ASSERT_EQUAL(photo_write(upload, &cases[i].bytes[k], 1, &seen.err), k < 11 || cases[i].type >= 0);
        if (cases[i].type >= 0)
            CU_ASSERT_EQUAL(photo_of(upload)->type, (enum photo_type)cases[i].type);
        photo_end(upload, false);
    }
    struct photo_upload *cut_off = start("\xFF\xD8\xFF");
    CU_ASSERT_FALSE(photo_finish(cut_off, on_done, NULL, &seen.err));
    CU_ASSERT_EQUAL(seen.err.code, ERROR_INVALID);
    photo_end(cut_off, false);
    end();
}

static void not_too_many_at_once_and_none_left_behind(void)
{
    char path[128];
    begin(1 << 20);
    for (int i = 0; i < 8; i++)
        start(JPEG);
    CU_ASSERT_PTR_NULL(photo_begin(seen.files, &seen.err));
    CU_ASSERT_EQUAL(seen.err.code, ERROR_BUSY);
    seen.files = photo_files_free(seen.files);
    TEXT_FORMAT(path, "%s/photos/17.part", seen.folder);
    fclose(fopen(path, "w"));
    TEXT_FORMAT(path, "%s/photos/kept.txt", seen.folder);
    fclose(fopen(path, "w"));
    CU_ASSERT_EQUAL(count_begun(), 1);
    seen.files = photo_files_new(seen.loop, seen.folder, 1 << 20, &seen.err);
    CU_ASSERT_EQUAL(count_begun(), 0);
    CU_ASSERT_EQUAL(access(path, F_OK), 0);
    end();
}

static void a_folder_that_cannot_be_made_is_an_error(void)
{
    char path[128];
    begin(1 << 20);
    TEXT_FORMAT(path, "%s/file", seen.folder);
    fclose(fopen(path, "w"));
    CU_ASSERT_PTR_NULL(photo_files_new(seen.loop, path, 1, &seen.err));
    CU_ASSERT_EQUAL(seen.err.code, ERROR_SYSTEM);
    end();
}

SUITE("station/photo_file", {"its name is its hash", its_name_is_its_hash},
      {"one that nothing names goes if it was new", one_that_nothing_names_goes_if_it_was_new},
      {"it may be as large as allowed", it_may_be_as_large_as_allowed},
      {"what it is is told by its first bytes", what_it_is_is_told_by_its_first_bytes},
      {"not too many at once, and none left behind", not_too_many_at_once_and_none_left_behind},
      {"a folder that cannot be made is an error", a_folder_that_cannot_be_made_is_an_error})
