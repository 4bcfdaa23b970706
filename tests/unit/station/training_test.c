/* SPDX-License-Identifier: Apache-2.0 */
/* Lessons on the real station: whatever is scanned in them, the station's own tables stay as they were. */
#include "daemon/station.h"
#include "tests/support/house.h"

#include <jansson.h>

#define SCANS_PER_LESSON 3000

static struct house house;
static struct station_lane lanes[2];
static struct loop *loop;
static struct station *station;
static struct station_answer last;
static uint64_t seed;
static struct catalog *catalog;
static struct label_set *labels;

static unsigned pick(unsigned count)
{
    return (unsigned)(suite_random(&seed) % count);
}

static void committed(void *context)
{
    (void)context;
}

static void answered(void *context, const struct station_answer *answer)
{
    (void)context;
    last = *answer;
}

static void scan(const char *lane, const char *code)
{
    struct station_scan scan = {.lane = lane, .device = "scanner", .bytes = code, .length = strlen(code),
                                .total = strlen(code), .aim = ""};
    HOUSE_MUST(&house, station_submit(station, &scan, answered, NULL, &house.err));
    HOUSE_MUST(&house, loop_turn(loop, &house.err));
    CU_ASSERT_TRUE_FATAL(last.stored);
}

static void own(const char *lane, enum candidate_class class, const char *value, unsigned generation)
{
    char symbol[OWN_SIZE];
    if (own_encode(class, value, generation, symbol))
        scan(lane, symbol);
}

static void card(const char *lane, enum verb verb)
{
    char code[CONTROL_SIZE] = "";
    control_encode(verb, code);
    scan(lane, code);
}

static void begin(void)
{
    struct error err = {0};
    house_open(&house);
    for (size_t i = 0; i < COUNT_OF(lanes); i++) {
        lanes[i] =
            (struct station_lane){.name = "bench", .printer = "zebra", .rules = house.lanes[1].rules};
        lanes[i].rules.dpi = 203;
        lanes[i].rules.training = i == 1;
    }
    TEXT_COPY(lanes[1].name, "school");
    catalog = catalog_load(SOURCE_DIR "/data/texts", &err);
    labels = label_set_load(SOURCE_DIR "/data/labels", &err);
    CU_ASSERT_TRUE_FATAL(catalog != NULL && labels != NULL);
    struct station_options options = {.site = "PAR1", .station = "042", .version = "test", .lanes = lanes,
                                      .lane_count = COUNT_OF(lanes), .classify = &house.classify, .catalog = catalog,
                                      .labels = labels, .committed = committed};
    house_product(&house, "SHIRT", "9520000001025", TRACK_NONE);
    house_product(&house, "PHONE", "9520000001049", TRACK_SERIAL);
    for (int n = 1; n <= 6; n++)
        house_rma(&house, n, n % 2 == 0 ? "SHIRT" : "PHONE", 2);
    HOUSE_MUST(&house, sql_script(house.store, "INSERT INTO operator VALUES('TOM', 'TOM', 'Tom', 3, 'fr', 1, 1),"
                                               " ('LEAD', 'LEAD', 'Lead', 7, 'en', 0, 1)", &house.err));
    loop = loop_new(&house.err);
    station = station_new(loop, house.store, &options, &house.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(station);
}

static void end(void)
{
    station = station_free(station);
    loop = loop_free(loop);
    labels = label_set_free(labels);
    catalog = catalog_free(catalog);
    house_close(&house);
}

/* What a learner scans: mostly what is asked for, and often not. */
static void learn(const char *lane)
{
    static const char *const items[] = {"9520000001025", "9520000001049", "S-1",
                                        "S-2",           "WEB-404",       "00340123450000000123"};
    static const enum verb cards[] = {VERB_UNDO,     VERB_CLOSE, VERB_OK,      VERB_REPRINT, VERB_HOLD,
                                      VERB_OPTION_1, VERB_DROP,  VERB_TOTE,    VERB_NOCODE,  VERB_VOID,
                                      VERB_DOCK,     VERB_BENCH, VERB_DESTROY, VERB_SUPER};
    char code[16];
    TEXT_FORMAT(code, "CP%u", 1 + pick(6));
    struct unit_facts unit = {0};
    struct store *shown = station_shown(station, station_find_lane(station, lane));
    int64_t id = 0;
    HOUSE_MUST(&house,
               sql_int64(shown, &house.err, 0, &id, "SELECT max(unit_id) FROM unit WHERE state = 'decided'", ""));
    HOUSE_MUST(&house, records_unit(shown, id, &unit, &house.err));
    if (last.next.key == MESSAGE_NEXT_LABEL && pick(3) > 0)
        own(lane, CANDIDATE_LPN, unit.unit.lpn, (unsigned)unit.unit.generation);
    else if (last.next.key == MESSAGE_NEXT_GRADE && pick(4) > 0)
        card(lane, (enum verb)(VERB_GRADE_A + (int)pick(5)));
    else if (last.next.key == MESSAGE_NEXT_PARCEL && pick(3) > 0)
        scan(lane, code);
    else if (pick(2) == 0)
        scan(lane, items[pick(COUNT_OF(items))]);
    else if (pick(8) == 0)
        own(lane, CANDIDATE_CONTAINER, "T-1", 0);
    else
        card(lane, cards[pick(COUNT_OF(cards))]);
}

/* Tables of goods, and everything that only a station writes. */
static void check_untouched(void)
{
    static const char *const empty[] = {
        "unit",  "unit_before", "parcel",    "parcel_before", "parcel_alias", "parcel_rma", "line_mark", "container",
        "batch", "unit_trace",  "exception", "rma_progress",  "rma_fee",      "inspection", "load",      "load_before"};
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        char sql[80]; /* the names are ours */
        TEXT_FORMAT(sql, "SELECT count(*) FROM %s", empty[i]);
        sqlite3_stmt *q = NULL;
        CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(house.store->db, sql, -1, &q, NULL), SQLITE_OK);
        CU_ASSERT_EQUAL(sqlite3_step(q), SQLITE_ROW);
        if (sqlite3_column_int(q, 0) != 0)
            printf("\n    a lesson wrote %s ", empty[i]);
        CU_ASSERT_EQUAL(sqlite3_column_int(q, 0), 0);
        sqlite3_finalize(q);
    }
    static const char *const nought[] = {
        "SELECT count(*) FROM meta WHERE name IN ('lpn', 'parcel_code')",
        "SELECT count(*) FROM event WHERE json_extract(body, '$.kind') IS NOT 'test' AND type NOT LIKE 'operator.%'"
        " AND type <> 'shift.report'",
        "SELECT count(*) - max(sequence) FROM event",
        "SELECT count(*) FROM print_job WHERE unit_id <> 0 OR parcel_id <> 0 OR CAST(zpl AS TEXT) NOT LIKE "
        "'%TRAINING%' AND CAST(zpl AS TEXT) NOT LIKE"
        " '%FORMATION%'",
        "SELECT count(*) FROM journal WHERE unit_id <> 0 OR parcel_id <> 0 OR undoable OR undoes <> 0",
    };
    for (size_t i = 0; i < COUNT_OF(nought); i++) {
        if (house_count(&house, nought[i]) != 0)
            printf("\n    %s ", nought[i]);
        CU_ASSERT_EQUAL(house_count(&house, nought[i]), 0);
    }
}

static void whatever_a_learner_scans_the_station_is_untouched(void)
{
    int64_t rows;
    begin();
    seed = suite_seed();
    own("bench", CANDIDATE_BADGE, "TOM", 0);
    for (int i = 0; i < SCANS_PER_LESSON; i++)
        learn(pick(2) == 0 ? "bench" : "school");
    check_untouched();
    HOUSE_MUST(&house, journal_verify(house.store, &rows, &house.err));
    struct store *copy = station_shown(station, &lanes[1]);
    CU_ASSERT_PTR_NOT_EQUAL(copy, house.store);
    int64_t learned = 0;
    HOUSE_MUST(&house,
               sql_int64(copy, &house.err, 0, &learned, "SELECT count(*) FROM unit WHERE status <> 'none'", ""));
    CU_ASSERT(learned > 3); /* they did get somewhere */
    printf("\n    %lld units stocked in lessons, %lld labels ", (long long)learned,
           (long long)house_count(&house, "SELECT count(*) FROM print_job"));
    end();
}

/* A commit of the station that fails takes the lesson's step with it. */
static bool refuse(void *context, struct error *err)
{
    (void)context;
    return error_set(err, ERROR_FULL, "the test says so");
}

static void a_step_that_was_not_stored_was_not_learned(void)
{
    begin();
    scan("school", "CP1");
    struct store *copy = station_shown(station, &lanes[1]);
    int64_t before = 0, after = 0;
    HOUSE_MUST(&house, sql_int64(copy, &house.err, 0, &before, "SELECT count(*) FROM parcel", ""));
    CU_ASSERT_EQUAL(before, 1);
    struct station_options *options = (struct station_options *)(uintptr_t)station_settings(station);
    options->before_commit = refuse;
    struct station_scan given = {.lane = "school", .device = "s", .bytes = "CP3", .length = 3, .total = 3, .aim = ""};
    HOUSE_MUST(&house, station_submit(station, &given, answered, NULL, &house.err));
    HOUSE_MUST(&house, loop_turn(loop, &house.err));
    CU_ASSERT_FALSE(last.stored);
    HOUSE_MUST(&house, sql_int64(copy, &house.err, 0, &after, "SELECT count(*) FROM parcel", ""));
    CU_ASSERT_EQUAL(after, before);
    end();
}

SUITE("station/training",
      {"whatever a learner scans, the station is untouched", whatever_a_learner_scans_the_station_is_untouched},
      {"a step that was not stored was not learned", a_step_that_was_not_stored_was_not_learned})
