/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#define SHIRT "9520000001025"
#define IN_STOCK "SELECT count(*) FROM unit WHERE status <> 'none'"

/* Bench 2 with RMA-1 of qty shirts and RMA-2 of one; the first unit of RMA-1 is decided. */
static void decided(struct house *house, int64_t qty)
{
    house_open(house);
    house_product(house, "SHIRT", SHIRT, TRACK_NONE);
    house_rma(house, 1, "SHIRT", qty);
    house_rma(house, 2, "SHIRT", 1);
    house_scan(house, HOUSE_BENCH_2, "CP1");
    house_scan(house, HOUSE_BENCH_2, SHIRT);
    house_card(house, HOUSE_BENCH_2, VERB_GRADE_A);
}

static enum job_state newest_job(struct house *house)
{
    struct job_row job;
    HOUSE_MUST(house, jobs_newest(house->store, 1, 0, &job, &house->err));
    return job.job.state;
}

static void a_confirmation_taken_back(void)
{
    struct house house;
    decided(&house, 1);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_CLOSED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT completed FROM rma_progress WHERE rma = 'RMA-1'"), 1);
    CU_ASSERT_EQUAL(newest_job(&house), JOB_CONFIRMED);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(house_unit(&house, 1).status, STOCK_NONE);
    CU_ASSERT_EQUAL(house_unit(&house, 1).stock_moves, 2);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_OPEN);
    CU_ASSERT_EQUAL(newest_job(&house), JOB_PRINTED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT completed FROM rma_progress WHERE rma = 'RMA-1'"), 0);
    const struct event *stock = NULL;
    for (size_t i = 0; i < house.out.event_count; i++)
        if (house.out.events[i].type == EVENT_STOCK_DELTA)
            stock = &house.out.events[i];
    CU_ASSERT_PTR_NOT_NULL_FATAL(stock);
    CU_ASSERT_STRING_EQUAL(stock->stock.key, "LP0420000001/2");
    CU_ASSERT_STRING_EQUAL(stock->stock.reverses, "LP0420000001/1");
    static const char corrected[] =
        "SELECT count(*) FROM event WHERE type IN ('unit.label_confirmed.corrected', 'parcel.closed.corrected',"
        " 'rma.completed.corrected')";
    CU_ASSERT_EQUAL(house_count(&house, corrected), 3);
    HOUSE_ANSWER(house_scan_label(&house, HOUSE_BENCH_2, 1), SIGNAL_OK, MESSAGE_UNIT_CONFIRMED_CLOSED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM event WHERE type = 'rma.completed'"), 2);
    house_close(&house);
}

static void a_grade_taken_back(void)
{
    for (int queued = 0; queued < 2; queued++) {
        struct house house;
        decided(&house, 1);
        if (queued) {
            house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
            house.printer_off = true;
            house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
        }
        char old[VALUE_SIZE];
        struct job_row job;
        HOUSE_MUST(&house, jobs_newest(house.store, 1, 0, &job, &house.err));
        TEXT_COPY(old, job.code);
        int generations = house_unit(&house, 1).generations;
        HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), queued ? SIGNAL_OK : SIGNAL_ATTENTION,
                     queued ? MESSAGE_UNDO_DONE : MESSAGE_UNDO_THROW_LABEL);
        CU_ASSERT_EQUAL(newest_job(&house), queued ? JOB_VOIDED : JOB_RECALLED);
        CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_IDENTIFIED);
        CU_ASSERT_EQUAL(house_unit(&house, 1).generation, 0);
        house.printer_off = false;
        house_card(&house, HOUSE_BENCH_2, VERB_GRADE_B);
        CU_ASSERT_EQUAL(house_unit(&house, 1).generation, generations + 1);
        HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, old), SIGNAL_STOP, MESSAGE_LABEL_OLD);
        house_close(&house);
    }
}

static void everything_taken_back_leaves_nothing(void)
{
    struct house house;
    decided(&house, 2);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_E);
    house_card(&house, HOUSE_BENCH_2, VERB_RECYCLE);
    house_scan_label(&house, HOUSE_BENCH_2, 2);
    CU_ASSERT_EQUAL(house_count(&house, IN_STOCK), 2);
    int steps = 0;
    while (house_card(&house, HOUSE_BENCH_2, VERB_UNDO)->message.key != MESSAGE_UNDO_NOTHING && steps < 20)
        steps++;
    CU_ASSERT_EQUAL(steps, 8); /* receipt, and item, grade, label of one, item, grade, choice, label of the other */
    CU_ASSERT_EQUAL(house_count(&house, IN_STOCK), 0);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM unit WHERE state <> 'void'"), 0);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_EXPECTED);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "CP1"), SIGNAL_OK, MESSAGE_PARCEL_OPENED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel"), 1);
    house_close(&house);
}

static void somebody_elses_step_is_refused(void)
{
    struct house house;
    decided(&house, 1);
    HOUSE_MUST(&house,
               sql_script(house.store, "INSERT INTO operator VALUES('LEFT', 'LEFT', 'Left bench', 3, 'en', 0, 1)",
                          &house.err));
    char badge[OWN_SIZE];
    CU_ASSERT_TRUE_FATAL(own_encode(CANDIDATE_BADGE, "LEFT", 0, badge));
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, badge), SIGNAL_OK, MESSAGE_SIGNED_IN);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_NOT_YOURS);
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_DECIDED);
    house_card(&house, HOUSE_BENCH_2, VERB_LOGOUT);
    house_card(&house, HOUSE_BENCH_2, VERB_OK);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_THROW_LABEL);
    house_close(&house);
}

static void a_step_that_others_built_upon_is_refused(void)
{
    struct house house;
    house_open(&house);
    house_product(&house, "SHIRT", SHIRT, TRACK_NONE);
    house_rma(&house, 1, "SHIRT", 2);
    house_scan(&house, HOUSE_DOCK, "CP1");
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_LATER);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* the opening */
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    house_close(&house);
}

/* One lane labelled a unit and put the parcel down; another one finished and closed it. */
static void a_unit_of_a_parcel_closed_elsewhere_stays(void)
{
    struct house house;
    decided(&house, 2);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    house_card(&house, HOUSE_BENCH_2, VERB_DROP);
    house_scan(&house, HOUSE_BENCH, "CP1");
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_LATER);
    house_scan(&house, HOUSE_BENCH, SHIRT);
    house_card(&house, HOUSE_BENCH, VERB_GRADE_A);
    house_scan_label(&house, HOUSE_BENCH, 2);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_CLOSED);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_LATER);
    CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_DONE);
    for (int i = 0; i < 4; i++)
        house_card(&house, HOUSE_BENCH, VERB_UNDO);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    house_close(&house);
}

/* The unit was decided on one bench and confirmed on another, which had nothing in hand. */
static void a_confirmation_by_another_lane_is_its_own(void)
{
    for (int64_t qty = 1; qty <= 2; qty++) { /* with one piece the parcel closes, with two it stays open */
        struct house house;
        decided(&house, qty);
        HOUSE_ANSWER(house_scan_label(&house, HOUSE_BENCH, 1), SIGNAL_OK,
                     qty == 1 ? MESSAGE_UNIT_CONFIRMED_CLOSED : MESSAGE_UNIT_CONFIRMED);
        CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM event WHERE type = 'outcome.recommended'"), 1);
        CU_ASSERT_EQUAL(house_count(&house, "SELECT parcel_id FROM journal ORDER BY journal DESC LIMIT 1"), 1);
        HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_LATER);
        HOUSE_ANSWER(house_card(&house, HOUSE_BENCH, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
        CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_OPEN);
        house_close(&house);
    }
}

/* An unknown parcel's HOLD label is out: the UNDO behind it must not take back the parcel before, a second one may. */
static void undo_does_not_slip_past_a_hold_label(void)
{
    struct house house;
    house_open(&house);
    house_rma(&house, 1, "SHIRT", 1);
    house_scan(&house, HOUSE_DOCK, "CP1");
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "WEB-404"), SIGNAL_ATTENTION, MESSAGE_PARCEL_UNKNOWN);
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_NOTHING);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_ARRIVED);
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_EQUAL(house_parcel(&house, 1).state, PARCEL_EXPECTED);
    house_close(&house);
}

/* A unit that is not there after all, or is another than it seemed, and then it is all the same. */
static void what_it_is_after_all_is_told_anew(void)
{
    static const char told[] = "SELECT count(*) FROM event WHERE type = 'unit.identified'",
                      corrected[] = "SELECT count(*) FROM event WHERE type = 'unit.identified.corrected'";
    for (int other = 0; other < 2; other++) {
        struct house house;
        decided(&house, 2);
        house_product(&house, "LAMP", "9520000001032", TRACK_NONE);
        house_scan_label(&house, HOUSE_BENCH_2, 1);
        house_scan(&house, HOUSE_BENCH_2, SHIRT);
        house_card(&house, HOUSE_BENCH_2, other ? VERB_OTHER : VERB_VOID);
        if (other)
            house_scan(&house, HOUSE_BENCH_2, "9520000001032");
        CU_ASSERT_STRING_EQUAL(house_unit(&house, 2).line, other ? "" : "1");
        CU_ASSERT_EQUAL(house_count(&house, corrected), 1);
        HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
        struct unit unit = house_unit(&house, 2);
        CU_ASSERT_EQUAL(unit.state, UNIT_IDENTIFIED);
        CU_ASSERT_STRING_EQUAL(unit.sku, "SHIRT");
        CU_ASSERT_STRING_EQUAL(unit.line, "1");
        CU_ASSERT_STRING_EQUAL(unit.problem, "");
        CU_ASSERT_EQUAL(house_count(&house, told), 3);
        /* And the identification itself: what was told last is corrected, nothing twice. */
        HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
        CU_ASSERT_EQUAL(house_unit(&house, 2).state, UNIT_VOID);
        CU_ASSERT_EQUAL(house_count(&house, corrected), 2);
        CU_ASSERT_EQUAL(house.out.events[0].corrects, house_count(&house, "SELECT max(sequence) FROM event WHERE type ="
                                                                          " 'unit.identified'"));
        HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
        CU_ASSERT_EQUAL(house_unit(&house, 1).state, UNIT_DECIDED);
        house_close(&house);
    }
}

static void nothing_comes_back_to_a_line_that_is_full(void)
{
    struct house house;
    decided(&house, 1);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    house_card(&house, HOUSE_BENCH_2, VERB_VOID);
    house_scan(&house, HOUSE_DOCK, "RMA-1");
    house_card(&house, HOUSE_DOCK, VERB_NEXT);
    char box[OWN_SIZE];
    CU_ASSERT_TRUE(own_encode(CANDIDATE_PARCEL, house_parcel(&house, 2).code, 0, box));
    house_scan(&house, HOUSE_BENCH, box);
    house_scan(&house, HOUSE_BENCH, SHIRT);
    CU_ASSERT_STRING_EQUAL(house_unit(&house, 2).line, "1");
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_ATTENTION, MESSAGE_UNDO_LATER);
    house_close(&house);
}

static void undo_works_after_a_restart(void)
{
    struct house house;
    decided(&house, 1);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    house_restart(&house);
    HOUSE_ANSWER(house_card(&house, HOUSE_BENCH_2, VERB_UNDO), SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_EQUAL(house_count(&house, IN_STOCK), 0);
    house_close(&house);
}

SUITE("store/undo", {"a confirmation taken back", a_confirmation_taken_back},
      {"a grade taken back", a_grade_taken_back},
      {"everything taken back leaves nothing", everything_taken_back_leaves_nothing},
      {"somebody else's step is refused", somebody_elses_step_is_refused},
      {"a step that others built upon is refused", a_step_that_others_built_upon_is_refused},
      {"a unit of a parcel closed elsewhere stays", a_unit_of_a_parcel_closed_elsewhere_stays},
      {"a confirmation by another lane is its own", a_confirmation_by_another_lane_is_its_own},
      {"UNDO does not slip past a HOLD label", undo_does_not_slip_past_a_hold_label},
      {"what it is after all is told anew", what_it_is_after_all_is_told_anew},
      {"nothing comes back to a line that is full", nothing_comes_back_to_a_line_that_is_full},
      {"UNDO works after a restart", undo_works_after_a_restart})
