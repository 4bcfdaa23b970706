/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

/* A unit that waits at its place for destruction; nothing in hand. */
static void doomed(struct scene *s)
{
    scene_begin(s);
    s->rma.line_count = 1;
    s->lines[0].qty = 1;
    scene_identify(s, "SHIRT");
    scene_command(s, VERB_GRADE_E);
    scene_command(s, VERB_DESTROY);
    scene_label(s, 1);
    CU_ASSERT_EQUAL_FATAL(s->unit.state, UNIT_DONE);
    scene_command(s, VERB_DROP);
    s->facts.session.parcel_id = 0;
    s->facts.operator = (struct operator){.id = "ANNE", .roles = BIT(ROLE_INSPECTOR)};
}

static void fill(struct scene *s)
{
    doomed(s);
    CHECK_ROW(scene_command(s, VERB_DESTROY), "batch");
    CHECK_ROW(scene_label(s, 1), "batch: unit");
    CU_ASSERT_EQUAL_FATAL(s->unit.batch_id, 3);
}

static const struct outcome *badge(struct scene *s, const char *id, unsigned roles)
{
    s->found.badge = (struct operator){.roles = roles};
    TEXT_COPY(s->found.badge.id, id);
    return scene_of_class(s, CANDIDATE_BADGE, id);
}

static void seal(struct scene *s)
{
    fill(s);
    scene_command(s, VERB_CLOSE);
    scene_command(s, VERB_OPTION_4);
    scene_command(s, VERB_OPTION_1);
    scene_command(s, VERB_OK);
    badge(s, "LEAD", BIT(ROLE_LEAD));
    CU_ASSERT_EQUAL_FATAL(s->batch.state, BATCH_SEALED);
}

static void only_what_is_to_be_destroyed_goes_in(void)
{
    struct scene s;
    doomed(&s);
    CHECK_ANSWER(scene_command(&s, VERB_DESTROY), SIGNAL_OK, MESSAGE_BATCH_OPEN);
    CU_ASSERT_STRING_EQUAL(s.batch.code, "DB0420000003");
    s.unit.disposition = DISPOSITION_RECYCLE;
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_ATTENTION, MESSAGE_BATCH_NOT_FOR);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    s.unit.disposition = DISPOSITION_DESTROY;
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_OK, MESSAGE_BATCH_ADDED);
    CHECK_ANSWER(scene_label(&s, 1), SIGNAL_ATTENTION, MESSAGE_BATCH_ALREADY);
    CHECK_ANSWER(scene_command(&s, VERB_DESTROY), SIGNAL_INFO, MESSAGE_BATCH_OPEN);
}

static void a_tote_goes_in_whole_or_not_at_all(void)
{
    struct scene s;
    doomed(&s);
    scene_command(&s, VERB_DESTROY);
    s.contents_scanned = true;
    s.unit.disposition = DISPOSITION_PARTS;
    CHECK_ANSWER(scene_container(&s, "T1"), SIGNAL_ATTENTION, MESSAGE_BATCH_NOT_FOR);
    CU_ASSERT_EQUAL(s.out.bulk.count, 0);
    s.unit.disposition = DISPOSITION_DESTROY;
    s.contents_scanned = true;
    const struct outcome *out = scene_container(&s, "T1");
    CHECK_ROW(out, "batch: container");
    CU_ASSERT_EQUAL(outcome_event_count(out), 0);
    CU_ASSERT_EQUAL(s.unit.batch_id, 3);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE);
}

static void two_badges_one_of_them_a_leads_seal_it(void)
{
    struct scene s;
    fill(&s);
    CHECK_ANSWER(scene_command(&s, VERB_CLOSE), SIGNAL_ATTENTION, MESSAGE_BATCH_REASON);
    CHECK_ANSWER(scene_command(&s, VERB_OPTION_4), SIGNAL_ATTENTION, MESSAGE_BATCH_ROUTE);
    CHECK_ANSWER(scene_command(&s, VERB_OPTION_2), SIGNAL_ATTENTION, MESSAGE_BATCH_WEIGHT);
    CHECK_ROW(&s.out, "batch: waste route");
    CHECK_ANSWER(scene_command(&s, VERB_DIGIT_9), SIGNAL_INFO, MESSAGE_BATCH_DIGITS);
    scene_command(&s, VERB_DIGIT_0);
    CU_ASSERT_STRING_EQUAL(s.out.message.args[0].text, "90");
    CHECK_ANSWER(scene_command(&s, VERB_OK), SIGNAL_ATTENTION, MESSAGE_BATCH_BADGE);
    CU_ASSERT_EQUAL(s.batch.weight_g, 90);
    CHECK_ANSWER(badge(&s, "ANNE", BIT(ROLE_LEAD)), SIGNAL_ATTENTION, MESSAGE_BATCH_TWO_BADGES);
    CHECK_ANSWER(badge(&s, "PAUL", BIT(ROLE_DOCK)), SIGNAL_ATTENTION, MESSAGE_BATCH_TWO_BADGES);
    const struct outcome *out = badge(&s, "LEAD", BIT(ROLE_LEAD));
    CHECK_ROW(out, "batch: second badge");
    CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_BATCH_SEALED);
    CU_ASSERT_STRING_EQUAL(scene_told(out), "destruction.batch_sealed");
    CU_ASSERT_EQUAL(out->events[0].batch.reason, LEGAL_DAMAGED);
    CU_ASSERT_EQUAL(out->events[0].batch.route, ROUTE_ENERGY);
    CU_ASSERT_STRING_EQUAL(out->events[0].batch.sealed_by, "ANNE");
    CU_ASSERT_EQUAL(out->print.kind, LABEL_DESTRUCTION);
    CU_ASSERT_EQUAL(s.unit.state, UNIT_DONE); /* sealed is not destroyed */
}

static void an_empty_batch_is_not_sealed(void)
{
    struct scene s;
    doomed(&s);
    scene_command(&s, VERB_DESTROY);
    CHECK_ANSWER(scene_command(&s, VERB_CLOSE), SIGNAL_ATTENTION, MESSAGE_BATCH_EMPTY);
}

static void a_certificate_or_a_witness_proves_it(void)
{
    for (int witness = 0; witness < 2; witness++) {
        struct scene s;
        seal(&s);
        s.found.batch = s.batch;
        CHECK_ROW(scene_of_class(&s, CANDIDATE_CONTAINER, s.batch.code), "batch scanned");
        CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_BATCH_PROOF);
        const struct outcome *out = witness ? badge(&s, "GUARD", BIT(ROLE_DOCK)) : scene_text(&s, "CERT-2026-17");
        CHECK_ROW(out, witness ? "batch: witness" : "batch: certificate");
        CHECK_ANSWER(out, SIGNAL_OK, MESSAGE_BATCH_DESTROYED);
        CU_ASSERT_EQUAL_FATAL(outcome_event_count(out), 3);
        struct event event;
        outcome_event_at(out, 0, &event);
        CU_ASSERT_EQUAL(event.type, EVENT_DESTRUCTION_CLOSED);
        CU_ASSERT_STRING_EQUAL(witness ? event.batch.witness : event.batch.certificate,
                               witness ? "GUARD" : "CERT-2026-17");
        outcome_event_at(out, 1, &event);
        CU_ASSERT_EQUAL(event.type, EVENT_UNIT_DESTROYED);
        outcome_event_at(out, 2, &event);
        CU_ASSERT_EQUAL(event.type, EVENT_STOCK_DELTA);
        CU_ASSERT_EQUAL(event.stock.from.status, STOCK_SCRAP);
        CU_ASSERT_EQUAL(event.stock.to.status, STOCK_NONE);
        CU_ASSERT_EQUAL(s.unit.state, UNIT_DESTROYED);
    }
}

static void every_row_was_reached(void)
{
    scene_check_reached(batch_rows, batch_row_count);
}

SUITE("core/batch_rows", {"only what is to be destroyed goes in", only_what_is_to_be_destroyed_goes_in},
      {"a tote goes in whole or not at all", a_tote_goes_in_whole_or_not_at_all},
      {"two badges seal it", two_badges_one_of_them_a_leads_seal_it},
      {"an empty batch is not sealed", an_empty_batch_is_not_sealed},
      {"a certificate or a witness proves it", a_certificate_or_a_witness_proves_it},
      {"every row was reached", every_row_was_reached})
