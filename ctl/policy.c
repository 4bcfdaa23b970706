/* SPDX-License-Identifier: Apache-2.0 */
/* returnsctl policy: what the policies would decide, for an RMA still to come or for what was decided before. They are
   the ones in the data directory; the database is read and never written. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/ctl.h"
#include "ctl/show.h"
#include "daemon/codec/checklist.h"
#include "daemon/codec/policy.h"
#include "daemon/core/recommend.h"
#include "daemon/store/directory.h"
#include "daemon/store/records.h"
#include "daemon/text/catalog.h"

#include <stdlib.h>
#include <string.h>

#define STATE_DIRECTORY "/var/lib/returnsd"
#ifndef RETURNSD_DATA_DIRECTORY
#define RETURNSD_DATA_DIRECTORY "/usr/share/returnsd"
#endif
#define PATH_SIZE 4096

struct book {
    struct ctl *ctl;
    struct store *store;
    struct catalog *catalog;
    struct policy_set policies;
    struct checklist_set checklists;
    json_t *rows; /* --json */
    int64_t decided, otherwise;
};

/* The first path of an environment variable (systemd puts ':' between several), or instead. */
static void first_path(char *target, size_t size, const char *option, const char *variable, const char *instead)
{
    const char *value = getenv(variable);
    if (option != NULL)
        text_copy(target, size, option);
    else if (value != NULL && value[0] == '/')
        text_format(target, size, "%.*s", (int)strcspn(value, ":"), value);
    else
        text_copy(target, size, instead);
}

static bool open_book(struct book *book, struct error *err)
{
    char data[PATH_SIZE], state[PATH_SIZE], path[PATH_SIZE + 16];
    first_path(data, sizeof data, book->ctl->data, "RETURNSD_DATA", RETURNSD_DATA_DIRECTORY);
    first_path(state, sizeof state, book->ctl->state, "STATE_DIRECTORY", STATE_DIRECTORY);
    TEXT_FORMAT(path, "%s/texts", data);
    book->catalog = catalog_load(path, err);
    if (book->catalog == NULL)
        return false;
    TEXT_FORMAT(path, "%s/policies", data);
    if (!policy_set_load(path, &book->policies, err))
        return false;
    TEXT_FORMAT(path, "%s/checklists", data);
    if (!checklist_set_load(path, &book->checklists, err))
        return false;
    book->store = store_open_read(state, err);
    book->rows = json_array();
    return book->store != NULL;
}

static void close_book(struct book *book)
{
    catalog_free(book->catalog);
    policy_set_done(&book->policies);
    checklist_set_done(&book->checklists);
    store_close(book->store);
    json_decref(book->rows);
}

/* ---- one decision as JSON, and as lines ---- */

static json_t *trace_json(const struct book *book, const struct trace *trace)
{
    json_t *steps = json_array();
    for (int i = 0; i < trace->count; i++) {
        json_t *step = json_pack("{s:s}", "rule", message_key_name(trace->steps[i].key));
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            struct buffer text = BUFFER_EMPTY;
            catalog_message(book->catalog, (enum language)language, &trace->steps[i], &text);
            json_object_set_new(step, language_names[language], json_string(buffer_text(&text)));
            buffer_done(&text);
        }
        json_array_append_new(steps, step);
    }
    return steps;
}

static json_t *dispositions_json(unsigned bits)
{
    json_t *list = json_array();
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        if ((bits & 1U << i) != 0)
            json_array_append_new(list, json_string(name_of(&disposition_names, i)));
    return list;
}

static unsigned bits_of(const struct disposition_list *list)
{
    unsigned bits = 0;
    for (int i = 0; i < list->count; i++)
        bits |= 1U << list->items[i];
    return bits;
}

static json_t *result_json(const struct book *book, const struct policy_result *result)
{
    return json_pack("{s:s?, s:s, s:s, s:o, s:o, s:o}", "policy", result->policy != NULL ? result->policy->id : NULL,
                     "verdict", name_of(&verdict_names, (int)result->verdict), "reject_code", result->reject_code,
                     "allowed", dispositions_json(bits_of(&result->allowed)), "needs_lead",
                     dispositions_json(result->needs_lead), "trace", trace_json(book, &result->trace));
}

static void append_dispositions(struct buffer *line, json_t *list, const char *lang)
{
    const json_t *item;
    size_t i;
    json_array_foreach(list, i, item)
        buffer_append_format(line, "%s%s", i > 0 ? ", " : "", show_word(json_string_value(item), lang));
}

static void print_result(const struct book *book, const char *head, json_t *result)
{
    const char *lang = ctl_lang(book->ctl);
    const json_t *step;
    struct buffer line = BUFFER_EMPTY;
    size_t i;
    buffer_append_format(&line, "%s%s → ", head, show_word(show_string(result, "verdict"), lang));
    append_dispositions(&line, json_object_get(result, "allowed"), lang);
    show_line(&line);
    json_array_foreach(json_object_get(result, "trace"), i, step)
    {
        buffer_append_format(&line, "      · %s", show_say(step, lang));
        show_line(&line);
    }
    buffer_done(&line);
}

/* ---- policy check ---- */

static void check_grade(struct book *book, const struct policy_case *c, json_t *line)
{
    struct policy_result result;
    char head[32];
    policy_decide(c, &result);
    json_t *value = result_json(book, &result);
    TEXT_FORMAT(head, "  %s  ", name_of(&grade_names, (int)c->unit->grade));
    if (!book->ctl->json)
        print_result(book, head, value);
    json_object_set_new(value, "grade", json_string(name_of(&grade_names, (int)c->unit->grade)));
    json_array_append_new(json_object_get(line, "grades"), value);
}

/* A unit of that line as the customer described it, at every grade; questions that a grade leaves open count as yes. */
static bool check_line(struct book *book, const struct rma *rma, const struct rma_line *line, struct error *err)
{
    struct product product = {0};
    struct unit unit = {.qty = 1, .title = line->title};
    if (!records_find_product(book->store, line->sku, &product, err))
        return false;
    TEXT_COPY(unit.owner, rma->owner);
    TEXT_COPY(unit.sku, line->sku);
    TEXT_COPY(unit.gtin, line->gtin);
    TEXT_COPY(unit.reason_declared, line->reason);
    TEXT_COPY(unit.reason_found, line->reason);
    const struct checklist *checklist = checklist_select(&book->checklists, &product);
    json_t *value = json_pack("{s:s, s:s, s:[]}", "line", line->line, "sku", line->sku, "grades");
    if (!book->ctl->json)
        printf("%s  %s  %s\n", rma->rma, line->line, line->sku);
    for (int grade = GRADE_A; grade < GRADE_COUNT; grade++) {
        struct inspection inspection = {0};
        unit.grade = (enum grade)grade;
        inspection_assume(&inspection, checklist, unit.grade);
        struct policy_case c = {.policies = &book->policies,
                                .rma = rma,
                                .line = line,
                                .unit = &unit,
                                .product = &product,
                                .checklist = checklist,
                                .inspection = &inspection,
                                .received_at = INSTANT_NONE,
                                .now = clock_read().now};
        check_grade(book, &c, value);
    }
    json_array_append_new(book->rows, value);
    return true;
}

static bool check_rma(struct book *book, struct error *err)
{
    struct rma rma;
    bool ok = directory_get_rma(book->store, book->ctl->arguments[0], &rma, err);
    if (!ok)
        return false;
    for (size_t i = 0; ok && i < rma.line_count; i++)
        ok = check_line(book, &rma, &rma.lines[i], err);
    rma_done(&rma);
    return ok;
}

/* ---- policy replay ---- */

/* The policy of the file instead of those with its id, or beside them all if there is none. */
static bool take_policy(struct book *book, const char *path, struct error *err)
{
    struct policy policy;
    bool ok = policy_load(path, &policy, err);
    if (ok)
        policy_set_put(&book->policies, &policy);
    return ok;
}

static void tell_change(struct book *book, const struct unit *unit, const struct policy_result *result)
{
    json_t *value = result_json(book, result);
    const char *lang = ctl_lang(book->ctl);
    struct buffer head = BUFFER_EMPTY;
    json_t *before = dispositions_json(unit->allowed);
    buffer_append_format(&head, "%s  %s  %s: %s → ", unit->lpn, unit->sku, name_of(&grade_names, (int)unit->grade),
                         show_word(name_of(&verdict_names, (int)unit->verdict), lang));
    append_dispositions(&head, before, lang);
    if (!book->ctl->json) {
        show_line(&head);
        print_result(book, "    ", value);
    }
    buffer_done(&head);
    json_object_set_new(value, "lpn", json_string(unit->lpn));
    json_object_set_new(value, "before", json_pack("{s:s, s:s, s:I, s:o}", "verdict",
                                                   name_of(&verdict_names, (int)unit->verdict), "policy", unit->policy,
                                                   "version", (json_int_t)unit->policy_version, "allowed", before));
    json_array_append_new(book->rows, value);
}

/* Decides the unit again as it was graded; only the policies are others. */
static void replay_unit(struct book *book, const struct unit_facts *facts, const struct rma *rma,
                        const struct parcel_facts *parcel)
{
    const struct unit *unit = &facts->unit;
    struct policy_result result;
    struct policy_case c = {.policies = &book->policies,
                            .rma = rma,
                            .line = rma != NULL ? rma_find_line(rma, unit->line) : NULL,
                            .unit = unit,
                            .product = &facts->product,
                            .checklist = checklist_select(&book->checklists, &facts->product),
                            .inspection = &facts->inspection,
                            .open_exception = facts->open_exception,
                            .received_at = parcel->parcel.parcel_id != 0 ? parcel->parcel.received_at : INSTANT_NONE,
                            .now = unit->graded_at};
    policy_decide(&c, &result);
    book->decided++;
    bool same = result.verdict == unit->verdict && bits_of(&result.allowed) == unit->allowed &&
                text_equal(result.reject_code, unit->reject_code);
    book->otherwise += !same;
    if (!same)
        tell_change(book, unit, &result);
}

static bool replay_next(struct book *book, int64_t unit_id, struct error *err)
{
    struct unit_facts facts = {0};
    struct parcel_facts parcel = {0};
    struct rma rma = {0};
    bool ok = records_unit(book->store, unit_id, &facts, err) &&
              records_parcel(book->store, facts.unit.parcel_id, &parcel, err) &&
              (facts.unit.rma[0] == '\0' || directory_get_rma(book->store, facts.unit.rma, &rma, err));
    if (ok)
        replay_unit(book, &facts, rma.rma[0] != '\0' ? &rma : NULL, &parcel);
    parcel_facts_done(&parcel);
    rma_done(&rma);
    return ok;
}

static bool replay_all(struct book *book, struct error *err)
{
    int32_t since;
    int64_t unit_id = 0;
    if (book->ctl->policy == NULL || book->ctl->since == NULL)
        return error_set(err, ERROR_INVALID, "policy replay needs --policy FILE and --since YYYY-MM-DD");
    if (!clock_parse_date(book->ctl->since, &since))
        return error_set(err, ERROR_INVALID, "--since: \"%s\" is no date, YYYY-MM-DD", book->ctl->since);
    if (!take_policy(book, book->ctl->policy, err))
        return false;
    do {
        if (!records_next_decided(book->store, since * DAY_MS, unit_id, &unit_id, err) ||
            (unit_id != 0 && !replay_next(book, unit_id, err)))
            return false;
    } while (unit_id != 0);
    return true;
}

/* ---- the verbs ---- */

static enum ctl_exit run(struct ctl *ctl, bool (*work)(struct book *book, struct error *err), bool replay)
{
    struct book book = {.ctl = ctl};
    struct error err = {0};
    bool ok = open_book(&book, &err) && work(&book, &err);
    if (!ok)
        ctl_complain("%s", err.message);
    else if (ctl->json)
        ctl_print_json(book.rows);
    else if (replay)
        printf("%lld decided since %s, %lld of them otherwise with this policy\n", (long long)book.decided, ctl->since,
               (long long)book.otherwise);
    close_book(&book);
    bool refused = err.code == ERROR_NOT_FOUND || err.code == ERROR_INVALID;
    return ok ? CTL_OK : refused ? CTL_REFUSED : CTL_FAULT;
}

enum ctl_exit ctl_policy_check(struct ctl *ctl)
{
    return run(ctl, check_rma, false);
}

enum ctl_exit ctl_policy_replay(struct ctl *ctl)
{
    return run(ctl, replay_all, true);
}
