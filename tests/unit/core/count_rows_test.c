/* SPDX-License-Identifier: Apache-2.0 */
/* Counting equal pieces by cards, digits and scans; and what a code of several pieces stands for. */
#include "tests/support/scene.h"

static void begin(struct scene *s, const char *sku)
{
    scene_begin(s);
    s->lines[0].qty = 20;
    scene_identify(s, sku);
    s->lines[0].received = s->lines[1].received = 1;
}

static void type(struct scene *s, const char *digits)
{
    for (; *digits != '\0'; digits++)
        CHECK_ANSWER(scene_command(s, (enum verb)(VERB_DIGIT_0 + *digits - '0')), SIGNAL_OK, MESSAGE_COUNT_SO_FAR);
}

static void cards_add_up_and_ok_takes_them(void)
{
    static const struct {
        enum verb card;
        int64_t counted;
    } cards[] = {{VERB_QUANTITY_10, 10}, {VERB_QUANTITY_2, 12}, {VERB_QUANTITY_3, 15}, {VERB_QUANTITY_4, 19}};
    struct scene s;
    begin(&s, "SHIRT");
    s.facts.identified_event = 55;
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        CHECK_ROW(scene_command(&s, cards[i].card), "pieces");
        CU_ASSERT_EQUAL(s.after.counted, cards[i].counted);
        CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_COUNT);
        CU_ASSERT_EQUAL(s.unit.qty, 1);
    }
    CHECK_ROW(scene_command(&s, VERB_GRADE_A), "grade before the count is done");
    CHECK_ROW(scene_command(&s, VERB_LIKE), "like before the count is done");
    const struct outcome *out = scene_command(&s, VERB_OK);
    CHECK_ROW(out, "counted");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_COUNT_TAKEN);
    CU_ASSERT_EQUAL(s.unit.qty, 19);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.identified unit.identified");
    CU_ASSERT_EQUAL(out->events[0].corrects, 55);
    CU_ASSERT_EQUAL(out->events[1].received, 19);
    CU_ASSERT_EQUAL(s.after.counting, COUNTING_NOT);
    CHECK_ROW(scene_command(&s, VERB_GRADE_A), "grade");
}

static void digits_say_how_many(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    CHECK_ROW(scene_command(&s, VERB_COUNT_ITEMS), "count");
    CU_ASSERT_EQUAL(s.after.counted, 1);
    type(&s, "19");
    CHECK_ROW(&s.out, "digit of the count");
    CHECK_ROW(scene_command(&s, VERB_UNDO), "last digit of the count away");
    CU_ASSERT_EQUAL(s.after.counted, 1);
    type(&s, "2");
    scene_command(&s, VERB_OK);
    CU_ASSERT_EQUAL(s.unit.qty, 12);
}

static void the_same_item_is_one_more(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_COUNT_ITEMS);
    CHECK_ROW(scene_item(&s, "SHIRT"), "one more counted");
    s.facts.when.tick -= SCENE_PACE - 400; /* quick hands */
    CHECK_ROW(scene_item(&s, "SHIRT"), "one more counted");
    CU_ASSERT_EQUAL(s.after.counted, 3);
    scene_item(&s, "PHONE");
    CU_ASSERT_EQUAL(s.after.counted, 3);
    CHECK_ROW(scene_command(&s, VERB_UNDO), "count dropped");
    CU_ASSERT_EQUAL(s.after.counting, COUNTING_NOT);
    CU_ASSERT_EQUAL(s.unit.qty, 1);
}

static void no_more_than_the_line_takes(void)
{
    static const char *const wrong[] = {"0", "21", "9999"};
    struct scene s;
    begin(&s, "SHIRT");
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        scene_command(&s, VERB_COUNT_ITEMS);
        type(&s, wrong[i]);
        CHECK_ANSWER(scene_command(&s, VERB_OK), SIGNAL_ATTENTION, MESSAGE_COUNT_WRONG);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
        CU_ASSERT_EQUAL(s.after.counting, COUNTING_NOT);
    }
    scene_command(&s, VERB_COUNT_ITEMS);
    type(&s, "9999");
    CHECK_ANSWER(scene_command(&s, VERB_DIGIT_1), SIGNAL_ATTENTION, MESSAGE_COUNT_TOO_MANY);
    CU_ASSERT_EQUAL(s.after.counted, 9999);
}

static void numbered_goods_are_not_counted(void)
{
    struct scene s;
    begin(&s, "PHONE");
    CHECK_ROW(scene_command(&s, VERB_QUANTITY_5), "pieces with serials");
    CHECK_ROW(scene_command(&s, VERB_COUNT_ITEMS), "count with serials");
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void first_an_item(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    CHECK_ROW(scene_command(&s, VERB_QUANTITY_5), "pieces of what");
    CHECK_ROW(scene_command(&s, VERB_COUNT_ITEMS), "count what");
}

static void a_count_ends_with_its_unit(void)
{
    struct scene s;
    begin(&s, "SHIRT");
    scene_command(&s, VERB_QUANTITY_5);
    scene_command(&s, VERB_VOID);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_VOID);
    CU_ASSERT_EQUAL(s.after.counting, COUNTING_NOT);
}

static void a_case_is_what_its_code_says(void)
{
    struct scene s;
    scene_begin(&s);
    s.lines[0].qty = 7;
    s.shirt.code_qty = s.phone.code_qty = 6;
    scene_identify(&s, "SHIRT");
    CU_ASSERT_EQUAL(s.unit.qty, 6);
    CU_ASSERT_EQUAL(s.out.events[1].received, 6);
    scene_command(&s, VERB_COUNT_ITEMS);
    scene_item(&s, "SHIRT");
    CU_ASSERT_EQUAL(s.after.counted, 12);
    scene_begin(&s);
    s.lines[0].qty = 5;
    s.shirt.code_qty = 6;
    scene_open(&s);
    CHECK_ROW(scene_item(&s, "SHIRT"), "item on a full line");
    scene_begin(&s);
    s.phone.code_qty = 6;
    scene_identify(&s, "PHONE");
    CU_ASSERT_EQUAL(s.unit.qty, 1);
}

static void each_row_was_reached(void)
{
    scene_check_reached(count_rows, count_row_count);
}

SUITE("core/count_rows", {"cards add up and OK takes them", cards_add_up_and_ok_takes_them},
      {"digits say how many", digits_say_how_many}, {"the same item is one more", the_same_item_is_one_more},
      {"no more than the line takes", no_more_than_the_line_takes},
      {"numbered goods are not counted", numbered_goods_are_not_counted}, {"first an item", first_an_item},
      {"a count ends with its unit", a_count_ends_with_its_unit},
      {"a case is what its code says", a_case_is_what_its_code_says}, {"each row was reached", each_row_was_reached})
