/* SPDX-License-Identifier: Apache-2.0 */
/* What a consumer of the events knows of each unit, from nothing but them, and the rules they must keep. */
#ifndef TESTS_SUPPORT_LEDGER_H
#define TESTS_SUPPORT_LEDGER_H

#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* A unit as a consumer of the events knows it. */
struct item {
    char lpn[LPN_SIZE];
    int stock; /* sum of its stock.delta */
    char status[17];
    char last_move[KEY_SIZE], last_outcome[VALUE_SIZE];
    bool confirmed;
    bool unlabelled; /* confirmed by unit.putaway, for want of a label */
};

struct ledger {
    int64_t sequence; /* the last event read */
    struct item *items;
    size_t item_count;
    int outcomes, completed;
    bool broken; /* the first broken rule ends the run: what follows it means nothing */
};

#define LEDGER_RULE(ledger, condition, ...)                                                                            \
    do {                                                                                                               \
        bool holds = (condition);                                                                                      \
        if (!holds && !(ledger)->broken) {                                                                             \
            printf("\n    broken after %lld events: ", (long long)(ledger)->sequence);                                 \
            printf(__VA_ARGS__);                                                                                       \
            printf("\n");                                                                                              \
        }                                                                                                              \
        (ledger)->broken |= !holds;                                                                                    \
        CU_ASSERT_TRUE(holds);                                                                                         \
    } while (0)

static inline struct item *ledger_item(struct ledger *ledger, const char *lpn)
{
    for (size_t i = ledger->item_count; i > 0; i--)
        if (strcmp(ledger->items[i - 1].lpn, lpn) == 0)
            return &ledger->items[i - 1];
    ledger->items = memory_resize(ledger->items, ledger->item_count + 1, sizeof *ledger->items);
    struct item *item = &ledger->items[ledger->item_count++];
    *item = (struct item){.status = "none"};
    TEXT_COPY(item->lpn, lpn);
    return item;
}

static inline const char *ledger_text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL ? value : "";
}

static inline const char *ledger_place(const json_t *data, const char *side)
{
    const json_t *object = json_object_get(data, side);
    return json_is_object(object) ? ledger_text(object, "status") : "none";
}

/* What its effects are numbered under: the LPN of its first label, which it keeps when it gets another. */
static inline struct item *ledger_numbered(struct ledger *ledger, const json_t *data)
{
    char lpn[LPN_SIZE];
    const char *key = ledger_text(data, "key");
    text_copy_bytes(lpn, sizeof lpn, key, strcspn(key, "/"));
    return ledger_item(ledger, lpn);
}

static inline void ledger_stock_moved(struct ledger *ledger, struct item *item, const json_t *data)
{
    const char *from = ledger_place(data, "from"), *to = ledger_place(data, "to"),
               *reverses = ledger_text(data, "reverses");
    char lpn[LPN_SIZE];
    TEXT_COPY(lpn, item->lpn);
    struct item *numbered = ledger_numbered(ledger, data);
    item = ledger_item(ledger, lpn); /* the list may have moved */
    LEDGER_RULE(ledger, text_equal(from, item->status), "%s moves from %s, but is %s", item->lpn, from, item->status);
    LEDGER_RULE(ledger, !text_equal(ledger_text(data, "key"), numbered->last_move), "key %s twice",
                ledger_text(data, "key"));
    LEDGER_RULE(ledger, reverses[0] == '\0' || text_equal(reverses, numbered->last_move), "reverses %s, not %s",
                reverses, numbered->last_move);
    item->stock += !text_equal(to, "none") - !text_equal(from, "none");
    LEDGER_RULE(ledger, item->stock == 0 || item->stock == 1, "%s is in stock %d times", item->lpn, item->stock);
    if (reverses[0] != '\0' && text_equal(to, "none"))
        item->confirmed = false; /* out of stock again: its label must be scanned once more */
    if (reverses[0] != '\0' && text_equal(from, "none"))
        item->confirmed = true; /* a regrade was undone: nothing else tells it */
    TEXT_COPY(item->status, to);
    TEXT_COPY(numbered->last_move, ledger_text(data, "key"));
}

static inline void ledger_recommended(struct ledger *ledger, struct item *item, const json_t *data)
{
    char lpn[LPN_SIZE];
    TEXT_COPY(lpn, item->lpn);
    struct item *numbered = ledger_numbered(ledger, data);
    item = ledger_item(ledger, lpn);
    LEDGER_RULE(ledger, item->confirmed, "outcome of %s before its label was confirmed", item->lpn);
    LEDGER_RULE(ledger, !text_equal(ledger_text(data, "key"), numbered->last_outcome), "outcome %s twice",
                numbered->last_outcome);
    if (numbered->last_outcome[0] != '\0') /* one that is not superseded would be a second one that counts */
        LEDGER_RULE(ledger, text_equal(ledger_text(data, "supersedes"), numbered->last_outcome),
                    "%s does not supersede %s", item->lpn, numbered->last_outcome);
    TEXT_COPY(numbered->last_outcome, ledger_text(data, "key"));
    ledger->outcomes++;
}

/* A unit that gets no label is put away at once; one that has a label was confirmed by that. */
static inline void ledger_put_away(struct item *item, bool corrected)
{
    if (!corrected && !item->confirmed)
        item->confirmed = item->unlabelled = true;
    else if (corrected && item->unlabelled)
        item->confirmed = item->unlabelled = false;
}

/* True for an event after which the unit's label is good for nothing any more, or (corrected) good again. */
static inline bool ledger_unsettles(const char *type, bool corrected)
{
    static const char *const types[] = {"unit.regraded", "unit.repaired"};
    char whole[64];
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        TEXT_FORMAT(whole, "io.returnsd.%s%s.v1", types[i], corrected ? ".corrected" : "");
        if (strcmp(type, whole) == 0)
            return true;
    }
    return false;
}

static inline void ledger_learn(struct ledger *ledger, const struct event_row *row)
{
    LEDGER_RULE(ledger, row->sequence == ledger->sequence + 1, "event %lld follows %lld", (long long)row->sequence,
                (long long)ledger->sequence);
    ledger->sequence = row->sequence;
    json_t *event = json_loads(row->body, JSON_REJECT_DUPLICATES, NULL);
    LEDGER_RULE(ledger, event != NULL, "not JSON: %s", row->body);
    const json_t *data = json_object_get(event, "data");
    const char *lpn = ledger_text(json_object_get(data, "unit"), "lpn");
    LEDGER_RULE(ledger, text_equal(ledger_text(event, "type"), row->type), "type %s in %s", ledger_text(event, "type"),
                row->type);
    if (text_equal(ledger_text(event, "kind"), "test")) { /* the ERP did not ask for lessons */
        json_decref(event);
        return;
    }
    if (strcmp(row->type, "io.returnsd.stock.delta.v1") == 0)
        ledger_stock_moved(ledger, ledger_item(ledger, lpn), data);
    else if (strcmp(row->type, "io.returnsd.unit.label_confirmed.v1") == 0)
        ledger_item(ledger, lpn)->confirmed = true;
    else if (strcmp(row->type, "io.returnsd.unit.label_confirmed.corrected.v1") == 0 ||
             ledger_unsettles(row->type, false))
        ledger_item(ledger, lpn)->confirmed = false;
    else if (strncmp(row->type, "io.returnsd.unit.putaway.", 25) == 0)
        ledger_put_away(ledger_item(ledger, lpn), strstr(row->type, ".corrected.") != NULL);
    else if (ledger_unsettles(row->type, true))
        ledger_item(ledger, lpn)->confirmed = true;
    else if (strcmp(row->type, "io.returnsd.outcome.recommended.v1") == 0 &&
             text_equal(ledger_text(data, "scope"), "unit"))
        ledger_recommended(ledger, ledger_item(ledger, lpn), data);
    else if (strcmp(row->type, "io.returnsd.rma.completed.v1") == 0)
        ledger->completed++;
    json_decref(event);
}

#endif
