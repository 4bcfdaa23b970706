/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rulebook.h"

#include "tests/support/house.h"

#include <sys/stat.h>

static void write_file(const struct house *house, const char *name, const char *text)
{
    char path[160];
    TEXT_FORMAT(path, "%s/%s", house->directory, name);
    FILE *file = fopen(path, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static const char *const files[] = {"policies/p.json", "checklists/c.json", "policies", "checklists"};
#define POLICY(version, days)                                                                                          \
    "{\"id\":\"p\",\"version\":" version ",\"window_days\":" days ",\"grades\":{\"A\":[\"resell\"]}}"
#define CHECKLIST(version) "{\"id\":\"c\",\"version\":" version ",\"scans\":4}"

/* A station whose data directory is its state directory, too. */
static struct rulebook *begin(struct house *house)
{
    char path[160];
    house_open(house);
    for (int i = 2; i < 4; i++) {
        TEXT_FORMAT(path, "%s/%s", house->directory, files[i]);
        CU_ASSERT_EQUAL_FATAL(mkdir(path, 0700), 0);
    }
    write_file(house, files[0], POLICY("1", "30"));
    write_file(house, files[1], CHECKLIST("1"));
    struct rulebook *rulebook = rulebook_new(house->store, house->directory, &house->err);
    HOUSE_MUST(house, rulebook != NULL);
    return rulebook;
}

static void end(struct house *house, struct rulebook *rulebook)
{
    char path[160];
    rulebook_free(rulebook);
    for (int i = 0; i < 4; i++) {
        TEXT_FORMAT(path, "%s/%s", house->directory, files[i]);
        remove(path);
    }
    house_close(house);
}

static int32_t days(const struct rulebook *rulebook)
{
    const struct policy_set *set = rulebook_policies(rulebook);
    CU_ASSERT_EQUAL(set->count, 1);
    return set->policies[0].window_days;
}

static void what_is_wrong_leaves_the_last_good_ones(void)
{
    static const struct {
        const char *policy, *checklist, *why;
        int32_t days;
    } table[] = {
        {POLICY("2", "14"), CHECKLIST("1"), NULL, 14},
        {"{ broken", CHECKLIST("1"), "p.json:1", 14},
        {POLICY("3", "7"), "{\"id\":\"c\",\"version\":2,\"scans\":5}", "scans", 14},
        {POLICY("2", "7"), CHECKLIST("1"), "give it a new version", 14},
        {POLICY("3", "7"), CHECKLIST("2"), NULL, 7},
    };
    struct house house = {0};
    struct rulebook *rulebook = begin(&house);
    CU_ASSERT_EQUAL(days(rulebook), 30);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        write_file(&house, files[0], table[i].policy);
        write_file(&house, files[1], table[i].checklist);
        CU_ASSERT_EQUAL(rulebook_reload(rulebook, &house.err), table[i].why == NULL);
        CU_ASSERT_TRUE(table[i].why == NULL || strstr(house.err.message, table[i].why) != NULL);
        CU_ASSERT_EQUAL(days(rulebook), table[i].days);
    }
    /* Only what was in force is kept: versions 1, 2 and 3 of the policy, 1 and 2 of the checklist. */
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM rule_version WHERE kind = 'policy'"), 3);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM rule_version WHERE kind = 'checklist'"), 2);
    CU_ASSERT_EQUAL(rulebook_checklists(rulebook)->checklists[0].version, 2);
    end(&house, rulebook);
}

static void a_policy_of_the_erp_is_in_force_at_once(void)
{
    struct house house = {0};
    struct rulebook *rulebook = begin(&house);
    rulebook_follow(rulebook);
    CU_ASSERT_EQUAL(days(rulebook), 30);
    HOUSE_MUST(&house, sql_script(house.store, "INSERT INTO inbound VALUES('policy.upsert', 'p', 9, x'00', '"
                                               POLICY("9", "60") "', 'erp', 0)", &house.err));
    rulebook_follow(rulebook);
    CU_ASSERT_EQUAL(days(rulebook), 60); /* in the place of the folder's */
    HOUSE_MUST(&house, rulebook_reload(rulebook, &house.err));
    CU_ASSERT_EQUAL(days(rulebook), 60);
    end(&house, rulebook);
}

SUITE("station/rulebook", {"what is wrong leaves the last good ones", what_is_wrong_leaves_the_last_good_ones},
      {"a policy of the ERP is in force at once", a_policy_of_the_erp_is_in_force_at_once})
