/* SPDX-License-Identifier: Apache-2.0 */
/* Documents follow the rules that GS1 publishes for EPCIS 2.0 and CBV 2.0, for every type of event and disposition. */
#include "daemon/codec/epcis.h"

#include "base/memory.h"
#include "base/text.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM "0123456789abcdef0123456789abcdef"

static const char *const steps[] = {"receiving", "holding", "inspecting", "commissioning", "unpacking", "storing",
                                    "packing", "staging_outbound", "shipping", "repairing", "destroying", NULL};
static const char *const dispositions[] = {
    "returned", "active", "conformant", "damaged", "non_conformant", "sellable_not_accessible", "unavailable",
    "non_sellable_other", "recalled", "expired", "disposed", "container_closed", "in_transit", "destroyed", NULL};
static const char *const persistent[] = {"completeness_verified", "mismatch_class", "mismatch_instance",
                                         "mismatch_quantity", NULL};
static const char *const actions[] = {"ADD", "OBSERVE", "DELETE", NULL};

static const struct operator nobody;
static struct rma rma;
static struct event_context context = {.site = "lyon", .station = "dock-07", .stream = STREAM, .lane = "b",
                                       .device = "", .person = &nobody, .at = INT64_C(1795603200000)};

static struct event event_of(enum event_type type)
{
    struct event event = {.type = type, .has_unit = true, .has_parcel = true, .rma = &rma};
    TEXT_COPY(rma.rma, "RMA 1/2");
    TEXT_COPY(event.unit.lpn, "LP0070000001");
    TEXT_COPY(event.unit.gtin, "09520000001018");
    TEXT_COPY(event.unit.serial, "S-1");
    TEXT_COPY(event.unit.container, "TOTE-1");
    TEXT_COPY(event.parcel.code, "PX0070000001");
    return event;
}

static bool one_of(const json_t *word, const char *const *words)
{
    for (; json_is_string(word) && *words != NULL; words++)
        if (text_equal(json_string_value(word), *words))
            return true;
    return false;
}

static bool is_uri(const json_t *json)
{
    const char *text = json_string_value(json);
    if (text == NULL || (strncmp(text, "https://", 8) != 0 && strncmp(text, "urn:uuid:", 9) != 0))
        return false;
    return text[strcspn(text, " \"<>\\^`{|}")] == '\0';
}

static bool are_uris(const json_t *list)
{
    size_t i;
    const json_t *item;
    bool good = json_array_size(list) > 0;
    json_array_foreach(list, i, item)
        good = good && is_uri(item);
    return good;
}

static void check_prefixes(const json_t *document, const json_t *event)
{
    const json_t *own = json_array_get(json_object_get(document, "@context"), 1), *value;
    const char *name;
    json_object_foreach((json_t *)(uintptr_t)event, name, value)
    {
        const char *colon = strchr(name, ':');
        char prefix[32] = "";
        if (colon != NULL)
            text_copy_bytes(prefix, sizeof prefix, name, (size_t)(colon - name));
        CU_ASSERT_TRUE(colon == NULL || is_uri(json_object_get(own, prefix)));
    }
}

static void check_event(const json_t *event)
{
    bool aggregation = one_of(json_object_get(event, "type"), (const char *const[]){"AggregationEvent", NULL});
    CU_ASSERT_TRUE(
        one_of(json_object_get(event, "type"), (const char *const[]){"ObjectEvent", "AggregationEvent", NULL}));
    CU_ASSERT_TRUE(is_uri(json_object_get(event, "eventID")));
    CU_ASSERT_EQUAL(json_string_length(json_object_get(event, "eventID")), strlen("urn:uuid:") + 36);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(event, "eventTimeZoneOffset")), "+00:00");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(event, "eventTime")) + 23, "Z");
    CU_ASSERT_TRUE(one_of(json_object_get(event, "action"), actions));
    CU_ASSERT_TRUE(one_of(json_object_get(event, "bizStep"), steps));
    const json_t *disposition = json_object_get(event, "disposition"),
                 *lasting = json_object_get(event, "persistentDisposition");
    CU_ASSERT_TRUE(disposition == NULL || one_of(disposition, dispositions));
    CU_ASSERT_TRUE(lasting == NULL ||
                   (!aggregation && one_of(json_array_get(json_object_get(lasting, "set"), 0), persistent)));
    CU_ASSERT_TRUE(are_uris(json_object_get(event, aggregation ? "childEPCs" : "epcList")));
    CU_ASSERT_EQUAL(is_uri(json_object_get(event, "parentID")), aggregation);
    CU_ASSERT_TRUE(is_uri(json_object_get(json_object_get(event, "readPoint"), "id")));
    CU_ASSERT_TRUE(is_uri(json_object_get(json_object_get(event, "bizLocation"), "id")));
    const json_t *transaction = json_array_get(json_object_get(event, "bizTransactionList"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(transaction, "type")), "rma");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(transaction, "bizTransaction")),
                           "https://returns.invalid/rma/RMA%201%2F2");
}

static const json_t *check_document(const json_t *document)
{
    const json_t *list = json_object_get(json_object_get(document, "epcisBody"), "eventList");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(document, "type")), "EPCISDocument");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(document, "schemaVersion")), "2.0");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(document, "creationDate")) + 23, "Z");
    CU_ASSERT_EQUAL_FATAL(json_array_size(list), 1);
    check_event(json_array_get(list, 0));
    check_prefixes(document, json_array_get(list, 0));
    return json_array_get(list, 0);
}

static void every_type_keeps_the_rules(void)
{
    int documents = 0;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        for (int k = 0; k < DISPOSITION_COUNT; k++) {
            struct event event = event_of((enum event_type)type);
            event.unit.disposition = (enum disposition)k;
            event.unit.grade = (enum grade)(k % GRADE_COUNT);
            event.received = k % 2;
            json_t *document = epcis_document(&context, &event, 7);
            if (!json_is_null(document)) {
                check_document(document);
                documents++;
            }
            json_decref(document);
        }
    }
    CU_ASSERT_TRUE(documents > 10 * DISPOSITION_COUNT);
}

/* Whoever follows a unit hears that it left, and how: the container is not all that goes. */
static void a_container_that_leaves_takes_its_units_along(void)
{
    static const struct {
        enum disposition disposition;
        const char *word;
    } table[] = {{DISPOSITION_RECYCLE, "disposed"}, {DISPOSITION_RETURN_TO_CUSTOMER, "returned"},
                 {DISPOSITION_DONATE, "in_transit"}};
    struct unit contents[2] = {0};
    TEXT_COPY(contents[0].lpn, "LP0070000001");
    TEXT_COPY(contents[1].lpn, "LP0070000002");
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct event event = {.type = EVENT_CONTAINER_HANDED_OVER, .contents = contents, .content_count = 2, .rma = &rma};
        TEXT_COPY(event.container.code, "TOTE-1");
        event.container.disposition = table[i].disposition;
        json_t *document = epcis_document(&context, &event, 7);
        const json_t *body = check_document(document), *list = json_object_get(body, "epcList");
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(body, "bizStep")), "shipping");
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(body, "disposition")), table[i].word);
        CU_ASSERT_EQUAL(json_array_size(list), 3);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(list, 0)), "https://returns.invalid/container/TOTE-1");
        CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(list, 2)), "https://returns.invalid/lpn/LP0070000002");
        json_decref(document);
    }
}

/* Quarantine says why, where EPCIS has a word for it. */
static void what_is_held_says_why(void)
{
    static const struct {
        enum message_key rule;
        enum grade grade;
        const char *word;
    } table[] = {{MESSAGE_RULE_RECALL, GRADE_A, "recalled"}, {MESSAGE_RULE_EXPIRED, GRADE_A, "expired"},
                 {MESSAGE_RULE_GRADE, GRADE_C, "damaged"}, {MESSAGE_RULE_GRADE, GRADE_A, "non_sellable_other"}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct event event = event_of(EVENT_UNIT_DISPOSITION_DECIDED);
        struct trace trace = {.count = 1, .steps = {message_of(table[i].rule)}};
        event.trace = &trace;
        event.unit.disposition = DISPOSITION_QUARANTINE;
        event.unit.grade = table[i].grade;
        json_t *document = epcis_document(&context, &event, 7);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(check_document(document), "disposition")), table[i].word);
        json_decref(document);
    }
}

static void the_article_is_a_digital_link(void)
{
    struct event event = event_of(EVENT_UNIT_INSPECTED);
    TEXT_COPY(event.unit.serial, "S/1 a");
    json_t *document = epcis_document(&context, &event, 7);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(check_document(document), "returnsd:item")),
                           "https://id.gs1.org/01/09520000001018/21/S%2F1%20a");
    json_decref(document);
}

static void what_has_no_subject_has_no_document(void)
{
    struct event event = {.type = EVENT_UNIT_INSPECTED};
    json_t *document = epcis_document(&context, &event, 7);
    CU_ASSERT_TRUE(json_is_null(document));
    json_decref(document);
    event.type = EVENT_STATION_STARTED;
    document = epcis_document(&context, &event, 7);
    CU_ASSERT_TRUE(json_is_null(document));
    json_decref(document);
}

static void ids_differ_by_stream_and_sequence(void)
{
    struct event event = event_of(EVENT_UNIT_INSPECTED);
    struct event_context other = context;
    other.stream = "0123456789abcdee0123456789abcdef";
    json_t *documents[] = {epcis_document(&context, &event, 7), epcis_document(&context, &event, 8),
                           epcis_document(&other, &event, 7)};
    const char *ids[COUNT_OF(documents)];
    for (size_t i = 0; i < COUNT_OF(documents); i++)
        ids[i] = json_string_value(json_object_get(check_document(documents[i]), "eventID"));
    CU_ASSERT_STRING_EQUAL(ids[0], "urn:uuid:01234567-89ab-8cde-8f01-000000000007");
    CU_ASSERT_STRING_NOT_EQUAL(ids[0], ids[1]);
    CU_ASSERT_STRING_NOT_EQUAL(ids[0], ids[2]);
    for (size_t i = 0; i < COUNT_OF(documents); i++)
        json_decref(documents[i]);
}

/* EPCIS 2.0: the event that is taken back comes again, the same but for its errorDeclaration. */
static void a_correction_declares_the_original_wrong(void)
{
    struct event event = event_of(EVENT_UNIT_INSPECTED);
    struct event_context correcting = context;
    CLEANUP(memory_free_at) char *original = event_encode(&context, &event, 7);
    correcting.original = original;
    correcting.at += 60000;
    event.corrects = 7;
    json_t *document = epcis_document(&correcting, &event, 9), *first = json_loads(original, 0, NULL);
    json_t *body = (json_t *)(uintptr_t)check_document(document);
    const json_t *before = json_object_get(json_object_get(first, "data"), "epcis");
    const json_t *declaration = json_object_get(body, "errorDeclaration");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(declaration, "reason")), "did_not_occur");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(declaration, "declarationTime")),
                           json_string_value(json_object_get(document, "creationDate")));
    json_object_del(body, "errorDeclaration");
    CU_ASSERT_TRUE(
        json_equal(body, json_array_get(json_object_get(json_object_get(before, "epcisBody"), "eventList"), 0)));
    json_decref(document);
    json_decref(first);
    correcting.original = NULL; /* pruned: nothing can be said */
    document = epcis_document(&correcting, &event, 9);
    CU_ASSERT_TRUE(json_is_null(document));
    json_decref(document);
}

SUITE("codec/epcis", {"every type keeps the rules", every_type_keeps_the_rules},
      {"a container that leaves takes its units along", a_container_that_leaves_takes_its_units_along},
      {"what is held says why", what_is_held_says_why},
      {"the article is a digital link", the_article_is_a_digital_link},
      {"what has no subject has no document", what_has_no_subject_has_no_document},
      {"ids differ by stream and sequence", ids_differ_by_stream_and_sequence},
      {"a correction declares the original wrong", a_correction_declares_the_original_wrong})
