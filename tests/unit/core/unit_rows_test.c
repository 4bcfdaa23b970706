/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void take_tote(struct scene *s, enum disposition disposition)
{
    s->tote = (struct container){.container_id = 5, .code = "T1", .disposition = disposition, .owner = "main",
                                 .location = "A-01", .units = 1};
    s->facts.session.container_id = 5;
}

static void where_no_label_is_wanted_the_tote_takes_it(void)
{
    struct scene s;
    scene_begin(&s);
    s.policy.unit_label = UNIT_LABEL_NONE;
    scene_identify(&s, "SHIRT");
    take_tote(&s, DISPOSITION_RESELL);
    const struct outcome *out = scene_command(&s, VERB_GRADE_A);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_CONFIRMED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.inspected unit.disposition_decided unit.putaway stock.delta"
                                            " container.unit_added outcome.recommended");
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    CU_ASSERT_STRING_EQUAL(s.unit.container, "T1");
    CU_ASSERT_EQUAL(out->print.copy, 0);
    CU_ASSERT_EQUAL(s.after.unit_id, 0);
}

static void else_it_gets_its_label_all_the_same(void)
{
    static const struct {
        const char *sku;
        enum disposition tote; /* NONE = there is none */
    } cases[] = {{"SHIRT", DISPOSITION_NONE}, {"SHIRT", DISPOSITION_DONATE}, {"PHONE", DISPOSITION_RESELL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene s;
        scene_begin(&s);
        s.policy.unit_label = UNIT_LABEL_NONE;
        scene_identify(&s, cases[i].sku);
        TEXT_COPY(s.unit.serial, s.unit.sku[0] == 'P' ? "S-1" : "");
        if (cases[i].tote != DISPOSITION_NONE)
            take_tote(&s, cases[i].tote);
        CHECK_ANSWER(scene_command(&s, VERB_GRADE_A), SIGNAL_OK, MESSAGE_UNIT_DECIDED);
        CU_ASSERT_EQUAL(s.out.print.kind, LABEL_UNIT);
    }
}

static void goods_for_sale_get_the_small_label(void)
{
    static const struct {
        enum verb grade;
        enum label_kind kind;
    } cases[] = {{VERB_GRADE_A, LABEL_RESTOCK}, {VERB_GRADE_C, LABEL_UNIT}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene s;
        scene_begin(&s);
        s.policy.unit_label = UNIT_LABEL_RESTOCK;
        scene_identify(&s, "SHIRT");
        scene_command(&s, cases[i].grade);
        CU_ASSERT_EQUAL(s.out.print.copy, 1);
        CU_ASSERT_EQUAL(s.out.print.kind, cases[i].kind);
    }
}

static void no_grade_without_the_serial(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "PHONE");
    CHECK_ROW(scene_command(&s, VERB_GRADE_A), "grade without serial");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_SERIAL_NEEDED);
    CU_ASSERT_EQUAL(s.unit.grade, GRADE_U);
}

static void each_grade_leads_where_the_policy_says(void)
{
    static const enum disposition wanted[] = {DISPOSITION_RESELL, DISPOSITION_RESELL_B, DISPOSITION_REFURBISH,
                                              DISPOSITION_PARTS};
    for (int i = 0; i < 4; i++) {
        struct scene s;
        scene_begin(&s);
        scene_identify(&s, "SHIRT");
        const struct outcome *out = scene_command(&s, (enum verb)(VERB_GRADE_A + i));
        CHECK_ROW(out, "grade");
        CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_DECIDED);
        CU_ASSERT_EQUAL(out->unit.grade, GRADE_A + i);
        CU_ASSERT_EQUAL(out->unit.state, UNIT_DECIDED);
        CU_ASSERT_EQUAL(out->unit.disposition, wanted[i]);
        CU_ASSERT_EQUAL(out->unit.verdict, VERDICT_ACCEPTED);
        CU_ASSERT_STRING_EQUAL(out->unit.decided_by, "policy");
        CU_ASSERT_STRING_EQUAL(out->unit.policy, "default");
        CU_ASSERT_EQUAL(out->unit.generation, 1);
        CU_ASSERT_EQUAL(out->print.generation, 1);
        CU_ASSERT_EQUAL(out->print.kind, LABEL_UNIT);
        CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.inspected unit.disposition_decided");
        CU_ASSERT_TRUE(out->events[1].trace->count > 0);
        CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_LABEL);
    }
}

static void grade_e_gives_the_choice(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    const struct outcome *out = scene_command(&s, VERB_GRADE_E);
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_UNIT_CHOOSE);
    CU_ASSERT_EQUAL(out->unit.state, UNIT_GRADED);
    CU_ASSERT_EQUAL(out->unit.allowed, BIT(DISPOSITION_RECYCLE) | BIT(DISPOSITION_DESTROY));
    CU_ASSERT_EQUAL(out->print.copy, 0);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.inspected");
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_DISPOSITION);
    for (int verb = VERB_RESELL; verb <= VERB_FORWARD; verb++) {
        if (verb == VERB_RECYCLE || verb == VERB_DESTROY)
            continue;
        CHECK_ROW(scene_command(&s, (enum verb)verb), "disposition not allowed");
        bool only_for_b = verb == VERB_RESELL_B;
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, only_for_b ? MESSAGE_UNIT_BANNED : MESSAGE_UNIT_NOT_ALLOWED);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
    }
    out = scene_command(&s, VERB_DESTROY);
    CHECK_ROW(out, "disposition");
    CU_ASSERT_EQUAL(out->unit.disposition, DISPOSITION_DESTROY);
    CU_ASSERT_STRING_EQUAL(out->unit.decided_by, "operator");
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.disposition_decided");
    CU_ASSERT_EQUAL_FATAL(out->events[0].trace->count, 4); /* policy, window, grade, and the choice */
    CU_ASSERT_EQUAL(out->events[0].trace->steps[2].key, MESSAGE_RULE_GRADE);
    CU_ASSERT_EQUAL(out->events[0].trace->steps[3].key, MESSAGE_RULE_CHOSEN);
    s.unit.state = UNIT_GRADED; /* undone, and chosen again */
    out = scene_command(&s, VERB_RECYCLE);
    CU_ASSERT_EQUAL_FATAL(out->events[0].trace->count, 4);
    CU_ASSERT_STRING_EQUAL(out->events[0].trace->steps[3].args[0].text, "disposition.recycle");
}

static void above_a_limit_a_lead_chooses(void)
{
    struct scene s;
    scene_begin(&s);
    s.policy.value_limits[DISPOSITION_DESTROY] = 1989; /* the shirt costs 1990 */
    s.facts.operator = (struct operator){.id = "LEFT", .roles = 1U << ROLE_INSPECTOR};
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_E);
    CU_ASSERT_EQUAL(s.unit.needs_lead, BIT(DISPOSITION_DESTROY));
    CHECK_ROW(scene_command(&s, VERB_DESTROY), "disposition that needs a lead");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_NEEDS_LEAD);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.facts.operator.roles |= 1U << ROLE_LEAD;
    CHECK_ROW(scene_command(&s, VERB_DESTROY), "disposition");
    scene_begin(&s);
    s.policy.value_limits[DISPOSITION_DESTROY] = 1990;
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_E);
    CHECK_ROW(scene_command(&s, VERB_DESTROY), "disposition");
}

static void after_nine_labels_comes_a_new_number(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    s.unit.generations = 9;
    const struct outcome *out = scene_command(&s, VERB_GRADE_A);
    CU_ASSERT_STRING_EQUAL(out->unit.lpn, "LP0420001234");
    CU_ASSERT_EQUAL(out->unit.generation, 1);
    CU_ASSERT_EQUAL(out->lpns_used, 1);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.inspected lpn.assigned unit.disposition_decided");
}

static void every_row_was_reached(void)
{
    scene_check_reached(unit_rows, unit_row_count);
}

SUITE("core/unit_rows", {"where no label is wanted the tote takes it", where_no_label_is_wanted_the_tote_takes_it},
      {"else it gets its label all the same", else_it_gets_its_label_all_the_same},
      {"goods for sale get the small label", goods_for_sale_get_the_small_label},
      {"no grade without the serial", no_grade_without_the_serial},
      {"each grade leads where the policy says", each_grade_leads_where_the_policy_says},
      {"above a limit a lead chooses", above_a_limit_a_lead_chooses},
      {"grade E gives the choice", grade_e_gives_the_choice},
      {"after nine labels comes a new number", after_nine_labels_comes_a_new_number},
      {"every row was reached", every_row_was_reached})
