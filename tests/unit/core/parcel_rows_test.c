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

static bool tells(const struct outcome *out, enum event_type type)
{
    for (size_t i = 0; i < out->event_count; i++)
        if (out->events[i].type == type)
            return true;
    return false;
}

static void a_parcel_arrives_in_one_scan(void)
{
    struct scene s;
    at_the_dock(&s);
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    CHECK_ROW(out, "arrives");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_PARCEL_RECEIVED);
    CU_ASSERT_EQUAL(out->action, ACTION_RECEIVE);
    CU_ASSERT_STRING_EQUAL(out->parcel.code, "PX0420000077");
    CU_ASSERT_EQUAL(out->parcel_codes_used, 1);
    CU_ASSERT_EQUAL(out->parcel.received_at, s.facts.when.now);
    CU_ASSERT_STRING_EQUAL(out->parcel.matched_by, "tracking");
    CU_ASSERT_EQUAL(out->alias_count, 1);
    CU_ASSERT_EQUAL_FATAL(out->event_count, 1);
    CU_ASSERT_EQUAL(out->events[0].type, EVENT_PARCEL_RECEIVED);
    CU_ASSERT_EQUAL(out->events[0].expected, 3);
    CU_ASSERT_PTR_NOT_NULL(out->events[0].rma);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_PARCEL);
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);
}

static void on_a_bench_the_same_scan_opens_it(void)
{
    struct scene s;
    scene_begin(&s);
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    CU_ASSERT_EQUAL(out->action, ACTION_RECEIVE_OPEN);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_OPEN);
    CU_ASSERT_TRUE(tells(out, EVENT_PARCEL_RECEIVED) && tells(out, EVENT_PARCEL_OPENED));
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
    CU_ASSERT_EQUAL(out->next.key, MESSAGE_NEXT_ITEM);
}

static void a_void_rma_is_received_but_pays_nothing(void)
{
    static const enum rma_state states[] = {RMA_AUTHORISED, RMA_CANCELLED, RMA_EXPIRED};
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct scene s;
        at_the_dock(&s);
        s.rma.state = states[i];
        s.rma.refund_timing = TIMING_ON_RECEIPT;
        const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
        bool good = states[i] == RMA_AUTHORISED;
        CHECK_ANSWER(out, good ? SIGNAL_OK : SIGNAL_ATTENTION,
                     good ? MESSAGE_PARCEL_RECEIVED : MESSAGE_PARCEL_RECEIVED_LATE);
        CU_ASSERT_EQUAL(out->parcel.state, PARCEL_ARRIVED);
        CU_ASSERT_EQUAL(tells(out, EVENT_OUTCOME_RECOMMENDED), good);
        CU_ASSERT_STRING_EQUAL(out->receipt_rma, good ? "RMA-1" : "");
    }
}

static void on_receipt_is_recommended_once(void)
{
    struct scene s;
    at_the_dock(&s);
    s.rma.refund_timing = TIMING_ON_RECEIPT;
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    CU_ASSERT_EQUAL_FATAL(out->event_count, 2);
    const struct event *event = &out->events[1];
    CU_ASSERT_TRUE(event->outcome.whole_rma);
    CU_ASSERT_STRING_EQUAL(event->outcome.key, "RMA-1/receipt");
    CU_ASSERT_EQUAL(event->outcome.amount, 2 * 1990 + 49900);
    CU_ASSERT_STRING_EQUAL(event->outcome.currency, "EUR");
    for (int why = 0; why < 2; why++) {
        at_the_dock(&s);
        s.rma.refund_timing = TIMING_ON_RECEIPT;
        s.rma.receipt_recommended = why == 0;
        s.rma.already_refunded = why == 1;
        CU_ASSERT_FALSE(tells(scene_rma_code(&s, REF_TRACKING, "1Z1", false), EVENT_OUTCOME_RECOMMENDED));
    }
}

static void a_parcel_whose_receipt_was_undone_comes_again(void)
{
    for (int mode = LANE_DOCK; mode <= LANE_BENCH; mode++) {
        struct scene s;
        arrived(&s);
        s.parcel.state = PARCEL_EXPECTED;
        s.facts.session.mode = s.rules.mode = (enum lane_mode)mode;
        const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", true);
        CHECK_ROW(out, "arrives again after undo");
        CU_ASSERT_EQUAL(out->parcel.parcel_id, 21);
        CU_ASSERT_EQUAL(out->parcel.state, mode == LANE_DOCK ? PARCEL_ARRIVED : PARCEL_OPEN);
        CU_ASSERT_EQUAL(out->parcel_codes_used, 0);
    }
}

static void the_same_number_again_is_a_duplicate(void)
{
    struct scene s;
    arrived(&s);
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", true);
    CHECK_ROW(out, "the same parcel again");
    CHECK_ANSWER(out, SIGNAL_INFO, MESSAGE_PARCEL_ALREADY);
    CU_ASSERT_EQUAL_FATAL(out->event_count, 1);
    CU_ASSERT_EQUAL(out->events[0].type, EVENT_SCAN_DUPLICATE);
    CU_ASSERT_EQUAL(out->events[0].parcel.parcel_id, 21);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out->events[0].rma);
    CU_ASSERT_STRING_EQUAL(out->events[0].rma->rma, "RMA-1");
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void the_rma_again_asks_for_a_second_box(void)
{
    struct scene s;
    arrived(&s);
    CHECK_ROW(scene_rma_code(&s, REF_RMA, "RMA-1", true), "its number again");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PARCEL_SECOND_BOX);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_ANSWER);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.found.rma = s.rma;
    const struct outcome *out = scene_command(&s, VERB_NEXT);
    CHECK_ROW(out, "second box");
    CU_ASSERT_EQUAL(out->parcel.parcel_id, 22);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_ARRIVED);
    CU_ASSERT_EQUAL(out->print.kind, LABEL_PARCEL);
    CU_ASSERT_EQUAL(out->print.parcel_id, 22);
    CU_ASSERT_EQUAL(out->alias_count, 0);
    CU_ASSERT_EQUAL(s.after.last_parcel_id, 22);
}

static void another_code_on_the_next_scan_is_the_same_box(void)
{
    struct scene s;
    arrived(&s);
    const struct outcome *out = scene_rma_code(&s, REF_RMA, "RMA-1", false);
    CHECK_ROW(out, "another code of it");
    CHECK_ANSWER(out, SIGNAL_INFO, MESSAGE_PARCEL_ALIAS_ADDED);
    CU_ASSERT_EQUAL_FATAL(out->alias_count, 1);
    CU_ASSERT_STRING_EQUAL(out->aliases[0].value, "RMA-1");
    CU_ASSERT_EQUAL(out->aliases[0].parcel_id, 21);
    CHECK_ANSWER(scene_rma_code(&s, REF_ORDER, "WEB-1", false), SIGNAL_INFO, MESSAGE_PARCEL_ALIAS_ADDED);
}

/* Something else scanned in between, too late, several boxes expected, another run: the lane asks. */
static void otherwise_another_code_asks(void)
{
    for (int why = 0; why < 4; why++) {
        struct scene s;
        arrived(&s);
        if (why == 0)
            scene_text(&s, "something else");
        s.facts.when.tick += why == 1 ? 10000 : 0;
        s.rma.parcels_expected = why == 2 ? 2 : 0;
        TEXT_COPY(s.facts.run, why == 3 ? "run-2" : "run-1");
        const struct outcome *out = scene_rma_code(&s, REF_RMA, "RMA-1", false);
        CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_PARCEL_ALIAS_OR_BOX);
        CU_ASSERT_EQUAL(s.after.pending, PENDING_ALIAS);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
    }
}

static void alias_asked(struct scene *s)
{
    arrived(s);
    scene_text(s, "something else");
    scene_rma_code(s, REF_ORDER, "WEB-1", false);
    CU_ASSERT_EQUAL_FATAL(s->after.pending, PENDING_ALIAS);
    s->found.rma = s->rma;
    s->found.rma_by = REF_ORDER;
    s->found.parcel.parcel = s->parcel;
}

static void the_worker_says_same_box_or_another(void)
{
    struct scene s;
    alias_asked(&s);
    const struct outcome *out = scene_command(&s, VERB_OK);
    CHECK_ROW(out, "same box");
    CHECK_ANSWER(out, SIGNAL_INFO, MESSAGE_PARCEL_ALIAS_ADDED);
    CU_ASSERT_EQUAL_FATAL(out->alias_count, 1);
    CU_ASSERT_STRING_EQUAL(out->aliases[0].value, "WEB-1");
    CU_ASSERT_EQUAL(out->aliases[0].kind, REF_ORDER);
    alias_asked(&s);
    out = scene_command(&s, VERB_NEXT);
    CHECK_ROW(out, "another box");
    CU_ASSERT_EQUAL(out->parcel.parcel_id, 22);
    CU_ASSERT_EQUAL_FATAL(out->alias_count, 1);
    CU_ASSERT_EQUAL(out->aliases[0].parcel_id, 22);
    alias_asked(&s);
    s.found = (struct scanned){0}; /* the RMA went away meanwhile */
    CHECK_ANSWER(scene_command(&s, VERB_NEXT), SIGNAL_ATTENTION, MESSAGE_NOT_HERE);
    alias_asked(&s);
    s.found = (struct scanned){0};
    CHECK_ANSWER(scene_command(&s, VERB_OK), SIGNAL_ATTENTION, MESSAGE_NOT_HERE);
}

static void a_bench_opens_what_arrived(void)
{
    struct scene s;
    arrived(&s);
    s.facts.session.mode = s.rules.mode = LANE_BENCH;
    const struct outcome *out = scene_rma_code(&s, REF_TRACKING, "1Z1", true);
    CHECK_ROW(out, "open");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_PARCEL_OPENED);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_OPEN);
    CU_ASSERT_EQUAL_FATAL(out->event_count, 1);
    CU_ASSERT_EQUAL(out->events[0].type, EVENT_PARCEL_OPENED);
    CHECK_ROW(scene_command(&s, VERB_DROP), "put down");
    CU_ASSERT_EQUAL(s.after.parcel_id, 0);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_PARCEL);
    out = scene_rma_code(&s, REF_TRACKING, "1Z1", true);
    CHECK_ROW(out, "open");
    CU_ASSERT_EQUAL(out->event_count, 0); /* told the first time only */
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
}

static void a_parcel_in_another_lanes_hand_is_a_stop(void)
{
    struct scene s;
    arrived(&s);
    s.facts.session.mode = s.rules.mode = LANE_BENCH;
    TEXT_COPY(s.found.parcel.holder_lane, "bench-2");
    s.found.rma_count = 1;
    s.found.rma_parcels = 1;
    s.found.parcel.parcel = s.parcel;
    TEXT_COPY(s.found.parcel.holder, "Right bench");
    const struct outcome *out = scene_of_class(&s, CANDIDATE_TRACKING, "1Z1");
    CHECK_ROW(out, "in another lane's hand");
    CHECK_ANSWER(out, SIGNAL_STOP, MESSAGE_PARCEL_ELSEWHERE);
    CU_ASSERT_STRING_EQUAL(out->message.args[0].text, "bench-2");
    CU_ASSERT_STRING_EQUAL(out->message.args[1].text, "Right bench");
    scene_command(&s, VERB_OK);
    s.found.parcel.parcel = s.parcel;
    s.found.parcel.parcel.state = PARCEL_CLOSED; /* closed while it lies there: nobody works on it any more */
    TEXT_COPY(s.found.parcel.holder_lane, "bench-2");
    CHECK_ROW(scene_of_class(&s, CANDIDATE_TRACKING, "1Z1"), "cannot be opened");
}

static void what_cannot_be_opened_says_why(void)
{
    static const struct {
        enum parcel_state state;
        enum signal signal;
        enum message_key key;
    } table[] = {{PARCEL_CLOSED, SIGNAL_ATTENTION, MESSAGE_PARCEL_IS_CLOSED},
                 {PARCEL_REFUSED, SIGNAL_ATTENTION, MESSAGE_PARCEL_NOT_HERE},
                 {PARCEL_EMPTY, SIGNAL_ATTENTION, MESSAGE_PARCEL_NOT_HERE},
                 {PARCEL_HELD, SIGNAL_ATTENTION, MESSAGE_PARCEL_HELD}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct scene s;
        arrived(&s);
        s.facts.session.mode = s.rules.mode = LANE_BENCH;
        s.parcel.state = table[i].state;
        CHECK_ANSWER(scene_rma_code(&s, REF_TRACKING, "1Z1", true), table[i].signal, table[i].key);
        CU_ASSERT_TRUE(scene_nothing_changed(&s));
    }
}

static void an_unknown_parcel_gets_a_hold_label_in_one_scan(void)
{
    struct scene s;
    at_the_dock(&s);
    const struct outcome *out = scene_of_class(&s, CANDIDATE_TRACKING, "1Z404");
    CHECK_ROW(out, "unknown parcel");
    CHECK_ANSWER(out, SIGNAL_ATTENTION, MESSAGE_PARCEL_UNKNOWN);
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_HELD);
    CU_ASSERT_EQUAL(out->parcel.hold, HOLD_UNKNOWN);
    CU_ASSERT_EQUAL(out->print.kind, LABEL_HOLD);
    CU_ASSERT_EQUAL(out->print.copy, 1);
    CU_ASSERT_TRUE(tells(out, EVENT_PARCEL_UNKNOWN) && tells(out, EVENT_EXCEPTION_OPENED));
    CU_ASSERT_STRING_EQUAL(out->exception, "unknown_parcel");
    CU_ASSERT_EQUAL(out->aliases[0].kind, REF_TRACKING);
    out = scene_command(&s, VERB_REPRINT);
    CU_ASSERT_EQUAL(out->print.kind, LABEL_HOLD);
    CU_ASSERT_EQUAL(out->print.copy, 2);
}

static void an_unknown_parcel_is_asked_for_first(void)
{
    struct scene s;
    scene_begin(&s);
    s.found.erp = ERP_NOT_ASKED;
    const struct outcome *out = scene_of_class(&s, CANDIDATE_TRACKING, "1Z404");
    CHECK_ROW(out, "ask the ERP");
    CHECK_ANSWER(out, SIGNAL_INFO, MESSAGE_ASKING_ERP);
    CU_ASSERT_TRUE(out->asks_erp);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_EQUAL(out->event_count, 0);
    s.facts.when.tick += 5000;
    s.facts.session = (struct session){.lane = "dock", .mode = LANE_DOCK, .run = "run-1"};
    s.found.erp = ERP_UNREACHABLE;
    out = scene_of_class(&s, CANDIDATE_TRACKING, "1Z404");
    CHECK_ROW(out, "ERP cannot be asked");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_PARCEL_UNVERIFIED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "parcel.received");
    CU_ASSERT_EQUAL(out->parcel.state, PARCEL_ARRIVED);
    CU_ASSERT_FALSE(out->parcel.verified);
    CU_ASSERT_EQUAL(out->alias_count, 1);
    CU_ASSERT_STRING_EQUAL(out->receipt_rma, "");
    s.facts.when.tick += 5000;
    s.found.erp = ERP_UNREACHABLE; /* what is no parcel's number is not asked for, and not received */
    CHECK_ROW(scene_text(&s, "beer"), "unknown code");
}

static void with_a_parcel_on_the_bench_an_unknown_code_holds_nothing(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    CHECK_ROW(scene_of_class(&s, CANDIDATE_TRACKING, "1Z404"), "unknown code");
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.rules.mode = LANE_COMBINED; /* but the dock takes parcels whatever lies on the bench */
    scene_command(&s, VERB_DOCK);
    CHECK_ROW(scene_of_class(&s, CANDIDATE_TRACKING, "1Z404"), "unknown parcel");
    CU_ASSERT_EQUAL(s.after.parcel_id, 21);
}

static void a_code_of_several_rmas_is_never_guessed(void)
{
    struct scene s;
    at_the_dock(&s);
    s.found.rma_count = 2;
    CHECK_ROW(scene_of_class(&s, CANDIDATE_ORDER, "WEB-1"), "several RMAs");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_AMBIGUOUS);
    CU_ASSERT_EQUAL(s.out.message.args[1].number, 2);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void a_unit_in_hand_comes_first(void)
{
    struct scene s;
    scene_begin(&s);
    scene_decide(&s);
    CHECK_ROW(scene_rma_code(&s, REF_TRACKING, "1Z1", true), "unit in hand: parcel");
    s.found.rma_count = 1;
    CHECK_ROW(scene_of_class(&s, CANDIDATE_RMA, "RMA-2"), "unit in hand: RMA");
    CHECK_ROW(scene_of_class(&s, CANDIDATE_TRACKING, "1Z404"), "unit in hand: unknown parcel");
    CHECK_ROW(scene_command(&s, VERB_CLOSE), "unit in hand: close");
    CHECK_ROW(scene_command(&s, VERB_DROP), "unit in hand: drop");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_UNIT_IN_HAND);
    CU_ASSERT_EQUAL(s.after.unit_id, 11);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
}

static void every_row_was_reached(void)
{
    scene_check_reached(parcel_rows, parcel_row_count);
}

SUITE("core/parcel_rows", {"a parcel arrives in one scan", a_parcel_arrives_in_one_scan},
      {"on a bench the same scan opens it", on_a_bench_the_same_scan_opens_it},
      {"a void RMA is received but pays nothing", a_void_rma_is_received_but_pays_nothing},
      {"on receipt is recommended once", on_receipt_is_recommended_once},
      {"a parcel whose receipt was undone comes again", a_parcel_whose_receipt_was_undone_comes_again},
      {"the same number again is a duplicate", the_same_number_again_is_a_duplicate},
      {"the RMA again asks for a second box", the_rma_again_asks_for_a_second_box},
      {"another code on the next scan is the same box", another_code_on_the_next_scan_is_the_same_box},
      {"otherwise another code asks", otherwise_another_code_asks},
      {"the worker says same box or another", the_worker_says_same_box_or_another},
      {"a bench opens what arrived", a_bench_opens_what_arrived},
      {"a parcel in another lane's hand is a stop", a_parcel_in_another_lanes_hand_is_a_stop},
      {"what cannot be opened says why", what_cannot_be_opened_says_why},
      {"an unknown parcel is asked for first", an_unknown_parcel_is_asked_for_first},
      {"an unknown parcel gets a HOLD label in one scan", an_unknown_parcel_gets_a_hold_label_in_one_scan},
      {"with a parcel on the bench an unknown code holds nothing",
       with_a_parcel_on_the_bench_an_unknown_code_holds_nothing},
      {"a code of several RMAs is never guessed", a_code_of_several_rmas_is_never_guessed},
      {"a unit in hand comes first", a_unit_in_hand_comes_first},
      {"every row was reached", every_row_was_reached})
