/* SPDX-License-Identifier: Apache-2.0 */
/* The versions of the rules. */
#include "daemon/store/rules.h"

#include "base/text.h"
#include "daemon/store/sql.h"

bool rules_keep(struct store *store, const char *kind, const char *id, int64_t version, const char *body, int64_t now,
                struct error *err)
{
    int64_t same;
    if (!sql_run(store, err, "INSERT OR IGNORE INTO rule_version(kind, id, version, body, since) VALUES(?,?,?,?,?)",
                 "ttiti", kind, id, version, body, now) ||
        !sql_int64(store, err, 0, &same, "SELECT body = ? FROM rule_version WHERE kind = ? AND id = ? AND version = ?",
                   "ttti", body, kind, id, version))
        return false;
    return same != 0 || error_set(err, ERROR_CONFLICT,
                                  "%s %s was in force with another content as version %lld: give it a new version",
                                  kind, id, (long long)version);
}

char *rules_body(struct store *store, const char *kind, const char *id, int64_t version, struct error *err)
{
    CLEANUP(sql_done)
    sqlite3_stmt *q = sql_query(store, err, "SELECT body FROM rule_version WHERE kind = ? AND id = ? AND version = ?",
                                "tti", kind, id, version);
    bool row;
    if (q == NULL || !sql_step(store, q, &row, err))
        return NULL;
    if (row)
        return memory_text(sql_text(q, 0));
    error_set(err, ERROR_NOT_FOUND, "no version %lld of %s %s", (long long)version, kind, id);
    return NULL;
}

#define GIVEN "FROM inbound WHERE kind = 'policy.upsert' AND body <> ''"

bool rules_given(struct store *store, bool (*take)(void *context, const char *body, struct error *err), void *context,
                 struct error *err)
{
    CLEANUP(sql_done) sqlite3_stmt *q = sql_query(store, err, "SELECT body " GIVEN " ORDER BY key", "");
    bool row = q != NULL;
    while (row)
        if (!sql_step(store, q, &row, err) || (row && !take(context, sql_text(q, 0), err)))
            return false;
    return q != NULL;
}

bool rules_stamp(struct store *store, int64_t *ret_stamp, struct error *err)
{
    return sql_int64(store, err, 0, ret_stamp, "SELECT coalesce(sum(version + 1), 0) " GIVEN, "");
}
