/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/snapshot.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/control.h"
#include "tests/support/suite.h"

#include <string.h>

static struct catalog *catalog;

/* A bench with RMA-1 open and a decided unit in hand. */
struct scene {
    struct session session;
    struct lane_rules rules;
    struct operator person;
    struct rma rma;
    struct rma_line line;
    struct parcel_facts parcel;
    struct product product;
    struct unit_facts unit;
    struct trace trace;
    struct print_job job;
    struct lane_action action;
    struct lane_view view;
};

static void remember(struct session *session, struct message message)
{
    struct buffer text = BUFFER_EMPTY;
    message_encode(&message, &text);
    TEXT_COPY(session->last_message, buffer_text(&text));
    buffer_done(&text);
}

static void begin(struct scene *s)
{
    struct error err = {0};
    if (catalog == NULL)
        catalog = catalog_load(SOURCE_DIR "/data/texts", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    *s = (struct scene){.session = {.lane = "bench-1", .mode = LANE_BENCH, .parcel_id = 2, .unit_id = 1,
                                    .last_signal = SIGNAL_OK},
                        .person = {.id = "LEFT", .name = "Left bench", .lang = "fr"},
                        .line = {.line = "1", .sku = "SHIRT", .qty = 2, .received = 1},
                        .product = {.sku = "SHIRT", .name_en = "Shirt", .name_fr = "T-shirt"},
                        .job = {.job_id = 3, .state = JOB_PRINTED, .copy = 1},
                        .action = {.journal = 9, .at = INT64_C(1795600800123), .signal = "ok"}};
    s->rma = (struct rma){.rma = "RMA-1", .lines = &s->line, .line_count = 1};
    s->parcel =
        (struct parcel_facts){.parcel = {.parcel_id = 2, .code = "PX0420000077", .state = PARCEL_OPEN, .rma = "RMA-1"},
                              .rmas = &s->rma,
                              .rma_count = 1};
    s->unit.unit = (struct unit){.unit_id = 1, .lpn = "LP0420001234", .state = UNIT_DECIDED, .sku = "SHIRT",
                                 .grade = GRADE_E, .verdict = VERDICT_ACCEPTED, .disposition = DISPOSITION_RECYCLE,
                                 .allowed = 1U << DISPOSITION_RECYCLE | 1U << DISPOSITION_DESTROY};
    s->unit.product = s->product;
    s->trace = (struct trace){1, {message_word(message_of(MESSAGE_RULE_CHOSEN), 0, "disposition", "recycle")}};
    remember(&s->session, message_text(message_of(MESSAGE_UNIT_IN_HAND), 0, "SHIRT"));
    TEXT_COPY(s->action.message, s->session.last_message);
    s->view = (struct lane_view){.session = &s->session, .rules = &s->rules, .person = &s->person, .parcel = &s->parcel,
                                 .products = &s->product, .unit = &s->unit, .trace = &s->trace, .job = &s->job,
                                 .job_code = "LP0420001234149", .job_printer = "zebra", .job_reason = "paper_out",
                                 .actions = &s->action, .action_count = 1, .sequence = 42};
}

static json_t *snapshot(const struct scene *s)
{
    json_t *json = snapshot_json(catalog, &s->view);
    char *text = json_dumps(json, JSON_COMPACT);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    free(text);
    return json;
}

static const char *text_at(const json_t *json, const char *path)
{
    char key[32];
    while (json != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        text_copy_bytes(key, sizeof key, path, length);
        json = json_is_array(json) ? json_array_get(json, (size_t)(key[0] - '0')) : json_object_get(json, key);
        path += length + (path[length] == '.');
    }
    return json_is_string(json) ? json_string_value(json) : json_is_null(json) ? "null" : "(none)";
}

/* What a grade left open is shown with the cards that answer it; a decided unit asks nothing. */
static void a_question_is_shown_with_its_cards(void)
{
    static struct question_option options[] = {{.id = "cable", .text_en = "Cable", .text_fr = "Câble"}};
    static struct question questions[] = {
        {.id = "tag", .text_en = "Tag?", .text_fr = "Étiquette ?"},
        {.id = "part", .text_en = "Part?", .type = QUESTION_OPTION, .options = options, .option_count = 1},
        {.id = "days", .text_en = "Days?", .type = QUESTION_NUMBER}};
    static struct checklist checklist = {.id = "default", .questions = questions, .question_count = 3};
    struct checklist_set set = {&checklist, 1};
    struct scene s;
    begin(&s);
    s.rules.checklists = &set;
    json_t *json = snapshot(&s);
    CU_ASSERT_STRING_EQUAL(text_at(json, "question"), "null");
    json_decref(json);
    s.unit.unit.state = UNIT_INSPECTING;
    json = snapshot(&s);
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.fr"), "Étiquette ?");
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.type"), "yes_no");
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.options.0.card"), "XCTLOKR");
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.options.1.fr"), "Non");
    CU_ASSERT_STRING_EQUAL(text_at(json, "next.en"), "Tag?");
    CU_ASSERT_STRING_EQUAL(text_at(json, "next.fr"), "Étiquette ?");
    json_decref(json);
    inspection_put(&s.unit.inspection, "tag", "yes", false);
    json = snapshot(&s);
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.options.0.answer"), "cable");
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.options.0.fr"), "Câble");
    json_decref(json);
    inspection_put(&s.unit.inspection, "part", "cable", false);
    TEXT_COPY(s.unit.inspection.digits, "12");
    json = snapshot(&s);
    CU_ASSERT_STRING_EQUAL(text_at(json, "question.typed"), "12");
    json_decref(json);
}

static void a_lane_is_shown_whole(void)
{
    static const struct {
        const char *path, *value;
    } table[] = {
        {"lane", "bench-1"},
        {"mode", "bench"},
        {"operator.id", "LEFT"},
        {"operator.lang", "fr"},
        {"signal", "ok"},
        {"message.key", "unit.in_hand"},
        {"message.en", "Finish SHIRT first"},
        {"message.fr", "Terminez d'abord SHIRT"},
        {"next.key", "next.label"},
        {"parcel.code", "PX0420000077"},
        {"parcel.state", "open"},
        {"parcel.scanned", "null"},
        {"parcel.lines.0.name.fr", "T-shirt"},
        {"parcel.lines.0.sku", "SHIRT"},
        {"unit.lpn", "LP0420001234"},
        {"unit.grade", "E"},
        {"unit.verdict", "accepted"},
        {"unit.disposition", "recycle"},
        {"unit.serial", "null"},
        {"unit.allowed.0.disposition", "recycle"},
        {"unit.allowed.1.disposition", "destroy"},
        {"unit.trace.0.rule", "rule.chosen"},
        {"unit.trace.0.en", "Chosen by the operator: RECYCLE"},
        {"label.state", "printed"},
        {"label.code", "LP0420001234149"},
        {"label.why.key", "paper_out"},
        {"label.why.en", "zebra: no labels left. Put in a new roll; what waits then prints by itself."},
        {"label.why.fr", "zebra: plus d'étiquettes. Mettez un rouleau ; ce qui attend s'imprime ensuite tout seul."},
        {"actions.0.time", "2026-11-25T10:00:00.123Z"},
        {"actions.0.en", "Finish SHIRT first"},
    };
    struct scene s;
    begin(&s);
    json_t *json = snapshot(&s);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (strcmp(text_at(json, table[i].path), table[i].value) != 0)
            printf("\n    %s is %s\n", table[i].path, text_at(json, table[i].path));
        CU_ASSERT_STRING_EQUAL(text_at(json, table[i].path), table[i].value);
    }
    for (int i = 0; i < 2; i++) { /* each choice has the card that makes it */
        const char *card = text_at(json, i == 0 ? "unit.allowed.0.card" : "unit.allowed.1.card");
        CU_ASSERT_EQUAL(control_decode(card), i == 0 ? VERB_RECYCLE : VERB_DESTROY);
    }
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json, "sequence")), 42);
    json_decref(json);
}

static void what_is_not_there_is_null(void)
{
    static const char *const keys[] = {"operator", "load", "parcel", "unit", "label"};
    struct scene s;
    begin(&s);
    s.person = (struct operator){0};
    s.parcel = (struct parcel_facts){0};
    s.unit = (struct unit_facts){0};
    s.job = (struct print_job){0};
    s.session = (struct session){.lane = "dock", .mode = LANE_DOCK};
    s.view.action_count = 0;
    json_t *json = snapshot(&s);
    CU_ASSERT_EQUAL(json_object_size(json), 14);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        CU_ASSERT_TRUE(json_is_null(json_object_get(json, keys[i])));
    CU_ASSERT_EQUAL(json_array_size(json_object_get(json, "actions")), 0);
    CU_ASSERT_STRING_EQUAL(text_at(json, "message.key"), "none"); /* a lane that never scanned */
    CU_ASSERT_STRING_EQUAL(text_at(json, "next.key"), "next.parcel");
    json_decref(json);
}

static void a_scan_that_was_not_stored_says_nothing_else(void)
{
    struct scene s;
    begin(&s);
    s.view.not_stored = true;
    s.session.repeated = true;
    json_t *json = snapshot(&s);
    CU_ASSERT_STRING_EQUAL(text_at(json, "signal"), "stop");
    CU_ASSERT_STRING_EQUAL(text_at(json, "message.key"), "lane.not_stored");
    CU_ASSERT_STRING_EQUAL(text_at(json, "next.key"), "lane.not_stored");
    CU_ASSERT_STRING_EQUAL(text_at(json, "message.en"), "NOT STORED. Scan again.");
    json_decref(json);
}

static void a_repeated_answer_says_so_first(void)
{
    struct scene s;
    begin(&s);
    s.session.repeated = true;
    json_t *json = snapshot(&s);
    CU_ASSERT_STRING_EQUAL(text_at(json, "message.key"), "unit.in_hand");
    CU_ASSERT_STRING_EQUAL(text_at(json, "message.en"), "Already stored: Finish SHIRT first");
    CU_ASSERT_STRING_EQUAL(text_at(json, "message.fr"), "Déjà enregistré : Terminez d'abord SHIRT");
    json_decref(json);
}

static void hostile_text_stays_valid_json(void)
{
    static const char *const patterns[] = {"\"",        "\\",  "\x01", "é",           "\xE2\x80\xA8",
                                           "</script>", "{0}", "\xFF", "\xED\xA0\x80"};
    for (size_t p = 0; p < COUNT_OF(patterns); p++) {
        struct scene s;
        begin(&s);
        TEXT_COPY(s.person.name, patterns[p]);
        TEXT_COPY(s.rma.rma, patterns[p]);
        TEXT_COPY(s.line.line, patterns[p]);
        TEXT_COPY(s.line.sku, patterns[p]);
        TEXT_COPY(s.product.name_en, patterns[p]);
        TEXT_COPY(s.unit.unit.serial, patterns[p]);
        TEXT_COPY(s.parcel.parcel.scanned, patterns[p]);
        s.view.job_reason = s.view.job_code = patterns[p];
        remember(&s.session, message_text(message_of(MESSAGE_UNKNOWN_CODE), 0, patterns[p]));
        json_t *json = snapshot(&s);
        CU_ASSERT_EQUAL(json_object_size(json), 14);
        CU_ASSERT_TRUE(strlen(text_at(json, "message.en")) > strlen("Unknown code "));
        if (text_is_utf8(patterns[p], strlen(patterns[p])))
            CU_ASSERT_STRING_EQUAL(text_at(json, "unit.serial"), patterns[p]);
        json_decref(json);
    }
    catalog = catalog_free(catalog);
}

SUITE("codec/snapshot", {"a question is shown with its cards", a_question_is_shown_with_its_cards},
      {"a lane is shown whole", a_lane_is_shown_whole},
      {"what is not there is null", what_is_not_there_is_null},
      {"a scan that was not stored says nothing else", a_scan_that_was_not_stored_says_nothing_else},
      {"a repeated answer says so first", a_repeated_answer_says_so_first},
      {"hostile text stays valid JSON", hostile_text_stays_valid_json})
