/* SPDX-License-Identifier: Apache-2.0 */
/* journal verify: whether every row of the journal is as it was written and follows the one before. */
#include "ctl/bytes.h"
#include "daemon/store/records.h"

#include <inttypes.h>

static void print(const struct ctl *ctl, int64_t rows, const char *hash, const char *problem)
{
    if (ctl->json) {
        json_t *value = json_pack("{s:b, s:I, s:s, s:s?}", "whole", problem == NULL, "rows", (json_int_t)rows, "hash",
                                  hash, "problem", problem);
        bytes_print_json(value);
        json_decref(value);
    } else if (problem == NULL)
        printf("%" PRId64 " rows, all as they were written; hash of the last: %s\n", rows, rows > 0 ? hash : "-");
    else
        printf("%" PRId64 " rows are as they were written, then: %s\n", rows, problem);
}

enum ctl_exit ctl_journal_verify(struct ctl *ctl)
{
    struct error err = {0};
    int64_t rows = 0;
    char hash[65] = "";
    struct store *store = store_open_read(ctl->arguments[0], &err);
    bool whole = store != NULL && journal_verify(store, &rows, &err) && journal_last_hash(store, hash, &err);
    if (whole)
        print(ctl, rows, hash, NULL);
    else if (store != NULL && err.code == ERROR_CORRUPT)
        print(ctl, rows, "", err.message);
    else
        ctl_complain("%s", err.message);
    store_close(store);
    return whole ? CTL_OK : err.code == ERROR_CORRUPT ? CTL_REFUSED : CTL_FAULT;
}
