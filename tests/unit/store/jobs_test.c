/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#define SHIRT "9520000001025"

/* Three units decided, their labels queued as jobs 1 to 3. */
static void begin(struct house *house)
{
    house_open(house);
    house->printer_off = true;
    house_product(house, "SHIRT", SHIRT, TRACK_NONE);
    for (int lane = 0; lane < 3; lane++) {
        house->lanes[lane].rules.mode = LANE_BENCH;
        house_rma(house, lane + 1, "SHIRT", 1);
        char code[16];
        TEXT_FORMAT(code, "CP%d", lane + 1);
        house_scan(house, lane, code);
        house_scan(house, lane, SHIRT);
        house_card(house, lane, VERB_GRADE_A);
    }
}

static int64_t next(struct house *house)
{
    struct job_row job;
    HOUSE_MUST(house, jobs_next(house->store, "zebra", &job, &house->err));
    free(job.zpl);
    return job.job.job_id;
}

static void set(struct house *house, int64_t job, enum job_state state)
{
    struct job_row row = {.job.job_id = job, .counter = 7, .identity = "id"};
    HOUSE_MUST(house, jobs_set_state(house->store, &row, state, "why", house->when.now, &house->err));
}

static int64_t first_in_doubt(struct house *house, size_t *ret_count)
{
    struct job_row rows[8];
    HOUSE_MUST(house, jobs_in_doubt(house->store, rows, 8, ret_count, &house->err));
    return *ret_count > 0 ? rows[0].job.job_id : 0;
}

static void answer(struct house *house, int64_t job, bool came_out, bool is_doubted, enum job_state expected)
{
    enum job_state state;
    bool found;
    HOUSE_MUST(house, jobs_answer(house->store, job, came_out, house->when.now, &state, &found, &house->err));
    CU_ASSERT_EQUAL(found, is_doubted);
    CU_ASSERT_TRUE(!is_doubted || state == expected);
}

static enum job_state newest(struct house *house, int64_t unit)
{
    struct job_row row;
    HOUSE_MUST(house, jobs_newest(house->store, unit, 0, &row, &house->err));
    return row.job.state;
}

static void a_person_settles_what_nobody_knows(void)
{
    struct house house;
    size_t count;
    begin(&house);
    CU_ASSERT_EQUAL(first_in_doubt(&house, &count), 0);
    set(&house, 1, JOB_UNKNOWN);
    set(&house, 2, JOB_SENT);
    CU_ASSERT_EQUAL(first_in_doubt(&house, &count), 1);
    CU_ASSERT_EQUAL(count, 2);
    answer(&house, 1, false, true, JOB_QUEUED);
    CU_ASSERT_EQUAL(newest(&house, 1), JOB_QUEUED);
    CU_ASSERT_EQUAL(next(&house), 1);
    answer(&house, 1, false, false, JOB_QUEUED); /* no longer in doubt: a second answer changes nothing */
    answer(&house, 2, true, true, JOB_PRINTED);
    CU_ASSERT_EQUAL(newest(&house, 2), JOB_PRINTED);
    answer(&house, 3, true, false, JOB_QUEUED);
    CU_ASSERT_EQUAL(newest(&house, 3), JOB_QUEUED);
    answer(&house, 99, true, false, JOB_QUEUED);
    CU_ASSERT_EQUAL(first_in_doubt(&house, &count), 0);
    house_close(&house);
}

/* The worker did not wait for the answer and took a REPRINT: the old copy must not come out beside it. */
static void an_old_copy_is_not_printed_again(void)
{
    struct house house;
    begin(&house);
    set(&house, 1, JOB_UNKNOWN);
    house_card(&house, 0, VERB_REPRINT);
    CU_ASSERT_EQUAL(newest(&house, 1), JOB_QUEUED);
    answer(&house, 1, false, true, JOB_VOIDED);
    CU_ASSERT_EQUAL(newest(&house, 1), JOB_QUEUED);
    CU_ASSERT_EQUAL(next(&house), 2);
    house_close(&house);
}

static void jobs_are_worked_off_in_order(void)
{
    struct house house;
    struct job_row job;
    int64_t open = 0;
    begin(&house);
    CU_ASSERT_TRUE(jobs_count_open(house.store, "zebra", &open, &house.err));
    CU_ASSERT_EQUAL(open, 3);
    CU_ASSERT_TRUE_FATAL(jobs_next(house.store, "zebra", &job, &house.err));
    CU_ASSERT_EQUAL(job.job.job_id, 1);
    CU_ASSERT_EQUAL(job.job.kind, LABEL_UNIT);
    CU_ASSERT_EQUAL(job.job.unit_id, 1);
    CU_ASSERT_TRUE(job.job.generation == 1 && job.job.copy == 1 && job.job.state == JOB_QUEUED);
    CU_ASSERT_STRING_EQUAL(job.lane, "dock");
    CU_ASSERT_STRING_EQUAL(job.printer, "zebra");
    CU_ASSERT_EQUAL(job.counter, -1);
    CU_ASSERT_TRUE(job.zpl_length == 6 && memcmp(job.zpl, "^XA^XZ", 6) == 0);
    free(job.zpl);
    set(&house, 1, JOB_SENDING);
    CU_ASSERT_EQUAL(next(&house), 1);
    set(&house, 1, JOB_NEEDS_ATTENTION);
    CU_ASSERT_EQUAL(next(&house), 1);
    set(&house, 1, JOB_UNKNOWN);
    CU_ASSERT_EQUAL(next(&house), 2);
    CU_ASSERT_TRUE(jobs_newest(house.store, 1, 0, &job, &house.err));
    CU_ASSERT_TRUE(job.counter == 7 && job.job.state == JOB_UNKNOWN && job.zpl == NULL);
    CU_ASSERT_STRING_EQUAL(job.reason, "why");
    CU_ASSERT_STRING_EQUAL(job.identity, "id");
    CU_ASSERT_TRUE(jobs_next(house.store, "other", &job, &house.err));
    CU_ASSERT_EQUAL(job.job.job_id, 0);
    house_close(&house);
}

static void a_settled_job_keeps_its_state(void)
{
    static const enum job_state settled[] = {JOB_CONFIRMED, JOB_VOIDED, JOB_RECALLED};
    for (size_t i = 0; i < COUNT_OF(settled); i++) {
        for (int state = 0; state < JOB_STATE_COUNT; state++) {
            struct house house;
            struct job_row job;
            begin(&house);
            set(&house, 1, settled[i]);
            set(&house, 1, (enum job_state)state);
            CU_ASSERT_TRUE(jobs_newest(house.store, 1, 0, &job, &house.err));
            CU_ASSERT_EQUAL(job.job.state, settled[i]);
            house_close(&house);
        }
    }
}

/* The printer answers late: the worker took the decision back in between. */
static void a_voided_job_is_not_printed_by_a_late_answer(void)
{
    struct house house;
    struct job_row job;
    begin(&house);
    house_card(&house, 0, VERB_UNDO);
    CU_ASSERT_EQUAL(next(&house), 2);
    set(&house, 1, JOB_PRINTED);
    CU_ASSERT_TRUE(jobs_newest(house.store, 1, 0, &job, &house.err));
    CU_ASSERT_EQUAL(job.job.state, JOB_VOIDED);
    house_close(&house);
}

static void the_newest_job_is_that_of_the_subject(void)
{
    struct house house;
    struct job_row job;
    begin(&house);
    house_card(&house, 0, VERB_REPRINT);
    CU_ASSERT_TRUE(jobs_newest(house.store, 1, 0, &job, &house.err));
    CU_ASSERT_TRUE(job.job.job_id == 4 && job.job.copy == 2 && job.job.generation == 1);
    CU_ASSERT_TRUE(jobs_newest(house.store, 2, 0, &job, &house.err));
    CU_ASSERT_EQUAL(job.job.job_id, 2);
    CU_ASSERT_TRUE(jobs_newest(house.store, 99, 0, &job, &house.err));
    CU_ASSERT_EQUAL(job.job.job_id, 0);
    CU_ASSERT_TRUE(jobs_newest(house.store, 0, 0, &job, &house.err));
    CU_ASSERT_EQUAL(job.job.job_id, 0);
    house.lanes[0].rules.mode = LANE_DOCK;
    house_scan(&house, 0, "WEB-404");
    CU_ASSERT_TRUE(jobs_newest(house.store, 0, house.out.parcel.parcel_id, &job, &house.err));
    CU_ASSERT_EQUAL(job.job.kind, LABEL_HOLD);
    house_close(&house);
}

static void a_job_of_no_known_kind_is_corrupt(void)
{
    struct house house;
    struct job_row job;
    begin(&house);
    HOUSE_MUST(&house, sql_script(house.store, "UPDATE print_job SET kind = 'poster' WHERE job_id = 1", &house.err));
    CU_ASSERT_FALSE(jobs_next(house.store, "zebra", &job, &house.err));
    CU_ASSERT_EQUAL(house.err.code, ERROR_CORRUPT);
    house_close(&house);
}

static void expect(struct house *house, int64_t unit, enum job_state state, const char *printer, const char *reason)
{
    struct job_row job;
    HOUSE_MUST(house, jobs_newest(house->store, unit, 0, &job, &house->err));
    CU_ASSERT_EQUAL(job.job.state, state);
    CU_ASSERT_STRING_EQUAL(job.printer, printer);
    CU_ASSERT_STRING_EQUAL(job.reason, reason);
}

static void only_what_was_never_sent_is_voided_for_its_age(void)
{
    struct house house;
    int64_t count;
    begin(&house);
    set(&house, 1, JOB_SENDING);
    HOUSE_MUST(&house,
               jobs_void_old(house.store, "zebra", house.when.now - 3600000, house.when.now, &count, &house.err));
    CU_ASSERT_EQUAL(count, 0);
    HOUSE_MUST(&house, jobs_void_old(house.store, "zebra", house.when.now + 1, house.when.now, &count, &house.err));
    CU_ASSERT_EQUAL(count, 2);
    expect(&house, 1, JOB_SENDING, "zebra", "why");
    expect(&house, 2, JOB_VOIDED, "zebra", "too_old");
    house_close(&house);
}

/* Its decision stands, so REPRINT makes another one; once that is taken back it does not. */
static void what_is_void_for_its_age_may_be_printed_again(void)
{
    struct house house;
    struct job_row job;
    int64_t count;
    begin(&house);
    HOUSE_MUST(&house, jobs_void_old(house.store, "zebra", house.when.now + 1, house.when.now, &count, &house.err));
    house_card(&house, 0, VERB_REPRINT);
    HOUSE_MUST(&house, jobs_newest(house.store, 1, 0, &job, &house.err));
    CU_ASSERT_TRUE(job.job.job_id == 4 && job.job.state == JOB_QUEUED && job.job.copy == 2);
    HOUSE_MUST(&house, jobs_void_old(house.store, "zebra", house.when.now + 1, house.when.now, &count, &house.err));
    house_card(&house, 1, VERB_UNDO);
    expect(&house, 2, JOB_VOIDED, "zebra", "");
    house_card(&house, 1, VERB_REPRINT);
    HOUSE_MUST(&house, jobs_newest(house.store, 2, 0, &job, &house.err));
    CU_ASSERT_EQUAL(job.job.job_id, 2);
    house_close(&house);
}

static void only_what_was_never_sent_goes_to_another_printer(void)
{
    struct house house;
    int64_t count;
    begin(&house);
    set(&house, 1, JOB_SENDING);
    HOUSE_MUST(&house, jobs_move(house.store, "dock", "zebra", "other", house.when.now, &count, &house.err));
    CU_ASSERT_EQUAL(count, 0);
    HOUSE_MUST(&house, jobs_move(house.store, "bench-1", "zebra", "other", house.when.now, &count, &house.err));
    CU_ASSERT_EQUAL(count, 1);
    expect(&house, 1, JOB_SENDING, "zebra", "why");
    expect(&house, 2, JOB_QUEUED, "other", "spare");
    expect(&house, 3, JOB_QUEUED, "zebra", "");
    house_close(&house);
}

static void queued_jobs_say_why_they_wait(void)
{
    struct house house;
    begin(&house);
    set(&house, 1, JOB_SENDING);
    HOUSE_MUST(&house, jobs_mark_queued(house.store, "zebra", "paper_out", house.when.now, &house.err));
    expect(&house, 1, JOB_SENDING, "zebra", "why");
    expect(&house, 3, JOB_QUEUED, "zebra", "paper_out");
    house_close(&house);
}

SUITE("store/jobs", {"jobs are worked off in order", jobs_are_worked_off_in_order},
      {"a settled job keeps its state", a_settled_job_keeps_its_state},
      {"a voided job is not printed by a late answer", a_voided_job_is_not_printed_by_a_late_answer},
      {"the newest job is that of the subject", the_newest_job_is_that_of_the_subject},
      {"only what was never sent is voided for its age", only_what_was_never_sent_is_voided_for_its_age},
      {"what is void for its age may be printed again", what_is_void_for_its_age_may_be_printed_again},
      {"only what was never sent goes to another printer", only_what_was_never_sent_goes_to_another_printer},
      {"queued jobs say why they wait", queued_jobs_say_why_they_wait},
      {"a person settles what nobody knows", a_person_settles_what_nobody_knows},
      {"an old copy is not printed again", an_old_copy_is_not_printed_again},
      {"a job of no known kind is corrupt", a_job_of_no_known_kind_is_corrupt})
