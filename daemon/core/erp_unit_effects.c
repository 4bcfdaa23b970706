/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP's word does to units that are here (10-domain §5.3). One that is decided anew leaves stock and container
   at once; its next label scan tells the worker where it goes. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/effect_rows.h"

/* ---- a unit decided anew ---- */

/* Nobody can put it elsewhere any more: it left, is destroyed, or in a batch that was sealed. */
static bool is_gone(const struct turn *turn)
{
    const struct unit *unit = &turn->unit;
    return unit->state == UNIT_RELEASED || unit->state == UNIT_DESTROYED || unit->state == UNIT_VOID ||
           (unit->batch_id != 0 && turn->facts->effect_batch.state != BATCH_OPEN);
}

static void keep_unit(struct turn *turn)
{
    const struct unit *unit = &turn->unit;
    turn->out->unit = *unit;
    bool chosen = unit->state >= UNIT_DECIDED;
    struct message message = message_text(message_of(chosen ? MESSAGE_ERP_UNIT : MESSAGE_ERP_CHOOSE), 0, unit->lpn);
    if (chosen)
        message = message_word(message, 1, "disposition", name_of(&disposition_names, (int)unit->disposition));
    effect_say(turn, message);
}

/* No label of it counts any more. */
static void retire(struct turn *turn)
{
    turn->unit.generation = 0;
    turn->unit.batch_id = 0;
    retire_label(turn, &turn_unit_facts(turn)->job);
    carrier_retire(turn, &turn_unit_facts(turn)->carrier);
}

/* Several dispositions are left: it waits for the choice of whoever scans its label next. */
static void to_choose(struct turn *turn)
{
    leave_stock(turn);
    if (turn->unit.generations > 0)
        retire(turn);
    turn->unit.state = UNIT_GRADED;
    turn->unit.disposition = DISPOSITION_NONE;
}

/* The same disposition keeps its label, which is scanned once more; another one gets a new label at that scan. */
static void decide_anew(struct turn *turn, enum disposition disposition, const char *by)
{
    struct unit *unit = &turn->unit;
    enum disposition prev = unit->disposition;
    bool same = prev == disposition && unit->generation > 0;
    if (unit->generations == 0) { /* just graded, or put away without a label: its first one comes out */
        leave_stock(turn);
        unit_decide(turn, disposition, by, EVENT_UNIT_DISPOSITION_DECIDED);
        return;
    }
    unit->disposition = disposition;
    unit->state = UNIT_DECIDED;
    TEXT_COPY(unit->decided_by, by);
    struct event *event = unit_event(turn, EVENT_UNIT_DISPOSITION_DECIDED);
    event->trace = &turn->out->trace;
    event->prev = prev;
    leave_stock(turn);
    if (!same)
        retire(turn);
}

static void decide_or_choose(struct turn *turn, enum disposition disposition, const char *by)
{
    if (disposition == DISPOSITION_NONE)
        to_choose(turn);
    else
        decide_anew(turn, disposition, by);
}

static bool has_unit(const struct turn *turn)
{
    return turn->unit.unit_id != 0;
}

static bool stays(const struct turn *turn)
{
    return has_unit(turn) && !is_gone(turn);
}

/* ---- verified ---- */

static bool fits(const struct unit *unit, const struct rma_line *line)
{
    return text_equal(unit->sku, line->sku) || (unit->gtin[0] != '\0' && text_equal(unit->gtin, line->gtin));
}

static bool is_open(const struct rma_line *line)
{
    return !line->withdrawn && line->received + line->received_elsewhere < line->qty;
}

/* An open line of the parcel's RMAs that it fits, else a full one, else NULL. */
static const struct rma_line *find_line(const struct turn *turn, const struct rma **ret_rma)
{
    const struct parcel_facts *parcel = &turn->facts->asked_parcel;
    const struct rma_line *best = NULL;
    for (size_t i = 0; i < parcel->rma_count; i++) {
        for (size_t k = 0; k < parcel->rmas[i].line_count; k++) {
            const struct rma_line *line = &parcel->rmas[i].lines[k];
            if (!fits(&turn->unit, line) || (best != NULL && (is_open(best) || !is_open(line))))
                continue;
            best = line;
            *ret_rma = &parcel->rmas[i];
        }
    }
    return best;
}

static bool is_pending(const struct turn *turn)
{
    return has_unit(turn) && turn->unit.line[0] == '\0' && turn->unit.state != UNIT_VOID;
}

/* What the unit is on its line: nothing wrong, or why only a person may decide. */
static const char *problem_on(const struct unit *unit, const struct product *product, const struct rma_line *line)
{
    bool tracked = product->track == TRACK_SERIAL && unit->serial[0] != '\0' && line->serials_known;
    return !is_open(line) ? "over_quantity" : tracked && !line_has_serial(line, unit->serial) ? "serial_mismatch" : "";
}

/* Without a line no policy says more than that a person must decide. */
static bool is_decided_by_erp(const struct unit *unit)
{
    return text_equal(unit->decided_by, "erp") || unit->verdict == VERDICT_ACCEPTED ||
           unit->verdict == VERDICT_REJECTED;
}

/* No line is meant for it. What the ERP has decided already stands; else it waits for a person, in quarantine. */
static void match_nothing(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    if (unit->problem[0] == '\0' && !is_decided_by_erp(unit)) {
        bool leaves = unit->disposition != DISPOSITION_NONE && unit->disposition != DISPOSITION_QUARANTINE;
        TEXT_COPY(unit->problem, "wrong_item");
        effect_exception(turn, unit->problem, true);
        if (leaves && !is_gone(turn))
            decide_or_choose(turn, unit_judge(turn), "policy");
    }
    turn->out->unit = *unit;
}

static void match(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    const struct rma *rma = NULL;
    const struct rma_line *line = find_line(turn, &rma);
    if (unit->problem[0] != '\0' || line == NULL) {
        match_nothing(turn);
        return;
    }
    char reason[KEY_SIZE];
    TEXT_COPY(reason, unit->reason_found);
    TEXT_COPY(unit->problem, problem_on(unit, turn_product(turn), line));
    fill_from_line(unit, rma, line);
    if (reason[0] != '\0')
        TEXT_COPY(unit->reason_found, reason);
    struct event *event = unit_event(turn, EVENT_UNIT_MATCHED);
    event->received = line->received + line->received_elsewhere + 1;
    event->expected = line->qty;
    if (unit->problem[0] != '\0')
        open_exception(turn, unit->problem, true);
    if (unit->state > UNIT_INSPECTING && !is_gone(turn))
        decide_or_choose(turn, unit_judge(turn), "policy");
    keep_unit(turn);
}

/* ---- what the ERP decides about a unit ---- */

/* Its exceptions are settled by the decision. */
static void settle_exceptions(struct turn *turn)
{
    turn->unit.problem[0] = '\0';
    turn->out->resolves_unit = turn->facts->exception_count > 0;
    for (size_t i = 0; i < turn->facts->exception_count; i++) {
        struct event *event = unit_event(turn, EVENT_EXCEPTION_RESOLVED);
        TEXT_COPY(event->text, turn->facts->exceptions[i]);
        TEXT_COPY(event->reason, "decided");
    }
}

/* The ERP may decide what no worker may, but not that unsafe goods are sold. */
static bool is_unsafe(const struct turn *turn, enum disposition disposition)
{
    const unsigned sale = BIT(DISPOSITION_RESELL) | BIT(DISPOSITION_RESELL_B) | BIT(DISPOSITION_DONATE) |
                          BIT(DISPOSITION_LIQUIDATE);
    struct policy_case c = turn_case(turn);
    return (BIT(disposition) & sale & policy_bans(&c)) != 0;
}

static void explain_decision(struct turn *turn)
{
    const struct effect *told = effect_told(turn);
    struct message step = message_of(MESSAGE_RULE_ERP);
    trace_add(&turn->out->trace,
              told->reason[0] != '\0' ? message_text(step, 0, told->reason)
              : told->disposition != DISPOSITION_NONE
                  ? message_word(step, 0, "disposition", name_of(&disposition_names, (int)told->disposition))
                  : message_word(step, 0, "verdict", name_of(&verdict_names, (int)told->verdict)));
}

static void decide_unit(struct turn *turn)
{
    enum disposition disposition = effect_told(turn)->disposition, only = turn->unit.disposition;
    settle_exceptions(turn);
    if (effect_told(turn)->verdict != VERDICT_NONE)
        only = unit_judge(turn);
    bool unsafe = is_unsafe(turn, disposition != DISPOSITION_NONE ? disposition : only);
    if (unsafe) {
        TEXT_COPY(turn->unit.problem, "unsafe");
        open_exception(turn, "unsafe", true);
        disposition = DISPOSITION_QUARANTINE;
    }
    explain_decision(turn);
    decide_or_choose(turn, disposition != DISPOSITION_NONE ? disposition : only, "erp");
    keep_unit(turn);
}

/* ---- contested, recalled, withdrawn ---- */

/* A unit that is graded but has no label yet only hears that there is less to choose. */
static void set_aside(struct turn *turn)
{
    enum disposition only = turn->unit.state > UNIT_INSPECTING ? unit_judge(turn) : DISPOSITION_NONE;
    if (turn->unit.state > UNIT_GRADED || only != DISPOSITION_NONE)
        decide_or_choose(turn, only, "policy");
    keep_unit(turn);
}

static void conflict(struct turn *turn)
{
    TEXT_COPY(turn->unit.problem, "conflict");
    open_exception(turn, "conflict", true);
    set_aside(turn);
}

static bool has_exception(const struct turn *turn, const char *type)
{
    for (size_t i = 0; i < turn->facts->exception_count; i++)
        if (text_equal(turn->facts->exceptions[i], type))
            return true;
    return false;
}

static bool is_recalled(const struct turn *turn)
{
    return stays(turn) && policy_recalls(turn_product(turn), &turn->unit) && !has_exception(turn, "recall");
}

/* The verdict stands: the customer sent it back all the same. */
static void recall(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    open_exception(turn, "recall", true);
    if (unit->state > UNIT_INSPECTING && unit->disposition != DISPOSITION_QUARANTINE) {
        trace_add(&turn->out->trace,
                  message_text(message_of(MESSAGE_RULE_RECALL), 0, turn_product(turn)->recall));
        unit->allowed = BIT(DISPOSITION_QUARANTINE);
        decide_anew(turn, DISPOSITION_QUARANTINE, "policy");
    }
    keep_unit(turn);
}

static bool is_withdrawn(const struct turn *turn)
{
    const struct rma_line *line = turn_line(turn);
    return stays(turn) && line != NULL && line->withdrawn && !has_exception(turn, "rma_changed");
}

/* What was decided stands, with the versions it was decided by; what was not becomes a person's business. */
static void withdrawn(struct turn *turn)
{
    open_exception(turn, "rma_changed", true);
    if (turn->unit.state == UNIT_GRADED)
        set_aside(turn);
    turn->out->unit = turn->unit;
    struct message message = message_text(message_of(MESSAGE_ERP_EXCEPTION), 0, turn->unit.lpn);
    effect_say(turn, message_word(message, 1, "problem", "rma_changed"));
}

const struct effect_row unit_effects[] = {
    {"unit matched", EFFECT_MATCH, is_pending, match},
    {"unit decided by the ERP", EFFECT_DECISION, stays, decide_unit},
    {"unit contested", EFFECT_CONFLICT, stays, conflict},
    {"unit recalled", EFFECT_RECALL, is_recalled, recall},
    {"line of a unit withdrawn", EFFECT_WITHDRAWN, is_withdrawn, withdrawn},
};
const size_t unit_effect_count = COUNT_OF(unit_effects);
