/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void a_parcel_closes_when_nothing_is_missing(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.lines[0].received = 1;
    s.lines[0].received_elsewhere = 1;
    s.lines[1].missing = 1;
    const struct outcome *out = scene_command(&s, VERB_CLOSE);
    CHECK_ROW(out, "close");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_PARCEL_CLOSED);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_CLOSED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.closed");
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);

    scene_begin(&s);
    s.rma.expect = EXPECT_UP_TO; /* an order open to return asks nothing */
    scene_open(&s);
    CHECK_ANSWER(scene_command(&s, VERB_CLOSE), SIGNAL_OK, MESSAGE_PARCEL_CLOSED);
}

static void an_unlabelled_unit_keeps_it_open(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    s.facts.session.unit_id = 0; /* at another lane */
    CHECK_ANSWER(scene_command(&s, VERB_CLOSE), SIGNAL_ATTENTION, MESSAGE_PARCEL_OPEN_LINES);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void each_missing_line_is_asked_about(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    CHECK_ANSWER(scene_command(&s, VERB_CLOSE), SIGNAL_ATTENTION, MESSAGE_PARCEL_LINE_MISSING);
    CU_ASSERT_STRING_EQUAL(s.out.message.args[0].text, "SHIRT");
    CU_ASSERT_EQUAL(s.out.message.args[2].number, 2);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_LINE);
    const struct outcome *out = scene_command(&s, VERB_OK);
    CHECK_ROW(out, "not in this box");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "line.short");
    CU_ASSERT_STRING_EQUAL(out->mark.line, "1");
    CU_ASSERT_EQUAL(out->mark.fate, LINE_SHORT);
    CU_ASSERT_EQUAL(out->mark.qty, 2);
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_PARCEL_LINE_MISSING);
    CU_ASSERT_STRING_EQUAL(out->message.args[0].text, "PHONE");
    s.lines[0].excused = true;
    out = scene_command(&s, VERB_NEXT);
    CHECK_ROW(out, "another box comes");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "line.short parcel.closed");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_PARCEL_CLOSED);
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_CLOSED);
}

static void what_another_lane_began_is_not_closed_over(void)
{
    static const enum verb answers[] = {VERB_OK, VERB_LOST, VERB_NEXT};
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct scene s;
        scene_begin(&s);
        scene_open(&s);
        CHECK_ANSWER(scene_command(&s, VERB_CLOSE), SIGNAL_ATTENTION, MESSAGE_PARCEL_LINE_MISSING);
        s.parcel.open_units = 1; /* by a lane that took the parcel over while this one was asked */
        CHECK_ANSWER(scene_command(&s, answers[i]), SIGNAL_ATTENTION, MESSAGE_PARCEL_OPEN_LINES);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
        CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
    }
}

static void what_is_lost_settles_the_rma(void)
{
    struct scene s;
    scene_begin(&s);
    s.rma.line_count = 1;
    s.lines[0].accepted = s.lines[0].received = 1;
    scene_open(&s);
    scene_command(&s, VERB_CLOSE);
    const struct outcome *out = scene_command(&s, VERB_LOST);
    CHECK_ROW(out, "lost");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "line.missing rma.completed parcel.closed");
    CU_ASSERT_EQUAL(out->events[0].line.missing, 1);
    CU_ASSERT_EQUAL(out->events[2].change.missing, 1); /* parcel.closed does not call it short */
    CU_ASSERT_STRING_EQUAL(out->completed_rma, "RMA-1");
}

static const struct outcome *scan_it(struct scene *s, enum verb unused)
{
    (void)unused;
    return scene_rma_code(s, REF_TRACKING, "1Z1", true);
}

static void a_closed_parcel_is_opened_again_the_same_day_or_by_a_lead(void)
{
    for (int later = 0; later < 2; later++) {
        struct scene s;
        scene_begin(&s);
        s.rma.expect = EXPECT_UP_TO;
        scene_open(&s);
        scene_command(&s, VERB_CLOSE);
        s.facts.when.now += later * DAY_MS;
        CHECK_ANSWER(scan_it(&s, VERB_NONE), SIGNAL_ATTENTION, MESSAGE_PARCEL_IS_CLOSED);
        CHECK_ROW(scene_command(&s, VERB_REOPEN), "reopen which");
        CHECK_ROW(scan_it(&s, VERB_NONE), "reopen");
        if (later) {
            CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PARCEL_REOPEN_LEAD);
            scene_allow(&s, scan_it, VERB_NONE);
        }
        CHECK_ANSWER(&s.out, SIGNAL_OK, MESSAGE_PARCEL_REOPENED);
        CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "parcel.reopened");
        CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
        CU_ASSERT_EQUAL(s.after.parcel_id, s.parcel.parcel_id);
    }
}

/* The shirt settles the parcel, which closes by itself and is still in hand. */
static void close_by_itself(struct scene *s)
{
    scene_begin(s);
    s->rma.line_count = 1;
    s->lines[0].qty = 1;
    scene_decide(s);
    s->lines[0].received = 1;
    scene_label(s, 1);
    CU_ASSERT_EQUAL_FATAL(s->parcel.state, PARCEL_CLOSED);
    CU_ASSERT_EQUAL_FATAL(s->after.parcel_id, s->parcel.parcel_id);
    s->unit = (struct unit){0};
}

static void what_else_comes_out_opens_it_again(void)
{
    struct scene s;
    close_by_itself(&s);
    s.lines[0].qty = 2;
    const struct outcome *out = scene_item(&s, "SHIRT");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_IDENTIFIED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.reopened lpn.assigned unit.identified");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);

    close_by_itself(&s);
    out = scene_command(&s, VERB_NOTIN);
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
    CU_ASSERT_STRING_EQUAL(s.unit.problem, "unidentified");

    close_by_itself(&s);
    CHECK_ROW(scene_rma_code(&s, REF_RMA, "RMA-1", false), "slip of the box just closed");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
}

static void every_row_was_reached(void)
{
    scene_check_reached(close_rows, close_row_count);
}

SUITE("core/close_rows", {"a parcel closes when nothing is missing", a_parcel_closes_when_nothing_is_missing},
      {"an unlabelled unit keeps it open", an_unlabelled_unit_keeps_it_open},
      {"each missing line is asked about", each_missing_line_is_asked_about},
      {"what another lane began is not closed over", what_another_lane_began_is_not_closed_over},
      {"what is lost settles the RMA", what_is_lost_settles_the_rma},
      {"a closed parcel is opened again", a_closed_parcel_is_opened_again_the_same_day_or_by_a_lead},
      {"what else comes out opens it again", what_else_comes_out_opens_it_again},
      {"every row was reached", every_row_was_reached})
