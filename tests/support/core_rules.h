/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold after every scan in the station of core_world.h, seen from the events it tells; for one program each.
 */
#ifndef TESTS_SUPPORT_CORE_RULES_H
#define TESTS_SUPPORT_CORE_RULES_H

#include "tests/support/core_scan.h"
#include "tests/support/moves.h"

#include <stdio.h>
#include <stdlib.h>

/* What a consumer of the events knows of a unit. */
struct item {
    int stock;
    struct stock_place place;
    char move[VALUE_SIZE], outcome[VALUE_SIZE]; /* keys of its last stock.delta and outcome.recommended */
    bool confirmed, over;                       /* over: told as one too many on its line */
};

static struct world *world;
static struct item items[WORLD_UNITS];
static bool receipts[WORLD_RMAS]; /* recommended on receipt */
static bool broken;
static int64_t scans_done;
static int64_t told_confirmed, told_completed, carriers_printed; /* counted for the report */

#define RULE(condition, ...)                                                                                           \
    do {                                                                                                               \
        bool holds = (condition);                                                                                      \
        if (!holds && !broken) {                                                                                       \
            printf("\n    broken after %lld scans, row \"%s\": ", (long long)scans_done,                               \
                   world->out.row != NULL ? world->out.row : "-");                                                     \
            printf(__VA_ARGS__);                                                                                       \
            printf("\n");                                                                                              \
            CU_FAIL("a rule is broken");                                                                               \
        }                                                                                                              \
        broken |= !holds;                                                                                              \
    } while (0)

static inline void check_stock_move(const struct event *event)
{
    struct item *item = &items[event->unit.unit_id - 1];
    const struct stock_place *from = &event->stock.from, *to = &event->stock.to;
    RULE(from->status == item->place.status && text_equal(from->location, item->place.location) &&
             text_equal(from->container, item->place.container),
         "%s moves from %s at %s, but is %s at %s", event->unit.lpn, name_of(&stock_status_names, (int)from->status),
         from->location, name_of(&stock_status_names, (int)item->place.status), item->place.location);
    RULE(!text_equal(event->stock.key, item->move), "stock key %s twice", item->move);
    RULE(event->stock.reverses[0] == '\0' || text_equal(event->stock.reverses, item->move), "%s reverses %s, not %s",
         event->stock.key, event->stock.reverses, item->move);
    item->stock += (to->status != STOCK_NONE) - (from->status != STOCK_NONE);
    RULE(item->stock == 0 || item->stock == 1, "%s is in stock %d times", event->unit.lpn, item->stock);
    if (event->stock.reverses[0] != '\0' && from->status == STOCK_NONE)
        item->confirmed = true; /* a regrade was undone: nothing else tells it */
    item->place = *to;
    TEXT_COPY(item->move, event->stock.key);
}

static inline void check_outcome_event(const struct event *event)
{
    if (event->outcome.whole_rma) {
        size_t i = (size_t)strtoul(event->parcel.rma + 4, NULL, 10);
        RULE(!receipts[i], "%s is recommended on receipt twice", event->parcel.rma);
        receipts[i] = true;
        return;
    }
    struct item *item = &items[event->unit.unit_id - 1];
    RULE(item->confirmed, "outcome of %s before its label is confirmed", event->unit.lpn);
    RULE(event->unit.verdict != VERDICT_NONE, "outcome of %s without a verdict", event->unit.lpn);
    RULE(text_equal(event->outcome.supersedes, item->outcome), "%s supersedes \"%s\", not \"%s\"", event->outcome.key,
         event->outcome.supersedes, item->outcome);
    TEXT_COPY(item->outcome, event->outcome.key);
}

/* expected = received + missing − over, for every line of an RMA that is complete. */
static inline void check_completed(const struct event *event)
{
    const struct rma *rma = &world->rmas[strtoul(event->rma->rma + 4, NULL, 10)]; /* what was lost has no unit */
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct rma_line *line = &rma->lines[i];
        int64_t over = 0;
        for (size_t u = 0; u < world->unit_count; u++)
            if (items[u].over && world->units[u].state != UNIT_VOID && text_equal(world->units[u].rma, rma->rma) &&
                text_equal(world->units[u].line, line->line))
                over += world->units[u].qty;
        RULE(line->qty == line->received + line->missing + line->received_elsewhere - over,
             "%s line %s: %lld expected, %lld received, %lld missing, %lld over", rma->rma, line->line,
             (long long)line->qty, (long long)line->received, (long long)line->missing, (long long)over);
    }
}

/* The counters that were told are those of the units that are there. */
static inline void check_counters(const struct event *event)
{
    const struct rma *rma = &world->rmas[strtoul(event->unit.rma + 4, NULL, 10)];
    const struct rma_line *line = rma_find_line(rma, event->unit.line);
    RULE(line != NULL && event->received == line->received + line->received_elsewhere && event->expected == line->qty,
         "%s: %lld of %lld told, %lld of %lld counted", event->unit.lpn, (long long)event->received,
         (long long)event->expected, line != NULL ? (long long)line->received : -1,
         line != NULL ? (long long)line->qty : -1);
}

static inline void check_event(const struct event *event)
{
    bool corrects = event->corrects != 0;
    if (event->type == EVENT_STOCK_DELTA)
        check_stock_move(event);
    if (event->type == EVENT_UNIT_OVERAGE)
        items[event->unit.unit_id - 1].over = true;
    if (event->type == EVENT_UNIT_LABEL_CONFIRMED)
        items[event->unit.unit_id - 1].confirmed = !corrects;
    told_confirmed += event->type == EVENT_UNIT_LABEL_CONFIRMED && !corrects;
    if (event->type == EVENT_UNIT_REGRADED || event->type == EVENT_UNIT_REPAIRED)
        items[event->unit.unit_id - 1].confirmed = corrects;
    if (event->type == EVENT_OUTCOME_RECOMMENDED)
        check_outcome_event(event);
    if (event->type == EVENT_UNIT_IDENTIFIED && !corrects)
        check_counters(event);
    if (event->type == EVENT_RMA_COMPLETED && !corrects)
        check_completed(event);
    told_completed += event->type == EVENT_RMA_COMPLETED && !corrects;
    RULE(!corrects || event_correctable(event->type), "%s is corrected", event_name(event->type));
}

static inline void check_move(const char *const *moves, size_t count, const struct names *states, int from, int to)
{
    char move[64];
    move_name(move, states, from, to);
    RULE(from == to || move_is_allowed(moves, count, move), "the design has no change \"%s\"", move);
}

/* Nothing unsafe is sellable (10-domain §4). */
static inline void check_safe(const struct unit *unit)
{
    bool sale = unit->status == STOCK_SELLABLE || unit->status == STOCK_B_STOCK || unit->status == STOCK_DONATION ||
                unit->status == STOCK_LIQUIDATION;
    const struct product *product = world_product(world, unit->sku);
    bool opened = (product->flags & PRODUCT_HYGIENE) != 0 && unit->grade != GRADE_A;
    RULE(!sale || (!opened && unit->title != TITLE_CUSTOMER && unit->problem[0] == '\0'),
         "%s is for sale: grade %s, %s, problem \"%s\"", unit->lpn, name_of(&grade_names, (int)unit->grade),
         name_of(&title_names, (int)unit->title), unit->problem);
}

static inline void check_unit(const struct unit *before, const struct unit *unit)
{
    const struct item *item = &items[unit->unit_id - 1];
    bool placed = unit->state == UNIT_LABELLED || unit->state == UNIT_DONE;
    bool at_work = unit->status == STOCK_REFURB && unit->state <= UNIT_DECIDED; /* back from the workshop */
    check_move(unit_moves, COUNT_OF(unit_moves), &unit_state_names, before->unit_id != 0 ? (int)before->state : -1,
               (int)unit->state);
    RULE(unit->status == item->place.status && (item->stock == 1) == (unit->status != STOCK_NONE),
         "%s: the row says %s, the events say %s", unit->lpn, name_of(&stock_status_names, (int)unit->status),
         name_of(&stock_status_names, (int)item->place.status));
    RULE(placed == item->confirmed, "%s is %s, by the events its label is %sconfirmed", unit->lpn,
         name_of(&unit_state_names, (int)unit->state), item->confirmed ? "" : "not ");
    RULE(placed == (unit->status != STOCK_NONE) || at_work, "%s is %s and %s", unit->lpn,
         name_of(&unit_state_names, (int)unit->state), name_of(&stock_status_names, (int)unit->status));
    RULE(!placed || (unit->verdict != VERDICT_NONE && unit->disposition != DISPOSITION_NONE && unit->generation > 0),
         "%s is confirmed without a decision", unit->lpn);
    for (size_t i = 0; i < world->unit_count; i++)
        RULE(world->units[i].unit_id == unit->unit_id || !text_equal(world->units[i].lpn, unit->lpn), "%s twice",
             unit->lpn);
    check_safe(unit);
}

static inline void check_parcel(const struct parcel *before, const struct parcel *parcel)
{
    check_move(parcel_moves, COUNT_OF(parcel_moves), &parcel_state_names,
               before->parcel_id != 0 ? (int)before->state : -1, (int)parcel->state);
    RULE(parcel->state != PARCEL_HELD || parcel->hold != HOLD_NONE, "%s is held for nothing", parcel->code);
    for (size_t i = 0; i < world->unit_count; i++)
        RULE(world->units[i].parcel_id != parcel->parcel_id || parcel->state != PARCEL_CLOSED ||
                 !world_is_open(&world->units[i]),
             "%s is closed, its unit %s is %s", parcel->code, world->units[i].lpn,
             name_of(&unit_state_names, (int)world->units[i].state));
}

/* A load is told as it is: what arrived with it is counted. */
static inline void check_load(const struct step *step)
{
    const struct load *load = &world->out.load;
    struct load now = world_load(world, load->load_id);
    RULE(step->load_before.state != load->state, "load %s is %s twice", load->code,
         name_of(&load_state_names, (int)load->state));
    RULE(now.arrived == load->arrived, "load %s: %lld told, %lld counted", load->code, (long long)load->arrived,
         (long long)now.arrived);
    RULE((world->after.load_id == load->load_id) == (load->state == LOAD_OPEN), "load %s is %s, and %sthe lane's",
         load->code, name_of(&load_state_names, (int)load->state), world->after.load_id == load->load_id ? "" : "not ");
}

/* What is refused, asked or repeated changes nothing. */
static inline void check_nothing_done(void)
{
    const struct outcome *out = &world->out;
    RULE(out->unit.unit_id == 0 && out->parcel.parcel_id == 0 && out->print.copy == 0 && out->job_count == 0 &&
             out->undoes == 0 && out->load.load_id == 0,
         "a scan with the action %s changed something", name_of(&action_names, (int)out->action));
}

/* HELP and INFO change nothing that is in hand, and no stop. */
static inline void check_asking(void)
{
    const struct session *before = &world->facts.session, *after = &world->after;
    enum verb verb = world->facts.scanned.candidates[0].verb;
    if ((verb != VERB_HELP && verb != VERB_INFO) || world->out.action == ACTION_REPEAT)
        return;
    RULE(after->parcel_id == before->parcel_id && after->unit_id == before->unit_id &&
             after->stopped == before->stopped,
         "%s changed the lane", verb == VERB_HELP ? "HELP" : "INFO");
}

/* The carrier's label is on what is labelled and leaves, and on nothing else. */
static inline void check_carriers(void)
{
    for (size_t i = 0; i < world->unit_count && !broken; i++) {
        const struct unit *unit = &world->units[i];
        bool labelled = unit->state == UNIT_LABELLED || unit->state == UNIT_DONE || unit->state == UNIT_RELEASED;
        bool leaves = disposition_stock(unit->disposition) == STOCK_OUTBOUND;
        bool counts = world_counts(&world->carriers[i].job);
        carriers_printed += counts;
        RULE(!counts || (labelled && leaves), "%s has a carrier's label and is %s", unit->lpn,
             name_of(&unit_state_names, (int)unit->state));
    }
}

static inline void check_scan(void)
{
    const struct outcome *out = &world->out;
    bool nothing = out->action == ACTION_REJECT || out->action == ACTION_ASK || out->action == ACTION_REPEAT ||
                   out->action == ACTION_RELEASE || out->action == ACTION_DUPLICATE;
    check_asking();
    RULE(out->action != ACTION_NONE, "nothing was decided");
    RULE(out->signal != SIGNAL_NONE && out->message.key != MESSAGE_NONE, "the worker hears nothing");
    RULE(strncmp(message_key_name(out->next.key), "next.", 5) == 0, "%s is asked for", message_key_name(out->next.key));
    RULE(out->action != ACTION_CONFIRM || world->facts.scanned.generation == out->unit.generation,
         "an old label of %s was taken", out->unit.lpn);
    if (nothing)
        check_nothing_done();
    for (size_t i = 0; i < out->event_count && !broken; i++)
        check_event(&out->events[i]);
    const struct step *step = &world->steps[world->step_count - 1];
    if (out->unit.unit_id != 0)
        check_unit(&step->unit_before, &out->unit);
    if (out->parcel.parcel_id != 0)
        check_parcel(&step->parcel_before, &out->parcel);
    if (out->load.load_id != 0)
        check_load(step);
    if (out->unit.unit_id != 0 || out->print.copy != 0)
        check_carriers();
}

#endif
