/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void at_the_dock(struct scene *s)
{
    scene_begin(s);
    s->facts.session.mode = s->rules.mode = LANE_DOCK;
}

static void arrived(struct scene *s)
{
    at_the_dock(s);
    scene_rma_code(s, REF_TRACKING, "1Z1", false);
    CU_ASSERT_EQUAL_FATAL(s->parcel.state, PARCEL_ARRIVED);
}

static void held_as(struct scene *s, enum hold_kind kind)
{
    arrived(s);
    scene_command(s, VERB_HOLD);
    scene_command(s, (enum verb)(VERB_OPTION_1 + (int)kind - HOLD_CUSTOMS));
    CU_ASSERT_EQUAL_FATAL(s->parcel.state, PARCEL_HELD);
    scene_command(s, VERB_OK);
}

static const struct outcome *scan_it(struct scene *s, enum verb unused)
{
    (void)unused;
    return scene_rma_code(s, REF_TRACKING, "1Z1", true);
}

static void hold_takes_a_reason(void)
{
    static const enum hold_kind kinds[] = {HOLD_CUSTOMS, HOLD_HAZMAT, HOLD_DAMAGED, HOLD_OTHER};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct scene s;
        arrived(&s);
        CHECK_ROW(scene_command(&s, VERB_HOLD), "hold why");
        const struct outcome *out = scene_command(&s, (enum verb)(VERB_OPTION_1 + (int)i));
        CHECK_ROW(out, "hold");
        CHECK_ANSWER(out, SIGNAL_STOP, MESSAGE_PARCEL_HELD);
        CU_ASSERT_EQUAL(s.parcel.hold, kinds[i]);
        CU_ASSERT_EQUAL(s.parcel.resumes, PARCEL_ARRIVED);
        CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.held exception.opened");
        CU_ASSERT_EQUAL(out->print.kind, LABEL_HOLD);
    }
}

static void the_customs_flag_holds_at_arrival(void)
{
    struct scene s;
    at_the_dock(&s);
    s.rma.customs_hold = true;
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    CHECK_ANSWER(out, SIGNAL_STOP, MESSAGE_PARCEL_HELD);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.received parcel.held exception.opened");
    CU_ASSERT_EQUAL(out->action, ACTION_RECEIVE);
}

static void dangerous_goods_are_held_where_the_lane_says_so(void)
{
    for (int held = 0; held < 2; held++) {
        struct scene s;
        at_the_dock(&s);
        s.rma.hazmat = true;
        s.rules.hold_hazmat = held;
        const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
        CHECK_ANSWER(out, held ? SIGNAL_STOP : SIGNAL_OK, held ? MESSAGE_PARCEL_HELD : MESSAGE_PARCEL_RECEIVED);
        CU_ASSERT_EQUAL(s.parcel.hold, held ? HOLD_HAZMAT : HOLD_NONE);
    }
}

static void customs_ends_with_an_export_number_and_a_lead(void)
{
    for (int papers = 0; papers < 2; papers++) {
        struct scene s;
        held_as(&s, HOLD_CUSTOMS);
        TEXT_COPY(s.rma.export_mrn, papers ? "26FR0000001" : "");
        CHECK_ANSWER(scan_it(&s, VERB_NONE), SIGNAL_ATTENTION, MESSAGE_PARCEL_HELD);
        const struct outcome *out = scene_allow(&s, scan_it, VERB_NONE);
        CHECK_ROW(out, "held");
        CHECK_ANSWER(out, papers ? SIGNAL_OK : SIGNAL_ATTENTION,
                     papers ? MESSAGE_PARCEL_GOES_ON : MESSAGE_PARCEL_NO_MRN);
        CU_ASSERT_EQUAL(s.parcel.state, papers ? PARCEL_ARRIVED : PARCEL_HELD);
        CU_ASSERT_STRING_EQUAL(out->resolves, papers ? "held_customs" : "");
    }
}

static void a_lead_says_whether_a_damaged_parcel_goes_on_or_back(void)
{
    for (int back = 0; back < 2; back++) {
        struct scene s;
        held_as(&s, HOLD_DAMAGED);
        scan_it(&s, VERB_NONE);
        CHECK_ANSWER(scene_allow(&s, scan_it, VERB_NONE), SIGNAL_ATTENTION, MESSAGE_PARCEL_RELEASE_HOW);
        const struct outcome *out = scene_command(&s, back ? VERB_OPTION_2 : VERB_OPTION_1);
        CHECK_ROW(out, back ? "the held parcel goes back" : "the hold ends");
        CU_ASSERT_STRING_EQUAL(scene_told(out), back ? "exception.resolved parcel.refused" : "exception.resolved");
        CU_ASSERT_EQUAL(s.parcel.state, back ? PARCEL_REFUSED : PARCEL_ARRIVED);
        CU_ASSERT_STRING_EQUAL(out->lead, "lead-1");
    }
}

static void a_parcel_without_a_code_is_held(void)
{
    struct scene s;
    at_the_dock(&s);
    const struct outcome *out = scene_command(&s, VERB_NOCODE);
    CHECK_ROW(out, "no code on it");
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_PARCEL_NO_CODE);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.unknown exception.opened");
    CU_ASSERT_EQUAL(out->print.kind, LABEL_HOLD);
    CU_ASSERT_EQUAL(out->alias_count, 0);
}

static void the_unknown_is_linked_or_opened_blind(void)
{
    struct scene s;
    at_the_dock(&s);
    scene_of_class(&s, CANDIDATE_TRACKING, "1Z404");
    CU_ASSERT_EQUAL_FATAL(s.parcel.state, PARCEL_HELD);
    s.found.parcel.parcel = s.parcel;
    CHECK_ROW(scene_of_class(&s, CANDIDATE_PARCEL, s.parcel.code), "unknown, on hold");
    CHECK_ROW(scene_command(&s, VERB_LINK), "link to which RMA");
    struct parcel unknown = s.parcel;
    s.parcel = (struct parcel){0};
    s.found.rma = s.rma;
    s.found.rma_count = 1;
    s.found.rma_by = REF_RMA;
    TEXT_COPY(s.found.rma_code, "RMA-1");
    s.parcel = unknown;
    const struct outcome *out = scene_of_class(&s, CANDIDATE_RMA, "RMA-1");
    CHECK_ROW(out, "linked");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "exception.resolved parcel.linked");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_ARRIVED);
    CU_ASSERT_STRING_EQUAL(s.parcel.rma, "RMA-1");

    at_the_dock(&s);
    scene_command(&s, VERB_NOCODE);
    s.facts.session.mode = s.rules.mode = LANE_BENCH;
    s.found.parcel.parcel = s.parcel;
    out = scene_of_class(&s, CANDIDATE_PARCEL, s.parcel.code);
    CHECK_ROW(out, "unknown, opened blind");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
    CU_ASSERT_EQUAL(s.after.parcel_id, s.parcel.parcel_id);
}

static const struct outcome *scan_slip(struct scene *s, const char *number)
{
    s->found.rma = s->rma;
    TEXT_COPY(s->found.rma.rma, number);
    s->found.rma_count = 1;
    s->found.rma_by = REF_RMA;
    TEXT_COPY(s->found.rma_code, number);
    return scene_of_class(s, CANDIDATE_RMA, number);
}

static void a_slip_in_the_box_adds_its_rma(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    const struct outcome *out = scan_slip(&s, "RMA-2");
    CHECK_ROW(out, "slip of another RMA");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.linked");
    CU_ASSERT_STRING_EQUAL(s.parcel.rma, "RMA-2");
    out = scan_slip(&s, "RMA-1");
    CHECK_ROW(out, "slip of this box");
    CU_ASSERT_STRING_EQUAL(s.parcel.rma, "RMA-1");
}

static void an_item_of_another_customer_is_linked_when_scanned_twice(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    struct rma_line hat = {.line = "1", .sku = "HAT", .qty = 1};
    struct product product = {.sku = "HAT", .gtin = "09520000001063"};
    struct candidate c = {.class = CANDIDATE_GTIN, .value = "9520000001063", .gtin = "09520000001063"};
    for (int again = 0; again < 2; again++) {
        s.found.product = product;
        s.found.other = (struct rma){.rma = "RMA-9", .owner = "main", .lines = &hat, .line_count = 1};
        const struct outcome *out = scene_scan(&s, &c);
        CHECK_ROW(out, again ? "item of another RMA, scanned again" : "item of another RMA");
        CHECK_ANSWER(out, again ? SIGNAL_OK : SIGNAL_ATTENTION,
                     again ? MESSAGE_UNIT_IDENTIFIED : MESSAGE_PARCEL_OTHER_RMA);
        if (again)
            CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.linked lpn.assigned unit.identified");
    }
    CU_ASSERT_STRING_EQUAL(s.unit.rma, "RMA-9");
    CU_ASSERT_STRING_EQUAL(s.parcel.rma, "RMA-9");
}

static void damaged_refused_empty(void)
{
    struct scene s;
    arrived(&s);
    const struct outcome *out = scene_command(&s, VERB_BROKEN);
    CHECK_ROW(out, "damaged");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.damaged exception.opened");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_ARRIVED);
    out = scene_command(&s, VERB_REFUSE); /* the card after the card is still about the same parcel */
    CHECK_ROW(out, "refuse");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_REFUSED);
    CHECK_ANSWER(scene_command(&s, VERB_REFUSE), SIGNAL_ATTENTION, MESSAGE_NOT_HERE);

    scene_begin(&s);
    scene_open(&s);
    out = scene_command(&s, VERB_VOID);
    CHECK_ROW(out, "empty box");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.empty exception.opened");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_EMPTY);
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);
}

static void every_row_was_reached(void)
{
    scene_check_reached(hold_rows, hold_row_count);
}

SUITE("core/hold_rows",
      {"dangerous goods are held where the lane says so", dangerous_goods_are_held_where_the_lane_says_so},
      {"hold takes a reason", hold_takes_a_reason},
      {"the customs flag holds at arrival", the_customs_flag_holds_at_arrival},
      {"customs ends with an export number", customs_ends_with_an_export_number_and_a_lead},
      {"a lead says what becomes of it", a_lead_says_whether_a_damaged_parcel_goes_on_or_back},
      {"a parcel without a code", a_parcel_without_a_code_is_held},
      {"the unknown is linked or opened blind", the_unknown_is_linked_or_opened_blind},
      {"a slip adds its RMA", a_slip_in_the_box_adds_its_rma},
      {"an item of another customer", an_item_of_another_customer_is_linked_when_scanned_twice},
      {"damaged, refused, empty", damaged_refused_empty}, {"every row was reached", every_row_was_reached})
