/* SPDX-License-Identifier: Apache-2.0 */
/* A station in memory for tests of the core alone: facts for a scan, and its outcome taken over as the store would.
   What the store's SQL finds, this finds in small arrays; nothing is classified, encoded or written. */
#ifndef TESTS_SUPPORT_CORE_WORLD_H
#define TESTS_SUPPORT_CORE_WORLD_H

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"
#include "daemon/core/turn.h"
#include "daemon/core/workflow.h"
#include "protocol/barcode/control.h"
#include "tests/support/suite.h"

#include <string.h>

#define WORLD_LANES 3
#define WORLD_RMAS 8
#define WORLD_LINES 2
#define WORLD_PRODUCTS 4
#define WORLD_PEOPLE 3
#define WORLD_PARCELS 64
#define WORLD_UNITS 200
#define WORLD_ALIASES 300
#define WORLD_STEPS 1000
#define WORLD_MARKS 100
#define WORLD_LOADS 8
#define WORLD_LEASE_MS (15 * 60 * 1000)

struct step {
    int lane;
    enum action action;
    char operator_id[KEY_SIZE];
    int64_t parcel_id, unit_id;
    bool stands; /* can be undone, and was not */
    bool wrote_parcel;
    struct unit unit_before;
    struct parcel parcel_before;
    struct load load_before; /* load_id 0 = it changed none */
    enum event_type events[16];
    int64_t first_sequence;
    char completed_rma[KEY_SIZE];
    size_t event_count;
};

struct world {
    struct policy policy;
    struct policy_set policies;
    struct checklist_set checklists; /* none: nothing is asked */
    struct lane_rules rules[WORLD_LANES];
    struct session sessions[WORLD_LANES];
    struct operator people[WORLD_PEOPLE];
    struct product products[WORLD_PRODUCTS];
    struct rma rmas[WORLD_RMAS];
    struct rma_line lines[WORLD_RMAS][WORLD_LINES];
    struct parcel parcels[WORLD_PARCELS]; /* id = index + 1 */
    unsigned links[WORLD_PARCELS];        /* bits of rmas */
    struct print_job parcel_jobs[WORLD_PARCELS];
    struct load loads[WORLD_LOADS]; /* id = index + 1; the first is announced */
    size_t load_count;
    struct unit units[WORLD_UNITS];
    struct print_job unit_jobs[WORLD_UNITS];
    struct carrier_label carriers[WORLD_UNITS]; /* what was printed for units; what is wanted is made up */
    struct trace traces[WORLD_UNITS];
    int64_t identified[WORLD_UNITS]; /* sequence of unit.identified */
    struct alias aliases[WORLD_ALIASES];
    struct line_mark marks[WORLD_MARKS];
    size_t mark_steps[WORLD_MARKS], mark_count; /* the step that made each: while it stands, the mark does */
    struct step steps[WORLD_STEPS];
    size_t parcel_count, unit_count, alias_count, step_count;
    int64_t lpn, parcel_code, sequence, jobs;
    struct moment when;
    int run;
    struct facts facts; /* of the last scan */
    struct rma scratch[4][WORLD_RMAS];
    struct session after;
    struct outcome out;
};

static inline bool world_is_full(const struct world *w)
{
    return w->parcel_count + 1 >= WORLD_PARCELS || w->unit_count + 1 >= WORLD_UNITS ||
           w->load_count + 1 >= WORLD_LOADS || w->alias_count + 2 >= WORLD_ALIASES ||
           w->mark_count + 1 >= WORLD_MARKS || w->step_count + 1 >= WORLD_STEPS;
}

/* ---- looking up ---- */

static inline const struct product *world_product(const struct world *w, const char *sku)
{
    static const struct product none = {0};
    for (size_t i = 0; i < WORLD_PRODUCTS; i++)
        if (text_equal(w->products[i].sku, sku))
            return &w->products[i];
    return &none;
}

static inline struct operator world_person(const struct world *w, const char *id)
{
    for (size_t i = 0; i < WORLD_PEOPLE; i++)
        if (text_equal(w->people[i].id, id))
            return w->people[i];
    return (struct operator){0};
}

static inline bool world_is_open(const struct unit *unit)
{
    return unit->state <= UNIT_DECIDED;
}

static inline struct parcel_facts world_parcel(struct world *w, int64_t id, int scratch)
{
    struct parcel_facts facts = {.rmas = w->scratch[scratch]};
    if (id == 0)
        return facts;
    facts.parcel = w->parcels[id - 1];
    facts.parcel.open_units = 0;
    for (size_t i = 0; i < w->unit_count; i++)
        facts.parcel.open_units += w->units[i].parcel_id == id && world_is_open(&w->units[i]);
    for (size_t i = 0; i < WORLD_RMAS; i++)
        if ((w->links[id - 1] & BIT(i)) != 0)
            facts.rmas[facts.rma_count++] = w->rmas[i];
    return facts;
}

/* What was said, and stands, of a line of which pieces are missing; parcel_id 0 = in any parcel. */
static inline const struct line_mark *world_mark(const struct world *w, const struct rma *rma,
                                                 const struct rma_line *line, int64_t parcel_id)
{
    for (size_t i = w->mark_count; i > 0; i--) {
        const struct line_mark *mark = &w->marks[i - 1];
        if (w->steps[w->mark_steps[i - 1]].stands && (parcel_id == 0 || mark->parcel_id == parcel_id) &&
            text_equal(mark->rma, rma->rma) && text_equal(mark->line, line->line))
            return mark;
    }
    return NULL;
}

static inline struct unit_facts world_unit(struct world *w, int64_t id)
{
    struct unit_facts facts = {0};
    if (id == 0)
        return facts;
    facts.unit = w->units[id - 1];
    facts.product = *world_product(w, facts.unit.sku);
    facts.job = w->unit_jobs[id - 1];
    facts.carrier = w->carriers[id - 1];
    if (id % 3 != 0) /* the ERP changes its mind now and then */
        TEXT_FORMAT(facts.carrier.hash, "v%d", w->run / 2);
    return facts;
}

static inline void world_find_parcel(struct world *w, const char *code)
{
    struct scanned *scanned = &w->facts.scanned;
    for (size_t i = w->alias_count; i > 0; i--) {
        if (!text_equal(w->aliases[i - 1].value, code))
            continue;
        scanned->parcel_by_alias = true;
        scanned->parcel = world_parcel(w, w->aliases[i - 1].parcel_id, 1);
        return;
    }
    for (size_t i = 0; i < w->parcel_count; i++)
        if (text_equal(w->parcels[i].code, code)) {
            scanned->parcel_by_alias = true;
            scanned->parcel = world_parcel(w, (int64_t)i + 1, 1);
        }
}

/* The oldest box of the RMA that waits, else the oldest. */
static inline int64_t world_oldest(const struct world *w, size_t rma)
{
    int64_t oldest = 0;
    for (size_t i = w->parcel_count; i > 0; i--)
        if ((w->links[i - 1] & BIT(rma)) != 0)
            oldest = (int64_t)i;
    for (size_t i = w->parcel_count; i > 0; i--) {
        enum parcel_state state = w->parcels[i - 1].state;
        if ((w->links[i - 1] & BIT(rma)) != 0 && (state == PARCEL_ARRIVED || state == PARCEL_OPEN))
            oldest = (int64_t)i;
    }
    return oldest;
}

/* An RMA by its number "RMA-n" or its tracking number "CPn". */
static inline void world_find_rma(struct world *w, const char *code)
{
    struct scanned *scanned = &w->facts.scanned;
    for (size_t i = 0; i < WORLD_RMAS; i++) {
        bool number = text_equal(code, w->rmas[i].rma);
        if (!number && !text_equal(code, w->rmas[i].refs[0].value))
            continue;
        scanned->rma = w->rmas[i];
        scanned->rma_by = number ? REF_RMA : REF_TRACKING;
        scanned->rma_count = 1;
        TEXT_COPY(scanned->rma_code, code);
        for (size_t k = 0; k < w->parcel_count; k++)
            scanned->rma_parcels += (w->links[k] & BIT(i)) != 0;
        scanned->parcel_by_rma = number && scanned->parcel_by_alias;
        if (scanned->rma_parcels > 0 && (number || !scanned->parcel_by_alias))
            scanned->parcel = world_parcel(w, world_oldest(w, i), 1);
    }
}

static inline struct load world_load(const struct world *w, int64_t id)
{
    if (id == 0)
        return (struct load){0};
    struct load load = w->loads[id - 1];
    load.arrived = 0;
    for (size_t i = 0; i < w->parcel_count; i++)
        load.arrived += w->parcels[i].load_id == id && w->parcels[i].state != PARCEL_EXPECTED;
    return load;
}

static inline void world_find_load(struct world *w, const char *code)
{
    for (size_t i = 0; i < w->load_count; i++)
        if (text_equal(w->loads[i].code, code))
            w->facts.scanned.load = world_load(w, (int64_t)i + 1);
}

static inline void world_find_product(struct world *w, const struct candidate *c)
{
    for (size_t i = 0; i < WORLD_PRODUCTS; i++)
        if (text_equal(w->products[i].sku, c->value) ||
            (c->gtin[0] != '\0' && text_equal(w->products[i].gtin, c->gtin)))
            w->facts.scanned.product = w->products[i];
}

static inline void world_find_lpn(struct world *w, const struct candidate *c)
{
    w->facts.scanned.generation = c->generation;
    for (size_t i = 0; i < w->step_count; i++)
        if (text_equal(w->steps[i].unit_before.lpn, c->value))
            w->facts.scanned.roll_unit_id = w->steps[i].unit_id;
    for (size_t i = 0; i < w->unit_count; i++) {
        if (!text_equal(w->units[i].lpn, c->value))
            continue;
        w->facts.scanned.unit = world_unit(w, (int64_t)i + 1);
        w->facts.scanned.parcel = world_parcel(w, w->units[i].parcel_id, 1);
    }
}

static inline void world_find_code(struct world *w, const struct candidate *c)
{
    struct scanned *scanned = &w->facts.scanned;
    scanned->candidates = c;
    scanned->count = 1;
    TEXT_COPY(scanned->code, c->value);
    if (c->class == CANDIDATE_BADGE)
        scanned->badge = world_person(w, c->value);
    else if (c->class == CANDIDATE_LPN)
        world_find_lpn(w, c);
    else if (c->class != CANDIDATE_COMMAND && c->class != CANDIDATE_REFUSED) {
        world_find_parcel(w, c->value);
        world_find_rma(w, c->value);
        world_find_load(w, c->value);
        world_find_product(w, c);
    }
}

static inline void world_find_serial(struct world *w, const struct candidate *c)
{
    const char *serial = c->serial[0] != '\0' ? c->serial : c->class == CANDIDATE_TEXT ? c->value : "";
    const char *sku =
        w->facts.scanned.product.sku[0] != '\0' ? w->facts.scanned.product.sku : w->facts.hand_unit.unit.sku;
    for (size_t i = 0; serial[0] != '\0' && i < w->unit_count; i++)
        w->facts.scanned.serial_seen |= w->units[i].state != UNIT_VOID && text_equal(w->units[i].serial, serial) &&
                                        text_equal(w->units[i].sku, sku) &&
                                        w->units[i].unit_id != w->facts.hand_unit.unit.unit_id;
}

/* The unit of the parcel in hand that the scanned item may be again. */
static inline void world_find_waiting(struct world *w, int lane, const struct candidate *c)
{
    const char *sku = w->facts.scanned.product.sku;
    for (size_t i = 0; i < w->unit_count && sku[0] != '\0' && w->facts.waiting_unit.unit.unit_id == 0; i++) {
        const struct unit *unit = &w->units[i];
        bool held = unit->unit_id == w->facts.hand_unit.unit.unit_id;
        for (int other = 0; other < WORLD_LANES; other++)
            held |= other != lane && w->sessions[other].unit_id == unit->unit_id &&
                    w->when.tick - w->sessions[other].last_tick <= WORLD_LEASE_MS;
        if (!held && unit->parcel_id == w->facts.session.parcel_id && world_is_open(unit) &&
            text_equal(unit->sku, sku) && (c->serial[0] == '\0' || text_equal(unit->serial, c->serial)))
            w->facts.waiting_unit = world_unit(w, (int64_t)i + 1);
    }
}

/* What the question that this scan may answer is about. */
static inline void world_find_asked(struct world *w)
{
    struct facts *facts = &w->facts;
    const struct session *session = &facts->session;
    enum about about = pending_about(facts->lead.id[0] != '\0' ? session->kept : session->pending);
    if (about == ABOUT_RMA && facts->scanned.candidates[0].class == CANDIDATE_COMMAND)
        world_find_rma(w, session->pending_code);
    if (about == ABOUT_PARCEL)
        facts->asked_parcel = world_parcel(w, session->pending_id, 3);
    if (about != ABOUT_UNIT)
        return;
    facts->asked_unit = world_unit(w, session->pending_id);
    facts->asked_parcel = world_parcel(w, facts->asked_unit.unit.parcel_id, 3);
}

static inline void world_find_holder(struct world *w, int lane)
{
    struct parcel_facts *parcel = &w->facts.scanned.parcel;
    for (int i = 0; i < WORLD_LANES; i++) {
        const struct session *other = &w->sessions[i];
        if (i == lane || parcel->parcel.parcel_id == 0 || other->parcel_id != parcel->parcel.parcel_id ||
            w->when.tick - other->last_tick > WORLD_LEASE_MS)
            continue;
        TEXT_COPY(parcel->holder_lane, other->lane);
        TEXT_COPY(parcel->holder, other->operator_id);
    }
}

#endif
