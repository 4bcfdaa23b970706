/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that close a parcel, line by line where something is missing, and open it again (10-domain §5.2). */
#include "base/text.h"
#include "base/memory.h"
#include "daemon/core/turn.h"

static int64_t line_left(const struct rma_line *line)
{
    int64_t left = line->qty - line->received - line->received_elsewhere - line->missing;
    return line->excused || left < 0 ? 0 : left;
}

/* The next line of an exact RMA of which pieces are missing and nobody has said why; NULL = none. behind: start after
 * it. */
static const struct rma_line *next_unanswered(const struct turn *turn, const struct rma_line *behind,
                                              const struct rma **ret_rma)
{
    const struct parcel_facts *parcel = &turn->facts->hand_parcel;
    bool found = behind == NULL;
    for (size_t i = 0; i < parcel->rma_count; i++) {
        const struct rma *rma = &parcel->rmas[i];
        for (size_t k = 0; rma->expect == EXPECT_EXACT && k < rma->line_count; k++) {
            if (found && line_left(&rma->lines[k]) > 0) {
                *ret_rma = rma;
                return &rma->lines[k];
            }
            found = found || &rma->lines[k] == behind;
        }
    }
    return NULL;
}

static void close_now(struct turn *turn, enum action action)
{
    parcel_close(turn);
    turn->session->parcel_id = 0;
    answer(turn, action, SIGNAL_OK, message_text(message_of(MESSAGE_PARCEL_CLOSED), 0, turn->parcel.rma));
}

/* Asks about the next line, or closes: rows chain until input is needed. */
static void close_or_ask(struct turn *turn, const struct rma_line *behind, enum action action)
{
    const struct rma *rma = NULL;
    const struct rma_line *line = next_unanswered(turn, behind, &rma);
    if (line == NULL) {
        close_now(turn, action);
        return;
    }
    struct message message = message_text(message_of(MESSAGE_PARCEL_LINE_MISSING), 0, line->sku);
    message = message_number(message_text(message, 1, rma->rma), 2, line_left(line));
    ask(turn, PENDING_LINE, 0, message);
    turn->out->action = action == ACTION_CLOSE ? ACTION_ASK : action;
    TEXT_COPY(turn->session->pending_value, rma->rma);
    TEXT_COPY(turn->session->pending_code, line->line);
}

/* True, and said, if units of the parcel wait for their label: here, or at a lane that took it over meanwhile. */
static bool units_wait(struct turn *turn)
{
    if (turn->parcel.open_units > 0)
        refuse(turn, message_number(message_of(MESSAGE_PARCEL_OPEN_LINES), 0, turn->parcel.open_units));
    return turn->parcel.open_units > 0;
}

static void close(struct turn *turn)
{
    if (!units_wait(turn))
        close_or_ask(turn, NULL, ACTION_CLOSE);
}

/* ---- the answers ---- */

static void answer_line(struct turn *turn, enum line_fate fate)
{
    static const enum event_type told[LINE_FATE_COUNT] = {
        [LINE_SHORT] = EVENT_LINE_SHORT, [LINE_MISSING] = EVENT_LINE_MISSING, [LINE_AWAITED] = EVENT_LINE_SHORT};
    const struct rma *rma = turn_rma(turn, turn->facts->session.pending_value);
    const struct rma_line *line = rma != NULL ? rma_find_line(rma, turn->facts->session.pending_code) : NULL;
    if (line == NULL) {
        refuse(turn, message_of(MESSAGE_NOT_HERE));
        return;
    }
    if (units_wait(turn))
        return;
    struct line_mark *mark = &turn->out->mark;
    *mark = (struct line_mark){.parcel_id = turn->parcel.parcel_id, .fate = fate, .qty = line_left(line)};
    TEXT_COPY(mark->rma, rma->rma);
    TEXT_COPY(mark->line, line->line);
    struct event *event = parcel_event(turn, told[fate]);
    event->rma = rma;
    event->line = *line;
    event->line.missing += fate == LINE_MISSING ? mark->qty : 0;
    TEXT_COPY(event->text, name_of(&line_fate_names, (int)fate));
    if (fate == LINE_MISSING && settle_completes(turn, rma))
        complete_rma(turn, rma);
    turn->out->parcel = turn->parcel;
    close_or_ask(turn, line, ACTION_LINE);
}

static void not_in_this_box(struct turn *turn)
{
    answer_line(turn, LINE_SHORT);
}

static void lost(struct turn *turn)
{
    answer_line(turn, LINE_MISSING);
}

static void another_box_comes(struct turn *turn)
{
    answer_line(turn, LINE_AWAITED);
}

/* ---- open again ---- */

static void reopen(struct turn *turn)
{
    turn->parcel.state = PARCEL_OPEN;
    turn->parcel.closed_at = 0;
    parcel_event(turn, EVENT_PARCEL_REOPENED);
    turn->out->parcel = turn->parcel;
    turn->session->parcel_id = turn->parcel.parcel_id;
    answer(turn, ACTION_REOPEN, SIGNAL_OK, message_text(message_of(MESSAGE_PARCEL_REOPENED), 0, turn->parcel.code));
}

static void ask_reopen(struct turn *turn)
{
    ask(turn, PENDING_REOPEN, 0, message_of(MESSAGE_PARCEL_REOPEN_WHICH));
    turn->out->signal = SIGNAL_INFO;
}

static bool is_over(const struct turn *turn)
{
    enum parcel_state state = turn->facts->scanned.parcel.parcel.state;
    return state == PARCEL_CLOSED || state == PARCEL_EMPTY;
}

static void reopen_scanned(struct turn *turn)
{
    turn->parcel = turn->facts->scanned.parcel.parcel;
    bool today = clock_day(turn->parcel.closed_at) == clock_day(turn->facts->when.now);
    if (today || turn_has_lead(turn))
        reopen(turn);
    else
        refuse_without_lead(turn, message_text(message_of(MESSAGE_PARCEL_REOPEN_LEAD), 0, turn->parcel.code));
}

/* It closed by itself and is still in hand: what else comes out of it opens it again, and is decided then. */
static bool just_closed(const struct turn *turn)
{
    return turn->parcel.parcel_id != 0 && turn->parcel.state == PARCEL_CLOSED;
}

static bool just_closed_its_slip(const struct turn *turn)
{
    return just_closed(turn) && turn_parcel(turn, turn->parcel.parcel_id)->rma_count > 0 &&
           text_equal(turn->facts->scanned.rma.rma, turn->parcel.rma) &&
           turn->facts->scanned.parcel.parcel.parcel_id == turn->parcel.parcel_id;
}

static void reopen_and_go_on(struct turn *turn)
{
    reopen(turn);
    turn->hand = HAND_PARCEL;
    run_table(turn);
    if (turn->out->action <= ACTION_REJECT || turn->out->action == ACTION_ASK)
        turn->out->action = ACTION_REOPEN;
}

const struct row close_rows[] = {
    {"not in this box", BENCH, COMMAND(OK), BIT(HAND_PARCEL), PENDING_LINE, .apply = not_in_this_box},
    {"lost", BENCH, COMMAND(LOST), BIT(HAND_PARCEL), PENDING_LINE, .apply = lost},
    {"another box comes", BENCH, COMMAND(NEXT), BIT(HAND_PARCEL), PENDING_LINE, .apply = another_box_comes},
    {"close", BENCH, COMMAND(CLOSE), BIT(HAND_PARCEL), .apply = close},
    {"reopen which", BENCH, COMMAND(REOPEN), NO_UNIT, .apply = ask_reopen},
    {"reopen", BENCH, TRIGGER_PARCEL, .hands = NO_UNIT, .asked = PENDING_REOPEN, .guard = is_over,
     .apply = reopen_scanned},
    {"slip of the box just closed", BENCH, TRIGGER_RMA, .hands = BIT(HAND_NOTHING), .guard = just_closed_its_slip,
     .apply = reopen},
    {"item of the box just closed", BENCH, TRIGGER_ITEM, .hands = BIT(HAND_NOTHING), .guard = just_closed,
     .apply = reopen_and_go_on},
    {"unknown item of the box just closed", BENCH, COMMAND(NOTIN), BIT(HAND_NOTHING), .guard = just_closed,
     .apply = reopen_and_go_on},
};
const size_t close_row_count = COUNT_OF(close_rows);
