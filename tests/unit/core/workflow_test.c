/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static void every_row_is_whole(void)
{
    for (size_t t = 0; t < table_part_count; t++) {
        CU_ASSERT_TRUE(*table_parts[t].count > 0);
        for (size_t i = 0; i < *table_parts[t].count; i++) {
            const struct row *row = &table_parts[t].rows[i];
            CU_ASSERT_PTR_NOT_NULL_FATAL(row->name);
            CU_ASSERT_PTR_NOT_NULL(row->apply);
            CU_ASSERT_TRUE(row->modes != 0 && (row->modes & ~EITHER) == 0);
            CU_ASSERT_TRUE(row->hands != 0 && (row->hands & ~ANY_HAND) == 0);
            CU_ASSERT_TRUE(row->trigger < TRIGGER_COUNT && row->asked < PENDING_COUNT);
            bool command = row->trigger == TRIGGER_COMMAND;
            CU_ASSERT_TRUE(command ? row->first <= row->last && row->last <= VERB_COUNT
                                   : row->first == VERB_NONE && row->last == VERB_NONE);
        }
    }
}

static int rows_of_name(const char *name)
{
    int count = 0;
    for (size_t t = 0; t < table_part_count; t++)
        for (size_t i = 0; i < *table_parts[t].count; i++)
            count += strcmp(table_parts[t].rows[i].name, name) == 0;
    return count;
}

static void every_row_has_a_name_of_its_own(void)
{
    for (size_t t = 0; t < table_part_count; t++)
        for (size_t i = 0; i < *table_parts[t].count; i++)
            CU_ASSERT_EQUAL(rows_of_name(table_parts[t].rows[i].name), 1);
}

/* A row behind one that takes all it takes, and is never guarded, can never be reached. */
static bool hides(const struct row *front, const struct row *back)
{
    return front->guard == NULL && front->trigger == back->trigger && (back->modes & ~front->modes) == 0 &&
           (back->hands & ~front->hands) == 0 && front->first <= back->first && back->last <= front->last &&
           (front->asked == PENDING_NONE || front->asked == back->asked);
}

static void no_row_hides_another(void)
{
    for (size_t t = 0; t < table_part_count; t++)
        for (size_t i = 0; i < *table_parts[t].count; i++)
            for (size_t u = t; u < table_part_count; u++)
                for (size_t k = u == t ? i + 1 : 0; k < *table_parts[u].count; k++)
                    CU_ASSERT_FALSE(hides(&table_parts[t].rows[i], &table_parts[u].rows[k]));
}

/* ---- scan budgets (10-domain §8) ---- */

static void a_dock_needs_one_scan_a_parcel(void)
{
    struct scene s;
    scene_begin(&s);
    s.facts.session.mode = s.rules.mode = LANE_DOCK;
    CHECK_ANSWER(scene_rma_code(&s, REF_TRACKING, "1Z1", false), SIGNAL_OK, MESSAGE_PARCEL_RECEIVED);
    CU_ASSERT_EQUAL(s.after.pending, PENDING_NONE);
    scene_begin(&s);
    s.facts.session.mode = s.rules.mode = LANE_DOCK;
    scene_of_class(&s, CANDIDATE_TRACKING, "1Z404");
    CU_ASSERT_EQUAL(s.out.print.kind, LABEL_HOLD); /* unknown: one scan, the HOLD label comes by itself */
}

static void parcel_item_grade_label_are_four_scans(void)
{
    struct scene s;
    scene_begin(&s);
    s.lines[0].qty = 1;
    s.rma.line_count = 1;
    int64_t started = s.facts.when.tick;
    scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    scene_item(&s, "SHIRT");
    s.lines[0].received = 1;
    scene_command(&s, VERB_GRADE_A);
    scene_label(&s, 1);
    CU_ASSERT_EQUAL((s.facts.when.tick - started) / SCENE_PACE, 4);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_CLOSED);
    CU_ASSERT_STRING_EQUAL(s.out.completed_rma, "RMA-1");
    CHECK_ANSWER(&s.out, SIGNAL_OK, MESSAGE_UNIT_CONFIRMED_CLOSED);
}

static void a_separate_serial_makes_five(void)
{
    struct scene s;
    scene_begin(&s);
    s.rma.lines = &s.lines[1];
    s.rma.line_count = 1;
    int64_t started = s.facts.when.tick;
    scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    scene_item(&s, "PHONE");
    s.lines[1].received = 1;
    scene_text(&s, "S-1");
    scene_command(&s, VERB_GRADE_A);
    scene_label(&s, 1);
    CU_ASSERT_EQUAL((s.facts.when.tick - started) / SCENE_PACE, 5);
    CU_ASSERT_EQUAL(s.parcel.state, PARCEL_CLOSED);
}

/* ---- the rules for every scan (§5.1) ---- */

static void before_the_label_there_is_no_outcome(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_A);
    for (size_t i = 0; i < s.out.event_count; i++)
        CU_ASSERT_TRUE(s.out.events[i].type != EVENT_OUTCOME_RECOMMENDED && s.out.events[i].type != EVENT_STOCK_DELTA);
}

static const struct outcome *again(struct scene *s, enum verb verb, int64_t after_ms)
{
    s->facts.when.tick += after_ms - SCENE_PACE;
    return scene_command(s, verb);
}

static void the_same_code_within_a_second_is_one_scan(void)
{
    struct scene s;
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    scene_command(&s, VERB_GRADE_A);
    struct session before = s.facts.session;
    const struct outcome *out = again(&s, VERB_GRADE_A, 999);
    CU_ASSERT_TRUE(out->silent);
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_UNIT_DECIDED);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_LABEL);
    CU_ASSERT_EQUAL(memcmp(&before, &s.after, sizeof before), 0);
    CHECK_ROW(again(&s, VERB_GRADE_A, 1), "not in this state"); /* the bounce did not count: this is 1,000 ms after */
}

static void cards_that_count_bounce_for_less(void)
{
    static const struct {
        enum verb verb;
        int64_t bounce_ms;
    } table[] = {{VERB_OK, 300}, {VERB_QUANTITY_2, 300}, {VERB_OPTION_1, 300}, {VERB_DIGIT_0, 300}, {VERB_DIGIT_9, 300},
                 {VERB_UNDO, 1000}, {VERB_NEXT, 1000}, {VERB_GRADE_A, 1000}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct scene s;
        scene_begin(&s);
        scene_command(&s, table[i].verb);
        CU_ASSERT_TRUE(again(&s, table[i].verb, table[i].bounce_ms - 1)->silent);
        CU_ASSERT_FALSE(again(&s, table[i].verb, 1)->silent);
    }
}

static void another_code_device_or_a_turned_clock_is_no_bounce(void)
{
    struct scene s;
    scene_begin(&s);
    scene_command(&s, VERB_HELP);
    CU_ASSERT_FALSE(again(&s, VERB_INFO, 100)->silent);
    TEXT_COPY(s.facts.device, "scanner-2"); /* two scanners on a lane: two boxes with the same RMA number */
    CU_ASSERT_FALSE(again(&s, VERB_INFO, 100)->silent);
    CU_ASSERT_TRUE(again(&s, VERB_INFO, 100)->silent);
    CU_ASSERT_FALSE(again(&s, VERB_INFO, -5000)->silent);
}

static void restart(struct scene *s)
{
    TEXT_COPY(s->facts.run, "run-2");
}

static void after_a_restart_the_same_scan_is_already_stored(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    scene_command(&s, VERB_DROP);
    restart(&s);
    const struct outcome *out = scene_command(&s, VERB_DROP);
    CU_ASSERT_EQUAL(out->action, ACTION_REPEAT);
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_PARCEL_DROPPED);
    CU_ASSERT_TRUE(s.after.repeated);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_EQUAL(out->event_count, 0);
    CU_ASSERT_TRUE(again(&s, VERB_DROP, 999)->silent);
    CHECK_ROW(again(&s, VERB_DROP, 1001), "not in this state"); /* scanned once more, it is executed */
    CU_ASSERT_FALSE(s.after.repeated);
}

static void after_a_restart_another_scan_is_executed(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    restart(&s);
    CHECK_ROW(scene_item(&s, "SHIRT"), "item on an open line");
    CU_ASSERT_FALSE(s.after.repeated);
    CU_ASSERT_STRING_EQUAL(s.after.run, "run-2");
    scene_begin(&s);
    s.facts.session.last_code[0] = '\0'; /* a lane that never scanned repeats nothing */
    restart(&s);
    CHECK_ROW(scene_text(&s, ""), "unknown code");
}

static void a_stop_outlives_a_restart(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    scene_label(&s, 2);
    restart(&s);
    CHECK_ANSWER(scene_label(&s, 2), SIGNAL_STOP, MESSAGE_LABEL_OLD);
    CU_ASSERT_TRUE(s.after.repeated && s.after.stopped);
    CHECK_ANSWER(scene_command(&s, VERB_OK), SIGNAL_OK, MESSAGE_RELEASED);
}

static void a_stop_is_released_by_ok_or_undo_only(void)
{
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        struct scene s;
        scene_begin(&s);
        scene_decide(&s);
        scene_label(&s, 2);
        CU_ASSERT_TRUE_FATAL(s.after.stopped);
        CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_OK);
        s.facts.undo.journal = 5;
        scene_command(&s, (enum verb)verb);
        bool released = verb == VERB_OK || verb == VERB_UNDO;
        if (verb == VERB_HELP)
            CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_NEXT_OK);
        else
            CHECK_ANSWER(&s.out, released ? SIGNAL_OK : SIGNAL_STOP, released ? MESSAGE_RELEASED : MESSAGE_LABEL_OLD);
        CU_ASSERT_EQUAL(s.after.stopped, !released);
        CU_ASSERT_TRUE(scene_nothing_changed(&s)); /* UNDO cancels the stop and nothing else */
    }
}

static void badges_and_codes_do_not_release_a_stop(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    scene_label(&s, 2);
    CHECK_ANSWER(scene_badge(&s, "LEFT"), SIGNAL_STOP, MESSAGE_LABEL_OLD);
    CU_ASSERT_STRING_EQUAL(s.after.operator_id, "");
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_STOP, MESSAGE_LABEL_OLD);
    CHECK_ANSWER(scene_text(&s, "x"), SIGNAL_STOP, MESSAGE_LABEL_OLD);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DECIDED);
    CU_ASSERT_EQUAL(s.out.event_count, 0);
}

static void asked(struct scene *s)
{
    scene_begin(s);
    s->facts.session.mode = s->rules.mode = LANE_DOCK;
    scene_rma_code(s, REF_RMA, "RMA-1", false);
    scene_rma_code(s, REF_RMA, "RMA-1", true);
    CU_ASSERT_EQUAL_FATAL(s->after.pending, PENDING_SECOND_BOX);
}

static const struct outcome *next(struct scene *s)
{
    s->found.rma = s->rma;
    return scene_command(s, VERB_NEXT);
}

static void a_question_lives_thirty_seconds(void)
{
    struct scene s;
    asked(&s);
    s.facts.when.tick += 30000 - SCENE_PACE;
    CHECK_ROW(next(&s), "second box");
    asked(&s);
    s.facts.when.tick += 30001 - SCENE_PACE;
    CHECK_ROW(next(&s), "not in this state");
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void a_question_dies_with_any_other_scan(void)
{
    for (int other = 0; other < 4; other++) {
        struct scene s;
        asked(&s);
        if (other == 0)
            scene_text(&s, "x");
        else if (other == 1)
            scene_badge(&s, "LEFT");
        else
            scene_command(&s, other == 2 ? VERB_HELP : VERB_UNDO);
        CU_ASSERT_EQUAL(s.after.pending, PENDING_NONE);
        CHECK_ROW(next(&s), "not in this state");
    }
}

static void a_question_dies_with_the_process(void)
{
    struct scene s;
    asked(&s);
    restart(&s);
    CHECK_ROW(next(&s), "not in this state");
    asked(&s);
    restart(&s);
    scene_rma_code(&s, REF_RMA, "RMA-1", true); /* the same scan: its answer again, but nothing is asked any more */
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PARCEL_SECOND_BOX);
    CU_ASSERT_EQUAL(s.after.pending, PENDING_NONE);
    CHECK_ROW(next(&s), "not in this state");
    asked(&s);
    restart(&s);
    s.facts.when.tick = 5; /* a new boot */
    CHECK_ROW(next(&s), "not in this state");
}

static void a_label_that_cannot_be_made_changes_nothing(void)
{
    struct scene s;
    asked(&s);
    s.facts.session.repeated = true;
    workflow_refuse(&s.facts, message_text(message_of(MESSAGE_LABEL_TOO_BIG), 0, "sku"), &s.after, &s.out);
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_LABEL_TOO_BIG);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_EQUAL(s.after.pending, PENDING_NONE);
    CU_ASSERT_FALSE(s.after.repeated);
    CU_ASSERT_STRING_EQUAL(s.after.last_code, s.facts.scanned.code);
}

SUITE("core/workflow", {"every row is whole", every_row_is_whole},
      {"every row has a name of its own", every_row_has_a_name_of_its_own},
      {"no row hides another", no_row_hides_another},
      {"a dock needs one scan a parcel", a_dock_needs_one_scan_a_parcel},
      {"parcel, item, grade, label are four scans", parcel_item_grade_label_are_four_scans},
      {"a separate serial makes five", a_separate_serial_makes_five},
      {"before the label there is no outcome", before_the_label_there_is_no_outcome},
      {"the same code within a second is one scan", the_same_code_within_a_second_is_one_scan},
      {"cards that count bounce for less", cards_that_count_bounce_for_less},
      {"another code, device or a turned clock is no bounce", another_code_device_or_a_turned_clock_is_no_bounce},
      {"after a restart the same scan is already stored", after_a_restart_the_same_scan_is_already_stored},
      {"after a restart another scan is executed", after_a_restart_another_scan_is_executed},
      {"a stop outlives a restart", a_stop_outlives_a_restart},
      {"a stop is released by OK or UNDO only", a_stop_is_released_by_ok_or_undo_only},
      {"badges and codes do not release a stop", badges_and_codes_do_not_release_a_stop},
      {"a question lives thirty seconds", a_question_lives_thirty_seconds},
      {"a question dies with any other scan", a_question_dies_with_any_other_scan},
      {"a question dies with the process", a_question_dies_with_the_process},
      {"a label that cannot be made changes nothing", a_label_that_cannot_be_made_changes_nothing})
