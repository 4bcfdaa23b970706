/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

#define SHIRT "9520000001025"
#define LEASE_MS (15 * 60 * 1000)

static void begin(struct house *house)
{
    house_open(house);
    house_product(house, "SHIRT", SHIRT, TRACK_NONE);
    house_product(house, "PHONE", "9520000001049", TRACK_SERIAL);
    house_rma(house, 1, "SHIRT", 2);
    house_rma(house, 2, "SHIRT", 1);
}

/* The facts of a code on a lane, without deciding anything. */
static struct facts gather(struct house *house, int lane, const char *code)
{
    struct gather gather = {.lane = house->lanes[lane].name, .run = house->run, .device = "scanner",
                            .rules = &house->lanes[lane].rules, .when = house->when, .candidates = house->candidates,
                            .total = strlen(code), .code = code};
    struct facts facts;
    gather.count = classify(&house->classify, code, strlen(code), "", house->candidates);
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, records_gather(house->store, &gather, &facts, &house->err));
    store_rollback(house->store);
    return facts;
}

static void a_new_lane_starts_as_configured(void)
{
    static const enum lane_mode modes[HOUSE_LANES] = {LANE_DOCK, LANE_BENCH, LANE_BENCH};
    struct house house;
    begin(&house);
    for (int lane = 0; lane < HOUSE_LANES; lane++) {
        struct facts facts = gather(&house, lane, "x");
        CU_ASSERT_EQUAL(facts.session.mode, modes[lane]);
        CU_ASSERT_STRING_EQUAL(facts.session.lane, house.lanes[lane].name);
        CU_ASSERT_EQUAL(facts.session.last_journal, 0);
        facts_done(&facts);
    }
    house_card(&house, HOUSE_BENCH, VERB_DOCK);
    struct facts facts = gather(&house, HOUSE_BENCH, "x");
    CU_ASSERT_EQUAL(facts.session.mode, LANE_DOCK);
    facts_done(&facts);
    house.lanes[HOUSE_BENCH].rules.mode = LANE_BENCH; /* configured anew: no combined lane any more */
    facts = gather(&house, HOUSE_BENCH, "x");
    CU_ASSERT_EQUAL(facts.session.mode, LANE_BENCH);
    facts_done(&facts);
    house_close(&house);
}

static void next_numbers_follow_what_is_there(void)
{
    struct house house;
    begin(&house);
    struct facts facts = gather(&house, HOUSE_BENCH_2, "x");
    CU_ASSERT_TRUE(facts.next_unit_id == 1 && facts.next_parcel_id == 1 && facts.next_lpn == 1);
    CU_ASSERT_TRUE(facts.next_parcel_code == 1 && facts.next_sequence == 1);
    facts_done(&facts);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* a number once taken stays taken */
    facts = gather(&house, HOUSE_BENCH_2, "x");
    CU_ASSERT_TRUE(facts.next_unit_id == 2 && facts.next_parcel_id == 2 && facts.next_lpn == 2);
    CU_ASSERT_EQUAL(facts.next_parcel_code, 2);
    CU_ASSERT_EQUAL(facts.next_sequence, house_count(&house, "SELECT max(sequence) FROM event") + 1);
    facts_done(&facts);
    house_close(&house);
}

static void every_code_of_an_rma_finds_it(void)
{
    static const struct {
        const char *code;
        enum ref_kind by;
    } table[] = {
        {"RMA-1", REF_RMA}, {"WEB-1", REF_ORDER}, {"CP1", REF_TRACKING}, {"rma-1", REF_RMA}, {"cp1", REF_TRACKING}};
    struct house house;
    begin(&house);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct facts facts = gather(&house, HOUSE_DOCK, table[i].code);
        CU_ASSERT_EQUAL(facts.scanned.rma_count, 1);
        CU_ASSERT_EQUAL(facts.scanned.rma_by, table[i].by);
        CU_ASSERT_STRING_EQUAL(facts.scanned.rma.rma, "RMA-1");
        CU_ASSERT_EQUAL(facts.scanned.rma_parcels, 0);
        CU_ASSERT_FALSE(facts.scanned.parcel_by_alias);
        CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 0);
        facts_done(&facts);
    }
    house_scan(&house, HOUSE_DOCK, "CP1");
    struct facts facts = gather(&house, HOUSE_DOCK, "CP1");
    CU_ASSERT_TRUE(facts.scanned.parcel_by_alias && !facts.scanned.parcel_by_rma);
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 1);
    CU_ASSERT_EQUAL(facts.scanned.parcel.rma_count, 1);
    facts_done(&facts);
    facts = gather(&house, HOUSE_DOCK, "WEB-1");
    CU_ASSERT_FALSE(facts.scanned.parcel_by_alias);
    CU_ASSERT_EQUAL(facts.scanned.rma_parcels, 1);
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 1);
    facts_done(&facts);
    char label[OWN_SIZE];
    CU_ASSERT_TRUE_FATAL(own_encode(CANDIDATE_PARCEL, "PX0420000001", 0, label));
    facts = gather(&house, HOUSE_DOCK, label);
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 1);
    facts_done(&facts);
    house_close(&house);
}

/* A tracking number on two RMAs: nothing is loaded that a row could take for an answer. */
static void a_code_of_two_rmas_is_ambiguous(void)
{
    struct house house;
    begin(&house);
    HOUSE_MUST(&house, sql_script(house.store, "INSERT INTO rma_ref VALUES('CP1', 'RMA-2', 'tracking', 'CP1', '')",
                                  &house.err));
    house_scan(&house, HOUSE_DOCK, "RMA-1");
    struct facts facts = gather(&house, HOUSE_BENCH_2, "CP1");
    CU_ASSERT_EQUAL(facts.scanned.rma_count, 2);
    CU_ASSERT_STRING_EQUAL(facts.scanned.rma.rma, "");
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 0);
    facts_done(&facts);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "CP1"), SIGNAL_ATTENTION, MESSAGE_AMBIGUOUS);
    house_close(&house);
}

/* The RMA's number means its oldest box that waits; a tracking number means its own box. */
static void with_two_boxes_the_number_means_the_one_that_waits(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_DOCK, "RMA-1");
    house_scan(&house, HOUSE_DOCK, "RMA-1");
    house_card(&house, HOUSE_DOCK, VERB_NEXT);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM parcel"), 2);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT count(*) FROM print_job WHERE kind = 'parcel'"), 1);
    struct facts facts = gather(&house, HOUSE_BENCH_2, "RMA-1");
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 1);
    facts_done(&facts);
    HOUSE_MUST(&house, sql_script(house.store, "UPDATE parcel SET state = 'closed' WHERE parcel_id = 1", &house.err));
    facts = gather(&house, HOUSE_BENCH_2, "RMA-1");
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 2);
    facts_done(&facts);
    house_close(&house);
}

static void a_question_is_about_the_rma_that_was_asked_about(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_DOCK, "CP1");
    house_card(&house, HOUSE_DOCK, VERB_HELP);
    HOUSE_ANSWER(house_scan(&house, HOUSE_DOCK, "WEB-1"), SIGNAL_ATTENTION, MESSAGE_PARCEL_ALIAS_OR_BOX);
    char card[CONTROL_SIZE];
    control_encode(VERB_NEXT, card);
    struct facts facts = gather(&house, HOUSE_DOCK, card);
    CU_ASSERT_STRING_EQUAL(facts.scanned.rma.rma, "RMA-1");
    CU_ASSERT_EQUAL(facts.scanned.rma_by, REF_ORDER);
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 1);
    facts_done(&facts);
    HOUSE_ANSWER(house_card(&house, HOUSE_DOCK, VERB_OK), SIGNAL_INFO, MESSAGE_PARCEL_ALIAS_ADDED);
    CU_ASSERT_EQUAL(house_count(&house, "SELECT parcel_id FROM parcel_alias WHERE key = 'WEB-1'"), 1);
    house_close(&house);
}

static void a_lease_ends_after_fifteen_minutes_with_drop_or_sign_out(void)
{
    struct house house;
    begin(&house);
    HOUSE_MUST(&house,
               sql_script(house.store, "INSERT INTO operator VALUES('LEFT', 'LEFT', 'Left bench', 7, 'en', 0, 1)",
                          &house.err));
    char badge[OWN_SIZE];
    CU_ASSERT_TRUE_FATAL(own_encode(CANDIDATE_BADGE, "LEFT", 0, badge));
    house_scan(&house, HOUSE_BENCH_2, badge);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    struct facts facts = gather(&house, HOUSE_BENCH, "CP1");
    CU_ASSERT_STRING_EQUAL(facts.scanned.parcel.holder_lane, "bench-2");
    CU_ASSERT_STRING_EQUAL(facts.scanned.parcel.holder, "Left bench");
    facts_done(&facts);
    facts = gather(&house, HOUSE_BENCH_2, "CP1"); /* one's own hand is no other lane's */
    CU_ASSERT_STRING_EQUAL(facts.scanned.parcel.holder_lane, "");
    CU_ASSERT_EQUAL(facts.hand_parcel.parcel.parcel_id, 1);
    facts_done(&facts);
    int64_t tick = house.when.tick;
    house.when.tick = tick + LEASE_MS;
    facts = gather(&house, HOUSE_BENCH, "CP1");
    CU_ASSERT_STRING_EQUAL(facts.scanned.parcel.holder_lane, "bench-2");
    facts_done(&facts);
    house.when.tick = tick + LEASE_MS + 1;
    facts = gather(&house, HOUSE_BENCH, "CP1");
    CU_ASSERT_STRING_EQUAL(facts.scanned.parcel.holder_lane, "");
    facts_done(&facts);
    house.when.tick = tick;
    house_card(&house, HOUSE_BENCH_2, VERB_LOGOUT);
    facts = gather(&house, HOUSE_BENCH, "CP1");
    CU_ASSERT_STRING_EQUAL(facts.scanned.parcel.holder_lane, "");
    facts_done(&facts);
    house_close(&house);
}

static void a_label_finds_its_unit_job_and_parcel(void)
{
    struct house house;
    begin(&house);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    struct job_row job;
    CU_ASSERT_TRUE(jobs_newest(house.store, 1, 0, &job, &house.err));
    struct facts facts = gather(&house, HOUSE_BENCH, job.code);
    CU_ASSERT_EQUAL(facts.scanned.unit.unit.unit_id, 1);
    CU_ASSERT_EQUAL(facts.scanned.generation, 1);
    CU_ASSERT_STRING_EQUAL(facts.scanned.unit.product.sku, "SHIRT");
    CU_ASSERT_EQUAL(facts.scanned.unit.job.state, JOB_PRINTED);
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.parcel_id, 1);
    CU_ASSERT_EQUAL(facts.scanned.parcel.parcel.open_units, 1);
    CU_ASSERT_EQUAL_FATAL(facts.scanned.parcel.rma_count, 1);
    CU_ASSERT_EQUAL(facts.scanned.parcel.rmas[0].lines[0].received, 1);
    facts_done(&facts);
    house_close(&house);
}

static void a_serial_that_is_here_already_is_seen(void)
{
    struct house house;
    begin(&house);
    char serials[] = "S-1\nS-2";
    struct rma_line line = {.line = "1", .sku = "PHONE", .qty = 3, .serials_known = true, .serials = serials};
    struct rma rma = house_rma_of("RMA-9", &line, 1);
    house_put(&house, &rma, "x", false);
    house_scan(&house, HOUSE_BENCH_2, "RMA-9");
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "S-1"), SIGNAL_OK, MESSAGE_UNIT_IDENTIFIED);
    struct facts facts = gather(&house, HOUSE_BENCH_2, "S-1");
    CU_ASSERT_FALSE(facts.scanned.serial_seen); /* it is the unit in hand */
    facts_done(&facts);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    house_scan_label(&house, HOUSE_BENCH_2, 1);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "S-1"), SIGNAL_ATTENTION, MESSAGE_UNIT_ALREADY_RETURNED);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "S-2"), SIGNAL_OK, MESSAGE_UNIT_IDENTIFIED);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* a void unit's serial is free again */
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "9520000001049"), SIGNAL_OK, MESSAGE_UNIT_IDENTIFIED);
    HOUSE_ANSWER(house_scan(&house, HOUSE_BENCH_2, "S-2"), SIGNAL_OK, MESSAGE_UNIT_SERIAL_OK);
    house_close(&house);
}

static void a_persons_id_is_not_anothers_badge(void)
{
    struct house house;
    begin(&house);
    HOUSE_MUST(&house, sql_script(house.store, "INSERT INTO operator VALUES('1', '2', 'Left bench', 1, 'en', 0, 1), "
                                               "('2', '3', 'Right bench', 1, 'en', 0, 1)", &house.err));
    char badge[OWN_SIZE];
    CU_ASSERT_TRUE_FATAL(own_encode(CANDIDATE_BADGE, "3", 0, badge));
    house_scan(&house, HOUSE_DOCK, badge);
    struct facts facts = gather(&house, HOUSE_DOCK, "x");
    CU_ASSERT_STRING_EQUAL(facts.operator.name, "Right bench");
    facts_done(&facts);
    CU_ASSERT_TRUE_FATAL(own_encode(CANDIDATE_BADGE, "2", 0, badge)); /* a badge number comes before an id */
    facts = gather(&house, HOUSE_DOCK, badge);
    CU_ASSERT_STRING_EQUAL(facts.scanned.badge.name, "Left bench");
    facts_done(&facts);
    house_close(&house);
}

static void what_was_decided_can_be_explained(void)
{
    struct house house;
    struct trace trace = {.count = 5};
    begin(&house);
    house_scan(&house, HOUSE_BENCH_2, "CP1");
    house_scan(&house, HOUSE_BENCH_2, SHIRT);
    CU_ASSERT_TRUE(records_trace(house.store, 1, &trace, &house.err));
    CU_ASSERT_EQUAL(trace.count, 0);
    house_card(&house, HOUSE_BENCH_2, VERB_GRADE_A);
    CU_ASSERT_TRUE(records_trace(house.store, 1, &trace, &house.err));
    CU_ASSERT_EQUAL_FATAL(trace.count, 3);
    CU_ASSERT_EQUAL(trace.steps[0].key, MESSAGE_RULE_POLICY);
    CU_ASSERT_EQUAL(trace.steps[1].key, MESSAGE_RULE_WINDOW_UNLIMITED);
    CU_ASSERT_EQUAL(trace.steps[2].key, MESSAGE_RULE_GRADE);
    CU_ASSERT_STRING_EQUAL(trace.steps[2].args[0].text, "grade.A");
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO);
    CU_ASSERT_TRUE(records_trace(house.store, 1, &trace, &house.err));
    CU_ASSERT_EQUAL(trace.count, 0);
    int64_t unit = 0;
    CU_ASSERT_TRUE(records_find_unit(house.store, "LP0420000001", &unit, &house.err));
    CU_ASSERT_EQUAL(unit, 1);
    CU_ASSERT_TRUE(records_find_unit(house.store, "", &unit, &house.err));
    CU_ASSERT_EQUAL(unit, 0);
    house_close(&house);
}

SUITE("store/gather", {"a new lane starts as configured", a_new_lane_starts_as_configured},
      {"next numbers follow what is there", next_numbers_follow_what_is_there},
      {"every code of an RMA finds it", every_code_of_an_rma_finds_it},
      {"a code of two RMAs is ambiguous", a_code_of_two_rmas_is_ambiguous},
      {"with two boxes the number means the one that waits", with_two_boxes_the_number_means_the_one_that_waits},
      {"a question is about the RMA that was asked about", a_question_is_about_the_rma_that_was_asked_about},
      {"a lease ends after fifteen minutes, with DROP or sign-out",
       a_lease_ends_after_fifteen_minutes_with_drop_or_sign_out},
      {"a label finds its unit, job and parcel", a_label_finds_its_unit_job_and_parcel},
      {"a serial that is here already is seen", a_serial_that_is_here_already_is_seen},
      {"a person's id is not another's badge", a_persons_id_is_not_anothers_badge},
      {"what was decided can be explained", what_was_decided_can_be_explained})
