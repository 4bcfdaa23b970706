/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void finish(struct scene *s)
{
    scene_decide(s);
    scene_label(s, s->unit.generation);
    CU_ASSERT_EQUAL_FATAL(s->unit.state, UNIT_DONE);
}

static void another_disposition_needs_a_lead_where_the_policy_does_not_propose_it(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    CHECK_ANSWER(scene_command(&s, VERB_RESELL), SIGNAL_INFO, MESSAGE_UNIT_ALREADY);
    CHECK_ANSWER(scene_command(&s, VERB_RECYCLE), SIGNAL_ATTENTION, MESSAGE_UNIT_NOT_ALLOWED);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_LEAD);
    const struct outcome *out = scene_allow(&s, scene_command, VERB_RECYCLE);
    CHECK_ROW(out, "another disposition");
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_UNIT_OVERRIDDEN);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.disposition_overridden");
    CU_ASSERT_STRING_EQUAL(out->lead, "lead-1");
    CU_ASSERT_EQUAL(out->events[0].prev, DISPOSITION_RESELL);
    CU_ASSERT_STRING_EQUAL(s.unit.decided_by, "lead");
    CU_ASSERT_EQUAL(out->jobs[0].state, JOB_RECALLED);
    CU_ASSERT_EQUAL(out->print.generation, 2);
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_STOP, MESSAGE_LABEL_OLD);
}

static void a_choice_that_is_forbidden_is_not_a_leads_either(void)
{
    struct scene s;
    scene_begin(&s);
    s.policy.forbid = BIT(DISPOSITION_DESTROY);
    scene_decide(&s);
    s.facts.operator.roles = BIT(ROLE_LEAD);
    CHECK_ANSWER(scene_command(&s, VERB_DESTROY), SIGNAL_ATTENTION, MESSAGE_UNIT_BANNED);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CHECK_ANSWER(scene_command(&s, VERB_DONATE), SIGNAL_ATTENTION, MESSAGE_UNIT_OVERRIDDEN);
}

static void a_lead_chooses_what_the_policy_does_not_list(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_E);
    CU_ASSERT_EQUAL_FATAL(s.unit.state, UNIT_GRADED);
    CHECK_ANSWER(scene_command(&s, VERB_PARTS), SIGNAL_ATTENTION, MESSAGE_UNIT_NOT_ALLOWED);
    const struct outcome *out = scene_allow(&s, scene_command, VERB_PARTS);
    CHECK_ROW(out, "disposition not allowed");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_DECIDED);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_PARTS);
    CU_ASSERT_EQUAL(out->trace.steps[out->trace.count - 1].key, MESSAGE_RULE_LEAD);
}

static void a_regrade_takes_three_scans(void)
{
    struct scene s;
    scene_begin(&s);
    finish(&s);
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_INFO, MESSAGE_UNIT_WHERE);
    const struct outcome *out = scene_command(&s, VERB_GRADE_B);
    CHECK_ROW(out, "another grade");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.regraded stock.delta unit.disposition_decided");
    CU_ASSERT_EQUAL(out->events[0].prev_grade, GRADE_A);
    CU_ASSERT_STRING_NOT_EQUAL(out->events[1].stock.reverses, "");
    CU_ASSERT_EQUAL(out->events[1].stock.to.status, STOCK_NONE);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_RESELL_B);
    out = scene_label(&s, 2);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_CONFIRMED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.label_confirmed stock.delta outcome.recommended");
    CU_ASSERT_STRING_NOT_EQUAL(out->events[2].outcome.supersedes, "");
}

static void another_persons_grade_takes_a_lead(void)
{
    struct scene s;
    scene_begin(&s);
    finish(&s);
    scene_badge(&s, "somebody");
    scene_label(&s, 1);
    CHECK_ANSWER(scene_command(&s, VERB_GRADE_C), SIGNAL_ATTENTION, MESSAGE_UNIT_REGRADE_LEAD);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    scene_label(&s, 1);
    s.facts.when.now += DAY_MS;
    scene_badge(&s, "");
    CU_ASSERT_EQUAL(scene_command(&s, VERB_GRADE_C)->unit.unit_id, 0); /* the question died with the badge */
}

static void what_comes_back_from_the_workshop_is_graded_again(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_C);
    scene_label(&s, 1);
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_INFO, MESSAGE_UNIT_WORKSHOP);
    const struct outcome *out = scene_command(&s, VERB_OPTION_1);
    CHECK_ROW(out, "back from the workshop");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.repaired");
    CU_ASSERT_STRING_EQUAL(out->events[0].text, "repaired");
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_GRADE);
    CU_ASSERT_EQUAL(scene_command(&s, VERB_GRADE_A)->print.generation, 2);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_RESELL);
}

static void what_is_not_there_is_void(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    s.facts.identified_event = 102;
    const struct outcome *out = scene_command(&s, VERB_VOID);
    CHECK_ROW(out, "not there after all");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_VOID);
    CU_ASSERT_EQUAL_FATAL(out->event_count, 1);
    CU_ASSERT_EQUAL(out->events[0].corrects, 102);
    CU_ASSERT_EQUAL(s.after.unit_id, 0);
}

static void the_wrong_shoe_leaves_its_line_short(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    s.facts.identified_event = 102;
    CHECK_ANSWER(scene_command(&s, VERB_OTHER), SIGNAL_ATTENTION, MESSAGE_UNIT_WHAT_IS_THERE);
    const struct outcome *out = scene_item(&s, "PHONE");
    CHECK_ROW(out, "what is there");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.identified unit.unexpected exception.opened");
    CU_ASSERT_STRING_EQUAL(out->events[1].expected_sku, "SHIRT");
    CU_ASSERT_STRING_EQUAL(s.unit.sku, "PHONE");
    CU_ASSERT_STRING_EQUAL(s.unit.line, "");
    CU_ASSERT_STRING_EQUAL(s.unit.problem, "wrong_item");

    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_OTHER);
    CHECK_ROW(scene_command(&s, VERB_NOTIN), "nobody knows what is there");
    CU_ASSERT_STRING_EQUAL(s.unit.problem, "unidentified");
}

static void an_item_nobody_knows_is_taken_for_quarantine(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    const struct outcome *out = scene_command(&s, VERB_NOTIN);
    CHECK_ROW(out, "unknown item");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "lpn.assigned unit.unidentified exception.opened");
    scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_QUARANTINE);
}

static void a_serial_that_cannot_be_read_is_never_invented(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "PHONE");
    CHECK_ANSWER(scene_command(&s, VERB_GRADE_A), SIGNAL_ATTENTION, MESSAGE_UNIT_SERIAL_NEEDED);
    const struct outcome *out = scene_command(&s, VERB_UNSEEN);
    CHECK_ROW(out, "illegible serial");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.serial_mismatch");
    CU_ASSERT_STRING_EQUAL(out->events[0].text, "illegible");
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_GRADE);
    scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_EQUAL(s.unit.verdict, VERDICT_MANUAL);
    CU_ASSERT_EQUAL(s.unit.disposition, DISPOSITION_QUARANTINE);
    CU_ASSERT_STRING_EQUAL(s.unit.serial, "");
}

static void every_row_was_reached(void)
{
    scene_check_reached(correct_rows, correct_row_count);
}

SUITE("core/correct_rows",
      {"another disposition needs a lead", another_disposition_needs_a_lead_where_the_policy_does_not_propose_it},
      {"forbidden is forbidden to a lead", a_choice_that_is_forbidden_is_not_a_leads_either},
      {"a lead chooses what is not listed", a_lead_chooses_what_the_policy_does_not_list},
      {"a regrade takes three scans", a_regrade_takes_three_scans},
      {"another person's grade takes a lead", another_persons_grade_takes_a_lead},
      {"back from the workshop", what_comes_back_from_the_workshop_is_graded_again},
      {"what is not there is void", what_is_not_there_is_void},
      {"the wrong shoe", the_wrong_shoe_leaves_its_line_short},
      {"an item nobody knows", an_item_nobody_knows_is_taken_for_quarantine},
      {"an illegible serial", a_serial_that_cannot_be_read_is_never_invented},
      {"every row was reached", every_row_was_reached})
