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

/* ---- the carrier's label ---- */

/* A refused shirt whose own label waits to be scanned; hash: what the ERP wants on it, "" = it has said nothing. */
static void refused(struct scene *s, enum disposition disposition, const char *hash)
{
    scene_begin(s);
    scene_decide(s);
    s->unit.disposition = disposition;
    TEXT_COPY(s->carrier.hash, hash);
}

static void what_leaves_gets_the_carriers_label_after_its_own(void)
{
    static const struct {
        enum disposition disposition;
        const char *hash;
        enum message_key key;
        int copy;
    } cases[] = {
        {DISPOSITION_RETURN_TO_CUSTOMER, "a", MESSAGE_UNIT_CARRIER, 1},
        {DISPOSITION_RETURN_TO_VENDOR, "a", MESSAGE_UNIT_CARRIER, 1},
        {DISPOSITION_FORWARD, "a", MESSAGE_UNIT_CARRIER, 1},
        {DISPOSITION_RESELL, "a", MESSAGE_UNIT_CONFIRMED, 0},
        {DISPOSITION_RETURN_TO_CUSTOMER, "", MESSAGE_UNIT_CARRIER_AWAITED, 0},
        {DISPOSITION_RETURN_TO_VENDOR, "", MESSAGE_UNIT_CONFIRMED, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene s;
        refused(&s, cases[i].disposition, cases[i].hash);
        const struct outcome *out = scene_label(&s, 1);
        CHECK_ROW(out, "label scanned back");
        CHECK_ANSWER(out, SIGNAL_OK, cases[i].key);
        CU_ASSERT_EQUAL(out->print.copy, cases[i].copy);
        CU_ASSERT_EQUAL(out->print.copy != 0 && out->print.kind != LABEL_CARRIER, false);
        CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
    }
}

static void one_that_comes_later_is_printed_at_the_next_scan_once(void)
{
    struct scene s;
    refused(&s, DISPOSITION_RETURN_TO_CUSTOMER, "");
    scene_label(&s, 1);
    CHECK_ROW(scene_label(&s, 1), "where does it go");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_CARRIER_AWAITED);
    TEXT_COPY(s.carrier.hash, "a");
    CHECK_ROW(scene_label(&s, 1), "carrier's label");
    CHECK_ANSWER(&s.out, SIGNAL_OK, MESSAGE_CARRIER_PRINTED);
    CU_ASSERT_TRUE(s.out.print.kind == LABEL_CARRIER && s.out.print.copy == 1);
    CU_ASSERT_EQUAL(s.out.action, ACTION_CARRIER);
    CU_ASSERT_EQUAL(s.after.last_unit_id, s.unit.unit_id); /* REPRINT means it */
    CHECK_ROW(scene_label(&s, 1), "where does it go");
    CHECK_ANSWER(&s.out, SIGNAL_INFO, MESSAGE_UNIT_WHERE);
    s.carrier.job.state = JOB_VOIDED; /* it waited too long for the printer */
    CHECK_ROW(scene_label(&s, 1), "carrier's label");
    CU_ASSERT_EQUAL(s.out.print.copy, 2);
}

static void another_one_calls_the_first_back(void)
{
    static const enum job_state states[][2] = {{JOB_QUEUED, JOB_VOIDED}, {JOB_PRINTED, JOB_RECALLED}};
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct scene s;
        refused(&s, DISPOSITION_RETURN_TO_CUSTOMER, "a");
        scene_label(&s, 1);
        s.carrier.job.state = states[i][0];
        TEXT_COPY(s.carrier.hash, "b");
        const struct outcome *out = scene_label(&s, 1);
        CHECK_ROW(out, "carrier's label");
        CU_ASSERT_EQUAL(out->message.key, i == 0 ? MESSAGE_CARRIER_PRINTED : MESSAGE_CARRIER_REPLACED);
        CU_ASSERT_TRUE(out->job_count == 1 && out->jobs[0].job_id == 32 && out->jobs[0].state == states[i][1]);
        CU_ASSERT_EQUAL(out->print.copy, 2);
    }
}

static void none_is_printed_on_a_printer_of_another_resolution(void)
{
    static const struct {
        int made_for, printer;
        bool prints;
    } cases[] = {{0, 203, true}, {203, 203, true}, {300, 0, true}, {300, 203, false}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scene s;
        refused(&s, DISPOSITION_RETURN_TO_CUSTOMER, "a");
        s.carrier.dpi = cases[i].made_for;
        s.rules.dpi = cases[i].printer;
        scene_label(&s, 1);
        CU_ASSERT_EQUAL(s.out.print.copy != 0, cases[i].prints);
        CU_ASSERT_EQUAL(s.out.message.key == MESSAGE_CARRIER_DPI, !cases[i].prints);
        CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE); /* nothing waits for it */
    }
}

static void it_goes_with_the_disposition(void)
{
    struct scene s;
    refused(&s, DISPOSITION_RETURN_TO_CUSTOMER, "a");
    scene_label(&s, 1);
    CU_ASSERT_EQUAL(s.carrier.job.state, JOB_PRINTED);
    scene_label(&s, 1);
    TEXT_COPY(s.unit.inspector, s.facts.session.operator_id);
    s.unit.graded_at = s.facts.when.now;
    CHECK_ROW(scene_command(&s, VERB_GRADE_B), "another grade");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_CARRIER_OFF);
    CU_ASSERT_EQUAL(s.carrier.job.state, JOB_RECALLED);
    s.unit.state = UNIT_DECIDED; /* and the ERP decides once more */
    s.unit.generation = 0;
    scene_command(&s, VERB_DROP);
    CHECK_ROW(scene_label(&s, s.unit.generation), "decided anew by the ERP");
    CHECK_ANSWER(&s.out, SIGNAL_STOP, MESSAGE_UNIT_RELABEL_BOTH);
    scene_command(&s, VERB_OK);
    s.unit.state = UNIT_GRADED; /* and leaves the choice */
    s.facts.session.unit_id = 0;
    s.unit.generation = 0;
    CHECK_ROW(scene_label(&s, 0), "decided anew by the ERP");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_CARRIER_OFF);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_DISPOSITION);
}

static void every_row_was_reached(void)
{
    scene_check_reached(label_rows, label_row_count);
}

SUITE("core/label_rows", {"a label off a roll is as good", a_label_off_a_roll_is_as_good},
      {"rolls of others and numbers of our own are not taken", rolls_of_others_and_numbers_of_our_own_are_not_taken},
      {"a label of another item is never used again", a_label_of_another_item_is_never_used_again},
      {"the label scanned back ends it", the_label_scanned_back_ends_it},
      {"the last unit closes the parcel and the RMA", the_last_unit_closes_the_parcel_and_the_rma},
      {"a lane with nothing in hand confirms it too", a_lane_with_nothing_in_hand_confirms_it_too},
      {"without a place it waits labelled", without_a_place_it_waits_labelled},
      {"a wrong label changes nothing", a_wrong_label_changes_nothing},
      {"a unit decided anew gets its label at its next scan", a_unit_decided_anew_gets_its_label_at_its_next_scan},
      {"what leaves gets the carrier's label after its own", what_leaves_gets_the_carriers_label_after_its_own},
      {"one that comes later is printed at the next scan", one_that_comes_later_is_printed_at_the_next_scan_once},
      {"another one calls the first back", another_one_calls_the_first_back},
      {"none on a printer of another resolution", none_is_printed_on_a_printer_of_another_resolution},
      {"it goes with the disposition", it_goes_with_the_disposition},
      {"every row was reached", every_row_was_reached})
