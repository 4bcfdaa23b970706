/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of loads: pallets, cages and transfers whose parcels are counted at the dock (10-domain §5.2, §5.4). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

static const struct load *scanned_load(const struct turn *turn)
{
    return &turn->facts->scanned.load;
}

static const struct load *hand_load(const struct turn *turn)
{
    return &turn->facts->hand_load;
}

/* Another lane may have closed it meanwhile. */
static bool has_load(const struct turn *turn)
{
    return hand_load(turn)->state == LOAD_OPEN;
}

void join_load(struct turn *turn)
{
    turn->parcel.load_id = turn->mode == LANE_DOCK && has_load(turn) ? hand_load(turn)->load_id : 0;
}

/* "{0} code, {1} parcels so far, {2} expected" */
static struct message about(enum message_key key, const struct load *load)
{
    struct message message = message_text(message_of(key), 0, load->code);
    return message_number(message_number(message, 1, load->arrived), 2, load->expected);
}

/* ---- opened ---- */

static void open(struct turn *turn, enum message_key key)
{
    struct load *load = &turn->out->load;
    load->state = LOAD_OPEN;
    load->opened_at = turn->facts->when.now;
    load->closed_at = 0;
    outcome_event(turn->out, EVENT_LOAD_OPENED)->load = load;
    turn->session->load_id = load->load_id;
    answer(turn, ACTION_LOAD_OPEN, SIGNAL_OK, about(key, load));
}

static void open_announced(struct turn *turn)
{
    turn->out->load = *scanned_load(turn);
    open(turn, scanned_load(turn)->expected > 0 ? MESSAGE_LOAD_OPENED : MESSAGE_LOAD_OPENED_UNCOUNTED);
}

static const char *scanned_sscc(const struct turn *turn)
{
    const struct scanned *scanned = &turn->facts->scanned;
    for (size_t i = 0; i < scanned->count; i++)
        if (scanned->candidates[i].class == CANDIDATE_SSCC)
            return scanned->candidates[i].value;
    return "";
}

static void open_unknown(struct turn *turn)
{
    struct load *load = &turn->out->load;
    load->load_id = turn->facts->next_load_id;
    TEXT_COPY(load->code, scanned_sscc(turn));
    TEXT_COPY(load->sscc, scanned_sscc(turn));
    open(turn, MESSAGE_LOAD_OPENED_UNCOUNTED);
}

/* On a pallet whose parcels are being scanned, an SSCC that nobody knows is that of a parcel; else it is a pallet's,
   once the ERP was asked whether it knows it. */
static bool has_no_load(const struct turn *turn)
{
    return !has_load(turn) && turn->facts->scanned.erp == ERP_NO_SUCH;
}

static bool is_in_hand(const struct turn *turn)
{
    return has_load(turn) && scanned_load(turn)->load_id == hand_load(turn)->load_id;
}

static void tell(struct turn *turn)
{
    answer(turn, ACTION_DUPLICATE, SIGNAL_INFO, about(MESSAGE_LOAD_SO_FAR, scanned_load(turn)));
}

static bool is_open(const struct turn *turn)
{
    return scanned_load(turn)->state == LOAD_OPEN;
}

/* Several lanes may unload one pallet, and a lane may come back to it. */
static void take(struct turn *turn)
{
    turn->session->load_id = scanned_load(turn)->load_id;
    answer(turn, ACTION_PLACE, SIGNAL_OK, about(MESSAGE_LOAD_SO_FAR, scanned_load(turn)));
}

static void put_down(struct turn *turn)
{
    turn->session->load_id = 0;
    answer(turn, ACTION_DROP, SIGNAL_OK, about(MESSAGE_LOAD_DROPPED, hand_load(turn)));
}

static bool is_nothing_else(const struct turn *turn)
{
    return (turn->offers & (BIT(TRIGGER_PARCEL) | BIT(TRIGGER_RMA) | BIT(TRIGGER_ITEM))) == 0;
}

static void only_at_the_dock(struct turn *turn)
{
    refuse(turn, about(MESSAGE_LOAD_AT_DOCK, scanned_load(turn)));
}

/* ---- closed, and opened again ---- */

static void close(struct turn *turn)
{
    struct load *load = &turn->out->load;
    *load = *hand_load(turn);
    load->state = LOAD_CLOSED;
    load->closed_at = turn->facts->when.now;
    outcome_event(turn->out, EVENT_LOAD_CLOSED)->load = load;
    turn->session->load_id = 0;
    bool differs = load->expected > 0 && load->arrived != load->expected;
    answer(turn, ACTION_LOAD_CLOSE, differs ? SIGNAL_ATTENTION : SIGNAL_OK,
           about(differs ? MESSAGE_LOAD_CLOSED_DIFFERS : MESSAGE_LOAD_CLOSED, load));
}

static bool is_closed(const struct turn *turn)
{
    return scanned_load(turn)->state == LOAD_CLOSED;
}

static void tell_closed(struct turn *turn)
{
    refuse(turn, about(MESSAGE_LOAD_IS_CLOSED, scanned_load(turn)));
}

static void ask_reopen(struct turn *turn)
{
    ask(turn, PENDING_REOPEN, 0, message_of(MESSAGE_LOAD_REOPEN_WHICH));
    turn->out->signal = SIGNAL_INFO;
}

static void reopen(struct turn *turn)
{
    bool today = clock_day(scanned_load(turn)->closed_at) == clock_day(turn->facts->when.now);
    if (!today && !turn_has_lead(turn)) {
        refuse_without_lead(turn, about(MESSAGE_LOAD_REOPEN_LEAD, scanned_load(turn)));
        return;
    }
    turn->out->load = *scanned_load(turn);
    open(turn, MESSAGE_LOAD_SO_FAR);
}

const struct row load_rows[] = {
    {"load, scanned again", DOCK, TRIGGER_LOAD, .hands = ANY_HAND, .guard = is_in_hand, .apply = tell},
    {"load reopens", DOCK, TRIGGER_LOAD, .hands = ANY_HAND, .asked = PENDING_REOPEN, .guard = is_closed,
     .apply = reopen},
    {"load is closed", DOCK, TRIGGER_LOAD, .hands = ANY_HAND, .guard = is_closed, .apply = tell_closed},
    {"load is open", DOCK, TRIGGER_LOAD, .hands = ANY_HAND, .guard = is_open, .apply = take},
    {"load opens", DOCK, TRIGGER_LOAD, .hands = ANY_HAND, .apply = open_announced},
    {"load that nobody announced", DOCK, TRIGGER_UNKNOWN_LOAD, .hands = ANY_HAND, .guard = has_no_load,
     .apply = open_unknown},
    {"load at a bench", BENCH, TRIGGER_LOAD, .hands = ANY_HAND, .guard = is_nothing_else, .apply = only_at_the_dock},
    {"close the load", DOCK, COMMAND(CLOSE), ANY_HAND, .guard = has_load, .apply = close},
    {"put the load down", DOCK, COMMAND(DROP), ANY_HAND, .guard = has_load, .apply = put_down},
    {"reopen which load", DOCK, COMMAND(REOPEN), ANY_HAND, .apply = ask_reopen},
};
const size_t load_row_count = COUNT_OF(load_rows);
