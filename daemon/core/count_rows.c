/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of counting: one unit stands for several equal pieces without serials. COUNT and the other pieces, or their
   number by digits, or cards that add up; OK makes it the unit's quantity (10-domain §5.3, §7). */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

#define COUNTED_MAX 9999

/* Pieces that each have a number of their own are scanned one by one. */
static bool is_countable(const struct turn *turn)
{
    return turn_product(turn)->track == TRACK_NONE && turn->unit.serial[0] == '\0';
}

static bool is_counting(const struct turn *turn)
{
    return turn->session->counting != COUNTING_NOT;
}

static void show(struct turn *turn, enum counting counting, int64_t counted)
{
    if (counted > COUNTED_MAX) {
        refuse(turn, message_number(message_of(MESSAGE_COUNT_TOO_MANY), 0, COUNTED_MAX));
        return;
    }
    turn->session->counting = counting;
    turn->session->counted = counted;
    struct message message = message_number(message_of(MESSAGE_COUNT_SO_FAR), 0, counted);
    answer(turn, ACTION_DIGIT, SIGNAL_OK, message_text(message, 1, turn->unit.sku));
}

static void begin(struct turn *turn)
{
    show(turn, COUNTING_SCANS, turn->unit.qty);
}

/* The first of these cards begins the count: it says how many there are, the piece scanned among them. */
static void add_card(struct turn *turn)
{
    static const int64_t pieces[] = {
        [VERB_QUANTITY_2 - VERB_QUANTITY_2] = 2,   [VERB_QUANTITY_3 - VERB_QUANTITY_2] = 3,
        [VERB_QUANTITY_4 - VERB_QUANTITY_2] = 4,   [VERB_QUANTITY_5 - VERB_QUANTITY_2] = 5,
        [VERB_QUANTITY_10 - VERB_QUANTITY_2] = 10,
    };
    int64_t so_far = is_counting(turn) ? turn->session->counted : 0;
    show(turn, COUNTING_SCANS, so_far + pieces[turn->verb - VERB_QUANTITY_2]);
}

static bool is_one_more(const struct turn *turn)
{
    const struct product *product = &turn->facts->scanned.product;
    bool by_line = product->sku[0] == '\0' && turn->item_line != NULL;
    return is_counting(turn) && text_equal(by_line ? turn->item_line->sku : product->sku, turn->unit.sku) &&
           turn->unit.sku[0] != '\0';
}

static void add_piece(struct turn *turn)
{
    show(turn, COUNTING_SCANS, turn->session->counted + turn_pieces(turn));
}

/* The first digit begins the number anew, whatever was counted by scans. */
static void add_digit(struct turn *turn)
{
    bool goes_on = turn->session->counting == COUNTING_DIGITS;
    int64_t digit = turn->verb - VERB_DIGIT_0;
    show(turn, COUNTING_DIGITS, (goes_on ? turn->session->counted * 10 : 0) + digit);
}

static bool has_digits(const struct turn *turn)
{
    return turn->session->counting == COUNTING_DIGITS && turn->session->counted > 0;
}

static void delete_digit(struct turn *turn)
{
    show(turn, COUNTING_DIGITS, turn->session->counted / 10);
}

static void stop_counting(struct turn *turn)
{
    turn->session->counting = COUNTING_NOT;
    answer(turn, ACTION_DIGIT, SIGNAL_OK, message_number(message_of(MESSAGE_COUNT_DROPPED), 0, turn->unit.qty));
}

/* ---- OK ---- */

/* The line that the pieces count on; NULL for what is on none, or one too many on it: that has no end. */
static const struct rma_line *counted_line(const struct turn *turn)
{
    return turn->unit.problem[0] == '\0' ? turn_line(turn) : NULL;
}

/* What that line still takes, this unit's own pieces among it. */
static int64_t room(const struct turn *turn)
{
    const struct rma_line *line = counted_line(turn);
    return line == NULL ? COUNTED_MAX : line->qty - line_others(line, &turn->unit);
}

static void take_count(struct turn *turn)
{
    struct unit *unit = &turn->unit;
    const struct rma_line *line = counted_line(turn);
    int64_t counted = turn->session->counted;
    if (line != NULL && counted != unit->qty) { /* what is on no line was told as a problem, not as identified */
        int64_t others = line_others(line, unit);
        correct_identified(turn, "incorrect_data");
        unit->qty = counted;
        tell_identified(turn, others + counted, line->qty);
    }
    unit->qty = counted;
    turn->session->counting = COUNTING_NOT;
    struct message message = message_number(message_of(MESSAGE_COUNT_TAKEN), 0, counted);
    answer(turn, ACTION_COUNT_PIECES, SIGNAL_OK, message_text(message, 1, unit->sku));
    turn->out->unit = *unit;
}

/* A count that cannot be right is begun anew; nothing of it was taken. */
static void end_count(struct turn *turn)
{
    int64_t counted = turn->session->counted, most = room(turn);
    if (counted > 0 && counted <= most) {
        take_count(turn);
        return;
    }
    turn->session->counting = COUNTING_NOT;
    struct message message = message_number(message_of(MESSAGE_COUNT_WRONG), 0, counted);
    refuse(turn, message_number(message_text(message, 1, turn->unit.sku), 2, most));
}

static void finish_count(struct turn *turn)
{
    struct message message = message_number(message_of(MESSAGE_COUNT_SO_FAR), 0, turn->session->counted);
    refuse(turn, message_text(message, 1, turn->unit.sku));
}

static void one_by_one(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_COUNT_ONE_BY_ONE), 0, turn->unit.sku));
}

static void count_what(struct turn *turn)
{
    refuse(turn, message_of(MESSAGE_COUNT_WHAT));
}

#define INSPECTING BIT(HAND_INSPECTING)

/* Before all others: while a count goes on, OK, UNDO, digits and the same item belong to it. */
const struct row count_rows[] = {
    {"counted", BENCH, COMMAND(OK), INSPECTING, .guard = is_counting, .apply = end_count},
    {"last digit of the count away", BENCH, COMMAND(UNDO), INSPECTING, .guard = has_digits, .apply = delete_digit},
    {"count dropped", BENCH, COMMAND(UNDO), INSPECTING, .guard = is_counting, .apply = stop_counting},
    {"digit of the count", BENCH, TRIGGER_COMMAND, VERB_DIGIT_0, VERB_DIGIT_9, INSPECTING, .guard = is_counting,
     .apply = add_digit},
    {"one more counted", BENCH, TRIGGER_ITEM, .hands = INSPECTING, .guard = is_one_more, .apply = add_piece},
    {"grade before the count is done", BENCH, TRIGGER_COMMAND, VERB_GRADE_A, VERB_GRADE_E, INSPECTING,
     .guard = is_counting, .apply = finish_count},
    {"like before the count is done", BENCH, COMMAND(LIKE), INSPECTING, .guard = is_counting, .apply = finish_count},
    {"pieces", BENCH, TRIGGER_COMMAND, VERB_QUANTITY_2, VERB_QUANTITY_10, INSPECTING, .guard = is_countable,
     .apply = add_card},
    {"count", BENCH, COMMAND(COUNT_ITEMS), INSPECTING, .guard = is_countable, .apply = begin},
    {"pieces with serials", BENCH, TRIGGER_COMMAND, VERB_QUANTITY_2, VERB_QUANTITY_10, INSPECTING,
     .apply = one_by_one},
    {"count with serials", BENCH, COMMAND(COUNT_ITEMS), INSPECTING, .apply = one_by_one},
    {"pieces of what", BENCH, TRIGGER_COMMAND, VERB_QUANTITY_2, VERB_QUANTITY_10, BIT(HAND_PARCEL),
     .apply = count_what},
    {"count what", BENCH, COMMAND(COUNT_ITEMS), BIT(HAND_PARCEL), .apply = count_what},
};
const size_t count_row_count = COUNT_OF(count_rows);
