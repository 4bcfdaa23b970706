/* SPDX-License-Identifier: Apache-2.0 */
/* photo add, photo get: a photo of what a lane has in hand, and the picture again. */
#include "base/memory.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell_nothing(int64_t sent)
{
    (void)sent;
}

static FILE *open_picture(const char *path, int64_t *ret_size)
{
    struct stat about;
    FILE *file = fopen(path, "rbe");
    if (file != NULL && fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode)) {
        *ret_size = about.st_size;
        return file;
    }
    CLEANUP(memory_free_at) char *shown = show_text(path);
    ctl_complain("%s: %s", shown, file == NULL ? strerror(errno) : "not a file");
    if (file != NULL)
        fclose(file);
    return NULL;
}

enum ctl_exit ctl_photo_add(struct ctl *ctl)
{
    enum ctl_exit end = CTL_FAULT;
    json_t *answer = NULL;
    int64_t size = 0;
    CLEANUP(memory_free_at) char *lane = ctl_find_lane(ctl, &end);
    FILE *file = lane != NULL ? open_picture(ctl->arguments[0], &size) : NULL;
    if (file == NULL)
        return lane == NULL ? end : CTL_FAULT;
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/lanes/{}/photos", lane);
    end = client_upload(ctl->client, path, file, size, tell_nothing, &answer);
    fclose(file);
    if (answer == NULL)
        return end;
    end = ctl_tell_answer(ctl, answer);
    const char *sha256 = show_string(json_object_get(answer, "photo"), "sha256");
    if (!ctl->json && sha256[0] != '\0')
        printf("%s\n", sha256);
    json_decref(answer);
    return end;
}

enum ctl_exit ctl_photo_get(struct ctl *ctl)
{
    if (isatty(STDOUT_FILENO)) {
        ctl_complain("photo get: a picture is nothing for a terminal: put > FILE behind it");
        return CTL_USAGE;
    }
    CLEANUP(memory_free_at) char *path = client_path("/api/v1/photos/{}", ctl->arguments[0]);
    return client_fetch(ctl->client, path, stdout);
}
