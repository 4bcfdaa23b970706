/* SPDX-License-Identifier: Apache-2.0 */
/* db: copies of the database and what to do with them. A copy that is used again always gets a new stream. */
#include "daemon/store/backup.h"

#include "ctl/ctl.h"
#include "daemon/store/stream.h"

#include <inttypes.h>
#include <stdio.h>

static enum ctl_exit judge(bool good, const struct error *err)
{
    if (good)
        return CTL_OK;
    ctl_complain("%s", err->message);
    return err->code == ERROR_SYSTEM || err->code == ERROR_IO ? CTL_FAULT : CTL_REFUSED;
}

enum ctl_exit ctl_db_check(struct ctl *ctl)
{
    struct error err = {0};
    int64_t rows, last;
    bool good = backup_check(ctl->arguments[0], &rows, &last, &err);
    if (good)
        printf("whole: %" PRId64 " journal rows, events up to %" PRId64 "\n", rows, last);
    return judge(good, &err);
}

enum ctl_exit ctl_db_backup(struct ctl *ctl)
{
    struct error err = {0};
    return judge(backup_make(ctl->arguments[0], ctl->arguments[1], &err), &err);
}

enum ctl_exit ctl_db_restore(struct ctl *ctl)
{
    struct error err = {0};
    char kept[512] = "";
    bool good = backup_restore(ctl->arguments[0], ctl->arguments[1], kept, &err);
    if (good && kept[0] != '\0')
        printf("what was there is now %s\n", kept);
    return judge(good, &err);
}

enum ctl_exit ctl_db_new_stream(struct ctl *ctl)
{
    struct error err = {0};
    struct store *store = store_open(ctl->arguments[0], &err);
    bool good = store != NULL && stream_renew(store, &err);
    if (good)
        printf("%s\n", store_stream(store));
    store_close(store);
    return judge(good, &err);
}
