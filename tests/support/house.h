/* SPDX-License-Identifier: Apache-2.0 */
/* For tests above a real database: a station with three lanes in a temporary directory. A scan takes the steps that the
   daemon takes (classify, gather, decide, write, commit); a printer that always prints stands behind it. */
#ifndef TESTS_SUPPORT_HOUSE_H
#define TESTS_SUPPORT_HOUSE_H

#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/policy.h"
#include "daemon/core/workflow.h"
#include "daemon/store/directory.h"
#include "daemon/store/effects.h"
#include "daemon/store/records.h"
#include "daemon/store/sql.h"
#include "protocol/barcode/classify.h"
#include "protocol/barcode/control.h"
#include "protocol/barcode/own.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOUSE_LANES 3
#define HOUSE_NOW INT64_C(1795600800000) /* 2026-11-25T10:00:00Z */
#define HOUSE_DOCK 0                     /* the lanes: dock, bench-1, bench-2 */
#define HOUSE_BENCH 1
#define HOUSE_BENCH_2 2

struct house {
    char directory[64];
    struct store *store;
    struct classify_rules classify;
    struct policy policy;
    struct policy_set policies;
    struct checklist_set checklists; /* none, unless a test gives some */
    struct {
        const char *name;
        struct lane_rules rules;
    } lanes[HOUSE_LANES];
    char run[33];
    int runs;
    struct moment when;
    int64_t pace_ms;   /* from one scan to the next */
    bool printer_off;  /* jobs stay queued */
    const struct photo *photo; /* the next scan is this photo */
    enum erp_word erp; /* what it says of codes that nothing here knows */
    struct error err;
    struct outcome out;
    struct session session;
    struct candidate candidates[CANDIDATES_MAX];
    /* The body of an event; NULL = "{}". */
    char *(*encode)(const struct house *house, const struct facts *facts, const struct event *event, int64_t sequence);
};

#define HOUSE_MUST(house, call)                                                                                        \
    do {                                                                                                               \
        bool done = (call);                                                                                            \
        if (!done)                                                                                                     \
            printf("\n    %s\n", (house)->err.message);                                                                \
        CU_ASSERT_TRUE_FATAL(done);                                                                                    \
    } while (0)

/* Another run of the daemon on the same database. */
static inline void house_restart(struct house *house)
{
    store_close(house->store);
    house->store = store_open(house->directory, &house->err);
    HOUSE_MUST(house, house->store != NULL);
    HOUSE_MUST(house, sql_script(house->store, "PRAGMA synchronous=OFF", &house->err)); /* no power fails here */
    TEXT_FORMAT(house->run, "run-%d", ++house->runs);
}

static inline void house_open(struct house *house)
{
    static const enum lane_mode modes[HOUSE_LANES] = {LANE_DOCK, LANE_COMBINED, LANE_BENCH};
    static const char *const names[HOUSE_LANES] = {"dock", "bench-1", "bench-2"};
    *house = (struct house){.when = {.now = HOUSE_NOW, .tick = 5000000}, .pace_ms = 2000};
    TEXT_COPY(house->directory, "/tmp/returnsd-house-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(house->directory));
    classify_default_rules(&house->classify);
    TEXT_COPY(house->classify.rma_patterns[0], "RMA-#{1,9}");
    TEXT_COPY(house->classify.order_patterns[0], "WEB-#{1,9}");
    policy_default(&house->policy);
    house->policies = (struct policy_set){&house->policy, 1};
    for (int i = 0; i < HOUSE_LANES; i++) {
        house->lanes[i].name = names[i];
        house->lanes[i].rules = (struct lane_rules){.station_number = 42,
                                                    .mode = modes[i],
                                                    .location = "A-01",
                                                    .policies = &house->policies,
                                                    .checklists = &house->checklists};
    }
    house_restart(house);
}

static inline void house_close(struct house *house)
{
    static const char *const files[] = {"returnsd.db", "returnsd.db-wal", "returnsd.db-shm", "returnsd.db-journal",
                                        "lock"};
    house->store = store_close(house->store);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[128];
        TEXT_FORMAT(path, "%s/%s", house->directory, files[i]);
        unlink(path);
    }
    CU_ASSERT_EQUAL(rmdir(house->directory), 0);
}

/* ---- what the ERP gave ---- */

/* A product with one barcode. */
static inline void house_product(struct house *house, const char *sku, const char *gtin, enum track track)
{
    struct product product = {.track = track, .owner = "main", .version = 1, .name_en = "Thing", .name_fr = "Chose"};
    struct product_code code = {.qty = 1};
    enum put_result result;
    TEXT_COPY(product.sku, sku);
    TEXT_COPY(product.gtin, gtin);
    TEXT_COPY(code.code, gtin);
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, directory_put_product(house->store, &product, &code, 1, &result, &house->err));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
}

/* Stores an RMA as it is; line_count lines. */
static inline enum put_result house_put(struct house *house, const struct rma *rma, const char *content, bool replace)
{
    enum put_result result = PUT_RESULT_COUNT;
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, directory_put_rma(house->store, rma, content, replace, &result, &house->err));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
    return result;
}

static inline struct rma house_rma_of(const char *number, struct rma_line *lines, size_t count)
{
    struct rma rma = {.version = 1, .owner = "main", .requested_at = HOUSE_NOW - DAY_MS, .authorised_at = INSTANT_NONE,
                      .expires_on = DATE_NONE, .purchase_date = DATE_NONE, .delivery_date = clock_day(HOUSE_NOW) - 5,
                      .export_date = DATE_NONE, .lines = lines, .line_count = count};
    TEXT_COPY(rma.rma, number);
    return rma;
}

/* RMA-<n> with the order WEB-<n> and the tracking number CP<n>: one line of qty pieces of a product. */
static inline void house_rma(struct house *house, int n, const char *sku, int64_t qty)
{
    struct rma_line line = {.line = "1", .qty = qty, .unit_price = 1990, .currency = "EUR", .uom = "pcs"};
    struct rma_ref refs[2] = {{.kind = REF_ORDER}, {.kind = REF_TRACKING, .carrier = "laposte"}};
    char number[KEY_SIZE];
    TEXT_COPY(line.sku, sku);
    TEXT_FORMAT(number, "RMA-%d", n);
    TEXT_FORMAT(refs[0].value, "WEB-%d", n);
    TEXT_FORMAT(refs[1].value, "CP%d", n);
    struct rma rma = house_rma_of(number, &line, 1);
    rma.refs = refs;
    rma.ref_count = 2;
    CU_ASSERT_EQUAL(house_put(house, &rma, number, false), PUT_STORED);
}

/* ---- a scan ---- */

#define HOUSE_EVENTS_MAX 100

static inline void house_encode_events(struct house *house, const struct facts *facts, struct encoded_event *events,
                                       char (*names)[64], char (*subjects)[64])
{
    for (size_t i = 0; i < outcome_event_count(&house->out); i++) {
        struct event told, *event = &told;
        outcome_event_at(&house->out, i, &told);
        int64_t sequence = facts->next_sequence + (int64_t)i;
        text_format(names[i], 64, "%s%s", event_name(event->type), event->corrects != 0 ? ".corrected" : "");
        events[i].type = names[i];
        text_format(subjects[i], 64, "rma/%s", event->rma != NULL ? event->rma->rma : "");
        events[i].subject = event->type == EVENT_RMA_COMPLETED ? subjects[i] : "";
        events[i].body = house->encode != NULL ? house->encode(house, facts, event, sequence) : memory_text("{}");
    }
}

static inline bool house_label(const struct house *house, char symbol[OWN_SIZE])
{
    const struct print_job *print = &house->out.print;
    struct unit_facts unit = {.unit = house->out.unit};
    struct parcel_facts parcel = {.parcel = house->out.parcel};
    struct error err;
    if (print->unit_id != 0 && unit.unit.unit_id != print->unit_id &&
        !records_unit(house->store, print->unit_id, &unit, &err))
        return false;
    if (print->parcel_id != 0 && parcel.parcel.parcel_id != print->parcel_id &&
        !records_parcel(house->store, print->parcel_id, &parcel, &err))
        return false;
    if (print->kind == LABEL_CARRIER)
        return text_copy(symbol, OWN_SIZE, unit.unit.lpn);
    bool made = print->kind == LABEL_UNIT || print->kind == LABEL_RESTOCK
                    ? own_encode(CANDIDATE_LPN, unit.unit.lpn, (unsigned)print->generation, symbol)
                    : own_encode(CANDIDATE_PARCEL, parcel.parcel.code, 0, symbol);
    parcel_facts_done(&parcel);
    return made;
}

static inline bool house_write(struct house *house, const struct facts *facts, const void *bytes, size_t length)
{
    char names[HOUSE_EVENTS_MAX][64], subjects[HOUSE_EVENTS_MAX][64], symbol[OWN_SIZE] = "";
    struct encoded encoded = {.device = "scanner", .aim = "", .code = bytes, .code_length = length, .printer = "zebra",
                              .label_code = symbol, .template_hash = "", .zpl = "^XA^XZ", .zpl_length = 6};
    bool ok = house->out.print.copy == 0 || house_label(house, symbol);
    ok = ok && records_time(house->store, house->when.now, &encoded.at, &encoded.clock_unsure, &house->err);
    if (!ok)
        return false;
    struct encoded_event events[HOUSE_EVENTS_MAX];
    CU_ASSERT_TRUE_FATAL(outcome_event_count(&house->out) <= HOUSE_EVENTS_MAX);
    house_encode_events(house, facts, events, names, subjects);
    encoded.events = events;
    ok = records_write(house->store, &house->out, &house->session, &encoded, &house->err);
    for (size_t i = 0; i < outcome_event_count(&house->out); i++)
        free((void *)(uintptr_t)events[i].body);
    return ok;
}

/* Every waiting job comes out of the printer. */
static inline void house_print(struct house *house)
{
    struct job_row job;
    while (jobs_next(house->store, "zebra", &job, &house->err) && job.job.job_id != 0) {
        HOUSE_MUST(house, jobs_set_state(house->store, &job, JOB_PRINTED, "", 0, &house->err));
        free(job.zpl);
    }
}

/* As daemon/station.c: a lead's badge (lead != NULL) decides the scan that was kept for it, read = the badge. */
static inline bool house_decide(struct house *house, int lane, const void *bytes, size_t length, const char *lead,
                                const char *read)
{
    char code[VALUE_SIZE], kept[VALUE_SIZE], allowing[KEY_SIZE];
    text_escape(code, sizeof code, bytes, length);
    struct gather gather = {.lane = house->lanes[lane].name, .run = house->run, .device = "scanner",
                            .rules = &house->lanes[lane].rules, .when = house->when, .candidates = house->candidates,
                            .total = length, .code = code, .lead = lead, .read = read, .erp = house->erp,
                            .photo = house->photo};
    gather.count = house->photo == NULL ? classify(&house->classify, bytes, length, "", house->candidates) : 0;
    struct facts facts;
    bool ok = records_gather(house->store, &gather, &facts, &house->err);
    if (ok)
        (house->photo == NULL ? workflow_scan : workflow_photo)(&facts, &house->session, &house->out);
    if (ok && house->out.apply_kept) {
        TEXT_COPY(kept, facts.session.pending_code);
        TEXT_COPY(allowing, facts.scanned.badge.id);
        facts_done(&facts);
        return house_decide(house, lane, kept, strlen(kept), allowing, code);
    }
    ok = ok && (house->out.silent || house_write(house, &facts, bytes, length));
    for (size_t i = 0; ok && i < house->out.event_count; i++)
        house->out.events[i].rma = NULL, house->out.events[i].inspection = NULL; /* they go with the facts */
    facts_done(&facts);
    return ok;
}

/* What the ERP told takes place: each effect is committed by itself. */
static inline void house_effects(struct house *house)
{
    for (struct effect effect = {.effect_id = 1}; effect.effect_id != 0;) {
        struct facts facts = {0};
        HOUSE_MUST(house, store_begin(house->store, &house->err));
        HOUSE_MUST(house, effects_next(house->store, &effect, &house->err));
        if (effect.effect_id != 0) {
            HOUSE_MUST(house,
                       effects_gather(house->store, &effect, &house->lanes[0].rules, house->when, &facts, &house->err));
            workflow_effect(&facts, &house->out);
            house->session = (struct session){0};
            HOUSE_MUST(house, house->out.silent || house_write(house, &facts, "effect", 6));
            HOUSE_MUST(house, effects_done(house->store, &effect, &house->out, &house->err));
            facts_done(&facts);
        }
        HOUSE_MUST(house, store_commit(house->store, &house->err));
    }
    if (!house->printer_off)
        house_print(house);
}

/* One scan of these bytes on a lane, pace_ms after the one before, committed by itself. */
static inline const struct outcome *house_bytes(struct house *house, int lane, const void *bytes, size_t length)
{
    house->when.now += house->pace_ms;
    house->when.tick += house->pace_ms;
    HOUSE_MUST(house, store_begin(house->store, &house->err));
    HOUSE_MUST(house, house_decide(house, lane, bytes, length, NULL, NULL));
    HOUSE_MUST(house, store_commit(house->store, &house->err));
    if (!house->printer_off)
        house_print(house);
    return &house->out;
}

static inline const struct outcome *house_scan(struct house *house, int lane, const char *code)
{
    return house_bytes(house, lane, code, strlen(code));
}

static inline const struct outcome *house_card(struct house *house, int lane, enum verb verb)
{
    char card[CONTROL_SIZE] = "";
    control_encode(verb, card);
    return house_scan(house, lane, card);
}

/* A picture whose hash is this word. */
static inline const struct outcome *house_photo(struct house *house, int lane, const char *hash)
{
    struct photo photo = {.type = PHOTO_PNG, .size = 1000};
    TEXT_COPY(photo.sha256, hash);
    house->photo = &photo;
    house_scan(house, lane, hash);
    house->photo = NULL;
    return &house->out;
}

/* The label of the newest job of a unit. */
static inline const struct outcome *house_scan_label(struct house *house, int lane, int64_t unit_id)
{
    struct job_row job;
    HOUSE_MUST(house, jobs_newest(house->store, unit_id, 0, &job, &house->err));
    return house_scan(house, lane, job.code);
}

static inline struct unit house_unit(struct house *house, int64_t unit_id)
{
    struct unit_facts facts = {0};
    HOUSE_MUST(house, records_unit(house->store, unit_id, &facts, &house->err));
    return facts.unit;
}

static inline struct parcel house_parcel(struct house *house, int64_t parcel_id)
{
    struct parcel_facts facts = {0};
    HOUSE_MUST(house, records_parcel(house->store, parcel_id, &facts, &house->err));
    struct parcel parcel = facts.parcel;
    parcel_facts_done(&facts);
    return parcel;
}

/* A number out of the database. */
static inline int64_t house_count(struct house *house, const char *sql)
{
    int64_t value = -1;
    HOUSE_MUST(house, sql_int64(house->store, &house->err, 0, &value, sql, ""));
    return value;
}

/* Unit 1: a shirt of RMA-1 at a bench, graded A, its label printed. */
static inline void house_grade_shirt(struct house *house)
{
    house_product(house, "SHIRT", "9520000001025", TRACK_NONE);
    house->lanes[HOUSE_BENCH].rules.mode = LANE_BENCH;
    house_rma(house, 1, "SHIRT", 1);
    house_scan(house, HOUSE_BENCH, "CP1");
    house_scan(house, HOUSE_BENCH, "9520000001025");
    house_card(house, HOUSE_BENCH, VERB_GRADE_A);
}

#define HOUSE_ANSWER(out, wanted_signal, wanted_key)                                                                   \
    do {                                                                                                               \
        const struct outcome *checked = (out);                                                                         \
        CU_ASSERT_EQUAL(checked->signal, wanted_signal);                                                               \
        CU_ASSERT_STRING_EQUAL(message_key_name(checked->message.key), message_key_name(wanted_key));                  \
    } while (0)

#endif
