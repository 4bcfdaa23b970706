/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

/* What the store says about the step that was just made: the rows before and after it, and its events. */
static void take_note(struct scene *s, enum action action, const struct unit *unit_before,
                      const struct parcel *parcel_before)
{
    struct undo_facts *undo = &s->facts.undo;
    *undo = (struct undo_facts){.journal = 900, .action = action, .unit_now = s->unit, .job = s->job};
    TEXT_COPY(undo->operator_id, s->facts.session.operator_id);
    undo->unit_before = unit_before != NULL ? *unit_before : (struct unit){0};
    if (parcel_before != NULL) {
        undo->parcel_before = *parcel_before;
        undo->parcel_now = s->parcel;
    }
    for (size_t i = 0; i < s->out.event_count; i++) {
        undo->events[i].type = s->out.events[i].type;
        undo->events[i].sequence = s->facts.next_sequence - (int64_t)(s->out.event_count - i);
        if (s->out.events[i].type == EVENT_RMA_COMPLETED)
            TEXT_COPY(undo->events[i].rma, s->out.events[i].rma->rma);
    }
    undo->event_count = s->out.event_count;
}

static const struct outcome *undo(struct scene *s)
{
    s->found.parcel = (struct parcel_facts){.parcel = s->parcel, .rmas = &s->rma, .rma_count = 1};
    return scene_command(s, VERB_UNDO);
}

static const struct event *find(const struct outcome *out, enum event_type type)
{
    for (size_t i = 0; i < out->event_count; i++)
        if (out->events[i].type == type)
            return &out->events[i];
    return NULL;
}

static void with_nothing_to_take_back_it_says_so(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ROW(undo(&s), "undo");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNDO_NOTHING);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void what_is_not_ones_own_or_was_built_upon_stays(void)
{
    struct scene s;
    scene_begin(&s);
    scene_badge(&s, "LEFT");
    scene_identify(&s, "SHIRT");
    take_note(&s, ACTION_IDENTIFY, NULL, NULL);
    scene_badge(&s, "RIGHT");
    CHECK_ANSWER(undo(&s), SIGNAL_ATTENTION, MESSAGE_UNDO_NOT_YOURS);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    scene_badge(&s, "LEFT");
    s.facts.undo.later = true;
    CHECK_ANSWER(undo(&s), SIGNAL_ATTENTION, MESSAGE_UNDO_LATER);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.facts.undo.later = false;
    CHECK_ANSWER(undo(&s), SIGNAL_OK, MESSAGE_UNDO_DONE);
}

static void an_identified_unit_is_void_and_keeps_its_number(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    take_note(&s, ACTION_IDENTIFY, NULL, NULL);
    const struct outcome *out = undo(&s);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_STRING_EQUAL(out->message.args[0].text, "action.identify");
    CU_ASSERT_EQUAL(out->undoes, 900);
    CU_ASSERT_EQUAL(out->unit.state, UNIT_VOID);
    CU_ASSERT_STRING_EQUAL(out->unit.lpn, "LP0420001234");
    CU_ASSERT_EQUAL(out->event_count, 1); /* lpn.assigned cannot be corrected: the number is used up */
    CU_ASSERT_EQUAL(out->events[0].type, EVENT_UNIT_IDENTIFIED);
    CU_ASSERT_EQUAL(out->events[0].corrects, s.facts.next_sequence - 2);
    CU_ASSERT_STRING_EQUAL(out->events[0].reason, "did_not_occur");
    CU_ASSERT_EQUAL(s.after.unit_id, 0);
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_ITEM);
}

static void a_grade_taken_back_makes_its_label_worthless(void)
{
    static const struct {
        enum job_state before, after;
    } table[] = {{JOB_QUEUED, JOB_VOIDED},           {JOB_SENDING, JOB_RECALLED}, {JOB_SENT, JOB_RECALLED},
                 {JOB_PRINTED, JOB_RECALLED},        {JOB_UNKNOWN, JOB_RECALLED},
                 {JOB_NEEDS_ATTENTION, JOB_RECALLED}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct scene s;
        scene_begin(&s);
        scene_identify(&s, "SHIRT");
        struct unit before = s.unit;
        scene_command(&s, VERB_GRADE_A);
        s.job.state = table[i].before;
        take_note(&s, ACTION_GRADE, &before, NULL);
        const struct outcome *out = undo(&s);
        bool thrown = table[i].after == JOB_RECALLED;
        CHECK_ANSWER(out, thrown ? SIGNAL_ATTENTION : SIGNAL_OK, thrown ? MESSAGE_UNDO_THROW_LABEL : MESSAGE_UNDO_DONE);
        CU_ASSERT_EQUAL_FATAL(out->job_count, 1);
        CU_ASSERT_EQUAL(out->jobs[0].state, table[i].after);
        CU_ASSERT_EQUAL(out->unit.state, UNIT_IDENTIFIED);
        CU_ASSERT_EQUAL(out->unit.grade, GRADE_U);
        CU_ASSERT_EQUAL(out->unit.disposition, DISPOSITION_NONE);
        CU_ASSERT_EQUAL(out->unit.generation, 0); /* no label counts */
        CU_ASSERT_EQUAL(out->unit.generations, 1); /* only grows: the next label is the second */
        CU_ASSERT_EQUAL(out->event_count, 2);
        CU_ASSERT_EQUAL(s.after.unit_id, 11);
        CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_GRADE);
        CU_ASSERT_EQUAL(scene_command(&s, VERB_GRADE_B)->print.generation, 2);
    }
}

static void a_choice_taken_back_is_asked_again(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_E);
    struct unit before = s.unit;
    scene_command(&s, VERB_RECYCLE);
    take_note(&s, ACTION_DECIDE, &before, NULL);
    const struct outcome *out = undo(&s);
    CU_ASSERT_EQUAL(out->unit.state, UNIT_GRADED);
    CU_ASSERT_EQUAL(out->unit.grade, GRADE_E);
    CU_ASSERT_EQUAL(out->jobs[0].state, JOB_RECALLED);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_DISPOSITION);
}

static void a_confirmation_taken_back_reverses_stock_parcel_and_rma(void)
{
    struct scene s;
    scene_begin(&s);
    s.lines[0].qty = s.lines[0].received = 1;
    s.rma.line_count = 1;
    s.lines[0].received = 0;
    scene_decide(&s);
    s.lines[0].received = 1;
    struct unit unit = s.unit;
    struct parcel parcel = s.parcel;
    scene_label(&s, 1);
    CU_ASSERT_EQUAL_FATAL(s.parcel.state, PARCEL_CLOSED);
    take_note(&s, ACTION_CONFIRM, &unit, &parcel);
    scene_badge(&s, ""); /* the lane put nothing else in between */
    s.facts.session.parcel_id = 0;
    const struct outcome *out = undo(&s);
    CU_ASSERT_EQUAL(out->unit.state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(out->unit.status, STOCK_NONE);
    CU_ASSERT_STRING_EQUAL(out->unit.location, "");
    CU_ASSERT_EQUAL(out->unit.stock_moves, 2);
    CU_ASSERT_EQUAL(out->unit.outcomes, 1);
    CU_ASSERT_EQUAL(out->jobs[0].state, JOB_PRINTED);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_OPEN);
    CU_ASSERT_STRING_EQUAL(out->reopened_rma, "RMA-1");
    CU_ASSERT_EQUAL(s.after.unit_id, 11);
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_LABEL);
    const struct event *stock = find(out, EVENT_STOCK_DELTA);
    CU_ASSERT_PTR_NOT_NULL_FATAL(stock);
    CU_ASSERT_STRING_EQUAL(stock->stock.key, "LP0420001234/2");
    CU_ASSERT_STRING_EQUAL(stock->stock.reverses, "LP0420001234/1");
    CU_ASSERT_EQUAL(stock->stock.from.status, STOCK_SELLABLE);
    CU_ASSERT_STRING_EQUAL(stock->stock.from.location, "A-01");
    CU_ASSERT_EQUAL(stock->stock.to.status, STOCK_NONE);
    CU_ASSERT_EQUAL(out->events[0].type, EVENT_UNIT_LABEL_CONFIRMED);
    CU_ASSERT_EQUAL(stock->stock.cause, s.facts.next_sequence - (int64_t)out->event_count);
    const struct event *closed = find(out, EVENT_PARCEL_CLOSED);
    CU_ASSERT_PTR_NOT_NULL_FATAL(closed);
    CU_ASSERT_FALSE(closed->has_unit); /* as the event it corrects: about the parcel */
    CU_ASSERT_PTR_NOT_NULL(find(out, EVENT_RMA_COMPLETED));
    CU_ASSERT_PTR_NULL(find(out, EVENT_OUTCOME_RECOMMENDED));
    for (size_t i = 0; i < out->event_count; i++)
        CU_ASSERT_PTR_EQUAL(out->events[i].rma, &s.rma); /* same partition as what they correct */
    scene_label(&s, 1);
    CU_ASSERT_STRING_EQUAL(find(&s.out, EVENT_OUTCOME_RECOMMENDED)->outcome.supersedes, "LP0420001234/outcome/1");
}

static void a_receipt_taken_back_is_expected_again(void)
{
    static const struct parcel none = {0};
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    take_note(&s, ACTION_RECEIVE_OPEN, NULL, &none);
    const struct outcome *out = undo(&s);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_EXPECTED);
    CU_ASSERT_EQUAL(out->event_count, 1);
    CU_ASSERT_EQUAL(out->events[0].type, EVENT_PARCEL_RECEIVED);
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_PARCEL);
}

static void an_opening_taken_back_puts_the_parcel_down(void)
{
    static const enum parcel_state states[] = {PARCEL_ARRIVED, PARCEL_OPEN};
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct scene s;
        scene_begin(&s);
        scene_open(&s);
        scene_command(&s, VERB_DROP);
        s.parcel.state = states[i];
        struct parcel before = s.parcel;
        scene_rma_code(&s, REF_TRACKING, "1Z1", true);
        CU_ASSERT_EQUAL_FATAL(s.after.parcel_id, 21);
        take_note(&s, ACTION_OPEN, NULL, &before);
        const struct outcome *out = undo(&s);
        CU_ASSERT_EQUAL(out->parcel.state, states[i]);
        CU_ASSERT_EQUAL(s.after.parcel_id, 0);
    }
}

static void a_receipt_taken_back_at_the_dock_leaves_the_bench_alone(void)
{
    static const struct parcel none = {0};
    struct scene s;
    scene_begin(&s);
    s.facts.session.mode = s.rules.mode = LANE_DOCK;
    scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    s.facts.session.parcel_id = 99; /* in hand from the bench mode of a combined lane */
    s.facts.session.unit_id = 98;
    take_note(&s, ACTION_RECEIVE, NULL, &none);
    undo(&s);
    CU_ASSERT_EQUAL(s.out.parcel.state, PARCEL_EXPECTED);
    CU_ASSERT_EQUAL(s.after.parcel_id, 99);
    CU_ASSERT_EQUAL(s.after.unit_id, 98);
}

static void a_closing_taken_back_puts_the_parcel_in_hand(void)
{
    struct scene s;
    scene_begin(&s);
    s.rma.expect = EXPECT_UP_TO;
    scene_open(&s);
    struct parcel before = s.parcel;
    scene_command(&s, VERB_CLOSE);
    take_note(&s, ACTION_CLOSE, NULL, &before);
    const struct outcome *out = undo(&s);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_OPEN);
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_ITEM);
}

static void an_empty_box_is_open_again(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    struct parcel open = s.parcel;
    scene_command(&s, VERB_VOID);
    take_note(&s, ACTION_EMPTY, NULL, &open);
    TEXT_COPY(s.facts.undo.exception, "empty_box");
    const struct outcome *out = undo(&s);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNDO_DONE);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.reopened exception.resolved");
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
    CU_ASSERT_EQUAL(s.after.parcel_id, s.parcel.parcel_id);
}

static void a_hold_taken_back_calls_its_label_back(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    struct parcel open = s.parcel;
    scene_command(&s, VERB_HOLD);
    scene_command(&s, VERB_OPTION_4);
    scene_command(&s, VERB_OK);
    take_note(&s, ACTION_BLOCK, NULL, &open);
    const struct outcome *out = undo(&s);
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_UNDO_THROW_LABEL);
    CU_ASSERT_STRING_EQUAL(out->message.args[0].text, open.code);
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_OPEN);
}

SUITE("core/undo", {"an empty box is open again", an_empty_box_is_open_again},
      {"a hold taken back", a_hold_taken_back_calls_its_label_back},
      {"with nothing to take back it says so", with_nothing_to_take_back_it_says_so},
      {"what is not one's own or was built upon stays", what_is_not_ones_own_or_was_built_upon_stays},
      {"an identified unit is void and keeps its number", an_identified_unit_is_void_and_keeps_its_number},
      {"a grade taken back makes its label worthless", a_grade_taken_back_makes_its_label_worthless},
      {"a choice taken back is asked again", a_choice_taken_back_is_asked_again},
      {"a confirmation taken back reverses stock, parcel and RMA",
       a_confirmation_taken_back_reverses_stock_parcel_and_rma},
      {"a receipt taken back is expected again", a_receipt_taken_back_is_expected_again},
      {"an opening taken back puts the parcel down", an_opening_taken_back_puts_the_parcel_down},
      {"a receipt taken back at the dock leaves the bench alone",
       a_receipt_taken_back_at_the_dock_leaves_the_bench_alone},
      {"a closing taken back puts the parcel in hand", a_closing_taken_back_puts_the_parcel_in_hand})
