/* SPDX-License-Identifier: Apache-2.0 */
/* A scan in the station of core_world.h: its facts gathered, decided, and its outcome taken over. */
#ifndef TESTS_SUPPORT_CORE_SCAN_H
#define TESTS_SUPPORT_CORE_SCAN_H

#include "tests/support/core_world.h"

/* The lane's last step that stands; later ones of other lanes on the same unit or parcel stand in its way. */
static inline void world_find_undo(struct world *w, int lane)
{
    struct undo_facts *undo = &w->facts.undo;
    size_t at = w->step_count;
    bool held = w->facts.session.last_journal != 0 && w->steps[w->facts.session.last_journal - 1].action == ACTION_HOLD;
    while (at > 0 && !(w->steps[at - 1].lane == lane && w->steps[at - 1].stands))
        at--;
    if (at == 0 || held)
        return;
    const struct step *step = &w->steps[at - 1];
    undo->journal = (int64_t)at;
    undo->action = step->action;
    TEXT_COPY(undo->operator_id, step->operator_id);
    for (size_t i = at; i < w->step_count; i++)
        undo->later |= w->steps[i].stands && ((step->unit_id != 0 && w->steps[i].unit_id == step->unit_id) ||
                                              (step->parcel_id != 0 && w->steps[i].parcel_id == step->parcel_id));
    if (step->unit_id != 0) {
        undo->unit_now = w->units[step->unit_id - 1];
        undo->unit_before = step->unit_before;
        undo->job = w->unit_jobs[step->unit_id - 1];
        undo->carrier = w->carriers[step->unit_id - 1];
    }
    if (step->action == ACTION_BLOCK || step->action == ACTION_RECEIVE || step->action == ACTION_RECEIVE_OPEN)
        undo->job = w->parcel_jobs[step->parcel_id - 1];
    w->facts.scanned.parcel = world_parcel(w, step->parcel_id, 1);
    undo->parcel_before = step->parcel_before;
    if (step->wrote_parcel)
        undo->parcel_now = w->facts.scanned.parcel.parcel;
    for (size_t i = 0; i < step->event_count; i++) {
        undo->events[i].type = step->events[i];
        undo->events[i].sequence = step->first_sequence + (int64_t)i;
        if (step->events[i] == EVENT_RMA_COMPLETED)
            TEXT_COPY(undo->events[i].rma, step->completed_rma);
    }
    undo->event_count = step->event_count;
    undo->load_now =
        world_load(w, step->load_before.load_id != 0 ? step->load_before.load_id : undo->parcel_now.load_id);
    undo->load_before = step->load_before;
    undo->load_later = (step->action == ACTION_RECEIVE || step->action == ACTION_RECEIVE_OPEN) &&
                       undo->load_now.state == LOAD_CLOSED;
    for (size_t i = at; step->load_before.load_id != 0 && i < w->step_count; i++)
        undo->load_later |= w->steps[i].stands && w->steps[i].load_before.load_id == step->load_before.load_id;
}

static inline bool world_counts(const struct print_job *job)
{
    return job->job_id != 0 && job->state != JOB_VOIDED && job->state != JOB_RECALLED;
}

static inline struct print_job world_last_job(const struct world *w, int64_t unit_id)
{
    const struct print_job *own = &w->unit_jobs[unit_id - 1], *carrier = &w->carriers[unit_id - 1].job;
    return carrier->job_id > own->job_id && world_counts(carrier) ? *carrier : *own;
}

static inline void world_gather(struct world *w, int lane, const struct candidate *c, const char *lead,
                                const char *read)
{
    struct facts *facts = &w->facts;
    *facts = (struct facts){.when = w->when, .rules = &w->rules[lane], .session = w->sessions[lane]};
    TEXT_FORMAT(facts->run, "run-%d", w->run);
    TEXT_COPY(facts->device, "scanner");
    TEXT_COPY(facts->read, read);
    facts->operator= world_person(w, facts->session.operator_id);
    facts->lead = world_person(w, lead);
    facts->hand_parcel = world_parcel(w, facts->session.parcel_id, 0);
    for (size_t i = 0; i < WORLD_RMAS; i++)
        for (size_t k = 0; k < WORLD_LINES; k++)
            w->lines[i][k].excused = facts->session.parcel_id != 0 &&
                                     world_mark(w, &w->rmas[i], &w->lines[i][k], facts->session.parcel_id) != NULL;
    facts->hand_unit = world_unit(w, facts->session.unit_id);
    if (facts->session.unit_id != 0) {
        facts->hand_trace = w->traces[facts->session.unit_id - 1];
        facts->identified_event = w->identified[facts->session.unit_id - 1];
        if (facts->hand_unit.unit.parcel_id != facts->session.parcel_id)
            facts->unit_parcel = world_parcel(w, facts->hand_unit.unit.parcel_id, 2);
    }
    world_find_code(w, c);
    world_find_asked(w);
    world_find_holder(w, lane);
    world_find_serial(w, c);
    world_find_waiting(w, lane, c);
    facts->last_job = facts->session.last_unit_id != 0     ? world_last_job(w, facts->session.last_unit_id)
                      : facts->session.last_parcel_id != 0 ? w->parcel_jobs[facts->session.last_parcel_id - 1]
                                                           : (struct print_job){0};
    facts->next_unit_id = (int64_t)w->unit_count + 1;
    facts->next_parcel_id = (int64_t)w->parcel_count + 1;
    facts->next_load_id = (int64_t)w->load_count + 1;
    facts->hand_load = world_load(w, facts->session.load_id);
    facts->next_lpn = w->lpn + 1;
    facts->next_parcel_code = w->parcel_code + 1;
    facts->next_sequence = w->sequence + 1;
    if (c->class == CANDIDATE_COMMAND && c->verb == VERB_UNDO)
        world_find_undo(w, lane);
}

/* ---- taking an outcome over ---- */

static inline void world_keep_step(struct world *w, int lane)
{
    const struct outcome *out = &w->out;
    struct step *step = &w->steps[w->step_count++];
    *step = (struct step){.lane = lane, .action = out->action, .stands = action_undoable(out->action)};
    TEXT_COPY(step->operator_id, w->after.operator_id);
    step->unit_id = out->unit.unit_id;
    step->parcel_id = out->parcel.parcel_id != 0 ? out->parcel.parcel_id
                      : out->unit.unit_id != 0   ? out->unit.parcel_id
                                                 : w->after.parcel_id;
    if (step->unit_id != 0)
        step->unit_before = w->units[step->unit_id - 1]; /* zero where it is new */
    step->wrote_parcel = out->parcel.parcel_id != 0;
    if (step->wrote_parcel)
        step->parcel_before = w->parcels[step->parcel_id - 1];
    if (out->load.load_id != 0) {
        step->load_before = w->loads[out->load.load_id - 1];
        step->load_before.load_id = out->load.load_id; /* of a new one, nothing else was set */
        w->loads[out->load.load_id - 1] = out->load;
        w->load_count += out->load.load_id > (int64_t)w->load_count;
    }
    if (out->mark.rma[0] != '\0') {
        w->marks[w->mark_count] = out->mark;
        w->mark_steps[w->mark_count++] = w->step_count - 1;
    }
    step->first_sequence = w->sequence + 1;
    TEXT_COPY(step->completed_rma, out->completed_rma);
    for (size_t i = 0; i < out->event_count && i < COUNT_OF(step->events); i++)
        step->events[step->event_count++] = out->events[i].type;
    if (out->undoes != 0)
        w->steps[out->undoes - 1].stands = false;
    w->after.last_journal = (int64_t)w->step_count;
}

static inline void world_keep_jobs(struct world *w)
{
    const struct outcome *out = &w->out;
    for (size_t i = 0; i < out->job_count; i++)
        for (size_t k = 0; k < w->unit_count; k++)
            for (int carrier = 0; carrier < 2; carrier++) {
                struct print_job *job = carrier ? &w->carriers[k].job : &w->unit_jobs[k];
                if (job->job_id == out->jobs[i].job_id && out->jobs[i].job_id != 0)
                    job->state = out->jobs[i].state;
            }
    for (size_t i = 0; i < out->job_count; i++)
        for (size_t k = 0; k < w->parcel_count; k++)
            if (w->parcel_jobs[k].job_id == out->jobs[i].job_id && out->jobs[i].job_id != 0)
                w->parcel_jobs[k].state = out->jobs[i].state;
    if (out->print.copy == 0)
        return;
    struct print_job *job =
        out->print.unit_id != 0 ? &w->unit_jobs[out->print.unit_id - 1] : &w->parcel_jobs[out->print.parcel_id - 1];
    if (out->print.kind == LABEL_CARRIER) {
        struct carrier_label *carrier = &w->carriers[out->print.unit_id - 1];
        job = &carrier->job;
        if (out->action != ACTION_REPRINT)
            TEXT_FORMAT(carrier->printed, "v%d", w->run / 2);
    }
    *job = out->print;
    job->job_id = ++w->jobs;
    job->state = JOB_PRINTED;
}

static inline void world_count_lines(struct world *w)
{
    for (size_t i = 0; i < WORLD_RMAS; i++) {
        for (size_t k = 0; k < WORLD_LINES; k++) {
            struct rma_line *line = &w->lines[i][k];
            line->received = line->accepted = line->rejected = line->missing = 0;
            for (size_t m = 0; m < w->mark_count; m++)
                if (w->marks[m].fate == LINE_MISSING && w->steps[w->mark_steps[m]].stands &&
                    text_equal(w->marks[m].rma, w->rmas[i].rma) && text_equal(w->marks[m].line, line->line))
                    line->missing += w->marks[m].qty;
            for (size_t u = 0; u < w->unit_count; u++) {
                const struct unit *unit = &w->units[u];
                if (unit->state == UNIT_VOID || !text_equal(unit->rma, w->rmas[i].rma) ||
                    !text_equal(unit->line, line->line))
                    continue;
                bool settled = unit->state == UNIT_LABELLED || unit->state == UNIT_DONE;
                line->received += unit->qty;
                line->accepted += settled && unit->verdict == VERDICT_ACCEPTED ? unit->qty : 0;
                line->rejected += settled && unit->verdict == VERDICT_REJECTED ? unit->qty : 0;
            }
        }
    }
}

static inline void world_keep_progress(struct world *w)
{
    const struct outcome *out = &w->out;
    for (size_t i = 0; i < WORLD_RMAS; i++) {
        struct rma *rma = &w->rmas[i];
        rma->receipt_recommended |= text_equal(out->receipt_rma, rma->rma);
        rma->completed =
            (rma->completed || text_equal(out->completed_rma, rma->rma)) && !text_equal(out->reopened_rma, rma->rma);
        if (out->parcel.parcel_id != 0 && text_equal(out->parcel.rma, rma->rma))
            w->links[out->parcel.parcel_id - 1] |= BIT(i);
    }
}

static inline void world_keep(struct world *w, int lane)
{
    const struct outcome *out = &w->out;
    int64_t unit = out->unit.unit_id, parcel = out->parcel.parcel_id;
    world_keep_step(w, lane);
    w->parcel_count += parcel > (int64_t)w->parcel_count;
    w->unit_count += unit > (int64_t)w->unit_count;
    if (parcel != 0)
        w->parcels[parcel - 1] = out->parcel;
    if (unit != 0) {
        w->units[unit - 1] = out->unit;
        if (out->trace.count > 0)
            w->traces[unit - 1] = out->trace;
        else if (out->unit.verdict == VERDICT_NONE)
            w->traces[unit - 1].count = 0;
    }
    for (size_t i = 0; i < out->alias_count; i++)
        w->aliases[w->alias_count++] = out->aliases[i];
    for (size_t i = 0; i < out->event_count; i++)
        if (out->events[i].type == EVENT_UNIT_IDENTIFIED && out->events[i].corrects == 0)
            w->identified[unit - 1] = w->sequence + 1 + (int64_t)i;
    world_keep_jobs(w);
    world_keep_progress(w);
    if (unit != 0 || out->mark.rma[0] != '\0' || out->undoes != 0)
        world_count_lines(w);
    w->lpn += out->lpns_used;
    w->parcel_code += out->parcel_codes_used;
    w->sequence += (int64_t)out->event_count;
    w->sessions[lane] = w->after;
}

/* A text as a candidate, for the scan that a lead allows: what was refused is a card or an item. */
static inline struct candidate world_candidate(const struct world *w, const char *code)
{
    struct candidate c = {.class = CANDIDATE_TEXT, .verb = control_decode(code)};
    TEXT_COPY(c.value, code);
    if (c.verb != VERB_NONE)
        c.class = CANDIDATE_COMMAND;
    for (size_t i = 0; i < WORLD_PRODUCTS; i++)
        if (text_equal(w->products[i].gtin, code))
            TEXT_COPY(c.gtin, code);
    return c;
}

/* Decides a scan and takes it over; a lead's badge decides the scan that was kept for it. */
static inline const struct outcome *world_scan(struct world *w, int lane, const struct candidate *c)
{
    struct candidate kept;
    world_gather(w, lane, c, "", c->value);
    workflow_scan(&w->facts, &w->after, &w->out);
    if (w->out.apply_kept) {
        kept = world_candidate(w, w->facts.session.pending_code);
        world_gather(w, lane, &kept, c->value, c->value);
        workflow_scan(&w->facts, &w->after, &w->out);
    }
    if (!w->out.silent)
        world_keep(w, lane);
    return &w->out;
}

/* ---- a new station ---- */

static inline void world_fill_rma(struct world *w, size_t i)
{
    static const char *const skus[] = {"SHIRT", "PHONE", "SOAP", "LAMP"};
    static char serials[] = "S-1\nS-2\nS-3";
    static struct rma_ref refs[WORLD_RMAS];
    struct rma *rma = &w->rmas[i];
    refs[i] = (struct rma_ref){.kind = REF_TRACKING};
    TEXT_FORMAT(refs[i].value, "CP%zu", i);
    *rma = (struct rma){.version = 1,
                        .owner = "main",
                        .requested_at = w->when.now - DAY_MS,
                        .authorised_at = INSTANT_NONE,
                        .expires_on = DATE_NONE,
                        .purchase_date = DATE_NONE, .export_date = DATE_NONE,
                        .delivery_date = clock_day(w->when.now) - (i == 4 ? 90 : 5),
                        .refs = &refs[i],
                        .ref_count = 1,
                        .lines = w->lines[i],
                        .line_count = WORLD_LINES,
                        .state = i == 5 ? RMA_CANCELLED : RMA_AUTHORISED,
                        .refund_timing = i % 3 == 0 ? TIMING_ON_RECEIPT : TIMING_ON_INSPECTION,
                        .expect = i == 6 ? EXPECT_UP_TO : EXPECT_EXACT};
    TEXT_FORMAT(rma->rma, "RMA-%zu", i);
    for (size_t k = 0; k < WORLD_LINES; k++) {
        struct rma_line *line = &w->lines[i][k];
        *line = (struct rma_line){.qty = 1 + (int64_t)((i + k) % 2),
                                  .unit_price = 100,
                                  .currency = "EUR",
                                  .serials_known = i != 7,
                                  .serials = serials,
                                  .title = i == 2 ? TITLE_CUSTOMER : TITLE_OURS,
                                  .flags = i == 3 ? FLAG_FINAL_SALE : 0};
        TEXT_FORMAT(line->line, "%zu", k + 1);
        TEXT_COPY(line->sku, skus[(i + k) % WORLD_PRODUCTS]);
        TEXT_COPY(line->gtin, world_product(w, line->sku)->gtin);
    }
}

static inline void world_begin(struct world *w)
{
    static const enum lane_mode modes[WORLD_LANES] = {LANE_DOCK, LANE_COMBINED, LANE_BENCH};
    static const struct product products[WORLD_PRODUCTS] = {
        {.sku = "SHIRT", .gtin = "09520000001025", .owner = "main"},
        {.sku = "PHONE", .gtin = "09520000001049", .owner = "main", .track = TRACK_SERIAL},
        {.sku = "SOAP", .gtin = "09520000001063", .owner = "main", .flags = PRODUCT_HYGIENE},
        {.sku = "LAMP", .gtin = "09520000001032", .owner = "main"}};
    static const struct operator people[WORLD_PEOPLE] = {{.id = "LEFT", .name = "Left", .roles = 3, .lang = "en"},
                                                         {.id = "RIGHT", .name = "Right", .roles = 3, .lang = "fr"},
                                                         {.id = "LEAD", .name = "Lead", .roles = 7, .lang = "en"}};
    memset(w, 0, sizeof *w);
    w->when = (struct moment){.now = INT64_C(1795600800000), .tick = 1000000};
    policy_default(&w->policy);
    w->policy.window_days = 30;
    w->policies = (struct policy_set){&w->policy, 1};
    memcpy(w->products, products, sizeof products);
    memcpy(w->people, people, sizeof people);
    for (size_t i = 0; i < WORLD_RMAS; i++)
        world_fill_rma(w, i);
    w->loads[0] = (struct load){.load_id = 1, .code = "TR-1", .announced = true, .expected = 3};
    w->load_count = 1;
    for (int i = 0; i < WORLD_LANES; i++) {
        w->rules[i] = (struct lane_rules){
            .station_number = 42, .mode = modes[i], .policies = &w->policies, .checklists = &w->checklists};
        w->rules[i].pending_labels = 1 + i % 2;
        TEXT_COPY(w->rules[i].location, i == 2 ? "" : "A-01");
        w->sessions[i].mode = modes[i] == LANE_DOCK ? LANE_DOCK : LANE_BENCH;
        TEXT_FORMAT(w->sessions[i].lane, "lane-%d", i);
    }
}

#endif
