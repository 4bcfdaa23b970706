/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the parcel: arrival, duplicates, second boxes, opening, holding the unknown, closing (10-domain §5.2). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/recommend.h"
#include "daemon/core/turn.h"

#define ALIAS_MS 10000

void new_parcel(struct turn *turn)
{
    const struct facts *facts = turn->facts;
    turn->parcel = (struct parcel){.parcel_id = facts->next_parcel_id, .received_at = INSTANT_NONE, .verified = true};
    TEXT_FORMAT(turn->parcel.code, "PX%03d%07lld", facts->rules->station_number, (long long)facts->next_parcel_code);
    turn->out->parcel_codes_used = 1;
}

void add_alias(struct turn *turn, enum ref_kind kind, const char *value)
{
    struct alias *alias = &turn->out->aliases[turn->out->alias_count++];
    alias->parcel_id = turn->parcel.parcel_id;
    alias->kind = kind;
    TEXT_COPY(alias->value, value);
}

void print_parcel_label(struct turn *turn, enum label_kind kind)
{
    turn->out->print = (struct print_job){.kind = kind, .parcel_id = turn->parcel.parcel_id, .copy = 1};
    turn->session->last_parcel_id = turn->parcel.parcel_id;
    turn->session->last_unit_id = 0;
}

static void keep_parcel(struct turn *turn)
{
    turn->out->parcel = turn->parcel;
}

static bool is_void(const struct rma *rma)
{
    return rma->state == RMA_CANCELLED || rma->state == RMA_EXPIRED;
}

void recommend_on_receipt(struct turn *turn, const struct rma *rma)
{
    if (rma->refund_timing != TIMING_ON_RECEIPT || rma->receipt_recommended || rma->already_refunded || is_void(rma))
        return;
    struct event *event = parcel_event(turn, EVENT_OUTCOME_RECOMMENDED);
    recommend_receipt(rma, &event->outcome);
    TEXT_FORMAT(event->outcome.key, "%s/receipt", rma->rma);
    TEXT_COPY(turn->out->receipt_rma, rma->rma);
}

void arrive(struct turn *turn, const struct rma *rma)
{
    turn->parcel.state = PARCEL_ARRIVED;
    turn->parcel.received_at = turn->facts->when.now;
    turn->parcel.priority = rma->priority;
    turn->session->arrived_id = turn->parcel.parcel_id;
    join_load(turn);
    struct event *event = parcel_event(turn, EVENT_PARCEL_RECEIVED);
    event->load = turn->parcel.load_id != 0 ? &turn->facts->hand_load : NULL;
    for (size_t i = 0; i < rma->line_count; i++)
        event->expected += rma->lines[i].qty;
    recommend_on_receipt(turn, rma);
    bool late = is_void(rma);
    struct message message = message_of(late ? MESSAGE_PARCEL_RECEIVED_LATE : MESSAGE_PARCEL_RECEIVED);
    message = message_text(message, 0, rma->rma);
    if (late)
        message = message_word(message, 1, "rma_state", name_of(&rma_state_names, (int)rma->state));
    answer(turn, ACTION_RECEIVE, late ? SIGNAL_ATTENTION : SIGNAL_OK, message);
    if (hold_flagged(turn, rma))
        turn->out->action = ACTION_RECEIVE;
}

void open_parcel(struct turn *turn)
{
    turn->parcel.state = PARCEL_OPEN;
    parcel_event(turn, EVENT_PARCEL_OPENED);
    turn->session->parcel_id = turn->parcel.parcel_id;
    turn->session->unit_id = 0;
    const struct rma *rma = turn_rma(turn, turn->parcel.rma);
    struct message message = message_text(message_of(MESSAGE_PARCEL_OPENED), 0, turn->parcel.rma);
    bool late = rma != NULL && is_void(rma);
    message = message_number(message, 1, rma != NULL ? (int64_t)rma->line_count : 0);
    if (!turn->parcel.verified)
        message = message_text(message_of(MESSAGE_PARCEL_UNVERIFIED), 0, turn->parcel.scanned);
    bool received = turn->out->action == ACTION_RECEIVE;
    answer(turn, received ? ACTION_RECEIVE_OPEN : ACTION_OPEN, late ? SIGNAL_ATTENTION : SIGNAL_OK, message);
}

/* A parcel of a known RMA that nobody has seen yet; on a bench it is opened by the same scan. */
static void receive_new(struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    new_parcel(turn);
    TEXT_COPY(turn->parcel.rma, scanned->rma.rma);
    TEXT_COPY(turn->parcel.scanned, scanned->rma_code);
    TEXT_COPY(turn->parcel.carrier, scanned->rma_carrier);
    TEXT_COPY(turn->parcel.matched_by, name_of(&ref_kind_names, (int)scanned->rma_by));
    add_alias(turn, scanned->rma_by, scanned->rma_code);
    arrive(turn, &scanned->rma);
    if (turn->mode == LANE_BENCH && turn->parcel.state == PARCEL_ARRIVED)
        open_parcel(turn);
    keep_parcel(turn);
}

static bool not_yet_here(const struct turn *turn)
{
    return turn->facts->scanned.rma_parcels == 0;
}

static void arrive_unverified(struct turn *turn)
{
    turn->parcel.state = PARCEL_ARRIVED;
    turn->parcel.received_at = turn->facts->when.now;
    turn->session->arrived_id = turn->parcel.parcel_id;
    parcel_event(turn, EVENT_PARCEL_RECEIVED);
    answer(turn, ACTION_RECEIVE, SIGNAL_OK,
           message_text(message_of(MESSAGE_PARCEL_UNVERIFIED), 0, turn->parcel.scanned));
    if (turn->mode == LANE_BENCH)
        open_parcel(turn);
    keep_parcel(turn);
}

/* A parcel whose receipt was undone comes again, or one that was given up. */
static void receive_again(struct turn *turn)
{
    turn->parcel = turn->facts->scanned.parcel.parcel;
    if (!turn->parcel.verified) {
        arrive_unverified(turn);
        return;
    }
    const struct rma *rma = turn_rma(turn, turn->parcel.rma);
    if (rma == NULL) {
        refuse(turn, message_word(message_of(MESSAGE_PARCEL_NOT_HERE), 0, "parcel_state", "expected"));
        return;
    }
    arrive(turn, rma);
    if (turn->mode == LANE_BENCH && turn->parcel.state == PARCEL_ARRIVED)
        open_parcel(turn);
    keep_parcel(turn);
}

static bool scanned_in(const struct turn *turn, enum parcel_state state)
{
    return turn->facts->scanned.parcel.parcel.state == state;
}

static bool scanned_expected(const struct turn *turn)
{
    return scanned_in(turn, PARCEL_EXPECTED) || scanned_in(turn, PARCEL_LOST);
}

/* ---- the same again at the dock ---- */

static void question(struct turn *turn, enum pending pending, enum message_key key)
{
    const char *rma = turn->facts->scanned.rma.rma;
    turn->session->pending = pending;
    turn->session->pending_tick = turn->facts->when.tick;
    TEXT_COPY(turn->session->pending_value, rma);
    TEXT_COPY(turn->session->pending_code, turn->facts->scanned.rma_code);
    answer(turn, ACTION_ASK, SIGNAL_ATTENTION, message_text(message_of(key), 0, rma));
}

static void duplicate(struct turn *turn)
{
    turn->parcel = turn->facts->scanned.parcel.parcel;
    struct event *event = parcel_event(turn, EVENT_SCAN_DUPLICATE);
    TEXT_COPY(event->text, turn->facts->scanned.code);
    answer(turn, ACTION_DUPLICATE, SIGNAL_INFO, message_text(message_of(MESSAGE_PARCEL_ALREADY), 0, event->text));
}

static bool by_rma_number(const struct turn *turn)
{
    return turn->facts->scanned.parcel_by_rma;
}

static void ask_second_box(struct turn *turn)
{
    question(turn, PENDING_SECOND_BOX, MESSAGE_PARCEL_SECOND_BOX);
}

/* Another code of an RMA that has arrived: on the lane's next scan it is the same box, else the worker says. */
static bool is_other_code(const struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    return scanned->rma_parcels > 0 && !scanned->parcel_by_alias;
}

static void alias_or_ask(struct turn *turn)
{
    const struct facts *facts = turn->facts;
    const struct session *session = &facts->session;
    bool just_now = text_equal(session->run, facts->run) && facts->when.tick - session->last_tick <= ALIAS_MS &&
                    session->arrived_id == facts->scanned.parcel.parcel.parcel_id;
    if (!just_now || facts->scanned.rma.parcels_expected > 1) {
        question(turn, PENDING_ALIAS, MESSAGE_PARCEL_ALIAS_OR_BOX);
        return;
    }
    turn->parcel = facts->scanned.parcel.parcel;
    turn->session->arrived_id = turn->parcel.parcel_id;
    add_alias(turn, facts->scanned.rma_by, facts->scanned.rma_code);
    answer(turn, ACTION_ALIAS, SIGNAL_INFO, message_text(message_of(MESSAGE_PARCEL_ALIAS_ADDED), 0, turn->parcel.rma));
}

/* NEXT after "second box?": the facts hold the RMA asked about; the new box gets a label with its own number. */
static void second_box(struct turn *turn)
{
    const struct rma *rma = &turn->facts->scanned.rma;
    if (rma->rma[0] == '\0') {
        refuse(turn, message_of(MESSAGE_NOT_HERE));
        return;
    }
    new_parcel(turn);
    TEXT_COPY(turn->parcel.rma, rma->rma);
    TEXT_COPY(turn->parcel.scanned, turn->session->pending_code);
    TEXT_COPY(turn->parcel.matched_by, "rma");
    if (turn->asked == PENDING_ALIAS)
        add_alias(turn, turn->facts->scanned.rma_by, turn->session->pending_code);
    arrive(turn, rma);
    if (turn->parcel.state == PARCEL_ARRIVED)
        print_parcel_label(turn, LABEL_PARCEL);
    keep_parcel(turn);
}

static void same_box(struct turn *turn)
{
    turn->parcel = turn->facts->scanned.parcel.parcel;
    if (turn->parcel.parcel_id == 0) {
        refuse(turn, message_of(MESSAGE_NOT_HERE));
        return;
    }
    add_alias(turn, turn->facts->scanned.rma_by, turn->session->pending_code);
    answer(turn, ACTION_ALIAS, SIGNAL_INFO, message_text(message_of(MESSAGE_PARCEL_ALIAS_ADDED), 0, turn->parcel.rma));
}

/* ---- opening at the bench ---- */

static bool can_open(const struct turn *turn)
{
    return scanned_in(turn, PARCEL_ARRIVED) || scanned_in(turn, PARCEL_OPEN);
}

static bool is_elsewhere(const struct turn *turn)
{
    return can_open(turn) && turn->facts->scanned.parcel.holder_lane[0] != '\0';
}

static void elsewhere(struct turn *turn)
{
    const struct parcel_facts *scanned = &turn->facts->scanned.parcel;
    struct message message = message_text(message_of(MESSAGE_PARCEL_ELSEWHERE), 0, scanned->holder_lane);
    stop(turn, message_text(message, 1, scanned->holder));
}

static void open_scanned(struct turn *turn)
{
    bool first = scanned_in(turn, PARCEL_ARRIVED);
    turn->parcel = turn->facts->scanned.parcel.parcel;
    size_t events = turn->out->event_count;
    open_parcel(turn);
    if (!first)
        turn->out->event_count = events; /* parcel.opened is told the first time only */
    keep_parcel(turn);
}

static void not_openable(struct turn *turn)
{
    enum parcel_state state = turn->facts->scanned.parcel.parcel.state;
    if (state == PARCEL_CLOSED)
        refuse(turn, message_of(MESSAGE_PARCEL_IS_CLOSED));
    else
        refuse(turn, message_word(message_of(MESSAGE_PARCEL_NOT_HERE), 0, "parcel_state",
                                  name_of(&parcel_state_names, (int)state)));
}

void finish_unit_first(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_UNIT_IN_HAND), 0, turn->unit.sku));
}

/* ---- the unknown ---- */

/* What it most likely is among the classes of which a parcel can be. */
static const struct candidate *best_of(const struct scanned *scanned, enum ref_kind *ret_kind)
{
    static const enum ref_kind kinds[CANDIDATE_CLASS_COUNT] = {
        [CANDIDATE_RMA] = REF_RMA, [CANDIDATE_ORDER] = REF_ORDER, [CANDIDATE_TRACKING] = REF_TRACKING,
        [CANDIDATE_SSCC] = REF_SSCC};
    const struct candidate *best = &scanned->candidates[0];
    for (size_t i = 1; i < scanned->count; i++)
        if (best->class < CANDIDATE_RMA || best->class > CANDIDATE_TRACKING)
            best = &scanned->candidates[i];
    *ret_kind = kinds[best->class];
    return best;
}

static void hold_unknown(struct turn *turn)
{
    enum ref_kind kind;
    const struct candidate *best = best_of(&turn->facts->scanned, &kind);
    hold_unknown_parcel(turn, best->value);
    add_alias(turn, kind, best->value);
    turn->out->message = message_text(message_of(MESSAGE_PARCEL_UNKNOWN), 0, turn->facts->scanned.code);
}

/* The ERP cannot say: it is received, and verified when the ERP is back. */
static void receive_unverified(struct turn *turn)
{
    enum ref_kind kind;
    const struct candidate *best = best_of(&turn->facts->scanned, &kind);
    new_parcel(turn);
    turn->parcel.verified = false;
    TEXT_COPY(turn->parcel.scanned, best->value);
    TEXT_COPY(turn->parcel.matched_by, name_of(&ref_kind_names, (int)kind));
    add_alias(turn, kind, best->value);
    arrive_unverified(turn);
}

static void ask_erp(struct turn *turn)
{
    turn->out->asks_erp = true;
    answer(turn, ACTION_ASK, SIGNAL_INFO, message_text(message_of(MESSAGE_ASKING_ERP), 0, turn->facts->scanned.code));
}

/* With a parcel open on the bench, what is unknown is more likely something out of it than another parcel. */
static bool takes_parcels(const struct turn *turn)
{
    return turn->mode == LANE_DOCK || turn->hand == HAND_NOTHING;
}

static bool is_not_asked(const struct turn *turn)
{
    return takes_parcels(turn) && turn->facts->scanned.erp == ERP_NOT_ASKED;
}

static bool is_unreachable(const struct turn *turn)
{
    return takes_parcels(turn) && turn->facts->scanned.erp == ERP_UNREACHABLE;
}

static void ambiguous(struct turn *turn)
{
    struct message message = message_text(message_of(MESSAGE_AMBIGUOUS), 0, turn->facts->scanned.code);
    refuse(turn, message_number(message, 1, turn->facts->scanned.rma_count));
}

/* ---- closing and putting down ---- */

static void drop_parcel(struct turn *turn)
{
    turn->session->parcel_id = 0;
    turn->session->unit_id = 0;
    answer(turn, ACTION_DROP, SIGNAL_OK, message_of(MESSAGE_PARCEL_DROPPED));
}

#define HANDS .hands = ANY_HAND
#define FREE .hands = NO_UNIT

const struct row parcel_rows[] = {
    {"second box", DOCK, TRIGGER_COMMAND, VERB_NEXT, VERB_NEXT, ANY_HAND, PENDING_SECOND_BOX, .apply = second_box},
    {"another box", DOCK, TRIGGER_COMMAND, VERB_NEXT, VERB_NEXT, ANY_HAND, PENDING_ALIAS, .apply = second_box},
    {"same box", DOCK, TRIGGER_COMMAND, VERB_OK, VERB_OK, ANY_HAND, PENDING_ALIAS, .apply = same_box},
    {"unit in hand: parcel", BENCH, TRIGGER_PARCEL, .hands = WITH_UNIT, .apply = finish_unit_first},
    {"unit in hand: RMA", BENCH, TRIGGER_RMA, .hands = WITH_UNIT, .apply = finish_unit_first},
    {"unit in hand: unknown parcel", BENCH, TRIGGER_UNKNOWN_PARCEL, .hands = WITH_UNIT, .apply = finish_unit_first},
    {"unit in hand: close", BENCH, TRIGGER_COMMAND, VERB_CLOSE, VERB_CLOSE, WITH_UNIT, .apply = finish_unit_first},
    {"unit in hand: drop", BENCH, TRIGGER_COMMAND, VERB_DROP, VERB_DROP, WITH_UNIT, .apply = finish_unit_first},
    {"arrives", EITHER, TRIGGER_RMA, HANDS, .guard = not_yet_here, .apply = receive_new},
    {"arrives again after undo", EITHER, TRIGGER_PARCEL, HANDS, .guard = scanned_expected, .apply = receive_again},
    {"another code of it", DOCK, TRIGGER_RMA, HANDS, .guard = is_other_code, .apply = alias_or_ask},
    {"its number again", DOCK, TRIGGER_RMA, HANDS, .guard = by_rma_number, .apply = ask_second_box},
    {"the same parcel again", DOCK, TRIGGER_PARCEL, HANDS, .apply = duplicate},
    {"in another lane's hand", BENCH, TRIGGER_PARCEL, FREE, .guard = is_elsewhere, .apply = elsewhere},
    {"open", BENCH, TRIGGER_PARCEL, FREE, .guard = can_open, .apply = open_scanned},
    {"cannot be opened", BENCH, TRIGGER_PARCEL, FREE, .apply = not_openable},
    {"several RMAs", EITHER, TRIGGER_AMBIGUOUS, HANDS, .apply = ambiguous},
    {"ask the ERP", EITHER, TRIGGER_UNKNOWN_PARCEL, HANDS, .guard = is_not_asked, .apply = ask_erp},
    {"ERP cannot be asked", EITHER, TRIGGER_UNKNOWN_PARCEL, HANDS, .guard = is_unreachable,
     .apply = receive_unverified},
    {"unknown parcel", EITHER, TRIGGER_UNKNOWN_PARCEL, HANDS, .guard = takes_parcels, .apply = hold_unknown},
    {"put down", BENCH, TRIGGER_COMMAND, VERB_DROP, VERB_DROP, BIT(HAND_PARCEL), .apply = drop_parcel},
};
const size_t parcel_row_count = COUNT_OF(parcel_rows);
