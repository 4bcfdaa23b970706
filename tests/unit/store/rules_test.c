/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/rules.h"

#include "tests/support/house.h"

static void a_version_keeps_its_content(void)
{
    struct house house = {0};
    house_open(&house);
    HOUSE_MUST(&house, rules_keep(house.store, "policy", "p", 1, "one", 10, &house.err));
    HOUSE_MUST(&house, rules_keep(house.store, "policy", "p", 1, "one", 20, &house.err));
    HOUSE_MUST(&house, rules_keep(house.store, "policy", "p", 2, "two", 30, &house.err));
    HOUSE_MUST(&house, rules_keep(house.store, "checklist", "p", 1, "other", 40, &house.err));
    CU_ASSERT_FALSE(rules_keep(house.store, "policy", "p", 1, "uno", 50, &house.err));
    CU_ASSERT_EQUAL(house.err.code, ERROR_CONFLICT);
    CU_ASSERT_PTR_NOT_NULL(strstr(house.err.message, "policy p was in force with another content as version 1"));
    CU_ASSERT_EQUAL(house_count(&house, "SELECT since FROM rule_version WHERE kind = 'policy' AND version = 1"), 10);
    char *body = rules_body(house.store, "policy", "p", 1, &house.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(body);
    CU_ASSERT_STRING_EQUAL(body, "one"); /* the first stays */
    free(body);
    CU_ASSERT_PTR_NULL(rules_body(house.store, "policy", "p", 3, &house.err));
    CU_ASSERT_EQUAL(house.err.code, ERROR_NOT_FOUND);
    house_close(&house);
}

SUITE("store/rules", {"a version keeps its content", a_version_keeps_its_content})
