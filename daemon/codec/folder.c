/* SPDX-License-Identifier: Apache-2.0 */
/* Walking a folder and reading its files. */
#include "daemon/codec/folder.h"

#include "base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int is_json(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

bool folder_each(const char *directory, folder_fn *take, void *context, struct error *err)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_json, alphasort);
    if (count < 0)
        return error_system(err, "cannot read %s", directory);
    bool ok = count > 0 || error_set(err, ERROR_NOT_FOUND, "%s: there is no .json file", directory);
    for (int i = 0; i < count; i++) {
        char path[1024];
        if (ok && !TEXT_FORMAT(path, "%s/%s", directory, entries[i]->d_name))
            ok = error_set(err, ERROR_TOO_BIG, "%s: the path is too long", directory);
        ok = ok && take(context, path, err);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

json_t *folder_read(const char *path, struct error *err)
{
    json_error_t where;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL && where.line > 0)
        error_set(err, ERROR_INVALID, "%s:%d: %s", path, where.line, where.text);
    else if (json == NULL)
        error_set(err, ERROR_INVALID, "%s: %s", path, where.text);
    return json;
}

bool folder_all_known(const struct decode_notes *notes, struct error *err)
{
    return notes->ignored_count == 0 || error_set(err, ERROR_INVALID, "%s: there is no such name", notes->ignored[0]);
}
