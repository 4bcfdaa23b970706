/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

static void says(struct house *house, const struct place *place)
{
    HOUSE_MUST(house, records_put_place(house->store, place, &house->err));
}

static void what_the_erp_said_last_counts(void)
{
    struct house house;
    struct place found = {0};
    house_open(&house);
    HOUSE_MUST(&house, records_place(house.store, "R-01", &found, &house.err));
    CU_ASSERT_EQUAL(found.kind, PLACE_NONE);
    says(&house, &(struct place){.code = "R-01", .kind = PLACE_LOCATION, .disposition = DISPOSITION_RESELL});
    says(&house, &(struct place){.code = "R-01", .kind = PLACE_LANE, .owner = "main"});
    HOUSE_MUST(&house, records_place(house.store, "R-01", &found, &house.err));
    CU_ASSERT_TRUE(found.kind == PLACE_LANE && found.disposition == DISPOSITION_NONE);
    CU_ASSERT_STRING_EQUAL(found.owner, "main");
    house_close(&house);
}

/* A shirt for sale that is labelled at a bench whose own place is A-01. */
static void label_one(struct house *house)
{
    house_grade_shirt(house);
    house_scan_label(house, HOUSE_BENCH, 1);
}

static void the_lanes_own_place_takes_only_what_it_is_for(void)
{
    static const struct {
        struct place place;
        enum unit_state state;
    } cases[] = {
        {{.code = "A-01", .kind = PLACE_LOCATION, .disposition = DISPOSITION_RESELL}, UNIT_DONE},
        {{.code = "A-01", .kind = PLACE_LOCATION, .disposition = DISPOSITION_RECYCLE}, UNIT_LABELLED},
        {{.code = "A-01", .kind = PLACE_LANE, .owner = "main"}, UNIT_DONE},
        {{.code = "A-01", .kind = PLACE_LANE, .owner = "other"}, UNIT_LABELLED},
        {{.code = "A-02", .kind = PLACE_LOCATION, .owner = "other"}, UNIT_DONE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct house house;
        house_open(&house);
        TEXT_COPY(house.lanes[HOUSE_BENCH].rules.location, "A-01");
        says(&house, &cases[i].place);
        label_one(&house);
        CU_ASSERT_EQUAL(house_unit(&house, 1).state, cases[i].state);
        house_close(&house);
    }
}

/* The ERP's word is about the code of a container, empty or not. */
static void a_container_comes_with_what_its_place_is_for(void)
{
    struct house house;
    struct container found = {0};
    house_open(&house);
    says(&house, &(struct place){.code = "T-1", .kind = PLACE_CONTAINER, .disposition = DISPOSITION_RECYCLE});
    HOUSE_MUST(&house, sql_script(house.store, "INSERT INTO container VALUES(1, 'T-1', 'open', 'none', '', 'A-01', '')",
                                  &house.err));
    HOUSE_MUST(&house, records_container(house.store, 0, "T-1", &found, &house.err));
    CU_ASSERT_EQUAL(found.place.disposition, DISPOSITION_RECYCLE);
    house_close(&house);
}

SUITE("store/places", {"what the ERP said last counts", what_the_erp_said_last_counts},
      {"the lane's own place takes only what it is for", the_lanes_own_place_takes_only_what_it_is_for},
      {"a container comes with what its place is for", a_container_comes_with_what_its_place_is_for})
