/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the core: one lane and one RMA (RMA-1: a shirt, two pieces; a phone with serials) with the facts of each
   scan set by hand. What a scan decides is kept for the next one, as the store would keep it, for one parcel and unit.
 */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include "base/text.h"
#include "base/memory.h"
#include "daemon/core/policy.h"
#include "daemon/core/turn.h"
#include "daemon/core/workflow.h"
#include "protocol/barcode/control.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <string.h>

#define SCENE_NOW INT64_C(1795600800000) /* 2026-11-25T10:00:00Z */
#define SCENE_PACE 2000                  /* ms from one scan to the next */
#define SCENE_ROWS_MAX 64
#define SCENE_CARRIER_JOB 32

struct scene {
    struct policy policy;
    struct policy_set policies;
    struct checklist_set checklists; /* none */
    struct lane_rules rules;
    struct rma rma;
    struct rma_line lines[2];
    struct rma *rmas;      /* of the parcel in hand, NULL = RMA-1 alone */
    size_t rma_count;
    struct product shirt, phone;
    struct parcel parcel; /* as stored; parcel_id 0 = none yet */
    struct unit unit;
    struct print_job job;
    struct carrier_label carrier; /* of the unit; what a test sets of it and what was printed */
    struct batch batch;    /* likewise */
    struct unit content;   /* the unit as it was before the scan, as what a container holds */
    struct container tote; /* container_id 0 = none yet */
    struct inspection inspection; /* of the unit */
    struct unit_facts graded;     /* as stored, for LIKE */
    struct scanned found; /* what the next scan finds in the tables; empty again after it */
    bool contents_scanned; /* the next scan is of a container that holds the unit */
    struct facts facts;
    struct candidate candidate;
    struct session after;
    struct outcome out;
};

/* Rows that any scene of this program reached. */
static const char *scene_reached[SCENE_ROWS_MAX];
static size_t scene_reached_count;

static inline bool scene_was_reached(const char *row)
{
    for (size_t i = 0; i < scene_reached_count; i++)
        if (strcmp(scene_reached[i], row) == 0)
            return true;
    return false;
}

static inline void scene_note(const char *row)
{
    if (row != NULL && !scene_was_reached(row))
        scene_reached[scene_reached_count++] = row;
}

/* Fails for each row of the table that no scan of this program reached. Call it last. */
static inline void scene_check_reached(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!scene_was_reached(rows[i].name))
            printf("\n    no scan reached the row \"%s\"\n", rows[i].name);
        CU_ASSERT_TRUE(scene_was_reached(rows[i].name));
    }
}

/* A bench with nobody signed in and nothing in hand; RMA-1 is known, its parcel has not arrived. */
static inline void scene_begin(struct scene *s)
{
    *s = (struct scene){.rules = {.station_number = 42, .mode = LANE_BENCH, .location = "A-01"}};
    policy_default(&s->policy);
    s->policies = (struct policy_set){&s->policy, 1};
    s->rules.policies = &s->policies;
    s->rules.checklists = &s->checklists;
    s->lines[0] = (struct rma_line){.line = "1", .sku = "SHIRT", .gtin = "09520000001025", .qty = 2, .unit_price = 1990,
                                    .currency = "EUR", .reason = "changed_mind", .serials_known = true};
    static char serials[] = "S-1\nS-2";
    s->lines[1] = (struct rma_line){.line = "2",
                                    .sku = "PHONE",
                                    .gtin = "09520000001049",
                                    .qty = 1,
                                    .unit_price = 49900,
                                    .currency = "EUR",
                                    .reason = "defective",
                                    .serials_known = true,
                                    .serials = serials};
    s->rma = (struct rma){.rma = "RMA-1",
                          .version = 1,
                          .owner = "main",
                          .requested_at = SCENE_NOW - 2 * DAY_MS,
                          .authorised_at = INSTANT_NONE,
                          .expires_on = DATE_NONE,
                          .purchase_date = DATE_NONE,
                          .export_date = DATE_NONE,
                          .delivery_date = clock_day(SCENE_NOW) - 10,
                          .lines = s->lines,
                          .line_count = 2};
    s->shirt = (struct product){.sku = "SHIRT", .gtin = "09520000001025"};
    s->phone = (struct product){.sku = "PHONE", .gtin = "09520000001049", .track = TRACK_SERIAL};
    s->facts = (struct facts){.when = {.now = SCENE_NOW, .tick = 1000000}, .run = "run-1", .next_unit_id = 11,
                              .next_parcel_id = 21, .next_lpn = 1234, .next_parcel_code = 77, .next_sequence = 101};
    s->facts.session = (struct session){.lane = "bench-1", .mode = LANE_BENCH, .run = "run-1"};
    TEXT_COPY(s->facts.device, "scanner-1");
}

static inline const struct product *scene_product(const struct scene *s, const char *sku)
{
    static const struct product none = {0};
    return text_equal(sku, "SHIRT") ? &s->shirt : text_equal(sku, "PHONE") ? &s->phone : &none;
}

/* What the lane has in hand, from its row. */
static inline void scene_fill_hand(struct scene *s)
{
    struct facts *facts = &s->facts;
    facts->rules = &s->rules;
    facts->hand_parcel = (struct parcel_facts){0};
    facts->hand_unit = (struct unit_facts){0};
    if (facts->session.parcel_id != 0 && facts->session.parcel_id == s->parcel.parcel_id)
        facts->hand_parcel = (struct parcel_facts){.parcel = s->parcel, .rmas = s->rmas != NULL ? s->rmas : &s->rma,
                                                   .rma_count = s->rmas != NULL ? s->rma_count : 1};
    if (facts->session.unit_id != 0 && facts->session.unit_id == s->unit.unit_id)
        facts->hand_unit =
            (struct unit_facts){.unit = s->unit, .product = *scene_product(s, s->unit.sku), .job = s->job,
                                .carrier = s->carrier};
    facts->asked_unit = (struct unit_facts){0};
    facts->asked_parcel = (struct parcel_facts){0};
    if (pending_about(facts->session.pending) == ABOUT_UNIT) {
        facts->asked_unit =
            (struct unit_facts){.unit = s->unit, .product = *scene_product(s, s->unit.sku), .job = s->job,
                                .carrier = s->carrier};
        facts->asked_parcel = (struct parcel_facts){.parcel = s->parcel, .rmas = &s->rma, .rma_count = 1};
    }
    if (pending_about(facts->session.pending) == ABOUT_PARCEL || facts->session.arrived_id != 0)
        facts->asked_parcel = (struct parcel_facts){.parcel = s->parcel, .rmas = &s->rma, .rma_count = 1};
    bool asked_tote = pending_about(facts->session.pending) == ABOUT_CONTAINER;
    facts->asked_container = asked_tote ? s->tote : (struct container){0};
    s->content = s->unit;
    facts->contents = asked_tote && s->tote.units > 0 ? &s->content : NULL;
    facts->content_count = facts->contents != NULL;
    bool asked_batch = facts->session.pending == PENDING_DESTROYED || facts->session.pending == PENDING_SEAL_BADGE;
    facts->hand_batch = facts->session.batch_id != 0 ? s->batch : (struct batch){0};
    facts->asked_batch = asked_batch ? s->batch : (struct batch){0};
    if (asked_batch || s->contents_scanned) {
        facts->contents = &s->content;
        facts->content_count = 1;
    }
    s->contents_scanned = false;
    facts->next_batch_id = 3;
    facts->hand_container = facts->session.container_id != 0 ? s->tote : (struct container){0};
    facts->last_unit = (struct unit_facts){0};
    if (facts->session.last_unit_id != 0 && facts->session.last_unit_id == s->unit.unit_id)
        facts->last_unit = (struct unit_facts){.unit = s->unit};
    facts->next_container_id = 5;
    if (facts->hand_unit.unit.unit_id != 0 && s->inspection.unit_id == s->unit.unit_id)
        facts->hand_unit.inspection = s->inspection;
    facts->like_unit = s->graded;
    facts->last_job =
        facts->session.last_unit_id != 0 || facts->session.last_parcel_id != 0 ? s->job : (struct print_job){0};
}

static inline void scene_keep(struct scene *s)
{
    const struct outcome *out = &s->out;
    s->facts.session = s->after;
    s->facts.session.last_journal = 900;
    s->facts.next_sequence += (int64_t)out->event_count;
    s->parcel = out->parcel.parcel_id != 0 ? out->parcel : s->parcel;
    s->unit = out->unit.unit_id != 0 ? out->unit : s->unit;
    s->batch = out->batch.batch_id != 0 ? out->batch : s->batch;
    s->tote = out->container.container_id != 0 ? out->container : s->tote;
    s->tote.units =
        s->tote.code[0] != '\0' && text_equal(s->unit.container, s->tote.code) && s->unit.status != STOCK_NONE;
    if (out->bulk.count > 0)
        outcome_bulk_unit(out, 0, &s->unit);
    s->batch.units = s->unit.batch_id != 0;
    s->inspection = out->inspection.unit_id != 0 ? out->inspection : s->inspection;
    if (s->after.graded_unit_id == s->unit.unit_id)
        s->graded = (struct unit_facts){.unit = s->unit, .inspection = s->inspection};
    s->facts.hand_trace = out->trace.count > 0 ? out->trace : s->facts.hand_trace;
    s->parcel.units = s->unit.unit_id != 0 && s->unit.state != UNIT_VOID;
    s->parcel.open_units = s->unit.unit_id != 0 && s->unit.state <= UNIT_DECIDED;
    s->facts.next_unit_id += out->unit.unit_id == s->facts.next_unit_id;
    s->facts.next_parcel_id += out->parcel.parcel_id == s->facts.next_parcel_id;
    for (size_t i = 0; i < out->job_count; i++)
        *(out->jobs[i].job_id == SCENE_CARRIER_JOB ? &s->carrier.job.state : &s->job.state) = out->jobs[i].state;
    if (out->print.copy != 0) {
        bool is_carrier = out->print.kind == LABEL_CARRIER;
        struct print_job *job = is_carrier ? &s->carrier.job : &s->job;
        *job = out->print;
        job->job_id = is_carrier ? SCENE_CARRIER_JOB : 31;
        job->state = JOB_PRINTED;
        if (is_carrier)
            TEXT_COPY(s->carrier.printed, s->carrier.hash);
    }
}

/* Decides one scan of a candidate with what s->found says about it, SCENE_PACE after the one before. */
static inline const struct outcome *scene_scan(struct scene *s, const struct candidate *candidate)
{
    s->candidate = *candidate;
    s->facts.scanned = s->found;
    s->found = (struct scanned){0};
    s->facts.scanned.candidates = &s->candidate;
    s->facts.scanned.count = 1;
    TEXT_COPY(s->facts.scanned.code, candidate->value);
    TEXT_COPY(s->facts.read, candidate->value);
    s->facts.when.now += SCENE_PACE;
    s->facts.when.tick += SCENE_PACE;
    scene_fill_hand(s);
    workflow_scan(&s->facts, &s->after, &s->out);
    scene_note(s->out.row);
    if (!s->out.silent)
        scene_keep(s);
    return &s->out;
}

static inline const struct outcome *scene_command(struct scene *s, enum verb verb)
{
    struct candidate c = {.class = CANDIDATE_COMMAND, .verb = verb};
    control_encode(verb, c.value);
    return scene_scan(s, &c);
}

/* The scan that was kept for a lead, with the lead's badge. */
static inline const struct outcome *
scene_allow(struct scene *s, const struct outcome *(*again)(struct scene *, enum verb), enum verb verb)
{
    scene_command(s, VERB_SUPER);
    s->facts.lead = (struct operator){.id = "lead-1", .name = "Lead", .roles = 1U << ROLE_LEAD};
    const struct outcome *out = again(s, verb);
    s->facts.lead = (struct operator){0};
    return out;
}

static inline const struct outcome *scene_text(struct scene *s, const char *text)
{
    struct candidate c = {.class = CANDIDATE_TEXT};
    TEXT_COPY(c.value, text);
    return scene_scan(s, &c);
}

static inline const struct outcome *scene_of_class(struct scene *s, enum candidate_class class, const char *value)
{
    struct candidate c = {.class = class};
    TEXT_COPY(c.value, value);
    return scene_scan(s, &c);
}

/* The GTIN of an item; its product is known. */
static inline const struct outcome *scene_item(struct scene *s, const char *sku)
{
    const struct product *product = scene_product(s, sku);
    struct candidate c = {.class = CANDIDATE_GTIN};
    TEXT_COPY(c.value, product->gtin);
    TEXT_COPY(c.gtin, product->gtin);
    s->found.product = *product;
    return scene_scan(s, &c);
}

/* The label of the scene's unit, of any generation. */
static inline const struct outcome *scene_label(struct scene *s, int generation)
{
    struct candidate c = {.class = CANDIDATE_LPN, .generation = (uint8_t)generation};
    TEXT_COPY(c.value, s->unit.lpn);
    s->found.generation = generation;
    s->found.unit = (struct unit_facts){.unit = s->unit, .product = *scene_product(s, s->unit.sku), .job = s->job,
                                        .carrier = s->carrier};
    if (s->inspection.unit_id == s->unit.unit_id)
        s->found.unit.inspection = s->inspection;
    s->found.parcel = (struct parcel_facts){.parcel = s->parcel, .rmas = &s->rma, .rma_count = 1};
    return scene_scan(s, &c);
}

/* A code of RMA-1 (its number, or a tracking number), in the light of the parcel that is there. */
static inline const struct outcome *scene_rma_code(struct scene *s, enum ref_kind kind, const char *code, bool alias)
{
    s->found.rma = s->rma;
    s->found.rma_by = kind;
    s->found.rma_count = 1;
    s->found.rma_parcels = s->parcel.parcel_id != 0;
    s->found.parcel_by_alias = alias;
    s->found.parcel_by_rma = alias && kind == REF_RMA;
    TEXT_COPY(s->found.rma_code, code);
    if (s->parcel.parcel_id != 0)
        s->found.parcel = (struct parcel_facts){.parcel = s->parcel, .rmas = &s->rma, .rma_count = 1};
    return scene_of_class(s, kind == REF_RMA ? CANDIDATE_RMA : CANDIDATE_TRACKING, code);
}

/* The code of a container, which is the scene's tote if there is one of that code. */
static inline const struct outcome *scene_container(struct scene *s, const char *code)
{
    if (text_equal(s->tote.code, code))
        s->found.container = s->tote;
    return scene_of_class(s, CANDIDATE_CONTAINER, code);
}

static inline const struct outcome *scene_badge(struct scene *s, const char *id)
{
    if (id[0] != '\0') {
        s->found.badge = (struct operator){.name = "Left bench", .lang = "en", .roles = 1U << ROLE_INSPECTOR};
        TEXT_COPY(s->found.badge.id, id);
    }
    return scene_of_class(s, CANDIDATE_BADGE, "LEFT");
}

/* Scans on until the lane is there: the parcel open in hand; a unit of that SKU identified; graded A and decided. */
static inline void scene_open(struct scene *s)
{
    scene_rma_code(s, REF_TRACKING, "1Z1", false);
    CU_ASSERT_EQUAL_FATAL(s->parcel.state, PARCEL_OPEN);
}

static inline void scene_identify(struct scene *s, const char *sku)
{
    scene_open(s);
    scene_item(s, sku);
    CU_ASSERT_EQUAL_FATAL(s->unit.state, UNIT_IDENTIFIED);
}

static inline void scene_decide(struct scene *s)
{
    scene_identify(s, "SHIRT");
    scene_command(s, VERB_GRADE_A);
    CU_ASSERT_EQUAL_FATAL(s->unit.state, UNIT_DECIDED);
}

/* Nothing of the unit, the parcel, the stock or the printer changed. */
static inline bool scene_nothing_changed(const struct scene *s)
{
    return s->out.unit.unit_id == 0 && s->out.parcel.parcel_id == 0 && s->out.print.copy == 0 &&
           s->out.job_count == 0 && s->out.alias_count == 0 && s->out.undoes == 0;
}

#define CHECK_ANSWER(out, wanted_signal, wanted_key)                                                                   \
    do {                                                                                                               \
        const struct outcome *checked = (out);                                                                         \
        CU_ASSERT_EQUAL(checked->signal, wanted_signal);                                                               \
        CU_ASSERT_STRING_EQUAL(message_key_name(checked->message.key), message_key_name(wanted_key));                  \
    } while (0)
#define CHECK_ROW(out, name)                                                                                           \
    do {                                                                                                               \
        const struct outcome *checked = (out);                                                                         \
        CU_ASSERT_PTR_NOT_NULL_FATAL(checked->row);                                                                    \
        CU_ASSERT_STRING_EQUAL(checked->row, name);                                                                    \
    } while (0)

/* The events of an outcome as one text, to compare their order. */
static inline const char *scene_told(const struct outcome *out)
{
    static char text[500];
    text[0] = '\0';
    for (size_t i = 0; i < out->event_count; i++)
        text_format(text + strlen(text), sizeof text - strlen(text), i > 0 ? " %s" : "%s",
                    event_name(out->events[i].type));
    return text;
}

#endif
