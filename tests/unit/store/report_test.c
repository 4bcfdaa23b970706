/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/report.h"

#include "daemon/store/stream.h"
#include "tests/support/house.h"

#define FOREVER (INT64_C(4000000000000))

/* All cells as "name=value " in order; numbers in their shortest form. */
struct told {
    char text[8000];
    int rows;
};

static void take(void *context, const struct report_row *row)
{
    struct told *told = context;
    for (size_t i = 0; i < row->count; i++) {
        double number = strtod(row->values[i], NULL);
        char value[VALUE_SIZE];
        if (row->numeric[i])
            TEXT_FORMAT(value, "%g", number);
        else
            TEXT_COPY(value, row->values[i]);
        text_format(told->text + strlen(told->text), sizeof told->text - strlen(told->text), "%s=%s ", row->names[i],
                    value);
    }
    told->rows++;
}

static const struct told *run(struct house *house, const char *name, int64_t from, int64_t until)
{
    static struct told told;
    told = (struct told){0};
    HOUSE_MUST(house, report_run(house->store, name, from, until, take, &told, &house->err));
    return &told;
}

static void has(const struct told *told, const char *cell)
{
    if (strstr(told->text, cell) == NULL)
        printf("\n    no %s in %s", cell, told->text);
    CU_ASSERT_PTR_NOT_NULL(strstr(told->text, cell));
}

/* One unit of RMA n, graded so many minutes after its parcel was received. */
static void finish(struct house *house, int n, enum verb grade, int minutes)
{
    char code[16];
    house_rma(house, n, n == 3 ? "LAMP" : "SHIRT", 1);
    TEXT_FORMAT(code, "CP%d", n);
    house->pace_ms = 2000;
    house_scan(house, HOUSE_DOCK, code);
    house->pace_ms = minutes * INT64_C(60000) - 6000;
    house_scan(house, HOUSE_BENCH_2, code);
    house->pace_ms = 2000;
    house_scan(house, HOUSE_BENCH_2, n == 3 ? "9520000001032" : "9520000001025");
    house_card(house, HOUSE_BENCH_2, grade);
    if (house->out.next.key == MESSAGE_NEXT_DISPOSITION)
        house_card(house, HOUSE_BENCH_2, VERB_QUARANTINE);
    CU_ASSERT_EQUAL_FATAL(house_scan_label(house, HOUSE_BENCH_2, n)->action, ACTION_CONFIRM);
}

static void begin(struct house *house)
{
    house_open(house);
    house_product(house, "SHIRT", "9520000001025", TRACK_NONE);
    house_product(house, "LAMP", "9520000001032", TRACK_NONE);
}

static void a_day_says_what_was_done_and_how_long_it_took(void)
{
    struct house house;
    begin(&house);
    CU_ASSERT_EQUAL(run(&house, "day", 0, FOREVER)->rows, 0);
    for (int n = 1; n <= 4; n++)
        finish(&house, n, n == 3 ? VERB_GRADE_B : VERB_GRADE_A, n * 10);
    house_card(&house, HOUSE_BENCH_2, VERB_UNDO); /* the fourth is not done after all */
    const struct told *told = run(&house, "day", 0, FOREVER);
    CU_ASSERT_EQUAL(told->rows, 1);
    has(told, "key=2026-11-25 ");
    has(told, " parcels=4 units=3 ");
    has(told, " median_minutes=20 p90_minutes=30 ");
    has(told, " A=2 B=1 C=0 ");
    has(told, " overridden=0 ");
    has(run(&house, "owner", 0, FOREVER), "key=main parcels=3 units=3 ");
    told = run(&house, "product", 0, FOREVER);
    CU_ASSERT_EQUAL(told->rows, 2);
    has(told, "key=LAMP parcels=1 units=1 median_minutes=30 ");
    CU_ASSERT_EQUAL(run(&house, "day", 0, HOUSE_NOW)->rows, 0);
    CU_ASSERT_EQUAL(run(&house, "day", HOUSE_NOW + DAY_MS, FOREVER)->rows, 0);
    house_close(&house);
}

static void a_shift_ends_with_signing_out(void)
{
    struct house house;
    char badge[OWN_SIZE];
    begin(&house);
    HOUSE_MUST(&house, sql_script(house.store, "INSERT INTO operator VALUES('LEFT', 'LEFT', 'Left', 3, 'en', 0, 1)",
                                  &house.err));
    CU_ASSERT_TRUE_FATAL(own_encode(CANDIDATE_BADGE, "LEFT", 0, badge));
    house_scan(&house, HOUSE_BENCH_2, badge);
    finish(&house, 1, VERB_GRADE_A, 10);
    house_card(&house, HOUSE_BENCH_2, VERB_LOGOUT);
    finish(&house, 2, VERB_GRADE_A, 10);
    const struct told *told = run(&house, "shift", 0, FOREVER);
    CU_ASSERT_EQUAL(told->rows, 3);
    has(told, "key=bench-2 2026-11-25T10:10Z parcels=0 units=1 scans=6 ");
    has(told, "key=bench-2 open parcels=0 units=1 ");
    has(told, "key=dock open parcels=2 units=0 ");
    CU_ASSERT_PTR_NULL(strstr(told->text, "LEFT"));
    house_close(&house);
}

static void reasons_and_rejections_are_counted(void)
{
    struct house house;
    begin(&house);
    finish(&house, 1, VERB_GRADE_A, 10);
    finish(&house, 2, VERB_GRADE_A, 10);
    HOUSE_MUST(&house, sql_script(house.store,
                                  "UPDATE unit SET reason_declared = 'fit_small', reason_found = 'defective';"
                                  "UPDATE unit SET verdict = 'rejected', reject_code = 'window_exceeded',"
                                  " policy = 'default' WHERE unit_id = 2",
                                  &house.err));
    CU_ASSERT_STRING_EQUAL(run(&house, "reasons", 0, FOREVER)->text, "declared=fit_small found=defective units=2 ");
    CU_ASSERT_STRING_EQUAL(run(&house, "rejections", 0, FOREVER)->text, "rule=window_exceeded policy=default units=1 ");
    house_close(&house);
}

/* Two shirts of 200 g and a lamp of 600 g in a batch that weighed 1200 g; a lamp that was recycled. */
static void the_disclosure_shares_the_weight_of_the_scale(void)
{
    struct house house;
    begin(&house);
    for (int n = 1; n <= 4; n++)
        finish(&house, n, VERB_GRADE_A, 10);
    HOUSE_MUST(
        &house,
        sql_script(
            house.store,
            "UPDATE product SET weight_g = 200, category = 'apparel' WHERE sku = 'SHIRT';"
            "UPDATE product SET weight_g = 600, category = 'home' WHERE sku = 'LAMP';"
            "INSERT INTO batch(batch_id, code, state, reason, weight_g, sealed_by, second, witness, certificate, route)"
            " VALUES(1, 'DB1', 'destroyed', 'hygiene', 1200, 'A', 'B', 'W', '', 'energy_recovery');"
            "UPDATE unit SET state = 'destroyed', batch_id = 1 WHERE unit_id < 4;"
            "UPDATE unit SET state = 'released', disposition = 'recycle' WHERE unit_id = 4",
            &house.err));
    const struct told *told = run(&house, "disclosure", 0, FOREVER);
    CU_ASSERT_EQUAL(told->rows, 3);
    has(told, "year=2026 owner=main category=apparel outcome=destroyed legal_reason=hygiene derogation=no"
              " waste_route=energy_recovery units=2 kg=0.48 ");
    has(told, "category=home outcome=destroyed legal_reason=hygiene derogation=no waste_route=energy_recovery units=1 "
              "kg=0.72 ");
    has(told,
        "category=apparel outcome=recycled legal_reason=none derogation=no waste_route=recycling units=1 kg=0.2 ");
    CU_ASSERT_EQUAL(run(&house, "disclosure", 0, HOUSE_NOW - 365 * DAY_MS)->rows, 0);
    house_close(&house);
}

static void must_run(struct house *house, const char *sql)
{
    HOUSE_MUST(house, sql_script(house->store, sql, &house->err));
}

/* The oldest event that somebody still has to read, and how many there are. */
static void the_outbox_says_who_is_how_far_behind(void)
{
    struct house house;
    begin(&house);
    finish(&house, 1, VERB_GRADE_A, 10);
    must_run(&house, "DELETE FROM event WHERE sequence > 5; UPDATE journal SET at = 1000 * journal;"
                     "UPDATE event SET journal = sequence WHERE sequence <= 3");
    CU_ASSERT_EQUAL(run(&house, "outbox", 0, FOREVER)->rows, 0); /* nobody reads: nobody is waited for */
    must_run(&house, "INSERT INTO consumer VALUES('audit', 5, 0), ('erp', 1, 60000)");
    const struct told *told = run(&house, "outbox", 0, FOREVER);
    CU_ASSERT_EQUAL(told->rows, 2);
    has(told, "consumer=audit required=yes cursor=5 last=5 unacknowledged=0 oldest= oldest_minutes= ");
    has(told, "consumer=erp required=yes cursor=1 last=5 unacknowledged=4 oldest=1970-01-01T00:00:02Z oldest_minutes=2");
    has(told, "seen=1970-01-01T00:01:00Z ");
    HOUSE_MUST(&house, outbox_set_required(house.store, " erp  books ", &house.err));
    told = run(&house, "outbox", 0, FOREVER);
    has(told, "consumer=audit required=no ");
    has(told, "consumer=books required=yes cursor=0 last=5 unacknowledged=5 oldest=1970-01-01T00:00:01Z "); /* never came */
    has(told, "consumer=erp required=yes ");
    house_close(&house);
}

/* After a restore the rest of the old stream comes first, and waits as well. */
static void the_outbox_counts_what_is_left_of_an_old_stream(void)
{
    struct house house;
    begin(&house);
    finish(&house, 1, VERB_GRADE_A, 10);
    must_run(&house, "DELETE FROM event WHERE sequence > 5; INSERT INTO consumer VALUES('erp', 2, 0);"
                     "UPDATE event SET body = json_set(body, '$.time', '1970-01-01T00:00:0' || sequence || '.000Z')");
    HOUSE_MUST(&house, stream_renew(house.store, &house.err));
    has(run(&house, "outbox", 0, FOREVER),
        "consumer=erp required=yes cursor=0 last=0 unacknowledged=3 oldest=1970-01-01T00:00:03Z ");
    house_close(&house);
}

static void another_name_is_no_report(void)
{
    struct house house;
    struct told told = {0};
    begin(&house);
    CU_ASSERT_FALSE(report_run(house.store, "people", 0, FOREVER, take, &told, &house.err));
    CU_ASSERT_EQUAL(house.err.code, ERROR_INVALID);
    house_close(&house);
}

SUITE("store/report", {"a day says what was done and how long it took", a_day_says_what_was_done_and_how_long_it_took},
      {"a shift ends with signing out", a_shift_ends_with_signing_out},
      {"reasons and rejections are counted", reasons_and_rejections_are_counted},
      {"the disclosure shares the weight of the scale", the_disclosure_shares_the_weight_of_the_scale},
      {"the outbox says who is how far behind", the_outbox_says_who_is_how_far_behind},
      {"the outbox counts what is left of an old stream", the_outbox_counts_what_is_left_of_an_old_stream},
      {"another name is no report", another_name_is_no_report})
