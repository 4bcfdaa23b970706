/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions in the pure core: one scan each over facts that were gathered before, with the shipped policies and
   checklists. The goal is 200,000 a second on one core, so at most 5 µs each. Run from the top of the tree. */
#include "base/memory.h"
#include "base/text.h"
#include "bench/bench.h"
#include "daemon/codec/checklist.h"
#include "daemon/codec/policy.h"
#include "daemon/core/workflow.h"

#include <stdio.h>
#include <time.h>

#define NOW INT64_C(1795600800000) /* 2026-11-25T10:00:00Z */

static struct policy_set policies;
static struct checklist_set checklists;
static struct lane_rules rules = {.station_number = 42, .mode = LANE_BENCH, .location = "A-01",
                                  .policies = &policies, .checklists = &checklists};
static struct rma_line line = {.line = "1", .sku = "SHIRT", .gtin = "09520000001025", .qty = 2, .unit_price = 1990,
                               .currency = "EUR", .reason = "changed_mind"};
static struct rma rma = {.rma = "RMA-1", .version = 1, .owner = "main", .country = "FR", .lines = &line,
                         .line_count = 1, .requested_at = NOW - 2 * DAY_MS, .authorised_at = INSTANT_NONE,
                         .expires_on = DATE_NONE, .purchase_date = DATE_NONE};
static const struct product shirt = {.sku = "SHIRT", .gtin = "09520000001025", .category = "apparel"};
static const struct parcel open_parcel = {.parcel_id = 7, .code = "PX0420000007", .state = PARCEL_OPEN,
                                          .verified = true, .rma = "RMA-1", .received_at = NOW, .open_units = 1};

struct decision {
    const char *name;
    const char *row; /* that has to decide it */
    struct facts facts;
    struct candidate candidate;
};

static struct session session;
static struct outcome outcome;

static void decide(void *context)
{
    const struct decision *decision = context;
    workflow_scan(&decision->facts, &session, &outcome);
}

/* Facts of a bench with the parcel in hand, and a unit in that state if there is one. */
static void prepare(struct decision *decision, enum unit_state state, bool unit)
{
    struct facts *facts = &decision->facts;
    *facts = (struct facts){.when = {.now = NOW, .tick = 1000000}, .rules = &rules, .run = "run-1",
                            .next_unit_id = 12, .next_parcel_id = 8, .next_lpn = 12, .next_sequence = 101};
    facts->session = (struct session){.lane = "bench-1", .mode = LANE_BENCH, .parcel_id = 7, .run = "run-1"};
    facts->hand_parcel = (struct parcel_facts){.parcel = open_parcel, .rmas = &rma, .rma_count = 1};
    facts->scanned.candidates = &decision->candidate;
    facts->scanned.count = 1;
    TEXT_COPY(facts->scanned.code, decision->candidate.value);
    if (!unit)
        return;
    facts->session.unit_id = 11;
    facts->hand_unit = (struct unit_facts){.product = shirt};
    facts->hand_unit.unit = (struct unit){.unit_id = 11, .lpn = "LP0420000011", .parcel_id = 7, .rma = "RMA-1",
                                          .line = "1", .sku = "SHIRT", .qty = 1, .owner = "main", .state = state,
                                          .reason_declared = "changed_mind", .reason_found = "changed_mind"};
}

static void prepare_all(struct decision *decisions)
{
    decisions[0].candidate = (struct candidate){.class = CANDIDATE_GTIN, .value = "9520000001025",
                                                .gtin = "09520000001025"};
    prepare(&decisions[0], UNIT_IDENTIFIED, false);
    decisions[0].facts.scanned.product = shirt;
    decisions[1].candidate = (struct candidate){.class = CANDIDATE_COMMAND, .verb = VERB_GRADE_A, .value = "XCTLGRIC"};
    prepare(&decisions[1], UNIT_IDENTIFIED, true);
    decisions[2].candidate = (struct candidate){.class = CANDIDATE_COMMAND, .verb = VERB_GRADE_B, .value = "XCTLGRIIX"};
    prepare(&decisions[2], UNIT_IDENTIFIED, true);
    decisions[3].candidate = (struct candidate){.class = CANDIDATE_LPN, .generation = 1, .value = "LP0420000011"};
    prepare(&decisions[3], UNIT_DECIDED, true);
    struct unit *unit = &decisions[3].facts.hand_unit.unit;
    unit->generation = 1, unit->grade = GRADE_A, unit->verdict = VERDICT_ACCEPTED;
    unit->disposition = DISPOSITION_RESELL;
    decisions[3].facts.hand_unit.job = (struct print_job){.job_id = 3, .unit_id = 11, .state = JOB_PRINTED};
    decisions[3].facts.scanned.generation = 1;
    decisions[3].facts.scanned.unit = decisions[3].facts.hand_unit;
    decisions[3].facts.scanned.parcel = decisions[3].facts.hand_parcel;
    decisions[4].candidate = (struct candidate){.class = CANDIDATE_TEXT, .value = "no such code"};
    prepare(&decisions[4], UNIT_IDENTIFIED, false);
}

static struct decision decisions[] = {
    {.name = "item of an open line", .row = "item on an open line"},
    {.name = "grade A, policy decides", .row = "grade"},
    {.name = "grade B, a question is asked", .row = "grade"},
    {.name = "label, stock and outcome", .row = "label scanned back"},
    {.name = "unknown code", .row = "unknown code"},
};

static void decide_all(void *context)
{
    (void)context;
    for (size_t i = 0; i < COUNT_OF(decisions); i++)
        decide(&decisions[i]);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void)
{
    struct error err = {0};
    rma.delivery_date = clock_day(NOW) - 10;
    if (!policy_set_load("data/policies", &policies, &err) ||
        !checklist_set_load("data/checklists", &checklists, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    prepare_all(decisions);
    bench_begin();
    for (size_t i = 0; i < COUNT_OF(decisions); i++) {
        decide(&decisions[i]);
        if (outcome.row == NULL || !text_equal(outcome.row, decisions[i].row)) {
            fprintf(stderr, "%s was decided by the row %s\n", decisions[i].name,
                    outcome.row != NULL ? outcome.row : "?");
            return 1;
        }
        bench_line(decisions[i].name, "decision", 1, decide, &decisions[i]);
    }
    bench_line("all of these", "decision", COUNT_OF(decisions), decide_all, NULL);
    const int rounds = 100000;
    double start = seconds();
    for (int i = 0; i < rounds; i++)
        decide_all(NULL);
    printf("\n%.0f decisions per second of processor time on one core\n",
           rounds * (double)COUNT_OF(decisions) / (seconds() - start));
    policy_set_done(&policies);
    checklist_set_done(&checklists);
    return 0;
}
