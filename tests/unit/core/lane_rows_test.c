/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void a_badge_signs_in_and_takes_the_lane_over(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    const struct outcome *out = scene_badge(&s, "LEFT");
    CHECK_ROW(out, "badge in");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_SIGNED_IN);
    CU_ASSERT_STRING_EQUAL(out->message.args[0].text, "Left bench");
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "LEFT");
    CU_ASSERT_EQUAL(out->event_count, 1);
    CU_ASSERT_STRING_EQUAL(out->events[0].text, "LEFT");
    CU_ASSERT_EQUAL(out->events[0].roles, 1U << ROLE_INSPECTOR);
    scene_badge(&s, "RIGHT");
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "RIGHT");
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
    CU_ASSERT_EQUAL(s.after.unit_id, 11);
}

static const struct outcome *scan_badge_of_lead(struct scene *s)
{
    s->found.badge = (struct operator){.id = "lead-1", .name = "Lead", .roles = BIT(ROLE_LEAD)};
    return scene_of_class(s, CANDIDATE_BADGE, "LEAD-1");
}

/* SUPER asks for a badge that takes nothing over; only a lead's applies what was refused. */
static void a_lead_allows_what_was_refused_and_nothing_else(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ANSWER(scene_command(&s, VERB_SUPER), SIGNAL_ATTENTION, MESSAGE_NOT_HERE);
    scene_decide(&s);
    scene_command(&s, VERB_RECYCLE);
    const struct outcome *out = scene_command(&s, VERB_SUPER);
    CHECK_ROW(out, "supervisor");
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_LEAD_NEEDED);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_LEAD_BADGE);
    out = scene_badge(&s, "LEFT");
    CHECK_ROW(out, "not a lead");
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "");
    CU_ASSERT_FALSE(out->apply_kept);

    scene_command(&s, VERB_RECYCLE);
    scene_command(&s, VERB_SUPER);
    char code[CONTROL_SIZE];
    control_encode(VERB_RECYCLE, code);
    CU_ASSERT_STRING_EQUAL(s.facts.session.pending_code, code);
    out = scan_badge_of_lead(&s);
    CHECK_ROW(out, "lead allows it");
    CU_ASSERT_TRUE(out->apply_kept);
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "");
}

static void an_unknown_badge_changes_nothing(void)
{
    struct scene s;
    scene_begin(&s);
    const struct outcome *out = scene_badge(&s, "");
    CHECK_ROW(out, "badge unknown");
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_BADGE_UNKNOWN);
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "");
}

static void without_a_badge_nothing_is_done_where_one_is_needed(void)
{
    struct scene s;
    scene_begin(&s);
    s.rules.badge_needed = true;
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_SIGN_IN_FIRST);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_BADGE);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    scene_badge(&s, "");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_BADGE_UNKNOWN);
    scene_badge(&s, "LEFT");
    scene_open(&s);
}

static void signing_out_ends_the_lease_but_keeps_a_unit(void)
{
    struct scene s;
    scene_begin(&s);
    scene_badge(&s, "LEFT");
    scene_open(&s);
    const struct outcome *out = scene_command(&s, VERB_LOGOUT);
    CHECK_ROW(out, "sign out");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_SIGNED_OUT);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "operator.signed_out shift.report");
    CU_ASSERT_STRING_EQUAL(out->events[0].text, "LEFT");
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "");
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);
    CHECK_ROW(scene_command(&s, VERB_LOGOUT), "not in this state");
    CU_ASSERT_EQUAL(s.out.event_count, 0);
    scene_begin(&s);
    scene_badge(&s, "LEFT");
    scene_decide(&s);
    CHECK_ANSWER(scene_command(&s, VERB_LOGOUT), SIGNAL_ATTENTION, MESSAGE_OUT_UNLABELLED);
    CHECK_ANSWER(scene_command(&s, VERB_UNDO), SIGNAL_OK, MESSAGE_CANCELLED);
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "LEFT");
    scene_command(&s, VERB_LOGOUT);
    CHECK_ROW(scene_command(&s, VERB_OK), "sign out all the same");
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "");
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
    CU_ASSERT_EQUAL(s.after.unit_id, 11);
}

static void the_mode_changes_on_a_combined_lane_only(void)
{
    struct scene s;
    scene_begin(&s);
    const struct outcome *out = scene_command(&s, VERB_DOCK);
    CHECK_ROW(out, "dock or bench");
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_MODE_FIXED);
    CU_ASSERT_EQUAL(s.after.mode, LANE_BENCH);
    s.rules.mode = LANE_COMBINED;
    CHECK_ANSWER(scene_command(&s, VERB_DOCK), SIGNAL_OK, MESSAGE_MODE_DOCK);
    CU_ASSERT_EQUAL(s.after.mode, LANE_DOCK);
    CHECK_ANSWER(scene_command(&s, VERB_BENCH), SIGNAL_OK, MESSAGE_MODE_BENCH);
    CU_ASSERT_EQUAL(s.after.mode, LANE_BENCH);
}

static void undo_cancels_a_question_and_nothing_else(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.facts.session.mode = s.rules.mode = LANE_DOCK;
    scene_rma_code(&s, REF_RMA, "RMA-1", true);
    CU_ASSERT_EQUAL_FATAL(s.after.pending, PENDING_SECOND_BOX);
    s.facts.undo.journal = 5;
    const struct outcome *out = scene_command(&s, VERB_UNDO);
    CHECK_ROW(out, "cancel a question");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_CANCELLED);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.facts.undo.journal = 0;
    CHECK_ROW(scene_command(&s, VERB_UNDO), "undo");
}

static void a_label_is_printed_again_while_it_means_something(void)
{
    static const enum job_state good[] = {JOB_QUEUED,          JOB_SENT,   JOB_PRINTED, JOB_CONFIRMED,
                                          JOB_NEEDS_ATTENTION, JOB_UNKNOWN};
    static const enum job_state bad[] = {JOB_VOIDED, JOB_RECALLED};
    struct scene s;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        scene_begin(&s);
        scene_decide(&s);
        s.job.state = good[i];
        const struct outcome *out = scene_command(&s, VERB_REPRINT);
        CHECK_ROW(out, "reprint");
        CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_LABEL_REPRINTED);
        CU_ASSERT_EQUAL(out->print.copy, 2);
        CU_ASSERT_EQUAL(out->print.generation, 1);
        CU_ASSERT_EQUAL(out->print.unit_id, 11);
        CU_ASSERT_EQUAL(out->print.state, JOB_QUEUED);
        CU_ASSERT_EQUAL(out->unit.unit_id, 0);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        scene_begin(&s);
        scene_decide(&s);
        s.job.state = bad[i];
        CHECK_ROW(scene_command(&s, VERB_REPRINT), "nothing to reprint");
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_LABEL_NONE);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
    }
    scene_begin(&s);
    CHECK_ROW(scene_command(&s, VERB_REPRINT), "nothing to reprint");
}

static void info_says_what_is_in_hand_and_why(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ANSWER(scene_command(&s, VERB_INFO), SIGNAL_INFO, MESSAGE_INFO_NOTHING);
    scene_open(&s);
    CHECK_ANSWER(scene_command(&s, VERB_INFO), SIGNAL_INFO, MESSAGE_INFO_PARCEL);
    scene_decide(&s);
    s.facts.hand_trace = (struct trace){2, {message_of(MESSAGE_RULE_CONTENT), message_of(MESSAGE_RULE_PAID)}};
    CHECK_ANSWER(scene_command(&s, VERB_INFO), SIGNAL_INFO, MESSAGE_INFO_DECIDED);
    CU_ASSERT_EQUAL(s.out.message.args[2].number, 2);
    CHECK_ROW(scene_command(&s, VERB_INFO), "why it is so");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_RULE_CONTENT);
    CHECK_ANSWER(scene_command(&s, VERB_INFO), SIGNAL_INFO, MESSAGE_RULE_PAID);
    CHECK_ANSWER(scene_command(&s, VERB_INFO), SIGNAL_INFO, MESSAGE_INFO_DECIDED);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_LABEL);
}

static void help_says_what_is_next(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ROW(scene_command(&s, VERB_HELP), "help");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_NEXT_PARCEL);
    scene_open(&s);
    CHECK_ANSWER(scene_command(&s, VERB_HELP), SIGNAL_INFO, MESSAGE_NEXT_ITEM);
    scene_item(&s, "PHONE");
    CHECK_ANSWER(scene_command(&s, VERB_HELP), SIGNAL_INFO, MESSAGE_NEXT_SERIAL);
    scene_text(&s, "S-1");
    CHECK_ANSWER(scene_command(&s, VERB_HELP), SIGNAL_INFO, MESSAGE_NEXT_GRADE);
    scene_command(&s, VERB_GRADE_E);
    CHECK_ANSWER(scene_command(&s, VERB_HELP), SIGNAL_INFO, MESSAGE_NEXT_DISPOSITION);
    scene_command(&s, VERB_RECYCLE);
    CHECK_ANSWER(scene_command(&s, VERB_HELP), SIGNAL_INFO, MESSAGE_NEXT_LABEL);
}

static void cards_that_a_state_does_not_list_do_nothing(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ROW(scene_command(&s, VERB_OK), "nothing asked");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_NOTHING_TO_DO);
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        if (verb <= VERB_NEXT || verb == VERB_REPRINT || verb == VERB_DOCK || verb == VERB_BENCH ||
            verb == VERB_TOTE || verb == VERB_TRUCK || verb == VERB_NOCODE || verb == VERB_REOPEN ||
            verb == VERB_DESTROY || verb == VERB_PHOTO)
            continue;
        CHECK_ROW(scene_command(&s, (enum verb)verb), "not in this state");
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_NOT_HERE);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
        CU_ASSERT_EQUAL(s.out.event_count, 0);
    }
}

static void a_refused_code_says_why(void)
{
    static const struct {
        const char *detail;
        enum message_key key;
    } table[] = {{"unreadable", MESSAGE_UNREADABLE},
                 {"too_long", MESSAGE_TOO_LONG},
                 {"check_digit", MESSAGE_CHECK_DIGIT},
                 {"generation", MESSAGE_REFUSED_CODE}};
    struct scene s;
    scene_begin(&s);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct candidate c = {.class = CANDIDATE_REFUSED};
        TEXT_FORMAT(c.value, "code %zu", i);
        TEXT_COPY(c.detail, table[i].detail);
        CHECK_ROW(scene_scan(&s, &c), "refused code");
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, table[i].key);
        CU_ASSERT_EQUAL_FATAL(s.out.event_count, 1);
        CU_ASSERT_EQUAL(s.out.events[0].type, EVENT_SCAN_REJECTED);
        CU_ASSERT_STRING_EQUAL(s.out.events[0].text, c.value);
        CU_ASSERT_STRING_EQUAL(s.out.events[0].reason, table[i].detail);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
    }
}

static void an_unknown_code_is_shown_and_told(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ROW(scene_text(&s, "what is this"), "unknown code");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNKNOWN_CODE);
    CU_ASSERT_STRING_EQUAL(s.out.message.args[0].text, "what is this");
    CU_ASSERT_EQUAL_FATAL(s.out.event_count, 1);
    CU_ASSERT_STRING_EQUAL(s.out.events[0].reason, "unknown");
    s.facts.session.mode = s.rules.mode = LANE_DOCK; /* an item means nothing at a dock */
    CHECK_ROW(scene_item(&s, "SHIRT"), "unknown code");
    CU_ASSERT_EQUAL(s.out.event_count, 1);
}

static void every_row_was_reached(void)
{
    scene_check_reached(lane_rows, lane_row_count);
    scene_check_reached(last_rows, last_row_count);
}

SUITE("core/lane_rows", {"a lead allows what was refused", a_lead_allows_what_was_refused_and_nothing_else},
      {"a badge signs in and takes the lane over", a_badge_signs_in_and_takes_the_lane_over},
      {"an unknown badge changes nothing", an_unknown_badge_changes_nothing},
      {"without a badge nothing is done where one is needed", without_a_badge_nothing_is_done_where_one_is_needed},
      {"signing out ends the lease but keeps a unit", signing_out_ends_the_lease_but_keeps_a_unit},
      {"the mode changes on a combined lane only", the_mode_changes_on_a_combined_lane_only},
      {"UNDO cancels a question and nothing else", undo_cancels_a_question_and_nothing_else},
      {"a label is printed again while it means something", a_label_is_printed_again_while_it_means_something},
      {"INFO says what is in hand, and why", info_says_what_is_in_hand_and_why},
      {"HELP says what is next", help_says_what_is_next},
      {"cards that a state does not list do nothing", cards_that_a_state_does_not_list_do_nothing},
      {"a refused code says why", a_refused_code_says_why},
      {"an unknown code is shown and told", an_unknown_code_is_shown_and_told},
      {"every row was reached", every_row_was_reached})
