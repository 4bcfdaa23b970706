/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/house.h"

/* Unit 1, refused and decided, its label printed. */
static void begin(struct house *house)
{
    house_open(house);
    house_grade_shirt(house);
    HOUSE_MUST(house, sql_script(house->store, "UPDATE unit SET disposition = 'return_to_customer'", &house->err));
}

static void sends(struct house *house, const char *lpn, const char *zpl, int64_t dpi)
{
    HOUSE_MUST(house, carriers_put(house->store, lpn, zpl, dpi, &house->err));
}

static struct carrier_label find(struct house *house)
{
    struct unit_facts unit = {0};
    HOUSE_MUST(house, records_unit(house->store, 1, &unit, &house->err));
    return unit.carrier;
}

static const char *bytes(struct house *house, bool again)
{
    static char text[64];
    char hash[65];
    struct buffer zpl = BUFFER_EMPTY;
    struct unit unit = house_unit(house, 1);
    HOUSE_MUST(house, carriers_bytes(house->store, &unit, again, &zpl, hash, &house->err));
    TEXT_COPY(text, buffer_text(&zpl));
    buffer_done(&zpl);
    return text;
}

static void the_last_one_sent_counts_by_its_bytes(void)
{
    struct house house;
    begin(&house);
    CU_ASSERT_STRING_EQUAL(find(&house).hash, "");
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 203);
    struct carrier_label first = find(&house);
    CU_ASSERT_TRUE(first.hash[0] != '\0' && first.dpi == 203 && first.job.job_id == 0);
    CU_ASSERT_STRING_EQUAL(bytes(&house, false), "^XA^FDa^FS^XZ");
    sends(&house, "LP0420000001", "^XA^FDb^FS^XZ", 0);
    CU_ASSERT_STRING_NOT_EQUAL(find(&house).hash, first.hash);
    CU_ASSERT_EQUAL(find(&house).dpi, 0);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 203);
    CU_ASSERT_STRING_EQUAL(find(&house).hash, first.hash);
    house_close(&house);
}

static void one_for_the_first_lpn_is_found_under_the_second(void)
{
    struct house house;
    begin(&house);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 0);
    HOUSE_MUST(&house, sql_script(house.store, "UPDATE unit SET lpn = 'LP0429000001'", &house.err));
    CU_ASSERT_STRING_EQUAL(bytes(&house, false), "^XA^FDa^FS^XZ");
    sends(&house, "LP0429000001", "^XA^FDb^FS^XZ", 0);
    CU_ASSERT_STRING_EQUAL(bytes(&house, false), "^XA^FDb^FS^XZ");
    house_close(&house);
}

/* The unit's own label is another job: neither hides the other. */
static void its_jobs_are_not_those_of_the_units_own_label(void)
{
    struct house house;
    struct job_row own, last;
    begin(&house);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 0);
    house_scan_label(&house, HOUSE_BENCH, 1);
    CU_ASSERT_EQUAL(house.out.print.kind, LABEL_CARRIER);
    HOUSE_MUST(&house, jobs_newest(house.store, 1, 0, &own, &house.err));
    CU_ASSERT_TRUE(own.job.job_id == 1 && own.job.kind == LABEL_UNIT && own.job.state == JOB_CONFIRMED);
    CU_ASSERT_TRUE(find(&house).job.job_id == 2 && find(&house).job.state == JOB_PRINTED);
    HOUSE_MUST(&house, jobs_last(house.store, 1, 0, &last, &house.err));
    CU_ASSERT_EQUAL(last.job.job_id, 2);
    CU_ASSERT_STRING_EQUAL(bytes(&house, true), "^XA^XZ"); /* what this house prints */
    house_card(&house, HOUSE_BENCH, VERB_REPRINT);
    CU_ASSERT_TRUE(house.out.print.kind == LABEL_CARRIER && house.out.print.copy == 2);
    house_card(&house, HOUSE_BENCH, VERB_UNDO);
    CU_ASSERT_EQUAL(find(&house).job.state, JOB_RECALLED);
    HOUSE_MUST(&house, jobs_last(house.store, 1, 0, &last, &house.err));
    CU_ASSERT_EQUAL(last.job.job_id, 1);
    house_close(&house);
}

/* It may have been made for the printer there alone. */
static void what_came_out_at_another_lane_is_not_printed_again_here(void)
{
    struct house house;
    begin(&house);
    house_scan_label(&house, HOUSE_BENCH, 1);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 0);
    house_scan_label(&house, HOUSE_DOCK, 1);
    CU_ASSERT_EQUAL(house.out.print.kind, LABEL_CARRIER);
    house_card(&house, HOUSE_DOCK, VERB_REPRINT);
    CU_ASSERT_TRUE(house.out.print.kind == LABEL_CARRIER && house.out.print.copy == 2);
    house_card(&house, HOUSE_BENCH, VERB_REPRINT);
    CU_ASSERT_TRUE(house.out.print.kind == LABEL_UNIT && house.out.print.copy == 2);
    house_close(&house);
}

/* One that waited too long may be printed again, but not once its unit is not labelled any more. */
static void one_void_for_its_age_goes_with_the_confirmation(void)
{
    struct house house;
    struct job_row last;
    int64_t count;
    begin(&house);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 0);
    house.printer_off = true;
    house_scan_label(&house, HOUSE_BENCH, 1);
    HOUSE_MUST(&house, jobs_void_old(house.store, "zebra", house.when.now + 1, house.when.now, &count, &house.err));
    CU_ASSERT_EQUAL(count, 1);
    HOUSE_MUST(&house, jobs_last(house.store, 1, 0, &last, &house.err));
    CU_ASSERT_EQUAL(last.job.job_id, 2);
    house_card(&house, HOUSE_BENCH, VERB_UNDO);
    HOUSE_MUST(&house, jobs_last(house.store, 1, 0, &last, &house.err));
    CU_ASSERT_EQUAL(last.job.job_id, 1);
    house_close(&house);
}

/* "Did it come out?" No: it is printed again, whatever came out of the unit's other label. */
static void a_person_settles_each_for_itself(void)
{
    struct house house;
    enum job_state state;
    bool found;
    begin(&house);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 0);
    house_scan_label(&house, HOUSE_BENCH, 1);
    HOUSE_MUST(&house, sql_script(house.store, "UPDATE print_job SET state = 'unknown'", &house.err));
    HOUSE_MUST(&house, jobs_answer(house.store, 1, false, house.when.now, &state, &found, &house.err));
    CU_ASSERT_TRUE(found && state == JOB_QUEUED);
    HOUSE_MUST(&house, jobs_answer(house.store, 2, false, house.when.now, &state, &found, &house.err));
    CU_ASSERT_TRUE(found && state == JOB_QUEUED);
    house_close(&house);
}

static int64_t addresses(struct house *house)
{
    return house_count(house,
                       "SELECT (SELECT count(*) FROM carrier_label) + (SELECT count(*) FROM print_job WHERE kind ="
                       " 'carrier' AND length(zpl) > 0)");
}

/* It bears a name and an address: they go a while after the unit. */
static void it_is_forgotten_after_its_unit_left(void)
{
    struct house house;
    int64_t pruned, now;
    begin(&house);
    sends(&house, "LP0420000001", "^XA^FDa^FS^XZ", 0);
    house_scan_label(&house, HOUSE_BENCH, 1);
    now = house.when.now + 1000;
    CU_ASSERT_EQUAL(addresses(&house), 2);
    HOUSE_MUST(&house, carriers_prune(house.store, now, 10, &pruned, &house.err));
    CU_ASSERT_EQUAL(addresses(&house), 2); /* it is here */
    HOUSE_MUST(&house, sql_script(house.store, "UPDATE unit SET state = 'released'", &house.err));
    HOUSE_MUST(&house, carriers_prune(house.store, now - 5000, 10, &pruned, &house.err));
    CU_ASSERT_EQUAL(addresses(&house), 2); /* it left just now */
    HOUSE_MUST(&house, carriers_prune(house.store, now, 10, &pruned, &house.err));
    CU_ASSERT_EQUAL(addresses(&house), 0);
    CU_ASSERT_EQUAL(pruned, 2);
    house_close(&house);
}

SUITE("store/carriers", {"it is forgotten after its unit left", it_is_forgotten_after_its_unit_left},
      {"the last one sent counts by its bytes", the_last_one_sent_counts_by_its_bytes},
      {"one for the first LPN is found under the second", one_for_the_first_lpn_is_found_under_the_second},
      {"its jobs are not those of the unit's own label", its_jobs_are_not_those_of_the_units_own_label},
      {"what came out at another lane is not printed here", what_came_out_at_another_lane_is_not_printed_again_here},
      {"one void for its age goes with the confirmation", one_void_for_its_age_goes_with_the_confirmation},
      {"a person settles each for itself", a_person_settles_each_for_itself})
