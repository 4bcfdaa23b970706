/* SPDX-License-Identifier: Apache-2.0 */
/* Answers, fees and LIKE through a real database: kept with the unit, given back by UNDO, there after a restart. */
#include "tests/support/house.h"

#define SHIRT "9520000001025"

static struct question questions[] = {{.id = "tag", .implied = {[GRADE_A] = "yes"}},
                                      {.id = "days", .type = QUESTION_NUMBER, .implied = {[GRADE_A] = "0"}}};
static struct checklist checklist = {.id = "default", .version = 2, .questions = questions, .question_count = 2};
static struct policy_fee fees[] = {{.id = "cleaning", .per = FEE_PER_UNIT, .amount = 100},
                                   {.id = "return", .per = FEE_PER_RMA, .amount = 490}};

static void begin(struct house *house)
{
    house_open(house);
    house->checklists = (struct checklist_set){&checklist, 1};
    house->policy.fees = fees;
    house->policy.fee_count = 2;
    house_product(house, "SHIRT", SHIRT, TRACK_NONE);
    house_rma(house, 1, "SHIRT", 3);
    house_scan(house, HOUSE_BENCH_2, "CP1");
    house_scan(house, HOUSE_BENCH_2, SHIRT);
}

static struct unit_facts stored(struct house *house, int64_t unit_id)
{
    struct unit_facts facts = {0};
    HOUSE_MUST(house, records_unit(house->store, unit_id, &facts, &house->err));
    return facts;
}

#define CHECK_ANSWERS(house, wanted)                                                                                   \
    do {                                                                                                               \
        struct unit_facts checked = stored(house, 1);                                                                  \
        CU_ASSERT_STRING_EQUAL(checked.inspection.answers, wanted);                                                    \
    } while (0)

static void undo_gives_the_answers_back(void)
{
    struct house house = {0};
    begin(&house);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_B);
    CHECK_ANSWERS(&house, "");
    house_card(&house, HOUSE_BENCH_2, VERB_NON);
    CHECK_ANSWERS(&house, "tag=no\n");
    house_restart(&house); /* in the middle of the questions */
    house_card(&house, HOUSE_BENCH_2, VERB_DIGIT_4);
    house_card(&house, HOUSE_BENCH_2, VERB_OK);
    CHECK_ANSWERS(&house, "tag=no\ndays=4\n");
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_DECIDED);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    CHECK_ANSWERS(&house, "tag=no\n");
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_INSPECTING);
    CU_ASSERT_EQUAL(house_unit(&house, 1).grade, GRADE_B);
    house_card(&house, HOUSE_BENCH_2, VERB_OK); /* what was typed is there again: 4 */
    CHECK_ANSWERS(&house, "tag=no\ndays=4\n");
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* takes the digit away */
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    CHECK_ANSWERS(&house, "");
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    CU_ASSERT_EQUAL(house_unit(&house, 1).grade, GRADE_U);
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_IDENTIFIED);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    CHECK_ANSWERS(&house, "tag~yes\ndays~0\n");
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    CHECK_ANSWERS(&house, "");
    house_close(&house);
}

static void a_fee_of_the_rma_is_borne_by_one_unit(void)
{
    struct house house = {0};
    begin(&house);
    for (int64_t unit = 1; unit <= 2; unit++) {
        if (unit > 1)
            house_scan(&house, HOUSE_BENCH_2, SHIRT);
        house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
        const struct outcome *out = house_scan_label(&house, HOUSE_BENCH_2, unit);
        CU_ASSERT_EQUAL(out->fee_count, unit == 1 ? 2 : 1);
    }
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM rma_fee"), 3);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT unit_id FROM rma_fee WHERE fee = 'return'"), 1);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT sum(amount) FROM rma_fee"), 690);
    struct rma rma;
    HOUSE_MUST(&house, directory_get_rma(house.store, "RMA-1", &rma, &house.err));
    CU_ASSERT_EQUAL(rma.fee_count, 3);
    rma_done(&rma);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* the label of unit 2: its outcome stands until the next one */
    house_scan_label(&house, HOUSE_BENCH_2, 2);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM rma_fee"), 3);
    house_close(&house);
}

static void like_works_from_the_store(void)
{
    struct house house = {0};
    begin(&house);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    house_card(&house, HOUSE_BENCH_2, VERB_LIKE);
    house_restart(&house);
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    CU_ASSERT_EQUAL(house_unit(&house, 2).state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(house_unit(&house, 2).grade, GRADE_A);
    struct unit_facts second = stored(&house, 2);
    CU_ASSERT_STRING_EQUAL(second.inspection.answers, "tag~yes\ndays~0\n");
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* one scan made it, one UNDO unmakes it */
    CU_ASSERT_EQUAL(house_unit(&house, 2).state, UNIT_VOID);
    house_close(&house);
}

static void an_open_exception_is_known(void)
{
    struct house house = {0};
    begin(&house);
    CU_ASSERT_FALSE(stored(&house, 1).open_exception);
    HOUSE_MUST(&house, sql_script(house.store,
                                  "INSERT INTO exception(type, parcel_id, unit_id, lane, opened_at, journal)"
                                  " VALUES('x', 1, 1, 'l', 0, 1)",
                                  &house.err));
    CU_ASSERT_TRUE(stored(&house, 1).open_exception);
    HOUSE_MUST(&house, sql_script(house.store, "UPDATE exception SET resolved_at = 1", &house.err));
    CU_ASSERT_FALSE(stored(&house, 1).open_exception);
    house_close(&house);
}

/* A clock behind the journal: the window is for a person. */
static void a_clock_that_went_back_is_not_trusted(void)
{
    struct house house = {0};
    begin(&house);
    house.policy.window_days = 30;
    house.when.now -= DAY_MS;
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    CU_ASSERT_EQUAL(house_unit(&house, 1).verdict, VERDICT_MANUAL);
    house_close(&house);
}

SUITE("store/findings", {"UNDO gives the answers back", undo_gives_the_answers_back},
      {"a fee of the RMA is borne by one unit", a_fee_of_the_rma_is_borne_by_one_unit},
      {"LIKE works from the store", like_works_from_the_store},
      {"an open exception is known", an_open_exception_is_known},
      {"a clock that went back is not trusted", a_clock_that_went_back_is_not_trusted})
