/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#define SSCC "340123450000000123"

static struct load announced(const char *code, const char *sscc, int64_t expected)
{
    struct load load = {.expected = expected, .carrier = "own"};
    TEXT_COPY(load.code, code);
    TEXT_COPY(load.sscc, sscc);
    return load;
}

static struct load find(struct house *house, const char *code)
{
    struct load load = {0};
    HOUSE_MUST(house, records_load(house->store, 0, code, &load, &house->err));
    return load;
}

static void announce(struct house *house, const char *code, const char *sscc, int64_t expected)
{
    struct load load = announced(code, sscc, expected);
    HOUSE_MUST(house, records_announce_load(house->store, &load, &house->err));
}

static void is_found_by_document_and_by_sscc(void)
{
    struct house house;
    house_open(&house);
    announce(&house, "TR-1", "00" SSCC, 6);
    CU_ASSERT_EQUAL(find(&house, "tr-1").expected, 6);
    CU_ASSERT_STRING_EQUAL(find(&house, SSCC).code, "TR-1");
    CU_ASSERT_EQUAL(find(&house, "TR-2").load_id, 0);
    CU_ASSERT_EQUAL(find(&house, "").load_id, 0);
    house_close(&house);
}

/* What the dock did with it is the station's, what it should be is the ERP's. */
static void a_later_announcement_changes_what_is_expected_only(void)
{
    struct house house;
    house_open(&house);
    announce(&house, "TR-1", "", 6);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "TR-1"), SIGNAL_OK, MESSAGE_LOAD_OPENED);
    house_rma(&house, 1, "LAMP", 1);
    house_scan(&house, HOUSE_DOCK, "CP1");
    announce(&house, "TR-1", "", 1);
    CU_ASSERT_EQUAL(find(&house, "TR-1").state, LOAD_OPEN);
    CU_ASSERT_EQUAL(find(&house, "TR-1").arrived, 1);
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_CLOSE), SIGNAL_OK, MESSAGE_LOAD_CLOSED);
    house_close(&house);
}

static void one_that_came_first_is_announced_late(void)
{
    struct house house;
    house_open(&house);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "00" SSCC), SIGNAL_OK, MESSAGE_LOAD_OPENED_UNCOUNTED);
    announce(&house, "TR-9", SSCC, 2);
    announce(&house, "TR-9", SSCC, 3);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM load"), 1);
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_CLOSE), SIGNAL_ATTENTION, MESSAGE_LOAD_CLOSED_DIFFERS);
    house_close(&house);
}

/* A pallet is used again: its SSCC means the one that is still to come. */
static void a_closed_load_makes_room_for_the_next_of_its_sscc(void)
{
    struct house house;
    house_open(&house);
    announce(&house, "TR-1", SSCC, 0);
    house_scan(&house, HOUSE_DOCK, "00" SSCC);
    house_card(&house, HOUSE_DOCK, VERB_CLOSE);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "00" SSCC), SIGNAL_ATTENTION, MESSAGE_LOAD_IS_CLOSED);
    announce(&house, "TR-2", SSCC, 4);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "00" SSCC), SIGNAL_OK, MESSAGE_LOAD_OPENED);
    CU_ASSERT_EQUAL(find(&house, "TR-2").state, LOAD_OPEN);
    house_close(&house);
}

SUITE("store/loads", {"is found by document and by SSCC", is_found_by_document_and_by_sscc},
      {"a later announcement changes what is expected only", a_later_announcement_changes_what_is_expected_only},
      {"one that came first is announced late", one_that_came_first_is_announced_late},
      {"a closed load makes room for the next of its SSCC", a_closed_load_makes_room_for_the_next_of_its_sscc})
