/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/event.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/event_fields.h"
#include "tests/support/suite.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define STREAM "0123456789abcdef0123456789abcdef"
static const char common[] =
    "site station lane operator device kind owner verified rma rmas parcel line unit notify epcis";

static struct catalog *catalog;
static struct operator person;
static struct event_context context;
static struct rma rma;
static struct rma_line lines[2];
static struct rma_ref refs[2];

static void begin(void)
{
    struct error err = {0};
    if (catalog == NULL)
        catalog = catalog_load(SOURCE_DIR "/data/texts", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    person = (struct operator){.id = "LEFT", .lang = "fr"};
    context = (struct event_context){.site = "lyon", .station = "042", .stream = STREAM, .lane = "bench-1",
                                     .device = "scanner-1", .person = &person, .at = INT64_C(1795600800123),
                                     .correlation = 1041, .catalog = catalog};
    lines[0] = (struct rma_line){.line = "1", .qty = 3, .received = 1, .accepted = 1, .received_elsewhere = 1};
    lines[1] = (struct rma_line){.line = "2", .qty = 1, .received = 2};
    refs[0] = (struct rma_ref){REF_ORDER, "WEB-1", ""};
    refs[1] = (struct rma_ref){REF_TRACKING, "CP1", "laposte"};
    rma = (struct rma){.rma = "RMA-1", .version = 7, .owner = "main", .lines = lines, .line_count = 2, .refs = refs,
                       .ref_count = 2, .customer_ref = "C-1", .lang = "fr"};
}

/* An event of this type with unit, parcel and RMA. */
static struct event whole(enum event_type type)
{
    struct event event = {.type = type, .has_unit = true, .has_parcel = true, .rma = &rma};
    event.unit = (struct unit){.unit_id = 1,
                               .lpn = "LP0420001234",
                               .generation = 1,
                               .line = "1",
                               .rma = "RMA-1",
                               .qty = 1,
                               .owner = "main",
                               .verdict = VERDICT_ACCEPTED,
                               .disposition = DISPOSITION_RESELL,
                               .allowed = 1U << DISPOSITION_RESELL,
                               .policy = "default",
                               .policy_version = 3,
                               .decided_by = "policy",
                               .grade = GRADE_A};
    event.parcel = (struct parcel){.parcel_id = 2, .code = "PX0420000077", .verified = true, .scanned = "CP1",
                                   .matched_by = "tracking", .carrier = "laposte"};
    TEXT_COPY(event.text, "text");
    event.stock.to.status = STOCK_SELLABLE;
    return event;
}

static json_t *encode(const struct event *event)
{
    json_error_t fault;
    char *text = event_encode(&context, event, 1042);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    CU_ASSERT_PTR_NULL(strchr(text, '\n'));
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    free(text);
    return json;
}

static const char *text_of(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL ? text : "(none)";
}

/* The keys of a list separated by spaces are in the object; their number. */
static size_t check_keys(const json_t *object, const char *list)
{
    size_t count = 0;
    for (const char *p = list; *p != '\0'; count++) {
        char key[40];
        size_t length = strcspn(p, " ");
        text_copy_bytes(key, sizeof key, p, length);
        if (json_object_get(object, key) == NULL)
            printf("\n    no \"%s\"\n", key);
        CU_ASSERT_PTR_NOT_NULL(json_object_get(object, key));
        p += length + (p[length] == ' ');
    }
    return count;
}

static void every_envelope_is_a_cloud_event(void)
{
    begin();
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        struct event event = whole((enum event_type)type);
        json_t *json = encode(&event);
        char name[100];
        int64_t at = 0;
        TEXT_FORMAT(name, "io.returnsd.%s.v1", event_name((enum event_type)type));
        CU_ASSERT_STRING_EQUAL(text_of(json, "specversion"), "1.0");
        CU_ASSERT_STRING_EQUAL(text_of(json, "id"), STREAM "/1042");
        CU_ASSERT_STRING_EQUAL(text_of(json, "source"), "/returnsd/lyon/042");
        CU_ASSERT_STRING_EQUAL(text_of(json, "type"), name);
        CU_ASSERT_STRING_EQUAL(text_of(json, "datacontenttype"), "application/json");
        CU_ASSERT_STRING_EQUAL(text_of(json, "stream"), STREAM);
        CU_ASSERT_STRING_EQUAL(text_of(json, "sequence"), "1042");
        CU_ASSERT_STRING_EQUAL(text_of(json, "partitionkey"), "RMA-1");
        CU_ASSERT_STRING_EQUAL(text_of(json, "correlationid"), STREAM "/1041");
        CU_ASSERT_TRUE(clock_parse_instant(text_of(json, "time"), &at));
        CU_ASSERT_EQUAL(at, context.at);
        CU_ASSERT_STRING_EQUAL(text_of(json, "recordedtime"), text_of(json, "time"));
        CU_ASSERT_TRUE(json_is_object(json_object_get(json, "data")));
        CU_ASSERT_PTR_NULL(json_object_get(json, "kind"));
        const char *key;
        json_t *value;
        json_object_foreach(json, key, value)
        {
            CU_ASSERT_TRUE(strlen(key) <= 20 && key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0');
            CU_ASSERT_TRUE(strcmp(key, "data") == 0 ||
                           json_string_length(value) > 0); /* no attribute is empty or null */
        }
        json_decref(json);
    }
    context.training = true;
    struct event event = whole(EVENT_STOCK_DELTA);
    json_t *json = encode(&event);
    CU_ASSERT_STRING_EQUAL(text_of(json, "kind"), "test");
    CU_ASSERT_STRING_EQUAL(text_of(json_object_get(json, "data"), "kind"), "test");
    json_decref(json);
}

/* Nothing is left out where nothing is known, and nothing is there that the contract does not list. */
static void no_field_is_ever_omitted(void)
{
    begin();
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        for (int filled = 0; filled < 2; filled++) {
            struct event event = filled ? whole((enum event_type)type) : (struct event){.type = (enum event_type)type};
            json_t *json = encode(&event);
            const json_t *data = json_object_get(json, "data");
            size_t count = check_keys(data, common) + check_keys(data, added[type]);
            if (json_object_size(data) != count)
                printf("\n    %s has other keys too\n", event_name((enum event_type)type));
            CU_ASSERT_EQUAL(json_object_size(data), count);
            CU_ASSERT_TRUE(filled || json_is_null(json_object_get(data, "unit")));
            CU_ASSERT_TRUE(filled || json_is_null(json_object_get(data, "rma")));
            CU_ASSERT_TRUE(filled || json_is_null(json_object_get(data, "parcel")));
            CU_ASSERT_TRUE(filled || json_is_null(json_object_get(data, "verified")));
            check_keys(json_object_get(data, "unit"), filled ? "lpn sku gtin serial lot expiry qty title" : "");
            check_keys(json_object_get(data, "parcel"), filled ? "id carrier tracking" : "");
            check_keys(json_object_get(data, "rma"),
                       filled ? "number version order outcome refund_timing already_refunded customer_ref lang" : "");
            json_decref(json);
        }
    }
}

static void a_correction_says_what_it_corrects(void)
{
    begin();
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        if (!event_correctable((enum event_type)type))
            continue;
        struct event event = whole((enum event_type)type);
        char name[100];
        event.corrects = 1000;
        TEXT_COPY(event.reason, "did_not_occur");
        json_t *json = encode(&event);
        const json_t *data = json_object_get(json, "data");
        TEXT_FORMAT(name, "io.returnsd.%s.corrected.v1", event_name((enum event_type)type));
        CU_ASSERT_STRING_EQUAL(text_of(json, "type"), name);
        CU_ASSERT_STRING_EQUAL(text_of(data, "corrects"), STREAM "/1000");
        CU_ASSERT_STRING_EQUAL(text_of(data, "reason"), "did_not_occur");
        CU_ASSERT_TRUE(json_is_null(json_object_get(data, "replacement")));
        CU_ASSERT_TRUE(json_is_null(json_object_get(data, "notify"))); /* no mail about what did not occur */
        CU_ASSERT_EQUAL(json_object_size(data), check_keys(data, common) + 3);
        json_decref(json);
    }
}

static void the_subject_is_what_it_is_about(void)
{
    begin();
    static const struct {
        enum event_type type;
        bool unit, parcel, whole_rma;
        const char *subject, *partition;
    } table[] = {
        {EVENT_UNIT_INSPECTED, true, true, false, "lpn/LP0420001234", "RMA-1"},
        {EVENT_PARCEL_RECEIVED, false, true, false, "parcel/PX0420000077", "RMA-1"},
        {EVENT_OUTCOME_RECOMMENDED, true, true, false, "lpn/LP0420001234", "RMA-1"},
        {EVENT_OUTCOME_RECOMMENDED, false, true, true, "rma/RMA-1", "RMA-1"},
        {EVENT_RMA_COMPLETED, true, true, false, "rma/RMA-1", "RMA-1"},
        {EVENT_STATION_STARTED, false, false, false, "station", "RMA-1"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct event event = whole(table[i].type);
        event.has_unit = table[i].unit;
        event.has_parcel = table[i].parcel;
        event.outcome.whole_rma = table[i].whole_rma;
        json_t *json = encode(&event);
        CU_ASSERT_STRING_EQUAL(text_of(json, "subject"), table[i].subject);
        CU_ASSERT_STRING_EQUAL(text_of(json, "partitionkey"), table[i].partition);
        json_decref(json);
    }
    struct event event = whole(EVENT_PARCEL_UNKNOWN);
    event.rma = NULL;
    event.has_unit = false;
    json_t *json = encode(&event);
    CU_ASSERT_STRING_EQUAL(text_of(json, "partitionkey"), "PX0420000077");
    json_decref(json);
    event = (struct event){.type = EVENT_STATION_STARTED};
    json = encode(&event);
    CU_ASSERT_STRING_EQUAL(text_of(json, "partitionkey"), "042");
    json_decref(json);
}

static void sign_in_and_out_say_who(void)
{
    begin();
    struct event event = {
        .type = EVENT_OPERATOR_SIGNED_IN, .text = "RIGHT", .roles = 1U << ROLE_DOCK | 1U << ROLE_LEAD};
    json_t *json = encode(&event); /* the person of the context is the one before */
    const json_t *data = json_object_get(json, "data"), *roles = json_object_get(data, "roles");
    CU_ASSERT_STRING_EQUAL(text_of(data, "operator"), "RIGHT");
    CU_ASSERT_EQUAL_FATAL(json_array_size(roles), 2);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(roles, 1)), "lead");
    json_decref(json);
}

static void what_closes_and_completes_counts_the_lines(void)
{
    begin();
    struct event event = whole(EVENT_PARCEL_CLOSED);
    event.received = 1; /* pieces missing */
    json_t *json = encode(&event);
    const json_t *data = json_object_get(json, "data"), *list = json_object_get(data, "lines");
    CU_ASSERT_TRUE(json_is_false(json_object_get(data, "complete")));
    CU_ASSERT_EQUAL_FATAL(json_array_size(list), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(list, 0), "short")), 1); /* one came elsewhere */
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(list, 1), "over")), 1);
    json_decref(json);
    event = whole(EVENT_RMA_COMPLETED);
    event.change = (struct line_change){.line = "1", .accepted = 1};
    json = encode(&event);
    data = json_object_get(json, "data");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(data, "expected")), 4);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(data, "accepted")), 2); /* with what this scan adds */
    json_decref(json);
}

static void notify_names_the_step_and_why(void)
{
    static const struct {
        enum event_type type;
        enum verdict verdict;
        enum method method;
        const char *step;
    } table[] = {{EVENT_PARCEL_RECEIVED, VERDICT_NONE, METHOD_REFUND, "received"},
                 {EVENT_PARCEL_UNKNOWN, VERDICT_NONE, METHOD_REFUND, "held"},
                 {EVENT_UNIT_INSPECTED, VERDICT_NONE, METHOD_REFUND, "inspected"},
                 {EVENT_UNIT_DISPOSITION_DECIDED, VERDICT_ACCEPTED, METHOD_REFUND, "accepted"},
                 {EVENT_UNIT_DISPOSITION_DECIDED, VERDICT_REJECTED, METHOD_REFUND, "rejected"},
                 {EVENT_UNIT_DISPOSITION_DECIDED, VERDICT_MANUAL, METHOD_REFUND, "(none)"},
                 {EVENT_OUTCOME_RECOMMENDED, VERDICT_ACCEPTED, METHOD_REFUND, "refund_recommended"},
                 {EVENT_OUTCOME_RECOMMENDED, VERDICT_REJECTED, METHOD_NONE, "(none)"},
                 {EVENT_STOCK_DELTA, VERDICT_ACCEPTED, METHOD_REFUND, "(none)"}};
    begin();
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct event event = whole(table[i].type);
        event.unit.verdict = table[i].verdict;
        event.outcome.method = table[i].method;
        TEXT_COPY(event.unit.reject_code, table[i].verdict == VERDICT_REJECTED ? "window_exceeded" : "");
        json_t *json = encode(&event);
        const json_t *notify = json_object_get(json_object_get(json, "data"), "notify");
        CU_ASSERT_STRING_EQUAL(text_of(notify, "step"), table[i].step);
        bool told = table[i].verdict == VERDICT_REJECTED && json_is_object(notify);
        CU_ASSERT_STRING_EQUAL(text_of(notify, "code"), told ? "window_exceeded" : "(none)");
        json_decref(json);
    }
}

/* Fills every text of a struct's member with this pattern, to its last byte. */
static void fill(char *target, size_t size, const char *pattern)
{
    size_t length = strlen(pattern), used = 0;
    while (used + length < size) {
        memcpy(target + used, pattern, length);
        used += length;
    }
    target[used] = '\0';
}
#define FILL(field, pattern) fill(field, sizeof(field), pattern)

static void hostile_text_stays_valid_json(void)
{
    static const char *const patterns[] = {"\"", "\\", "\x01", "\x1D", "\x7F", "é", "\xE2\x80\xA8", "</script>", "{0}",
                                           "\xFF", "\xC3", "\xED\xA0\x80", "%s%n"};
    begin();
    for (size_t p = 0; p < COUNT_OF(patterns); p++) {
        for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
            struct event event = whole((enum event_type)type);
            FILL(event.text, patterns[p]);
            FILL(event.reason, patterns[p]);
            FILL(event.unit.serial, patterns[p]);
            FILL(event.unit.sku, patterns[p]);
            FILL(event.unit.problem, patterns[p]);
            FILL(event.parcel.scanned, patterns[p]);
            FILL(event.parcel.carrier, patterns[p]);
            FILL(event.stock.key, patterns[p]);
            FILL(event.outcome.key, patterns[p]);
            FILL(rma.rma, patterns[p]);
            FILL(rma.customer_ref, patterns[p]);
            FILL(lines[0].line, patterns[p]);
            struct trace trace = {.count = 1};
            event.trace = &trace;
            trace.steps[0] = message_text(message_of(MESSAGE_RULE_PROBLEM), 0, patterns[p]);
            json_t *json = encode(&event);
            const json_t *data = json_object_get(json, "data");
            CU_ASSERT_EQUAL(json_object_size(data), check_keys(data, common) + check_keys(data, added[type]));
            bool utf8 = text_is_utf8(patterns[p], strlen(patterns[p]));
            if (utf8) /* whole, or, where it is no text at all, null */
                CU_ASSERT_STRING_EQUAL(text_of(json_object_get(data, "unit"), "serial"), event.unit.serial);
            CU_ASSERT_TRUE(utf8 || json_is_null(json_object_get(json_object_get(data, "unit"), "serial")));
            json_decref(json);
        }
    }
}

/* The longest values that the model can hold come out uncut. */
static void nothing_is_cut(void)
{
    begin();
    char site[KEY_SIZE], station[KEY_SIZE], source[200], subject[200];
    FILL(site, "s");
    FILL(station, "t");
    context.site = site;
    context.station = station;
    context.correlation = INT64_MAX;
    struct event event = whole(EVENT_OUTCOME_RECOMMENDED);
    event.outcome.whole_rma = true;
    FILL(rma.rma, "R");
    FILL(event.outcome.key, "k");
    json_t *json = encode(&event);
    TEXT_FORMAT(source, "/returnsd/%s/%s", site, station);
    TEXT_FORMAT(subject, "rma/%s", rma.rma);
    CU_ASSERT_STRING_EQUAL(text_of(json, "source"), source);
    CU_ASSERT_STRING_EQUAL(text_of(json, "subject"), subject);
    CU_ASSERT_STRING_EQUAL(text_of(json, "correlationid"), STREAM "/9223372036854775807");
    CU_ASSERT_STRING_EQUAL(text_of(json_object_get(json, "data"), "key"), event.outcome.key);
    json_decref(json);
    catalog = catalog_free(catalog);
}

/* Those of the unit, or those of the parcel itself: not both, and not of anything else. */
static void photos_are_of_what_the_event_is_about(void)
{
    struct photo photos[] = {{.sha256 = "aa", .parcel_id = 2}, {.sha256 = "bb", .parcel_id = 2, .unit_id = 1},
                             {.sha256 = "cc", .parcel_id = 2, .unit_id = 9}, {.sha256 = "dd", .parcel_id = 3}};
    begin();
    context.uri = "https://id.example.com";
    struct event event = whole(EVENT_UNIT_INSPECTED);
    event.photos = photos;
    event.photo_count = COUNT_OF(photos);
    json_t *inspected = encode(&event);
    event.type = EVENT_PARCEL_DAMAGED;
    event.has_unit = false;
    json_t *damaged = encode(&event);
    json_t *const lists[] = {json_object_get(json_object_get(inspected, "data"), "photos"),
                             json_object_get(json_object_get(damaged, "data"), "photos")};
    for (size_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(json_array_size(lists[i]), 1);
        CU_ASSERT_STRING_EQUAL(text_of(json_array_get(lists[i], 0), "sha256"), i == 0 ? "bb" : "aa");
    }
    CU_ASSERT_STRING_EQUAL(text_of(json_array_get(lists[0], 0), "uri"), "https://id.example.com/photo/bb");
    json_decref(inspected);
    json_decref(damaged);
}

SUITE("codec/event", {"photos are of what the event is about", photos_are_of_what_the_event_is_about},
      {"every envelope is a CloudEvent", every_envelope_is_a_cloud_event},
      {"no field is ever omitted", no_field_is_ever_omitted},
      {"a correction says what it corrects", a_correction_says_what_it_corrects},
      {"the subject is what it is about", the_subject_is_what_it_is_about},
      {"sign-in and sign-out say who", sign_in_and_out_say_who},
      {"what closes and completes counts the lines", what_closes_and_completes_counts_the_lines},
      {"notify names the step and why", notify_names_the_step_and_why},
      {"hostile text stays valid JSON", hostile_text_stays_valid_json}, {"nothing is cut", nothing_is_cut})
