/* SPDX-License-Identifier: Apache-2.0 */
/* Loading, keeping versions, and swapping what is in force. */
#include "daemon/rulebook.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/checklist.h"
#include "daemon/codec/json.h"
#include "daemon/codec/policy.h"
#include "daemon/store/rules.h"
#include "daemon/store/store.h"

#include <stdlib.h>
#include <string.h>

struct rules {
    struct policy_set policies;
    struct checklist_set checklists;
};

struct rulebook {
    struct store *store;
    char directory[1024];
    struct rules rules; /* in force */
    int64_t stamp;      /* of the ERP's policies in it */
};

static void rules_done(struct rules *rules)
{
    policy_set_done(&rules->policies);
    checklist_set_done(&rules->checklists);
}

static bool rules_load(const char *directory, struct rules *rules, struct error *err)
{
    char policies[1100], checklists[1100];
    TEXT_FORMAT(policies, "%s/policies", directory);
    TEXT_FORMAT(checklists, "%s/checklists", directory);
    return policy_set_load(policies, &rules->policies, err) &&
           checklist_set_load(checklists, &rules->checklists, err);
}

static bool take_given(void *context, const char *body, struct error *err)
{
    struct rules *rules = context;
    struct policy policy;
    json_t *json = json_read(body, strlen(body), 1, err);
    bool ok = json != NULL && policy_decode(json, &policy, NULL, err);
    json_decref(json);
    if (ok)
        policy_set_put(&rules->policies, &policy);
    return ok || error_prefix(err, "a policy of the ERP");
}

static bool keep(struct store *store, const char *kind, const char *id, int64_t version, json_t *json, int64_t now,
                 struct error *err)
{
    struct buffer body = BUFFER_EMPTY;
    json_write(json, &body);
    json_decref(json);
    bool ok = rules_keep(store, kind, id, version, buffer_text(&body), now, err);
    buffer_done(&body);
    return ok;
}

static bool keep_all(struct store *store, const struct rules *rules, struct error *err)
{
    int64_t now = clock_read().now;
    for (size_t i = 0; i < rules->policies.count; i++) {
        const struct policy *policy = &rules->policies.policies[i];
        if (!keep(store, "policy", policy->id, policy->version, policy_encode(policy), now, err))
            return false;
    }
    for (size_t i = 0; i < rules->checklists.count; i++) {
        const struct checklist *checklist = &rules->checklists.checklists[i];
        if (!keep(store, "checklist", checklist->id, checklist->version, checklist_encode(checklist), now, err))
            return false;
    }
    return true;
}

/* Loads what is in the folders and keeps its versions, or leaves nothing behind. */
static bool load(const struct rulebook *rulebook, struct rules *ret_rules, struct error *err)
{
    struct rules rules = {0};
    bool ok = rules_load(rulebook->directory, &rules, err) &&
              rules_given(rulebook->store, take_given, &rules, err) && store_begin(rulebook->store, err) &&
              keep_all(rulebook->store, &rules, err) && store_commit(rulebook->store, err);
    store_rollback(rulebook->store);
    if (ok)
        *ret_rules = rules;
    else
        rules_done(&rules);
    return ok;
}

struct rulebook *rulebook_new(struct store *store, const char *data_directory, struct error *err)
{
    struct rulebook *rulebook = memory_new(1, sizeof *rulebook);
    rulebook->store = store;
    TEXT_COPY(rulebook->directory, data_directory);
    bool ok = rules_stamp(store, &rulebook->stamp, err) && load(rulebook, &rulebook->rules, err);
    return ok ? rulebook : rulebook_free(rulebook);
}

struct rulebook *rulebook_free(struct rulebook *rulebook)
{
    if (rulebook != NULL)
        rules_done(&rulebook->rules);
    free(rulebook);
    return NULL;
}

bool rulebook_reload(struct rulebook *rulebook, struct error *err)
{
    struct rules fresh;
    if (!load(rulebook, &fresh, err))
        return false;
    rules_done(&rulebook->rules);
    rulebook->rules = fresh;
    return true;
}

void rulebook_follow(struct rulebook *rulebook)
{
    struct error err = {0};
    int64_t stamp;
    bool ok = rules_stamp(rulebook->store, &stamp, &err);
    if (ok && stamp == rulebook->stamp)
        return;
    if (ok)
        rulebook->stamp = stamp; /* what is wrong is said once */
    if (ok && rulebook_reload(rulebook, &err))
        log_write(LOG_NOTICE, "a policy of the ERP is in force");
    else
        log_write(LOG_ERR, "the policies stay as they were: %s", err.message);
}

const struct policy_set *rulebook_policies(const struct rulebook *rulebook)
{
    return &rulebook->rules.policies;
}

const struct checklist_set *rulebook_checklists(const struct rulebook *rulebook)
{
    return &rulebook->rules.checklists;
}
