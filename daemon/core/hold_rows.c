/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the parcel that is not as it should be: held, damaged, refused, empty, of an RMA nobody wrote on it (§5.2).
 */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

const char *const hold_exceptions[HOLD_KIND_COUNT] = {
    [HOLD_NONE] = "",
    [HOLD_UNKNOWN] = "unknown_parcel",
    [HOLD_CUSTOMS] = "held_customs",
    [HOLD_HAZMAT] = "held_hazmat",
    [HOLD_DAMAGED] = "held_damaged",
    [HOLD_OTHER] = "held_other",
};

static const struct parcel_facts *meant_facts(const struct turn *turn)
{
    const struct facts *facts = turn->facts;
    bool asked = facts->asked_parcel.parcel.parcel_id != 0 && facts->asked_unit.unit.unit_id == 0;
    return asked ? &facts->asked_parcel : &facts->hand_parcel;
}

const struct parcel *parcel_meant(const struct turn *turn)
{
    return &meant_facts(turn)->parcel;
}

/* The row works on the parcel meant; what the last scan received stays meant, so that several cards can follow it. */
static void take_meant(struct turn *turn)
{
    turn->parcel = *parcel_meant(turn);
    if (turn->session->parcel_id != turn->parcel.parcel_id)
        turn->session->arrived_id = turn->parcel.parcel_id;
}

static void keep_parcel(struct turn *turn)
{
    turn->out->parcel = turn->parcel;
}

static void let_go(struct turn *turn)
{
    if (turn->session->parcel_id == turn->parcel.parcel_id)
        turn->session->parcel_id = 0;
}

static bool is_here(const struct turn *turn)
{
    enum parcel_state state = parcel_meant(turn)->state;
    return state == PARCEL_ARRIVED || state == PARCEL_OPEN;
}

static bool has_arrived(const struct turn *turn)
{
    return parcel_meant(turn)->state == PARCEL_ARRIVED;
}

static struct message with_kind(enum message_key key, const struct parcel *parcel)
{
    struct message message = message_text(message_of(key), 0, parcel->code);
    return message_word(message, 1, "hold_kind", name_of(&hold_kind_names, (int)parcel->hold));
}

/* ---- held, and how it ends ---- */

void hold_parcel(struct turn *turn, enum hold_kind kind)
{
    turn->parcel.resumes = turn->parcel.state;
    turn->parcel.state = PARCEL_HELD;
    turn->parcel.hold = kind;
    parcel_event(turn, EVENT_PARCEL_HELD);
    open_exception(turn, hold_exceptions[kind], false);
    print_parcel_label(turn, LABEL_HOLD);
    let_go(turn);
    stop(turn, with_kind(MESSAGE_PARCEL_HELD, &turn->parcel));
    turn->out->action = ACTION_BLOCK;
}

bool hold_flagged(struct turn *turn, const struct rma *rma)
{
    bool hazmat = rma->hazmat && turn->facts->rules->hold_hazmat;
    if (rma->customs_hold || hazmat)
        hold_parcel(turn, rma->customs_hold ? HOLD_CUSTOMS : HOLD_HAZMAT);
    return rma->customs_hold || hazmat;
}

void hold_unknown_parcel(struct turn *turn, const char *value)
{
    new_parcel(turn);
    turn->parcel.state = PARCEL_HELD;
    turn->parcel.hold = HOLD_UNKNOWN;
    turn->parcel.resumes = PARCEL_ARRIVED;
    turn->parcel.received_at = turn->facts->when.now;
    TEXT_COPY(turn->parcel.scanned, value);
    TEXT_COPY(turn->parcel.matched_by, "none");
    join_load(turn);
    TEXT_COPY(parcel_event(turn, EVENT_PARCEL_UNKNOWN)->text, value);
    open_exception(turn, hold_exceptions[HOLD_UNKNOWN], false);
    print_parcel_label(turn, LABEL_HOLD);
    turn->session->arrived_id = turn->parcel.parcel_id;
    keep_parcel(turn);
    struct message message =
        message_text(message_of(value[0] != '\0' ? MESSAGE_PARCEL_UNKNOWN : MESSAGE_PARCEL_NO_CODE), 0, value);
    answer(turn, ACTION_HOLD, SIGNAL_ATTENTION, message);
}

static bool takes_parcels(const struct turn *turn)
{
    return turn->mode == LANE_DOCK || turn->hand == HAND_NOTHING;
}

static void no_code(struct turn *turn)
{
    hold_unknown_parcel(turn, "");
}

static void ask_hold(struct turn *turn)
{
    ask(turn, PENDING_HOLD, parcel_meant(turn)->parcel_id, message_of(MESSAGE_PARCEL_HOLD_WHY));
}

static void hold(struct turn *turn)
{
    take_meant(turn);
    hold_parcel(turn, (enum hold_kind)(HOLD_CUSTOMS + (int)(turn->verb - VERB_OPTION_1)));
    keep_parcel(turn);
}

static const struct parcel_facts *scanned_parcel(const struct turn *turn)
{
    return &turn->facts->scanned.parcel;
}

static bool is_held(const struct turn *turn)
{
    return scanned_parcel(turn)->parcel.state == PARCEL_HELD;
}

static bool is_held_unknown(const struct turn *turn)
{
    return is_held(turn) && scanned_parcel(turn)->parcel.hold == HOLD_UNKNOWN;
}

void release_hold(struct turn *turn, const char *how)
{
    resolve_exception(turn, hold_exceptions[turn->parcel.hold], how);
    turn->parcel.state = turn->parcel.resumes;
    turn->parcel.hold = HOLD_NONE;
    keep_parcel(turn);
}

static bool has_export_papers(const struct parcel_facts *parcel)
{
    for (size_t i = 0; i < parcel->rma_count; i++)
        if (parcel->rmas[i].export_mrn[0] != '\0')
            return true;
    return false;
}

/* Only a lead ends a hold; customs only with the export's number, anything else by saying what becomes of the parcel.
 */
static void held(struct turn *turn)
{
    turn->parcel = scanned_parcel(turn)->parcel;
    struct message message = with_kind(MESSAGE_PARCEL_HELD, &turn->parcel);
    if (!turn_has_lead(turn)) {
        refuse_without_lead(turn, message);
    } else if (turn->parcel.hold != HOLD_CUSTOMS) {
        ask(turn, PENDING_RELEASE, turn->parcel.parcel_id, with_kind(MESSAGE_PARCEL_RELEASE_HOW, &turn->parcel));
        TEXT_COPY(turn->session->pending_value,
                  turn->facts->lead.id[0] != '\0' ? turn->facts->lead.id : turn->facts->operator.id);
    } else if (!has_export_papers(scanned_parcel(turn))) {
        refuse(turn, with_kind(MESSAGE_PARCEL_NO_MRN, &turn->parcel));
    } else {
        release_hold(turn, "released");
        answer(turn, ACTION_RELEASE_HOLD, SIGNAL_OK, with_kind(MESSAGE_PARCEL_GOES_ON, &turn->parcel));
    }
}

static void goes_on(struct turn *turn)
{
    take_meant(turn);
    TEXT_COPY(turn->out->lead, turn->facts->session.pending_value);
    release_hold(turn, "released");
    answer(turn, ACTION_RELEASE_HOLD, SIGNAL_OK, with_kind(MESSAGE_PARCEL_GOES_ON, &turn->parcel));
}

void refuse_parcel(struct turn *turn)
{
    turn->parcel.state = PARCEL_REFUSED;
    TEXT_COPY(parcel_event(turn, EVENT_PARCEL_REFUSED)->reason, "refused_by_station");
    let_go(turn);
    keep_parcel(turn);
    answer(turn, ACTION_REFUSE, SIGNAL_OK, message_text(message_of(MESSAGE_PARCEL_REFUSED), 0, turn->parcel.code));
}

static void goes_back(struct turn *turn)
{
    take_meant(turn);
    TEXT_COPY(turn->out->lead, turn->facts->session.pending_value);
    release_hold(turn, "refused");
    refuse_parcel(turn);
}

static void refuse_meant(struct turn *turn)
{
    take_meant(turn);
    refuse_parcel(turn);
}

/* ---- of nobody yet: opened blind, or linked to its RMA ---- */

static void open_blind(struct turn *turn)
{
    turn->parcel = scanned_parcel(turn)->parcel;
    turn->parcel.hold = HOLD_NONE;
    open_parcel(turn);
    answer(turn, ACTION_OPEN, SIGNAL_ATTENTION, message_text(message_of(MESSAGE_PARCEL_BLIND), 0, turn->parcel.code));
    keep_parcel(turn);
}

static void show_unknown(struct turn *turn)
{
    const struct parcel *parcel = &scanned_parcel(turn)->parcel;
    ask(turn, PENDING_HELD, parcel->parcel_id, with_kind(MESSAGE_PARCEL_HELD, parcel));
}

static bool can_be_linked(const struct turn *turn)
{
    const struct parcel *parcel = parcel_meant(turn);
    return (parcel->state == PARCEL_HELD && parcel->hold == HOLD_UNKNOWN) || parcel->state == PARCEL_OPEN;
}

static void ask_rma(struct turn *turn)
{
    ask(turn, PENDING_LINK, parcel_meant(turn)->parcel_id,
        message_text(message_of(MESSAGE_PARCEL_LINK_TO), 0, parcel_meant(turn)->code));
}

void link_rma(struct turn *turn, const struct rma *rma)
{
    TEXT_COPY(turn->parcel.rma, rma->rma);
    if (turn->parcel.priority < rma->priority)
        turn->parcel.priority = rma->priority;
    parcel_event(turn, EVENT_PARCEL_LINKED);
    recommend_on_receipt(turn, rma);
    keep_parcel(turn);
    answer(turn, ACTION_LINK, SIGNAL_OK, message_text(message_of(MESSAGE_PARCEL_LINKED), 0, rma->rma));
}

static void link_scanned(struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    take_meant(turn);
    if (turn->parcel.state == PARCEL_HELD || turn->parcel.rma[0] == '\0')
        resolve_exception(turn, hold_exceptions[HOLD_UNKNOWN], "linked");
    if (turn->parcel.state == PARCEL_HELD)
        turn->parcel.state = PARCEL_ARRIVED;
    turn->parcel.hold = HOLD_NONE;
    add_alias(turn, scanned->rma_by, scanned->rma_code);
    link_rma(turn, &scanned->rma);
}

/* A paper in the box: an RMA or order number, not the number on the outside of some parcel. */
static bool is_slip(const struct turn *turn)
{
    enum ref_kind by = turn->facts->scanned.rma_by;
    return by != REF_TRACKING && by != REF_SSCC && turn->facts->scanned.rma_parcels == 0;
}

static bool is_slip_of_this_box(const struct turn *turn)
{
    const struct parcel_facts *hand = &turn->facts->hand_parcel;
    for (size_t i = 0; i < hand->rma_count; i++)
        if (text_equal(hand->rmas[i].rma, turn->facts->scanned.rma.rma))
            return true;
    return false;
}

/* Items go to the RMA scanned last. */
static void slip_again(struct turn *turn)
{
    const char *rma = turn->facts->scanned.rma.rma;
    TEXT_COPY(turn->parcel.rma, rma);
    keep_parcel(turn);
    answer(turn, ACTION_ALIAS, SIGNAL_INFO, message_text(message_of(MESSAGE_PARCEL_STICKY), 0, rma));
}

/* ---- an item of an RMA whose own parcel is elsewhere: this row before "wrong item" ---- */

static const struct rma_line *open_line_of_other(const struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.other;
    for (size_t i = 0; i < rma->line_count; i++)
        if (text_equal(rma->lines[i].sku, turn->facts->scanned.product.sku) &&
            line_others(&rma->lines[i], NULL) + turn_pieces(turn) <= rma->lines[i].qty)
            return &rma->lines[i];
    return NULL;
}

static bool is_of_other_rma(const struct turn *turn)
{
    return turn->item != NULL && turn->item_line == NULL && open_line_of_other(turn) != NULL;
}

static bool is_of_other_rma_again(const struct turn *turn)
{
    return is_of_other_rma(turn) && same_again(turn);
}

static void ask_other_rma(struct turn *turn)
{
    struct message message = message_text(message_of(MESSAGE_PARCEL_OTHER_RMA), 0, turn->facts->scanned.product.sku);
    ask(turn, PENDING_LINK_ITEM, 0, message_text(message, 1, turn->facts->scanned.other.rma));
}

static void link_and_identify(struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.other;
    link_rma(turn, rma);
    turn->item_rma = rma;
    turn->item_line = open_line_of_other(turn);
    identify(turn);
}

/* ---- damaged outside, empty inside ---- */

static void damaged(struct turn *turn)
{
    take_meant(turn);
    struct event *event = parcel_event(turn, EVENT_PARCEL_DAMAGED);
    TEXT_COPY(event->text, name_of(&lane_mode_names, (int)turn->mode));
    open_exception(turn, "damaged_parcel", false);
    keep_parcel(turn);
    answer(turn, ACTION_DAMAGE, SIGNAL_OK, message_text(message_of(MESSAGE_PARCEL_DAMAGED), 0, turn->parcel.code));
}

static bool nothing_found(const struct turn *turn)
{
    return turn->parcel.units == 0;
}

static void empty(struct turn *turn)
{
    turn->parcel.state = PARCEL_EMPTY;
    parcel_event(turn, EVENT_PARCEL_EMPTY);
    open_exception(turn, "empty_box", false);
    let_go(turn);
    keep_parcel(turn);
    answer(turn, ACTION_EMPTY, SIGNAL_ATTENTION, message_text(message_of(MESSAGE_PARCEL_EMPTY), 0, turn->parcel.code));
}

#define FREE .hands = NO_UNIT

const struct row hold_rows[] = {
    {"no code on it", EITHER, COMMAND(NOCODE), ANY_HAND, .guard = takes_parcels, .apply = no_code},
    {"hold why", EITHER, COMMAND(HOLD), NO_UNIT, .guard = is_here, .apply = ask_hold},
    {"hold", EITHER, TRIGGER_COMMAND, VERB_OPTION_1, VERB_OPTION_4, NO_UNIT, PENDING_HOLD, .apply = hold},
    {"the hold ends", EITHER, COMMAND(OPTION_1), ANY_HAND, PENDING_RELEASE, .apply = goes_on},
    {"the held parcel goes back", EITHER, COMMAND(OPTION_2), ANY_HAND, PENDING_RELEASE, .apply = goes_back},
    {"refuse", EITHER, COMMAND(REFUSE), NO_UNIT, .guard = has_arrived, .apply = refuse_meant},
    {"link to which RMA", EITHER, COMMAND(LINK), NO_UNIT, .guard = can_be_linked, .apply = ask_rma},
    {"linked", EITHER, TRIGGER_RMA, .hands = NO_UNIT, .asked = PENDING_LINK, .apply = link_scanned},
    {"unknown, opened blind", BENCH, TRIGGER_PARCEL, FREE, .guard = is_held_unknown, .apply = open_blind},
    {"unknown, on hold", DOCK, TRIGGER_PARCEL, .hands = ANY_HAND, .guard = is_held_unknown, .apply = show_unknown},
    {"held", EITHER, TRIGGER_PARCEL, FREE, .guard = is_held, .apply = held},
    {"slip of this box", BENCH, TRIGGER_RMA, .hands = BIT(HAND_PARCEL), .guard = is_slip_of_this_box,
     .apply = slip_again},
    {"slip of another RMA", BENCH, TRIGGER_RMA, .hands = BIT(HAND_PARCEL), .guard = is_slip, .apply = link_scanned},
    {"item of another RMA, scanned again", BENCH, TRIGGER_ITEM, .hands = BIT(HAND_PARCEL), .asked = PENDING_LINK_ITEM,
     .guard = is_of_other_rma_again, .apply = link_and_identify},
    {"item of another RMA", BENCH, TRIGGER_ITEM, .hands = BIT(HAND_PARCEL), .guard = is_of_other_rma,
     .apply = ask_other_rma},
    {"damaged", EITHER, COMMAND(BROKEN), ANY_HAND, .guard = is_here, .apply = damaged},
    {"empty box", BENCH, COMMAND(VOID), BIT(HAND_PARCEL), .guard = nothing_found, .apply = empty},
};
const size_t hold_row_count = COUNT_OF(hold_rows);
