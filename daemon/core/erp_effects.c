/* SPDX-License-Identifier: Apache-2.0 */
/* What the ERP's word does to parcels and RMAs that are here (10-domain §5.2), and the engine for all effects: one
   effect, one outcome, on no lane. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/effect_rows.h"
#include "daemon/core/workflow.h"

static const char *const effect_words[EFFECT_KIND_COUNT] = {
    [EFFECT_NONE] = "none",           [EFFECT_FOUND] = "found",         [EFFECT_NO_SUCH] = "no_such",
    [EFFECT_MATCH] = "match",         [EFFECT_DECISION] = "decision",   [EFFECT_CONFLICT] = "conflict",
    [EFFECT_RECALL] = "recall",       [EFFECT_WITHDRAWN] = "withdrawn", [EFFECT_RELEASE] = "release",
    [EFFECT_FLAG] = "flag",           [EFFECT_COMPLETED] = "completed", [EFFECT_LOST] = "lost"};
const struct names effect_kind_names = {effect_words, EFFECT_KIND_COUNT};

const struct effect *effect_told(const struct turn *turn)
{
    return &turn->facts->effect;
}

void effect_say(struct turn *turn, struct message message)
{
    answer(turn, ACTION_ERP, SIGNAL_ATTENTION, message);
}

void effect_exception(struct turn *turn, const char *type, bool of_unit)
{
    struct message message = message_text(message_of(MESSAGE_ERP_EXCEPTION), 0,
                                          of_unit ? turn->unit.lpn : turn->parcel.code);
    open_exception(turn, type, of_unit);
    effect_say(turn, message_word(message, 1, "problem", type));
}

static void keep_parcel(struct turn *turn)
{
    turn->out->parcel = turn->parcel;
    struct message message = message_text(message_of(MESSAGE_ERP_PARCEL), 0, turn->parcel.code);
    effect_say(turn, message_word(message, 1, "parcel_state", name_of(&parcel_state_names, (int)turn->parcel.state)));
}

static bool is_here(const struct turn *turn)
{
    return turn->parcel.state == PARCEL_ARRIVED || turn->parcel.state == PARCEL_OPEN;
}

/* ---- verified ---- */

static bool is_unverified(const struct turn *turn)
{
    return turn->parcel.parcel_id != 0 && !turn->parcel.verified;
}

static void found(struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.rma;
    struct parcel *parcel = &turn->parcel;
    parcel->verified = true;
    TEXT_COPY(parcel->rma, rma->rma);
    if (parcel->priority < rma->priority)
        parcel->priority = rma->priority;
    turn->out->spreads = EFFECT_MATCH;
    if (parcel->state != PARCEL_EXPECTED) {
        TEXT_COPY(parcel_event(turn, EVENT_PARCEL_VERIFIED)->text, rma->rma);
        recommend_on_receipt(turn, rma);
    }
    if (is_here(turn))
        hold_flagged(turn, rma);
    turn->out->parcel = *parcel;
    effect_say(turn, message_text(message_text(message_of(MESSAGE_ERP_VERIFIED), 0, parcel->code), 1, rma->rma));
}

static bool has_rma(const struct turn *turn)
{
    return is_unverified(turn) && turn->facts->scanned.rma.rma[0] != '\0';
}

static void no_such(struct turn *turn)
{
    struct parcel *parcel = &turn->parcel;
    bool arrived = parcel->state == PARCEL_ARRIVED;
    parcel->verified = true; /* the ERP's word on it */
    TEXT_COPY(parcel->matched_by, "none");
    if (arrived) {
        parcel->state = PARCEL_HELD;
        parcel->hold = HOLD_UNKNOWN;
        parcel->resumes = PARCEL_ARRIVED;
        print_parcel_label(turn, LABEL_HOLD);
    }
    if (parcel->state != PARCEL_EXPECTED) {
        TEXT_COPY(parcel_event(turn, EVENT_PARCEL_UNKNOWN)->text, parcel->scanned);
        open_exception(turn, hold_exceptions[HOLD_UNKNOWN], false);
    }
    turn->out->parcel = *parcel;
    effect_say(turn, message_text(message_of(MESSAGE_ERP_NO_SUCH), 0, parcel->code));
}

/* ---- parcels ---- */

static bool is_held(const struct turn *turn)
{
    return turn->parcel.state == PARCEL_HELD;
}

static bool is_released(const struct turn *turn)
{
    enum hold_kind kind = turn->parcel.hold, meant = effect_told(turn)->hold;
    return is_held(turn) && kind != HOLD_UNKNOWN && (meant == HOLD_NONE || meant == kind);
}

static void release(struct turn *turn)
{
    release_hold(turn, "released");
    keep_parcel(turn);
}

/* Customs give goods free, not the ERP's word about the parcel. */
static bool can_be_decided(const struct turn *turn)
{
    return is_held(turn) && turn->parcel.hold != HOLD_CUSTOMS;
}

static bool goes_back(const struct turn *turn)
{
    return can_be_decided(turn) &&
           (effect_told(turn)->verdict == VERDICT_REJECTED || text_equal(effect_told(turn)->outcome, "refused"));
}

static void refuse_held(struct turn *turn)
{
    release_hold(turn, "decided");
    refuse_parcel(turn);
    keep_parcel(turn);
}

static void let_held_go_on(struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.rma;
    bool unknown = turn->parcel.hold == HOLD_UNKNOWN;
    release_hold(turn, "decided");
    if (unknown && rma->rma[0] != '\0')
        link_rma(turn, rma);
    keep_parcel(turn);
}

static bool says_lost(const struct turn *turn)
{
    return turn->parcel.state == PARCEL_EXPECTED &&
           (effect_told(turn)->kind == EFFECT_LOST || text_equal(effect_told(turn)->outcome, "lost"));
}

static void lose(struct turn *turn)
{
    turn->parcel.state = PARCEL_LOST;
    keep_parcel(turn);
}

static bool is_to_be_held(const struct turn *turn)
{
    return is_here(turn) && (effect_told(turn)->hold != HOLD_HAZMAT || turn->facts->rules->hold_hazmat);
}

static void hold_now(struct turn *turn)
{
    hold_parcel(turn, effect_told(turn)->hold);
    keep_parcel(turn);
}

static void conflict_elsewhere(struct turn *turn)
{
    effect_exception(turn, "conflict", (turn->unit.unit_id != 0));
}

static bool is_known(const struct turn *turn)
{
    return (turn->unit.unit_id != 0) || turn->parcel.parcel_id != 0;
}

/* ---- RMAs ---- */

static bool is_not_completed(const struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.rma;
    return rma->rma[0] != '\0' && !rma->completed;
}

static void complete(struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.rma;
    complete_rma(turn, rma);
    effect_say(turn, message_text(message_of(MESSAGE_ERP_COMPLETED), 0, rma->rma));
}

/* ---- the table ---- */

const struct effect_row parcel_effects[] = {
    {"the ERP found the RMA", EFFECT_FOUND, has_rma, found},
    {"the ERP knows no such RMA", EFFECT_NO_SUCH, is_unverified, no_such},
    {"held parcel goes back, decided by the ERP", EFFECT_DECISION, goes_back, refuse_held},
    {"held parcel goes on, decided by the ERP", EFFECT_DECISION, can_be_decided, let_held_go_on},
    {"expected parcel lost, decided by the ERP", EFFECT_DECISION, says_lost, lose},
    {"contested, not here", EFFECT_CONFLICT, is_known, conflict_elsewhere},
    {"hold released by the ERP", EFFECT_RELEASE, is_released, release},
    {"parcel to be held", EFFECT_FLAG, is_to_be_held, hold_now},
    {"RMA completed by the ERP", EFFECT_COMPLETED, is_not_completed, complete},
    {"expected parcel lost", EFFECT_LOST, says_lost, lose},
};
const size_t parcel_effect_count = COUNT_OF(parcel_effects);

static bool apply_first(struct turn *turn, const struct effect_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind != turn->facts->effect.kind || !rows[i].guard(turn))
            continue;
        outcome_begin(turn->out);
        turn->out->row = rows[i].name;
        turn->out->action = ACTION_ERP;
        rows[i].apply(turn);
        turn->out->next = turn->out->message;
        return true;
    }
    return false;
}

void workflow_effect(const struct facts *facts, struct outcome *ret_outcome)
{
    struct session nobody = {0};
    struct turn turn = {.facts = facts, .session = &nobody, .out = ret_outcome, .mode = LANE_BENCH};
    outcome_begin(ret_outcome);
    ret_outcome->silent = true;
    ret_outcome->message = message_of(MESSAGE_ERP_NOTHING);
    turn.unit = facts->asked_unit.unit;
    turn.parcel = facts->asked_parcel.parcel;
    if (!apply_first(&turn, unit_effects, unit_effect_count))
        apply_first(&turn, parcel_effects, parcel_effect_count);
}
