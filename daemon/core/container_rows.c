/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of places: totes and locations that labelled units go to, and handing a closed container over (10-domain §5.4).
 */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

static const struct container *scanned_container(const struct turn *turn)
{
    return &turn->facts->scanned.container;
}

static const char *container_code(const struct turn *turn)
{
    return turn->facts->scanned.candidates[0].value;
}

/* What it is for: by the units in it, or before the first by the ERP. */
static struct place meant_for(const struct container *container)
{
    struct place place = container->place;
    if (container->units > 0) {
        place.disposition = container->disposition;
        TEXT_COPY(place.owner, container->owner);
    }
    return place;
}

/* "{0} code: {1} disposition, {2} units" */
static struct message about(enum message_key key, const struct container *container)
{
    enum disposition disposition = container->units > 0 || container->place.disposition == DISPOSITION_NONE
                                       ? container->disposition
                                       : container->place.disposition;
    struct message message = message_text(message_of(key), 0, container->code);
    message = message_word(message, 1, "disposition", name_of(&disposition_names, (int)disposition));
    return message_number(message, 2, container->units);
}

/* ---- units into places ---- */

bool place_takes(const struct turn *turn, const struct place *place)
{
    const struct unit *unit = &turn->unit;
    return (place->disposition == DISPOSITION_NONE || place->disposition == unit->disposition) &&
           (place->owner[0] == '\0' || text_equal(place->owner, unit->owner));
}

bool container_fits(const struct turn *turn, const struct container *container)
{
    struct place now = meant_for(container);
    return container->container_id != 0 && container->state == CONTAINER_OPEN &&
           place_takes(turn, &container->place) && place_takes(turn, &now) &&
           (container->units == 0 || text_equal(container->owner, turn->unit.owner));
}

/* The unit in hand does not go there: which goods do, or whose. */
static void refuse_misfit(struct turn *turn, const char *code, const struct place *place)
{
    struct message message = message_text(message_of(MESSAGE_CONTAINER_OTHER), 0, code);
    bool is_other = place->disposition != DISPOSITION_NONE && place->disposition != turn->unit.disposition;
    const char *word = name_of(&disposition_names, (int)place->disposition);
    refuse(turn, is_other || place->owner[0] == '\0' ? message_word(message, 1, "disposition", word)
                                                     : message_text(message, 1, place->owner));
}

void put_unit(struct turn *turn, const struct container *container, const char *location)
{
    struct unit *unit = &turn->unit;
    struct stock_place to = {.status = disposition_stock(unit->disposition)};
    TEXT_COPY(to.location, container != NULL ? container->location : location); /* a tote is where it was opened */
    unit->state = container != NULL || to.location[0] != '\0' ? UNIT_DONE : UNIT_LABELLED;
    if (container != NULL) {
        turn->out->container = *container;
        turn->out->container.disposition = unit->disposition;
        TEXT_COPY(turn->out->container.owner, unit->owner);
        TEXT_COPY(to.container, container->code);
    }
    stock_move(turn, &to, false);
    if (container != NULL)
        unit_event(turn, EVENT_CONTAINER_UNIT_ADDED);
}

static bool one_waits(const struct turn *turn)
{
    return turn->facts->last_unit.unit.state == UNIT_LABELLED;
}

/* The unit labelled last, which has no place yet, goes where the worker scans. */
static void put_last(struct turn *turn, const struct container *container, const char *location)
{
    turn->unit = turn->facts->last_unit.unit;
    struct event *event = unit_event(turn, EVENT_UNIT_PUTAWAY);
    put_unit(turn, container, location);
    TEXT_COPY(event->unit.location, turn->unit.location);
    TEXT_COPY(event->unit.container, turn->unit.container);
    turn->out->unit = turn->unit;
    struct message message = message_word(message_of(MESSAGE_UNIT_CONFIRMED), 0, "disposition",
                                          name_of(&disposition_names, (int)turn->unit.disposition));
    answer(turn, ACTION_PUT_AWAY, SIGNAL_OK, message_text(message, 1, container != NULL ? container->code : location));
}

static void put_into(struct turn *turn)
{
    const struct container *container = scanned_container(turn);
    turn->unit = turn->facts->last_unit.unit;
    struct place meant = meant_for(container);
    if (container->state != CONTAINER_OPEN) {
        refuse(turn, about(MESSAGE_CONTAINER_CLOSED, container));
        return;
    }
    if (!container_fits(turn, container)) {
        refuse_misfit(turn, container->code, place_takes(turn, &container->place) ? &meant : &container->place);
        return;
    }
    turn->session->container_id = container->container_id;
    put_last(turn, container, turn->facts->rules->location);
}

static bool known_and_one_waits(const struct turn *turn)
{
    return scanned_container(turn)->container_id != 0 && one_waits(turn);
}

static void put_at(struct turn *turn)
{
    turn->unit = turn->facts->last_unit.unit;
    if (!place_takes(turn, &turn->facts->scanned.place)) {
        refuse_misfit(turn, container_code(turn), &turn->facts->scanned.place);
        return;
    }
    TEXT_COPY(turn->session->location, container_code(turn));
    put_last(turn, NULL, turn->session->location);
}

static void remember_place(struct turn *turn)
{
    TEXT_COPY(turn->session->location, container_code(turn));
    turn->session->container_id = 0;
    answer(turn, ACTION_PLACE, SIGNAL_OK, message_text(message_of(MESSAGE_PLACE_SET), 0, turn->session->location));
}

/* ---- a code that the ERP says is something else ---- */

static bool is_container_place(const struct turn *turn)
{
    return turn->facts->scanned.place.kind == PLACE_CONTAINER;
}

static void no_location(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_PLACE_NO_LOCATION), 0, container_code(turn)));
}

/* One that was opened before the ERP said so may still be closed and handed over. */
static bool is_location_place(const struct turn *turn)
{
    enum place_kind kind = turn->facts->scanned.place.kind;
    return (kind == PLACE_LOCATION || kind == PLACE_LANE) &&
           (scanned_container(turn)->container_id == 0 || turn->asked == PENDING_TOTE || one_waits(turn));
}

static void no_container(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_PLACE_NO_CONTAINER), 0, container_code(turn)));
}

/* ---- the tote at hand ---- */

static void ask_tote(struct turn *turn)
{
    ask(turn, PENDING_TOTE, 0, message_of(MESSAGE_NEXT_CONTAINER));
    turn->out->signal = SIGNAL_INFO;
}

static void take_tote(struct turn *turn)
{
    struct container *container = &turn->out->container;
    *container = *scanned_container(turn);
    if (container->container_id != 0 && container->state != CONTAINER_OPEN) {
        refuse(turn, about(MESSAGE_CONTAINER_CLOSED, container));
        *container = (struct container){0};
        return;
    }
    if (container->container_id == 0) {
        container->container_id = turn->facts->next_container_id;
        TEXT_COPY(container->code, container_code(turn));
        TEXT_COPY(container->location, turn->facts->rules->location);
        container->place = turn->facts->scanned.place;
    }
    turn->session->container_id = container->container_id;
    answer(turn, ACTION_TOTE, SIGNAL_OK, about(MESSAGE_CONTAINER_TAKEN, container));
}

static bool is_unknown(const struct turn *turn)
{
    return scanned_container(turn)->container_id == 0;
}

static void unknown_container(struct turn *turn)
{
    refuse(turn, message_text(message_of(MESSAGE_CONTAINER_UNKNOWN), 0, container_code(turn)));
}

/* A known container: the lane's tote from now on if it is open; CLOSE or TRUCK may follow. */
static void show_container(struct turn *turn)
{
    const struct container *container = scanned_container(turn);
    static const enum message_key keys[CONTAINER_STATE_COUNT] = {
        [CONTAINER_OPEN] = MESSAGE_CONTAINER_TAKEN, [CONTAINER_CLOSED] = MESSAGE_CONTAINER_CLOSED,
        [CONTAINER_RELEASED] = MESSAGE_CONTAINER_GONE};
    if (container->state == CONTAINER_OPEN)
        turn->session->container_id = container->container_id;
    ask(turn, PENDING_CONTAINER, container->container_id, about(keys[container->state], container));
    turn->out->signal = SIGNAL_INFO;
}

/* ---- closed, and handed over ---- */

static void close_container(struct turn *turn, const struct container *container)
{
    if (container->state != CONTAINER_OPEN || container->units == 0) {
        refuse(turn, about(container->units == 0 ? MESSAGE_CONTAINER_EMPTY : MESSAGE_CONTAINER_CLOSED, container));
        return;
    }
    turn->out->container = *container;
    turn->out->container.state = CONTAINER_CLOSED;
    outcome_event(turn->out, EVENT_CONTAINER_CLOSED)->container = turn->out->container;
    if (turn->session->container_id == container->container_id)
        turn->session->container_id = 0;
    answer(turn, ACTION_CLOSE_TOTE, SIGNAL_OK, about(MESSAGE_CONTAINER_CLOSED, container));
}

static void close_asked(struct turn *turn)
{
    close_container(turn, &turn->facts->asked_container);
}

static bool has_tote(const struct turn *turn)
{
    return turn->facts->hand_container.container_id != 0;
}

static void close_tote(struct turn *turn)
{
    close_container(turn, &turn->facts->hand_container);
}

static void ask_truck(struct turn *turn)
{
    ask(turn, PENDING_TRUCK, 0, message_of(MESSAGE_CONTAINER_WHICH));
    turn->out->signal = SIGNAL_INFO;
}

static void ask_receiver(struct turn *turn, const struct container *container)
{
    if (container->state != CONTAINER_CLOSED) {
        refuse(turn, about(container->state == CONTAINER_OPEN ? MESSAGE_CONTAINER_CLOSE_FIRST : MESSAGE_CONTAINER_GONE,
                           container));
        return;
    }
    ask(turn, PENDING_RECEIVER, container->container_id, about(MESSAGE_CONTAINER_RECEIVER, container));
    turn->out->signal = SIGNAL_INFO;
}

static void truck_scanned(struct turn *turn)
{
    if (is_unknown(turn))
        unknown_container(turn);
    else
        ask_receiver(turn, scanned_container(turn));
}

static void truck_asked(struct turn *turn)
{
    ask_receiver(turn, &turn->facts->asked_container);
}

static void hand_over(struct turn *turn, const char *receiver)
{
    const struct facts *facts = turn->facts;
    struct container *container = &turn->out->container;
    *container = facts->asked_container;
    container->state = CONTAINER_RELEASED;
    TEXT_COPY(container->receiver, receiver);
    struct event *event = outcome_event(turn->out, EVENT_CONTAINER_HANDED_OVER);
    event->container = *container;
    event->contents = facts->contents;
    event->content_count = facts->content_count;
    turn->out->bulk = (struct bulk){.kind = BULK_LEAVE,
                                    .units = facts->contents,
                                    .count = facts->content_count,
                                    .to = UNIT_RELEASED,
                                    .cause = facts->next_sequence};
    answer(turn, ACTION_HAND_OVER, SIGNAL_OK, about(MESSAGE_CONTAINER_HANDED_OVER, container));
}

static void hand_over_to(struct turn *turn)
{
    hand_over(turn, turn->facts->scanned.code);
}

static void hand_over_unsigned(struct turn *turn)
{
    hand_over(turn, "");
}

const struct row container_rows[] = {
    {"handed over, receiver not said", EITHER, COMMAND(OK), ANY_HAND, PENDING_RECEIVER, .apply = hand_over_unsigned},
    {"handed over at a place", EITHER, TRIGGER_LOCATION, .hands = ANY_HAND, .asked = PENDING_RECEIVER,
     .apply = hand_over_to},
    {"handed over", EITHER, TRIGGER_UNKNOWN, .hands = ANY_HAND, .asked = PENDING_RECEIVER, .apply = hand_over_to},
    {"hand over what", EITHER, COMMAND(TRUCK), NO_UNIT, PENDING_CONTAINER, .apply = truck_asked},
    {"hand over", EITHER, COMMAND(TRUCK), NO_UNIT, .apply = ask_truck},
    {"hand over this", EITHER, TRIGGER_CONTAINER, .hands = ANY_HAND, .asked = PENDING_TRUCK, .apply = truck_scanned},
    {"close this container", EITHER, COMMAND(CLOSE), NO_UNIT, PENDING_CONTAINER, .apply = close_asked},
    {"close the tote", EITHER, COMMAND(CLOSE), BIT(HAND_NOTHING), .guard = has_tote, .apply = close_tote},
    {"tote", EITHER, COMMAND(TOTE), ANY_HAND, .apply = ask_tote},
    {"no container but a location", EITHER, TRIGGER_CONTAINER, .hands = ANY_HAND, .guard = is_location_place,
     .apply = no_container},
    {"this tote", EITHER, TRIGGER_CONTAINER, .hands = ANY_HAND, .asked = PENDING_TOTE, .apply = take_tote},
    {"into a container", BENCH, TRIGGER_CONTAINER, .hands = NO_UNIT, .guard = known_and_one_waits, .apply = put_into},
    {"unknown container", EITHER, TRIGGER_CONTAINER, .hands = ANY_HAND, .guard = is_unknown,
     .apply = unknown_container},
    {"container", EITHER, TRIGGER_CONTAINER, .hands = ANY_HAND, .apply = show_container},
    {"no location but a container", EITHER, TRIGGER_LOCATION, .hands = ANY_HAND, .guard = is_container_place,
     .apply = no_location},
    {"to a location", BENCH, TRIGGER_LOCATION, .hands = NO_UNIT, .guard = one_waits, .apply = put_at},
    {"location", EITHER, TRIGGER_LOCATION, .hands = ANY_HAND, .apply = remember_place},
};
const size_t container_row_count = COUNT_OF(container_rows);
