/* SPDX-License-Identifier: Apache-2.0 */
/* events replay: the stored events once, from the database itself, for whoever has to read them again. */
#include "base/memory.h"
#include "ctl/bytes.h"
#include "daemon/store/records.h"

#include <stdlib.h>

#define SLICE 64

/* Prints a slice; false at the end. */
static bool print_slice(struct store *store, int64_t *cursor, int64_t *left, bool *ret_more, struct error *err)
{
    struct event_row rows[SLICE];
    size_t count, max = *left >= 0 && *left < SLICE ? (size_t)*left : SLICE;
    int64_t before = *cursor;
    if (!outbox_read(store, *cursor, NULL, rows, max, &count, cursor, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        printf("%s\n", rows[i].body);
        free(rows[i].body);
    }
    *left -= *left >= 0 ? (int64_t)count : 0;
    *ret_more = *cursor > before && *left != 0;
    return true;
}

enum ctl_exit ctl_events_replay(struct ctl *ctl)
{
    struct error err = {0};
    int64_t cursor = ctl->after > 0 ? ctl->after : 0, left = ctl->count;
    struct store *store = store_open_read(ctl->argument_count > 0 ? ctl->arguments[0] : STATE_DEFAULT, &err);
    bool more = true, good = store != NULL;
    while (good && more)
        good = print_slice(store, &cursor, &left, &more, &err);
    if (!good)
        ctl_complain("%s", err.message);
    store_close(store);
    return good ? CTL_OK : CTL_FAULT;
}
