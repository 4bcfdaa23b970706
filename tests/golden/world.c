/* SPDX-License-Identifier: Apache-2.0 */
/* The world of a shift: lines that are no scan. What the ERP gives goes through the codecs, as the API's bodies do. */
#include "tests/golden/shift.h"

#include "daemon/codec/policy.h"
#include "daemon/intake.h"

#include <stdarg.h>

void shift_fail(struct shift *shift, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("\n    %s:%d: ", shift->path, shift->line);
    vprintf(format, args);
    va_end(args);
    shift->broken = true;
}

/* ---- "key=value" words as JSON ---- */

static json_t *value_of(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    return value != NULL ? value : json_string(text);
}

void add_values(struct shift *shift, json_t *object, const struct words *words, size_t first)
{
    for (size_t i = first; i < words->count; i++) {
        char *value = strchr(words->word[i], '=');
        if (value == NULL) {
            shift_fail(shift, "\"%s\" is no key=value", words->word[i]);
            continue;
        }
        *value = '\0';
        json_object_set_new(object, words->word[i], value_of(value + 1));
    }
}

static void set_default(json_t *object, const char *key, json_t *value)
{
    if (json_object_get(object, key) == NULL)
        json_object_set(object, key, value);
    json_decref(value);
}

static void take(struct shift *shift, enum intake_kind kind, json_t *list)
{
    json_t *result = NULL;
    HOUSE_MUST(&shift->house, intake_put(shift->house.store, kind, list, &result, &shift->house.err));
    json_t *problem = json_array_get(json_object_get(result, "problems"), 0);
    if (problem != NULL)
        shift_fail(shift, "%s", json_string_value(json_object_get(problem, "reason")));
    json_decref(result);
    json_decref(list);
}

/* ---- what the ERP gives ---- */

/* product SKU CODE key=value… */
static void product(struct shift *shift, const struct words *words)
{
    json_t *row = json_pack("{s:s, s:[{s:s}]}", "sku", words->word[1], "codes", "code", words->word[2]);
    add_values(shift, row, words, 3);
    set_default(row, "name", json_pack("{s:s}", "en", words->word[1]));
    set_default(row, "version", json_integer(1));
    take(shift, INTAKE_PRODUCTS, json_pack("[o]", row));
    shift_settle(shift);
}

/* operator ID ROLE[,ROLE] key=value… */
static void operator(struct shift *shift, const struct words *words)
{
    json_t *roles = json_array(), *row = json_pack("{s:s, s:o}", "id", words->word[1], "roles", roles);
    char *rest = words->word[2];
    for (char *role; (role = strsep(&rest, ",")) != NULL;)
        json_array_append_new(roles, json_string(role));
    add_values(shift, row, words, 3);
    set_default(row, "name", json_string(words->word[1]));
    set_default(row, "version", json_integer(1));
    take(shift, INTAKE_OPERATORS, json_pack("[o]", row));
}

static json_t *date_of(int64_t at)
{
    char date[DATE_SIZE];
    clock_format_date(date, clock_day(at));
    return json_string(date);
}

static json_t *instant_of(int64_t at)
{
    char instant[INSTANT_SIZE];
    clock_format_instant(instant, at);
    return json_string(instant);
}

/* rma NUMBER key=value…; delivered five days before the shift and asked for yesterday, unless it says otherwise */
static void rma(struct shift *shift, const struct words *words)
{
    shift->only_known = false;
    shift->rma = json_pack("{s:s, s:[], s:[]}", "rma", words->word[1], "refs", "lines");
    add_values(shift, shift->rma, words, 2);
    set_default(shift->rma, "version", json_integer(1));
    set_default(shift->rma, "delivery_date", date_of(SHIFT_DAY - 5 * DAY_MS));
    set_default(shift->rma, "requested_at", instant_of(SHIFT_DAY - DAY_MS));
    outside_add_person(shift->rma);
}

/* known NUMBER key=value…: as rma, but the ERP has not given it yet: it answers with it when it is asked */
static void known(struct shift *shift, const struct words *words)
{
    rma(shift, words);
    shift->only_known = true;
}

/* line SKU QTY key=value… */
static void rma_line(struct shift *shift, const struct words *words)
{
    json_t *lines = json_object_get(shift->rma, "lines");
    char number[12];
    int64_t qty = 0;
    TEXT_FORMAT(number, "%zu", json_array_size(lines) + 1);
    if (lines == NULL || !text_to_int64(words->word[2], &qty))
        shift_fail(shift, "a line needs its RMA above it, and a quantity");
    json_t *line = json_pack("{s:s, s:I}", "sku", words->word[1], "qty", (json_int_t)qty);
    add_values(shift, line, words, 3);
    set_default(line, "line", json_string(number));
    set_default(line, "unit_price", json_integer(1990));
    set_default(line, "currency", json_string("EUR"));
    json_array_append_new(lines, line);
}

/* ref KIND VALUE key=value… */
static void rma_ref(struct shift *shift, const struct words *words)
{
    json_t *ref = json_pack("{s:s, s:s}", "kind", words->word[1], "value", words->word[2]);
    add_values(shift, ref, words, 3);
    json_array_append_new(json_object_get(shift->rma, "refs"), ref);
}

void world_flush(struct shift *shift)
{
    if (shift->rma == NULL)
        return;
    if (shift->only_known)
        json_array_append(shift->known, shift->rma);
    else
        erp_store(shift, shift->rma);
    json_decref(shift->rma);
    shift->rma = NULL;
    shift_settle(shift);
}

/* policy key=value…: the shipped default policy but for these, for everything */
static void policy(struct shift *shift, const struct words *words)
{
    json_t *row = json_load_file(SOURCE_DIR "/data/policies/default.json", 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    add_values(shift, row, words, 1);
    policy_done(&shift->policy);
    if (!policy_decode(row, &shift->policy, NULL, &shift->house.err))
        shift_fail(shift, "%s", shift->house.err.message);
    shift->policies = (struct policy_set){&shift->policy, 1};
    json_decref(row);
}

/* ---- the station ---- */

static void committed(void *context)
{
    (void)context; /* printer and ERP are served behind each line */
}

void world_begin(struct shift *shift)
{
    struct station_options options = {.site = "PAR1",
                                      .station = "042",
                                      .version = "test",
                                      .lanes = shift->lanes,
                                      .lane_count = shift->lane_count,
                                      .classify = &shift->house.classify,
                                      .catalog = shift->catalog,
                                      .labels = shift->labels,
                                      .committed = committed,
                                      .ask_erp = erp_ask,
                                      .erp = shift,
                                      .boot = shift->boot};
    shift->loop = loop_new(&shift->house.err);
    HOUSE_MUST(&shift->house, shift->loop != NULL);
    shift->station = station_new(shift->loop, shift->house.store, &options, &shift->house.err);
    HOUSE_MUST(&shift->house, shift->station != NULL);
    HOUSE_MUST(&shift->house, station_record(shift->station, ACTION_START, "", &shift->house.err));
}

static void stop_station(struct shift *shift)
{
    shift->station = station_free(shift->station);
    shift->loop = loop_free(shift->loop);
}

/* lane NAME dock|bench|combined [at=LOCATION] [badge] [training] [labels=N]; "at=" is nowhere */
static void lane(struct shift *shift, const struct words *words)
{
    int mode = 0;
    if (shift->station != NULL || shift->lane_count == SHIFT_LANES ||
        !name_find(&lane_mode_names, words->word[2], &mode))
        shift_fail(shift, "a lane stands before the first scan and is dock, bench or combined");
    struct station_lane *new = &shift->lanes[shift->lane_count++];
    *new = (struct station_lane){.printer = "zebra",
                                 .rules = {.station_number = 42,
                                           .dpi = 203,
                                           .mode = (enum lane_mode)mode,
                                           .location = "A-01",
                                           .policies = &shift->policies,
                                           .checklists = shift->checklists}};
    TEXT_COPY(new->name, words->word[1]);
    for (size_t i = 3; i < words->count; i++) {
        if (strncmp(words->word[i], "at=", 3) == 0)
            TEXT_COPY(new->rules.location, words->word[i] + 3);
        new->rules.badge_needed |= text_equal(words->word[i], "badge");
        new->rules.hold_hazmat |= text_equal(words->word[i], "hazmat");
        sscanf(words->word[i], "labels=%d", &new->rules.pending_labels);
        new->rules.training |= text_equal(words->word[i], "training");
    }
}

/* The daemon is killed and starts again: nobody says goodbye. */
static void restart(struct shift *shift, const struct words *words)
{
    (void)words;
    stop_station(shift);
    house_restart(&shift->house);
    world_begin(shift);
}

/* The machine was off: its clock of ticks begins anew, here by chance where it was. */
static void reboot(struct shift *shift, const struct words *words)
{
    TEXT_COPY(shift->boot, "another boot");
    restart(shift, words);
}

static void printer(struct shift *shift, const struct words *words)
{
    shift->house.printer_off = text_equal(words->word[1], "off");
    scan_print(shift);
}

static void erp(struct shift *shift, const struct words *words)
{
    shift->erp_down = text_equal(words->word[1], "down");
    if (!shift->erp_down && shift->station != NULL)
        station_verify(shift->station);
    shift_settle(shift);
}

static void day(struct shift *shift, const struct words *words)
{
    int32_t date = 0;
    if (!clock_parse_date(words->word[1], &date) || date * DAY_MS <= shift->day)
        shift_fail(shift, "not a later day: %s", words->word[1]);
    shift->day = date * DAY_MS;
}

/* clock DATE: the station's clock is wrong from here on; time goes by as it did */
static void wrong_clock(struct shift *shift, const struct words *words)
{
    int32_t date = 0;
    if (!clock_parse_date(words->word[1], &date))
        shift_fail(shift, "not a day: %s", words->word[1]);
    shift->day = date * DAY_MS;
    shift_clock.now = shift->day + shift_clock.now % DAY_MS;
}

/* ---- what the trace says of itself, and must hold in the end ---- */

static void title(struct shift *shift, const struct words *words)
{
    words_join(words, 1, shift->title, sizeof shift->title);
}

static void covers(struct shift *shift, const struct words *words)
{
    words_join(words, 1, shift->covers, sizeof shift->covers);
}

struct worker *world_worker(struct shift *shift, const char *name)
{
    for (size_t i = 0; i < shift->worker_count; i++)
        if (text_equal(shift->workers[i].name, name))
            return &shift->workers[i];
    CU_ASSERT_FATAL(shift->worker_count < SHIFT_WORKERS);
    struct worker *worker = &shift->workers[shift->worker_count++];
    *worker = (struct worker){0};
    TEXT_COPY(worker->name, name);
    return worker;
}

/* budget WORKER 1 a parcel, 3 a unit, 2 more to undo and redo: each number counts for the words behind it */
static void budget(struct shift *shift, const struct words *words)
{
    struct worker *worker = world_worker(shift, words->word[1]);
    worker->budgeted = true;
    for (size_t i = 2; i + 1 < words->count; i++) {
        int64_t n = 0;
        if (!text_to_int64(words->word[i], &n))
            continue;
        bool each = text_equal(words->word[i + 1], "a") && i + 2 < words->count;
        if (each && strncmp(words->word[i + 2], "parcel", 6) == 0)
            worker->a_parcel += (int)n;
        else if (each && strncmp(words->word[i + 2], "unit", 4) == 0)
            worker->a_unit += (int)n;
        else
            worker->more += (int)n;
    }
}

/* scans WORKER N */
static void scans(struct shift *shift, const struct words *words)
{
    struct worker *worker = world_worker(shift, words->word[1]);
    int64_t said = -1;
    int allowed = worker->a_parcel * worker->parcels + worker->a_unit * worker->units + worker->more;
    worker->counted = true;
    text_to_int64(words->word[2], &said);
    if (said != worker->scans)
        shift_fail(shift, "%s scanned %d times, not %lld", worker->name, worker->scans, (long long)said);
    if (worker->budgeted && worker->scans != allowed)
        shift_fail(shift, "%s scanned %d times; the budget is %d (%d parcels, %d units)", worker->name, worker->scans,
                   allowed, worker->parcels, worker->units);
}

/* stock LOCATION STATUS N, or "stock none" */
static void stock(struct shift *shift, const struct words *words)
{
    int64_t said = -1, found = 0;
    struct house *house = &shift->house;
    if (words->count == 2)
        return;
    shift->stock_rows++;
    text_to_int64(words->word[3], &said);
    const char *where = text_equal(words->word[1], "nowhere") ? "" : words->word[1];
    HOUSE_MUST(
        house,
        sql_int64(house->store, &house->err, 0, &found,
                  "SELECT total(qty) FROM unit WHERE (location = ?1 OR (container = ?1 AND ?1 <> '')) AND status = ?2",
                  "tt", where, words->word[2]));
    if (said != found)
        shift_fail(shift, "%lld %s at %s, not %lld", (long long)found, words->word[2], words->word[1], (long long)said);
}

static const struct {
    const char *word;
    size_t words; /* at least */
    void (*take)(struct shift *shift, const struct words *words);
} lines[] = {{"title", 2, title}, {"covers", 2, covers}, {"budget", 3, budget}, {"product", 3, product},
             {"operator", 3, operator}, {"rma", 2, rma}, {"line", 3, rma_line}, {"ref", 3, rma_ref},
             {"known", 2, known}, {"tells", 3, erp_tells}, {"policy", 2, policy}, {"lane", 3, lane},
             {"restart", 1, restart}, {"reboot", 1, reboot}, {"printer", 2, printer}, {"erp", 2, erp},
             {"day", 2, day}, {"clock", 2, wrong_clock}, {"scans", 3, scans}, {"stock", 2, stock},
};

bool world_line(struct shift *shift, const struct words *words)
{
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (!text_equal(lines[i].word, words->word[0]) || words->count < lines[i].words)
            continue;
        if (lines[i].take != rma_line && lines[i].take != rma_ref)
            world_flush(shift);
        lines[i].take(shift, words);
        return true;
    }
    return false;
}

void world_open(struct shift *shift)
{
    house_open(&shift->house);
    shift->day = SHIFT_DAY;
    shift->known = json_array();
    shift_clock = (struct moment){.now = SHIFT_DAY + 6 * INT64_C(3600000), .tick = 5000000};
    json_t *products = json_load_file(SOURCE_DIR "/data/samples/products.json", 0, NULL);
    take(shift, INTAKE_PRODUCTS, products);
}

void world_close(struct shift *shift)
{
    json_decref(shift->rma);
    json_decref(shift->known);
    stop_station(shift);
    outside_keep(shift);
    house_close(&shift->house);
    free(shift->erp.items);
    policy_done(&shift->policy);
}
