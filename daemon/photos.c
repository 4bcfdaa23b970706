/* SPDX-License-Identifier: Apache-2.0 */
/* A photo comes in three steps: its bytes, the disk, the station, which decides it as it does a scan. Its file stays if
   a row of the station names it. */
#include "daemon/photos.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/photo_file.h"
#include "daemon/store/records.h"
#include "daemon/view.h"
#include "daemon/web/request.h"

#include <stdlib.h>
#include <string.h>

struct photos {
    struct command_options options;
    struct photo_files *files;
    struct taking *takings;
};

/* One that is on its way. */
struct taking {
    struct photos *photos;
    struct taking *next;
    const struct station_lane *lane;
    struct photo_upload *upload;
    struct web_request *request; /* NULL: nobody waits for the answer any more */
    bool submitted;              /* the station has it */
};

static void forget(struct taking *taking, bool keep)
{
    struct taking **link = &taking->photos->takings;
    while (*link != taking)
        link = &(*link)->next;
    *link = taking->next;
    photo_end(taking->upload, keep);
    free(taking);
}

/* ---- the station's answer ---- */

/* Of a lesson, or of a refused photo, there is no row. Whoever cannot look keeps the file. */
static bool is_named(const struct taking *taking)
{
    struct photo photo;
    struct error err = {0};
    if (records_photo(taking->photos->options.store, photo_of(taking->upload)->sha256, &photo, &err))
        return photo.sha256[0] != '\0';
    log_write(LOG_ERR, "photo: %s", err.message);
    return true;
}

static json_t *photo_json(const struct photo *photo)
{
    char type[16];
    TEXT_FORMAT(type, "image/%s", name_of(&photo_type_names, (int)photo->type));
    return json_pack("{s:s, s:s, s:I}", "sha256", photo->sha256, "type", type, "size", (json_int_t)photo->size);
}

static void answered(void *context, const struct station_answer *answer)
{
    struct taking *taking = context;
    bool taken = answer->stored && (answer->signal == SIGNAL_OK || answer->signal == SIGNAL_INFO);
    if (taking->request != NULL) {
        json_t *body = view_answer(taking->photos->options.catalog, answer);
        json_object_set_new(body, "photo", taken ? photo_json(photo_of(taking->upload)) : json_null());
        web_reply_json(taking->request, 200, body);
    }
    forget(taking, is_named(taking));
}

/* The station decides what it has all the same. */
static void cancelled(struct web_request *request, void *context)
{
    (void)request;
    struct taking *taking = context;
    taking->request = NULL;
    if (!taking->submitted)
        forget(taking, false);
}

static void on_disk(void *context, const struct error *fault)
{
    struct taking *taking = context;
    const struct photo *photo = photo_of(taking->upload);
    struct error err = {0};
    char code[SHA256_SIZE + 8];
    TEXT_FORMAT(code, "photo %s", photo->sha256);
    struct station_scan scan = {.lane = taking->lane->name, .device = "api", .bytes = code, .length = strlen(code),
                                .total = strlen(code), .aim = "", .photo = photo};
    if (fault == NULL && station_submit(taking->photos->options.station, &scan, answered, taking, &err)) {
        taking->submitted = true;
        return;
    }
    web_reply_fault(taking->request, fault != NULL ? fault : &err);
    forget(taking, is_named(taking));
}

/* ---- its bytes ---- */

static bool has_room(const struct photos *photos, struct error *err)
{
    return !retention_status(photos->options.retention).disk_low ||
           error_set(err, ERROR_FULL, "the disk is nearly full: what is left is for scans");
}

/* What is announced as too big is not even read. */
static bool is_small_enough(const struct photos *photos, const struct web_request *request, struct error *err)
{
    const char *announced = web_request_header(request, "Content-Length");
    size_t max = photo_files_max(photos->files);
    int64_t length = 0;
    return announced == NULL || !text_to_int64(announced, &length) || length <= (int64_t)max ||
           error_set(err, ERROR_TOO_BIG, "a photo has at most %zu MiB", max >> 20);
}

static void *opens(struct web_request *request, void *context)
{
    struct photos *photos = context;
    struct error err = {0};
    const struct station_lane *lane =
        station_find_lane(photos->options.station, web_request_parameter(request, "lane"));
    struct photo_upload *upload = NULL;
    if (lane == NULL)
        error_set(&err, ERROR_NOT_FOUND, "no such lane");
    else if (has_room(photos, &err) && is_small_enough(photos, request, &err))
        upload = photo_begin(photos->files, &err);
    if (upload == NULL) {
        web_reply_fault(request, &err);
        return NULL;
    }
    struct taking *taking = memory_new(1, sizeof *taking);
    *taking = (struct taking){.photos = photos, .next = photos->takings, .lane = lane, .upload = upload,
                              .request = request};
    photos->takings = taking;
    return taking;
}

static bool takes(void *upload, const void *bytes, size_t length, struct error *err)
{
    struct taking *taking = upload;
    return photo_write(taking->upload, bytes, length, err);
}

static void ends(void *upload)
{
    forget(upload, false);
}

static void post_photo(struct web_request *request, void *context)
{
    (void)context;
    struct taking *taking = web_request_upload(request);
    struct error err = {0};
    if (photo_finish(taking->upload, on_disk, taking, &err)) {
        web_request_defer(request, cancelled, taking);
        return;
    }
    web_reply_fault(request, &err);
    forget(taking, false);
}

/* ---- given again ---- */

/* The hash is looked for in the table, and the path is made of what is found there. */
static void get_photo(struct web_request *request, void *context)
{
    struct photos *photos = context;
    struct error err = {0};
    struct photo photo;
    char type[16];
    size_t size = 0;
    int fd = -1;
    if (records_photo(photos->options.store, web_request_parameter(request, "photo"), &photo, &err)) {
        if (photo.sha256[0] == '\0')
            error_set(&err, ERROR_NOT_FOUND, "no such photo");
        else
            fd = photo_open(photos->files, &photo, &size, &err);
    }
    TEXT_FORMAT(type, "image/%s", name_of(&photo_type_names, (int)photo.type));
    if (fd >= 0)
        web_reply_file(request, type, fd, size);
    else
        web_reply_fault(request, &err);
}

struct photos *photos_new(struct loop *loop, struct web_server *server, const struct config *config,
                          const struct command_options *options, struct error *err)
{
    static const struct web_upload upload = {
        .limit = (size_t)PHOTO_MB_MOST << 20, .begin = opens, .chunk = takes, .abort = ends};
    static const struct web_route routes[] = {
        {"POST", "/api/v1/lanes/{lane}/photos", post_photo, &upload},
        {"GET", "/api/v1/photos/{photo}", get_photo, NULL},
    };
    struct photo_files *files =
        photo_files_new(loop, config->state_directory, (size_t)config->photo_max_mb << 20, err);
    if (files == NULL)
        return NULL;
    struct photos *photos = memory_new(1, sizeof *photos);
    *photos = (struct photos){.options = *options, .files = files};
    web_server_add_routes(server, routes, COUNT_OF(routes), photos);
    return photos;
}

struct photos *photos_free(struct photos *photos)
{
    if (photos == NULL)
        return NULL;
    while (photos->takings != NULL)
        forget(photos->takings, true);
    photo_files_free(photos->files);
    free(photos);
    return NULL;
}
