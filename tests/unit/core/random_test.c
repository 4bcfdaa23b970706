/* SPDX-License-Identifier: Apache-2.0 */
/* Scans in any order over any state, in the core alone; what must hold is checked after each from the events it tells.
   SEED repeats a run, SCANS makes it longer or shorter. */
#include "tests/support/core_rules.h"

static uint64_t state;
static enum message_key next[WORLD_LANES]; /* what each lane would scan next */
static struct {
    int64_t loads, stops, undone, refused, bounced, worlds, leads, emptied;
} counts;

static unsigned pick(unsigned n)
{
    return (unsigned)(suite_random(&state) % n);
}

/* ---- what is scanned ---- */

static void scan(int lane, const struct candidate *c)
{
    static const int64_t paces[] = {100, 400, 1500, 2000, 2000, 2000, 12000, 40000, 16 * 60 * 1000};
    int64_t pace = paces[pick(COUNT_OF(paces))];
    world->when.now += pace;
    world->when.tick += pace;
    world_scan(world, lane, c);
    scans_done++;
    next[lane] = world->out.next.key;
    counts.bounced += world->out.silent;
    if (world->out.silent)
        return;
    counts.undone += world->out.action == ACTION_UNDO;
    counts.stops += world->out.signal == SIGNAL_STOP;
    counts.refused += world->out.action == ACTION_REJECT;
    counts.loads += world->out.load.load_id != 0;
    counts.leads += world->out.lead[0] != '\0';
    check_scan();
}

static void scan_value(int lane, enum candidate_class class, const char *value)
{
    struct candidate c = {.class = class};
    TEXT_COPY(c.value, value);
    scan(lane, &c);
}

static void scan_card(int lane, enum verb verb)
{
    struct candidate c = {.class = CANDIDATE_COMMAND, .verb = verb};
    control_encode(verb, c.value);
    scan(lane, &c);
}

static void scan_item(int lane)
{
    const struct product *product = &world->products[pick(WORLD_PRODUCTS)];
    struct candidate c = {.class = CANDIDATE_GTIN};
    TEXT_COPY(c.value, product->gtin);
    TEXT_COPY(c.gtin, product->gtin);
    if (product->track == TRACK_SERIAL && pick(3) == 0)
        TEXT_FORMAT(c.serial, "S-%u", 1 + pick(5));
    scan(lane, &c);
}

static void scan_serial(int lane)
{
    char serial[8];
    TEXT_FORMAT(serial, "S-%u", 1 + pick(5));
    scan_value(lane, CANDIDATE_TEXT, serial);
}

static void scan_parcel(int lane)
{
    char code[24];
    unsigned n = pick(WORLD_RMAS + 1); /* one more than there are: unknown */
    if (pick(6) == 0 && world->parcel_count > 0) {
        scan_value(lane, CANDIDATE_PARCEL, world->parcels[pick((unsigned)world->parcel_count)].code);
        return;
    }
    bool number = pick(2) == 0;
    TEXT_FORMAT(code, "%s%u", number ? "RMA-" : "CP", n);
    scan_value(lane, number ? CANDIDATE_RMA : CANDIDATE_TRACKING, code);
}

/* A load: announced, or of an SSCC that nobody announced; at a dock it is opened, unloaded and closed. */
static void scan_load(int lane)
{
    char sscc[24];
    TEXT_FORMAT(sscc, "34012345000000%u", pick(4));
    unsigned which = pick(6);
    if (which < 2)
        scan_card(lane, which == 0 ? VERB_CLOSE : VERB_REOPEN);
    else
        scan_value(lane, which == 2 ? CANDIDATE_SSCC : CANDIDATE_TEXT, which == 2 ? sscc : "TR-1");
}

static void scan_label(int lane)
{
    struct candidate c = {.class = CANDIDATE_LPN};
    int64_t in_hand = world->sessions[lane].unit_id;
    if (world->unit_count == 0)
        return;
    const struct unit *unit =
        &world->units[in_hand != 0 && pick(4) > 0 ? in_hand - 1 : (int64_t)pick((unsigned)world->unit_count)];
    TEXT_COPY(c.value, pick(60) == 0 ? "LP0429999999" : unit->lpn);
    c.generation = (uint8_t)(unit->generation - (pick(20) == 0));
    scan(lane, &c);
}

static void scan_badge(int lane)
{
    static const char *const people[] = {"LEFT", "RIGHT", "LEAD", "LEAD", "NOBODY"};
    scan_value(lane, CANDIDATE_BADGE, people[pick(COUNT_OF(people))]);
}

/* What a worker would do next. */
static void scan_sensibly(int lane)
{
    static const enum message_key keys[] = {MESSAGE_NEXT_ITEM,   MESSAGE_NEXT_SERIAL,     MESSAGE_NEXT_LABEL,
                                            MESSAGE_NEXT_PARCEL, MESSAGE_NEXT_LEAD_BADGE, MESSAGE_NEXT_OTHER};
    static void (*const scans[])(int) = {scan_item, scan_serial, scan_label, scan_parcel, scan_badge, scan_item};
    enum message_key wanted = next[lane];
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (keys[i] != wanted)
            continue;
        scans[i](lane);
        return;
    }
    if (wanted == MESSAGE_NEXT_GRADE)
        scan_card(lane, (enum verb)(VERB_GRADE_A + (int)pick(5)));
    else if (wanted == MESSAGE_NEXT_DISPOSITION)
        scan_card(lane, (enum verb)(VERB_RESELL + (int)pick(VERB_FORWARD - VERB_RESELL + 1)));
    else if (wanted == MESSAGE_NEXT_LEAD)
        scan_card(lane, VERB_SUPER);
    else if (wanted == MESSAGE_NEXT_AGAIN)
        scan(lane, &(struct candidate){0});
    else
        scan_card(lane, pick(2) == 0 ? VERB_OK : VERB_NEXT);
}

static void scan_wildly(int lane)
{
    static void (*const scans[])(int) = {scan_item, scan_serial, scan_label, scan_parcel, scan_badge, scan_load};
    static const enum verb cards[] = {VERB_UNDO,  VERB_UNDO,  VERB_OK,       VERB_NEXT,   VERB_REPRINT,
                                      VERB_DROP,  VERB_CLOSE, VERB_HELP,     VERB_INFO,   VERB_OTHER,
                                      VERB_NOTIN, VERB_VOID,  VERB_OPTION_1, VERB_GRADE_C};
    unsigned which = pick(10);
    if (which < COUNT_OF(scans))
        scans[which](lane);
    else if (which == 6)
        scan_card(lane, (enum verb)(1 + (int)pick(VERB_COUNT - 1)));
    else if (which == 7)
        scan_value(lane, pick(2) == 0 ? CANDIDATE_REFUSED : CANDIDATE_TEXT, "rubbish");
    else
        scan_card(lane, cards[pick(COUNT_OF(cards))]);
}

/* With a unit in hand that has no label, OK says that this is meant. */
static void sign_out(int lane)
{
    for (int i = 0; i < 5 && world->sessions[lane].operator_id[0] != '\0'; i++)
        scan_card(lane, i % 2 == 0 ? VERB_LOGOUT : VERB_OK);
}

/* UNDO on every lane, as anybody who may have done the step, until nothing gives any more. */
static void undo_everything(void)
{
    static const char *const people[] = {"LEFT", "RIGHT", "LEAD", ""};
    for (int idle = 0, lane = 0, who = 0; idle < WORLD_LANES * 4 && !broken && world->step_count + 8 < WORLD_STEPS;
         idle++) {
        scan_card(lane, VERB_OK);
        if (people[who][0] != '\0')
            scan_value(lane, CANDIDATE_BADGE, people[who]);
        else
            sign_out(lane);
        do {
            world->when.tick += 2000;
            scan_card(lane, VERB_UNDO);
            idle = world->out.action == ACTION_UNDO ? -1 : idle;
        } while (world->out.action == ACTION_UNDO && !broken && world->step_count + 8 < WORLD_STEPS);
        who = (who + 1) % 4;
        lane = who == 0 ? (lane + 1) % WORLD_LANES : lane;
    }
}

/* What was taken off a line does not come back when the line has been filled otherwise: then that UNDO is refused for
   good, and with it those of the steps before. */
static bool line_was_filled_meanwhile(void)
{
    bool found = false;
    for (int lane = 0; lane < WORLD_LANES; lane++) {
        size_t at = world->step_count;
        while (at > 0 && !(world->steps[at - 1].lane == lane && world->steps[at - 1].stands))
            at--;
        found |=
            at > 0 && (world->steps[at - 1].action == ACTION_VOID || world->steps[at - 1].action == ACTION_CORRECT ||
                       world->steps[at - 1].action == ACTION_COUNT_PIECES);
    }
    return found;
}

static void check_zero(void)
{
    if (broken || world->step_count + 8 >= WORLD_STEPS || line_was_filled_meanwhile())
        return;
    counts.emptied++;
    for (size_t i = 0; i < world->unit_count; i++)
        RULE(items[i].stock == 0 && world->units[i].state == UNIT_VOID,
             "%s is %s and in stock %d times after everything"
             " was undone",
             world->units[i].lpn, name_of(&unit_state_names, (int)world->units[i].state), items[i].stock);
}

static void one_world(int64_t scans)
{
    world_begin(world);
    memset(items, 0, sizeof items);
    memset(receipts, 0, sizeof receipts);
    memset(next, 0, sizeof next);
    counts.worlds++;
    while (scans_done < scans && !broken && !world_is_full(world) && world->step_count < WORLD_STEPS * 6 / 10) {
        int lane = (int)pick(WORLD_LANES);
        world->run += pick(150) == 0; /* the daemon starts again */
        for (unsigned run = 1 + pick(6); run > 0 && !broken && !world_is_full(world); run--) {
            if (pick(5) == 0)
                scan_wildly(lane);
            else
                scan_sensibly(lane);
        }
    }
    undo_everything();
    check_zero();
}

static void whatever_is_scanned_the_rules_hold(void)
{
    const char *given = getenv("SCANS");
    int64_t scans = given != NULL ? strtoll(given, NULL, 10) : 1000000;
    world = memory_new(1, sizeof *world);
    state = suite_seed();
    while (scans_done < scans && !broken)
        one_world(scans);
    printf("\n    %lld scans in %lld worlds (%lld undone to nothing): %lld confirmed, %lld undone, %lld RMAs "
           "completed, %lld stops, %lld "
           "refused, %lld"
           " by a lead, %lld loads opened or closed, %lld bounced ",
           (long long)scans_done, (long long)counts.worlds, (long long)counts.emptied, (long long)told_confirmed,
           (long long)counts.undone, (long long)told_completed, (long long)counts.stops, (long long)counts.refused,
           (long long)counts.leads, (long long)counts.loads, (long long)counts.bounced);
    CU_ASSERT(broken || counts.emptied > counts.worlds * 9 / 10);
    CU_ASSERT(carriers_printed > 0);
    CU_ASSERT(told_confirmed > scans / 200 && counts.undone > scans / 200 && counts.stops > 0 &&
              counts.loads > scans / 2000);
    free(world);
}

SUITE("core/random", {"whatever is scanned, the rules hold", whatever_is_scanned_the_rules_hold})
