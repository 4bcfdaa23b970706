/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static const struct outcome *scan_roll(struct scene *s, const char *lpn)
{
    struct candidate c = {.class = CANDIDATE_LPN, .generation = 1};
    TEXT_COPY(c.value, lpn);
    return scene_scan(s, &c);
}

static void a_label_off_a_roll_is_as_good(void)
{
    static const struct {
        enum job_state own, after;
        enum signal signal;
    } cases[] = {{JOB_QUEUED, JOB_VOIDED, SIGNAL_OK}, {JOB_PRINTED, JOB_RECALLED, SIGNAL_ATTENTION}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene s;
        scene_begin(&s);
        scene_decide(&s);
        s.job.state = cases[i].own;
        const struct outcome *out = scan_roll(&s, "LP0429000007");
        CHECK_ROW(out, "label off a roll");
        CU_ASSERT_EQUAL(out->signal, cases[i].signal);
        CU_ASSERT_EQUAL(s.job.state, cases[i].after);
        CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
        CU_ASSERT_STRING_EQUAL(s.unit.lpn, "LP0429000007");
        CU_ASSERT_STRING_EQUAL(scene_told(out), "lpn.assigned unit.label_confirmed stock.delta outcome.recommended");
        CU_ASSERT_TRUE(out->events[0].preprinted && out->events[1].preprinted);
        CU_ASSERT_STRING_EQUAL(out->events[2].stock.key,
                               "LP0420001234/1"); /* effects keep the number they began with */
    }
}

static void rolls_of_others_and_numbers_of_our_own_are_not_taken(void)
{
    static const char *const lpns[] = {"LP0439000007", "LP0428999999", "LP0420000099"};
    for (size_t i = 0; i < COUNT_OF(lpns); i++) {
        struct scene s;
        scene_begin(&s);
        scene_decide(&s);
        CHECK_ROW(scan_roll(&s, lpns[i]), "label of no unit");
        CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    }
}

static void a_label_of_another_item_is_never_used_again(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    s.found.roll_unit_id = s.unit.unit_id + 1;
    CHECK_ROW(scan_roll(&s, "LP0429000007"), "label off a roll, used before");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_LABEL_USED);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    s.found.roll_unit_id = s.unit.unit_id;
    CHECK_ROW(scan_roll(&s, "LP0429000007"), "label off a roll");
}

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

static void the_label_scanned_back_ends_it(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    s.lines[0].received = 1;
    const struct outcome *out = scene_label(&s, 1);
    CHECK_ROW(out, "label scanned back");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_CONFIRMED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "unit.label_confirmed stock.delta outcome.recommended");
    CU_ASSERT_EQUAL(out->unit.state, UNIT_DONE);
    CU_ASSERT_EQUAL(out->unit.status, STOCK_SELLABLE);
    CU_ASSERT_STRING_EQUAL(out->unit.location, "A-01");
    const struct event *stock = &out->events[1];
    CU_ASSERT_STRING_EQUAL(stock->stock.key, "LP0420001234/1");
    CU_ASSERT_STRING_EQUAL(stock->stock.reverses, "");
    CU_ASSERT_EQUAL(stock->stock.from.status, STOCK_NONE);
    CU_ASSERT_EQUAL(stock->stock.to.status, STOCK_SELLABLE);
    CU_ASSERT_EQUAL(stock->stock.cause, s.facts.next_sequence - 3);
    CU_ASSERT_STRING_EQUAL(out->events[2].outcome.key, "LP0420001234/outcome/1");
    CU_ASSERT_EQUAL(out->events[2].outcome.amount, 1990);
    CU_ASSERT_EQUAL(out->jobs[0].state, JOB_CONFIRMED);
    CU_ASSERT_EQUAL(s.after.unit_id, 0);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_ITEM);
    CHECK_ROW(scene_label(&s, 1), "where does it go");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_UNIT_WHERE);
    CU_ASSERT_EQUAL(s.out.event_count, 0);
}

static void settled(struct scene *s)
{
    scene_begin(s);
    scene_decide(s);
    s->lines[0].received = 2;
    s->lines[0].accepted = 1;
    s->lines[1].received = s->lines[1].accepted = 1;
}

static void the_last_unit_closes_the_parcel_and_the_rma(void)
{
    struct scene s;
    settled(&s);
    const struct outcome *out = scene_label(&s, 1);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_CONFIRMED_CLOSED);
    CU_ASSERT_STRING_EQUAL(scene_told(out),
                           "unit.label_confirmed stock.delta outcome.recommended parcel.closed rma.completed");
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_CLOSED);
    CU_ASSERT_STRING_EQUAL(out->completed_rma, "RMA-1");
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_PARCEL);
    settled(&s);
    s.unit.verdict = VERDICT_MANUAL; /* a person still has to decide: closed, but the RMA is not complete */
    CU_ASSERT_STRING_EQUAL(scene_told(scene_label(&s, 1)),
                           "unit.label_confirmed stock.delta outcome.recommended parcel.closed");
    settled(&s);
    s.parcel.open_units = 2; /* another unit of it waits for its label elsewhere */
    s.lines[0].accepted = 0;
    CU_ASSERT_STRING_EQUAL(scene_told(scene_label(&s, 1)), "unit.label_confirmed stock.delta outcome.recommended");
}

/* Whoever decided it: with nothing in hand, a lane confirms a unit with all that follows from it. */
static void a_lane_with_nothing_in_hand_confirms_it_too(void)
{
    struct scene s;
    settled(&s);
    s.facts.session.parcel_id = s.facts.session.unit_id = 0;
    const struct outcome *out = scene_label(&s, 1);
    CHECK_ROW(out, "label scanned back");
    CU_ASSERT_STRING_EQUAL(scene_told(out),
                           "unit.label_confirmed stock.delta outcome.recommended parcel.closed rma.completed");
    CU_ASSERT_EQUAL(out->events[0].parcel.parcel_id, 21);
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);
    settled(&s);
    s.facts.session.unit_id = 0;
    s.facts.session.parcel_id = 99; /* another parcel is open on the bench: it stays there */
    scene_label(&s, 1);
    CU_ASSERT_EQUAL(s.out.parcel.parcel_id, 21);
    CU_ASSERT_EQUAL(s.after.parcel_id, 99);
}

static void without_a_place_it_waits_labelled(void)
{
    struct scene s;
    scene_begin(&s);
    s.rules.location[0] = '\0';
    scene_decide(&s);
    scene_label(&s, 1);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_LABELLED);
    CU_ASSERT_EQUAL(s.unit.status, STOCK_SELLABLE);
}

static void a_wrong_label_changes_nothing(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    CHECK_ROW(scene_label(&s, 2), "old label");
    CHECK_ANSWER(&s.out, SIGNAL_STOP, MESSAGE_LABEL_OLD);
    scene_command(&s, VERB_OK);
    s.found.unit.unit = (struct unit){.unit_id = 12, .lpn = "LP0420000009", .generation = 1, .state = UNIT_DECIDED};
    s.found.generation = 1;
    CHECK_ROW(scene_of_class(&s, CANDIDATE_LPN, "LP0420000009"), "label of another unit");
    CHECK_ANSWER(&s.out, SIGNAL_STOP, MESSAGE_LABEL_OF_OTHER);
    scene_command(&s, VERB_OK);
    CHECK_ROW(scene_of_class(&s, CANDIDATE_LPN, "LP0420000008"), "label of no unit");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_LABEL_UNKNOWN);
    static const enum job_state unprinted[] = {JOB_QUEUED, JOB_VOIDED};
    for (size_t i = 0; i < COUNT_OF(unprinted); i++) {
        s.job.state = unprinted[i];
        CHECK_ROW(scene_label(&s, 1), "label not printed yet");
        CHECK_ANSWER(&s.out, SIGNAL_STOP, MESSAGE_LABEL_NOT_PRINTED);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
        CU_ASSERT_EQUAL(s.out.event_count, 0);
        scene_command(&s, VERB_UNDO);
    }
    s.job.state = JOB_SENT; /* "sent" or "did it come out?": the label in the worker's hand is the answer */
    CHECK_ROW(scene_label(&s, 1), "label scanned back");
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

static void a_unit_decided_anew_gets_its_label_at_its_next_scan(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    scene_label(&s, 1);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    s.unit.state = UNIT_DECIDED;
    s.unit.disposition = DISPOSITION_QUARANTINE;
    s.unit.generation = 0;
    const struct outcome *out = scene_label(&s, 1);
    CHECK_ROW(out, "decided anew by the ERP");
    CHECK_ANSWER(out, SIGNAL_STOP, MESSAGE_UNIT_RELABEL);
    CU_ASSERT_EQUAL(out->unit.generation, 2);
    CU_ASSERT_EQUAL(out->print.generation, 2);
    CU_ASSERT_EQUAL(s.facts.session.unit_id, s.unit.unit_id);
    scene_command(&s, VERB_OK);
    CHECK_ROW(scene_label(&s, 1), "old label");
    scene_command(&s, VERB_OK);
    CHECK_ROW(scene_label(&s, 2), "label scanned back");
    s.unit.state = UNIT_GRADED; /* more than one choice is left */
    s.unit.generation = 0;
    CHECK_ROW(scene_label(&s, 2), "decided anew by the ERP");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_CHOOSE);
    CU_ASSERT_EQUAL(s.out.print.copy, 0);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_DISPOSITION);
}

static void every_row_was_reached(void)
{
    scene_check_reached(unit_rows, unit_row_count);
}SUITE("core/unit_rows", {"a label off a roll is as good", a_label_off_a_roll_is_as_good},
      {"rolls of others and numbers of our own are not taken", rolls_of_others_and_numbers_of_our_own_are_not_taken},
      {"a label of another item is never used again", a_label_of_another_item_is_never_used_again},
      {"where no label is wanted the tote takes it", where_no_label_is_wanted_the_tote_takes_it},
      {"else it gets its label all the same", else_it_gets_its_label_all_the_same},
      {"goods for sale get the small label", goods_for_sale_get_the_small_label},
      {"no grade without the serial", no_grade_without_the_serial},
      {"each grade leads where the policy says", each_grade_leads_where_the_policy_says},
      {"above a limit a lead chooses", above_a_limit_a_lead_chooses},
      {"grade E gives the choice", grade_e_gives_the_choice},
      {"the label scanned back ends it", the_label_scanned_back_ends_it},
      {"the last unit closes the parcel and the RMA", the_last_unit_closes_the_parcel_and_the_rma},
      {"a lane with nothing in hand confirms it too", a_lane_with_nothing_in_hand_confirms_it_too},
      {"without a place it waits labelled", without_a_place_it_waits_labelled},
      {"a wrong label changes nothing", a_wrong_label_changes_nothing},
      {"after nine labels comes a new number", after_nine_labels_comes_a_new_number},
      {"a unit decided anew gets its label at its next scan", a_unit_decided_anew_gets_its_label_at_its_next_scan},
      {"every row was reached", every_row_was_reached})
