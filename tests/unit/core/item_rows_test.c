/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

/* The scene's unit waits for its label, and is in no hand. */
static void put_off(struct scene *s)
{
    scene_begin(s);
    scene_decide(s);
    s->facts.session.unit_id = 0;
    s->lines[0].received = 1;
    s->facts.waiting_unit = (struct unit_facts){.unit = s->unit, .product = s->shirt, .job = s->job};
}

static void an_item_scanned_again_is_its_unit_not_another(void)
{
    struct scene s;
    put_off(&s);
    s.lines[0].qty = 1; /* no other shirt can be in the box */
    CHECK_ROW(scene_item(&s, "SHIRT"), "item that waits for its label");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_UNIT_WAITS);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_EQUAL(s.after.unit_id, s.unit.unit_id);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_LABEL);
    put_off(&s);
    CHECK_ROW(scene_item(&s, "SHIRT"), "item on an open line"); /* two are expected: it is the other one */
}

static void labels_are_put_off_only_where_the_lane_may(void)
{
    for (int allowed = 1; allowed <= 2; allowed++) {
        struct scene s;
        scene_begin(&s);
        s.rules.pending_labels = allowed;
        scene_decide(&s);
        s.lines[0].received = 1;
        int64_t first = s.unit.unit_id;
        CHECK_ROW(scene_item(&s, "SHIRT"), allowed == 2 ? "item while a label waits" : "item while one is in hand");
        CU_ASSERT_EQUAL(s.after.unit_id, allowed == 2 ? first + 1 : first);
    }
}

/* A kettle's RMA was scanned last; two more in the box have the shirt. */
static void what_fits_several_is_never_guessed(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    struct rma_line kettle = {.line = "1", .sku = "KETTLE", .qty = 1}, shirts[2] = {s.lines[0], s.lines[0]};
    struct rma rmas[3] = {{.rma = "RMA-9", .lines = &kettle, .line_count = 1},
                          {.rma = "RMA-1", .lines = &shirts[0], .line_count = 1},
                          {.rma = "RMA-2", .lines = &shirts[1], .line_count = 1}};
    s.rmas = rmas;
    s.rma_count = COUNT_OF(rmas);
    TEXT_COPY(s.parcel.rma, "RMA-9");
    CHECK_ROW(scene_item(&s, "SHIRT"), "item of several RMAs");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_WHOSE);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    shirts[0].received = shirts[0].qty; /* one is full: no question any more */
    CHECK_ROW(scene_item(&s, "SHIRT"), "item on an open line");
    CU_ASSERT_STRING_EQUAL(s.unit.rma, "RMA-2");
}

static void an_item_on_an_open_line_is_identified(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.lines[0].received = 1;
    const struct outcome *out = scene_item(&s, "SHIRT");
    CHECK_ROW(out, "item on an open line");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_IDENTIFIED);
    CU_ASSERT_EQUAL(out->message.args[1].number, 2);
    CU_ASSERT_EQUAL(out->message.args[2].number, 2);
    CU_ASSERT_STRING_EQUAL(out->unit.lpn, "LP0420001234");
    CU_ASSERT_EQUAL(out->unit.generation, 0);
    CU_ASSERT_STRING_EQUAL(out->unit.rma, "RMA-1");
    CU_ASSERT_STRING_EQUAL(out->unit.line, "1");
    CU_ASSERT_STRING_EQUAL(out->unit.owner, "main");
    CU_ASSERT_STRING_EQUAL(out->unit.reason_declared, "changed_mind");
    CU_ASSERT_EQUAL(out->unit.parcel_id, 21);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "lpn.assigned unit.identified");
    CU_ASSERT_EQUAL(out->lpns_used, 1);
    CU_ASSERT_EQUAL(s.after.unit_id, 11);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_GRADE);
}

static void an_item_is_known_by_gtin_sku_or_serial(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    struct candidate gtin = {.class = CANDIDATE_GTIN, .value = "9520000001025", .gtin = "09520000001025"};
    CHECK_ROW(scene_scan(&s, &gtin), "item on an open line"); /* no product of it: by the line's GTIN */
    CU_ASSERT_STRING_EQUAL(s.out.unit.line, "1");
    scene_begin(&s);
    scene_open(&s);
    CHECK_ROW(scene_text(&s, "SHIRT"), "item on an open line");
    CU_ASSERT_STRING_EQUAL(s.out.unit.line, "1");
    CU_ASSERT_STRING_EQUAL(s.out.unit.serial, "");
    scene_begin(&s);
    scene_open(&s);
    CHECK_ROW(scene_text(&s, "S-2"), "item on an open line");
    CU_ASSERT_STRING_EQUAL(s.out.unit.line, "2");
    CU_ASSERT_STRING_EQUAL(s.out.unit.serial, "S-2");
    CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "lpn.assigned unit.identified unit.serial_checked");
}

static void a_serial_in_the_symbol_is_checked_at_once(void)
{
    static const struct {
        const char *serial;
        bool known_list, seen;
        enum message_key key;
        const char *result, *problem;
    } table[] = {{"S-1", true, false, MESSAGE_UNIT_IDENTIFIED, "ok", ""},
                 {"S-9", false, false, MESSAGE_UNIT_IDENTIFIED, "not_known", ""},
                 {"S-9", true, false, MESSAGE_UNIT_SERIAL_MISMATCH, "not_shipped", "serial_mismatch"},
                 {"S-1", true, true, MESSAGE_UNIT_ALREADY_RETURNED, "already_returned", "serial_mismatch"}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct scene s;
        scene_begin(&s);
        s.lines[1].serials_known = table[i].known_list;
        scene_open(&s);
        struct candidate c = {.class = CANDIDATE_GS1, .value = "0109520000001049", .gtin = "09520000001049"};
        TEXT_COPY(c.serial, table[i].serial);
        s.found.product = s.phone;
        s.found.serial_seen = table[i].seen;
        const struct outcome *out = scene_scan(&s, &c);
        bool bad = table[i].problem[0] != '\0';
        CHECK_ANSWER(out, bad ? SIGNAL_ATTENTION : SIGNAL_OK, table[i].key);
        CU_ASSERT_STRING_EQUAL(out->unit.serial, table[i].serial);
        CU_ASSERT_STRING_EQUAL(out->unit.problem, table[i].problem);
        CU_ASSERT_STRING_EQUAL(out->events[2].text, table[i].result);
        CU_ASSERT_EQUAL(out->events[2].type, bad ? EVENT_UNIT_SERIAL_MISMATCH : EVENT_UNIT_SERIAL_CHECKED);
        CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_GRADE);
    }
}

static void a_separate_serial_is_asked_for_and_taken(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "PHONE");
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_SERIAL);
    CHECK_ROW(scene_command(&s, VERB_GRADE_A), "grade without serial");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_SERIAL_NEEDED);
    const struct outcome *out = scene_text(&s, "S-1");
    CHECK_ROW(out, "serial");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_SERIAL_OK);
    CU_ASSERT_EQUAL(out->unit.state, UNIT_INSPECTING);
    CU_ASSERT_STRING_EQUAL(out->unit.serial, "S-1");
    CHECK_ROW(scene_command(&s, VERB_GRADE_A), "grade");
    scene_begin(&s);
    scene_identify(&s, "PHONE");
    CHECK_ANSWER(scene_text(&s, "X-77"), SIGNAL_ATTENTION, MESSAGE_UNIT_SERIAL_MISMATCH);
    scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s.unit.verdict, VERDICT_MANUAL);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_QUARANTINE);
}

static void what_is_no_serial_is_not_taken_for_one(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "PHONE");
    struct candidate other = {
        .class = CANDIDATE_GS1, .value = "0109520000001025", .gtin = "09520000001025", .serial = "Z"};
    s.found.product = s.shirt;
    CHECK_ROW(scene_scan(&s, &other), "item while one is in hand"); /* the serial of another product */
    CHECK_ROW(scene_of_class(&s, CANDIDATE_LOCATION, "A-01"), "location");
    CHECK_ROW(scene_of_class(&s, CANDIDATE_CONTAINER, "T1"), "unknown container");
    CHECK_ROW(scene_of_class(&s, CANDIDATE_PARCEL, "PX0420000001"), "unknown code");
    CHECK_ANSWER(scene_text(&s, "123456789012345678901234567890123"), SIGNAL_ATTENTION, MESSAGE_TOO_LONG);
    CU_ASSERT_STRING_EQUAL(s.unit.serial, "");
    struct candidate same = {
        .class = CANDIDATE_GS1, .value = "0109520000001049", .gtin = "09520000001049", .serial = "S-2"};
    s.found.product = s.phone;
    CHECK_ROW(scene_scan(&s, &same), "serial");
    CU_ASSERT_STRING_EQUAL(s.unit.serial, "S-2");
}

static void what_does_not_belong_here_is_refused(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ROW(scene_item(&s, "SHIRT"), "item before its parcel");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PARCEL_FIRST);
    scene_open(&s);
    s.lines[0].received = 2;
    CHECK_ROW(scene_item(&s, "SHIRT"), "item on a full line");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_LINE_FULL);
    s.found.product = (struct product){.sku = "LAMP"};
    CHECK_ROW(scene_text(&s, "LAMP"), "item on no line");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_NOT_EXPECTED);
    CU_ASSERT_STRING_EQUAL(s.out.message.args[0].text, "LAMP");
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    scene_item(&s, "PHONE");
    CHECK_ROW(scene_item(&s, "SHIRT"), "item while one is in hand");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_IN_HAND);
    CU_ASSERT_STRING_EQUAL(s.out.message.args[0].text, "PHONE");
}

/* Scans something twice that does not belong here; it becomes a unit that only a person may decide. */
static void expect_problem(struct scene *s, const char *problem, const char *event, enum message_key key)
{
    const struct outcome *out = &s->out;
    CHECK_ANSWER(out, SIGNAL_ATTENTION, key);
    CU_ASSERT_STRING_EQUAL(s->unit.problem, problem);
    CU_ASSERT_STRING_EQUAL(out->exception, problem);
    char wanted[100];
    TEXT_FORMAT(wanted, "lpn.assigned %s exception.opened", event);
    CU_ASSERT_STRING_EQUAL(scene_told(out), wanted);
    scene_command(s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s->unit.verdict, VERDICT_MANUAL);
    CU_ASSERT_EQUAL(s->unit.disposition, DISPOSITION_QUARANTINE);
}

static void a_wrong_item_scanned_again_is_taken_for_a_person_to_decide(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    for (int i = 0; i < 2; i++) {
        s.found.product = (struct product){.sku = "LAMP", .owner = "main"};
        scene_text(&s, "LAMP");
        CU_ASSERT_EQUAL(s.unit.unit_id != 0, i == 1);
    }
    CU_ASSERT_STRING_EQUAL(s.out.row, "wrong item, scanned again");
    CU_ASSERT_STRING_EQUAL(s.unit.sku, "LAMP");
    CU_ASSERT_STRING_EQUAL(s.unit.rma, "");
    CU_ASSERT_STRING_EQUAL(s.unit.line, "");
    expect_problem(&s, "wrong_item", "unit.unexpected", MESSAGE_UNIT_UNEXPECTED);
}

static void one_too_many_scanned_again_is_taken_on_its_line(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.lines[0].received = 2;
    scene_item(&s, "SHIRT");
    scene_item(&s, "SHIRT");
    CU_ASSERT_STRING_EQUAL(s.out.row, "one too many, scanned again");
    CU_ASSERT_STRING_EQUAL(s.unit.line, "1");
    CU_ASSERT_EQUAL(s.out.events[1].received, 3);
    CU_ASSERT_EQUAL(s.out.events[1].expected, 2);
    expect_problem(&s, "over_quantity", "unit.overage", MESSAGE_UNIT_OVERAGE);
}

static void another_scan_in_between_takes_nothing(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.found.product = (struct product){.sku = "LAMP"};
    scene_text(&s, "LAMP");
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_AGAIN);
    s.found.product = (struct product){.sku = "MUG"};
    CHECK_ROW(scene_text(&s, "MUG"), "item on no line");
    s.found.product = (struct product){.sku = "LAMP"};
    CHECK_ROW(scene_text(&s, "LAMP"), "item on no line");
    s.facts.when.tick += 31000;
    s.found.product = (struct product){.sku = "LAMP"};
    CHECK_ROW(scene_text(&s, "LAMP"), "item on no line");
    CU_ASSERT_EQUAL(s.unit.unit_id, 0);
}

static void an_item_of_an_unverified_parcel_waits_for_its_line(void)
{
    struct scene s;
    scene_begin(&s);
    s.found.erp = ERP_UNREACHABLE;
    scene_of_class(&s, CANDIDATE_TRACKING, "1Z404");
    CU_ASSERT_FALSE(s.parcel.verified);
    s.rma = (struct rma){0};
    const struct outcome *out = scene_item(&s, "SHIRT");
    CHECK_ROW(out, "item of an unverified parcel");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_PENDING);
    CU_ASSERT_STRING_EQUAL(out->unit.line, "");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "lpn.assigned unit.identified");
    out = scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(out->unit.verdict, VERDICT_MANUAL);
    CU_ASSERT_EQUAL(out->unit.disposition, DISPOSITION_QUARANTINE);
    CU_ASSERT_EQUAL(out->trace.steps[0].key, MESSAGE_RULE_UNVERIFIED);
}

static void every_row_was_reached(void)
{
    scene_check_reached(item_rows, item_row_count);
}

SUITE("core/item_rows",
      {"an item scanned again is its unit, not another", an_item_scanned_again_is_its_unit_not_another},
      {"labels are put off only where the lane may", labels_are_put_off_only_where_the_lane_may},
      {"what fits several is never guessed", what_fits_several_is_never_guessed},
      {"an item on an open line is identified", an_item_on_an_open_line_is_identified},
      {"an item is known by GTIN, SKU or serial", an_item_is_known_by_gtin_sku_or_serial},
      {"a serial in the symbol is checked at once", a_serial_in_the_symbol_is_checked_at_once},
      {"a separate serial is asked for and taken", a_separate_serial_is_asked_for_and_taken},
      {"what is no serial is not taken for one", what_is_no_serial_is_not_taken_for_one},
      {"what does not belong here is refused", what_does_not_belong_here_is_refused},
      {"a wrong item scanned again is taken for a person to decide",
       a_wrong_item_scanned_again_is_taken_for_a_person_to_decide},
      {"one too many scanned again is taken on its line", one_too_many_scanned_again_is_taken_on_its_line},
      {"another scan in between takes nothing", another_scan_in_between_takes_nothing},
      {"an item of an unverified parcel waits for its line", an_item_of_an_unverified_parcel_waits_for_its_line},
      {"every row was reached", every_row_was_reached})
