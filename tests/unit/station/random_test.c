/* SPDX-License-Identifier: Apache-2.0 */
/* Random scans on three lanes; a model fed by nothing but the events says what must hold after each of them.
   SEED repeats a run, SCANS makes it longer or shorter, KEEP=FILE is where the database of a run that breaks goes. */
#include "daemon/codec/event.h"
#include "tests/support/erp_whims.h"
#include "tests/support/books_nought.h"
#include "tests/support/house.h"
#include "tests/support/ledger.h"

#define RMAS 14
#define UNDO_MAX 5000

struct world {
    struct house house;
    uint64_t random;
    bool erp;    /* it decides, contests, recalls, withdraws and verifies: what it did is not taken back */
    bool trucks; /* what has left the station is not taken back: only some runs hand anything over */
    struct whims whims;
    struct ledger ledger;
    struct {
        enum message_key next;
        int64_t unit_id;
    } lanes[HOUSE_LANES]; /* what each would scan next, and what it has in hand */
    struct {
        int confirmed, undone, stops, refused, restarts, bounced;
    } seen;
};

static struct catalog *catalog;

static unsigned pick(struct world *w, unsigned count)
{
    return (unsigned)(suite_random(&w->random) % count);
}

static char *encode(const struct house *house, const struct facts *facts, const struct event *event, int64_t sequence)
{
    struct event_context context = {.site = "test", .station = "042", .stream = store_stream(house->store),
                                    .lane = house->session.lane, .device = "scanner", .person = &facts->operator,
                                    .at = facts->when.now, .correlation = facts->next_sequence, .catalog = catalog};
    return event_encode(&context, event, sequence);
}

static void learn_all(struct world *w)
{
    struct event_row rows[32];
    size_t count;
    int64_t upto;
    do {
        HOUSE_MUST(&w->house,
                   outbox_read(w->house.store, w->ledger.sequence, NULL, rows, 32, &count, &upto, &w->house.err));
        for (size_t i = 0; i < count; i++) {
            ledger_learn(&w->ledger, &rows[i]);
            free(rows[i].body);
        }
    } while (count == 32);
}

/* ---- what must hold ---- */

static void check_unit(struct world *w, int64_t unit_id)
{
    struct unit unit = house_unit(&w->house, unit_id);
    const struct item *item = ledger_item(&w->ledger, unit.lpn);
    const char *status = name_of(&stock_status_names, (int)unit.status);
    LEDGER_RULE(&w->ledger, text_equal(status, item->status), "%s: row says %s, events say %s", unit.lpn, status,
                item->status);
    bool placed = unit.state == UNIT_LABELLED || unit.state == UNIT_DONE ||
                  (unit.status == STOCK_REFURB && unit.state <= UNIT_DECIDED); /* back from the workshop */
    bool confirmed = unit.state == UNIT_LABELLED || unit.state == UNIT_DONE || unit.state == UNIT_RELEASED;
    LEDGER_RULE(&w->ledger, placed == (unit.status != STOCK_NONE), "%s is %s and %s", unit.lpn,
                name_of(&unit_state_names, (int)unit.state), status);
    LEDGER_RULE(&w->ledger, confirmed == item->confirmed, "%s: %s, confirmed %d", unit.lpn,
                name_of(&unit_state_names, (int)unit.state), item->confirmed);
}

/* Counts that must be nought. */
static void check_tables(struct world *w)
{
    for (size_t i = 0; !w->erp && i < COUNT_OF(books_nought_alone); i++)
        LEDGER_RULE(&w->ledger, house_count(&w->house, books_nought_alone[i]) == 0, "%s", books_nought_alone[i]);
    for (size_t i = 0; i < COUNT_OF(books_nought); i++)
        LEDGER_RULE(&w->ledger, house_count(&w->house, books_nought[i]) == 0, "%s", books_nought[i]);
    int64_t units = house_count(&w->house, "SELECT max(unit_id) FROM unit");
    for (int64_t unit = 1; unit <= units; unit++)
        check_unit(w, unit);
}

static void count(struct world *w, int lane, const struct outcome *out)
{
    w->lanes[lane].next = out->next.key;
    w->lanes[lane].unit_id = w->house.session.unit_id;
    w->seen.bounced += out->silent;
    if (out->silent)
        return;
    w->seen.confirmed += out->action == ACTION_CONFIRM;
    w->seen.undone += out->action == ACTION_UNDO;
    w->seen.stops += out->signal == SIGNAL_STOP;
    w->seen.refused += out->action == ACTION_REJECT;
}

/* ---- what is scanned ---- */

static const char *const items[] = {"9520000001025", "SHIRT", "9520000001049", "S-1", "S-2", "S-3", "S-4", "LAMP"};

static void scan_item(struct world *w, int lane)
{
    house_scan(&w->house, lane, items[pick(w, COUNT_OF(items))]);
}

static void scan_load(struct world *w, int lane)
{
    static const char *const codes[] = {"TR-1", "TR-1", "00340123450000000123", "00340123450000000130"};
    unsigned which = pick(w, 6);
    if (which < 2)
        house_card(&w->house, lane, which == 0 ? VERB_CLOSE : VERB_REOPEN);
    else
        house_scan(&w->house, lane, codes[which - 2]);
}

static void scan_code(struct world *w, int lane)
{
    static const char *const kinds[] = {"RMA-", "WEB-", "CP"};
    char code[32];
    TEXT_FORMAT(code, "%s%u", kinds[pick(w, 3)], 1 + pick(w, RMAS + (w->erp ? WHIM_RMAS : 0)));
    house_scan(&w->house, lane, code);
}

static void scan_label(struct world *w, int lane)
{
    int64_t units = house_count(&w->house, "SELECT max(unit_id) FROM unit");
    int64_t in_hand = w->lanes[lane].unit_id;
    char symbol[OWN_SIZE];
    if (units == 0)
        return;
    struct unit unit =
        house_unit(&w->house, in_hand != 0 && pick(w, 4) > 0 ? in_hand : 1 + (int64_t)pick(w, (unsigned)units));
    unsigned generation = (unsigned)unit.generation - (pick(w, 20) == 0);
    if (pick(w, 12) == 0) { /* the next of a roll, or one that was used already */
        TEXT_FORMAT(unit.lpn, "LP042%07u", LPN_ROLL_FIRST + pick(w, 200));
        generation = 1;
    }
    if (own_encode(CANDIDATE_LPN, unit.lpn, generation, symbol))
        house_scan(&w->house, lane, symbol);
}

static void scan_garbage(struct world *w, int lane)
{
    unsigned char bytes[5000];
    size_t length = pick(w, 10) == 0 ? pick(w, sizeof bytes) : pick(w, 40);
    bool text_only = pick(w, 2) == 0;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)(text_only ? 'a' + pick(w, 26) : pick(w, 256));
    house_bytes(&w->house, lane, bytes, length);
}

static void scan_badge(struct world *w, int lane)
{
    static const char *const people[] = {"LEFT", "RIGHT", "LEAD", "LEAD", "NOBODY"};
    char badge[OWN_SIZE];
    if (own_encode(CANDIDATE_BADGE, people[pick(w, COUNT_OF(people))], 0, badge))
        house_scan(&w->house, lane, badge);
}

static void scan_place(struct world *w, int lane)
{
    static const char *const totes[] = {"T-1", "T-2", "T-3"};
    char symbol[OWN_SIZE];
    enum candidate_class class = pick(w, 4) == 0 ? CANDIDATE_LOCATION : CANDIDATE_CONTAINER;
    if (own_encode(class, totes[pick(w, COUNT_OF(totes))], 0, symbol))
        house_scan(&w->house, lane, symbol);
}

static void grade_or_count(struct world *w, int lane)
{
    static const enum verb cards[] = {VERB_COUNT_ITEMS, VERB_QUANTITY_2, VERB_QUANTITY_3};
    if (pick(w, 6) == 0)
        house_card(&w->house, lane, cards[pick(w, COUNT_OF(cards))]);
    else
        house_card(&w->house, lane, (enum verb)(VERB_GRADE_A + (int)pick(w, 5)));
}

/* What a worker would do next. */
static void scan_sensibly(struct world *w, int lane)
{
    static const enum verb choices[] = {VERB_RESELL, VERB_PARTS, VERB_RECYCLE, VERB_DESTROY, VERB_QUARANTINE,
                                        VERB_RETURN_TO_CUSTOMER};
    static const enum verb counts[] = {VERB_OK,      VERB_OK,      VERB_OK,  VERB_QUANTITY_2,
                                       VERB_DIGIT_1, VERB_DIGIT_2, VERB_UNDO};
    enum message_key next = w->lanes[lane].next;
    if (next == MESSAGE_NEXT_ITEM)
        house_scan(&w->house, lane, items[pick(w, COUNT_OF(items))]);
    else if (next == MESSAGE_NEXT_SERIAL)
        house_scan(&w->house, lane, items[3 + pick(w, 4)]);
    else if (next == MESSAGE_NEXT_GRADE)
        grade_or_count(w, lane);
    else if (next == MESSAGE_NEXT_COUNT)
        house_card(&w->house, lane, counts[pick(w, COUNT_OF(counts))]);
    else if (next == MESSAGE_NEXT_DISPOSITION)
        house_card(&w->house, lane, choices[pick(w, COUNT_OF(choices))]);
    else if (next == MESSAGE_NEXT_LABEL)
        scan_label(w, lane);
    else if (next == MESSAGE_NEXT_OK)
        house_card(&w->house, lane, VERB_OK);
    else if (next == MESSAGE_NEXT_LEAD)
        house_card(&w->house, lane, VERB_SUPER);
    else if (next == MESSAGE_NEXT_LEAD_BADGE)
        scan_badge(w, lane);
    else if (next == MESSAGE_NEXT_CONTAINER)
        scan_place(w, lane);
    else if (next == MESSAGE_NEXT_RECEIVER)
        house_scan(&w->house, lane, "DHL 4711");
    else
        scan_code(w, lane);
}

static void scan_wildly(struct world *w, int lane)
{
    static const enum verb cards[] = {VERB_UNDO, VERB_UNDO, VERB_OK, VERB_NEXT, VERB_REPRINT, VERB_DROP, VERB_CLOSE,
                                      VERB_DOCK, VERB_BENCH, VERB_LOGOUT, VERB_HELP, VERB_TOTE};
    static void (*const scans[])(struct world *, int) = {scan_code,  scan_label, scan_garbage, scan_badge,
                                                         scan_place, scan_load,  scan_item};
    enum verb any = (enum verb)pick(w, VERB_COUNT);
    unsigned which = pick(w, COUNT_OF(scans) + 3);
    if (which < COUNT_OF(scans))
        scans[which](w, lane);
    else if (which == COUNT_OF(scans))
        house_card(&w->house, lane, any == VERB_TRUCK && !w->trucks ? VERB_TOTE : any);
    else
        house_card(&w->house, lane, cards[pick(w, COUNT_OF(cards))]);
}

static void step(struct world *w)
{
    static const int64_t paces[] = {100, 400, 1500, 2000, 2000, 2000, 12000, 40000, 16 * 60 * 1000};
    int lane = (int)pick(w, HOUSE_LANES);
    w->house.pace_ms = 2000;
    if (pick(w, 150) == 0) {
        house_restart(&w->house);
        w->seen.restarts++;
    }
    if (pick(w, 40) == 0)
        w->house.printer_off = pick(w, 5) == 0;
    if (w->erp && pick(w, 2) == 0) {
        whim(&w->whims, &w->house);
        house_effects(&w->house);
        learn_all(w);
    }
    for (unsigned run = 1 + pick(w, 6); run > 0 && !w->ledger.broken; run--) {
        w->house.pace_ms = paces[pick(w, COUNT_OF(paces))];
        if (lane == HOUSE_DOCK && pick(w, 30) == 0)
            house_scan(&w->house, lane, "WEB-404");
        else if (pick(w, 5) == 0)
            scan_wildly(w, lane);
        else
            scan_sensibly(w, lane);
        count(w, lane, &w->house.out);
        learn_all(w);
        if (w->house.out.unit.unit_id != 0)
            check_unit(w, w->house.out.unit.unit_id);
    }
}

static void fill(struct world *w)
{
    struct house *house = &w->house;
    char serials[] = "S-1\nS-2\nS-3";
    house_product(house, "SHIRT", "9520000001025", TRACK_NONE);
    house_product(house, "PHONE", "9520000001049", TRACK_SERIAL);
    house_product(house, "LAMP", "9520000001032", TRACK_NONE);
    for (int n = 1; n <= RMAS - 4; n++)
        house_rma(house, n, n == 3 ? "LAMP" : "SHIRT", 1 + n % 3);
    for (int n = RMAS - 3; n <= RMAS; n++) {
        struct rma_line lines[] = {{.line = "1", .sku = "SHIRT", .qty = 2, .unit_price = 100, .currency = "EUR"},
                                   {.line = "2", .sku = "PHONE", .qty = 2, .serials_known = true, .serials = serials}};
        char number[KEY_SIZE];
        TEXT_FORMAT(number, "RMA-%d", n);
        struct rma rma = house_rma_of(number, lines, 2);
        rma.state = n == RMAS ? RMA_CANCELLED : RMA_AUTHORISED;
        rma.refund_timing = n == RMAS - 1 ? TIMING_ON_RECEIPT : TIMING_ON_INSPECTION;
        rma.expect = n == RMAS - 2 ? EXPECT_UP_TO : EXPECT_EXACT;
        lines[0].flags = n == RMAS - 3 ? FLAG_FINAL_SALE : 0;
        house_put(house, &rma, number, false);
    }
    struct load load = {.code = "TR-1", .expected = 3};
    HOUSE_MUST(house, records_announce_load(house->store, &load, &house->err));
    HOUSE_MUST(house, sql_script(house->store,
                                 "INSERT INTO operator VALUES('LEFT', 'LEFT', 'Left bench', 3, 'en', 0, 1),"
                                 " ('RIGHT', 'RIGHT', 'Right bench', 3, 'fr', 0, 1),"
                                 " ('LEAD', 'LEAD', 'Shift lead', 7, 'en', 0, 1)",
                                 &house->err));
}

/* With a unit in hand that has no label, OK says that this is meant. */
static void sign_out(struct world *w, int lane)
{
    if (house_card(&w->house, lane, VERB_LOGOUT)->action == ACTION_ASK)
        house_card(&w->house, lane, VERB_OK);
}

/* UNDO on every lane, as anybody who may have done the step, until nothing gives any more. */
static void undo_everything(struct world *w)
{
    static const char *const people[] = {"LEFT", "RIGHT", "LEAD", ""};
    int undone = 0;
    w->house.pace_ms = 2000;
    for (int idle = 0; idle < HOUSE_LANES * 4 && !w->ledger.broken;) {
        for (int lane = 0; lane < HOUSE_LANES; lane++) {
            for (size_t who = 0; who < COUNT_OF(people); who++, idle++) {
                char badge[OWN_SIZE];
                house_card(&w->house, lane, VERB_OK);
                if (own_encode(CANDIDATE_BADGE, people[who], 0, badge))
                    house_scan(&w->house, lane, badge);
                else
                    sign_out(w, lane);
                while (house_card(&w->house, lane, VERB_UNDO)->action == ACTION_UNDO && !w->ledger.broken) {
                    LEDGER_RULE(&w->ledger, ++undone < UNDO_MAX, "there is no end to what can be undone");
                    idle = -1;
                    count(w, lane, &w->house.out);
                    learn_all(w);
                }
            }
        }
    }
}

/* What was taken off a line does not come back when the line has been filled otherwise: then that UNDO is refused for
   good, and with it those of the steps before. */
static bool line_was_filled_meanwhile(struct world *w)
{
    static const char last[] =
        "SELECT count(*) FROM (SELECT action, max(journal) FROM journal j WHERE undoable AND NOT EXISTS (SELECT 1 FROM"
        " journal u WHERE u.undoes = j.journal AND u.undoes > 0) GROUP BY lane) WHERE action IN ('void', 'correct', "
        "'count')";
    return house_count(&w->house, last) > 0;
}

static void keep_broken(struct world *w)
{
    const char *file = getenv("KEEP");
    if (w->ledger.broken && file != NULL)
        HOUSE_MUST(&w->house, sql_run(w->house.store, &w->house.err, "VACUUM INTO ?", "t", file));
}

static void whatever_is_scanned_the_books_are_right(void)
{
    struct error err = {0};
    const char *given = getenv("SCANS");
    int64_t scans = given != NULL ? strtoll(given, NULL, 10) : 20000, rows = 0;
    catalog = catalog_load(SOURCE_DIR "/data/texts", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    struct world *w = memory_new(1, sizeof *w);
    w->random = suite_seed();
    w->trucks = w->random % 4 == 0;
    w->erp = w->random / 4 % 2 == 0;
    w->whims = (struct whims){.random = &w->random, .version = 2, .first = RMAS + 1};
    house_open(&w->house);
    w->house.encode = encode;
    fill(w);
    for (int steps = 0;
         !w->ledger.broken && (steps % 20 != 0 || house_count(&w->house, "SELECT count(*) FROM journal") < scans);
         steps++) {
        w->house.policy.unit_label = (enum unit_label)pick(w, UNIT_LABEL_COUNT);
        for (int lane = 0; lane < HOUSE_LANES; lane++) {
            w->house.lanes[lane].rules.pending_labels = 1 + (int)pick(w, 3);
            w->house.lanes[lane].rules.hold_hazmat = pick(w, 2) == 0;
        }
        step(w);
        if (steps % 20 == 0)
            check_tables(w);
        if (steps % 40 == 39)
            undo_everything(w); /* and begin anew, so that there is always something to do */
    }
    check_tables(w);
    keep_broken(w);
    undo_everything(w);
    check_tables(w);
    bool all = !w->trucks && !w->erp && !line_was_filled_meanwhile(w);
    static const char left[] = "SELECT count(*) FROM unit WHERE status <> 'none' OR state <> 'void'";
    LEDGER_RULE(&w->ledger, !all || house_count(&w->house, left) == 0,
                "something is left after everything was undone");
    for (size_t i = 0; all && i < w->ledger.item_count; i++)
        LEDGER_RULE(&w->ledger, w->ledger.items[i].stock == 0, "%s is still in stock", w->ledger.items[i].lpn);
    HOUSE_MUST(&w->house, journal_verify(w->house.store, &rows, &w->house.err));
    printf("\n    %lld scans stored, %lld by the ERP, %d bounced, %lld events, %lld units: %d confirmed, %d outcomes, "
           "%d RMAs completed, %d"
           " undone, %d stops, %d refused, %d restarts ",
           (long long)rows, (long long)house_count(&w->house, "SELECT count(*) FROM journal WHERE action = 'erp'"),
           w->seen.bounced, (long long)w->ledger.sequence,
           (long long)house_count(&w->house, "SELECT count(*) FROM unit"), w->seen.confirmed, w->ledger.outcomes,
           w->ledger.completed, w->seen.undone, w->seen.stops, w->seen.refused, w->seen.restarts);
    house_close(&w->house);
    free(w->ledger.items);
    free(w);
    catalog_free(catalog);
}

SUITE("station/random", {"whatever is scanned, the books are right", whatever_is_scanned_the_books_are_right})
