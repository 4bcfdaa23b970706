/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

static struct house house;

static void open_parcel(void)
{
    house_open(&house);
    house_product(&house, "LAMP", "9520000001018", TRACK_NONE);
    house_rma(&house, 1, "LAMP", 2);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "CP1"), SIGNAL_OK, MESSAGE_PARCEL_OPENED);
}

static size_t photos_of(int64_t unit, int64_t parcel, struct photo rows[4])
{
    size_t count = 0;
    HOUSE_MUST(&house, records_photos_of(house.store, unit, parcel, rows, 4, &count, &house.err));
    return count;
}

static void a_row_says_of_what_by_whom_and_when(void)
{
    struct photo rows[4];
    open_parcel();
    HOUSE_ANSWER(house_photo(&house, HOUSE_BENCH_2, "box"), SIGNAL_OK, MESSAGE_PHOTO_STORED);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "9520000001018"), SIGNAL_OK, MESSAGE_UNIT_IDENTIFIED);
    HOUSE_ANSWER(house_photo(&house, HOUSE_BENCH_2, "lamp"), SIGNAL_OK, MESSAGE_PHOTO_STORED);
    CU_ASSERT_EQUAL_FATAL(photos_of(1, 1, rows), 2);
    CU_ASSERT_STRING_EQUAL(rows[0].sha256, "box");
    CU_ASSERT_EQUAL(rows[0].unit_id, 0);
    CU_ASSERT_EQUAL(rows[0].parcel_id, 1);
    CU_ASSERT_STRING_EQUAL(rows[1].sha256, "lamp");
    CU_ASSERT_EQUAL(rows[1].unit_id, 1);
    CU_ASSERT_EQUAL(rows[1].parcel_id, 1);
    CU_ASSERT_EQUAL(rows[1].type, PHOTO_PNG);
    CU_ASSERT_EQUAL(rows[1].size, 1000);
    CU_ASSERT_EQUAL(rows[1].at, house.when.now);
    CU_ASSERT_EQUAL(rows[1].journal, house.session.last_journal);
    CU_ASSERT_EQUAL(photos_of(0, 1, rows), 1);
    CU_ASSERT_EQUAL(photos_of(2, 2, rows), 0);
    house_close(&house);
}

/* It is known as long as the journal is: what was told of it can be looked at. */
static void one_taken_off_stays_a_row(void)
{
    struct photo photo, rows[4];
    open_parcel();
    house_photo(&house, HOUSE_BENCH_2, "box");
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_EQUAL_FATAL(photos_of(0, 1, rows), 1);
    CU_ASSERT_EQUAL(rows[0].removed, house.session.last_journal);
    HOUSE_MUST(&house, records_photo(house.store, "box", &photo, &house.err));
    CU_ASSERT_STRING_EQUAL(photo.sha256, "box");
    HOUSE_MUST(&house, records_photo(house.store, "another", &photo, &house.err));
    CU_ASSERT_STRING_EQUAL(photo.sha256, "");
    HOUSE_ANSWER(house_photo(&house, HOUSE_BENCH_2, "box"), SIGNAL_OK, MESSAGE_PHOTO_STORED);
    CU_ASSERT_EQUAL(photos_of(0, 1, rows), 2);
    house_close(&house);
}

/* Neither what the unit nor what the stock is, and the step before it is undone next. */
static void undo_goes_through_photos_step_by_step(void)
{
    open_parcel();
    house_scan(&house, HOUSE_BENCH_2, "9520000001018");
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    house_photo(&house, HOUSE_BENCH_2, "one");
    house_photo(&house, HOUSE_BENCH_2, "two");
    struct unit before = house_unit(&house, 1);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM photo WHERE removed > 0"), 2);
    struct unit after = house_unit(&house, 1);
    CU_ASSERT_EQUAL(memcmp(&before, &after, sizeof before), 0);
    CU_ASSERT_EQUAL(house.session.unit_id, 1);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_THROW_LABEL);
    house_close(&house);
}

static void facts_have_the_photos_of_what_they_are_about(void)
{
    struct facts facts = {0};
    open_parcel();
    house_photo(&house, HOUSE_BENCH_2, "box");
    house_scan(&house, HOUSE_BENCH_2, "9520000001018");
    house_photo(&house, HOUSE_BENCH_2, "lamp");
    facts.hand_unit.unit.unit_id = 1;
    HOUSE_MUST(&house, records_photos(house.store, &facts, &house.err));
    CU_ASSERT_EQUAL_FATAL(facts.photo_count, 1);
    CU_ASSERT_STRING_EQUAL(facts.photos[0].sha256, "lamp");
    facts_done(&facts);
    facts = (struct facts){0};
    facts.asked_parcel.parcel.parcel_id = 1;
    HOUSE_MUST(&house, records_photos(house.store, &facts, &house.err));
    CU_ASSERT_EQUAL_FATAL(facts.photo_count, 1);
    CU_ASSERT_STRING_EQUAL(facts.photos[0].sha256, "box");
    facts_done(&facts);
    facts = (struct facts){0};
    facts.hand_unit.unit.unit_id = 2;
    HOUSE_MUST(&house, records_photos(house.store, &facts, &house.err));
    CU_ASSERT_PTR_NULL(facts.photos);
    house_close(&house);
}

SUITE("store/photos", {"a row says of what, by whom and when", a_row_says_of_what_by_whom_and_when},
      {"one taken off stays a row", one_taken_off_stays_a_row},
      {"undo goes through photos step by step", undo_goes_through_photos_step_by_step},
      {"facts have the photos of what they are about", facts_have_the_photos_of_what_they_are_about})
